"""Request and response mappings of REST APIs: ``integration.request.header.X: method.request.querystring.x``.

From the AWS pages "Parameter mapping for REST APIs in API Gateway" and "Parameter mapping source reference for REST
APIs in API Gateway"; sources are in :mod:`apigateway.mapping.rest_sources`. Only an integration that is no proxy has a
response mapping. The empty text ``''`` is a value: it blanks a header that the client sent.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, Self, TypeAlias, TypeVar, cast

from apigateway.errors import ExpressionError
from apigateway.mapping import dialects
from apigateway.mapping.data import (
    FRAMING_HEADERS,
    Explained,
    MappedParameter,
    RequestData,
    RequestPart,
    ResponseData,
    header_value,
    optional,
)
from apigateway.mapping.rest_sources import (
    GRAMMAR,
    IntegrationBody,
    IntegrationHeader,
    InvalidJsonError,
    MethodBody,
    MethodParameter,
    RequestSource,
    ResponseSource,
    Side,
    declared_parameter,
    evaluate,
    evaluate_response,
    parse_response_source,
    parse_source,
)
from apigateway.mapping.variables import PARAMETER, ContextVariable, StageVariable, Static

__all__ = [
    "DESTINATION_GRAMMAR",
    "GRAMMAR",
    "REQUEST_SOURCE_TYPES",
    "RESPONSE_DESTINATION_GRAMMAR",
    "RESPONSE_SOURCE_TYPES",
    "ContextVariable",
    "Destination",
    "IntegrationBody",
    "IntegrationHeader",
    "IntegrationType",
    "InvalidJsonError",
    "Location",
    "MappedHeader",
    "MappedParameter",
    "MethodBody",
    "MethodParameter",
    "RequestMapping",
    "RequestSource",
    "ResponseDestination",
    "ResponseMapping",
    "ResponseSource",
    "Side",
    "StageVariable",
    "Static",
    "check_distinct",
    "check_header",
    "check_headers",
    "declared_parameter",
    "evaluate",
    "evaluate_response",
    "parse_response_source",
    "parse_source",
]

Location: TypeAlias = RequestPart
IntegrationType: TypeAlias = Literal["HTTP", "HTTP_PROXY", "AWS", "AWS_PROXY", "MOCK"]

DESTINATION_GRAMMAR: Final = "expected integration.request.path.NAME, ….querystring.NAME or ….header.NAME"
RESPONSE_DESTINATION_GRAMMAR: Final = "expected method.response.header.NAME"

REQUEST_SOURCE_TYPES: Final = (MethodParameter, MethodBody, StageVariable, ContextVariable, Static)
RESPONSE_SOURCE_TYPES: Final = (IntegrationHeader, IntegrationBody, StageVariable, ContextVariable, Static)
"""What a source can be, once it is read."""

_DESTINATION = re.compile(rf"integration\.request\.(path|querystring|header)\.({PARAMETER})")
_RESPONSE_DESTINATION = re.compile(rf"method\.response\.header\.({PARAMETER})")
_FRAMING_RESPONSE_HEADERS: Final = frozenset({"connection", "content-length", "transfer-encoding"})
"""Headers that say where a response ends; of ``Content-Length``, Important notes: "generated based on body"."""

_UNMAPPABLE_FOR_AWS: Final = frozenset({"authorization", "connection", "expect", "proxy-authenticate", "te"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where a value goes in the request to the backend; ``path`` fills a ``{name}`` of the integration's URI."""

    location: Location
    name: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``integration.request.header.X``. Raises ``ExpressionError``, for a header of API Gateway's own too."""
        match = _DESTINATION.fullmatch(text)
        if match:
            location, name = cast("Location", match[1]), match[2]
            if location == "header" and name.lower() in FRAMING_HEADERS:
                raise ExpressionError(text, f"the header {name} is API Gateway's own and cannot be mapped")
            return cls(location=location, name=name)
        suggestion = dialects.suggestion(text, dialects.destination_for_rest(text, "request"), cls.parse)
        if text == "overwrite:path":
            suggestion = "the path stands in the integration's own key path, or in its integrationUri"
        elif _RESPONSE_DESTINATION.fullmatch(text):
            suggestion = "it belongs under integrationResponses"
        reason = "not a destination of a REST API's request mapping"
        raise ExpressionError(text, reason, grammar=DESTINATION_GRAMMAR, suggestion=suggestion)

    def __str__(self) -> str:
        return f"integration.request.{self.location}.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseDestination:
    """A header of the response to the client, which the method's response of that status must declare."""

    name: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``method.response.header.X``. Raises ``ExpressionError``."""
        if match := _RESPONSE_DESTINATION.fullmatch(text):
            if match[1].lower() in _FRAMING_RESPONSE_HEADERS:
                reason = f"the header {match[1]} frames the response, which API Gateway does by the body that it sends"
                raise ExpressionError(text, reason)
            return cls(name=match[1])
        suggestion = dialects.suggestion(text, dialects.destination_for_rest(text, "response"), cls.parse)
        if dialects.sets_status(text):
            suggestion = "the status is the response's own key, or $context.responseOverride.status of its template"
        elif _DESTINATION.fullmatch(text):
            suggestion = "it belongs under the integration's requestParameters"
        reason = "not a destination of a REST API's response mapping"
        raise ExpressionError(text, reason, grammar=RESPONSE_DESTINATION_GRAMMAR, suggestion=suggestion)

    def __str__(self) -> str:
        return f"method.response.header.{self.name}"


_Destination = TypeVar("_Destination", Destination, ResponseDestination)


def check_header(destination: Destination, integration_type: IntegrationType) -> str | None:
    """Return why an integration of this type cannot have a header mapped, or None.

    Beside the headers that no mapping may name, a request to an AWS service fails for a few more.
    """
    is_aws = integration_type in {"AWS", "AWS_PROXY"}
    if not is_aws or destination.location != "header" or destination.name.lower() not in _UNMAPPABLE_FOR_AWS:
        return None
    return f"{destination} makes every request of an {integration_type} integration fail with 500"


def check_headers(destinations: Iterable[_Destination]) -> Iterator[tuple[_Destination, str]]:
    """Yield each mapping to a header that another maps, its name in another case: which one wins, nobody says."""
    seen: dict[str, _Destination] = {}
    for destination in destinations:
        if isinstance(destination, Destination) and destination.location != "header":
            continue
        first = seen.setdefault(destination.name.lower(), destination)
        if first != destination:
            yield destination, f"the same header is mapped by {first}"


def check_distinct(declarations: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each declaration of a method, such as ``method.request.header.X``, whose name another place has.

    API Gateway refuses the method: "Parameter names must be unique across querystring, header and path". What the
    integration's request is given under one name in two places is no matter of this rule.
    """
    seen: dict[str, str] = {}
    for declaration in declarations:
        name = declaration.split(".", 3)[-1]
        first = seen.setdefault(name, declaration)
        if first != declaration:
            yield declaration, f'the name "{name}" is taken by {first}: it is unique across query string, header, path'


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestMapping:
    """The request mapping of one integration."""

    entries: tuple[tuple[Destination, RequestSource], ...]

    @classmethod
    def parse(cls, texts: Mapping[str, str]) -> Self:
        """Read destinations and their sources as AWS writes them. Raises ``ExpressionError`` for the first bad one."""
        entries = tuple((Destination.parse(key), parse_source(value)) for key, value in texts.items())
        for destination, reason in check_headers(destination for destination, _ in entries):
            raise ExpressionError(str(destination), reason)
        mapping = cls(entries=entries)
        for declaration, reason in check_distinct(mapping.declarations()):
            raise ExpressionError(declaration, reason)
        return mapping

    def as_dict(self) -> dict[str, str]:
        """Print what :meth:`parse` read."""
        return {str(destination): str(source) for destination, source in self.entries}

    def declarations(self) -> tuple[str, ...]:
        """Return what the method must declare, each once and in order."""
        found = (declared_parameter(source) for _, source in self.entries)
        return tuple(dict.fromkeys(declaration for declaration in found if declaration))

    def apply(self, request: RequestData) -> tuple[MappedParameter, ...]:
        """Evaluate every source; a destination whose source is missing is left out. Raises ``InvalidJsonError``."""
        return tuple(
            MappedParameter.of(destination.location, destination.name, values)
            for destination, source in self.entries
            if (values := evaluate(source, request))
        )

    def explain(self, request: RequestData) -> tuple[Explained, ...]:
        """Say of each entry what its source is in a request. Raises ``InvalidJsonError``."""
        return tuple(
            Explained(destination=str(destination), source=str(source), values=evaluate(source, request))
            for destination, source in self.entries
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedHeader:
    """One header of the response to the client, safe to send."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseMapping:
    """The response mapping of one status of an integration."""

    entries: tuple[tuple[ResponseDestination, ResponseSource], ...]

    @classmethod
    def parse(cls, texts: Mapping[str, str]) -> Self:
        """Read destinations and their sources as AWS writes them. Raises ``ExpressionError`` for the first bad one."""
        entries = tuple((ResponseDestination.parse(key), parse_response_source(value)) for key, value in texts.items())
        for destination, reason in check_headers(destination for destination, _ in entries):
            raise ExpressionError(str(destination), reason)
        return cls(entries=entries)

    def as_dict(self) -> dict[str, str]:
        """Print what :meth:`parse` read."""
        return {str(destination): str(source) for destination, source in self.entries}

    def apply(self, response: ResponseData) -> tuple[MappedHeader, ...]:
        """Evaluate every source; a header whose source is missing is left out. Raises ``InvalidJsonError``."""
        return tuple(
            MappedHeader(name=destination.name, value=header_value(value))
            for destination, source in self.entries
            if (value := evaluate_response(source, response)) is not None
        )

    def explain(self, response: ResponseData) -> tuple[Explained, ...]:
        """Say of each entry what its source is in a response. Raises ``InvalidJsonError``."""
        return tuple(
            Explained(
                destination=str(destination),
                source=str(source),
                values=optional(evaluate_response(source, response)),
            )
            for destination, source in self.entries
        )
