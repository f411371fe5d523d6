"""One piece of a start, alone: ``python -m bench.start_piece PIECE FILE`` prints its seconds, for a stack file.

Imports are a piece of their own: the clock of every other one begins when all that it needs is imported.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from time import perf_counter
from typing import Final

STACK: Final = "dev"

# Each piece imports what it needs where it needs it, for imports are what one of them measures.
# ruff: noqa: PLC0415


async def _imports(_: Path) -> float:
    began = perf_counter()
    import local.cli  # noqa: F401

    return perf_counter() - began


async def _settings(file: Path) -> float:
    from bench.stacks import ROOT
    from local.stack_file import read_stack
    from settings import load_settings

    began = perf_counter()
    config = read_stack(ROOT, STACK, config_file=file)
    load_settings(config.settings(), config.values.get("aws:region"))
    return perf_counter() - began


async def _recording(file: Path, runs: int = 1) -> float:
    from bench.stacks import ROOT
    from local.recorder.warm import WarmRecorder
    from local.stack_file import read_stack

    config, recorder = read_stack(ROOT, STACK, config_file=file), WarmRecorder()
    try:
        for _ in range(runs):
            began = perf_counter()
            await recorder.record(config)
        return perf_counter() - began
    finally:
        await recorder.close()


async def _later_recording(file: Path) -> float:
    # The second one still waits for the process to import what the first one needed; those that follow do not.
    return await _recording(file, 3)


async def _embedded_aws(_: Path) -> float:
    from local.aws import EmbeddedAws

    began = perf_counter()
    aws = await EmbeddedAws.start()
    took = perf_counter() - began
    await aws.stop()
    return took


async def _gateway(file: Path) -> float:
    from bench.stacks import ROOT
    from local.gateway.server import Gateway
    from local.recorder import record
    from local.stack_file import read_stack
    from local.topology.reading import build_topology

    recording = record(read_stack(ROOT, STACK, config_file=file))
    began = perf_counter()
    gateway = Gateway(build_topology(recording), {}, first_port=0)
    await gateway.start()
    took = perf_counter() - began
    await gateway.stop()
    return took


PIECES: Final[Mapping[str, Callable[[Path], Awaitable[float]]]] = {
    "imports": _imports,
    "settings": _settings,
    "recording": _recording,
    "embedded AWS": _embedded_aws,
    "gateway": _gateway,
    "a later recording": _later_recording,
}


async def _measure(piece: str, file: str) -> None:
    sys.stdout.write(str(await PIECES[piece](Path(file))))


if __name__ == "__main__":
    asyncio.run(_measure(*sys.argv[1:]))
