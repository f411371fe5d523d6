"""How wide a text is, without a font at hand, and how it is made to fit.

The table has the widths of Helvetica, which Arial and Liberation Sans share; the picture asks for these fonts.
"""

import re
import unicodedata
from typing import Final

_HELVETICA: Final = {
    191: "'",
    222: "ijl",
    260: "|",
    278: " !,./:;It[]\\f",
    333: "()-r`",
    334: "{}",
    355: '"',
    389: "*",
    469: "^",
    500: "cksvxyzJ",
    556: "abdeghnopqu0123456789#$_?L",
    584: "+<=>~",
    611: "FTZ",
    667: "ABEKPSVXY&",
    722: "CDHNRUw",
    778: "GOQ",
    833: "mM",
    889: "%",
    944: "W",
    1000: "…",
    1015: "@",
}
"""Thousandths of the font size → the characters that are that wide."""

_WIDTHS: Final = {character: width for width, characters in _HELVETICA.items() for character in characters}
_OTHER: Final = 700
_WIDE: Final = 1050
"""Of East Asian characters and emoji."""

_BOLD: Final = 1.07
_MONOSPACED: Final = 0.605
"""The widest of the common monospaced fonts."""

_CONTROLS: Final = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\ufffe\\uffff]")


def clean(text: str) -> str:
    """Replace control characters, most of which no XML can hold; line ends and tabs stay."""
    return _CONTROLS.sub("\ufffd", text)


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of a line, in the unit of the font size."""
    return sum(_width(character) for character in text) / 1000 * size * (_BOLD if bold else 1)


def monospaced_width_of(text: str, size: float) -> float:
    """Return the width of a line in a monospaced font."""
    return sum(2 if _is_wide(character) else 1 for character in text) * _MONOSPACED * size


def fit(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """Cut a text where it leaves the room, with an ellipsis in its middle: the ends of names tell them apart."""
    if width_of(text, size, bold=bold) <= room:
        return text
    for length in range(len(text) - 1, 1, -1):
        cut = _cut(text, length)
        if width_of(cut, size, bold=bold) <= room:
            return cut
    return "…"


def fit_monospaced(text: str, room: float, size: float) -> str:
    """Cut a text in a monospaced font as :func:`fit` does."""
    if monospaced_width_of(text, size) <= room:
        return text
    for length in range(len(text) - 1, 1, -1):
        cut = _cut(text, length)
        if monospaced_width_of(cut, size) <= room:
            return cut
    return "…"


def wrap(text: str, room: float, size: float, *, lines: int) -> tuple[str, ...]:
    """Break a text between words into so many lines at most; what is left over is cut off."""
    broken: list[str] = []
    for word in text.split():
        longer = f"{broken[-1]} {word}" if broken else word
        if broken and width_of(longer, size) <= room:
            broken[-1] = longer
        else:
            broken.append(word)
    fitting = [fit(line, room, size) for line in broken[:lines]]
    if len(broken) > lines:
        fitting[-1] = _left_off(fitting[-1], room, size)
    return tuple(fitting)


def _left_off(line: str, room: float, size: float) -> str:
    """Say at the end of a line that there was more, in the place of its last words where there is no room."""
    words = line.split()
    ended = (f"{' '.join(words[:count])} …" for count in range(len(words), 0, -1))
    return next((text for text in ended if width_of(text, size) <= room), "…")


def _cut(text: str, length: int) -> str:
    head = (length - 1) * 3 // 5
    return f"{text[:head]}…{text[len(text) - (length - 1 - head) :]}"


def _width(character: str) -> int:
    return _WIDTHS.get(character) or (_WIDE if _is_wide(character) else _OTHER)


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"
