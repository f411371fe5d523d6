"""The Mermaid flowchart."""

import pytest

from local.picture import draw_mermaid
from local.picture.graph import Graph, Node
from tests.local.picture.graphs import function, graph
from tests.local.recordings import program


def test_a_flowchart() -> None:
    made = program()
    made.outputs["backends"] = {key: value for key, value in made.outputs["backends"].items() if key == "orders"}
    api = made.http_api()
    made.http_api("idle")
    made.http_route(api, "GET /items")
    made.http_route(api, "POST /items", None, **function("made"))
    made.http_route(api, "GET /lost", connectionId="gone")
    made.change("orders GET /items", authorizationType="AWS_IAM")
    assert draw_mermaid(graph(made)) == (
        """\
flowchart LR
  n0(["clients"])
  n1["idle · HTTP"]
  subgraph n2["orders · HTTP"]
    n3["GET /items · IAM"]
    n7["POST /items"]
    n9["GET /lost"]
  end
  n4{{"link-v2<br>VPC link v2"}}
  n5["orders-balancer<br>application load balancer · HTTP :8080"]
  n6[("orders<br>backend")]
  n8[["made<br>Lambda function"]]
  n10["not reached<br>the stack has no VPC link with the id #quot;gone#quot;"]:::broken
  n0 -->|"stage $default"| n1
  n0 -->|"stage $default"| n2
  n3 --> n4
  n4 --> n5
  n5 --> n6
  n7 --> n8
  n9 -.-x n10
  n10 -.-> n6
  classDef broken stroke:#d32f2f,stroke-width:2px,stroke-dasharray:5 4
"""
    )


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ('say "hi"', "say #quot;hi#quot;"),
        ("<b>&amp;</b>", "#lt;b#gt;#amp;amp;#lt;/b#gt;"),
        ("#35;", "#35;35;"),
        ("`code`", "#96;code#96;"),
        ("two\nlines", "two lines"),
        ("\x00\x1b[0m", "\ufffd\ufffd[0m"),
        ("GET /{proxy+}", "GET /{proxy+}"),
    ],
)
def test_a_name_is_never_markup(title: str, expected: str) -> None:
    node = Node(id="backend:x", kind="backend", title=title)
    assert draw_mermaid(Graph(name="dev", nodes=(node,), edges=(), traces=())) == (
        f'flowchart LR\n  n0[("{expected}")]\n'
    )
