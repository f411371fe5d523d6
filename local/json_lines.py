"""What ``up --json`` and ``exec --json`` print: one JSON object a line, each with its ``type``.

``started``, ``exchange`` (all that the console shows of one), ``swapped`` (``moved`` where an API has come, gone or got
another address), ``refused``, ``log`` and ``stopped``.
"""

import contextlib
import json
import logging
from collections.abc import Mapping
from contextlib import AbstractContextManager

from rich.console import Console

from apigateway.json_path import JsonValue
from local.console.describe import describe
from local.console.masking import masked
from local.gateway.endpoints import Endpoints
from local.gateway.traffic import Exchange
from local.recording import Recording
from local.terminal import LogLines, Started, shown_meanwhile


class Machines:
    """One JSON object a line, each with its ``type``; secrets are masked."""

    def __init__(self, console: Console) -> None:
        self._file = console.file

    def recording(self, stack: str) -> AbstractContextManager[object]:  # noqa: ARG002 - machines need no spinner
        """Say nothing."""
        return contextlib.nullcontext()

    def recorded(self, recording: Recording) -> None:
        """Say nothing: ``preview --json`` prints a recording."""

    def started(self, started: Started) -> None:
        """Print the endpoints, and what the banner says."""
        self._print(
            "started",
            {
                **json.loads(started.endpoints.to_json()),
                "answers": list(started.answers),
                "missing": list(started.missing),
                "remarks": list(started.remarks),
                "warnings": list(started.warnings),
                "try": list(started.attempts),
                "file": started.file,
            },
        )

    def exchanged(self, exchange: Exchange) -> None:
        """Print all that is known of it."""
        self._print("exchange", masked(describe(exchange)))

    def swapped(self, changes: str, endpoints: Endpoints, *, moved: bool) -> None:
        """Print what changed, and the endpoints."""
        self._print("swapped", {"changes": changes, "moved": moved, **json.loads(endpoints.to_json())})

    def refused(self, problems: str) -> None:
        """Print every problem."""
        self._print("refused", {"problems": problems.splitlines()})

    def stopped(self) -> None:
        """Print the last line."""
        self._print("stopped", {})

    def logs(self) -> AbstractContextManager[None]:
        """Print what is logged."""
        return shown_meanwhile(LogLines(self))

    def logged(self, record: logging.LogRecord) -> None:
        """Print what was logged."""
        fields: dict[str, JsonValue] = {"level": record.levelname, "message": record.getMessage()}
        if record.exc_info:
            fields["trace"] = logging.Formatter().formatException(record.exc_info)
        self._print("log", fields)

    def _print(self, kind: str, fields: Mapping[str, object]) -> None:
        self._file.write(json.dumps({"type": kind, **fields}) + "\n")
        self._file.flush()
