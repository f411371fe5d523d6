"""Looks for one output in what another stack answers, and says what is wrong where it is not to be found.

A message names the stack, the output, the version of Gatelink that brings it, and the version that the stack was last
deployed with, where the stack says it. For a name of the other stack file's own, such as a backend's, it has the names
that there are.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import pairwise
from typing import Final, TypeVar

from .contract import FIRST, BlockKind, Kind, OutputInfo, StackOutputs, outputs_of
from .parsing import OutputsError, expected_of, parse_value, path_of, shown

Read = TypeVar("Read")

VERSION: Final = outputs_of(StackOutputs)["gatelink_version"]

_NUMBERS = re.compile(r"(\d+)\.(\d+)\.(\d+)")


class UnreadableOutputError(ValueError):
    """An output that is missing or of another shape; the message is for whoever reads the other stack."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way to an output: an output of a block and, where it has several values by name, which one."""

    output: OutputInfo
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a stack says when it is asked for one of its outputs."""

    stack: str
    value: object
    """None where it has none of that name."""
    is_secret: bool = False
    version: str | None = None
    """The version of Gatelink that the stack was last deployed with, where it says one."""
    is_empty: bool = False
    """Whether the stack has no outputs at all: it was never deployed, or it was destroyed."""

    def given(self, value: object) -> str:
        """Write a value of another shape for a message: a secret is not shown."""
        return "a secret of another shape" if self.is_secret else shown(value)


def version_in(outputs: Mapping[str, object]) -> str | None:
    """Return the version that a stack says it was deployed with; None for what is no version."""
    version = outputs.get(VERSION.name)
    return version if isinstance(version, str) and _NUMBERS.match(version) else None


def look(answer: Answer, way: tuple[Step, ...], kind: Kind) -> object:
    """Follow a way through a stack's outputs, from the one that the answer is about, and read what lies at its end.

    Raises ``UnreadableOutputError`` where the way ends too early, or what lies at its end is of another kind.
    """
    value, place = _take(answer, way[0], answer.value, ())
    for before, step in pairwise(way):
        if not isinstance(value, Mapping):
            raise _misshapen(answer, place, expected_of(BlockKind(StackOutputs)), before.output, value)
        value, place = _take(answer, step, value.get(step.output.name), place)
    info = way[-1].output
    try:
        return parse_value(kind, value, place, info.since)
    except OutputsError as error:
        if isinstance(kind, BlockKind):
            raise _misshapen_block(answer, place, error) from None
        raise _misshapen(answer, place, expected_of(kind), info, value) from None


def look_for(answer: Answer, output: OutputInfo, expected: str, accept: Callable[[object], Read | None]) -> Read:
    """Read an output of a stack that may be none of Gatelink's, and so is held to what its reader needs of it.

    ``accept`` returns None for what is not ``expected``. Raises ``UnreadableOutputError`` for that, and where there is
    nothing.
    """
    place = (output.name,)
    if answer.value is None:
        raise _missing(answer, place, output, _where(output) if answer.version else f"it must be {expected}")
    found = accept(answer.value)
    if found is None:
        raise _misshapen(answer, place, expected, output, answer.value)
    return found


def _take(answer: Answer, step: Step, value: object, around: tuple[str, ...]) -> tuple[object, tuple[str, ...]]:
    """Return what a step leads to, and its place; ``value`` is what the step's output has."""
    info, place = step.output, (*around, step.output.name)
    if value is None:
        raise _missing(answer, place, info, _where(info))
    if step.name is None:
        return value, place
    if not isinstance(value, Mapping):
        raise _misshapen(answer, place, expected_of(info.kind), info, value)
    place = (*place, step.name)
    if value.get(step.name) is None:
        raise _unnamed(answer, place, list(map(str, value)))
    return value[step.name], place


def _missing(answer: Answer, place: tuple[str, ...], info: OutputInfo, hint: str) -> UnreadableOutputError:
    head = f'the stack "{answer.stack}" has no output "{path_of(place)}", which version {info.since} of Gatelink brings'
    if answer.is_empty:
        return UnreadableOutputError(f"{head}; it has no outputs at all: deploy it first")
    if _is_older(answer.version, info.since):
        hint = f"deploy it with {info.since} or newer"
    return UnreadableOutputError("; ".join(part for part in (head, _deployed(answer), hint) if part))


def _misshapen(
    answer: Answer, place: tuple[str, ...], expected: str, info: OutputInfo, value: object
) -> UnreadableOutputError:
    return UnreadableOutputError(
        f'the stack "{answer.stack}" has an output "{path_of(place)}" that must be {expected}, '
        f"got {answer.given(value)}; version {info.since} of Gatelink brings it; {_deployed(answer)}"
    )


def _misshapen_block(answer: Answer, place: tuple[str, ...], error: OutputsError) -> UnreadableOutputError:
    problems = (
        replace(problem, given=answer.given(None)) if answer.is_secret and problem.given is not None else problem
        for problem in error.problems
    )
    head = f'the stack "{answer.stack}" has an output "{path_of(place)}" of another shape; {_deployed(answer)}:'
    return UnreadableOutputError("\n".join([head, *(f"  {problem}" for problem in problems)]))


def _where(info: OutputInfo) -> str:
    """Say which stacks have an output, where not every one has it."""
    return f"it is there where {info.when}" if info.when else ""


def _deployed(answer: Answer) -> str:
    if answer.version:
        return f"the stack was last deployed with {answer.version}"
    return f"the stack says no version: it is not of Gatelink, or was last deployed with one before {VERSION.since}"


def _is_older(version: str | None, since: str) -> bool:
    """Tell whether a stack was deployed with a version before another; one that says none is of the first."""
    return _numbers(version or FIRST) < _numbers(since)


def _numbers(version: str) -> tuple[int, ...]:
    found = _NUMBERS.match(version)
    return tuple(map(int, found.groups())) if found else ()


def _unnamed(answer: Answer, place: tuple[str, ...], names: list[str]) -> UnreadableOutputError:
    """Say of a name, which the other stack file chooses and no version brings, which ones there are instead."""
    parts = [f'the stack "{answer.stack}" has no output "{path_of(place)}"', _deployed(answer)]
    if not answer.is_secret:
        *around, name = place
        parts.append(f"its {path_of(tuple(around))}: {', '.join(sorted(names)) or 'none'}")
        parts += [f"did you mean {near}?" for near in get_close_matches(name, sorted(names), n=1)]
    return UnreadableOutputError("; ".join(parts))
