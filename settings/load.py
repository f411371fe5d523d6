"""From what the stack file holds to :class:`~settings.stack.Settings`, or to every problem at once."""

from collections.abc import Mapping

from apigateway.errors import Problem, SettingsError
from apigateway.paths import Location, format_path
from apigateway.readable import readable

from .checks import find_problems
from .sound_part import entry_of, is_of_the_file, is_within, sound_part, value_of
from .stack import Settings


def load_settings(raw: Mapping[str, object], region: str | None = None) -> Settings:
    """Read a stack's ``gatelink:`` keys, given without the prefix; ``region`` is that of ``aws:region``, if given.

    First every value is checked by itself, then what is sound is checked together: one bad route keeps neither
    its neighbours nor the references between them from being judged, and one bad value not the rest of its route.

    Raises ``SettingsError`` with every problem.
    """
    text = readable(raw)
    changed = {format_path(place) for place in text.changed}
    sound = sound_part(text.block, text.changed, entry_of)
    problems = [*text.problems]
    problems += [unsound.problem for unsound in sound.unsound if format_path(unsound.location) not in changed]
    problems += _find_problems(sound.settings, text.block, text.changed, region, are_all_sound=not problems)
    if problems:
        raise SettingsError(tuple(dict.fromkeys(problems)))
    return sound.settings


def _find_problems(
    settings: Settings,
    raw: Mapping[str, object],
    changed: tuple[Location, ...],
    region: str | None,
    *,
    are_all_sound: bool,
) -> list[Problem]:
    """Check what is sound together: ``settings``, which lack every entry with an unsound value, then such entries.

    Of an entry without its unsound values only what is wrong within it is believed: what others find missing is there.
    """
    among_sound = find_problems(settings, raw, region)
    if are_all_sound:
        return among_sound
    nearly = sound_part(raw, changed, value_of)
    entries = {format_path(entry_of(location)) for location in nearly.aside}
    found = [
        problem
        for problem in find_problems(nearly.settings, raw, region)
        if problem in among_sound
        or (any(is_within(problem.path, entry) for entry in entries) and is_of_the_file(problem, nearly.aside))
    ]
    return [*found, *(problem for problem in among_sound if problem not in found)]
