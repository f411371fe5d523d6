"""Makes a large graph fit: of an API with many routes some are drawn, and one row stands for the others.

The routes that stay are chosen so that each way is seen once before any is seen twice. What only hidden routes lead to
becomes one node of its kind.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from local.picture.graph import Edge, Graph, Kind, Node, Trace, distinct

DEFAULT_LIMIT = 20
"""Rows of an API."""

_PLURALS: dict[Kind, str] = {
    "link": "VPC links",
    "entry": "listeners",
    "obstacle": "that are not reached",
    "backend": "backends",
    "function": "functions",
    "service": "services",
    "url": "URLs",
}


def collapse(graph: Graph, limit: int | None = DEFAULT_LIMIT) -> Graph:
    """Return the graph with at most ``limit`` rows for each API; None is for all of them."""
    if limit is None:
        return graph
    hidden: dict[str, Node] = {}
    for api in graph.of_kind("api"):
        rows = graph.rows(api.title)
        if len(rows) > limit:
            shown = _shown(graph, rows, max(limit - 1, 0))
            others = [row for row in rows if row.id not in shown]
            hidden |= dict.fromkeys((row.id for row in others), _more_routes(api.title, others))
    return _replaced(graph, hidden | _unseen(graph, hidden)) if hidden else graph


def _shown(graph: Graph, rows: Iterable[Node], count: int) -> set[str]:
    """Choose rows in turns, one of each way that is left."""
    tails: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for trace in graph.traces:
        tails[trace.nodes[2]].append(trace.nodes[3:])
    by_way: dict[tuple[tuple[str, ...], ...], list[str]] = defaultdict(list)
    for row in rows:
        by_way[tuple(tails[row.id])].append(row.id)
    turns = sorted((turn, place, id_) for place, ids in enumerate(by_way.values()) for turn, id_ in enumerate(ids))
    return {id_ for _, _, id_ in turns[:count]}


def _more_routes(api: str, rows: list[Node]) -> Node:
    keys = tuple(key for row in rows for key in row.keys)
    return Node(
        id=f"more:{api}",
        kind="route",
        title=f"… {len(rows)} more",
        tip="\n".join(keys),
        api=api,
        keys=keys,
        is_more=True,
    )


def _unseen(graph: Graph, hidden: dict[str, Node]) -> dict[str, Node]:
    """Return what stands for the parts that no row leads to any more, of each kind with two or more of them."""
    seen = {id_ for trace in graph.traces if trace.nodes[2] not in hidden for id_ in trace.nodes}
    led_to = {edge.target for edge in graph.edges}
    unseen: dict[Kind, list[Node]] = defaultdict(list)
    blocked = {node.id for node in graph.of_kind("obstacle")} & seen
    behind = {edge.target for edge in graph.edges if edge.source in blocked}
    for node in graph.nodes:
        if node.id in led_to and node.id not in seen | behind and node.kind in _PLURALS:
            unseen[node.kind].append(node)
    return {
        node.id: Node(
            id=f"more:{kind}",
            kind=kind,
            title=f"… {len(nodes)} more {_PLURALS[kind]}",
            tip="\n".join(node.title for node in nodes),
            is_more=True,
        )
        for kind, nodes in unseen.items()
        if len(nodes) > 1
        for node in nodes
    }


def _replaced(graph: Graph, others: dict[str, Node]) -> Graph:
    """Return the graph with some nodes in the place of others, and of each edge and trace one."""
    nodes = {node.id: node for node in (others.get(node.id, node) for node in graph.nodes)}

    def now(id_: str) -> str:
        return others[id_].id if id_ in others else id_

    return replace(
        graph,
        nodes=tuple(nodes.values()),
        edges=distinct(
            Edge(source=now(edge.source), target=now(edge.target), is_broken=edge.is_broken) for edge in graph.edges
        ),
        traces=tuple(
            Trace(api=trace.api, route=trace.route, nodes=tuple(map(now, trace.nodes))) for trace in graph.traces
        ),
    )
