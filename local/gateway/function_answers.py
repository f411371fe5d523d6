"""What a REST or WebSocket API makes of how an invocation of a Lambda function ended.

A proxy integration passes on the answer that the function wrote, and takes everything else for a bad gateway. A custom
one takes the function's result, or the error that it ended with, for the body of an answer, and chooses the integration
response by the error's message.

Sources: "Lambda proxy integrations in API Gateway" (the members of an answer; what stands in both kinds of headers is
taken from ``multiValueHeaders``), "Return binary media from a Lambda proxy integration in API Gateway" (the first type
that the client accepts decides), "Handle Lambda errors in API Gateway" (the message chooses; ``.*`` also matches that
of a function that did not fail, which is empty), "Set up asynchronous invocation of the backend Lambda function". As
observed, no member of an answer is required, another one than these makes it malformed, and what is no Base64 ends with
500; the form of an error is that of Lambda's Python runtime.
"""

import json
import re
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from apigateway.errors import shown
from apigateway.json_path import JsonValue
from apigateway.mapping.data import Pairs
from local.functions import Broken, Raised, Returned, TookTooLong
from local.gateway.bodies import JSON, PayloadError, bytes_of, decoded
from local.gateway.faults import BAD_GATEWAY, CONFIGURATION, TIMED_OUT, Faulted
from local.gateway.upstream import Answered

_MEMBERS: Final = frozenset({"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"})
_HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_STATUS: Final = re.compile(r"[2-5][0-9][0-9]")
_EXIT: Final = "Runtime.ExitError"


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionAnswer:
    """What a custom integration has of an invocation."""

    answered: Answered
    error: str
    """What ``selectionPattern`` is held against: the message of an error, empty where there was none."""


ACCEPTED: Final = Answered(status=202, headers=(), body=b"")
"""What Lambda answers where nobody waits for the function."""


def result_of(outcome: Returned | Raised | TookTooLong | Broken) -> Answered:
    """Return what a function returned, for a proxy integration. Raises ``Faulted`` where it returned nothing."""
    match outcome:
        case Returned(payload=payload):
            return _answered(payload)
        case Raised(type=kind, message=message):
            raise Faulted(BAD_GATEWAY, f"the function raised {kind}: {shown(message)}")
        case Broken(reason=reason):
            raise Faulted(BAD_GATEWAY, f"the function's process broke: {reason}")
        case TookTooLong(seconds=seconds):
            raise _timed_out(seconds)


def custom_answer(outcome: Returned | Raised | TookTooLong | Broken) -> FunctionAnswer:
    """Return what a custom integration takes for the answer. Raises ``Faulted`` where the function took too long."""
    match outcome:
        case Returned(payload=payload):
            return FunctionAnswer(answered=_answered(payload), error=_error_message(payload))
        case Raised(type=kind, message=message, trace=trace):
            return _failed(kind, message, trace)
        case Broken(reason=reason):
            return _failed(_EXIT, reason, ())
        case TookTooLong(seconds=seconds):
            raise _timed_out(seconds)


def _answered(payload: str) -> Answered:
    return Answered(status=200, headers=(("Content-Type", JSON),), body=bytes_of(payload))


def _failed(kind: str, message: str, trace: tuple[str, ...]) -> FunctionAnswer:
    error = {"errorMessage": message, "errorType": kind, "requestId": str(uuid4()), "stackTrace": list(trace)}
    answered = _answered(json.dumps(error))
    headers = (*answered.headers, ("X-Amz-Function-Error", "Unhandled"))
    return FunctionAnswer(answered=Answered(status=200, headers=headers, body=answered.body), error=message)


def _timed_out(seconds: float) -> Faulted:
    return Faulted(TIMED_OUT, f"the function did not return within {seconds:g} s")


def _error_message(payload: str) -> str:
    """Return the message of a result that has the form of an error: it counts as one."""
    result = _parsed(payload)
    message = result.get("errorMessage") if isinstance(result, dict) else None
    return message if isinstance(message, str) else ""


def written_answer(payload: bytes, *, accepts_binary: bool) -> Answered:
    """Return the answer that a function of a proxy integration wrote. Raises ``Faulted`` where it is none."""
    answer = _parsed(payload)
    if not isinstance(answer, dict):
        raise _malformed("a function must return an object with statusCode, headers and body", payload.decode())
    if others := sorted(answer.keys() - _MEMBERS):
        raise _malformed(f"an answer may have {', '.join(sorted(_MEMBERS))}", ", ".join(others))
    status, body, encoded = answer.get("statusCode"), answer.get("body"), answer.get("isBase64Encoded")
    if body is not None and not isinstance(body, str):
        raise _malformed("body must be text: json.dumps makes it of an object", json.dumps(body))
    if encoded is not None and not isinstance(encoded, bool):
        raise _malformed("isBase64Encoded must be true or false", json.dumps(encoded))
    headers = _headers(answer)
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers = (("Content-Type", JSON), *headers)
    return Answered(
        status=200 if status is None else _status(status),
        headers=headers,
        body=_body(body or "", decodes=bool(encoded) and accepts_binary),
    )


def _status(status: JsonValue) -> int:
    written = json.dumps(status) if isinstance(status, int) else str(status)
    if not _STATUS.fullmatch(written):
        raise _malformed("statusCode must be a number from 200 to 599", written)
    return int(written)


def _headers(answer: dict[str, JsonValue]) -> Pairs:
    single, several = answer.get("headers"), answer.get("multiValueHeaders")
    if single is not None and not isinstance(single, dict):
        raise _malformed("headers must be an object", json.dumps(single))
    if several is not None and not isinstance(several, dict):
        raise _malformed("multiValueHeaders must be an object", json.dumps(several))
    pairs = [(name, _header("headers", name, value)) for name, value in (single or {}).items()]
    for name, values in (several or {}).items():
        if not isinstance(values, list):
            raise _malformed(f"multiValueHeaders.{name} must be a list", json.dumps(values))
        listed = [(name, _header("multiValueHeaders", name, value)) for value in values]
        pairs = [*(pair for pair in pairs if pair not in listed), *listed]
    return tuple(pairs)


def _header(where: str, name: str, value: JsonValue) -> str:
    if not _HEADER_NAME.fullmatch(name):
        raise _malformed(f"a name in {where} must be of letters, digits and -", name)
    match value:
        case str():
            return value
        case bool() | int() | float():
            return json.dumps(value)
        case _:
            raise _malformed(f"{where}.{name} must be text", json.dumps(value))


def _body(body: str, *, decodes: bool) -> bytes:
    if not decodes:
        return bytes_of(body)
    try:
        return decoded(body)
    except PayloadError as error:
        raise Faulted(CONFIGURATION, f"the function's answer has isBase64Encoded: {error}") from error


def _parsed(payload: str | bytes) -> JsonValue:
    try:
        value: JsonValue = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    return value


def _malformed(wanted: str, got: str) -> Faulted:
    return Faulted(BAD_GATEWAY, f'malformed answer of the function: {wanted}, got "{shown(got)}"')
