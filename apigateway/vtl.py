r"""Mapping templates of WebSocket and REST APIs, checked but not evaluated.

From the AWS pages "WebSocket API mapping template reference for API Gateway", "Amazon API Gateway important notes"
(300 KB) and the botocore model of ``apigatewayv2`` (``TemplateMap``: 32,768 characters, the name of a shape that
nothing enforces), and from the Velocity project's "VTL Reference" and its grammar. ``$input.params`` is in the example
of "Manage connected users and client apps" and missing from the reference. For REST APIs: "Mapping template and access
logging variable reference" and "Override your API's request and response parameters and status codes for REST APIs".

What Velocity cannot parse is an error: it fails for every message. An unknown name is only doubtful: for a WebSocket
API Velocity prints what it does not know as it is written, which a JSON text such as ``"$ref"`` may well intend, and a
REST API is seen to print nothing instead.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from apigateway import context, rest_context
from apigateway.errors import ExpressionError
from apigateway.suggest import nearest

Kind: TypeAlias = Literal["WEBSOCKET", "REST"]
"""The kinds of API that have templates."""

TEMPLATE_BYTES: Final = 300 * 1024
"""The quota "mapping template size"."""

TEMPLATE_CHARACTERS: Final = 32_768
"""The length in the model, beyond which a template is doubtful."""

INPUT_MEMBERS: Final = frozenset({"body", "json", "params", "path"})
"""What ``$input`` has."""

UTIL_METHODS: Final = frozenset(
    {"base64Decode", "base64Encode", "escapeJavaScript", "parseJson", "urlDecode", "urlEncode"}
)
"""What ``$util`` has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    """What the templates of one kind of API may read, and what becomes of a name that they do not know."""

    api: str
    variables: frozenset[str]
    """The ``$context`` variables, without those of any name."""

    objects: frozenset[str]
    """What holds variables of any name."""

    foreign: frozenset[str]
    """What begins variables that the other kind alone has."""

    check: Callable[[str], None]
    """Raises ``ExpressionError`` for a ``$context`` variable that is not known."""

    unknown: str


_NAMES: Final[Mapping[Kind, _Names]] = MappingProxyType(
    {
        "WEBSOCKET": _Names(
            api="a WebSocket API",
            variables=context.MAPPING_VARIABLES["WEBSOCKET"],
            objects=frozenset(),
            foreign=frozenset({"requestOverride", "responseOverride"}),
            check=lambda name: context.check_mapping_variable("WEBSOCKET", name),
            unknown="is printed as it is written",
        ),
        "REST": _Names(
            api="a REST API",
            variables=rest_context.MAPPING_VARIABLES,
            objects=frozenset({"requestOverride.header", "requestOverride.querystring", "responseOverride.header"}),
            foreign=frozenset(),
            check=rest_context.check_mapping_variable,
            unknown="prints nothing",
        ),
    }
)

_ROOTS: Final = frozenset({"context", "input", "stageVariables", "util"})
_OWN_OF_VELOCITY: Final = frozenset({"bodyContent", "foreach", "macro", "velocityCount", "velocityHasNext"})
_BLOCKS: Final = frozenset({"define", "foreach", "if", "literal", "macro"})
_WITH_ARGUMENTS: Final = frozenset({"elseif", "foreach", "if", "set"})
_DEFINING: Final = frozenset({"define", "foreach", "macro", "set"})
_NOT_OF_API_GATEWAY: Final = frozenset({"define", "evaluate", "include", "macro", "parse"})
_JSON_PATH = re.compile(
    r"""\$!?\{?input\.(?:path|json)\((?P<quote>['"])(?P<path>\$(?:(?!(?P=quote))[^\n\\])*)(?P=quote)\)"""
)
_CALL_CHARACTERS: Final = 2_000  # how far the closing bracket of a call is looked for, so that bad text costs little

# In Velocity's grammar a quote inside a string is doubled, and some of its versions take a backslash too. A template
# is refused only when it makes sense under neither reading.
_QUOTED: Final = (
    r""""(?:[^"]|"")*"|'(?:[^']|'')*'""",
    r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'""",
)

_REFERENCE: Final = r"(?P<reference>\$!?\{?[A-Za-z_][A-Za-z0-9_-]*)"
_MARK = re.compile(
    r"""
    (?P<backslashes>\\+)(?=[#$])
    | (?P<comment>\#\#[^\r\n]* | \#\*.*?\*\# | \#\[\[.*?\]\]\#)
    | (?P<unclosed>\#\*)
    | \#(?P<brace>\{)?(?P<directive>@?[A-Za-z_][A-Za-z0-9_@]*)(?(brace)\})
    | """
    + _REFERENCE,
    re.VERBOSE | re.DOTALL,
)
_STEP = re.compile(r"\.([A-Za-z_][A-Za-z0-9_-]*)")
_OPENING = re.compile(r"\s*\(")
_FOREACH = re.compile(r"\s*\$!?\{?[\w-]+\}?\s+in\b.*", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reference:
    root: str
    steps: tuple[str, ...]
    """The names after the root, up to the first call or index; the name of that call is the last one."""

    called: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Directive:
    name: str
    line: int
    text: str
    arguments: str | None
    """What stands between the parentheses; None for a directive that has none."""

    references: tuple[_Reference, ...]


_Token: TypeAlias = _Reference | _Directive


def check_template(text: str) -> None:
    """Hold a template against Velocity's syntax and API Gateway's size. Raises ``ExpressionError``, with the line."""
    size = len(text.encode("utf-8", "replace"))
    if size > TEMPLATE_BYTES:
        reason = f"a mapping template is of at most {TEMPLATE_BYTES:,} bytes, not {size:,}"
        raise ExpressionError(_first_line(text), reason)
    _parse(text)


def template_warnings(text: str, kind: Kind) -> list[str]:
    """Return what is legal but doubtful: a great length, and names that the kind of API does not know, each once.

    Of a template that :func:`check_template` refuses, the names are not looked at.
    """
    warnings = []
    if len(text) > TEMPLATE_CHARACTERS:
        warnings.append(
            f"the template has {len(text):,} characters, and API Gateway's model names {TEMPLATE_CHARACTERS:,} "
            "as the greatest length"
        )
    try:
        tokens = _parse(text)
    except ExpressionError:
        return warnings
    own = frozenset(_defined(tokens))
    doubts = (_doubt(reference, own, _NAMES[kind]) for reference in _references(tokens))
    found = [*(doubt for doubt in doubts if doubt), *(_foreign_directives(tokens) if kind == "REST" else ())]
    found += _broken_paths(text)
    return warnings + list(dict.fromkeys(found))


def _foreign_directives(tokens: Iterable[_Token]) -> Iterator[str]:
    for token in tokens:
        if isinstance(token, _Directive) and token.name in _NOT_OF_API_GATEWAY:
            yield f'"#{token.name}" is not among the directives of API Gateway, which are #set, #if and #foreach'


def _broken_paths(text: str) -> Iterator[str]:
    """Say which JSON paths end within brackets or with a dot; all else is left to API Gateway, which reads more."""
    for match in _JSON_PATH.finditer(text):
        path = match["path"]
        bare = re.sub(r"'[^']*'|\"[^\"]*\"", "", path)
        if bare.count("[") != bare.count("]") or bare.count("(") != bare.count(")") or bare.endswith("."):
            yield f'"{path}" is not a JSON path: it breaks off'


def _parse(text: str) -> tuple[_Token, ...]:
    """Read a template under the first reading of its quotes that makes sense of it."""
    errors: list[ExpressionError] = []
    for quoted in _QUOTED:
        try:
            tokens = tuple(_tokens(text, quoted))
            _check_blocks(token for token in tokens if isinstance(token, _Directive))
        except ExpressionError as error:
            errors.append(error)
        else:
            return tokens
    raise errors[0]


def _tokens(text: str, quoted: str) -> Iterator[_Token]:
    position = 0
    while mark := _MARK.search(text, position):
        position = mark.end()
        if mark["backslashes"] and len(mark["backslashes"]) % 2:
            position += 1  # an escaped # or $ is text
        elif mark["unclosed"]:
            raise _error(text, mark, "#* begins a comment that *# never ends")
        elif mark["directive"]:
            directive, position = _directive(text, mark, quoted)
            yield directive
        elif mark["reference"]:
            references, position = _reference(text, mark, quoted)
            yield from references


def _directive(text: str, mark: re.Match[str], quoted: str) -> tuple[_Directive, int]:
    name, position, arguments = mark["directive"], mark.end(), None
    takes_arguments = name in _WITH_ARGUMENTS or name in _BLOCKS
    opening = _OPENING.match(text, position) if takes_arguments else None
    if opening:
        end = _closing(text, opening.end() - 1, len(text), quoted)
        if end is None:
            raise _error(text, mark, f"the parenthesis of #{name} is never closed")
        arguments, position = text[opening.end() : end - 1], end
        _check_arguments(text, mark, name, arguments)
    elif name in _WITH_ARGUMENTS:
        raise _error(text, mark, f"#{name} has no parentheses")
    directive = _Directive(
        name=name,
        line=_line(text, mark),
        text=_first_line(text[mark.start() : position]),
        arguments=arguments,
        references=tuple(_references_amid(arguments or "", quoted)),
    )
    return directive, position


def _check_arguments(text: str, mark: re.Match[str], name: str, arguments: str) -> None:
    if name in _WITH_ARGUMENTS and not arguments.strip():
        raise _error(text, mark, f"the parentheses of #{name} are empty")
    if name == "set" and "=" not in arguments:
        raise _error(text, mark, "#set assigns nothing", grammar="expected #set($name = value)")
    if name == "foreach" and not _FOREACH.fullmatch(arguments):
        raise _error(text, mark, "#foreach names no list", grammar="expected #foreach($item in $list)")


def _check_blocks(directives: Iterable[_Directive]) -> None:
    """Match every #end with what it ends, and every #else and #elseif with its #if."""
    open_blocks: list[_Directive] = []
    with_else: set[int] = set()
    glued = ""
    for directive in directives:
        name, depth = directive.name, len(open_blocks)
        if name.startswith("@") or (name in _BLOCKS and directive.arguments is not None):
            open_blocks.append(directive)
            with_else.discard(depth + 1)
        elif name == "end":
            if not open_blocks:
                raise _at(directive, "#end ends nothing")
            open_blocks.pop()
        elif name in {"else", "elseif"}:
            _check_else(directive, open_blocks, has_else=depth in with_else)
            with_else |= {depth} if name == "else" else set()
        elif name.startswith("end"):
            glued = f"write #{{end}}{name.removeprefix('end')}"
    if open_blocks:
        raise _at(open_blocks[-1], f"#{open_blocks[-1].name} has no #end", suggestion=glued)


def _check_else(directive: _Directive, open_blocks: list[_Directive], *, has_else: bool) -> None:
    name, inside = directive.name, open_blocks[-1].name if open_blocks else ""
    if inside != "if" and not (inside == "foreach" and name == "else"):
        raise _at(directive, f"#{name} is outside of #if")
    if has_else:
        raise _at(directive, f"#{name} follows the #else of the same #{inside}")


def _reference(text: str, mark: re.Match[str], quoted: str) -> tuple[list[_Reference], int]:
    """Read a reference with all its properties, calls and indexes; those in its arguments come after it."""
    position, called, is_plain = mark.end(), False, True
    steps: list[str] = []
    inner: list[_Reference] = []
    while True:
        step = _STEP.match(text, position)
        if step and is_plain:
            steps.append(step[1])
        after_name = step.end() if step else position
        is_open = text.startswith("(" if step else "[", after_name)
        end = _closing(text, after_name, after_name + _CALL_CHARACTERS, quoted) if is_open else None
        if end is not None:
            inner += _references_amid(text[after_name + 1 : end - 1], quoted)
            called, is_plain = called or (is_plain and step is not None), False
        elif not step:
            break
        position = after_name if end is None else end
    root = mark["reference"].lstrip("$!{")
    return [_Reference(root=root, steps=tuple(steps), called=called), *inner], position


def _references_amid(arguments: str, quoted: str) -> Iterator[_Reference]:
    """Find the references in arguments, in double-quoted strings too, which Velocity interpolates."""
    pattern = re.compile(rf"(?P<string>{quoted})|{_REFERENCE}", re.DOTALL)
    position = 0
    while mark := pattern.search(arguments, position):
        position = mark.end()
        if not mark["string"]:
            references, position = _reference(arguments, mark, quoted)
            yield from references
        elif mark["string"].startswith('"'):
            yield from _references_amid(mark["string"][1:-1].replace('"', ""), quoted)


def _closing(text: str, start: int, stop: int, quoted: str) -> int | None:
    """Return where the bracket at ``start`` is closed, the position after it; None when it or a string is not."""
    depth = 0
    for token in re.compile(rf"{quoted}|[()\[\]\"']", re.DOTALL).finditer(text, start, stop):
        if token[0] in {"'", '"'}:
            return None
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(token[0], 0)
        if depth == 0:
            return token.end()
    return None


def _defined(tokens: Iterable[_Token]) -> Iterator[str]:
    """Return the names that the template itself gives a value: by #set, #foreach, #macro and #define."""
    for token in tokens:
        if isinstance(token, _Directive) and token.name in _DEFINING:
            given = token.references if token.name == "macro" else token.references[:1]
            yield from (reference.root for reference in given if not reference.steps)


def _references(tokens: Iterable[_Token]) -> Iterator[_Reference]:
    for token in tokens:
        if isinstance(token, _Directive):
            yield from token.references
        else:
            yield token


def _doubt(reference: _Reference, own: frozenset[str], names: _Names) -> str | None:
    root, steps = reference.root, reference.steps
    if root in own or root in _OWN_OF_VELOCITY or root == "stageVariables":
        return None
    if root == "input":
        return _unknown_member(reference, INPUT_MEMBERS, names)
    if root == "util":
        return _unknown_member(reference, UTIL_METHODS, names)
    if root == "context":
        return _unknown_context(steps[:-1] if reference.called else steps, names)
    return f'"${root}" is not defined, and {names.unknown}' + _did_you_mean(root, "$", _ROOTS | own)


def _unknown_member(reference: _Reference, known: frozenset[str], names: _Names) -> str | None:
    name = reference.steps[0] if reference.steps else ""
    if not name or name in known:
        return None
    prefix = f"${reference.root}."
    return f'"{prefix}{name}" is not known in {names.api}\'s templates' + _did_you_mean(name, prefix, known)


def _unknown_context(steps: tuple[str, ...], names: _Names) -> str | None:
    name = ".".join(steps)
    if not name or name.startswith("authorizer.") or name in names.objects:
        return None
    if any(variable.startswith(f"{name}.") for variable in names.variables):
        return None  # an object, of which the template may go on to read a part
    if steps[0] in names.foreign:
        return f'"$context.{name}" is for REST APIs only'
    try:
        names.check(name)
    except ExpressionError as error:
        return "; ".join(part for part in (error.reason, error.suggestion) if part)
    return None


def _did_you_mean(name: str, prefix: str, known: Iterable[str]) -> str:
    near = nearest(name, known)
    return f'; did you mean "{prefix}{near}"?' if near else ""


def _error(text: str, mark: re.Match[str], reason: str, *, grammar: str = "") -> ExpressionError:
    return ExpressionError(_first_line(text[mark.start() :]), f"line {_line(text, mark)}: {reason}", grammar=grammar)


def _at(directive: _Directive, reason: str, *, suggestion: str = "") -> ExpressionError:
    return ExpressionError(directive.text, f"line {directive.line}: {reason}", suggestion=suggestion)


def _line(text: str, mark: re.Match[str]) -> int:
    return text.count("\n", 0, mark.start()) + 1


def _first_line(text: str) -> str:
    return text.partition("\n")[0].rstrip("\r")
