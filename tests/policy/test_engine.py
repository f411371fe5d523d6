"""The real pack, started and asked as the engine does, says what the laptop's report says."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from local.policing import police
from local.recording import Recording
from policy.catalog import POLICIES
from policy.enforcement import read_enforcement
from policy.exemptions import place, sentence
from policy.levels import default_level
from policy.model import ResourcePolicy
from policy.report import Report
from tests.policy.engine_side import PACK, Diagnostic, in_a_preview, running
from tests.programs import ROOT, dev_settings, run_program, stack_config

NOTHING = {"all": "advisory"}
EXEMPT = [
    {"resource": "chat", "reason": "it is all gone in March"},
    {"resource": "nobody-*", "reason": "a misspelling"},
]


@pytest.fixture(scope="module", name="dev")
def _dev() -> Recording:
    return run_program(dev_settings())


@pytest.fixture(scope="module", name="bad")
def _bad() -> Recording:
    """A stack without an access log, and in a first preview."""
    settings = dev_settings()
    settings["apis"]["orders"]["stage"] = {"accessLogs": False}
    return in_a_preview(run_program(settings, known=False))


@pytest.fixture(scope="module", name="prod")
def _prod() -> Recording:
    config = stack_config("prod")
    return run_program(config.settings(), stack="prod", region=config.values["aws:region"])


def report_of(recording: Recording, config: Mapping[str, Any], directory: Path) -> Report:
    file = directory / "config.json"
    file.write_text(json.dumps(config), encoding="utf-8")
    return police(recording, read_enforcement(file, POLICIES))


def diagnostics_of(report: Report) -> list[Diagnostic]:
    return sorted(
        Diagnostic(
            policy=one.policy.id,
            urn=one.violation.resource.urn if one.violation.resource else "",
            level=one.level.value,
            message=one.violation.message,
        )
        for one in report.violations
    )


def remarks_of(report: Report) -> list[tuple[str, str]]:
    exempted = [
        (one.policy.id, f"{place(one.finding)} is exempt ({sentence(one.finding)}): {one.exemption.reason}")
        for one in report.exempted
    ]
    return sorted(
        exempted + [(one.policy.id, f"{place(one.undecided)}: {sentence(one.undecided)}") for one in report.undecided]
    )


@pytest.mark.parametrize("config", [{}, {"all": "mandatory"}, NOTHING], ids=["default", "mandatory", "advisory"])
@pytest.mark.parametrize("stack", ["dev", "bad", "prod"])
def test_the_engine_gets_what_the_laptop_reports(
    stack: str, config: Mapping[str, Any], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    recording: Recording = request.getfixturevalue(stack)
    report = report_of(recording, config, tmp_path)
    with running(PACK, tmp_path) as pack:
        assert pack.configure(config) == []
        answers = pack.ask(recording)
    assert sorted(answers.diagnostics) == diagnostics_of(report)
    assert sorted(answers.not_applicable) == remarks_of(report)
    assert sorted(pack.printed) == sorted(f"{policy}: {line}\n" for policy, line in remarks_of(report))


def test_the_stacks_differ_in_what_is_found(dev: Recording, bad: Recording, prod: Recording, tmp_path: Path) -> None:
    of_dev, of_bad, of_prod = (report_of(stack, {"all": "mandatory"}, tmp_path) for stack in (dev, bad, prod))
    assert (of_prod.violations, of_prod.undecided, of_prod.passed) == ((), (), True)
    found = {"access-log: accessLogSettings must name a log group, got none"}
    lines_of_dev, lines_of_bad = (
        {f"{one.policy.id}: {one.violation.message}" for one in report.violations} for report in (of_dev, of_bad)
    )
    assert 'listener-tls: protocol must be TLS or HTTPS, got "TCP"' in lines_of_dev & lines_of_bad
    assert found <= lines_of_bad - lines_of_dev


def test_no_value_that_is_not_known_ends_a_policy(bad: Recording, tmp_path: Path) -> None:
    """The SDK says "can't run policy" where a policy touches an unknown value."""
    with running(PACK, tmp_path) as pack:
        answers = pack.ask(bad)
    assert [one for one in answers.diagnostics if "can't run policy" in one.message] == []
    assert ("wildcard-iam", "network-flow-logs: policy is not known before the deployment") in answers.not_applicable
    assert all(line.endswith("is not known before the deployment") for _, line in answers.not_applicable)


def test_an_exemption_shows_with_its_reason_and_one_that_covers_nothing_is_named(
    dev: Recording, tmp_path: Path
) -> None:
    config = {"all": "mandatory", "listener-tls": {"exemptions": EXEMPT}, "target-tls": {"exemptions": EXEMPT}}
    report = report_of(dev, config, tmp_path)
    with running(PACK, tmp_path) as pack:
        assert pack.configure(config) == []
        answers = pack.ask(dev)
    assert sorted(answers.diagnostics) == diagnostics_of(report)
    lines = [
        f'{policy}: chat is exempt (protocol must be TLS or HTTPS, got "TCP"): it is all gone in March\n'
        for policy in ("listener-tls", "target-tls")
    ]
    unused = [
        f'{policy}: the exemption of "nobody-*" covers nothing: a misspelling\n'
        for policy in ("listener-tls", "target-tls")
    ]
    assert sorted(pack.printed) == sorted(lines + unused)
    assert [f"{policy}: {line}\n" for policy, line in sorted(answers.not_applicable)] == sorted(lines)


def test_a_disabled_policy_is_not_asked(dev: Recording, tmp_path: Path) -> None:
    with running(PACK, tmp_path) as pack:
        assert pack.configure({"all": "disabled", "listener-tls": "advisory"}) == []
        answers = pack.ask(dev)
    assert {(one.policy, one.level) for one in answers.diagnostics} == {("listener-tls", "advisory")}


@pytest.mark.parametrize(
    ("exemptions", "problem"),
    [
        ([{"resource": "chat"}], "'reason' is a required property"),
        ([{"resource": "chat", "reason": " "}], r"' ' does not match '\\S'"),
        ([{"resource": "", "reason": "why"}], r"'' does not match '\\S'"),
        ([{"resource": "chat", "reason": "why", "until": "March"}], "Additional properties are not allowed"),
        ("chat", "'chat' is not of type 'array'"),
    ],
)
def test_the_cli_refuses_a_bad_exemption_by_the_packs_schema(exemptions: object, problem: str, tmp_path: Path) -> None:
    with running(PACK, tmp_path) as pack:
        (found,) = pack.configure({"listener-tls": {"exemptions": exemptions}})
    assert found.startswith(f"listener-tls: {problem}")


def test_a_key_that_the_schema_lets_through_is_a_violation_and_no_exemption_counts(
    dev: Recording, tmp_path: Path
) -> None:
    with running(PACK, tmp_path) as pack:
        wrong = {"enforcementLevel": "mandatory", "exempt": EXEMPT}
        assert pack.configure({"all": "disabled", "listener-tls": wrong, "deletion-protection": wrong}) == []
        answers = pack.ask(dev)
    complaint = "the policy's configuration is wrong, and no exemption counts: exempt: unknown key; known: exemptions"
    of_balancers = [complaint, "enableDeletionProtection must be true, got false"]
    assert [one.message for one in answers.diagnostics] == [
        *(of_balancers * 2),
        complaint,
        'protocol must be TLS or HTTPS, got "TCP"',
        'protocol must be TLS or HTTPS, got "HTTP"',
    ]
    assert {one.level for one in answers.diagnostics} == {"mandatory"}


def test_the_pack_describes_every_policy(tmp_path: Path) -> None:
    with running(PACK, tmp_path) as pack:
        info = pack.info()
    assert (info.name, info.supportsConfig) == ("gatelink", True)
    levels, kinds = {"advisory": 0, "mandatory": 1}, {True: 1, False: 2}
    described = [
        (one.name, one.description, one.enforcementLevel, one.policy_type, one.remediation_steps, list(one.tags))
        for one in info.policies
    ]
    assert described[:-1] == [
        (
            policy.id,
            policy.title,
            levels[default_level(policy).value],
            kinds[isinstance(policy, ResourcePolicy)],
            policy.remedy,
            list(policy.rule_sets),
        )
        for policy in POLICIES
    ]
    assert described[-1][:4] == ("exemptions", "Every exemption covers something.", 0, 2)


def test_a_published_pack_needs_its_folder_and_apigateway_alone(dev: Recording, tmp_path: Path) -> None:
    """As ``docs/policies.md`` says to publish it: under any name, with ``apigateway`` inside."""
    folder = tmp_path / "pulumi-analyzer-policy-gatelink-v0.2.0"
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PACK, folder, ignore=ignore)
    shutil.copytree(ROOT / "apigateway", folder / "apigateway", ignore=ignore)
    with running(folder, tmp_path) as pack:
        answers = pack.ask(dev)
    assert sorted(answers.diagnostics) == diagnostics_of(report_of(dev, {}, tmp_path))


def test_the_pack_imports_nothing_that_its_requirements_do_not_bring() -> None:
    brought = {"pulumi", "pulumi_policy", "grpc", "google", "policy", "apigateway"}
    code = "import policy.engine, sys; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    plain = "import pulumi_policy, pulumi, sys; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    ours, theirs = (
        set(subprocess.check_output([sys.executable, "-c", words], cwd=ROOT, text=True).split())  # noqa: S603
        for words in (code, plain)
    )
    assert ours - theirs - set(sys.stdlib_module_names) <= brought


def test_the_packs_requirements_are_the_projects_pins() -> None:
    pins = re.findall(r"^[\w-]+==[\d.]+", (PACK / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(pins) == 2
    assert set(pins) <= set(
        re.findall(r"^[\w-]+==[\d.]+", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    )
