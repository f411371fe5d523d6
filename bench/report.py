"""What was found, as aligned tables for people and as JSON for programs."""

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TypeAlias

from bench.beside import Comparison
from bench.memory import MemoryCost
from bench.program import ProgramCost
from bench.rest import SIDES, ChangeCost, RestCost, RestCosts
from bench.scale import Counts, ScaleCost
from bench.start import StartCost
from local.edits import SECONDS_BETWEEN_LOOKS
from local.recording import Json

Found: TypeAlias = Sequence[ProgramCost] | Comparison | RestCosts | MemoryCost | StartCost | ScaleCost
"""What a measurement found."""

_MEGABYTE = 1024 * 1024


def machine() -> str:
    """Say where it was measured: the cores are shared by all processes of a measurement."""
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


def program_table(costs: Sequence[ProgramCost]) -> str:
    """Print the program's cost."""
    rows = [
        (
            str(cost.routes),
            str(cost.registrations),
            f"{cost.program.best:.2f} s",
            f"{cost.bare.best:.2f} s",
            f"{cost.ratio:.2f}",
            f"{cost.program.best_import:.2f} s",
            f"{cost.bare.best_import:.2f} s",
        )
        for cost in costs
    ]
    heads = ("routes", "registrations", "program", "bare SDK", "ratio", "program's imports", "bare imports")
    return f"Program beside the bare SDK, the same registrations by both; {machine()}\n{_table(heads, rows)}"


def comparison_table(cost: Comparison, title: str, bare: str, unit: str) -> str:
    """Print the gateway beside a bare server; ``unit`` is what both are sent."""
    many = f"{cost.connections} connections"
    rows = [
        (f"{unit}/s, {many}", f"{cost.gateway.rate:.0f}", f"{cost.bare.rate:.0f}", f"ratio {cost.ratio:.2f}"),
        (f"CPU for one, {many}", _us(cost.gateway.best_cpu), _us(cost.bare.best_cpu), _ratio(cost.cpu_ratio)),
        (f"p50, {many}", _ms(cost.gateway.busy_p50), _ms(cost.bare.busy_p50), ""),
        (
            f"{unit}/s, 1 connection",
            f"{cost.gateway.single_rate:.0f}",
            f"{cost.bare.single_rate:.0f}",
            f"ratio {cost.single_ratio:.2f}",
        ),
        ("p50, 1 connection", _ms(cost.gateway.p50), _ms(cost.bare.p50), f"adds {_ms(cost.added_p50)}"),
        ("p99, 1 connection", _ms(cost.gateway.p99), _ms(cost.bare.p99), f"adds {_ms(cost.added_p99)}"),
    ]
    table = _table(("", "gateway", bare, ""), rows)
    # Both figures are only as good as what surrounds them, so that is said with them.
    note = f"The cores are shared with the backend and the load, which reach {cost.backend.rate:.0f} requests/s alone."
    return f"{title}; {machine()}\n{table}\n  {note}"


def memory_table(cost: MemoryCost) -> str:
    """Print what the gateway holds."""
    held = {
        "before the first connection": cost.start,
        **{f"{count} idle connections": held for count, held in cost.idle.items()},
        "all closed": cost.closed,
        **{f"{number * cost.cycles} came and went": held for number, held in enumerate(cost.rounds)},
    }
    rows = [(what, f"{one.memory / _MEGABYTE:.1f} MB", str(one.handles)) for what, one in held.items()]
    count = (len(cost.rounds) - 1) * cost.cycles
    per_thousand, noise = cost.per_connection * 1000 / 1024, cost.noise / 1024
    notes = (
        f"1,000 idle connections hold {per_thousand:.1f} MB ({cost.per_connection:.1f} KB each).",
        f"{count} that went leave {cost.more_handles} handles, and by the later half {cost.per_cycle:.0f} bytes each.",
        f"Noise: {noise:.0f} KB while nothing happens; what is kept for later connections, to the backend, too.",
    )
    table = _table(("", "memory", "handles"), rows)
    return f"Local gateway, WebSocket connections; {machine()}\n{table}\n" + "\n".join(f"  {note}" for note in notes)


def start_table(cost: StartCost) -> str:
    """Print how long a developer waits."""
    rows = [
        ("python -m local up to the first answer", _s(cost.first_answer), _s(max(cost.first_answers)), "goal < 4 s"),
        *((f"  {piece}, alone", _s(min(found)), _s(max(found)), "") for piece, found in cost.pieces.items()),
        ("a saved edit of the stack file until it is served", _s(cost.best_edit), _s(cost.worst_edit), "goal < 2 s"),
    ]
    notes = (
        f"Half of the edits take {_s(cost.median_edit)} at most.",
        f"Files are looked at every {SECONDS_BETWEEN_LOOKS:g} s, and must be at rest for one more look.",
        "The embedded AWS starts while the program is recorded.",
    )
    table = _table(("", "best", "worst", ""), rows)
    return f"Waiting for the dev stack; {machine()}\n{table}\n" + "\n".join(f"  {note}" for note in notes)


def rest_table(costs: Sequence[RestCost]) -> str:
    """Print what a REST API costs by the way in which it is made."""
    rows = []
    for cost in costs:
        methods, document, program = (cost.sides[side] for side in ("methods", "document", "program"))
        rows.append(
            (
                f"{cost.routes} {cost.kind}",
                " / ".join(str(side.registrations) for side in (methods, document, program)),
                " / ".join(f"{side.seconds:.2f}" for side in (methods, document, program)),
                f"{cost.ratio:.1f}",
                f"{methods.calls} / {program.calls}",
                f"{methods.least_seconds:.1f} s / {program.least_seconds:.1f} s",
                f"{cost.document_bytes / 1000:.0f} kB",
            )
        )
    heads = ("routes", "registrations", "seconds", "ratio", "first calls", "by AWS's quotas", "document")
    title = (
        "REST API: a resource for each method / a document by the bare SDK / the program; ratio: the first to the last"
    )
    return f"{title}; {machine()}\n{_table(heads, rows)}"


def rest_changes_table(costs: Sequence[ChangeCost]) -> str:
    """Print what a change of one route of a REST API costs."""
    rows = [
        (
            f"{cost.kind}, {cost.what}",
            " / ".join(str(cost.shown[side]) for side in SIDES),
            " / ".join(str(cost.calls[side]) for side in SIDES),
        )
        for cost in costs
    ]
    return f"One route changes\n{_table(('route', 'resources in the preview', 'calls'), rows)}"


def scale_tables(counts: Counts) -> tuple[str, str]:
    """Print what a large stack asks of the control plane: at first, and for a change of one route."""
    deployments = [
        (
            cost.what,
            str(cost.registrations),
            str(cost.integrations),
            str(cost.calls),
            f"{cost.least_seconds:.0f} s",
            str(cost.refresh_calls),
            f"{cost.refresh_seconds:.0f} s",
        )
        for cost in counts.deployments
    ]
    heads = ("stack file", "registrations", "integrations", "calls", "least", "calls of a refresh", "least")
    changes = [(cost.what, str(cost.shown), str(cost.calls), f"{cost.least_seconds:.0f} s") for cost in counts.changes]
    return (
        f"The first deployment, by AWS's quotas\n{_table(heads, deployments)}",
        f"A change\n{_table(('change', 'resources in the preview', 'calls', 'least'), changes)}",
    )


def as_json(found: Mapping[str, Found]) -> dict[str, Json]:
    """Return everything that was found, each single run included; seconds, milliseconds and requests a second."""
    return {"machine": machine(), **{name: _json(cost) for name, cost in found.items()}}


def _json(cost: Found) -> Json:
    match cost:
        case Comparison():
            return {
                **asdict(cost),
                "ratio": cost.ratio,
                "cpuRatio": cost.cpu_ratio,
                "singleRatio": cost.single_ratio,
                "addedP50": cost.added_p50,
                "addedP99": cost.added_p99,
            }
        case RestCosts():
            return {
                "sizes": [{**asdict(size), "ratio": size.ratio} for size in cost.sizes],
                "changes": [asdict(change) for change in cost.changes],
            }
        case MemoryCost():
            return {
                **asdict(cost),
                "idle": {str(count): asdict(held) for count, held in cost.idle.items()},
                "kilobytesPerConnection": cost.per_connection,
                "bytesPerCycle": cost.per_cycle,
                "moreHandles": cost.more_handles,
            }
        case ScaleCost():
            return {
                "program": [{**asdict(size), "ratio": size.ratio} for size in cost.program],
                "deployments": [asdict(one) for one in cost.counts.deployments],
                "changes": [asdict(one) for one in cost.counts.changes],
            }
        case StartCost():
            return {**asdict(cost), "firstAnswer": cost.first_answer, "medianEdit": cost.median_edit}
        case _:
            return [{**asdict(size), "ratio": size.ratio} for size in cost]


def _us(microseconds: float | None) -> str:
    return "unknown" if microseconds is None else f"{microseconds:.0f} µs"


def _ratio(ratio: float | None) -> str:
    return "" if ratio is None else f"ratio {ratio:.2f}"


def _s(seconds: float) -> str:
    return f"{seconds:.2f} s"


def _ms(milliseconds: float) -> str:
    return f"{milliseconds:.2f} ms"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Align: the first column to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    lines = (
        "  ".join(cell.rjust(width) if index else cell.ljust(width) for index, (cell, width) in enumerate(columns))
        for columns in (list(zip(row, widths, strict=True)) for row in (heads, *rows))
    )
    return "\n".join(f"  {line}".rstrip() for line in lines)
