import json
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from apigateway.json_path import JsonValue
from local.functions import Functions, HandlerName
from local.gateway.authorization.issuers import Issuers
from local.gateway.server import Gateway
from local.topology import RestApi, Topology
from local.topology.authorization import CognitoAuthorizer, CognitoRequired, Identity, LambdaRequired
from local.topology.rest import RestMethod
from tests.local.gateway.authorization.tokens import signing_key, write_key_set
from tests.local.gateway.conftest import Log
from tests.local.gateway.rest.apis import (
    FOLDER,
    Client,
    answering,
    api,
    asking,
    method,
    mocked,
    of_proxied_function,
    served,
    wording,
)
from tests.local.gateway.rest.test_access import DENIED, FORBIDDEN, policy, statement

UNAUTHORIZED = (401, '{"message":"Unauthorized"}', "UnauthorizedException")
CONFIGURATION = (500, '{"message":null}', "AuthorizerConfigurationException")
EXPLICIT = '{"Message":"User is not authorized to access this resource with an explicit deny"}'
IMPLICIT = '{"Message":"User is not authorized to access this resource"}'
ARN = "arn:aws:execute-api:us-east-1:123456789012:shop/dev/GET/a/1"


def guarded(authorization: LambdaRequired | CognitoRequired | None = None, **parameters: str) -> RestMethod:
    """Return a mock behind an authorizer, which answers with what ``$context`` knows."""
    headers = {f"method.response.header.{name}": f"context.authorizer.{value}" for name, value in parameters.items()}
    return replace(
        method("GET /a/{id}", mocked(answering(200, None, headers))), authorization=authorization or asking()
    )


async def call(made: RestApi, token: str, **headers: str) -> tuple[int, str, str | None]:
    async with served(made) as client:
        answer, body = await client.send(path="/dev/a/1", headers={"Token": token, **headers})
        return answer.status, body.decode(), answer.headers.get("x-amzn-ErrorType")


@pytest.mark.parametrize(
    ("token", "expected", "reason"),
    [
        ("Allow", (200, "", None), None),
        ("Allow arn:aws:execute-api:*:*:shop/*/GET/*", (200, "", None), None),
        (
            "Deny",
            (403, EXPLICIT, "AccessDeniedException"),
            f'the policy of the authorizer "door" denies {ARN}',
        ),
        (
            "Allow arn:aws:execute-api:*:*:shop/dev/POST/*",
            (403, IMPLICIT, "AccessDeniedException"),
            f'the policy of the authorizer "door" has no statement that allows {ARN}',
        ),
        ("stranger", UNAUTHORIZED, 'the function "judges" of the authorizer "door" raised Unauthorized'),
        ("broken", CONFIGURATION, 'the function "judges" of the authorizer "door" raised ValueError: no database'),
        ("wordless", CONFIGURATION, 'the function "judges" of the authorizer "door" gave a wrong answer: '),
        ("", UNAUTHORIZED, 'the authorizer "door" wants header Token, and the request lacks it or has it empty'),
        (None, UNAUTHORIZED, 'the authorizer "door" wants header Token, and the request lacks it or has it empty'),
    ],
)
async def test_what_an_authorizer_says(
    token: str | None, expected: tuple[int, str, str | None], reason: str | None, log: Log
) -> None:
    async with served(api(guarded())) as client:
        answer, body = await client.send(path="/dev/a/1", headers={} if token is None else {"token": token})
        (exchange,) = client.exchanges
    assert (answer.status, body.decode(), answer.headers.get("x-amzn-ErrorType")) == expected
    assert (exchange.reason or "").startswith(reason or "")
    assert (exchange.reason is None) == (reason is None)
    assert not log.tracebacks


async def test_an_authorizer_whose_answer_is_no_policy() -> None:
    assert await call(api(guarded(asking(name="is_wrong"))), "x") == CONFIGURATION


async def test_an_authorizer_without_a_handler() -> None:
    status, body, error = await call(api(guarded(asking(name="nobody"))), "x")
    assert (status, error) == (501, None)
    assert json.loads(body) == {
        "message": 'Not served by the local gateway: the function "nobody" has no handler here: '
        "--lambda nobody=MODULE:FUNCTION gives it one"
    }


async def test_gateway_responses_word_what_an_authorizer_says() -> None:
    template = '{"type": "$context.error.responseType", "tenant": "$context.authorizer.tenant"}'
    worded = {
        name: wording(418, templates={"application/json": template})
        for name in ("UNAUTHORIZED", "ACCESS_DENIED", "AUTHORIZER_CONFIGURATION_ERROR")
    }
    made = replace(api(guarded()), gateway_responses=worded)
    assert [(await call(made, token))[:2] for token in ("stranger", "Deny", "broken")] == [
        (418, '{"type": "UNAUTHORIZED", "tenant": ""}'),
        (418, '{"type": "ACCESS_DENIED", "tenant": "acme"}'),
        (418, '{"type": "AUTHORIZER_CONFIGURATION_ERROR", "tenant": ""}'),
    ]


async def event_of(made: RestApi, path: str, headers: Mapping[str, str]) -> dict[str, Any]:
    """Return the event that the authorizer was asked with."""
    async with served(made) as client:
        answer, _ = await client.send(path=path, headers=headers)
    assert answer.status == 200
    event: dict[str, Any] = json.loads(answer.headers["Event"])
    return event


async def test_the_event_of_a_token_authorizer() -> None:
    assert await event_of(api(guarded(Event="event")), "/dev/a/1?b=2", {"TOKEN": "Allow"}) == {
        "type": "TOKEN",
        "methodArn": ARN,
        "authorizationToken": "Allow",
    }


async def test_the_event_of_a_request_authorizer() -> None:
    sources = (Identity(location="querystring", name="token"), Identity(location="stageVariables", name="tenant"))
    made = api(guarded(asking("REQUEST", sources=sources), Event="event"))
    event = await event_of(made, "/dev/a/1?token=Allow&b=2&b=3", {"Host": "shop.example", "X-Twice": "1"})
    context = event.pop("requestContext")
    headers, multi = event.pop("headers"), event.pop("multiValueHeaders")
    assert (headers["X-Twice"], multi["X-Twice"]) == ("1", ["1"])
    assert event == {
        "type": "REQUEST",
        "methodArn": ARN,
        "resource": "/a/{id}",
        "path": "/a/1",
        "httpMethod": "GET",
        "queryStringParameters": {"token": "Allow", "b": "3"},
        "multiValueQueryStringParameters": {"token": ["Allow"], "b": ["2", "3"]},
        "pathParameters": {"id": "1"},
        "stageVariables": {"tenant": "acme"},
    }
    assert (context["resourcePath"], context["path"], context["stage"]) == ("/a/{id}", "/dev/a/1", "dev")
    assert context["identity"]["sourceIp"] == "127.0.0.1"
    assert "authorizer" not in context


async def test_what_is_empty_is_an_empty_object_in_the_event_of_an_authorizer() -> None:
    made = api(
        replace(
            method("GET /", mocked(answering(200, None, {"method.response.header.Event": "context.authorizer.event"}))),
            authorization=asking("REQUEST"),
        )
    )
    event = await event_of(made, "/dev", {"Token": "Allow"})
    names = ("queryStringParameters", "multiValueQueryStringParameters", "pathParameters")
    assert [event[name] for name in names] == [{}, {}, {}]


async def test_a_mapping_reads_what_an_authorizer_gave() -> None:
    made = guarded(Who="principalId", Tenant="tenant", Level="level", Trusted="trusted", None_="other")
    async with served(api(made)) as client:
        answer, _ = await client.send(path="/dev/a/1", headers={"Token": "Allow"})
    assert [answer.headers.get(name) for name in ("Who", "Tenant", "Level", "Trusted", "None_")] == [
        "ada",
        "acme",
        "3",
        "true",
        None,
    ]


async def test_a_function_is_told_what_an_authorizer_gave() -> None:
    made = replace(method("GET /a/{id}", of_proxied_function("echoes")), authorization=asking())
    _, body, _ = await call(api(made), "Allow")
    said = json.loads(body)["requestContext"]["authorizer"]
    assert isinstance(said.pop("integrationLatency"), int)
    assert said.pop("event")
    assert said == {"principalId": "ada", "tenant": "acme", "level": "3", "trusted": "true", "times": "1"}


ANYBODY = policy(statement())
NOBODY = policy(statement("Deny"))
ELSEWHERE = policy(statement(Resource="execute-api:/dev/POST/*"))


@pytest.mark.parametrize(
    ("given", "token", "private", "expected"),
    [
        (ANYBODY, "Allow", False, (200, "")),
        (ELSEWHERE, "Allow", False, (200, "")),
        (ANYBODY, "Allow arn:aws:execute-api:*:*:shop/dev/POST/*", False, (200, "")),
        (ELSEWHERE, "Allow arn:aws:execute-api:*:*:shop/dev/POST/*", False, (403, IMPLICIT)),
        (ANYBODY, "Deny", False, (403, EXPLICIT)),
        (NOBODY, "Allow", False, (403, FORBIDDEN)),
        (NOBODY, "stranger", False, (403, FORBIDDEN)),
        (None, "Allow", True, (403, DENIED)),
        (ANYBODY, "Allow", True, (200, "")),
    ],
)
async def test_a_resource_policy_beside_an_authorizer(
    given: dict[str, JsonValue] | None, token: str, private: bool, expected: tuple[int, str]
) -> None:
    made = replace(api(guarded(), policy=given), is_private=private)
    assert (await call(made, token))[:2] == expected


@pytest.mark.parametrize(
    ("source", "token", "headers", "expected"),
    [
        ("AUTHORIZER", "Allow", {}, (200, "")),
        ("AUTHORIZER", "Deny", {}, (403, EXPLICIT)),
        ("HEADER", "Allow", {}, (403, '{"message":"Forbidden"}')),
        ("HEADER", "Allow", {"x-api-key": "gold"}, (200, "")),
    ],
)
async def test_an_authorizer_may_give_the_api_key(
    source: str, token: str, headers: Mapping[str, str], expected: tuple[int, str]
) -> None:
    keyed = replace(guarded(), api_key_required=True)
    made = replace(api(keyed), api_key_source="HEADER" if source == "HEADER" else "AUTHORIZER")
    assert (await call(made, token, **headers))[:2] == expected


async def test_the_key_of_an_authorizer_must_be_one_of_the_stage() -> None:
    made = replace(api(replace(guarded(), api_key_required=True)), api_key_source="AUTHORIZER")
    stage = replace(made.stages["dev"], api_keys={"tin": "key-tin"})
    async with served(replace(made, stages={"dev": stage})) as client:
        answer, _ = await client.send(path="/dev/a/1", headers={"Token": "Allow"})
        reason = client.exchanges[0].reason
    assert answer.status == 403
    assert reason == 'no usage plan of the stage "dev" has the API key that the authorizer gave (usageIdentifierKey)'


async def test_an_answer_counts_until_the_api_is_another_one() -> None:
    made = api(guarded(asking(ttl=300), Times="times"))
    functions = Functions({"judges": HandlerName(module="rest_functions", function="judges")}, FOLDER)
    topology = Topology(http_apis=(), websocket_apis=(), rest_apis=(made,), backends=())
    gateway = Gateway(topology, {}, first_port=0, functions=functions)
    endpoints = await gateway.start()
    times = []
    try:
        async with aiohttp.ClientSession() as session:
            client = Client(session, endpoints.apis["shop"].endpoint.removesuffix("/dev"))
            for _ in range(2):
                answer, _ = await client.send(path="/dev/a/1", headers={"Token": "Allow"})
                times.append(answer.headers["Times"])
            await gateway.swap(topology)
            answer, _ = await client.send(path="/dev/a/1", headers={"Token": "Allow"})
            times.append(answer.headers["Times"])
    finally:
        await gateway.stop()
        await functions.stop()
    assert times == ["1", "1", "2"]


POOL = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_pets"
ISSUER = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_pets"
NOW = int(time.time())
USER: dict[str, JsonValue] = {
    "iss": ISSUER,
    "sub": "ada",
    "token_use": "id",
    "exp": NOW + 86_400,
    "iat": 1_000_000_000,
    "cognito:groups": ["admins", "users"],
    "email_verified": True,
    "auth_time": 5,
    "none": None,
}
ACCESS: dict[str, JsonValue] = {**USER, "token_use": "access", "scope": "pets/read"}


@pytest.fixture
def issuers(tmp_path: Path) -> Issuers:
    return Issuers({ISSUER: str(write_key_set(tmp_path / "keys.json", signing_key()))})


def pool(*scopes: str) -> CognitoRequired:
    source = Identity(location="header", name="Authorization")
    return CognitoRequired(authorizer=CognitoAuthorizer(name="users", user_pools=(POOL,), source=source), scopes=scopes)


@pytest.mark.parametrize(
    ("scopes", "claims", "expected"),
    [
        ((), USER, (200, "", None)),
        (("pets/write", "pets/read"), ACCESS, (200, "", None)),
        ((), ACCESS, UNAUTHORIZED),
        (("pets/read",), USER, UNAUTHORIZED),
        (("pets/write",), ACCESS, UNAUTHORIZED),
        ((), {**USER, "iss": "https://elsewhere.example"}, UNAUTHORIZED),
        (
            (),
            {**USER, "exp": NOW - 60},
            (401, '{"message":"The incoming token has expired"}', "UnauthorizedException"),
        ),
        ((), None, UNAUTHORIZED),
    ],
)
async def test_a_user_pool(
    scopes: tuple[str, ...],
    claims: dict[str, JsonValue] | None,
    expected: tuple[int, str, str | None],
    issuers: Issuers,
) -> None:
    headers = {"Authorization": f"Bearer {signing_key().sign(claims)}"} if claims is not None else {}
    async with served(api(guarded(pool(*scopes))), issuers=issuers) as client:
        answer, body = await client.send(path="/dev/a/1", headers=headers)
        (exchange,) = client.exchanges
    await issuers.close()
    assert (answer.status, body.decode(), answer.headers.get("x-amzn-ErrorType")) == expected
    assert (exchange.reason is None) == (answer.status == 200)


async def test_an_expired_token_has_a_gateway_response_of_its_own(issuers: Issuers) -> None:
    made = replace(api(guarded(pool())), gateway_responses={"EXPIRED_TOKEN": wording(440)})
    headers = {"Authorization": signing_key().sign({**USER, "exp": NOW - 60})}
    async with served(made, issuers=issuers) as client:
        assert (await client.send(path="/dev/a/1", headers=headers))[0].status == 440
    await issuers.close()


async def test_the_claims_of_a_token_are_text(issuers: Issuers) -> None:
    made = replace(method("GET /a/{id}", of_proxied_function("echoes")), authorization=pool())
    headers = {"Authorization": signing_key().sign({**USER, "exp": 4_102_444_800})}
    async with served(api(made), issuers=issuers) as client:
        _, body = await client.send(path="/dev/a/1", headers=headers)
    await issuers.close()
    assert json.loads(body)["requestContext"]["authorizer"] == {
        "claims": {
            "iss": ISSUER,
            "sub": "ada",
            "token_use": "id",
            "exp": "Fri Jan 01 00:00:00 UTC 2100",
            "iat": "Sun Sep 09 01:46:40 UTC 2001",
            "cognito:groups": "admins,users",
            "email_verified": "true",
            "auth_time": "5",
        }
    }


async def test_a_time_beyond_every_calendar_stays_a_number(issuers: Issuers) -> None:
    made = guarded(pool(), Exp="claims.exp")
    headers = {"Authorization": signing_key().sign({**USER, "exp": 999_999_999_999})}
    async with served(api(made), issuers=issuers) as client:
        answer, _ = await client.send(path="/dev/a/1", headers=headers)
    await issuers.close()
    assert answer.headers["Exp"] == "999999999999"


@pytest.mark.parametrize(("given", "expected"), [(ANYBODY, (200, "")), (ELSEWHERE, (403, DENIED))])
async def test_a_resource_policy_must_allow_whom_a_user_pool_knows(
    given: dict[str, JsonValue], expected: tuple[int, str], issuers: Issuers
) -> None:
    headers = {"Authorization": signing_key().sign(USER)}
    async with served(api(guarded(pool()), policy=given), issuers=issuers) as client:
        answer, body = await client.send(path="/dev/a/1", headers=headers)
    await issuers.close()
    assert (answer.status, body.decode()) == expected
