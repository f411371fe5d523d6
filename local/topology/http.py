"""What a recorded HTTP API amounts to: its stages, routes, integrations and CORS, ready to be served."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from apigateway.mapping import http
from apigateway.mapping.template import Template
from apigateway.route_keys import HttpRouteKey
from local.topology.apis import BaseApi
from local.topology.authorization import OPEN, HttpAuthorization
from local.topology.calls import FunctionCall, ListenerCall, PublicCall


@dataclass(frozen=True, slots=True, kw_only=True)
class SubtypeCall:
    """An action of an AWS service by its integration subtype, with its parameters."""

    subtype: str
    """``SQS-SendMessage`` and the like: a key of ``SERVICE_INTEGRATIONS``."""
    parameters: Mapping[str, Template]


HttpCall: TypeAlias = ListenerCall | PublicCall | FunctionCall | SubtypeCall


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpIntegration:
    """What a route does. The request mapping is empty for a function and for a service."""

    id: str
    method: str
    """Of the request to a server; ``ANY`` stands for the client's own. Empty for a function and for a service."""
    call: HttpCall
    request: http.RequestMapping
    response: http.ResponseMapping
    timeout: float
    """Seconds."""
    payload_format: Literal["1.0", "2.0"] = "1.0"
    """What a function's event looks like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRoute:
    """A route of an HTTP API."""

    key: HttpRouteKey
    integration: HttpIntegration
    authorization: HttpAuthorization = OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Cors:
    """The origins that may read answers in a browser, and what they may send."""

    allow_origins: tuple[str, ...]
    allow_methods: tuple[str, ...]
    allow_headers: tuple[str, ...]
    expose_headers: tuple[str, ...]
    max_age: int | None
    """Seconds."""
    allow_credentials: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpApi(BaseApi):
    """An HTTP API with all that its stages serve."""

    routes: Mapping[HttpRouteKey, HttpRoute]
    cors: Cors | None = None
