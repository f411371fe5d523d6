import asyncio
import gzip
import io
import json
import re
from urllib.parse import urlsplit

import aiohttp
import pytest
from yarl import URL

from local.gateway.server import Gateway
from local.recording import Json
from tests.local.gateway.backend import Backend, Received, response
from tests.local.gateway.conftest import Log, Serve
from tests.local.recordings import NLB_LISTENER, Program, program

NO_SPACE_ID = re.compile(r"[A-Za-z0-9_-]{15}=")


def orders(gateway: Gateway) -> str:
    return gateway.endpoints.apis["orders"].endpoint


def proxied(key: str = "ANY /{proxy+}", parameters: dict[str, str] | None = None, stage: str = "$default") -> Program:
    made = program()
    made.http_route(made.http_api(stage=stage, tenant="acme"), key, parameters)
    return made


def by_network_balancer() -> Program:
    """Register the API of :func:`proxied` with the backend "chat", whose balancer passes connections on."""
    made = proxied()
    made.change("orders ANY /{proxy+} integration", integrationUri=NLB_LISTENER)
    made.change("chat-balancer", securityGroups=[])
    made.rule("egress", "link-to-chat", "sg-link", cidrIpv4="10.20.0.0/16")
    made.change("link-to-chat", fromPort=80.0, toPort=80.0)
    return made


async def raw(url: str, text: str) -> bytes:
    """Send bytes as they are, and return all that comes back."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(text.encode("latin-1"))
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    await writer.wait_closed()
    return answer


async def test_a_request_reaches_the_backend_with_its_mapped_header(
    serve: Serve, backend: Backend, client: aiohttp.ClientSession
) -> None:
    gateway = await serve(proxied(parameters={"overwrite:header.x-Request-Id": "$context.requestId"}))
    backend.answers.append(response(201, ("X-Answer", "yes"), body=b"made"))
    async with client.post(f"{orders(gateway)}/orders/7?a=1&a=2&b=%20", data=b"\x00\xff") as answer:
        assert (answer.status, await answer.read(), answer.headers["X-Answer"]) == (201, b"made", "yes")
        assert NO_SPACE_ID.fullmatch(answer.headers["apigw-requestid"])
        request_id = answer.headers["apigw-requestid"]
    received = await backend.next()
    assert (received.method, received.target) == ("POST", "/orders/7?a=1&a=2&b=%20")
    assert received.body == b"\x00\xff"
    assert received.header("x-Request-Id") == request_id


async def test_headers_arrive_in_order_and_case_without_those_of_one_hop(serve: Serve, backend: Backend) -> None:
    gateway = await serve(proxied())
    await raw(
        orders(gateway),
        "GET /x HTTP/1.1\r\nHost: shop.example\r\nX-bB: 1\r\naCCept: */*\r\nx-Aa: 2\r\nX-bB: 3\r\nTE: trailers\r\n"
        "Connection: close, X-Hop\r\nX-Hop: 4\r\nKeep-Alive: 5\r\nProxy-Authorization: 6\r\n\r\n",
    )
    received = await backend.next()
    assert received.headers[:5] == (
        ("Host", "shop.example"),
        ("X-bB", "1"),
        ("aCCept", "*/*"),
        ("x-Aa", "2"),
        ("X-bB", "3"),
    )
    assert received.names[5:] == ["Content-Length", "Forwarded", "X-Amzn-Trace-Id", "X-Forwarded-Port", "Via"]
    assert received.header("Content-Length") == "0"
    assert received.header("X-Forwarded-Port") == str(urlsplit(orders(gateway)).port)
    assert received.header("Forwarded") == "for=127.0.0.1;host=shop.example;proto=http"
    assert received.header("Via") == "HTTP/1.1 AmazonAPIGateway"
    assert re.fullmatch(r"Root=1-[0-9a-f]{8}-[0-9a-f]{24}", received.header("X-Amzn-Trace-Id"))


async def test_earlier_hops_are_translated(serve: Serve, backend: Backend, client: aiohttp.ClientSession) -> None:
    gateway = await serve(proxied())
    headers = {
        "Host": "127.0.0.1:1",
        "Forwarded": "for=a",
        "X-Forwarded-For": "2001:db8::1, 10.0.0.1",
        "X-Forwarded-Proto": "https",
        "X-Amzn-Trace-Id": "Root=1-5759e988-bd862e3fe1be46a994272793",
    }
    async with client.get(f"{orders(gateway)}/x", headers=headers):
        received = await backend.next()
    assert received.header("Forwarded") == (
        'for=a, for="[2001:db8::1]";proto=https, for=127.0.0.1;host="127.0.0.1:1";proto=http'
    )
    assert re.fullmatch(
        r"Self=1-[0-9a-f-]+;Root=1-5759e988-bd862e3fe1be46a994272793", received.header("X-Amzn-Trace-Id")
    )
    assert [name for name in received.names if name.startswith("X-Forwarded")] == ["X-Forwarded-Port"]


async def test_a_chunked_request_goes_on_with_its_length(
    serve: Serve, backend: Backend, client: aiohttp.ClientSession
) -> None:
    gateway = await serve(proxied())
    async with client.put(f"{orders(gateway)}/x", data=b"abc", chunked=True, headers={"Expect": "100-continue"}):
        received = await backend.next()
    assert (received.body, received.header("Content-Length")) == (b"abc", "3")
    assert not {"Transfer-Encoding", "Expect"} & set(received.names)


async def test_bodies_pass_unchanged_when_they_are_compressed(
    serve: Serve, backend: Backend, client: aiohttp.ClientSession
) -> None:
    gateway = await serve(proxied())
    body = gzip.compress(b"hello")
    backend.answers.append(response(200, ("Content-Encoding", "gzip"), body=body))
    headers = {"Content-Encoding": "gzip", "Content-Type": "text/plain"}
    async with client.post(f"{orders(gateway)}/x", data=body, headers=headers) as answer:
        assert (await answer.read(), answer.headers["Content-Encoding"]) == (body, "gzip")
    assert (await backend.next()).body == body


async def test_response_headers_pass_in_order_and_case_and_repeated(serve: Serve, backend: Backend) -> None:
    gateway = await serve(proxied())
    backend.answers.append(
        response(200, ("set-Cookie", "a=1"), ("X-Z", "z"), ("Set-Cookie", "b=2"), ("Keep-Alive", "5"), body=b"ok")
    )
    answer = await raw(orders(gateway), "GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
    head, _, body = answer.decode().partition("\r\n\r\n")
    assert body == "ok"
    lines = head.split("\r\n")
    assert lines[:4] == ["HTTP/1.1 200 OK", "set-Cookie: a=1", "X-Z: z", "Set-Cookie: b=2"]
    assert [line.partition(":")[0] for line in lines[4:]] == [
        "Apigw-Requestid",
        "Content-Length",
        "Date",
        "Connection",
    ]


async def test_head_keeps_the_length_and_redirects_are_the_clients(
    serve: Serve, backend: Backend, client: aiohttp.ClientSession
) -> None:
    gateway = await serve(proxied())
    backend.answers.append(response(200, ("Content-Length", "42")))
    async with client.head(f"{orders(gateway)}/x") as answer:
        assert answer.headers["Content-Length"] == "42"
    backend.answers.append(response(302, ("Location", "/elsewhere")))
    async with client.get(f"{orders(gateway)}/x", allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (302, "/elsewhere")
    backend.answers.append(response(204))
    async with client.get(f"{orders(gateway)}/x") as answer:
        assert (answer.status, await answer.read()) == (204, b"")


@pytest.mark.parametrize(
    ("stage", "parameters", "sent", "arrives"),
    [
        ("$default", {}, "/a%2Fb/c?x=%C3%A9", "/a%2Fb/c?x=%C3%A9"),
        ("$default", {}, "/a/../b//c", "/a/../b//c"),
        ("dev", {}, "/dev/a?x=1", "/dev/a?x=1"),
        ("dev", {"overwrite:path": "$request.path"}, "/dev/a%20b?x=1", "/a%20b?x=1"),
        ("dev", {"overwrite:path": "/v2/${request.path.proxy}"}, "/dev/a/b", "/v2/a/b"),
        ("$default", {"overwrite:path": "/${request.querystring.to}"}, "/a?to=x%20y%3Fz", "/x%20y%3Fz?to=x%20y%3Fz"),
        ("$default", {"append:querystring.tenant": "$stageVariables.tenant"}, "/a?b=%20", "/a?b=%20&tenant=acme"),
        ("$default", {"remove:querystring.b": "''"}, "/a?b=1", "/a"),
    ],
)
async def test_path_and_query(
    stage: str,
    parameters: dict[str, str],
    sent: str,
    arrives: str,
    serve: Serve,
    backend: Backend,
    client: aiohttp.ClientSession,
) -> None:
    gateway = await serve(proxied(parameters=parameters, stage=stage))
    base = orders(gateway).removesuffix("/dev")
    async with client.get(URL(base + sent, encoded=True)):
        assert (await backend.next()).target == arrives


async def test_context_of_a_request(serve: Serve, backend: Backend, client: aiohttp.ClientSession) -> None:
    names = [
        "apiId",
        "stage",
        "routeKey",
        "path",
        "httpMethod",
        "protocol",
        "domainName",
        "domainPrefix",
        "identity.sourceIp",
        "identity.userAgent",
    ]
    parameters = {f"append:header.c-{name.replace('.', '-')}": f"$context.{name}" for name in names}
    gateway = await serve(proxied("GET /a/{id}", parameters, stage="dev"))
    async with client.get(f"{orders(gateway)}/a/1", headers={"User-Agent": "test", "Host": "shop.example"}):
        received = await backend.next()
    assert [(name, value) for name, value in received.headers if name.startswith("c-")] == [
        ("c-apiId", "orders"),
        ("c-stage", "dev"),
        ("c-routeKey", "GET /a/{id}"),
        ("c-path", "/dev/a/1"),
        ("c-httpMethod", "GET"),
        ("c-protocol", "HTTP/1.1"),
        ("c-domainName", "shop.example"),
        ("c-domainPrefix", "orders"),
        ("c-identity-sourceIp", "127.0.0.1"),
        ("c-identity-userAgent", "test"),
    ]


async def test_a_fixed_method_replaces_the_clients(
    serve: Serve, backend: Backend, client: aiohttp.ClientSession
) -> None:
    made = program()
    made.http_route(made.http_api(), "ANY /x", integrationMethod="PUT")
    gateway = await serve(made)
    async with client.post(f"{orders(gateway)}/x", data=b"1"):
        assert (await backend.next()).method == "PUT"


async def test_responses_are_mapped_by_their_status(
    serve: Serve, backend: Backend, client: aiohttp.ClientSession
) -> None:
    made = program()
    mappings: Json = {
        "overwrite:statuscode": "403",
        "append:header.x-error": "$response.body.message",
        "remove:header.x-secret": "''",
    }
    made.http_route(made.http_api(), "$default", responseParameters=[{"statusCode": "404", "mappings": mappings}])
    gateway = await serve(made)
    backend.answers.append(response(404, ("X-Secret", "1"), body=b'{"message": "no\\r\\nX-Injected: 1"}'))
    async with client.get(orders(gateway)) as answer:
        assert answer.status == 403
        assert answer.headers["x-error"] == "no X-Injected: 1"
        assert not {"X-Secret", "X-Injected"} & set(answer.headers)


async def test_line_breaks_never_reach_a_header(serve: Serve, backend: Backend, client: aiohttp.ClientSession) -> None:
    gateway = await serve(proxied(parameters={"append:header.tenant": "$request.body.tenant"}))
    body = json.dumps({"tenant": "a\r\nX-Injected: 1\n\x01\ud800"})
    async with client.post(f"{orders(gateway)}/x", data=body) as answer:
        assert answer.status == 200
    received = await backend.next()
    assert received.header("tenant").encode("latin-1").decode() == "a X-Injected: 1  \N{REPLACEMENT CHARACTER}"
    assert "X-Injected" not in received.names


@pytest.mark.parametrize("path", ["/unknown/a", "/", "/a/b"])
async def test_no_route_is_not_found(path: str, serve: Serve, client: aiohttp.ClientSession) -> None:
    gateway = await serve(proxied("GET /a"))
    async with client.get(orders(gateway) + path) as answer:
        assert (answer.status, await answer.read()) == (404, b'{"message":"Not Found"}')
        assert answer.headers["Content-Type"] == "application/json"


async def test_no_stage_is_not_found(serve: Serve, client: aiohttp.ClientSession) -> None:
    gateway = await serve(proxied("$default", stage="dev"))
    async with client.get(orders(gateway).removesuffix("/dev") + "/prod/x") as answer:
        assert (answer.status, await answer.read()) == (404, b'{"message":"Not Found"}')


async def test_a_backend_that_is_down_is_unavailable(
    serve: Serve, backend: Backend, client: aiohttp.ClientSession, log: Log
) -> None:
    gateway = await serve(by_network_balancer())
    await backend.stop()
    async with client.get(f"{orders(gateway)}/x") as answer:
        assert (answer.status, await answer.read()) == (503, b'{"message":"Service Unavailable"}')
    (line,) = log.lines
    assert line.startswith("orders GET /x -> ANY /{proxy+}: 503 from chat in ")
    assert line.endswith(f" ms: nothing listens at {backend.url}")


async def test_a_link_that_does_not_lead_there_is_unavailable_and_says_why(
    serve: Serve, client: aiohttp.ClientSession, log: Log
) -> None:
    made = proxied()
    made.drop("orders-from-link")
    gateway = await serve(made)
    async with client.get(f"{orders(gateway)}/x") as answer:
        assert (answer.status, await answer.read()) == (503, b'{"message":"Service Unavailable"}')
    assert log.lines[-1].endswith(
        'ms: the security groups of load balancer "orders-balancer" have no ingress rule from VPC link "link-v2" on '
        "port 8080"
    )


async def test_a_slow_backend_times_out(
    serve: Serve, backend: Backend, client: aiohttp.ClientSession, log: Log
) -> None:
    made = program()
    made.http_route(made.http_api(), "$default", timeoutMilliseconds=50)
    gateway = await serve(made)
    released = asyncio.Event()

    async def wait(_: Received) -> None:
        await released.wait()

    backend.on_request = wait
    async with client.get(orders(gateway)) as answer:
        assert (answer.status, await answer.read()) == (504, b'{"message":"Gateway Timeout"}')
    released.set()
    assert log.lines[-1].endswith("the backend did not answer within 0.05 s")


@pytest.mark.parametrize("answer", [b"no http at all\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort"])
async def test_a_backend_that_breaks_off_is_unavailable(
    answer: bytes, serve: Serve, backend: Backend, client: aiohttp.ClientSession
) -> None:
    gateway = await serve(by_network_balancer())
    reader_gone = asyncio.Event()

    async def break_off(_: Received) -> None:
        for writer in list(backend.writers):
            writer.write(answer)
            writer.close()
        reader_gone.set()

    backend.on_request = break_off
    async with client.get(f"{orders(gateway)}/x") as got:
        assert got.status == 503
    assert reader_gone.is_set()


async def test_large_bodies_pass_up_to_the_limit(serve: Serve, backend: Backend, client: aiohttp.ClientSession) -> None:
    gateway = await serve(proxied())
    limit = 10 * 1024 * 1024
    async with client.post(f"{orders(gateway)}/x", data=io.BytesIO(b"x" * limit)) as answer:
        assert answer.status == 200
    assert len((await backend.next()).body) == limit
    async with client.post(f"{orders(gateway)}/x", data=io.BytesIO(b"x" * (limit + 1))) as answer:
        assert (answer.status, await answer.read()) == (413, b'{"message":"Request Entity Too Large"}')
    assert backend.received.empty()


async def test_an_answer_beyond_the_limit_is_unavailable(
    serve: Serve, backend: Backend, client: aiohttp.ClientSession
) -> None:
    gateway = await serve(proxied())
    backend.answers.append(response(200, body=b"x" * (10 * 1024 * 1024 + 1)))
    async with client.get(f"{orders(gateway)}/x") as answer:
        assert answer.status == 503


async def test_request_line_and_headers_have_a_limit(serve: Serve) -> None:
    gateway = await serve(proxied())
    fixed = "GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\nA: \r\n\r\n"
    fits = "a" * (10240 - len(fixed))
    for filler, status in ((fits, b"HTTP/1.1 200 "), (fits + "a", b"HTTP/1.1 431 ")):
        answer = await raw(orders(gateway), fixed.replace("A: ", f"A: {filler}"))
        assert answer.startswith(status)


@pytest.mark.parametrize("head", ["GET /x HTTP/1.1\r\nHost: h\r\nBad Header", "GET /é HTTP/1.1\r\nHost: h"])
async def test_malformed_requests_leave_no_traceback(serve: Serve, log: Log, head: str) -> None:
    gateway = await serve(proxied())
    answer = await raw(orders(gateway), f"{head}\r\n\r\n")
    lines, _, body = answer.partition(b"\r\n\r\n")
    assert lines.split(b"\r\n")[0].endswith(b" 400 Bad Request")
    assert b"\r\nContent-Type: application/json\r\n" in lines
    assert body == b'{"message":"Bad Request"}'
    assert log.lines[0].startswith("refused a malformed request: ")
    assert not log.tracebacks


async def test_a_client_that_breaks_off_leaves_no_traceback(
    serve: Serve, backend: Backend, log: Log, client: aiohttp.ClientSession
) -> None:
    gateway = await serve(proxied())
    parts = urlsplit(orders(gateway))
    _, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc")
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    async with client.get(f"{orders(gateway)}/x") as answer:
        assert answer.status == 200
    assert (await backend.next()).method == "GET"
    assert not log.tracebacks


@pytest.mark.parametrize(
    "line", ["GET http://evil.example/x", "GET //evil.example:80/x", "OPTIONS *", "CONNECT a.example:80"]
)
async def test_a_target_that_is_no_path_reaches_nothing_but_the_backend(
    serve: Serve, backend: Backend, log: Log, line: str
) -> None:
    gateway = await serve(proxied("$default"))
    answer = await raw(orders(gateway), f"{line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    if line.startswith("GET //"):
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert (await backend.next()).target == "//evil.example:80/x"
    else:
        assert answer.startswith(b"HTTP/1.1 400 ")
    assert log.tracebacks == []


async def test_a_client_cannot_take_away_what_a_mapping_adds(serve: Serve, backend: Backend) -> None:
    gateway = await serve(proxied(parameters={"append:header.x-tenant": "gold"}))
    await raw(orders(gateway), "GET /x HTTP/1.1\r\nHost: x\r\nConnection: close, x-tenant\r\nx-tenant: forged\r\n\r\n")
    received = await backend.next()
    assert [value for name, value in received.headers if name == "x-tenant"] == ["gold"]


@pytest.mark.parametrize(
    ("parameters", "host", "copy"),
    [
        (None, "client.example", None),
        ({"overwrite:header.Host": "mapped.example"}, "mapped.example", None),
        ({"overwrite:header.x-host": "$request.header.Host"}, "client.example", "client.example"),
    ],
)
async def test_the_host_is_the_clients_unless_it_is_mapped(
    serve: Serve, backend: Backend, parameters: dict[str, str] | None, host: str, copy: str | None
) -> None:
    gateway = await serve(proxied(parameters=parameters))
    await raw(orders(gateway), "GET /x HTTP/1.1\r\nHost: client.example\r\nConnection: close\r\n\r\n")
    received = await backend.next()
    assert [value for name, value in received.headers if name.lower() == "host"] == [host]
    assert dict(received.headers).get("x-host") == copy


async def test_repeated_headers_in_several_cases_arrive_as_they_are(serve: Serve, backend: Backend) -> None:
    gateway = await serve(proxied())
    await raw(orders(gateway), "GET /x HTTP/1.1\r\nHost: x\r\nX-A: 1\r\nx-a: 2\r\nX-a: 3\r\nConnection: close\r\n\r\n")
    received = await backend.next()
    assert [(name, value) for name, value in received.headers if name.lower() == "x-a"] == [
        ("X-A", "1"),
        ("x-a", "2"),
        ("X-a", "3"),
    ]


async def test_a_mapped_status_is_logged_beside_the_backends(serve: Serve, backend: Backend, log: Log) -> None:
    made = program()
    mappings: Json = [{"statusCode": "404", "mappings": {"overwrite:statuscode": "403"}}]
    made.http_route(made.http_api(), "ANY /{proxy+}", responseParameters=mappings)
    gateway = await serve(made)
    backend.answers.append(response(404))
    await raw(orders(gateway), "GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert any(": 403 from orders, which answered 404, in" in line for line in log.lines)
