"""What a file holds, as text: YAML has keys that are numbers, and JSON texts that UTF-8 cannot write."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from apigateway.errors import Problem
from apigateway.paths import Location, format_path
from apigateway.rules import stack_file


@dataclass(frozen=True, slots=True)
class Readable:
    """A block whose keys and texts are text, what is wrong with the block as it was, and where values were changed."""

    block: dict[str, object]
    problems: tuple[Problem, ...]
    changed: tuple[Location, ...]


def readable(raw: Mapping[str, object] | Mapping[object, object], at: Location = ()) -> Readable:
    r"""Read a block that stands at a place of the file.

    A key that is no text is taken as it is written, so that what it holds is judged too; in a text that UTF-8 cannot
    write, ``\ufffd`` stands for what it cannot.
    """
    problems: list[Problem] = []
    changed: list[Location] = []

    def read(value: object, place: Location) -> object:
        match value:
            case Mapping():
                return read_block(value, place)
            case list() | tuple():
                return [read(item, (*place, index)) for index, item in enumerate(value)]
            case str() if (text := _mended(value)) != value:
                problems.append(_problem(f'must be text that UTF-8 can write, got "{text}"', place))
                changed.append(place)
                return text
            case _:
                return value

    def read_block(block: Mapping[str, object] | Mapping[object, object], place: Location) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, value in block.items():
            text = _mended(key) if isinstance(key, str) else _written(key)
            if not isinstance(key, str):
                problems.append(_problem(f'the key {text} must be text; write "{text}"', place))
            elif text != key:
                problems.append(_problem(f'the key "{text}" must be text that UTF-8 can write', place))
            if text in found:
                problems.append(_problem(f"the key {text} stands there twice: as text, and as something else", place))
            found.setdefault(text, read(value, (*place, text)))
        return found

    return Readable(read_block(raw, at), tuple(problems), tuple(changed))


def _problem(message: str, place: Location) -> Problem:
    return Problem(format_path(place), message, stack_file.VALUE.id)


def _mended(text: str) -> str:
    """Return a text without halves of surrogate pairs, which stand for no character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _written(key: object) -> str:
    """Print a key as YAML writes it."""
    return str(key) if not isinstance(key, bool | float | None) else json.dumps(key)
