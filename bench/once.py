"""One run in a process of its own: ``python -m bench.once``, an order as JSON on standard input, the answer on output.

Everything is imported before the clock starts, the modules that pulumi_aws would import at first use included.
"""

import contextlib
import json
import os
import sys
from collections.abc import Callable
from importlib import import_module
from time import perf_counter
from typing import Final

from bench.orders import Answer, Order, Reference, Side
from bench.stacks import as_config
from local.recording import Recording

_MODULES: Final[dict[Side, str]] = {
    "program": "bench.whole_program",
    "bare": "bench.bare_sdk",
    "methods": "bench.rest_by_method",
    "document": "bench.rest_by_body",
}
"""Each has ``prepare(reference)``, which returns what to run, and imports at its top what that needs."""


def run(order: Order) -> Answer:
    """Import one side, run it under the recorder's monitor, and say how long each took."""
    config = as_config(order.settings)
    os.environ["PULUMI_CONFIG"] = json.dumps(dict(config.values))
    reference = Reference.from_json(order.reference)

    started = perf_counter()
    program: Callable[[], None] = import_module(_MODULES[order.side]).prepare(reference)
    import_seconds = perf_counter() - started

    timed: Callable[[Callable[[], None]], tuple[float, Recording]] = import_module("bench.timed").timed
    before = set(sys.modules)
    seconds, recording = timed(program)
    return Answer(
        import_seconds=import_seconds,
        seconds=seconds,
        late_imports=sorted(set(sys.modules) - before),
        recording=recording.to_json(),
    )


def main() -> None:
    """Answer the order on standard input; what the program prints goes to standard error."""
    order = Order.from_json(sys.stdin.read())
    with contextlib.redirect_stdout(sys.stderr):
        answer = run(order)
    sys.stdout.write(answer.to_json())


if __name__ == "__main__":
    main()
