"""What ``up`` and ``exec`` print for people; ``local.json_lines`` has what they print for machines.

15:04:05 200     12 ms orders GET /orders/7 → ANY /{proxy+}  orders
15:04:06 503      1 ms chat   MESSAGE Sz9ABcdefghijk= → sendMessage  chat: nothing listens at http://127.0.0.1:3000
"""

import asyncio
import contextlib
import logging
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from rich.console import Console
from rich.text import Text

from apigateway.errors import one_line
from local.console.masking import masked_text
from local.gateway.endpoints import Endpoints
from local.gateway.traffic import Exchange
from local.recording import Recording
from local.tree import print_tree

_LOGS = ("local.gateway", "local.functions", "local.aws")
"""What is logged beside exchanges: what handlers print, requests that are no HTTP."""

_EXCHANGES = "local.gateway.access_log"

_DIM, _YELLOW, _RED, _PLAIN = "\033[2m", "\033[33m", "\033[31m", "\033[0m"
_COLOURS = {1: "\033[32m", 2: "\033[32m", 3: "\033[36m", 4: _YELLOW, 5: _RED}
"""By the first digit of a status."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """What there is to say once everything runs."""

    endpoints: Endpoints
    answers: tuple[str, ...]
    """Who answers for each backend and function, a line each."""
    missing: tuple[str, ...]
    """What of the stack is not on this laptop, a line each."""
    remarks: tuple[str, ...]
    warnings: tuple[str, ...]
    """What ``check`` warns of in the stack file, a line each."""
    attempts: tuple[str, ...]
    """Commands to try."""
    file: str
    """Where the endpoints are written."""


class Terminal(Protocol):
    """Says what happens."""

    def recording(self, stack: str) -> AbstractContextManager[object]:
        """Say that the program runs, while it does."""

    def recorded(self, recording: Recording) -> None:
        """Say what the program registered."""

    def started(self, started: Started) -> None:
        """Say where everything is, and what to try."""

    def exchanged(self, exchange: Exchange) -> None:
        """Say what went through the gateway."""

    def swapped(self, changes: str, endpoints: Endpoints, *, moved: bool) -> None:
        """Say that an edit is served; ``moved`` where an API has come, gone or got another address."""

    def refused(self, problems: str) -> None:
        """Say that an edit is not served, and why."""

    def stopped(self) -> None:
        """Say that it is over."""

    def logs(self) -> AbstractContextManager[None]:
        """Show, meanwhile, what is logged beside exchanges."""


class People:
    """Lines to read; coloured where they go to a terminal that wants colours."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._colours = console.is_terminal and not console.no_color
        self._arrow = "->" if console.options.ascii_only else "→"
        self._width = 0
        self._waiting: list[str] = []

    def recording(self, stack: str) -> AbstractContextManager[object]:
        """Show a spinner."""
        return self._console.status(f"running the program for stack {stack} …")

    def recorded(self, recording: Recording) -> None:
        """Print the tree of resources."""
        print_tree(recording, self._console)

    def started(self, started: Started) -> None:
        """Print the banner."""
        console = self._console
        self._align(started.endpoints)
        console.print()
        for address in _addresses(started.endpoints):
            console.print(address)
        self._lines(started.answers, "dim")
        self._lines(started.missing, "yellow")
        self._lines(started.warnings, "yellow")
        self._lines(started.remarks, "dim")
        for command in started.attempts:
            console.print(Text.assemble(("try ", "dim"), command))
        console.print(f"endpoints are in {started.file}; Ctrl-C stops", style="dim", markup=False)

    def exchanged(self, exchange: Exchange) -> None:
        """Print one line; by hand, for rich would take as long as the request itself."""
        self._write(self.line(exchange))

    def line(self, exchange: Exchange) -> str:
        """Return what is printed of an exchange."""
        status = exchange.status
        at = _clock(int(exchange.at))
        # Where nothing went wrong, none was needed: for a preflight, or a connection that ends.
        route = exchange.route_key or ("no route" if exchange.reason else None)
        what = f"{masked_text(exchange.event)} {self._arrow} {route}" if route else masked_text(exchange.event)
        reasons = "; ".join([*filter(None, [exchange.reason]), *exchange.notes])
        words = (
            self._paint(at, _DIM),
            self._paint(f"{'---' if status is None else status!s:>3}", self._colour(exchange)),
            f"{exchange.seconds * 1000:6.0f} ms",
            f"{exchange.api:<{self._width}}",
            one_line(what),
        )
        source = self._paint(f"  {one_line(_source(exchange))}", _DIM) if exchange.target else ""
        return " ".join(words) + source + (self._paint(f": {one_line(reasons)}", _YELLOW) if reasons else "")

    def swapped(self, changes: str, endpoints: Endpoints, *, moved: bool) -> None:
        """Print what changed, and the addresses where they did."""
        self._flush()
        self._align(endpoints)
        self._console.print(f"edit swapped in: {changes}", style="green", markup=False, soft_wrap=True)
        if moved:
            for address in _addresses(endpoints):
                self._console.print(address)

    def refused(self, problems: str) -> None:
        """Print every problem."""
        self._flush()
        self._console.print(problems, style="red", markup=False)
        self._console.print("the gateway goes on as before the edit", style="red")

    def stopped(self) -> None:
        """Print the last line."""
        self._flush()
        self._console.print("stopped")

    def logs(self) -> AbstractContextManager[None]:
        """Show what is logged, dim or as it deserves."""
        return shown_meanwhile(LogLines(self))

    def logged(self, record: logging.LogRecord) -> None:
        """Print what was logged."""
        line = f"{_clock(int(record.created))} {record.getMessage()}"
        if record.exc_info:
            line = f"{line}\n{logging.Formatter().formatException(record.exc_info)}"
        self._write(self._paint(line, _YELLOW if record.levelno >= logging.WARNING else _DIM))

    def _align(self, endpoints: Endpoints) -> None:
        self._width = max(map(len, endpoints.apis), default=0)

    def _lines(self, lines: Iterable[str], style: str) -> None:
        for line in lines:
            self._console.print(line, style=style, markup=False)

    def _colour(self, exchange: Exchange) -> str:
        if exchange.status is None:
            return _RED if exchange.reason else _DIM
        return _COLOURS.get(exchange.status // 100, _PLAIN)

    def _paint(self, text: str, colour: str) -> str:
        return f"{colour}{text}{_PLAIN}" if self._colours else text

    def _write(self, line: str) -> None:
        """Print a line soon: those of one turn of the event loop go out together."""
        self._waiting.append(f"{line}\n")
        if len(self._waiting) > 1:
            return
        try:
            asyncio.get_running_loop().call_soon(self._flush)
        except RuntimeError:  # there is no loop to wait for
            self._flush()

    def _flush(self) -> None:
        lines, self._waiting = "".join(self._waiting), []
        if not lines:
            return
        file = self._console.file
        encoding = getattr(file, "encoding", None) or "utf-8"
        if encoding.lower() != "utf-8" or not lines.isascii():
            lines = lines.encode(encoding, "backslashreplace").decode(encoding)
        file.write(lines)
        file.flush()


@lru_cache(maxsize=2)
def _clock(second: int) -> str:
    """Return the time on the wall; many lines of one second ask for it."""
    return datetime.fromtimestamp(second).strftime("%H:%M:%S")  # noqa: DTZ006


class Printer(Protocol):
    """Whoever prints what was logged."""

    def logged(self, record: logging.LogRecord) -> None:
        """Print it."""


class LogLines(logging.Handler):
    """Hands log records to whoever prints them."""

    def __init__(self, printer: Printer) -> None:
        super().__init__()
        self._printer = printer

    def emit(self, record: logging.LogRecord) -> None:
        """Hand it on."""
        self._printer.logged(record)


@contextlib.contextmanager
def shown_meanwhile(handler: logging.Handler) -> Iterator[None]:
    """Attach a handler; the log's own line of each exchange is not written meanwhile, for it is printed already."""
    loggers, exchanges = [logging.getLogger(name) for name in _LOGS], logging.getLogger(_EXCHANGES)
    for logger in loggers:
        logger.setLevel(logging.INFO)
        logger.addHandler(handler)
    exchanges.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        exchanges.setLevel(logging.NOTSET)
        for logger in loggers:
            logger.removeHandler(handler)


def _source(exchange: Exchange) -> str:
    differs = exchange.answered_status not in (None, exchange.status)
    return f"{exchange.target}, which answered {exchange.answered_status}" if differs else f"{exchange.target}"


def _addresses(endpoints: Endpoints) -> Iterator[Text]:
    """Yield a line for each address, with names of one width."""
    width = max(map(len, ("console", "aws", *endpoints.apis)))

    def line(name: str, address: str, style: str, name_style: str = "bold") -> Text:
        return Text.assemble((f"{name:<{width}}  ", name_style), (address, style))

    if endpoints.console:
        yield line("console", endpoints.console, "bold cyan", "bold cyan")
    for name, api in sorted(endpoints.apis.items()):
        yield line(name, api.endpoint, "green")
        if api.host:
            yield line("", f"answers to Host: {api.host}", "dim")
        if api.connections_url:
            yield line("", f"connectionsUrl {api.connections_url}", "dim")
    if endpoints.aws:
        yield line("aws", f"--endpoint-url {endpoints.aws}", "dim", "dim")
