"""What the command prints, of every example: drawn, and of each route to its end."""

import json
from xml.etree import ElementTree as ET

import pytest

from local.picture import FORMATS, draw
from local.recorder import record
from local.topology.reading import build_topology
from tests.local.recordings import program
from tests.programs import ROOT, stack_config

EXAMPLES = ("cloud-map-tls", "custom-domain", "event-ingestion", "lambda", "rest-mock-to-prod", "token-on-connect")


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_has_no_broken_way(name: str) -> None:
    recording = record(stack_config("dev", ROOT / "examples" / f"{name}.yaml"))
    root = ET.fromstring(draw(recording, build_topology(recording), "svg"))  # noqa: S314 - our own
    assert not root.findall(".//*[@class='edge broken']")
    ways = json.loads(root.findtext("{http://www.w3.org/2000/svg}metadata") or "")
    assert ways
    assert all(len(way) >= 4 for routes in ways.values() for found in routes.values() for way in found)


def test_a_limit_is_one_of_rows_in_both_formats() -> None:
    made = program()
    made.http_api()
    for number in range(5):
        made.http_route("orders", f"GET /{number}")
    recording = made.recording()
    topology = build_topology(recording)
    for format_ in FORMATS:
        assert "… 3 more" in draw(recording, topology, format_, limit=3)
        assert "more" not in draw(recording, topology, format_, limit=None).replace("gatelink-picture .more", "")
