import asyncio
import errno
import json
import socket
from contextlib import closing

import aiohttp
import pytest
from aiohttp import WSMsgType

from apigateway.errors import GatewayError
from local.gateway.endpoints import ApiEndpoint, Endpoints
from local.gateway.server import Gateway
from local.recording import Json
from local.topology import Topology
from local.topology.reading import build_topology
from tests.local.gateway.backend import Backend, Received, response
from tests.local.gateway.conftest import Log, Serve
from tests.local.recordings import Program, program


def both() -> Program:
    made = program()
    made.http_route(made.http_api(), "$default")
    made.two_way(made.websocket_route(made.websocket_api(), "$default"))
    return made


def topology(made: Program) -> Topology:
    return build_topology(made.recording())


def is_open(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def port_of(endpoint: str) -> int:
    return int(endpoint.split("//")[1].split("/", maxsplit=1)[0].rpartition(":")[2])


async def test_the_endpoints_file() -> None:
    endpoints = Endpoints(
        apis={
            "chat": ApiEndpoint(endpoint="ws://127.0.0.1:8082/dev", connections_url="http://127.0.0.1:8082/dev"),
            "orders": ApiEndpoint(endpoint="http://127.0.0.1:8081", connections_url=None),
        }
    )
    assert json.loads(endpoints.to_json()) == {
        "apis": {
            "chat": {"endpoint": "ws://127.0.0.1:8082/dev", "connectionsUrl": "http://127.0.0.1:8082/dev"},
            "orders": {"endpoint": "http://127.0.0.1:8081"},
        }
    }


async def test_http_apis_come_first_then_websocket_apis_each_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    made = program()
    for name in ("b", "a"):
        made.http_api(name, stage="test" if name == "a" else "$default")
        made.websocket_api(f"ws-{name}")
    asked: list[tuple[str, int]] = []
    create_server = asyncio.get_running_loop().create_server

    async def note(factory: object, host: str, port: int, **options: object) -> asyncio.Server:
        asked.append((host, port))
        return await create_server(factory, host, 0, **options)  # type: ignore[call-overload,no-any-return]

    monkeypatch.setattr(asyncio.get_running_loop(), "create_server", note)
    gateway = Gateway(topology(made), {}, first_port=8080)
    endpoints = await gateway.start()
    await gateway.stop()
    assert list(endpoints.apis) == ["a", "b", "ws-a", "ws-b"]
    assert asked == [("127.0.0.1", port) for port in (0, 8081, 8082, 8083, 8084)]
    assert endpoints.apis["a"].endpoint.endswith("/test")


async def test_a_busy_port_is_named_and_nothing_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[asyncio.Server] = []
    create_server = asyncio.get_running_loop().create_server

    async def second_is_busy(factory: object, host: str, asked: int, **options: object) -> asyncio.Server:
        # Free ports stand for those that are asked for, which another process may have.
        if asked == 8082:
            raise OSError(errno.EADDRINUSE, "in use")
        server = await create_server(factory, host, 0, **options)  # type: ignore[call-overload]
        opened.append(server)
        return server  # type: ignore[no-any-return]

    monkeypatch.setattr(asyncio.get_running_loop(), "create_server", second_is_busy)
    gateway = Gateway(topology(both()), {}, first_port=8080)
    with pytest.raises(GatewayError) as raised:
        await gateway.start()
    assert str(raised.value) == (
        'port 8082 for API "chat" is in use: give --port another number, or --port 0 for free ports'
    )
    assert len(opened) == 2
    assert not [server for server in opened if server.is_serving()]


async def test_a_port_beyond_the_last_one() -> None:
    gateway = Gateway(topology(both()), {}, first_port=65535)
    with pytest.raises(GatewayError) as raised:
        await gateway.start()
    assert str(raised.value) == 'port 65536 for API "orders" is beyond 65535: give --port a smaller number'


@pytest.mark.parametrize(
    ("backends", "message"),
    [
        ({"x": "http://127.0.0.1:1"}, 'the stack has no backend "x"; its backends: chat, orders'),
        (
            {"chat": "127.0.0.1:3000"},
            'backend "chat" needs a URL such as http://127.0.0.1:3000, got "127.0.0.1:3000"',
        ),
        ({"chat": "ftp://h"}, 'backend "chat" needs a URL such as http://127.0.0.1:3000, got "ftp://h"'),
        ({"chat": "http://h:x"}, 'backend "chat" needs a URL such as http://127.0.0.1:3000, got "http://h:x"'),
    ],
)
async def test_backends_must_be_known_and_have_urls(backends: dict[str, str], message: str) -> None:
    gateway = Gateway(topology(both()), backends, first_port=0)
    with pytest.raises(GatewayError) as raised:
        await gateway.start()
    assert str(raised.value) == message


async def test_the_path_of_a_backends_url_goes_first(
    serve: Serve, backend: Backend, client: aiohttp.ClientSession
) -> None:
    gateway = await serve(both(), {"orders": f"{backend.url}/base/", "chat": f"{backend.url}/chat"})
    async with client.get(f"{gateway.endpoints.apis['orders'].endpoint}/x"):
        assert (await backend.next()).target == "/base/x"
    async with client.ws_connect(gateway.endpoints.apis["chat"].endpoint) as connection:
        await connection.send_str("{}")
        assert (await backend.next()).target == "/chat/"


async def test_the_echo_answers_with_what_reached_it(serve: Serve) -> None:
    gateway = await serve(both(), {})
    port = port_of(gateway.endpoints.apis["orders"].endpoint)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        b"PUT /a%20b?x=1&y=&x=%C3%A9 HTTP/1.1\r\nHost: h\r\nx-B: 1\r\nX-a: 2\r\nx-B: 3\r\nAuthorization: s3cret\r\n"
        b"Connection: close\r\nContent-Length: 4\r\n\r\n\xc3\xa9\xffz"
    )
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    await writer.wait_closed()
    assert head.startswith(b"HTTP/1.1 200 OK\r\nContent-Type: application/json")
    answer = json.loads(body)
    assert list(answer) == ["method", "path", "query", "headers", "body"]
    assert answer["method"] == "PUT"
    assert answer["path"] == "/a%20b"
    assert answer["query"] == [["x", "1"], ["y", ""], ["x", "é"]]
    assert answer["headers"][:6] == [
        ["Host", "h"],
        ["x-B", "1"],
        ["X-a", "2"],
        ["x-B", "3"],
        ["Authorization", "s3cret"],
        ["Content-Length", "4"],
    ]
    assert answer["body"] == "é\N{REPLACEMENT CHARACTER}z"


async def test_the_echo_answers_messages(serve: Serve, client: aiohttp.ClientSession) -> None:
    gateway = await serve(both(), {})
    async with client.ws_connect(gateway.endpoints.apis["chat"].endpoint) as connection:
        await connection.send_str('{"a":1}')
        assert json.loads(await connection.receive_str(timeout=5))["body"] == '{"a":1}'


async def test_open_connections_follow_a_swap_at_once(
    serve: Serve, backend: Backend, client: aiohttp.ClientSession
) -> None:
    made = both()
    gateway = await serve(made)
    before = gateway.endpoints
    async with client.ws_connect(before.apis["chat"].endpoint) as connection:
        made.change("chat $default integration", requestParameters={"integration.request.header.new": "'yes'"})
        made.http_route("orders", "GET /new", {"append:header.new": "yes"})
        assert await gateway.swap(topology(made)) == before
        await connection.send_str("{}")
        assert (await backend.next()).header("new") == "yes"
        async with client.get(f"{before.apis['orders'].endpoint}/new"):
            assert (await backend.next()).header("new") == "yes"


async def test_a_swap_opens_and_closes_ports(serve: Serve, client: aiohttp.ClientSession) -> None:
    made = both()
    gateway = await serve(made)
    old = gateway.endpoints.apis
    async with client.ws_connect(old["chat"].endpoint) as connection:
        without = program()
        without.http_route(without.http_api(), "$default")
        without.http_route(without.http_api("added"), "$default")
        swapped, message = await asyncio.gather(gateway.swap(topology(without)), connection.receive(timeout=5))
    assert (message.type, message.data, message.extra) == (WSMsgType.CLOSE, 1001, "Going away")
    assert list(swapped.apis) == ["added", "orders"]
    assert swapped.apis["orders"] == old["orders"]
    assert is_open(port_of(swapped.apis["added"].endpoint))
    assert not is_open(port_of(old["chat"].endpoint))


async def test_connections_to_a_stage_that_is_gone_are_closed(serve: Serve, client: aiohttp.ClientSession) -> None:
    made = both()
    gateway = await serve(made)
    async with client.ws_connect(gateway.endpoints.apis["chat"].endpoint) as connection:
        made.change("chat-stage", name="prod")
        swapped, message = await asyncio.gather(gateway.swap(topology(made)), connection.receive(timeout=5))
    assert message.data == 1001
    assert swapped.apis["chat"].endpoint.endswith("/prod")


async def test_a_swap_that_fails_changes_nothing(serve: Serve, backend: Backend, client: aiohttp.ClientSession) -> None:
    made = both()
    gateway = await serve(made)
    before = gateway.endpoints
    del made.outputs["backends"]["chat"]
    made.drop("chat $default")
    made.drop("chat $default integration")
    with pytest.raises(GatewayError) as raised:
        await gateway.swap(topology(made))
    assert str(raised.value) == 'the stack has no backend "chat"; its backends: orders'
    assert gateway.endpoints == before
    async with client.ws_connect(before.apis["chat"].endpoint) as connection:
        await connection.send_str("{}")
        assert (await backend.next()).body == b"{}"


async def test_a_swap_before_the_start() -> None:
    with pytest.raises(GatewayError, match="the gateway has not been started"):
        await Gateway(topology(both()), {}, first_port=0).swap(topology(both()))


async def test_a_request_under_way_ends_on_the_old_routes(
    serve: Serve, backend: Backend, client: aiohttp.ClientSession
) -> None:
    made = program()
    mapping: Json = [{"statusCode": "200", "mappings": {"append:header.version": "old"}}]
    made.http_route(made.http_api(), "$default", responseParameters=mapping)
    gateway = await serve(made)

    async def swap(_: Received) -> None:
        made.change("orders $default integration", responseParameters=[])
        await gateway.swap(topology(made))

    backend.on_request = swap
    async with client.get(gateway.endpoints.apis["orders"].endpoint) as answer:
        assert answer.headers["version"] == "old"


async def test_stop_closes_everything_and_runs_disconnect(
    serve: Serve, backend: Backend, client: aiohttp.ClientSession, log: Log
) -> None:
    made = both()
    made.websocket_route("chat", "$disconnect", path="/disconnect")
    before = asyncio.all_tasks()
    gateway = await serve(made)
    ports = [port_of(api.endpoint) for api in gateway.endpoints.apis.values()]
    backend.answers.append(response())
    async with client.get(gateway.endpoints.apis["orders"].endpoint):
        await backend.next()
    async with client.ws_connect(gateway.endpoints.apis["chat"].endpoint) as connection:
        _, message = await asyncio.gather(gateway.stop(), connection.receive(timeout=5))
    assert message.data == 1001
    assert (await backend.next()).target == "/disconnect"
    assert log.lines[-1].startswith("chat DISCONNECT ")
    assert gateway.endpoints == Endpoints(apis={})
    assert not any(map(is_open, ports))
    left = {task for task in asyncio.all_tasks() - before if "gateway" in repr(task.get_coro())}
    assert {task for task in left if "backend" not in repr(task.get_coro())} == set()
    await gateway.stop()


async def test_stop_does_not_wait_for_a_backend_that_hangs(
    serve: Serve, backend: Backend, client: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch, log: Log
) -> None:
    monkeypatch.setattr("local.gateway.server.GRACE_SECONDS", 0.05)
    gateway = await serve(both())
    released = asyncio.Event()
    reached = asyncio.Event()

    async def hang(_: Received) -> None:
        reached.set()
        await released.wait()

    backend.on_request = hang
    async with client.ws_connect(gateway.endpoints.apis["chat"].endpoint) as connection:
        await connection.send_str("{}")
        await reached.wait()
        await asyncio.wait_for(asyncio.gather(gateway.stop(), connection.receive(timeout=5)), 5)
    released.set()
    assert not log.tracebacks
