"""Clients that open a WebSocket, say nothing, and close it as they should; on bare sockets, many in one process."""

import asyncio
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit

from bench.backend import END
from bench.load import SWITCHED, handshake

AT_ONCE: Final = 50
"""Handshakes and goodbyes that run at the same time: fewer than a listening socket keeps waiting."""

SECONDS: Final = 10.0
"""How long one handshake or one goodbye may take."""

_CLOSE: Final = bytes((0x88, 0x82, 0, 0, 0, 0)) + (1000).to_bytes(2, "big")
"""A masked close frame with the code 1000."""


class Clients:
    """Open WebSockets to one URL; a block's end closes what is left of them."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._handshake = handshake(url)
        self._open: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def open(self, count: int) -> None:
        """Open more of them. Raises ConnectionError where one is refused."""
        for start in range(0, count, AT_ONCE):
            await asyncio.gather(*(self._shake() for _ in range(min(AT_ONCE, count - start))))

    async def close(self) -> None:
        """Say goodbye on every one, and wait for the answer."""
        while self._open:
            leaving, self._open = self._open[-AT_ONCE:], self._open[:-AT_ONCE]
            await asyncio.gather(*(_leave(*streams) for streams in leaving))

    async def cycle(self, count: int) -> None:
        """Open and close as many, some at a time."""
        for start in range(0, count, AT_ONCE):
            await self.open(min(AT_ONCE, count - start))
            await self.close()

    async def _shake(self) -> None:
        async with asyncio.timeout(SECONDS):
            reader, writer = await asyncio.open_connection(self._host, self._port, limit=1024)
            self._open.append((reader, writer))
            writer.write(self._handshake)
            answer = await reader.readuntil(END)
        if not answer.startswith(SWITCHED):
            raise ConnectionError(f"expected an open WebSocket, got {answer.decode(errors='replace')}")


async def _leave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    async with asyncio.timeout(SECONDS):
        writer.write(_CLOSE)
        await reader.read()
        writer.close()
        await writer.wait_closed()
