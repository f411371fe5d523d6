"""WebSocket clients and backends that break, flood, or stop: what is not in ``test_strength.py``."""

import asyncio
import json
import re
import socket as sockets
from collections.abc import Iterator

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType

from local.recording import Json
from tests.local.gateway.backend import Backend, Received, response
from tests.local.gateway.faults import CUT, FAULTS
from tests.local.gateway.websocket.apis import ID, RawClient, Served, ask, chat, frame, masked, served
from tests.local.gateway.wire import check_log, hanging, parsed, reset, until, wild

IDS: dict[str, Json] = {"integration.request.header.ConnectionId": "context.connectionId"}
CONNECT: dict[str, Json] = {"requestParameters": IDS}
UPGRADE = (
    "Host: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n"
)
MALFORMED = (400, b'{"message":"Bad Request"}')


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    check_log(caplog)


def port(gateway: Served) -> int:
    return int(gateway.url.rpartition(":")[2].partition("/")[0])


async def sent(gateway: Served, head: str) -> bytes:
    """Send a handshake as it is written, and return the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port(gateway))
    writer.write(head.encode("latin-1"))
    async with asyncio.timeout(5):
        answer = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"Content-Length: (\d+)", answer)
        answer += await reader.readexactly(int(length[1]) if length else 0)
    writer.close()
    return answer


@pytest.mark.parametrize("fault", [*FAULTS, *CUT])
async def test_a_backend_that_does_not_answer_a_message_in_http(fault: str) -> None:
    async with wild((FAULTS | CUT)[fault]) as backend, served(chat(default={}), Backend(url=backend.url)) as gateway:
        socket = await gateway.connect()
        # The connection stays open, whatever becomes of a message.
        for _ in range(2):
            error = await ask(socket)
            assert list(error) == ["message", "connectionId", "requestId"]
            assert error["message"] == "Internal server error"
            assert re.fullmatch(ID, error["connectionId"])
        await socket.close()


@pytest.mark.parametrize("fault", [*FAULTS, *CUT])
async def test_a_backend_that_does_not_answer_connect_in_http(fault: str) -> None:
    async with wild((FAULTS | CUT)[fault]) as backend, served(chat(connect={}), Backend(url=backend.url)) as gateway:
        status, body = await gateway.refused()
        assert (status, body["message"]) == (500, "Internal server error")
        assert gateway.gateway.connections == ()


async def test_a_backend_that_hangs() -> None:
    late: dict[str, Json] = {"timeoutMilliseconds": 50}
    made = chat(connect=late, default=late)
    async with wild(hanging) as backend, served(made, Backend(url=backend.url)) as gateway:
        status, body = await gateway.refused()
        assert (status, body["message"]) == (504, "Endpoint request timed out")
        await asyncio.wait_for(backend.gone.get(), 5)
    made.drop("chat $connect")
    async with wild(hanging) as backend, served(made, Backend(url=backend.url)) as gateway:
        socket = await gateway.connect()
        assert (await ask(socket))["message"] == "Endpoint request timed out"
        await asyncio.wait_for(backend.gone.get(), 5)
        await socket.close()


async def test_an_answer_without_end() -> None:
    async def pour(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 65_536)
            await writer.drain()

    async with wild(pour) as backend, served(chat(default={}), Backend(url=backend.url)) as gateway:
        socket = await gateway.connect()
        assert (await ask(socket))["message"] == "Internal server error"
        await asyncio.wait_for(backend.gone.get(), 5)
        await socket.close()


REFUSED = {
    "no stage": (f"GET /x HTTP/1.1\r\n{UPGRADE}", (403, b'{"message":"Forbidden"}')),
    "a path below the stage": (f"GET /dev/../x HTTP/1.1\r\n{UPGRADE}", (403, b'{"message":"Forbidden"}')),
    "absolute target": (f"GET http://evil.example/dev HTTP/1.1\r\n{UPGRADE}", (403, b'{"message":"Forbidden"}')),
    "CONNECT": ("CONNECT evil.example:80 HTTP/1.1\r\nHost: h\r\n", (403, b'{"message":"Forbidden"}')),
    "no upgrade": ("GET /dev HTTP/1.1\r\nHost: h\r\n", (426, b'{"message":"Upgrade Required"}')),
    "h2c": (f"GET /dev HTTP/1.1\r\n{UPGRADE.replace('websocket', 'h2c')}", (426, b'{"message":"Upgrade Required"}')),
    "no Connection": (f"GET /dev HTTP/1.1\r\n{UPGRADE.replace('Connection: Upgrade', 'x: 1')}", MALFORMED),
    "version 8": (f"GET /dev HTTP/1.1\r\n{UPGRADE.replace(': 13', ': 99')}", MALFORMED),
    "no key": (f"GET /dev HTTP/1.1\r\n{UPGRADE.replace('Sec-WebSocket-Key', 'x')}", MALFORMED),
    "a key that is none": (f"GET /dev HTTP/1.1\r\n{UPGRADE.replace('MDEyMzQ1Njc4OWFiY2RlZg==', 'abc')}", MALFORMED),
    "no host": (f"GET /dev HTTP/1.1\r\n{UPGRADE.replace('Host', 'x')}", MALFORMED),
    "raw bytes in the query": (f"GET /dev?\xff HTTP/1.1\r\n{UPGRADE}", MALFORMED),
    "a length and chunks": (
        f"GET /dev HTTP/1.1\r\n{UPGRADE}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
        MALFORMED,
    ),
    "too long a header": (
        f"GET /dev HTTP/1.1\r\n{UPGRADE}x: {'1' * 200_000}\r\n",
        (431, b'{"message":"Request Header Fields Too Large"}'),
    ),
    "too long a URL": (f"GET /dev?{'x' * 5000} HTTP/1.1\r\n{UPGRADE}", (414, b'{"message":"Request-URI Too Long"}')),
}


@pytest.mark.parametrize("refused", REFUSED)
async def test_a_handshake_that_is_none(refused: str, backend: Backend) -> None:
    head, expected = REFUSED[refused]
    async with served(chat(connect={}), backend) as gateway:
        assert parsed(await sent(gateway, f"{head}\r\n")) == expected
        assert gateway.gateway.connections == ()
    assert backend.received.empty()


@pytest.mark.parametrize(
    "headers", ["Sec-WebSocket-Protocol: \xff, a b,,\r\n", "x: \xff\xc3\xa9\r\n", "Origin: \xff\r\n"]
)
async def test_a_handshake_with_raw_bytes(headers: str, backend: Backend) -> None:
    async with served(chat(connect={}, default={}), backend) as gateway:
        reader, writer = await asyncio.open_connection("127.0.0.1", port(gateway))
        writer.write(f"GET /dev?a=%ff&b=%zz HTTP/1.1\r\n{UPGRADE}{headers}\r\n".encode("latin-1"))
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101 ")
        reset(writer)
    assert (await backend.next()).method == "POST"


@pytest.mark.parametrize(
    ("pieces", "code"),
    [
        pytest.param([masked(b"\xff\xfe")], 1007, id="a text that is no UTF-8"),
        pytest.param([masked(b"\xed\xa0\x80")], 1007, id="half of a surrogate pair"),
        pytest.param([masked(b"\xc3", last=False), masked(b"\x28", 0)], 1007, id="no UTF-8 once it is whole"),
        pytest.param([masked(b"\x03\xe8\xff\xfe", 8)], 1007, id="a reason that is no UTF-8"),
        pytest.param([masked((999).to_bytes(2), 8)], 1002, id="close code 999"),
        pytest.param([masked((1005).to_bytes(2), 8)], 1002, id="close code 1005"),
        pytest.param([b"\x81\xff" + b"\xff" * 8 + bytes(4)], 1009, id="a length beyond all numbers"),
        pytest.param([b"\x81\xff" + (1 << 40).to_bytes(8) + bytes(4)], 1009, id="a terabyte"),
        pytest.param([b"\x81\x02ab"], 1002, id="a frame without a mask"),
        pytest.param([masked(b"{}", 2)], 1003, id="a binary frame"),
        pytest.param(
            [masked(b"x" * 32_768, last=False), *[masked(b"x" * 32_768, 0, last=False)] * 4], 1009, id="no end"
        ),
    ],
)
async def test_frames_that_end_a_connection(pieces: list[bytes], code: int, backend: Backend) -> None:
    async with served(chat(default={}, disconnect={}), backend) as gateway:
        client = await RawClient.connect(gateway)
        await client.send(*pieces)
        assert (await client.closed())[0] == code
        await client.leave()
        # Only its $disconnect reaches the backend.
        assert (await backend.next()).body == b""
        await until(lambda: gateway.gateway.connections == ())
    assert backend.received.empty()


async def test_a_character_on_two_frames_and_frames_byte_by_byte(backend: Backend) -> None:
    async with served(chat(default={}), backend) as gateway:
        client = await RawClient.connect(gateway)
        frames = masked(b"\xc3", last=False) + masked(b"\xa9", 0)
        await client.send(*(bytes([byte]) for byte in frames))
        assert (await backend.next()).body == "\u00e9".encode()
        await client.leave()


@pytest.mark.parametrize(
    "text",
    ["", " ", "\0", "no JSON", "[", "null", '{"action":{"a":1}}', '{"action":"\\ud800"}', '{"action":"$connect"}'],
)
async def test_a_message_that_selects_no_route(text: str, backend: Backend) -> None:
    async with served(chat(say={}), backend) as gateway:
        socket = await gateway.connect()
        await socket.send_str(text)
        error = await frame(socket)
        await socket.close()
    assert list(error) == ["message", "connectionId", "requestId"]
    assert error["message"] == "Forbidden"
    assert backend.received.empty()


@pytest.mark.parametrize("depth", [300, 950, 16_000])
async def test_a_message_that_is_nested_deeply(depth: int, backend: Backend) -> None:
    async with served(
        chat(default={"requestParameters": {"integration.request.header.e": "route.request.body.e"}}), backend
    ) as gateway:
        client = await RawClient.connect(gateway)
        text = b'{"e":' + b"[" * depth + b"]" * depth + b"}"
        await client.send(masked(text))
        assert (await backend.next()).body == text
        await client.leave()


async def test_clients_that_go_at_every_point_of_a_handshake_and_a_message(backend: Backend) -> None:
    handshake = f"GET /dev HTTP/1.1\r\n{UPGRADE}\r\n".encode()
    message = masked(b'{"x":"' + b"y" * 200 + b'"}')
    async with served(chat(connect={}, disconnect={}), backend) as gateway:
        for cut in range(0, len(handshake) + 1, 7):
            _, writer = await asyncio.open_connection("127.0.0.1", port(gateway))
            writer.write(handshake[:cut])
            await writer.drain()
            reset(writer)
        for cut in range(0, len(message), 7):
            client = await RawClient.connect(gateway)
            await client.send(message[:cut] or b"")
            reset(client.writer)
        await until(lambda: gateway.gateway.connections == ())
        begun = len(range(0, len(message), 7))
        await until(lambda: len(gateway.events("DISCONNECT")) >= begun)
    # No client is told of twice, and nobody stays: each that came has gone.
    assert len(gateway.events("CONNECT")) == len(gateway.events("DISCONNECT"))
    assert gateway.events("MESSAGE") == []


@pytest.mark.parametrize(
    "frames",
    [masked(b" " * 10_000), masked(b""), masked(b"", 9), masked(b"", 10)],
    ids=["text", "empty text", "ping", "pong"],
)
async def test_a_client_that_floods_is_held_back_while_its_backend_hangs(frames: bytes, backend: Backend) -> None:
    """What the gateway does not come to stays with the client: its memory does not grow with what is sent."""
    released, arrived = asyncio.Event(), asyncio.Event()

    async def hold(_: Received) -> None:
        arrived.set()
        await released.wait()

    backend.on_request = hold
    async with served(chat(say={}), backend) as gateway:
        client = await RawClient.connect(gateway)
        await client.send(masked(b'{"action":"say"}'))
        await asyncio.wait_for(arrived.wait(), 5)
        flood, held = frames * (100_000 // len(frames)), False
        for _ in range(2000):
            client.writer.write(flood)
            for _ in range(10):
                await asyncio.sleep(0)
            if client.writer.transport.get_write_buffer_size() > 8 * 1024 * 1024:
                held = True
                break
        assert held
        reset(client.writer)
        released.set()
        await until(lambda: gateway.gateway.connections == ())


async def test_a_client_that_floods_before_its_handshake_ends_is_held_back(backend: Backend) -> None:
    released, arrived = asyncio.Event(), asyncio.Event()

    async def hold(_: Received) -> None:
        backend.on_request = None
        arrived.set()
        await released.wait()

    backend.on_request = hold
    async with served(chat(connect={}), backend) as gateway:
        _, writer = await asyncio.open_connection("127.0.0.1", port(gateway))
        writer.write(f"GET /dev HTTP/1.1\r\n{UPGRADE}\r\n".encode())
        await asyncio.wait_for(arrived.wait(), 5)
        flood, held = masked(b" " * 10_000) * 10, False
        for _ in range(2000):
            writer.write(flood)
            for _ in range(10):
                await asyncio.sleep(0)
            if writer.transport.get_write_buffer_size() > 8 * 1024 * 1024:
                held = True
                break
        assert held
        reset(writer)
        released.set()
        await until(lambda: len(gateway.events("DISCONNECT")) == 1)


async def test_a_broadcast_to_many_connections(backend: Backend) -> None:
    """A backend posts to each of them; what one client gets is its own, whole and in order."""
    many = 500
    async with served(chat(connect=CONNECT, disconnect={}), backend) as gateway:
        opened: list[ClientWebSocketResponse] = []
        for _ in range(0, many, 50):
            opened += await asyncio.gather(*(gateway.connect() for _ in range(50)))
        ids = [(await backend.next()).header("ConnectionId") for _ in opened]
        assert len(set(ids)) == len(gateway.gateway.connections) == many

        async def post(connection_id: str, text: str) -> int:
            async with gateway.session.post(
                f"{gateway.connections_url}/@connections/{connection_id}", data=text
            ) as got:
                return got.status

        for turn in range(3):
            posted = await asyncio.gather(*(post(connection_id, f"{turn}" * 4000) for connection_id in ids))
            assert set(posted) == {200}
        for socket in opened:
            for turn in range(3):
                assert await socket.receive_str(timeout=5) == f"{turn}" * 4000
        for socket in opened[::2]:
            await socket.close()
        await until(lambda: len(gateway.gateway.connections) == many // 2)
        assert sorted(await asyncio.gather(*(post(connection_id, "x") for connection_id in ids))) == (
            [200] * (many // 2) + [410] * (many // 2)
        )
    assert sorted(event.event.split(" ")[2] for event in gateway.events("DISCONNECT")) == (
        ["1000"] * (many // 2) + ["1006"] * (many // 2)
    )


async def test_a_broadcast_does_not_wait_for_a_client_that_does_not_read(backend: Backend) -> None:
    async with served(chat(connect=CONNECT), backend) as gateway:
        stuck = sockets.socket()
        stuck.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
        stuck.connect(("127.0.0.1", port(gateway)))
        stuck.sendall(f"GET /dev HTTP/1.1\r\n{UPGRADE}\r\n".encode())
        ids = [(await backend.next()).header("ConnectionId")]
        reading = [await gateway.connect() for _ in range(3)]
        ids += [(await backend.next()).header("ConnectionId") for _ in reading]
        text = "x" * 128 * 1024
        posting: list[asyncio.Task[int]] = []

        async def post(connection_id: str) -> int:
            async with gateway.session.post(
                f"{gateway.connections_url}/@connections/{connection_id}", data=text
            ) as got:
                return got.status

        for _ in range(40):
            posting.append(asyncio.create_task(post(ids[0])))
            assert await asyncio.gather(*map(post, ids[1:])) == [200] * 3
            assert [await socket.receive_str(timeout=5) for socket in reading] == [text] * 3
        assert not all(task.done() for task in posting)
        stuck.close()
        assert set(await asyncio.gather(*posting)) == {200, 410}
        for socket in reading:
            assert (await socket.close(), socket.close_code) == (True, 1000)


async def test_messages_and_posts_at_once_do_not_mix(backend: Backend) -> None:
    async with served(chat(connect=CONNECT, default={}), backend) as gateway:
        socket = await gateway.connect()
        url = f"{gateway.connections_url}/@connections/{(await backend.next()).header('ConnectionId')}"
        backend.answers.extend(response(200, body=json.dumps({"n": number}).encode()) for number in range(100))

        async def post(number: int) -> None:
            async with gateway.session.post(url, data=json.dumps({"p": number})) as answer:
                assert answer.status == 200

        posts = asyncio.gather(*map(post, range(100)))
        for number in range(100):
            await socket.send_str(json.dumps({"m": number}))
        await posts
        got = [json.loads(await socket.receive_str(timeout=5)) for _ in range(200)]
        await socket.close()
    assert [item["n"] for item in got if "n" in item] == list(range(100))
    assert sorted(item["p"] for item in got if "p" in item) == list(range(100))


@pytest.mark.parametrize("method", ["PUT", "PATCH", "TRACE", "OPTIONS", "HEAD"])
async def test_methods_that_no_connection_knows(method: str, backend: Backend) -> None:
    async with served(chat(connect=CONNECT), backend) as gateway:
        socket = await gateway.connect()
        url = f"{gateway.connections_url}/@connections/{(await backend.next()).header('ConnectionId')}"
        async with gateway.session.request(method, url) as answer:
            assert (answer.status, answer.headers["x-amzn-ErrorType"]) == (403, "ForbiddenException")
        message = await ask_nothing(socket)
        assert message is WSMsgType.CLOSED


async def ask_nothing(socket: ClientWebSocketResponse) -> WSMsgType:
    await socket.close()
    return (await socket.receive()).type
