"""The SVG: well-formed, accessible, safe to put into a page, and with all that the page holds on to."""

import json
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.picture import STYLE, collapse, draw_svg
from local.picture.graph import Graph, Node
from tests.local.picture.graphs import function, graph
from tests.local.recordings import Program, program

NAMESPACE = "{http://www.w3.org/2000/svg}"


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - our own


def stack() -> Program:
    """Return a stack with an HTTP API, a WebSocket API, a function and a broken way."""
    made = program()
    made.http_api()
    made.http_route("orders", "GET /items")
    made.http_route("orders", "POST /items", None, **function("made"))
    made.http_route("orders", "GET /lost", connectionId="gone")
    made.websocket_route(made.websocket_api(), "$default")
    made.outputs["backends"]["spare"] = {}
    return made


def groups(root: ET.Element, cls: str) -> list[ET.Element]:
    return [group for group in root.iter(f"{NAMESPACE}g") if cls in group.get("class", "").split()]


def test_the_root_says_what_it_is() -> None:
    root = parsed(draw_svg(graph(stack())))
    assert (root.tag, root.get("class"), root.get("role")) == (f"{NAMESPACE}svg", "gatelink-picture", "img")
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"
    labels = [root.find(f"*[@id='{id_}']") for id_ in root.get("aria-labelledby", "").split()]
    title, description = (label.text for label in labels if label is not None)
    assert title == "The stack dev"
    assert description == (
        "orders (HTTP, stage $default) has 3 routes, which lead to orders, made, not reached. "
        "chat (WEBSOCKET, stage dev) has 1 route, which leads to chat."
    )


def test_every_part_can_be_found_by_its_id() -> None:
    drawn = graph(stack())
    found = {group.get("data-node"): group for group in groups(parsed(draw_svg(drawn)), "node")}
    assert found.keys() == {node.id for node in drawn.nodes}
    for node in drawn.nodes:
        group = found[node.id]
        assert node.kind in group.get("class", "").split()
        assert group.get("data-api") == node.api
        assert group[0].tag == f"{NAMESPACE}title"


def test_a_route_stands_in_its_api_with_its_keys() -> None:
    drawn = collapse(graph(stack()), 2)
    root = parsed(draw_svg(drawn))
    (api,) = (group for group in groups(root, "api") if group.get("data-node") == "api:orders")
    rows = {group.get("data-node"): json.loads(group.get("data-routes", "")) for group in groups(api, "route")}
    assert rows == {"route:orders:GET /items": ["GET /items"], "more:orders": ["POST /items", "GET /lost"]}
    (more,) = groups(api, "more")
    assert more.findtext(f"{NAMESPACE}title") == "… 2 more\nPOST /items\nGET /lost"


def test_every_edge_joins_two_parts() -> None:
    drawn = graph(stack())
    edges = groups(parsed(draw_svg(drawn)), "edge")
    assert [(edge.get("data-from"), edge.get("data-to"), "broken" in edge.get("class", "")) for edge in edges] == [
        (edge.source, edge.target, edge.is_broken) for edge in drawn.edges
    ]
    assert all(edge.find(f"{NAMESPACE}path[@class='line-of']") is not None for edge in edges)


def test_the_ways_are_there_for_a_page() -> None:
    metadata = parsed(draw_svg(graph(stack()))).findtext(f"{NAMESPACE}metadata")
    assert json.loads(metadata or "")["orders"]["POST /items"] == [
        ["client", "api:orders", "route:orders:POST /items", "function:made"]
    ]


def test_a_backend_to_which_no_route_leads() -> None:
    unused = groups(parsed(draw_svg(graph(stack()))), "unused")
    assert [group.get("data-node") for group in unused] == ["backend:spare"]


def test_nothing_in_it_offends_a_strict_content_security_policy() -> None:
    root = parsed(draw_svg(graph(stack()), styled=False))
    assert not {element.tag.removeprefix(NAMESPACE) for element in root.iter()} & {"script", "style", "a", "use"}
    names = {name for element in root.iter() for name in element.attrib}
    assert not [name for name in names if name == "style" or name.startswith("on") or "href" in name]
    assert [element.get("id") for element in root.iter() if element.get("id")] == [
        "gatelink-picture-title",
        "gatelink-picture-desc",
    ]


def test_a_picture_for_itself_has_its_style() -> None:
    assert parsed(draw_svg(graph(stack()))).findtext(f"{NAMESPACE}style") == f"\n{STYLE}"


def test_every_rule_is_for_the_picture_alone() -> None:
    rules = re.sub(r"@media[^{]*\{(.*)\}", r"\1", STYLE)
    selectors = [selector for rule in re.findall(r"([^{}]+)\{[^}]*\}", rules) for selector in rule.split(",")]
    assert len(selectors) > 30
    assert all(selector.strip().startswith(".gatelink-picture") for selector in selectors)


def colours(scheme: int) -> dict[str, str]:
    """Return the variables of the light (0) or the dark (1) scheme."""
    return dict(re.findall(r"--gl-([a-z-]+): (#[0-9a-f]{6});", STYLE.splitlines()[scheme]))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1])
@pytest.mark.parametrize(
    ("text", "background"),
    [
        *(
            (text, "card")
            for text in ("ink", "muted", "http", "websocket", "rest", "get", "post", "put", "delete", "any")
        ),
        *((text, "broken-card") for text in ("broken", "muted")),
        ("muted", "paper"),
        ("ink", "hover"),
    ],
)
def test_texts_can_be_read(scheme: int, text: str, background: str) -> None:
    one, other = sorted(luminance(colours(scheme)[name]) for name in (text, background))
    assert (other + 0.05) / (one + 0.05) >= 4.5


def test_both_schemes_have_all_the_colours() -> None:
    assert colours(0).keys() == colours(1).keys()
    assert set(re.findall(r"var\(--gl-([a-z-]+)\)", STYLE)) == colours(0).keys()


@given(st.text(max_size=40))
def test_any_name_makes_well_formed_xml(text: str) -> None:
    node = Node(id=f"backend:{text}", kind="backend", title=text, lines=(text,), tip=text)
    root = parsed(draw_svg(Graph(name=text, nodes=(node,), edges=(), traces=())))
    (group,) = groups(root, "backend")
    assert group.get("class") == "node backend unused"


def test_the_same_stack_is_drawn_in_the_same_way() -> None:
    assert draw_svg(graph(stack())) == draw_svg(graph(stack()))


def test_an_empty_stack_is_drawn() -> None:
    root = parsed(draw_svg(graph(Program())))
    assert root.findtext(f"{NAMESPACE}desc") == "No API."
    assert [group.get("data-node") for group in groups(root, "node")] == ["client"]
