"""Runs a program against the wheel alone, under the recorder's engine, and prints what it registered.

    python -P recording.py REPOSITORY SITE PROGRAM PROJECT STACK REGION

The recorder is the repository's, and imports packages that the wheel has under other names. Once it is loaded, the
repository leaves the path and its modules are forgotten: an import that was not rewritten finds nothing.
"""

import asyncio
import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

REPOSITORY, SITE, PROGRAM, PROJECT, STACK, REGION = sys.argv[1:]


def load_recorder() -> tuple[type[Any], Callable[..., Any]]:
    """Import the recorder, and leave nothing of the repository behind that a program could import."""
    sys.path.insert(0, REPOSITORY)
    from local.recorder.monitor import RecordingMonitor, run_recorded

    sys.path.remove(REPOSITORY)
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and name != "__main__" and Path(file).is_relative_to(REPOSITORY) and ".venv" not in file:
            del sys.modules[name]
    sys.path.insert(0, SITE)
    return RecordingMonitor, run_recorded


def main() -> None:
    """Record the program and print the recording; a user's mistake goes to standard error, with status 3."""
    monitor_class, run_recorded = load_recorder()
    import pulumi

    async def run() -> str:
        pulumi.runtime.set_all_config({"aws:region": REGION}, [])
        monitor = monitor_class(project=PROJECT, stack=STACK, region=REGION)
        recording = await run_recorded(monitor, lambda: runpy.run_path(PROGRAM, run_name="__main__"))
        text: str = recording.to_json()
        return text

    try:
        sys.stdout.write(asyncio.run(run()))
    except pulumi.RunError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(3)


if __name__ == "__main__":
    main()
