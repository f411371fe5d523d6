"""The page of the outputs: complete, and true."""

import re

import pytest

from gatelink.outputs.contract import StackOutputs, outputs_of
from gatelink.outputs.reading import GatelinkStack
from pages.outputs import outputs_page
from tests.gatelink.consumers import PRODUCER, ends, produced, run_consumer
from tests.gatelink.test_contract import BLOCKS


@pytest.mark.parametrize("block", BLOCKS.values(), ids=lambda block: block.__name__)
def test_every_output_is_on_the_page(block: type) -> None:
    for info in outputs_of(block).values():
        assert f"| `{info.name}` | " in outputs_page()
        assert info.about in outputs_page()


def test_the_page_shows_each_block_at_its_place() -> None:
    headings = re.findall(r"^## (.*)$", outputs_page(), re.MULTILINE)
    assert headings == [
        "Reading them",
        "The outputs of a stack",
        "`backends.<name>`",
        "`vpcLinks`",
        "`apis.<name>`",
        "`apis.<name>.stages.<name>`",
        "`domains.<name>`",
    ]
    assert outputs_page().index("`gatelinkVersion`") > outputs_page().index("## The outputs of a stack")
    assert outputs_of(StackOutputs)["gatelink_version"].since == "0.2.0"


def test_the_message_on_the_page_is_the_one_that_a_reader_gets() -> None:
    with ends() as messages:
        run_consumer(lambda: _export(GatelinkStack(PRODUCER)), {PRODUCER: produced()})
    assert messages[0] in " ".join(outputs_page().split())


def _export(stack: GatelinkStack) -> None:
    import pulumi

    pulumi.export("read", stack.backend("orders").service_arn)
