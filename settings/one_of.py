"""A value that is one of a few words, with the rule that says which."""

from dataclasses import dataclass
from typing import get_args

from pydantic import GetCoreSchemaHandler, ValidationError, ValidatorFunctionWrapHandler
from pydantic_core import CoreSchema, core_schema

from apigateway.rules import Rule
from apigateway.suggest import nearest

from .base import problem, show


@dataclass(frozen=True, slots=True)
class OneOf:
    """Marks a ``Literal``: any other value is answered with the words, the nearest of them and ``rule``."""

    rule: Rule
    note: str = ""
    """Why there are no other words, where that is not plain."""

    in_quotes: bool = False
    """Whether the words look like numbers, so that they need quotes in the file."""

    meant: tuple[tuple[str, str], ...] = ()
    """What others call a word, in lower case, and the word."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        words: tuple[str | int, ...] = get_args(source)

        def check(value: object, known: ValidatorFunctionWrapHandler) -> object:
            try:
                return known(value)
            except ValidationError:
                raise problem(self._message(words, value), self.rule) from None

        return core_schema.no_info_wrap_validator_function(check, handler(source))

    def _message(self, words: tuple[str | int, ...], value: object) -> str:
        printed = [f'"{word}"' if self.in_quotes else str(word) for word in words]
        known = " or ".join(part for part in (", ".join(printed[:-1]), printed[-1]) if part)
        near = self._near(words, value) if isinstance(value, str) and not self.in_quotes else None
        parts = (f"must be {known}, got {show(value)}", self.note, f"did you mean {near}?" if near else "")
        return "; ".join(part for part in parts if part)

    def _near(self, words: tuple[str | int, ...], value: str) -> str | None:
        known = [word for word in words if isinstance(word, str)]
        return dict(self.meant).get(value.lower()) or nearest(value, known) or nearest(value.upper(), known)
