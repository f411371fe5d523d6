import json
from dataclasses import replace

import pytest

from apigateway.mapping.data import Explained
from local.gateway.client import Outgoing
from local.topology import RestApi
from local.topology.domains import Domain, DomainMapping
from tests.local.gateway.backend import Backend, response
from tests.local.gateway.rest.apis import (
    answering,
    api,
    custom,
    method,
    mocked,
    of_proxied_function,
    private,
    proxy,
    served,
    wording,
)

HOST = {"Host": "shop.example"}
TOLD = {
    f"method.response.header.{name}": f"context.{value}"
    for name, value in (("Path", "path"), ("Stage", "stage"), ("Name", "domainName"), ("Prefix", "domainPrefix"))
}


def domain(key: str, *, api_id: str = "shop", stage: str = "dev") -> tuple[Domain, ...]:
    return (Domain(name="shop.example", mappings=(DomainMapping(key=key, api_id=api_id, stage=stage),)),)


def telling() -> RestApi:
    template = '{"base": "$context.customDomain.basePathMatched", "id": "$input.params(\'id\')"}'
    return api(method("GET /a/{id}", mocked(answering(200, None, TOLD, {"application/json": template}))))


@pytest.mark.parametrize(
    ("key", "path", "base"),
    [("", "/a/1", "(none)"), ("v1", "/v1/a/1", "v1"), ("v1/shop", "/v1/shop/a/1", "v1/shop")],
)
async def test_a_custom_domain_leads_to_the_stage(key: str, path: str, base: str) -> None:
    async with served(telling(), domains=domain(key)) as client:
        answer, body = await client.send(path=path, headers=HOST)
        (exchange,) = client.exchanges
    assert (answer.status, json.loads(body)) == (200, {"base": base, "id": "1"})
    told = [answer.headers[name] for name in ("Path", "Stage", "Name", "Prefix")]
    assert told == [path, "dev", "shop.example", "shop"]
    assert (exchange.stage, exchange.route_key) == ("dev", "GET /a/{id}")


@pytest.mark.parametrize(("key", "names"), [("v1/shop", {"x-tenant", "host"}), ("v1", {"X-Tenant", "Host"})])
async def test_a_mapping_key_of_several_levels_makes_the_names_of_headers_lower_case(key: str, names: set[str]) -> None:
    made = api(method("ANY /{proxy+}", of_proxied_function("echoes")))
    async with served(made, domains=domain(key)) as client:
        _, body = await client.send(path=f"/{key}/a", headers={**HOST, "X-Tenant": "Acme"})
    event = json.loads(body)
    assert names <= event["headers"].keys()
    assert all(name.islower() for name in event["headers"]) is ("/" in key)


async def test_the_domain_prefix_at_the_apis_own_address_is_its_id() -> None:
    made = replace(telling(), api_id="abc")
    async with served(made) as client:
        answer, _ = await client.send(path="/dev/a/1", headers=HOST)
    assert (answer.headers["Name"], answer.headers["Prefix"]) == ("shop.example", "abc")


async def test_the_root_of_a_custom_domain() -> None:
    async with served(api(method("GET /", mocked(answering(204)))), domains=domain("v1")) as client:
        assert [(await client.send(path=path, headers=HOST))[0].status for path in ("/v1", "/v1/")] == [204, 204]


async def test_a_function_is_told_the_path_with_the_mapping_key() -> None:
    made = api(method("ANY /{proxy+}", of_proxied_function("echoes")))
    async with served(made, domains=domain("v1")) as client:
        _, body = await client.send(path="/v1/a/1", headers=HOST)
    event = json.loads(body)
    assert (event["path"], event["requestContext"]["path"]) == ("/v1/a/1", "/v1/a/1")
    assert event["pathParameters"] == {"proxy": "a/1"}


async def test_the_stage_goes_before_the_path_by_a_custom_domain_too(backend: Backend) -> None:
    made = api(proxy(private(stage_in_path=True)))
    async with served(made, backend, domains=domain("v1")) as client:
        await client.send(path="/v1/x", headers=HOST)
    assert (await backend.next()).target == "/dev/x"


async def test_a_mapping_to_a_stage_that_is_gone() -> None:
    async with served(telling(), domains=domain("v1", stage="prod")) as client:
        answer, body = await client.send(path="/v1/a/1", headers=HOST)
        (exchange,) = client.exchanges
    assert (answer.status, body) == (403, b'{"message":"Forbidden"}')
    assert exchange.reason == 'shop.example leads to the stage "prod" (stages: dev)'


async def test_an_api_that_has_a_domain_name_alone() -> None:
    made = replace(telling(), by_domain_alone=True, gateway_responses={"MISSING_AUTHENTICATION_TOKEN": wording(418)})
    async with served(made, domains=domain("")) as client:
        refused, body = await client.send(path="/dev/a/1")
        taken, _ = await client.send(path="/a/1", headers=HOST)
        reason = client.exchanges[0].reason
    assert (refused.status, body, taken.status) == (403, b'{"message":"Forbidden"}', 200)
    assert refused.headers["x-amzn-ErrorType"] == "ForbiddenException"
    assert reason == "the API's own address is shut (disableExecuteApiEndpoint): call it by its domain"


MAPPING = {"integration.request.header.X-Id": "method.request.path.proxy"}
ANSWER = {"method.response.header.Etag": "integration.response.header.ETag"}


async def test_what_is_told_of_a_request(backend: Backend) -> None:
    backend.answers.append(response(201, ("ETag", "7"), body=b"{}"))
    made = api(custom(answering(202, None, ANSWER), parameters=MAPPING))
    async with served(made, backend) as client:
        await client.send("POST", "/dev/x", body=b"1")
        (exchange,) = client.exchanges
    assert (exchange.protocol, exchange.event, exchange.api) == ("REST", "POST /dev/x", "shop")
    assert (exchange.stage, exchange.route_key, exchange.target) == ("dev", "ANY /{proxy+}", "shop")
    assert exchange.request is not None
    assert (exchange.request.path, exchange.request.body) == ("/x", b"1")
    assert isinstance(exchange.sent, Outgoing)
    assert (exchange.sent.target, exchange.sent.body) == ("/orders", b"1")
    assert exchange.answered is not None
    assert (exchange.answered.status, exchange.answered.body, exchange.answered_status) == (201, b"{}", 201)
    assert exchange.answered_seconds is not None
    assert (exchange.status, exchange.body, exchange.reason, exchange.notes) == (202, b"{}", None, [])
    assert dict(exchange.headers)["Etag"] == "7"
    assert exchange.explain_request is not None
    assert exchange.explain_request() == (
        Explained(destination="integration.request.header.X-Id", source="method.request.path.proxy", values=("x",)),
    )
    assert exchange.explain_response is not None
    assert exchange.explain_response() == (
        Explained(destination="method.response.header.Etag", source="integration.response.header.ETag", values=("7",)),
    )


async def test_what_reads_json_that_is_none_explains_nothing(backend: Backend) -> None:
    backend.answers.append(response(200, body=b"{"))
    request = custom(parameters={"integration.request.header.X": "method.request.body.a"})
    answer = custom(answering(200, None, {"method.response.header.X": "integration.response.body.a"}))
    explained = []
    for integration in (request, answer):
        async with served(api(integration), backend) as client:
            await client.send("POST", body=b"{")
            (exchange,) = client.exchanges
        explained += [told and told() for told in (exchange.explain_request, exchange.explain_response)]
    assert explained == [(), None, (), ()]


async def test_what_is_told_of_a_request_that_nothing_takes() -> None:
    async with served(api(method("GET /x"))) as client:
        _, body = await client.send(path="/prod/x")
        (exchange,) = client.exchanges
    assert (exchange.stage, exchange.route_key, exchange.sent, exchange.explain_request) == (None, None, None, None)
    assert (exchange.status, exchange.body) == (403, body)
