"""The picture as data: the parts that a request can pass, what leads to what, and the way that each route takes.

    recording + topology ─► building.graph_of ─► Graph ─► collapsing.collapse ─► svg | mermaid

A part that several routes pass is one node. An API and its routes are nodes too, but no edge joins them: a picture
draws the routes inside their API.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Kind: TypeAlias = Literal[
    "client", "api", "route", "link", "entry", "obstacle", "backend", "function", "service", "url", "mock"
]

COLUMNS: Final[dict[Kind, int]] = {
    "client": 0,
    "api": 1,
    "route": 1,
    "link": 2,
    "entry": 3,
    "obstacle": 3,
    "backend": 4,
    "function": 4,
    "service": 4,
    "url": 4,
    "mock": 4,
}
"""How far from the client a part stands; edges lead from a lower number to a higher one."""

CLIENT: Final = "client"
"""The id of the one node that stands for all clients."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A part of the picture."""

    id: str
    """Unique, and the same from one drawing to the next: ``api:orders``, ``route:orders:GET /items``."""
    kind: Kind
    title: str
    lines: tuple[str, ...] = ()
    """What stands below the title in small print."""
    tags: tuple[str, ...] = ()
    """Short words beside the title, such as the protocol of an API."""
    locks: tuple[str, ...] = ()
    """What a caller of the route needs, a short word each."""
    tip: str = ""
    """All that is known of it, for those who ask; nothing where title and lines say it."""
    api: str | None = None
    """The API's name, for an API and for its routes."""
    keys: tuple[str, ...] = ()
    """The route keys that a row of an API stands for: one, or many where they are collapsed."""
    is_more: bool = False
    """Whether it stands for several parts that would not fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One part leads to another; of two parts, one edge."""

    source: str
    target: str
    is_broken: bool = False
    """Whether no request gets to the end: the edge is only part of ways with an obstacle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """The way of a route's requests. A route has several where its stages lead to different functions or services."""

    api: str
    route: str
    """The route key."""
    nodes: tuple[str, ...]
    """Ids from the client to what answers, or to the obstacle before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """A whole picture."""

    name: str
    """Of the stack."""
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    traces: tuple[Trace, ...]

    def node(self, id_: str) -> Node:
        """Return a node by its id."""
        return next(node for node in self.nodes if node.id == id_)

    def of_kind(self, *kinds: Kind) -> tuple[Node, ...]:
        """Return the nodes of some kinds."""
        return tuple(node for node in self.nodes if node.kind in kinds)

    def rows(self, api: str) -> tuple[Node, ...]:
        """Return the routes of an API in their order, and last the row that stands for others."""
        rows = (node for node in self.nodes if node.kind == "route" and node.api == api)
        return tuple(sorted(rows, key=lambda node: node.is_more))


def distinct(edges: Iterable[Edge]) -> tuple[Edge, ...]:
    """Return one edge for all that lead from the same part to the same; it is broken where they all are."""
    found: dict[tuple[str, str], Edge] = {}
    for edge in edges:
        ends = edge.source, edge.target
        if ends not in found or not edge.is_broken:
            found[ends] = edge
    return tuple(found.values())
