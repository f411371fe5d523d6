import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigateway.errors import GatewayError
from local.functions.handlers import HandlerName, parse_handler


@pytest.mark.parametrize(
    ("text", "name", "module", "function"),
    [
        ("orders=app:handler", "orders", "app", "handler"),
        ("my-Fn_1=handlers.orders.create:_handle2", "my-Fn_1", "handlers.orders.create", "_handle2"),
        ("a=pyx:main", "a", "pyx", "main"),
        ("o=é:f", "o", "é", "f"),
    ],
)
def test_a_handler_is_read(text: str, name: str, module: str, function: str) -> None:
    assert parse_handler(text) == (name, HandlerName(module=module, function=function))


GRAMMAR = "--lambda must be NAME=MODULE:FUNCTION, such as orders=app:handler"
ARN = "arn:aws:lambda:us-east-1:123456789012:function:orders"


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("", ""),
        ("orders", ""),
        ("orders=", ""),
        ("=app:handler", ""),
        ("app:handler", ""),
        ("orders=app:", ""),
        ("orders=:handler", ""),
        ("orders=app:a.b", ""),
        ("orders=app:1st", ""),
        ("orders=.app:handler", ""),
        ("orders=a..b:handler", ""),
        ("orders=app:handler:live", ""),
        ("or ders=app:handler", ""),
        ("${stageVariables.fn}=app:handler", ""),
        ("x" * 65 + "=app:handler", ""),
        ("orders=app.handler", "; write orders=app:handler"),
        ("orders=src/app.handler", "; write orders=src.app:handler"),
        ("orders=app.py:handler", "; write orders=app:handler"),
        ("orders=./src/app.py:handler", "; write orders=src.app:handler"),
        (f"{ARN}=app:handler", "; write orders=app:handler"),
        (f"{ARN}:live=app.handler", "; write orders=app:handler"),
    ],
)
def test_what_is_no_handler_is_refused(text: str, advice: str) -> None:
    with pytest.raises(GatewayError, match=f'^{re.escape(f"""{GRAMMAR}, got "{text}"{advice}""")}$'):
        parse_handler(text)


def test_the_message_is_of_one_line() -> None:
    with pytest.raises(GatewayError) as raised:
        parse_handler("orders=app\n:handler")
    assert str(raised.value) == f'{GRAMMAR}, got "orders=app\\n:handler"'


@given(st.text() | st.from_regex(r"[a-z-]{1,4}=[a-z.]{1,6}:[a-z_]{1,4}", fullmatch=True))
def test_what_is_read_is_printed_again(text: str) -> None:
    try:
        name, handler = parse_handler(text)
    except GatewayError:
        return
    assert f"{name}={handler}" == text
