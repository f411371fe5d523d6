"""WebSocket APIs: the life of a connection.

    handshake ─► $connect ─► open ─► message ─► message ─► … ─► closed ─► $disconnect

Sources: "Manage connected users and client apps: $connect and $disconnect routes", "Create routes for WebSocket APIs",
"Set up a $connect route that requires a subprotocol", "WebSocket API status codes", "Disable the default endpoint".
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from aiohttp import WebSocketError, WSMessage, WSMsgType, web

from apigateway import limits
from local.gateway import replies
from local.gateway.entrance import Entrance
from local.gateway.headers import find
from local.gateway.outside import Outside
from local.gateway.replies import Fault, Reply
from local.gateway.throttling import Throttle
from local.gateway.traffic import Exchange, Traffic
from local.gateway.websocket import connections
from local.gateway.websocket.connections import (
    CLOSE_SECONDS,
    GOING_AWAY,
    LOST,
    SEND_SECONDS,
    UNSAID,
    Closing,
    Connection,
)
from local.gateway.websocket.faults import URL_TOO_LONG
from local.gateway.websocket.frames import GuardedSocket, RefusedFrameError
from local.gateway.websocket.handshake import LONGEST_URL, PROTOCOLS, Handshake, read_handshake
from local.gateway.websocket.routes import Routes
from local.topology import WebSocketApi
from local.topology.stages import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetimes:
    """How long things may take, in seconds."""

    idle: float = limits.WEBSOCKET_IDLE_SECONDS
    """A connection without a message in either direction."""
    total: float = limits.WEBSOCKET_CONNECTION_SECONDS
    """A connection, however busy."""
    unread: float = SEND_SECONDS
    """A client that does not read what it is sent."""


class WebSocketApiHandler:
    """Serves one WebSocket API; a newer version of it may be put in at any time, and open connections follow it."""

    def __init__(
        self, api: WebSocketApi, outside: Outside, throttle: Throttle, traffic: Traffic, lifetimes: Lifetimes
    ) -> None:
        self.api = api
        self.connections = connections.Connections()
        self._routes = Routes(outside, throttle, traffic)
        self._traffic = traffic
        self._lifetimes = lifetimes
        self._running: set[asyncio.Task[object]] = set()
        self._is_stopped = False

    async def handle(self, request: web.BaseRequest, entrance: Entrance | None = None) -> web.StreamResponse:
        """Answer a handshake with a connection that lasts, or an ``@connections`` call.

        The request came by a custom domain name where ``entrance`` says so.
        """
        if entrance is None and self.api.by_domain_alone:
            reason = "the API's own address is shut (disableExecuteApiEndpoint): call it by its domain"
            return self._refuse(request, replies.FORBIDDEN, reason)
        path = connections.parse_path(request.raw_path, entrance)
        if path is not None and path.stage in self.api.stages:
            return await self._manage(path, request)
        stage = self._stage(request, entrance)
        if stage is None:
            stages = ", ".join(self.api.stages) or "none"
            return self._refuse(request, replies.FORBIDDEN, f"the path names no stage (stages: {stages})")
        if len(request.raw_path) > LONGEST_URL:
            return self._refuse(request, URL_TOO_LONG, f"a URL may have {LONGEST_URL} characters and has more")
        if request.headers.get("Upgrade", "").lower() != "websocket":
            return self._refuse(request, replies.UPGRADE_REQUIRED, "not a WebSocket handshake")
        task = asyncio.current_task()
        if task is None:
            return await self._connect(request, stage)
        self._running.add(task)
        try:
            return await self._connect(request, stage)
        finally:
            self._running.discard(task)

    def _stage(self, request: web.BaseRequest, entrance: Entrance | None) -> Stage | None:
        path = request.raw_path.partition("?")[0]
        if entrance is None:
            return self.api.stages.get(path.strip("/"))
        return self.api.stages.get(entrance.stage) if entrance.path(path) == "/" else None

    async def _manage(self, path: connections.ConnectionPath, request: web.BaseRequest) -> Reply:
        exchange = Exchange(
            api=self.api.name,
            protocol="WEBSOCKET",
            event=f"{request.method} @connections {path.connection_id}",
            connection_id=path.connection_id,
            stage=path.stage,
            route_key="@connections",
        )
        answer = await connections.answer(self.connections, path, request)
        exchange.status = answer.status
        exchange.body = answer.body
        self._traffic.tell(exchange)
        return answer

    async def swap(self, api: WebSocketApi) -> None:
        """Serve a newer version; connections to a stage that is gone are closed."""
        self.api = api
        self._routes.forget()
        await self._close(connection for connection in self.connections.all() if connection.stage not in api.stages)

    async def stop(self, grace: float) -> None:
        """Close every connection and let its ``$disconnect`` run, for ``grace`` seconds at most."""
        self._is_stopped = True
        await self._close(self.connections.all())
        running = tuple(self._running)
        if running:
            _, pending = await asyncio.wait(running, timeout=grace)
            for task in pending:
                task.cancel()
            await asyncio.gather(*pending, return_exceptions=True)

    async def _close(self, closed: Iterable[Connection]) -> None:
        await asyncio.gather(*(connection.close(GOING_AWAY) for connection in closed))

    def _refuse(self, request: web.BaseRequest, fault: Fault, reason: str) -> Reply:
        self._traffic.tell(
            Exchange(
                api=self.api.name,
                protocol="WEBSOCKET",
                event=f"{request.method} {request.raw_path[:LONGEST_URL]}",
                status=fault.status,
                reason=reason,
            )
        )
        return replies.reply(fault)

    async def _connect(self, request: web.BaseRequest, stage: Stage) -> web.StreamResponse:
        handshake = read_handshake(request, self.api.api_id, stage)
        if not web.WebSocketResponse(protocols=handshake.protocols).can_prepare(request):
            return self._refuse(request, replies.BAD_REQUEST, "not a valid WebSocket handshake")
        accepted = await self._routes.connect(self.api, handshake)
        if isinstance(accepted, Reply):
            return accepted
        protocol = find(accepted, PROTOCOLS)
        socket = GuardedSocket(
            autoping=False,
            compress=False,
            max_msg_size=limits.WEBSOCKET_MESSAGE_BYTES + 1,  # the guard has refused what is beyond the limit
            protocols=() if protocol is None else (protocol,),
            timeout=CLOSE_SECONDS,
        )
        try:
            await socket.prepare(request)
        except ConnectionError:
            # The client went while its $connect ran: the backend has heard of it, and hears that it is gone.
            await self._routes.disconnect(self.api, handshake, LOST)
            return socket
        connection = Connection(
            id=handshake.connection_id,
            stage=stage.name,
            socket=socket,
            transport=request.transport,
            client=handshake.client,
            patience=self._lifetimes.unread,
        )
        self.connections.add(connection)
        expiry = connection.expire(self._lifetimes.idle, self._lifetimes.total)
        closing = LOST
        try:
            if self._is_stopped or stage.name not in self.api.stages:
                # Its $connect was still running when all others were closed.
                await connection.close(GOING_AWAY)
            closing = await self._converse(connection, handshake)
        finally:
            expiry.cancel()
            self.connections.remove(connection)
            await self._routes.disconnect(self.api, handshake, closing)
        return socket

    async def _converse(self, connection: Connection, handshake: Handshake) -> Closing:
        """Take messages until the connection ends.

        AWS does not promise that messages of one connection are worked on in their order; here the next one waits for
        the one before, because that is what surprises least.
        """
        while True:
            message = await connection.socket.receive()
            match message.type, message.data:
                case WSMsgType.TEXT, text:
                    connection.touch()
                    await self._routes.message(self.api, handshake, connection, text)
                case WSMsgType.PING, payload:
                    await connection.pong(payload)
                case WSMsgType.PONG, _:
                    pass
                case WSMsgType.ERROR, RefusedFrameError() as refused:
                    await connection.close(refused.closing)
                case _:
                    return connection.closing or _closing_of(message)


def _closing_of(message: WSMessage) -> Closing:
    match message.type, message.data:
        case WSMsgType.CLOSE, 0:
            return UNSAID
        case WSMsgType.CLOSE, code:
            return Closing(code=code, reason=message.extra or "")
        case WSMsgType.ERROR, WebSocketError() as error:
            return Closing(code=error.code, reason=str(error))
        case _:
            return LOST
