"""Many routes: which are drawn, and what stands for the others."""

import pytest

from local.picture.collapsing import DEFAULT_LIMIT, collapse
from local.picture.graph import Edge
from tests.local.picture.graphs import function, graph, ways
from tests.local.recordings import Program, program


def with_routes(count: int) -> Program:
    """Return an API whose routes lead to one backend."""
    made = program()
    made.http_api()
    for number in range(count):
        made.http_route("orders", f"GET /{number}")
    return made


@pytest.mark.parametrize("limit", [3, 4, None])
def test_what_fits_is_left_alone(limit: int | None) -> None:
    drawn = graph(with_routes(3))
    assert collapse(drawn, limit) is drawn


def test_one_row_stands_for_the_others() -> None:
    drawn = collapse(graph(with_routes(DEFAULT_LIMIT + 40)))
    rows = drawn.rows("orders")
    assert len(rows) == DEFAULT_LIMIT
    assert (rows[-1].id, rows[-1].title, rows[-1].is_more) == ("more:orders", "… 41 more", True)
    assert rows[-1].keys == tuple(f"GET /{number}" for number in range(19, 60))
    assert rows[-1].tip.splitlines() == list(rows[-1].keys)
    assert Edge(source="more:orders", target="link:v2:link-v2") in drawn.edges


def test_every_route_keeps_its_way() -> None:
    before = graph(with_routes(30))
    after = collapse(before, 10)
    assert [(trace.api, trace.route) for trace in after.traces] == [(trace.api, trace.route) for trace in before.traces]
    ids = {node.id for node in after.nodes}
    assert all(set(trace.nodes) <= ids for trace in after.traces)
    assert all({edge.source, edge.target} <= ids for edge in after.edges)
    assert after.traces[-1].nodes[2] == "more:orders"


def test_each_way_is_seen_before_any_is_seen_twice() -> None:
    made = with_routes(8)
    made.http_route("orders", "GET /zoo", None, **function("zoo"))
    assert [row.title for row in collapse(graph(made), 4).rows("orders")] == [
        "GET /0",
        "GET /1",
        "GET /zoo",
        "… 6 more",
    ]


def test_what_only_hidden_routes_lead_to_becomes_one() -> None:
    made = with_routes(0)
    for number in range(6):
        made.http_route("orders", f"GET /{number}", None, **function(f"f{number}"))
    drawn = collapse(graph(made), 3)
    assert [node.title for node in drawn.of_kind("function")] == ["f0", "f1", "… 4 more functions"]
    assert drawn.of_kind("function")[-1].tip == "f2\nf3\nf4\nf5"
    assert ways(drawn)["more:orders"] == [("more:function",)] * 4
    assert [edge for edge in drawn.edges if edge.source == "more:orders"] == [
        Edge(source="more:orders", target="more:function")
    ]


def test_a_single_part_that_only_hidden_routes_lead_to_is_drawn() -> None:
    made = with_routes(0)
    for number in range(3):
        made.http_route("orders", f"GET /{number}", None, **function(f"f{number}"))
    assert [node.title for node in collapse(graph(made), 3 - 1).of_kind("function")] == ["f0", "… 2 more functions"]
    made.http_route("orders", "GET /1", None, **function("f0"))
    assert [node.title for node in collapse(graph(made), 2).of_kind("function")] == ["f0", "f2"]


def test_a_backend_that_no_route_leads_to_stays() -> None:
    assert "backend:chat" in {node.id for node in collapse(graph(with_routes(30)), 2).nodes}


def test_a_backend_behind_an_obstacle_that_is_seen_stays() -> None:
    made = program()
    made.drop("orders-from-link")
    made.http_api()
    for number in range(5):
        made.http_route("orders", f"GET /{number}")
    drawn = collapse(graph(made), 2)
    assert {node.id for node in drawn.of_kind("backend")} == {"backend:orders", "backend:chat"}
