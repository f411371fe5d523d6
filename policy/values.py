"""Values as policies take them apart, whatever they are: what is of another shape is as nothing.

IAM's documents have one value alone where a list of it is meant ("Grammar of the IAM JSON policy language"), OpenAPI's
never do: :func:`each` is for the former, :func:`items` for the latter.
"""

import json
from collections.abc import Mapping, Sequence

from policy.model import Value


def parsed(text: Value) -> Mapping[str, Value] | None:
    """Return the mapping that a text has as JSON, or that is one already, as Pulumi takes it too; None for no such."""
    try:
        found: Value = json.loads(text) if isinstance(text, str) else text
    except ValueError:
        return None
    return found if isinstance(found, Mapping) else None


def block(value: Value) -> Mapping[str, Value]:
    """Return a mapping as it is, and anything else as an empty one."""
    return value if isinstance(value, Mapping) else {}


def items(value: Value) -> Sequence[Value]:
    """Return a list as it is, and anything else as an empty one."""
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def each(value: Value) -> Sequence[Value]:
    """Return a list as it is, nothing as an empty one, and any other value as a list of it."""
    if value is None:
        return ()
    return value if isinstance(value, Sequence) and not isinstance(value, str) else (value,)


def texts(value: Value) -> list[str]:
    """Return the texts of a list, or one that stands alone."""
    return [one for one in each(value) if isinstance(one, str)]
