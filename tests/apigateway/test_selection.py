"""Route selection expressions."""

import json

import pytest

from apigateway.errors import ExpressionError
from apigateway.json_path import JsonPath
from apigateway.selection import SelectionExpression

GRAMMAR = r'expected $request.body.PATH, ${request.body.PATH} amid text, or text with "$" written as "\$"'
MESSAGE = json.dumps(
    {
        "action": "send",
        "service": "chat",
        "n": 7,
        "yes": True,
        "none": None,
        "list": ["item1", "item2", 3],
        "map": {"a": [1], "b": "c"},
    }
)


@pytest.mark.parametrize(
    ("expression", "selected"),
    [
        ("$request.body.action", "send"),
        ("${request.body.action}", "send"),
        ("${request.body.service}/${request.body.action}", "chat/send"),
        ("v1-${request.body.action}!", "v1-send!"),
        ("${request.body.missing}/${request.body.action}", "/send"),
        ("$request.body.missing", ""),
        ("$request.body.action.deeper", ""),
        ("$request.body.none", ""),
        ("$request.body.n", "7"),
        ("$request.body.yes", "true"),
        ("$request.body.list", "[item1, item2, 3]"),
        ("$request.body.list[0]", "item1"),
        ("$request.body.map", "{a=[1], b=c}"),
        ("static", "static"),
        (r"\$default", "$default"),
        (r"\${request.body.action}", "${request.body.action}"),
        (r"a\b", r"a\b"),
        ("${request.body.map['a']}", "[1]"),
    ],
)
def test_evaluate(expression: str, selected: str) -> None:
    parsed = SelectionExpression.parse(expression)
    assert str(parsed) == expression
    assert parsed.evaluate(MESSAGE) == selected


@pytest.mark.parametrize("message", ["hello", "", "{", "[1,]"])
@pytest.mark.parametrize("expression", ["$request.body.action", "static"])
def test_a_message_that_is_not_json_selects_nothing(expression: str, message: str) -> None:
    assert SelectionExpression.parse(expression).evaluate(message) is None


@pytest.mark.parametrize("message", ["7", "null", '"action"', '["action"]', "{}"])
def test_json_without_the_field_selects_the_empty_key(message: str) -> None:
    assert SelectionExpression.parse("$request.body.action").evaluate(message) == ""


def test_a_value_is_not_evaluated_again() -> None:
    message = '{"a": "${request.body.b}", "b": "x"}'
    assert SelectionExpression.parse("$request.body.a").evaluate(message) == "${request.body.b}"


def test_an_expression_is_a_typed_value() -> None:
    assert SelectionExpression.parse("a${request.body.b}") == SelectionExpression(parts=("a", JsonPath.parse("b")))
    assert SelectionExpression.parse("$request.body.b") == SelectionExpression(
        parts=(JsonPath.parse("b"),), braced=False
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f'a selection expression cannot be empty, got ""; {GRAMMAR}'),
        ("$default", f'"default" cannot select a route of a WebSocket API, got "$default"; {GRAMMAR}'),
        ("$request.body", f'"request.body" cannot select a route of a WebSocket API, got "$request.body"; {GRAMMAR}'),
        (
            "$request.header.x",
            f'"request.header.x" cannot select a route of a WebSocket API, got "$request.header.x"; {GRAMMAR}',
        ),
        (
            "${context.stage}",
            f'"context.stage" cannot select a route of a WebSocket API, got "${{context.stage}}"; {GRAMMAR}',
        ),
        (
            "a$request.body.b",
            f'a variable amid text must be in braces, and any other "$" escaped, got "a$request.body.b"; {GRAMMAR}',
        ),
        (
            "$request.body.a/$request.body.b",
            (
                'a variable amid text must be in braces, and any other "$" escaped, '
                f'got "$request.body.a/$request.body.b"; {GRAMMAR}'
            ),
        ),
        ("5$", f'a variable amid text must be in braces, and any other "$" escaped, got "5$"; {GRAMMAR}'),
        ("x${request.body.a", f'"${{request.body.a" has no closing brace, got "x${{request.body.a"; {GRAMMAR}'),
        (
            "$request.body.a..b",
            (
                'a JSON path cannot descend with "..", got "$request.body.a..b"; '
                "expected a JSON path such as order.items[0].id: names joined by dots, [0], ['name'], [*], [0:2]"
            ),
        ),
    ],
)
def test_what_is_not_a_selection_expression(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        SelectionExpression.parse(text)
    assert str(raised.value) == message
