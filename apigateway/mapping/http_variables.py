"""The variables of HTTP API mappings: ``request.header.X`` and the like, read from a request or a response.

From the AWS page "Transform API requests and responses for HTTP APIs in API Gateway".
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal, TypeAlias, assert_never

from apigateway import context
from apigateway.errors import ExpressionError, shown
from apigateway.json_path import JsonPath, text_of
from apigateway.limits import HTTP_JSON_PATH_BYTES
from apigateway.mapping import dialects
from apigateway.mapping.data import Pairs, RequestData, ResponseData
from apigateway.mapping.variables import HEADER, PATH_VARIABLE, QUERY, ContextVariable, StageVariable, parse_shared
from apigateway.suggest import nearest

Side: TypeAlias = Literal["request", "response"]

GRAMMAR: Final[dict[Side, str]] = {
    "request": (
        "expected text, $request.header|querystring.NAME, $request.body, $request.body.PATH, $request.path, "
        "$request.path.NAME, $context.NAME or $stageVariables.NAME, in ${…} where it is a part of the value"
    ),
    "response": (
        "expected text, $response.header.NAME, $response.body, $response.body.PATH, $context.NAME or "
        "$stageVariables.NAME, in ${…} where it is a part of the value"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestHeader:
    """A header of the request; several values are joined by a comma, and the case of its name does not matter."""

    name: str

    def __str__(self) -> str:
        return f"request.header.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestQuery:
    """A query string of the request; several values are joined by a comma, and the case of its name matters."""

    name: str

    def __str__(self) -> str:
        return f"request.querystring.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestBody:
    """The whole body of the request (``path`` None), or a value in its first 100 KB."""

    path: JsonPath | None = None

    def __str__(self) -> str:
        return "request.body" if self.path is None else f"request.body.{self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPath:
    """The path of the request without the stage (``parameter`` None), or one of the route's path parameters."""

    parameter: str | None = None

    def __str__(self) -> str:
        return "request.path" if self.parameter is None else f"request.path.{self.parameter}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseHeader:
    """A header of the response; several values are joined by a comma, and the case of its name does not matter."""

    name: str

    def __str__(self) -> str:
        return f"response.header.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseBody:
    """The whole body of the response (``path`` None), or a value in its first 100 KB."""

    path: JsonPath | None = None

    def __str__(self) -> str:
        return "response.body" if self.path is None else f"response.body.{self.path}"


Variable: TypeAlias = (
    RequestHeader
    | RequestQuery
    | RequestBody
    | RequestPath
    | ResponseHeader
    | ResponseBody
    | ContextVariable
    | StageVariable
)

_PLACE = re.compile(r"(request|response)\.(header|querystring|body|path)(?:\.(.+))?", re.DOTALL)
_HEADER = re.compile(HEADER)
_QUERY = re.compile(QUERY)
_PATH_VARIABLE = re.compile(PATH_VARIABLE)
_check_context = partial(context.check_mapping_variable, "HTTP")


def parse_variable(name: str, side: Side) -> Variable:
    """Read a variable, without ``$`` and braces. Raises ``ExpressionError``."""
    if shared := parse_shared(name, _check_context):
        return shared
    match = _PLACE.fullmatch(name)
    if match and match[1] != side:
        raise ExpressionError(name, f"a {side} mapping cannot read the {match[1]}")
    variable = _PARSERS[side](match[2], match[3]) if match else None
    if variable is None:
        raise _unknown(name, side)
    return variable


def _request_variable(place: str, key: str | None) -> Variable | None:
    match place, key:
        case "header", str() if _HEADER.fullmatch(key):
            return RequestHeader(name=key)
        case "querystring", str() if _QUERY.fullmatch(key):
            return RequestQuery(name=key)
        case "path", None:
            return RequestPath()
        case "path", str() if _PATH_VARIABLE.fullmatch(key):
            return RequestPath(parameter=key)
        case "body", _:
            return RequestBody(path=JsonPath.parse(key) if key else None)
        case _:
            return None


def _response_variable(place: str, key: str | None) -> Variable | None:
    match place, key:
        case "header", str() if _HEADER.fullmatch(key):
            return ResponseHeader(name=key)
        case "body", _:
            return ResponseBody(path=JsonPath.parse(key) if key else None)
        case _:
            return None


_PARSERS: Final[dict[Side, Callable[[str, str | None], Variable | None]]] = {
    "request": _request_variable,
    "response": _response_variable,
}


def _unknown(name: str, side: Side) -> ExpressionError:
    root = name.partition(".")[0]
    near = nearest(root, (side, "context", "stageVariables"))
    proposals = [dialects.variable_for_http(name), f"{near}{name.removeprefix(root)}" if near else None]
    suggestion = next((f'did you mean "{each}"?' for each in proposals if each and _is_variable(each, name, side)), "")
    return ExpressionError(name, f'"{shown(name)}" is not a variable', grammar=GRAMMAR[side], suggestion=suggestion)


def _is_variable(proposal: str, name: str, side: Side) -> bool:
    """Tell whether a proposal for a name is another text, and one that can be read."""
    if proposal == name:
        return False
    try:
        parse_variable(proposal, side)
    except ExpressionError:
        return False
    return True


def read_variable(variable: Variable, data: RequestData | ResponseData) -> str | None:
    """Return what a variable stands for, or None when there is no such thing.

    A JSON path is followed in the first 100 KB of the body, as AWS does: a longer body is cut, and is then not JSON.
    """
    match variable:
        case ContextVariable(name=name):
            return data.context.get(name)
        case StageVariable(name=name):
            return data.stage_variables.get(name)
        case RequestHeader(name=name) | ResponseHeader(name=name):
            return _header(data.headers, name)
        case RequestBody(path=path) | ResponseBody(path=path):
            return _body(data, path)
        case RequestQuery(name=name):
            return _joined([value for key, value in _request(data).query if key == name])
        case RequestPath(parameter=name):
            return _request(data).path if name is None else _request(data).path_parameters.get(name)
        case _:
            assert_never(variable)


def _request(data: RequestData | ResponseData) -> RequestData:
    if isinstance(data, RequestData):
        return data
    raise TypeError("a template of the request's side was evaluated with a response")


def _header(pairs: Pairs, name: str) -> str | None:
    lower = name.lower()
    return _joined([value for key, value in pairs if key.lower() == lower])


def _joined(values: list[str]) -> str | None:
    return ",".join(values) if values else None


def _body(data: RequestData | ResponseData, path: JsonPath | None) -> str | None:
    body = data.body
    if path is None:
        return body if isinstance(body, str) else body.decode("utf-8", "replace")
    if len(body) * 4 <= HTTP_JSON_PATH_BYTES:  # UTF-8 takes four bytes a character at most: no need to count them
        return text_of(path.find_in(data.document))
    encoded = body if isinstance(body, bytes) else body.encode("utf-8", "replace")
    if len(encoded) <= HTTP_JSON_PATH_BYTES:
        return text_of(path.find_in(data.document))
    return text_of(path.find(encoded[:HTTP_JSON_PATH_BYTES]))
