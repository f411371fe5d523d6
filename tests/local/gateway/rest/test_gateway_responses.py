import json
import re
from collections.abc import Mapping
from dataclasses import replace

import pytest

from apigateway import limits
from local.gateway.faults import TIMED_OUT, TOO_LARGE
from local.topology import RestApi
from local.topology.calls import PublicCall, Unreachable
from local.topology.rest import GatewayResponse
from tests.local.gateway.backend import Backend, Received
from tests.local.gateway.conftest import Log
from tests.local.gateway.rest.apis import answering, api, custom, method, mocked, private, proxy, served, wording

INTERNAL = b'{"message": "Internal server error"}'
JSON_ONLY = {"application/json": "$input.body"}
REQUEST_TWICE = """
#set($context.requestOverride.header.A = "1")
#set($context.requestOverride.header.A = "2")
"""
RESPONSE_TWICE = """
#set($context.responseOverride.header.A = "1")
#set($context.responseOverride.header.A = "2")
"""
PLACE = 'apis.shop.routes["ANY /{proxy+}"].integration: '


def keyed() -> RestApi:
    return api(replace(method("GET /x"), api_key_required=True))


@pytest.mark.parametrize(
    ("made", "sent", "status", "body", "error", "reason"),
    [
        pytest.param(
            api(method("GET /x")),
            ("GET", "/prod/x"),
            403,
            b'{"message":"Missing Authentication Token"}',
            "MissingAuthenticationTokenException",
            '"prod" is no stage (stages: dev)',
            id="no stage",
        ),
        pytest.param(
            api(method("GET /x")),
            ("POST", "/dev/x"),
            403,
            b'{"message":"Missing Authentication Token"}',
            "MissingAuthenticationTokenException",
            "no method takes POST /x (methods: GET /x)",
            id="no method",
        ),
        pytest.param(
            keyed(),
            ("GET", "/dev/x"),
            403,
            b'{"message":"Forbidden"}',
            "ForbiddenException",
            "the method wants an API key and there is no x-api-key header",
            id="no key",
        ),
        pytest.param(
            api(custom(templates=JSON_ONLY)),
            ("POST", "/dev/x"),
            200,
            b"",
            None,
            None,
            id="the template of JSON takes a body without a type",
        ),
        pytest.param(
            api(replace(custom(templates=JSON_ONLY), passthrough="NEVER")),
            ("POST", "/dev/x", {"Content-Type": "text/plain; charset=utf-8"}),
            415,
            b'{"message": "Unsupported Media Type"}',
            "BadRequestException",
            "no request template takes text/plain (templates: application/json) and nothing passes without one: "
            "passthroughBehavior NEVER",
            id="media type",
        ),
        pytest.param(
            api(custom(templates={"application/json": REQUEST_TWICE})),
            ("POST", "/dev/x"),
            500,
            INTERNAL,
            "InternalServerErrorException",
            ...,
            id="request template",
        ),
        pytest.param(
            api(custom(answering(200, r"2\d\d", templates={"application/json": RESPONSE_TWICE}))),
            ("POST", "/dev/x"),
            500,
            INTERNAL,
            "InternalServerErrorException",
            ...,
            id="response template",
        ),
        pytest.param(
            api(custom(templates={"application/json": "#set($context.requestOverride.header.Content-Length = '1')"})),
            ("POST", "/dev/x"),
            500,
            INTERNAL,
            "InternalServerErrorException",
            f"{PLACE}the header Content-Length is API Gateway's own, and a mapping or override sets it",
            id="header of API Gateway's own",
        ),
        pytest.param(
            api(custom(answering(404, "404"), answering(500, r"5\d\d"))),
            ("POST", "/dev/x"),
            500,
            INTERNAL,
            "InternalServerErrorException",
            f"{PLACE}no integration response takes the status 200 and none is the default (patterns: 404, 5\\d\\d)",
            id="no response",
        ),
        pytest.param(
            api(custom(answering(404, r"\p{Lu}+"))),
            ("POST", "/dev/x"),
            500,
            INTERNAL,
            "InternalServerErrorException",
            f"{PLACE}no response can be chosen here: a regular expression that Java can try and Python cannot, got "
            '"\\p{Lu}+"',
            id="pattern of Java",
        ),
        pytest.param(
            api(mocked(answering(), template='{"statusCode": "200"}')),
            ("POST", "/dev/x"),
            500,
            INTERNAL,
            "InternalServerErrorException",
            PLACE + 'its request template must make {"statusCode": 200} or the like, with a whole number, got '
            '"{"statusCode": "200"}"',
            id="mock without a status",
        ),
        pytest.param(
            api(proxy(PublicCall(uri="http://${stageVariables.host}/"))),
            ("GET", "/dev/x"),
            500,
            INTERNAL,
            "InternalServerErrorException",
            f'{PLACE}its URI must be a URL once the stage variables are in it, got "http:///"',
            id="no URL",
        ),
        pytest.param(
            api(custom(parameters={"integration.request.header.X-Id": "method.request.body.id"})),
            ("POST", "/dev/x", {}, b"{nothing"),
            400,
            b'{"message":"Invalid JSON in request body"}',
            "BadRequestException",
            "a mapping reads the body, which is not JSON",
            id="body of a request mapping",
        ),
        pytest.param(
            api(custom(templates={"application/json": "$input.json('$.id')"})),
            ("POST", "/dev/x", {}, b"{nothing"),
            400,
            b'{"message":"Could not parse request body into json"}',
            "BadRequestException",
            ...,
            id="body of a request template",
        ),
        pytest.param(
            replace(api(custom(templates=JSON_ONLY)), binary_media_types=("*/*",)),
            ("POST", "/dev/x", {}, b"\xff"),
            500,
            INTERNAL,
            "InternalServerErrorException",
            f"{PLACE}the template for application/json cannot take a binary body; contentHandling CONVERT_TO_TEXT lets "
            "it",
            id="binary body for a template",
        ),
        pytest.param(
            api(replace(proxy(), content_handling="CONVERT_TO_BINARY")),
            ("POST", "/dev/x", {}, b"#"),
            500,
            INTERNAL,
            "InternalServerErrorException",
            ...,
            id="no Base64",
        ),
        pytest.param(
            api(method("ANY /{proxy+}")),
            ("POST", "/dev/x", {"Content-Encoding": "gzip"}, b"plain"),
            400,
            b'{"message":"Bad Request"}',
            "BadRequestException",
            "the body is not of its Content-Encoding gzip: Error -3 while decompressing data: incorrect header check",
            id="not compressed",
        ),
        pytest.param(
            api(method("ANY /{proxy+}")),
            ("GET", "/dev/x", {"X-Long": "x" * limits.HTTP_HEADER_BYTES}),
            431,
            b'{"message":"Request Header Fields Too Large"}',
            "BadRequestException",
            ...,
            id="headers",
        ),
    ],
)
async def test_a_fault_and_its_answer(
    made: RestApi,
    sent: tuple[str, str] | tuple[str, str, Mapping[str, str]] | tuple[str, str, Mapping[str, str], bytes],
    status: int,
    body: bytes,
    error: str | None,
    reason: object,
    backend: Backend,
    log: Log,
) -> None:
    async with served(made, backend) as client:
        answer, got = await client.send(*sent)
    assert (answer.status, got) == (status, body)
    assert answer.headers.get("x-amzn-ErrorType") == error
    assert answer.headers["Content-Type"] == "application/json"
    (line,) = [line for line in log.lines if line.startswith("shop ")]
    told = re.fullmatch(rf"shop {sent[0]} /.* -> .*: {status}(?: from .*?)? in \d+ ms(?:: (.*))?", line)
    assert told
    if reason is not ...:
        assert told[1] == reason
    assert not log.tracebacks


async def test_a_private_backend_that_cannot_be_reached(log: Log) -> None:
    async with served(api(proxy())) as client:
        answer, body = await client.send()
    assert (answer.status, body) == (500, INTERNAL)
    assert log.lines[-1].endswith(f"{PLACE}nothing listens at http://127.0.0.1:9")


async def test_a_link_that_leads_nowhere(log: Log, backend: Backend) -> None:
    call = replace(private(), reach=Unreachable(reason="port 81 has no listener"))
    async with served(api(proxy(call)), backend) as client:
        answer, body = await client.send()
    assert (answer.status, body) == (500, INTERNAL)
    assert log.lines[-1].endswith(f"{PLACE}port 81 has no listener")


async def test_a_public_url_that_cannot_be_reached(log: Log) -> None:
    async with served(api(proxy(PublicCall(uri="http://127.0.0.1:9/{proxy}")))) as client:
        answer, body = await client.send()
    assert (answer.status, body) == (504, b'{"message": "Network error communicating with endpoint"}')
    assert answer.headers["x-amzn-ErrorType"] == "InternalServerErrorException"
    assert "504 from http://127.0.0.1:9 in" in log.lines[-1]
    assert log.lines[-1].endswith(f"{PLACE}nothing listens at http://127.0.0.1:9")


@pytest.mark.parametrize("public", [False, True])
async def test_a_backend_that_does_not_answer_in_time(public: bool, backend: Backend, log: Log) -> None:
    async def never(_: Received) -> None:
        await backend.received.join()

    backend.on_request = never
    call = PublicCall(uri=f"{backend.url}/") if public else private()
    async with served(api(replace(proxy(call), timeout=0.05)), backend) as client:
        answer, body = await client.send()
    assert (answer.status, body) == (504, b'{"message": "Endpoint request timed out"}')
    assert log.lines[-1].endswith(f"{PLACE}the backend did not answer within 0.05 s")


async def test_an_answer_that_is_too_large(backend: Backend, log: Log) -> None:
    body = b"x" * (limits.HTTP_PAYLOAD_BYTES + 1)
    backend.answers.append(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    async with served(api(proxy(PublicCall(uri=f"{backend.url}/")))) as client:
        answer, got = await client.send()
    assert (answer.status, got) == (500, INTERNAL)
    assert log.lines[-1].endswith("the backend's answer is larger than 10485760 bytes")


async def test_a_body_that_is_too_large_is_answered_the_same_whatever_the_stack_says() -> None:
    made = replace(
        api(proxy()),
        gateway_responses={
            "REQUEST_TOO_LARGE": wording(418, templates={"application/json": "{}"}),
            "DEFAULT_4XX": wording(419),
        },
    )
    async with served(made) as client:
        answer, body = await client.send("POST", body=b"x" * (limits.HTTP_PAYLOAD_BYTES + 1))
    assert (answer.status, body) == (413, b'{"message":"Request Too Long"}')
    assert answer.headers["x-amzn-ErrorType"] == TOO_LARGE.error == "RequestTooLargeException"


@pytest.mark.parametrize(
    ("responses", "headers", "expected"),
    [
        pytest.param(
            {"MISSING_AUTHENTICATION_TOKEN": wording(404, {"gatewayresponse.header.X-Why": "'none'"})},
            {},
            (404, b'{"message":"Missing Authentication Token"}', "application/json", "none"),
            id="status and header, the body of all",
        ),
        pytest.param(
            {"DEFAULT_4XX": wording(None, {"gatewayresponse.header.X-Why": "context.error.responseType"})},
            {},
            (403, b'{"message":"Missing Authentication Token"}', "application/json", "MISSING_AUTHENTICATION_TOKEN"),
            id="by the default type",
        ),
        pytest.param(
            {"DEFAULT_4XX": wording(400), "DEFAULT_5XX": wording(500), "MISSING_AUTHENTICATION_TOKEN": wording(404)},
            {},
            (404, b'{"message":"Missing Authentication Token"}', "application/json", None),
            id="the type itself comes first",
        ),
        pytest.param(
            {"DEFAULT_4XX": wording(499)},
            {},
            (499, b'{"message":"Missing Authentication Token"}', "application/json", None),
            id="the status of the default type",
        ),
        pytest.param(
            {
                "MISSING_AUTHENTICATION_TOKEN": wording(
                    None,
                    {
                        "gatewayresponse.header.X-Why": "method.request.header.X-In",
                        "gatewayresponse.header.X-None": "method.request.querystring.none",
                    },
                    {
                        "application/json": "no",
                        "text/plain": "${context.error.message}: $context.httpMethod $context.path. "
                        "$stageVariables.tenant $method.request.header.X-In $method.request.querystring.q "
                        "[$context.nothing] $other #if(true)",
                    },
                )
            },
            {"Accept": "text/plain;q=1, */*", "X-In": "in"},
            (
                403,
                b"Missing Authentication Token: PUT /dev/x/y. acme in 1 2 [] $other #if(true)",
                "text/plain",
                "in",
            ),
            id="variables",
        ),
        pytest.param(
            {"MISSING_AUTHENTICATION_TOKEN": wording(templates={"text/html": "<p>$context.error.responseType</p>"})},
            {"Accept": "image/png"},
            (403, b"<p>MISSING_AUTHENTICATION_TOKEN</p>", "text/html", None),
            id="the first template",
        ),
        pytest.param(
            {
                "DEFAULT_4XX": wording(
                    parameters={
                        "gatewayresponse.header.content-type": "'application/problem+json'",
                        "gatewayresponse.header.X-Why": "stageVariables.tenant",
                    }
                )
            },
            {},
            (403, b'{"message":"Missing Authentication Token"}', "application/problem+json", "acme"),
            id="content type",
        ),
    ],
)
async def test_the_stack_words_a_fault(
    responses: Mapping[str, GatewayResponse], headers: Mapping[str, str], expected: tuple[int, bytes, str, str | None]
) -> None:
    made = replace(api(method("GET /x")), gateway_responses=responses)
    async with served(made) as client:
        answer, body = await client.send("PUT", "/dev/x/y?q=1%202", headers)
    assert (answer.status, body, answer.headers["Content-Type"], answer.headers.get("X-Why")) == expected
    assert "X-None" not in answer.headers
    assert answer.headers["x-amzn-ErrorType"] == "MissingAuthenticationTokenException"


async def test_a_path_parameter_and_a_server_fault_are_worded_too() -> None:
    template = {"application/json": '{"id": "$method.request.path.proxy", "why": $context.error.messageString}'}
    made = replace(api(proxy()), gateway_responses={"DEFAULT_5XX": wording(503, templates=template)})
    async with served(made) as client:
        answer, body = await client.send(path="/dev/a%20b")
    assert (answer.status, json.loads(body)) == (503, {"id": "a b", "why": "Internal server error"})


async def test_every_answer_has_its_ids() -> None:
    async with served(api(method("GET /x", mocked(answering())))) as client:
        for path in ("/dev/x", "/dev/none", "/"):
            answer, _ = await client.send(path=path)
            assert re.fullmatch(r"[0-9a-f-]{36}", answer.headers["x-amzn-RequestId"])
            assert re.fullmatch(r"[A-Za-z0-9_-]{15}=", answer.headers["x-amz-apigw-id"])
            assert "X-Amzn-Trace-Id" not in answer.headers


def test_the_message_of_a_timeout_is_that_of_aws() -> None:
    assert (TIMED_OUT.type, TIMED_OUT.own_status) == ("INTEGRATION_TIMEOUT", 504)
