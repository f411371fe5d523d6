"""Route keys: what chooses a route, in HTTP APIs and in WebSocket APIs.

From the AWS pages "Create routes for HTTP APIs in API Gateway" and "Create routes for WebSocket APIs in API Gateway".
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final, Self, TypeAlias

from apigateway.errors import ExpressionError
from apigateway.suggest import nearest

METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY")
"""The methods of an HTTP API's routes."""

_SENT: Final = frozenset(METHODS) - {"ANY"}
"""What ``ANY`` and ``$default`` stand for."""

WEBSOCKET_ROUTES: Final = ("$connect", "$disconnect", "$default")
"""The routes of a WebSocket API that API Gateway itself names."""

HTTP_GRAMMAR: Final = 'expected "METHOD /path" or "$default"'
WEBSOCKET_GRAMMAR: Final = 'expected $connect, $disconnect, $default or a key that does not begin with "$"'

_KEY = re.compile(r"(?P<method>\S+) (?P<path>/\S*)")
_VARIABLE = re.compile(r"\{(?P<name>[A-Za-z0-9._-]+)(?P<greedy>\+?)\}")
_ANY_PATH = re.compile(r".*", re.DOTALL)
_STATIC = re.compile(r"[^\s{}?#]+")

_Rank: TypeAlias = tuple[bool, int, tuple[bool, ...], bool, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Segment:
    text: str
    """Static text, or the name of a variable."""

    variable: bool = False
    greedy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRouteKey:
    """``GET /pets/{id}``, or ``$default``, whose method is ``$default`` and whose path is empty."""

    method: str
    path: str
    variables: tuple[str, ...] = field(compare=False)
    """The names of the path's variables, without braces and ``+``."""

    pattern: re.Pattern[str] = field(compare=False, repr=False)
    """The paths that the route takes."""

    rank: _Rank = field(compare=False, repr=False)
    """The lower of two that match is chosen."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a route key. Raises ``ExpressionError``."""
        if text == "$default":
            return cls(method=text, path="", variables=(), pattern=_ANY_PATH, rank=_rank(text, ()))
        match = _KEY.fullmatch(text)
        if not match:
            raise ExpressionError(
                text, "not a route key of an HTTP API", grammar=HTTP_GRAMMAR, suggestion=_repaired(text)
            )
        method, path = match["method"], match["path"]
        if method not in METHODS:
            near = nearest(method.upper(), METHODS)
            suggestion = f'did you mean "{near}"?' if near else ""
            grammar = f"expected one of {', '.join(METHODS)}"
            raise ExpressionError(
                text, f'"{method}" is not a method of a route', grammar=grammar, suggestion=suggestion
            )
        segments = _segments(text, path)
        return cls(
            method=method,
            path=path,
            variables=tuple(segment.text for segment in segments if segment.variable),
            pattern=_pattern(segments),
            rank=_rank(method, segments),
        )

    def __str__(self) -> str:
        return f"{self.method} {self.path}" if self.path else self.method

    @property
    def is_default(self) -> bool:
        """Whether this is ``$default``, which takes what no other route does."""
        return not self.path


def choose_http_route(
    keys: Iterable[HttpRouteKey], method: str, path: str
) -> tuple[HttpRouteKey, dict[str, str]] | None:
    """Choose the route of a request and read its path parameters; None when no route takes it.

    A route whose path matches in full comes before a greedy one, static segments before variables from left to right,
    longer greedy paths before shorter ones, then an explicit method before ``ANY``, and ``$default`` last. That a full
    path with ``ANY`` comes before a greedy one with the method is our reading of AWS's order. A variable stands for
    one segment that is not empty and a greedy one for the rest of the path, neither of them percent-decoded; a slash
    at the end makes another path. The rest may be empty after its slash: ``GET /metrics/`` has been seen to come to
    ``GET /metrics/{proxy+}``. No route takes a method that no key can name, such as TRACE. The order of ``keys`` does
    not matter.
    """
    if method not in _SENT:
        return None
    matches = [
        (key, match)
        for key in keys
        if (key.method in {method, "ANY"} or key.is_default) and (match := key.pattern.fullmatch(path or "/"))
    ]
    if not matches:
        return None
    key, match = matches[0] if len(matches) == 1 else min(matches, key=lambda chosen: chosen[0].rank)
    return key, dict(zip(key.variables, match.groups(), strict=True))


def parse_websocket_route_key(text: str) -> str:
    """Hold a WebSocket API's route key against its grammar, and return it. Raises ``ExpressionError``."""
    if text and (not text.startswith("$") or text in WEBSOCKET_ROUTES):
        return text
    near = nearest(text, WEBSOCKET_ROUTES)
    suggestion = f'did you mean "{near}"?' if near else ""
    reason = "not a route key of a WebSocket API"
    raise ExpressionError(text, reason, grammar=WEBSOCKET_GRAMMAR, suggestion=suggestion)


def choose_websocket_route(keys: Collection[str], selected: str) -> str | None:
    """Choose the route whose key is exactly what the selection expression gave, else ``$default``, else None.

    ``$connect`` and ``$disconnect`` are for API Gateway's own events: a message cannot select them.
    """
    if selected in keys and selected not in {"$connect", "$disconnect"}:
        return selected
    return "$default" if "$default" in keys else None


def _segments(text: str, path: str) -> tuple[_Segment, ...]:
    if path == "/":
        return (_Segment(text=""),)
    if path.endswith("/"):
        raise ExpressionError(text, 'the path ends with "/"', suggestion=f"write {text.rstrip('/')}")
    segments = tuple(_segment(text, part) for part in path.split("/")[1:])
    greedy = [segment for segment in segments[:-1] if segment.greedy]
    if greedy:
        raise ExpressionError(text, f'"{{{greedy[0].text}+}}" must be the last segment')
    names = [segment.text for segment in segments if segment.variable]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise ExpressionError(text, f'the variable "{twice[0]}" occurs twice')
    return segments


def _segment(text: str, part: str) -> _Segment:
    if match := _VARIABLE.fullmatch(part):
        return _Segment(text=match["name"], variable=True, greedy=bool(match["greedy"]))
    if _STATIC.fullmatch(part):
        return _Segment(text=part)
    grammar = "expected plain text, {name}, or {name+} as the last one"
    raise ExpressionError(text, f'"{part}" is not a segment of a path', grammar=grammar)


def _repaired(text: str) -> str:
    method, _, path = text.partition(" ")
    repaired = f"{method.upper()} /{path.strip().removeprefix('/')}"
    return f"write {repaired}" if method.upper() in METHODS and path.strip() and _KEY.fullmatch(repaired) else ""


def _rank(method: str, segments: tuple[_Segment, ...]) -> _Rank:
    """Order keys by preference; the names at the end make the choice one and the same for keys that tie."""
    greedy = not segments or segments[-1].greedy
    names = "/".join(segment.text for segment in segments)
    return greedy, -len(segments), tuple(segment.variable for segment in segments), method == "ANY", names


def _pattern(segments: tuple[_Segment, ...]) -> re.Pattern[str]:
    """Compile the paths that a key takes; each variable is a group."""
    return re.compile("".join(f"/{_segment_pattern(segment)}" for segment in segments), re.DOTALL)


def _segment_pattern(segment: _Segment) -> str:
    if segment.greedy:
        return "(.*)"
    return "([^/]+)" if segment.variable else re.escape(segment.text)
