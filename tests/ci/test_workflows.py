"""The workflow files: two linters' word, our own rules, and whether all that they name exists."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ci.workflows import (
    ACTIONS,
    GITHUB,
    WORKFLOWS,
    Block,
    action_of,
    jobs,
    parse,
    problems,
    references,
    scripts,
    steps,
)
from tests.programs import ROOT

BIN = Path(sys.executable).parent
FILES = [*WORKFLOWS, *ACTIONS]
of_each_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(GITHUB).as_posix())

# Beside reading the code, which every job may, each right that a job has: nothing else is written to, anywhere. What
# deploy.yml has for further environments, as docs/ci.md tells, has the rights of what it has for prod.
RIGHTS = {
    "audit.yml audit": {"contents": "read"},
    "checks.yml lint": {"contents": "read"},
    "checks.yml policy": {"contents": "read"},
    "checks.yml tests": {"contents": "read"},
    "deploy.yml checks": {"contents": "read"},
    "deploy.yml dev": {"contents": "read", "id-token": "write"},
    "deploy.yml plan": {"contents": "read", "id-token": "write"},
    "deploy.yml prod": {"contents": "read", "id-token": "write"},
    "drift.yml drift": {"contents": "read", "id-token": "write", "issues": "write"},
    "preview.yml preview": {"contents": "read", "id-token": "write", "pull-requests": "write"},
    "preview.yml skipped": {},
    "up.yml up": {"contents": "read", "id-token": "write"},
}
# The environment whose role a job takes: what a pull request or a schedule starts may only read.
ENVIRONMENTS = {
    "deploy.yml plan": "prod-read",
    "drift.yml drift": "${{ matrix.stack }}-read",
    "preview.yml preview": "${{ matrix.stack }}-read",
    "up.yml up": "${{ inputs.stack }}",
}
# The inputs that are given to others' actions, for GitHub only warns of one that there is none of. The names are from
# each one's action.yml, in a version that may be older than the pinned one: this catches a slip, and not that a version
# takes an input away. Who raises a major version reads its action.yml, and then changes the number here.
INPUTS = {
    "actions/checkout v6": {"persist-credentials"},
    "actions/setup-python v6": {"cache", "cache-dependency-path", "python-version"},
    "aws-actions/configure-aws-credentials v6": {
        "aws-region",
        "role-duration-seconds",
        "role-session-name",
        "role-to-assume",
    },
    "pulumi/actions v7": {
        "always-include-summary",
        "cloud-url",
        "color",
        "command",
        "comment-on-pr",
        "comment-on-summary",
        "diff",
        "edit-pr-comment",
        "policyPackConfigs",
        "policyPacks",
        "pulumi-version",
        "stack-name",
    },
}


def read(file: Path) -> Block:
    return parse(file.read_text(encoding="utf-8"))


def run(program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [BIN / program, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603


def audit(*paths: Path) -> list[str]:
    """Return what zizmor finds, as its rules' names."""
    config = ("--config", GITHUB / "zizmor.yml")
    found = run("zizmor", "--offline", "--persona", "pedantic", "--format", "json", "--no-progress", *config, *paths)
    return [finding["ident"] for finding in json.loads(found.stdout)]


def stacks_of(workflow: Block) -> set[str]:
    """Return the stacks that a workflow names, in a matrix or for a workflow that it calls."""
    named: set[str] = set()
    for job in jobs(workflow).values():
        named |= set(job.get("strategy", {}).get("matrix", {}).get("stack", []))
        named |= {job["with"]["stack"]} if "stack" in job.get("with", {}) else set()
    return named


def given_to(action: str) -> list[Block]:
    """Return what each step gives to an action."""
    found = [step for file in FILES for step in steps(read(file))]
    return [step.get("with", {}) for step in found if step.get("uses", "").startswith(f"{action}@")]


def actions(policy: Block) -> list[str]:
    """Return what an IAM policy allows."""
    given = [statement["Action"] for statement in policy["Statement"]]
    return sorted(action for each in given for action in ([each] if isinstance(each, str) else each))


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-workflows", WORKFLOWS),
        ("vendor.github-actions", ACTIONS),
        ("vendor.dependabot", [GITHUB / "dependabot.yml"]),
    ],
)
def test_the_files_have_the_shape_that_github_expects(schema: str, files: list[Path]) -> None:
    checked = run("check-jsonschema", "--builtin-schema", schema, *files)
    assert (checked.returncode, checked.stdout) == (0, "ok -- validation done\n")


def test_an_audit_for_known_weaknesses_finds_none() -> None:
    assert audit(GITHUB) == []


@of_each_file
def test_our_own_rules_hold(file: Path) -> None:
    assert problems(file.read_text(encoding="utf-8")) == []


def test_no_job_has_a_right_that_it_does_not_need() -> None:
    rights = {f"{file.name} {name}": job["permissions"] for file in WORKFLOWS for name, job in jobs(read(file)).items()}
    further = {name for name in rights.keys() - RIGHTS.keys() if name.startswith("deploy.yml ")}
    assert rights == RIGHTS | dict.fromkeys(further, RIGHTS["deploy.yml prod"])


def test_what_a_pull_request_or_a_schedule_starts_takes_a_role_that_reads() -> None:
    environments = {
        f"{file.name} {name}": job["environment"]["name"]
        for file in WORKFLOWS
        for name, job in jobs(read(file)).items()
        if "environment" in job
    }
    further = {name: environment for name, environment in environments.items() if name.startswith("deploy.yml ")}
    assert all(environment.endswith("-read") for environment in further.values())
    assert environments == further | ENVIRONMENTS


def test_only_up_updates_and_only_main_calls_it() -> None:
    updating = {file.name for file in WORKFLOWS if any("pulumi up" in script for script in scripts(read(file)))}
    assert updating == {"up.yml"}
    assert set(read(GITHUB / "workflows" / "up.yml")["on"]) == {"workflow_call"}
    calling = {file for file in WORKFLOWS if "./.github/workflows/up.yml" in file.read_text(encoding="utf-8")}
    assert {file.name: read(file)["on"] for file in calling} == {"deploy.yml": {"push": {"branches": ["main"]}}}


def test_prod_comes_after_the_checks_and_dev_and_its_plan() -> None:
    deploy = jobs(read(GITHUB / "workflows" / "deploy.yml"))

    def before(name: str) -> set[str]:
        needs = deploy[name].get("needs", [])
        needed = {needs} if isinstance(needs, str) else set(needs)
        return needed.union(*map(before, needed))

    assert before("prod") >= {"checks", "dev", "plan"}
    assert before("plan") >= {"checks", "dev"}
    assert [name for name in deploy if "checks" not in before(name)] == ["checks"]


def test_an_action_has_one_version_everywhere() -> None:
    used = {use for file in FILES for use in references(file.read_text(encoding="utf-8"))}
    names = [what.partition("@")[0] for what, _ in used if not what.startswith("./")]
    assert sorted(names) == sorted(set(names))


def test_the_versions_are_those_of_the_project() -> None:
    """The CLI's is that of the SDK: the action `prepare` reads it, so that one line is to be changed."""
    (python,) = re.findall(r'requires-python = ">=(\S+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    given = [step.get("with", {}) for file in FILES for step in steps(read(file))]
    assert {options["pulumi-version"] for options in given if "pulumi-version" in options} == {
        "${{ steps.pulumi.outputs.version }}",
        "${{ steps.prepare.outputs.pulumi-version }}",
    }
    assert all("pulumi-version" in options for options in given_to("pulumi/actions"))
    assert {options["python-version"] for options in given if "python-version" in options} == {python}


@of_each_file
def test_what_is_called_in_this_repository_exists_and_is_given_its_inputs(file: Path) -> None:
    workflow = read(file)
    for caller in [*steps(workflow), *jobs(workflow).values()]:
        if not caller.get("uses", "").startswith("./"):
            continue
        called = read(action_of(caller["uses"]))
        inputs = called.get("inputs") or (called["on"]["workflow_call"] or {}).get("inputs", {})
        required = {name for name, options in inputs.items() if options.get("required")}
        assert required <= set(caller.get("with", {})) <= set(inputs)


def test_others_actions_are_given_inputs_that_they_have() -> None:
    majors: dict[str, str] = {}
    given: dict[str, set[str]] = {}
    for file in FILES:
        text = file.read_text(encoding="utf-8")
        majors |= {what: comment.removeprefix(" # ").partition(".")[0] for what, comment in references(text)}
        for step in steps(parse(text)):
            use = step.get("uses", "./")
            if not use.startswith("./"):
                given.setdefault(f"{use.partition('@')[0]} {majors[use]}", set()).update(step.get("with", {}))
    assert given == INPUTS


@of_each_file
def test_the_stacks_have_their_files(file: Path) -> None:
    for stack in stacks_of(read(file)):
        assert (ROOT / f"Pulumi.{stack}.yaml").is_file()
        assert (ROOT / "policy" / "config" / f"{stack}.json").is_file()


@of_each_file
def test_the_commands_exist(file: Path) -> None:
    text = "\n".join(scripts(read(file)))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([\w$()/.]+):", makefile.replace("$(VENV)", ".venv"), re.MULTILINE))
    assert set(re.findall(r"^\s*make (\S+)", text, re.MULTILINE)) <= targets
    for command in re.findall(r"python -m local (\w+)", text):
        assert run("python", "-m", "local", command, "--help").returncode == 0


@of_each_file
def test_the_scripts_are_bash(file: Path) -> None:
    for script in scripts(read(file)):
        parsed = subprocess.run(["/bin/bash", "-n", "-c", script], capture_output=True, text=True, check=False)  # noqa: S603
        assert (parsed.returncode, parsed.stderr) == (0, "")


def test_both_files_that_pin_pulumi_are_raised_together() -> None:
    (python,) = [each for each in read(GITHUB / "dependabot.yml")["updates"] if each["package-ecosystem"] == "pip"]
    pins = re.findall(r"^([\w-]+)==", (ROOT / "policy" / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert python["directories"] == ["/", "/policy"]
    assert python["groups"] == {"pulumi": {"patterns": pins}}


def test_the_lines_that_pulumi_cloud_changes_are_there() -> None:
    manual = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    _, _, table = manual.partition("| file | instead of | write |\n|---|---|---|\n")
    rows = re.findall(r"^\| `(\S+)` \| `(.+?)` \| `(.+?)` \|$", table.partition("\n\n")[0], re.MULTILINE)
    assert [file for file, _, _ in rows] == ["up.yml", "drift.yml", "deploy.yml", "preview.yml"]
    for file, old, new in rows:
        assert (GITHUB / "workflows" / file).read_text(encoding="utf-8").count(old) == 1
        assert "acme/gatelink/" in new


def test_the_variables_are_those_of_the_manual() -> None:
    used = {name for file in FILES for name in re.findall(r"\bvars\.(\w+)", file.read_text(encoding="utf-8"))}
    manual = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    assert used == set(re.findall(r"^\| `([A-Z_]+)` \|", manual, re.MULTILINE))


def test_the_manuals_policies_are_json_and_who_reads_the_state_cannot_write_it() -> None:
    manual = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    trust, writing, reading = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", manual, re.DOTALL))
    (condition,) = (statement["Condition"]["StringEquals"] for statement in trust["Statement"])
    assert condition["token.actions.githubusercontent.com:sub"] == "repo:acme/gatelink:environment:prod"
    more = ["kms:Encrypt", "kms:GenerateDataKey", "s3:DeleteObject", "s3:PutObject"]
    assert actions(reading) == ["kms:Decrypt", "s3:GetObject", "s3:ListBucket"]
    assert actions(writing) == sorted([*actions(reading), *more])
