import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from apigateway.arns import LambdaFunction
from local.functions.handlers import parse_handler
from local.functions.pool import Functions

ORDERS = LambdaFunction.parse("arn:aws:lambda:eu-west-1:123456789012:function:orders")

Write = Callable[..., None]
Make = Callable[..., Functions]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the handlers are."""
    return tmp_path.resolve()


@pytest.fixture
def write(folder: Path) -> Write:
    """Write a module of handlers."""

    def write_module(code: str, name: str = "app.py") -> None:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(code), encoding="utf-8")

    return write_module


@pytest.fixture
async def make(folder: Path) -> AsyncIterator[Make]:
    """Make functions of handlers in the test's folder; ``orders=app:handler`` unless told otherwise."""
    made: list[Functions] = []

    def make_functions(
        *handlers: str, environment: Mapping[str, str] | None = None, directory: Path = folder
    ) -> Functions:
        named = dict(parse_handler(handler) for handler in handlers or ["orders=app:handler"])
        made.append(Functions(named, directory, environment))
        return made[-1]

    yield make_functions
    for functions in made:
        await functions.stop()


class Meeting:
    """Where handlers say that they run, and wait until they may go on; the end of a connection is that of a process."""

    def __init__(self) -> None:
        self._arrivals: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
        self._writers: list[asyncio.StreamWriter] = []

    async def start(self) -> "Meeting":
        self._server = await asyncio.start_server(self._arrive, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def _arrive(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        await self._arrivals.put((reader, writer))

    async def guest(self) -> "Guest":
        """Wait for the next handler that comes."""
        reader, writer = await self._arrivals.get()
        pid = int(await reader.readline())
        return Guest(pid, reader, writer)

    async def stop(self) -> None:
        self._server.close()
        for writer in self._writers:
            writer.close()
        await self._server.wait_closed()


class Guest:
    """A handler that waits."""

    def __init__(self, pid: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.pid = pid
        self._reader = reader
        self._writer = writer

    def let_go(self) -> None:
        self._writer.write(b"go\n")

    async def ended(self) -> bool:
        """Wait until the handler's process is gone."""
        try:
            return await self._reader.read() == b""
        except ConnectionResetError:
            return True


@pytest.fixture
async def meeting() -> AsyncIterator[Meeting]:
    running = await Meeting().start()
    yield running
    await running.stop()


MEET = """
    import os, socket

    def handler(event, context):
        global friend
        friend = socket.create_connection(("127.0.0.1", event))
        friend.sendall(b"%d\\n" % os.getpid())
        friend.recv(3)
        return os.getpid()
    """
"""A handler that comes to the meeting at the port that is its event, and returns its process id."""
