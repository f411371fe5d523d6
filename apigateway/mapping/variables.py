"""What both dialects share: the spelling of names, and the two variables that are written alike."""

import re
from dataclasses import dataclass
from typing import Final

from apigateway import context, limits
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


_STAGE_VARIABLE = re.compile(STAGE_VARIABLE)


def parse_shared(text: str, protocol: context.Protocol) -> ContextVariable | StageVariable | None:
    """Read ``context.NAME`` or ``stageVariables.NAME``, without a ``$``; None for any other text.

    Raises ``ExpressionError`` for a name that the protocol does not know.
    """
    root, dot, name = text.partition(".")
    if root == "context" and dot:
        context.check_mapping_variable(protocol, name)
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
