"""Collects what is wrong while a recording is read, so that one run shows everything."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from apigateway.errors import ExpressionError, TopologyError

Value = TypeVar("Value")


class Problems:
    """The lines of a TopologyError in the making."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def add(self, lines: Iterable[str]) -> None:
        """Keep some problems."""
        self._lines.extend(lines)

    def attempt(self, place: str, read: Callable[[], Value]) -> Value | None:
        """Return what ``read`` returns; where it raises, keep the problem and return None.

        ``place`` begins the line of an ExpressionError, which does not say where it stands.
        """
        try:
            return read()
        except TopologyError as error:
            self._lines.append(str(error))
        except ExpressionError as error:
            self._lines.append(f"{place}: {error}")
        return None

    def verdict(self, value: Value | None) -> Value:
        """Return what was read, if nothing is wrong. Raises TopologyError with all problems."""
        if value is None or self._lines:
            raise TopologyError("\n".join(self._lines))
        return value
