"""One HTTP/1.1 exchange with a server, over connections that are kept: what is sent is sent as it was built.

aiohttp's connector and parser do the work; its session, which would make requests of its own out of ours, costs as much
as all the rest of the gateway.
"""

import re
from asyncio import Transport
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit
from weakref import WeakSet

import aiohttp
from aiohttp import ClientRequest, ClientTimeout, TCPConnector
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from aiohttp.helpers import TimerNoop
from aiohttp.http import RawResponseMessage
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.streams import StreamReader
from yarl import URL

from apigateway.mapping.data import Pairs
from local.gateway.headers import TOKENS, safe_value

GREATEST_HEADER_LINE: Final = 128 * 1024

_WITHOUT_LENGTH: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods whose requests need not say that they have no body."""

_REPEATABLE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
"""Methods that may be sent again where a kept connection turns out to be closed (RFC 9110 §9.2.2)."""

_TARGET: Final = re.compile(r"[\x21-\x7e]+")
_NO_WAIT: Final = ClientTimeout(total=None)
_NO_TIMER: Final = TimerNoop()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A request for a backend, or for a public URL."""

    method: str
    target: str
    """Path and query, escaped; begins with ``/``."""
    headers: Pairs
    """In the order in which they are sent; ``Host`` always goes first."""
    body: bytes | None
    timeout: float
    """Seconds for the whole exchange."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What comes back: its head, and its body piece by piece."""

    head: RawResponseMessage
    body: StreamReader
    connection: Connection

    def end(self) -> None:
        """Let the connection go.

        What is left of an answer would be taken for the beginning of the next one, and what is left of a request would
        stand before the next one.
        """
        transport = self.connection.transport
        if self.body.is_eof() and transport is not None and transport.get_write_buffer_size() == 0:
            self.connection.release()
        else:
            self.connection.close()


class Client:
    """Sends requests over a pool of connections; an address that was connected to is connected to again at once."""

    def __init__(self) -> None:
        self._connector = TCPConnector(limit=0)
        self._addresses: dict[str, tuple[ClientRequest, SplitResult]] = {}
        self._kept: WeakSet[ResponseHandler] = WeakSet()
        """Those that have answered before."""

    async def send(self, base: str, request: Outgoing) -> Received:
        """Send a request below a base URL, and return the answer, which is to be ended with :meth:`Received.end`.

        Raises ``aiohttp.ClientError`` where the server is not reached or does not speak HTTP, and ``ValueError`` for
        what cannot be sent. How long it may take is the caller's to say.
        """
        address, parts = self._address(base)
        head = _head(request, parts)
        connection = await self._connector.connect(address, [], _NO_WAIT)
        repeatable = request.method in _REPEATABLE and connection.protocol in self._kept
        try:
            return await self._exchange(connection, request, head)
        except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError):
            if not repeatable:
                raise
        return await self._exchange(await self._connector.connect(address, [], _NO_WAIT), request, head)

    async def close(self) -> None:
        """Close the pool."""
        await self._connector.close()

    def _address(self, base: str) -> tuple[ClientRequest, SplitResult]:
        """Return what the connector is asked with: only where a request of it goes counts."""
        known = self._addresses.get(base)
        if known is None:
            known = self._addresses[base] = (ClientRequest("GET", URL(base)), urlsplit(base))
        return known

    async def _exchange(self, connection: Connection, request: Outgoing, head: bytes) -> Received:
        try:
            protocol, transport = _open(connection)
            protocol.set_response_params(
                timer=_NO_TIMER,
                skip_payload=request.method == "HEAD",
                read_until_eof=True,
                auto_decompress=False,
                max_line_size=GREATEST_HEADER_LINE,
                max_field_size=GREATEST_HEADER_LINE,
            )
            transport.write(head + request.body if request.body else head)
            message, payload = await protocol.read()
            while 100 <= message.code < 200 and message.code != 101:
                message, payload = await protocol.read()
        except HttpProcessingError as error:
            connection.close()
            raise aiohttp.ClientPayloadError(f"{error.message}") from error
        except BaseException:
            connection.close()
            raise
        self._kept.add(protocol)
        return Received(head=message, body=payload, connection=connection)


def _open(connection: Connection) -> tuple[ResponseHandler, Transport]:
    protocol, transport = connection.protocol, connection.transport
    if protocol is None or transport is None:
        raise aiohttp.ServerDisconnectedError
    return protocol, transport


def _head(request: Outgoing, base: SplitResult) -> bytes:
    names = "\n".join([name for name, _ in request.headers])
    target = base.path.rstrip("/") + request.target
    if not TOKENS.fullmatch(names) or not _TARGET.fullmatch(target):
        raise ValueError("a header's name, or the target, has characters that cannot be sent")
    lower = names.lower().split("\n")
    lines = [f"{request.method} {target} HTTP/1.1"]
    if "host" not in lower:
        lines.append(f"Host: {base.netloc}")
    lines += [f"{name}: {safe_value(value)}" for name, value in _sized(request, lower)]
    lines.append("\r\n")
    return "\r\n".join(lines).encode()


def _sized(request: Outgoing, lower: list[str]) -> Pairs:
    """Return the headers with the one length that is true; ``lower`` are their names."""
    if request.body is None:
        says = "content-length" in lower or request.method in _WITHOUT_LENGTH
        return request.headers if says else (*request.headers, ("Content-Length", "0"))
    length = str(len(request.body))
    lengths = [value for name, (_, value) in zip(lower, request.headers, strict=True) if name == "content-length"]
    if lengths == [length]:
        return request.headers
    return (*(pair for pair in request.headers if pair[0].lower() != "content-length"), ("Content-Length", length))
