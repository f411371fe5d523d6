"""The load, ``python -m bench.load URL CONNECTIONS SECONDS [HEADER…]``: requests over kept connections, timed.

GETs for an ``http:`` URL, messages for a ``ws:`` URL. Each connection sends its next one when the last is answered.
Written on bare sockets, to leave the machine's cores to what is measured. An answer other than the backend's ends it.
"""

import asyncio
import json
import sys
from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Final, Self
from urllib.parse import urlsplit

from bench.backend import ANSWER, END, content_length
from bench.stacks import ROUTE

WARM_UP_SECONDS: Final = 0.3
ORDINARY_HEADERS: Final = ("Accept: application/json", "Accept-Encoding: gzip", "User-Agent: bench/1")
MESSAGE: Final = json.dumps(
    {"action": ROUTE, "room": "lobby", "text": "a message of about a hundred bytes, as many are"}
)

_HANDSHAKE: Final = (
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
)
_FINAL_TEXT: Final = 0x81
_MASKED: Final = 0x80
_LONGEST_SHORT: Final = 125
SWITCHED: Final = b"HTTP/1.1 101 "


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What a load found."""

    requests: int
    seconds: float
    warm_up_requests: int = 0
    """Those before the clock started."""
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
            self._begin(transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        self._take()

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(f"a connection that was lost: {exc}")

    def close(self) -> None:
        """Send no more."""
        transport, self._transport = self._transport, None
        if transport:
            transport.abort()

    @abstractmethod
    def _begin(self, transport: asyncio.WriteTransport) -> None:
        """Do what comes before the first request."""

    @abstractmethod
    def _take(self) -> None:
        """Weigh what is received, as soon as it is a whole answer."""

    def _send(self) -> None:
        if self._transport:
            self._received = b""
            self._sent = perf_counter()
            self._transport.write(self._request)

    def _answered(self) -> None:
        self.milliseconds.append((perf_counter() - self._sent) * 1000)
        self._send()

    def _fail(self, reason: str) -> None:
        if self._transport and not self._ended.done():
            self._ended.set_exception(ConnectionError(f"expected the backend's answer, got {reason}"))


class _Requests(_Connection):
    """Sends requests."""

    def _begin(self, transport: asyncio.WriteTransport) -> None:  # noqa: ARG002 - there is nothing before a request
        self._send()

    def _take(self) -> None:
        head, end, body = self._received.partition(END)
        if not end or len(body) < content_length((head + END).lower()):
            return
        if head.startswith(b"HTTP/1.1 200 "):
            self._answered()
        else:
            self._fail(head.decode(errors="replace"))


class _Messages(_Connection):
    """Shakes hands, then sends messages."""

    def __init__(self, handshake: bytes, request: bytes, ended: asyncio.Future[None]) -> None:
        super().__init__(request, ended)
        self._handshake = handshake
        self._is_open = False

    def _begin(self, transport: asyncio.WriteTransport) -> None:
        transport.write(self._handshake)

    def _take(self) -> None:
        if not self._is_open:
            if END not in self._received:
                return
            if not self._received.startswith(SWITCHED):
                self._fail(self._received.decode(errors="replace"))
                return
            self._is_open = True
            self._send()
        elif self._received == _ANSWER_FRAME:
            self._answered()
        elif not _ANSWER_FRAME.startswith(self._received):
            self._fail(repr(self._received))


def frame(text: bytes, *, masked: bool) -> bytes:
    """Return a short text frame; a mask of zeros leaves its text as it is."""
    if len(text) > _LONGEST_SHORT:
        raise ValueError(f"a short frame has at most {_LONGEST_SHORT} bytes, got {len(text)}")
    return bytes((_FINAL_TEXT, len(text) | (_MASKED if masked else 0))) + (bytes(4) if masked else b"") + text


_ANSWER_FRAME: Final = frame(ANSWER, masked=False)


def head(url: str, *headers: str) -> bytes:
    """Return the head of a GET."""
    parts = urlsplit(url)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    return "\r\n".join((f"GET {target} HTTP/1.1", f"Host: {parts.netloc}", *headers)).encode() + END


def handshake(url: str) -> bytes:
    """Return the request that opens a WebSocket."""
    return head(url, *_HANDSHAKE, "User-Agent: bench/1")


async def run(url: str, connections: int, seconds: float, headers: Sequence[str] = ()) -> Load:
    """Send for ``seconds``, after a warm-up that does not count."""
    loop = asyncio.get_running_loop()
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 80
    ended: asyncio.Future[None] = loop.create_future()
    make = _maker(url, headers, ended)
    opened = [(await loop.create_connection(make, host, port))[1] for _ in range(connections)]
    try:
        await asyncio.wait([ended], timeout=WARM_UP_SECONDS)
        warm_up_requests = sum(len(connection.milliseconds) for connection in opened)
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
        warm_up_requests=warm_up_requests,
        p50=times[len(times) // 2],
        p99=times[min(len(times) - 1, len(times) * 99 // 100)],
    )


def _maker(url: str, headers: Sequence[str], ended: asyncio.Future[None]) -> Callable[[], _Connection]:
    if url.startswith("ws:"):
        opening, message = handshake(url), frame(MESSAGE.encode(), masked=True)
        return lambda: _Messages(opening, message, ended)
    request = head(f"{url}/orders/7?page=2", *ORDINARY_HEADERS, *headers)
    return lambda: _Requests(request, ended)


if __name__ == "__main__":
    _, to, count, duration, *more = sys.argv
    sys.stdout.write(json.dumps(asdict(asyncio.run(run(to, int(count), float(duration), more)))))
