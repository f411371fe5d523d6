"""Request mappings of WebSocket APIs: ``integration.request.header.X: route.request.querystring.X``.

From the AWS page "Set up data mapping for WebSocket APIs in API Gateway". The botocore model writes
``method.request.…`` for the sources; the page, AWS's support articles and users' stacks all write ``route.request.…``,
so that is the only spelling taken here.

On what a repeated or missing value becomes, AWS is silent for WebSocket APIs; the rules of REST APIs are used: the
last value of a repeated parameter, and no mapping at all for a missing one. The whole body is refused as a source,
because AWS's table of sources has fields of the body only.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal, Self, TypeAlias, assert_never, cast

from apigateway import context
from apigateway.errors import ExpressionError
from apigateway.json_path import JsonPath, text_of
from apigateway.mapping import dialects
from apigateway.mapping.data import (
    FRAMING_HEADERS,
    Explained,
    MappedParameter,
    Pairs,
    RequestData,
    RequestPart,
    optional,
    values_of,
)
from apigateway.mapping.variables import (
    PARAMETER,
    ContextVariable,
    StageVariable,
    Static,
    check_length,
    parse_shared,
    parse_static,
)

__all__ = [
    "DESTINATION_GRAMMAR",
    "SOURCE_GRAMMAR",
    "SOURCE_TYPES",
    "BodyField",
    "ContextVariable",
    "Destination",
    "Location",
    "MappedParameter",
    "RequestMapping",
    "RouteLocation",
    "RouteParameter",
    "Source",
    "StageVariable",
    "Static",
    "check_distinct",
    "check_route",
    "evaluate",
    "parse_source",
    "route_parameter",
]

Location: TypeAlias = RequestPart
RouteLocation: TypeAlias = Literal["header", "querystring", "multivalueheader", "multivaluequerystring"]

DESTINATION_GRAMMAR: Final = "expected integration.request.header.NAME, ….querystring.NAME or ….path.NAME"
SOURCE_GRAMMAR: Final = (
    "expected route.request.header|querystring|multivalueheader|multivaluequerystring.NAME, route.request.body.PATH, "
    "context.NAME, stageVariables.NAME or 'text' in single quotes"
)

_DESTINATION = re.compile(rf"integration\.request\.(header|querystring|path)\.({PARAMETER})")
_ROUTE_PARAMETER = re.compile(
    rf"route\.request\.(header|querystring|multivalueheader|multivaluequerystring)\.({PARAMETER})"
)
# API Gateway frames and traces the request itself; a REST API answers 500 to a mapping of one of these ("Amazon API
# Gateway important notes"), and nothing says that a WebSocket API does otherwise.
UNMAPPABLE_HEADERS: Final = FRAMING_HEADERS | {"connection", "upgrade"}
_BODY = "route.request.body"
_PLAIN = re.compile(r"[^'$.{}]+")
_check_context = partial(context.check_mapping_variable, "WEBSOCKET")


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where a value goes in the request to the backend; ``path`` fills a ``{name}`` of the integration's URI."""

    location: Location
    name: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``integration.request.header.X``. Raises ``ExpressionError``."""
        match = _DESTINATION.fullmatch(text)
        if match:
            location, name = cast("Location", match[1]), match[2]
            if location == "header" and name.lower() in UNMAPPABLE_HEADERS:
                raise ExpressionError(text, f"the header {name} is API Gateway's own and cannot be mapped")
            return cls(location=location, name=name)
        suggestion = dialects.suggestion(text, dialects.destination_for_websocket(text), cls.parse)
        if text == "overwrite:path":
            suggestion = "the path stands in the integration's own key path, or in its integrationUri"
        reason = "not a destination of a WebSocket API's mapping"
        raise ExpressionError(text, reason, grammar=DESTINATION_GRAMMAR, suggestion=suggestion)

    def __str__(self) -> str:
        return f"integration.request.{self.location}.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteParameter:
    """A header or query string of the handshake, which ``$connect`` alone can read."""

    location: RouteLocation
    name: str

    def __str__(self) -> str:
        return f"route.request.{self.location}.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyField:
    """A value inside a message."""

    path: JsonPath

    def __str__(self) -> str:
        return f"{_BODY}.{self.path}"


Source: TypeAlias = RouteParameter | BodyField | StageVariable | ContextVariable | Static
SOURCE_TYPES: Final = (RouteParameter, BodyField, StageVariable, ContextVariable, Static)


def parse_source(text: str) -> Source:
    """Read a source of any kind.

    Raises ``ExpressionError``; text of another kind of API is answered with the same source in this dialect.
    """
    try:
        return _source(text)
    except ExpressionError as error:
        raise error.within(text) from error.__cause__


def _source(text: str) -> Source:
    check_length(text, SOURCE_GRAMMAR)
    if match := _ROUTE_PARAMETER.fullmatch(text):
        return RouteParameter(location=cast("RouteLocation", match[1]), name=match[2])
    if text == _BODY:
        reason = "the whole body is not a source of a WebSocket API's mapping"
        raise ExpressionError(text, reason, suggestion="name a field of it: route.request.body.PATH")
    if text.startswith(f"{_BODY}."):
        return BodyField(path=JsonPath.parse(text.removeprefix(f"{_BODY}.")))
    if shared := parse_static(text) or parse_shared(text, _check_context):
        return shared
    reason = "not a source of a WebSocket API's mapping"
    raise ExpressionError(text, reason, grammar=SOURCE_GRAMMAR, suggestion=_same_here(text))


def _same_here(text: str) -> str:
    rewritten = dialects.source_for_websocket(text)
    if _PLAIN.fullmatch(text) and text.isprintable():
        return f"write {rewritten}, or '{text}' for this very text" if rewritten else f"write '{text}'"
    if rewritten is None and "${" in text:
        return "only an HTTP API's mapping has ${…} amid text"
    return dialects.suggestion(text, rewritten, _source)


def route_parameter(source: Source) -> str | None:
    """Return what a route must declare for this source to be read, such as ``route.request.header.Authorization``.

    A declaration names a header or a query string; all of its values are read through the same one.
    """
    if not isinstance(source, RouteParameter):
        return None
    return f"route.request.{source.location.removeprefix('multivalue')}.{source.name}"


def check_route(source: Source, route_key: str) -> str | None:
    """Return why a source cannot be read on a route, or None."""
    match source:
        case RouteParameter() if route_key != "$connect":
            return f"{source} can be read on the $connect route only, not on {route_key}"
        case BodyField() if route_key in {"$connect", "$disconnect"}:
            return f"{source} cannot be read on the {route_key} route, which has no body"
        case _:
            return None


def evaluate(source: Source, request: RequestData) -> tuple[str, ...]:
    """Return the values of a source: none when it is missing, several for a multi-value query string.

    Names are case-sensitive, as in a REST API's mappings; but where no header has just this case, one of another case
    is taken, because HTTP clients and proxies do change it.
    """
    match source:
        case RouteParameter():
            return _parameter(source, request)
        case BodyField(path=path):
            return optional(text_of(path.find_in(request.document)))
        case StageVariable(name=name):
            return optional(request.stage_variables.get(name))
        case ContextVariable(name=name):
            return optional(request.context.get(name))
        case Static(value=value):
            return (value,)
        case _:
            assert_never(source)


def _parameter(source: RouteParameter, request: RequestData) -> tuple[str, ...]:
    name = source.name
    match source.location:
        case "header":
            return _headers(request.headers, name)[-1:]
        case "querystring":
            return values_of(request.query, name)[-1:]
        case "multivalueheader":
            values = _headers(request.headers, name)
            return (",".join(values),) if values else ()
        case "multivaluequerystring":
            return values_of(request.query, name)
        case _:
            assert_never(source.location)


def _headers(pairs: Pairs, name: str) -> tuple[str, ...]:
    lower = name.lower()
    return values_of(pairs, name) or tuple(value for key, value in pairs if key.lower() == lower)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestMapping:
    """The request mapping of one integration."""

    entries: tuple[tuple[Destination, Source], ...]

    @classmethod
    def parse(cls, texts: Mapping[str, str]) -> Self:
        """Read destinations and their sources as AWS writes them. Raises ``ExpressionError`` for the first bad one."""
        entries = tuple((Destination.parse(key), parse_source(value)) for key, value in texts.items())
        for destination, reason in check_distinct(destination for destination, _ in entries):
            raise ExpressionError(str(destination), reason)
        return cls(entries=entries)

    def as_dict(self) -> dict[str, str]:
        """Print what :meth:`parse` read."""
        return {str(destination): str(source) for destination, source in self.entries}

    def apply(self, request: RequestData) -> tuple[MappedParameter, ...]:
        """Evaluate every source; a destination whose source is missing is left out."""
        return tuple(
            MappedParameter.of(destination.location, destination.name, values)
            for destination, source in self.entries
            if (values := evaluate(source, request))
        )

    def explain(self, request: RequestData) -> tuple[Explained, ...]:
        """Say of each entry what its source is in a request."""
        return tuple(
            Explained(destination=str(destination), source=str(source), values=evaluate(source, request))
            for destination, source in self.entries
        )


def check_distinct(destinations: Iterable[Destination]) -> Iterator[tuple[Destination, str]]:
    """Yield each mapping to a header that another maps, its name in another case: which one wins, nobody says.

    A name must be unique (botocore ``CreateIntegration``).
    """
    seen: dict[str, Destination] = {}
    for destination in destinations:
        if destination.location == "header":
            first = seen.setdefault(destination.name.lower(), destination)
            if first != destination:
                yield destination, f"the same header is mapped by {first}"
