"""Content types of templates and models of REST APIs."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigateway.errors import ExpressionError
from apigateway.rest_templates import (
    check_binary_type,
    check_content_type,
    check_template_key,
    is_binary,
    literal_status,
)

GRAMMAR = "expected a content type such as application/json"


@pytest.mark.parametrize("text", ["application/json", "image/svg+xml", "*/*", "application/vnd.api.v1+json"])
def test_content_types(text: str) -> None:
    check_content_type(text)
    check_template_key(text)


def test_only_a_template_is_a_default() -> None:
    check_template_key("$default")
    with pytest.raises(ExpressionError) as raised:
        check_content_type("$default")
    assert str(raised.value) == f'not a content type, got "$default"; {GRAMMAR}'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f'not a content type, got ""; {GRAMMAR}'),
        ("json", f'not a content type, got "json"; {GRAMMAR}; write application/json'),
        ("XML", f'not a content type, got "XML"; {GRAMMAR}; write application/xml'),
        ("a/b/c", f'not a content type, got "a/b/c"; {GRAMMAR}'),
        ("a b/c", f'not a content type, got "a b/c"; {GRAMMAR}'),
        (
            "text/html; charset=utf-8",
            (
                'only the type counts, without what follows the semicolon, got "text/html; charset=utf-8"; '
                "write text/html"
            ),
        ),
        ("default", f'not a content type, got "default"; {GRAMMAR}; write $default'),
        (r"\$default", f'not a content type, got "\\$default"; {GRAMMAR}; write $default'),
    ],
)
def test_what_is_no_key_of_a_template(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        check_template_key(text)
    assert str(raised.value) == message


@pytest.mark.parametrize("text", ["image/png", "*/*", "image/*"])
def test_binary_media_types(text: str) -> None:
    check_binary_type(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("*", 'not a content type, got "*"; expected a content type such as image/png, or */* for all; write */*'),
        ("png", 'not a content type, got "png"; expected a content type such as image/png, or */* for all'),
        (
            "image/png; q=1",
            'only the type counts, without what follows the semicolon, got "image/png; q=1"; write image/png',
        ),
    ],
)
def test_what_is_no_binary_media_type(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        check_binary_type(text)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("key", "types", "expected"),
    [
        ("application/json", [], False),
        ("application/json", ["image/png"], False),
        ("application/json", ["image/png", "*/*"], True),
        ("application/json", ["application/json"], True),
        ("image/png", ["image/*"], True),
        ("$default", ["image/*"], False),
        ("$default", ["*/*"], True),
    ],
)
def test_which_templates_would_be_given_bytes(key: str, types: list[str], *, expected: bool) -> None:
    assert is_binary(key, types) is expected


@pytest.mark.parametrize(
    ("template", "status"),
    [
        ('{"statusCode": 200}', 200),
        ('{"statusCode": "200"}', "200"),
        ('{"statusCode": $context.status}', None),
        ('#set($a = 1){"statusCode": "200"}', None),
        ("{statusCode: 200}", None),
        ("[200]", None),
        ("{}", None),
    ],
)
def test_the_status_that_stands_in_a_template(template: str, status: object) -> None:
    assert literal_status(template) == status


@given(st.text())
def test_any_text_is_taken_or_refused(text: str) -> None:
    with suppress(ExpressionError):
        check_template_key(text)
