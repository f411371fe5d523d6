"""A large stack: what the program costs beside the bare SDK, and what it asks of AWS's control plane.

The seconds are measured; the calls are counted from recordings and are the same on every machine. A deployment's least
time follows from the quotas of an account in a Region, whatever the network and the service add to it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bench.control_plane import Calls, change, least_seconds, refresh
from bench.program import ProgramCost, measure_stack
from bench.stacks import as_config, at_scale
from local.recorder import record
from local.recording import Json, Recording

ROUTES: Final = 300
"""Of each of the two APIs: AWS's quota for one API."""

SERVICES: Final = 5
"""Backends of each of the two APIs."""

SPLIT: Final = 5
"""Stacks that the routes are divided among."""

REPETITIONS: Final = 5
"""Runs of each side; the best counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentCost:
    """What one way to write the stack file asks for."""

    what: str
    registrations: int
    integrations: int
    calls: int
    """Of the control plane of API Gateway, by the first deployment, of all stacks together."""
    least_seconds: float
    refresh_calls: int
    """By a refresh of one stack, which asks for every resource again."""
    refresh_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCost:
    """What the change of one route asks for."""

    what: str
    shown: int
    """Resources of API Gateway in the preview."""
    calls: int
    least_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What is counted, and measured on no clock."""

    deployments: tuple[DeploymentCost, ...]
    changes: tuple[ChangeCost, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleCost:
    """Everything that was found."""

    program: tuple[ProgramCost, ...]
    counts: Counts


def measure(tell: Callable[[str], None]) -> ScaleCost:
    """Run the program and the bare SDK in turn, then count; ``tell`` hears of progress."""
    stacks = {alike: at_scale(ROUTES, SERVICES, alike=alike) for alike in (False, True)}
    program = tuple(measure_stack(settings, 2 * ROUTES, REPETITIONS, tell) for settings in stacks.values())
    return ScaleCost(program=program, counts=count(tell))


def count(
    tell: Callable[[str], None],
    routes: int = ROUTES,
    run: Callable[[Mapping[str, Json]], Recording] = lambda settings: record(as_config(settings)),
) -> Counts:
    """Record the stacks, and count what they ask for; ``run`` records the program with some settings."""
    services, split = SERVICES, SPLIT

    def recorded(what: str, settings: Mapping[str, Json]) -> Recording:
        tell(f"scale: {what}")
        return run(settings)

    own = recorded("an integration a route", at_scale(routes, services, alike=False))
    alike = recorded("an integration a service", at_scale(routes, services, alike=True))
    each = routes // split
    parts = [
        recorded(f"stack {part + 1} of {split}", at_scale(each, services // split, alike=True, first=part * each))
        for part in range(split)
    ]
    fewer = recorded("a route less", at_scale(routes - 1, services, alike=True))
    edited = recorded("a route edited", at_scale(routes, services, alike=True, edited=True))
    split_fewer = recorded("a route less, split", at_scale(each - 1, services // split, alike=True))
    return Counts(
        deployments=(
            _deployment("an integration a route", (own,)),
            _deployment("an integration a service", (alike,)),
            _deployment(f"the latter in {split} stacks", parts),
        ),
        changes=tuple(
            _changes(
                {
                    "a route added to each API": (fewer, alike),
                    "a route of each API gets an integration of its own": (alike, edited),
                    "a route of each API removed": (alike, fewer),
                    f"a route added to each API, one of {split} stacks": (split_fewer, parts[0]),
                }
            )
        ),
    )


def _deployment(what: str, recordings: tuple[Recording, ...] | list[Recording]) -> DeploymentCost:
    calls = Calls()
    for recording in recordings:
        calls += change(None, recording).calls()
    again = refresh(recordings[0])
    return DeploymentCost(
        what=what,
        registrations=sum(len(recording.resources) for recording in recordings),
        integrations=sum(len(one.of_type("aws:apigatewayv2/integration:Integration")) for one in recordings),
        calls=calls.total(),
        least_seconds=least_seconds(calls),
        refresh_calls=again.total(),
        refresh_seconds=least_seconds(again),
    )


def _changes(pairs: Mapping[str, tuple[Recording, Recording]]) -> Iterator[ChangeCost]:
    for what, (before, after) in pairs.items():
        found = change(before, after)
        calls = found.calls()
        yield ChangeCost(what=what, shown=len(found), calls=calls.total(), least_seconds=least_seconds(calls))
