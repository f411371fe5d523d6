"""Writes the generated pages that are not current.

``python -m pages`` writes them; with ``--check`` it names them, and its exit status is 1 where there is one.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from apigateway.errors import GatelinkError
from deployer.policies import every_deployment, policies
from examples.page import examples_page
from local.picture.page import picture_page
from local.stack_file import read_stack
from pages.outputs import outputs_page
from policy.reference import policies_page
from settings.reference import rules_page, stack_file_page, stack_file_schema

ROOT: Final = Path(__file__).resolve().parent.parent
DOCS: Final = ROOT / "docs"


def pages() -> dict[str, str]:
    """Return the text of every generated file of ``docs/``, by its name there."""
    config = read_stack(ROOT, "dev")
    every = every_deployment(config.project)
    return {
        "deployer-policy.json": _json(policies(every, read_only=False)),
        "deployer-policy-read-only.json": _json(policies(every, read_only=True)),
        "examples.md": examples_page(),
        "outputs.md": outputs_page(),
        "picture.md": picture_page(config),
        "policies.md": policies_page(),
        "rules.md": rules_page(),
        "stack-file.md": stack_file_page(),
        "stack-file.schema.json": _json(stack_file_schema()),
    }


def main(arguments: Sequence[str] | None = None, *, folder: Path = DOCS) -> int:
    """Run the command and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m pages", description="Write the generated pages of docs/.")
    parser.add_argument("--check", action="store_true", help="only name the pages that are not current")
    only_check: bool = parser.parse_args(arguments).check
    stale = {name: text for name, text in pages().items() if not _is_current(folder / name, text)}
    for name, text in stale.items():
        if only_check:
            sys.stdout.write(f"docs/{name} is not current: run make docs\n")
        else:
            (folder / name).write_text(text, encoding="utf-8")
            sys.stdout.write(f"docs/{name} written\n")
    return 1 if stale and only_check else 0


def _is_current(file: Path, text: str) -> bool:
    return file.exists() and file.read_text(encoding="utf-8") == text


def _json(data: Mapping[str, object]) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    try:
        sys.exit(main())
    except GatelinkError as error:  # of the dev stack, which the picture is drawn of
        sys.exit(str(error))
