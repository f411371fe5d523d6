"""``up`` and ``exec``: records the program, serves what it registered, and swaps it in again when it is edited."""

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text
from watchfiles import Change, DefaultFilter, awatch

from apigateway.errors import GatelinkError, GatewayError, SettingsError
from local.gateway.endpoints import Endpoints
from local.gateway.server import Gateway
from local.recorder import record
from local.recording import Recording
from local.stack_file import StackConfig
from local.topology import build_topology
from local.tree import print_recording
from settings import load_settings


@dataclass(frozen=True, slots=True, kw_only=True)
class UpOptions:
    """What to serve and where.

    ``port`` is kept for the gateway itself and the APIs take the next ones; 0 for free ones.
    """

    read_config: Callable[[], StackConfig]
    directory: Path
    port: int
    backends: Mapping[str, str]

    @property
    def endpoints_file(self) -> Path:
        """Where the endpoints are written while the gateway runs."""
        return self.directory / ".local" / "endpoints.json"


async def serve(options: UpOptions, console: Console) -> int:
    """Serve until Ctrl-C or SIGTERM; return the exit status."""
    stop = asyncio.Event()
    with _signals(stop), _log_lines(console):
        async with _running(options, console) as gateway:
            watcher = asyncio.create_task(_swap_on_edits(options, gateway, console, stop))
            await stop.wait()
            await watcher
    console.print("stopped")
    return 0


async def run_command(options: UpOptions, words: Sequence[str], console: Console) -> int:
    """Run a command while the gateway serves; return its exit status.

    The command finds the endpoints file under ``GATELINK_ENDPOINTS``. It is told to stop when this process is.
    """
    stop = asyncio.Event()
    with _signals(stop), _log_lines(console):
        async with _running(options, console):
            environment = {**os.environ, "GATELINK_ENDPOINTS": str(options.endpoints_file)}
            try:
                command = await asyncio.create_subprocess_exec(*words, env=environment)
            except OSError as error:
                raise GatewayError(f"cannot run {words[0]}: {error.strerror}") from None
            ended = asyncio.create_task(command.wait())
            stopped = asyncio.create_task(stop.wait())
            await asyncio.wait({ended, stopped}, return_when=asyncio.FIRST_COMPLETED)
            stopped.cancel()
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
    print_recording(recording, console)
    gateway = Gateway(build_topology(recording), options.backends, first_port=options.port)
    endpoints = await gateway.start()
    try:
        _write(options.endpoints_file, endpoints)
        _show(endpoints, options, recording, console)
        yield gateway
    finally:
        options.endpoints_file.unlink(missing_ok=True)
        await gateway.stop()


def _write(file: Path, endpoints: Endpoints) -> None:
    """Write the endpoints whole: a reader sees the old file or the new one."""
    file.parent.mkdir(exist_ok=True)
    draft = file.with_suffix(".tmp")
    draft.write_text(endpoints.to_json() + "\n", encoding="utf-8")
    draft.replace(file)


def _show(endpoints: Endpoints, options: UpOptions, recording: Recording, console: Console) -> None:
    table = Table(box=None, show_header=False, pad_edge=False)
    for name, api in sorted(endpoints.apis.items()):
        table.add_row(Text(name, style="bold"), Text(api.endpoint, style="green"))
        if api.connections_url:
            table.add_row("", Text(f"connectionsUrl {api.connections_url}", style="dim"))
    console.print()
    console.print(table)
    backends = recording.outputs.get("backends")
    for name in sorted(backends) if isinstance(backends, dict) else ():
        where = options.backends.get(name, "the built-in echo")
        console.print(f"backend {name}: {where}", style="dim", markup=False)
    console.print("throttling is not applied here; docs/local.md says what is", style="dim")
    console.print(
        f"endpoints are in {options.endpoints_file.relative_to(options.directory)}; Ctrl-C stops", style="dim"
    )


class _Edits(DefaultFilter):
    """The stack's files and the program's code."""

    def __call__(self, change: Change, path: str) -> bool:
        name = Path(path).name
        is_ours = name.endswith(".py") or (name.startswith("Pulumi.") and name.endswith(".yaml"))
        return is_ours and super().__call__(change, path)


async def _swap_on_edits(options: UpOptions, gateway: Gateway, console: Console, stop: asyncio.Event) -> None:
    """Serve each sound edit; say what is wrong with any other and go on as before."""
    async for _changes in awatch(options.directory, watch_filter=_Edits(), stop_event=stop, debounce=200, step=50):
        try:
            config = options.read_config()
            load_settings(config.settings())
            recording = await asyncio.to_thread(record, config)
            endpoints = await gateway.swap(build_topology(recording))
        except SettingsError as error:
            for problem in error.problems:
                console.print(f"{options.read_config().file.name}: {problem}", style="red", markup=False)
            console.print("the gateway goes on as before the edit", style="red")
        except GatelinkError as error:
            console.print(str(error), style="red", markup=False)
            console.print("the gateway goes on as before the edit", style="red")
        else:
            _write(options.endpoints_file, endpoints)
            console.print("edit swapped in", style="green")


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


@contextlib.contextmanager
def _signals(stop: asyncio.Event) -> Iterator[None]:
    """Set ``stop`` on Ctrl-C and SIGTERM."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
