"""Reads the workflow files, and says what is wrong with one by the rules that no linter knows."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from tests.programs import ROOT

GITHUB: Final = ROOT / ".github"
WORKFLOWS: Final = sorted((GITHUB / "workflows").glob("*.yml"))
ACTIONS: Final = sorted((GITHUB / "actions").glob("*/action.yml"))
STRICT_SHELL: Final = "bash --noprofile --norc -euo pipefail {0}"

_USES: Final = re.compile(r"^\s*(?:- )?uses: *(?P<what>\S+)(?P<comment>.*)$", re.MULTILINE)
_PINNED: Final = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")
_VERSION: Final = re.compile(r" # v\d+\.\d+\.\d+")
_STORED: Final = re.compile(
    r"aws-access-key|aws-secret|AWS_SECRET|secrets\.|secrets\[|secrets: *inherit", re.IGNORECASE
)

Block = Mapping[str, Any]


def parse(text: str) -> Block:
    """Return a workflow or action as data, by YAML 1.2: ``on`` is a word."""
    data: Block = YAML(typ="safe", pure=True).load(text)
    return data


def jobs(workflow: Block) -> Mapping[str, Block]:
    """Return the jobs of a workflow; an action is one job without a name."""
    found: Mapping[str, Block] = workflow.get("jobs") or {"": workflow["runs"]}
    return found


def steps(workflow: Block) -> list[Block]:
    """Return the steps of all jobs."""
    return [step for job in jobs(workflow).values() for step in job.get("steps", [])]


def scripts(workflow: Block) -> list[str]:
    """Return the texts that a shell runs."""
    return [step["run"] for step in steps(workflow) if "run" in step]


def references(text: str) -> list[tuple[str, str]]:
    """Return every ``uses`` with the comment after it."""
    return [(match["what"], match["comment"]) for match in _USES.finditer(text)]


def problems(text: str) -> list[str]:
    """Name everything that breaks one of our rules, in the order of the rules."""
    workflow = parse(text)
    return [*_of_the_text(text), *_of_the_workflow(workflow), *_of_the_jobs(workflow), *_of_the_steps(workflow)]


def _of_the_text(text: str) -> Iterator[str]:
    for what, comment in references(text):
        if what.startswith("./"):
            continue
        if not _PINNED.fullmatch(what):
            yield f"{what}: must be pinned by a commit's 40 hex digits"
        elif not _VERSION.fullmatch(comment):
            yield f'{what}: must be followed by its version as a comment (# v1.2.3), got "{comment.strip()}"'
    for match in _STORED.finditer(text):
        yield f'"{match[0]}": no stored key or secret is needed, jobs take a role with GitHub\'s token'


def _of_the_workflow(workflow: Block) -> Iterator[str]:
    for trigger in ("pull_request_target", "workflow_run"):
        if trigger in workflow.get("on", {}):
            yield f"{trigger}: would run what strangers send with this repository's rights"
    if "jobs" in workflow and workflow.get("permissions") != {}:
        yield "permissions of the workflow: must be {}, each job declares its own"
    shell = workflow.get("defaults", {}).get("run", {}).get("shell")
    if "jobs" in workflow and scripts(workflow) and shell != STRICT_SHELL:
        yield f'the shell: must be "{STRICT_SHELL}", got "{shell}"'


def _of_the_jobs(workflow: Block) -> Iterator[str]:
    named = workflow.get("jobs", {})
    for name, job in named.items():
        if not isinstance(job.get("permissions"), Mapping):
            yield f"{name}: must declare its permissions one by one"
        if "uses" not in job and not isinstance(job.get("timeout-minutes"), int):
            yield f"{name}: must have timeout-minutes"
        needs = job.get("needs", [])
        for needed in [needs] if isinstance(needs, str) else needs:
            if needed not in named:
                yield f"{name}: needs {needed}, which is no job here"
        updates = any("pulumi up" in step.get("run", "") for step in job.get("steps", []))
        if updates and job.get("concurrency", {}).get("cancel-in-progress") is not False:
            yield f"{name}: a running update must not be cancelled (cancel-in-progress: false)"


def _of_the_steps(workflow: Block) -> Iterator[str]:
    for step in steps(workflow):
        script = step.get("run", "")
        if "${{" in script:
            yield f'a script must not have expressions put into its text, but read env: "{script.strip()}"'
        keeps_token = step.get("with", {}).get("persist-credentials") is not False
        if step.get("uses", "").startswith("actions/checkout@") and keeps_token:
            yield "checkout: persist-credentials must be false, or the token stays in .git/config for later steps"
        if "jobs" not in workflow and script and step.get("shell") != STRICT_SHELL:
            yield f'the shell: must be "{STRICT_SHELL}", got "{step.get("shell")}"'


def action_of(reference: str) -> Path:
    """Return the file that a reference into this repository means."""
    path = ROOT / reference
    return path / "action.yml" if path.is_dir() else path
