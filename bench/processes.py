"""Processes of a measurement: each is this interpreter with one of bench's modules, and none outlives its block.

Each is in a process group of its own: Ctrl-C reaches the one that started them, which then ends them in its order.
"""

import asyncio
import subprocess
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.stacks import ROOT

STOP_SECONDS = 5.0


class BenchError(Exception):
    """A measurement that would say nothing true; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server that runs."""

    url: str
    pid: int


def run(module: str, *arguments: str, given: str = "") -> str:
    """Run a module to its end with ``given`` on standard input; return its standard output."""
    done = subprocess.run(  # noqa: S603  (our own module, in the interpreter that runs us)
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        input=given,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        process_group=0,
    )
    if done.returncode:
        raise BenchError(f"{module} {' '.join(arguments)} ended with status {done.returncode}")
    return done.stdout


@contextmanager
def serving(module: str, *arguments: str) -> Iterator[Server]:
    """Run a server while the block runs; it prints its URL.

    A server ends when its standard input is closed, and so with this process, however that ends.
    """
    process = subprocess.Popen(  # noqa: S603  (our own module, in the interpreter that runs us)
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    with process:
        try:
            url = process.stdout.readline().strip() if process.stdout else ""
            if not url:
                raise BenchError(f"{module} ended before it served")
            yield Server(url=url, pid=process.pid)
        finally:
            if process.stdin:
                process.stdin.close()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def serve(serving: Coroutine[None, None, None]) -> None:
    """Run a server to its end: every one on the event loop that ``up`` has, so that no side is faster for its own."""
    asyncio.run(serving)


async def until_told(url: str) -> None:
    """Print a server's URL for the one that started it, and return when that one closes our standard input."""
    sys.stdout.write(f"{url}\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
