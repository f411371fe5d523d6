"""``python -m local`` in a process of its own, for tests that meet it as a user does."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.programs import ROOT

READY = "endpoints are in .local/endpoints.json; Ctrl-C stops"


async def start(project: Path, *words: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "local",
        *words,
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200", "NO_COLOR": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    status: int | None
    out: str
    err: str


async def run(project: Path, *words: str) -> Done:
    process = await start(project, *words)
    out, err = await process.communicate()
    return Done(status=process.returncode, out=out.decode(), err=err.decode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Up:
    """A running ``up``."""

    process: asyncio.subprocess.Process
    project: Path
    banner: str

    @property
    def apis(self) -> Any:  # noqa: ANN401 - JSON
        return json.loads((self.project / ".local" / "endpoints.json").read_text(encoding="utf-8"))["apis"]

    async def line(self, *parts: str) -> str:
        """Return the next line that holds all parts."""
        assert self.process.stdout is not None
        while text := (await self.process.stdout.readline()).decode():
            if all(part in text for part in parts):
                return text.rstrip("\n")
        raise AssertionError(f"no line with {parts}")


@contextlib.asynccontextmanager
async def up(project: Path, *words: str) -> AsyncIterator[Up]:
    process = await start(project, "up", "--port", "0", *words)
    try:
        assert process.stdout is not None
        banner = ""
        while READY not in banner:
            line = (await process.stdout.readline()).decode()
            assert line, await process.communicate()
            banner += line
        yield Up(process=process, project=project, banner=banner)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        await process.communicate()
