import asyncio
from pathlib import Path
from typing import cast

import pytest

from apigateway.arns import LambdaFunction
from apigateway.json_path import JsonValue
from local.functions import Functions, HandlerName, Invocation, Returned
from local.gateway.authorization.issuers import Issuers
from local.gateway.invoking import Unawaited, is_unawaited
from local.gateway.outside import NoCounterpartError, Outside
from local.gateway.upstream import Upstream

HERE = Path(__file__).resolve().parent


def function(name: str) -> LambdaFunction:
    return LambdaFunction.parse(f"arn:aws:lambda:us-east-1:123456789012:function:{name}")


class Noted(Functions):
    """Notes what it is asked, and runs nothing."""

    def __init__(self) -> None:
        super().__init__({"known": HandlerName(module="x", function="y")}, HERE)
        self.asked: asyncio.Queue[tuple[str, JsonValue, float]] = asyncio.Queue()

    async def invoke(self, function: LambdaFunction, event: JsonValue, *, timeout: float) -> Invocation:  # noqa: ASYNC109
        await self.asked.put((function.name, event, timeout))
        return Returned(payload="null")


def unawaited(functions: Functions) -> Unawaited:
    return Unawaited(Outside(upstream=cast("Upstream", None), functions=functions, issuers=Issuers({}), aws=None))


async def test_a_function_that_nobody_waits_for_has_as_long_as_lambda_lets_it() -> None:
    functions = Noted()
    unawaited(functions).begin(function("known"), {"a": 1})
    assert await asyncio.wait_for(functions.asked.get(), 5) == ("known", {"a": 1}, 900)


async def test_a_function_without_a_handler_that_nobody_would_wait_for() -> None:
    functions = Noted()
    with pytest.raises(NoCounterpartError) as raised:
        unawaited(functions).begin(function("other"), {})
    expected = 'the function "other" has no handler here: --lambda other=MODULE:FUNCTION gives it one'
    assert str(raised.value) == expected
    assert functions.asked.empty()


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ((), False),
        ((("X-Amz-Invocation-Type", "Event"),), True),
        ((("x-AMZ-invocation-TYPE", "Event"),), True),
        ((("X-Amz-Invocation-Type", "event"),), False),
        ((("X-Amz-Invocation-Type", "RequestResponse"),), False),
        ((("X-Amz-Invocation-Type", "Event"), ("x-amz-invocation-type", "RequestResponse")), False),
        ((("X-Amz-Invocation-Type", "RequestResponse"), ("x-amz-invocation-type", "Event")), True),
        ((("InvocationType", "Event"),), False),
    ],
)
def test_whether_nobody_waits(headers: tuple[tuple[str, str], ...], expected: bool) -> None:
    assert is_unawaited(headers) is expected
