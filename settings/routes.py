"""Routes of WebSocket and HTTP APIs: what is done with which messages or requests, and who may send them."""

from typing import Annotated, ClassVar

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from apigateway import models, selection
from apigateway.rules import routes as rules

from .base import Checked, Flag, Model, Shaped, Text, refuse
from .integration_choice import HttpIntegrationChoice, WebSocketIntegrationChoice

RouteParameterKey = Annotated[
    str,
    Shaped(
        r"route\.request\.(querystring|header)\.[a-zA-Z0-9._$-]+",
        "route.request.header.NAME or route.request.querystring.NAME",
        rules.PARAMETER,
    ),
]


class RouteParameter(Model):
    """A header or query string that a route reads."""

    required: Flag = False
    """Whether the handshake is refused without it."""


def _schema(value: dict[str, object]) -> dict[str, object]:
    refuse("schema", models.check_model_schema(value), rules.MODEL, value)
    return value


class ApiModel(Model):
    """The shape of a message, as a JSON schema."""

    content_type: Annotated[
        str, Shaped(r"[\w.+-]+/[\w.+*-]+", "a content type such as application/json", rules.MODEL)
    ] = "application/json"
    """The content type that the model is for."""

    schema_: Annotated[dict[str, object], AfterValidator(_schema), Field(alias="schema")]
    """A JSON schema, draft 4."""

    description: Annotated[str, StringConstraints(max_length=1024)] | None = None
    """A note for those who read the API in AWS."""


ModelName = Annotated[str, Checked(models.check_model_name, rules.MODEL, "order", r"[A-Za-z0-9]{1,128}")]


_TARGET = {"target": "unknown key; write integration, with a name under integrations or the integration itself"}


class Route(Model):
    """What the routes of every kind of API share."""

    hints: ClassVar[dict[str, str]] = _TARGET

    authorization: Annotated[Text, Field(examples=["NONE", "AWS_IAM"])] = "NONE"
    """Who may call the route: NONE (everybody), AWS_IAM (callers that sign, and that a policy allows), or the name of
    an authorizer of this API."""

    operation_name: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None
    """A name for generated clients and documentation."""


class WebSocketRoute(Route):
    """What happens to one kind of message."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"required": ["integration"]},
                {"required": ["retired"], "properties": {"retired": {"const": True}}},
            ]
        }
    )

    hints: ClassVar[dict[str, str]] = {
        **_TARGET,
        "authorizationScopes": "unknown key; scopes belong to JWT authorizers of HTTP APIs",
        "routeResponseSelectionExpression": "unknown key; write routeResponse: true",
    }

    integration: WebSocketIntegrationChoice | None = None
    """The name of an integration under ``integrations``, or one written here. Required but for a retired route."""

    request_parameters: dict[RouteParameterKey, RouteParameter] = {}
    """Declarations of what mappings read from the handshake; those you leave out are made for you."""

    request_models: dict[Text, ModelName] = {}
    """Key (``$default`` or what ``modelSelectionExpression`` yields) → name of a model under ``models``; a message that
    does not fit is refused."""

    model_selection_expression: (
        Annotated[str, Checked(selection.check_model_selection, rules.MODEL_SELECTION, "${request.body.kind}")] | None
    ) = None
    """Which model a message is held to. Left out: ``$default``."""

    api_key_required: Flag = False
    """Whether a connection is opened with an API key of a usage plan only ($connect)."""

    route_response: Flag = False
    """Whether the backend's answer is sent back to the client."""

    retired: Flag = False
    """Whether the route only stands there until its removal is deployed: it leads nowhere, so that the VPC link of a
    backend that nothing else uses can go. See docs/deployments.md."""


class HttpRoute(Route):
    """What happens to the requests that match one route key."""

    hints: ClassVar[dict[str, str]] = {
        **_TARGET,
        "routeResponse": "unknown key; an HTTP API always answers",
        "apiKeyRequired": "unknown key; API keys belong to WebSocket and REST APIs",
        "requestModels": "unknown key; models belong to WebSocket and REST APIs",
        "modelSelectionExpression": "unknown key; models belong to WebSocket and REST APIs",
        "requestParameters": "unknown key; an HTTP API's route declares no parameters, its integration maps them",
        "retired": "unknown key; take the route of an HTTP API out of the file",
    }

    integration: HttpIntegrationChoice
    """The name of an integration under ``integrations``, or one written here."""

    authorization_scopes: tuple[Text, ...] = ()
    """With a JWT authorizer: the token bears at least one of these."""
