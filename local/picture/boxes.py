"""How large each part of the picture is, and which texts stand in it."""

from dataclasses import dataclass
from typing import Final

from local.picture.graph import Graph, Node
from local.picture.text import fit, fit_monospaced, monospaced_width_of, width_of, wrap

TITLE: Final = 13.0
CARD_TITLE: Final = 15.0
SMALL: Final = 11.0
TAG: Final = 10.0
KEY: Final = 12.0
"""Font sizes; ``KEY`` is that of route keys, which are monospaced."""

ROW: Final = 26.0
LINE: Final = 15.0
"""The height of a route, and of a line of small print."""

PADDING: Final = 14.0
ICON: Final = 18.0
TAG_PADDING: Final = 6.0
TAG_GAP: Final = 5.0
LOCK: Final = 11.0
"""The room of the lock before a tag that says who may call."""

TEXT_X: Final = PADDING + ICON + 10
"""Where the text of a node begins that has an icon."""

_NARROWEST: Final = 128.0
_NARROWEST_CARD: Final = 180.0
_METHOD_GAP: Final = 12.0
_WIDEST: Final = 300.0
_OBSTACLE: Final = 230.0
_OBSTACLE_LINES: Final = 7
_LONGEST_KEY: Final = 330.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A short word in a pill."""

    text: str
    has_lock: bool
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A route within its API."""

    node: Node
    method: str
    """Empty where the key has none."""
    path: str
    indent: float
    """Where the path begins, after the methods of the API's routes."""
    tags: tuple[Tag, ...]
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A part with its own frame: an API with its routes, or any other node."""

    node: Node
    title: str
    lines: tuple[str, ...]
    tags: tuple[Tag, ...]
    rows: tuple[Row, ...]
    head: float
    """The height of what stands above the routes; of a node without routes, all of it."""
    width: float
    height: float


def shape_of(node: Node, graph: Graph) -> Shape:
    """Measure a node that is not a route."""
    if node.kind == "api":
        return _card(node, graph.rows(node.title))
    if node.kind == "obstacle":
        return _obstacle(node)
    room = _WIDEST - TEXT_X - PADDING
    title = fit(node.title, room, TITLE, bold=True)
    lines = tuple(fit(line, room, SMALL) for line in node.lines)
    text = max([width_of(title, TITLE, bold=True), *(width_of(line, SMALL) for line in lines)])
    height = 2 * 11 + 18 + LINE * len(lines)
    return Shape(
        node=node,
        title=title,
        lines=lines,
        tags=(),
        rows=(),
        head=height,
        width=max(_NARROWEST, TEXT_X + text + PADDING) if node.kind != "client" else TEXT_X + text + PADDING,
        height=height,
    )


def _obstacle(node: Node) -> Shape:
    lines = tuple(
        line
        for reason in node.lines
        for line in wrap(reason, _OBSTACLE - TEXT_X - PADDING, SMALL, lines=_OBSTACLE_LINES)
    )
    height = 2 * 11 + 18 + LINE * len(lines)
    return Shape(
        node=node, title=node.title, lines=lines, tags=(), rows=(), head=height, width=_OBSTACLE, height=height
    )


def _card(node: Node, routes: tuple[Node, ...]) -> Shape:
    keys = [_key(route) for route in routes]
    room = max((monospaced_width_of(method, KEY) + _METHOD_GAP for method, _ in keys if method), default=0)
    rows = tuple(_row(route, *key, room) for route, key in zip(routes, keys, strict=True))
    title = fit(node.title, _WIDEST, CARD_TITLE, bold=True)
    tags = tuple(map(_tag, node.tags))
    lines = tuple(fit(line, _WIDEST, SMALL) for line in node.lines)
    width = max(
        _NARROWEST_CARD,
        2 * PADDING + width_of(title, CARD_TITLE, bold=True) + 12 + _tags_width(tags),
        *(2 * PADDING + width_of(line, SMALL) for line in lines),
        *(row.width for row in rows),
    )
    head = 12 + 20 + LINE * len(lines) + 10
    height = head + (ROW * len(rows) + 8 if rows else 0)
    return Shape(node=node, title=title, lines=lines, tags=tags, rows=rows, head=head, width=width, height=height)


def _key(route: Node) -> tuple[str, str]:
    """Return the method and the path of a route's key; one without a path is all in the second."""
    method, space, path = route.title.partition(" /")
    return (method, f"/{path}") if space and not route.is_more else ("", route.title)


def _row(node: Node, method: str, path: str, room: float) -> Row:
    """Measure a route; ``room`` is that of the methods of its API, so that paths stand below each other."""
    indent = room if method else 0
    tags = (*map(_tag, node.tags), *(_tag(word, has_lock=True) for word in node.locks))
    path = fit_monospaced(path, _LONGEST_KEY - indent, KEY)
    width = 2 * PADDING + indent + monospaced_width_of(path, KEY) + (_METHOD_GAP + _tags_width(tags) if tags else 0)
    return Row(node=node, method=method, path=path, indent=indent, tags=tags, width=width)


def _tag(text: str, *, has_lock: bool = False) -> Tag:
    lock = LOCK if has_lock else 0
    return Tag(text=text, has_lock=has_lock, width=lock + width_of(text, TAG, bold=True) + 2 * TAG_PADDING)


def _tags_width(tags: tuple[Tag, ...]) -> float:
    return sum(tag.width + TAG_GAP for tag in tags)
