"""Status codes, and the choice of an integration response by patterns."""

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigateway.errors import ExpressionError
from apigateway.status_patterns import (
    FINAL_STATUSES,
    PATTERN_GRAMMAR,
    STATUS_GRAMMAR,
    check_selection_pattern,
    check_selection_patterns,
    check_single_status,
    check_status_code,
    choose_integration_response,
    idle_patterns,
    overlapping_patterns,
    untaken_status,
)

from .expressions import WORD, words

NO_STATUS = "not a status code"
STATUS = "expected a number from 100 to 599"
ALONE = "a pattern that matches these characters alone"
DEFAULT = "leave selectionPattern out for the default response"
NO_REGEX = "not a regular expression"


@given(st.integers(100, 599).map(str))
def test_a_status_code(text: str) -> None:
    check_status_code(text)
    check_selection_pattern(text)
    assert choose_integration_response({"200": None, "500": text}, text) == "500"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f'{NO_STATUS}, got ""; {STATUS}'),
        ("99", f'{NO_STATUS}, got "99"; {STATUS}'),
        ("600", f'{NO_STATUS}, got "600"; {STATUS}'),
        ("200 ", f'{NO_STATUS}, got "200 "; {STATUS}'),
        ("٢٠٠", f'{NO_STATUS}, got "٢٠٠"; {STATUS}'),
        ("default", f'{NO_STATUS}, got "default"; {STATUS}'),
        ("4xx", rf'{NO_STATUS}, got "4xx"; {STATUS}; give a single code here and 4\d\d as its selectionPattern'),
        (
            r"5\d{2}",
            rf'{NO_STATUS}, got "5\d{{2}}"; {STATUS}; give a single code here and 5\d\d as its selectionPattern',
        ),
        (
            r"/4\d\d/",
            rf'{NO_STATUS}, got "/4\d\d/"; {STATUS}; give a single code here and 4\d\d as its selectionPattern',
        ),
    ],
)
def test_what_is_not_a_status_code(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        check_status_code(text)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    "text",
    [
        "",
        "404",
        r"4\d\d",
        r"4\d{2}",
        "5..",
        "(4|5)..",
        ".*Not found.*",
        r".*\[NotFound\].*",
        "(?i).*not found.*",
        r"C:\\dir.*",
        r"{2}",
        r".*\{.*",
        "[{}]",
        "[]a]",
        r"\Q{(\E.*",
    ],
)
def test_a_pattern(text: str) -> None:
    check_selection_pattern(text)


@pytest.mark.parametrize(
    "text",
    [
        r"\p{L}+",
        r"\pL",
        r"\h",
        r"\R",
        r"\x{41}",
        r"\N{DIGIT ONE}",
        r"\e",
        r"\cA",
        "[a-z&&[^b]]",
        "[a[bc]{]",
        "[a--b]",
        "(?<=a+)b",
        "a(?i)b",
        "(?-i)a",
        "(?d)a",
        "(?u)a",
        r"(a)\2",
        "^*",
    ],
)
def test_a_pattern_that_java_takes_and_python_does_not_is_not_refused_but_cannot_be_tried(text: str) -> None:
    check_selection_pattern(text)
    with pytest.raises(ExpressionError) as raised:
        choose_integration_response({"200": None, "400": text}, "400")
    assert str(raised.value) == f'a regular expression that Java can try and Python cannot, got "{text}"'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("-", f'{ALONE}, got "-"; {DEFAULT}'),
        ("default", f'{ALONE}, got "default"; {DEFAULT}'),
        ("$default", f'{ALONE}, got "$default"; {DEFAULT}'),
        ("4xx", r'a pattern that matches no status code, got "4xx"; write 4\d\d'),
        ("5**", r'a pattern that matches no status code, got "5**"; write 5\d\d'),
        (r"4\\d{2}", r'a pattern that matches no status code, got "4\\d{2}"; write 4\d\d'),
        (r"4\\d\\d", r'a pattern that matches no status code, got "4\\d\\d"; write 4\d\d'),
        (r"/4\d\d/", r'a pattern of a REST API does not stand between slashes, got "/4\d\d/"; write 4\d\d'),
        ("[4", f'{NO_REGEX} (unterminated character set), got "[4"; {PATTERN_GRAMMAR}'),
        ("(4", f'{NO_REGEX} (missing ), unterminated subpattern), got "(4"; {PATTERN_GRAMMAR}'),
        ("4)", f'{NO_REGEX} (unbalanced parenthesis), got "4)"; {PATTERN_GRAMMAR}'),
        ("*", f'{NO_REGEX} (nothing to repeat), got "*"; {PATTERN_GRAMMAR}'),
        ("*Not found*", f'{NO_REGEX} (nothing to repeat), got "*Not found*"; {PATTERN_GRAMMAR}'),
        ("40**", f'{NO_REGEX} (multiple repeat), got "40**"; {PATTERN_GRAMMAR}'),
        (
            "a{9999999999}",
            f'{NO_REGEX} (the repetition number is too large), got "a{{9999999999}}"; {PATTERN_GRAMMAR}',
        ),
        ("[z-a]", f'{NO_REGEX} (bad character range z-a), got "[z-a]"; {PATTERN_GRAMMAR}'),
        (r"\y", rf'{NO_REGEX} (bad escape \y), got "\y"; {PATTERN_GRAMMAR}'),
        ("(?P<n>a)", f'{NO_REGEX} ("(?P<" is not of Java), got "(?P<n>a)"; {PATTERN_GRAMMAR}'),
        ("(?a)a", f'{NO_REGEX} ("(?a)" is not of Java), got "(?a)a"; {PATTERN_GRAMMAR}'),
        (
            '.*{"code".*',
            rf'{NO_REGEX} (a "{{" that begins no repetition is written "\{{"), got ".*{{"code".*"; {PATTERN_GRAMMAR}',
        ),
    ],
)
def test_what_is_not_a_pattern(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        check_selection_pattern(text)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("4xx", "; give single codes such as 400"),
        (r"5\d\d", "; give single codes such as 500"),
        ("600", ""),
        ("ok", ""),
    ],
)
def test_a_status_code_beside_which_no_pattern_stands(text: str, suggestion: str) -> None:
    check_single_status("404")
    with pytest.raises(ExpressionError) as raised:
        check_single_status(text)
    assert str(raised.value) == f'not a status code, got "{text}"; {STATUS_GRAMMAR}{suggestion}'


def test_a_pattern_that_matches_no_status_code() -> None:
    patterns = {"200": None, "204": "", "400": "4..", "404": "(?u)a", "500": ".*error.*", "503": "50"}
    rest = "matches no status code from 200 to 599, and is held against nothing else"
    assert list(idle_patterns(patterns)) == [("500", f'".*error.*" {rest}'), ("503", f'"50" {rest}')]


@given(st.text(WORD[:4] + "[]{}()?*+|~&-^$.\\QEpzk<>#:!=\n", max_size=20))
def test_any_text_is_taken_or_refused(text: str) -> None:
    with suppress(ExpressionError):
        check_selection_pattern(text)
        choose_integration_response({"400": text}, "404")


@given(words(WORD + ".*+?()[]{}|^$\\&-#' \n"))
def test_plain_text_can_be_written_as_a_pattern(text: str) -> None:
    for pattern in (re.escape(text), rf"\Q{text}\E" if r"\E" not in text else re.escape(text)):
        assert choose_integration_response({"200": None, "400": pattern}, text) == "400"


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("4", "404", False),
        ("4..", "404", True),
        (r"4\d{2}", "404", True),
        ("Not found", "Not found: 7", False),
        (".*Not found.*", "Error: Not found: 7", True),
        (".*Not found.*", "Not found\nat line 7", False),
        (".*Not found.*", "Not found\rat line 7", False),
        (r"(?s).*Not found[\s\S]*", "Not found\nat line 7", True),
        (".+", "", False),
        ("[.]", ".", True),
        ("[.]", "a", False),
        (r"\d", "٣", False),
        ("(?i)é", "É", False),
        (r"(?<a>x)\k<a>", "xx", True),
        (r"a\z", "a", True),
        ("a$", "a\n", False),
        ("[]a]", "]", True),
        ("[a||~~]+", "|~a", True),
        ("a&&b--c", "a&&b--c", True),
        ("a++b", "aab", True),
    ],
)
def test_a_pattern_is_tried_as_java_does(pattern: str, text: str, *, matches: bool) -> None:
    assert choose_integration_response({"200": None, "400": pattern}, text) == ("400" if matches else "200")


def test_the_choice_of_a_response() -> None:
    patterns = {"500": r"5\d\d", "200": "", "404": "404", "400": r"4\d\d"}
    chosen = [choose_integration_response(patterns, text) for text in ("200", "201", "404", "410", "503", "", "boom")]
    assert chosen == ["200", "200", "404", "400", "500", "200", "200"]
    assert choose_integration_response({"400": r"4\d\d", "404": "404"}, "404") == "400"
    assert choose_integration_response({"200": "200"}, "500") is None
    assert choose_integration_response({}, "200") is None


def test_each_response_has_a_pattern_of_its_own() -> None:
    patterns = {"200": None, "201": "", "400": "4..", "404": "4..", "500": "5.."}
    assert list(check_selection_patterns(patterns)) == [
        ("201", "the response 200 is the default one already; give this one a selectionPattern"),
        ("404", '"4.." already chooses the response 400'),
    ]
    assert list(check_selection_patterns({"200": "", "500": "5.."})) == []


@pytest.mark.parametrize(
    ("patterns", "statuses", "expected"),
    [
        ({"200": r"2\d\d", "500": r"[345]\d\d"}, FINAL_STATUSES, None),
        ({"200": r"2\d\d", "500": r"[1345]\d\d"}, FINAL_STATUSES, None),
        ({"200": r"2\d\d", "500": r"5\d\d"}, FINAL_STATUSES, "300"),
        ({"200": r"2\d\d", "500": None}, FINAL_STATUSES, None),
        ({"200": r"2\d\d", "500": ""}, FINAL_STATUSES, None),
        ({"200": "200"}, ["200"], None),
        ({"200": "200"}, ["204", "200"], "204"),
        ({"200": "200"}, [], None),
        ({}, FINAL_STATUSES, "200"),
        ({"200": r"\p{Digit}+"}, FINAL_STATUSES, None),
    ],
)
def test_the_status_that_no_response_takes(
    patterns: dict[str, str | None], statuses: list[str], expected: str | None
) -> None:
    assert untaken_status(patterns, statuses) == expected


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        ({"200": r"2\d\d", "400": r"4\d\d", "500": None}, []),
        (
            {"400": r"4\d\d", "404": "404|410", "500": ""},
            [
                (
                    "404",
                    (r'"404|410", and "4\d\d" of the response 400, match 404 both: which one wins, AWS does not say'),
                )
            ],
        ),
        (
            {"404": "404", "400": r"4\d\d", "418": "418", "500": ".*"},
            [
                ("400", r'"4\d\d", and "404" of the response 404, match 404 both: which one wins, AWS does not say'),
                ("418", r'"418", and "4\d\d" of the response 400, match 418 both: which one wins, AWS does not say'),
                ("500", '".*", and "404" of the response 404, match 404 both: which one wins, AWS does not say'),
            ],
        ),
        ({"400": "404", "404": "404"}, []),
        ({"200": r"\p{Digit}+", "404": "404"}, []),
    ],
)
def test_patterns_that_overlap(patterns: dict[str, str | None], expected: list[tuple[str, str]]) -> None:
    assert list(overlapping_patterns(patterns, FINAL_STATUSES)) == expected
