"""``python -m local policy`` as a user meets it."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from local.policy_report import print_report, summary
from policy.catalog import POLICIES
from policy.enforcement import Enforcement
from policy.exemptions import Exemption
from policy.model import Resource, Stack
from policy.report import evaluate
from tests.programs import ROOT, STACKS, copy_stack


@pytest.fixture(name="project")
def _project(tmp_path: Path) -> Path:
    """The dev stack in a folder of the test's own, with the pack's file for it."""
    copy_stack(tmp_path, "dev")
    shutil.copytree(STACKS / "policy" / "config", tmp_path / "policy" / "config")
    return tmp_path


def run(project: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "local", "policy", *words],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def configure(project: Path, document: object) -> None:
    (project / "policy" / "config" / "dev.json").write_text(json.dumps(document), encoding="utf-8")


def rows(text: str) -> list[str]:
    """Return the lines, with one space where columns are set apart."""
    return [" ".join(line.split()) for line in text.splitlines()]


def test_dev_passes_at_its_level(project: Path) -> None:
    done = run(project)
    assert (done.returncode, done.stderr) == (0, "")
    lines = rows(done.stdout)
    assert lines[:3] == ["dev levels of policy/config/dev.json", "", "level severity policy resource what is wrong"]
    assert 'advisory critical listener-tls chat (aws:lb:Listener) protocol must be TLS or HTTPS, got "TCP"' in lines
    assert lines[-1].startswith(f"passed: {len(POLICIES)} policies asked: 0 mandatory, ")


def test_dev_does_not_pass_at_the_strictest(project: Path) -> None:
    done = run(project, "--strict")
    assert (done.returncode, done.stderr) == (1, "")
    lines = rows(done.stdout)
    assert lines[0] == "dev --strict: all mandatory, nothing exempt"
    assert 'mandatory critical listener-tls chat (aws:lb:Listener) protocol must be TLS or HTTPS, got "TCP"' in lines
    remedy = next(one.remedy for one in POLICIES if one.id == "deletion-protection")
    assert f"deletion-protection {remedy}" in lines
    assert lines[-1].startswith(f"failed: {len(POLICIES)} policies asked: ")


def test_exemptions_show_with_their_reasons_and_so_do_those_that_cover_nothing(project: Path) -> None:
    exemptions = [{"resource": "ch*t", "reason": "a certificate comes in March"}, {"resource": "x", "reason": "gone"}]
    configure(project, {"all": "disabled", "listener-tls": {"enforcementLevel": "mandatory", "exemptions": exemptions}})
    done = run(project)
    assert (done.returncode, done.stderr) == (1, "")
    lines = rows(done.stdout)
    assert lines[:9] == [
        "dev levels of policy/config/dev.json",
        "",
        "level severity policy resource what is wrong",
        'mandatory critical listener-tls orders (aws:lb:Listener) protocol must be TLS or HTTPS, got "HTTP"',
        "",
        "exempt",
        "policy resource what is wrong reason",
        'listener-tls chat (aws:lb:Listener) protocol must be TLS or HTTPS, got "TCP" a certificate comes in March',
        "",
    ]
    assert lines[9:12] == ["exemptions that cover nothing", "policy pattern reason", "listener-tls x gone"]
    disabled = [one.id for one in POLICIES if one.id != "listener-tls"]
    assert lines[-3] == f"disabled: {', '.join(disabled)}"
    assert lines[-1] == (
        f"failed: 1 policy asked, {len(disabled)} disabled: 1 mandatory, 0 advisory, 1 exempt, 0 undecided, "
        "1 unused exemption"
    )


def test_json_holds_what_the_table_does(project: Path) -> None:
    exemptions = [{"resource": "chat", "reason": "a certificate comes in March"}, {"resource": "x", "reason": "gone"}]
    configure(project, {"all": "disabled", "listener-tls": {"enforcementLevel": "advisory", "exemptions": exemptions}})
    done = run(project, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    policy = next(one for one in POLICIES if one.id == "listener-tls")
    urn_of = {
        name: f"urn:pulumi:dev::gatelink::gatelink:components:Backend$aws:lb/listener:Listener::{name}"
        for name in ("chat", "orders")
    }
    assert found.pop("disabled") == [one.id for one in POLICIES if one is not policy]
    assert found == {
        "stack": "dev",
        "source": "levels of policy/config/dev.json",
        "passed": True,
        "asked": ["listener-tls"],
        "violations": [
            {
                "policy": "listener-tls",
                "level": "advisory",
                "severity": "critical",
                "resource": {"name": "orders", "type": "aws:lb/listener:Listener", "urn": urn_of["orders"]},
                "message": 'protocol must be TLS or HTTPS, got "HTTP"',
                "remedy": policy.remedy,
            }
        ],
        "exempted": [
            {
                "policy": "listener-tls",
                "resource": {"name": "chat", "type": "aws:lb/listener:Listener", "urn": urn_of["chat"]},
                "message": 'protocol must be TLS or HTTPS, got "TCP"',
                "reason": "a certificate comes in March",
            }
        ],
        "unusedExemptions": [{"policy": "listener-tls", "resource": "x", "reason": "gone"}],
        "undecided": [],
    }


def test_a_bad_file_of_levels_ends_the_run_with_all_its_problems(project: Path) -> None:
    configure(project, {"all": "strict", "listener-tsl": {"exemptions": [{"resource": "chat"}]}, "access-log": 1})
    done = run(project)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        'dev.json: all: must be advisory, mandatory or disabled, got "strict"',
        'dev.json: listener-tsl: no policy "listener-tsl"; did you mean listener-tls?',
        "dev.json: access-log: must be a level or an object with enforcementLevel and exemptions, got 1",
    ]


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (("--policy-config", "none.json"), 1, "none.json: not found: it must be a JSON file of enforcement levels\n"),
        (("--stack", "test"), 1, 'Pulumi.test.yaml: not found: there is no stack "test" here; stacks: dev\n'),
    ],
)
def test_a_file_that_is_not_there(project: Path, words: tuple[str, ...], status: int, message: str) -> None:
    done = run(project, *words)
    assert (done.returncode, done.stdout, done.stderr) == (status, "", message)


def test_strict_and_a_file_do_not_go_together(project: Path) -> None:
    done = run(project, "--strict", "--policy-config", "policy/config/prod.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("argument --policy-config: not allowed with argument --strict\n")


def test_a_terminal_gets_a_table_that_fits(capsys: pytest.CaptureFixture[str]) -> None:
    stage = Resource(urn="urn:1", type="aws:apigatewayv2/stage:Stage", name="live", properties={})
    exemption = {"access-log": (Exemption(resource="live", reason="it is for load tests " * 5),)}
    levels = Enforcement.default(POLICIES).levels
    report = evaluate(POLICIES, [stage], Stack(resources=()), Enforcement(levels=levels, exemptions=exemption))
    print_report(report, "dev", "default levels", Console(force_terminal=True, width=80, no_color=True))
    text = re.sub("\x1b\\[[0-9;]*m", "", capsys.readouterr().out)
    assert max(map(len, text.splitlines())) == 80
    assert summary(report).startswith("passed: ")
