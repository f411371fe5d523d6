"""What the recording amounts to: APIs with their stages, routes and integrations, and where each integration leads.

    recording ─► reading.build_topology ─► Topology ─► gateway

The modules of this package are what is served, in types; :mod:`local.topology.reading` makes it of a recording.
"""

from dataclasses import dataclass
from typing import TypeAlias

from local.topology.domains import Domain
from local.topology.http import HttpApi
from local.topology.rest import RestApi
from local.topology.websocket import WebSocketApi

__all__ = ["Api", "HttpApi", "RestApi", "Topology", "WebSocketApi"]

Api: TypeAlias = HttpApi | WebSocketApi | RestApi


@dataclass(frozen=True, slots=True, kw_only=True)
class Topology:
    """Everything that the gateway serves."""

    http_apis: tuple[HttpApi, ...]
    """By name."""
    websocket_apis: tuple[WebSocketApi, ...]
    """By name."""
    backends: tuple[str, ...]
    """The names of the stack's backends, those that no integration uses included."""
    rest_apis: tuple[RestApi, ...] = ()
    """By name."""
    domains: tuple[Domain, ...] = ()
    """By name."""

    @property
    def apis(self) -> tuple[Api, ...]:
        """All of them: HTTP APIs, WebSocket APIs, REST APIs."""
        return (*self.http_apis, *self.websocket_apis, *self.rest_apis)
