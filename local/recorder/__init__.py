"""Runs the program without an engine, in a process of its own, and returns what it registered."""

import json
import os
import subprocess
import sys
from pathlib import Path

from apigateway.errors import RecordingError, SettingsError
from local.recording import Recording
from local.stack_file import StackConfig

# How the child tells its parent that the program refused the user's input, rather than that it broke.
USER_ERROR_STATUS = 3


def record(config: StackConfig) -> Recording:
    """Run the project's ``__main__.py`` with the stack's configuration and the other stacks' outputs.

    What the program prints goes to standard error. Raises ``RecordingError`` with the program's own message where it
    ends in a ``pulumi.RunError``, else with its traceback; ``SettingsError`` for what the reader of the file found.
    """
    if config.problems:
        raise SettingsError(config.problems)
    directory = config.directory.resolve()
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(_root()), *filter(None, [os.environ.get("PYTHONPATH")])]),
    }
    command = [sys.executable, "-m", "local.recorder", str(directory), config.project, config.stack]
    done = subprocess.run(  # noqa: S603  (our own module, in the interpreter that runs us)
        command,
        input=json.dumps(
            {
                "values": dict(config.values),
                "secretKeys": list(config.secret_keys),
                "stackOutputs": config.stack_outputs,
            }
        ),
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,  # a Ctrl-C in the terminal is the parent's to answer
    )
    if done.returncode == 0:
        sys.stderr.write(done.stderr)
        return Recording.from_json(done.stdout)
    if done.returncode == USER_ERROR_STATUS:
        raise RecordingError(done.stdout.strip())
    raise RecordingError(f"the program failed:\n{done.stderr.strip()}")


def _root() -> Path:
    return Path(__file__).resolve().parent.parent.parent
