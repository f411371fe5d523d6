"""A port that answers: aiohttp's server, set up so that requests and responses pass through it unchanged."""

import asyncio
import errno
import logging
import os
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from aiohttp import EMPTY_PAYLOAD, StreamReader, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import HttpVersion11, RawRequestMessage
from aiohttp.http_exceptions import HttpProcessingError, LineTooLong

from apigateway import limits
from apigateway.errors import GatewayError
from local.gateway.replies import BAD_REQUEST, HEADERS_TOO_LARGE, StreamedReply, reply

Handler: TypeAlias = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

_WEBSOCKET = frozenset({"content-type"})
_OWN = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - it is the user who asks for it
GREATEST_PORT = 65535
GREATEST_HEADER_LINE = 128 * 1024
"""Far beyond what API Gateway allows, so that its own limit is what a client meets."""

MOST_HEADERS = 4096
GRACE_SECONDS = 2.0
"""How long requests in flight may take when a port is closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """An open port."""

    runner: web.BaseRunner
    host: str
    port: int

    @property
    def authority(self) -> str:
        """The address as it stands in a URL; for all addresses of this machine, the one that is always there."""
        own = _OWN.get(self.host, self.host)
        host = f"[{own}]" if ":" in own else own
        return f"{host}:{self.port}"

    async def stop(self) -> None:
        """Close the port and what is connected to it."""
        await self.runner.cleanup()


async def listen(answer: Handler, host: str, port: int, what: str) -> Listening:
    """Serve a handler on a port, 0 for a free one; ``what`` names it in the GatewayError for a busy one."""
    if not 0 <= port <= GREATEST_PORT:
        raise GatewayError(f"port {port} for {what} is beyond {GREATEST_PORT}: give --port a smaller number")

    runner = web.ServerRunner(_Server(partial(_served, answer)), shutdown_timeout=GRACE_SECONDS)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        if error.errno == errno.EADDRINUSE:
            message = f"port {port} for {what} is in use: give --port another number, or --port 0 for free ports"
        else:
            reason = os.strerror(error.errno) if error.errno else str(error)
            is_host = error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror)
            advice = "give --host an address of this machine" if is_host else "give --port another number"
            message = f"port {port} for {what} cannot be opened on {host}: {reason}: {advice}"
        raise GatewayError(message) from error
    return Listening(runner=runner, host=host, port=runner.addresses[0][1])


async def _served(answer: Handler, request: web.BaseRequest) -> web.StreamResponse:
    if request.headers.get("Expect", "").lower() == "100-continue" and request.version >= HttpVersion11:
        with suppress(ConnectionError):  # a client that is gone
            await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0
    return await answer(request)


class _Request(web.BaseRequest):
    """A request whose answer bears the headers that it was given, and none that aiohttp adds."""

    ATTRS = web.BaseRequest.ATTRS

    async def _prepare_hook(self, response: web.StreamResponse) -> None:
        given = response.given if isinstance(response, StreamedReply) else _WEBSOCKET
        for name in ("Content-Type", "Server"):
            if name.lower() not in given:
                response.headers.popall(name, None)


class _Protocol(web.RequestHandler):
    """Refuses what is no HTTP as API Gateway words it; aiohttp would explain its parser to the client."""

    __slots__ = ("_body",)

    _body: StreamReader

    def begin(self, body: StreamReader) -> None:
        """Note the body of the request that is answered from now on."""
        self._body = body
        if self._messages:
            self._break_off()

    def data_received(self, data: bytes) -> None:
        """Take what a client sent."""
        super().data_received(data)
        if self._messages:
            self._break_off()

    def _break_off(self) -> None:
        """End a body that goes on in what is no HTTP, and the connection with it.

        Only an error can follow on a body that is not at its end; whoever reads the body would wait for the rest.
        """
        if self._body.is_eof():
            return
        self._messages.clear()
        self._body.set_exception(web.RequestPayloadError("it is malformed"))
        self._body.feed_eof()
        self.close()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        answer = super().handle_error(request, status, exc, message)
        if not isinstance(exc, HttpProcessingError):
            return answer
        refused = reply(HEADERS_TOO_LARGE if isinstance(exc, LineTooLong) else BAD_REQUEST)
        refused.force_close()
        return refused


class _Server(web.Server):
    """aiohttp's plainest server: an application of its would look for a route with every request."""

    def __init__(self, answer: Handler) -> None:
        super().__init__(answer, request_factory=self._request)

    def __call__(self) -> web.RequestHandler:
        protocol = _Protocol(
            self,
            loop=asyncio.get_running_loop(),
            access_log=_NO_LOG,
            auto_decompress=False,
            logger=_protocol_log,
            max_field_size=GREATEST_HEADER_LINE,
            max_headers=MOST_HEADERS,
            max_line_size=GREATEST_HEADER_LINE,
        )
        protocol.begin(EMPTY_PAYLOAD)
        return protocol

    def _request(
        self,
        message: RawRequestMessage,
        payload: StreamReader,
        protocol: web.RequestHandler,
        writer: AbstractStreamWriter,
        task: "asyncio.Task[None]",
    ) -> web.BaseRequest:
        if isinstance(protocol, _Protocol):
            protocol.begin(payload)
        loop, size = asyncio.get_running_loop(), limits.HTTP_PAYLOAD_BYTES + 1
        return _Request(message, payload, protocol, writer, task, loop, client_max_size=size)


class _WithoutTraceback(logging.Filter):
    """Says in one line that a client does not speak HTTP; only a fault of our own deserves a traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], HttpProcessingError):
            record.msg = f"refused a malformed request: {record.exc_info[1].message!r}"
            record.args = ()
            record.exc_info = None
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


_NO_LOG = logging.getLogger("local.gateway.not_used")
_NO_LOG.disabled = True
"""For aiohttp's own line of each request: the gateway tells more."""

_protocol_log = logging.getLogger("local.gateway.protocol")
_protocol_log.addFilter(_WithoutTraceback())
