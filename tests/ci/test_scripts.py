"""What the scripts in the workflows do, run by a real bash with stand-ins for `pulumi` and `gh`."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.ci.workflows import GITHUB, STRICT_SHELL, Block, parse, steps
from tests.programs import ROOT

SHA = "0123456789abcdef0123456789abcdef01234567"
# A stand-in writes down what it was called with, and answers as the test says.
STAND_IN = """#!/bin/bash
printf '%s\\n' "{name} $*" >> "$CALLS"
case "$*" in
{answers}
esac
"""


ENVIRONMENTS = ("dev", "prod", "dev-read", "prod-read")


def script(workflow: str, step: str) -> str:
    text = (GITHUB / "workflows" / workflow).read_text(encoding="utf-8")
    (found,) = (each["run"] for each in steps(parse(text)) if each.get("id") == step or each.get("name") == step)
    assert isinstance(found, str)
    return found


class Runner:
    """Runs a script as GitHub's runner would, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "bin").mkdir()

    def stand_in(self, name: str, *answers: str) -> None:
        file = self.folder / "bin" / name
        file.write_text(STAND_IN.format(name=name, answers="\n".join(answers)), encoding="utf-8")
        file.chmod(0o755)

    def run(self, text: str, **environment: str) -> subprocess.CompletedProcess[str]:
        (self.folder / "script.sh").write_text(text, encoding="utf-8")
        given = {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "CALLS": str(self.folder / "calls"),
            "RUNNER_TEMP": str(self.folder),
            "GITHUB_OUTPUT": str(self.folder / "output"),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary"),
            "GITHUB_REPOSITORY": "acme/gatelink",
            "GITHUB_REF_NAME": "main",
            "GITHUB_SHA": SHA,
            **environment,
        }
        shell = STRICT_SHELL.replace("{0}", "script.sh").split()
        return subprocess.run(shell, cwd=self.folder, env=given, capture_output=True, text=True, check=False)  # noqa: S603

    def text(self, name: str) -> str:
        file = self.folder / name
        return file.read_text(encoding="utf-8") if file.exists() else ""


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


@pytest.mark.parametrize(("code", "output"), [(0, "drifted=false\n"), (7, "drifted=true\n")])
def test_pulumis_exit_code_says_whether_there_is_drift(runner: Runner, code: int, output: str) -> None:
    runner.stand_in("pulumi", f"*) echo the plan; exit {code};;")
    done = runner.run(script("drift.yml", "compare"), STACK="prod")
    assert (done.returncode, done.stdout, runner.text("output")) == (0, "the plan\n", output)
    assert runner.text("summary") == "~~~~~~\nthe plan\n~~~~~~\n"
    assert runner.text("calls") == (
        "pulumi preview --stack prod --refresh --expect-no-changes --diff --non-interactive --color never\n"
    )


def test_a_preview_that_fails_is_no_drift_but_a_failure(runner: Runner) -> None:
    runner.stand_in("pulumi", "*) echo no role >&2; exit 3;;")
    done = runner.run(script("drift.yml", "compare"), STACK="prod")
    assert done.returncode == 3
    assert done.stdout == "no role\n::error::The preview failed with exit code 3.\n"
    assert runner.text("output") == ""
    assert runner.text("summary") == "~~~~~~\nno role\n~~~~~~\n"


LABEL = "gh label create drift --force --description What runs in AWS is not what main says\n"
LIST = (
    "gh issue list --label drift --state open --limit 100 --json number,title "
    "--jq map(select(.title == env.TITLE)) | .[0].number // empty\n"
)
BODY = (
    f"prod is not what main says, as of commit {SHA}: [the differences](https://run) are in the summary of\n"
    "the run. Someone changed AWS by hand, or main holds a commit that has not been deployed. docs/ci.md says what\n"
    "to do; the issue closes itself when both agree again.\n"
)


@pytest.mark.parametrize(
    ("drifted", "open_issue", "calls"),
    [
        ("true", "", f"gh issue create --title Drift in prod --label drift --body {BODY}"),
        ("true", "12", f"gh issue edit 12 --body {BODY}"),
        ("false", "12", "gh issue close 12 --comment [Both agree again](https://run).\n"),
        ("false", "", ""),
    ],
)
def test_there_is_one_issue_at_most(runner: Runner, drifted: str, open_issue: str, calls: str) -> None:
    runner.stand_in("gh", f"'issue list'*) echo {open_issue};;")
    done = runner.run(script("drift.yml", "issue"), STACK="prod", DRIFTED=drifted, RUN="https://run")
    assert (done.returncode, done.stderr) == (0, "")
    assert runner.text("calls") == LABEL + LIST + calls


@pytest.mark.parametrize(
    ("newest", "code", "said"),
    [
        (SHA, 0, ""),
        ("f" * 40, 1, f"::error::main has moved on to {'f' * 40}, whose own run deploys this commit too.\n"),
    ],
)
def test_an_older_commit_is_not_deployed(runner: Runner, newest: str, code: int, said: str) -> None:
    runner.stand_in("gh", f"*) echo {newest};;")
    done = runner.run(script("up.yml", "newest"))
    assert (done.returncode, done.stdout) == (code, said)
    assert runner.text("calls") == "gh api repos/acme/gatelink/commits/main --jq .sha\n"


def test_an_update_is_held_against_the_policies_of_its_stack(runner: Runner) -> None:
    runner.stand_in("pulumi")
    done = runner.run(script("up.yml", "Update the stack"), STACK="prod", GITHUB_RUN_ID="5")
    assert (done.returncode, done.stderr) == (0, "")
    assert runner.text("calls") == (
        f"pulumi up --stack prod --yes --non-interactive --diff --color never --message commit {SHA}, run 5 "
        "--policy-pack policy --policy-pack-config policy/config/prod.json\n"
    )


@pytest.mark.parametrize(
    ("deployments", "own_branch", "reason"),
    [
        ("", "true", 'the repository\'s variable DEPLOYMENTS is not "on" (docs/ci.md)'),
        ("on", "true", "Dependabot's branches get no credentials before someone has looked at them"),
        (
            "on",
            "false",
            "pull requests from forks get no credentials; a maintainer can push the branch to this repository",
        ),
    ],
)
def test_a_pull_request_without_a_preview_says_why(
    runner: Runner, deployments: str, own_branch: str, reason: str
) -> None:
    done = runner.run(script("preview.yml", "Say why"), DEPLOYMENTS=deployments, OWN_BRANCH=own_branch)
    assert (done.returncode, done.stdout) == (0, f"::notice title=No preview::No preview: {reason}.\n")
    assert runner.text("summary") == f"No preview: {reason}.\n"


def prepare() -> list[Block]:
    return steps(parse((GITHUB / "actions" / "prepare" / "action.yml").read_text(encoding="utf-8")))


def test_the_cli_has_the_version_of_the_sdk(runner: Runner) -> None:
    (step,) = [each for each in prepare() if each.get("id") == "pulumi"]
    requirements = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    (version,) = re.findall(r"^pulumi==(\S+)", requirements, re.MULTILINE)
    (runner.folder / "requirements.txt").write_text(requirements, encoding="utf-8")
    assert runner.run(step["run"]).returncode == 0
    assert runner.text("output") == f"version={version}\n"


def test_an_sdk_without_a_version_is_named(runner: Runner) -> None:
    (step,) = [each for each in prepare() if each.get("id") == "pulumi"]
    (runner.folder / "requirements.txt").write_text("pulumi>=3\npulumi-policy==1.21.0\n", encoding="utf-8")
    done = runner.run(step["run"])
    assert (done.returncode, runner.text("output")) == (1, "")
    assert done.stdout == (
        "::error file=requirements.txt::There is no line pulumi==VERSION, which says what CLI to install.\n"
    )


def manual(language: str, word: str) -> str:
    """Return the block of docs/ci.md that has a word in it."""
    blocks = re.findall(rf"```{language}\n(.*?)```", (ROOT / "docs" / "ci.md").read_text(encoding="utf-8"), re.DOTALL)
    (found,) = [block for block in blocks if word in block]
    assert isinstance(found, str)
    return found


def test_the_manual_makes_a_role_for_each_environment(runner: Runner) -> None:
    """The stand-in writes down whose ``sub`` the trust policy has that the role is made with."""
    (runner.folder / "trust-prod.json").write_text(manual("json", "AssumeRoleWithWebIdentity"), encoding="utf-8")
    runner.stand_in("aws", '*) grep -o \'repo:[^"]*\' trust.json >> "$CALLS";;')
    done = runner.run(manual("sh", "create-role"))
    assert (done.returncode, done.stderr) == (0, "")
    assert runner.text("calls") == "".join(
        f"aws iam create-role --role-name gatelink-{name} "
        f"--max-session-duration {3600 if name.endswith('-read') else 7200} "
        f"--assume-role-policy-document file://trust.json\nrepo:acme/gatelink:environment:{name}\n"
        for name in ENVIRONMENTS
    )


def test_the_manual_gives_each_role_its_state(runner: Runner) -> None:
    runner.stand_in("aws")
    assert runner.run(manual("sh", "put-role-policy")).returncode == 0
    assert runner.text("calls") == "".join(
        f"aws iam put-role-policy --role-name gatelink-{name} --policy-name state "
        f"--policy-document file://state-{name}.json\n"
        for name in ENVIRONMENTS
    )


def test_the_manual_makes_the_environments(runner: Runner) -> None:
    runner.stand_in("gh", '*"--input -") cat >> "$CALLS";;')
    assert runner.run(manual("sh", "deployment_branch_policy")).returncode == 0
    place = "repos/acme/gatelink/environments"
    only_main = '"deployment_branch_policy": {"protected_branches": false, "custom_branch_policies": true}}'
    assert runner.text("calls").splitlines() == [
        f"gh api -X PUT {place}/dev --input -",
        "{" + only_main,
        f"gh api -X PUT {place}/prod --input -",
        '{"reviewers": [{"type": "Team", "id": 42}], "prevent_self_review": true,',
        f" {only_main}",
        f"gh api -X POST {place}/dev/deployment-branch-policies -f name=main",
        f"gh api -X POST {place}/prod/deployment-branch-policies -f name=main",
        f"gh api -X PUT {place}/dev-read",
        f"gh api -X PUT {place}/prod-read",
    ]


def test_the_manual_sets_the_variables(runner: Runner) -> None:
    runner.stand_in("gh")
    assert runner.run(manual("sh", "gh variable set")).returncode == 0
    expected = []
    for name in ENVIRONMENTS:
        bucket = f"acme-pulumi-state-{name.removesuffix('-read')}"
        expected += [
            f"gh variable set AWS_ROLE_ARN --env {name} --body arn:aws:iam::111122223333:role/gatelink-{name}",
            f"gh variable set AWS_REGION --env {name} --body us-east-1",
            f"gh variable set PULUMI_BACKEND_URL --env {name} --body s3://{bucket}?region=us-east-1",
        ]
    assert runner.text("calls").splitlines() == [*expected, "gh variable set DEPLOYMENTS --body on"]


@pytest.mark.parametrize("missing", ["AWS_ROLE_ARN", "AWS_REGION", "PULUMI_BACKEND_URL"])
def test_a_variable_that_is_not_set_is_named(runner: Runner, missing: str) -> None:
    first = prepare()[0]
    given = {**dict.fromkeys(first["env"], "given"), missing: ""}
    done = runner.run(first["run"], **given)
    assert (done.returncode, done.stdout) == (
        1,
        f"::error::The GitHub environment of this job has no variable {missing}: docs/ci.md says what to set.\n",
    )
    assert runner.run(first["run"], **dict.fromkeys(first["env"], "given")).returncode == 0
