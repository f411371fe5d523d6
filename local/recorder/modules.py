"""Which modules a process may keep from one run to the next, and which have to be imported anew.

What is installed stays as it is while a gateway runs. Everything else may be edited: the project's modules, Gatelink's
own, and those of any other folder that the program imports from.
"""

import contextlib
import gc
import importlib
import importlib.util
import os
import site
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType

from local.recorder.request import ROOT

_HASTY_SECONDS = 2.0


def collect_seldom() -> None:
    """Collect garbage seldom: a short life with many long-lived objects would spend a fifth of it on that."""
    gc.set_threshold(50_000, 20, 100)


def installed_modules(directory: str) -> list[str]:
    """Return the installed modules that were imported: what a module needs for that comes before it."""
    return [name for name, file in _imported() if _is_installed(file, directory)]


def forget_editable_modules(directory: str) -> None:
    """Forget what may have been edited, so that it is read again when it is next imported."""
    for name, file in _imported():
        if not _is_installed(file, directory):
            del sys.modules[name]
    importlib.invalidate_caches()


def preload(names: Iterable[str]) -> None:
    """Import the installed modules of a run.

    One that cannot be imported is left to the next run, which may find it elsewhere, or say what is wrong.
    """
    for name in names:
        with contextlib.suppress(Exception):
            # pulumi_aws imports its services lazily: such a module is read when it is first asked for what is in it.
            getattr(importlib.import_module(name), "__all__", None)


def drop_hasty_bytecode(directory: str) -> None:
    """Remove the bytecode of files that were edited just now.

    Python tells whether bytecode is that of the source by the source's size and its time in whole seconds: a second
    edit within that second, to the same size, would go unnoticed.
    """
    for _, file in _imported():
        if _is_installed(file, directory):
            continue
        with contextlib.suppress(OSError, NotImplementedError):
            if time.time() - Path(file).stat().st_mtime < _HASTY_SECONDS:
                Path(importlib.util.cache_from_source(file)).unlink()


def _imported() -> Iterator[tuple[str, str]]:
    """Yield each module that was read from a file, and the file; not the lazy ones that nobody has asked yet.

    ``__main__`` is not among them, which is whatever this process runs.
    """
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) if type(module) is ModuleType and name != "__main__" else None
        if file:
            yield name, file


def _is_installed(file: str, directory: str) -> bool:
    """Tell whether a module's file is installed: a virtual environment may be in the project, or around it.

    The innermost folder that the file is in decides.
    """
    editable = (directory, str(ROOT))
    folders = (*editable, *_INSTALLED)
    around = [folder for folder in folders if file.startswith(folder.rstrip(os.sep) + os.sep)]
    return bool(around) and max(around, key=len) not in editable


_INSTALLED = tuple({sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix, site.getusersitepackages()})
