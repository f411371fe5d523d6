"""The project in a folder of its own, for the engine: with its state beside it, and AWS on this machine.

The engine writes into a stack's file (the salt of its passphrase), so it is never given the real one.
"""

import shutil
import sys
from pathlib import Path

from pulumi import automation
from ruamel.yaml import YAML

from tests.programs import ROOT, STACKS

EMULATOR = "http://localhost:4566"
"""Where the stack `local` looks for AWS."""


def copy_project(folder: Path, endpoint: str) -> Path:
    """Copy what the program needs, and lead the provider of every stack to ``endpoint``."""
    project = folder / "project"
    ignored = shutil.ignore_patterns(".*", "__pycache__", "tests", "docs", "bench", "examples", "Pulumi.*.yaml")
    shutil.copytree(ROOT, project, ignore=ignored)
    shutil.copytree(STACKS, project, dirs_exist_ok=True)
    # Pulumi.yaml looks for the program's packages in .venv: here they are this interpreter's.
    (project / ".venv").symlink_to(sys.prefix, target_is_directory=True)
    yaml = YAML()
    yaml.width = 10_000  # a folded line would be another text
    text = (STACKS / "Pulumi.local.yaml").read_text(encoding="utf-8").replace(EMULATOR, endpoint)
    of_aws = {key: value for key, value in yaml.load(text)["config"].items() if key.startswith("aws:")}
    for file in project.glob("Pulumi.*.yaml"):
        document = yaml.load(file)
        document["config"].update(of_aws)
        yaml.dump(document, file)
    return project


def open_stack(folder: Path, name: str, endpoint: str) -> automation.Stack:
    """Make a stack of the real program, its state in ``folder``."""
    state = folder / "state"
    state.mkdir()
    options = automation.LocalWorkspaceOptions(
        env_vars={
            "PULUMI_BACKEND_URL": state.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "of no use to anybody",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            # Credentials of whoever runs the tests have no business here.
            "AWS_PROFILE": "",
            "AWS_SESSION_TOKEN": "",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
    )
    return automation.create_stack(name, work_dir=str(copy_project(folder, endpoint)), opts=options)
