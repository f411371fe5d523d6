"""One event of a WebSocket connection: CONNECT, MESSAGE or DISCONNECT, from its route to its line in the log."""

from dataclasses import dataclass
from http import HTTPStatus
from time import perf_counter
from typing import Literal, Self, TypeAlias, assert_never

from apigateway.mapping.data import Pairs, RequestData
from local.gateway import access_log
from local.gateway.access_log import Entry
from local.gateway.context import Client, websocket_variables
from local.gateway.headers import find
from local.gateway.upstream import Answered, Failed, Outcome, Upstream
from local.gateway.websocket_request import build_request
from local.reachability import Reached, Unreachable
from local.topology import Absorbed, Stage, WebSocketApi, WebSocketRoute

EventType: TypeAlias = Literal["CONNECT", "MESSAGE", "DISCONNECT"]

CLOSING = ("disconnectStatusCode", "disconnectReason")
"""How the connection ended: in ``$context`` of ``$disconnect``, though AWS lets no mapping read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handshake:
    """How a connection began."""

    stage: Stage
    connection_id: str
    connected_at: int
    """Milliseconds since 1970."""
    client: Client
    headers: Pairs
    query: Pairs

    def has(self, parameter: str) -> bool:
        """Tell whether a parameter such as ``route.request.querystring.authToken`` came with it."""
        location, _, name = parameter.removeprefix("route.request.").partition(".")
        if location == "header":
            return find(self.headers, name) is not None
        return any(key == name for key, _ in self.query)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event on its way."""

    api: WebSocketApi
    """As it was when the event began: a swap does not change an event that is under way."""
    handshake: Handshake
    type: EventType
    route: WebSocketRoute | None
    context: dict[str, str]
    started: float

    @classmethod
    def begin(cls, api: WebSocketApi, handshake: Handshake, kind: EventType, route_key: str | None) -> Self:
        """Begin an event that takes the API's route of this key, if there is one."""
        context = websocket_variables(
            client=handshake.client,
            api_id=api.api_id,
            stage=handshake.stage.name,
            connection_id=handshake.connection_id,
            connected_at=handshake.connected_at,
            event=kind,
            route_key=route_key or "",
        )
        return cls(
            api=api,
            handshake=handshake,
            type=kind,
            route=None if route_key is None else api.routes.get(route_key),
            context=context,
            started=perf_counter(),
        )

    @property
    def stage(self) -> Stage:
        """The stage as it is now: a swap may have changed it since the handshake."""
        return self.api.stages.get(self.handshake.stage.name, self.handshake.stage)

    @property
    def ids(self) -> dict[str, str]:
        """What an error tells the client beside its message."""
        return {"connectionId": self.handshake.connection_id, "requestId": self.context["requestId"]}

    async def send(self, route: WebSocketRoute, upstream: Upstream, body: str = "") -> Outcome:
        """Send it to the backend of a route; the handshake's headers and query can be mapped on ``$connect`` only."""
        match route.integration.reach:
            case Unreachable(reason=reason):
                return Failed(reason=reason)
            case Absorbed():
                return Answered(status=HTTPStatus.OK, headers=(), body=b"")
            case Reached(backend=backend):
                return await upstream.send(backend, build_request(route.integration, self.api.api_id, self._data(body)))
            case _:
                assert_never(route.integration.reach)

    def _data(self, body: str) -> RequestData:
        connecting = self.type == "CONNECT"
        return RequestData(
            headers=self.handshake.headers if connecting else (),
            query=self.handshake.query if connecting else (),
            path="/",
            path_parameters={},
            body=body,
            context=self.context,
            stage_variables=self.stage.variables,
        )

    def _closing(self) -> tuple[str, ...]:
        return tuple(self.context[name] for name in CLOSING if self.context.get(name))

    def log(self, status: int | None, reason: str | None = None) -> None:
        """Write its line: the status of the backend's answer, or of the gateway's where it gave one itself."""
        reach = None if self.route is None else self.route.integration.reach
        access_log.write(
            Entry(
                api=self.api.name,
                event=" ".join((self.type, self.handshake.connection_id, *self._closing())),
                route_key=None if self.route is None else self.route.key,
                status=status,
                backend=reach.backend if isinstance(reach, Reached) else None,
                seconds=perf_counter() - self.started,
                reason=reason,
            )
        )
