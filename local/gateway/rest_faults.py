"""What a REST API answers by itself: its faults, worded as the stack's gateway responses say or as API Gateway does.

Sources: "Gateway responses for REST APIs in API Gateway" (a template of theirs knows variables and nothing else of
VTL), "Gateway response types for API Gateway" (which type stands in for which), "Control access to a REST API with API
Gateway resource policies". The bodies and ``x-amzn-ErrorType`` are as clients have seen them: that of a policy with its
capital letter, that of a broken authorizer without a message.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import cast

from apigateway.gateway_responses import DEFAULT_STATUS, DEFAULT_TEMPLATES, NOT_CUSTOMISED, default_type
from apigateway.mapping.data import RequestData
from apigateway.mapping.rest_sources import MethodLocation, MethodParameter, evaluate
from local.gateway.rest_answer import RestAnswer
from local.gateway.rest_payload import JSON, first_media_type
from local.topology.rest import GatewayResponse

_SPACED = '{"message": $context.error.messageString}'
_CAPITAL = '{"Message":$context.error.messageString}'

_WORDS = r"[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*"
_PARAMETER = r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*"
_REFERENCE = rf"(?:(?:context|stageVariables)\.{_WORDS}|method\.request\.(?:header|querystring|path)\.{_PARAMETER})"
_VARIABLE = re.compile(rf"\$(?:\{{(?P<braced>{_REFERENCE})\}}|(?P<bare>{_REFERENCE}))")


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayFault:
    """An answer of the gateway's own."""

    type: str
    """The type of gateway response; the two defaults stand for faults that have no type of their own."""
    message: str | None
    """None where API Gateway has none for it either."""
    error: str
    """What ``x-amzn-ErrorType`` says."""
    status: int | None = None
    """Where the type has none."""
    template: str = DEFAULT_TEMPLATES[JSON]
    """The body where the stack has no gateway response for it."""
    details: str = ""
    """``$context.error.validationErrorString``."""

    @property
    def own_status(self) -> int:
        """The status where the stack gives it no other."""
        return self.status or DEFAULT_STATUS[self.type] or 500


class RestFault(Exception):  # noqa: N818 - it is an answer, not an error of the gateway
    """The request ends with an answer of the gateway's own: what the client gets, and why."""

    def __init__(self, fault: GatewayFault, reason: str) -> None:
        self.fault = fault
        self.reason = reason
        super().__init__(reason)


MISSING_TOKEN = GatewayFault(
    type="MISSING_AUTHENTICATION_TOKEN",
    message="Missing Authentication Token",
    error="MissingAuthenticationTokenException",
)
FORBIDDEN = GatewayFault(type="DEFAULT_4XX", message="Forbidden", error="ForbiddenException", status=403)
INVALID_KEY = GatewayFault(type="INVALID_API_KEY", message="Forbidden", error="ForbiddenException")
TOO_LARGE = GatewayFault(type="REQUEST_TOO_LARGE", message="Request Too Long", error="RequestTooLargeException")
UNSUPPORTED_MEDIA_TYPE = GatewayFault(
    type="UNSUPPORTED_MEDIA_TYPE", message="Unsupported Media Type", error="BadRequestException", template=_SPACED
)
CONFIGURATION = GatewayFault(
    type="API_CONFIGURATION_ERROR",
    message="Internal server error",
    error="InternalServerErrorException",
    template=_SPACED,
)
INTERNAL = replace(CONFIGURATION, type="DEFAULT_5XX", status=500)
BAD_GATEWAY = replace(INTERNAL, status=502)
FAILED = GatewayFault(
    type="INTEGRATION_FAILURE",
    message="Network error communicating with endpoint",
    error="InternalServerErrorException",
    template=_SPACED,
)
TIMED_OUT = GatewayFault(
    type="INTEGRATION_TIMEOUT",
    message="Endpoint request timed out",
    error="InternalServerErrorException",
    template=_SPACED,
)

UNAUTHORIZED = GatewayFault(type="UNAUTHORIZED", message="Unauthorized", error="UnauthorizedException")
# Observed: 401 with this message. A choice: that the type is this one, whose own status is 403.
EXPIRED = replace(UNAUTHORIZED, type="EXPIRED_TOKEN", message="The incoming token has expired", status=401)
# Observed for the first: no message. A choice: that the second looks the same.
AUTHORIZER_CONFIGURATION = GatewayFault(
    type="AUTHORIZER_CONFIGURATION_ERROR", message=None, error="AuthorizerConfigurationException"
)
AUTHORIZER_FAILED = replace(AUTHORIZER_CONFIGURATION, type="AUTHORIZER_FAILURE", error="AuthorizerFailureException")


def bad_request(message: str, status: int = 400) -> GatewayFault:
    """Return the fault of a request that has no type of its own."""
    return GatewayFault(type="DEFAULT_4XX", message=message, error="BadRequestException", status=status)


def missing_parameters(names: Iterable[str]) -> GatewayFault:
    """Return the fault of a request without the parameters that its method requires."""
    return GatewayFault(
        type="BAD_REQUEST_PARAMETERS",
        message=f"Missing required request parameters: [{', '.join(names)}]",
        error="BadRequestException",
        template=_SPACED,
    )


def invalid_body(details: str) -> GatewayFault:
    """Return the fault of a body that does not fit its model."""
    return GatewayFault(
        type="BAD_REQUEST_BODY",
        message="Invalid request body",
        error="BadRequestException",
        template=_SPACED,
        details=details,
    )


def invalid_signature(message: str) -> GatewayFault:
    """Return the fault of an ``Authorization`` that is meant for AWS and lacks a part."""
    return GatewayFault(type="INVALID_SIGNATURE", message=message, error="IncompleteSignatureException")


def wrong_scope(message: str) -> GatewayFault:
    """Return the fault of a signature that is made for another Region or service."""
    return GatewayFault(type="INVALID_SIGNATURE", message=message, error="InvalidSignatureException")


def access_denied(message: str) -> GatewayFault:
    """Return the fault of a caller whom a policy keeps out."""
    return GatewayFault(type="ACCESS_DENIED", message=message, error="AccessDeniedException", template=_CAPITAL)


def gateway_response(responses: Mapping[str, GatewayResponse], fault: GatewayFault, request: RequestData) -> RestAnswer:
    """Word a fault: by the response of its type, else by that of ``DEFAULT_4XX`` or ``DEFAULT_5XX``, else as it is."""
    custom = _customised(responses, fault)
    message = json.dumps(fault.message)
    known = replace(
        request,
        context={
            **request.context,
            "error.message": fault.message or "",
            "error.messageString": message,
            "error.responseType": fault.type,
            "error.validationErrorString": fault.details,
        },
    )
    if custom is None:
        content_type, template = JSON, fault.template
    else:
        content_type, template = _chosen(custom.templates or DEFAULT_TEMPLATES, request)
    headers = [("Content-Type", content_type), ("x-amzn-ErrorType", fault.error)]
    for name, value in _parameters(custom.parameters if custom else {}, known):
        headers = [*(pair for pair in headers if pair[0].lower() != name.lower()), (name, value)]
    return RestAnswer(
        status=(custom.status if custom else None) or fault.own_status,
        headers=tuple(headers),
        body=_VARIABLE.sub(lambda match: _value(match["braced"] or match["bare"], known) or "", template).encode(
            "utf-8", "replace"
        ),
    )


def _customised(responses: Mapping[str, GatewayResponse], fault: GatewayFault) -> GatewayResponse | None:
    if fault.type in NOT_CUSTOMISED:
        return None
    return responses.get(fault.type) or responses.get(default_type(fault.type) or "")


def _chosen(templates: Mapping[str, str], request: RequestData) -> tuple[str, str]:
    """Choose by the first media type that the client accepts, else JSON, else the first template that there is."""
    accepted = first_media_type(request.headers, "accept") or JSON
    for content_type in (accepted, JSON):
        if content_type in templates:
            return content_type, templates[content_type]
    return next(iter(templates.items()))


def _parameters(parameters: Mapping[str, str], request: RequestData) -> Iterable[tuple[str, str]]:
    for key, written in parameters.items():
        quoted = len(written) > 1 and written[0] == written[-1] == "'"
        value = written[1:-1] if quoted else _value(written, request)
        if value is not None:
            yield key.removeprefix("gatewayresponse.header."), value


def _value(reference: str, request: RequestData) -> str | None:
    root, _, name = reference.partition(".")
    match root:
        case "context":
            return request.context.get(name)
        case "stageVariables":
            return request.stage_variables.get(name)
        case _:
            location, _, parameter = name.removeprefix("request.").partition(".")
            source = MethodParameter(location=cast("MethodLocation", location), name=parameter)
            return next(iter(evaluate(source, request)), None)
