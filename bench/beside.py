"""The gateway beside a bare server in front of the same backend: the rate and the latency of both.

Backend, gateway, bare server and load are processes of their own. The gateway and the bare server are loaded in turn,
while the other one idles.
"""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final, TypeAlias

from bench import processes
from bench.load import Load
from bench.proc import cpu_seconds
from bench.processes import Server
from bench.stacks import MAPPED_HEADER, MAPPED_VALUE

CONNECTIONS: Final = 32
ROUNDS: Final = 5
SECONDS: Final = 0.6


_Round: TypeAlias = tuple[Load, float | None]
"""A load, and the microseconds that a request took of the server's processor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """An API of the gateway, and the bare server that does the same."""

    name: str
    """As progress is told of it."""
    api: str
    bare: str
    """The module that serves it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The rounds of one side: under many connections, and over a single one."""

    busy: tuple[Load, ...]
    single: tuple[Load, ...]
    cpu: tuple[float | None, ...] = ()
    """Microseconds of the processor for a request under many connections, in each round; None where nobody tells."""

    @property
    def rate(self) -> float:
        """Requests a second under many connections, in the best round: what disturbs a round only ever slows it."""
        return max(load.rate for load in self.busy)

    @property
    def best_cpu(self) -> float | None:
        """The least of the rounds."""
        return min((round_ for round_ in self.cpu if round_ is not None), default=None)

    @property
    def single_rate(self) -> float:
        """Requests a second over a single connection, in the best round."""
        return max(load.rate for load in self.single)

    @property
    def p50(self) -> float:
        """Milliseconds over a single connection, in the best round."""
        return min(load.p50 for load in self.single)

    @property
    def busy_p50(self) -> float:
        """Milliseconds under many connections, in the best round."""
        return min(load.p50 for load in self.busy)

    @property
    def p99(self) -> float:
        """Milliseconds over a single connection, in the best round."""
        return min(load.p99 for load in self.single)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What was found."""

    connections: int
    gateway: Sample
    bare: Sample
    backend: Load
    """The load on the backend itself: neither it nor the load may be what limits the others."""

    @property
    def ratio(self) -> float:
        """The gateway's requests a second to the bare server's, under many connections."""
        return self.gateway.rate / self.bare.rate

    @property
    def cpu_ratio(self) -> float | None:
        """The bare server's time for a request to the gateway's: what the ratio is on a machine that does little else.

        Other work takes rounds from both sides, and not the same ones. It changes the time of a request far less.
        """
        ours, bare = self.gateway.best_cpu, self.bare.best_cpu
        return bare / ours if ours and bare else None

    @property
    def single_ratio(self) -> float:
        """The same over a single connection."""
        return self.gateway.single_rate / self.bare.single_rate

    @property
    def added_p50(self) -> float:
        """Milliseconds that the gateway adds to the bare server's median, over a single connection."""
        return self.gateway.p50 - self.bare.p50

    @property
    def added_p99(self) -> float:
        """Milliseconds that the gateway adds to the bare server's 99th percentile, over a single connection."""
        return self.gateway.p99 - self.bare.p99


def compare(pair: Pair, tell: Callable[[str], None], rounds: int = ROUNDS, seconds: float = SECONDS) -> Comparison:
    """Start everything, load both sides in turn, stop everything; ``tell`` hears of progress."""
    with ExitStack() as stack:
        backend = stack.enter_context(processes.serving("bench.backend"))
        sides = {
            "gateway": stack.enter_context(processes.serving("bench.our_gateway", pair.api, backend.url)),
            "bare": stack.enter_context(processes.serving(pair.bare, backend.url)),
        }
        busy = _rounds(pair, sides, CONNECTIONS, rounds, seconds, tell)
        single = _rounds(pair, sides, 1, rounds, seconds, tell)
        alone, _ = _load(backend, CONNECTIONS, seconds, f"{MAPPED_HEADER}: {MAPPED_VALUE}")
    gateway, bare = (_sample(busy[name], single[name]) for name in sides)
    return Comparison(connections=CONNECTIONS, gateway=gateway, bare=bare, backend=alone)


def _rounds(
    pair: Pair, sides: Mapping[str, Server], connections: int, rounds: int, seconds: float, tell: Callable[[str], None]
) -> dict[str, list[_Round]]:
    found: dict[str, list[_Round]] = {name: [] for name in sides}
    for number in range(1, rounds + 1):
        for name, server in sides.items():
            load, cpu = _load(server, connections, seconds)
            found[name].append((load, cpu))
            tell(
                f"{pair.name}, connections: {connections}, {name} {number} of {rounds}: "
                f"{load.rate:.0f} a second, p50 {load.p50:.2f} ms"
            )
    return found


def _load(server: Server, connections: int, seconds: float, *headers: str) -> _Round:
    before = cpu_seconds(server.pid)
    load = Load.from_json(processes.run("bench.load", server.url, str(connections), str(seconds), *headers))
    after = cpu_seconds(server.pid)
    if before is None or after is None:
        return load, None
    return load, (after - before) * 1_000_000 / (load.requests + load.warm_up_requests)


def _sample(busy: list[_Round], single: list[_Round]) -> Sample:
    return Sample(
        busy=tuple(load for load, _ in busy),
        single=tuple(load for load, _ in single),
        cpu=tuple(cpu for _, cpu in busy),
    )
