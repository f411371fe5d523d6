"""What the dialects share: the spelling of names, fixed text, and the two variables that are written alike."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from apigateway import limits
from apigateway.errors import ExpressionError

PARAMETER: Final = r"[a-zA-Z0-9._$-]+"
"""A parameter of a WebSocket mapping (AWS page "Set up data mapping for WebSocket APIs in API Gateway")."""

HEADER: Final = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"
"""The name of a header: a token of RFC 9110."""

QUERY: Final = r"[^\s:{}\x00-\x1f\x7f]+"
"""The name of a query string parameter of an HTTP API."""

PATH_VARIABLE: Final = r"[A-Za-z0-9._-]+"
"""The name between the braces of a route's ``{name}``."""

STAGE_VARIABLE: Final = r"[A-Za-z0-9_]+"
"""The name of a stage variable (botocore ``StageVariablesMap``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextVariable:
    """``context.NAME``."""

    name: str

    def __str__(self) -> str:
        return f"context.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StageVariable:
    """``stageVariables.NAME``."""

    name: str

    def __str__(self) -> str:
        return f"stageVariables.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Static:
    """Fixed text; it is quoted in the mapping, and sent as it is: escape it for a query string or path yourself."""

    value: str

    def __str__(self) -> str:
        return f"'{self.value}'"


_STAGE_VARIABLE = re.compile(STAGE_VARIABLE)
_QUOTED = re.compile(r"'([^']*)'", re.DOTALL)


def parse_static(text: str) -> Static | None:
    """Read ``'text'``; None for what is not in single quotes."""
    match = _QUOTED.fullmatch(text)
    return Static(value=match[1]) if match else None


def parse_shared(text: str, check: Callable[[str], None]) -> ContextVariable | StageVariable | None:
    """Read ``context.NAME`` or ``stageVariables.NAME``, without a ``$``; None for any other text.

    ``check`` raises ``ExpressionError`` for a context variable that this kind of API does not know.
    """
    root, dot, name = text.partition(".")
    if root == "context" and dot:
        check(name)
        return ContextVariable(name=name)
    if root == "stageVariables" and dot:
        if not _STAGE_VARIABLE.fullmatch(name):
            raise ExpressionError(text, 'a stage variable\'s name is of letters, digits and "_"')
        return StageVariable(name=name)
    return None


def check_length(text: str, grammar: str) -> None:
    """Hold a value against the length that API Gateway allows. Raises ``ExpressionError``."""
    least, greatest = limits.MAPPING_VALUE_CHARACTERS
    if not least <= len(text) <= greatest:
        reason = f"a mapping's value is of {least} to {greatest} characters, not {len(text)}"
        raise ExpressionError(text, reason, grammar=grammar)
