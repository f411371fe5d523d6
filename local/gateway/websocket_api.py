"""WebSocket APIs: the life of a connection.

    handshake ─► $connect ─► open ─► message ─► message ─► … ─► closed ─► $disconnect

Sources: "Manage connected users and client apps: $connect and $disconnect routes", "Create routes for WebSocket APIs",
"Set up a $connect route that requires a subprotocol", "WebSocket API status codes".
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from time import monotonic, perf_counter
from typing import assert_never

from aiohttp import WebSocketError, WSCloseCode, WSMessage, WSMsgType, web

from apigateway import limits
from apigateway.mapping.data import Pairs
from apigateway.route_keys import choose_websocket_route
from local.gateway import access_log, connections, replies
from local.gateway.access_log import Entry
from local.gateway.connections import GOING_AWAY, LOST, Closing, Connection, Connections
from local.gateway.context import client_of, milliseconds, new_id
from local.gateway.headers import find, parse_query, read_pairs
from local.gateway.replies import Fault, Reply
from local.gateway.throttling import Throttle
from local.gateway.upstream import Answered, Failed, TimedOut, Upstream
from local.gateway.websocket_events import CLOSING, Event, Handshake
from local.topology import Stage, WebSocketApi

LARGEST_BUFFERED_MESSAGE = 16 * 1024 * 1024
"""aiohttp drops the connection above this, unlike API Gateway, which says 1009: so the limit is checked here."""

CLOSE_SECONDS = 1.0
"""How long a client may take to answer a close frame."""

NO_STATUS = 1005
"""The code of a close frame that has none (RFC 6455 §7.1.5)."""

BINARY = Closing(code=WSCloseCode.UNSUPPORTED_DATA, reason="Binary messages are not supported")
TOO_BIG = Closing(code=WSCloseCode.MESSAGE_TOO_BIG, reason="Message too long")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetimes:
    """How long a connection may stay open, in seconds."""

    idle: float = limits.WEBSOCKET_IDLE_SECONDS
    """Without a message in either direction."""
    total: float = limits.WEBSOCKET_CONNECTION_SECONDS


class WebSocketApiHandler:
    """Serves one WebSocket API; a newer version of it may be put in at any time, and open connections follow it."""

    def __init__(self, api: WebSocketApi, upstream: Upstream, throttle: Throttle, lifetimes: Lifetimes) -> None:
        self.api = api
        self.connections = Connections()
        self._upstream = upstream
        self._throttle = throttle
        self._lifetimes = lifetimes
        self._running: set[asyncio.Task[object]] = set()

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a handshake with a connection that lasts, or an ``@connections`` call."""
        path = connections.parse_path(request.raw_path)
        if path is not None and path.stage in self.api.stages:
            return await self._manage(path, request)
        stage = self.api.stages.get(request.raw_path.partition("?")[0].strip("/"))
        if stage is None:
            stages = ", ".join(self.api.stages) or "none"
            return self._refuse(request, replies.FORBIDDEN, f"the path names no stage (stages: {stages})")
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

    async def _manage(self, path: connections.ConnectionPath, request: web.BaseRequest) -> Reply:
        started = perf_counter()
        answer = await connections.answer(self.connections, path, request)
        access_log.write(
            Entry(
                api=self.api.name,
                event=f"{request.method} @connections {path.connection_id}",
                route_key="@connections",
                status=answer.status,
                backend=None,
                seconds=perf_counter() - started,
                reason=None,
            )
        )
        return answer

    async def swap(self, api: WebSocketApi) -> None:
        """Serve a newer version; connections to a stage that is gone are closed."""
        self.api = api
        await self._close(connection for connection in self.connections.all() if connection.stage not in api.stages)

    async def stop(self, grace: float) -> None:
        """Close every connection and let its ``$disconnect`` run, for ``grace`` seconds at most."""
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
        event = f"{request.method} {request.raw_path}"
        api = self.api.name
        access_log.write(
            Entry(api=api, event=event, route_key=None, status=fault.status, backend=None, seconds=0, reason=reason)
        )
        return replies.reply(fault)

    async def _connect(self, request: web.BaseRequest, stage: Stage) -> web.StreamResponse:
        headers = read_pairs(request.raw_headers)
        handshake = Handshake(
            stage=stage,
            connection_id=new_id(),
            connected_at=milliseconds(),
            client=client_of(request, headers),
            headers=headers,
            query=parse_query(request.raw_path.partition("?")[2]),
        )
        if not web.WebSocketResponse(protocols=_offered(headers)).can_prepare(request):
            return self._refuse(request, replies.BAD_REQUEST, "not a valid WebSocket handshake")
        accepted = await self._ask_backend(handshake)
        if isinstance(accepted, Reply):
            return accepted
        protocol = find(accepted, "sec-websocket-protocol")
        socket = web.WebSocketResponse(
            protocols=() if protocol is None else (protocol,),
            compress=False,
            max_msg_size=LARGEST_BUFFERED_MESSAGE,
            timeout=CLOSE_SECONDS,
        )
        try:
            await socket.prepare(request)
        except ConnectionError:
            # The client went while its $connect ran: the backend has heard of it, and hears that it is gone.
            await self._disconnect(handshake, LOST)
            return socket
        connection = Connection(id=handshake.connection_id, stage=stage.name, socket=socket, client=handshake.client)
        self.connections.add(connection)
        closing = LOST
        try:
            closing = await self._converse(connection, handshake)
        finally:
            self.connections.remove(connection)
            await self._disconnect(handshake, closing)
        return socket

    async def _ask_backend(self, handshake: Handshake) -> Pairs | Reply:
        """Run ``$connect``: the headers of the backend's answer, or a refusal. Without the route all are welcome."""
        event = Event.begin(self.api, handshake, "CONNECT", "$connect")
        if reason := self._throttled(event, "$connect"):
            event.log(replies.TOO_MANY_REQUESTS.status, reason)
            return replies.reply(replies.TOO_MANY_REQUESTS, fields=event.ids)
        if event.route is None:
            event.log(HTTPStatus.SWITCHING_PROTOCOLS)
            return ()
        missing = [parameter for parameter in event.route.required if not handshake.has(parameter)]
        if missing:
            fault = replies.missing_parameters([parameter.rpartition(".")[2] for parameter in missing])
            event.log(fault.status, f"missing: {', '.join(missing)}")
            return replies.reply(fault, fields=event.ids)
        outcome = await event.send(event.route, self._upstream)
        match outcome:
            case Answered() if HTTPStatus.OK <= outcome.status < HTTPStatus.MULTIPLE_CHOICES:
                event.log(outcome.status, _unanswered_protocol(handshake.headers, outcome.headers))
                return outcome.headers
            case Answered():
                fault, reason = replies.refused(outcome.status), "the backend refused the connection"
            case TimedOut() | Failed():
                fault, reason = replies.INTERNAL_SERVER_ERROR, outcome.reason
            case _:
                assert_never(outcome)
        event.log(fault.status, reason)
        return replies.reply(fault, fields=event.ids)

    async def _converse(self, connection: Connection, handshake: Handshake) -> Closing:
        """Take messages until the connection ends.

        AWS does not promise that messages of one connection are worked on in their order; here the next one waits for
        the one before, because that is what surprises least.
        """
        while True:
            now = monotonic()
            left = min(connection.active + self._lifetimes.idle, connection.born + self._lifetimes.total) - now
            if left <= 0:
                await connection.close(GOING_AWAY)
                return GOING_AWAY
            try:
                message = await connection.socket.receive(timeout=left)
            except TimeoutError:
                continue
            match message.type:
                case WSMsgType.TEXT if len(message.data.encode()) > limits.WEBSOCKET_MESSAGE_BYTES:
                    await connection.close(TOO_BIG)
                case WSMsgType.TEXT:
                    connection.touch()
                    await self._message(connection, handshake, message.data)
                case WSMsgType.BINARY:
                    await connection.close(BINARY)
                case _:
                    return connection.closing or _closing_of(message)

    async def _message(self, connection: Connection, handshake: Handshake, text: str) -> None:
        api = self.api
        selected = api.selection.evaluate(text)
        key = choose_websocket_route(api.routes.keys(), "$default" if selected is None else selected)
        event = Event.begin(api, handshake, "MESSAGE", key)
        if event.route is None:
            event.log(replies.FORBIDDEN.status, _unrouted(api, selected))
            await connection.send(replies.fault_body(replies.FORBIDDEN, event.ids))
            return
        if reason := self._throttled(event, event.route.key):
            event.log(replies.TOO_MANY_REQUESTS.status, reason)
            await connection.send(replies.fault_body(replies.TOO_MANY_REQUESTS, event.ids))
            return
        outcome = await event.send(event.route, self._upstream, text)
        match outcome:
            case Answered() if not event.route.two_way or not outcome.body:
                event.log(outcome.status)
            case Answered() if len(outcome.body) <= limits.WEBSOCKET_MESSAGE_BYTES:
                event.log(outcome.status)
                await connection.send(outcome.body.decode("utf-8", "replace"))
            case Answered():
                event.log(outcome.status, f"the answer is larger than {limits.WEBSOCKET_MESSAGE_BYTES} bytes")
                await connection.send(replies.fault_body(replies.INTERNAL_SERVER_ERROR, event.ids))
            case TimedOut() | Failed():
                event.log(None, outcome.reason)
                await connection.send(replies.fault_body(replies.INTERNAL_SERVER_ERROR, event.ids))
            case _:
                assert_never(outcome)

    def _throttled(self, event: Event, key: str) -> str | None:
        """Take a token for an event; where there is none, say why. ``$connect`` has its limit without a route, too."""
        return self._throttle.refusal(event.stage.limits.of(key), event.stage.name, key)

    async def _disconnect(self, handshake: Handshake, closing: Closing) -> None:
        """Run ``$disconnect``, which is not throttled: nobody is there any longer to see how it ends."""
        event = Event.begin(self.api, handshake, "DISCONNECT", "$disconnect")
        event.context.update(zip(CLOSING, (str(closing.code), closing.reason), strict=True))
        if event.route is None:
            event.log(None)
            return
        outcome = await event.send(event.route, self._upstream)
        match outcome:
            case Answered():
                event.log(outcome.status)
            case TimedOut() | Failed():
                event.log(None, outcome.reason)
            case _:
                assert_never(outcome)


def _offered(headers: Pairs) -> list[str]:
    return [item.strip() for item in (find(headers, "sec-websocket-protocol") or "").split(",")]


def _unanswered_protocol(request: Pairs, response: Pairs) -> str | None:
    chosen = find(response, "sec-websocket-protocol")
    offered = _offered(request)
    if offered == [""] or chosen in offered:
        return None
    answered = "none" if chosen is None else f'"{chosen}"'
    return (
        f"the client offers the sub-protocols {', '.join(offered)} and the backend chose {answered} in its header "
        "Sec-WebSocket-Protocol, so the client will give up"
    )


def _unrouted(api: WebSocketApi, selected: str | None) -> str:
    got = "the message is not JSON" if selected is None else f'{api.selection} gave "{selected}"'
    return f"no route and no $default: {got} (routes: {', '.join(api.routes) or 'none'})"


def _closing_of(message: WSMessage) -> Closing:
    match message.type, message.data:
        case WSMsgType.CLOSE, code:
            return Closing(code=code or NO_STATUS, reason=message.extra or "")
        case WSMsgType.ERROR, WebSocketError() as error:
            return Closing(code=error.code, reason=str(error))
        case _:
            return LOST
