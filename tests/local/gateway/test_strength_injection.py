"""What a client writes into a mapped value stays a value: no line break reaches a header, no path leaves the host."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from yarl import URL

from local.functions import Functions, HandlerName
from local.recording import Json
from local.topology.authorization import Identity
from tests.local.gateway.backend import Backend, Received, response
from tests.local.gateway.http import apis as http_apis
from tests.local.gateway.rest import apis as rest_apis
from tests.local.gateway.websocket import apis as websocket_apis
from tests.local.gateway.wire import HTTP_BY_NLB, HTTP_PUBLIC, REST_PRIVATE, REST_PUBLIC, check_log, parsed, serving

EVIL = "a\r\nX-Injected: 1\r\n\r\nGET /smuggled HTTP/1.1\0\x01\x7f\ud800é"
IN_HEADER = "a X-Injected: 1 GET /smuggled HTTP/1.1   \N{REPLACEMENT CHARACTER}é"
IN_PATH = "a%0D%0AX-Injected:%201%0D%0A%0D%0AGET%20/smuggled%20HTTP/1.1%00%01%7F%EF%BF%BD%C3%A9"
IN_QUERY = "a%0D%0AX-Injected%3A%201%0D%0A%0D%0AGET%20%2Fsmuggled%20HTTP%2F1.1%00%01%7F%EF%BF%BD%C3%A9"
AS_TEXT = IN_HEADER.replace("\N{REPLACEMENT CHARACTER}", "?")
"""What templates and functions say, of which half of a surrogate pair does not survive as such."""
BODY = json.dumps({"e": EVIL}).encode()
SENT = "a%0d%0aX-Injected:%001"
"""The same in a query string, but for what no query can have."""
JSON = {"Content-Type": "application/json"}


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    check_log(caplog)


def headers(received: Received) -> dict[str, str]:
    """Return the headers in UTF-8, as they were sent."""
    return {name: value.encode("latin-1").decode() for name, value in received.headers}


@pytest.mark.parametrize(
    ("parameters", "target"),
    [
        ({"append:header.e": "$request.body.e"}, "/x"),
        ({"overwrite:header.e": "<${request.body.e}>"}, "/x"),
        ({"overwrite:header.Host": "$request.body.e"}, "/x"),
        ({"append:querystring.e": "$request.body.e"}, f"/x?e={IN_QUERY}"),
        ({"overwrite:path": "$request.body.e"}, f"/{IN_PATH}"),
        ({"overwrite:path": "/a/${request.body.e}"}, f"/a/{IN_PATH}"),
    ],
)
@pytest.mark.parametrize("public", [False, True])
async def test_a_mapping_of_an_http_api(
    public: bool, parameters: dict[str, str], target: str, backend: Backend
) -> None:
    inputs = http_apis.to_url(f"{backend.url}/{{proxy}}") if public else {}
    async with http_apis.served(http_apis.calling(inputs, parameters=parameters), {"orders": backend.url}) as client:
        assert (await client.send("POST", "/x", JSON, BODY)).status == 200
    received = await backend.next()
    sent = headers(received)
    assert (received.target, received.body) == (target, BODY)
    assert "X-Injected" not in sent
    for name in {"e", "Host"} & {key.rpartition(".")[2] for key in parameters if "header" in key}:
        assert sent[name].strip("<>") == IN_HEADER
    assert backend.received.empty()


@pytest.fixture
def reflecting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the function "reflects" be an authorizer of every API."""
    handler = HandlerName(module="strength_functions", function="reflects")

    def functions(names: Mapping[str, HandlerName], folder: Path) -> Functions:
        return Functions({**names, "reflects": handler}, folder)

    for module in (http_apis, rest_apis, websocket_apis):
        monkeypatch.setattr(module, "Functions", functions)


@pytest.mark.usefixtures("reflecting")
async def test_the_context_of_an_authorizer_of_an_http_api(backend: Backend) -> None:
    parameters = {
        "append:header.e": "$context.authorizer.e",
        "append:header.f": "<${context.authorizer.principalId}>",
        "append:querystring.g": "$context.authorizer.e",
    }
    authorizer: dict[str, Json] = {
        "authorizerType": "REQUEST",
        "name": "keeper",
        "authorizerUri": http_apis.function_uri("reflects"),
        "authorizerPayloadFormatVersion": "1.0",
        "identitySources": ["$request.querystring.e"],
        "authorizerResultTtlInSeconds": 0,
    }
    made = http_apis.guarded(
        http_apis.calling({}, parameters=parameters), "ANY /{proxy+}", authorizer, authorizationType="CUSTOM"
    )
    async with http_apis.served(made, {"orders": backend.url}) as client:
        assert (await client.send("GET", f"/x?e={SENT}")).status == 200
    received = await backend.next()
    assert (received.header("e"), received.header("f")) == ("a X-Injected: 1", "<a X-Injected: 1>")
    assert received.target == "/x?e=a%0D%0AX-Injected%3A%001&g=a%0D%0AX-Injected%3A%001"
    assert "X-Injected" not in received.names


@pytest.mark.usefixtures("reflecting")
async def test_the_context_of_an_authorizer_of_a_rest_api(backend: Backend) -> None:
    made = rest_apis.proxy(
        None,
        {
            "integration.request.header.e": "context.authorizer.e",
            "integration.request.header.f": "context.authorizer.principalId",
            "integration.request.path.proxy": "context.authorizer.e",
        },
    )
    source = Identity(location="querystring", name="e")
    method = replace(
        rest_apis.method("ANY /{proxy+}", made),
        authorization=rest_apis.asking("REQUEST", name="reflects", sources=(source,)),
    )
    async with rest_apis.served(rest_apis.api(method), backend) as client:
        answer, _ = await client.send(path=f"/dev/x?e={SENT}")
    received = await backend.next()
    assert (answer.status, received.target) == (200, f"/a%0D%0AX-Injected:%001?e={SENT}")
    assert (received.header("e"), received.header("f")) == ("a X-Injected: 1", "a X-Injected: 1")
    assert "X-Injected" not in received.names


@pytest.mark.parametrize(
    ("place", "target"),
    [
        ("header.e", "/%7Bproxy%7D"),
        ("header.Host", "/%7Bproxy%7D"),
        ("querystring.e", f"/%7Bproxy%7D?e={IN_QUERY}"),
        ("path.proxy", f"/{IN_PATH}"),
    ],
)
@pytest.mark.parametrize("kind", ["HTTP", "HTTP_PROXY"])
async def test_a_mapping_of_a_rest_api(kind: str, place: str, target: str, backend: Backend) -> None:
    parameters = {f"integration.request.{place}": "method.request.body.e"}
    made = rest_apis.proxy(None, parameters)
    if kind == "HTTP":
        made = rest_apis.custom(parameters=parameters, uri="http://shop.internal/{proxy}")
    async with rest_apis.served(rest_apis.api(made), backend) as client:
        answer, _ = await client.send("POST", headers=JSON, body=BODY)
    received = await backend.next()
    sent = headers(received)
    assert (answer.status, received.target, received.body) == (200, target, BODY)
    assert "X-Injected" not in sent
    if place.startswith("header"):
        assert sent[place.removeprefix("header.")] == IN_HEADER
    assert backend.received.empty()


@pytest.mark.parametrize(
    ("override", "target"),
    [
        ("header.e", "/%7Bproxy%7D"),
        ("path", f"/{IN_PATH}"),
        ("path.proxy", f"/{IN_PATH}"),
        ("querystring.e", f"/%7Bproxy%7D?e={IN_QUERY}"),
    ],
)
async def test_an_override_of_a_rest_api(override: str, target: str, backend: Backend) -> None:
    template = f"#set($context.requestOverride.{override} = $input.path('$.e'))$input.path('$.e')"
    made = rest_apis.custom(templates={"application/json": template}, uri="http://shop.internal/{proxy}")
    async with rest_apis.served(rest_apis.api(made), backend) as client:
        answer, _ = await client.send("POST", headers=JSON, body=BODY)
    received = await backend.next()
    sent = headers(received)
    assert (answer.status, received.target) == (200, target.replace("%EF%BF%BD", "%3F"))
    assert "X-Injected" not in sent
    if override == "header.e":
        assert sent["e"] == AS_TEXT
    assert backend.received.empty()


@pytest.mark.parametrize("side", ["request", "response"])
async def test_a_name_that_a_template_makes_of_a_clients_text(side: str, backend: Backend) -> None:
    template = {"application/json": f"#set($context.{side}Override.header[$input.path('$.e')] = 'v')x"}
    responses = (rest_apis.answering(templates=template),) if side == "response" else ()
    made = rest_apis.custom(*responses, templates=template if side == "request" else None)
    backend.answers.append(response(200, ("Content-Type", "application/json"), body=BODY))
    async with rest_apis.served(rest_apis.api(made), backend) as client:
        answer, body = await client.send("POST", headers=JSON, body=BODY)
    assert (answer.status, body) == (500, b'{"message": "Internal server error"}')
    assert "X-Injected" not in answer.headers


async def test_a_response_mapping_of_a_rest_api(backend: Backend) -> None:
    mapping = {"method.response.header.e": "integration.response.body.e"}
    template = {"application/json": "#set($context.responseOverride.header.f = $input.path('$.e'))"}
    backend.answers.append(response(200, ("Content-Type", "application/json"), body=BODY))
    made = rest_apis.custom(rest_apis.answering(200, None, mapping, template))
    async with rest_apis.served(rest_apis.api(made), backend) as client:
        answer, body = await client.send()
    assert (answer.status, body, answer.headers["e"]) == (200, b"", IN_HEADER)
    assert answer.headers["f"] == AS_TEXT
    assert "X-Injected" not in answer.headers


@pytest.mark.parametrize("version", ["1.0", "2.0"])
async def test_headers_of_a_function_of_an_http_api(version: str) -> None:
    said = {"statusCode": 200, "headers": {"e": EVIL}, "cookies": [EVIL], "body": "ok"}
    made = http_apis.calling(http_apis.to_function("says", version))
    async with http_apis.served(made) as client:
        got = await client.send("POST", "/x", http_apis.TEXT, json.dumps(said).encode())
    assert (got.status, got.body) == (200, b"ok")
    assert (got.header("e"), got.header("X-Injected")) == (AS_TEXT, None)
    assert got.header("Set-Cookie") == (AS_TEXT if version == "2.0" else None)


async def test_headers_of_a_function_of_a_rest_api() -> None:
    said = {"statusCode": 200, "headers": {"e": EVIL}, "multiValueHeaders": {"f": [EVIL]}, "body": "ok"}
    async with rest_apis.served(rest_apis.api(rest_apis.of_proxied_function())) as client:
        answer, body = await client.send("POST", headers={"Content-Type": "text/plain"}, body=json.dumps(said).encode())
    assert (answer.status, body) == (200, b"ok")
    assert (answer.headers["e"], answer.headers["f"]) == (AS_TEXT, AS_TEXT)
    assert "X-Injected" not in answer.headers


async def test_a_gateway_response_with_a_clients_text() -> None:
    made = rest_apis.api(rest_apis.mocked())
    parameters = {"gatewayresponse.header.e": "method.request.querystring.e"}
    templates = {"application/json": "$method.request.querystring.e"}
    made = replace(
        made, gateway_responses={"MISSING_AUTHENTICATION_TOKEN": rest_apis.wording(None, parameters, templates)}
    )
    async with rest_apis.served(made) as client:
        answer, body = await client.send(path="/dev?e=a%0d%0aX-Injected:%201")
    assert (answer.status, body, answer.headers["e"]) == (403, b"a\r\nX-Injected: 1", "a X-Injected: 1")
    assert "X-Injected" not in answer.headers


@pytest.mark.parametrize("kind", ["HTTP_PROXY", "HTTP"])
async def test_a_mapping_of_a_websocket_api(kind: str, backend: Backend) -> None:
    parameters: dict[str, Json] = {
        "integration.request.header.e": "route.request.body.e",
        "integration.request.querystring.e": "route.request.body.e",
        "integration.request.path.e": "route.request.body.e",
    }
    made = websocket_apis.chat(default={"integrationType": kind, "requestParameters": parameters})
    made.change("chat $default integration", integrationUri="http://chat-1.elb.us-east-1.amazonaws.com/a/{e}")
    async with websocket_apis.served(made, backend) as gateway:
        socket = await gateway.connect()
        await socket.send_str(BODY.decode())
        received = await backend.next()
        await socket.close()
    encoded = IN_QUERY
    assert received.target == f"/a/{encoded}?e={encoded}"
    assert headers(received)["e"] == IN_HEADER
    assert "X-Injected" not in received.names
    assert backend.received.empty()


async def test_the_handshake_of_a_websocket_api(backend: Backend) -> None:
    parameters: dict[str, Json] = {"integration.request.header.e": "route.request.querystring.e"}
    made = websocket_apis.chat(connect={"requestParameters": parameters}, disconnect={})
    async with websocket_apis.served(made, backend) as gateway:
        socket = await gateway.connect("?e=a%0d%0aX-Injected:%001")
        received = await backend.next()
        await socket.close()
    assert received.header("e") == "a X-Injected: 1"
    assert "X-Injected" not in received.names


@pytest.mark.usefixtures("reflecting")
async def test_the_context_of_an_authorizer_of_a_websocket_api(backend: Backend) -> None:
    """It is known to the messages that follow, too."""
    parameters: dict[str, Json] = {
        "integration.request.header.e": "context.authorizer.e",
        "integration.request.header.f": "context.authorizer.principalId",
        "integration.request.querystring.g": "context.authorizer.e",
    }
    inputs: dict[str, Json] = {"requestParameters": parameters}
    made = websocket_apis.chat(connect=inputs, default=inputs, disconnect=inputs)
    made.add(
        "aws:apigatewayv2/authorizer:Authorizer",
        "door",
        {
            "apiId": "chat",
            "name": "door",
            "authorizerType": "REQUEST",
            "authorizerUri": websocket_apis.invocation("reflects"),
            "identitySources": ["route.request.querystring.e"],
        },
    )
    made.change("chat $connect", authorizationType="CUSTOM", authorizerId="door")
    async with websocket_apis.served(made, backend) as gateway:
        socket = await gateway.session.ws_connect(URL(f"{gateway.url}?e={SENT}", encoded=True))
        await socket.send_str("{}")
        await socket.close()
        for _ in range(3):
            received = await backend.next()
            assert (received.header("e"), received.header("f")) == ("a X-Injected: 1", "a X-Injected: 1")
            assert received.target == "/?g=a%0D%0AX-Injected%3A%001"
            assert "X-Injected" not in received.names


@pytest.mark.parametrize("posted", [EVIL.encode("utf-8", "replace"), b"\xff\xfe\r\n\0", b""])
async def test_what_is_posted_to_a_connection_is_one_message(posted: bytes, backend: Backend) -> None:
    parameters: dict[str, Json] = {"integration.request.header.ConnectionId": "context.connectionId"}
    made = websocket_apis.chat(connect={"requestParameters": parameters})
    async with websocket_apis.served(made, backend) as gateway:
        socket = await gateway.connect()
        url = f"{gateway.connections_url}/@connections/{(await backend.next()).header('ConnectionId')}"
        async with gateway.session.post(url, data=posted) as answer:
            assert (answer.status, await answer.read()) == (200, b"")
        assert await socket.receive_str(timeout=5) == posted.decode("utf-8", "replace")
        await socket.close()


@pytest.mark.parametrize("connection", ["%0d%0aX-Injected:%201", "%00", "%ff", "..%2f..", "%2e%2e", "a%2fb", "{}"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
async def test_a_connection_that_no_client_has(method: str, connection: str) -> None:
    async with websocket_apis.served(websocket_apis.chat(default={})) as gateway:
        url = URL(f"{gateway.connections_url}/@connections/{connection}", encoded=True)
        async with gateway.session.request(method, url) as answer:
            body = await answer.json()
    assert answer.status == 410
    assert answer.headers["x-amzn-ErrorType"] == "GoneException"
    assert list(body) == ["message"]
    assert "X-Injected" not in answer.headers


TRAVERSALS = {
    "/../../x": ("/../../x", "/../../x"),
    "/..%2f..%2fx": ("/..%2f..%2fx", "/../../x"),
    "/%2e%2e/%2e%2e/x": ("/%2e%2e/%2e%2e/x", "/../../x"),
    "/%252e%252e%252fx": ("/%252e%252e%252fx", "/%252e%252e%252fx"),
    "/..\\..\\x": ("/..\\..\\x", "/..%5C..%5Cx"),
    "/..%5c..%5cx": ("/..%5c..%5cx", "/..%5C..%5Cx"),
    "/%2f%2fevil.example/x": ("/%2f%2fevil.example/x", "///evil.example/x"),
    "/%5c%5cevil.example": ("/%5c%5cevil.example", "/%5C%5Cevil.example"),
    "/@evil.example/x": ("/@evil.example/x", "/@evil.example/x"),
    "/:80@evil.example/x": ("/:80@evil.example/x", "/:80@evil.example/x"),
    "/http://evil.example/x": ("/http://evil.example/x", "/http://evil.example/x"),
    "/a%0d%0aHost:%20evil": ("/a%0d%0aHost:%20evil", "/a%0D%0AHost:%20evil"),
    "/a%00b": ("/a%00b", "/a%00b"),
    "/a%23b%3fc": ("/a%23b%3fc", "/a%23b%3Fc"),
    "/a;b=c,d": ("/a;b=c,d", "/a;b=c,d"),
    "/%ff%fe": ("/%ff%fe", "/%EF%BF%BD%EF%BF%BD"),
}
"""What a client calls, and what the backend of an HTTP and of a REST API gets, which decodes a variable."""


@pytest.mark.parametrize("sent", TRAVERSALS)
async def test_a_path_does_not_leave_the_backend(sent: str, backend: Backend) -> None:
    http, rest = TRAVERSALS[sent]
    for kind, target in ((HTTP_BY_NLB, http), (REST_PRIVATE, rest), (REST_PUBLIC, rest)):
        async with serving(kind, backend.url) as api:
            path = api.path.removesuffix("/x") + sent
            line = f"GET {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
            assert parsed(await api.send(line.encode("latin-1"))) == (200, b"")
        received = await backend.next()
        assert received.target == target
        # The host is the client's with an HTTP API, and that of the integration with a REST API.
        hosts = [value for name, value in received.headers if name.lower() == "host"]
        assert hosts == [{HTTP_BY_NLB: "h", REST_PRIVATE: "shop.internal"}.get(kind, backend.url.partition("//")[2])]


@pytest.mark.parametrize("sent", ["//evil.example/x", "/x#/../y", "/\\evil.example/x"])
async def test_a_path_that_looks_like_a_host(sent: str, backend: Backend) -> None:
    for kind in (HTTP_BY_NLB, HTTP_PUBLIC):
        async with serving(kind, backend.url) as api:
            line = f"GET {sent} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
            assert parsed(await api.send(line.encode("latin-1"))) == (200, b"")
        assert (await backend.next()).target.startswith("/")
    async with serving(REST_PRIVATE, backend.url) as api:
        line = f"GET {sent} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
        assert parsed(await api.send(line.encode("latin-1"))) == (403, b'{"message":"Missing Authentication Token"}')
