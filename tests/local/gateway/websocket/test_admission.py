"""Who may open a connection: authorizers, signatures, API keys and usage plans, in front of a mock that takes all."""

import json
import re

import pytest

from local.recording import Json
from tests.local.gateway.conftest import Log
from tests.local.gateway.websocket.apis import Served, ask, chat, invocation, mock, of_function, respond, served
from tests.local.recordings import Program

SIGNED = {
    "Authorization": (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/execute-api/aws4_request, "
        "SignedHeaders=host, Signature=0"
    ),
    "X-Amz-Date": "20260101T000000Z",
}
QUERY = "route.request.querystring.auth"
WHO = '{"who": "$context.authorizer.principalId $context.authorizer.tenant $context.authorizer.level"}'


def guarded(sources: list[Json] | None = None, function: str = "judges") -> Program:
    """Register an API whose $connect asks an authorizer, and whose messages lead to a function."""
    made = chat(connect=mock(), default=of_function("returns", "AWS"), disconnect=of_function("says"))
    respond(made, "$connect")
    respond(made, "$default", responseTemplates={"$default": WHO})
    made.add(
        "aws:apigatewayv2/authorizer:Authorizer",
        "door",
        {
            "apiId": "chat",
            "authorizerType": "REQUEST",
            "authorizerUri": invocation(function),
            "identitySources": [QUERY] if sources is None else sources,
        },
    )
    made.change("chat $connect", authorizationType="CUSTOM", authorizerId="door")
    return made


async def test_what_an_authorizer_says_is_known_to_every_event() -> None:
    async with served(guarded()) as gateway:
        socket = await gateway.connect("?auth=Allow")
        assert await ask(socket) == {"who": "ada acme 3"}
        await socket.close()
    said = gateway.given("DISCONNECT")["requestContext"]["authorizer"]
    del said["event"]
    assert said == {"principalId": "ada", "tenant": "acme", "level": "3", "trusted": "true"}


@pytest.mark.parametrize(
    ("query", "status", "message", "reason"),
    [
        (
            "",
            401,
            "Unauthorized",
            'the authorizer "door" wants querystring auth, and the request lacks it or has it empty',
        ),
        (
            "?auth=",
            401,
            "Unauthorized",
            'the authorizer "door" wants querystring auth, and the request lacks it or has it empty',
        ),
        (
            "?auth=stranger",
            401,
            "Unauthorized",
            'the function "judges" of the authorizer "door" raised Unauthorized',
        ),
        (
            "?auth=Deny",
            403,
            "Forbidden",
            'the policy of the authorizer "door" denies arn:aws:execute-api:us-east-1:123456789012:chat/dev/$connect',
        ),
        (
            "?auth=broken",
            500,
            "Internal server error",
            'the function "judges" of the authorizer "door" raised ValueError: no database',
        ),
    ],
)
async def test_who_is_not_let_in(query: str, status: int, message: str, reason: str, log: Log) -> None:
    async with served(guarded()) as gateway:
        answered, body = await gateway.refused(query)
        assert (answered, list(body), body["message"]) == (status, ["message", "connectionId", "requestId"], message)
    assert gateway.exchanges[0].reason == reason
    assert not log.tracebacks


async def test_the_event_of_an_authorizer() -> None:
    async with served(guarded()) as gateway:
        await (await gateway.connect("?auth=Allow", Host="ws.example")).close()
    connection_id = gateway.exchanges[0].connection_id
    event = json.loads(gateway.given("DISCONNECT")["requestContext"]["authorizer"]["event"])
    headers, context = event.pop("headers"), event.pop("requestContext")
    assert event.pop("multiValueHeaders") == {name: [value] for name, value in headers.items()}
    assert event == {
        "type": "REQUEST",
        "methodArn": "arn:aws:execute-api:us-east-1:123456789012:chat/dev/$connect",
        "queryStringParameters": {"auth": "Allow"},
        "multiValueQueryStringParameters": {"auth": ["Allow"]},
        "stageVariables": {"tenant": "acme"},
    }
    upgrade = {name: headers[name] for name in ("Connection", "content-length", "Host", "Upgrade")}
    assert upgrade == {"Connection": "upgrade", "content-length": "0", "Host": "ws.example", "Upgrade": "websocket"}
    assert list(headers) == sorted(headers, key=str.lower)
    told = {name: context[name] for name in ("routeKey", "eventType", "domainName", "connectionId", "stage", "apiId")}
    assert told == {
        "routeKey": "$connect",
        "eventType": "CONNECT",
        "domainName": "ws.example",
        "connectionId": connection_id,
        "stage": "dev",
        "apiId": "chat",
    }
    assert "authorizer" not in context


async def test_an_authorizer_without_identity_sources_is_asked_each_time() -> None:
    async with served(guarded([])) as gateway:
        await (await gateway.connect("?auth=Allow")).close()
        assert (await gateway.refused("?auth=Deny"))[0] == 403


async def test_an_authorizer_without_a_handler() -> None:
    async with served(guarded(function="nobody")) as gateway:
        status, body = await gateway.refused("?auth=Allow")
    assert status == 501
    assert body["message"].startswith('Not served by the local gateway: the function "nobody" has no handler here')


def signed() -> Program:
    made = chat(connect=mock(), default=mock())
    respond(made, "$connect")
    respond(made, "$default", responseTemplates={"$default": '{"key": "$context.identity.accessKey"}'})
    made.change("chat $connect", authorizationType="AWS_IAM")
    return made


async def test_a_signature_opens_a_connection() -> None:
    async with served(signed()) as gateway:
        socket = await gateway.connect(**SIGNED)
        assert await ask(socket) == {"key": "AKIDEXAMPLE"}
        await socket.close()
        scope = "AKID/20260101/us-east-1/execute-api/aws4_request"
        query = f"?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={scope}&X-Amz-Signature=0"
        await (await gateway.connect(query)).close()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer x"},
        {**SIGNED, "Authorization": SIGNED["Authorization"].replace("us-east-1", "eu-west-1")},
        {**SIGNED, "Authorization": SIGNED["Authorization"].replace("execute-api", "s3")},
    ],
)
async def test_what_is_no_signature_for_the_api(headers: dict[str, str]) -> None:
    async with served(signed()) as gateway:
        status, body = await gateway.refused(**headers)
        assert (status, body["message"]) == (403, "Forbidden")
    assert gateway.exchanges[0].reason


def keyed(made: Program, expression: str | None = None, **plan: Json) -> Program:
    """Let a usage plan with the key "gold" guard $connect."""
    made.change("chat $connect", apiKeyRequired=True)
    made.change("chat", apiKeySelectionExpression=expression)
    made.add("aws:apigateway/apiKey:ApiKey", "gold", {"enabled": True})
    made.add(
        "aws:apigateway/usagePlan:UsagePlan",
        "partners",
        {"apiStages": [{"apiId": "chat", "stage": "dev"}], **plan},
    )
    made.add(
        "aws:apigateway/usagePlanKey:UsagePlanKey",
        "partners-gold",
        {"usagePlanId": "partners", "keyId": "gold", "keyType": "API_KEY"},
    )
    return made


def taking_keys(**plan: Json) -> Program:
    made = chat(connect=mock(), default=mock())
    respond(made, "$connect")
    respond(made, "$default", responseTemplates={"$default": '{"id": "$context.identity.apiKeyId"}'})
    return keyed(made, None, **plan)


async def test_an_api_key_opens_a_connection() -> None:
    async with served(taking_keys()) as gateway:
        socket = await gateway.connect(**{"x-api-key": "gold"})
        assert await ask(socket) == {"id": "gold"}
        await socket.close()


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({}, "$connect wants an API key and there is no x-api-key header"),
        ({"x-api-key": "tin"}, 'no usage plan of the stage "dev" has the API key of the handshake'),
    ],
)
async def test_keys_that_open_nothing(headers: dict[str, str], reason: str) -> None:
    async with served(taking_keys()) as gateway:
        status, body = await gateway.refused(**headers)
        assert (status, body["message"]) == (403, "Forbidden")
    assert gateway.exchanges[0].reason == reason


async def _third(gateway: Served) -> tuple[int, dict[str, str]]:
    for _ in range(2):
        await (await gateway.connect(**{"x-api-key": "gold"})).close()
    return await gateway.refused(**{"x-api-key": "gold"})


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        ({"throttleSettings": {"rateLimit": 1, "burstLimit": 2}}, "Too Many Requests"),
        ({"quotaSettings": {"limit": 2, "period": "DAY"}}, "Limit Exceeded"),
    ],
)
async def test_a_usage_plan_counts_handshakes(plan: dict[str, Json], message: str) -> None:
    async with served(taking_keys(**plan), clock=lambda: 0) as gateway:
        status, body = await _third(gateway)
        assert (status, body["message"]) == (429, message)
    assert re.search("usage plan partners", gateway.events("CONNECT")[2].reason or "")


async def test_an_authorizer_gives_the_key() -> None:
    made = keyed(guarded(), "$context.authorizer.usageIdentifierKey")
    async with served(made) as gateway:
        await (await gateway.connect("?auth=Allow&key=gold")).close()
        assert (await gateway.refused("?auth=Allow&key=tin"))[0] == 403
        assert (await gateway.refused("?auth=Allow"))[0] == 403
        assert (await gateway.refused(**{"x-api-key": "gold"}))[0] == 401
    reason = "the API takes its keys from an authorizer, and no authorizer gave one"
    assert gateway.events("CONNECT")[2].reason == reason
