"""The ``$context`` variables of WebSocket and HTTP APIs.

From the AWS pages "API Gateway WebSocket API mapping template and access logging variable reference", "Configure
logging for a WebSocket API" and "Customize HTTP API access logs". The HTTP list serves mappings and logs alike; a
WebSocket API knows some names in access logs alone. Inside a name only letters, digits, ``.`` and ``_`` are allowed
("Transform API requests and responses for HTTP APIs").
"""

import re
from typing import Final, Literal, TypeAlias

from apigateway.errors import ExpressionError, shown
from apigateway.suggest import nearest

Protocol: TypeAlias = Literal["WEBSOCKET", "HTTP"]

NAME: Final = r"[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*"
"""The spelling of a variable, as a regular expression."""

IDENTITY: Final = frozenset(
    f"identity.{name}"
    for name in (
        "accountId",
        "caller",
        "cognitoAuthenticationProvider",
        "cognitoAuthenticationType",
        "cognitoIdentityId",
        "cognitoIdentityPoolId",
        "sourceIp",
        "user",
        "userAgent",
        "userArn",
    )
)
"""Who calls, in every kind of API."""

CLIENT_CERTIFICATE: Final = frozenset(
    {
        "identity.clientCert.clientCertPem",
        "identity.clientCert.issuerDN",
        "identity.clientCert.serialNumber",
        "identity.clientCert.subjectDN",
        "identity.clientCert.validity.notAfter",
        "identity.clientCert.validity.notBefore",
    }
)
"""The certificate of mutual TLS, in HTTP and REST APIs."""

INTEGRATION: Final = frozenset(
    {
        "integration.error",
        "integration.integrationStatus",
        "integration.latency",
        "integration.requestId",
        "integration.status",
    }
)
"""How the integration went, in access logs."""

STEPS: Final = INTEGRATION | {
    "authenticate.error",
    "authenticate.latency",
    "authenticate.status",
    "authorize.error",
    "authorize.latency",
    "authorize.status",
    "authorizer.error",
    "authorizer.integrationLatency",
    "authorizer.integrationStatus",
    "authorizer.latency",
    "authorizer.requestId",
    "authorizer.status",
    "waf.error",
    "waf.latency",
    "waf.status",
}
"""How each step of a call went, in the access logs of WebSocket and REST APIs."""

_COMMON = IDENTITY | {
    "apiId",
    "authorizer.principalId",
    "domainName",
    "error.messageString",
    "extendedRequestId",
    "requestId",
    "requestTime",
    "requestTimeEpoch",
    "routeKey",
    "stage",
    "status",
}

_WEBSOCKET = _COMMON | {
    "connectedAt",
    "connectionId",
    "error.validationErrorString",
    "eventType",
    "identity.apiKey",
    "identity.apiKeyId",
    "messageId",
}

_WEBSOCKET_LOG = (
    _WEBSOCKET | STEPS | {"error.message", "error.responseType", "identity.principalOrgId", "integrationLatency"}
)

_HTTP = (
    _COMMON
    | CLIENT_CERTIFICATE
    | INTEGRATION
    | {
        "accountId",
        "authorizer.error",
        "awsEndpointRequestId",
        "awsEndpointRequestId2",
        "customDomain.basePathMatched",
        "dataProcessed",
        "domainPrefix",
        "error.message",
        "error.responseType",
        "httpMethod",
        "identity.principalOrgId",
        "integrationErrorMessage",
        "integrationLatency",
        "integrationStatus",
        "path",
        "protocol",
        "responseLatency",
        "responseLength",
    }
)

MAPPING_VARIABLES: Final[dict[Protocol, frozenset[str]]] = {
    "WEBSOCKET": frozenset(_WEBSOCKET),
    "HTTP": frozenset(_HTTP),
}
"""What a mapping may read, beside the properties that an authorizer returns."""

LOG_VARIABLES: Final[dict[Protocol, frozenset[str]]] = {
    "WEBSOCKET": frozenset(_WEBSOCKET_LOG),
    "HTTP": frozenset(_HTTP),
}
"""What an access log may hold, beside the properties that an authorizer returns."""

_KIND: Final[dict[Protocol, str]] = {"WEBSOCKET": "WebSocket APIs", "HTTP": "HTTP APIs"}
_OTHER: Final[dict[Protocol, Protocol]] = {"WEBSOCKET": "HTTP", "HTTP": "WEBSOCKET"}
_NAME = re.compile(NAME)
_PROPERTY: Final[dict[Protocol, re.Pattern[str]]] = {
    "WEBSOCKET": re.compile(r"authorizer\.[A-Za-z0-9_]+"),
    "HTTP": re.compile(rf"authorizer\.(?:claims\.{NAME}|(?!claims$)[A-Za-z0-9_]+)"),
}


def is_mapping_variable(protocol: Protocol, name: str) -> bool:
    """Tell whether :func:`check_mapping_variable` takes a name."""
    return _is_known(protocol, name, MAPPING_VARIABLES)


def check_mapping_variable(protocol: Protocol, name: str) -> None:
    """Hold a variable's name, such as ``identity.sourceIp``, against those that a mapping may read.

    ``authorizer.<property>`` is legal for any property, and in an HTTP API ``authorizer.claims.<claim>`` for any claim.
    Raises ``ExpressionError`` with the nearest known name.
    """
    if name in LOG_VARIABLES[protocol] and not is_mapping_variable(protocol, name):
        raise ExpressionError(name, f'"{name}" is a $context variable of access logs only')
    _check(protocol, name, MAPPING_VARIABLES)


def check_log_variable(protocol: Protocol, name: str) -> None:
    """Hold a variable's name against those that an access log may hold; otherwise as :func:`check_mapping_variable`."""
    _check(protocol, name, LOG_VARIABLES)


def _is_known(protocol: Protocol, name: str, variables: dict[Protocol, frozenset[str]]) -> bool:
    return name in variables[protocol] or _PROPERTY[protocol].fullmatch(name) is not None


def _check(protocol: Protocol, name: str, variables: dict[Protocol, frozenset[str]]) -> None:
    if _is_known(protocol, name, variables):
        return
    if not _NAME.fullmatch(name):
        reason = f'"{shown(name)}" is not the name of a $context variable'
        raise ExpressionError(name, reason, grammar='expected words of letters, digits and "_", joined by "."')
    if name == "authorizer.claims":
        raise ExpressionError(name, '"authorizer.claims" alone is always null', suggestion="name one claim")
    if name in variables[_OTHER[protocol]]:
        raise ExpressionError(name, f'"{name}" is a $context variable of {_KIND[_OTHER[protocol]]} only')
    near = nearest(name, variables[protocol])
    raise ExpressionError(
        name,
        f'"{name}" is not a $context variable of {_KIND[protocol]}',
        suggestion=f'did you mean "{near}"?' if near else "",
    )
