"""All generated pages: current in this repository, and written where they are not."""

from pathlib import Path

import pytest

from pages import __main__ as command
from pages.__main__ import DOCS, main, pages
from tests.programs import stack_config

OF_THE_STACK_FILES = {"deployer-policy.json", "deployer-policy-read-only.json", "picture.md"}
"""Pages that change with the project's name or its dev stack, which may be a team's own: ``make check`` holds them."""


@pytest.fixture(scope="module", name="made")
def _made() -> dict[str, str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command, "read_stack", lambda _, name: stack_config(name))
        return pages()


@pytest.fixture(name="command_with")
def _command_with(made: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command have the pages that are made already."""
    monkeypatch.setattr(command, "pages", lambda: made)


def test_every_page_of_this_repository_is_current(made: dict[str, str]) -> None:
    of_all = made.keys() - OF_THE_STACK_FILES
    assert [name for name in sorted(of_all) if (DOCS / name).read_text(encoding="utf-8") != made[name]] == []


def test_whatever_says_that_it_is_generated_is(made: dict[str, str]) -> None:
    said = {file.name for file in DOCS.glob("*.md") if "\nGenerated " in file.read_text(encoding="utf-8")}
    assert said == {name for name in made if name.endswith(".md")}
    assert {file.name for file in DOCS.glob("*.json")} == {name for name in made if name.endswith(".json")}
    for name in said:
        head = " ".join(made[name].partition("; do not edit")[0].split())
        assert head.endswith("by `make docs`")


@pytest.mark.usefixtures("command_with")
def test_what_is_not_current_is_named_and_then_written(
    made: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    current, missing, *others = made
    for name in (current, *others):
        (tmp_path / name).write_text(made[name], encoding="utf-8")
    changed = others[0]
    (tmp_path / changed).write_text("by hand\n", encoding="utf-8")

    assert main(["--check"], folder=tmp_path) == 1
    assert capsys.readouterr().out == "".join(
        f"docs/{name} is not current: run make docs\n" for name in (missing, changed)
    )
    assert (tmp_path / changed).read_text(encoding="utf-8") == "by hand\n"
    assert not (tmp_path / missing).exists()

    assert main([], folder=tmp_path) == 0
    assert capsys.readouterr().out == f"docs/{missing} written\ndocs/{changed} written\n"
    assert {file.name: file.read_text(encoding="utf-8") for file in tmp_path.iterdir()} == made

    assert main(["--check"], folder=tmp_path) == 0
    assert capsys.readouterr().out == ""


def test_a_page_that_was_not_made_here_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "pages", lambda: {"rules.md": "the rules\n"})
    (tmp_path / "ci.md").write_text("by hand\n", encoding="utf-8")
    assert main([], folder=tmp_path) == 0
    assert (tmp_path / "ci.md").read_text(encoding="utf-8") == "by hand\n"
