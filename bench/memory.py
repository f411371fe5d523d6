"""What the local gateway holds: memory for each idle WebSocket, and what is left once clients have come and gone.

Both are read from outside, of the gateway's process alone. Its backend and its clients are processes of their own.
"""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final

from bench import processes
from bench.idle import AT_ONCE, Clients
from bench.proc import Held, allow_handles
from bench.stacks import WEBSOCKET_API

STEPS: Final = (1000, 2000, 3000, 4000, 5000)
"""Numbers of connections at which the memory is read."""

ROUNDS: Final = 10
CYCLES: Final = 1000
"""Connections that come and go in one round."""

WARM_UP_CYCLES: Final = 500
"""Those before the first look: code is compiled and caches are filled, once."""

SPARE_HANDLES: Final = 500
READS: Final = 20
SECONDS_BETWEEN_READS: Final = 0.05

_KILOBYTE: Final = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryCost:
    """What was found."""

    start: Held
    """Before the first connection."""
    idle: dict[int, Held]
    """Number of open connections → what the gateway holds."""
    closed: Held
    """Once they are all closed."""
    cycles: int
    """Connections of one round."""
    rounds: tuple[Held, ...]
    """Before the first round, and after each."""
    noise: int
    """Bytes between the least and the most that were read while nothing happened."""

    @property
    def per_connection(self) -> float:
        """Kilobytes for an idle connection: the growth from the first number of connections to the last."""
        (few, first), *_, (many, last) = self.idle.items()
        return (last.memory - first.memory) / (many - few) / _KILOBYTE

    @property
    def per_cycle(self) -> float:
        """Bytes that stay of a connection that has come and gone, by the later half of the rounds."""
        later = self.rounds[len(self.rounds) // 2 :]
        return (later[-1].memory - later[0].memory) / (max(len(later) - 1, 1) * self.cycles)

    @property
    def more_handles(self) -> int:
        """Handles that the rounds leave open."""
        return self.rounds[-1].handles - self.rounds[0].handles


def measure(
    tell: Callable[[str], None], steps: tuple[int, ...] = STEPS, rounds: int = ROUNDS, cycles: int = CYCLES
) -> MemoryCost:
    """Open connections and let them idle, then have others come and go; ``tell`` hears of progress."""
    allow_handles(max(steps) + SPARE_HANDLES)
    with ExitStack() as stack:
        backend = stack.enter_context(processes.serving("bench.backend")).url
        come = stack.enter_context(processes.serving("bench.our_gateway", WEBSOCKET_API, backend))
        going = stack.enter_context(processes.serving("bench.our_gateway", WEBSOCKET_API, backend))
        start, idle, closed = asyncio.run(_idle(come, steps, tell))
        looks, noise = asyncio.run(_come_and_go(going, rounds, cycles, tell))
    return MemoryCost(start=start, idle=idle, closed=closed, cycles=cycles, rounds=tuple(looks), noise=noise)


async def _idle(
    gateway: processes.Server, steps: tuple[int, ...], tell: Callable[[str], None]
) -> tuple[Held, dict[int, Held], Held]:
    async with Clients(gateway.url) as clients:
        start, found, opened = Held.of(gateway.pid), dict[int, Held](), 0
        for step in steps:
            await clients.open(step - opened)
            opened = step
            found[step] = Held.of(gateway.pid)
            tell(f"memory, {step} idle connections: {_say(found[step])}")
        await clients.close()
    return start, found, Held.of(gateway.pid)


async def _come_and_go(
    gateway: processes.Server, rounds: int, cycles: int, tell: Callable[[str], None]
) -> tuple[list[Held], int]:
    async with Clients(gateway.url) as clients:
        await clients.cycle(max(WARM_UP_CYCLES, AT_ONCE))
        looks = [Held.of(gateway.pid)]
        for number in range(1, rounds + 1):
            await clients.cycle(cycles)
            looks.append(Held.of(gateway.pid))
            tell(f"memory, {number * cycles} connections came and went: {_say(looks[-1])}")
        still = []
        for _ in range(READS):
            still.append(Held.of(gateway.pid).memory)
            await asyncio.sleep(SECONDS_BETWEEN_READS)
    return looks, max(still) - min(still)


def _say(held: Held) -> str:
    return f"{held.memory / _KILOBYTE / _KILOBYTE:.1f} MB, {held.handles} handles"
