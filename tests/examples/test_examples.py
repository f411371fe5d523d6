"""The examples: sound without a doubt, runnable, and current in the docs."""

from pathlib import Path

import pytest

from examples.__main__ import PAGE, page
from local.recorder import record
from local.stack_file import read_stack
from local.topology.reading import build_topology
from local.topology.reading.network import output_blocks
from settings import find_warnings, load_settings
from tests.programs import ROOT

FILES = sorted((ROOT / "examples").glob("*.yaml"))
by_name = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def test_there_is_one_for_each_use() -> None:
    assert [file.stem for file in FILES] == [
        "cloud-map-tls",
        "cross-account",
        "custom-domain",
        "event-ingestion",
        "lambda",
        "rest-cross-account",
        "rest-mock-to-prod",
        "rest-private-alb",
        "rest-private-api",
        "rest-private-nlb",
        "rest-status-mapping",
        "status-code-mapping",
        "token-on-connect",
        "two-way-chat",
    ]


@by_name
def test_an_example_has_no_problem_and_raises_no_doubt(file: Path) -> None:
    config = read_stack(ROOT, "dev", config_file=file)
    assert [
        str(warning) for warning in find_warnings(load_settings(config.settings(), config.values["aws:region"]))
    ] == []


@by_name
def test_an_example_is_previewed_and_can_be_served(file: Path) -> None:
    config = read_stack(ROOT, "dev", config_file=file)
    apis, recording = load_settings(config.settings()).apis, record(config)
    assert output_blocks(recording, "apis").keys() == apis.keys()
    assert {api.name for api in build_topology(recording).apis} == apis.keys()


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()
