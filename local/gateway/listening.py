"""A port that answers: aiohttp's server, set up so that requests and responses pass through it unchanged."""

import errno
import logging
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from apigateway import limits
from apigateway.errors import GatewayError
from local.gateway.replies import BAD_REQUEST, Reply, StreamedReply, reply

NextHandler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]
Handler: TypeAlias = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

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
        """The address as it stands in a URL."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    async def stop(self) -> None:
        """Close the port and what is connected to it."""
        await self.runner.cleanup()


async def listen(answer: Handler, host: str, port: int, what: str) -> Listening:
    """Serve a handler on a port, 0 for a free one; ``what`` names it in the GatewayError for a busy one."""
    if not 0 <= port <= GREATEST_PORT:
        raise GatewayError(f"port {port} for {what} is beyond {GREATEST_PORT}: give --port a smaller number")

    @web.middleware
    async def serve(request: web.Request, handler: NextHandler) -> web.StreamResponse:  # noqa: ARG001 - aiohttp's name
        return await answer(request)

    app = web.Application(middlewares=[serve], client_max_size=limits.HTTP_PAYLOAD_BYTES + 1)
    app.on_response_prepare.append(_drop_additions)
    runner = _Runner(
        app,
        access_log=None,
        auto_decompress=False,
        logger=_protocol_log,
        max_field_size=GREATEST_HEADER_LINE,
        max_headers=MOST_HEADERS,
        max_line_size=GREATEST_HEADER_LINE,
        shutdown_timeout=GRACE_SECONDS,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        if error.errno == errno.EADDRINUSE:
            message = f"port {port} for {what} is in use: give --port another number, or --port 0 for free ports"
        else:
            reason = os.strerror(error.errno) if error.errno else str(error)
            message = f"port {port} for {what} cannot be opened on {host}: {reason}: give --port another number"
        raise GatewayError(message) from error
    return Listening(runner=runner, host=host, port=runner.addresses[0][1])


async def _drop_additions(_request: web.Request, response: web.StreamResponse) -> None:
    given = response.given if isinstance(response, Reply | StreamedReply) else frozenset({"content-type"})
    for name in ("Content-Type", "Server"):
        if name.lower() not in given:
            response.headers.popall(name, None)


class _Protocol(web.RequestHandler):
    """Refuses what is no HTTP as API Gateway words it; aiohttp would explain its parser to the client."""

    __slots__ = ()

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
        refused = reply(BAD_REQUEST)
        refused.force_close()
        return refused


class _Server(web.Server):
    """Makes the protocol of each connection."""

    def __call__(self) -> web.RequestHandler:
        return _Protocol(self, loop=self._loop, **self._kwargs)


class _Runner(web.AppRunner):
    """aiohttp's, which has no setting for the protocol."""

    __slots__ = ()

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        kwargs = made._kwargs  # noqa: SLF001 - what aiohttp made of our settings
        return _Server(made.request_handler, request_factory=made.request_factory, **kwargs)


class _WithoutTraceback(logging.Filter):
    """Says in one line that a client does not speak HTTP; only a fault of our own deserves a traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], HttpProcessingError):
            record.msg = f"refused a malformed request: {record.exc_info[1].message!r}"
            record.args = ()
            record.exc_info = None
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


_protocol_log = logging.getLogger("local.gateway.protocol")
_protocol_log.addFilter(_WithoutTraceback())
