"""The program's cost: its seconds beside those of the same calls of the bare SDK, for stacks of growing size."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bench import processes
from bench.orders import Answer, Order, Reference, Side
from bench.processes import BenchError
from bench.stacks import many_routes
from local.recording import Json, Recording, Resource

REPETITIONS: Final[Mapping[int, int]] = {10: 3, 100: 3, 300: 2}
"""Number of routes → how often each side is run; the best counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The runs of one side, in the order in which they were made; all in seconds."""

    seconds: tuple[float, ...]
    import_seconds: tuple[float, ...]

    @property
    def best(self) -> float:
        """The fastest run: what disturbs a run only ever slows it."""
        return min(self.seconds)

    @property
    def best_import(self) -> float:
        """The fastest import."""
        return min(self.import_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramCost:
    """What was found for one size."""

    routes: int
    registrations: int
    program: Sample
    bare: Sample

    @property
    def ratio(self) -> float:
        """The program's seconds to the bare SDK's."""
        return self.program.best / self.bare.best


def measure(tell: Callable[[str], None], repetitions: Mapping[int, int] = REPETITIONS) -> tuple[ProgramCost, ...]:
    """Run both sides in turn, each run in a process of its own; ``tell`` hears of progress.

    Raises BenchError where the two sides do not register the same, or where a run was not a clean one.
    """
    return tuple(measure_stack(many_routes(routes), routes, times, tell) for routes, times in repetitions.items())


def measure_stack(settings: dict[str, Json], routes: int, times: int, tell: Callable[[str], None]) -> ProgramCost:
    """Run both sides in turn on one stack; the rest is as :func:`measure` has it."""
    tell(f"program, {routes} routes: reference")
    reference = processes.run("bench.reference", given=json.dumps(settings))
    recording = Reference.from_json(reference).recording
    answers: dict[Side, list[Answer]] = {"program": [], "bare": []}
    for number in range(1, times + 1):
        for side, found in answers.items():
            answer = _run(Order(side=side, settings=settings, reference=reference), recording)
            found.append(answer)
            tell(f"program, {routes} routes: {side} {number} of {times}: {answer.seconds:.2f} s")
    return ProgramCost(
        routes=routes,
        registrations=len(recording.resources),
        program=_sample(answers["program"]),
        bare=_sample(answers["bare"]),
    )


def _run(order: Order, expected: Recording) -> Answer:
    answer = Answer.from_json(processes.run("bench.once", given=order.to_json()))
    if answer.late_imports:
        raise BenchError(f"{order.side}: imported while the clock ran: {', '.join(answer.late_imports)}")
    check_same(Recording.from_json(answer.recording), expected, order.side)
    return answer


def check_same(found: Recording, expected: Recording, what: str) -> None:
    """Raise BenchError unless two runs registered the same types and names, each with the same inputs and options."""
    types, expected_types = _types_and_names(found.resources), _types_and_names(expected.resources)
    if types != expected_types:
        raise BenchError(
            f"{what}: registered other resources than the program; more: {_list(types - expected_types)}; "
            f"missing: {_list(expected_types - types)}"
        )
    by_urn = {resource.urn: resource for resource in expected.resources}
    other = [resource.urn for resource in found.resources if resource != by_urn.get(resource.urn)]
    if other:
        raise BenchError(f"{what}: registered otherwise than by the program: {', '.join(other)}")
    if found.outputs != expected.outputs:
        raise BenchError(f"{what}: the stack's outputs differ from the program's")


def _types_and_names(resources: Sequence[Resource]) -> Counter[tuple[str, str]]:
    return Counter((resource.type, resource.name) for resource in resources)


def _list(resources: Counter[tuple[str, str]]) -> str:
    return ", ".join(f"{type_token} {name}" for type_token, name in sorted(resources.elements())) or "none"


def _sample(answers: Sequence[Answer]) -> Sample:
    return Sample(
        seconds=tuple(answer.seconds for answer in answers),
        import_seconds=tuple(answer.import_seconds for answer in answers),
    )
