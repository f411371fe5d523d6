"""APIs: WebSocket and HTTP, their routes and integrations."""

import re
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Discriminator, Field, StringConstraints, ValidationError
from pydantic_core import InitErrorDetails

from apigateway.route_keys import HttpRouteKey, parse_websocket_route_key
from apigateway.selection import SelectionExpression

from .base import BRANCH, Checked, Flag, Model, Name, Parsed, Shaped, branch, problem, show
from .integrations import HttpIntegration, HttpIntegrationChoice, WebSocketIntegration, WebSocketIntegrationChoice
from .stages import HttpStage, WebSocketStage

RouteParameterKey = Annotated[
    str,
    Shaped(
        r"route\.request\.(querystring|header)\.[a-zA-Z0-9._$-]+",
        "route.request.header.NAME or route.request.querystring.NAME",
    ),
]


class RouteParameter(Model):
    """A header or query string that a route reads."""

    required: Flag = False
    """Whether the handshake is refused without it."""


class _Route(Model):
    authorization: Literal["NONE"] = "NONE"
    """Who may call the route: everybody."""

    operation_name: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None
    """A name for generated clients and documentation."""


class WebSocketRoute(_Route):
    """What happens to one kind of message."""

    integration: WebSocketIntegrationChoice
    """The name of an integration under ``integrations``, or one written here."""

    request_parameters: dict[RouteParameterKey, RouteParameter] = {}
    """Declarations of what mappings read from the handshake; those you leave out are made for you."""

    route_response: Flag = False
    """Whether the backend's answer is sent back to the client."""


class HttpRoute(_Route):
    """What happens to the requests that match one route key."""

    hints: ClassVar[dict[str, str]] = {"routeResponse": "unknown key; an HTTP API always answers"}

    integration: HttpIntegrationChoice
    """The name of an integration under ``integrations``, or one written here."""


class WebSocketApi(Model):
    """A WebSocket API in front of private backends."""

    hints: ClassVar[dict[str, str]] = {"cors": "unknown key; CORS belongs to HTTP APIs"}

    protocol: Literal["WEBSOCKET"]
    """The kind of API."""

    route_selection_expression: Annotated[
        SelectionExpression, Parsed(SelectionExpression.parse, SelectionExpression, "$request.body.action")
    ] = Field(default_factory=lambda: SelectionExpression.parse("$request.body.action"))
    """Which part of a message names its route. Left out: ``$request.body.action``."""

    stage: WebSocketStage = WebSocketStage()
    """Where the API is deployed, and its limits and logs."""

    integrations: dict[Name, WebSocketIntegration] = {}
    """Integrations that several routes share, by name."""

    routes: dict[Annotated[str, Checked(parse_websocket_route_key)], WebSocketRoute]
    """Route key → route: ``$connect``, ``$disconnect``, ``$default`` or what the selection expression yields."""

    def integration_of(self, route: WebSocketRoute) -> WebSocketIntegration:
        """Return a route's integration, be it inline or named."""
        choice = route.integration
        return self.integrations[choice] if isinstance(choice, str) else choice

    def stage_name(self, stack: str) -> str:
        """Return the stage's name: its own, or the stack's made legal."""
        return self.stage.name or re.sub(r"[^A-Za-z0-9_]", "_", stack)[:128]


class HttpApi(Model):
    """An HTTP API in front of private backends."""

    hints: ClassVar[dict[str, str]] = {
        "routeSelectionExpression": "unknown key; an HTTP API always selects by method and path"
    }

    protocol: Literal["HTTP"]
    """The kind of API."""

    stage: HttpStage = HttpStage()
    """Where the API is deployed, and its limits and logs."""

    integrations: dict[Name, HttpIntegration] = {}
    """Integrations that several routes share, by name."""

    routes: dict[Annotated[str, Checked(HttpRouteKey.parse)], HttpRoute]
    """Route key (``METHOD /path`` or ``$default``) → route."""

    def integration_of(self, route: HttpRoute) -> HttpIntegration:
        """Return a route's integration, be it inline or named."""
        choice = route.integration
        return self.integrations[choice] if isinstance(choice, str) else choice

    def stage_name(self, stack: str) -> str:  # noqa: ARG002  (the stack's name matters to WebSocket APIs)
        """Return the stage's name."""
        return self.stage.name


def _has_protocol(value: object) -> object:
    """Name the protocol's own place when it is missing or unknown: nothing else of the API can be judged then."""
    if isinstance(value, dict) and value.get("protocol") not in ("WEBSOCKET", "HTTP"):
        given = f", got {show(value['protocol'])}" if "protocol" in value else ""
        error = problem(f"must be WEBSOCKET or HTTP{given}")
        detail = InitErrorDetails(type=error, loc=("protocol",), input=value.get("protocol"))
        raise ValidationError.from_exception_data("Api", [detail])
    return value


def _api_branch(value: object) -> str:
    protocol = value.get("protocol") if isinstance(value, dict) else getattr(value, "protocol", None)
    return BRANCH + ("HTTP" if protocol == "HTTP" else "WEBSOCKET")


Api = Annotated[
    Annotated[WebSocketApi, branch("WEBSOCKET")] | Annotated[HttpApi, branch("HTTP")],
    Discriminator(_api_branch),
    BeforeValidator(_has_protocol),
]
