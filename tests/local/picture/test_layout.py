"""Where things stand: nothing overlaps, edges meet what they join, and the same graph is laid out in the same way."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.picture.graph import COLUMNS, Edge, Graph, Kind, Node
from local.picture.layout import MARGIN, Layout, Placed, lay_out
from tests.local.picture.graphs import function, graph
from tests.local.recordings import program

MIDDLE: tuple[Kind, ...] = ("link", "entry", "obstacle", "backend", "function", "service", "url", "mock")


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Draw a graph: APIs with routes, other parts, and edges that lead to the right."""
    nodes = [Node(id="client", kind="client", title="clients")]
    for number in range(draw(st.integers(0, 3))):
        api = f"api{number}"
        nodes.append(Node(id=f"api:{api}", kind="api", title=api, tags=("HTTP",), api=api))
        nodes += [
            Node(id=f"route:{api}:{route}", kind="route", title=f"GET /{route}", api=api, keys=(f"GET /{route}",))
            for route in range(draw(st.integers(0, 5)))
        ]
    nodes += [
        Node(id=f"{kind}:{number}", kind=kind, title=draw(st.text(max_size=20)), lines=("line",))
        for number, kind in enumerate(draw(st.lists(st.sampled_from(MIDDLE), max_size=8)))
    ]
    possible = [
        Edge(source=one.id, target=other.id)
        for one in nodes
        for other in nodes
        if COLUMNS[one.kind] < COLUMNS[other.kind] and other.kind != "route" and one.kind != "api"
    ]
    edges = draw(st.lists(st.sampled_from(possible), unique=True, max_size=20)) if possible else []
    return Graph(name="dev", nodes=tuple(nodes), edges=tuple(edges), traces=())


def overlap(one: Placed, other: Placed) -> bool:
    return (
        one.x < other.x + other.shape.width
        and other.x < one.x + one.shape.width
        and one.y < other.y + other.shape.height
        and other.y < one.y + one.shape.height
    )


def ends(laid: Layout, placed: Placed) -> dict[str, tuple[float, float]]:
    """Return where edges leave a shape: from its middle, or from its rows."""
    right = placed.x + placed.shape.width
    found = {placed.shape.node.id: (right, placed.middle)}
    for index, row in enumerate(placed.shape.rows):
        found[row.node.id] = right, placed.row_middle(index)
    assert laid.width >= right + MARGIN - 0.001
    return found


@given(graphs())
def test_any_graph_is_laid_out(drawn: Graph) -> None:
    laid = lay_out(drawn)
    assert laid == lay_out(drawn)
    assert not any(overlap(one, other) for one, other in combinations(laid.placed, 2))
    assert {placed.shape.node.id for placed in laid.placed} == {n.id for n in drawn.nodes if n.kind != "route"}
    starts = {id_: point for placed in laid.placed for id_, point in ends(laid, placed).items()}
    by_id = {placed.shape.node.id: placed for placed in laid.placed}
    for curve in laid.curves:
        target = by_id[curve.edge.target]
        assert curve.points[0] == pytest.approx(starts[curve.edge.source])
        assert curve.points[-1] == pytest.approx((target.x, target.middle))
        assert all(one[0] <= other[0] for one, other in pairwise(curve.points))
        assert all(0 < x < laid.width and 0 < y < laid.height for x, y in curve.points)


def test_the_parts_of_one_way_stand_in_a_line() -> None:
    made = program()
    made.http_route(made.http_api(), "GET /")
    made.websocket_route(made.websocket_api(), "$default")
    laid = lay_out(graph(made))
    middles = {placed.shape.node.id: placed.middle for placed in laid.placed}
    assert middles["link:v2:link-v2"] == middles["listener:orders-balancer:8080"] == middles["backend:orders"]
    assert middles["link:v1:link-v1"] == middles["listener:chat-balancer:80"] == middles["backend:chat"]
    assert middles["backend:orders"] < middles["backend:chat"]


def test_columns_that_nobody_needs_are_left_out() -> None:
    made = program()
    made.outputs["backends"] = {}
    made.http_route(made.http_api(), "GET /", None, **function("f"))
    laid = lay_out(graph(made))
    assert [number for number, _, _ in laid.columns] == [0, 1, 4]
    assert all(len(curve.points) == 2 for curve in laid.curves)


def test_routes_that_lead_the_same_way_stand_together() -> None:
    made = program()
    made.http_api()
    for number in range(6):
        made.http_route("orders", f"GET /{number}", None, **(function("f") if number % 2 else {}))
    (card,) = (placed for placed in lay_out(graph(made)).placed if placed.shape.node.kind == "api")
    assert [row.path for row in card.shape.rows] == ["/0", "/2", "/4", "/1", "/3", "/5"]


def test_apis_are_ordered_by_what_they_lead_to_where_lines_would_cross() -> None:
    made = program()
    for name, key in (("a", "one"), ("b", "two"), ("c", "one")):
        made.http_api(name)
        made.http_route(name, "GET /", None, **function(key))
    cards = sorted((p.y, p.shape.title) for p in lay_out(graph(made)).placed if p.shape.node.kind == "api")
    assert [title for _, title in cards] == ["a", "c", "b"]
