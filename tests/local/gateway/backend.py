"""A backend on a real socket: keeps the bytes that reached it, and answers what a test wants."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Self

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A request as it stood on the wire."""

    method: str
    target: str
    headers: Pairs
    body: bytes

    def header(self, name: str) -> str:
        """Return the value of a header by its exact name."""
        (value,) = [value for key, value in self.headers if key == name]
        return value

    @property
    def names(self) -> list[str]:
        """The names of the headers as they were spelled."""
        return [name for name, _ in self.headers]


def response(status: int = 200, *headers: tuple[str, str], body: bytes = b"") -> bytes:
    """Print a response; its length is added unless it is given."""
    lines = [f"HTTP/1.1 {status} Status", *(f"{name}: {value}" for name, value in headers)]
    if not any(name.lower() in {"content-length", "transfer-encoding"} for name, _ in headers) and status != 204:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass(slots=True, kw_only=True)
class Backend:
    """Answers 200 without a body unless ``answers`` holds something; ``on_request`` runs before the answer."""

    server: asyncio.Server | None = None
    url: str = ""
    received: asyncio.Queue[Received] = field(default_factory=asyncio.Queue)
    answers: deque[bytes] = field(default_factory=deque)
    on_request: Callable[[Received], Awaitable[None]] | None = None
    writers: set[asyncio.StreamWriter] = field(default_factory=set)

    async def start(self) -> Self:
        """Listen on a free port."""
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self.server.sockets[0].getsockname()[1]}"
        return self

    async def next(self) -> Received:
        """Return the next request, waiting for it."""
        return await asyncio.wait_for(self.received.get(), 5)

    async def stop(self) -> None:
        """Close the port and every connection."""
        assert self.server is not None
        self.server.close()
        for writer in list(self.writers):
            writer.close()
        await self.server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.add(writer)
        try:
            while head := await self._head(reader):
                request = await self._request(head, reader)
                await self.received.put(request)
                if self.on_request is not None:
                    await self.on_request(request)
                writer.write(self.answers.popleft() if self.answers else response())
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            self.writers.discard(writer)
            writer.close()

    async def _head(self, reader: asyncio.StreamReader) -> str:
        try:
            return (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        except asyncio.IncompleteReadError:
            return ""

    async def _request(self, head: str, reader: asyncio.StreamReader) -> Received:
        first, *lines = head.strip().split("\r\n")
        method, target, _ = first.split(" ")
        headers = tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines))
        length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
        return Received(method=method, target=target, headers=headers, body=await reader.readexactly(length))
