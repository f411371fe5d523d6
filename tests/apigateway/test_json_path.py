"""JSON paths into bodies."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigateway.errors import ExpressionError, shown
from apigateway.json_path import MISSING, JsonDocument, JsonPath, JsonValue, render

BODY = json.dumps(
    {
        "order": {"items": [{"id": 1, "tag-s": ["a"]}, {"id": 2}, {"x": 3}], "first item": True, "größe": 1.5},
        "2fa": None,
        "a.b": {"c": "dotted"},
    }
)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("order.items[0].id", 1),
        ("order.items[-1].x", 3),
        ("order.items[1]", {"id": 2}),
        ("order.items[0].tag-s[0]", "a"),
        ("order['first item']", True),
        ('order["first item"]', True),
        ("order.größe", 1.5),
        ("2fa", None),
        ("order.items[*].id", [1, 2]),
        ("order.items[0:2].id", [1, 2]),
        ("order.items[0,2]", [{"id": 1, "tag-s": ["a"]}, {"x": 3}]),
        ("order.items[0].*", [1, ["a"]]),
        ("order.items[9]", MISSING),
        ("order.items[9].id", MISSING),
        ("order.items.id", MISSING),
        ("order.items[*].nothing", MISSING),
        ("order.id.x", MISSING),
        ("a.b.c", MISSING),
        ("nothing", MISSING),
        ("Order", MISSING),
    ],
)
def test_find(path: str, value: object) -> None:
    assert JsonPath.parse(path).find(BODY) == value
    assert JsonPath.parse(path).find(BODY.encode()) == value


@pytest.mark.parametrize(
    "body", ["", "hello", "{", '{"a": NaN}', '{"a": -Infinity}', b"\xff\xfe\xfd", "[" * 200_000, '["a"]', "7", "null"]
)
def test_a_body_without_named_values_has_nothing_to_find(body: str | bytes) -> None:
    assert JsonPath.parse("a").find(body) is MISSING


def test_a_document_is_what_the_body_says() -> None:
    assert JsonDocument(b'{"a": [1, null]}').content == {"a": [1, None]}
    assert JsonDocument("null").content is None
    assert JsonDocument("nul").content is MISSING


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", '"" is not a JSON path'),
        ("$.a", 'a JSON path is written without "$."'),
        ("$", 'a JSON path is written without "$."'),
        ("a..b", 'a JSON path cannot descend with ".."'),
        ("a[?(@.b > 1)]", "a JSON path cannot hold a filter"),
        ("a.", '"a." is not a JSON path'),
        (".a", '".a" is not a JSON path'),
        ("a b", '"a b" is not a JSON path'),
        ("a[b]", '"a[b]" is not a JSON path'),
        ("a[", '"a[" is not a JSON path'),
        ("a[]", '"a[]" is not a JSON path'),
        ("a[01]", '"a[01]" is not a JSON path'),
        ("a[1:2:3:4]", '"a[1:2:3:4]" is not a JSON path'),
        ("a['{b}']", "\"a['{b}']\" is not a JSON path"),
        ("a.length()", '"a.length()" is not a JSON path'),
        ("a | b", '"a | b" is not a JSON path'),
        ("a\n", r'"a\n" is not a JSON path'),
    ],
)
def test_what_is_not_a_path(text: str, reason: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        JsonPath.parse(text)
    assert str(raised.value) == (
        f'{reason}, got "{shown(text)}"; '
        "expected a JSON path such as order.items[0].id: names joined by dots, [0], ['name'], [*], [0:2]"
    )


def test_paths_are_equal_by_their_text() -> None:
    assert JsonPath.parse("a.b") == JsonPath.parse("a.b")
    assert len({JsonPath.parse("a.b"), JsonPath.parse("a.b"), JsonPath.parse("a['b']")}) == 2


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a b", "a b"),
        ("", ""),
        (7, "7"),
        (10**30, "1" + "0" * 30),
        (1.0, "1.0"),
        (True, "true"),
        (None, "null"),
        ([1, "é", None], '[1,"é",null]'),
        ({"a": {"b": []}}, '{"a":{"b":[]}}'),
        ("\ud800x", "\ufffdx"),
        (["\udfff"], '["\ufffd"]'),
        ("😀", "😀"),
    ],
)
def test_render(value: JsonValue, text: str) -> None:
    assert render(value) == text


@given(st.text(st.characters()))
def test_whatever_is_rendered_can_be_sent(text: str) -> None:
    rendered = render([text])
    assert rendered.encode().decode() == rendered
