import asyncio
import json
import re

import aiohttp
import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType

from local.gateway.server import Gateway
from local.gateway.websocket.api import Lifetimes
from local.recording import Json
from tests.local.gateway.backend import Backend, Received, response
from tests.local.gateway.conftest import Log, Serve
from tests.local.recordings import DNS, Program, program

CONNECTION_ID = {"integration.request.header.ConnectionId": "context.connectionId"}
ID = re.compile(r"[A-Za-z0-9_-]{15}=")


def chat(gateway: Gateway) -> str:
    return gateway.endpoints.apis["chat"].endpoint


def chatting() -> Program:
    """Register the API of the issue: $connect, sendMessage and $disconnect."""
    made = program()
    api = made.websocket_api(tenant="acme")
    made.websocket_route(
        api,
        "$connect",
        {**CONNECTION_ID, "integration.request.header.authToken": "route.request.querystring.authToken"},
        path="/connect",
    )
    made.websocket_route(
        api,
        "sendMessage",
        {
            **CONNECTION_ID,
            "integration.request.header.tenant": "route.request.body.tenant",
            "integration.request.querystring.source": "'websocket'",
        },
        path="/message",
    )
    made.websocket_route(
        api,
        "$disconnect",
        CONNECTION_ID,
        path="/disconnect",
    )
    return made


def one_route(key: str, parameters: dict[str, str] | None = None, path: str = "/", **inputs: Json) -> Program:
    made = program()
    made.websocket_route(made.websocket_api(tenant="acme"), key, parameters, path=path, **inputs)
    return made


async def frame(socket: ClientWebSocketResponse) -> dict[str, str]:
    """Return the next message, which is JSON."""
    message = await socket.receive(timeout=5)
    assert message.type is WSMsgType.TEXT
    result: dict[str, str] = json.loads(message.data)
    return result


async def closed(socket: ClientWebSocketResponse) -> tuple[int, str]:
    """Wait for the other side to close, and return its code and reason."""
    message = await socket.receive(timeout=5)
    assert message.type is WSMsgType.CLOSE
    return message.data, message.extra or ""


async def test_connect_message_and_disconnect_reach_the_backend(
    serve: Serve, backend: Backend, client: aiohttp.ClientSession, log: Log
) -> None:
    gateway = await serve(chatting())
    async with client.ws_connect(f"{chat(gateway)}?authToken=t1&other=2", headers={"X-Client": "1"}) as socket:
        connect = await backend.next()
        assert (connect.method, connect.target, connect.body) == ("POST", "/connect", b"")
        assert connect.header("authToken") == "t1"
        connection_id = connect.header("ConnectionId")
        assert ID.fullmatch(connection_id)
        assert connect.names == [
            "Host",
            "Accept",
            "User-Agent",
            "x-amzn-apigateway-api-id",
            "X-Amzn-Trace-Id",
            "ConnectionId",
            "authToken",
            "Content-Length",
        ]
        assert connect.headers[:4] == (
            ("Host", DNS),
            ("Accept", "application/json"),
            ("User-Agent", "AmazonAPIGateway_chat"),
            ("x-amzn-apigateway-api-id", "chat"),
        )
        await socket.send_str('{"action":"sendMessage","tenant":"acme"}')
        message = await backend.next()
        assert (message.method, message.target) == ("POST", "/message?source=websocket")
        assert message.body == b'{"action":"sendMessage","tenant":"acme"}'
        assert (message.header("ConnectionId"), message.header("tenant")) == (connection_id, "acme")
        assert message.header("Content-Type") == "application/json"
        await socket.close(code=4001)
    disconnect = await backend.next()
    assert (disconnect.target, disconnect.header("ConnectionId"), disconnect.body) == (
        "/disconnect",
        connection_id,
        b"",
    )
    assert await log.endings(gateway) == ["4001"]


async def test_a_missing_source_is_left_out(serve: Serve, backend: Backend, client: aiohttp.ClientSession) -> None:
    gateway = await serve(chatting())
    async with client.ws_connect(chat(gateway)):
        assert "authToken" not in (await backend.next()).names


async def test_a_required_parameter_is_demanded(serve: Serve, backend: Backend, client: aiohttp.ClientSession) -> None:
    made = chatting()
    required: Json = [
        {"requestParameterKey": "route.request.querystring.authToken", "required": True},
        {"requestParameterKey": "route.request.header.X-Tenant", "required": True},
    ]
    made.change("chat $connect", requestParameters=required)
    gateway = await serve(made)
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await client.ws_connect(chat(gateway))
    assert refused.value.status == 400
    async with client.ws_connect(f"{chat(gateway)}?authToken=", headers={"x-tenant": "a"}):
        assert (await backend.next()).header("authToken") == ""


async def test_a_two_way_route_answers_with_the_backends_body(
    serve: Serve, backend: Backend, client: aiohttp.ClientSession
) -> None:
    made = one_route("ask")
    made.two_way("chat ask")
    gateway = await serve(made)
    async with client.ws_connect(chat(gateway)) as socket:
        backend.answers.extend(
            [response(200, body="é".encode()), response(500, body=b"no"), response(200), response(200, body=b"last")]
        )
        for _ in range(4):
            await socket.send_str('{"action":"ask"}')
        # The third answer is empty, and no message is made of it.
        assert [await socket.receive_str(timeout=5) for _ in range(3)] == ["é", "no", "last"]


async def test_an_answer_beyond_the_limit_is_an_error(
    serve: Serve, backend: Backend, client: aiohttp.ClientSession
) -> None:
    made = one_route("ask")
    made.two_way("chat ask")
    gateway = await serve(made)
    async with client.ws_connect(chat(gateway)) as socket:
        backend.answers.append(response(200, body=b"x" * (128 * 1024 + 1)))
        await socket.send_str('{"action":"ask"}')
        assert (await frame(socket))["message"] == "Internal server error"


async def test_a_one_way_route_stays_silent(serve: Serve, backend: Backend, client: aiohttp.ClientSession) -> None:
    made = one_route("tell")
    made.two_way(made.websocket_route("chat", "ask"))
    gateway = await serve(made)
    async with client.ws_connect(chat(gateway)) as socket:
        backend.answers.extend([response(200, body=b"told"), response(200, body=b"answer")])
        await socket.send_str('{"action":"tell"}')
        await socket.send_str('{"action":"ask"}')
        assert await socket.receive_str(timeout=5) == "answer"


async def test_messages_that_select_no_route(serve: Serve, client: aiohttp.ClientSession) -> None:
    gateway = await serve(one_route("tell"))
    async with client.ws_connect(chat(gateway)) as socket:
        for message in ('{"action":"other"}', "not json", '{"action":"$connect"}'):
            await socket.send_str(message)
            answer = await frame(socket)
            assert list(answer) == ["message", "connectionId", "requestId"]
            assert answer["message"] == "Forbidden"
            assert ID.fullmatch(answer["connectionId"])
            assert ID.fullmatch(answer["requestId"])


async def test_default_takes_what_no_route_does(serve: Serve, backend: Backend, client: aiohttp.ClientSession) -> None:
    gateway = await serve(one_route("$default"))
    async with client.ws_connect(chat(gateway)) as socket:
        await socket.send_str("plain é")
        received = await backend.next()
        assert (received.body.decode(), received.header("Content-Type")) == ("plain é", "text/plain")


async def test_messages_of_a_connection_stay_in_order(
    serve: Serve, backend: Backend, client: aiohttp.ClientSession
) -> None:
    gateway = await serve(one_route("$default"))
    async with client.ws_connect(chat(gateway)) as socket:
        for number in range(5):
            await socket.send_str(str(number))
        assert [(await backend.next()).body for _ in range(5)] == [b"0", b"1", b"2", b"3", b"4"]


@pytest.mark.parametrize(
    ("method", "arrives"), [("GET", ("GET", b"")), ("ANY", ("POST", b"{}")), ("PUT", ("PUT", b"{}"))]
)
async def test_method_of_the_integration(
    method: str, arrives: tuple[str, bytes], serve: Serve, backend: Backend, client: aiohttp.ClientSession
) -> None:
    gateway = await serve(one_route("$default", integrationMethod=method))
    async with client.ws_connect(chat(gateway)) as socket:
        await socket.send_str("{}")
        received = await backend.next()
        assert (received.method, received.body) == arrives
        assert ("Content-Type" in received.names) == bool(received.body)


@pytest.mark.parametrize(
    ("path", "parameters", "arrives"),
    [
        (
            "/rooms/{room}/x?fixed=1",
            {
                "integration.request.path.room": "route.request.body.room",
                "integration.request.querystring.q": "route.request.body.q",
            },
            "/rooms/a%2Fb%3F%20c/x?fixed=1&q=1%262%3D%C3%A9",
        ),
        (
            "/${stageVariables.tenant}/{room}/{unmapped}",
            {
                "integration.request.path.room": "'a/b%20c'",
                "integration.request.querystring.q": "'x%20y z'",
            },
            "/acme/a/b%20c/%7Bunmapped%7D?q=x%20y%20z",
        ),
    ],
)
async def test_url_of_the_backend(
    path: str,
    parameters: dict[str, str],
    arrives: str,
    serve: Serve,
    backend: Backend,
    client: aiohttp.ClientSession,
) -> None:
    gateway = await serve(one_route("$default", parameters, path))
    async with client.ws_connect(chat(gateway)) as socket:
        await socket.send_str('{"room":"a/b? c","q":"1&2=é"}')
        assert (await backend.next()).target == arrives


async def test_several_values_and_mapped_defaults(
    serve: Serve, backend: Backend, client: aiohttp.ClientSession
) -> None:
    parameters = {
        "integration.request.querystring.tag": "route.request.multivaluequerystring.tag",
        "integration.request.header.host": "'other.example'",
        "integration.request.header.accept": "'text/plain'",
    }
    gateway = await serve(one_route("$connect", parameters))
    async with client.ws_connect(f"{chat(gateway)}?tag=a&tag=b"):
        received = await backend.next()
    assert received.target == "/?tag=a&tag=b"
    assert received.header("host") == "other.example"
    assert received.header("accept") == "text/plain"
    assert not {"Host", "Accept"} & set(received.names)


async def test_line_breaks_never_reach_a_header(serve: Serve, backend: Backend, client: aiohttp.ClientSession) -> None:
    gateway = await serve(one_route("$default", {"integration.request.header.tenant": "route.request.body.tenant"}))
    async with client.ws_connect(chat(gateway)) as socket:
        await socket.send_str(json.dumps({"tenant": "a\r\nX-Injected: 1"}))
        received = await backend.next()
    assert received.header("tenant") == "a X-Injected: 1"
    assert "X-Injected" not in received.names


async def test_context_of_a_message(serve: Serve, backend: Backend, client: aiohttp.ClientSession) -> None:
    names = [
        "apiId",
        "stage",
        "routeKey",
        "eventType",
        "domainName",
        "identity.sourceIp",
        "identity.userAgent",
        "connectedAt",
        "messageId",
        "requestId",
    ]
    parameters = {f"integration.request.header.c-{name.replace('.', '-')}": f"context.{name}" for name in names}
    gateway = await serve(one_route("tell", parameters))
    async with client.ws_connect(chat(gateway), headers={"User-Agent": "test"}) as socket:
        await socket.send_str('{"action":"tell"}')
        received = await backend.next()
    values = {name: value for name, value in received.headers if name.startswith("c-")}
    assert chat(gateway) == f"ws://{values.pop('c-domainName')}/dev"
    assert re.fullmatch(r"\d{13}", values.pop("c-connectedAt"))
    assert ID.fullmatch(values.pop("c-messageId"))
    assert ID.fullmatch(values.pop("c-requestId"))
    assert values == {
        "c-apiId": "chat",
        "c-stage": "dev",
        "c-routeKey": "tell",
        "c-eventType": "MESSAGE",
        "c-identity-sourceIp": "127.0.0.1",
        "c-identity-userAgent": "test",
    }


@pytest.mark.parametrize("status", [302, 401, 403, 418, 500, 599])
async def test_a_backend_refuses_a_handshake_with_its_status(
    status: int, serve: Serve, backend: Backend, client: aiohttp.ClientSession
) -> None:
    gateway = await serve(chatting())
    backend.answers.append(response(status, body=b"secret"))
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await client.ws_connect(chat(gateway))
    assert refused.value.status == status
    assert (await backend.next()).target == "/connect"
    assert backend.received.empty()


async def test_a_handshake_with_a_backend_that_is_down(
    serve: Serve, backend: Backend, client: aiohttp.ClientSession, log: Log
) -> None:
    gateway = await serve(chatting())
    await backend.stop()
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await client.ws_connect(chat(gateway))
    assert refused.value.status == 500
    assert "$connect: 500 from chat in " in log.lines[-1]
    assert log.lines[-1].endswith(f" ms: nothing listens at {backend.url}")


async def test_a_message_for_a_backend_that_is_down(
    serve: Serve, backend: Backend, client: aiohttp.ClientSession
) -> None:
    gateway = await serve(chatting())
    async with client.ws_connect(chat(gateway)) as socket:
        connection_id = (await backend.next()).header("ConnectionId")
        await backend.stop()
        for _ in range(2):
            await socket.send_str('{"action":"sendMessage"}')
            answer = await frame(socket)
            assert list(answer) == ["message", "connectionId", "requestId"]
            assert (answer["message"], answer["connectionId"]) == ("Internal server error", connection_id)


async def test_a_message_that_times_out(serve: Serve, backend: Backend, client: aiohttp.ClientSession) -> None:
    gateway = await serve(one_route("$default", timeoutMilliseconds=50))
    released = asyncio.Event()

    async def wait(_: Received) -> None:
        await released.wait()

    backend.on_request = wait
    async with client.ws_connect(chat(gateway)) as socket:
        await socket.send_str("{}")
        answer = await frame(socket)
        assert list(answer) == ["message", "connectionId", "requestId"]
        assert answer["message"] == "Endpoint request timed out"
        released.set()


async def test_a_link_that_does_not_lead_there_says_why(serve: Serve, client: aiohttp.ClientSession, log: Log) -> None:
    gateway = await serve(one_route("$default", connectionId="link-v2"))
    async with client.ws_connect(chat(gateway)) as socket:
        await socket.send_str("{}")
        assert (await frame(socket))["message"] == "Internal server error"
    reason = 'VPC link "link-v2" is a v2 link, and a WebSocket API needs a v1 link'
    assert [message for message in log.lines if message.endswith(f"ms: {reason}")]


async def test_the_backend_chooses_the_sub_protocol(
    serve: Serve, backend: Backend, client: aiohttp.ClientSession, log: Log
) -> None:
    gateway = await serve(one_route("$connect"))
    backend.answers.append(response(200, ("Sec-WebSocket-Protocol", "b")))
    async with client.ws_connect(chat(gateway), protocols=("a", "b")) as socket:
        assert socket.protocol == "b"
    async with client.ws_connect(chat(gateway), protocols=("a", "b")) as socket:
        assert socket.protocol is None
    assert [
        message
        for message in log.lines
        if message.endswith(
            "the client offers the sub-protocols a, b and the backend chose none in its header Sec-WebSocket-Protocol, "
            "so the client will give up"
        )
    ]


@pytest.mark.parametrize(("path", "status"), [("/dev", 426), ("/", 403), ("/prod", 403), ("/dev/x", 403)])
async def test_what_is_no_handshake_on_a_stage(
    path: str, status: int, serve: Serve, client: aiohttp.ClientSession
) -> None:
    gateway = await serve(chatting())
    base = chat(gateway).replace("ws://", "http://").removesuffix("/dev")
    async with client.get(base + path) as answer:
        assert answer.status == status
    if status == 403:
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await client.ws_connect(base + path)


async def test_a_broken_handshake_does_not_reach_the_backend(
    serve: Serve, backend: Backend, client: aiohttp.ClientSession
) -> None:
    gateway = await serve(chatting())
    headers = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "x"}
    async with client.get(chat(gateway).replace("ws://", "http://"), headers=headers) as answer:
        assert answer.status == 400
    assert backend.received.empty()


async def test_binary_frames_are_refused(
    serve: Serve, backend: Backend, client: aiohttp.ClientSession, log: Log
) -> None:
    gateway = await serve(chatting())
    async with client.ws_connect(chat(gateway)) as socket:
        await socket.send_bytes(b"x")
        assert await closed(socket) == (1003, "Binary messages are not supported")
    assert [(await backend.next()).target for _ in range(2)] == ["/connect", "/disconnect"]
    assert await log.endings(gateway) == ["1003 Binary messages are not supported"]


@pytest.mark.parametrize("lifetimes", [Lifetimes(idle=0.05), Lifetimes(total=0.05)], ids=["idle", "old"])
async def test_connections_end_by_themselves(
    lifetimes: Lifetimes, serve: Serve, backend: Backend, client: aiohttp.ClientSession, log: Log
) -> None:
    gateway = await serve(chatting(), lifetimes=lifetimes)
    async with client.ws_connect(chat(gateway)) as socket:
        assert await closed(socket) == (1001, "Going away")
    assert [(await backend.next()).target for _ in range(2)] == ["/connect", "/disconnect"]
    assert await log.endings(gateway) == ["1001 Going away"]


HANDSHAKE = (
    b"GET /dev HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n"
)


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        pytest.param(
            b"\x88\x80\x00\x00\x00\x00", "1005 Client-side close frame status not set", id="close without a code"
        ),
        pytest.param(b"", "1006", id="lost"),
        pytest.param(b"\x81\x81\x00\x00\x00\x00\xff", "1007 Invalid UTF-8 text message", id="not UTF-8"),
    ],
)
async def test_clients_that_end_it_oddly(sent: bytes, code: str, serve: Serve, backend: Backend, log: Log) -> None:
    gateway = await serve(chatting())
    host, port = chat(gateway).removeprefix("ws://").removesuffix("/dev").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(HANDSHAKE)
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101 ")
    writer.write(sent)
    writer.close()
    await writer.wait_closed()
    assert [(await backend.next()).target for _ in range(2)] == ["/connect", "/disconnect"]
    assert await log.endings(gateway) == [code]
    assert not log.tracebacks


async def test_disconnect_is_best_effort(serve: Serve, client: aiohttp.ClientSession, log: Log) -> None:
    made = chatting()
    made.change("chat $disconnect integration", connectionId="link-x")
    gateway = await serve(made)
    async with client.ws_connect(chat(gateway)):
        pass
    await gateway.stop()
    assert log.lines[-1].endswith('ms: the stack has no VPC link with the id "link-x"')
    assert not log.tracebacks


async def test_an_api_without_connect_and_disconnect(
    serve: Serve, backend: Backend, client: aiohttp.ClientSession, log: Log
) -> None:
    gateway = await serve(one_route("tell"))
    async with client.ws_connect(chat(gateway)):
        pass
    assert await log.endings(gateway) == ["1000"]
    assert backend.received.empty()
