"""The examples: sound without a doubt, runnable, and all on their page."""

from pathlib import Path

import pytest

from examples.page import examples_page
from local.recorder import record
from local.topology.reading import build_topology
from local.topology.reading.network import output_blocks
from settings import find_warnings, load_settings
from tests.programs import ROOT, stack_config

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
    config = stack_config("dev", file)
    assert [
        str(warning) for warning in find_warnings(load_settings(config.settings(), config.values["aws:region"]))
    ] == []


@by_name
def test_an_example_is_previewed_and_can_be_served(file: Path) -> None:
    config = stack_config("dev", file)
    apis, recording = load_settings(config.settings()).apis, record(config)
    assert output_blocks(recording, "apis").keys() == apis.keys()
    assert {api.name for api in build_topology(recording).apis} == apis.keys()


def test_the_page_shows_every_example_with_what_it_is_for() -> None:
    page = examples_page()
    for file in FILES:
        title = file.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
        assert f"\n- [{title}](#" in page
        assert f"\n## {title}\n" in page
        assert f"\n[{file.name}](../examples/{file.name})\n" in page
