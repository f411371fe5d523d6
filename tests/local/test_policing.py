"""A recording before the policies: what they see of it, and which rules hold."""

import json
from pathlib import Path

import pytest

from apigateway.errors import PolicyConfigError
from local.policing import Rules, choose_rules, police
from local.recording import Json, Recording, Resource
from policy.catalog import POLICIES
from policy.enforcement import Enforcement
from policy.model import UNKNOWN, Finding, ResourcePolicy, Severity, Stack, StackPolicy
from policy.model import Resource as Judged

TYPE = "aws:apigatewayv2/stage:Stage"


def recorded(**more: Json) -> Recording:
    stage = Resource(
        urn="urn:pulumi:dev::gatelink::aws:apigatewayv2/stage:Stage::live",
        type=TYPE,
        name="live",
        parent="urn:parent",
        custom=True,
        id=str(more.pop("id", "live-id")),
        inputs={"apiId": "<unknown>", "settings": {"arn": "<unknown>", "levels": ["a", "<unknown>"]}, **more},
        outputs={"apiId": "a1", "arn": "arn:aws:1", **more},
        property_dependencies={"apiId": ("urn:api",)},
    )
    return Recording(project="gatelink", stack="dev", resources=(stage,), outputs={})


def shown(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> list[Judged]:
    """Return what a policy of resources is shown, and after that what one of stacks is."""
    seen: list[Judged] = []

    def look(resource: Judged) -> list[Finding]:
        seen.append(resource)
        return []

    def look_at_all(stack: Stack) -> list[Finding]:
        seen.extend(stack.resources)
        return []

    resources = ResourcePolicy(
        id="one",
        title="It holds.",
        severity=Severity.LOW,
        rationale="",
        remedy="",
        types=frozenset({TYPE}),
        check=look,
    )
    stacks = StackPolicy(
        id="all-of-them", title="It holds.", severity=Severity.LOW, rationale="", remedy="", check=look_at_all
    )
    monkeypatch.setattr("local.policing.POLICIES", (resources, stacks))
    assert police(recording, Enforcement.strict((resources, stacks))).passed
    return seen


def test_policies_of_resources_see_inputs_and_those_of_stacks_outputs(monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = shown(recorded(), monkeypatch)
    assert before.properties == {"apiId": UNKNOWN, "settings": {"arn": UNKNOWN, "levels": ["a", UNKNOWN]}}
    assert (before.id, before.parent, before.property_dependencies) == (UNKNOWN, "urn:parent", {})
    assert after.properties == {"apiId": "a1", "arn": "arn:aws:1"}
    assert (after.id, after.parent, after.property_dependencies) == ("live-id", "urn:parent", {"apiId": ("urn:api",)})
    assert (before.urn, before.type, before.name) == (after.urn, after.type, after.name)


def test_secrets_stay_text_and_an_id_that_is_not_known_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    recording = recorded(variables={"key": "<secret>"}, note="no <unknown> at all", id="<unknown>")
    _, after = shown(recording, monkeypatch)
    assert after.at("variables", "key") == "<secret>"
    assert after.at("note") == "no <unknown> at all"
    assert after.id is UNKNOWN


def write(directory: Path, text: str) -> Path:
    file = directory / "policy" / "config" / "dev.json"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_without_a_file_the_default_levels_hold(tmp_path: Path) -> None:
    assert choose_rules(tmp_path, "dev") == Rules(
        enforcement=Enforcement.default(POLICIES),
        source="default levels, as there is no policy/config/dev.json",
    )


def test_the_projects_file_for_the_stack_holds(tmp_path: Path) -> None:
    write(tmp_path, '{"all": "disabled"}')
    found = choose_rules(tmp_path, "dev")
    assert found.source == "levels of policy/config/dev.json"
    assert set(found.enforcement.levels.values()) == {"disabled"}
    assert choose_rules(tmp_path, "prod").source == "default levels, as there is no policy/config/prod.json"


def test_a_file_that_is_named_holds_instead(tmp_path: Path) -> None:
    write(tmp_path, '{"all": "disabled"}')
    other = tmp_path / "other.json"
    other.write_text(json.dumps({"all": "advisory"}), encoding="utf-8")
    found = choose_rules(tmp_path, "dev", file=other)
    assert found.source == f"levels of {other.as_posix()}"
    assert set(found.enforcement.levels.values()) == {"advisory"}
    with pytest.raises(PolicyConfigError):
        choose_rules(tmp_path, "dev", file=tmp_path / "none.json")


def test_strict_reads_no_file(tmp_path: Path) -> None:
    write(tmp_path, "no JSON")
    found = choose_rules(tmp_path, "dev", strict=True)
    assert found == Rules(enforcement=Enforcement.strict(POLICIES), source="--strict: all mandatory, nothing exempt")
