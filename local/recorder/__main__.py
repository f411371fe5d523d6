"""The recorder's process: ``python -m local.recorder DIRECTORY PROJECT STACK``, configuration on standard input.

The configuration comes with the outputs of other stacks. Prints the recording on standard output, or with exit status 3
the message for the user; whatever the program prints itself goes to standard error.
"""

import asyncio
import contextlib
import gc
import json
import os
import runpy
import sys
import traceback
from pathlib import Path

import pulumi

from apigateway.errors import RecordingError
from local.recorder import USER_ERROR_STATUS
from local.recorder.monitor import RecordingMonitor, run_recorded


def main() -> int:
    """Record the program named on the command line."""
    directory, project, stack = sys.argv[1:4]
    program = str(Path(directory) / "__main__.py")
    sys.path.insert(0, directory)
    configuration = json.load(sys.stdin)
    # The engine's own variables, set from here: a large stack does not fit into what a process may be started with.
    os.environ["PULUMI_CONFIG"] = json.dumps(configuration["values"])
    os.environ["PULUMI_CONFIG_SECRET_KEYS"] = json.dumps(configuration["secretKeys"])
    region = pulumi.runtime.get_config("aws:region") or "us-east-1"
    # A short life with many long-lived objects: collecting garbage as often as usual would take half of the time.
    gc.set_threshold(50_000, 20, 100)
    monitor = RecordingMonitor(project=project, stack=stack, region=region, stack_outputs=configuration["stackOutputs"])
    try:
        with contextlib.redirect_stdout(sys.stderr):
            recording = asyncio.run(run_recorded(monitor, lambda: runpy.run_path(program, run_name="__main__")))
    except (pulumi.RunError, RecordingError) as error:
        sys.stdout.write(f"{error}\n")
        return USER_ERROR_STATUS
    except Exception:  # noqa: BLE001  (whatever a program may raise is shown as Python shows it)
        traceback.print_exc()
        return 1
    sys.stdout.write(recording.to_json())
    return 0


if __name__ == "__main__":
    sys.exit(main())
