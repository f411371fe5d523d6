"""Draws a graph as SVG: without a library, the same for the same graph, in light and in dark.

What a page can hold on to, for it stays as it is:

- The root is ``svg.gatelink-picture`` with ``role="img"``, a ``<title>`` and a ``<desc>``. Its background is
  ``.paper``. All rules of :data:`~local.picture.style.STYLE` begin with ``.gatelink-picture``; the colours are custom
  properties ``--gl-…`` of the root.
- A part is ``g.node`` with its kind as a second class (``client``, ``api``, ``route``, ``link``, ``entry``,
  ``obstacle``, ``backend``, ``function``, ``service``, ``url``, ``mock``) and its id in ``data-node``: ``client``,
  ``api:orders``, ``route:orders:GET /items``, ``link:v2:http``, ``listener:orders:80``, ``backend:orders``,
  ``function:resize``, ``queue:us-east-1:jobs``, ``url:https://example.com``, ``mock``. Its first element is a
  ``<title>`` (the tooltip). ``more`` is the class of what stands for several parts, ``unused`` that of a backend to
  which no route leads.
- Parts of an API and of its routes have ``data-api``. A route is ``g.node.route`` within its API's ``g.node.api``; its
  route keys are in ``data-routes``, a JSON list, which has more than one key for ``more:orders``. ``rect.hit`` of a
  route, and ``rect.frame`` of any other part, covers it.
- An edge is ``g.edge`` with ``data-from`` and ``data-to``, ``broken`` where no request passes; in it ``path.line-of``
  leads from one to the other and can be animated along. No edge leads from an API to its own routes.
- ``<metadata>`` holds JSON: ``{"orders": {"GET /items": [["client", "api:orders", "route:orders:GET /items", …]]}}``,
  by API and route key the ways that a request can take; the last id of a way is what answers it, or the obstacle.

There are no scripts, no ``style`` attributes, and no ids but those of title and desc.
"""

import json
from typing import Final
from xml.etree import ElementTree as ET

from local.picture import boxes
from local.picture.boxes import CARD_TITLE, ICON, KEY, LINE, PADDING, ROW, TAG_GAP, Row, Tag
from local.picture.graph import Graph, Node
from local.picture.layout import MARGIN, Curve, Layout, Placed, Point, lay_out
from local.picture.style import STYLE
from local.picture.text import clean, width_of

_CAPTIONS: Final = ("CLIENTS", "APIS AND ROUTES", "VPC LINKS", "WHAT THEY LEAD TO", "WHAT ANSWERS")

_ICONS: Final = {
    "client": "M3.5 3.5h11v8h-11z M1.5 14.5h15",
    "link": "M7 11l4-4 M8 5l1.6-1.6a3.4 3.4 0 0 1 4.8 4.8L12.8 10 M10 13l-1.6 1.6a3.4 3.4 0 0 1-4.8-4.8L5.2 8",
    "entry": "M2 9h14 M2 9c6 0 5-5.5 10-5.5h4 M2 9c6 0 5 5.5 10 5.5h4",
    "obstacle": "M9 2a7 7 0 1 0 0 14a7 7 0 1 0 0-14 M5.5 9h7",
    "backend": "M3 2.5h12v5.5h-12z M3 10h12v5.5h-12z M6 5.2h.01 M6 12.8h.01 M9 5.2h3 M9 12.8h3",
    "function": "M4.5 2.5h2.5l6 13h2 M8.6 6.5L4 15.5",
    "service": "M2 5.5h3.6v7h-3.6z M7.2 5.5h3.6v7h-3.6z M12.4 5.5h3.6v7h-3.6z",
    "url": "M9 2a7 7 0 1 0 0 14a7 7 0 1 0 0-14 M2.2 9h13.6 M9 2c-4.4 4-4.4 10 0 14 M9 2c4.4 4 4.4 10 0 14",
    "mock": "M3 3.5h12v8.5h-6l-3.5 3v-3h-2.5z",
}
"""Strokes in a square of 18."""

_LOCK: Final = "M1.5 5h6v4.5h-6z M2.7 5V3.6a1.8 1.8 0 0 1 3.6 0V5"
_ARROW: Final = 7.0


def draw_svg(graph: Graph, *, styled: bool = True) -> str:
    """Return the picture; without its style for a page that serves :data:`~local.picture.style.STYLE` as a file."""
    layout = lay_out(graph)
    width, height = _number(layout.width), _number(layout.height)
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": "gatelink-picture",
            "viewBox": f"0 0 {width} {height}",
            "width": width,
            "height": height,
            "role": "img",
            "aria-labelledby": "gatelink-picture-title gatelink-picture-desc",
        },
    )
    _add(root, "title", f"The stack {graph.name}", id="gatelink-picture-title")
    _add(root, "desc", _description(graph), id="gatelink-picture-desc")
    _add(root, "metadata", json.dumps(_ways(graph), separators=(",", ":"), sort_keys=True))
    if styled:
        _add(root, "style", f"\n{STYLE}")
    _add(root, "rect", cls="paper", width=width, height=height, rx="14")
    _captions(root, layout)
    for curve in layout.curves:
        _edge(root, curve)
    targets = {edge.target for edge in graph.edges}
    for placed in layout.placed:
        _node(root, placed, is_unused=placed.shape.node.kind == "backend" and placed.shape.node.id not in targets)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode") + "\n"


def _description(graph: Graph) -> str:
    """Say what is drawn, for those who do not see it: an API a sentence."""
    sentences = []
    for api in graph.of_kind("api"):
        traces = [trace for trace in graph.traces if trace.api == api.title]
        ends = dict.fromkeys(graph.node(trace.nodes[-1]).title for trace in traces)
        routes = len({trace.route for trace in traces})
        nouns = "route, which leads" if routes == 1 else "routes, which lead"
        has = f"{routes} {nouns} to {', '.join(ends)}" if ends else "no routes"
        sentences.append(f"{api.title} ({', '.join((*api.tags, *api.lines))}) has {has}.")
    return " ".join(sentences) or "No API."


def _ways(graph: Graph) -> dict[str, dict[str, list[list[str]]]]:
    ways: dict[str, dict[str, list[list[str]]]] = {}
    for trace in graph.traces:
        ways.setdefault(trace.api, {}).setdefault(trace.route, []).append([clean(id_) for id_ in trace.nodes])
    return ways


def _captions(root: ET.Element, layout: Layout) -> None:
    for number, x, _ in layout.columns:
        _text(root, "caption", _CAPTIONS[number], x, MARGIN + 6)


def _node(root: ET.Element, placed: Placed, *, is_unused: bool) -> None:
    shape, node = placed.shape, placed.shape.node
    group = _group(root, node, "unused" if is_unused else "")
    x, y = placed.x, placed.y
    if node.is_more:
        _rectangle(group, "behind", x + 5, y + 5, shape.width, shape.height, 10)
    _rectangle(group, "frame", x, y, shape.width, shape.height, 10)
    if node.kind == "api":
        _card(group, placed)
        return
    left = x + PADDING
    middle = y + shape.height / 2
    _rectangle(group, "badge", left - 4, middle - ICON / 2 - 4, ICON + 8, ICON + 8, 7)
    icon = {"cls": "icon", "d": _ICONS[node.kind], "transform": f"translate({_number(left)} {_number(middle - 9)})"}
    _add(group, "path", **icon)
    text_x = x + boxes.TEXT_X
    _text(group, "title", shape.title, text_x, y + 11 + 13)
    for index, line in enumerate(shape.lines):
        _text(group, "line", line, text_x, y + 11 + 13 + 16 + LINE * index)


def _card(group: ET.Element, placed: Placed) -> None:
    shape, x, y = placed.shape, placed.x, placed.y
    _text(group, "title", shape.title, x + PADDING, y + 12 + 14)
    tag_x = x + PADDING + width_of(shape.title, CARD_TITLE, bold=True) + 10
    for tag in shape.tags:
        _tag(group, tag, tag_x, y + 12 + 9)
        tag_x += tag.width + TAG_GAP
    for index, line in enumerate(shape.lines):
        _text(group, "line", line, x + PADDING, y + 12 + 20 + 11 + LINE * index)
    if shape.rows:
        top = y + shape.head - 2
        ends = {"x1": x, "x2": x + shape.width, "y1": top, "y2": top}
        _add(group, "line", cls="divider", **{name: _number(value) for name, value in ends.items()})
    for index, row in enumerate(shape.rows):
        _row(group, row, x, placed.row_middle(index), shape.width)


def _row(group: ET.Element, row: Row, x: float, middle: float, width: float) -> None:
    within = _group(group, row.node, "")
    within.set("data-routes", json.dumps(row.node.keys))
    _rectangle(within, "hit", x + 4, middle - ROW / 2 + 1, width - 8, ROW - 2, 5)
    baseline = middle + KEY / 3
    if row.method:
        _text(within, f"method {row.method.lower()}", row.method, x + PADDING, baseline)
    _text(within, "path", row.path, x + PADDING + row.indent, baseline)
    right = x + width - PADDING + 4
    for tag in reversed(row.tags):
        right -= tag.width
        _tag(within, tag, right, middle)
        right -= TAG_GAP


def _tag(parent: ET.Element, tag: Tag, x: float, middle: float) -> None:
    group = _add(parent, "g", cls=f"tag {tag.text.lower().replace(' ', '-')}")
    _rectangle(group, "pill", x, middle - 8, tag.width, 16, 8)
    text_x = x + boxes.TAG_PADDING
    if tag.has_lock:
        _add(group, "path", cls="lock", d=_LOCK, transform=f"translate({_number(text_x - 1)} {_number(middle - 5.5)})")
        text_x += boxes.LOCK
    _text(group, "word", tag.text, text_x, middle + 3.5)


def _edge(root: ET.Element, curve: Curve) -> None:
    classes = "edge broken" if curve.edge.is_broken else "edge"
    group = _add(root, "g", cls=classes)
    group.set("data-from", clean(curve.edge.source))
    group.set("data-to", clean(curve.edge.target))
    *before, (x, y) = curve.points
    _add(group, "path", cls="line-of", d=_bent([*before, (x - _ARROW + 1, y)]))
    _add(group, "path", cls="arrow", d=f"M{_point((x, y))}l{-_ARROW:g} -4v8z")


def _bent(points: list[Point]) -> str:
    """Run level within a lane, and from one lane to the next in an S."""
    parts = [f"M{_point(points[0])}"]
    for index in range(1, len(points)):
        (x0, y0), (x1, y1) = points[index - 1], points[index]
        if index % 2 == 0 or y0 == y1:
            parts.append(f"L{_point((x1, y1))}")
            continue
        half = (x1 - x0) / 2
        parts.append(f"C{_point((x0 + half, y0))} {_point((x1 - half, y1))} {_point((x1, y1))}")
    return "".join(parts)


def _group(parent: ET.Element, node: Node, extra: str) -> ET.Element:
    more = "more" if node.is_more else ""
    group = _add(parent, "g", cls=" ".join(filter(None, ("node", node.kind, more, extra))))
    group.set("data-node", clean(node.id))
    if node.api is not None:
        group.set("data-api", clean(node.api))
    _add(group, "title", "\n".join(filter(None, (_whole(node), node.tip))))
    return group


def _whole(node: Node) -> str:
    """Return the node's own words, uncut; those of a route are in its tip."""
    return "" if node.kind == "route" and not node.is_more else "\n".join((node.title, *node.lines))


def _rectangle(parent: ET.Element, cls: str, x: float, y: float, width: float, height: float, radius: float) -> None:
    sizes = {"x": x, "y": y, "width": width, "height": height, "rx": radius}
    _add(parent, "rect", cls=cls, **{name: _number(value) for name, value in sizes.items()})


def _text(parent: ET.Element, cls: str, text: str, x: float, y: float) -> None:
    _add(parent, "text", text, cls=cls, x=_number(x), y=_number(y))


def _add(parent: ET.Element, tag: str, text: str | None = None, /, *, cls: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, tag, {"class": cls} | attributes if cls else attributes)
    element.text = None if text is None else clean(text)
    return element


def _point(point: Point) -> str:
    return f"{_number(point[0])} {_number(point[1])}"


def _number(value: float) -> str:
    return f"{round(value, 1):g}"
