"""The exchanges that the console remembers: the last ones, each with a number by which the page asks for it."""

from collections import deque
from dataclasses import dataclass

from local.console.describe import LARGEST_BODY, DetailJson, SummaryJson, describe, line_of, summarise, texts, weight
from local.gateway.traffic import Exchange

MOST_EXCHANGES = 1000
MOST_BYTES = 64 * 1024 * 1024
"""Of the bodies of all of them together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One exchange: as it was, or already described where its bodies are too large to be kept."""

    number: int
    weight: int
    story: Exchange | DetailJson

    @property
    def summary(self) -> SummaryJson:
        """The line of the list, with nothing masked."""
        return summarise(self.story) if isinstance(self.story, Exchange) else line_of(self.story)

    @property
    def detail(self) -> DetailJson:
        """All of it, with nothing masked."""
        return describe(self.story) if isinstance(self.story, Exchange) else self.story

    def holds(self, words: list[str]) -> bool:
        """Say whether every word, given in lower case, is somewhere in it."""
        text = "\n".join(texts(self.detail)).lower()
        return all(word in text for word in words)


class History:
    """The last exchanges, the oldest first; numbers begin with 1 and are never given twice."""

    def __init__(self, most: int = MOST_EXCHANGES, most_bytes: int = MOST_BYTES) -> None:
        self.most = most
        self._most_bytes = most_bytes
        self._bytes = 0
        self._kept: deque[Kept] = deque()
        self.last = 0
        """The number of the newest; 0 before there is one."""

    def add(self, exchange: Exchange) -> Kept:
        """Remember an exchange; the oldest go where there are too many."""
        self.last += 1
        sizes = weight(exchange)
        if max(sizes) <= LARGEST_BODY:
            kept = Kept(number=self.last, weight=sum(sizes), story=exchange)
        else:
            shown = sum(min(size, LARGEST_BODY) for size in sizes)
            kept = Kept(number=self.last, weight=shown, story=describe(exchange))
        self._kept.append(kept)
        self._bytes += kept.weight
        while len(self._kept) > self.most or self._bytes > self._most_bytes:
            self._bytes -= self._kept.popleft().weight
        return kept

    def after(self, number: int) -> tuple[Kept, ...]:
        """Return those that are newer than a number."""
        return tuple(kept for kept in self._kept if kept.number > number)

    def find(self, number: int) -> Kept | None:
        """Return one; None where it is forgotten, or has not been yet."""
        if not self._kept:
            return None
        place = number - self._kept[0].number
        return self._kept[place] if 0 <= place < len(self._kept) else None
