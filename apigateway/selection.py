r"""Selection expressions of WebSocket APIs: ``$request.body.action`` chooses a route, a template or a model.

From the AWS pages "WebSocket selection expressions", "Create routes for WebSocket APIs in API Gateway" and "Data
transformations for WebSocket APIs in API Gateway". A variable stands in braces, or without them as the whole
expression; a ``$`` that begins no variable is written ``\$``.

One rule is stricter than AWS. Where a template or a model is chosen, a text such as ``route.request.body.kind`` is
refused, though it would be static text to AWS: it is nearly always meant for the variable.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, Self, TypeAlias, TypeVar, assert_never, cast

from apigateway.errors import ExpressionError, shown
from apigateway.json_path import MISSING, Found, JsonDocument, JsonPath, JsonValue, render
from apigateway.mapping.data import ResponseData
from apigateway.mapping.variables import HEADER
from apigateway.suggest import nearest

Side: TypeAlias = Literal["request", "response"]
Variable = TypeVar("Variable")
Parsed = TypeVar("Parsed")

GRAMMAR: Final = r'expected $request.body.PATH, ${request.body.PATH} amid text, or text with "$" written as "\$"'
RESPONSE_GRAMMAR: Final = (
    "expected ${request.body.PATH}, ${integration.response.statuscode}, ${integration.response.header.NAME}, "
    r'${integration.response.multivalueheader.NAME}, or text with "$" written as "\$"'
)
RESPONSE_KEY_GRAMMAR: Final = r"expected $default or a regular expression between slashes such as /4\d\d/"

API_KEY_SELECTIONS: Final = ("$request.header.x-api-key", "$context.authorizer.usageIdentifierKey")
"""Where the API key of a call may be found; the first one is API Gateway's default."""

_ROUTE: Final = "a route of a WebSocket API"
_TEMPLATE: Final = "a template"
_MODEL: Final = "a model"

_TOKEN = re.compile(r"(?P<escaped>\\\$)|\$\{(?P<name>[^{}]*)\}|(?P<dollar>\$)|(?P<text>[^\\$]+|\\)")
_BARE = re.compile(r"\$([A-Za-z][^${}\\]*)")
_BODY: Final = "request.body."
_RESPONSE = re.compile(rf"integration\.response\.(?:(statuscode)|(header|multivalueheader)\.({HEADER}))")
_FOREIGN = re.compile(r"(?:(?:route|method)\.)?request\.body\..+|integration\.response\..+", re.DOTALL)
_WHOLE_BODY = re.compile(r"\$?\{?request\.body\.?\}?")
_UNBRACED = re.compile(r"\$\.?((?>(?:request\.body|integration\.response)\.[\w.-]*\w))(?!\[)")
_JSON_PATH_ROOT = re.compile(r"\$\.(?:request\.)?(?:body\.)?(?=\w)")
_STATUS = re.compile(r"(?:integration\.)?response\.status_?code", re.IGNORECASE)
_PATTERN = re.compile(r"/(.+)/", re.DOTALL)
_JAVA_ALONE = re.compile(r"\\[pPQEhHRXzGk]|\(\?<[A-Za-z]|&&")


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionExpression:
    """An expression, parsed once: text (its ``$`` not escaped) and paths into the message in turn."""

    parts: tuple[str | JsonPath, ...]
    braced: bool = True
    """False for a variable that is the whole expression and stands without braces."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an expression. Raises ``ExpressionError``, with what was probably meant."""
        parts, braced = _advised(text, _parse_route_selection)
        return cls(parts=parts, braced=braced)

    @property
    def advice(self) -> str:
        """What to write instead of a text that looks like a variable and, without its ``$``, is none."""
        text = str(self)
        return _near(text, _parse_route_selection) if _FOREIGN.fullmatch(text) else ""

    def __str__(self) -> str:
        return _print_parts(self.parts, braced=self.braced)

    def evaluate(self, message: str | JsonDocument) -> str | None:
        """Return the selected key of a route or a model; None when the message is not JSON: ``$default`` is chosen.

        What is missing is the empty text, and so is JSON's ``null``; a structure is printed as in ``[item1, item2]``.
        """
        document = JsonDocument(message) if isinstance(message, str) else message
        if document.content is MISSING:
            return None
        return "".join(part if isinstance(part, str) else _text(part.find_in(document)) for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseVariable:
    """What an integration answered: its status code, whose name is empty, or one of its headers."""

    location: Literal["statuscode", "header", "multivalueheader"]
    name: str = ""

    def __str__(self) -> str:
        return f"integration.response.{self.location}" + (f".{self.name}" if self.name else "")

    def read(self, response: ResponseData) -> str:
        """Return the value in an answer, empty where the header is missing; several values are joined by commas."""
        if self.location == "statuscode":
            return str(response.status)
        lower = self.name.lower()
        values = [value for name, value in response.headers if name.lower() == lower]
        return ",".join(values if self.location == "multivalueheader" else values[-1:])


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSelection:
    """What chooses a template by its key, parsed once; a response's may read what the integration answered."""

    parts: tuple[str | JsonPath | ResponseVariable, ...]
    braced: bool = True
    """False for what is the whole expression and stands without braces: a variable, or ``$default``."""

    @classmethod
    def parse(cls, side: Side, text: str) -> Self:
        """Read the expression of an integration (request) or of an integration response. Raises ``ExpressionError``."""
        if text == "$default":  # the catch-all, which the AWS page and users' stacks write unescaped
            return cls(parts=(text,), braced=False)
        grammar = GRAMMAR if side == "request" else RESPONSE_GRAMMAR
        parts, braced = _read(text, grammar, lambda name: _template_variable(side, text, name))
        return cls(parts=parts, braced=braced)

    def __str__(self) -> str:
        return _print_parts(self.parts, braced=self.braced)

    def evaluate(self, message: JsonDocument, response: ResponseData | None = None) -> str:
        """Return the selected key of a template.

        What is missing is the empty text: a part of a message that is no JSON, and all that an integration answered
        where there is no ``response`` yet.
        """
        return "".join(_selected(part, message, response) for part in self.parts)


def check_template_selection(side: Side, text: str) -> None:
    """Hold a ``templateSelectionExpression`` against its grammar. Raises ``ExpressionError``."""
    grammar = GRAMMAR if side == "request" else RESPONSE_GRAMMAR
    _check(text, grammar, lambda proposal: TemplateSelection.parse(side, proposal))


def check_model_selection(text: str) -> None:
    """Hold a route's ``modelSelectionExpression`` against its grammar. Raises ``ExpressionError``."""
    if text != "$default":
        _check(text, GRAMMAR, _parse_model_selection)


def check_api_key_selection(text: str) -> None:
    """Hold an API's ``apiKeySelectionExpression`` against the two that there are. Raises ``ExpressionError``."""
    if text in API_KEY_SELECTIONS:
        return
    near = nearest(text, API_KEY_SELECTIONS)
    raise ExpressionError(
        text,
        "not an API key selection expression",
        grammar=f"expected {' or '.join(API_KEY_SELECTIONS)}",
        suggestion=f'did you mean "{near}"?' if near else "",
    )


def check_response_key(text: str) -> None:
    r"""Hold the key of an integration response against its grammar: ``$default`` or ``/4\d\d/``.

    What the key is held against at run time is a status code, or a Lambda function's error message. API Gateway's
    regular expressions are Java's: one with a construct that Python lacks is taken unread. Raises ``ExpressionError``.
    """
    if text == "$default":
        return
    match = _PATTERN.fullmatch(text)
    if not match:
        reason = "not the key of an integration response"
        raise ExpressionError(text, reason, grammar=RESPONSE_KEY_GRAMMAR, suggestion=_near_response_key(text))
    if error := _pattern_error(match[1]):
        raise ExpressionError(text, f"not a regular expression ({error})", grammar=RESPONSE_KEY_GRAMMAR)


def _read(text: str, grammar: str, read: Callable[[str], Variable]) -> tuple[tuple[str | Variable, ...], bool]:
    """Return the parts of an expression, and whether its variables stand in braces."""
    if not text:
        raise ExpressionError(text, "a selection expression cannot be empty", grammar=grammar)
    if bare := _BARE.fullmatch(text):
        return (read(bare[1]),), False
    return _parts(text, grammar, read), True


def _parts(text: str, grammar: str, read: Callable[[str], Variable]) -> tuple[str | Variable, ...]:
    parts: list[str | Variable] = []
    literal = ""
    for token in _TOKEN.finditer(text):
        if token["dollar"]:
            raise _bad_dollar(text, text[token.start() :], grammar)
        if token["name"] is None:
            literal += "$" if token["escaped"] else token["text"]
            continue
        if literal:
            parts.append(literal)
            literal = ""
        parts.append(read(token["name"]))
    return (*parts, literal) if literal else tuple(parts)


def _path(text: str, name: str, selected: str, grammar: str) -> JsonPath:
    if not name.startswith(_BODY):
        raise ExpressionError(text, f'"{shown(name)}" cannot select {selected}', grammar=grammar)
    try:
        return JsonPath.parse(name.removeprefix(_BODY))
    except ExpressionError as error:
        raise error.within(text) from None


def _template_variable(side: Side, text: str, name: str) -> JsonPath | ResponseVariable:
    match = _RESPONSE.fullmatch(name)
    if match and side == "response":
        location = cast('Literal["statuscode", "header", "multivalueheader"]', match[1] or match[2])
        return ResponseVariable(location=location, name=match[3] or "")
    if match:
        reason = f'"{shown(name)}" cannot select {_TEMPLATE} of a request, which has no response yet'
        raise ExpressionError(text, reason, grammar=GRAMMAR)
    return _path(text, name, _TEMPLATE, GRAMMAR if side == "request" else RESPONSE_GRAMMAR)


def _parse_route_selection(text: str) -> tuple[tuple[str | JsonPath, ...], bool]:
    return _read(text, GRAMMAR, lambda name: _path(text, name, _ROUTE, GRAMMAR))


def _parse_model_selection(text: str) -> object:
    return _read(text, GRAMMAR, lambda name: _path(text, name, _MODEL, GRAMMAR))


def _bad_dollar(text: str, rest: str, grammar: str) -> ExpressionError:
    if rest.startswith("${"):
        return ExpressionError(text, f'"{shown(rest)}" has no closing brace', grammar=grammar)
    return ExpressionError(text, 'a variable amid text must be in braces, and any other "$" escaped', grammar=grammar)


def _print_parts(parts: tuple[str | JsonPath | ResponseVariable, ...], *, braced: bool) -> str:
    if braced:
        return "".join(
            part.replace("$", r"\$") if isinstance(part, str) else f"${{{_variable(part)}}}" for part in parts
        )
    return "".join(part if isinstance(part, str) else f"${_variable(part)}" for part in parts)


def _variable(variable: JsonPath | ResponseVariable) -> str:
    return f"{_BODY}{variable}" if isinstance(variable, JsonPath) else str(variable)


def _check(text: str, grammar: str, parse: Callable[[str], object]) -> None:
    """Parse an expression, and say of a bad one what was probably meant."""
    if _FOREIGN.fullmatch(text):
        reason = 'a variable that is written as text: it begins with "$" in a selection expression'
        raise ExpressionError(text, reason, grammar=grammar, suggestion=_near(text, parse))
    _advised(text, parse)


def _advised(text: str, parse: Callable[[str], Parsed]) -> Parsed:
    """Parse an expression, and say of one that cannot be read what was probably meant."""
    try:
        return parse(text)
    except ExpressionError as error:
        suggestion = _near(text, parse)
        raise ExpressionError(text, error.reason, grammar=error.grammar, suggestion=suggestion) from error.__cause__


def _near(text: str, parse: Callable[[str], object]) -> str:
    if _WHOLE_BODY.fullmatch(text):
        return "name a part of the message: $request.body.PATH"
    legal = (proposal for proposal in _proposals(text) if proposal.isprintable() and _is_legal(proposal, parse))
    return next((f"write {proposal}" for proposal in legal), "")


def _proposals(text: str) -> Iterator[str]:
    """Rewrite what people write instead: another dialect, a JSON path with its root, a missing brace."""
    plain = text.removeprefix("$")
    if _FOREIGN.fullmatch(plain):
        yield "$" + plain.removeprefix("route.").removeprefix("method.")
    if text.count("$") == 1:
        yield _JSON_PATH_ROOT.sub(f"${_BODY}", text)
    yield _STATUS.sub("integration.response.statuscode", text)
    yield _UNBRACED.sub(r"${\1}", text)
    if "${" in text:
        yield f"{text}}}"


def _is_legal(text: str, parse: Callable[[str], object]) -> bool:
    try:
        parse(text)
    except ExpressionError:
        return False
    return True


def _near_response_key(text: str) -> str:
    if nearest(text, ("$default",)):
        return 'did you mean "$default"?'
    pattern = text.strip("/")
    return f"write /{pattern}/" if pattern and not pattern.startswith("$") and not _pattern_error(pattern) else ""


def _pattern_error(pattern: str) -> str | None:
    if _JAVA_ALONE.search(pattern):
        return None
    try:
        re.compile(pattern)
    except re.error as error:
        return str(error)
    return None


def _selected(part: str | JsonPath | ResponseVariable, message: JsonDocument, response: ResponseData | None) -> str:
    match part:
        case str():
            return part
        case JsonPath():
            return _text(part.find_in(message))
        case ResponseVariable():
            return "" if response is None else part.read(response)
        case _:
            assert_never(part)


def _text(value: Found) -> str:
    """Print what was found; a structure that is nested deeper than the interpreter prints chooses nothing."""
    try:
        return "" if value is MISSING or value is None else _print(value)
    except RecursionError:
        return ""


def _print(value: JsonValue) -> str:
    match value:
        case list():
            return f"[{', '.join(map(_print, value))}]"
        case dict():
            return "{" + ", ".join(f"{name}={_print(item)}" for name, item in value.items()) + "}"
        case _:
            return render(value)
