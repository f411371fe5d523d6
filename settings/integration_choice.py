"""Which kind an integration of the stack file is: by its type, and by what it leads to.

An integration is written at its route, or named there and written under ``integrations``.
"""

from collections.abc import Mapping
from typing import Annotated, Final, TypeAlias

from pydantic import BeforeValidator, Discriminator, ValidationError, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import ErrorDetails, InitErrorDetails

from apigateway.rules import RULES, stack_file
from apigateway.rules import integrations as rules

from .base import BRANCH, Name, branch, kind_by, problem
from .integrations import (
    HttpLambdaIntegration,
    HttpPrivateIntegration,
    HttpPublicIntegration,
    HttpServiceIntegration,
    WebSocketAwsIntegration,
    WebSocketLambdaIntegration,
    WebSocketMockIntegration,
    WebSocketPrivateHttpIntegration,
    WebSocketPrivateProxyIntegration,
    WebSocketPublicHttpIntegration,
    WebSocketPublicProxyIntegration,
)
from .rest_integrations import (
    RestAwsIntegration,
    RestLambdaIntegration,
    RestMockIntegration,
    RestPrivateHttpIntegration,
    RestPrivateProxyIntegration,
    RestPublicHttpIntegration,
    RestPublicProxyIntegration,
)

_HTTP_TYPES = ("HTTP_PROXY", "AWS_PROXY")
_WEBSOCKET_TYPES = ("HTTP_PROXY", "HTTP", "AWS_PROXY", "AWS", "MOCK")
_REST_TYPES = ("HTTP", "HTTP_PROXY", "AWS", "AWS_PROXY", "MOCK")
"""Those of WebSocket APIs, in the order in which a message lists them for REST APIs."""


def _elsewhere(given: object) -> str:
    return ", which belongs to WebSocket and REST APIs" if given in _WEBSOCKET_TYPES else ""


def _of_type(types: tuple[str, ...]) -> BeforeValidator:
    return kind_by("integrationType", types, rules.TYPE, _elsewhere, other_names=("type",))


def _one_target(value: object, kind: ValidatorFunctionWrapHandler) -> object:
    """Answer an integration without a target, or with two, by the rule about them."""
    try:
        return kind(value)
    except ValidationError as failure:
        details = [_detail(error, value) for error in failure.errors()]
        raise ValidationError.from_exception_data(failure.title, details) from None


def _detail(error: ErrorDetails, block: object) -> InitErrorDetails:
    key, message, rule = error["loc"][-1], error["msg"], RULES[error["type"]]
    if key == "backend" and rule is stack_file.REQUIRED_KEY:
        rule = rules.TARGET
    elif key == "integrationUri" and rule is rules.PROPERTY and _has_backend(block):
        message, rule = "goes without a backend: the URI follows from it; keep one of the two", rules.TARGET
    return InitErrorDetails(type=problem(message, rule), loc=error["loc"], input=error["input"])


def _has_backend(block: object) -> bool:
    match block:
        case {"integrationType": "HTTP_PROXY" | "HTTP", "backend": _}:
            return True
        case _:
            return False


def _private_or_public(block: dict[object, object]) -> str:
    return "Public" if "integrationUri" in block and "backend" not in block else "Private"


def _http_kind(value: object) -> str:
    match value:
        case {"integrationType": "AWS_PROXY", "integrationSubtype": _}:
            return f"{BRANCH}Service"
        case {"integrationType": "AWS_PROXY"}:
            return f"{BRANCH}Lambda"
        case dict():
            return BRANCH + _private_or_public(value)
        case _:
            return BRANCH + _KINDS.get(type(value), "Private")


def _websocket_or_rest_kind(value: object) -> str:
    match value:
        case {"integrationType": ("AWS_PROXY" | "AWS" | "MOCK") as kind}:
            return BRANCH + {"AWS_PROXY": "Lambda", "AWS": "Aws", "MOCK": "Mock"}[kind]
        case dict():
            return BRANCH + _private_or_public(value) + ("Http" if value.get("integrationType") == "HTTP" else "Proxy")
        case _:
            return BRANCH + _KINDS.get(type(value), "PrivateProxy")


_KINDS: Final[Mapping[type, str]] = {
    HttpPrivateIntegration: "Private",
    HttpPublicIntegration: "Public",
    HttpLambdaIntegration: "Lambda",
    HttpServiceIntegration: "Service",
    WebSocketPrivateProxyIntegration: "PrivateProxy",
    WebSocketPublicProxyIntegration: "PublicProxy",
    WebSocketPrivateHttpIntegration: "PrivateHttp",
    WebSocketPublicHttpIntegration: "PublicHttp",
    WebSocketLambdaIntegration: "Lambda",
    WebSocketAwsIntegration: "Aws",
    WebSocketMockIntegration: "Mock",
    RestPrivateProxyIntegration: "PrivateProxy",
    RestPublicProxyIntegration: "PublicProxy",
    RestPrivateHttpIntegration: "PrivateHttp",
    RestPublicHttpIntegration: "PublicHttp",
    RestLambdaIntegration: "Lambda",
    RestAwsIntegration: "Aws",
    RestMockIntegration: "Mock",
}
"""The kind of what is an integration already: given from Python, or to be written."""


HttpIntegrationBlock: TypeAlias = Annotated[
    Annotated[HttpPrivateIntegration, branch("Private")]
    | Annotated[HttpPublicIntegration, branch("Public")]
    | Annotated[HttpLambdaIntegration, branch("Lambda")]
    | Annotated[HttpServiceIntegration, branch("Service")],
    Discriminator(_http_kind),
    _of_type(_HTTP_TYPES),
    WrapValidator(_one_target),
]
"""An integration of an HTTP API, as it is written."""

WebSocketIntegrationBlock: TypeAlias = Annotated[
    Annotated[WebSocketPrivateProxyIntegration, branch("PrivateProxy")]
    | Annotated[WebSocketPublicProxyIntegration, branch("PublicProxy")]
    | Annotated[WebSocketPrivateHttpIntegration, branch("PrivateHttp")]
    | Annotated[WebSocketPublicHttpIntegration, branch("PublicHttp")]
    | Annotated[WebSocketLambdaIntegration, branch("Lambda")]
    | Annotated[WebSocketAwsIntegration, branch("Aws")]
    | Annotated[WebSocketMockIntegration, branch("Mock")],
    Discriminator(_websocket_or_rest_kind),
    _of_type(_WEBSOCKET_TYPES),
    WrapValidator(_one_target),
]
"""An integration of a WebSocket API, as it is written."""

RestIntegrationBlock: TypeAlias = Annotated[
    Annotated[RestPrivateProxyIntegration, branch("PrivateProxy")]
    | Annotated[RestPublicProxyIntegration, branch("PublicProxy")]
    | Annotated[RestPrivateHttpIntegration, branch("PrivateHttp")]
    | Annotated[RestPublicHttpIntegration, branch("PublicHttp")]
    | Annotated[RestLambdaIntegration, branch("Lambda")]
    | Annotated[RestAwsIntegration, branch("Aws")]
    | Annotated[RestMockIntegration, branch("Mock")],
    Discriminator(_websocket_or_rest_kind),
    kind_by("integrationType", _REST_TYPES, rules.TYPE, other_names=("type",)),
    WrapValidator(_one_target),
]
"""An integration of a REST API, as it is written."""


def _name_or_inline(value: object) -> str:
    return f"{BRANCH}name" if isinstance(value, str) else f"{BRANCH}inline"


HttpIntegrationChoice: TypeAlias = Annotated[
    Annotated[Name, branch("name")] | Annotated[HttpIntegrationBlock, branch("inline")],
    Discriminator(_name_or_inline),
]
"""The name of an integration under ``integrations``, or one written here."""

WebSocketIntegrationChoice: TypeAlias = Annotated[
    Annotated[Name, branch("name")] | Annotated[WebSocketIntegrationBlock, branch("inline")],
    Discriminator(_name_or_inline),
]
"""The name of an integration under ``integrations``, or one written here."""

RestIntegrationChoice: TypeAlias = Annotated[
    Annotated[Name, branch("name")] | Annotated[RestIntegrationBlock, branch("inline")],
    Discriminator(_name_or_inline),
]
"""The name of an integration under ``integrations``, or one written here."""
