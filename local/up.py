"""``up`` and ``exec``: records the program, serves what it registered, and swaps it in again when it is edited."""

import asyncio
import contextlib
import gc
import os
import shutil
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import assert_never

from apigateway.errors import GatelinkError, GatewayError
from local.aws import EmbeddedAws
from local.changes import changes
from local.console.server import Console
from local.counterparts import check_names, missing, resources_of
from local.edits import fingerprint, next_edit
from local.endpoints_file import EndpointsFile
from local.example_call import example_call, example_connection, example_http_call
from local.functions import Functions, HandlerName
from local.gateway.authorization.issuers import Issuers
from local.gateway.endpoints import Endpoints
from local.gateway.rest.access import has_conditions
from local.gateway.server import LOOPBACK, Gateway
from local.picture import draw
from local.recorder.warm import WarmRecorder
from local.recording import Recording
from local.stack_file import StackConfig
from local.stopping import Stop, StoppedError, listening_to_signals
from local.terminal import Started, Terminal
from local.topology import HttpApi, RestApi, Topology, WebSocketApi
from local.topology.reading import build_topology

SECONDS_AFTER_CTRL_C = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class UpOptions:
    """What to serve and where.

    ``port`` is the gateway's own and the APIs take the next ones; 0 for free ones.
    """

    read_config: Callable[[], StackConfig]
    directory: Path
    host: str
    """The address that the APIs listen on; the console is at the loopback address in any case."""
    port: int
    backends: Mapping[str, str]
    handlers: Mapping[str, HandlerName] = field(default_factory=dict)
    """Of Lambda functions, by the function's name."""
    key_sets: Mapping[str, str] = field(default_factory=dict)
    """Issuer of tokens → file or URL of its keys."""
    warnings: tuple[str, ...] = ()
    """What ``check`` warns of, to be shown where it is not scrolled away."""
    files: tuple[Path, ...] = ()
    """Files to watch beside those of the project: the stack file and that of other stacks' outputs may lie anywhere."""

    @property
    def endpoints_file(self) -> Path:
        """Where the endpoints are written while the gateway runs."""
        return self.directory / ".local" / "endpoints.json"


async def serve(options: UpOptions, terminal: Terminal) -> int:
    """Serve until Ctrl-C or SIGTERM; return the exit status."""
    stop = Stop()
    with listening_to_signals(stop), terminal.logs(), contextlib.suppress(StoppedError):
        seen = fingerprint(options.directory, options.files)
        async with _running(options, terminal, stop) as session:
            while edited := await next_edit(options.directory, seen, stop.event, options.files):
                seen = edited
                await session.swap()
    terminal.stopped()
    return 0


async def run_command(options: UpOptions, words: Sequence[str], terminal: Terminal) -> int:
    """Run a command while the gateway serves; return its exit status.

    The command finds the endpoints file under ``GATELINK_ENDPOINTS``. It is told to stop when this process is; a
    Ctrl-C in a terminal reaches it without us, so it gets a while to end by itself.
    """
    if shutil.which(words[0]) is None:  # before anything is started for it
        raise GatewayError(f"cannot run {words[0]}: there is no such command")
    stop = Stop()
    with listening_to_signals(stop), terminal.logs(), contextlib.suppress(StoppedError):
        async with _running(options, terminal, stop):
            environment = {**os.environ, "GATELINK_ENDPOINTS": str(options.endpoints_file)}
            try:
                command = await asyncio.create_subprocess_exec(*words, env=environment)
            except OSError as error:
                raise GatewayError(f"cannot run {words[0]}: {error.strerror}") from None
            ended = asyncio.create_task(command.wait())
            stopped = asyncio.create_task(stop.event.wait())
            await asyncio.wait({ended, stopped}, return_when=asyncio.FIRST_COMPLETED)
            stopped.cancel()
            if stop.by == signal.SIGINT:
                await asyncio.wait({ended}, timeout=SECONDS_AFTER_CTRL_C)
            if not ended.done():
                with contextlib.suppress(ProcessLookupError):
                    command.send_signal(signal.SIGTERM)
            status = await ended
        # A command that a signal ended has the status that a shell gives it.
        return 128 - status if status < 0 else status
    return 128 + (stop.by or signal.SIGINT)


@contextlib.asynccontextmanager
async def _running(options: UpOptions, terminal: Terminal, stop: Stop) -> AsyncIterator["_Session"]:
    """Record, start, write the endpoints file; on the way out stop and remove it."""
    config = options.read_config()
    async with contextlib.AsyncExitStack() as stack:
        recorder = WarmRecorder()
        stack.push_async_callback(recorder.close)
        with terminal.recording(config.stack):
            starting = asyncio.create_task(EmbeddedAws.start())
            try:
                recording = await stop.unless(recorder.record(config))
            except BaseException:
                await _discard(starting)
                raise
            aws = await starting
        stack.push_async_callback(aws.stop)
        terminal.recorded(recording)
        topology = build_topology(recording)
        functions = Functions(options.handlers, options.directory, {"AWS_ENDPOINT_URL": aws.endpoint})
        stack.push_async_callback(functions.stop)
        issuers = Issuers(options.key_sets)
        stack.push_async_callback(issuers.close)
        check_names(topology, functions, frozenset(options.key_sets))
        issuers.check()
        await functions.check()
        await aws.provide(resources_of(topology))
        gateway = Gateway(
            topology,
            options.backends,
            options.host,
            options.port,
            functions=functions,
            issuers=issuers,
            aws=aws.endpoint,
        )
        stack.callback(gateway.traffic.watch(terminal.exchanged))
        await gateway.start()
        stack.push_async_callback(gateway.stop)
        session = _Session(options, terminal, stop, recorder, functions, aws, gateway, recording)
        stack.push_async_callback(session.console.stop)
        await session.console.start(LOOPBACK, options.port)
        session.file.write(session.endpoints)
        stack.callback(session.file.give_back)
        terminal.started(session.started())
        spare_the_collector()
        yield session


def spare_the_collector() -> None:
    """Look for garbage among what is new only, and less often: what was loaded so far stays to the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


async def _discard(starting: "asyncio.Task[EmbeddedAws]") -> None:
    starting.cancel()
    with contextlib.suppress(GatelinkError, asyncio.CancelledError):
        await (await starting).stop()


class _Session:
    """What runs between the start and the stop of a gateway."""

    def __init__(
        self,
        options: UpOptions,
        terminal: Terminal,
        stop: Stop,
        recorder: WarmRecorder,
        functions: Functions,
        aws: EmbeddedAws,
        gateway: Gateway,
        recording: Recording,
    ) -> None:
        self.console = Console(gateway, self._picture)
        self._options = options
        self._terminal = terminal
        self._stop = stop
        self._recorder = recorder
        self._functions = functions
        self._aws = aws
        self._gateway = gateway
        self._drawn = recording, gateway.topology
        self.file = EndpointsFile(options.endpoints_file)

    @property
    def endpoints(self) -> Endpoints:
        """Where everything is now."""
        return replace(self._gateway.endpoints, console=self.console.url)

    def _picture(self) -> str:
        recording, topology = self._drawn
        return draw(recording, topology, "svg")

    def started(self) -> Started:
        """Say where everything is, who answers, what is missing, and what to try."""
        options, topology, endpoints = self._options, self._gateway.topology, self.endpoints
        backends = (f"backend {name}: {options.backends.get(name, 'the built-in echo')}" for name in topology.backends)
        functions = (f"function {name}: {handler}" for name, handler in options.handlers.items())
        remarks = [
            f"{api.name}: the conditions of its policy are not weighed here"
            for api in topology.rest_apis
            if has_conditions(api)
        ]
        if options.host != LOOPBACK:
            remarks.append(f"the APIs listen on {options.host}: other machines may call them")
        return Started(
            endpoints=endpoints,
            answers=(*backends, *functions),
            missing=tuple(missing(topology, self._functions)),
            remarks=tuple(remarks),
            warnings=options.warnings,
            attempts=tuple(_attempts(topology, endpoints)),
            file=str(options.endpoints_file.relative_to(options.directory)),
        )

    async def swap(self) -> None:
        """Serve a sound edit; say what is wrong with any other and go on as before."""
        before, served = self.endpoints, self._gateway.topology
        try:
            recording = await self._stop.unless(self._recorder.record(self._options.read_config()))
            topology = _with_apis(build_topology(recording))
            check_names(topology, self._functions, frozenset(self._options.key_sets))
            await self._functions.check()
            await self._aws.provide(resources_of(topology))
            await self._gateway.swap(topology)
            await self._functions.restart()
        except StoppedError:
            raise
        except Exception as error:  # noqa: BLE001  (whatever an edit breaks, the gateway lives on and says so)
            text = str(error) if isinstance(error, GatelinkError) else f"{type(error).__name__}: {error}"
            self._terminal.refused(text)
            self.console.refused(text)
            return
        self._drawn = recording, topology
        self.console.swapped()
        moved = self.endpoints != before
        if moved:
            self.file.write(self.endpoints)
        self._terminal.swapped(self._what_changed(served, topology), self.endpoints, moved=moved)

    def _what_changed(self, served: Topology, topology: Topology) -> str:
        loaded = "the code of the functions is loaded anew"
        if not self._options.handlers:
            return changes(served, topology)
        return loaded if served == topology else f"{changes(served, topology)}; {loaded}"


def _attempts(topology: Topology, endpoints: Endpoints) -> Iterator[str]:
    """Yield a command for each API that shows that it answers."""
    for api in topology.apis:
        at = endpoints.apis[api.name]
        match api:
            case HttpApi():
                yield example_http_call(api, at)
            case WebSocketApi():
                yield example_connection(api, at)
            case RestApi():
                yield example_call(api, at)
            case _:
                assert_never(api)


def _with_apis(topology: Topology) -> Topology:
    """Refuse an edit that leaves nothing to serve: an editor may write a file in two steps."""
    if not (topology.http_apis or topology.websocket_apis or topology.rest_apis):
        raise GatewayError("the edited stack has no API; an empty file, perhaps")
    return topology
