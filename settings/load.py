"""From what the stack file holds to :class:`~settings.stack.Settings`, or to every problem at once."""

from collections.abc import Mapping

from pydantic import ValidationError

from apigateway.errors import Problem, SettingsError

from .base import BRANCH
from .checks import find_problems
from .paths import format_path
from .stack import Settings

Location = tuple[int | str, ...]


def load_settings(raw: Mapping[str, object], region: str | None = None) -> Settings:
    """Read a stack's ``gatelink:`` keys, given without the prefix; ``region`` is that of ``aws:region``, if given.

    First every value is checked by itself, then what is sound is checked together: one bad route keeps neither
    its neighbours nor the references between them from being judged.

    Raises ``SettingsError`` with every problem.
    """
    problems: list[Problem] = []
    sound = dict(raw)
    while True:
        try:
            settings = Settings.model_validate(sound, by_alias=True, by_name=False)
            break
        except ValidationError as failure:
            errors = [(_location(error["loc"], sound), error["msg"], error["type"]) for error in failure.errors()]
        if not problems:
            problems = [Problem(format_path(location), message, rule) for location, message, rule in errors]
        before = sound
        for location, _, _ in errors:
            sound = _without(sound, _entry(location))
        if sound == before:  # only keys that are no text cannot be set aside, and no file has them
            raise SettingsError(tuple(dict.fromkeys(problems)))
    problems += find_problems(settings, raw, region)
    if problems:
        raise SettingsError(tuple(dict.fromkeys(problems)))
    return settings


def _location(loc: Location, raw: Mapping[str, object]) -> Location:
    """Keep of pydantic's location what the file has or lacks: no union branches, no mark for a key itself.

    A key of the file may look like such a mark: a message's route key is any text.
    """
    location: list[int | str] = []
    block: object = raw
    for part in loc:
        match block, part:
            case Mapping(), _ if part in block:
                block = block[part]
            case list(), int():
                block = block[part]
            case _, str() if part.startswith(BRANCH) or part == "[key]":
                continue
            case _:
                block = None
        location.append(part)
    return tuple(location)


def _entry(location: Location) -> Location:
    """Return the smallest part of the file around a problem that the rest can do without.

    Of a list of stages it is a key of one stage: a stage that went would move the others to other places.
    """
    match location:
        case ("apis", _, "routes" | "integrations" | "authorizers" | "models" | "usagePlans" | "stage", _, *_):
            return location[:4]
        case ("apis", _, "stages", int(), _, *_):
            return location[:5]
        case ("apis", _, key, *_) if key != "protocol":
            return location[:3]
        case ("apis" | "backends" | "tags", _, *_) | ("network", "vpcEndpoints" | "flowLogs", *_):
            return location[:2]
        case _:
            return location[:1]


def _without(block: Mapping[str, object], location: Location) -> dict[str, object]:
    """Copy a block without the entry at ``location``."""
    first, *rest = location
    remaining = {key: value for key, value in block.items() if rest or key != first}
    match remaining.get(str(first)), rest:
        case Mapping() as inner, [_, *_]:
            remaining[str(first)] = _without(inner, tuple(rest))
        case list() as items, [int(index), *deeper] if isinstance(items[index], Mapping):
            remaining[str(first)] = [*items[:index], _without(items[index], tuple(deeper)), *items[index + 1 :]]
    return remaining
