"""The page with the dev stack's picture."""

from pathlib import Path

import pytest

from local.picture.__main__ import main


def test_the_page_is_written_and_then_current(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "picture.md"
    assert main(["--check"], file=file) == 1
    assert main([], file=file) == 0
    assert main(["--check"], file=file) == 0
    assert capsys.readouterr().out == "docs/picture.md is not current: run make docs\ndocs/picture.md written\n"
    text = file.read_text(encoding="utf-8")
    assert "```mermaid\nflowchart LR\n" in text
    assert '  subgraph n1["orders · HTTP"]\n    n2["ANY /{proxy+}"]\n  end\n' in text
