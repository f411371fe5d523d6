import json
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from apigateway.json_path import JsonValue
from apigateway.mapping import rest
from local.gateway.faults import Faulted
from local.gateway.function_answers import written_answer
from local.gateway.invoking import GREATEST_EVENT
from local.gateway.traffic import Invoked
from local.topology import RestApi
from local.topology.authorization import SignedCaller
from local.topology.calls import FunctionCall
from local.topology.rest import RestIntegration
from local.topology.stages import Stage
from tests.local.gateway.conftest import Log
from tests.local.gateway.rest.apis import answering, api, invocation, method, of_function, of_proxied_function, served
from tests.local.gateway.rest.test_access import SIGNED

BAD_GATEWAY = b'{"message": "Internal server error"}'
JSON_TYPE = ("Content-Type", "application/json")
NO_HANDLER = (
    b'{"message":"Not served by the local gateway: the function \\"nobody\\" has no handler here: '
    b'--lambda nobody=MODULE:FUNCTION gives it one"}'
)
PLACE = 'apis.shop.routes["ANY /{proxy+}"].integration: '


async def event_of(
    made: RestApi,
    verb: str = "GET",
    path: str = "/dev/x",
    headers: Mapping[str, str] | list[tuple[str, str]] | None = None,
    body: bytes | None = None,
) -> dict[str, Any]:
    """Return the event that the function "echoes" gets."""
    async with served(made) as client:
        answer, got = await client.send(verb, path, headers, body)
    assert answer.status == 200
    event: dict[str, Any] = json.loads(got)
    return event


async def test_the_event_of_a_request() -> None:
    key = method("ANY /a/{id}/{rest+}", of_proxied_function("echoes"))
    event = await event_of(
        api(key),
        "POST",
        "/dev/a/1%202/b+c/d?x=1&x=%C3%A9+2&y",
        headers=[
            ("Host", "shop.example"),
            ("user-agent", "test"),
            ("authorization", "Bearer 1"),
            ("X-Twice", "1"),
            ("X-Twice", "2"),
            ("Content-Type", "text/plain"),
            ("Connection", "X-Hop"),
            ("X-Hop", "1"),
        ],
        body="grüß".encode(),
    )
    port = event["headers"].pop("X-Forwarded-Port")
    assert event["multiValueHeaders"].pop("X-Forwarded-Port") == [port]
    trace = event["headers"].pop("X-Amzn-Trace-Id")
    assert event["multiValueHeaders"].pop("X-Amzn-Trace-Id") == [trace]
    context = event["requestContext"]
    assert re.fullmatch(r"Root=1-[0-9a-f]{8}-[0-9a-f]{24}", trace)
    assert re.fullmatch(r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000", context.pop("requestTime"))
    assert isinstance(context.pop("requestTimeEpoch"), int)
    assert re.fullmatch(r"[0-9a-f-]{36}", context.pop("requestId"))
    for name in ("extendedRequestId", "resourceId", "deploymentId"):
        assert re.fullmatch(r"[A-Za-z0-9_=-]{6,16}", context.pop(name))
    assert event == {
        "resource": "/a/{id}/{rest+}",
        "path": "/a/1%202/b+c/d",
        "httpMethod": "POST",
        "headers": {
            "Host": "shop.example",
            "User-Agent": "test",
            "Authorization": "Bearer 1",
            "X-Twice": "2",
            "Content-Type": "text/plain",
            "X-Forwarded-For": "127.0.0.1",
            "X-Forwarded-Proto": "http",
        },
        "multiValueHeaders": {
            "Host": ["shop.example"],
            "User-Agent": ["test"],
            "Authorization": ["Bearer 1"],
            "X-Twice": ["1", "2"],
            "Content-Type": ["text/plain"],
            "X-Forwarded-For": ["127.0.0.1"],
            "X-Forwarded-Proto": ["http"],
        },
        "queryStringParameters": {"x": "é 2", "y": ""},
        "multiValueQueryStringParameters": {"x": ["1", "é 2"], "y": [""]},
        "pathParameters": {"id": "1%202", "rest": "b+c/d"},
        "stageVariables": {"tenant": "acme"},
        "requestContext": {
            "resourcePath": "/a/{id}/{rest+}",
            "httpMethod": "POST",
            "path": "/dev/a/1%202/b+c/d",
            "accountId": "123456789012",
            "protocol": "HTTP/1.1",
            "stage": "dev",
            "domainPrefix": "shop",
            "domainName": "shop.example",
            "apiId": "shop",
            "identity": {
                "cognitoIdentityPoolId": None,
                "accountId": None,
                "cognitoIdentityId": None,
                "caller": None,
                "sourceIp": "127.0.0.1",
                "principalOrgId": None,
                "accessKey": None,
                "cognitoAuthenticationType": None,
                "cognitoAuthenticationProvider": None,
                "userArn": None,
                "userAgent": "test",
                "user": None,
            },
        },
        "body": "grüß",
        "isBase64Encoded": False,
    }


async def test_what_is_empty_is_null_in_an_event() -> None:
    made = api(method("GET /", of_proxied_function("echoes")))
    event = await event_of(replace(made, stages={"dev": Stage(name="dev", variables={})}), path="/dev")
    names = ("queryStringParameters", "multiValueQueryStringParameters", "pathParameters", "stageVariables", "body")
    assert ({event[name] for name in names}, event["path"], event["isBase64Encoded"]) == ({None}, "/", False)


@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        ("image/png", b"\x89PNG", (b64encode(b"\x89PNG").decode(), True)),
        ("image/png", b"", (None, False)),
        ("text/plain", b"\xff!", ("�!", False)),
    ],
)
async def test_a_body_of_a_binary_type_is_base64(content_type: str, body: bytes, expected: tuple[str, bool]) -> None:
    made = replace(api(of_proxied_function("echoes")), binary_media_types=("image/png",))
    event = await event_of(made, "POST", headers={"Content-Type": content_type}, body=body)
    assert (event["body"], event["isBase64Encoded"]) == expected


async def test_a_mapped_header_shows_in_the_event_and_nothing_else_that_is_mapped() -> None:
    mapping = {
        "integration.request.header.X-Tenant": "stageVariables.tenant",
        "integration.request.header.x-in": "'over'",
        "integration.request.querystring.q": "'1'",
        "integration.request.path.proxy": "'other'",
    }
    made = api(replace(of_proxied_function("echoes", mapping), templates={"application/json": "#set($broken"}))
    event = await event_of(made, headers={"X-In": "1"})
    headers = event["headers"]
    assert (headers["X-Tenant"], headers["x-in"], "X-In" in headers) == ("acme", "over", False)
    assert (event["queryStringParameters"], event["pathParameters"]) == (None, {"proxy": "x"})


async def test_a_signature_stays_with_api_gateway_and_its_key_is_told() -> None:
    made = replace(method("ANY /{proxy+}", of_proxied_function("echoes")), authorization=SignedCaller())
    event = await event_of(api(made), headers=SIGNED)
    assert "Authorization" not in event["headers"]
    assert event["requestContext"]["identity"]["accessKey"] == "AKIDEXAMPLE"
    assert "authorizer" not in event["requestContext"]


async def test_the_key_of_a_caller_is_told() -> None:
    made = replace(method("ANY /{proxy+}", of_proxied_function("echoes")), api_key_required=True)
    event = await event_of(api(made), headers={"x-api-key": "gold"})
    identity = event["requestContext"]["identity"]
    assert (identity["apiKey"], identity["apiKeyId"]) == ("gold", "key-gold")


Answer = tuple[int, dict[str, list[str]], bytes]
OK: list[tuple[str, JsonValue, Mapping[str, str], Answer]] = [
    ("nothing said", {}, {}, (200, {"Content-Type": ["application/json"]}, b"")),
    (
        "all said",
        {
            "statusCode": 404,
            "headers": {"content-type": "text/plain", "X": "1"},
            "body": "grüß",
            "isBase64Encoded": False,
        },
        {},
        (404, {"content-type": ["text/plain"], "X": ["1"]}, "grüß".encode()),
    ),
    ("a status in words", {"statusCode": "201"}, {}, (201, {"Content-Type": ["application/json"]}, b"")),
    (
        "null everywhere",
        {"statusCode": None, "headers": None, "multiValueHeaders": None, "body": None, "isBase64Encoded": None},
        {},
        (200, {"Content-Type": ["application/json"]}, b""),
    ),
    (
        "both kinds of headers",
        {"headers": {"Set-Cookie": "a=1", "X": "1"}, "multiValueHeaders": {"Set-Cookie": ["b=2", "a=1"], "Y": []}},
        {},
        (200, {"Content-Type": ["application/json"], "Set-Cookie": ["b=2", "a=1"], "X": ["1"]}, b""),
    ),
    (
        "headers that are no text",
        {"headers": {"N": 5, "F": 1.5, "T": True}},
        {},
        (200, {"Content-Type": ["application/json"], "N": ["5"], "F": ["1.5"], "T": ["true"]}, b""),
    ),
    (
        "headers under another name",
        {"headers": {"Date": "now", "Content-Length": "9", "Connection": "close", "Transfer-Encoding": "chunked"}},
        {},
        (
            200,
            {
                "Content-Type": ["application/json"],
                "x-amzn-Remapped-Date": ["now"],
                "x-amzn-Remapped-Content-Length": ["9"],
                "x-amzn-Remapped-Connection": ["close"],
            },
            b"",
        ),
    ),
    (
        "a header with a line break",
        {"headers": {"X": "1\r\nSet-Cookie: a=1"}},
        {},
        (200, {"Content-Type": ["application/json"], "X": ["1 Set-Cookie: a=1"]}, b""),
    ),
    (
        "binary for who accepts it",
        {"headers": {"Content-Type": "image/png"}, "body": "iVBORw==", "isBase64Encoded": True},
        {"Accept": "image/png, */*"},
        (200, {"Content-Type": ["image/png"]}, b"\x89PNG"),
    ),
    (
        "binary for who accepts something else",
        {"headers": {"Content-Type": "image/png"}, "body": "iVBORw==", "isBase64Encoded": True},
        {"Accept": "*/*"},
        (200, {"Content-Type": ["image/png"]}, b"iVBORw=="),
    ),
    (
        "text for who accepts binary",
        {"headers": {"Content-Type": "image/png"}, "body": "iVBORw=="},
        {"Accept": "image/png"},
        (200, {"Content-Type": ["image/png"]}, b"iVBORw=="),
    ),
]


async def test_answers_of_a_function() -> None:
    made = replace(api(of_proxied_function()), binary_media_types=("image/png",))
    async with served(made) as client:
        for name, said, headers, (status, expected, body) in OK:
            answer, got = await client.send("POST", headers=headers, body=json.dumps(said).encode())
            found: dict[str, list[str]] = {}
            for header, value in answer.raw_headers:
                found.setdefault(header.decode(), []).append(value.decode())
            trace = found.pop("X-Amzn-Trace-Id")
            assert re.fullmatch(r"Root=1-[0-9a-f]{8}-[0-9a-f]{24}", trace[0]), name
            for own in ("x-amzn-RequestId", "x-amz-apigw-id", "Date", "Content-Length", "Server"):
                found.pop(own, None)
            assert (answer.status, found, got) == (status, expected, body), name


MALFORMED: list[tuple[JsonValue, str]] = [
    (None, 'a function must return an object with statusCode, headers and body, got "null"'),
    ("text", 'a function must return an object with statusCode, headers and body, got ""text""'),
    ([], 'a function must return an object with statusCode, headers and body, got "[]"'),
    (
        {"statusCode": 200, "cookies": [], "status": 1},
        'an answer may have body, headers, isBase64Encoded, multiValueHeaders, statusCode, got "cookies, status"',
    ),
    ({"body": {"a": 1}}, 'body must be text: json.dumps makes it of an object, got "{"a": 1}"'),
    ({"body": 5}, 'body must be text: json.dumps makes it of an object, got "5"'),
    ({"isBase64Encoded": "true"}, 'isBase64Encoded must be true or false, got ""true""'),
    ({"statusCode": "OK"}, 'statusCode must be a number from 200 to 599, got "OK"'),
    ({"statusCode": 101}, 'statusCode must be a number from 200 to 599, got "101"'),
    ({"statusCode": 600}, 'statusCode must be a number from 200 to 599, got "600"'),
    ({"statusCode": 200.5}, 'statusCode must be a number from 200 to 599, got "200.5"'),
    ({"statusCode": True}, 'statusCode must be a number from 200 to 599, got "true"'),
    ({"headers": []}, 'headers must be an object, got "[]"'),
    ({"headers": {"X": None}}, 'headers.X must be text, got "null"'),
    ({"headers": {"X": ["1"]}}, 'headers.X must be text, got "["1"]"'),
    ({"headers": {"X\r\nY": "1"}}, r'a name in headers must be of letters, digits and -, got "X\r\nY"'),
    ({"multiValueHeaders": "X"}, 'multiValueHeaders must be an object, got ""X""'),
    ({"multiValueHeaders": {"X": "1"}}, 'multiValueHeaders.X must be a list, got ""1""'),
    ({"multiValueHeaders": {"X": [{}]}}, 'multiValueHeaders.X must be text, got "{}"'),
]


async def test_a_malformed_answer_is_a_bad_gateway(log: Log) -> None:
    async with served(api(of_proxied_function())) as client:
        for said, reason in MALFORMED:
            answer, body = await client.send("POST", body=json.dumps(said).encode())
            assert (answer.status, body) == (502, BAD_GATEWAY)
            assert answer.headers["x-amzn-ErrorType"] == "InternalServerErrorException"
            assert client.exchanges[-1].reason == f"{PLACE}malformed answer of the function: {reason}"
            assert "X-Amzn-Trace-Id" not in answer.headers
    assert not log.tracebacks


async def test_what_claims_to_be_base64_and_is_not() -> None:
    said = json.dumps({"body": "%", "isBase64Encoded": True}).encode()
    async with served(replace(api(of_proxied_function()), binary_media_types=("*/*",))) as client:
        answer, body = await client.send("POST", body=b64encode(said), headers={"Content-Type": "text/plain"})
        assert (answer.status, body) == (502, BAD_GATEWAY)  # the function got no JSON
    fault = "the function's answer has isBase64Encoded: the body is to become binary and is not Base64: "
    with pytest.raises(Faulted, match=re.escape(fault)) as raised:
        written_answer(said, accepts_binary=True)
    assert (raised.value.fault.own_status, raised.value.fault.type) == (500, "API_CONFIGURATION_ERROR")


@pytest.mark.parametrize(
    ("name", "seconds", "expected", "reason"),
    [
        ("raises", 20, (502, BAD_GATEWAY), "the function raised LookupError: no such pet"),
        ("exits", 20, (502, BAD_GATEWAY), "the function's process broke: "),
        (
            "hangs",
            0.5,
            (504, b'{"message": "Endpoint request timed out"}'),
            "the function did not return within 0.5 s",
        ),
    ],
)
async def test_a_function_that_does_not_answer(
    name: str, seconds: float, expected: tuple[int, bytes], reason: str, log: Log
) -> None:
    async with served(api(replace(of_proxied_function(name), timeout=seconds))) as client:
        answer, body = await client.send()
        (exchange,) = client.exchanges
    assert (answer.status, body) == expected
    assert (exchange.target, exchange.answered_status) == (name, None)
    assert (exchange.reason or "").startswith(PLACE + reason)
    assert not log.tracebacks


@pytest.mark.parametrize(
    ("integration", "status", "body", "reason"),
    [
        pytest.param(
            of_proxied_function("nobody"),
            501,
            NO_HANDLER,
            'the function "nobody" has no handler here: --lambda nobody=MODULE:FUNCTION gives it one',
            id="no handler",
        ),
        pytest.param(
            replace(of_proxied_function(), streams=True),
            501,
            b'{"message":"Not served by the local gateway: the streamed answer of the function \\"says\\""}',
            'the streamed answer of the function "says"',
            id="streams",
        ),
        pytest.param(
            replace(of_proxied_function(), method="GET"),
            500,
            BAD_GATEWAY,
            f"{PLACE}a function is called by POST alone, and httpMethod is GET",
            id="method",
        ),
        pytest.param(
            of_proxied_function("${stageVariables.none}"),
            500,
            BAD_GATEWAY,
            f'{PLACE}its URI must name a function once the stage variables are in it, got "{invocation("")}"',
            id="no function",
        ),
        pytest.param(
            of_function(
                uri=invocation("nobody"), parameters={"integration.request.header.X-Amz-Invocation-Type": "'Event'"}
            ),
            501,
            NO_HANDLER,
            'the function "nobody" has no handler here: --lambda nobody=MODULE:FUNCTION gives it one',
            id="no handler for which nobody waits",
        ),
    ],
)
async def test_a_function_that_cannot_be_called(
    integration: RestIntegration, status: int, body: bytes, reason: str
) -> None:
    async with served(api(integration)) as client:
        answer, got = await client.send()
        assert (answer.status, got, client.exchanges[0].reason) == (status, body, reason)
        assert answer.headers["x-amzn-RequestId"]


@pytest.mark.parametrize("integration", [of_function(), of_proxied_function()])
@pytest.mark.parametrize(("more", "status"), [(0, 200), (GREATEST_EVENT // 4, 413)])
async def test_an_event_that_is_too_large_for_lambda(integration: RestIntegration, more: int, status: int) -> None:
    said = json.dumps({"body": "x" * (GREATEST_EVENT // 4 * 3 + more)}).encode()
    async with served(api(integration)) as client:
        answer, body = await client.send("POST", body=said)
        reason = client.exchanges[0].reason
    assert answer.status == status
    if status == 413:
        assert body == b'{"message":"Request Too Long"}'
        assert (reason or "").startswith("the event of a function may have 6291556 bytes, got 6")


async def test_a_stage_decides_which_function_it_is() -> None:
    made = api(replace(of_proxied_function(), call=FunctionCall(uri=invocation("${stageVariables.function}"))))
    functions = {"dev": "echoes", "prod": "raises"}
    stages = {name: Stage(name=name, variables={"function": function}) for name, function in functions.items()}
    async with served(replace(made, stages=stages)) as client:
        statuses = [(await client.send(path=f"/{name}/x"))[0].status for name in stages]
    assert statuses == [200, 502]


async def test_what_is_told_of_an_invocation() -> None:
    async with served(api(of_proxied_function())) as client:
        answer, _ = await client.send("POST", body=b'{"statusCode": 201, "body": "made"}')
        (exchange,) = client.exchanges
    assert (exchange.stage, exchange.route_key, exchange.target) == ("dev", "ANY /{proxy+}", "says")
    assert isinstance(exchange.sent, Invoked)
    assert isinstance(exchange.sent.event, dict)
    assert (exchange.sent.function, exchange.sent.event["body"]) == ("says", '{"statusCode": 201, "body": "made"}')
    assert exchange.answered is not None
    assert json.loads(exchange.answered.body) == {"statusCode": 201, "body": "made"}
    assert exchange.answered_seconds is not None
    assert (exchange.status, exchange.body, exchange.reason) == (201, b"made", None)
    assert dict(exchange.headers)["x-amzn-RequestId"] == answer.headers["x-amzn-RequestId"]


TEMPLATE = '{"message": "$input.params(\'m\')", "tenant": "$stageVariables.tenant"}'


@pytest.mark.parametrize(
    ("verb", "body", "template", "expected"),
    [
        ("GET", b"", None, {}),
        ("POST", b'{"a": [1]}', None, {"a": [1]}),
        ("POST", b'"text"', None, "text"),
        ("GET", b"", TEMPLATE, {"message": "hello", "tenant": "acme"}),
    ],
)
async def test_a_custom_integration_gives_what_its_template_makes(
    verb: str, body: bytes, template: str | None, expected: JsonValue
) -> None:
    made = api(of_function(templates={"application/json": template} if template else {}))
    async with served(made) as client:
        answer, got = await client.send(verb, "/dev/x?m=hello", body=body)
    assert (answer.status, json.loads(got)) == (200, expected)
    assert (answer.headers["Content-Type"], "X-Amzn-Trace-Id" in answer.headers) == ("application/json", True)


@pytest.mark.parametrize("body", [b"text", b"{", b"\xff"])
async def test_what_a_custom_integration_gives_must_be_json(body: bytes) -> None:
    async with served(api(of_function())) as client:
        answer, got = await client.send("POST", body=body)
        reason = client.exchanges[0].reason or ""
    assert (answer.status, got) == (400, b'{"message":"Could not parse request body into json"}')
    assert answer.headers["x-amzn-ErrorType"] == "BadRequestException"
    expected = (
        "what a function is given must be JSON, and no request template takes application/json, so it is the client's: "
    )
    assert reason.startswith(expected)


async def test_what_a_template_makes_must_be_json() -> None:
    async with served(api(of_function(templates={"application/json": "{broken}"}))) as client:
        answer, _ = await client.send("POST")
        reason = client.exchanges[0].reason or ""
    assert (answer.status, reason.startswith("what a function is given must be JSON, and it is not: ")) == (400, True)


ERROR_TEMPLATE = {"application/json": "$input.path('$.errorType'): $input.path('$.errorMessage')"}
BY_MESSAGE = (
    answering(200),
    answering(404, "no such .*", templates=ERROR_TEMPLATE),
    answering(
        418, r"[\s\S]*teapot[\s\S]*", {"method.response.header.E": "integration.response.header.X-Amz-Function-Error"}
    ),
)


@pytest.mark.parametrize(
    ("name", "sent", "expected"),
    [
        ("raises", {}, (404, b"LookupError: no such pet")),
        ("says", {"errorMessage": "no such dog", "errorType": "Own"}, (404, b"Own: no such dog")),
        ("says", {"errorMessage": None}, (200, b'{"errorMessage": null}')),
        ("says", {"message": "no such pet"}, (200, b'{"message": "no such pet"}')),
    ],
)
async def test_the_message_of_an_error_chooses_the_answer(
    name: str, sent: JsonValue, expected: tuple[int, bytes]
) -> None:
    async with served(api(of_function(*BY_MESSAGE, uri=invocation(name)))) as client:
        answer, body = await client.send("POST", body=json.dumps(sent).encode())
    assert (answer.status, body) == expected


async def test_an_error_that_no_template_takes_has_the_form_of_lambda() -> None:
    async with served(api(of_function(*BY_MESSAGE, uri=invocation("raises")))) as client:
        answer, body = await client.send("POST", body=b'{"message": "I am a teapot"}')
    error = json.loads(body)
    assert (answer.status, answer.headers["E"]) == (418, "Unhandled")
    assert re.fullmatch(r"[0-9a-f-]{36}", error.pop("requestId"))
    (frame,) = error.pop("stackTrace")
    assert "in raises" in frame
    assert error == {"errorMessage": "I am a teapot", "errorType": "LookupError"}


@pytest.mark.parametrize(
    ("pattern", "status"),
    [(".*", 500), (".+", 200), ("200", 200)],
)
async def test_a_function_that_did_not_fail_has_an_empty_message(pattern: str, status: int) -> None:
    async with served(api(of_function(answering(200), answering(500, pattern)))) as client:
        assert (await client.send("POST", body=b"{}"))[0].status == status


async def test_a_message_that_no_response_takes() -> None:
    async with served(api(of_function(answering(404, "no toy"), uri=invocation("raises")))) as client:
        answer, body = await client.send()
        reason = client.exchanges[0].reason
    assert (answer.status, body) == (500, BAD_GATEWAY)
    expected = (
        'no integration response takes the error message "no such pet" and none is the default (patterns: no toy)'
    )
    assert reason == PLACE + expected


async def test_a_custom_integration_that_takes_too_long() -> None:
    async with served(api(replace(of_function(uri=invocation("hangs")), timeout=0.5))) as client:
        answer, body = await client.send()
    assert (answer.status, body) == (504, b'{"message": "Endpoint request timed out"}')


async def test_nobody_waits_for_an_event() -> None:
    asynchronous = {"integration.request.header.X-Amz-Invocation-Type": "'Event'"}
    made = of_function(answering(202), uri=invocation("hangs"), parameters=asynchronous)
    async with served(api(made)) as client:
        answer, body = await client.send("POST", body=b"{}")
        (exchange,) = client.exchanges
    assert (answer.status, body, exchange.answered_status, exchange.answered_seconds) == (202, b"", 202, None)


async def test_another_invocation_type_is_waited_for() -> None:
    waiting = {"integration.request.header.X-Amz-Invocation-Type": "'event'"}
    async with served(api(of_function(answering(200), parameters=waiting))) as client:
        assert (await client.send("POST", body=b"{}"))[0].status == 200
        assert client.exchanges[0].answered_seconds is not None


@pytest.mark.parametrize("name", ["Authorization", "connection", "EXPECT", "te", "Proxy-Authenticate"])
@pytest.mark.parametrize("integration", [of_function(), of_proxied_function()])
async def test_a_header_that_api_gateway_writes_itself(integration: RestIntegration, name: str) -> None:
    mapping = rest.RequestMapping.parse({f"integration.request.header.{name}": "'1'"})
    async with served(api(replace(integration, request=mapping))) as client:
        answer, body = await client.send("POST")
        reason = client.exchanges[0].reason
    assert (answer.status, body) == (500, BAD_GATEWAY)
    assert reason == f"{PLACE}the header {name} is API Gateway's own, and a mapping or override sets it"
