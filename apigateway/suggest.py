"""The word that was probably meant."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is most like ``word``, or None when none comes close."""
    candidates = sorted(known)
    matches = get_close_matches(word, candidates, n=1)
    if matches:
        return matches[0]
    return next((candidate for candidate in candidates if candidate.casefold() == word.casefold()), None)
