"""The embedded AWS as the gateway's process knows it: an endpoint, which answers in a process of its own."""

import asyncio
import json
import logging
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Self

from apigateway.errors import GatewayError
from local.aws.aws_resources import ACCOUNT_ID, AwsResource
from local.aws.wire import write_resources

logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS: Final = 60.0
STOP_SECONDS: Final = 2.0
LONGEST_LINE: Final = 16 * 1024 * 1024
"""Bytes of a line that the process says: one may tell of many resources, or of all that moto had in its hands."""

_SETTINGS: Final = {
    "MOTO_ACCOUNT_ID": ACCOUNT_ID,  # whatever credentials a client has
    "MOTO_ALLOW_NONEXISTENT_REGION": "true",  # a stack may name a Region that moto has not heard of
    "MOTO_DISABLE_GLOBAL_CORS": "true",  # no web page is to read the answers
}


class EmbeddedAws:
    """The services of AWS on this machine."""

    def __init__(self, process: Process) -> None:
        self.endpoint = ""
        """Where clients reach every service: ``http://127.0.0.1:…``."""
        self._process = process
        self._one_at_a_time = asyncio.Lock()
        self._complaints: deque[str] = deque(maxlen=1)
        self._listener = asyncio.create_task(self._listen())

    @classmethod
    async def start(cls, host: str = "127.0.0.1", port: int = 0) -> Self:
        """Start the process, and wait until it answers. Raises GatewayError where it does not."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-W", "ignore", "-m", "local.aws", host, str(port)),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            limit=LONGEST_LINE,
            env=_environment(),
            start_new_session=True,  # a Ctrl-C in the terminal is the gateway's to answer
        )
        served = cls(process)
        try:
            async with asyncio.timeout(START_SECONDS):
                line = await _answer(process)
        except TimeoutError:
            await served.stop()
            raise GatewayError(f"the embedded AWS did not answer within {START_SECONDS:g} s") from None
        except BaseException:
            await served.stop()
            raise
        if not line:
            await served.stop()
            place = f" on {_authority(host, port)}" if port else ""
            raise GatewayError(f"the embedded AWS cannot start{place}: {served.last_words}")
        served.endpoint = f"http://{_authority(host, json.loads(line))}"
        return served

    @property
    def last_words(self) -> str:
        """What the process said last."""
        return self._complaints[-1] if self._complaints else "it ended without a word"

    async def provide(self, needed: Iterable[AwsResource]) -> None:
        """Make what is not there yet. Raises GatewayError with what could not be made."""
        resources = sorted(set(needed), key=repr)
        if not resources:
            return
        line = await asyncio.shield(self._ask(write_resources(resources)))  # the answer must not be left for the next
        if not line:
            raise GatewayError(f"the embedded AWS has ended: {self.last_words}")
        problems: list[str] = json.loads(line)
        if problems:
            raise GatewayError("\n".join(f"the embedded AWS cannot make {problem}" for problem in problems))

    async def _ask(self, question: str) -> bytes:
        """Return the process's answer; none where it has ended."""
        async with self._one_at_a_time:
            stdin = self._process.stdin
            assert stdin is not None  # noqa: S101  (it is a pipe)
            try:
                stdin.write(question.encode() + b"\n")
                await stdin.drain()
                return await _answer(self._process)
            except (BrokenPipeError, ConnectionResetError):
                return b""

    async def stop(self) -> None:
        """End the process, with everything in it."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        await self._listener

    async def _listen(self) -> None:
        """Pass on what the process complains of, line by line; before it answers, that is the start's to tell."""
        assert self._process.stderr is not None  # noqa: S101  (it is a pipe)
        async for line in self._process.stderr:
            text = line.decode(errors="replace").rstrip()
            self._complaints.append(text)
            if self.endpoint:
                logger.warning("%s", text)


async def _answer(process: Process) -> bytes:
    """Return the next line of the process; none where it has ended."""
    assert process.stdout is not None  # noqa: S101  (it is a pipe)
    return await process.stdout.readline()


def _authority(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _environment() -> dict[str, str]:
    """Return this process's environment, without what would change the answers of moto or the clients in it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MOTO_", "SF_"))}
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**kept, **_SETTINGS, "PYTHONPATH": os.pathsep.join(paths)}
