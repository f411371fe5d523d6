r"""Status codes of responses, and the patterns by which a REST API chooses an integration response.

From the AWS pages "IntegrationResponse" (``selectionPattern``) and "x-amazon-apigateway-integration.responses object",
and from ``StatusCode`` of botocore ``apigateway``. A pattern is held against the status code that an HTTP backend or an
AWS service answered, or against the error message of a Lambda function; it has to match the whole text, so that an
error message is found with ``.*Not found.*``.

The patterns are regular expressions of Java (``java.util.regex.Pattern``). What is wrong in Java too is refused; a
construct that Python lacks is taken unread, and tried only as far as it can be written for Python.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from apigateway.errors import ExpressionError

STATUS_GRAMMAR: Final = "expected a number from 100 to 599"
FINAL_STATUSES: Final = tuple(str(status) for status in range(200, 600))
"""The status codes that an HTTP backend, or an AWS service, may answer with in the end."""

PATTERN_GRAMMAR: Final = r"expected a regular expression such as 404, 4\d\d or .*Not found.*"

_STATUS = re.compile(r"[1-5][0-9][0-9]")
_MISWRITTEN_CLASS = re.compile(r"(?P<class>[1-5])(?:[xX*]{2}|(?:\\\\d){2}|\\\\d\{2\})")
_CLASS = re.compile(rf"{_MISWRITTEN_CLASS.pattern}|/?(?P<plain>[1-5])(?:(?:\\d){{2}}|\\d\{{2\}})/?")
_SLASHED = re.compile(r"/(?P<pattern>.+)/", re.DOTALL)
_NO_PATTERN: Final = frozenset({"-", "default", "$default"})

_TOKEN = re.compile(
    r"""
    \\Q(?P<quoted>.*?)(?:\\E|\Z)
    | \(\?<(?P<group>[A-Za-z][A-Za-z0-9]*)>
    | \\k<(?P<reference>[A-Za-z][A-Za-z0-9]*)>
    | (?P<end>\\z)
    | (?P<unknown>\\[pPNx]\{[^}]*\}|\\[pPhHvVRXGec0]|\(\?[a-zA-Z]*-[a-zA-Z]*\)|\(\?[a-zA-Z]*[dDuU][a-zA-Z]*[:)])
    | (?P<python>\(\?P[<=>]|\(\?\(|\(\?\#|\(\?[a-zA-Z]*[aL][a-zA-Z]*[:)])
    | (?P<brace>\{(?![0-9]+(?:,[0-9]*)?\}))
    | \\.
    | (?P<open>\[\^?\]?)
    | (?P<close>\])
    | (?P<dot>\.)
    | (?P<operation>&&|--)
    | .
    """,
    re.VERBOSE | re.DOTALL,
)
_LINE_ENDS: Final = r"\n\r\x85\u2028\u2029"  # what "." leaves out in Java; in Python it is the first alone
_PYTHON_ALONE: Final = (
    "bad inline flags",
    "global flags not at the start",
    "invalid group reference",
    "look-behind requires fixed-width",
    "missing :",
    "nothing to repeat",
    "unknown extension",
)
"""What begins Python's complaint of something that Java takes."""

_DANGLING = re.compile(r"(?:^|\()[*+]|\|[*+?]|^\?")  # a repetition of nothing, which Java refuses too


def check_status_code(text: str) -> None:
    """Hold the status code of a response against its grammar. Raises ``ExpressionError``."""
    if _STATUS.fullmatch(text):
        return
    match = _CLASS.fullmatch(text)
    first = match["class"] or match["plain"] if match else ""
    suggestion = rf"give a single code here and {first}\d\d as its selectionPattern" if first else ""
    raise ExpressionError(text, "not a status code", grammar=STATUS_GRAMMAR, suggestion=suggestion)


def check_single_status(text: str) -> None:
    """Hold a status code that no ``selectionPattern`` stands beside to its grammar. Raises ``ExpressionError``."""
    if _STATUS.fullmatch(text):
        return
    match = re.fullmatch(r"(?P<class>[1-5])(?:[xX*]{2}|\\d\\d)", text)
    suggestion = f"give single codes such as {match['class']}00" if match else ""
    raise ExpressionError(text, "not a status code", grammar=STATUS_GRAMMAR, suggestion=suggestion)


def check_selection_pattern(text: str) -> None:
    """Hold a ``selectionPattern`` against the grammar of Java's expressions; an empty one makes the default response.

    The ways in which other dialects name the default response, and a class of status codes, are refused: they are
    expressions too, and match nothing that a backend answers. Raises ``ExpressionError``.
    """
    if text in _NO_PATTERN:
        reason = "a pattern that matches these characters alone"
        raise ExpressionError(text, reason, suggestion="leave selectionPattern out for the default response")
    if match := _MISWRITTEN_CLASS.fullmatch(text):
        reason = "a pattern that matches no status code"
        raise ExpressionError(text, reason, suggestion=rf"write {match['class']}\d\d")
    if match := _SLASHED.fullmatch(text):
        reason = "a pattern of a REST API does not stand between slashes"
        raise ExpressionError(text, reason, suggestion=f"write {match['pattern']}")
    if error := _error(text):
        raise ExpressionError(text, f"not a regular expression ({error})", grammar=PATTERN_GRAMMAR)


def check_selection_patterns(patterns: Mapping[str, str | None]) -> Iterator[tuple[str, str]]:
    """Yield the status codes whose pattern another one has already: AWS answers with a conflict.

    ``patterns`` are by the status code of the response; None and the empty one make the default response.
    """
    first: dict[str, str] = {}
    for status, pattern in patterns.items():
        other = first.setdefault(pattern or "", status)
        if other == status:
            continue
        if pattern:
            yield status, f'"{pattern}" already chooses the response {other}'
        else:
            yield status, f"the response {other} is the default one already; give this one a selectionPattern"


def untaken_status(patterns: Mapping[str, str | None], statuses: Iterable[str]) -> str | None:
    """Return the first of some status codes that no response takes; None too where a pattern is Java's to try.

    ``patterns`` are by the status code of the response; None and the empty one make the default response.
    """
    if not all(patterns.values()):
        return None
    try:
        tried = [_compiled(pattern) for pattern in patterns.values() if pattern]
    except ExpressionError:
        return None
    return next((status for status in statuses if not any(pattern.fullmatch(status) for pattern in tried)), None)


def overlapping_patterns(patterns: Mapping[str, str | None], statuses: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each response whose pattern takes a status code that the pattern of an earlier response takes.

    Of a pattern that only Java can try, and of one that stands there twice, nothing is said.
    """
    texts = tuple(statuses)
    taken: list[tuple[str, str, frozenset[str]]] = []
    for status, pattern in patterns.items():
        if not pattern or any(pattern == other for _, other, _ in taken):
            continue
        try:
            tried = _compiled(pattern)
        except ExpressionError:
            continue
        own = frozenset(text for text in texts if tried.fullmatch(text))
        for other_status, other, others in taken:
            if shared := own & others:
                yield (
                    status,
                    (
                        f'"{pattern}", and "{other}" of the response {other_status}, match {min(shared)} both: '
                        "which one wins, AWS does not say"
                    ),
                )
                break
        taken.append((status, pattern, own))


def idle_patterns(patterns: Mapping[str, str | None]) -> Iterator[tuple[str, str]]:
    """Yield each response whose pattern matches no status code; nothing is said of one that only Java can try."""
    for status, pattern in patterns.items():
        try:
            tried = _compiled(pattern) if pattern else None
        except ExpressionError:
            continue
        if tried and not any(tried.fullmatch(code) for code in FINAL_STATUSES):
            yield status, f'"{pattern}" matches no status code from 200 to 599, and is held against nothing else'


def choose_integration_response(patterns: Mapping[str, str | None], text: str) -> str | None:
    """Return the status code of the response that ``text`` chooses: the first whose pattern matches, else the default.

    None where there is no default either, which a client sees as an API_CONFIGURATION_ERROR of status 500. ``text`` is
    the status code of the backend, or the error message of a Lambda function: empty when it did not fail. Raises
    ``ExpressionError`` on the way past a pattern that only Java can try.
    """
    for status, pattern in patterns.items():
        if pattern and _compiled(pattern).fullmatch(text):
            return status
    return next((status for status, pattern in patterns.items() if not pattern), None)


def _compiled(pattern: str) -> re.Pattern[str]:
    translated = _translated(pattern)
    if translated is not None:
        try:
            return re.compile(translated, re.ASCII)
        except re.error:
            pass
    raise ExpressionError(pattern, "a regular expression that Java can try and Python cannot")


def _error(pattern: str) -> str:
    """Return what Java too has against an expression; empty when nothing is known."""
    if construct := _python_construct(pattern):
        return construct
    translated = _translated(pattern)
    if translated is None:
        return ""
    try:
        re.compile(translated, re.ASCII)
    except (OverflowError, RecursionError) as error:
        return str(error)
    except re.error as error:
        return "" if error.msg.startswith(_PYTHON_ALONE) and not _DANGLING.search(pattern) else error.msg
    return ""


def _python_construct(pattern: str) -> str:
    in_set = False
    for token in _TOKEN.finditer(pattern):
        if token["open"] and in_set:
            return ""  # a set within a set, which is Java's alone
        if token["open"]:
            in_set = True
        elif token["close"]:
            in_set = False
        elif token["python"] and not in_set:
            return f'"{token["python"]}" is not of Java'
        elif token["brace"] and not in_set:
            return r'a "{" that begins no repetition is written "\{"'
    return ""


def _translated(pattern: str) -> str | None:
    """Write an expression of Java for Python, which is then to be compiled for ASCII; None where that is not known.

    In Java ``.`` leaves out every end of a line, and the sets of letters, digits and spaces are of ASCII alone.
    """
    parts: list[str] = []
    in_set = False
    for token in _TOKEN.finditer(pattern):
        if token["unknown"] or (in_set and (token["open"] or token["operation"])):
            return None
        if token["open"]:
            in_set = True
        elif token["close"]:
            in_set = False
        parts.append(_part(token, in_set=in_set))
    return "".join(parts)


def _part(token: re.Match[str], *, in_set: bool) -> str:
    if token["quoted"] is not None:
        return re.escape(token["quoted"])
    if token["dot"]:
        return "." if in_set else f"[^{_LINE_ENDS}]"
    if in_set:
        return f"\\{token[0]}" if token[0] in {"|", "~"} else token[0]  # twice, they are a warning in Python
    if token["group"]:
        return f"(?P<{token['group']}>"
    if token["reference"]:
        return f"(?P={token['reference']})"
    return r"\Z" if token["end"] else token[0]
