"""Formats of access logs, and the lines that they give."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigateway.access_log import DEFAULT_FORMAT, ApiKind, check_format, render, status_field
from apigateway.errors import ExpressionError


@pytest.mark.parametrize("protocol", ["WEBSOCKET", "HTTP", "REST"])
def test_the_default_format_is_legal_and_gives_json(protocol: ApiKind) -> None:
    check_format(protocol, DEFAULT_FORMAT[protocol])
    assert len(DEFAULT_FORMAT[protocol]) <= 1024
    line = json.loads(render(DEFAULT_FORMAT[protocol], {"requestId": "r-1", "error.message": 'a "b"\n'}))
    assert (line["requestId"], line["error"], line["sourceIp"]) == ("r-1", 'a "b"\n', "-")


@pytest.mark.parametrize(
    "text",
    [
        '$context.identity.sourceIp - - [$context.requestTime] "$context.routeKey" $context.status $context.requestId',
        "$context.extendedRequestId",
        "id=$context.requestId.",
        "$context.requestId,$context.authorizer.claims.sub",
        "x" * 3054 + "$context.requestId",
    ],
)
def test_formats(text: str) -> None:
    check_format("HTTP", text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "must include $context.requestId or $context.extendedRequestId"),
        ("$context.stage", "must include $context.requestId or $context.extendedRequestId"),
        ("$context.requestId\n", "the format of an access log is a single line"),
        ("$context.requestId\r", "the format of an access log is a single line"),
        ("x" * 3055 + "$context.requestId", "the format of an access log is of 3072 bytes at most"),
        ("é" * 1530 + "$context.requestId", "the format of an access log is of 3072 bytes at most"),
        ("$context.requestId $foo", '"$" begins something else than a variable'),
        ("${context.requestId}", '"$" begins something else than a variable'),
        ("$context.connectionId", '"connectionId" is a $context variable of WebSocket APIs only'),
        ("$context.requestld", '"requestld" is not a $context variable of HTTP APIs'),
    ],
)
def test_what_is_not_a_format(text: str, reason: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        check_format("HTTP", text)
    assert (raised.value.reason, raised.value.expression) == (reason, text)


@pytest.mark.parametrize(
    "text",
    [
        "$context.extendedRequestId $context.resourcePath $context.waf.status",
        "$context.requestId,$context.authorizer.claims.cognito:groups,$context.authorizer.claims.sub",
        "$context.requestId $context.requestOverride.path $context.xrayTraceId:",
    ],
)
def test_formats_of_a_rest_api(text: str) -> None:
    check_format("REST", text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "$context.requestId $context.routeKey",
            (
                '"routeKey" is a $context variable of WebSocket and HTTP APIs only, '
                'got "$context.requestId $context.routeKey"'
            ),
        ),
        (
            "$context.requestId $context.reqestTime",
            (
                '"reqestTime" is not a $context variable of REST APIs, got '
                '"$context.requestId $context.reqestTime"; did you mean "requestTime"?'
            ),
        ),
        (
            "$context.status",
            'must include $context.requestId or $context.extendedRequestId, got "$context.status"',
        ),
    ],
)
def test_what_is_not_a_format_of_a_rest_api(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        check_format("REST", text)
    assert str(raised.value) == message


def test_a_claim_with_a_colon_is_one_variable() -> None:
    text = "$context.requestId $context.authorizer.claims.cognito:groups:"
    assert render(text, {"requestId": "r-1", "authorizer.claims.cognito:groups": "a"}) == "r-1 a:"


def test_an_unknown_variable_is_answered_with_the_nearest() -> None:
    with pytest.raises(ExpressionError) as raised:
        check_format("WEBSOCKET", "$context.conectionId")
    assert str(raised.value) == (
        '"conectionId" is not a $context variable of WebSocket APIs, got "$context.conectionId"; '
        'did you mean "connectionId"?'
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("$context.requestId $context.stage.", "r-1 -."),
        ("[$context.identity.userAgent]", r"[a \"b\"\r\n\\c]"),
        ("$context.error.messageString", '"quoted"'),
        ("no variables", "no variables"),
    ],
)
def test_render(text: str, line: str) -> None:
    context = {
        "requestId": "r-1",
        "identity.userAgent": 'a "b"\r\n\\c',
        "error.messageString": '"quoted"',
    }
    assert render(text, context) == line


@given(st.text())
def test_no_value_can_end_the_line_or_its_field(value: str) -> None:
    line = render('{"a":"$context.requestId"}', {"requestId": value})
    assert not set("\r\n") & set(line)
    assert json.loads(line) == {"a": value}


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (DEFAULT_FORMAT["HTTP"], "status"),
        (DEFAULT_FORMAT["WEBSOCKET"], "status"),
        (DEFAULT_FORMAT["REST"], "status"),
        ('{"id":"$context.requestId","http-status_1": "$context.status"}', "http-status_1"),
        ('{"id":"$context.requestId","the status":"$context.status","s":"$context.status"}', "s"),
        ('{"id":"$context.requestId","the status":"$context.status"}', None),
        ('{"id":"$context.requestId","status":"was $context.status"}', None),
        ('{"id":"$context.requestId","status":$context.status}', None),
        ('{"latency":$context.responseLatency,"status":"$context.status"}', None),
        ('{"answer":{"status":"$context.status"}}', None),
        ('["$context.status"]', None),
        ("$context.requestId $context.status", None),
        ("", None),
    ],
)
def test_the_field_of_the_status(text: str, field: str | None) -> None:
    assert status_field(text) == field
