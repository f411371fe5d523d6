"""The functions of a stack: keeps workers for them, and invokes."""

import asyncio
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Final, assert_never

from apigateway.arns import LambdaFunction
from apigateway.errors import GatewayError, one_line
from apigateway.json_path import JsonValue
from local.functions.environment import variables_of
from local.functions.handlers import HandlerName
from local.functions.outcomes import Broken, Invocation, NoHandler, Raised, Returned, TookTooLong
from local.functions.process import Loaded, Unloadable, Worker

log = logging.getLogger("local.functions")

MOST_WORKERS: Final = 32
"""Processes at a time, for all functions together: a further invocation waits for one. Lambda allows a thousand."""

LOAD_SECONDS: Final = 10.0
"""How long a handler may take to be imported (the AWS page "Lambda execution environment": the Init phase)."""

_REGION: Final = "us-east-1"
"""In which a handler is imported to see whether it can be, before anybody names its ARN."""


class Functions:
    """The handlers that stand for Lambda functions, each in processes of its own.

    As on Lambda a worker runs one invocation at a time and is used again when it is idle; where all are busy, another
    one is started.
    """

    def __init__(
        self, handlers: Mapping[str, HandlerName], directory: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        """Take handlers by the names of their functions; modules are looked for in ``directory`` first."""
        self._handlers = dict(handlers)
        self._directory = directory.resolve()
        self._environment = dict(environment or {})
        self._slots = asyncio.Semaphore(MOST_WORKERS)
        self._workers: set[Worker] = set()
        self._idle: list[Worker] = []
        """The one that has been idle for longest comes first."""
        self._edits = 0
        self._closing: set[asyncio.Task[None]] = set()
        self._is_stopped = False

    @property
    def names(self) -> frozenset[str]:
        """The functions that have a handler."""
        return frozenset(self._handlers)

    def has(self, function: LambdaFunction) -> bool:
        """Tell whether a function has a handler."""
        return function.name in self._handlers

    async def check(self) -> None:
        """Import every handler once. Raises ``GatewayError`` with a line for each that cannot be used."""
        names = sorted(self._handlers)
        complaints = await asyncio.gather(*(self._complaint(name) for name in names))
        lines = [
            f'function "{name}": {one_line(complaint)}'
            for name, complaint in zip(names, complaints, strict=True)
            if complaint
        ]
        if lines:
            raise GatewayError("\n".join(lines))

    async def _complaint(self, name: str) -> str:
        function = LambdaFunction.parse(f"arn:aws:lambda:{_REGION}:123456789012:function:{name}")
        module = self._handlers[name].module
        async with self._slots:
            try:
                worker = self._start(function)
            except OSError as error:
                return _not_started(error)
            try:
                async with asyncio.timeout(LOAD_SECONDS):
                    outcome = await worker.load()
            except TimeoutError:
                return f'importing module "{module}" takes longer than {LOAD_SECONDS:g} s'
            finally:
                self._retire(worker)
        match outcome:
            case Loaded():
                return outcome.doubt
            case Unloadable():
                return outcome.why
            case Broken():
                return f'importing module "{module}" ended the process: {outcome.reason}'
            case _:
                assert_never(outcome)

    async def invoke(self, function: LambdaFunction, event: JsonValue, *, timeout: float) -> Invocation:  # noqa: ASYNC109
        """Run a function's handler; ``timeout`` is in seconds and counts from now, with the start of a worker in it."""
        if not self.has(function):
            return NoHandler(name=function.name)
        outcome: Invocation
        deadline = asyncio.get_running_loop().time() + timeout
        try:
            async with asyncio.timeout_at(deadline), self._slots:
                outcome = await self._run(function, event, deadline)
        except TimeoutError:
            outcome = TookTooLong(seconds=timeout)
        if isinstance(outcome, Broken) and self._is_stopped:
            return Broken(reason="the gateway stops")
        _log_failure(function.name, outcome)
        return outcome

    async def _run(self, function: LambdaFunction, event: JsonValue, deadline: float) -> Returned | Raised | Broken:
        if self._is_stopped:
            return Broken(reason="the gateway stops")
        edits, keeps = self._edits, False
        worker = self._take_idle(function)
        is_new = worker is None
        try:
            worker = worker or self._start(function)
        except OSError as error:
            return Broken(reason=_not_started(error))
        try:
            if is_new:
                loaded = await worker.load()
                if isinstance(loaded, Unloadable):
                    return loaded.raised
                if isinstance(loaded, Broken):
                    return loaded
            outcome = await worker.invoke(event, seconds=deadline - asyncio.get_running_loop().time())
            keeps = not isinstance(outcome, Broken) and edits == self._edits and not self._is_stopped
        finally:
            if keeps:
                self._idle.append(worker)
            else:
                self._retire(worker)
        return outcome

    def _take_idle(self, function: LambdaFunction) -> Worker | None:
        """Return a worker that is idle, the one that was used last; one that has died meanwhile is cleared away."""
        for worker in [worker for worker in reversed(self._idle) if worker.function == function]:
            self._idle.remove(worker)
            if worker.is_alive:
                return worker
            self._retire(worker)
        return None

    def _start(self, function: LambdaFunction) -> Worker:
        """Start a worker, in the place of another function's idle one where there are too many."""
        if len(self._workers) >= MOST_WORKERS:
            self._retire(self._idle.pop(0))
        handler = self._handlers[function.name]
        environment = variables_of(function, handler, self._directory, self._environment)
        worker = Worker(function, handler, self._directory, environment)
        self._workers.add(worker)
        return worker

    def _retire(self, worker: Worker) -> None:
        """End a worker for which nobody waits any more."""
        self._workers.discard(worker)
        worker.kill()
        worker.log_rest()
        closing = asyncio.create_task(worker.close())
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)

    async def restart(self) -> None:
        """Have the next invocations run the code as it is now; those that run at present end with the old one."""
        self._edits += 1
        await self._retire_idle()

    async def _retire_idle(self) -> None:
        while self._idle:
            self._retire(self._idle.pop())
        await asyncio.gather(*self._closing)

    async def stop(self) -> None:
        """End every worker. Invocations that are under way are broken off."""
        self._is_stopped = True
        workers = list(self._workers)
        for worker in workers:
            worker.kill()
        await self._retire_idle()
        await asyncio.gather(*(worker.closed.wait() for worker in workers))


def _not_started(error: OSError) -> str:
    return f"its process cannot be started: {error.strerror or error}"


def _log_failure(name: str, outcome: Invocation) -> None:
    """Log what Lambda would log of an invocation that did not end well."""
    match outcome:
        case Raised():
            head = f"[ERROR] {outcome.type}: {outcome.message}" if outcome.message else f"[ERROR] {outcome.type}"
            trace = ["Traceback (most recent call last):", *outcome.trace] if outcome.trace else []
            for line in "\n".join([head, *(part.rstrip("\n") for part in trace)]).split("\n"):
                log.error("%s: %s", name, one_line(line.expandtabs()))
        case TookTooLong():
            log.error("%s: Task timed out after %.2f seconds", name, outcome.seconds)
        case Broken():
            log.error("%s: %s", name, outcome.reason)
        case Returned() | NoHandler():
            pass
        case _:
            assert_never(outcome)
