"""How a function is invoked, by an integration that waits for it, by one that does not, or by an authorizer.

Sources: "Set up asynchronous invocation of the backend Lambda function", ``InvocationType`` of botocore ``lambda``
(``Event`` in this case of letters alone), "Lambda quotas".
"""

import asyncio
import json
from typing import Final

from apigateway.arns import LambdaFunction
from apigateway.json_path import JsonValue
from apigateway.mapping.data import Pairs
from local.functions import Broken, Invocation, NoHandler, Raised, Returned, TookTooLong
from local.gateway.headers import values
from local.gateway.outside import NoCounterpartError, Outside

GREATEST_EVENT: Final = 6_291_556
"""Bytes: the 6 MB of the AWS page "Lambda quotas", as Lambda's own errors state them."""

UNAWAITED_SECONDS: Final = 900
"""How long a function may run for which nobody waits: the greatest timeout that Lambda has."""


def too_large(event: JsonValue, body_bytes: int) -> str | None:
    """Say that an event, which has a body of so many bytes in it, is larger than Lambda takes; None where it is not."""
    # A byte of the body takes up to six in JSON: only what may come near the limit is measured.
    if body_bytes * 6 <= GREATEST_EVENT - 100_000:
        return None
    size = len(json.dumps(event, ensure_ascii=False).encode("utf-8", "replace"))
    return f"the event of a function may have {GREATEST_EVENT} bytes, got {size}" if size > GREATEST_EVENT else None


async def invoke(
    outside: Outside,
    function: LambdaFunction,
    event: JsonValue,
    timeout: float,  # noqa: ASYNC109 - the function's: a worker that takes longer is ended
) -> Returned | Raised | TookTooLong | Broken:
    """Invoke a function. Raises NoCounterpartError where no handler is given for it."""
    invocation = await outside.functions.invoke(function, event, timeout=timeout)
    if isinstance(invocation, NoHandler):
        raise _without_handler(function)
    return invocation


def is_unawaited(headers: Pairs) -> bool:
    """Tell by what is mapped whether nobody waits for the function of a custom integration."""
    return values(headers, "x-amz-invocation-type")[-1:] == ["Event"]


class Unawaited:
    """Invocations that nobody waits for; how one failed, the functions' own log tells."""

    def __init__(self, outside: Outside) -> None:
        self._functions = outside.functions
        self._running: set[asyncio.Task[Invocation]] = set()
        """Held here, for a task that nobody holds may vanish."""

    def begin(self, function: LambdaFunction, event: JsonValue) -> None:
        """Have a function run, however long the integration would wait. Raises NoCounterpartError as ``invoke``."""
        if not self._functions.has(function):
            raise _without_handler(function)
        task = asyncio.create_task(self._functions.invoke(function, event, timeout=UNAWAITED_SECONDS))
        self._running.add(task)
        task.add_done_callback(self._running.discard)


def _without_handler(function: LambdaFunction) -> NoCounterpartError:
    name = function.name
    return NoCounterpartError(
        f'the function "{name}" has no handler here: --lambda {name}=MODULE:FUNCTION gives it one'
    )
