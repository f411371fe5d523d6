"""The measurement of starts and edits."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bench import report, start
from bench.start import StartCost, edit
from bench.start_piece import PIECES
from tests.programs import STACKS

DEV = STACKS / "Pulumi.dev.yaml"

COST = StartCost(
    first_answers=(2.5, 2.25),
    pieces={"imports": (0.75, 0.5), "recording": (1.5, 1.25)},
    edits=((1.0, 1.25), (1.0, 1.75), (1.0, 1.5)),
)


def test_tells_how_long_a_developer_waits() -> None:
    assert report.start_table(COST).splitlines()[1:] == [
        "                                                       best   worst",
        "  python -m local up to the first answer             2.25 s  2.50 s  goal < 4 s",
        "    imports, alone                                   0.50 s  0.75 s",
        "    recording, alone                                 1.25 s  1.50 s",
        "  a saved edit of the stack file until it is served  1.25 s  1.75 s  goal < 2 s",
        "  Half of the edits take 1.50 s at most.",
        "  Files are looked at every 0.15 s, and must be at rest for one more look.",
        "  The embedded AWS starts while the program is recorded.",
    ]
    assert "start" in report.as_json({"start": COST})


def test_an_edit_gives_every_route_of_the_api_another_status(tmp_path: Path) -> None:
    file = tmp_path / DEV.name
    file.write_bytes(DEV.read_bytes())
    edit(file, 202)
    routes = YAML().load(file)["config"]["gatelink:apis"][start.API]["routes"].values()
    assert [route["integration"]["responseParameters"] for route in routes] == [
        {"200": {"overwrite:statuscode": "202"}}
    ] * len(routes)


def test_a_start_and_an_edit_are_answered() -> None:
    told: list[str] = []
    cost = start.measure(told.append, rounds=1, edits=1, stack_file=DEV)
    ((said, shown),) = cost.edits
    assert min(cost.first_answer, said, shown) > 0
    assert list(cost.pieces) == list(PIECES)
    assert len(told) == 2 + len(PIECES)


@pytest.mark.parametrize("piece", ["settings", "gateway"])
async def test_a_piece_takes_time(piece: str) -> None:
    assert await PIECES[piece](DEV) > 0
