"""Widths without a font, and texts that are made to fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.picture.text import clean, fit, fit_monospaced, monospaced_width_of, width_of, wrap

texts = st.text(max_size=60)
rooms = st.floats(min_value=20, max_value=400)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", 0), ("orders", 2.834), ("WWW", 2.832), ("ill", 0.666), ("…", 1.0), ("é", 0.7), ("語", 1.05), ("😀", 1.05)],
)
def test_a_width(text: str, expected: float) -> None:
    assert width_of(text, 1) == pytest.approx(expected)
    assert width_of(text, 10, bold=True) == pytest.approx(expected * 10.7)


def test_a_monospaced_width() -> None:
    assert monospaced_width_of("GET /", 10) == pytest.approx(30.25)
    assert monospaced_width_of("語", 10) == pytest.approx(12.1)


def test_every_printable_character_of_ascii_has_its_width() -> None:
    assert all(width_of(chr(code), 1) != 0.7 for code in range(32, 127))


def test_a_text_is_cut_in_its_middle() -> None:
    assert fit("payments-production-eu-west-1", 100, 12) == "payments…west-1"
    assert fit_monospaced("/a/long/path/{proxy+}", 80, 12) == "/a/lon…xy+}"
    assert fit("short", 100, 12) == "short"


@given(texts, rooms)
def test_what_was_made_to_fit_does(text: str, room: float) -> None:
    assert width_of(fit(text, room, 13, bold=True), 13, bold=True) <= room
    assert monospaced_width_of(fit_monospaced(text, room, 12), 12) <= room


def test_a_text_is_broken_between_words() -> None:
    assert wrap("the stack has no VPC link", 60, 11, lines=9) == ("the stack", "has no VPC", "link")
    assert wrap("the stack has no VPC link", 60, 11, lines=2) == ("the stack", "has no …")
    assert wrap("", 60, 11, lines=2) == ()


@given(texts, rooms, st.integers(min_value=1, max_value=5))
def test_broken_lines_fit(text: str, room: float, lines: int) -> None:
    broken = wrap(text, room, 11, lines=lines)
    assert len(broken) <= lines
    assert all(width_of(line, 11) <= room for line in broken)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a\tb\nc", "a\tb\nc"), ("\x00\x1b\x7f\x9b", "\ufffd" * 4), ("\ud800\ufffe", "\ufffd" * 2), ("é語😀", "é語😀")],
)
def test_control_characters_are_not_kept(text: str, expected: str) -> None:
    assert clean(text) == expected
