"""Clients and backends that misbehave: an answer for each, nothing left behind, no traceback."""

import asyncio
import json
import socket as sockets
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import WSMsgType

from local.gateway.websocket import routes
from local.gateway.websocket.api import Lifetimes
from local.recording import Json
from local.topology.reading import build_topology
from tests.local.gateway.backend import Backend, Received, response
from tests.local.gateway.conftest import Log
from tests.local.gateway.websocket.apis import RawClient, Served, ask, chat, frame, masked, respond, served
from tests.local.recordings import Program

INTERNAL = "Internal server error"
HANDSHAKE = (
    b"GET /dev HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n"
)


def endings(gateway: Served) -> list[str]:
    return [event.event.partition(" ")[2].partition(" ")[2] for event in gateway.events("DISCONNECT")]


def address(gateway: Served) -> tuple[str, int]:
    host, port = gateway.url.removeprefix("ws://").removesuffix("/dev").split(":")
    return host, int(port)


async def test_a_client_that_goes_while_its_connect_runs(backend: Backend, log: Log) -> None:
    async with served(chat(connect={}, disconnect={}), backend) as gateway:
        arrived, released = asyncio.Event(), asyncio.Event()

        async def hold(_: Received) -> None:
            backend.on_request = None
            arrived.set()
            await released.wait()

        backend.on_request = hold
        _, writer = await asyncio.open_connection(*address(gateway))
        writer.write(HANDSHAKE)
        await asyncio.wait_for(arrived.wait(), 5)
        writer.transport.abort()
        released.set()
        assert [(await backend.next()).method for _ in range(2)] == ["POST", "POST"]
    assert endings(gateway) == ["1006"]
    assert not log.tracebacks


async def test_a_client_that_goes_while_its_message_is_worked_on(backend: Backend, log: Log) -> None:
    async with served(chat(default={}), backend) as gateway:
        client = await RawClient.connect(gateway)

        async def leave(_: Received) -> None:
            client.writer.transport.abort()

        backend.on_request = leave
        backend.answers.append(response(200, body=b"too late"))
        await client.send(masked(b"{}"))
        await backend.next()
    assert endings(gateway) == ["1006"]
    assert not log.tracebacks


async def test_a_client_that_does_not_read_is_taken_for_lost(backend: Backend, log: Log) -> None:
    parameters: dict[str, Json] = {"integration.request.header.ConnectionId": "context.connectionId"}
    made = chat(connect={"requestParameters": parameters}, disconnect={})
    async with served(made, backend, lifetimes=Lifetimes(unread=0.1)) as gateway:
        client = sockets.socket()
        client.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
        client.connect(address(gateway))
        client.sendall(HANDSHAKE)
        connection_id = (await backend.next()).header("ConnectionId")
        url = f"{gateway.connections_url}/@connections/{connection_id}"
        statuses: set[int] = set()
        async with asyncio.timeout(20):
            while 410 not in statuses:
                async with gateway.session.post(url, data=b"x" * 128 * 1024) as answer:
                    statuses.add(answer.status)
        assert statuses == {200, 410}
        # Its $disconnect runs at once.
        assert (await backend.next()).method == "POST"
        client.close()
    assert endings(gateway) == ["1006"]
    assert not log.tracebacks


async def test_a_client_that_does_not_read_can_be_closed(backend: Backend, log: Log) -> None:
    parameters: dict[str, Json] = {"integration.request.header.ConnectionId": "context.connectionId"}
    made = chat(connect={"requestParameters": parameters})
    async with served(made, backend, lifetimes=Lifetimes(unread=0.1)) as gateway:
        client = sockets.socket()
        client.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
        client.connect(address(gateway))
        client.sendall(HANDSHAKE)
        url = f"{gateway.connections_url}/@connections/{(await backend.next()).header('ConnectionId')}"
        async with gateway.session.post(url, data=b"x" * 128 * 1024) as answer:
            assert answer.status in {200, 410}
        async with gateway.session.delete(url) as answer:
            assert answer.status in {204, 410}
        client.close()
    assert len(endings(gateway)) == 1
    assert not log.tracebacks


async def test_pings_are_answered_and_count_as_activity(backend: Backend) -> None:
    made = chat(connect={"requestParameters": {"integration.request.header.ConnectionId": "context.connectionId"}})
    async with served(made, backend) as gateway:
        client = await RawClient.connect(gateway)
        url = f"{gateway.connections_url}/@connections/{(await backend.next()).header('ConnectionId')}"

        async def active() -> str:
            async with gateway.session.get(url) as answer:
                moment: str = (await answer.json())["lastActiveAt"]
                return moment

        before = await active()
        async with asyncio.timeout(5):
            while await active() == before:
                await client.send(masked(b"now", 9), masked(b"unasked", 10))
                assert await client.receive() == (10, b"now")
        await client.leave()


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"\xc1\x80\x00\x00\x00\x00", id="reserved bits"),
        pytest.param(b"\x83\x80\x00\x00\x00\x00", id="unknown opcode"),
        pytest.param(masked(b"x", 0), id="continuation of nothing"),
        pytest.param(masked(b"x", last=False) + masked(b"y"), id="message within a message"),
        pytest.param(masked(b"x" * 126, 9), id="long ping"),
        pytest.param(masked(b"x", 8), id="close frame with one byte"),
    ],
)
async def test_what_is_no_websocket(sent: bytes, log: Log) -> None:
    async with served(chat(default={})) as gateway:
        client = await RawClient.connect(gateway)
        await client.send(sent)
        assert (await client.closed())[0] == 1002
        await client.leave()
    assert [ending.partition(" ")[0] for ending in endings(gateway)] == ["1002"]
    assert not log.tracebacks


@pytest.mark.parametrize("answer", [b"", b"garbage\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"])
async def test_backends_that_break(answer: bytes, backend: Backend, log: Log) -> None:
    async with served(chat(default={}), backend) as gateway:
        socket = await gateway.connect()

        async def cut(_: Received) -> None:
            writer = next(iter(backend.writers))
            writer.write(answer)
            writer.close()

        backend.on_request = cut
        assert (await ask(socket))["message"] == INTERNAL
        backend.on_request = None
        backend.answers.append(response(200, body=b"{}"))
        assert await ask(socket) == {}
        await socket.close()
    assert not log.tracebacks


async def test_an_answer_that_is_no_utf_8(backend: Backend) -> None:
    async with served(chat(default={}), backend) as gateway:
        socket = await gateway.connect()
        backend.answers.append(response(200, body=b"\xff\xfe"))
        await socket.send_str("{}")
        assert await socket.receive_str(timeout=5) == "\ufffd\ufffd"
        await socket.close()


async def test_a_url_that_is_too_long() -> None:
    async with served(chat(default={})) as gateway:
        status, body = await gateway.refused("?" + "x" * 5000)
    assert (status, body) == (414, {"message": "Request-URI Too Long"})
    assert gateway.exchanges[0].reason == "a URL may have 4096 characters and has more"


async def test_a_handler_that_is_stopped_lets_disconnect_run(backend: Backend) -> None:
    async with served(chat(disconnect={}), backend) as gateway:
        sockets_open = [await gateway.connect() for _ in range(20)]
        stopping = asyncio.create_task(gateway.gateway.stop())
        for socket in sockets_open:
            message = await socket.receive(timeout=5)
            assert (message.type, message.data, message.extra) == (WSMsgType.CLOSE, 1001, "Going away")
        await stopping
    assert endings(gateway) == ["1001 Going away"] * 20
    assert backend.received.qsize() == 20


async def test_an_open_connection_follows_an_edit(backend: Backend) -> None:
    made = chat(default={})
    async with served(made, backend) as gateway:
        socket = await gateway.connect()
        await socket.send_str('{"action":"say"}')
        assert (await backend.next()).target == "/"
        made.two_way(made.websocket_route("chat", "say", path="/said"))
        made.change("chat-stage", stageVariables={"tenant": "new"})
        await gateway.gateway.swap(build_topology(made.recording()))
        backend.answers.append(response(200, body=json.dumps({"said": "it"}).encode()))
        assert await ask(socket, action="say") == {"said": "it"}
        assert (await backend.next()).target == "/said"
        made.change("chat-stage", name="other")
        await gateway.gateway.swap(build_topology(made.recording()))
        message = await socket.receive(timeout=5)
        assert (message.data, message.extra) == (1001, "Going away")


async def renamed(gateway: Served, made: Program) -> None:
    """Put another stage in the place of the only one."""
    made.change("chat-stage", name="other")
    await gateway.gateway.swap(build_topology(made.recording()))


async def stopped(gateway: Served, _made: Program) -> None:
    await gateway.gateway.stop()


@pytest.mark.parametrize("end", [renamed, stopped])
async def test_a_connection_whose_stage_goes_while_its_connect_runs(
    end: Callable[[Served, Program], Awaitable[None]], backend: Backend
) -> None:
    made = chat(connect={}, disconnect={})
    async with served(made, backend) as gateway:
        arrived, released = asyncio.Event(), asyncio.Event()

        async def hold(_: Received) -> None:
            backend.on_request = None
            arrived.set()
            await released.wait()

        backend.on_request = hold
        connecting = asyncio.create_task(RawClient.connect(gateway))
        await asyncio.wait_for(arrived.wait(), 5)
        ending = asyncio.create_task(asyncio.wait_for(end(gateway, made), 20))
        if end is renamed:  # to stop is to wait for those that connect
            await ending
        released.set()
        client = await connecting
        assert await client.closed() == (1001, "Going away")
        await client.leave()
        await ending
        await backend.next()
        assert (await backend.next()).method == "POST"
        assert gateway.gateway.connections == ()
    assert endings(gateway) == ["1001 Going away"]


async def test_a_mistake_of_the_gateway_ends_no_connection(
    backend: Backend, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise LookupError("no such thing")

    async with served(chat(default={}), backend) as gateway:
        socket = await gateway.connect()
        with monkeypatch.context() as patch:
            patch.setattr(routes, "validate", fail)
            error = await ask(socket)
        backend.answers.append(response(200, body=b"{}"))
        assert await ask(socket) == {}
        await socket.close()
    assert list(error) == ["message", "connectionId", "requestId"]
    assert error["message"] == INTERNAL
    first, second = gateway.events("MESSAGE")
    assert (first.status, first.reason) == (500, "the gateway failed: LookupError")
    assert (second.status, second.reason) == (200, None)
    (traceback,) = log.tracebacks
    assert traceback.getMessage() == f"chat {first.event} failed"


DEEP: dict[str, dict[str, Json]] = {
    "mapping": {"requestParameters": {"integration.request.header.e": "route.request.body.e"}},
    "template of the text": {"requestTemplates": {"$default": "$input.json('$.e')"}},
    "template of the value": {"requestTemplates": {"$default": "$input.path('$.e')"}},
    "template that is selected": {
        "requestTemplates": {"$default": "x"},
        "templateSelectionExpression": "${request.body.e}",
    },
}


@pytest.mark.parametrize("depth", [300, 500, 900, 5000])
@pytest.mark.parametrize("inputs", DEEP.values(), ids=DEEP)
async def test_a_message_that_is_nested_deeply(inputs: dict[str, Json], depth: int, backend: Backend, log: Log) -> None:
    made = chat(default={"integrationType": "HTTP", **inputs})
    made.change("chat", routeSelectionExpression="$request.body.e")
    respond(made, "$default", templateSelectionExpression="${request.body.e}", responseTemplates={"none": "x"})
    async with served(made, backend) as gateway:
        socket = await gateway.connect()
        backend.answers.append(response(200, body=b"{}"))
        await socket.send_str('{"e":' + "[" * depth + "]" * depth + "}")
        assert (await frame(socket)).get("message") in {None, INTERNAL, "Could not parse request body into json"}
        backend.answers.clear()
        backend.answers.append(response(200, body=b"{}"))
        assert await ask(socket) == {}
        await socket.close()
    assert not log.tracebacks


async def test_throttled_messages_are_answered(backend: Backend) -> None:
    made = chat(default={})
    made.change("chat-stage", defaultRouteSettings={"throttlingRateLimit": 1, "throttlingBurstLimit": 2})
    async with served(made, backend, clock=lambda: 0) as gateway:
        socket = await gateway.connect()
        backend.answers.extend([response(200, body=b"{}")] * 2)
        assert [await ask(socket) for _ in range(2)] == [{}, {}]
        error = await ask(socket)
        assert list(error) == ["message", "connectionId", "requestId"]
        assert error["message"] == "Too Many Requests"
        await socket.close()


async def test_many_connections_at_once(backend: Backend) -> None:
    parameters: dict[str, Json] = {"integration.request.header.ConnectionId": "context.connectionId"}
    made = chat(connect={"requestParameters": parameters}, disconnect={})
    async with served(made, backend) as gateway:
        opened = await asyncio.gather(*(gateway.connect() for _ in range(300)))
        ids = {(await backend.next()).header("ConnectionId") for _ in range(300)}
        assert len(ids) == 300
        await asyncio.gather(*(socket.close() for socket in opened))
        for _ in range(300):
            await backend.next()
        for connection_id in ids:
            async with gateway.session.get(f"{gateway.connections_url}/@connections/{connection_id}") as answer:
                assert answer.status == 410
    assert endings(gateway) == ["1000"] * 300


async def test_the_frame_of_a_fault_is_kept_for_whoever_looks(backend: Backend) -> None:
    async with served(chat(say={}), backend) as gateway:
        socket = await gateway.connect()
        await socket.send_str('{"action":"other"}')
        error = await frame(socket)
        await socket.close()
    (exchange,) = gateway.events("MESSAGE")
    assert json.loads(exchange.body) == error
    assert (exchange.status, exchange.route_key, exchange.stage) == (403, None, "dev")
    assert exchange.reason == 'no route and no $default: $request.body.action gave "other" (routes: say)'
