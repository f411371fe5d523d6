"""The page with the dev stack's picture."""

from local.picture.page import picture_page
from tests.programs import stack_config


def test_the_page_has_the_stack_as_a_flowchart() -> None:
    text = picture_page(stack_config("dev"))
    assert "```mermaid\nflowchart LR\n" in text
    assert '  subgraph n1["orders · HTTP"]\n    n2["ANY /{proxy+}"]\n  end\n' in text
