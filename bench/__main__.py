"""``python -m bench [NAME] [--json]``: progress on standard error, the result on standard output."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from bench import gateway, memory, program, report, rest, scale, start, websocket
from bench.processes import BenchError
from bench.report import Found

Tell: TypeAlias = Callable[[str], None]
Shown: TypeAlias = tuple[Found, list[str]]
"""What was found, and the tables that show it."""


def _program(tell: Tell) -> Shown:
    found = program.measure(tell)
    return found, [report.program_table(found)]


def _gateway(tell: Tell) -> Shown:
    found = gateway.measure(tell)
    return found, [report.comparison_table(found, "HTTP API beside a bare aiohttp proxy", "bare proxy", "requests")]


def _websocket(tell: Tell) -> Shown:
    found = websocket.measure(tell)
    title = "WebSocket API beside a bare aiohttp bridge"
    return found, [report.comparison_table(found, title, "bare bridge", "messages")]


def _memory(tell: Tell) -> Shown:
    found = memory.measure(tell)
    return found, [report.memory_table(found)]


def _start(tell: Tell) -> Shown:
    found = start.measure(tell)
    return found, [report.start_table(found)]


def _rest(tell: Tell) -> Shown:
    found = rest.measure(tell)
    return found, [report.rest_table(found.sizes), report.rest_changes_table(found.changes)]


def _scale(tell: Tell) -> Shown:
    found = scale.measure(tell)
    return found, [report.program_table(found.program), *report.scale_tables(found.counts)]


MEASUREMENTS: Final[Mapping[str, Callable[[Tell], Shown]]] = {
    "program": _program,
    "gateway": _gateway,
    "websocket": _websocket,
    "memory": _memory,
    "start": _start,
    "rest": _rest,
    "scale": _scale,
}
USUAL: Final = ("program", "gateway", "websocket")


def main() -> int:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="What Gatelink costs; takes about 90 seconds.")
    parser.add_argument(
        "which",
        nargs="?",
        choices=tuple(MEASUREMENTS),
        help=f"one of them; {', '.join(USUAL)} if left out; memory and start take half a minute each, scale and rest "
        "two minutes",
    )
    parser.add_argument("--json", action="store_true", help="print JSON with every single run")
    options = parser.parse_args()
    try:
        found = {name: MEASUREMENTS[name](_tell) for name in (USUAL if options.which is None else (options.which,))}
    except BenchError as error:
        sys.stderr.write(f"bench: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    if options.json:
        print(json.dumps(report.as_json({name: cost for name, (cost, _) in found.items()}), indent=2))
    else:
        print("\n\n".join(table for _, tables in found.values() for table in tables))
    return 0


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
