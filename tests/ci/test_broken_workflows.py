"""The rules and the linters can fail: a sound workflow, broken once by each of them."""

from pathlib import Path

import pytest

from tests.ci.test_workflows import audit, run
from tests.ci.workflows import problems

CHECKOUT = "actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd"
INJECTED = "echo '${{ github.event.pull_request.title }}'"
SOUND = f"""\
name: sound
on:
  pull_request:
permissions: {{}}
concurrency:
  group: sound-${{{{ github.ref }}}}
  cancel-in-progress: true
defaults:
  run:
    shell: bash --noprofile --norc -euo pipefail {{0}}
jobs:
  build:
    name: build
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions:
      contents: read
    steps:
      - uses: {CHECKOUT} # v6.0.2
        with:
          persist-credentials: false
      - run: make check
"""


def broken(old: str, new: str) -> str:
    assert SOUND.count(old) == 1
    return SOUND.replace(old, new)


def test_the_sound_one_is_sound(tmp_path: Path) -> None:
    file = tmp_path / "sound.yml"
    file.write_text(SOUND, encoding="utf-8")
    assert problems(SOUND) == []
    assert audit(file) == []
    assert run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", file).returncode == 0


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            f"{CHECKOUT} # v6.0.2",
            "actions/checkout@v6",
            ["actions/checkout@v6: must be pinned by a commit's 40 hex digits"],
        ),
        (
            CHECKOUT,
            CHECKOUT[:-1],
            [f"{CHECKOUT[:-1]}: must be pinned by a commit's 40 hex digits"],
        ),
        (
            " # v6.0.2",
            "",
            [f'{CHECKOUT}: must be followed by its version as a comment (# v1.2.3), got ""'],
        ),
        (
            " # v6.0.2",
            " # v6",
            [f'{CHECKOUT}: must be followed by its version as a comment (# v1.2.3), got "# v6"'],
        ),
        (
            "persist-credentials: false",
            "persist-credentials: true",
            ["checkout: persist-credentials must be false, or the token stays in .git/config for later steps"],
        ),
        (
            "          persist-credentials: false",
            "          persist-credentials: false\n          aws-access-key-id: AKIA",
            ['"aws-access-key": no stored key or secret is needed, jobs take a role with GitHub\'s token'],
        ),
        (
            "          persist-credentials: false",
            "          persist-credentials: false\n          token: ${{ secrets.TOKEN }}",
            ['"secrets.": no stored key or secret is needed, jobs take a role with GitHub\'s token'],
        ),
        (
            "  pull_request:",
            "  pull_request_target:",
            ["pull_request_target: would run what strangers send with this repository's rights"],
        ),
        (
            "  pull_request:",
            "  workflow_run: {workflows: [checks], types: [completed]}",
            ["workflow_run: would run what strangers send with this repository's rights"],
        ),
        (
            "permissions: {}\n",
            "permissions: read-all\n",
            ["permissions of the workflow: must be {}, each job declares its own"],
        ),
        (
            "    permissions:\n      contents: read\n",
            "",
            ["build: must declare its permissions one by one"],
        ),
        (
            "    permissions:\n      contents: read\n",
            "    permissions: write-all\n",
            ["build: must declare its permissions one by one"],
        ),
        ("    timeout-minutes: 5\n", "", ["build: must have timeout-minutes"]),
        ("    name: build\n", "    needs: test\n", ["build: needs test, which is no job here"]),
        (
            "bash --noprofile --norc -euo pipefail {0}",
            "bash",
            ['the shell: must be "bash --noprofile --norc -euo pipefail {0}", got "bash"'],
        ),
        (
            "make check",
            INJECTED,
            [f'a script must not have expressions put into its text, but read env: "{INJECTED}"'],
        ),
        (
            "make check",
            "pulumi up --stack dev",
            ["build: a running update must not be cancelled (cancel-in-progress: false)"],
        ),
    ],
)
def test_each_of_our_rules_finds_what_breaks_it(old: str, new: str, expected: list[str]) -> None:
    assert problems(broken(old, new)) == expected


def test_an_action_has_to_name_the_strict_shell() -> None:
    action = "name: a\nruns:\n  using: composite\n  steps:\n    - run: make check\n      shell: sh\n"
    assert problems(action) == ['the shell: must be "bash --noprofile --norc -euo pipefail {0}", got "sh"']


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (f"{CHECKOUT} # v6.0.2", "actions/checkout@v6", ["unpinned-uses"]),
        ("        with:\n          persist-credentials: false\n", "", ["artipacked"]),
        ("make check", INJECTED, ["template-injection"]),
        ("  pull_request:", "  pull_request_target:", ["dangerous-triggers"]),
        ("    permissions:\n      contents: read\n", "    permissions: write-all\n", ["excessive-permissions"]),
    ],
)
def test_the_audit_finds_a_weakness(tmp_path: Path, old: str, new: str, expected: list[str]) -> None:
    file = tmp_path / "broken.yml"
    file.write_text(broken(old, new), encoding="utf-8")
    assert audit(file) == expected


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("runs-on: ubuntu-24.04", "runs_on: ubuntu-24.04", "runs_on"),
        ("timeout-minutes: 5", "timeout-minutes: soon", "timeout-minutes"),
        ("  pull_request:", "  pull_requests:", "pull_requests"),
    ],
)
def test_the_schema_finds_a_misspelt_key(tmp_path: Path, old: str, new: str, word: str) -> None:
    file = tmp_path / "broken.yml"
    file.write_text(broken(old, new), encoding="utf-8")
    checked = run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", file)
    assert checked.returncode == 1
    assert word in checked.stdout
