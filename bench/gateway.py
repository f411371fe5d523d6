"""The local gateway's cost: its rate and latency beside those of a bare reverse proxy in front of the same backend.

Backend, gateway, proxy and load are processes of their own. The gateway and the proxy are loaded in turn, while the
other one idles.
"""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final

from bench import processes
from bench.load import Load
from bench.stacks import MAPPED_HEADER, MAPPED_VALUE

CONNECTIONS: Final = 32
ROUNDS: Final = 3
SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The rounds of one side: under many connections, and over a single one."""

    busy: tuple[Load, ...]
    single: tuple[Load, ...]

    @property
    def rate(self) -> float:
        """Requests a second under many connections, in the best round: what disturbs a round only ever slows it."""
        return max(load.rate for load in self.busy)

    @property
    def p50(self) -> float:
        """Milliseconds over a single connection, in the best round."""
        return min(load.p50 for load in self.single)

    @property
    def p99(self) -> float:
        """Milliseconds over a single connection, in the best round."""
        return min(load.p99 for load in self.single)


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayCost:
    """What was found."""

    connections: int
    gateway: Sample
    proxy: Sample
    backend: Load
    """The load on the backend itself: neither it nor the load may be what limits the others."""

    @property
    def ratio(self) -> float:
        """The gateway's requests a second to the proxy's."""
        return self.gateway.rate / self.proxy.rate

    @property
    def added_p50(self) -> float:
        """Milliseconds that the gateway adds to the proxy's median."""
        return self.gateway.p50 - self.proxy.p50

    @property
    def added_p99(self) -> float:
        """Milliseconds that the gateway adds to the proxy's 99th percentile."""
        return self.gateway.p99 - self.proxy.p99


def measure(tell: Callable[[str], None], rounds: int = ROUNDS, seconds: float = SECONDS) -> GatewayCost:
    """Start everything, load both sides in turn, stop everything; ``tell`` hears of progress."""
    with ExitStack() as stack:
        backend = stack.enter_context(processes.serving("bench.backend"))
        urls = {
            "gateway": stack.enter_context(processes.serving("bench.our_gateway", backend)),
            "proxy": stack.enter_context(processes.serving("bench.bare_proxy", backend)),
        }
        busy = _rounds(urls, CONNECTIONS, rounds, seconds, tell)
        single = _rounds(urls, 1, rounds, seconds, tell)
        alone = _load(backend, CONNECTIONS, seconds, f"{MAPPED_HEADER}: {MAPPED_VALUE}")
    return GatewayCost(
        connections=CONNECTIONS,
        gateway=Sample(busy=tuple(busy["gateway"]), single=tuple(single["gateway"])),
        proxy=Sample(busy=tuple(busy["proxy"]), single=tuple(single["proxy"])),
        backend=alone,
    )


def _rounds(
    urls: Mapping[str, str], connections: int, rounds: int, seconds: float, tell: Callable[[str], None]
) -> dict[str, list[Load]]:
    found: dict[str, list[Load]] = {name: [] for name in urls}
    for number in range(1, rounds + 1):
        for name, url in urls.items():
            load = _load(url, connections, seconds)
            found[name].append(load)
            tell(
                f"gateway, connections: {connections}, {name} {number} of {rounds}: "
                f"{load.rate:.0f} requests/s, p50 {load.p50:.2f} ms"
            )
    return found


def _load(url: str, connections: int, seconds: float, *headers: str) -> Load:
    return Load.from_json(processes.run("bench.load", url, str(connections), str(seconds), *headers))
