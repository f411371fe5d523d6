import pytest

from local.gateway.context import Client as Caller
from local.gateway.http.cors import cors_headers
from local.gateway.http.request import Arrived
from local.recording import Json
from local.topology.http import Cors
from tests.local.gateway.backend import Backend, response
from tests.local.gateway.http.apis import calling, guarded, served
from tests.local.recordings import ALB_LISTENER, Program

SHOP = "https://shop.example"
PREFLIGHT = {"Origin": SHOP, "Access-Control-Request-Method": "PUT"}
SETTINGS: dict[str, Json] = {
    "allowOrigins": [SHOP],
    "allowMethods": ["GET", "PUT"],
    "allowHeaders": ["authorization", "x-tenant"],
    "exposeHeaders": ["x-total"],
    "maxAge": 300.0,
    "allowCredentials": True,
}
ALLOWED = {"Access-Control-Allow-Origin": SHOP, "Access-Control-Allow-Credentials": "true"}
PREFLIGHT_ALLOWED = {
    **ALLOWED,
    "Access-Control-Allow-Methods": "GET,PUT",
    "Access-Control-Allow-Headers": "authorization,x-tenant",
    "Access-Control-Max-Age": "300",
}


def with_cors(key: str = "GET /pets", **settings: Json) -> Program:
    made = calling({"integrationUri": ALB_LISTENER}, key)
    made.change("orders", corsConfiguration={**SETTINGS, **settings})
    return made


def cors_of(headers: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {name: value for name, value in headers if name.lower().startswith("access-control-")}


async def test_a_preflight_that_no_route_takes_is_answered_by_the_gateway(backend: Backend) -> None:
    async with served(with_cors(), {"orders": backend.url}) as client:
        got = await client.send("OPTIONS", "/pets", PREFLIGHT)
        stranger = await client.send("OPTIONS", "/pets", {**PREFLIGHT, "Origin": "https://evil.example"})
        plain = await client.send("OPTIONS", "/pets")
    assert (got.status, got.body, cors_of(got.headers)) == (204, b"", PREFLIGHT_ALLOWED)
    assert (stranger.status, cors_of(stranger.headers)) == (204, {})
    assert (plain.status, cors_of(plain.headers)) == (204, {})
    assert backend.received.empty()


async def test_an_api_without_cors_answers_no_preflight(backend: Backend) -> None:
    async with served(calling({}, "GET /pets"), {"orders": backend.url}) as client:
        backend.answers.append(response(200, ("Access-Control-Allow-Origin", "*")))
        assert (await client.send("OPTIONS", "/pets", PREFLIGHT)).status == 404
        got = await client.send("GET", "/pets", {"Origin": SHOP})
    assert cors_of(got.headers) == {"Access-Control-Allow-Origin": "*"}


async def test_what_the_backend_says_is_replaced(backend: Backend) -> None:
    said = (("access-control-allow-origin", "*"), ("Access-Control-Max-Age", "1"), ("X-Total", "7"))
    backend.answers.extend([response(200, *said), response(200, *said)])
    async with served(with_cors(), {"orders": backend.url}) as client:
        got = await client.send("GET", "/pets", {"Origin": SHOP})
        same_site = await client.send("GET", "/pets")
    assert cors_of(got.headers) == {**ALLOWED, "Access-Control-Expose-Headers": "x-total"}
    assert (got.header("X-Total"), cors_of(same_site.headers)) == ("7", {})


@pytest.mark.parametrize("key", ["ANY /pets", "$default", "OPTIONS /{proxy+}"])
async def test_a_preflight_that_a_route_takes_goes_to_its_integration(key: str, backend: Backend) -> None:
    backend.answers.append(response(200, body=b"hello"))
    async with served(with_cors(key), {"orders": backend.url}) as client:
        got = await client.send("OPTIONS", "/pets", PREFLIGHT)
    assert (got.status, got.body, cors_of(got.headers)) == (200, b"hello", PREFLIGHT_ALLOWED)
    assert (await backend.next()).method == "OPTIONS"


async def test_a_preflight_that_a_guarded_route_takes_is_refused(backend: Backend) -> None:
    jwt: dict[str, Json] = {
        "authorizerType": "JWT",
        "identitySources": ["$request.header.Authorization"],
        "jwtConfiguration": {"issuer": "https://auth.example", "audiences": ["shop"]},
    }
    made = guarded(with_cors("ANY /pets"), "ANY /pets", jwt, authorizationType="JWT")
    async with served(made, {"orders": backend.url}) as client:
        got = await client.send("OPTIONS", "/pets", PREFLIGHT)
    assert (got.status, cors_of(got.headers)) == (401, PREFLIGHT_ALLOWED)


async def test_errors_of_the_gateway_can_be_read(backend: Backend) -> None:
    async with served(with_cors(), {"orders": backend.url}) as client:
        got = await client.send("GET", "/unknown", {"Origin": SHOP})
    assert (got.status, cors_of(got.headers)) == (404, {**ALLOWED, "Access-Control-Expose-Headers": "x-total"})


NOTHING = Cors(
    allow_origins=(), allow_methods=(), allow_headers=(), expose_headers=(), max_age=None, allow_credentials=False
)


def arrived(method: str, **headers: str) -> Arrived:
    return Arrived(
        method=method,
        path="/",
        query="",
        headers=tuple((name.replace("_", "-"), value) for name, value in headers.items()),
        client=Caller(source_ip="127.0.0.1", user_agent="", host="shop.example"),
        address=("127.0.0.1", 80),
        request_id="id",
        at=0,
        entrance=None,
    )


@pytest.mark.parametrize(
    ("origins", "origin", "allowed"),
    [
        (("*",), SHOP, "*"),
        (("*",), "null", "*"),
        ((SHOP, "*"), SHOP, "*"),
        (("https://*",), SHOP, SHOP),
        (("https://*",), "http://shop.example", None),
        (("http://*",), "http://localhost:3000", "http://localhost:3000"),
        ((SHOP,), SHOP, SHOP),
        ((SHOP,), f"{SHOP}:443", None),
        ((SHOP,), "https://SHOP.example", None),
        (("https://*.example",), SHOP, None),
        ((), SHOP, None),
    ],
)
def test_origins(origins: tuple[str, ...], origin: str, allowed: str | None) -> None:
    cors = Cors(
        allow_origins=origins,
        allow_methods=(),
        allow_headers=(),
        expose_headers=(),
        max_age=None,
        allow_credentials=False,
    )
    expected = () if allowed is None else (("Access-Control-Allow-Origin", allowed),)
    assert cors_headers(cors, arrived("GET", origin=origin)) == expected


def test_a_preflight_names_what_is_configured_and_nothing_else() -> None:
    cors = Cors(
        allow_origins=("*",), allow_methods=(), allow_headers=(), expose_headers=(), max_age=-1, allow_credentials=False
    )
    asked = arrived("OPTIONS", Origin=SHOP, Access_Control_Request_Method="GET")
    assert cors_headers(cors, asked) == (("Access-Control-Allow-Origin", "*"), ("Access-Control-Max-Age", "-1"))
    assert cors_headers(cors, arrived("OPTIONS", Origin=SHOP)) == ()
    assert cors_headers(NOTHING, asked) == ()
