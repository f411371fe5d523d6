"""Velocity's operators, with Java's arithmetic.

From the Velocity project's "VTL Reference", and from what templates have been observed to do on AWS.
"""

from collections.abc import Callable
from typing import Final, TypeAlias, TypeGuard

from apigateway.errors import TemplateError
from local.gateway.templates.values import LONGEST, text_of, too_long

Number: TypeAlias = int | float

_64_BITS: Final = 2**63


def truth(value: object) -> bool:
    """Tell what ``#if`` makes of a value: only ``false`` is false.

    So it is observed on AWS, for what is not defined too, and follows from Velocity 1 once nothing is null.
    """
    return value is not False


def equal(left: object, right: object) -> bool:
    """Compare numbers by value and all else by what it prints, which is what Velocity does with different types."""
    if _is_number(left) and _is_number(right):
        return left == right
    return text_of(left) == text_of(right)


def compare(holds: Callable[[Number, Number], bool]) -> Callable[[object, object], bool]:
    """Make ``<`` and the like: false of what is no number."""
    return lambda left, right: _is_number(left) and _is_number(right) and holds(left, right)


def calculate(operation: Callable[[Number, Number], Number | None]) -> Callable[[object, object], object]:
    """Make ``-`` and the like: None of what is no number."""

    def apply(left: object, right: object) -> object:
        if not (_is_number(left) and _is_number(right)):
            return None
        result = operation(left, right)
        if isinstance(result, int) and not -_64_BITS <= result < _64_BITS:
            raise TemplateError("a number does not fit into 64 bits")
        return result

    return apply


def add(left: object, right: object) -> object:
    """Add numbers, and join all else when there is a text among it."""
    if not (isinstance(left, str) or isinstance(right, str)):
        return _sum(left, right)
    text = text_of(left) + text_of(right)
    if len(text) > LONGEST:
        raise too_long()
    return text


_sum = calculate(lambda left, right: left + right)


def divide(left: Number, right: Number) -> Number | None:
    """Divide towards zero when both are whole, as Java does; None by zero."""
    if right == 0:
        return None
    if isinstance(left, int) and isinstance(right, int):
        quotient = abs(left) // abs(right)
        return quotient if (left < 0) == (right < 0) else -quotient
    return left / right


def remainder(left: Number, right: Number) -> Number | None:
    """Return what :func:`divide` leaves; None by zero."""
    if right == 0:
        return None
    size = abs(left) % abs(right)
    return -size if left < 0 else size


def _is_number(value: object) -> TypeGuard[Number]:
    return isinstance(value, int | float) and not isinstance(value, bool)
