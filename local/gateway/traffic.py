"""What goes through the gateway: every request and every event of a connection, told when it ends.

A handler makes an :class:`Exchange` when something arrives, fills it in on the way, and tells :class:`Traffic` of it at
the end. Whoever looks (the log, the terminal, the console) makes of it what it shows.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter, time
from typing import Literal, TypeAlias

from apigateway.json_path import JsonValue
from apigateway.mapping.data import Explained, Pairs, RequestData
from local.gateway.client import Outgoing
from local.gateway.upstream import Answered

log = logging.getLogger(__name__)

Protocol: TypeAlias = Literal["HTTP", "REST", "WEBSOCKET"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoked:
    """What a function was given."""

    function: str
    """Its name."""
    event: JsonValue


@dataclass(slots=True, kw_only=True, eq=False)
class Exchange:
    """One request, or one event of a connection, from its arrival to its end."""

    api: str
    protocol: Protocol
    event: str
    """``GET /orders/7``, or an event and its connection: ``MESSAGE Sz9ABcdefghijk=``."""
    connection_id: str | None = None
    at: float = field(default_factory=time)
    """When it arrived, in seconds since 1970."""
    started: float = field(default_factory=perf_counter)
    """The same by the clock that measures."""
    stage: str | None = None
    route_key: str | None = None
    request: RequestData | None = None
    """What the client sent, as the mappings read it."""
    explain_request: Callable[[], tuple[Explained, ...]] | None = None
    """Says what each mapping of the request came to; asked only when somebody looks."""
    target: str | None = None
    """Who was asked: the name of a backend or of a function, a service, the origin of a URL."""
    sent: Outgoing | Invoked | None = None
    """What the integration was given."""
    answered: Answered | None = None
    """What the integration answered; for a function its result as JSON."""
    answered_status: int | None = None
    """The status that the integration answered with."""
    answered_seconds: float | None = None
    """How long the integration took."""
    explain_response: Callable[[], tuple[Explained, ...]] | None = None
    status: int | None = None
    """What the client got, or for an event of a connection what the integration answered; None where nobody did."""
    headers: Pairs = ()
    """What the client got; none for an event of a connection."""
    body: bytes = b""
    """What the client got; for an event of a connection the frame that went back."""
    reason: str | None = None
    """Why it did not end well."""
    notes: list[str] = field(default_factory=list)
    """What is worth a look though it ends nothing."""
    seconds: float = 0
    """How long it took, once it has ended."""


Watcher: TypeAlias = Callable[[Exchange], None]


class Traffic:
    """Tells those who look of every exchange that has ended."""

    def __init__(self) -> None:
        self._watchers: list[Watcher] = []

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Tell ``watcher`` from now on; what is returned ends it."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    def tell(self, exchange: Exchange) -> None:
        """Tell of an exchange that has ended."""
        exchange.seconds = perf_counter() - exchange.started
        for watcher in self._watchers:
            try:
                watcher(exchange)
            except Exception:
                log.exception("one who watches the traffic failed")
