"""The hand-written pages: what they show is legal, and their links lead somewhere."""

import re
from pathlib import Path

import pytest

from apigateway.mapping import http, rest, websocket
from settings import load_settings
from tests.programs import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_to_files_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_mappings_shown_side_by_side_are_legal_in_their_dialects() -> None:
    page = (ROOT / "docs" / "mappings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| [^|]+ \| `(integration\.[^`]+)` \| `([^`]+)` \| `([^`]+)` \|$", page, re.MULTILINE)
    assert len(rows) == 4
    for websocket_pair, http_pair, rest_pair in rows:
        websocket.RequestMapping.parse(dict([websocket_pair.split(": ")]))
        http.RequestMapping.parse(dict([http_pair.split(": ")]))
        rest.RequestMapping.parse(dict([rest_pair.split(": ")]))


def test_the_sources_shown_are_legal() -> None:
    page = (ROOT / "docs" / "mappings.md").read_text(encoding="utf-8")
    of_websocket, _, others = page.partition("## HTTP APIs")
    of_http, _, of_rest = others.partition("## REST APIs")
    sources = re.findall(r"^\| `((?:context|route|stageVariables|')[^`]*)` \|", of_websocket, re.MULTILINE)
    assert len(sources) == 8
    for source in sources:
        assert str(websocket.parse_source(source)) == source
    values = [value for value in re.findall(r"`([^`]+)`", of_http) if value.startswith(("$request", "$context", "/v2"))]
    assert len(values) == 8
    for value in values:
        assert str(http.Template.parse(value, side="request")) == value
    sources = re.findall(r"^\| `((?:context|method|stageVariables|')[^`]*)` \|", of_rest, re.MULTILINE)
    assert len(sources) == 10
    for source in sources:
        assert str(rest.parse_source(source)) == source
    answers = re.findall(r"`(integration\.response\.[^`]+)`", of_rest)
    assert len(answers) == 4
    for answer in answers:
        assert str(rest.parse_response_source(answer)) == answer


def test_the_readmes_deployment_is_sound() -> None:
    from ruamel.yaml import YAML

    (block,) = re.findall(r"```yaml\n(config:.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    config = YAML(typ="safe", pure=True).load(block)["config"]
    prefix = "gatelink:"
    load_settings({key.removeprefix(prefix): value for key, value in config.items() if key.startswith(prefix)})
