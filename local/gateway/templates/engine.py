"""Velocity: the one place that touches the library ``airspeed``, which has no types.

The library parses templates as Velocity does. What its parts do when they run is replaced here, because they hand a
template Python's objects with all their attributes, methods and operators, know no limits, and read what AWS does not.
What AWS does was observed there and recorded in the library's tests: what is undefined prints nothing and counts as
true in ``#if``; ``#macro`` defines nothing; a call of a macro, ``#evaluate`` and ``#return`` stay as they are written.
"""

import operator
from collections.abc import Iterator, Mapping
from functools import lru_cache
from io import StringIO
from typing import Any, Final, Protocol, TypeAlias, cast

from airspeed import operators as velocity  # type: ignore[import-untyped]

from apigateway.errors import TemplateError
from apigateway.json_path import render as without_surrogates
from local.gateway.templates import arithmetic
from local.gateway.templates.methods import call
from local.gateway.templates.values import LONGEST, is_integer, item_of, items_of, property_of, put, text_of, too_long

MOST_ITERATIONS: Final = 1000
"""The quota "number of iterations in a #foreach … #end loop in mapping templates": Velocity ends the loop there."""

_MOST_STEPS: Final = 300_000  # how many references a template may follow: loops in loops end in a few seconds


_Part: TypeAlias = Any
"""An object of the library."""


class _Parsed(Protocol):
    def merge(self, namespace: Mapping[str, object]) -> str: ...


class _Variables(dict[str, object]):
    """The variables that a template is given, and how far it may still go."""

    def __init__(self, variables: Mapping[str, object]) -> None:
        super().__init__(variables)
        self._steps = _MOST_STEPS

    def step(self) -> None:
        self._steps -= 1
        if self._steps < 0:
            raise TemplateError(f"the template takes more than {_MOST_STEPS:,} steps")


def run(template: str, variables: Mapping[str, object]) -> str:
    """Render a template. Raises ``TemplateError``, whatever goes wrong."""
    parsed = _parsed(template)
    try:
        text = parsed.merge(_Variables(variables))
    except velocity.TemplateExecutionError as error:
        raise _failure(error, template) from error
    except RecursionError as error:
        raise TemplateError("the template is nested too deeply") from error
    return without_surrogates(text)


@lru_cache(maxsize=256)
def _parsed(template: str) -> _Parsed:
    parsed = velocity.Template(template)
    try:
        parsed.ensure_compiled()
    except velocity.TemplateSyntaxError as error:
        raise _syntax_error(error, template) from error
    except (velocity.NoMatch, LookupError, ValueError) as error:
        raise TemplateError("this is not a template of Velocity") from error
    except RecursionError as error:
        raise TemplateError("the template is nested too deeply") from error
    return cast("_Parsed", parsed)


def _syntax_error(error: _Part, template: str) -> TemplateError:
    expected = str(error).partition(": ")[2].partition(", got")[0]
    given = error.element.next_text().partition("\n")[0]
    return TemplateError(expected, line=_line(error.element, error.element.end, template), expression=given)


def _failure(error: _Part, template: str) -> TemplateError:
    line = _line(error.element, error.start, template)
    written = error.element.my_text().strip().partition("\n")[0]
    match error.__cause__:
        case TemplateError() as cause if cause.body_is_not_json:
            return TemplateError(str(cause), line=line, body_is_not_json=True)
        case TemplateError() as cause:
            return TemplateError(cause.reason, line=line, expression=written)
        case RecursionError():
            return TemplateError("the template is nested too deeply", line=line)
        case _:
            return TemplateError("this cannot be evaluated", line=line, expression=written)


def _line(element: _Part, position: int, template: str) -> int | None:
    """Return the line of a position; None within a quoted string, which is a template of its own."""
    return template.count("\n", 0, position) + 1 if element.full_text() == template else None


# What the library's parts do. They are given the scope that variables are looked up in, and a loader of other
# templates, of which there are none.


def _parse_name(part: _Part) -> None:
    """Parse ``name``, ``name(arguments)`` or ``name[index]``. What has arguments is a method: it follows a dot."""
    start = part.end
    (part.name,) = part.identity_match(part.NAME)
    if not velocity.is_valid_vtl_identifier(part.name):
        raise velocity.NoMatch
    readings = [("index", velocity.ArrayIndex)]
    if part.full_text()[start - 1 : start] == ".":
        readings.insert(0, ("parameters", velocity.ParameterList))
    for name, element in readings:
        try:
            setattr(part, name, part.next_element(element))
        except velocity.NoMatch:
            continue
        return


def _look_up(part: _Part, current: object, loader: object, scope: _Part) -> object:
    scope.top().step()
    if isinstance(current, velocity.LocalNamespace):
        value = _variable(current, part.name, loader)
    elif part.parameters is not None:
        value = call(current, part.name, part.parameters.calculate(scope, loader))
    else:
        value = property_of(current, part.name)
    return value if part.index is None else item_of(value, part.index.calculate(scope, loader))


def _variable(scope: _Part, name: str, loader: object) -> object:
    try:
        value: _Part = scope[name]
    except KeyError:
        return None
    if not isinstance(value, velocity.DefineDefinition):
        return value
    output = velocity.StoppableStream()
    value.execute_function(output, scope, [], loader)
    return output.getvalue()


def _descend(part: _Part, current: object, loader: object, scope: _Part) -> object:
    """Follow ``.name`` or ``[index]``."""
    if not isinstance(part.expression, velocity.ArrayIndex):
        return part.expression.calculate(current, loader, scope)
    value = item_of(current, part.expression.calculate(scope, loader))
    return part.subexpression.calculate(value, loader, scope) if part.subexpression else value


def _print(reference: _Part, output: _Part, scope: object, loader: object) -> None:
    if reference.expression is None:  # a dollar sign that begins no name
        output.write(reference.my_text())
        return
    value = reference.expression.calculate(scope, loader)
    if value is None and reference.alternate is not None:
        value = reference.alternate.calculate(scope, loader)
    output.write(text_of(value))


def _repeat(loop: _Part, output: object, scope: _Part, loader: object) -> None:
    items = items_of(loop.value.calculate(scope, loader))
    for index, item in enumerate(items[:MOST_ITERATIONS]):
        scope.top().step()
        more = index + 1 < len(items)
        inner = velocity.LocalNamespace(scope)
        inner["velocityCount"] = index + 1
        inner["velocityHasNext"] = more
        inner["foreach"] = {
            "count": index + 1,
            "index": index,
            "hasNext": more,
            "first": index == 0,
            "last": not more,
        }
        inner[loop.loop_var_name] = item
        loop.block.evaluate(output, inner, loader)


def _assign(assignment: _Part, _: object, scope: _Part, loader: object) -> None:
    value = assignment.value.calculate(scope, loader)
    keys = [term.calculate(scope, loader) for term in assignment.terms]
    if not keys:
        _home_of(assignment.root_term, scope)[assignment.root_term] = value
        return
    holder = _variable(scope, assignment.root_term, loader)
    for key in keys[:-1]:
        holder = item_of(holder, key)
    put(holder, keys[-1], value)


def _home_of(name: str, scope: _Part) -> dict[str, object]:
    """Return the scope that a variable is set in: the loop's whose own it is, else the template's."""
    scopes: list[dict[str, object]] = list(_scopes(scope))
    return next((each for each in scopes if dict.__contains__(each, name)), scopes[-1])


def _scopes(scope: _Part) -> Iterator[_Part]:
    while isinstance(scope, velocity.LocalNamespace):
        yield scope
        scope = scope.parent


def _range(bounds: _Part, scope: object, loader: object) -> list[int]:
    first, last = (bound.calculate(scope, loader) for bound in (bounds.value1, bounds.value2))
    if not (is_integer(first) and is_integer(last)):
        raise TemplateError("a range must be of whole numbers")
    if abs(last - first) > _MOST_STEPS:
        raise TemplateError(f"a range may be of at most {_MOST_STEPS:,} numbers")
    return list(range(first, last + 1) if first <= last else range(first, last - 1, -1))


def _condition(condition: _Part, scope: object, loader: object) -> bool:
    return arithmetic.truth(condition.expression.calculate(scope, loader))


def _negation(negation: _Part, scope: object, loader: object) -> bool:
    return not arithmetic.truth(negation.value.calculate(scope, loader))


def _write(output: _Part, text: str) -> None:
    if output.stop:
        return
    if output.tell() + len(text) > LONGEST:
        raise too_long()
    StringIO.write(output, text)


def _write_as_written(element: _Part, output: _Part, *_: object) -> None:
    output.write(element.my_text())


def _ignore(*_: object) -> None:
    """Do what ``#macro`` does on AWS."""


_BINARY: Final = {
    "+": arithmetic.add,
    "-": arithmetic.calculate(operator.sub),
    "*": arithmetic.calculate(operator.mul),
    "/": arithmetic.calculate(arithmetic.divide),
    "%": arithmetic.calculate(arithmetic.remainder),
    "<": arithmetic.compare(operator.lt),
    "<=": arithmetic.compare(operator.le),
    ">": arithmetic.compare(operator.gt),
    ">=": arithmetic.compare(operator.ge),
    "==": arithmetic.equal,
    "!=": lambda left, right: not arithmetic.equal(left, right),
    "&&": lambda left, right: arithmetic.truth(left) and arithmetic.truth(right),
    "||": lambda left, right: arithmetic.truth(left) or arithmetic.truth(right),
}
_WORDS: Final = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!=", "and": "&&", "or": "||"}

velocity.NameOrCall.parse = _parse_name
velocity.NameOrCall.calculate = _look_up
velocity.SubExpression.calculate = _descend
velocity.FormalReference.evaluate_raw = _print
velocity.ForeachDirective.evaluate_raw = _repeat
velocity.Assignment.evaluate_raw = _assign
velocity.Range.calculate = _range
velocity.Condition.calculate = _condition
velocity.UnaryOperatorValue.calculate = _negation
velocity.BinaryOperator.OPERATORS = _BINARY | {word: _BINARY[sign] for word, sign in _WORDS.items()}
velocity.StoppableStream.write = _write
velocity.MacroDefinition.evaluate_raw = _ignore
for _directive in ("MacroCall", "EvaluateDirective", "ReturnDirective", "IncludeDirective", "ParseDirective"):
    getattr(velocity, _directive).evaluate_raw = _write_as_written
