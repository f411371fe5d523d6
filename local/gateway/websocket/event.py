"""One event of a WebSocket connection: CONNECT, MESSAGE or DISCONNECT, from its route to its line in the log."""

from dataclasses import dataclass
from time import time
from typing import Final, Literal, Self, TypeAlias

from apigateway.mapping.data import RequestData
from apigateway.route_keys import choose_websocket_route
from local.gateway.traffic import Exchange, Traffic
from local.gateway.websocket.connections import Closing
from local.gateway.websocket.context import EventContext
from local.gateway.websocket.handshake import Handshake
from local.topology import WebSocketApi
from local.topology.stages import Stage
from local.topology.websocket import WebSocketRoute

EventType: TypeAlias = Literal["CONNECT", "MESSAGE", "DISCONNECT"]

CLOSING: Final = ("disconnectStatusCode", "disconnectReason")
"""How the connection ended: in ``$context`` of ``$disconnect``, though AWS lets no mapping read it."""


@dataclass(slots=True, kw_only=True, eq=False)
class Event:
    """An event on its way."""

    api: WebSocketApi
    """As it was when the event began: a swap does not change an event that is under way."""
    handshake: Handshake
    stage: Stage
    """As it was then, too."""
    type: EventType
    context: EventContext
    data: RequestData
    """What mappings and templates read: the handshake's headers and query on ``$connect``, a message's body."""
    exchange: Exchange
    route: WebSocketRoute | None = None
    """A message has none until it is chosen, which may fail as all else that is done with what a client sent."""

    @classmethod
    def connect(cls, api: WebSocketApi, handshake: Handshake) -> Self:
        """Begin the event of a handshake."""
        event = cls._begin(api, handshake, "CONNECT", "")
        event.take_route("$connect")
        return event

    @classmethod
    def message(cls, api: WebSocketApi, handshake: Handshake, text: str) -> Self:
        """Begin the event of a message."""
        return cls._begin(api, handshake, "MESSAGE", text)

    @classmethod
    def disconnect(cls, api: WebSocketApi, handshake: Handshake, closing: Closing) -> Self:
        """Begin the event of a connection that has ended."""
        event = cls._begin(api, handshake, "DISCONNECT", "")
        event.take_route("$disconnect")
        ending = (str(closing.code), closing.reason)
        event.context.learn(dict(zip(CLOSING, ending, strict=True)))
        event.exchange.event = " ".join([event.exchange.event, *filter(None, ending)])
        return event

    @classmethod
    def _begin(cls, api: WebSocketApi, handshake: Handshake, kind: EventType, body: str) -> Self:
        stage = api.stages.get(handshake.stage.name, handshake.stage)
        at = time()
        context = EventContext(handshake.known, event=kind, at=at)
        data = RequestData(
            headers=handshake.headers if kind == "CONNECT" else (),
            query=handshake.query if kind == "CONNECT" else (),
            path="/",
            path_parameters={},
            body=body,
            context=context,
            stage_variables=stage.variables,
        )
        exchange = Exchange(
            api=api.name,
            protocol="WEBSOCKET",
            event=f"{kind} {handshake.connection_id}",
            connection_id=handshake.connection_id,
            at=at,
            stage=stage.name,
            request=data,
        )
        return cls(
            api=api,
            handshake=handshake,
            stage=stage,
            type=kind,
            context=context,
            data=data,
            exchange=exchange,
        )

    def select_route(self) -> WebSocketRoute | None:
        """Choose the route of a message by what it says."""
        selected = self.api.selection.evaluate(self.data.document)
        key = choose_websocket_route(self.api.routes.keys(), "$default" if selected is None else selected)
        self.take_route(key)
        return self.route

    def take_route(self, key: str | None) -> None:
        """Go by the route of a key, if there is one."""
        self.context.learn({"routeKey": key or ""})
        self.route = None if key is None else self.api.routes.get(key)
        self.exchange.route_key = None if self.route is None else key

    @property
    def ids(self) -> dict[str, str]:
        """What an error tells the client beside its message."""
        return {"connectionId": self.handshake.connection_id, "requestId": self.context["requestId"]}

    @property
    def unrouted(self) -> str:
        """Say why no route takes a message."""
        selected = self.api.selection.evaluate(self.data.document)
        got = "the message is not JSON" if selected is None else f'{self.api.selection} gave "{selected}"'
        return f"no route and no $default: {got} (routes: {', '.join(self.api.routes) or 'none'})"

    def learn(self, known: dict[str, str]) -> None:
        """Add what is found out about the caller to ``$context``, of this event and of all that follow."""
        self.handshake.known.update(known)
        self.context.learn(known)

    def end(self, traffic: Traffic, status: int | None, reason: str | None = None) -> None:
        """Tell of it: the status of the integration's answer, or of the gateway's where it gave one itself."""
        self.exchange.status, self.exchange.reason = status, reason
        traffic.tell(self.exchange)
