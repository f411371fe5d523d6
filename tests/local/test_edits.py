import asyncio
from pathlib import Path

import pytest

from local.edits import fingerprint, next_edit


@pytest.mark.parametrize("name", ["Pulumi.yaml", "Pulumi.dev.yaml", "__main__.py", "components/network.py"])
def test_the_stacks_files_and_the_programs_code_matter(tmp_path: Path, name: str) -> None:
    before = fingerprint(tmp_path)
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("", encoding="utf-8")
    assert fingerprint(tmp_path) != before


@pytest.mark.parametrize("name", ["README.md", ".local/endpoints.json", ".venv/x.py", "__pycache__/x.py", "x.yaml"])
def test_other_files_do_not(tmp_path: Path, name: str) -> None:
    before = fingerprint(tmp_path)
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("", encoding="utf-8")
    assert fingerprint(tmp_path) == before


async def test_an_edit_made_before_anybody_waits_is_not_missed(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.dev.yaml"
    file.write_text("config: {}\n", encoding="utf-8")
    before = fingerprint(tmp_path)
    file.write_text("config: {a: b}\n", encoding="utf-8")
    assert await next_edit(tmp_path, before, asyncio.Event()) == fingerprint(tmp_path)


async def test_a_deleted_file_is_an_edit(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.dev.yaml"
    file.write_text("config: {}\n", encoding="utf-8")
    before = fingerprint(tmp_path)
    file.unlink()
    assert await next_edit(tmp_path, before, asyncio.Event()) == frozenset()


async def test_waiting_ends_when_it_is_told_to(tmp_path: Path) -> None:
    stop = asyncio.Event()
    stop.set()
    assert await next_edit(tmp_path, fingerprint(tmp_path), stop) is None


async def test_a_file_that_lies_elsewhere_is_watched_too(tmp_path: Path) -> None:
    folder, file = tmp_path / "project", tmp_path / "outputs.json"
    folder.mkdir()
    before = fingerprint(folder, [file])
    assert before == frozenset()
    file.write_text("{}", encoding="utf-8")
    now = await next_edit(folder, before, asyncio.Event(), [file])
    assert now == fingerprint(folder, [file])
    assert now != before
