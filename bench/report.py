"""What was found, as aligned tables for people and as JSON for programs."""

import os
import platform
from collections.abc import Sequence
from dataclasses import asdict

from bench.gateway import GatewayCost
from bench.program import ProgramCost
from bench.rest import SIDES, ChangeCost, RestCost, RestCosts
from local.recording import Json


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


def gateway_table(cost: GatewayCost) -> str:
    """Print the gateway's cost."""
    rows = [
        (
            f"requests/s, {cost.connections} connections",
            f"{cost.gateway.rate:.0f}",
            f"{cost.proxy.rate:.0f}",
            f"ratio {cost.ratio:.2f}",
        ),
        ("p50, 1 connection", _ms(cost.gateway.p50), _ms(cost.proxy.p50), f"adds {_ms(cost.added_p50)}"),
        ("p99, 1 connection", _ms(cost.gateway.p99), _ms(cost.proxy.p99), f"adds {_ms(cost.added_p99)}"),
    ]
    table = _table(("", "gateway", "bare proxy", ""), rows)
    # Both figures are only as good as what surrounds them, so that is said with them.
    note = f"The cores are shared with the backend and the load, which reach {cost.backend.rate:.0f} requests/s alone."
    return f"Local gateway beside a bare aiohttp proxy; {machine()}\n{table}\n  {note}"


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


def as_json(
    program: Sequence[ProgramCost] | None, gateway: GatewayCost | None, rest: RestCosts | None = None
) -> dict[str, Json]:
    """Return everything that was found, each single run included; seconds, milliseconds and requests a second."""
    found: dict[str, Json] = {"machine": machine()}
    if program is not None:
        found["program"] = [{**asdict(cost), "ratio": cost.ratio} for cost in program]
    if gateway is not None:
        found["gateway"] = {
            **asdict(gateway),
            "ratio": gateway.ratio,
            "addedP50": gateway.added_p50,
            "addedP99": gateway.added_p99,
        }
    if rest is not None:
        found["rest"] = {
            "sizes": [{**asdict(cost), "ratio": cost.ratio} for cost in rest.sizes],
            "changes": [asdict(cost) for cost in rest.changes],
        }
    return found


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
