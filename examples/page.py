"""``docs/examples.md``, from the stack files of this folder.

An example begins with a comment: its first line is the title, the rest says what the example shows.
"""

from pathlib import Path

FOLDER = Path(__file__).resolve().parent

_HEAD = """\
# Examples

Generated from the stack files in [examples](../examples) by `make docs`; do not edit. Each is one environment, complete
but for the ids of what is yours. What it would provision, and what is wrong with it once you have changed it:

    python -m local preview --config-file examples/two-way-chat.yaml
    python -m local check --config-file examples/two-way-chat.yaml

`pulumi up --config-file examples/two-way-chat.yaml` provisions it.
"""


def examples_page() -> str:
    """Return the page: a table of contents, then each example with what it shows."""
    files = sorted(FOLDER.glob("*.yaml"))
    contents = [f"- [{_title(file)}](#{_anchor(_title(file))})" for file in files]
    return "\n".join([_HEAD, *contents, "", *(_section(file) for file in files)])


def _title(file: Path) -> str:
    return file.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")


def _anchor(title: str) -> str:
    """Return the fragment that a heading gets on GitHub."""
    return "".join(letter for letter in title.lower().replace(" ", "-") if letter.isalnum() or letter in "-_")


def _section(file: Path) -> str:
    lines = file.read_text(encoding="utf-8").splitlines()
    comment = [line for line in lines if line.startswith("#")]
    words = [line.removeprefix("#").strip() for line in comment[1:]]
    body = lines[len(comment) :]
    text = "\n".join(words).strip()
    yaml = "\n".join(body)
    return f"## {_title(file)}\n\n{text}\n\n[{file.name}](../examples/{file.name})\n\n```yaml\n{yaml}\n```\n"
