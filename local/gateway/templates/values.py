"""The values of a template: those of JSON, and a few objects; how Java prints them, and what members they have.

Velocity hands ``$x.name`` to the Java object behind ``$x``. Here a member is looked up by hand, so that a template
never reaches an attribute of Python.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeAlias, TypeGuard, runtime_checkable

from apigateway.errors import TemplateError
from apigateway.json_path import JsonValue

LONGEST: Final = 10 * 1024 * 1024
"""How long a text may get: the quota "payload size". A template that doubles a text in a loop ends here."""

_MOST_PIECES: Final = 300_000  # of a value that is printed: a list may hold another one twice, and that a third

Method: TypeAlias = Callable[..., object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """An object that API Gateway provides, such as ``$util``."""

    properties: Mapping[str, object] = field(default_factory=dict)
    methods: Mapping[str, Method] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """A member of a map, as ``entrySet()`` gives it."""

    key: str
    value: object


class JsonArray(list[object]):
    """A list out of a JSON text: it prints as JSON, unlike a list that a template makes."""


@runtime_checkable
class Fields(Protocol):
    """An object with its own idea of which members can be set."""

    def get(self, name: str) -> object:
        """Return a member, or None."""

    def put(self, name: str, value: object) -> None:
        """Set a member, or raise ``TemplateError``."""


def from_json(value: JsonValue) -> object:
    """Copy a JSON value into one that a template may read and change."""
    if isinstance(value, dict):
        return {name: from_json(member) for name, member in value.items()}
    if isinstance(value, list):
        return JsonArray(map(from_json, value))
    return value


def property_of(value: object, name: str) -> object:
    """Return ``$value.name``: None when there is none."""
    if isinstance(value, Tool):
        return value.properties.get(name)
    if isinstance(value, Entry):
        return {"key": value.key, "value": value.value}.get(name)
    if isinstance(value, dict | Fields):
        return value.get(name)
    return None


def item_of(value: object, index: object) -> object:
    """Return ``$value[index]``: None when there is none."""
    if isinstance(value, list):
        return value[index] if is_integer(index) and -len(value) <= index < len(value) else None
    return property_of(value, text_of(index))


def put(value: object, key: object, member: object) -> None:
    """Do ``#set($value.key = member)``, or ``$value[key]``."""
    if isinstance(value, Fields):
        value.put(text_of(key), member)
    elif isinstance(value, dict):
        value[text_of(key)] = member
    elif isinstance(value, list) and is_integer(key):
        value[key] = member
    else:
        raise TemplateError(f'there is nothing to set "{text_of(key)}" on')


def items_of(value: object) -> list[object]:
    """Return what ``#foreach`` visits: of a map its values; nothing of what is no collection."""
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def text_of(value: object) -> str:
    """Print a value as Java's ``toString()`` does: ``{name=Ada, tags=[a, b]}``. None prints nothing."""
    if value is None:
        return ""
    return value if isinstance(value, str) else _joined(_pieces(value))


def _joined(pieces: Iterator[str]) -> str:
    parts: list[str] = []
    length = 0
    for piece in pieces:
        parts.append(piece)
        length += len(piece)
        if length > LONGEST:
            raise too_long()
        if len(parts) > _MOST_PIECES:
            raise TemplateError("a value has too many members to be printed")
    return "".join(parts)


def _pieces(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case JsonArray() | None | bool():
            yield from _json_pieces(value)
        case list():
            yield from _separated("[", ", ", "]", map(_pieces, value))
        case dict():
            yield from _separated("{", ", ", "}", (_prefixed(f"{key}=", _pieces(item)) for key, item in value.items()))
        case Entry():
            yield from _prefixed(f"{value.key}=", _pieces(value.value))
        case int() | float():
            yield str(value)
        case _:
            yield ""  # API Gateway's own objects: what they print on AWS is of no use to a template


def _json_pieces(value: object) -> Iterator[str]:
    match value:
        case list():
            yield from _separated("[", ",", "]", map(_json_pieces, value))
        case dict():
            members = (_prefixed(f"{_json(str(key))}:", _json_pieces(item)) for key, item in value.items())
            yield from _separated("{", ",", "}", members)
        case str() | bool() | int() | float() | None:
            yield _json(value)
        case _:
            yield _json(text_of(value))


def _separated(start: str, comma: str, end: str, members: Iterator[Iterator[str]]) -> Iterator[str]:
    yield start
    for index, member in enumerate(members):
        if index:
            yield comma
        yield from member
    yield end


def _prefixed(prefix: str, pieces: Iterator[str]) -> Iterator[str]:
    yield prefix
    yield from pieces


def _json(value: str | float | None) -> str:
    return json.dumps(value, ensure_ascii=False)


def too_long() -> TemplateError:
    """Return the error of a template whose values grow without end."""
    return TemplateError(f"a text may be of at most {LONGEST:,} characters")


def is_integer(value: object) -> TypeGuard[int]:
    """Tell whether a value is a whole number: to Python, ``True`` is one too."""
    return isinstance(value, int) and not isinstance(value, bool)
