"""How an invocation of a function ends."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """The handler returned a value."""

    payload: str
    """The value as JSON; where the handler returned bytes, those as text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """The handler raised an exception, or Lambda's runtime did in its place."""

    type: str
    """The exception's class, or ``Runtime.ImportModuleError`` and the like."""
    message: str
    trace: tuple[str, ...]
    """The frames of the handler, outermost first, as Python prints them; empty where the runtime complains."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TookTooLong:
    """The handler did not return in time; its process was ended."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """The process ended before the handler returned, or could not be started."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoHandler:
    """Nobody said which handler stands for the function."""

    name: str


Invocation: TypeAlias = Returned | Raised | TookTooLong | Broken | NoHandler
