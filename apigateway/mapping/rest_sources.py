"""The sources of REST API mappings: ``method.request.header.X`` and the like, read from a request or a response.

From the AWS pages "Parameter mapping source reference for REST APIs in API Gateway" and "Amazon API Gateway important
notes" (names are case-sensitive, and a path's parameters are decoded before the backend is called). A source is the
whole value: nothing stands before or after it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, assert_never, cast
from urllib.parse import unquote

from apigateway import rest_context
from apigateway.errors import ExpressionError
from apigateway.json_path import MISSING, JsonPath, text_of
from apigateway.mapping import dialects
from apigateway.mapping.data import Pairs, RequestData, ResponseData, optional, values_of
from apigateway.mapping.variables import (
    PARAMETER,
    ContextVariable,
    StageVariable,
    Static,
    parse_shared,
    parse_static,
)

Side: TypeAlias = Literal["request", "response"]
HeaderLocation: TypeAlias = Literal["header", "multivalueheader"]
MethodLocation: TypeAlias = Literal["path", "querystring", "multivaluequerystring", "header", "multivalueheader"]

GRAMMAR: Final[dict[Side, str]] = {
    "request": (
        "expected method.request.path|querystring|multivaluequerystring|header|multivalueheader.NAME, "
        "method.request.body, method.request.body.PATH, context.NAME, stageVariables.NAME or 'text' in single quotes"
    ),
    "response": (
        "expected integration.response.header|multivalueheader.NAME, integration.response.body, "
        "integration.response.body.PATH, context.NAME, stageVariables.NAME or 'text' in single quotes"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodParameter:
    """A path variable, query string or header of the request, which the method must declare."""

    location: MethodLocation
    name: str

    def __str__(self) -> str:
        return f"method.request.{self.location}.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodBody:
    """The whole body of the request (``path`` None), or a value inside it."""

    path: JsonPath | None = None

    def __str__(self) -> str:
        return "method.request.body" if self.path is None else f"method.request.body.{self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationHeader:
    """A header of the integration's response."""

    location: HeaderLocation
    name: str

    def __str__(self) -> str:
        return f"integration.response.{self.location}.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationBody:
    """The whole body of the integration's response (``path`` None), or a value inside it."""

    path: JsonPath | None = None

    def __str__(self) -> str:
        return "integration.response.body" if self.path is None else f"integration.response.body.{self.path}"


Shared: TypeAlias = StageVariable | ContextVariable | Static
RequestSource: TypeAlias = MethodParameter | MethodBody | Shared
ResponseSource: TypeAlias = IntegrationHeader | IntegrationBody | Shared

_METHOD_PARAMETER = re.compile(
    rf"method\.request\.(path|querystring|multivaluequerystring|header|multivalueheader)\.({PARAMETER})"
)
_INTEGRATION_HEADER = re.compile(rf"integration\.response\.(header|multivalueheader)\.({PARAMETER})")
_BODY = re.compile(r"(method\.request|integration\.response)\.body(?:\.(.*))?", re.DOTALL)
_PLAIN = re.compile(r"[^'$.{}]+")
_INPUT_PARAMETER = re.compile(rf"""\$input\.params\((?P<quote>['"])(?P<name>{PARAMETER})(?P=quote)\)""")
_DOUBLE_QUOTED = re.compile(r"\"([^'\"]*)\"")


class InvalidJsonError(ValueError):
    """A body that begins as JSON does and is not JSON: the API answers with this status and message."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def parse_source(text: str) -> RequestSource:
    """Read a source of a request mapping.

    Raises ``ExpressionError``; text of another kind of API is answered with the same source in this dialect.
    """
    try:
        return _request_source(text)
    except ExpressionError as error:
        raise error.within(text) from error.__cause__


def parse_response_source(text: str) -> ResponseSource:
    """Read a source of a response mapping; otherwise as :func:`parse_source`."""
    try:
        return _response_source(text)
    except ExpressionError as error:
        raise error.within(text) from error.__cause__


def _request_source(text: str) -> RequestSource:
    if match := _METHOD_PARAMETER.fullmatch(text):
        return MethodParameter(location=cast("MethodLocation", match[1]), name=match[2])
    if (match := _BODY.fullmatch(text)) and match[1] == "method.request":
        return MethodBody(path=_path(match[2]))
    if shared := _shared(text):
        return shared
    raise _unknown(text, "request", _request_source)


def _response_source(text: str) -> ResponseSource:
    if match := _INTEGRATION_HEADER.fullmatch(text):
        return IntegrationHeader(location=cast("HeaderLocation", match[1]), name=match[2])
    if (match := _BODY.fullmatch(text)) and match[1] == "integration.response":
        return IntegrationBody(path=_path(match[2]))
    if shared := _shared(text):
        return shared
    raise _unknown(text, "response", _response_source)


def _path(text: str | None) -> JsonPath | None:
    return None if text is None else JsonPath.parse(text)


def _shared(text: str) -> Shared | None:
    return parse_static(text) or parse_shared(text, rest_context.check_mapping_variable)


def _unknown(text: str, side: Side, read: Callable[[str], object]) -> ExpressionError:
    if dialects.side_read(text) not in {side, None}:
        other = "response" if side == "request" else "request"
        return ExpressionError(text, f"a {side} mapping cannot read the {other}", grammar=GRAMMAR[side])
    reason = f"not a source of a REST API's {side} mapping"
    return ExpressionError(text, reason, grammar=GRAMMAR[side], suggestion=_same_here(text, side, read))


def _same_here(text: str, side: Side, read: Callable[[str], object]) -> str:
    quoted = _DOUBLE_QUOTED.fullmatch(text)
    if quoted and text.isprintable():
        return f"write '{quoted[1]}'"
    if side == "request" and (match := _INPUT_PARAMETER.fullmatch(text)):
        names = [f"method.request.{place}.{match['name']}" for place in ("header", "querystring", "path")]
        return f"$input is of templates, write {' or '.join(names)}"
    rewritten = dialects.source_for_rest(text, side)
    if _PLAIN.fullmatch(text) and text.isprintable():
        return f"write {rewritten}, or '{text}' for this very text" if rewritten else f"write '{text}'"
    if rewritten is None and "${" in text:
        return "only an HTTP API's mapping has ${…} amid text"
    return dialects.suggestion(text, rewritten, read)


def declared_parameter(source: RequestSource | ResponseSource) -> str | None:
    """Return what a method must declare for this source to be read, such as ``method.request.header.Authorization``.

    A declaration names a path variable, a header or a query string; all its values are read through the same one.
    """
    if not isinstance(source, MethodParameter):
        return None
    return f"method.request.{source.location.removeprefix('multivalue')}.{source.name}"


def evaluate(source: RequestSource, request: RequestData) -> tuple[str, ...]:
    """Return the values of a source: none when it is missing, several for a multi-value query string.

    A path's parameter is given decoded. Raises ``InvalidJsonError``.
    """
    match source:
        case MethodParameter():
            return _parameter(source, request)
        case MethodBody(path=path):
            return optional(_body(request, path, InvalidJsonError(400, "Invalid JSON in request body")))
        case _:
            return optional(_read_shared(source, request))


def evaluate_response(source: ResponseSource, response: ResponseData) -> str | None:
    """Return the value of a source, or None when it is missing. Raises ``InvalidJsonError``."""
    match source:
        case IntegrationHeader(location=location, name=name):
            return _header(response.headers, location, name)
        case IntegrationBody(path=path):
            return _body(response, path, InvalidJsonError(500, "Internal server error"))
        case _:
            return _read_shared(source, response)


def _parameter(source: MethodParameter, request: RequestData) -> tuple[str, ...]:
    match source.location:
        case "path":
            value = request.path_parameters.get(source.name)
            return () if value is None else (unquote(value),)
        case "querystring":
            return values_of(request.query, source.name)[-1:]
        case "multivaluequerystring":
            return values_of(request.query, source.name)
        case "header" | "multivalueheader":
            return optional(_header(request.headers, source.location, source.name))
        case _:
            assert_never(source.location)


def _header(headers: Pairs, location: HeaderLocation, name: str) -> str | None:
    values = values_of(headers, name)
    if not values:
        return None
    return values[-1] if location == "header" else ",".join(values)


def _body(data: RequestData | ResponseData, path: JsonPath | None, invalid: InvalidJsonError) -> str | None:
    """Read a body, or a value in it. The empty body stands for ``{}``.

    API Gateway takes a body for JSON by its first character, and has no values in any other.
    """
    text = data.body if isinstance(data.body, str) else data.body.decode("utf-8", "replace")
    is_json = text.lstrip().startswith(("{", "[", '"', "'"))
    if is_json and data.document.content is MISSING:
        raise invalid
    if path is None:
        return text or "{}"
    return text_of(path.find_in(data.document)) if is_json else None


def _read_shared(source: Shared, data: RequestData | ResponseData) -> str | None:
    match source:
        case StageVariable(name=name):
            return data.stage_variables.get(name)
        case ContextVariable(name=name):
            return data.context.get(name)
        case Static(value=value):
            return value
        case _:
            assert_never(source)
