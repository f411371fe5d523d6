import re
from dataclasses import replace

import aiohttp
import pytest

from local.gateway.endpoints import ApiEndpoint
from local.gateway.rest.context import resource_id
from local.gateway.server import Gateway
from local.topology import RestApi, Topology
from local.topology.stages import Stage
from tests.local.gateway.backend import Backend
from tests.local.gateway.conftest import Log
from tests.local.gateway.rest.apis import Client, answering, api, method, mocked, proxy, served


def telling(*names: str) -> RestApi:
    """Return an API whose method answers with the values of ``$context`` in headers."""
    parameters = {f"method.response.header.c-{name.replace('.', '-')}": f"context.{name}" for name in names}
    return api(method("GET /a/{id}", mocked(answering(200, None, parameters))))


async def test_the_context_of_a_request() -> None:
    names = (
        "accountId",
        "apiId",
        "domainName",
        "domainPrefix",
        "extendedRequestId",
        "httpMethod",
        "identity.accountId",
        "identity.apiKey",
        "identity.caller",
        "identity.sourceIp",
        "identity.userAgent",
        "identity.userArn",
        "path",
        "protocol",
        "requestId",
        "requestTime",
        "requestTimeEpoch",
        "resourceId",
        "resourcePath",
        "stage",
    )
    async with served(telling(*names)) as client:
        answer, _ = await client.send(path="/dev/a/1?b=2", headers={"Host": "shop.example", "User-Agent": "test"})
    told = {name[2:]: value for name, value in answer.headers.items() if name.startswith("c-")}
    assert told.pop("requestId") == answer.headers["x-amzn-RequestId"]
    assert told.pop("extendedRequestId") == answer.headers["x-amz-apigw-id"]
    assert re.fullmatch(r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000", told.pop("requestTime"))
    assert re.fullmatch(r"\d{13}", told.pop("requestTimeEpoch"))
    assert told == {
        "accountId": "123456789012",
        "apiId": "shop",
        "domainName": "shop.example",
        "domainPrefix": "shop",
        "httpMethod": "GET",
        "identity-sourceIp": "127.0.0.1",
        "identity-userAgent": "test",
        "path": "/dev/a/1",
        "protocol": "HTTP/1.1",
        "resourceId": resource_id("shop", "/a/{id}"),
        "resourcePath": "/a/{id}",
        "stage": "dev",
    }


def test_the_id_of_a_resource_is_its_own_and_stays() -> None:
    ids = {resource_id(name, path) for name in ("a", "b") for path in ("/", "/x", "/x/{id}")}
    assert len(ids) == 6
    assert resource_id("a", "/") == resource_id("a", "/")
    assert all(re.fullmatch(r"[0-9a-z]{6}", text) for text in ids)


@pytest.mark.parametrize(
    ("verb", "path", "key"),
    [
        ("GET", "/dev/a/1", "GET /a/{id}"),
        ("POST", "/dev/a/1/", "ANY /{proxy+}"),
        ("GET", "/dev", "GET /"),
        ("GET", "/prod/a/1", "GET /a/{id}"),
    ],
)
async def test_the_way_to_a_method(verb: str, path: str, key: str, log: Log) -> None:
    answers = mocked(answering(204))
    made = api(*(method(text, answers) for text in ("GET /", "GET /a/{id}", "ANY /{proxy+}")))
    prod = Stage(name="prod", variables={}, api_keys={})
    async with served(replace(made, stages={**made.stages, "prod": prod})) as client:
        answer, body = await client.send(verb, path)
    assert (answer.status, body) == (204, b"")
    assert re.fullmatch(rf"shop {verb} {path} -> {re.escape(key)}: 204 in \d+ ms", log.lines[-1])


async def test_a_request_that_is_proxied_has_one_line(backend: Backend, log: Log) -> None:
    async with served(api(proxy()), backend) as client:
        await client.send(path="/dev/x?y=1")
    lines = [line for line in log.lines if line.startswith("shop ")]
    assert [re.sub(r"\d+ ms", "5 ms", line) for line in lines] == [
        "shop GET /dev/x?y=1 -> ANY /{proxy+}: 200 from shop in 5 ms"
    ]


def topology(*apis: RestApi) -> Topology:
    return Topology(http_apis=(), websocket_apis=(), rest_apis=apis, backends=("shop",))


async def test_an_edited_api_keeps_its_port() -> None:
    gateway = Gateway(topology(api(mocked(answering(200)))), {}, first_port=0)
    before = await gateway.start()
    try:
        endpoint = before.apis["shop"]
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/dev", endpoint.endpoint)
        assert endpoint == ApiEndpoint(endpoint=endpoint.endpoint, connections_url=None)
        other = replace(api(mocked(answering(201))), name="other")
        after = await gateway.swap(topology(api(mocked(answering(202))), other))
        assert (after.apis["shop"], list(after.apis)) == (endpoint, ["shop", "other"])
        statuses = []
        async with aiohttp.ClientSession() as session:
            for name in after.apis:
                client = Client(session, after.apis[name].endpoint.removesuffix("/dev"))
                statuses.append((await client.send())[0].status)
        assert statuses == [202, 201]
    finally:
        await gateway.stop()
