"""Who may import whom: the table of the architecture, enforced.

The way of the data is one direction: settings, components, recording, gateway. A part that reaches back fails here.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# What each part may import beside itself and the standard library. The first part whose path fits counts.
ALLOWED = {
    "apigateway": {"pydantic", "jsonpath"},
    "settings": {"apigateway", "pydantic", "pydantic_core"},
    # The outputs are a contract that other projects import: plain Python, but for the file that reads a stack.
    "gatelink/outputs/reading.py": {"pulumi"},
    "gatelink": set[str](),
    "components": {"apigateway", "settings", "gatelink", "pulumi", "pulumi_aws"},
    "__main__.py": {"settings", "components", "pulumi"},
    # Projects of their own: they know what other projects know.
    "examples/service": {"gatelink", "pulumi", "pulumi_aws"},
    "examples/library": {"gatelink", "pulumi", "pulumi_aws"},
    "examples": set[str](),
    # The pages of docs/ are made from everything that has one.
    "pages": {"apigateway", "settings", "policy", "gatelink", "examples", "local", "deployer"},
    # Pulumi's policy SDK is for the engine's side alone: the laptop asks the same policies without it.
    "policy/engine.py": {"apigateway", "pulumi_policy"},
    "policy": {"apigateway"},
    # Only the command line of the deployer's policy runs the program; the rest is a table of AWS's actions.
    "deployer/__main__.py": {"apigateway", "local"},
    "deployer": set[str](),
    # The recorder alone touches pulumi, in a process of its own: the package's front may not even import it.
    "local/recorder/__init__.py": {"apigateway"},
    "local/recorder": {"apigateway", "pulumi", "google"},
    # The settings are for `check` alone; the gateway is fed by the recording.
    "local/soundness.py": {"apigateway", "settings"},
    "local/policing.py": {"policy"},
    "local/policy_report.py": {"policy", "rich"},
    "local/cli.py": {"apigateway", "rich"},
    "local/up.py": {"apigateway"},
    "local/terminal.py": {"apigateway", "rich"},
    "local/json_lines.py": {"apigateway", "rich"},
    "local/stack_file.py": {"apigateway", "ruamel"},
    "local/tree.py": {"rich"},
    # Velocity and the JSON paths of $input, read here alone.
    "local/gateway/templates": {"apigateway", "airspeed", "jsonpath"},
    # The embedded AWS is a process of its own; the gateway's side of it needs none of this.
    "local/aws/embedded.py": {"apigateway"},
    "local/aws": {"apigateway", "moto", "flask", "werkzeug", "botocore"},
    # A worker has to start at once, and has nothing of ours on the path of the handler that it runs.
    "local/functions/worker.py": set[str](),
    "local/functions": {"apigateway"},
    "local/gateway/authorization/jwt.py": {"apigateway", "jwt", "cryptography"},
    "local/gateway/authorization/key_sets.py": {"apigateway", "aiohttp", "jwt", "cryptography"},
    # multidict and yarl are aiohttp's own types of headers and URLs; jsonschema holds bodies to models.
    "local": {"apigateway", "aiohttp", "jsonschema", "multidict", "yarl"},
}


def imported(file: Path) -> Iterator[str]:
    """Yield the top-level package of every import in a file, those inside functions too."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]


def files_of(part: str) -> list[Path]:
    path = ROOT / part
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


def rule_for(file: Path) -> str:
    """Return the most specific row of the table for a file."""
    name = file.relative_to(ROOT).as_posix()
    return max((part for part in ALLOWED if name == part or name.startswith(f"{part}/")), key=len)


def all_files() -> list[Path]:
    return sorted({file for part in ALLOWED for file in files_of(part)})


@pytest.mark.parametrize("file", all_files(), ids=lambda file: file.relative_to(ROOT).as_posix())
def test_a_file_imports_only_what_its_part_may(file: Path) -> None:
    part = rule_for(file)
    own = part.partition("/")[0]
    beyond = {name for name in imported(file) if name not in sys.stdlib_module_names and name != own}
    assert beyond <= ALLOWED[part], f"{part} may not import {', '.join(sorted(beyond - ALLOWED[part]))}"


def test_every_part_of_the_tree_has_a_row() -> None:
    tops = {path.name for path in ROOT.iterdir() if path.is_dir() and (path / "__init__.py").exists()}
    assert tops - {"tests", "bench"} <= {part.partition("/")[0] for part in ALLOWED}


def test_the_gateway_is_not_fed_by_settings_or_pulumi() -> None:
    gateway = {name for file in files_of("local/gateway") for name in imported(file)}
    assert gateway
    assert gateway.isdisjoint({"settings", "components", "pulumi", "pulumi_aws"})


def test_only_the_recorders_own_process_imports_pulumi() -> None:
    touching = {
        file.relative_to(ROOT).as_posix()
        for file in files_of("local")
        if {"pulumi", "pulumi_aws"} & set(imported(file))
    }
    assert touching == {"local/recorder/run.py", "local/recorder/monitor.py"}


def test_the_program_fits_on_one_screen() -> None:
    assert len((ROOT / "__main__.py").read_text(encoding="utf-8").splitlines()) <= 40
