"""One run of the program, in the process that is there for it."""

import asyncio
import atexit
import contextlib
import json
import os
import runpy
import sys
import traceback
from pathlib import Path
from typing import NoReturn

import pulumi

from apigateway.errors import RecordingError
from local.recorder.modules import drop_hasty_bytecode
from local.recorder.monitor import RecordingMonitor, run_recorded
from local.recorder.outcome import USER_ERROR_STATUS
from local.recorder.request import Request


def run(request: Request) -> int:
    """Run the program in its folder and print the recording on standard output; return the exit status.

    Prints the message for the user instead where the status is ``USER_ERROR_STATUS``. Whatever the program prints
    itself goes to standard error.
    """
    os.chdir(request.directory)
    sys.path.insert(0, request.directory)
    # The engine's own variables, set from here: a large stack does not fit into what a process may be started with.
    os.environ["PULUMI_CONFIG"] = json.dumps(request.values)
    os.environ["PULUMI_CONFIG_SECRET_KEYS"] = json.dumps(request.secret_keys)
    monitor = RecordingMonitor(
        project=request.project,
        stack=request.stack,
        region=pulumi.runtime.get_config("aws:region") or "us-east-1",
        stack_outputs=request.stack_outputs,
    )
    program = str(Path(request.directory) / "__main__.py")
    # From here on standard output is the answer's alone, and not even what the program starts may print there.
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answer, contextlib.redirect_stdout(sys.stderr):
        os.dup2(2, 1)
        try:
            recording = asyncio.run(run_recorded(monitor, lambda: runpy.run_path(program, run_name="__main__")))
        except (pulumi.RunError, RecordingError) as error:
            answer.write(f"{error}\n")
            return USER_ERROR_STATUS
        except SystemExit as error:
            answer.write(f"the program calls sys.exit({error.code!r}); it must go on to its end to be recorded\n")
            return USER_ERROR_STATUS
        except Exception:  # noqa: BLE001  (whatever a program may raise is shown as Python shows it)
            traceback.print_exc()
            return 1
        finally:
            drop_hasty_bytecode(request.directory)
        answer.write(recording.to_json())
        return 0


def end(status: int) -> NoReturn:
    """End this process with the run's status, at once: to free every object first takes a quarter of a second."""
    atexit._run_exitfuncs()  # noqa: SLF001  (they may remove the program's temporary files, and are not run otherwise)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
