"""Values on their way into a header."""

import pytest

from apigateway.mapping.data import RequestData, ResponseData, header_value


@pytest.mark.parametrize(
    ("value", "safe"),
    [
        ("plain", "plain"),
        ("", ""),
        ("a\tb, c", "a\tb, c"),
        ("a\r\nSet-Cookie: b=c", "a Set-Cookie: b=c"),
        ("a\rb\nc\0d", "a b c d"),
        ("\n\r\0\n", " "),
        ("größe", "größe"),
    ],
)
def test_a_header_value_never_holds_a_line_break_or_nul(value: str, safe: str) -> None:
    assert header_value(value) == safe


def test_the_body_is_read_as_json_once_and_does_not_take_part_in_equality() -> None:
    request = RequestData(
        headers=(), query=(), path="/", path_parameters={}, body='{"a": [1]}', context={}, stage_variables={}
    )
    assert request.document.content is request.document.content
    response = ResponseData(status=200, headers=(), body=b'{"a": 1}', context={}, stage_variables={})
    again = ResponseData(status=200, headers=(), body=b'{"a": 1}', context={}, stage_variables={})
    assert response.document.content == {"a": 1}
    assert response == again
