"""Runs the program without an engine, in a process of its own, and returns what it registered.

record ─► __main__ ─────────────┐                             a process for one run
                                ├─► run ─► monitor             the engine's side of the run
warm ─► resident ─► its child ──┘                              a process that many runs are forked from

``request`` and ``outcome`` are what goes into a run and what comes of it, the same on both ways.
"""

import subprocess
import sys

from local.recorder.outcome import Outcome
from local.recorder.request import Request, environment
from local.recording import Recording
from local.stack_file import StackConfig


def record(config: StackConfig) -> Recording:
    """Run the project's ``__main__.py`` with the stack's configuration and the other stacks' outputs.

    What the program prints goes to standard error. Raises ``RecordingError`` with the program's own message where it
    ends in a ``pulumi.RunError``, else with its traceback; ``SettingsError`` for what the reader of the file found.
    """
    request = Request.of(config)
    done = subprocess.run(
        [sys.executable, "-P", "-m", "local.recorder"],
        input=request.to_json(),
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        start_new_session=True,  # a Ctrl-C in the terminal is the parent's to answer
    )
    return Outcome(status=done.returncode, stdout=done.stdout, stderr=done.stderr).recording()
