"""The load, ``python -m bench.load URL CONNECTIONS SECONDS [HEADER…]``: GETs over kept connections, timed.

Each connection sends its next request when the last is answered. Written on bare sockets, to leave the machine's
cores to what is measured. A status other than 200 ends it.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Final, Self
from urllib.parse import urlsplit

WARM_UP_SECONDS: Final = 0.3
ORDINARY_HEADERS: Final = ("Accept: application/json", "Accept-Encoding: gzip", "User-Agent: bench/1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What a load found."""

    requests: int
    seconds: float
    p50: float
    """Milliseconds that half of the requests took at most."""
    p99: float
    """Milliseconds."""

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what the process printed."""
        return cls(**json.loads(text))


class _Connection(asyncio.Protocol):
    """Sends, and measures each answer."""

    def __init__(self, request: bytes, ended: asyncio.Future[None]) -> None:
        self.milliseconds: list[float] = []
        self._request = request
        self._ended = ended
        self._received = b""
        self._sent = 0.0
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.WriteTransport):
            self._transport = transport
            self._send()

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end or len(body) < _length(head):
            return
        self.milliseconds.append((perf_counter() - self._sent) * 1000)
        self._received = b""
        if head.startswith(b"HTTP/1.1 200 "):
            self._send()
        else:
            self._fail(head.decode(errors="replace"))

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(f"the connection was lost: {exc}")

    def close(self) -> None:
        """Send no more."""
        transport, self._transport = self._transport, None
        if transport:
            transport.abort()

    def _send(self) -> None:
        if self._transport:
            self._sent = perf_counter()
            self._transport.write(self._request)

    def _fail(self, reason: str) -> None:
        if self._transport and not self._ended.done():
            self._ended.set_exception(ConnectionError(f"expected status 200, got {reason}"))


def _length(head: bytes) -> int:
    _, _, after = head.lower().partition(b"\r\ncontent-length:")
    return int(after.partition(b"\r\n")[0])


async def run(url: str, connections: int, seconds: float, headers: Sequence[str] = ()) -> Load:
    """Send for ``seconds``, after a warm-up that does not count."""
    loop = asyncio.get_running_loop()
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 80
    lines = ("GET /orders/7?page=2 HTTP/1.1", f"Host: {parts.netloc}", *ORDINARY_HEADERS, *headers)
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    ended: asyncio.Future[None] = loop.create_future()
    opened = [
        (await loop.create_connection(lambda: _Connection(request, ended), host, port))[1] for _ in range(connections)
    ]
    try:
        await asyncio.wait([ended], timeout=WARM_UP_SECONDS)
        for connection in opened:
            connection.milliseconds.clear()
        started = perf_counter()
        await asyncio.wait([ended], timeout=seconds)
        took = perf_counter() - started
        if ended.done():
            ended.result()
        times = sorted(time for connection in opened for time in connection.milliseconds)
    finally:
        for connection in opened:
            connection.close()
    return Load(
        requests=len(times),
        seconds=took,
        p50=times[len(times) // 2],
        p99=times[min(len(times) - 1, len(times) * 99 // 100)],
    )


if __name__ == "__main__":
    _, to, count, duration, *more = sys.argv
    sys.stdout.write(json.dumps(asdict(asyncio.run(run(to, int(count), float(duration), more)))))
