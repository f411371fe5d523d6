"""Selection expressions: of routes, templates, models and API keys, and the keys of integration responses."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigateway.errors import ExpressionError
from apigateway.json_path import JsonDocument, JsonPath
from apigateway.mapping.data import ResponseData
from apigateway.selection import (
    ResponseVariable,
    SelectionExpression,
    Side,
    TemplateSelection,
    check_api_key_selection,
    check_model_selection,
    check_response_key,
    check_template_selection,
)

from . import expressions

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
        (
            "$request.body",
            (
                f'"request.body" cannot select a route of a WebSocket API, got "$request.body"; {GRAMMAR}; '
                "name a part of the message: $request.body.PATH"
            ),
        ),
        (
            "$.action",
            (
                'a variable amid text must be in braces, and any other "$" escaped, got "$.action"; '
                f"{GRAMMAR}; write $request.body.action"
            ),
        ),
        (
            "$route.request.body.action",
            (
                '"route.request.body.action" cannot select a route of a WebSocket API, '
                f'got "$route.request.body.action"; {GRAMMAR}; write $request.body.action'
            ),
        ),
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
            (
                'a variable amid text must be in braces, and any other "$" escaped, got "a$request.body.b"; '
                f"{GRAMMAR}; write a${{request.body.b}}"
            ),
        ),
        (
            "$request.body.a/$request.body.b",
            (
                'a variable amid text must be in braces, and any other "$" escaped, '
                f'got "$request.body.a/$request.body.b"; {GRAMMAR}; write ${{request.body.a}}/${{request.body.b}}'
            ),
        ),
        ("5$", f'a variable amid text must be in braces, and any other "$" escaped, got "5$"; {GRAMMAR}'),
        (
            "x${request.body.a",
            (
                f'"${{request.body.a" has no closing brace, got "x${{request.body.a"; {GRAMMAR}; '
                "write x${request.body.a}"
            ),
        ),
        (
            "a\n${request.body.x",
            f'"${{request.body.x" has no closing brace, got "a\\n${{request.body.x"; {GRAMMAR}',
        ),
        ("$foo\nbar", f'"foo\\nbar" cannot select a route of a WebSocket API, got "$foo\\nbar"; {GRAMMAR}'),
        (
            "$request.body.a[?(@.b)]",
            (
                'a JSON path cannot hold a filter, got "$request.body.a[?(@.b)]"; '
                "expected a JSON path such as order.items[0].id: names joined by dots, [0], ['name'], [*], [0:2]"
            ),
        ),
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


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("request.body.action", "write $request.body.action"),
        ("route.request.body.action", "write $request.body.action"),
        ("request.body", ""),
        ("chat", ""),
        ("$request.body.action", ""),
    ],
)
def test_a_text_that_looks_like_a_variable(text: str, advice: str) -> None:
    assert SelectionExpression.parse(text).advice == advice


RESPONSE_GRAMMAR = (
    "expected ${request.body.PATH}, ${integration.response.statuscode}, ${integration.response.header.NAME}, "
    r'${integration.response.multivalueheader.NAME}, or text with "$" written as "\$"'
)
CHECKS: Final[dict[str, Callable[[str], None]]] = {
    "request template": lambda text: check_template_selection("request", text),
    "response template": lambda text: check_template_selection("response", text),
    "model": check_model_selection,
    "API key": check_api_key_selection,
    "response key": check_response_key,
}


@pytest.mark.parametrize(
    ("check", "text"),
    [
        *(
            (check, text)
            for check in ("request template", "response template", "model")
            for text in (
                "${request.body.kind}",
                "$request.body.kind",
                "v1-${request.body.kind}/${request.body.items[0].id}",
                "static",
                "$default",
                r"\$default",
                "see request.body.kind",
            )
        ),
        ("response template", "${integration.response.statuscode}"),
        ("response template", "$integration.response.statuscode"),
        ("response template", "${request.body.kind}-${integration.response.header.X-Kind}"),
        ("response template", "${integration.response.multivalueheader.x-kind}"),
        ("API key", "$request.header.x-api-key"),
        ("API key", "$context.authorizer.usageIdentifierKey"),
        ("response key", "$default"),
        ("response key", r"/4\d\d/"),
        ("response key", r"/4\d{2}/"),
        ("response key", "/404/"),
        ("response key", r"/.*\[4\d\d\].*/"),
        ("response key", r"/(?<code>\p{Digit}+)[a-z&&[^x]]/"),
    ],
)
def test_what_may_select(check: str, text: str) -> None:
    CHECKS[check](text)


NOT_A_KEY = "not the key of an integration response"
KEY_GRAMMAR = r"expected $default or a regular expression between slashes such as /4\d\d/"
NOT_API_KEY = "not an API key selection expression"
API_KEY_GRAMMAR = "expected $request.header.x-api-key or $context.authorizer.usageIdentifierKey"
AS_TEXT = 'a variable that is written as text: it begins with "$" in a selection expression'
AMID = 'a variable amid text must be in braces, and any other "$" escaped'


@pytest.mark.parametrize(
    ("check", "text", "reason", "grammar", "suggestion"),
    [
        ("request template", "", "a selection expression cannot be empty", GRAMMAR, ""),
        ("request template", "$.request.body.a", AMID, GRAMMAR, "write $request.body.a"),
        ("request template", "$.body.a", AMID, GRAMMAR, "write $request.body.a"),
        ("request template", "$.kind", AMID, GRAMMAR, "write $request.body.kind"),
        ("request template", "route.request.body.a", AS_TEXT, GRAMMAR, "write $request.body.a"),
        (
            "request template",
            "$route.request.body.a",
            '"route.request.body.a" cannot select a template',
            GRAMMAR,
            "write $request.body.a",
        ),
        ("request template", "a$request.body.b", AMID, GRAMMAR, "write a${request.body.b}"),
        (
            "request template",
            "${request.body.a",
            '"${request.body.a" has no closing brace',
            GRAMMAR,
            "write ${request.body.a}",
        ),
        (
            "request template",
            "${integration.response.statuscode}",
            '"integration.response.statuscode" cannot select a template of a request, which has no response yet',
            GRAMMAR,
            "",
        ),
        ("request template", "$request.header.x", '"request.header.x" cannot select a template', GRAMMAR, ""),
        ("request template", "5$", AMID, GRAMMAR, ""),
        ("request template", "kind${", '"${" has no closing brace', GRAMMAR, ""),
        (
            "response template",
            "integration.response.statuscode",
            AS_TEXT,
            RESPONSE_GRAMMAR,
            "write $integration.response.statuscode",
        ),
        (
            "response template",
            "$integration.response.statusCode",
            '"integration.response.statusCode" cannot select a template',
            RESPONSE_GRAMMAR,
            "write $integration.response.statuscode",
        ),
        (
            "response template",
            "${response.statuscode}",
            '"response.statuscode" cannot select a template',
            RESPONSE_GRAMMAR,
            "write ${integration.response.statuscode}",
        ),
        (
            "response template",
            "${integration.response.body.code}",
            '"integration.response.body.code" cannot select a template',
            RESPONSE_GRAMMAR,
            "",
        ),
        ("model", "method.request.body.kind", AS_TEXT, GRAMMAR, "write $request.body.kind"),
        ("model", "$context.stage", '"context.stage" cannot select a model', GRAMMAR, ""),
        (
            "model",
            "$request.body.a..b",
            'a JSON path cannot descend with ".."',
            "expected a JSON path such as order.items[0].id: names joined by dots, [0], ['name'], [*], [0:2]",
            "",
        ),
        (
            "API key",
            "$request.header.X-API-Key",
            NOT_API_KEY,
            API_KEY_GRAMMAR,
            'did you mean "$request.header.x-api-key"?',
        ),
        ("API key", "HEADER", NOT_API_KEY, API_KEY_GRAMMAR, ""),
        ("response key", "404", NOT_A_KEY, KEY_GRAMMAR, "write /404/"),
        ("response key", r"4\d\d", NOT_A_KEY, KEY_GRAMMAR, r"write /4\d\d/"),
        ("response key", "/404", NOT_A_KEY, KEY_GRAMMAR, "write /404/"),
        ("response key", "default", NOT_A_KEY, KEY_GRAMMAR, 'did you mean "$default"?'),
        ("response key", "$x", NOT_A_KEY, KEY_GRAMMAR, ""),
        ("response key", "//", NOT_A_KEY, KEY_GRAMMAR, ""),
        ("response key", "(", NOT_A_KEY, KEY_GRAMMAR, ""),
        ("response key", "", NOT_A_KEY, KEY_GRAMMAR, ""),
    ],
)
def test_what_cannot_select(check: str, text: str, reason: str, grammar: str, suggestion: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        CHECKS[check](text)
    error = raised.value
    assert (error.expression, error.reason, error.grammar, error.suggestion) == (text, reason, grammar, suggestion)


def test_a_response_key_is_a_regular_expression() -> None:
    with pytest.raises(ExpressionError, match=r"^not a regular expression \(missing \), .*\), got "):
        check_response_key("/(/")


def test_a_template_selection_is_a_typed_value() -> None:
    assert TemplateSelection.parse("response", "a${integration.response.header.B}${request.body.c}") == (
        TemplateSelection(parts=("a", ResponseVariable(location="header", name="B"), JsonPath.parse("c")))
    )
    assert TemplateSelection.parse("response", "$integration.response.statuscode") == (
        TemplateSelection(parts=(ResponseVariable(location="statuscode"),), braced=False)
    )
    assert TemplateSelection.parse("request", "$default") == TemplateSelection(parts=("$default",), braced=False)
    assert TemplateSelection.parse("request", r"\$default") == TemplateSelection(parts=("$default",))


ANSWER = ResponseData(
    status=404,
    headers=(("X-Kind", "a"), ("x-kind", "b"), ("X-One", "1")),
    body='{"action":"of the answer"}',
    context={},
    stage_variables={},
)


@pytest.mark.parametrize(
    ("expression", "selected"),
    [
        ("$default", "$default"),
        (r"\$default", "$default"),
        ("fixed", "fixed"),
        ("$request.body.action", "send"),
        ("${request.body.service}/${request.body.n}", "chat/7"),
        ("${request.body.missing}-${request.body.none}", "-"),
        ("${request.body.list}", "[item1, item2, 3]"),
        ("$integration.response.statuscode", "404"),
        ("${integration.response.header.X-KIND}", "b"),
        ("${integration.response.multivalueheader.X-Kind}", "a,b"),
        ("${integration.response.multivalueheader.X-One}", "1"),
        ("${integration.response.header.X-Two}", ""),
        ("${integration.response.statuscode} ${request.body.action}", "404 send"),
    ],
)
def test_what_selects_a_template_of_a_response(expression: str, selected: str) -> None:
    assert TemplateSelection.parse("response", expression).evaluate(JsonDocument(MESSAGE), ANSWER) == selected


@pytest.mark.parametrize(
    ("message", "selected"), [(MESSAGE, "kind-send"), ("no JSON", "kind-"), ("[]", "kind-"), ("", "kind-")]
)
def test_what_selects_a_template_of_a_request(message: str, selected: str) -> None:
    expression = TemplateSelection.parse("request", "kind-${request.body.action}")
    assert expression.evaluate(JsonDocument(message)) == selected


def test_before_there_is_an_answer_nothing_of_it_is_known() -> None:
    expression = TemplateSelection.parse("response", "a${integration.response.statuscode}")
    assert expression.evaluate(JsonDocument(MESSAGE)) == "a"


def test_a_message_that_is_read_once_serves_every_expression() -> None:
    message = JsonDocument(MESSAGE)
    assert SelectionExpression.parse("$request.body.action").evaluate(message) == "send"
    assert SelectionExpression.parse("$request.body.action").evaluate(JsonDocument("no JSON")) is None


header_names = expressions.header_names
response_variables = st.one_of(
    st.just(ResponseVariable(location="statuscode")),
    header_names.map(lambda name: ResponseVariable(location="header", name=name)),
    header_names.map(lambda name: ResponseVariable(location="multivalueheader", name=name)),
)
variables: st.SearchStrategy[JsonPath | ResponseVariable] = st.one_of(expressions.json_paths, response_variables)
template_selections = st.one_of(
    st.just(TemplateSelection(parts=("$default",), braced=False)),
    variables.filter(lambda variable: not set("${}\\") & set(str(variable))).map(
        lambda variable: TemplateSelection(parts=(variable,), braced=False)
    ),
    expressions.alternating(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\\"), min_size=1, max_size=12), variables
    ).map(lambda parts: TemplateSelection(parts=parts)),
)


@given(template_selections)
def test_what_is_printed_is_read_back(selection: TemplateSelection) -> None:
    assert TemplateSelection.parse("response", str(selection)) == selection


@given(
    st.text(st.sampled_from("${}.\\/abrequest bodyintegration"), max_size=30), st.sampled_from(("request", "response"))
)
def test_any_text_is_a_template_selection_or_an_expression_error(text: str, side: Side) -> None:
    with suppress(ExpressionError):
        assert str(TemplateSelection.parse(side, text)) == text
