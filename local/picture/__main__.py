"""Writes ``docs/picture.md``, which shows the dev stack as a Mermaid flowchart.

``python -m local.picture`` writes the page; with ``--check`` it only says whether it is current.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from local.picture import draw
from local.recorder import record
from local.stack_file import read_stack
from local.topology.reading import build_topology

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "picture.md"

_PAGE = """\
# The dev stack as a picture

Generated from [Pulumi.dev.yaml](../Pulumi.dev.yaml) by `make docs`; do not edit. A request goes from left to right: the
API and its route, the VPC link, the listener that the link leads to, and what answers.

```mermaid
{chart}```

It is drawn from the recording and not from the stack file: what the program forgets is not there. A way that no request
would get through on AWS is dotted, and the box where it ends says why. For a stack of yours:

    python -m local graph --format mermaid
    python -m local graph --format svg --output stack.svg
    python -m local graph --config-file examples/custom-domain.yaml
"""


def page() -> str:
    """Return the page."""
    recording = record(read_stack(ROOT, "dev"))
    return _PAGE.format(chart=draw(recording, build_topology(recording), "mermaid"))


def main(arguments: Sequence[str] | None = None, *, file: Path = PAGE) -> int:
    """Write the page, or with ``--check`` compare it; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m local.picture", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say whether the page is current")
    only_check = parser.parse_args(arguments).check
    text, name = page(), f"docs/{file.name}"
    if file.exists() and file.read_text(encoding="utf-8") == text:
        return 0
    if only_check:
        sys.stdout.write(f"{name} is not current: run make docs\n")
        return 1
    file.write_text(text, encoding="utf-8")
    sys.stdout.write(f"{name} written\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
