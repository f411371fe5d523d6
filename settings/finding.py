"""What the checks between parts of a stack share: places, names that are known, references to them.

``raw`` is what the file holds: a part that is unsound by itself is missing from the settings, and yet other parts may
refer to it.
"""

from collections.abc import Iterator, Mapping, Sequence

from apigateway.errors import Problem, one_line
from apigateway.paths import format_path
from apigateway.rules import Rule, stack_file
from apigateway.suggest import nearest


def problem_at(rule: Rule, message: str, *location: int | str) -> Problem:
    """Return a problem at a place of the file: the rule that does not hold there, and what is wrong."""
    return Problem(format_path(location), one_line(message), rule.id)


def block_of(raw: Mapping[str, object], *location: str) -> Mapping[str, object]:
    """Return a block of the file, an empty one where there is none."""
    block: object = raw
    for key in location:
        block = block.get(key) if isinstance(block, Mapping) else None
    return block if isinstance(block, Mapping) else {}


def names_of(raw: Mapping[str, object], *location: str) -> list[str] | None:
    """Return the keys of a block of the file, sound or not.

    None where it cannot be known: what stands there is no block, or the block's own key is misspelt.
    """
    *parents, last = location
    known = names_of(raw, *parents) if parents else list(raw)
    if known is None or last not in known:
        return None if known is None or nearest(last, known) else []
    block = block_of(raw, *parents)[last]
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
