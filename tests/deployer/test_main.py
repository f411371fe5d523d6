"""The command: for one stack, and for whoever types it wrong."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from deployer.__main__ import main
from tests.programs import ROOT, copy_stack

UNBOUNDED = (
    "the stack has no gatelink:permissionsBoundary: whoever has these policies can give its roles every right in the "
    'account (docs/security.md, "A boundary for the roles")\n'
)


@pytest.fixture(name="project")
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy_stack(tmp_path, "dev")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("project")
def test_the_policies_of_a_stack(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--stack", "dev", "--account", "111122223333"]) == 0
    printed = capsys.readouterr()
    found = json.loads(printed.out)
    assert list(found) == [
        "gatelink-dev-deploy-network",
        "gatelink-dev-deploy-network-2",
        "gatelink-dev-deploy-balancers",
        "gatelink-dev-deploy-apis",
        "gatelink-dev-deploy-roles",
        "gatelink-dev-deploy-logs",
    ]
    assert ":111122223333:" in printed.out
    assert "123456789012" not in printed.out
    assert printed.err == UNBOUNDED
    (own,) = [s for s in found["gatelink-dev-deploy-balancers"]["Statement"] if s["Sid"] == "BalancersOwn"]
    assert own["Resource"] == [
        "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/orders-*/*",
        "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/net/chat-*/*",
    ]


@pytest.mark.usefixtures("project")
def test_the_policies_of_a_stacks_preview(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--read-only", "--region", "eu-west-1"]) == 0
    printed = capsys.readouterr()
    assert list(json.loads(printed.out)) == [
        "gatelink-dev-preview-network",
        "gatelink-dev-preview-balancers",
        "gatelink-dev-preview-apis",
        "gatelink-dev-preview-roles",
        "gatelink-dev-preview-logs",
    ]
    assert "arn:aws:apigateway:eu-west-1::/apis/*" in printed.out
    assert printed.err == (
        "the account is AWS's example, 123456789012: give yours with --account\n"
        "--region is eu-west-1 and the stack's aws:region is us-east-1, where it is deployed: the policies allow "
        "nothing there\n"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--account 111122223333", ""),
        ("--account 111122223333 --region us-east-1", ""),
        (
            "--account 222233334444",
            "--account is 222233334444 and the stack file has ARNs of 111122223333: permissionsBoundary and 10 more\n",
        ),
    ],
)
def test_another_account_than_the_stack_files_is_doubted(
    words: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    copy_stack(tmp_path, "prod")
    monkeypatch.chdir(tmp_path)
    assert main(["--stack", "prod", *words.split()]) == 0
    assert capsys.readouterr().err == said


def test_a_type_that_nobody_knows_here(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = project / "__main__.py"
    program.write_text('import pulumi_aws as aws\n\naws.sqs.Queue("jobs")\n', encoding="utf-8")
    assert main([]) == 1
    assert capsys.readouterr().err == 'no permissions are known for the resource type "aws:sqs/queue:Queue"\n'


@pytest.mark.usefixtures("project")
def test_a_stack_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--stack", "prd"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("Pulumi.prd.yaml: not found: ")
    assert "Traceback" not in printed.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--account 1234", 'argument --account: must be twelve digits, got "1234"'),
        ("--region europe", 'argument --region: must be a Region such as us-east-1, got "europe"'),
        ("--all", "unrecognized arguments: --all"),
    ],
)
def test_a_wrong_command_line(words: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(words.split())
    assert caught.value.code == 2
    assert capsys.readouterr().err.endswith(f"error: {message}\n")


def test_the_command_runs_as_a_module() -> None:
    command = [sys.executable, "-m", "deployer", "--stack", "prd"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Pulumi.prd.yaml: not found: ")
