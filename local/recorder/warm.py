"""Records again and again, each time in half of the time of the first: for a gateway that follows edits."""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from typing import Final

from apigateway.errors import RecordingError
from local.recorder import record
from local.recorder.frames import receive_frame, write_frame
from local.recorder.outcome import Outcome
from local.recorder.request import Request, environment
from local.recording import Recording
from local.stack_file import StackConfig

CAN_FORK: Final = hasattr(os, "fork")
"""Windows cannot; there, every recording takes as long as the first."""


class WarmRecorder:
    """Does what :func:`record` does, with a process that stays between recordings.

    The first recording starts that process, and later ones start it again where it has gone. :meth:`close` ends it;
    it also ends when this process does, however that ends.
    """

    def __init__(self) -> None:
        self._resident: Process | None = None
        self._turn = asyncio.Lock()
        self._closed = False

    async def record(self, config: StackConfig) -> Recording:
        """Return the recording of a stack; raises what :func:`record` raises.

        Where this is cancelled, or the recorder closed, the program is ended.
        """
        request = Request.of(config)
        outcome = await self._outcome(request) if CAN_FORK else None
        return outcome.recording() if outcome else await asyncio.to_thread(record, config)

    async def close(self) -> None:
        """End the process, and the program where one is being recorded."""
        self._closed = True
        if self._resident:
            _kill(self._resident)
        async with self._turn:
            await self._drop()

    async def _outcome(self, request: Request) -> Outcome | None:
        """Return how the run ended; None where the process has gone twice, so that only a cold run can tell why."""
        async with self._turn:
            for _ in range(2):
                if self._closed:
                    raise RecordingError("the recorder is closed")
                try:
                    answer = await self._ask(request)
                except BaseException:
                    await self._drop()
                    raise
                if answer is not None:
                    return Outcome.from_json(answer)
                await self._drop()
        return None

    async def _ask(self, request: Request) -> str | None:
        resident = self._resident = self._resident or await _start()
        requests, outcomes = resident.stdin, resident.stdout
        if not (requests and outcomes):
            return None
        with contextlib.suppress(ConnectionError):
            requests.write(write_frame(request.to_json()))
            await requests.drain()
            return await receive_frame(outcomes)
        return None

    async def _drop(self) -> None:
        """Make an end of the process; the next recording starts another."""
        resident, self._resident = self._resident, None
        if resident:
            _kill(resident)
            await resident.communicate()  # closes its input and reads its output to the end


def _kill(resident: Process) -> None:
    """Kill the process and its child, which are a group."""
    if resident.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(resident.pid, signal.SIGKILL)


async def _start() -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-P", "-m", "local.recorder.resident"),
        stdin=PIPE,
        stdout=PIPE,
        env=environment(),
        start_new_session=True,  # a Ctrl-C in the terminal is the parent's to answer
    )
