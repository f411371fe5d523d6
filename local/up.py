"""``up`` and ``exec``: records the program, serves what it registered, and swaps it in again when it is edited."""

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from apigateway.errors import GatelinkError, GatewayError
from local.changes import changes
from local.edits import fingerprint, next_edit
from local.example_call import example_call
from local.gateway.endpoints import Endpoints
from local.gateway.rest_authorization import has_conditions
from local.gateway.server import Gateway
from local.recorder import record
from local.stack_file import StackConfig
from local.topology import Topology, build_topology
from local.tree import print_tree

SECONDS_AFTER_CTRL_C = 5.0

# Ctrl-C, a request to end, and a terminal that was closed.
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpOptions:
    """What to serve and where.

    ``port`` is kept for the gateway itself and the APIs take the next ones; 0 for free ones.
    """

    read_config: Callable[[], StackConfig]
    directory: Path
    port: int
    backends: Mapping[str, str]
    files: tuple[Path, ...] = ()
    """Files to watch beside those of the project: the stack file and that of other stacks' outputs may lie anywhere."""

    @property
    def endpoints_file(self) -> Path:
        """Where the endpoints are written while the gateway runs."""
        return self.directory / ".local" / "endpoints.json"


async def serve(options: UpOptions, console: Console) -> int:
    """Serve until Ctrl-C or SIGTERM; return the exit status."""
    stop = _Stop()
    with _signals(stop), _log_lines(console):
        seen = fingerprint(options.directory, options.files)
        async with _running(options, console) as gateway:
            while edited := await next_edit(options.directory, seen, stop.event, options.files):
                seen = edited
                await _swap(options, gateway, console)
    console.print("stopped")
    return 0


async def run_command(options: UpOptions, words: Sequence[str], console: Console) -> int:
    """Run a command while the gateway serves; return its exit status.

    The command finds the endpoints file under ``GATELINK_ENDPOINTS``. It is told to stop when this process is; a
    Ctrl-C in a terminal reaches it without us, so it gets a while to end by itself.
    """
    stop = _Stop()
    with _signals(stop), _log_lines(console):
        async with _running(options, console):
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


@contextlib.asynccontextmanager
async def _running(options: UpOptions, console: Console) -> AsyncIterator[Gateway]:
    """Record, start, write the endpoints file; on the way out stop and remove it."""
    config = options.read_config()
    with console.status(f"running the program for stack {config.stack} …"):
        recording = await asyncio.to_thread(record, config)
    print_tree(recording, console)
    topology = build_topology(recording)
    gateway = Gateway(topology, options.backends, first_port=options.port)
    endpoints = await gateway.start()
    try:
        _write(options.endpoints_file, endpoints)
        _show(endpoints, options, topology, console)
        yield gateway
    finally:
        _remove(options.endpoints_file, gateway.endpoints)
        await gateway.stop()


def _write(file: Path, endpoints: Endpoints) -> None:
    """Write the endpoints whole: a reader sees the old file or the new one."""
    file.parent.mkdir(exist_ok=True)
    draft = file.with_suffix(".tmp")
    draft.write_text(endpoints.to_json() + "\n", encoding="utf-8")
    draft.replace(file)


def _remove(file: Path, endpoints: Endpoints) -> None:
    """Remove the endpoints file, unless another gateway in this folder has written its own since."""
    with contextlib.suppress(FileNotFoundError):
        if file.read_text(encoding="utf-8") == endpoints.to_json() + "\n":
            file.unlink()


def _addresses(endpoints: Endpoints) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    for name, api in sorted(endpoints.apis.items()):
        table.add_row(Text(name, style="bold"), Text(api.endpoint, style="green"))
        if api.connections_url:
            table.add_row("", Text(f"connectionsUrl {api.connections_url}", style="dim"))
    return table


def _show(endpoints: Endpoints, options: UpOptions, topology: Topology, console: Console) -> None:
    console.print()
    console.print(_addresses(endpoints))
    for name in topology.backends:
        where = options.backends.get(name, "the built-in echo")
        console.print(f"backend {name}: {where}", style="dim", markup=False)
    for api in filter(has_conditions, topology.rest_apis):
        console.print(f"{api.name}: the conditions of its policy are not weighed here", style="dim", markup=False)
    rest_apis = {api.name: api for api in topology.rest_apis}
    for name, at in endpoints.apis.items():
        if name in rest_apis:
            command = example_call(rest_apis[name], at.endpoint)
        else:
            command = f"npx wscat -c '{at.endpoint}'" if at.connections_url else f"curl {at.endpoint}/hello"
        console.print(Text.assemble(("try ", "dim"), command))
    console.print(
        f"endpoints are in {options.endpoints_file.relative_to(options.directory)}; Ctrl-C stops", style="dim"
    )


def _with_apis(topology: Topology) -> Topology:
    """Refuse an edit that leaves nothing to serve: an editor may write a file in two steps."""
    if not (topology.http_apis or topology.websocket_apis or topology.rest_apis):
        raise GatewayError("the edited stack has no API; an empty file, perhaps")
    return topology


async def _swap(options: UpOptions, gateway: Gateway, console: Console) -> None:
    """Serve a sound edit; say what is wrong with any other and go on as before."""
    before, served = gateway.endpoints, gateway.topology
    try:
        recording = await asyncio.to_thread(record, options.read_config())
        endpoints = await gateway.swap(_with_apis(build_topology(recording)))
    except Exception as error:  # noqa: BLE001  (whatever an edit breaks, the gateway lives on and says so)
        text = str(error) if isinstance(error, GatelinkError) else f"{type(error).__name__}: {error}"
        console.print(text, style="red", markup=False)
        console.print("the gateway goes on as before the edit", style="red")
        return
    console.print(f"edit swapped in: {changes(served, gateway.topology)}", style="green", markup=False, soft_wrap=True)
    if endpoints != before:
        _write(options.endpoints_file, endpoints)
        console.print(_addresses(endpoints))


class _LineFormatter(logging.Formatter):
    """The time and the line, in yellow where it needs a look; rich would take as long as the request itself."""

    def __init__(self, console: Console) -> None:
        super().__init__("%(asctime)s %(message)s", "%H:%M:%S")
        self._colours = console.is_terminal and not console.no_color

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        line = super().format(record)
        return f"\033[33m{line}\033[0m" if self._colours and record.levelno >= logging.WARNING else line


@contextlib.contextmanager
def _log_lines(console: Console) -> Iterator[None]:
    """Show what the gateway logs: one line for every request and every event of a connection."""
    logger, handler = logging.getLogger("local.gateway"), logging.StreamHandler(console.file)
    handler.setFormatter(_LineFormatter(console))
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


@dataclass(slots=True)
class _Stop:
    """The user's wish to end, and how it was made."""

    event: asyncio.Event = field(default_factory=asyncio.Event)
    by: signal.Signals | None = None

    def on(self, number: signal.Signals) -> None:
        """Take note of a signal."""
        self.by = number
        self.event.set()


@contextlib.contextmanager
def _signals(stop: _Stop) -> Iterator[None]:
    """Note Ctrl-C and SIGTERM."""
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, stop.on, number)
    try:
        yield
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)
