"""What the checks between parts of a stack share: places, names that are known, references to them.

``raw`` is what the file holds: a part that is unsound by itself is missing from the settings, and yet other parts may
refer to it.
"""

from collections.abc import Iterator, Mapping, Sequence

from apigateway.errors import Problem
from apigateway.rules import Rule, stack_file
from apigateway.suggest import nearest

from .paths import format_path

Location = tuple[int | str, ...]


def problem_at(rule: Rule, message: str, *location: int | str) -> Problem:
    """Return a problem at a place of the file: the rule that does not hold there, and what is wrong."""
    return Problem(format_path(location), message, rule.id)


def names_of(raw: Mapping[str, object], *location: str) -> list[str] | None:
    """Return the keys of a block of the file, sound or not.

    None where it cannot be known: what stands there is no block, or the block's own key is misspelt.
    """
    block: object = raw
    for key in location:
        if not isinstance(block, Mapping):
            return None
        if key not in block:
            return None if nearest(key, block) else []
        block = block[key]
    return list(block) if isinstance(block, Mapping) else None


def refer(kind: str, name: str, known: list[str] | None, where: str) -> str | None:
    """Return what is wrong with a reference: nothing where the name is known, or the known names are not."""
    if known is None or name in known:
        return None
    near = nearest(name, known)
    more = f"did you mean {near}?" if near else f"known: {', '.join(known) or 'none'}"
    return f'no {kind} "{name}" under {where}; {more}'


def check_distinct(values: Sequence[str], *at: int | str) -> Iterator[Problem]:
    """Report each value of a list that stands there already."""
    for index, value in enumerate(values):
        if value in values[:index]:
            yield problem_at(stack_file.DISTINCT, f"{value} is named twice", *at, index)
