"""What the page asks for, read once: bodies and first frames that are JSON of a known shape."""

import json
from dataclasses import dataclass
from typing import NoReturn

from apigateway.errors import GatelinkError
from apigateway.json_path import JsonValue
from apigateway.mapping.data import Pairs


class AskedError(GatelinkError):
    """What the page asked for makes no sense: the answer is 400."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRequest:
    """An HTTP request to send to an API."""

    api: str
    method: str
    path: str
    headers: Pairs
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedSocket:
    """A WebSocket to open."""

    api: str
    path: str
    headers: Pairs
    protocols: tuple[str, ...]


def read_request(text: str) -> AskedRequest:
    """Read the body of ``POST /api/requests``. Raises AskedError."""
    fields = _fields(text)
    return AskedRequest(
        api=_text(fields, "api"),
        method=_token(fields, "method"),
        path=_path(fields),
        headers=_pairs(fields),
        body=_text(fields, "body", ""),
    )


def read_socket(text: str) -> AskedSocket:
    """Read the first frame of ``/api/sockets``. Raises AskedError."""
    fields = _fields(text)
    protocols = fields.get("protocols", [])
    if not isinstance(protocols, list):
        _refuse("protocols", "a list of texts", protocols)
    return AskedSocket(
        api=_text(fields, "api"),
        path=_path(fields),
        headers=_pairs(fields),
        protocols=tuple(
            item if isinstance(item, str) else _refuse("protocols", "a list of texts", protocols) for item in protocols
        ),
    )


def _fields(text: str) -> dict[str, JsonValue]:
    try:
        document: JsonValue = json.loads(text)
    except (ValueError, RecursionError):
        raise AskedError("must be JSON") from None
    if not isinstance(document, dict):
        _refuse("what is asked", "an object", document)
    return document


def _text(fields: dict[str, JsonValue], name: str, default: str | None = None) -> str:
    value = fields.get(name, default)
    return value if isinstance(value, str) else _refuse(name, "a text", value)


def _token(fields: dict[str, JsonValue], name: str) -> str:
    value = _text(fields, name)
    return value if value.isascii() and value.isalpha() else _refuse(name, "letters alone", value)


def _path(fields: dict[str, JsonValue]) -> str:
    value = _text(fields, "path")
    fits = value.startswith("/") and value.isascii() and value.isprintable() and not {" ", "#"} & set(value)
    return value if fits else _refuse("path", 'a path that begins with "/", its other characters escaped', value)


def _pairs(fields: dict[str, JsonValue]) -> Pairs:
    expected = 'a list of pairs such as ["Accept", "text/html"]'
    value = fields.get("headers", [])
    if not isinstance(value, list):
        _refuse("headers", expected, value)
    found: list[tuple[str, str]] = []
    for pair in value:
        match pair:
            case [str() as name, str() as text] if name and not {"\r", "\n", "\0"} & set(name + text):
                found.append((name, text))
            case _:
                _refuse("headers", expected, pair)
    return tuple(found)


def _refuse(name: str, expected: str, value: JsonValue) -> NoReturn:
    raise AskedError(f"{name} must be {expected}, got {json.dumps(value)}")
