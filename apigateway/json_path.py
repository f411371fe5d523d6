r"""JSON paths into a body: the part after ``body.`` in ``$request.body.order.items[0].id``.

A path is written without ``$.`` and has neither recursive descent (``..``) nor filters (``?(…)``): AWS page
"Transform API requests and responses for HTTP APIs". Names after a dot may hold anything but white space and
``. [ ] { } ( ) ' " \ $ * @ ? ,``; a name that does is written ``['…']``. Braces never occur: they would end a
``${…}`` variable.
"""

import json
import re
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, NoReturn, Self, TypeAlias, cast

from jsonpath import JSONPath, JSONPathEnvironment, JSONPathError

from apigateway.errors import ExpressionError, shown

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"


class Missing(Enum):
    """The type of :data:`MISSING`."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING
"""Stands for no value where JSON's ``null`` is a value."""

Found: TypeAlias = "JsonValue | Missing"
"""What a path leads to."""

GRAMMAR: Final = "expected a JSON path such as order.items[0].id: names joined by dots, [0], ['name'], [*], [0:2]"

_ENVIRONMENT = JSONPathEnvironment(strict=True)
_NAME = r"[^\s.\[\]{}()'\"\\$*@?,]+"
_BRACKET = r"\[(?:'[^'\\{}]*'|\"[^\"\\{}]*\"|[0-9:,* -])+\]"
_PATH = re.compile(rf"{_NAME}(?:\.{_NAME}|\.\*|{_BRACKET})*")
_NAMES = re.compile(rf"{_NAME}(?:\.{_NAME})*")
_SEGMENT = re.compile(rf"\.(?P<name>{_NAME})|(?P<as_it_is>\.\*|{_BRACKET})")


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonPath:
    """A path that is parsed and compiled once."""

    text: str
    """As written, without ``$.``."""

    query: JSONPath = field(compare=False, repr=False)
    """The compiled path."""

    singular: bool = field(compare=False, repr=False)
    """Whether it can name one value at most."""

    names: tuple[str, ...] = field(compare=False, repr=False)
    """The names of a path that has nothing else, as most have; they are looked up without the library."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``order.items[0].id``. Raises ``ExpressionError``."""
        if not _PATH.fullmatch(text):
            raise _not_a_path(text)
        try:
            query = _ENVIRONMENT.compile(_standard(text))
        except JSONPathError as error:
            raise _not_a_path(text) from error
        if not isinstance(query, JSONPath):  # the grammar above has no operators that would join two paths
            raise _not_a_path(text)
        names = tuple(text.split(".")) if _NAMES.fullmatch(text) else ()
        return cls(text=text, query=query, singular=query.singular_query(), names=names)

    def __str__(self) -> str:
        return self.text

    def find(self, body: str | bytes) -> Found:
        """Read the value out of a body; see :meth:`find_in`. A body that is not JSON has no values."""
        return self.find_in(JsonDocument(body))

    def find_in(self, document: "JsonDocument") -> Found:
        """Read the value out of a document: ``MISSING`` when there is none.

        A path that can name several values (``[*]``, ``[0:2]``) gives the list of those that are there.
        """
        content = document.content
        if self.names:
            return _look_up(content, self.names)
        if not isinstance(content, dict):  # a path begins with a name
            return MISSING
        found = cast("list[JsonValue]", self.query.findall(content))
        if not found:
            return MISSING
        return found[0] if self.singular else found


def _look_up(content: Found, names: tuple[str, ...]) -> Found:
    for name in names:
        if not isinstance(content, dict) or name not in content:
            return MISSING
        content = content[name]
    return content


class JsonDocument:
    """A body that is read as JSON at most once, and only when it is asked for."""

    __slots__ = ("_content", "_is_read", "body")

    def __init__(self, body: str | bytes) -> None:
        self.body = body
        self._content: Found = MISSING
        self._is_read = False

    @property
    def content(self) -> Found:
        """The JSON value, or ``MISSING`` when the body is not JSON."""
        if not self._is_read:
            self._content = _read(self.body)
            self._is_read = True
        return self._content


def text_of(value: Found) -> str | None:
    """Render a value, or give None where there is none. JSON's ``null`` counts as no value: AWS is silent on it."""
    return None if value is MISSING or value is None else render(value)


def render(value: JsonValue) -> str:
    """Print a value into a parameter: a string as it is, all else as compact JSON.

    Half of a surrogate pair, which JSON's escapes can express and UTF-8 cannot, becomes U+FFFD.
    """
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_DECODER: Final = json.JSONDecoder(parse_constant=_refuse_constant)
"""Made once: ``json.loads`` would make one for each body."""


def _read(body: str | bytes) -> Found:
    try:
        text = body if isinstance(body, str) else body.decode(json.detect_encoding(body), "surrogatepass")
        content: JsonValue = _DECODER.decode(text)
    except (ValueError, RecursionError):  # not JSON, not UTF-8, or nested deeper than the interpreter reads
        return MISSING
    return content


def _standard(text: str) -> str:
    """Spell a path as RFC 9535 does, which allows fewer characters in a name after a dot than API Gateway."""
    return "$" + _SEGMENT.sub(lambda segment: segment["as_it_is"] or f"['{segment['name']}']", f".{text}")


def _not_a_path(text: str) -> ExpressionError:
    if text.startswith("$"):
        return ExpressionError(text, 'a JSON path is written without "$."', grammar=GRAMMAR)
    if ".." in text:
        return ExpressionError(text, 'a JSON path cannot descend with ".."', grammar=GRAMMAR)
    if "?" in text:
        return ExpressionError(text, "a JSON path cannot hold a filter", grammar=GRAMMAR)
    return ExpressionError(text, f'"{shown(text)}" is not a JSON path', grammar=GRAMMAR)
