"""What a mapping reads, and what every dialect does with what it found."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, Self, TypeAlias

from apigateway.json_path import JsonDocument

Pairs: TypeAlias = tuple[tuple[str, str], ...]
"""Names and values in the order in which they arrived; a name may occur several times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestData:
    """A request as a client sent it: mappings never see what another mapping made of it."""

    headers: Pairs
    query: Pairs
    """Decoded names and values."""

    path: str
    """Begins with ``/`` and does not hold the stage."""

    path_parameters: Mapping[str, str]
    """What the route's ``{name}`` and ``{name+}`` stand for, as they were sent."""

    body: str | bytes
    context: Mapping[str, str]
    """``$context`` variables by their dotted names, such as ``identity.sourceIp``."""

    stage_variables: Mapping[str, str]
    document: JsonDocument = field(init=False, repr=False, compare=False)
    """The body as JSON, shared by all the mappings of the request."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "document", JsonDocument(self.body))


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseData:
    """A response as the integration gave it."""

    status: int
    headers: Pairs
    body: str | bytes
    context: Mapping[str, str]
    stage_variables: Mapping[str, str]
    document: JsonDocument = field(init=False, repr=False, compare=False)
    """The body as JSON, shared by all the mappings of the response."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "document", JsonDocument(self.body))


RequestPart: TypeAlias = Literal["path", "querystring", "header"]
"""Where ``integration.request.…`` puts a value, in WebSocket and REST APIs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedParameter:
    """One path parameter, query string or header of the request to the backend, with at least one value.

    The value of a header is safe to send. Those of the other two are not yet percent-encoded, but for static text,
    whose author has encoded it.
    """

    location: RequestPart
    name: str
    values: tuple[str, ...]

    @classmethod
    def of(cls, location: RequestPart, name: str, values: tuple[str, ...]) -> Self:
        """Make one of values as a source has them."""
        safe = tuple(map(header_value, values)) if location == "header" else values
        return cls(location=location, name=name, values=safe)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One mapping as it stands in a stack, and what it came to for one request or one response."""

    destination: str
    source: str
    values: tuple[str, ...]
    """None of them where the source is missing; several for a multi-value query string."""


FRAMING_HEADERS: Final = frozenset(
    {"content-length", "transfer-encoding", "x-amzn-trace-id", "x-amzn-apigateway-api-id"}
)
"""Headers that API Gateway writes itself: a REST API answers 500 to every request for which a mapping would.

Source: API Gateway Developer Guide, "Important notes".
"""


def values_of(pairs: Pairs, name: str) -> tuple[str, ...]:
    """Return the values of a name, in just this case of letters."""
    return tuple(value for key, value in pairs if key == name)


def optional(value: str | None) -> tuple[str, ...]:
    """Return the values of a source that has one at most."""
    return () if value is None else (value,)


_BREAKS = re.compile(r"[\r\n\0]+")


def header_value(text: str) -> str:
    """Make text safe as a header's value: each run of CR, LF and NUL becomes one space.

    A body field may hold them, and in a header they would begin another one. AWS does not say what it does.
    """
    return _BREAKS.sub(" ", text)
