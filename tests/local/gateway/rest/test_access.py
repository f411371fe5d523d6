import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from urllib.parse import quote

import pytest

from apigateway.json_path import JsonValue
from apigateway.resource_policies import invoke_policy, private_policy
from apigateway.rest_resources import RestRouteKey
from local.topology.authorization import SignedCaller
from tests.local.gateway.backend import Backend
from tests.local.gateway.conftest import Log
from tests.local.gateway.rest.apis import EXECUTION_ARN, answering, api, method, mocked, proxy, served

CREDENTIAL = "AKIDEXAMPLE/20260101/us-east-1/execute-api/aws4_request"
SIGNATURE = f"AWS4-HMAC-SHA256 Credential={CREDENTIAL}"
DATE = {"X-Amz-Date": "20260101T000000Z"}
SIGNED = {**DATE, "Authorization": f"{SIGNATURE}, SignedHeaders=host;x-amz-date, Signature=0a1b"}
MISSING = (403, '{"message":"Missing Authentication Token"}', "MissingAuthenticationTokenException")


def incomplete(message: str) -> tuple[int, str, str]:
    return 403, json.dumps({"message": message}, separators=(",", ":")), "IncompleteSignatureException"


def no_pair(header: str) -> tuple[int, str, str]:
    reason = "Invalid key=value pair (missing equal-sign) in Authorization header"
    return incomplete(f"{reason} (hashed with SHA-256 and encoded with Base64): '{hashed(header)}'.")


def lacking(header: str, *parts: str, date: bool = True) -> tuple[int, str, str]:
    sentences = [f"Authorization header requires '{part}' parameter." for part in parts]
    if not date:
        sentences.append("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
    said = " ".join(sentences)
    return incomplete(f"{said} (Hashed with SHA-256 and encoded with Base64) Authorization={hashed(header)}")


def hashed(header: str) -> str:
    return b64encode(sha256(header.encode()).digest()).decode()


def scoped(message: str) -> tuple[int, str, str]:
    return 403, json.dumps({"message": message}, separators=(",", ":")), "InvalidSignatureException"


def signed_for(scope: str) -> dict[str, str]:
    """Return the headers of a call that is signed for another Region or service."""
    return {**SIGNED, "Authorization": SIGNED["Authorization"].replace("us-east-1/execute-api", scope)}


NOT_REGION = "Credential should be scoped to a valid region, not '{}'. "
NOT_SERVICE = "Credential should be scoped to correct service: 'execute-api'. "
BEARER = "Bearer eyJhbGciOiJub25lIn0"
WRONG: list[tuple[dict[str, str], tuple[int, str, str]]] = [
    ({"Authorization": BEARER}, no_pair(BEARER)),
    ({"Authorization": "Bearer e=1, x"}, no_pair("Bearer e=1, x")),
    (
        {"Authorization": "Basic dXNlcjpwdw=="},
        lacking("Basic dXNlcjpwdw==", "Credential", "Signature", "SignedHeaders", date=False),
    ),
    ({"Authorization": "token", **DATE}, lacking("token", "Credential", "Signature", "SignedHeaders")),
    ({"Authorization": SIGNATURE, **DATE}, lacking(SIGNATURE, "Signature", "SignedHeaders")),
    ({"Authorization": SIGNED["Authorization"]}, lacking(SIGNED["Authorization"], date=False)),
    (
        {**SIGNED, "Authorization": SIGNED["Authorization"].replace("AWS4", "AWS5")},
        incomplete("Unsupported AWS 'algorithm': 'AWS5-HMAC-SHA256'."),
    ),
]
OPEN = method("GET /a/{id}", mocked(answering()))
IAM = replace(OPEN, authorization=SignedCaller())


@pytest.mark.parametrize(
    ("path", "headers", "expected"),
    [
        ("/dev/a/1", SIGNED, None),
        (
            "/dev/a/1",
            {"date": "today", "authorization": SIGNED["Authorization"].replace("HMAC-SHA256", "ECDSA-P256-SHA256")},
            None,
        ),
        ("/dev/a/1", {**SIGNED, "Authorization": SIGNED["Authorization"].replace(", ", ",")}, None),
        (
            f"/dev/a/1?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0a&X-Amz-Credential={quote(CREDENTIAL, '')}",
            {},
            None,
        ),
        (
            "/dev/a/1?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F2026&X-Amz-Signature=0a",
            {},
            scoped(f"{NOT_REGION.format('')}{NOT_SERVICE}"),
        ),
        ("/dev/a/1", signed_for("eu-west-1/execute-api"), scoped(NOT_REGION.format("eu-west-1"))),
        ("/dev/a/1", signed_for("us-east-1/apigateway"), scoped(NOT_SERVICE)),
        ("/dev/a/1", signed_for("eu-west-1/s3"), scoped(f"{NOT_REGION.format('eu-west-1')}{NOT_SERVICE}")),
        ("/dev/a/1", signed_for("execute-api"), None),
        ("/dev/a/1", signed_for("s3"), scoped(NOT_SERVICE)),
        ("/dev/a/1", {}, MISSING),
        ("/dev/a/1", {"Authorization": ""}, MISSING),
        ("/dev/a/1?X-Amz-Algorithm=AWS4-HMAC-SHA256", {}, MISSING),
        *(("/dev/a/1", headers, answer) for headers, answer in WRONG),
        *(("/dev/none", headers, answer) for headers, answer in WRONG),
        ("/prod/a/1", *WRONG[0]),
        ("/dev/none", SIGNED, MISSING),
    ],
)
async def test_iam(path: str, headers: Mapping[str, str], expected: tuple[int, str, str] | None) -> None:
    async with served(api(IAM)) as client:
        answer, body = await client.send(path=path, headers=headers)
    if expected is None:
        assert answer.status == 200
    else:
        assert (answer.status, body.decode(), answer.headers["x-amzn-ErrorType"]) == expected


async def test_what_is_no_signature_is_nothing_to_a_method_for_everybody(backend: Backend) -> None:
    async with served(api(proxy()), backend) as client:
        await client.send(headers={"Authorization": BEARER})
    assert (await backend.next()).header("Authorization") == BEARER


async def test_a_signature_for_api_gateway_does_not_reach_the_backend(backend: Backend) -> None:
    async with served(api(replace(method("ANY /{proxy+}", proxy()), authorization=SignedCaller())), backend) as client:
        await client.send(headers=SIGNED)
    assert "Authorization" not in (await backend.next()).names


def statement(effect: str = "Allow", **elements: JsonValue) -> dict[str, JsonValue]:
    made: dict[str, JsonValue] = {
        "Effect": effect,
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": "execute-api:/*",
    }
    for name in elements:
        made.pop(name.removeprefix("Not"), None)
    return {**made, **elements}


def policy(*statements: JsonValue) -> dict[str, JsonValue]:
    return {"Version": "2012-10-17", "Statement": [*statements]}


ARN = "arn:aws:execute-api:us-east-1:********9012:shop/dev/GET/a/1"
DENIED = f'{{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: {ARN}"}}'
FORBIDDEN = DENIED.replace('"}', ' with an explicit deny"}')
ROLE: JsonValue = {"AWS": "arn:aws:iam::210987654321:role/caller"}
VPCE: JsonValue = {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}


@pytest.mark.parametrize(
    ("given", "body"),
    [
        pytest.param(policy(statement()), "", id="everybody"),
        pytest.param({"Statement": statement(Principal={"AWS": ["1", "*"]})}, "", id="everybody, written otherwise"),
        pytest.param(policy(statement(Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})), "", id="condition"),
        pytest.param(policy(statement(Resource=[f"{EXECUTION_ARN}/dev/GET/a/*"])), "", id="full ARN"),
        pytest.param(policy(statement(Resource="execute-api:/d?v/*/a/1", Action="execute-api:*")), "", id="wild"),
        pytest.param(policy(statement(Action="*", Resource="*")), "", id="all"),
        pytest.param(policy(statement(NotPrincipal=ROLE)), "", id="not a role"),
        pytest.param(policy(statement(NotResource="execute-api:/dev/POST/*")), "", id="not another"),
        pytest.param(policy(statement(), statement("Deny", Condition=VPCE)), "", id="deny with a condition"),
        pytest.param(policy(statement(), statement("Deny", Resource="execute-api:/dev/PUT/*")), "", id="deny another"),
        pytest.param(policy(statement(), statement("Deny", Principal=ROLE)), "", id="deny a role"),
        pytest.param(private_policy(["vpce-1"]), "", id="private"),
        pytest.param(policy(), DENIED, id="nobody"),
        pytest.param(policy(statement(Principal=ROLE)), DENIED, id="a role"),
        pytest.param(policy(statement(Resource="execute-api:/prod/*")), DENIED, id="another stage"),
        pytest.param(policy(statement(Action="execute-api:InvalidateCache")), DENIED, id="another action"),
        pytest.param(policy(statement(NotAction="execute-api:invoke")), DENIED, id="not this action"),
        pytest.param(invoke_policy(["210987654321"], "aws"), DENIED, id="invoke policy"),
        pytest.param(policy(statement(), statement("Deny")), FORBIDDEN, id="deny"),
        pytest.param(policy(statement(), statement("Deny", NotPrincipal=ROLE)), FORBIDDEN, id="deny all but a role"),
    ],
)
async def test_a_resource_policy_and_an_anonymous_caller(given: dict[str, JsonValue], body: str) -> None:
    async with served(api(OPEN, policy=given)) as client:
        answer, got = await client.send(path="/dev/a/1", headers=SIGNED)
    assert (answer.status, got.decode()) == ((403, body) if body else (200, ""))
    assert answer.headers.get("x-amzn-ErrorType") == ("AccessDeniedException" if body else None)


@pytest.mark.parametrize(
    ("given", "path", "status"),
    [
        (policy(statement(), statement("Deny", Resource="execute-api:/dev/GET/a/1")), "/dev/a/1/", 403),
        (policy(statement(), statement("Deny", NotResource="execute-api:/dev/GET/a/1")), "/dev/a/1/", 403),
        (policy(statement(), statement("Deny", Resource=f"{EXECUTION_ARN}/dev/GET/a/2")), "/dev/a/1/", 200),
        (policy(statement(Resource="execute-api:/dev/GET/a/1")), "/dev/a/1/", 200),
    ],
)
async def test_a_slash_at_the_end_passes_by_no_policy(given: dict[str, JsonValue], path: str, status: int) -> None:
    async with served(api(OPEN, policy=given)) as client:
        assert (await client.send(path=path))[0].status == status


ROUTE = invoke_policy(["210987654321"], "aws", stage="dev", routes=[RestRouteKey.parse("ANY /a/{id}")])


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (ROUTE, None),
        (policy(statement()), None),
        (policy(statement(), statement("Deny", NotPrincipal=ROLE)), None),
        (
            policy(statement(Principal={"Service": "x"})),
            "nothing in the resource policy allows the signed caller {} {}",
        ),
        (policy(statement(), statement("Deny")), "the resource policy denies {1}"),
    ],
)
async def test_a_resource_policy_and_a_signed_caller(given: dict[str, JsonValue], reason: str | None, log: Log) -> None:
    async with served(api(IAM, policy=given)) as client:
        answer, got = await client.send(path="/dev/a/1", headers=SIGNED)
    if reason is None:
        assert answer.status == 200
        return
    assert (answer.status, b"User: AKIDEXAMPLE is not authorized" in got) == (403, True)
    assert log.lines[-1].endswith(reason.format("AKIDEXAMPLE", "execute-api:/dev/GET/a/1"))


async def test_who_does_not_sign_is_told_so_whatever_the_policy_says() -> None:
    async with served(api(IAM, policy=policy())) as client:
        answer, body = await client.send(path="/dev/a/1")
    assert (answer.status, body.decode()) == MISSING[:2]


async def test_a_private_api_without_a_policy_lets_nobody_in() -> None:
    async with served(replace(api(OPEN), is_private=True)) as client:
        answer, body = await client.send(path="/dev/a/1")
    assert (answer.status, body.decode()) == (403, DENIED)


KEYED = replace(
    method(
        "GET /a/{id}",
        mocked(
            answering(
                200,
                None,
                {
                    "method.response.header.X-Key": "context.identity.apiKey",
                    "method.response.header.X-Key-Id": "context.identity.apiKeyId",
                },
            )
        ),
    ),
    api_key_required=True,
)


@pytest.mark.parametrize("name", ["x-api-key", "X-API-Key"])
async def test_an_api_key(name: str) -> None:
    async with served(api(KEYED)) as client:
        answer, _ = await client.send(path="/dev/a/1", headers={name: "gold"})
    assert (answer.status, answer.headers["X-Key"], answer.headers["X-Key-Id"]) == (200, "gold", "key-gold")


async def test_a_method_without_keys_knows_of_none() -> None:
    async with served(api(replace(KEYED, api_key_required=False))) as client:
        answer, _ = await client.send(path="/dev/a/1", headers={"x-api-key": "gold"})
    assert "X-Key" not in answer.headers


@pytest.mark.parametrize(
    ("source", "headers", "reason"),
    [
        ("HEADER", {}, "the method wants an API key and there is no x-api-key header"),
        ("HEADER", {"x-api-key": "tin"}, 'no usage plan of the stage "dev" has the API key that was sent'),
        ("AUTHORIZER", {"x-api-key": "gold"}, "the API takes its keys from an authorizer, and no authorizer gave one"),
    ],
)
async def test_no_api_key(source: str, headers: Mapping[str, str], reason: str, log: Log) -> None:
    made = replace(api(KEYED), api_key_source="HEADER" if source == "HEADER" else "AUTHORIZER")
    async with served(made) as client:
        answer, body = await client.send(path="/dev/a/1", headers=headers)
    assert (answer.status, body) == (403, b'{"message":"Forbidden"}')
    assert answer.headers["x-amzn-ErrorType"] == "ForbiddenException"
    assert log.lines[-1].endswith(f"ms: {reason}")


async def test_the_order_of_refusals() -> None:
    strict = replace(
        KEYED,
        authorization=SignedCaller(),
        parameters={"method.request.header.X-In": True},
        validates_parameters=True,
        integration=replace(KEYED.integration, templates={}, passthrough="NEVER"),
    )
    headers: dict[str, str] = {}
    messages = []
    async with served(api(strict, policy=policy(statement()))) as client:
        for more in ({}, SIGNED, {"x-api-key": "gold"}, {"X-In": "1"}):
            headers |= more
            answer, body = await client.send(path="/dev/a/1", headers=headers)
            messages.append((answer.status, body.decode()))
    assert messages == [
        (403, '{"message":"Missing Authentication Token"}'),
        (403, '{"message":"Forbidden"}'),
        (400, '{"message": "Missing required request parameters: [X-In]"}'),
        (415, '{"message": "Unsupported Media Type"}'),
    ]
