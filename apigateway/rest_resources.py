"""Routes of REST APIs: their keys, the tree of resources that they make, and the choice of one for a request.

From the AWS pages "Set up a method request in API Gateway" (resources, greedy variables, ``ANY``), "Amazon API Gateway
important notes" (``/ping`` and ``/sping``) and ``CreateResource`` of botocore ``apigateway``. A REST API has no routes
of its own: each segment of a path is a resource, and a key is a method on the last of them.

One rule is stricter than AWS, which takes ``:id`` as the plain text of a segment: it is nearly always meant for a
variable, so a segment cannot begin with a colon.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Self

from apigateway.errors import ExpressionError
from apigateway.suggest import nearest

METHODS: Final = ("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "ANY")
"""The methods of a resource; ``ANY`` stands for the seven others."""

GRAMMAR: Final = 'expected "METHOD /path"'
SEGMENT_GRAMMAR: Final = 'expected letters, digits and ". _ - : ,", or {name}, or {name+} as the last one'

_KEY = re.compile(r"(?P<method>\S+) (?P<path>/\S*)")
_NAME: Final = r"[A-Za-z0-9._-]+"
_VARIABLE = re.compile(rf"\{{(?P<name>{_NAME})(?P<greedy>\+?)\}}")
_STATIC = re.compile(r"[A-Za-z0-9._,-][A-Za-z0-9._:,-]*")
_FOREIGN_VARIABLE = re.compile(rf":(?P<colon>{_NAME})|<(?P<angle>{_NAME})>|\{{(?P<greedy>{_NAME})(?:\*|\.\.\.)\}}")
_RESERVED: Final = frozenset({"/ping", "/sping"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RestRouteKey:
    """``GET /pets/{petId}``: a method and the path of the resource that it is on."""

    method: str
    path: str
    variables: tuple[str, ...] = field(compare=False)
    """The names of the path's variables, without braces and ``+``."""

    parts: tuple[str, ...] = field(compare=False, repr=False)
    """The path part of each resource from the root to the last one, as they are written; empty for ``/``."""

    pattern: re.Pattern[str] = field(compare=False, repr=False)
    """The paths that the resource takes."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a route key. Raises ``ExpressionError``."""
        match = _KEY.fullmatch(text)
        if not match:
            reason = "not a route key of a REST API"
            raise ExpressionError(text, reason, grammar=GRAMMAR, suggestion=_repaired(text))
        method, path = match["method"], match["path"]
        if method not in METHODS:
            raise ExpressionError(
                text,
                f'"{method}" is not a method of a REST API',
                grammar=f"expected one of {', '.join(METHODS)}",
                suggestion=_method_advice(method, path),
            )
        parts = _parts(text, path)
        return cls(
            method=method,
            path=path,
            variables=tuple(match["name"] for part in parts if (match := _VARIABLE.fullmatch(part))),
            parts=parts,
            pattern=_pattern(parts),
        )

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def is_reserved(self) -> bool:
        """Whether API Gateway answers the path itself under a custom domain: ``/ping`` and ``/sping``."""
        return self.path in _RESERVED


@dataclass(frozen=True, slots=True, kw_only=True)
class RestResource:
    """A resource to make; the root, ``/``, comes with the API and is not among them."""

    path: str
    parent: str
    """The path of the parent: ``/`` below the root."""

    part: str
    """The last segment, as it is written."""


def resource_tree(keys: Iterable[RestRouteKey]) -> tuple[RestResource, ...]:
    """Return the resources of some routes, each once and after its parent; the order of ``keys`` does not matter."""
    paths = {key.parts[:length] for key in keys for length in range(1, len(key.parts) + 1)}
    return tuple(
        RestResource(path=_joined(parts), parent=_joined(parts[:-1]), part=parts[-1]) for parts in sorted(paths)
    )


def check_tree(keys: Collection[RestRouteKey]) -> Iterator[tuple[RestRouteKey, str]]:
    """Say what AWS refuses of routes that are sound one by one: the same route twice, and a second variable sibling.

    A resource has one child that is a variable, greedy or not; of two, the one that comes first in ``keys`` counts as
    right. That nothing is below a greedy variable is a rule of the single key, so :meth:`RestRouteKey.parse` holds it.
    """
    seen: set[RestRouteKey] = set()
    children: dict[tuple[str, ...], str] = {}
    for key in keys:
        if key in seen:
            yield key, f'the route "{key}" is there twice'
            continue
        seen.add(key)
        for index, part in enumerate(key.parts):
            if not _VARIABLE.fullmatch(part):
                continue
            parent = key.parts[:index]
            first = children.setdefault(parent, part)
            if first != part:
                yield key, _second_variable(key, index, first)
                break


def advise_tree(keys: Collection[RestRouteKey]) -> Iterator[tuple[RestRouteKey, str]]:
    """Say what AWS takes and is still doubtful: a reserved path, and paths that differ in nothing but letter case."""
    first: dict[str, str] = {}
    for key in keys:
        if key.is_reserved:
            yield (
                key,
                f"under a custom domain, {key.path} is API Gateway's own health check and the route is not called",
            )
        for length, part in enumerate(key.parts, start=1):
            path = _joined(key.parts[:length])
            other = first.setdefault(path.casefold(), path)
            if other != path and not _VARIABLE.fullmatch(part):
                yield key, f"{path} and {other} are two resources, because paths are case-sensitive"
                break


def choose_rest_route(
    keys: Iterable[RestRouteKey], method: str, path: str
) -> tuple[RestRouteKey, dict[str, str]] | None:
    """Choose the route of a request and read its path parameters; None when no route takes it.

    A resource without the method is passed over for a less specific one that has it, or ``ANY``: with ``GET /pets`` and
    ``ANY /{proxy+}``, ``POST /pets`` is the latter's. Of the resources that are left, each segment from left to right
    decides: plain text before a variable before a greedy one. The method itself comes before ``ANY``, and ``GET`` does
    not serve ``HEAD``. A slash at the end of ``path`` is ignored. A variable stands for one segment that is not empty
    and a greedy one for at least one, neither of them percent-decoded. The order of ``keys`` does not matter.
    """
    methods = {method, "ANY"} if method in METHODS else {method}
    trimmed = path.rstrip("/") or "/"
    matches = [
        (key, match) for key in keys if key.method in methods and (match := key.pattern.fullmatch(trimmed)) is not None
    ]
    if not matches:
        return None
    key, match = min(matches, key=lambda chosen: _rank(chosen[0]))
    return key, dict(zip(key.variables, match.groups(), strict=True))


def _parts(text: str, path: str) -> tuple[str, ...]:
    if path == "/":
        return ()
    if path.endswith("/"):
        raise ExpressionError(text, 'the path ends with "/"', suggestion=f"write {text.rstrip('/')}")
    parts = tuple(path.split("/")[1:])
    for part in parts:
        _check_part(text, part)
    greedy = [part for part in parts[:-1] if part.endswith("+}")]
    if greedy:
        raise ExpressionError(text, f'"{greedy[0]}" must be the last segment, for nothing is below it')
    names = [match["name"] for part in parts if (match := _VARIABLE.fullmatch(part))]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise ExpressionError(text, f'the variable "{twice[0]}" occurs twice')
    return parts


def _check_part(text: str, part: str) -> None:
    if not _VARIABLE.fullmatch(part) and not _STATIC.fullmatch(part):
        reason = f'"{part}" is not a segment of a path'
        raise ExpressionError(text, reason, grammar=SEGMENT_GRAMMAR, suggestion=_segment_advice(part))


def _segment_advice(part: str) -> str:
    if match := _FOREIGN_VARIABLE.fullmatch(part):
        greedy = match["greedy"]
        return f"write {{{greedy}+}}" if greedy else f"write {{{match['colon'] or match['angle']}}}"
    if part in {"*", "**"}:
        return "write {proxy+}"
    return "a variable is a whole segment" if _VARIABLE.search(part) else ""


def _repaired(text: str) -> str:
    if text == "$default":
        return "$default belongs to HTTP APIs, write ANY /{proxy+} here, and ANY / for the root"
    if text in {"$connect", "$disconnect"}:
        return f"{text} belongs to WebSocket APIs"
    if text.startswith("/"):
        return "begin with a method or ANY" if _KEY.fullmatch(f"ANY {text}") else ""
    method, _, path = text.partition(" ")
    repaired = f"{method.upper()} /{path.strip().removeprefix('/')}"
    return f"write {repaired}" if method.upper() in METHODS and path.strip() and _KEY.fullmatch(repaired) else ""


def _method_advice(method: str, path: str) -> str:
    several = re.split(r"[,|]", method.upper())
    if len(several) > 1 and all(name in METHODS for name in several):
        return f"a route has one method, write {' and '.join(f'{name} {path}' for name in several)}"
    near = nearest(method.upper(), METHODS)
    return f"write {near} {path}" if near else ""


def _second_variable(key: RestRouteKey, index: int, first: str) -> str:
    parent, part = _joined(key.parts[:index]), key.parts[index]
    message = f'"{part}" and "{first}" are both below {parent}, where one variable is allowed'
    is_last = index == len(key.parts) - 1
    if part.endswith("+}") or (first.endswith("+}") and not is_last):
        return message
    renamed = _joined((*key.parts[:index], first, *key.parts[index + 1 :]))
    return f"{message}; write {key.method} {renamed}"


def _joined(parts: tuple[str, ...]) -> str:
    return f"/{'/'.join(parts)}"


def _rank(key: RestRouteKey) -> tuple[tuple[int, ...], bool, str]:
    """Order keys by preference; the path at the end makes the choice one and the same for keys that tie."""
    return tuple(_kind(part) for part in key.parts), key.method == "ANY", key.path


def _kind(part: str) -> int:
    match = _VARIABLE.fullmatch(part)
    if not match:
        return 0
    return 2 if match["greedy"] else 1


def _pattern(parts: tuple[str, ...]) -> re.Pattern[str]:
    """Compile the paths that a resource takes; each variable is a group."""
    return re.compile("".join(f"/{_part_pattern(part)}" for part in parts) or "/", re.DOTALL)


def _part_pattern(part: str) -> str:
    match = _VARIABLE.fullmatch(part)
    if not match:
        return re.escape(part)
    return "([^/].*)" if match["greedy"] else "([^/]+)"
