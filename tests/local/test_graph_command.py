"""``python -m local graph`` as a user meets it; what is drawn is tested beside ``local.picture``."""

from pathlib import Path

import pytest

from tests.local.command import Done, run
from tests.programs import copy_stack


@pytest.fixture(name="project")
def _project(tmp_path: Path) -> Path:
    """The dev stack in a folder of the test's own."""
    copy_stack(tmp_path, "dev")
    return tmp_path


async def test_a_picture_goes_to_standard_output(project: Path) -> None:
    svg = await run(project, "graph")
    assert (svg.status, svg.err) == (0, "")
    assert svg.out.startswith("<svg ")
    assert svg.out.rstrip().endswith("</svg>")
    flowchart = await run(project, "graph", "--format", "mermaid")
    assert (flowchart.status, flowchart.err) == (0, "")
    assert flowchart.out.startswith("flowchart LR\n")
    assert "sendMessage" in flowchart.out


async def test_a_picture_goes_to_a_file(project: Path) -> None:
    file = project / "dev.svg"
    assert await run(project, "graph", "--output", str(file)) == Done(status=0, out="", err="")
    assert file.read_text(encoding="utf-8") == (await run(project, "graph")).out


async def test_routes_beyond_the_limit_are_drawn_when_asked_for(project: Path) -> None:
    stack = project / "Pulumi.dev.yaml"
    text = stack.read_text(encoding="utf-8")
    route = "        $default: {integration: forward}\n"
    assert route in text
    more = "".join(f"        message{number}: {{integration: forward}}\n" for number in range(60))
    stack.write_text(text.replace(route, route + more), encoding="utf-8")
    some = await run(project, "graph", "--format", "mermaid")
    every = await run(project, "graph", "--format", "mermaid", "--all")
    assert "message59" in every.out
    assert some.out.count("message") < every.out.count("message")


async def test_a_file_that_cannot_be_written_is_named(project: Path) -> None:
    done = await run(project, "graph", "--output", "nowhere/dev.svg")
    assert done == Done(status=1, out="", err="cannot write nowhere/dev.svg: No such file or directory\n")


async def test_an_unknown_format_is_a_wrong_command_line(project: Path) -> None:
    done = await run(project, "graph", "--format", "png")
    assert done.status == 2
    assert "invalid choice: 'png'" in done.err
