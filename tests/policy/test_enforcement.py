"""Files of levels and exemptions: what they mean, and every problem of a bad one."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigateway.errors import PolicyConfigError
from policy.catalog import POLICIES
from policy.enforcement import Enforcement, read_enforcement
from policy.exemptions import Exemption
from policy.levels import Level, default_level
from policy.model import Policy, ResourcePolicy, Severity, Violation
from tests.policy.making import resource
from tests.programs import ROOT, STACKS

CONFIGS = sorted((ROOT / "policy" / "config").glob("*.json"))


def policy(id_: str, severity: Severity) -> Policy:
    return ResourcePolicy(
        id=id_,
        title="It holds.",
        severity=severity,
        rationale="",
        remedy="",
        types=frozenset(),
        check=lambda _: (),
    )


TLS, LOGS, TAGS = (
    policy("integration-tls", Severity.HIGH),
    policy("flow-logs", Severity.MEDIUM),
    policy("tags", Severity.LOW),
)
ALL = (TLS, LOGS, TAGS)


def read(text: str, directory: Path) -> Enforcement:
    file = directory / "dev.json"
    file.write_text(text, encoding="utf-8")
    return read_enforcement(file, ALL)


def levels(enforcement: Enforcement) -> str:
    return " ".join(enforcement.level(one) for one in ALL)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", "mandatory advisory advisory"),
        ('{"all": "mandatory"}', "mandatory mandatory mandatory"),
        ('{"all": {"enforcementLevel": "disabled"}}', "disabled disabled disabled"),
        ('{"all": {}}', "mandatory advisory advisory"),
        ('{"flow-logs": "disabled"}', "mandatory disabled advisory"),
        ('{"flow-logs": "mandatory", "all": "advisory"}', "advisory mandatory advisory"),
        ('{"integration-tls": {"enforcementLevel": "advisory"}}', "advisory advisory advisory"),
        ('{"tags": {}, "all": "mandatory"}', "mandatory mandatory mandatory"),
        ('{"tags": {"exemptions": [{"resource": "a", "reason": "b"}]}}', "mandatory advisory advisory"),
    ],
)
def test_a_policy_has_its_own_level_or_that_of_all_or_its_default(text: str, expected: str, tmp_path: Path) -> None:
    assert levels(read(text, tmp_path)) == expected


def test_exemptions_are_those_of_their_policy(tmp_path: Path) -> None:
    text = """{
      "all": "mandatory",
      "integration-tls": {
        "enforcementLevel": "advisory",
        "exemptions": [
          {"resource": "chat-*", "reason": " its backend gets a certificate in March "},
          {"resource": "orders", "reason": "TLS ends at the mesh"}
        ]
      },
      "flow-logs": "disabled"
    }"""
    enforcement = read(text, tmp_path)
    assert levels(enforcement) == "advisory disabled mandatory"
    assert enforcement.exemptions_of(TLS) == (
        Exemption(resource="chat-*", reason="its backend gets a certificate in March"),
        Exemption(resource="orders", reason="TLS ends at the mesh"),
    )
    assert enforcement.exemptions_of(LOGS) == ()


EXEMPTIONS = "dev.json: integration-tls.exemptions"
LEVELS = "must be advisory, mandatory or disabled"
ENTRY = '{"resource": …, "reason": …}'


def entries(*given_: str) -> str:
    return f'{{"integration-tls": {{"exemptions": [{", ".join(given_)}]}}}}'


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", ["dev.json:1:1: not JSON: Expecting value"]),
        ('{"all": "mandatory",\n}', ["dev.json:2:1: not JSON: Expecting property name enclosed in double quotes"]),
        ('["all"]', ['dev.json: must be an object such as {"all": "mandatory"}, got ["all"]']),
        ("null", ['dev.json: must be an object such as {"all": "mandatory"}, got null']),
        (
            '{"integration-tsl": "advisory"}',
            ['dev.json: integration-tsl: no policy "integration-tsl"; did you mean integration-tls?'],
        ),
        (
            '{"everything": "advisory"}',
            ['dev.json: everything: no policy "everything"; docs/policies.md names them all'],
        ),
        ('{"al": "advisory"}', ['dev.json: al: no policy "al"; did you mean all?']),
        (
            '{"Flow Logs": "advisory"}',
            ['dev.json: ["Flow Logs"]: no policy "Flow Logs"; did you mean flow-logs?'],
        ),
        ('{"all": "mandatry"}', [f'dev.json: all: {LEVELS}, got "mandatry"; did you mean mandatory?']),
        ('{"tags": "MANDATORY"}', [f'dev.json: tags: {LEVELS}, got "MANDATORY"; did you mean mandatory?']),
        ('{"tags": ""}', [f'dev.json: tags: {LEVELS}, got ""']),
        (
            '{"tags": "remediate"}',
            [f'dev.json: tags: {LEVELS}, got "remediate"; no policy of this pack changes a resource'],
        ),
        (
            '{"tags": {"enforcementLevel": 1}}',
            [f"dev.json: tags.enforcementLevel: {LEVELS}, got 1"],
        ),
        (
            '{"tags": true}',
            ["dev.json: tags: must be a level or an object with enforcementLevel and exemptions, got true"],
        ),
        ('{"all": null}', ["dev.json: all: must be a level or an object with enforcementLevel, got null"]),
        (
            '{"all": {"exemptions": []}}',
            ["dev.json: all.exemptions: a resource is exempt from one policy, not from all; name the policy"],
        ),
        ('{"tags": {"exemption": []}}', ["dev.json: tags.exemption: unknown key; did you mean exemptions?"]),
        (
            '{"tags": {"the level": "x"}}',
            ['dev.json: tags["the level"]: unknown key; known keys: enforcementLevel, exemptions'],
        ),
        ('{"tags": "advisory", "tags": "disabled"}', ["dev.json: tags: the key stands there twice"]),
        (
            '{"tags": {"enforcementLevel": "advisory", "enforcementLevel": "advisory"}}',
            ["dev.json: tags.enforcementLevel: the key stands there twice"],
        ),
        (
            '{"integration-tls": {"exemptions": {"resource": "a", "reason": "b"}}}',
            [f'{EXEMPTIONS}: must be a list of {ENTRY}, got {{"resource": "a", "reason": "b"}}'],
        ),
        (entries('"chat"'), [f'{EXEMPTIONS}[0]: must be {ENTRY}, got "chat"']),
        (
            entries('{"resource": "a"}'),
            [f"{EXEMPTIONS}[0].reason: must say why the resource is exempt, got nothing"],
        ),
        (
            entries('{"resource": "a", "reason": "b"}', '{"resource": "a", "reason": " "}'),
            [f'{EXEMPTIONS}[1].reason: must say why the resource is exempt, got " "'],
        ),
        (
            entries('{"reason": "b"}'),
            [f'{EXEMPTIONS}[0].resource: must be a logical name or a pattern such as "chat-*", got nothing'],
        ),
        (
            entries('{"resource": ["a"], "reason": "b"}'),
            [f'{EXEMPTIONS}[0].resource: must be a logical name or a pattern such as "chat-*", got ["a"]'],
        ),
        (
            entries('{"resource": "a", "reason": "b", "until": "March"}'),
            [f"{EXEMPTIONS}[0].until: unknown key; the keys are resource and reason"],
        ),
        (
            entries('{"resource": "a", "reason": "b", "reason": "c"}'),
            [f"{EXEMPTIONS}[0].reason: the key stands there twice"],
        ),
        (
            '{"all": "strict", "logs": "advisory", "integration-tls": {"exemptions": [{}]}}',
            [
                f'dev.json: all: {LEVELS}, got "strict"',
                'dev.json: logs: no policy "logs"; did you mean flow-logs?',
                f'{EXEMPTIONS}[0].resource: must be a logical name or a pattern such as "chat-*", got nothing',
                f"{EXEMPTIONS}[0].reason: must say why the resource is exempt, got nothing",
            ],
        ),
    ],
)
def test_every_problem_of_a_file_is_named_with_its_place(text: str, problems: list[str], tmp_path: Path) -> None:
    with pytest.raises(PolicyConfigError) as caught:
        read(text, tmp_path)
    assert list(caught.value.problems) == problems
    assert str(caught.value) == "\n".join(problems)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    file = tmp_path / "none.json"
    with pytest.raises(PolicyConfigError) as caught:
        read_enforcement(file, ALL)
    assert str(caught.value) == f"{file}: not found: it must be a JSON file of enforcement levels"


def test_what_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(PolicyConfigError) as caught:
        read_enforcement(tmp_path, ALL)
    assert str(caught.value) == f"{tmp_path}: cannot be read: Is a directory"
    file = tmp_path / "latin.json"
    file.write_bytes(b'{"all": "\xff"}')
    with pytest.raises(PolicyConfigError) as caught:
        read_enforcement(file, ALL)
    assert str(caught.value) == f"{file}: must be text in UTF-8"


@pytest.mark.parametrize("text", ["[" * 100_000, f'{{"all": {"9" * 5000}}}'], ids=["deep", "long number"])
def test_json_that_python_gives_up_on_is_a_problem_like_others(text: str, tmp_path: Path) -> None:
    with pytest.raises(PolicyConfigError) as caught:
        read(text, tmp_path)
    assert str(caught.value).startswith("dev.json: cannot be read: ")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from([*Level, "all"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["all", "tags", "flow-logs", "enforcementLevel", "exemptions", "resource", "reason", "x"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_is_read_or_refused_by_name(tmp_path_factory: pytest.TempPathFactory, document: object) -> None:
    problems: tuple[str, ...] = ()
    try:
        found = read(json.dumps(document), tmp_path_factory.mktemp("config"))
    except PolicyConfigError as error:
        problems = error.problems
    if problems:
        assert [problem for problem in problems if not problem.startswith("dev.json: ")] == []
    else:
        assert set(found.levels) == {one.id for one in ALL}


@pytest.mark.parametrize(
    ("pattern", "name", "covered"),
    [
        ("chat", "chat", True),
        ("chat", "chat-1", False),
        ("chat-*", "chat-1", True),
        ("chat-*", "Chat-1", False),
        ("chat-?", "chat-12", False),
        ("*", "anything", True),
        ("orders-ANY/{+}", "orders-ANY/{+}", True),
    ],
)
def test_an_exemption_covers_a_name_or_a_pattern(pattern: str, name: str, *, covered: bool) -> None:
    finding = Violation(resource=resource("aws:ec2/vpc:Vpc", name), message="must not be")
    assert Exemption(resource=pattern, reason="why").covers(finding) is covered


def test_what_is_wrong_with_the_whole_stack_is_covered_by_the_star_alone() -> None:
    finding = Violation(resource=None, message="must have a VPC")
    assert Exemption(resource="*", reason="why").covers(finding)
    assert not Exemption(resource="**", reason="why").covers(finding)


def test_the_default_is_mandatory_from_high_on() -> None:
    by_severity = {severity: default_level(policy("any", severity)) for severity in Severity}
    assert by_severity == {
        Severity.LOW: Level.ADVISORY,
        Severity.MEDIUM: Level.ADVISORY,
        Severity.HIGH: Level.MANDATORY,
        Severity.CRITICAL: Level.MANDATORY,
    }


@pytest.mark.parametrize("file", CONFIGS, ids=lambda file: file.name)
def test_the_packs_own_files_are_sound(file: Path) -> None:
    read_enforcement(file, POLICIES)


def test_prod_is_the_strictest_there_is() -> None:
    strict = Enforcement.strict(POLICIES)
    assert read_enforcement(STACKS / "policy" / "config" / "prod.json", POLICIES) == strict
