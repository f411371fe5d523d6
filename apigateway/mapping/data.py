"""What a mapping reads, and what every dialect does with what it found."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

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


_BREAKS = re.compile(r"[\r\n\0]+")


def header_value(text: str) -> str:
    """Make text safe as a header's value: each run of CR, LF and NUL becomes one space.

    A body field may hold them, and in a header they would begin another one. AWS does not say what it does.
    """
    return _BREAKS.sub(" ", text)
