import asyncio
import json

import pytest

from apigateway.mapping.data import Pairs
from local.gateway.http.function import MalformedError, read_answer
from local.gateway.traffic import Invoked
from local.gateway.upstream import Answered
from local.recording import Json
from tests.local.gateway.http.apis import calling, function_uri, served, to_function
from tests.local.recordings import Program

PLAIN = ("Content-Type", "text/plain; charset=utf-8")
JSON_TYPE = ("Content-Type", "application/json")
WHICH = "$" + "{stageVariables.which}"
INTERNAL = b'{"message":"Internal Server Error"}'


def answered(status: int, headers: Pairs, body: bytes) -> Answered:
    return Answered(status=status, headers=headers, body=body)


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ('"Hello from Lambda!"', answered(200, (JSON_TYPE,), b"Hello from Lambda!")),
        ('{ "message": "hi" }', answered(200, (JSON_TYPE,), b'{ "message": "hi" }')),
        ("null", answered(200, (JSON_TYPE,), b"null")),
        ("[1, 2]", answered(200, (JSON_TYPE,), b"[1, 2]")),
        ("7", answered(200, (JSON_TYPE,), b"7")),
        ('{"body": "x", "headers": {"a": "b"}}', answered(200, (JSON_TYPE,), b'{"body": "x", "headers": {"a": "b"}}')),
        ('{"statusCode": 204}', answered(204, (PLAIN,), b"")),
        ('{"statusCode": "201", "body": "\\u00e9"}', answered(201, (PLAIN,), "é".encode())),
        (
            '{"statusCode": 200, "headers": {"content-type": "text/html", "X-N": 7, "X-T": true}, "body": "<p>"}',
            answered(200, (("content-type", "text/html"), ("X-N", "7"), ("X-T", "true")), b"<p>"),
        ),
        (
            '{"statusCode": 302, "headers": {"Location": "/"}, "cookies": ["a=1", "b=2; Secure"]}',
            answered(302, (PLAIN, ("Location", "/"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2; Secure")), b""),
        ),
        ('{"statusCode": 200, "isBase64Encoded": true, "body": "AP8="}', answered(200, (PLAIN,), b"\x00\xff")),
        ('{"statusCode": 200, "isBase64Encoded": false, "body": "AP8="}', answered(200, (PLAIN,), b"AP8=")),
        ('{"statusCode": 200, "multiValueHeaders": {"a": ["1"]}}', answered(200, (PLAIN,), b"")),
        ('{"statusCode": 200, "headers": null, "cookies": null, "body": null}', answered(200, (PLAIN,), b"")),
    ],
)
def test_answers_of_version_2_0(payload: str, expected: Answered) -> None:
    assert read_answer(payload, "2.0") == expected


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ('{"statusCode": 200, "body": "x"}', answered(200, (PLAIN,), b"x")),
        ('{"statusCode": 200, "headers": {"a": "1"}, "cookies": ["c=1"]}', answered(200, (PLAIN, ("a", "1")), b"")),
        (
            '{"statusCode": 200, "headers": {"a": "1", "b": "2"}, "multiValueHeaders": {"A": ["3", "4"]}}',
            answered(200, (PLAIN, ("b", "2"), ("A", "3"), ("A", "4")), b""),
        ),
        (
            '{"statusCode": 200, "multiValueHeaders": {"content-type": ["text/html"]}}',
            answered(200, (("content-type", "text/html"),), b""),
        ),
    ],
)
def test_answers_of_version_1_0(payload: str, expected: Answered) -> None:
    assert read_answer(payload, "1.0") == expected


OBJECT = "it must be an object with a statusCode"


@pytest.mark.parametrize(
    ("payload", "version", "message"),
    [
        ("not json", "2.0", "it is not JSON that can be read"),
        ("", "1.0", "it is not JSON that can be read"),
        ("[" * 100_000, "2.0", "it is not JSON that can be read"),
        ("null", "1.0", OBJECT),
        ('"hello"', "1.0", OBJECT),
        ('{"message": "hi"}', "1.0", OBJECT),
        ("[]", "1.0", OBJECT),
        ('{"statusCode": null}', "2.0", "statusCode must be 200 to 599, got null"),
        ('{"statusCode": 199}', "2.0", "statusCode must be 200 to 599, got 199"),
        ('{"statusCode": 600}', "1.0", "statusCode must be 200 to 599, got 600"),
        ('{"statusCode": 20000}', "1.0", "statusCode must be 200 to 599, got 20000"),
        ('{"statusCode": "02001"}', "2.0", "statusCode must be 200 to 599, got 02001"),
        ('{"statusCode": true}', "2.0", "statusCode must be 200 to 599, got true"),
        ('{"statusCode": "ok"}', "2.0", "statusCode must be 200 to 599, got ok"),
        ('{"statusCode": "\\u0662\\u0660\\u0660"}', "2.0", "statusCode must be 200 to 599, got \u0662\u0660\u0660"),
        ('{"statusCode": 200, "body": {"a": 1}}', "2.0", 'body must be a text, got {"a": 1}'),
        ('{"statusCode": 200, "headers": ["a"]}', "2.0", 'headers must be an object, got ["a"]'),
        (
            '{"statusCode": 200, "headers": {"a\\r\\nb": "1"}}',
            "2.0",
            r'the name of a header must be a token, got "a\r\nb"',
        ),
        (
            '{"statusCode": 200, "multiValueHeaders": {"": ["1"]}}',
            "1.0",
            'the name of a header must be a token, got ""',
        ),
        ('{"statusCode": 200, "headers": {"a": ["1"]}}', "2.0", 'the header a must be a text, got ["1"]'),
        ('{"statusCode": 200, "headers": {"a": null}}', "1.0", "the header a must be a text, got null"),
        ('{"statusCode": 200, "multiValueHeaders": {"a": "1"}}', "1.0", 'the header a must be a list, got "1"'),
        ('{"statusCode": 200, "cookies": "a=1"}', "2.0", 'cookies must be a list, got "a=1"'),
        ('{"statusCode": 200, "isBase64Encoded": "yes"}', "2.0", 'isBase64Encoded must be true or false, got "yes"'),
        (
            '{"statusCode": 200, "isBase64Encoded": true, "body": "no base64"}',
            "2.0",
            "body must be base64, as isBase64Encoded says",
        ),
    ],
)
def test_what_is_no_answer(payload: str, version: str, message: str) -> None:
    with pytest.raises(MalformedError) as error:
        read_answer(payload, version)
    assert str(error.value) == message


async def test_what_a_function_answers_reaches_the_client() -> None:
    answer = {"statusCode": 201, "headers": {"X-A": "1\r\nX-B: 2"}, "cookies": ["a=1", "b=2"], "body": "made"}
    async with served(calling(to_function("says"))) as client:
        got = await client.send("POST", "/x", {"Content-Type": "application/json"}, json.dumps(answer).encode())
    assert (got.status, got.body) == (201, b"made")
    assert got.headers[:4] == (PLAIN, ("X-A", "1 X-B: 2"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"))
    (exchange,) = client.told
    assert isinstance(exchange.sent, Invoked)
    assert (exchange.target, exchange.sent.function, exchange.answered_status) == ("says", "says", 201)
    assert exchange.answered is not None
    assert json.loads(exchange.answered.body) == answer
    assert (exchange.stage, exchange.status, exchange.body) == ("$default", 201, b"made")


async def test_an_answer_to_head_has_its_length_and_no_body() -> None:
    async with served(calling(to_function("echoes"))) as client:
        got = await client.send("HEAD", "/x")
    assert (got.status, got.body) == (200, b"")
    assert int(got.header("Content-Length") or 0) > 100


@pytest.mark.parametrize("status", [204, 304])
async def test_an_answer_that_can_have_no_body_has_none(status: int) -> None:
    answer = {"statusCode": status, "body": "too much"}
    async with served(calling(to_function("says"))) as client:
        for _ in range(2):
            got = await client.send("POST", "/x", {"Content-Type": "application/json"}, json.dumps(answer).encode())
            assert (got.status, got.body) == (status, b"")


async def test_answers_of_functions_are_mapped() -> None:
    mappings: Json = {
        "overwrite:statuscode": "$response.header.status",
        "append:header.x-tenant": "$response.body.tenant",
        "append:header.x-lambda": "${context.integration.status} ${context.integrationStatus}",
        "remove:header.status": "''",
    }
    made = calling(to_function("says", responseParameters=[{"statusCode": "418", "mappings": mappings}]))
    answer = {"statusCode": 418, "headers": {"status": "503"}, "body": '{"tenant": "acme"}'}
    async with served(made) as client:
        got = await client.send("POST", "/x", {"Content-Type": "application/json"}, json.dumps(answer).encode())
    assert (got.status, got.header("x-tenant"), got.header("x-lambda")) == (503, "acme", "418 200")
    assert got.header("status") is None
    (exchange,) = client.told
    assert exchange.explain_response is not None
    assert [(mapping.destination, mapping.values) for mapping in exchange.explain_response()] == [
        ("overwrite:statuscode", ("503",)),
        ("append:header.x-tenant", ("acme",)),
        ("append:header.x-lambda", ("418 200",)),
        ("remove:header.status", ()),
    ]


@pytest.mark.parametrize(
    ("made", "status", "body", "reason"),
    [
        (calling(to_function("fails")), 500, INTERNAL, "fails raised LookupError: no such pet"),
        (
            calling(to_function("says", "1.0")),
            500,
            INTERNAL,
            "says answered what is no answer: it must be an object with a statusCode",
        ),
        (
            calling(to_function("sleeps", timeoutMilliseconds=1500)),
            503,
            b'{"message":"Service Unavailable"}',
            "sleeps did not return within 1.5 s",
        ),
        (
            calling(to_function(WHICH)),
            500,
            INTERNAL,
            f'the URI must name a function once the stage variables are in it, got "{function_uri(WHICH)}"',
        ),
    ],
)
async def test_what_goes_wrong_with_a_function(made: Program, status: int, body: bytes, reason: str) -> None:
    async with served(made) as client:
        got = await client.send("POST", "/x", {"Content-Type": "application/json"}, b'{"hi": 1}')
    assert (got.status, got.body, got.header("Content-Type")) == (status, body, "application/json")
    assert [exchange.reason for exchange in client.told] == [reason]


async def test_a_function_without_a_handler_is_not_served() -> None:
    async with served(calling(to_function("nobody"))) as client:
        got = await client.send("GET", "/x")
    assert got.status == 501
    assert got.json["message"].startswith(
        'Not served by the local gateway: the function "nobody" has no handler here: '
    )


async def test_a_stage_variable_chooses_the_function() -> None:
    async with served(calling(to_function(WHICH), which="echoes")) as client:
        assert (await client.send("GET", "/x")).status == 200


async def test_an_event_beyond_the_limit_of_lambda_is_refused() -> None:
    async with served(calling(to_function("echoes"))) as client:
        got = await client.send("POST", "/x", {"Content-Type": "text/plain"}, b"x" * 6_291_556)
    assert (got.status, got.body) == (413, b'{"message":"Request Entity Too Large"}')


async def test_calls_of_functions_run_side_by_side() -> None:
    async with served(calling(to_function("echoes"))) as client:
        got = await asyncio.gather(*(client.send("GET", f"/{number}") for number in range(3)))
    assert sorted(one.json["rawPath"] for one in got) == ["/0", "/1", "/2"]
