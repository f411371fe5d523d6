"""APIs: WebSocket and HTTP ones, with everything that belongs to one of them, and the choice among all kinds."""

import re
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import AfterValidator, Discriminator, Field

from apigateway import selection
from apigateway.route_keys import HttpRouteKey, parse_websocket_route_key
from apigateway.rules import authorizers as authorizer_rules
from apigateway.rules import routes as rules
from apigateway.selection import SelectionExpression

from .api_parts import ApiParts
from .authorizers import HttpAuthorizerBlock, WebSocketAuthorizerBlock
from .base import (
    BRANCH,
    Between,
    Checked,
    Flag,
    ForEditors,
    Model,
    Name,
    Parsed,
    Shaped,
    branch,
    kind_by,
    problem,
    show,
)
from .integration_choice import HttpIntegrationBlock, WebSocketIntegrationBlock
from .integrations import HttpIntegration, WebSocketIntegration
from .one_of import OneOf
from .rest_apis import RestApi
from .routes import ApiModel, HttpRoute, ModelName, WebSocketRoute
from .stages import HttpStage, WebSocketStage
from .usage_plans import UsagePlan

_ORIGIN = re.compile(r"\*|https?://\*|[a-z][a-z0-9+.-]*://[^\s/?#*]+", re.IGNORECASE)
_SCHEME_AND_HOST = re.compile(r"(?:(?P<scheme>[a-z][a-z0-9+.-]*)://)?(?P<host>[^\s/?#*:]+\.[^\s/?#*]+)", re.IGNORECASE)


def _origin(value: str) -> str:
    if not _ORIGIN.fullmatch(value):
        near = _SCHEME_AND_HOST.match(value)
        suggestion = f"; write {near['scheme'] or 'https'}://{near['host']}" if near else ""
        message = (
            f"must be *, https://*, http://* or an origin such as https://shop.example, got {show(value)}{suggestion}"
        )
        raise problem(message, authorizer_rules.CORS_ORIGIN)
    return value


Origin = Annotated[
    str,
    AfterValidator(_origin),
    ForEditors(r"\*|[A-Za-z][A-Za-z0-9+.-]*://[^/?# ]+", "https://shop.example"),
]
CorsMethod = Annotated[
    Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "*"], OneOf(authorizer_rules.CORS_VALUE)
]
CorsHeader = Annotated[
    str, Shaped(r"\*|[A-Za-z0-9!#$%&'*+.^_`|~-]+", "the name of a header, or *", authorizer_rules.CORS_VALUE)
]


class Cors(Model):
    """Which pages of other origins a browser lets call the API; the gateway answers preflight requests by itself."""

    allow_origins: tuple[Origin, ...] = ()
    """Origins such as ``https://shop.example``, or ``*``."""

    allow_methods: tuple[CorsMethod, ...] = ()
    """Methods, or ``*``."""

    allow_headers: tuple[CorsHeader, ...] = ()
    """Headers that a request may have, or ``*``."""

    expose_headers: tuple[CorsHeader, ...] = ()
    """Headers of the answer that the page may read, or ``*``."""

    max_age: Annotated[int, Field(strict=True), Between(-1, 86_400, authorizer_rules.CORS_VALUE)] | None = None
    """Seconds that a browser keeps the answer; -1 for not at all. Left out: the browser's own."""

    allow_credentials: Flag = False
    """Whether requests may bear cookies and the like."""


WebSocketRouteKey = Annotated[
    str,
    Checked(
        parse_websocket_route_key,
        rules.WEBSOCKET_KEY,
        "$connect",
        r"\$(connect|disconnect|default)|[^$][\s\S]*",
    ),
]
HttpKey = Annotated[
    str,
    Checked(
        HttpRouteKey.parse,
        rules.HTTP_KEY,
        "GET /orders/{id}",
        r"\$default|(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|ANY) /.*",
    ),
]


class WebSocketApi(ApiParts):
    """A WebSocket API in front of private backends."""

    hints: ClassVar[dict[str, str]] = {
        "cors": "unknown key; CORS belongs to HTTP APIs",
        "webAclArn": "unknown key; AWS WAF protects REST APIs, not WebSocket APIs",
    }

    protocol: Literal["WEBSOCKET"]
    """The kind of API."""

    route_selection_expression: Annotated[
        SelectionExpression,
        Parsed(
            SelectionExpression.parse,
            SelectionExpression,
            "$request.body.action",
            rules.SELECTION,
            r"\$request\.body\.[^${}\\]+|(?:\\\$|\$\{request\.body\.[^{}]+\}|[^$])+",
        ),
    ] = Field(default_factory=lambda: SelectionExpression.parse("$request.body.action"))
    """Which part of a message names its route. Left out: ``$request.body.action``."""

    api_key_selection_expression: Annotated[
        str, Checked(selection.check_api_key_selection, rules.API_KEY, words=selection.API_KEY_SELECTIONS)
    ] = "$request.header.x-api-key"
    """Where the API key is: in the header ``x-api-key``, or ``$context.authorizer.usageIdentifierKey``."""

    stage: WebSocketStage | None = None
    """Where the API is deployed, and its limits and logs. Left out: a stage with the stack's name."""

    stages: tuple[WebSocketStage, ...] = ()
    """Several stages, instead of ``stage``."""

    authorizers: dict[Name, WebSocketAuthorizerBlock] = {}
    """Name → authorizer, for ``authorization`` of $connect."""

    models: dict[ModelName, ApiModel] = {}
    """Name → model, for ``requestModels`` of routes."""

    usage_plans: dict[Name, UsagePlan] = {}
    """Name → usage plan, of every stage."""

    integrations: dict[Name, WebSocketIntegrationBlock] = {}
    """Integrations that several routes share, by name."""

    routes: Annotated[dict[WebSocketRouteKey, WebSocketRoute], Field(json_schema_extra={"minProperties": 1})]
    """Route key → route: ``$connect``, ``$disconnect``, ``$default`` or what the selection expression yields."""

    @property
    def all_stages(self) -> tuple[WebSocketStage, ...]:
        """The stages, the first one is that of the outputs."""
        return self.stages or (self.stage or WebSocketStage(),)

    def integration_of(self, route: WebSocketRoute) -> WebSocketIntegration | None:
        """Return a route's integration, be it inline or named; None for a retired route."""
        choice = route.integration
        return self.integrations[choice] if isinstance(choice, str) else choice

    @property
    def used_integrations(self) -> tuple[WebSocketIntegration, ...]:
        """The integrations of all routes."""
        found = (self.integration_of(route) for route in self.routes.values())
        return tuple(integration for integration in found if integration)

    def stage_name(self, stack: str, stage: WebSocketStage | None = None) -> str:
        """Return a stage's name (the first one's): its own, or the stack's made legal."""
        return (stage or self.all_stages[0]).name or re.sub(r"[^A-Za-z0-9_]", "_", stack)[:128]


class HttpApi(ApiParts):
    """An HTTP API in front of private backends."""

    hints: ClassVar[dict[str, str]] = {
        "routeSelectionExpression": "unknown key; an HTTP API always selects by method and path",
        "usagePlans": "unknown key; usage plans belong to WebSocket and REST APIs",
        "models": "unknown key; models belong to WebSocket and REST APIs",
        "apiKeySelectionExpression": "unknown key; API keys belong to WebSocket and REST APIs",
        "webAclArn": "unknown key; AWS WAF protects REST APIs, not HTTP APIs",
    }

    protocol: Literal["HTTP"]
    """The kind of API."""

    cors: Cors | None = None
    """Which pages of other origins may call the API. Left out: the backends' own affair."""

    stage: HttpStage | None = None
    """Where the API is deployed, and its limits and logs. Left out: the stage ``$default``."""

    stages: tuple[HttpStage, ...] = ()
    """Several stages, instead of ``stage``."""

    authorizers: dict[Name, HttpAuthorizerBlock] = {}
    """Name → authorizer, for ``authorization`` of routes."""

    integrations: dict[Name, HttpIntegrationBlock] = {}
    """Integrations that several routes share, by name."""

    routes: Annotated[dict[HttpKey, HttpRoute], Field(json_schema_extra={"minProperties": 1})]
    """Route key (``METHOD /path`` or ``$default``) → route."""

    @property
    def all_stages(self) -> tuple[HttpStage, ...]:
        """The stages, the first one is that of the outputs."""
        return self.stages or (self.stage or HttpStage(),)

    def integration_of(self, route: HttpRoute) -> HttpIntegration:
        """Return a route's integration, be it inline or named."""
        choice = route.integration
        return self.integrations[choice] if isinstance(choice, str) else choice

    @property
    def used_integrations(self) -> tuple[HttpIntegration, ...]:
        """The integrations of all routes."""
        return tuple(self.integration_of(route) for route in self.routes.values())

    def stage_name(self, stack: str, stage: HttpStage | None = None) -> str:  # noqa: ARG002  (as of WebSocket APIs)
        """Return a stage's name (the first one's)."""
        return (stage or self.all_stages[0]).name


def _api_branch(value: object) -> str:
    protocol = value.get("protocol") if isinstance(value, dict) else getattr(value, "protocol", None)
    return BRANCH + (protocol if protocol in ("HTTP", "REST") else "WEBSOCKET")


Api: TypeAlias = Annotated[
    Annotated[WebSocketApi, branch("WEBSOCKET")]
    | Annotated[HttpApi, branch("HTTP")]
    | Annotated[RestApi, branch("REST")],
    Discriminator(_api_branch),
    kind_by("protocol", ("WEBSOCKET", "HTTP", "REST"), rules.PROTOCOL, other_names=("protocolType",)),
]
"""An API, as it is written."""
