"""Notices that the stack's files or the program's code have been edited.

The files are compared with how they were when they were last read, and not from the moment at which somebody began to
watch: an edit made while the program is being recorded is not missed.
"""

import asyncio
import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

SECONDS_BETWEEN_LOOKS = 0.15

Fingerprint: TypeAlias = frozenset[tuple[str, int, int]]
"""Path, time of the last change in nanoseconds, and size of every file that matters."""


def fingerprint(directory: Path, files: Sequence[Path] = ()) -> Fingerprint:
    """Look at every file whose edit may change what the program registers: those in a folder, and some elsewhere."""
    elsewhere = (_look_at(str(file.absolute())) for file in files)
    return frozenset({*_files(directory), *(look for look in elsewhere if look)})


async def next_edit(
    directory: Path, before: Fingerprint, stop: asyncio.Event, files: Sequence[Path] = ()
) -> Fingerprint | None:
    """Wait until the files differ from ``before`` and are at rest.

    Returns how they are then, and None once ``stop`` is set.
    """
    last = before
    while not stop.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), SECONDS_BETWEEN_LOOKS)
        now = await asyncio.to_thread(fingerprint, directory, files)
        if now == last and now != before:
            return now
        last = now
    return None


def _files(directory: Path) -> Iterator[tuple[str, int, int]]:
    for folder, folders, names in os.walk(directory):
        folders[:] = [name for name in folders if not name.startswith((".", "__pycache__", "node_modules"))]
        read = (
            name for name in names if name.endswith(".py") or (name.startswith("Pulumi.") and name.endswith(".yaml"))
        )
        # A Path for each of many files is slow.
        looks = (_look_at(os.path.join(folder, name)) for name in read)  # noqa: PTH118
        yield from (look for look in looks if look)


def _look_at(path: str) -> tuple[str, int, int] | None:
    try:
        status = os.stat(path)  # noqa: PTH116
    except OSError:
        return None
    return path, status.st_mtime_ns, status.st_size
