"""The clock: from the first line of a program until its last registration is answered."""

import asyncio
import gc
from collections.abc import Callable
from time import perf_counter

from bench.stacks import PROJECT, REGION, STACK
from local.recorder.monitor import RecordingMonitor, run_recorded
from local.recording import Recording


def timed(program: Callable[[], None]) -> tuple[float, Recording]:
    """Run a program under a fresh monitor; return the seconds that it took and what it registered."""
    monitor = RecordingMonitor(project=PROJECT, stack=STACK, region=REGION)
    gc.collect()
    started = perf_counter()
    recording = asyncio.run(run_recorded(monitor, program))
    return perf_counter() - started, recording
