"""The ``$context`` variables of REST APIs.

From the AWS pages "Variables for data transformations for API Gateway" and "Variables for access logging for API
Gateway", and from those on troubleshooting response streams and on the security policies of custom domains, which
add what a log knows of a stream and of TLS. What a template overrides is a variable too.
"""

import re
from typing import Final

from apigateway import context
from apigateway.errors import ExpressionError, shown
from apigateway.suggest import nearest

MAPPING_VARIABLES: Final = (
    context.IDENTITY
    | context.CLIENT_CERTIFICATE
    | {
        "accountId",
        "apiId",
        "authorizer.principalId",
        "awsEndpointRequestId",
        "deploymentId",
        "domainName",
        "domainPrefix",
        "error.message",
        "error.messageString",
        "error.responseType",
        "error.validationErrorString",
        "extendedRequestId",
        "httpMethod",
        "identity.apiKey",
        "identity.apiKeyId",
        "identity.principalOrgId",
        "identity.vpcId",
        "identity.vpceId",
        "isCanaryRequest",
        "path",
        "protocol",
        "requestId",
        "requestOverride.path",
        "requestTime",
        "requestTimeEpoch",
        "resourceId",
        "resourcePath",
        "responseOverride.status",
        "stage",
        "wafResponseCode",
        "webaclArn",
    }
)
"""What a mapping may read, beside overrides by name and what an authorizer returns."""

LOG_VARIABLES: Final = (
    MAPPING_VARIABLES
    | context.STEPS
    | {
        "cipherSuite",
        "customDomain.basePathMatched",
        "customDomain.routingRuleIdMatched",
        "endpointType",
        "integration.responseTransferMode",
        "integration.timeToAllHeaders",
        "integration.timeToFirstContent",
        "integrationErrorMessage",
        "integrationLatency",
        "integrationStatus",
        "responseLatency",
        "responseLength",
        "status",
        "tlsVersion",
        "xrayTraceId",
    }
)
"""What an access log may hold, beside overrides by name and what an authorizer returns."""

_NAME = re.compile(context.NAME)
_CLAIM = r"[A-Za-z0-9_:-]+(?:\.[A-Za-z0-9_:-]+)*"
# A claim of a user pool may be called cognito:username or custom:tenant; an override is called as a header may be.
_OPEN = re.compile(
    rf"""
    authorizer\.(?:claims\.{_CLAIM}|(?!claims$)[A-Za-z0-9_]+)
    | (?:requestOverride\.(?:header|path|querystring)|responseOverride\.header)\.[A-Za-z0-9._$-]+
    """,
    re.VERBOSE,
)
_HTTP_CLAIM = re.compile(rf"authorizer\.jwt\.(claims\.{_CLAIM})")
_CLAIM_IN_BRACKETS = re.compile(rf"authorizer\.claims\[(['\"])({_CLAIM})\1\]")


def is_mapping_variable(name: str) -> bool:
    """Tell whether :func:`check_mapping_variable` takes a name."""
    return _is_known(name, MAPPING_VARIABLES)


def check_mapping_variable(name: str) -> None:
    """Hold a variable's name, such as ``identity.sourceIp``, against those that a mapping may read.

    Legal with any name are ``authorizer.<property>``, ``authorizer.claims.<claim>``,
    ``requestOverride.header|path|querystring.<name>`` and ``responseOverride.header.<name>``. Raises
    ``ExpressionError`` with the nearest known name.
    """
    if name in LOG_VARIABLES and not is_mapping_variable(name):
        raise ExpressionError(name, f'"{name}" is a $context variable of access logs only')
    _check(name, MAPPING_VARIABLES)


def check_log_variable(name: str) -> None:
    """Hold a variable's name against those that an access log may hold; otherwise as :func:`check_mapping_variable`."""
    _check(name, LOG_VARIABLES)


def _is_known(name: str, variables: frozenset[str]) -> bool:
    return name in variables or _OPEN.fullmatch(name) is not None


def _check(name: str, variables: frozenset[str]) -> None:
    if _is_known(name, variables):
        return
    if match := _HTTP_CLAIM.fullmatch(name):
        raise ExpressionError(
            name,
            f'"{name}" is a $context variable of HTTP APIs only',
            suggestion=f'did you mean "authorizer.{match[1]}"?',
        )
    if not _NAME.fullmatch(name):
        reason = f'"{shown(name)}" is not the name of a $context variable'
        claim = _CLAIM_IN_BRACKETS.fullmatch(name)
        raise ExpressionError(
            name,
            reason,
            grammar='expected words of letters, digits and "_", joined by "."',
            suggestion=f'did you mean "authorizer.claims.{claim[2]}"?' if claim else "",
        )
    if name == "authorizer.claims":
        raise ExpressionError(name, '"authorizer.claims" alone is always null', suggestion="name one claim")
    if elsewhere := _kinds_that_know(name):
        raise ExpressionError(name, f'"{name}" is a $context variable of {elsewhere} APIs only')
    near = nearest(name, variables)
    raise ExpressionError(
        name,
        f'"{name}" is not a $context variable of REST APIs',
        suggestion=f'did you mean "{near}"?' if near else "",
    )


def _kinds_that_know(name: str) -> str:
    kinds = {"WebSocket": context.LOG_VARIABLES["WEBSOCKET"], "HTTP": context.LOG_VARIABLES["HTTP"]}
    return " and ".join(kind for kind, names in kinds.items() if name in names)
