"""A request to an HTTP API: what arrived, its stage and its route, and who calls.

Source: "Create routes for HTTP APIs" (URL-encoded parameters are decoded for integrations).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import unquote

from apigateway.json_path import JsonValue
from apigateway.mapping.data import Pairs, RequestData
from local.gateway.context import Client
from local.gateway.entrance import Entrance
from local.topology import HttpApi
from local.topology.http import HttpRoute
from local.topology.stages import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """What a client sent, but for the body."""

    method: str
    path: str
    """All of it, not decoded."""
    query: str
    """As it was sent."""
    headers: Pairs
    """Those of the connection alone are gone before anything is mapped: a client's ``Connection`` must not take away
    what a mapping adds."""
    client: Client
    address: tuple[str, int]
    """The gateway's own, by which it was called."""
    request_id: str
    at: float
    """Seconds since 1970."""
    entrance: Entrance | None
    """The custom domain name that it came by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anonymous:
    """Nobody was asked who calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """The caller has a token."""

    claims: Mapping[str, str]
    scopes: tuple[str, ...] | None
    """None where the route asks for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consented:
    """A function lets the caller in, and says this of it."""

    context: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """The caller signed the request."""

    key_id: str


Caller = Anonymous | Bearer | Consented | Signed


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """A request whose stage and route are known."""

    api: HttpApi
    arrived: Arrived
    stage: Stage
    route: HttpRoute
    data: RequestData
    """What mappings read of it."""
    caller: Caller = Anonymous()

    @property
    def decoded(self) -> RequestData:
        """The same as integrations are given it in headers, queries and a service's parameters.

        API Gateway decodes what the path has; a path that is made of it stays as the client wrote it.
        """
        if "%" not in self.arrived.path:
            return self.data
        data = self.data
        return replace(
            data,
            path=unquote(data.path),
            path_parameters={name: unquote(value) for name, value in data.path_parameters.items()},
            context={**data.context, "path": unquote(self.arrived.path)},
        )

    @property
    def staged_path(self) -> str:
        """The path with a stage's name before it where it has one, whichever way the request came; not decoded."""
        path = self.data.path
        return path if self.stage.name == "$default" else f"/{self.stage.name}{path}"

    @property
    def arn(self) -> str:
        """What is called: ``arn:aws:execute-api:us-east-1:123456789012:orders/dev/GET/pets``."""
        return f"{self.api.execution_arn}/{self.stage.name}/{self.arrived.method}{self.data.path}"
