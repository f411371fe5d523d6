"""Names of stages and their variables."""

from typing import Literal

import pytest

from apigateway.errors import ExpressionError, shown
from apigateway.stages import check_stage_name, check_variable_name, check_variable_value


@pytest.mark.parametrize("protocol", ["WEBSOCKET", "HTTP", "REST"])
@pytest.mark.parametrize("name", ["dev", "v1", "blue_2", "pre-prod", "x" * 128])
def test_stage_names(protocol: Literal["WEBSOCKET", "HTTP", "REST"], name: str) -> None:
    check_stage_name(protocol, name)


@pytest.mark.parametrize("name", ["", "a b", "a/b", "é", "x" * 129, "$defaults", "dev\n"])
def test_what_is_not_a_stage_name(name: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        check_stage_name("HTTP", name)
    assert str(raised.value) == (
        f'not the name of a stage, got "{shown(name)}"; expected 1 to 128 letters, digits, "-" and "_"'
    )


def test_only_an_http_api_has_a_default_stage() -> None:
    check_stage_name("HTTP", "$default")
    for protocol in ("WEBSOCKET", "REST"):
        with pytest.raises(ExpressionError) as raised:
            check_stage_name(protocol, "$default")
        assert str(raised.value) == 'only an HTTP API has a $default stage, got "$default"'


@pytest.mark.parametrize("name", ["tenant", "a_1", "x" * 64])
def test_variable_names(name: str) -> None:
    check_variable_name(name)


@pytest.mark.parametrize("name", ["", "a-b", "a.b", "é", "x" * 65, "a\n"])
def test_what_is_not_a_variable_name(name: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        check_variable_name(name)
    assert str(raised.value) == (
        f'not the name of a stage variable, got "{shown(name)}"; expected 1 to 64 letters, digits and "_"'
    )


@pytest.mark.parametrize("value", ["acme", "http://host.example:80/a_b?c=d&e=f,g-h", "x" * 512])
def test_variable_values(value: str) -> None:
    check_variable_value(value)


@pytest.mark.parametrize("value", ["", "two words", "a~b", "a#b", "é", "x" * 513, "a\n"])
def test_what_is_not_a_variable_value(value: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        check_variable_value(value)
    assert str(raised.value) == (
        f'not the value of a stage variable, got "{shown(value)}"; '
        "expected 1 to 512 letters, digits and - . _ : / ? & = ,"
    )
