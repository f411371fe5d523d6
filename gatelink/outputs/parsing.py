"""Reads plain data into the classes of the contract, and says of everything that is not of its shape what it must be.

The data may be what ``pulumi stack output --json`` prints, or what another project finds by a stack reference.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias, cast

from .contract import (
    WEBSOCKET_OUTPUTS,
    ApiOutputs,
    BlockKind,
    Kind,
    ListKind,
    NamedKind,
    OutputInfo,
    ReadStack,
    StackOutputs,
    TextKind,
    outputs_of,
)

Place: TypeAlias = tuple[int | str, ...]
"""The names and list positions that lead to a value."""

_LONGEST: Final = 160
_PLAIN = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputProblem:
    """One output that is missing or of another shape."""

    path: str
    """``apis.chat.connectionsUrl``; empty for the outputs as a whole."""
    expected: str
    given: str | None
    """None where it is missing."""
    since: str
    """The version that brings the output."""

    def __str__(self) -> str:
        head = f"{self.path}: " if self.path else ""
        if self.given is None:
            return f"{head}must be {self.expected}, and is missing; version {self.since} of Gatelink brings it"
        return f"{head}must be {self.expected}, got {self.given}"


class OutputsError(ValueError):
    """All that is wrong with a stack's outputs, in the order of the contract."""

    def __init__(self, problems: tuple[OutputProblem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


def parse(outputs: Mapping[str, object]) -> ReadStack:
    """Read all outputs of a stack. Those that the contract does not know are left out: a newer version brings them.

    Raises ``OutputsError`` with every problem.
    """
    return cast("ReadStack", parse_value(BlockKind(StackOutputs), outputs, (), ""))


def parse_value(kind: Kind, value: object, place: Place, since: str) -> object:
    """Read the value of one output: a text, a tuple of texts, an object of the contract, or a mapping of such.

    Raises ``OutputsError`` with every problem.
    """
    problems: list[OutputProblem] = []
    found = _value(kind, value, place, since, problems)
    if problems:
        raise OutputsError(tuple(problems))
    return found


def path_of(place: Place) -> str:
    """Write a place as Gatelink writes those of the stack file: ``apis.chat.stages["$default"].endpoint``.

    ``apigateway.paths.format_path`` does the same. It is here once more because a project that reads outputs needs
    plain Python alone, and ``apigateway`` pydantic; a test holds the two equal.
    """
    text = ""
    for part in place:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _PLAIN.fullmatch(part):
            text += f".{part}" if text else part
        else:
            text += f"[{json.dumps(part, ensure_ascii=False)}]"
    return text


def expected_of(kind: Kind) -> str:
    """Say what a value must be."""
    match kind:
        case TextKind(words=()):
            return "a text"
        case TextKind(words=words):
            return f"{', '.join(words[:-1])} or {words[-1]}"
        case ListKind():
            return "a list of texts"
        case BlockKind():
            return "a block of outputs"
        case NamedKind(nouns=nouns):
            return f"a block by the names of {nouns}"


def shown(value: object) -> str:
    """Write a value as JSON, on one line and cut where it gets long."""
    if isinstance(value, float) and value.is_integer():  # the engine knows no whole numbers
        value = int(value)
    line = json.dumps(value, ensure_ascii=False, default=str)
    line = "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in line)
    return line if len(line) <= _LONGEST else line[: _LONGEST - 3] + "..."


def _value(kind: Kind, value: object, place: Place, since: str, problems: list[OutputProblem]) -> object:
    match kind:
        case TextKind(words=words):
            if isinstance(value, str) and value and (not words or value in words):
                return value
        case ListKind():
            if isinstance(value, list | tuple):
                return tuple(
                    _value(TextKind(), item, (*place, index), since, problems) for index, item in enumerate(value)
                )
        case BlockKind(block=block):
            if isinstance(value, Mapping):
                return _block(block, value, place, problems)
        case NamedKind(of=of):
            if isinstance(value, Mapping):
                return {
                    str(name): _value(of, item, (*place, str(name)), since, problems) for name, item in value.items()
                }
    problems.append(
        OutputProblem(path=path_of(place), expected=expected_of(kind), given=shown(value), since=since),
    )
    return None


def _block(block: type, given: Mapping[object, object], place: Place, problems: list[OutputProblem]) -> object:
    before = len(problems)
    found: dict[str, object] = {}
    for info in outputs_of(block).values():
        value = given.get(info.name)
        if value is not None:
            found[info.attribute] = _value(info.kind, value, (*place, info.name), info.since, problems)
        elif info.is_required or _is_needed(block, info, given):
            problems.append(
                OutputProblem(
                    path=path_of((*place, info.name)), expected=expected_of(info.kind), given=None, since=info.since
                )
            )
    return block(**found) if len(problems) == before else None


def _is_needed(block: type, info: OutputInfo, given: Mapping[object, object]) -> bool:
    """Tell whether a block has to have an output that others of its class lack."""
    return block is ApiOutputs and given.get("protocol") == "WEBSOCKET" and info.attribute in WEBSOCKET_OUTPUTS
