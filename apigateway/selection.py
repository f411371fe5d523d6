r"""Route selection expressions of WebSocket APIs: ``$request.body.action``.

From the AWS pages "WebSocket selection expressions" and "Create routes for WebSocket APIs in API Gateway". A variable
stands in braces, or without them as the whole expression; a ``$`` that begins no variable is written ``\$``.
"""

import re
from dataclasses import dataclass
from typing import Final, Self

from apigateway.errors import ExpressionError
from apigateway.json_path import MISSING, Found, JsonDocument, JsonPath, JsonValue, render

GRAMMAR: Final = r'expected $request.body.PATH, ${request.body.PATH} amid text, or text with "$" written as "\$"'

_TOKEN = re.compile(r"(?P<escaped>\\\$)|\$\{(?P<name>[^{}]*)\}|(?P<dollar>\$)|(?P<text>[^\\$]+|\\)")
_BARE = re.compile(r"\$([A-Za-z][^${}\\]*)")
_BODY: Final = "request.body."


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionExpression:
    """An expression, parsed once: text (its ``$`` not escaped) and paths into the message in turn."""

    parts: tuple[str | JsonPath, ...]
    braced: bool = True
    """False for a variable that is the whole expression and stands without braces."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an expression. Raises ``ExpressionError``."""
        if not text:
            raise ExpressionError(text, "a selection expression cannot be empty", grammar=GRAMMAR)
        if bare := _BARE.fullmatch(text):
            return cls(parts=(_path(text, bare[1]),), braced=False)
        return cls(parts=_parts(text))

    def __str__(self) -> str:
        if not self.braced:
            return "".join(f"${_BODY}{part}" for part in self.parts)
        return "".join(
            part.replace("$", r"\$") if isinstance(part, str) else f"${{{_BODY}{part}}}" for part in self.parts
        )

    def evaluate(self, message: str) -> str | None:
        """Return the selected route key; None when the message is not JSON, for which ``$default`` is chosen.

        What is missing is the empty text, and so is JSON's ``null``; a structure is printed as in ``[item1, item2]``.
        """
        document = JsonDocument(message)
        if document.content is MISSING:
            return None
        return "".join(part if isinstance(part, str) else _text(part.find_in(document)) for part in self.parts)


def _parts(text: str) -> tuple[str | JsonPath, ...]:
    parts: list[str | JsonPath] = []
    literal = ""
    for token in _TOKEN.finditer(text):
        if token["dollar"]:
            raise _bad_dollar(text, text[token.start() :])
        if token["name"] is None:
            literal += "$" if token["escaped"] else token["text"]
            continue
        if literal:
            parts.append(literal)
            literal = ""
        parts.append(_path(text, token["name"]))
    return (*parts, literal) if literal else tuple(parts)


def _path(text: str, name: str) -> JsonPath:
    if not name.startswith(_BODY):
        raise ExpressionError(text, f'"{name}" cannot select a route of a WebSocket API', grammar=GRAMMAR)
    try:
        return JsonPath.parse(name.removeprefix(_BODY))
    except ExpressionError as error:
        raise error.within(text) from None


def _bad_dollar(text: str, rest: str) -> ExpressionError:
    if rest.startswith("${"):
        return ExpressionError(text, f'"{rest}" has no closing brace', grammar=GRAMMAR)
    return ExpressionError(text, 'a variable amid text must be in braces, and any other "$" escaped', grammar=GRAMMAR)


def _text(value: Found) -> str:
    return "" if value is MISSING or value is None else _print(value)


def _print(value: JsonValue) -> str:
    match value:
        case list():
            return f"[{', '.join(map(_print, value))}]"
        case dict():
            return "{" + ", ".join(f"{name}={_print(item)}" for name, item in value.items()) + "}"
        case _:
            return render(value)
