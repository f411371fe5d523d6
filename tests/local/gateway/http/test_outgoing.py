import asyncio
import json

import pytest

from local.gateway.client import Outgoing
from local.recording import Json
from tests.local.gateway.backend import Backend, Received, response
from tests.local.gateway.http.apis import calling, served, to_url
from tests.local.recordings import ALB_LISTENER

VARIABLE = "$" + "{stageVariables.host}"


@pytest.mark.parametrize(
    ("key", "uri", "parameters", "sent", "arrives"),
    [
        ("ANY /pets/{proxy+}", "/base/{proxy}", {}, "/pets/a/b%2Fc?x=1", "/base/a/b%2Fc?x=1"),
        ("GET /pets/{id}", "/v2/{id}/detail", {}, "/pets/7", "/v2/7/detail"),
        ("GET /pets/{id}", "/v2?kind=pet", {}, "/pets/7?x=%20", "/v2?kind=pet&x=%20"),
        ("GET /pets/{id}", "/v2?kind=pet", {}, "/pets/7", "/v2?kind=pet"),
        ("GET /pets/{id}", "", {}, "/pets/7", "/"),
        ("GET /pets/{id}", "/{other}", {}, "/pets/7", "/%7Bother%7D"),
        ("ANY /pets/{proxy+}", "/base/{proxy}", {}, "/pets/", "/base/"),
        ("$default", "", {}, "/a/b?x=1", "/a/b?x=1"),
        ("$default", "/base/", {}, "/a/b", "/base/a/b"),
        ("$default", "", {}, "//evil.example:80/x", "//evil.example:80/x"),
        ("$default", "", {}, "/@evil.example/x", "/@evil.example/x"),
        ("ANY /{proxy+}", "/base/{proxy}", {}, "/../../etc/passwd", "/base/../../etc/passwd"),
        ("ANY /{proxy+}", "/base/{proxy}", {}, "/%2e%2e/x", "/base/%2e%2e/x"),
        ("GET /pets/{id}", "/v2/{id}", {"overwrite:path": "/x y/${request.path.id}"}, "/pets/7", "/x%20y/7"),
        ("GET /pets/{id}", "/v2", {"overwrite:querystring.x": "a b"}, "/pets/7?x=1", "/v2?x=a%20b"),
        ("GET /pets/{id}", "/v2", {"remove:querystring.x": "''"}, "/pets/7?x=1&y=2", "/v2?y=2"),
    ],
)
async def test_urls(key: str, uri: str, parameters: dict[str, str], sent: str, arrives: str, backend: Backend) -> None:
    async with served(calling(to_url(backend.url + uri), key, parameters)) as client:
        assert (await client.send("GET", sent)).status == 200
    assert (await backend.next()).target == arrives


async def test_a_named_stage_is_not_in_the_path_of_a_url(backend: Backend) -> None:
    async with served(calling(to_url(backend.url), "$default", stage="dev")) as client:
        await client.send("GET", "/dev/a")
    assert (await backend.next()).target == "/a"


async def test_a_stage_variable_is_part_of_the_url(backend: Backend) -> None:
    host = backend.url.removeprefix("http://")
    made = calling(to_url(f"http://{VARIABLE}/x"), "GET /pets", host=host)
    async with served(made) as client:
        assert (await client.send("GET", "/pets")).status == 200
        (exchange,) = client.told
    received = await backend.next()
    assert (received.target, received.header("Host")) == ("/x", host)
    assert exchange.target == backend.url
    assert isinstance(exchange.sent, Outgoing)
    assert (exchange.sent.target, exchange.answered_status, exchange.stage) == ("/x", 200, "$default")


@pytest.mark.parametrize("host", ["", "a b", "user@evil.example", "127.0.0.1:0", "[::1"])
async def test_a_stage_variable_that_makes_no_url(host: str) -> None:
    made = calling(to_url(f"http://{VARIABLE}/x"), "GET /pets", host=host)
    async with served(made) as client:
        got = await client.send("GET", "/pets")
    assert (got.status, got.body) == (500, b'{"message":"Internal Server Error"}')
    reason = f'the URI must be a URL once the stage variables are in it, got "http://{host}/x"'
    assert client.told[0].reason == reason


async def test_headers_of_a_public_integration(backend: Backend) -> None:
    async with served(calling(to_url(backend.url), "ANY /x", {"append:header.x-a": "$request.header.a"})) as client:
        await client.send("GET", "/x", {"Host": "shop.example", "a": "1", "X-Forwarded-For": "10.0.0.1"})
        port = client.port
    received = await backend.next()
    assert received.header("Host") == backend.url.removeprefix("http://")
    assert received.header("Forwarded") == "for=10.0.0.1, by=127.0.0.1;for=127.0.0.1;host=shop.example;proto=http"
    assert (received.header("Via"), received.header("X-Forwarded-Port")) == ("HTTP/1.1 AmazonAPIGateway", str(port))
    assert received.header("x-a") == "1"


@pytest.mark.parametrize("value", ["mapped.example", "$request.header.host"])
async def test_a_mapped_host(value: str, backend: Backend) -> None:
    async with served(calling(to_url(backend.url), "ANY /x", {"overwrite:header.Host": value})) as client:
        await client.send("GET", "/x", {"Host": "mapped.example"})
    assert (await backend.next()).header("Host") == "mapped.example"


@pytest.mark.parametrize(
    ("method", "headers", "body", "expected"),
    [
        ("GET", {}, None, {"Content-Length": "0"}),
        ("HEAD", {}, None, {"Content-Length": "0"}),
        ("POST", {}, None, {"Content-Length": "0", "Content-Type": "application/x-www-form-urlencoded"}),
        ("DELETE", {"Content-Type": "text/x"}, None, {"Content-Length": "0", "Content-Type": "text/x"}),
        ("POST", {"Content-Type": "text/x"}, b"abc", {"Content-Length": "3", "Content-Type": "text/x"}),
        ("POST", {}, b"abc", {"Content-Length": "3"}),
    ],
)
@pytest.mark.parametrize("public", [True, False])
async def test_length_and_type(
    method: str, headers: dict[str, str], body: bytes | None, expected: dict[str, str], public: bool, backend: Backend
) -> None:
    inputs: dict[str, Json] = to_url(backend.url) if public else {"integrationUri": ALB_LISTENER}
    async with served(calling(inputs, "ANY /x"), {"orders": backend.url}) as client:
        await client.send(method, "/x", headers, body)
    received = await backend.next()
    assert {name: value for name, value in received.headers if name.startswith("Content-")} == expected


async def test_a_url_that_nobody_serves_is_unavailable() -> None:
    backend = await Backend().start()
    await backend.stop()
    async with served(calling(to_url(backend.url), "ANY /x")) as client:
        got = await client.send("GET", "/x")
    assert (got.status, got.body) == (503, b'{"message":"Service Unavailable"}')
    assert client.told[0].reason == f"nothing listens at {backend.url}"


async def test_a_url_that_does_not_answer_times_out(backend: Backend) -> None:
    released = asyncio.Event()

    async def wait(_: Received) -> None:
        await released.wait()

    backend.on_request = wait
    async with served(calling(to_url(backend.url, timeoutMilliseconds=50), "ANY /x")) as client:
        got = await client.send("GET", "/x")
    released.set()
    assert (got.status, got.body) == (504, b'{"message":"Gateway Timeout"}')


async def test_answers_are_mapped_with_what_is_known_of_the_integration(backend: Backend) -> None:
    mappings: Json = {
        "overwrite:statuscode": "200",
        "append:header.x-was": "$context.integration.status",
        "append:header.x-latency": "$context.integrationLatency",
        "append:header.x-key": "$context.routeKey",
    }
    backend.answers.append(response(304, ("Content-Length", "42")))
    made = calling(to_url(backend.url, responseParameters=[{"statusCode": "304", "mappings": mappings}]), "GET /x")
    async with served(made) as client:
        got = await client.send("GET", "/x")
    assert (got.status, got.body, got.header("x-was"), got.header("x-key")) == (200, b"", "304", "GET /x")
    assert int(got.header("x-latency") or "") >= 0
    assert got.header("Content-Length") == "0"


async def test_what_was_mapped_is_told(backend: Backend) -> None:
    parameters = {
        "append:header.x-a": "$request.body.a",
        "append:querystring.b": "$request.querystring.none",
        "remove:header.x-c": "''",
    }
    async with served(calling(to_url(backend.url), "POST /x", parameters)) as client:
        await client.send("POST", "/x", {"Content-Type": "application/json"}, json.dumps({"a": [1]}).encode())
    (exchange,) = client.told
    assert exchange.explain_request is not None
    assert [(mapping.destination, mapping.source, mapping.values) for mapping in exchange.explain_request()] == [
        ("append:header.x-a", "$request.body.a", ("[1]",)),
        ("append:querystring.b", "$request.querystring.none", ()),
        ("remove:header.x-c", "''", ()),
    ]
    assert exchange.request is not None
    assert exchange.request.context["routeKey"] == "POST /x"
