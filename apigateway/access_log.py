"""Access logs: one line a request or event, of text and ``$context`` variables.

From the AWS pages "Configure logging for HTTP APIs", "Configure logging for a WebSocket API" and "Set up CloudWatch
logging for REST APIs in API Gateway", and the quota of log templates.
"""

import json
import re
from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from apigateway import context, rest_context
from apigateway.context import NAME, Protocol
from apigateway.errors import ExpressionError
from apigateway.limits import ACCESS_LOG_FORMAT_BYTES

ApiKind: TypeAlias = Protocol | Literal["REST"]


def _line(**fields: str) -> str:
    return json.dumps({name: f"$context.{variable}" for name, variable in fields.items()}, separators=(",", ":"))


DEFAULT_FORMAT: Final[dict[ApiKind, str]] = {
    "WEBSOCKET": _line(
        requestId="requestId",
        requestTime="requestTime",
        eventType="eventType",
        routeKey="routeKey",
        connectionId="connectionId",
        messageId="messageId",
        sourceIp="identity.sourceIp",
        status="status",
        integrationStatus="integration.integrationStatus",
        integrationLatency="integrationLatency",
        integrationError="integration.error",
        error="error.message",
    ),
    "HTTP": _line(
        requestId="requestId",
        requestTime="requestTime",
        httpMethod="httpMethod",
        path="path",
        routeKey="routeKey",
        sourceIp="identity.sourceIp",
        status="status",
        responseLength="responseLength",
        responseLatency="responseLatency",
        integrationStatus="integration.integrationStatus",
        integrationLatency="integrationLatency",
        integrationError="integration.error",
        error="error.message",
    ),
    "REST": _line(
        requestId="requestId",
        extendedRequestId="extendedRequestId",
        requestTime="requestTime",
        httpMethod="httpMethod",
        path="path",
        resourcePath="resourcePath",
        sourceIp="identity.sourceIp",
        caller="identity.caller",
        status="status",
        responseLength="responseLength",
        responseLatency="responseLatency",
        integrationStatus="integration.status",
        integrationLatency="integration.latency",
        integrationError="integration.error",
        errorType="error.responseType",
        error="error.message",
    ),
}
"""A line of JSON, all of whose values are strings."""

# A claim of a user pool may be called cognito:groups; the rest of a variable's name has no colon.
_VARIABLE = re.compile(rf"\$context\.(authorizer\.claims\.[A-Za-z0-9_]+(?::[A-Za-z0-9_]+)*|{NAME})")
_SELECTOR = re.compile(r"[A-Za-z0-9_-]+")
_REQUIRED: Final = frozenset({"requestId", "extendedRequestId"})
_ALREADY_QUOTED: Final = frozenset({"error.messageString", "error.validationErrorString"})


def check_format(protocol: ApiKind, text: str) -> None:
    """Hold a log's format against its grammar. Raises ``ExpressionError``.

    It is one line of 3 KB at most, has no other variables than ``$context.NAME``, and has the request's id.
    """
    if "\n" in text or "\r" in text:
        raise ExpressionError(text, "the format of an access log is a single line")
    if len(text.encode()) > ACCESS_LOG_FORMAT_BYTES:
        reason = f"the format of an access log is of {ACCESS_LOG_FORMAT_BYTES} bytes at most"
        raise ExpressionError(text, reason)
    names = _VARIABLE.findall(text)
    for name in names:
        try:
            _check_variable(protocol, name)
        except ExpressionError as error:
            raise error.within(text) from None
    if "$" in _VARIABLE.sub("", text):
        raise ExpressionError(text, '"$" begins something else than a variable', grammar="expected $context.NAME")
    if _REQUIRED.isdisjoint(names):
        raise ExpressionError(text, "must include $context.requestId or $context.extendedRequestId")


def render(text: str, values: Mapping[str, str]) -> str:
    """Write one line; a variable that is not in ``values`` is ``-``.

    Values are escaped as in a JSON string, so that a client cannot end the line or the field that it is in: AWS does
    not say what it does there. Two variables of errors come quoted already and are left alone.
    """
    return _VARIABLE.sub(lambda match: _value(match[1], values.get(match[1])), text)


def status_field(text: str) -> str | None:
    """Return the field of a log's lines that holds the status as text, for a filter over them; None for none.

    A line is read by field where it is JSON whatever its values are: a variable that stands outside quotes is ``-``
    where it has no value, which makes the line something else. A field's name is of letters, digits, ``-`` and ``_``
    (CloudWatch Logs User Guide, "Filter pattern syntax": property selectors).
    """
    try:
        fields: object = json.loads(text)
    except (json.JSONDecodeError, RecursionError):  # the latter for brackets in brackets, by the hundred
        return None
    if not isinstance(fields, dict):
        return None
    found = (name for name, value in fields.items() if value == "$context.status" and _SELECTOR.fullmatch(name))
    return next(found, None)


def _check_variable(protocol: ApiKind, name: str) -> None:
    if protocol == "REST":
        rest_context.check_log_variable(name)
    else:
        context.check_log_variable(protocol, name)


def _value(name: str, value: str | None) -> str:
    if value is None:
        return "-"
    return value if name in _ALREADY_QUOTED else json.dumps(value, ensure_ascii=False)[1:-1]
