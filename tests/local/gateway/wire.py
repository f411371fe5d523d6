"""Bytes on real sockets: APIs of every kind that answers over HTTP, clients and backends that no library would be."""

import asyncio
import io
import logging
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urlsplit

import pytest

from local.gateway.traffic import Exchange
from local.topology.calls import PublicCall
from tests.local.gateway.http import apis as http_apis
from tests.local.gateway.rest import apis as rest_apis
from tests.local.recordings import NLB_LISTENER, program

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Act = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

HTTP_BY_NLB: Final = "HTTP API, network balancer"
HTTP_BY_ALB: Final = "HTTP API, application balancer"
HTTP_PUBLIC: Final = "HTTP API, public URL"
REST_PRIVATE: Final = "REST API, link"
REST_PUBLIC: Final = "REST API, public URL"
REST_STREAMED: Final = "REST API, streamed"
KINDS: Final = (HTTP_BY_NLB, HTTP_BY_ALB, HTTP_PUBLIC, REST_PRIVATE, REST_PUBLIC, REST_STREAMED)

SECONDS: Final = 10
"""After which a test that waits for what never comes fails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One API with one backend."""

    port: int
    path: str
    """Of the only route: below it everything is the backend's."""
    exchanges: list[Exchange]
    """What the gateway told of each request."""

    async def connect(self) -> Streams:
        """Open a connection."""
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def send(self, *pieces: bytes) -> bytes:
        """Send bytes as they are, each piece in a segment of its own, and return all that comes back."""
        reader, writer = await self.connect()
        for piece in pieces:
            writer.write(piece)
            with suppress(ConnectionError):
                await writer.drain()
        try:
            return await asyncio.wait_for(reader.read(), SECONDS)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def get(self, below: str = "") -> tuple[int, bytes]:
        """Send a sound request, and return the status and the body."""
        return parsed(await self.send(self.request("GET", below)))

    def request(self, method: str, below: str = "", *lines: str, body: bytes = b"") -> bytes:
        """Print a request whose connection ends with it."""
        length = (f"Content-Length: {len(body)}",) if body else ()
        head = (f"{method} {self.path}{below} HTTP/1.1", "Host: h", "Connection: close", *lines, *length, "", "")
        return "\r\n".join(head).encode("latin-1") + body


def parsed(answer: bytes) -> tuple[int, bytes]:
    """Return the status and the body of a single answer; a chunked one is put together."""
    head, _, body = answer.partition(b"\r\n\r\n")
    if b"transfer-encoding: chunked" in head.lower():
        whole, rest = io.BytesIO(), body
        while rest:
            size, _, rest = rest.partition(b"\r\n")
            whole.write(rest[: int(size, 16)])
            rest = rest[int(size, 16) + 2 :]
        body = whole.getvalue()
    return int(head.split(b" ")[1]), body


@asynccontextmanager
async def serving(kind: str, url: str, timeout: float = SECONDS) -> AsyncIterator[Served]:  # noqa: ASYNC109
    """Serve an API of a kind whose backend is at a URL and may take so many seconds."""
    if kind in {REST_PRIVATE, REST_PUBLIC, REST_STREAMED}:
        made = rest_apis.proxy(None if kind == REST_PRIVATE else PublicCall(uri=f"{url}/{{proxy}}"))
        made = replace(made, timeout=timeout, streams=kind == REST_STREAMED)
        async with rest_apis.served(rest_apis.api(made), url) as rest:
            yield Served(port=urlsplit(rest.base).port or 0, path="/dev/x", exchanges=rest.exchanges)
        return
    recorded = program()
    inputs = http_apis.to_url(f"{url}/{{proxy}}") if kind == HTTP_PUBLIC else {}
    recorded.http_route(
        recorded.http_api(), "ANY /{proxy+}", None, **inputs, timeoutMilliseconds=max(50, int(timeout * 1000))
    )
    if kind == HTTP_BY_NLB:
        recorded.change("orders ANY /{proxy+} integration", integrationUri=NLB_LISTENER)
        recorded.change("chat-balancer", securityGroups=[])
        recorded.rule("egress", "link-to-chat", "sg-link", cidrIpv4="10.20.0.0/16")
        recorded.change("link-to-chat", fromPort=80.0, toPort=80.0)
    async with http_apis.served(recorded, {"orders": url, "chat": url}) as http:
        yield Served(port=http.port, path="/x", exchanges=http.told)


@dataclass(kw_only=True)
class Wild:
    """A backend that does with each connection what a test says, once a request has come."""

    url: str = ""
    heads: list[bytes] = field(default_factory=list)
    """What has arrived, without bodies."""
    gone: asyncio.Queue[None] = field(default_factory=asyncio.Queue)
    """One for each connection that has ended."""


@asynccontextmanager
async def wild(act: Act) -> AsyncIterator[Wild]:
    """Run a backend; a connection is closed when ``act`` returns."""
    made = Wild()
    running: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        try:
            while True:
                made.heads.append(await reader.readuntil(b"\r\n\r\n"))
                await act(reader, writer)
                if writer.is_closing():
                    break
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            running.discard(task)
            made.gone.put_nowait(None)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield made
    finally:
        server.close()
        for task in list(running):
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await server.wait_closed()


def saying(*pieces: bytes) -> Act:
    """Return a backend that writes these bytes and closes the connection."""

    async def act(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        writer.close()

    return act


async def resetting(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Reset the connection."""
    reset(writer)


async def hanging(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Answer nothing until the other side goes."""
    await reader.read()
    raise ConnectionError


def reset(writer: asyncio.StreamWriter) -> None:
    """End a connection with RST."""
    found: socket.socket = writer.get_extra_info("socket")
    found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def check_log(caplog: pytest.LogCaptureFixture) -> None:
    """Hold what was logged while a test ran against the rule: no traceback and no error, from whomever."""
    bad = [record for record in caplog.get_records("call") if record.exc_info or record.levelno >= logging.ERROR]
    assert [(record.name, record.getMessage(), record.exc_info) for record in bad] == []


async def until(condition: Callable[[], object]) -> None:
    """Let the other side go on until something is so."""
    async with asyncio.timeout(SECONDS):
        while not condition():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0)
