"""Gateway responses of REST APIs: what API Gateway itself answers when a request does not get through.

From the AWS pages "Gateway response types for API Gateway", "Gateway responses for REST APIs in API Gateway",
"x-amazon-apigateway-gateway-responses.responseParameters object", "….responseTemplates object" (a template of theirs
knows variables alone) and "Amazon API Gateway important notes" (``REQUEST_TOO_LARGE``), and from
``GatewayResponseType`` of botocore ``apigateway``.

One rule is stricter than AWS's text, which names ``gatewayresponse.path`` and ``gatewayresponse.querystring`` beside
headers: a response has neither, and the page of the object itself speaks of headers alone.
"""

import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from apigateway import rest_context
from apigateway.context import NAME
from apigateway.errors import ExpressionError
from apigateway.mapping.variables import PARAMETER, STAGE_VARIABLE
from apigateway.suggest import nearest

DEFAULT_STATUS: Final = MappingProxyType[str, int | None](
    {
        "ACCESS_DENIED": 403,
        "API_CONFIGURATION_ERROR": 500,
        "AUTHORIZER_CONFIGURATION_ERROR": 500,
        "AUTHORIZER_FAILURE": 500,
        "BAD_REQUEST_BODY": 400,
        "BAD_REQUEST_PARAMETERS": 400,
        "DEFAULT_4XX": None,
        "DEFAULT_5XX": None,
        "EXPIRED_TOKEN": 403,
        "INTEGRATION_FAILURE": 504,
        "INTEGRATION_TIMEOUT": 504,
        "INVALID_API_KEY": 403,
        "INVALID_SIGNATURE": 403,
        "MISSING_AUTHENTICATION_TOKEN": 403,
        "QUOTA_EXCEEDED": 429,
        "REQUEST_TOO_LARGE": 413,
        "RESOURCE_NOT_FOUND": 404,
        "THROTTLED": 429,
        "UNAUTHORIZED": 401,
        "UNSUPPORTED_MEDIA_TYPE": 415,
        "WAF_FILTERED": 403,
    }
)
"""The types, and the status code of each; the two defaults leave the codes of the others as they are."""

NOT_CUSTOMISED: Final = frozenset({"REQUEST_TOO_LARGE"})
"""The types that AWS takes and does not honour: clients see API Gateway's own response."""

DEFAULT_TEMPLATES: Final = MappingProxyType({"application/json": '{"message":$context.error.messageString}'})
"""The body of each type that has no template of its own; the variable brings its quotes."""

PARAMETER_GRAMMAR: Final = "expected gatewayresponse.header.NAME"
VALUE_GRAMMAR: Final = (
    "expected 'text' in single quotes, method.request.header.NAME, method.request.querystring.NAME, "
    "method.request.path.NAME, context.NAME or stageVariables.NAME"
)

_PARAMETER = re.compile(rf"gatewayresponse\.header\.{PARAMETER}")
_NEAR_PARAMETER = re.compile(
    r"(?:(?:gateway_?response|method\.response|integration\.response)\.)?(?:headers?\.)?(?P<name>[A-Z0-9_-]+)",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(r"gatewayresponse\.(?:path|querystring)\..*", re.DOTALL)
_VALUE = re.compile(
    rf"'.*'|method\.request\.(?:header|querystring|path)\.{PARAMETER}|context\.{NAME}|stageVariables\.{STAGE_VARIABLE}",
    re.DOTALL,
)
_NEAR_VARIABLE = re.compile(rf"\$\{{?(?P<name>(?:context|stageVariables|method)\.{PARAMETER})\}}?")
_NEAR_REQUEST = re.compile(
    rf"\$?\{{?(?:route\.|method\.)?request\.(?P<name>(?:header|querystring|path)\.{PARAMETER})\}}?"
)
_INTEGRATION = re.compile(r"integration\.response\..*", re.DOTALL)
_NO_VELOCITY: Final = "a gateway response's template knows $context, $stageVariables and $method.request alone"
_DIRECTIVE = re.compile(r"#\{?(?:if|elseif|foreach|macro|define|set)\}?(?=\s*\()")
_REFERENCE = re.compile(
    r"""
    \$(?P<quiet>!)?(?P<brace>\{)?
    (?P<name>method(?:\.[A-Za-z0-9_-]+)+|[A-Za-z]\w*(?:\.\w+)*)
    (?(brace)(?P<end>\})?)
    """,
    re.VERBOSE,
)
_KNOWN = re.compile(
    rf"context\.{NAME}|stageVariables\.{STAGE_VARIABLE}|method\.request\.(?:header|querystring|path)\.{PARAMETER}"
)
_EXPRESSION = re.compile(r"\$.*|(?:method|integration|route|request|context|stageVariables)\..*", re.DOTALL)


def check_response_type(text: str) -> None:
    """Hold the type of a gateway response against those that there are. Raises ``ExpressionError``."""
    if text in DEFAULT_STATUS:
        return
    suggestion = _type_advice(text)
    grammar = "" if suggestion else f"expected one of {', '.join(DEFAULT_STATUS)}"
    raise ExpressionError(text, "not a type of gateway response", grammar=grammar, suggestion=suggestion)


def default_type(text: str) -> str | None:
    """Return the type whose customisation a type without one takes over: ``DEFAULT_4XX`` or ``DEFAULT_5XX``.

    None for these two themselves.
    """
    status = DEFAULT_STATUS[text]
    return None if status is None else f"DEFAULT_{status // 100}XX"


def check_response_parameter(text: str) -> None:
    """Hold the name of a response parameter against its grammar. Raises ``ExpressionError``."""
    if _PARAMETER.fullmatch(text):
        return
    if _ELSEWHERE.fullmatch(text):
        raise ExpressionError(text, "a response has headers and no path or query string", grammar=PARAMETER_GRAMMAR)
    near = _NEAR_PARAMETER.fullmatch(text)
    suggestion = f"write gatewayresponse.header.{near['name']}" if near else ""
    reason = "not a parameter of a gateway response"
    raise ExpressionError(text, reason, grammar=PARAMETER_GRAMMAR, suggestion=suggestion)


def check_response_value(text: str) -> None:
    """Hold the value of a response parameter against its grammar. Raises ``ExpressionError``.

    A name after ``context.`` is held against the spelling of a variable alone.
    """
    if len(text) > 1 and _VALUE.fullmatch(text):
        return
    reason = "not a value of a gateway response's parameter"
    raise ExpressionError(text, reason, grammar=VALUE_GRAMMAR, suggestion=_value_advice(text))


def advise_response_type(text: str) -> Iterator[str]:
    """Say what is legal and still doubtful about customising a type."""
    if text in NOT_CUSTOMISED:
        yield "has no effect: clients see API Gateway's own response"


def advise_response_value(text: str) -> Iterator[str]:
    """Say what is legal and still doubtful about the value of a response parameter: a variable that is not known."""
    root, _, name = text.partition(".")
    if root == "context":
        yield from _unknown_variable(name)


def advise_response_template(text: str) -> Iterator[str]:
    """Say what is legal and still doubtful about a template, each thing once: what clients see as it is written."""
    found: dict[str, None] = {}
    for match in _DIRECTIVE.finditer(text):
        found[f'"{match[0]}" is printed as it is written: {_NO_VELOCITY}'] = None
    for match in _REFERENCE.finditer(text):
        name = match["name"]
        is_odd = match["quiet"] or (match["brace"] and not match["end"])
        if is_odd or not _KNOWN.fullmatch(name):
            found[f'"{match[0]}" is printed as it is written: {_NO_VELOCITY}'] = None
        else:
            found.update(dict.fromkeys(advise_response_value(name)))
    yield from found


def _unknown_variable(name: str) -> Iterator[str]:
    try:
        rest_context.check_mapping_variable(name)
    except ExpressionError as error:
        yield "; ".join(part for part in (error.reason, error.suggestion) if part)


def _type_advice(text: str) -> str:
    of_status = [name for name, status in DEFAULT_STATUS.items() if str(status) == text and name not in NOT_CUSTOMISED]
    if of_status:
        return f"write {' or '.join(of_status)}"
    near = f"DEFAULT_{text.upper()}" if text.upper() in {"4XX", "5XX"} else nearest(text.upper(), DEFAULT_STATUS)
    return f'did you mean "{near}"?' if near else ""


def _value_advice(text: str) -> str:
    if match := _NEAR_VARIABLE.fullmatch(text):
        return f"write {match['name']}"
    if match := _NEAR_REQUEST.fullmatch(text):
        return f"write method.request.{match['name']}"
    if _INTEGRATION.fullmatch(text):
        return "there is no response of an integration to read here"
    unquoted = text.strip("\"'")
    return f"write '{unquoted}'" if unquoted and not _EXPRESSION.fullmatch(text) else ""
