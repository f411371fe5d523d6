"""What a REST or WebSocket API answers by itself: faults, each of a type of gateway response.

HTTP APIs have no such types; theirs are in :mod:`local.gateway.replies`.

Sources: "Gateway response types for API Gateway", "Control access to a REST API with API Gateway resource policies".
The bodies and ``x-amzn-ErrorType`` are as clients have seen them: that of a policy with its capital letter, that of a
broken authorizer without a message.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from apigateway.gateway_responses import DEFAULT_STATUS, DEFAULT_TEMPLATES
from local.gateway.bodies import JSON

_SPACED = '{"message": $context.error.messageString}'
_CAPITAL = '{"Message":$context.error.messageString}'


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


class Faulted(Exception):  # noqa: N818 - it is an answer, not an error of the gateway
    """The request or event ends with an answer of the gateway's own: what the client gets, and why."""

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
