"""The gateway's side of one worker: its process, the socket to it, and what it prints."""

import asyncio
import contextlib
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from apigateway.arns import LambdaFunction
from apigateway.errors import one_line
from apigateway.json_path import JsonValue
from local.functions.handlers import HandlerName
from local.functions.outcomes import Broken, Raised, Returned

log = logging.getLogger("local.functions")

_PROGRAM: Final = Path(__file__).with_name("worker.py")
_CHUNK: Final = 1 << 16
_LONGEST_LINE: Final = 1 << 16
"""Bytes of a line that the log shows as one."""

_MOST_CHUNKS: Final = 4
"""Chunks that are logged in one go, where a pipe holds one: what prints without end does not hold up the gateway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """The handler was imported."""

    doubt: str
    """Why no invocation of it will end well; mostly empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unloadable:
    """The handler could not be imported."""

    raised: Raised
    """What an invocation of the function answers."""
    why: str
    """The same for a developer, with a place and a suggestion."""


class Worker:
    """A process that runs the handler of one function, one invocation at a time.

    It has a session of its own, so that a Ctrl-C in the terminal does not reach it, and ends when the gateway does.
    """

    def __init__(
        self, function: LambdaFunction, handler: HandlerName, directory: Path, environment: Mapping[str, str]
    ) -> None:
        """Start the process; raises ``OSError`` where that cannot be done."""
        self.function = function
        self.closed = asyncio.Event()
        self._partial = bytearray()
        self._channel, theirs = socket.socketpair()
        with theirs, contextlib.ExitStack() as undo:
            undo.callback(self._channel.close)
            self._output, output = os.pipe()
            undo.callback(os.close, self._output)
            try:
                self._process = subprocess.Popen(  # noqa: S603  (our own program, in the interpreter that runs us)
                    # -P: the program's own folder is not searched for modules. -B: no byte code is left behind, which
                    # would hide an edit that is made within the same second and does not change the size.
                    [
                        sys.executable,
                        "-P",
                        "-B",
                        str(_PROGRAM),
                        str(theirs.fileno()),
                        str(directory),
                        handler.module,
                        handler.function,
                    ],
                    cwd=directory,
                    env=environment,
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            finally:
                os.close(output)
            undo.pop_all()
        self._channel.settimeout(0)
        os.set_blocking(self._output, False)
        asyncio.get_running_loop().add_reader(self._output, self._log_output)

    @property
    def is_alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    async def load(self) -> Loaded | Unloadable | Broken:
        """Wait until the handler is imported; once, and first of all."""
        line = await self._receive()
        match json.loads(line) if line else None:
            case {"loaded": str(doubt)}:
                return Loaded(doubt=doubt)
            case {"unloadable": [str(type_), str(message), list(trace), str(why)]}:
                return Unloadable(raised=Raised(type=type_, message=message, trace=tuple(trace)), why=why)
            case _:
                return await self._broken()

    async def invoke(self, event: JsonValue, *, seconds: float) -> Returned | Raised | Broken:
        """Run the handler once; ``seconds`` is what its context says is left. All that it printed is logged by then."""
        request = {
            "requestId": str(uuid.uuid4()),
            "arn": self.function.arn,
            "deadline": time.time() + seconds,
            "event": event,
        }
        try:
            asked = json.dumps(request).encode() + b"\n"
        except RecursionError as error:  # a little less deep, and it could not have been read either
            return Raised(type="Runtime.UnmarshalError", message=f"Unable to unmarshal input: {error}", trace=())
        with contextlib.suppress(ConnectionError):
            await asyncio.get_running_loop().sock_sendall(self._channel, asked)
        line = await self._receive()
        self.log_rest()
        match json.loads(line) if line else None:
            case {"returned": str(payload)}:
                return Returned(payload=payload)
            case {"raised": [str(type_), str(message), list(trace)]}:
                return Raised(type=type_, message=message, trace=tuple(trace))
            case _:
                return await self._broken()

    async def _receive(self) -> bytes:
        """Return the next message, and nothing where the process has ended."""
        message = bytearray()
        while not message.endswith(b"\n"):
            try:
                chunk = await asyncio.get_running_loop().sock_recv(self._channel, _CHUNK)
            except ConnectionError:
                return b""
            if not chunk:
                return b""
            message += chunk
        return bytes(message)

    async def _broken(self) -> Broken:
        """Say in Lambda's words how the process ended."""
        self.kill()  # what it started ends with it; its own status stands by now
        status = await asyncio.to_thread(self._process.wait)
        self.log_rest()
        if status == 0:
            return Broken(reason="Runtime exited without providing a reason")
        how = (
            f"exit status {status}" if status > 0 else f"signal: {(signal.strsignal(-status) or str(-status)).lower()}"
        )
        return Broken(reason=f"Runtime exited with error: {how}")

    def kill(self) -> None:
        """End the process at once, with all that the handler started."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    async def close(self) -> None:
        """End the process and let go of all that belongs to it. Nobody may be waiting for an answer."""
        self.kill()
        await asyncio.to_thread(self._process.wait)
        self.log_rest()
        asyncio.get_running_loop().remove_reader(self._output)
        os.close(self._output)
        self._channel.close()
        self.closed.set()

    def log_rest(self) -> None:
        """Log what has been printed so far, a line without an end, too."""
        for _ in range(_MOST_CHUNKS):
            if not self._log_output():
                break
        if self._partial:
            self._log_partial()

    def _log_output(self) -> bool:
        """Log some of what was printed; false where nothing was."""
        try:
            chunk = os.read(self._output, _CHUNK)
        except BlockingIOError:
            return False
        if not chunk:
            asyncio.get_running_loop().remove_reader(self._output)
            return False
        self._partial += chunk
        *lines, self._partial = self._partial.split(b"\n")
        for line in lines:
            self._log_line(line)
        if len(self._partial) > _LONGEST_LINE:
            self._log_partial()
        return True

    def _log_partial(self) -> None:
        self._log_line(self._partial)
        self._partial = bytearray()

    def _log_line(self, line: bytearray) -> None:
        for start in range(0, len(line) or 1, _LONGEST_LINE):
            text = line[start : start + _LONGEST_LINE].decode("utf-8", "replace").rstrip("\r").expandtabs()
            log.info("%s: %s", self.function.name, one_line(text))
