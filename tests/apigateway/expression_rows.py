"""Rows of tables of expressions: a bad one with the exact message, and the proposals that messages make."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from apigateway.errors import shown


class Bad(NamedTuple):
    """A text that is refused: the reason, then the grammar and the suggestion where there are some."""

    text: str
    reason: str
    grammar: str = ""
    suggestion: str = ""

    @property
    def message(self) -> str:
        """The whole message."""
        parts = (f'{self.reason}, got "{shown(self.text)}"', self.grammar, self.suggestion)
        return "; ".join(part for part in parts if part)


def proposals(table: Mapping[str, Sequence[Bad]]) -> Iterator[tuple[str, str]]:
    """Yield the kind and the text of every expression that a suggestion tells to write."""
    for kind, rows in table.items():
        for bad in rows:
            if bad.suggestion.startswith("write "):
                texts = bad.suggestion.removeprefix("write ").removesuffix(" for this very text")
                yield from ((kind, text) for text in texts.split(", or "))
