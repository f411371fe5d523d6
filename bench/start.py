"""How long a developer waits: from ``up`` to the first answer, and from a saved edit to the answer that shows it.

Both are measured in a copy of the project, from outside, as somebody with a clock would: ``up`` is a process, the edit
is a file that is written, and an answer is one of the gateway's. The stack is ``dev``, the backends are the echo.
"""

import json
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from time import perf_counter, sleep
from typing import Final
from urllib.parse import urlsplit

from ruamel.yaml import YAML

from bench import processes
from bench.processes import STOP_SECONDS, BenchError
from bench.stacks import ROOT
from bench.start_piece import PIECES

ROUNDS: Final = 2
EDITS: Final = 5
STACK: Final = "dev"
STACK_FILE: Final = ROOT / f"Pulumi.{STACK}.yaml"
API: Final = "orders"
"""The HTTP API of the stack that is called and edited."""

SECONDS_BETWEEN_CALLS: Final = 0.005
LONGEST_WAIT: Final = 20.0
STATUSES: Final = (202, 203)
"""What the echo's 200 becomes by the edits, in turn: so an answer shows which edit is served."""

_LEFT_OUT: Final = shutil.ignore_patterns(".*", "tests", "docs")


@dataclass(frozen=True, slots=True, kw_only=True)
class StartCost:
    """What was found, in seconds."""

    first_answers: tuple[float, ...]
    """From ``up`` to the first answer; a run for each."""
    pieces: Mapping[str, tuple[float, ...]]
    """What a start is made of → how long that takes alone, in a process of its own."""
    edits: tuple[tuple[float, float], ...]
    """For each edit of a stack file: until ``up`` says that it is served, and until an answer shows it."""

    @property
    def first_answer(self) -> float:
        """The best of the runs: what disturbs a run only ever slows it."""
        return min(self.first_answers)

    @property
    def best_edit(self) -> float:
        """The fastest of the edits."""
        return min(shown for _, shown in self.edits)

    @property
    def median_edit(self) -> float:
        """How long half of the edits take at most: it depends on how long the watcher still sleeps."""
        return sorted(shown for _, shown in self.edits)[len(self.edits) // 2]

    @property
    def worst_edit(self) -> float:
        """The slowest of the edits."""
        return max(shown for _, shown in self.edits)


def measure(
    tell: Callable[[str], None], rounds: int = ROUNDS, edits: int = EDITS, stack_file: Path = STACK_FILE
) -> StartCost:
    """Start and stop, then start and edit; ``tell`` hears of progress. ``stack_file`` has the stack."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        shutil.copytree(ROOT, project, ignore=_LEFT_OUT)
        shutil.copy(stack_file, project / STACK_FILE.name)
        first_answers = []
        for number in range(1, rounds + 1):
            with _up(project) as up:
                up.wait_for(200)
                first_answers.append(perf_counter() - up.began)
            tell(f"start, up {number} of {rounds}: {first_answers[-1]:.2f} s")
        edited = tuple(_edits(project, edits, tell))
    pieces: dict[str, list[float]] = {piece: [] for piece in PIECES}
    for _ in range(rounds):
        for piece, found in pieces.items():
            found.append(float(processes.run("bench.start_piece", piece, str(stack_file))))
            tell(f"start, {piece}: {found[-1]:.2f} s")
    return StartCost(
        first_answers=tuple(first_answers),
        pieces={piece: tuple(found) for piece, found in pieces.items()},
        edits=edited,
    )


def _edits(project: Path, edits: int, tell: Callable[[str], None]) -> Iterator[tuple[float, float]]:
    with _up(project) as up:
        up.wait_for(200)
        for number in range(edits):
            status = STATUSES[number % len(STATUSES)]
            edit(project / STACK_FILE.name, status)
            began = perf_counter()
            shown = up.wait_for(status) - began
            said = up.next("swapped") - began
            tell(f"start, edit {number + 1} of {edits}: {shown:.2f} s")
            yield said, shown


def edit(file: Path, status: int) -> None:
    """Give the answers of every route of the API another status."""
    yaml = YAML()
    document = yaml.load(file.read_text(encoding="utf-8"))
    for route in document["config"]["gatelink:apis"][API]["routes"].values():
        route["integration"]["responseParameters"] = {"200": {"overwrite:statuscode": str(status)}}
    with file.open("w", encoding="utf-8") as written:
        yaml.dump(document, written)


class _Up:
    """A running ``up``."""

    def __init__(self, process: subprocess.Popen[str], began: float) -> None:
        self.began = began
        self._process = process
        self._url = urlsplit("")
        self._told: Queue[tuple[float, str]] = Queue()
        # What it prints is read at once: a full pipe would hold it up, and every call is a line.
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self._process.stdout or ():
            self._told.put((perf_counter(), line))

    def next(self, kind: str) -> float:
        """Wait until it says something, and return when it did."""
        while True:
            try:
                at, line = self._told.get(timeout=LONGEST_WAIT)
            except Empty:
                raise BenchError(f'expected "{kind}" of up within {LONGEST_WAIT:.0f} s') from None
            told = json.loads(line)
            if told["type"] == "refused":
                raise BenchError(f"up refused an edit: {told['problems']}")
            if told["type"] == kind:
                if kind == "started":
                    self._url = urlsplit(told["apis"][API]["endpoint"])
                return at

    def wait_for(self, status: int) -> float:
        """Call the API until it answers with a status, and return when it did."""
        if not self._url.hostname:
            self.next("started")
        calls = HTTPConnection(self._url.hostname or "", self._url.port, timeout=LONGEST_WAIT)
        try:
            last, until = 0, perf_counter() + LONGEST_WAIT
            while perf_counter() < until:
                calls.request("GET", "/hello")
                answer = calls.getresponse()
                answer.read()
                last = answer.status
                if last == status:
                    return perf_counter()
                sleep(SECONDS_BETWEEN_CALLS)
        finally:
            calls.close()
        raise BenchError(f"expected an answer with status {status} within {LONGEST_WAIT:.0f} s, got {last}")


@contextmanager
def _up(project: Path) -> Iterator[_Up]:
    began = perf_counter()
    process = subprocess.Popen(  # noqa: S603  (our own module, in the interpreter that runs us)
        [sys.executable, "-m", "local", "up", "--stack", STACK, "--port", "0", "--json"],
        cwd=project,
        stdout=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    with process:
        try:
            yield _Up(process, began)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
