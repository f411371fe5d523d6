"""Routes of REST APIs: a method on a resource, what it declares, who may call it, and what it does."""

from typing import Annotated, ClassVar

from apigateway import gateway_responses, status_patterns
from apigateway.mapping.variables import PARAMETER
from apigateway.rest_resources import RestRouteKey
from apigateway.rest_templates import check_content_type
from apigateway.rules import rest as rules

from .base import Checked, Flag, Model, Shaped, Text
from .integration_choice import RestIntegrationChoice
from .integrations import Template
from .routes import ModelName, Route, RouteParameter
from .yaml_quotes import keeping_quotes

MethodParameterKey = Annotated[
    str,
    Shaped(
        rf"method\.request\.(path|querystring|header)\.{PARAMETER}",
        "method.request.header.NAME, method.request.querystring.NAME or method.request.path.NAME",
        rules.PARAMETER,
        "method.request.header.tenant",
    ),
]
ResponseHeaderKey = Annotated[
    str,
    Shaped(
        rf"method\.response\.header\.{PARAMETER}",
        "method.response.header.NAME",
        rules.RESPONSE_PARAMETER,
        "method.response.header.etag",
    ),
]
ContentType = Annotated[str, Checked(check_content_type, rules.TEMPLATE_KEY, "application/json", r"[^/\s;]+/[^/\s;]+")]
SingleStatus = Annotated[str, Checked(status_patterns.check_single_status, rules.STATUS, "200", "[1-5][0-9][0-9]")]
RestKey = Annotated[
    str,
    Checked(
        RestRouteKey.parse,
        rules.KEY,
        "GET /pets/{petId}",
        r"(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|ANY) /.*",
    ),
]


class MethodResponse(Model):
    """What a method declares of one of its answers, by status code."""

    response_parameters: dict[ResponseHeaderKey, Flag] = {}
    """Header of the answer → whether it is always there. Those that the integration writes are declared for you."""

    response_models: dict[ContentType, ModelName] = {}
    """Content type → name of a model under ``models``; for generated clients and documentation."""


class RestRoute(Route):
    """What happens to the requests that match one route key."""

    hints: ClassVar[dict[str, str]] = {
        **Route.hints,
        "routeResponse": "unknown key; a REST API always answers",
        "modelSelectionExpression": "unknown key; the model of a REST API is that of the request's content type",
        "requestValidatorId": "unknown key; what is required, and what has a model, is validated",
        "requestValidator": "unknown key; what is required, and what has a model, is validated",
        "retired": "unknown key; take the route of a REST API out of the file",
    }

    integration: RestIntegrationChoice
    """The name of an integration under ``integrations``, or one written here."""

    authorization_scopes: tuple[Text, ...] = ()
    """With a Cognito authorizer: the access token bears at least one of these."""

    request_parameters: dict[MethodParameterKey, RouteParameter] = {}
    """Declarations of headers, query strings and path variables; what mappings read is declared for you. A request
    without one that is required is answered 400."""

    request_models: dict[ContentType, ModelName] = {}
    """Content type → name of a model under ``models``; a body that does not fit is answered 400."""

    api_key_required: Flag = False
    """Whether a request needs an API key of a usage plan."""

    method_responses: dict[SingleStatus, MethodResponse] = {}
    """Status code → what is declared of the answer. Those of the integration's responses are declared for you."""


GatewayParameterKey = Annotated[
    str,
    Checked(
        gateway_responses.check_response_parameter,
        rules.GATEWAY_RESPONSE,
        "gatewayresponse.header.Access-Control-Allow-Origin",
        rf"gatewayresponse\.header\.{PARAMETER}",
    ),
]
GatewayValue = Annotated[
    str,
    Checked(
        keeping_quotes(gateway_responses.check_response_value), rules.GATEWAY_RESPONSE, "context.error.responseType"
    ),
]
GatewayResponseType = Annotated[
    str,
    Checked(
        gateway_responses.check_response_type, rules.GATEWAY_RESPONSE, words=tuple(gateway_responses.DEFAULT_STATUS)
    ),
]


class GatewayResponse(Model):
    """How API Gateway words an answer of its own."""

    hints: ClassVar[dict[str, str]] = {"responseType": "unknown key; the type is the key under which it stands"}

    status_code: SingleStatus | None = None
    """Left out: the type's own."""

    response_parameters: dict[GatewayParameterKey, GatewayValue] = {}
    """``gatewayresponse.header.NAME`` → ``'text'``, ``method.request.header.NAME``, ``context.NAME`` or the like."""

    response_templates: dict[ContentType, Template] = {}
    """Content type → the body, of text and variables."""
