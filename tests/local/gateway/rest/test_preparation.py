import gzip
import re
import zlib
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from local.gateway.rest.payload import is_binary
from local.topology import RestApi
from local.topology.calls import ContentHandling, Passthrough, PublicCall
from local.topology.rest import RestIntegration
from tests.local.gateway.backend import Backend, Received, response
from tests.local.gateway.conftest import Log
from tests.local.gateway.rest.apis import api, custom, method, mocked, private, proxy, served

PATH = {"integration.request.path.id": "method.request.path.id"}


async def received(
    made: RestApi,
    backend: Backend,
    method: str = "GET",
    path: str = "/dev/x",
    headers: Mapping[str, str] | list[tuple[str, str]] | None = None,
    body: bytes | None = None,
) -> Received:
    async with served(made, backend) as client:
        answer, _ = await client.send(method, path, headers, body)
        assert answer.status == 200
    return await backend.next()


async def test_a_proxy_passes_headers_but_some(backend: Backend) -> None:
    headers = {
        "X-bB": "1",
        "Accept": "text/html",
        "Via": "1.1 other",
        "Content-MD5": "x",
        "Max-Forwards": "3",
        "Server": "me",
        "TE": "trailers",
        "Trailer": "X",
        "Proxy-Authenticate": "x",
        "WWW-Authenticate": "x",
        "Content-Encoding": "br",
        "Authorization": "Bearer t",
        "User-Agent": "test",
        "X-Forwarded-For": "10.0.0.1",
        "X-Amzn-Trace-Id": "Root=1-5759e988-bd862e3fe1be46a994272793",
        "X-Amzn-Apigateway-Api-Id": "other",
    }
    async with served(api(proxy()), backend) as client:
        port = client.base.rpartition(":")[2]
        await client.send(headers=headers)
    got = await backend.next()
    assert got.headers[:6] == (
        ("Host", "shop.internal"),
        ("X-bB", "1"),
        ("Accept", "text/html"),
        ("Authorization", "Bearer t"),
        ("User-Agent", "test"),
        ("X-Forwarded-For", "10.0.0.1, 127.0.0.1"),
    )
    assert got.headers[6:9] == (
        ("X-Forwarded-Port", port),
        ("X-Forwarded-Proto", "http"),
        ("Connection", "keep-alive"),
    )
    assert got.names[9:] == ["X-Amzn-Trace-Id", "X-Amzn-Apigateway-Api-Id"]
    assert re.fullmatch(r"Self=1-.*;Root=1-5759e988-bd862e3fe1be46a994272793", got.header("X-Amzn-Trace-Id"))
    assert got.header("X-Amzn-Apigateway-Api-Id") == "shop"


async def test_what_a_client_leaves_out_is_added(backend: Backend) -> None:
    got = await received(api(proxy()), backend, "POST", body=b"{}")
    assert got.header("Accept") == "application/json"
    assert got.header("User-Agent") == "AmazonAPIGateway_shop"
    assert (got.header("Content-Type"), got.body) == ("application/json", b"{}")


async def test_an_http_integration_gets_what_is_mapped_and_no_more(backend: Backend) -> None:
    made = api(
        custom(
            parameters={
                "integration.request.header.X-Tenant": "stageVariables.tenant",
                "integration.request.header.X-All": "method.request.multivalueheader.X-In",
                "integration.request.header.X-Lower": "method.request.header.x-in",
                "integration.request.querystring.id": "method.request.multivaluequerystring.id",
                "integration.request.querystring.fixed": "'a%20b'",
                "integration.request.querystring.none": "method.request.querystring.none",
            },
            uri="http://shop.internal/orders?v=1",
        )
    )
    headers = [("X-In", "1"), ("X-In", "2"), ("Cookie", "a"), ("Accept", "text/html"), ("Content-Type", "text/plain")]
    got = await received(made, backend, "PUT", "/dev/x?id=a/b&id=%C3%A9&more=1", headers, b"body")
    assert (got.method, got.target) == ("POST", "/orders?v=1&id=a%2Fb&id=%C3%A9&fixed=a%20b")
    assert got.headers[:7] == (
        ("Host", "shop.internal"),
        ("X-Tenant", "acme"),
        ("X-All", "1,2"),
        ("Accept", "application/json"),
        ("User-Agent", "AmazonAPIGateway_shop"),
        ("Connection", "keep-alive"),
        ("Content-Type", "text/plain"),
    )
    assert (got.names[7:9], got.body) == (["X-Amzn-Trace-Id", "X-Amzn-Apigateway-Api-Id"], b"body")


async def test_a_proxy_merges_what_is_mapped(backend: Backend) -> None:
    made = api(
        proxy(
            parameters={
                "integration.request.path.proxy": "method.request.path.proxy",
                "integration.request.header.host": "'shop.example'",
                "integration.request.header.x-in": "'mapped'",
                "integration.request.header.Content-Encoding": "'identity'",
                "integration.request.querystring.q": "context.httpMethod",
            }
        )
    )
    got = await received(made, backend, path="/dev/x?q=%41&r", headers={"X-In": "1"})
    assert got.target == "/x?q=%41&r&q=GET"
    assert got.headers[0] == ("Host", "shop.example")
    assert (got.header("x-in"), got.header("Content-Encoding")) == ("mapped", "identity")
    assert not {"X-In", "host"} & set(got.names)


@pytest.mark.parametrize(
    ("route", "uri", "parameters", "sent", "arrives"),
    [
        ("ANY /{proxy+}", "http://shop.internal/v1/{proxy}", None, "/dev/a/b%20c/d?x=1", "/v1/a/b%20c/d?x=1"),
        ("ANY /{proxy+}", "http://shop.internal/{proxy}", None, "/dev/a%2Fb%25", "/a/b%25"),
        ("GET /", "http://shop.internal", {}, "/dev", "/"),
        ("GET /", "http://shop.internal/", {}, "/dev/", "/"),
        ("GET /i/{id}", "http://shop.internal/i/{id}", {}, "/dev/i/7/", "/i/%7Bid%7D"),
        ("GET /i/{id}", "http://shop.internal/i/{id}?of={id}", PATH, "/dev/i/7?of=8", "/i/7?of=7&of=8"),
        (
            "GET /i/{id}",
            "http://${stageVariables.tenant}.internal/${stageVariables.tenant}/{id}/${stageVariables.none}",
            {"integration.request.path.id": "'a%20b c'"},
            "/dev/i/7",
            "/acme/a%20b%20c/",
        ),
    ],
)
async def test_the_target(
    route: str, uri: str, parameters: Mapping[str, str] | None, sent: str, arrives: str, backend: Backend
) -> None:
    got = await received(api(method(route, proxy(private(uri), parameters))), backend, path=sent)
    assert got.target == arrives


async def test_the_host_is_that_of_the_uri(backend: Backend) -> None:
    uri = "http://${stageVariables.tenant}.internal:8080/x"
    assert (await received(api(proxy(private(uri))), backend)).headers[0] == ("Host", "acme.internal:8080")


async def test_a_public_url_is_called(backend: Backend) -> None:
    made = api(proxy(PublicCall(uri=f"{backend.url}/v1/{{proxy}}")))
    async with served(made, "http://127.0.0.1:9") as client:
        answer, _ = await client.send(path="/dev/a?b=1")
    got = await backend.next()
    assert (answer.status, got.target, got.header("Host")) == (200, "/v1/a?b=1", backend.url.removeprefix("http://"))


@pytest.mark.parametrize(
    ("templates", "arrives"),
    [
        ({}, "/dev/orders/7?q=1"),
        ({"application/json": "#set($context.requestOverride.path = '/orders/a b')\n$input.body"}, "/orders/a%20b?q=1"),
        ({"$default": "#set($context.requestOverride.path = 'orders/%37')"}, "/orders/%37?q=1"),
        ({"text/plain": "#set($context.requestOverride.path = '/never')"}, "/dev/orders/7?q=1"),
    ],
)
async def test_a_link_of_version_2_puts_the_stage_before_the_path_unless_it_is_overridden(
    templates: Mapping[str, str], arrives: str, backend: Backend
) -> None:
    integration = proxy(private("http://shop.internal/orders/{proxy}", stage_in_path=True))
    got = await received(api(replace(integration, templates=templates)), backend, path="/dev/7?q=1")
    assert got.target == arrives


async def test_overrides_beat_mappings(backend: Backend) -> None:
    template = """
#set($context.requestOverride.header.x-a = "override")
#set($context.requestOverride.header.X-B = ["1", "2"])
#set($context.requestOverride.path.id = "o/1")
#set($context.requestOverride.querystring.q = ["x y", "z"])
$input.json('$.a')"""
    made = api(
        method(
            "POST /i/{id}",
            custom(
                parameters={
                    **PATH,
                    "integration.request.header.X-A": "'mapped'",
                    "integration.request.querystring.q": "'mapped'",
                    "integration.request.querystring.r": "'mapped'",
                },
                templates={"application/json": template},
                uri="http://shop.internal/{id}",
            ),
        )
    )
    got = await received(made, backend, "POST", "/dev/i/7", body=b'{"a": [1]}')
    assert (got.target, got.body.strip()) == ("/o/1?r=mapped&q=x%20y&q=z", b"[1]")
    assert [pair for pair in got.headers if pair[0].lower() in {"x-a", "x-b"}] == [
        ("x-a", "override"),
        ("X-B", "1"),
        ("X-B", "2"),
    ]


async def test_an_override_takes_the_place_of_what_a_proxys_client_sent(backend: Backend) -> None:
    template = "#set($context.requestOverride.querystring.q = 'new')"
    made = api(replace(proxy(), templates={"$default": template}))
    assert (await received(made, backend, path="/dev/x?a=1&q=2&%71=3&b")).target == "/x?a=1&b&q=new"


@pytest.mark.parametrize(
    ("content_type", "passthrough", "arrives"),
    [
        (None, "NEVER", b"json"),
        ("application/json", "NEVER", b"json"),
        ("Application/JSON; charset=utf-8", "NEVER", b"json"),
        ("text/plain", "WHEN_NO_MATCH", b"sent"),
    ],
)
async def test_the_template_of_the_content_type(
    content_type: str | None, passthrough: Passthrough, arrives: bytes, backend: Backend
) -> None:
    integration = replace(custom(templates={"application/json": "json"}), passthrough=passthrough)
    headers = {"Content-Type": content_type} if content_type else None
    assert (await received(api(integration), backend, "POST", headers=headers, body=b"sent")).body == arrives


async def test_the_default_template_takes_every_other_type(backend: Backend) -> None:
    made = api(replace(custom(templates={"application/json": "json", "$default": "other"}), passthrough="NEVER"))
    got = await received(made, backend, "POST", headers={"Content-Type": "text/plain"}, body=b"sent")
    assert got.body == b"other"


async def test_a_body_passes_where_there_are_no_templates(backend: Backend) -> None:
    made = api(replace(custom(), passthrough="WHEN_NO_TEMPLATES"))
    assert (await received(made, backend, "POST", body=b"sent")).body == b"sent"


@pytest.mark.parametrize("verb", ["GET", "HEAD", "OPTIONS"])
async def test_some_methods_have_no_body(verb: str, backend: Backend) -> None:
    got = await received(api(custom(method=verb, templates={"$default": "made"})), backend, "POST", body=b"sent")
    assert (got.method, got.body) == (verb, b"")
    assert not {"Content-Length", "Content-Type"} & set(got.names)


PNG = b"\x89PNG\xff"


def image(integration: RestIntegration, handling: ContentHandling | None) -> RestApi:
    return replace(api(replace(integration, content_handling=handling)), binary_media_types=("image/*",))


@pytest.mark.parametrize(
    ("integration", "handling", "content_type", "sent", "arrives"),
    [
        (custom(), None, "image/png", PNG, PNG),
        (custom(), "CONVERT_TO_BINARY", "image/png", PNG, PNG),
        (custom(), "CONVERT_TO_TEXT", "image/png", PNG, b64encode(PNG)),
        (custom(), None, "text/plain", PNG, b"\xef\xbf\xbdPNG\xef\xbf\xbd"),
        (custom(), "CONVERT_TO_TEXT", "text/plain", b"text", b"text"),
        (custom(), "CONVERT_TO_BINARY", "text/plain", b64encode(PNG), PNG),
        (custom(templates={"$default": "<$input.body>"}), "CONVERT_TO_TEXT", "image/png", b"a", b"<YQ==>"),
        (custom(templates={"$default": "YQ=="}), "CONVERT_TO_BINARY", "text/plain", b"x", b"a"),
        (custom(templates={"$default": "<$input.body>"}), "CONVERT_TO_TEXT", "image/png", b"", b"<{}>"),
        (proxy(), None, "text/plain", PNG, b"\xef\xbf\xbdPNG\xef\xbf\xbd"),
        (proxy(), None, "image/png", PNG, PNG),
        (replace(proxy(), streams=True), None, "text/plain", PNG, PNG),
        (proxy(), "CONVERT_TO_TEXT", "image/png", b"a", b"YQ=="),
    ],
)
async def test_conversions_of_a_body(
    integration: RestIntegration,
    handling: ContentHandling | None,
    content_type: str,
    sent: bytes,
    arrives: bytes,
    backend: Backend,
) -> None:
    made = image(integration, handling)
    got = await received(made, backend, "POST", headers={"Content-Type": content_type}, body=sent)
    assert got.body == arrives


@pytest.mark.parametrize("body", [PNG, b""])
@pytest.mark.parametrize(
    "integration",
    [custom(templates={"$default": "{}"}), mocked(), replace(proxy(), templates={"$default": "$input.body"})],
)
async def test_a_template_takes_no_binary_body_not_even_an_empty_one(
    integration: RestIntegration, body: bytes, log: Log
) -> None:
    async with served(image(integration, None)) as client:
        answer, got = await client.send("OPTIONS", headers={"Content-Type": "image/png"}, body=body)
    assert (answer.status, got) == (500, b'{"message": "Internal server error"}')
    assert log.lines[-1].endswith(
        "the template for image/png cannot take a binary body; contentHandling CONVERT_TO_TEXT lets it"
    )


@pytest.mark.parametrize(
    ("sent", "wanted", "taken"),
    [("POST", "PUT", "PUT"), ("GET", " delete ", "DELETE"), ("POST", "ANY", "POST"), ("POST", "TRACE", "POST")],
)
async def test_a_header_overrides_the_method(sent: str, wanted: str, taken: str, backend: Backend, log: Log) -> None:
    mapping = {"integration.request.header.X-Method": "context.httpMethod"}
    made = api(
        *(
            method(f"{name} /x", proxy(private("http://shop.internal/"), mapping))
            for name in dict.fromkeys((sent, taken))
        )
    )
    got = await received(made, backend, sent, headers={"X-HTTP-Method-Override": wanted})
    assert (got.method, got.header("X-Method")) == (taken, taken)
    assert "X-HTTP-Method-Override" not in got.names
    assert f"{sent} /dev/x -> {taken} /x: 200" in log.lines[-1]


async def test_the_header_with_the_method_passes_where_it_is_mapped(backend: Backend) -> None:
    name = "X-HTTP-Method-Override"
    made = api(
        proxy(private("http://shop.internal/"), {f"integration.request.header.{name}": f"method.request.header.{name}"})
    )
    got = await received(made, backend, "POST", headers={name: "PATCH"})
    assert (got.method, got.header(name)) == ("PATCH", "PATCH")


async def test_a_method_that_is_not_there_is_refused_though_the_one_that_was_sent_is(log: Log) -> None:
    async with served(api(method("POST /x"))) as client:
        answer, _ = await client.send("POST", headers={"X-HTTP-Method-Override": "DELETE"})
    assert answer.status == 403
    assert log.lines[-1].endswith("no method takes DELETE /x (methods: POST /x)")


@pytest.mark.parametrize("streams", [True, False])
async def test_an_answer_to_head_in_the_place_of_another_method_is_empty(streams: bool, backend: Backend) -> None:
    backend.answers.append(response(200, ("Content-Length", "42")))
    async with served(api(replace(proxy(), streams=streams)), backend) as client:
        answer, body = await client.send("POST", headers={"X-HTTP-Method-Override": "HEAD"})
    assert (answer.status, answer.headers["Content-Length"], body) == (200, "0", b"")


async def test_a_semicolon_splits_the_query(backend: Backend) -> None:
    mapping = {
        "integration.request.header.A": "method.request.querystring.a",
        "integration.request.header.B": "method.request.querystring.b",
    }
    got = await received(api(proxy(private("http://shop.internal/"), mapping)), backend, path="/dev/x?a=1;b=2%3B3&c")
    assert (got.header("A"), got.header("B"), got.target) == ("1", "2;3", "/?a=1&b=2%3B3&c")


async def test_mappings_come_before_the_template() -> None:
    parameters = {"integration.request.header.A": "method.request.body.a"}
    answers = []
    for templates in ({"application/json": "$input.json('$.a')"}, {"text/plain": "x"}):
        made = api(replace(custom(parameters=parameters, templates=templates), passthrough="NEVER"))
        async with served(made) as client:
            answer, body = await client.send("POST", body=b"{bad")
        answers.append((answer.status, body))
    assert answers == [(400, b'{"message":"Invalid JSON in request body"}')] * 2


@pytest.mark.parametrize(
    ("media_type", "types", "expected"),
    [
        ("image/png", ("image/png",), True),
        ("image/png", ("IMAGE/*",), True),
        (None, ("*/*",), True),
        ("image/png", ("image/jpeg",), False),
        (None, (), False),
    ],
)
def test_binary_media_types(media_type: str | None, types: tuple[str, ...], expected: bool) -> None:
    assert is_binary(media_type, types) is expected


@pytest.mark.parametrize(("coding", "compress"), [("gzip", gzip.compress), ("Deflate", zlib.compress)])
async def test_a_compressed_body_arrives_plain(
    coding: str, compress: Callable[[bytes], bytes], backend: Backend
) -> None:
    made = api(custom(templates={"application/json": "$input.json('$.a')"}))
    headers = {"Content-Encoding": coding}
    assert (await received(made, backend, "POST", headers=headers, body=compress(b'{"a":1}'))).body == b"1"
