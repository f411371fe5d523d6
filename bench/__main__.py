"""``python -m bench [program|gateway|rest] [--json]``: progress on standard error, the result on standard output."""

import argparse
import json
import sys

from bench import gateway, program, report, rest
from bench.processes import BenchError


def main() -> int:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="What Gatelink costs; takes about 80 seconds.")
    parser.add_argument(
        "which",
        nargs="?",
        choices=("program", "gateway", "rest"),
        help="one of them; program and gateway if left out; rest takes two minutes",
    )
    parser.add_argument("--json", action="store_true", help="print JSON with every single run")
    options = parser.parse_args()
    try:
        program_costs = program.measure(_tell) if options.which in (None, "program") else None
        gateway_cost = gateway.measure(_tell) if options.which in (None, "gateway") else None
        rest_costs = rest.measure(_tell) if options.which == "rest" else None
    except BenchError as error:
        sys.stderr.write(f"bench: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    if options.json:
        print(json.dumps(report.as_json(program_costs, gateway_cost, rest_costs), indent=2))
        return 0
    tables = [report.program_table(program_costs)] if program_costs else []
    if gateway_cost:
        tables.append(report.gateway_table(gateway_cost))
    if rest_costs:
        tables += [report.rest_table(rest_costs.sizes), report.rest_changes_table(rest_costs.changes)]
    print("\n\n".join(tables))
    return 0


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
