"""The page on security names files, tests, rules and policies that are there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.programs import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
TESTS = re.findall(r"`((?:tests/[\w/]+/)?test_\w+\.py)(?:::(\w+))?`", PAGE)
FILES = re.findall(r"`((?:apigateway|components|local|settings)/[\w/]+\.py)`", PAGE)
POLICIES = (
    "integration-tls",
    "listener-tls",
    "method-authorization",
    "rest-backend-tls",
    "route-authorization",
    "target-tls",
    "wildcard-iam",
)
RULES = ("idle-usage-plan", "mutual-tls-bypass", "spoofed-header")


def test_the_page_was_understood() -> None:
    assert len(TESTS) > 12
    assert len(FILES) > 12


@pytest.mark.parametrize(("file", "name"), TESTS)
def test_a_test_that_holds_a_guarantee_is_there(file: str, name: str) -> None:
    places = [ROOT / file, ROOT / "tests" / "components" / file, ROOT / "tests" / "local" / "console" / file]
    (text,) = [place.read_text(encoding="utf-8") for place in places if place.is_file()]
    assert f"def {name}(" in text or not name


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_does_something_is_there(file: str) -> None:
    assert (ROOT / file).is_file()


def test_its_policies_and_rules_are_there() -> None:
    policies = (ROOT / "docs" / "policies.md").read_text(encoding="utf-8")
    rules = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    for name in POLICIES:
        assert f"`{name}`" in PAGE
        assert f"## {name}\n" in policies
    for name in RULES:
        assert f"`{name}`" in PAGE
        assert f"`{name}`" in rules


def stand_in(file: Path, script: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/bash\n{script}\n", encoding="utf-8")
    file.chmod(0o755)


@pytest.mark.parametrize(
    ("code", "call"),
    [
        (1, "create-policy --policy-name {name} --policy-document file://{name}.json"),
        (0, "create-policy-version --policy-arn {arn} --policy-document file://{name}.json --set-as-default"),
    ],
    ids=["not there", "there"],
)
def test_its_commands_make_the_policies_and_may_be_run_again(tmp_path: Path, code: int, call: str) -> None:
    (commands,) = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    stand_in(tmp_path / "aws", f'echo "$*" >> calls; case "$*" in *get-policy*) exit {code};; esac')
    answer = '{"gatelink-prod-deploy-apis": {}, "gatelink-prod-deploy-logs": {}}'
    python = f"[ \"$2\" != deployer ] && exec '{sys.executable}' \"$@\"; echo '{answer}'"
    stand_in(tmp_path / ".venv" / "bin" / "python", python)
    (tmp_path / "gatelink-prod-deploy-gone.json").touch()
    given = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(["/bin/bash", "-eu", "-c", commands], cwd=tmp_path, env=given, check=False)  # noqa: S603
    assert done.returncode == 0
    expected = []
    for name in ("gatelink-prod-deploy-apis", "gatelink-prod-deploy-logs"):
        arn = f"arn:aws:iam::111122223333:policy/{name}"
        expected += [
            f"iam get-policy --policy-arn {arn}",
            f"iam {call.format(name=name, arn=arn)}",
            f"iam attach-role-policy --role-name gatelink-prod --policy-arn {arn}",
        ]
        assert (tmp_path / f"{name}.json").read_text(encoding="utf-8") == "{}"
    assert (tmp_path / "calls").read_text(encoding="utf-8").splitlines() == expected
