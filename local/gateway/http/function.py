"""Calls the function of a route of an HTTP API, and reads what it answers.

Sources: "Create AWS Lambda proxy integrations for HTTP APIs in API Gateway" (the two versions of an answer; in 2.0 an
answer is inferred), "Troubleshooting issues with HTTP API Lambda integrations" (500 for a function that fails or
answers otherwise), "Lambda quotas" (the size of an event and of an answer). As clients have seen them: the type of an
answer without one, and 503 where the function takes longer than the integration's timeout.
"""

import binascii
import json
import re
from base64 import b64decode
from collections.abc import Mapping
from typing import Final, assert_never

from apigateway.arns import LambdaFunction
from apigateway.json_path import JsonValue
from apigateway.mapping.data import Pairs
from apigateway.mapping.variables import HEADER
from local.functions import Broken, Raised, Returned, TookTooLong
from local.gateway import replies
from local.gateway.http.function_events import event_of
from local.gateway.http.request import HttpRequest
from local.gateway.invoking import invoke, too_large
from local.gateway.outside import Outside
from local.gateway.replies import RequestFault
from local.gateway.traffic import Exchange, Invoked
from local.gateway.upstream import Answered
from local.gateway.uris import function_named
from local.topology.calls import FunctionCall

DEFAULT_TYPE: Final = "text/plain; charset=utf-8"
INFERRED_TYPE: Final = "application/json"

_HEADER = re.compile(HEADER)
_STATUS = re.compile(r"[2-5][0-9][0-9]")


class MalformedError(Exception):
    """What a function answered is no answer; the message says why."""


async def call_function(call: FunctionCall, request: HttpRequest, outside: Outside, exchange: Exchange) -> Answered:
    """Invoke the function of an integration. Raises ``RequestFault``, and NoCounterpartError without a handler."""
    integration = request.route.integration
    function = function_named(call.uri, request.stage.variables)
    if function is None:
        reason = f'the URI must name a function once the stage variables are in it, got "{call.uri}"'
        raise RequestFault(replies.FAILED, reason)
    event = event_of(request)
    if excess := too_large(event, len(request.data.body)):
        raise RequestFault(replies.PAYLOAD_TOO_LARGE, excess)
    exchange.target = function.name
    exchange.sent = Invoked(function=function.name, event=event)
    payload = _payload(await invoke(outside, function, event, integration.timeout), function)
    exchange.answered = Answered(status=200, headers=(), body=payload.encode("utf-8", "replace"))
    try:
        return read_answer(payload, integration.payload_format)
    except MalformedError as error:
        raise RequestFault(replies.FAILED, f"{function.name} answered what is no answer: {error}") from error


def _payload(invocation: Returned | Raised | TookTooLong | Broken, function: LambdaFunction) -> str:
    match invocation:
        case Returned(payload=payload):
            return payload
        case Raised(type=kind, message=message):
            raise RequestFault(replies.FAILED, f"{function.name} raised {kind}: {message}")
        case TookTooLong(seconds=seconds):
            raise RequestFault(replies.UNAVAILABLE, f"{function.name} did not return within {seconds:g} s")
        case Broken(reason=reason):
            raise RequestFault(replies.FAILED, f"{function.name}: {reason}")
        case _:
            assert_never(invocation)


def read_answer(payload: str, version: str) -> Answered:
    """Read what a function returned as an HTTP answer. Raises MalformedError."""
    try:
        answer: JsonValue = json.loads(payload)
    except (ValueError, RecursionError):
        raise MalformedError("it is not JSON that can be read") from None
    if isinstance(answer, dict) and "statusCode" in answer:
        return _read(answer, version)
    if version == "1.0":
        raise MalformedError("it must be an object with a statusCode")
    body = answer if isinstance(answer, str) else payload
    return Answered(status=200, headers=(("Content-Type", INFERRED_TYPE),), body=body.encode("utf-8", "replace"))


def _read(answer: Mapping[str, JsonValue], version: str) -> Answered:
    headers = _headers(answer) if version == "2.0" else _headers_1(answer)
    if version == "2.0":
        headers += tuple(("Set-Cookie", cookie) for cookie in _texts("cookies", answer.get("cookies")))
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers = (("Content-Type", DEFAULT_TYPE), *headers)
    return Answered(status=_status(answer["statusCode"]), headers=headers, body=_body(answer))


def _status(value: JsonValue) -> int:
    text = value if isinstance(value, str) else json.dumps(value)
    if not _STATUS.fullmatch(text):
        raise MalformedError(f"statusCode must be 200 to 599, got {text[:40]}")
    return int(text)


def _body(answer: Mapping[str, JsonValue]) -> bytes:
    body, is_base64 = answer.get("body"), answer.get("isBase64Encoded")
    if is_base64 not in (None, True, False):
        raise MalformedError(f"isBase64Encoded must be true or false, got {json.dumps(is_base64)[:40]}")
    if body is None:
        return b""
    if not isinstance(body, str):
        raise MalformedError(f"body must be a text, got {json.dumps(body)[:40]}")
    if not is_base64:
        return body.encode("utf-8", "replace")
    try:
        return b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        raise MalformedError("body must be base64, as isBase64Encoded says") from None


def _headers(answer: Mapping[str, JsonValue]) -> Pairs:
    return tuple(
        (_name(name), _text(f"the header {name}", value)) for name, value in _object("headers", answer).items()
    )


def _headers_1(answer: Mapping[str, JsonValue]) -> Pairs:
    """Merge ``headers`` and ``multiValueHeaders``: the values of the latter count where both have a name."""
    given = _object("multiValueHeaders", answer)
    several = {_name(name): _texts(f"the header {name}", values) for name, values in given.items()}
    named = {name.lower() for name in several}
    single = tuple(pair for pair in _headers(answer) if pair[0].lower() not in named)
    return single + tuple((name, value) for name, values in several.items() for value in values)


def _name(name: str) -> str:
    if not _HEADER.fullmatch(name):
        raise MalformedError(f"the name of a header must be a token, got {json.dumps(name)[:40]}")
    return name


def _object(key: str, answer: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    value = answer.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise MalformedError(f"{key} must be an object, got {json.dumps(value)[:40]}")
    return value


def _texts(what: str, value: JsonValue) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise MalformedError(f"{what} must be a list, got {json.dumps(value)[:40]}")
    return [_text(what, one) for one in value]


def _text(what: str, value: JsonValue) -> str:
    match value:
        case str():
            return value
        case bool() | int() | float():
            return json.dumps(value)
        case _:
            raise MalformedError(f"{what} must be a text, got {json.dumps(value)[:40]}")
