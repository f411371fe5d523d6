"""Request and response mappings of HTTP APIs: ``overwrite:header.X: $request.querystring.x``.

From the AWS page "Transform API requests and responses for HTTP APIs in API Gateway"; values are in
:mod:`apigateway.mapping.template`. AWS keeps mappings without an order, so removals are done first, then overwrites,
then appends, and every value is read from the message as it came.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, Self, TypeAlias, cast

from apigateway.errors import ExpressionError
from apigateway.mapping import dialects
from apigateway.mapping.data import Explained, Pairs, RequestData, ResponseData, header_value, optional
from apigateway.mapping.http_variables import (
    RequestBody,
    RequestHeader,
    RequestPath,
    RequestQuery,
    ResponseBody,
    ResponseHeader,
    Side,
    Variable,
)
from apigateway.mapping.template import Template
from apigateway.mapping.variables import HEADER, QUERY, ContextVariable, StageVariable

__all__ = [
    "REQUEST_GRAMMAR",
    "RESPONSE_GRAMMAR",
    "Action",
    "ContextVariable",
    "MappedRequest",
    "MappedResponse",
    "RequestBody",
    "RequestDestination",
    "RequestHeader",
    "RequestMapping",
    "RequestPath",
    "RequestQuery",
    "ResponseBody",
    "ResponseDestination",
    "ResponseHeader",
    "ResponseMapping",
    "Side",
    "StageVariable",
    "Template",
    "Variable",
    "check_distinct",
    "check_pair",
    "is_reserved_header",
    "parse_status",
]

Action: TypeAlias = Literal["append", "overwrite", "remove"]
RequestLocation: TypeAlias = Literal["header", "querystring", "path"]
ResponseLocation: TypeAlias = Literal["header", "statuscode"]

REQUEST_GRAMMAR: Final = (
    "expected append|overwrite|remove:header.NAME, append|overwrite|remove:querystring.NAME or overwrite:path"
)
RESPONSE_GRAMMAR: Final = "expected append|overwrite|remove:header.NAME or overwrite:statuscode"

_RESERVED = re.compile(
    r"(?:access-control|apigw|x-amz|x-amzn)-.*|authorization|connection|content-encoding|content-length"
    r"|content-location|forwarded|keep-alive|origin|proxy-authenticate|proxy-authorization|te|trailers"
    r"|transfer-encoding|upgrade|x-forwarded-for|x-forwarded-host|x-forwarded-proto|via",
    re.IGNORECASE,
)
_HEADER = re.compile(rf"(append|overwrite|remove):header\.({HEADER})")
_QUERY = re.compile(rf"(append|overwrite|remove):querystring\.({QUERY})")
_STATUS = re.compile(r"[2-5][0-9][0-9]")
_ORDER: Final[dict[Action, int]] = {"remove": 0, "overwrite": 1, "append": 2}


def is_reserved_header(name: str) -> bool:
    """Tell whether API Gateway keeps a header to itself (the page's list of reserved headers), in any case."""
    return _RESERVED.fullmatch(name) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDestination:
    """What is done to which part of the request; ``overwrite:path`` has the empty name."""

    action: Action
    location: RequestLocation
    name: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``append:header.X``. Raises ``ExpressionError``, for a reserved header too."""
        if text == "overwrite:path":
            return cls(action="overwrite", location="path", name="")
        if match := _QUERY.fullmatch(text):
            return cls(action=cast("Action", match[1]), location="querystring", name=match[2])
        action, name = _header_destination(text, "request", REQUEST_GRAMMAR)
        return cls(action=action, location="header", name=name)

    def __str__(self) -> str:
        return f"{self.action}:{self.location}" + (f".{self.name}" if self.name else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseDestination:
    """What is done to which part of the response; ``overwrite:statuscode`` has the empty name."""

    action: Action
    location: ResponseLocation
    name: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``append:header.X``. Raises ``ExpressionError``, for a reserved header too."""
        if text == "overwrite:statuscode":
            return cls(action="overwrite", location="statuscode", name="")
        action, name = _header_destination(text, "response", RESPONSE_GRAMMAR)
        return cls(action=action, location="header", name=name)

    def __str__(self) -> str:
        return f"{self.action}:{self.location}" + (f".{self.name}" if self.name else "")


Destination: TypeAlias = RequestDestination | ResponseDestination


def _header_destination(text: str, side: Side, grammar: str) -> tuple[Action, str]:
    match = _HEADER.fullmatch(text)
    if match and is_reserved_header(match[2]):
        raise ExpressionError(text, f'"{match[2]}" is a reserved header, which no mapping can change')
    if match:
        return cast("Action", match[1]), match[2]
    suggestion = _elsewhere(text, side) or _near(text, side)
    raise ExpressionError(
        text, f"not a destination of an HTTP API's {side} mapping", grammar=grammar, suggestion=suggestion
    )


def _elsewhere(text: str, side: Side) -> str:
    """Say where a destination of the other side belongs."""
    if side == "request" and dialects.destination_for_http(text) == "overwrite:statuscode":
        return 'it belongs under responseParameters, by the status: {"404": {"overwrite:statuscode": "403"}}'
    if side == "request":
        return ""
    try:
        RequestDestination.parse(text)
    except ExpressionError:
        return ""
    return "it belongs under requestParameters"


def _near(text: str, side: Side) -> str:
    parse = RequestDestination.parse if side == "request" else ResponseDestination.parse
    return dialects.suggestion(text, dialects.destination_for_http(text), parse)


def check_pair(destination: Destination, template: Template) -> None:
    """Hold a value against its destination.

    A removal has the value ``''`` or none, all else has one; a fixed status code is of 200 to 599. Raises
    ``ExpressionError``.
    """
    text = str(template)
    if destination.action == "remove":
        if text not in {"", "''"}:
            raise ExpressionError(text, f"{destination} takes no value", grammar="expected ''")
        return
    if not text:
        raise ExpressionError(text, f"{destination} needs a value of 1 to 512 characters")
    if destination.location == "statuscode" and template.literal is not None:
        parse_status(template.literal)


def parse_status(text: str) -> int:
    """Read a status code that a mapping can be for or can set: 200 to 599. Raises ``ExpressionError``."""
    if not _STATUS.fullmatch(text):
        raise ExpressionError(text, "not a status code", grammar="expected 200 to 599")
    return int(text)


def check_distinct(destinations: Iterable[Destination]) -> Iterator[tuple[Destination, str]]:
    """Yield each action on a header that another is too, its name in another case: which one wins, nobody says.

    Names of headers are case-insensitive, those of query strings are not.
    """
    seen: dict[tuple[Action, str], Destination] = {}
    for destination in destinations:
        if destination.location == "header":
            first = seen.setdefault((destination.action, destination.name.lower()), destination)
            if first != destination:
                yield destination, f"the same header is mapped by {first}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedRequest:
    """What a request has become: all of its headers and query strings, and its path when that is mapped."""

    headers: Pairs
    query: Pairs
    path: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedResponse:
    """What a response has become: its status code and all of its headers."""

    status: int
    headers: Pairs


RequestEntries: TypeAlias = tuple[tuple[RequestDestination, Template], ...]
ResponseEntries: TypeAlias = tuple[tuple[ResponseDestination, Template], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestMapping:
    """The request mapping of one integration."""

    entries: RequestEntries

    @classmethod
    def parse(cls, texts: Mapping[str, str]) -> Self:
        """Read destinations and values as AWS writes them. Raises ``ExpressionError`` for the first bad one."""
        entries = tuple((RequestDestination.parse(key), Template.parse(value)) for key, value in texts.items())
        _check_entries(entries)
        return cls(entries=entries)

    def as_dict(self) -> dict[str, str]:
        """Print what :meth:`parse` read."""
        return {str(destination): str(template) for destination, template in self.entries}

    def apply(self, request: RequestData) -> MappedRequest:
        """Map a request; a destination whose value is missing stays as it is.

        A header or query string that is mapped follows those that are not, and is spelled as in the mapping.
        """
        headers, query, path = list(request.headers), list(request.query), None
        for destination, template in sorted(self.entries, key=_order):
            value = _new_value(destination, template, request)
            if value is None and destination.action != "remove":
                continue
            match destination.location:
                case "header":
                    headers = _changed(headers, destination, value, fold_case=True)
                case "querystring":
                    query = _changed(query, destination, value, fold_case=False)
                case "path":
                    path = value
        return MappedRequest(headers=tuple(headers), query=tuple(query), path=path)

    def explain(self, request: RequestData) -> tuple[Explained, ...]:
        """Say of each entry what its value is in a request; a removal has none."""
        return _explain(self.entries, request)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseMapping:
    """The response mappings of one integration, by the status code that the integration gave."""

    by_status: Mapping[int, ResponseEntries]

    @classmethod
    def parse(cls, texts: Mapping[str, Mapping[str, str]]) -> Self:
        """Read ``{"404": {"overwrite:statuscode": "403"}}``. Raises ``ExpressionError`` for the first bad text."""
        return cls(by_status={parse_status(status): _response_entries(entries) for status, entries in texts.items()})

    def as_dict(self) -> dict[str, dict[str, str]]:
        """Print what :meth:`parse` read."""
        return {
            str(status): {str(destination): str(template) for destination, template in entries}
            for status, entries in self.by_status.items()
        }

    def apply(self, response: ResponseData) -> MappedResponse:
        """Map a response; a destination whose value is missing stays as it is, as does a status code out of range."""
        status, headers = response.status, list(response.headers)
        for destination, template in sorted(self.by_status.get(status, ()), key=_order):
            value = _new_value(destination, template, response)
            if destination.location == "statuscode":
                status = int(value) if value is not None and _STATUS.fullmatch(value) else status
            elif value is not None or destination.action == "remove":
                headers = _changed(headers, destination, value, fold_case=True)
        return MappedResponse(status=status, headers=tuple(headers))

    def explain(self, response: ResponseData) -> tuple[Explained, ...]:
        """Say of each entry for the response's status what its value is; a removal has none."""
        return _explain(self.by_status.get(response.status, ()), response)


def _response_entries(texts: Mapping[str, str]) -> ResponseEntries:
    entries = tuple((ResponseDestination.parse(key), Template.parse(value, "response")) for key, value in texts.items())
    _check_entries(entries)
    return entries


def _check_entries(entries: RequestEntries | ResponseEntries) -> None:
    for destination, template in entries:
        check_pair(destination, template)
    for destination, reason in check_distinct(destination for destination, _ in entries):
        raise ExpressionError(str(destination), reason)


def _order(entry: tuple[Destination, Template]) -> int:
    return _ORDER[entry[0].action]


def _new_value(destination: Destination, template: Template, data: RequestData | ResponseData) -> str | None:
    """Return the value to put in; None for a removal and for one that is missing."""
    if destination.action == "remove":
        return None
    value = template.evaluate(data)
    return header_value(value) if value is not None and destination.location == "header" else value


def _explain(entries: RequestEntries | ResponseEntries, data: RequestData | ResponseData) -> tuple[Explained, ...]:
    return tuple(
        Explained(
            destination=str(destination), source=str(template), values=optional(_new_value(destination, template, data))
        )
        for destination, template in entries
    )


def _changed(
    pairs: list[tuple[str, str]],
    destination: Destination,
    value: str | None,
    *,
    fold_case: bool,
) -> list[tuple[str, str]]:
    name = destination.name
    if destination.action != "append":
        wanted = name.lower()
        pairs = [pair for pair in pairs if (pair[0].lower() != wanted if fold_case else pair[0] != name)]
    return pairs if value is None else [*pairs, (name, value)]
