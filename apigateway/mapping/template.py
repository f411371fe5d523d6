"""Values of HTTP API mappings: text with variables, such as ``/v1${request.path}`` or ``$request.header.Accept``.

From the AWS page "Transform API requests and responses for HTTP APIs in API Gateway". Static text is not quoted; a
variable stands alone as the whole value, with or without braces, or with braces amid text.

Two rules are stricter than AWS. A value that is wholly an expression of a WebSocket or REST mapping
(``context.requestId``, ``route.request.header.X``) is refused, though AWS would send it as text: it is nearly always
meant for a variable. So is a ``$`` before a letter or ``{`` that begins no variable.
"""

import re
from dataclasses import dataclass
from typing import Self

from apigateway.errors import ExpressionError, shown
from apigateway.mapping import dialects
from apigateway.mapping.data import RequestData, ResponseData
from apigateway.mapping.http_variables import (
    GRAMMAR,
    RequestPath,
    Side,
    Variable,
    parse_variable,
    read_variable,
)
from apigateway.mapping.variables import check_length

_BRACED = re.compile(r"\$\{([^{}]*)\}")
_BARE = re.compile(r"\$([A-Za-z_][^${}]*)")
_LOOKS_LIKE_VARIABLE = re.compile(r"\$(?:[A-Za-z_][\w.-]*|\{[^{}]*)")
# Not where a "[" or ":" goes on: a part of a body, or of a name that cannot have it, is no text after a variable.
_UNBRACED = re.compile(r"\$((?>(?:request|response|context|stageVariables)\.[\w.-]*\w))(?!\[|:\w)")
_QUOTED = re.compile(r"'[^']+'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A value, parsed once: text and variables in turn; no parts at all is the empty text.

    ``braced`` False is for a variable that is the whole value and stands without braces.
    """

    parts: tuple[str | Variable, ...]
    braced: bool = True

    @classmethod
    def parse(cls, text: str, side: Side = "request") -> Self:
        """Read a value of a request's or a response's mapping.

        The empty text is read too: a ``remove:`` may have it. Raises ``ExpressionError``.
        """
        try:
            return cls._parse(text, side)
        except ExpressionError as error:
            raise error.within(text) from error.__cause__

    @classmethod
    def _parse(cls, text: str, side: Side) -> Self:
        if text:
            check_length(text, GRAMMAR[side])
        _refuse_foreign(text, side)
        bare = _BARE.fullmatch(text)
        if bare and (variable := _bare_variable(text, bare[1], side)):
            return cls(parts=(variable,), braced=False)
        literals_and_names = _BRACED.split(text)
        for literal in literals_and_names[::2]:
            _refuse_dollar(text, literal, side)
        return cls(
            parts=tuple(
                parse_variable(piece, side) if index % 2 else piece
                for index, piece in enumerate(literals_and_names)
                if piece or index % 2
            )
        )

    def __str__(self) -> str:
        if not self.braced:
            return "".join(f"${part}" for part in self.parts)
        return "".join(part if isinstance(part, str) else f"${{{part}}}" for part in self.parts)

    @property
    def literal(self) -> str | None:
        """The text, when it holds no variable."""
        return None if any(not isinstance(part, str) for part in self.parts) else str(self)

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The variables, in order."""
        return tuple(part for part in self.parts if not isinstance(part, str))

    def path_parameters(self) -> tuple[str, ...]:
        """Return the names that are read through ``$request.path.NAME``."""
        return tuple(
            variable.parameter
            for variable in self.variables
            if isinstance(variable, RequestPath) and variable.parameter
        )

    def warning(self) -> str | None:
        """Return what is legal but doubtful: quotes, which belong to the WebSocket dialect and would be sent."""
        if self.literal is None or not _QUOTED.fullmatch(self.literal):
            return None
        return f"{self.literal} is sent with its quotes: static text of an HTTP API's mapping is not quoted"

    def evaluate(self, data: RequestData | ResponseData) -> str | None:
        """Return the value; a missing variable is None where it is the whole value, and no text amid text.

        AWS does not say what a missing variable becomes; this is what it says of route selection expressions.
        """
        if len(self.parts) == 1:
            part = self.parts[0]
            return part if isinstance(part, str) else read_variable(part, data)
        return "".join(part if isinstance(part, str) else read_variable(part, data) or "" for part in self.parts)


def _refuse_foreign(text: str, side: Side) -> None:
    if not dialects.is_foreign_to_http(text):
        return
    suggestion = dialects.suggestion(
        text, dialects.source_for_http(text), lambda proposal: Template.parse(proposal, side)
    )
    reason = "a source of another kind of API, which an HTTP API would send as text"
    raise ExpressionError(text, reason, grammar=GRAMMAR[side], suggestion=suggestion)


def _bare_variable(text: str, name: str, side: Side) -> Variable | None:
    try:
        return parse_variable(name, side)
    except ExpressionError:
        if _in_braces(text, side):  # a variable with text after it: the caller says so
            return None
        raise


def _refuse_dollar(text: str, literal: str, side: Side) -> None:
    found = _LOOKS_LIKE_VARIABLE.search(literal)
    if not found:
        return
    if found[0].startswith("${"):
        raise ExpressionError(text, f'"{shown(found[0])}" has no closing brace', grammar=GRAMMAR[side])
    proposal = _in_braces(text, side)
    if proposal:
        reason = f'"{shown(found[0])}" must be in braces, for it is not the whole value'
        raise ExpressionError(text, reason, suggestion=f"write {proposal}")
    try:
        parse_variable(found[0][1:], side)
    except ExpressionError as error:
        reason = f'"{shown(found[0])}" is not a variable'
        raise ExpressionError(text, reason, grammar=GRAMMAR[side], suggestion=error.suggestion) from None
    reason = f'"{shown(found[0])}" must be in braces, with all of its name, for it is not the whole value'
    raise ExpressionError(text, reason, grammar=GRAMMAR[side])


def _in_braces(text: str, side: Side) -> str | None:
    """Put every unbraced variable into braces; None when that does not make a legal value."""
    proposal = _UNBRACED.sub(r"${\1}", text)
    if proposal == text or _BRACED.fullmatch(proposal):
        return None
    try:
        return str(Template.parse(proposal, side))
    except ExpressionError:
        return None
