"""Which modules stay, and which are imported anew."""

import importlib
import importlib.util
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.recorder import modules
from local.recorder.request import ROOT


@pytest.mark.parametrize(
    ("file", "directory", "installed"),
    [
        ("/srv/app/own.py", "/srv/app", False),
        ("/srv/app/package/__init__.py", "/srv/app", False),
        ("/srv/app/.venv/lib/python3.11/site-packages/pulumi/__init__.py", "/srv/app", True),
        ("/srv/app/.venv/lib/python3.11/site-packages/pulumi/__init__.py", "/srv/app/.venv/own", True),
        ("/srv/app/.venv/own/own.py", "/srv/app/.venv/own", False),
        ("/srv/app/.venv-of-another/lib/yaml.py", "/srv/app", False),
        ("/usr/local/lib/python3.11/json/__init__.py", "/srv/app", True),
        ("/usr/local/app/own.py", "/usr/local/app", False),
        ("/usr/local/application/other.py", "/usr/local/app", True),
        ("/home/u/.local/lib/python3.11/site-packages/yaml.py", "/home/u", True),
        ("/opt/shared/lib.py", "/srv/app", False),
        (f"{ROOT}/settings/load.py", "/srv/app", False),
        (f"{ROOT}/settings/load.py", "/usr/local/app", False),
    ],
)
def test_the_innermost_folder_says_what_is_installed(
    monkeypatch: pytest.MonkeyPatch, file: str, directory: str, *, installed: bool
) -> None:
    folders = ("/srv/app/.venv", "/usr/local", "/home/u/.local/lib/python3.11/site-packages")
    monkeypatch.setattr(modules, "_INSTALLED", folders)
    assert modules._is_installed(file, directory) is installed


@pytest.fixture(name="own")
def _own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A module of a project, imported."""
    file = tmp_path / "own_module.py"
    file.write_text("", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    importlib.import_module(file.stem)
    yield file
    sys.modules.pop(file.stem, None)


def test_what_an_installed_module_needs_comes_before_it(own: Path) -> None:
    names = modules.installed_modules(str(own.parent))
    assert own.stem not in names
    assert names.index("json.scanner") < names.index("json.decoder") < names.index("json")
    assert not [name for name in names if name.partition(".")[0] in {"local", "settings", "tests", "__main__"}]


def test_a_module_that_cannot_be_imported_is_left_out(own: Path) -> None:
    sys.modules.pop(own.stem)
    modules.preload(["nothing_of_the_kind", own.stem])
    assert own.stem in sys.modules


def test_bytecode_stays_unless_its_source_is_new(own: Path) -> None:
    bytecode = Path(importlib.util.cache_from_source(str(own)))
    long_ago = time.time() - 60
    os.utime(own, (long_ago, long_ago))
    modules.drop_hasty_bytecode(str(own.parent))
    assert bytecode.exists()
    os.utime(own)
    modules.drop_hasty_bytecode(str(own.parent))
    assert not bytecode.exists()
    modules.drop_hasty_bytecode(str(own.parent))
