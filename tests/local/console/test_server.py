"""The console over real sockets."""

import asyncio
import io
import json
import socket as sockets
from typing import Any

import aiohttp
import pytest

from apigateway.errors import GatewayError
from local.console.describe import LARGEST_BODY
from tests.local.console.conftest import Show, Shown, two_apis
from tests.local.gateway.backend import response

POLICY = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


async def raw(shown: Shown, request: str) -> str:
    """Send bytes as they are, and return the head of what comes back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port(shown))
    writer.write(request.replace("\n", "\r\n").encode())
    try:
        return (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)).decode()
    finally:
        writer.close()
        await writer.wait_closed()


def port(shown: Shown) -> int:
    return int(shown.console.url.rpartition(":")[2])


@pytest.mark.parametrize(
    ("path", "kind", "begins"),
    [
        ("/", "text/html; charset=utf-8", "<!doctype html>"),
        ("/console.js", "text/javascript; charset=utf-8", "//"),
        ("/console.css", "text/css; charset=utf-8", "/*"),
        ("/picture.css", "text/css; charset=utf-8", ".gatelink-picture"),
        ("/icon.svg", "image/svg+xml", "<svg"),
        ("/picture.svg", "image/svg+xml", "<svg"),
        ("/api/exchanges", "application/json", '{"exchanges": [], "last": 0}'),
        ("/api/connections", "application/json", '{"total": 0, "connections": []}'),
    ],
)
async def test_what_is_served_and_how_it_is_guarded(show: Show, path: str, kind: str, begins: str) -> None:
    shown = await show()
    async with shown.client.get(shown.console.url + path) as answer:
        assert (answer.status, answer.headers["Content-Type"]) == (200, kind)
        assert (await answer.text()).startswith(begins)
        sockets_too = f"; connect-src 'self' ws://127.0.0.1:{port(shown)}" if path == "/" else ""
        assert answer.headers["Content-Security-Policy"] == POLICY + sockets_too
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


async def test_the_page_holds_no_inline_script_or_style(show: Show) -> None:
    shown = await show()
    async with shown.client.get(shown.console.url) as answer:
        page = await answer.text()
    assert "<script>" not in page
    assert "<style" not in page
    assert "style=" not in page
    assert "onclick=" not in page


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/../server.py",
        "/%2e%2e/server.py",
        "/static/index.html",
        "/api",
        "/api/exchanges/1/2",
        "/index.html",
    ],
)
async def test_there_is_nothing_else(show: Show, path: str) -> None:
    head = await raw(shown := await show(), f"GET {path} HTTP/1.1\nHost: 127.0.0.1:{0}\n\n")
    assert head.startswith("HTTP/1.1 403")  # a wrong port in Host, to begin with
    head = await raw(shown, f"GET {path} HTTP/1.1\nHost: 127.0.0.1:{port(shown)}\n\n")
    assert head.startswith("HTTP/1.1 404")


@pytest.mark.parametrize("host", ["127.0.0.1:{}", "localhost:{}", "LOCALHOST:{}", "[::1]:{}"])
async def test_names_of_this_machine_are_answered(show: Show, host: str) -> None:
    shown = await show()
    head = await raw(shown, f"GET / HTTP/1.1\nHost: {host.format(port(shown))}\n\n")
    assert head.startswith("HTTP/1.1 200")


@pytest.mark.parametrize(
    "hosts",
    [
        "Host: evil.example:{}\n",
        "Host: evil.example\n",
        "Host: 127.0.0.1\n",
        "Host: 127.0.0.1:1\n",
        "Host: localhost.evil.example:{}\n",
        "Host: 127.0.0.1:{}, evil.example\n",
        "Host: evil.example\nHost: 127.0.0.1:{}\n",
        "Host:\n",
    ],
)
@pytest.mark.parametrize("path", ["/", "/api/exchanges", "/picture.svg"])
async def test_a_name_that_was_pointed_here_reads_nothing(show: Show, hosts: str, path: str) -> None:
    shown = await show()
    head = await raw(shown, f"GET {path} HTTP/1.1\n{hosts.format(port(shown))}\n")
    assert head.split(" ")[1] in {"400", "403"}
    assert "application/json" not in head or head.split(" ")[1] == "400"


FOREIGN = [
    "https://evil.example",
    "http://evil.example:{}",
    "null",
    "http://localhost",
    "https://127.0.0.1:{}",
    "http://[bad",
]


@pytest.mark.parametrize("origin", FOREIGN)
@pytest.mark.parametrize(
    "line", ["POST /api/requests", "POST /api/connections/chat/dev/x", "DELETE /api/connections/chat/dev/x", "PUT /x"]
)
async def test_another_site_may_not_send(show: Show, origin: str, line: str) -> None:
    shown = await show()
    at = port(shown)
    head = await raw(
        shown,
        f"{line} HTTP/1.1\nHost: 127.0.0.1:{at}\nOrigin: {origin.format(at)}\nContent-Length: 2\n\n{{}}",
    )
    assert head.startswith("HTTP/1.1 403")
    assert f"Content-Security-Policy: {POLICY}" in head


@pytest.mark.parametrize("origin", FOREIGN)
@pytest.mark.parametrize("path", ["/api/live", "/api/sockets"])
async def test_another_site_may_not_open_a_websocket(show: Show, origin: str, path: str) -> None:
    shown = await show()
    at = port(shown)
    handshake = (
        f"GET {path} HTTP/1.1\nHost: 127.0.0.1:{at}\nOrigin: {origin.format(at)}\nConnection: Upgrade\n"
        "Upgrade: websocket\nSec-WebSocket-Version: 13\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n\n"
    )
    assert (await raw(shown, handshake)).startswith("HTTP/1.1 403")
    own = handshake.replace(f"Origin: {origin.format(at)}", f"Origin: http://localhost:{at}")
    assert (await raw(shown, own)).startswith("HTTP/1.1 101")
    without = handshake.replace(f"Origin: {origin.format(at)}\n", "")
    assert (await raw(shown, without)).startswith("HTTP/1.1 101")


@pytest.mark.parametrize("path", ["/api/live", "/api/sockets"])
async def test_what_is_a_websocket_is_nothing_else(show: Show, path: str) -> None:
    assert await (await show()).get(path) == {"message": "only a WebSocket can be opened here"}


async def test_a_request_is_sent_listed_and_described(show: Show) -> None:
    shown = await show()
    shown.backend.answers.append(response(201, ("X-Made", "yes"), ("Set-Cookie", "id=7"), body=b"made"))
    status, answer = await shown.send(
        api="orders",
        method="POST",
        path="/items?token=t1&a=%2F",
        headers=[["Tenant", "acme"], ["Authorization", "Bearer secret"]],
        body="hello",
    )
    assert status == 200
    assert (answer["status"], answer["reason"]) == (201, "Created")
    assert answer["body"] == {"text": "made", "size": 4, "cut": False}
    assert ["X-Made", "yes"] in answer["headers"]
    assert answer["milliseconds"] > 0
    received = await shown.backend.next()
    assert (received.method, received.target, received.body) == ("POST", "/items?token=t1&a=%2F", b"hello")
    assert received.header("Authorization") == "Bearer secret"

    listed = await shown.get("/api/exchanges")
    (line,) = listed["exchanges"]
    assert (line["number"], line["event"], line["status"]) == (1, "POST /items?token=•••&a=%2F", 201)
    assert await shown.get("/api/exchanges?after=1") == {"exchanges": [], "last": 1}

    detail = await shown.get("/api/exchanges/1")
    rows = {row["destination"]: row["values"] for row in detail["requestMappings"]["rows"]}
    assert rows == {
        "overwrite:header.x-tenant": ["acme"],
        "overwrite:header.x-missing": [],
        "append:header.x-token": None,
    }
    assert ["Authorization", None] in detail["request"]["headers"]
    assert detail["request"]["body"]["text"] == "hello"
    assert (detail["sent"]["method"], detail["sent"]["target"]) == ("POST", "/items?token=•••&a=%2F")
    assert ["Set-Cookie", None] in detail["answered"]["headers"]
    assert detail["client"]["body"]["text"] == "made"
    assert detail["masked"]
    assert "secret" not in json.dumps(detail)

    bare = await shown.get("/api/exchanges/1?reveal=1")
    assert not bare["masked"]
    assert ["Authorization", "Bearer secret"] in bare["request"]["headers"]
    assert bare["event"] == "POST /items?token=t1&a=%2F"


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"api": "pets", "method": "GET", "path": "/"}, 'no API "pets"; the APIs: orders, chat'),
        ({"api": "orders", "method": "GET", "path": "x"}, "path must be a path that begins"),
    ],
)
async def test_a_request_that_cannot_be_sent(show: Show, asked: dict[str, Any], message: str) -> None:
    status, answer = await (await show()).send(**asked)
    assert status == 400
    assert answer["message"].startswith(message)


async def test_more_is_asked_than_any_api_takes(show: Show) -> None:
    shown = await show()
    async with shown.client.post(
        f"{shown.console.url}/api/requests", data=io.BytesIO(b" " * (16 * 1024 * 1024 + 1))
    ) as answer:
        assert (answer.status, await answer.json()) == (
            400,
            {"message": "what is asked may have 16777216 bytes and has more"},
        )


async def test_a_large_body_is_shown_in_part(show: Show) -> None:
    shown = await show()
    await shown.send(api="orders", method="POST", path="/x", body="x" * (LARGEST_BODY + 1))
    detail = await shown.get("/api/exchanges/1")
    assert detail["request"]["body"] == {"text": "x" * LARGEST_BODY, "size": LARGEST_BODY + 1, "cut": True}
    assert detail["requestMappings"]["rows"]


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("/api/exchanges/7", 404, "exchange 7 is not among the last 1000"),
        ("/api/exchanges/x", 400, 'the number of an exchange must be digits, got "x"'),
        ("/api/exchanges/-1", 400, 'the number of an exchange must be digits, got "-1"'),
        ("/api/exchanges?after=x", 400, 'the number of an exchange must be digits, got "x"'),
        ("/api/exchanges/99999999999999999", 400, 'the number of an exchange must be digits, got "99999999999999999"'),
    ],
)
async def test_exchanges_that_are_not_there(show: Show, path: str, status: int, message: str) -> None:
    shown = await show()
    async with shown.client.get(shown.console.url + path) as answer:
        assert (answer.status, await answer.json()) == (status, {"message": message})


async def test_a_search_is_through_everything(show: Show) -> None:
    shown = await show()
    for path, tenant in (("/a", "acme"), ("/b", "other"), ("/a", "zeta")):
        await shown.send(api="orders", method="GET", path=path, headers=[["Tenant", tenant]])
    assert await shown.get("/api/search?q=zeta") == {"numbers": [3]}
    assert await shown.get("/api/search?q=tenant:%20acme") == {"numbers": [1]}
    assert await shown.get("/api/search?q=ORDERS+%2Fa") == {"numbers": [1, 3]}
    assert await shown.get("/api/search?q=orders&after=2") == {"numbers": [3]}
    assert await shown.get("/api/search?q=nowhere") == {"numbers": []}


async def test_connections_are_listed_posted_to_and_closed(show: Show) -> None:
    shown = await show()
    async with shown.client.ws_connect(f"{shown.endpoint('chat')}?authToken=t1") as client:
        listed = await shown.get("/api/connections")
        (one,) = listed["connections"]
        assert (listed["total"], one["api"], one["stage"], one["sourceIp"]) == (1, "chat", "dev", "127.0.0.1")
        at = f"{shown.console.url}/api/connections/chat/dev/{one['id']}"
        async with shown.client.post(at, data="hello") as answer:
            assert (await answer.json())["status"] == 200
        assert await client.receive_str(timeout=5) == "hello"
        async with shown.client.delete(at) as answer:
            assert (await answer.json())["status"] == 204
        closed = await client.receive(timeout=5)
        assert (closed.type, closed.data) == (aiohttp.WSMsgType.CLOSE, 1000)
        async with shown.client.post(at, data="late") as answer:
            assert (await answer.json())["status"] == 410
    events = [line["event"].split(" ")[0] for line in (await shown.get("/api/exchanges"))["exchanges"]]
    assert sorted(events) == ["CONNECT", "DELETE", "DISCONNECT", "POST", "POST"]


async def test_the_topology_as_the_page_needs_it(show: Show) -> None:
    shown = await show()
    served = await shown.get("/api/topology")
    orders, chat = served["apis"]
    assert (orders["name"], orders["protocol"], orders["endpoint"]) == ("orders", "HTTP", shown.endpoint("orders"))
    assert orders["routes"] == [{"key": "ANY /{proxy+}", "leadsTo": "orders"}]
    assert (chat["protocol"], chat["selection"], chat["stages"]) == ("WEBSOCKET", "$request.body.action", ["dev"])
    assert {route["key"]: route["leadsTo"] for route in chat["routes"]} == {"$connect": "chat", "say": "chat"}
    assert [frame["label"] for frame in chat["frames"]] == ["say"]
    assert (served["backends"], served["domains"], served["aws"]) == (["chat", "orders"], [], None)


async def test_live_events_come_in_their_order(show: Show) -> None:
    shown = await show()
    origin = {"Origin": shown.console.url}
    async with shown.client.ws_connect(f"{shown.console.url}/api/live", headers=origin) as page:
        seen: list[dict[str, Any]] = []

        async def until(kind: str) -> dict[str, Any]:
            while not any(event["type"] == kind for event in seen):
                seen.extend(await page.receive_json(timeout=5))
            return next(event for event in seen if event["type"] == kind)

        assert await until("hello") == {"type": "hello", "last": 0, "most": 1000}
        assert await until("connections") == {"type": "connections", "total": 0, "connections": []}
        await shown.send(api="orders", method="GET", path="/x?token=t1")
        line = await until("exchange")
        assert (line["number"], line["event"], line["status"]) == (1, "GET /x?token=•••", 200)
        await shown.swap(two_apis())
        assert await until("swapped") == {"type": "swapped"}
        shown.console.refused("Pulumi.dev.yaml: no")
        assert await until("refused") == {"type": "refused", "problems": "Pulumi.dev.yaml: no"}
        seen.clear()
        async with shown.client.ws_connect(shown.endpoint("chat")):
            assert (await until("connections"))["total"] == 1
        seen.clear()
        assert (await until("connections"))["total"] == 0


async def test_a_custom_domain_name_is_the_gateways(show: Show) -> None:
    made = two_apis()
    made.add("aws:apigatewayv2/domainName:DomainName", "domain", {"domainName": "shop.example"})
    made.add(
        "aws:apigatewayv2/apiMapping:ApiMapping",
        "mapping",
        {"apiId": "orders", "domainName": "shop.example", "stage": "$default", "apiMappingKey": "v1"},
    )
    shown = await show(made)
    if not shown.gateway.topology.domains:
        pytest.fail("the recording has no domain")
    assert (await raw(shown, "GET /v1/x HTTP/1.1\nHost: shop.example\n\n")).startswith("HTTP/1.1 200")
    assert (await shown.backend.next()).target == "/x"
    forbidden = await raw(shown, f"GET /api/exchanges HTTP/1.1\nHost: shop.example:{port(shown)}\n\n")
    assert forbidden.startswith("HTTP/1.1 403")
    assert "Content-Security-Policy" not in forbidden


async def test_a_busy_port_is_named_with_a_way_out(show: Show) -> None:
    shown = await show()
    with sockets.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        with pytest.raises(GatewayError) as error:
            await shown.console.start("127.0.0.1", number)
    assert str(error.value) == (
        f"port {number} for the console is in use: give --port another number, or --port 0 for free ports"
    )


async def test_pages_are_let_go_when_it_stops(show: Show) -> None:
    shown = await show()
    page = await shown.client.ws_connect(f"{shown.console.url}/api/live")
    box = await shown.client.ws_connect(f"{shown.console.url}/api/sockets")
    await shown.console.stop()
    for socket in (page, box):
        messages = [await socket.receive(timeout=5)]
        while messages[-1].type is aiohttp.WSMsgType.TEXT:
            messages.append(await socket.receive(timeout=5))
        assert (messages[-1].type, messages[-1].data) == (aiohttp.WSMsgType.CLOSE, 1001)
    with pytest.raises(OSError, match=r"."):
        await asyncio.open_connection("127.0.0.1", port(shown))


async def test_a_page_that_does_not_read_holds_nobody_up(show: Show) -> None:
    shown = await show()
    async with shown.client.ws_connect(f"{shown.console.url}/api/live", max_msg_size=0) as slow:
        assert (await slow.receive_json(timeout=5))[0]["type"] == "hello"
        for _ in range(20):
            for _ in range(100):
                shown.console.refused("x" * 65536)
            status, answer = await shown.send(api="orders", method="GET", path="/x")
            assert (status, answer["status"]) == (200, 200)
        dropped = 0
        while not dropped:
            events = await slow.receive_json(timeout=5)
            dropped = sum(event["count"] for event in events if event["type"] == "dropped")
    assert dropped > 0
