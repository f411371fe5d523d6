"""The cost of a REST API by the way in which it is made: a resource for each method, or one document.

Three sides make the same API: a resource for each segment, method and response by the bare SDK, the document by the
bare SDK, and the program, whose component makes a document. What is compared is decided and told in ``docs/decisions``.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bench import processes
from bench.control_plane import Change, change, least_seconds
from bench.orders import Answer, Order, Reference, Side
from bench.processes import BenchError
from bench.stacks import Kind, many_rest_routes
from local.recording import Json, Recording

REPETITIONS: Final[Mapping[int, int]] = {10: 3, 100: 3, 300: 2}
"""Number of routes → how often each side is run; the best counts."""

SIDES: Final[tuple[Side, ...]] = ("methods", "document", "program")
KINDS: Final[tuple[Kind, ...]] = ("HTTP_PROXY", "HTTP")


@dataclass(frozen=True, slots=True, kw_only=True)
class SideCost:
    """What one side costs at one size. Seconds are of a run without an engine, the best of them."""

    registrations: int
    seconds: float
    calls: int
    """Of API Gateway's control plane, by a first deployment."""
    least_seconds: float
    """What AWS's quotas leave for them at the very least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestCost:
    """What was found for one kind of integration and one size."""

    kind: Kind
    routes: int
    sides: Mapping[Side, SideCost]
    document_bytes: int

    @property
    def ratio(self) -> float:
        """The seconds of a resource for each method to the program's."""
        return self.sides["methods"].seconds / self.sides["program"].seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCost:
    """What the change of one route costs: the resources that a preview shows, and the calls."""

    kind: Kind
    what: str
    shown: Mapping[Side, int]
    calls: Mapping[Side, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class RestCosts:
    """Everything that was found."""

    sizes: tuple[RestCost, ...]
    changes: tuple[ChangeCost, ...]


def measure(tell: Callable[[str], None], repetitions: Mapping[int, int] = REPETITIONS) -> RestCosts:
    """Run the sides in turn, each run in a process of its own; ``tell`` hears of progress.

    Changes are measured at the smallest size: what one route costs does not depend on how many there are.
    """
    sizes = tuple(_size(kind, routes, times, tell) for kind in KINDS for routes, times in repetitions.items())
    changes = tuple(found for kind in KINDS for found in _changes(kind, min(repetitions), tell))
    return RestCosts(sizes=sizes, changes=changes)


def _size(kind: Kind, routes: int, times: int, tell: Callable[[str], None]) -> RestCost:
    made = _Made.observe(many_rest_routes(routes, kind))
    answers: dict[Side, list[Answer]] = {side: [] for side in SIDES}
    for number in range(1, times + 1):
        for side, found in answers.items():
            found.append(made.run(side))
            tell(f"rest, {routes} {kind} routes: {side} {number} of {times}: {found[-1].seconds:.2f} s")
    (body,) = (resource.inputs.get("body") for resource in made.recording.of_type("aws:apigateway/restApi:RestApi"))
    sides = {side: _side(found) for side, found in answers.items()}
    return RestCost(kind=kind, routes=routes, sides=sides, document_bytes=len(str(body).encode()))


def _side(answers: list[Answer]) -> SideCost:
    recording = Recording.from_json(answers[0].recording)
    calls = change(None, recording).calls()
    return SideCost(
        registrations=len(recording.resources),
        seconds=min(answer.seconds for answer in answers),
        calls=calls.total(),
        least_seconds=least_seconds(calls),
    )


def _changes(kind: Kind, routes: int, tell: Callable[[str], None]) -> Iterator[ChangeCost]:
    before = _Made.observe(many_rest_routes(routes, kind))
    recorded = {side: Recording.from_json(before.run(side).recording) for side in SIDES}
    for what, edited in {"another URL": {"edited": True}, "removed": {"removed": True}}.items():
        tell(f"rest, {kind}: one route, {what}")
        after = _Made.observe(many_rest_routes(routes, kind, **edited))
        found: dict[Side, Change] = {
            side: change(recorded[side], Recording.from_json(after.run(side).recording)) for side in SIDES
        }
        yield ChangeCost(
            kind=kind,
            what=what,
            shown={side: len(one) for side, one in found.items()},
            calls={side: one.calls().total() for side, one in found.items()},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """The settings of an API, and the program's run of them, whose document the bare sides are made of."""

    settings: dict[str, Json]
    reference: str
    recording: Recording

    @classmethod
    def observe(cls, settings: dict[str, Json]) -> "_Made":
        """Run the program once."""
        reference = processes.run("bench.reference", given=json.dumps(settings))
        return cls(settings=settings, reference=reference, recording=Reference.from_json(reference).recording)

    def run(self, side: Side) -> Answer:
        """Run one side once."""
        order = Order(side=side, settings=self.settings, reference=self.reference)
        answer = Answer.from_json(processes.run("bench.once", given=order.to_json()))
        if answer.late_imports:
            raise BenchError(f"{side}: imported while the clock ran: {', '.join(answer.late_imports)}")
        return answer
