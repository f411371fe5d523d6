"""The process that runs are forked from: ``python -m local.recorder.resident``.

It has imported what the runs before needed of what is installed, which takes most of a run's time, and never runs a
program itself: each run has a child of its own, which imports anew whatever may have been edited. Requests come on
standard input and outcomes go out on standard output. It ends when its input does, and its child with it.
"""

import contextlib
import gc
import json
import os
import select
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, NoReturn, Self

from local.recorder.frames import read_frame, write_frame
from local.recorder.modules import collect_seldom, forget_editable_modules, installed_modules, preload
from local.recorder.outcome import Outcome
from local.recorder.request import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parent:
    """Where requests come from and outcomes go to."""

    requests: BinaryIO
    replies: BinaryIO

    @classmethod
    def on_standard_streams(cls) -> Self:
        """Take over standard input and output: nothing that a module prints when it is imported may get there."""
        parent = cls(requests=os.fdopen(os.dup(0), "rb"), replies=os.fdopen(os.dup(1), "wb"))
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, 0)
        os.dup2(nowhere, 1)
        os.close(nowhere)
        return parent

    def close(self) -> None:
        """Let go of both, in a child."""
        self.requests.close()
        self.replies.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Files:
    """What a child leaves behind, in files without a name: a pipe would have to be emptied while it runs."""

    stdout: IO[bytes]
    stderr: IO[bytes]
    modules: IO[bytes]


def main() -> None:
    """Answer requests until there are no more; returns in this process alone, and never in a child."""
    parent = _Parent.on_standard_streams()
    collect_seldom()
    while (text := read_frame(parent.requests)) is not None:
        with (
            tempfile.TemporaryFile() as stdout,
            tempfile.TemporaryFile() as stderr,
            tempfile.TemporaryFile() as modules,
        ):
            files = _Files(stdout=stdout, stderr=stderr, modules=modules)
            running, ended = os.pipe()  # the child alone holds the second end, and so closes it, however it ends
            child = os.fork()
            if child == 0:
                parent.close()
                os.close(running)
                _run(text, files)
            os.close(ended)
            status = _wait(child, running, parent.requests)
            os.close(running)
            if status is None:
                return
            outcome = Outcome(status=status, stdout=_read(stdout), stderr=_read(stderr))
            parent.replies.write(write_frame(outcome.to_json()))
            parent.replies.flush()
            with _quietly():
                preload(json.loads(_read(modules) or "[]"))
        gc.freeze()  # a child neither looks at these objects for garbage nor, by that, copies their memory
        if not _is_single_threaded():
            # A fork of it could wait for ever for a lock that another thread held. A new process begins as this did.
            return


def _run(text: str, files: _Files) -> NoReturn:
    """Run the program in this process, which is the child's, and end it."""
    os.dup2(files.stdout.fileno(), 1)
    os.dup2(files.stderr.fileno(), 2)
    directory = Request.from_json(text).directory
    forget_editable_modules(directory)
    from local.recorder import request, run  # noqa: PLC0415  (anew: the recorder's own code may have been edited)

    status = run.run(request.Request.from_json(text))
    files.modules.write(json.dumps(installed_modules(directory)).encode())
    files.modules.flush()
    run.end(status)


def _wait(child: int, running: int, requests: BinaryIO) -> int | None:
    """Wait for the child's exit status; None where the parent has gone, and the child with it."""
    ready, _, _ = select.select([requests.fileno(), running], [], [])
    gone = running not in ready
    if gone:
        os.kill(child, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return None if gone else status


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """Let modules print nothing when they are imported: the run that imported them first has shown it.

    Standard output is what it is during a run, for a module that keeps it.
    """
    shown, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield
    finally:
        sys.stderr.flush()
        os.dup2(shown, 2)
        os.close(shown)
        os.close(nowhere)


def _is_single_threaded() -> bool:
    """Tell whether no module has started a thread; Linux shows those that are not Python's, too."""
    threads = Path("/proc/self/task")
    return threading.active_count() == 1 and (not threads.is_dir() or len(list(threads.iterdir())) == 1)


if __name__ == "__main__":
    main()
