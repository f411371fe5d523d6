import pytest

from local.recording import Json
from tests.local.gateway.backend import Backend
from tests.local.gateway.http.apis import calling, served
from tests.local.recordings import ALB_LISTENER, Program

NOT_FOUND = b'{"message":"Not Found"}'
FORBIDDEN = b'{"message":"Forbidden"}'


def with_domain(key: str | None, stage: str = "dev", *, mapped: str = "dev", **api: Json) -> Program:
    parameters = {
        "append:header.x-path": "$request.path",
        "append:header.x-full": "$context.path",
        "append:header.x-domain": "${context.domainName} ${context.domainPrefix}",
        "append:header.x-key": "$context.customDomain.basePathMatched",
        "append:header.x-account": "$context.accountId",
    }
    made = calling({"integrationUri": ALB_LISTENER}, "GET /pets", parameters, stage=stage)
    made.change("orders", **api)
    made.add("aws:apigatewayv2/domainName:DomainName", "domain", {"domainName": "shop.example"})
    mapping: dict[str, Json] = {"domainName": "shop.example", "apiId": "orders", "stage": mapped}
    if key is not None:
        mapping["apiMappingKey"] = key
    made.add("aws:apigatewayv2/apiMapping:ApiMapping", "mapping", mapping)
    return made


@pytest.mark.parametrize(
    ("key", "sent", "matched"), [("v1/orders", "/v1/orders/pets", "v1/orders"), (None, "/pets", "(none)")]
)
async def test_a_custom_domain_name_leads_to_a_stage(
    key: str | None, sent: str, matched: str, backend: Backend
) -> None:
    async with served(with_domain(key), {"orders": backend.url}) as client:
        assert (await client.send("GET", sent, {"Host": "shop.example:8443"})).status == 200
    received = await backend.next()
    assert received.target == "/dev/pets"
    assert [received.header(name) for name in ("x-path", "x-full", "x-key")] == ["/pets", sent, matched]
    assert received.header("x-domain") == "shop.example:8443 shop"
    assert received.header("x-account") == "123456789012"


async def test_the_context_without_a_custom_domain_name(backend: Backend) -> None:
    async with served(with_domain("v1"), {"orders": backend.url}) as client:
        assert (await client.send("GET", "/dev/pets")).status == 200
        domain = f"127.0.0.1:{client.port} orders"
    received = await backend.next()
    assert (received.header("x-path"), received.header("x-full")) == ("/pets", "/dev/pets")
    assert received.header("x-domain") == domain
    assert "x-key" not in received.names


@pytest.mark.parametrize(("key", "name"), [("v1/orders", "x-tenant"), ("v1", "X-Tenant"), (None, "X-Tenant")])
async def test_a_mapping_key_of_several_levels_makes_the_names_of_headers_lower_case(
    key: str | None, name: str, backend: Backend
) -> None:
    async with served(with_domain(key), {"orders": backend.url}) as client:
        await client.send("GET", f"/{key}/pets" if key else "/pets", {"Host": "shop.example", "X-Tenant": "Acme"})
    assert (await backend.next()).header(name) == "Acme"


@pytest.mark.parametrize(
    ("target", "host", "status", "body"),
    [
        ("/dev/pets", "127.0.0.1", 404, NOT_FOUND),
        ("/v1/pets", "shop.example", 200, b""),
        ("/v1/dev/pets", "shop.example", 404, NOT_FOUND),
        ("/v2/pets", "shop.example", 403, FORBIDDEN),
        ("/v1", "shop.example", 404, NOT_FOUND),
    ],
)
async def test_an_api_whose_own_address_is_shut(
    target: str, host: str, status: int, body: bytes, backend: Backend
) -> None:
    async with served(with_domain("v1", disableExecuteApiEndpoint=True), {"orders": backend.url}) as client:
        got = await client.send("GET", target, {"Host": host})
    assert (got.status, got.body) == (status, body)


async def test_what_the_log_says_of_a_shut_address(backend: Backend) -> None:
    async with served(with_domain("v1", disableExecuteApiEndpoint=True), {"orders": backend.url}) as client:
        await client.send("GET", "/dev/pets")
    reason = "the API's own address is shut (disableExecuteApiEndpoint): call it by its domain"
    assert client.told[0].reason == reason


async def test_a_domain_that_leads_to_no_stage(backend: Backend) -> None:
    async with served(with_domain(None, mapped="prod"), {"orders": backend.url}) as client:
        got = await client.send("GET", "/pets", {"Host": "shop.example"})
    assert (got.status, got.body) == (404, NOT_FOUND)
    assert client.told[0].reason == 'shop.example leads to the stage "prod" (stages: dev)'


@pytest.mark.parametrize(
    ("stage", "target", "reason"),
    [
        ("dev", "/prod/pets", '"prod" is no stage and there is no $default stage (stages: dev)'),
        ("dev", "/", '"" is no stage and there is no $default stage (stages: dev)'),
        ("$default", "/%24default/pets", "no route takes GET /%24default/pets (routes: GET /pets)"),
        ("$default", "/$default/pets", "no route takes GET /$default/pets (routes: GET /pets)"),
        ("dev", "/dev/pets/", "no route takes GET /pets/ (routes: GET /pets)"),
    ],
)
async def test_why_nothing_is_found(stage: str, target: str, reason: str, backend: Backend) -> None:
    made = calling({"integrationUri": ALB_LISTENER}, "GET /pets", stage=stage)
    async with served(made, {"orders": backend.url}) as client:
        got = await client.send("GET", target)
    assert (got.status, got.body, client.told[0].reason) == (404, NOT_FOUND, reason)
    assert got.header("Apigw-Requestid")


async def test_a_request_that_is_throttled_asks_nobody(backend: Backend) -> None:
    made = calling({"integrationUri": ALB_LISTENER}, "GET /pets")
    made.change("orders-stage", defaultRouteSettings={"throttlingBurstLimit": 1.0, "throttlingRateLimit": 0.001})
    async with served(made, {"orders": backend.url}) as client:
        statuses = [(await client.send("GET", "/pets")).status for _ in range(2)]
    assert statuses == [200, 429]
    assert [exchange.status for exchange in client.told] == statuses
    assert client.told[1].body == b'{"message":"Too Many Requests"}'
