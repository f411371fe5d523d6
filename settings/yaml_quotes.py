"""Static text in mappings stands in single quotes, and YAML takes one pair of quotes away."""

from collections.abc import Callable
from typing import TypeVar

from apigateway.errors import ExpressionError

Source = TypeVar("Source")


def keeping_quotes(parse: Callable[[str], Source]) -> Callable[[str], Source]:
    """Read a source; where its quotes are missing, say that YAML takes one pair of them away."""

    def read(text: str) -> Source:
        try:
            return parse(text)
        except ExpressionError as error:
            plain = next((each for each in (text, text.strip('"')) if f"'{each}'" in error.suggestion), None)
            if plain is None:
                raise
            in_yaml = f"""{error.suggestion} (in YAML "'{plain}'", which takes the outer quotes away)"""
            raise ExpressionError(text, error.reason, grammar=error.grammar, suggestion=in_yaml) from None

    return read
