from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from local.gateway.authorization.issuers import Issuers
from local.recording import Json
from tests.local.gateway.authorization.tokens import AUDIENCE, claims_of, signing_key, write_key_set
from tests.local.gateway.backend import Backend
from tests.local.gateway.http.apis import calling, function_uri, guarded, served, to_function
from tests.local.recordings import ALB_LISTENER, Program

ISSUER = "https://auth.example.com"
UNAUTHORIZED = b'{"message":"Unauthorized"}'
FORBIDDEN = b'{"message":"Forbidden"}'
JWT: dict[str, Json] = {
    "authorizerType": "JWT",
    "identitySources": ["$request.header.Authorization"],
    "jwtConfiguration": {"issuer": ISSUER, "audiences": [AUDIENCE]},
}


@pytest.fixture
async def issuers(tmp_path: Path) -> AsyncIterator[Issuers]:
    made = Issuers({ISSUER: str(write_key_set(tmp_path / "jwks.json", signing_key()))})
    yield made
    await made.close()


def verified(integration: dict[str, Json], parameters: dict[str, str] | None = None, **route: Json) -> Program:
    made = calling(integration, "GET /pets", parameters)
    return guarded(made, "GET /pets", JWT, authorizationType="JWT", **route)


def bearer(**changes: Json) -> dict[str, str]:
    return {"Authorization": f"Bearer {signing_key().sign(claims_of(ISSUER, **changes))}"}


async def test_a_token_lets_in_and_its_claims_are_mapped(issuers: Issuers, backend: Backend) -> None:
    parameters = {
        "append:header.x-sub": "$context.authorizer.claims.sub",
        "append:header.x-who": "${context.authorizer.claims.scope} ${context.authorizer.claims.none}",
    }
    made = verified({"integrationUri": ALB_LISTENER}, parameters)
    async with served(made, {"orders": backend.url}, issuers=issuers) as client:
        got = await client.send("GET", "/pets", bearer())
    assert got.status == 200
    received = await backend.next()
    assert received.header("x-sub") == "user-1"
    assert received.header("x-who") == "orders/read orders/write"
    assert received.header("Authorization").startswith("Bearer ")


@pytest.mark.parametrize(("scopes", "told"), [([], None), (["orders/read"], ["orders/read", "orders/write"])])
async def test_a_function_is_told_of_the_token(scopes: list[Json], told: list[str] | None, issuers: Issuers) -> None:
    made = verified(to_function("echoes"), authorizationScopes=scopes)
    async with served(made, issuers=issuers) as client:
        authorizer = (await client.send("GET", "/pets", bearer(groups=["a", "b"], level=7))).json["requestContext"][
            "authorizer"
        ]
    claims = authorizer["jwt"]["claims"]
    assert (claims["sub"], claims["groups"], claims["level"]) == ("user-1", "[a b]", "7")
    assert authorizer["jwt"]["scopes"] == told
    made = verified(to_function("echoes", "1.0"), authorizationScopes=scopes)
    async with served(made, issuers=issuers) as client:
        authorizer = (await client.send("GET", "/pets", bearer())).json["requestContext"]["authorizer"]
    assert (authorizer["claims"]["sub"], authorizer["scopes"]) == ("user-1", told)


def challenge_of(error: str, description: str) -> str:
    return f'Bearer scope="orders/delete" error="{error}" error_description="{description}"'


@pytest.mark.parametrize(
    ("headers", "status", "body", "challenge", "reason"),
    [
        (
            {},
            401,
            UNAUTHORIZED,
            "Bearer",
            'the authorizer "keeper" wants header Authorization, and the request lacks it or has it empty',
        ),
        (
            bearer(exp=1),
            401,
            UNAUTHORIZED,
            challenge_of("invalid_token", "the token has expired"),
            None,
        ),
        (
            bearer(aud="other"),
            401,
            UNAUTHORIZED,
            challenge_of("invalid_token", "the token does not have a valid audience"),
            'aud must be "shop", got "other"',
        ),
        (
            bearer(),
            403,
            FORBIDDEN,
            challenge_of("insufficient_scope", "the token does not have a required scope"),
            'scope must have "orders/delete", got "orders/read", "orders/write"',
        ),
    ],
)
async def test_tokens_that_do_not_let_in(
    headers: dict[str, str],
    status: int,
    body: bytes,
    challenge: str,
    reason: str | None,
    issuers: Issuers,
    backend: Backend,
) -> None:
    made = verified({"integrationUri": ALB_LISTENER}, authorizationScopes=["orders/delete"])
    async with served(made, {"orders": backend.url}, issuers=issuers) as client:
        got = await client.send("GET", "/pets", headers)
    assert (got.status, got.body, got.header("WWW-Authenticate")) == (status, body, challenge)
    assert reason is None or client.told[0].reason == reason
    assert backend.received.empty()


def judged(
    function: str,
    *,
    integration: dict[str, Json] | None = None,
    parameters: dict[str, str] | None = None,
    **others: Json,
) -> Program:
    authorizer: dict[str, Json] = {
        "authorizerType": "REQUEST",
        "authorizerUri": function_uri(function),
        "identitySources": ["$request.header.token"],
        "authorizerPayloadFormatVersion": "2.0",
        **others,
    }
    made = calling(integration or {"integrationUri": ALB_LISTENER}, "GET /pets/{id}", parameters)
    return guarded(made, "GET /pets/{id}", authorizer, authorizationType="CUSTOM")


async def test_what_an_authorizer_says_is_mapped(backend: Backend) -> None:
    parameters = {
        "append:header.x-tenant": "$context.authorizer.tenant",
        "append:header.x-level": "$context.authorizer.level",
        "append:header.x-principal": "$context.authorizer.principalId",
    }
    async with served(judged("judges", parameters=parameters), {"orders": backend.url}) as client:
        assert (await client.send("GET", "/pets/7", {"token": "Allow"})).status == 200
    received = await backend.next()
    assert [received.header(name) for name in ("x-tenant", "x-level", "x-principal")] == ["acme", "3", "ada"]


async def test_a_simple_answer_keeps_its_types() -> None:
    made = judged("consents", integration=to_function("echoes"), enableSimpleResponses=True)
    async with served(made) as client:
        yes = await client.send("GET", "/pets/7", {"token": "yes"})
        no = await client.send("GET", "/pets/7", {"token": "no"})
    assert yes.json["requestContext"]["authorizer"] == {"lambda": {"roles": ["a", "b"]}}
    assert (no.status, no.body) == (403, FORBIDDEN)


@pytest.mark.parametrize(
    ("token", "status", "body"),
    [
        (None, 401, UNAUTHORIZED),
        ("Deny", 403, FORBIDDEN),
        ("stranger", 401, UNAUTHORIZED),
        ("broken", 500, b'{"message":"Internal Server Error"}'),
        ("wordless", 500, b'{"message":"Internal Server Error"}'),
    ],
)
async def test_whom_an_authorizer_does_not_let_in(
    token: str | None, status: int, body: bytes, backend: Backend
) -> None:
    async with served(judged("judges"), {"orders": backend.url}) as client:
        got = await client.send("GET", "/pets/7", {"token": token} if token else {})
    assert (got.status, got.body, got.header("WWW-Authenticate")) == (status, body, None)
    assert client.told[0].reason
    assert backend.received.empty()


async def test_an_authorizer_without_a_handler_is_not_served(backend: Backend) -> None:
    async with served(judged("nobody"), {"orders": backend.url}) as client:
        got = await client.send("GET", "/pets/7", {"token": "x"})
    assert got.status == 501
    assert '"nobody" has no handler here' in got.json["message"]


async def test_an_answer_is_kept_until_the_api_is_another_one(backend: Backend) -> None:
    parameters = {"append:header.x-times": "$context.authorizer.times"}
    made = judged("counts", parameters=parameters, enableSimpleResponses=True)
    times: list[str] = []
    async with served(made, {"orders": backend.url}) as client:
        for token in ("a", "a", "b", "a"):
            await client.send("GET", "/pets/7", {"token": token})
            times.append((await backend.next()).header("x-times"))
        await client.gateway.swap(client.gateway.topology)
        await client.send("GET", "/pets/7", {"token": "a"})
        times.append((await backend.next()).header("x-times"))
    assert times == ["1", "1", "2", "1", "3"]
