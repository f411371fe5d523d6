"""Clients that are slow, vanish, or speak no HTTP: HTTP and REST APIs have an answer for each, and serve the others."""

import asyncio
import json
import socket
from collections.abc import Iterator

import pytest

from apigateway import limits
from tests.local.gateway.backend import Backend, Received, response
from tests.local.gateway.wire import (
    HTTP_BY_NLB,
    HTTP_PUBLIC,
    KINDS,
    REST_PRIVATE,
    REST_STREAMED,
    check_log,
    parsed,
    reset,
    serving,
    until,
    wild,
)

MIB = 1024 * 1024
TWO = (HTTP_BY_NLB, REST_PRIVATE)
BAD_REQUEST = (400, b'{"message":"Bad Request"}')
UNKNOWN = (403, b'{"message":"Missing Authentication Token"}')
HEADERS_TOO_LARGE = (431, b'{"message":"Request Header Fields Too Large"}')
TOO_LARGE = {
    HTTP_BY_NLB: (413, b'{"message":"Request Entity Too Large"}'),
    REST_PRIVATE: (413, b'{"message":"Request Too Long"}'),
}


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    check_log(caplog)


POST = "POST {path} HTTP/1.1\r\nHost: h\r\n"
GET = "GET {path} HTTP/1.1\r\nHost: h\r\n"
SMUGGLED = "GET {path}/smuggled HTTP/1.1\r\nHost: h\r\n\r\n"
MALFORMED = {
    "length and chunks": POST + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunks and length": POST + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "two lengths": POST + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "the same length twice": POST + "Content-Length: 1\r\nContent-Length: 1\r\n\r\na",
    "a list of lengths": POST + "Content-Length: 1, 1\r\n\r\na",
    "length with a sign": POST + "Content-Length: +1\r\n\r\na",
    "negative length": POST + "Content-Length: -1\r\n\r\n",
    "length beyond all numbers": POST + "Content-Length: 99999999999999999999999\r\n\r\n",
    "coding that is not known": POST + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "two codings": POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "coding behind a control character": POST + "Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunk of no size": POST + "Transfer-Encoding: chunked\r\n\r\nZZ\r\n",
    "header on two lines": GET + "x: 1\r\n 2\r\n\r\n",
    "space before the colon": POST + "Content-Length : 1\r\n\r\na",
    "header without a colon": GET + "x\r\n\r\n",
    "header without a name": GET + ": 1\r\n\r\n",
    "bare carriage return": GET + "x: 1\ry: 2\r\n\r\n",
    "bare line feeds": "GET {path} HTTP/1.1\nHost: h\n\n",
    "NUL in a header": GET + "x: 1\0\r\n\r\n",
    "NUL in the path": "GET {path}\0 HTTP/1.1\r\nHost: h\r\n\r\n",
    "raw bytes in the path": "GET {path}\xff HTTP/1.1\r\nHost: h\r\n\r\n",
    "raw bytes in the query": "GET {path}?a=\xc3\xa9 HTTP/1.1\r\nHost: h\r\n\r\n",
    "a space in the path": "GET {path} x HTTP/1.1\r\nHost: h\r\n\r\n",
    "no host": "GET {path} HTTP/1.1\r\n\r\n",
    "two hosts": GET + "Host: other\r\n\r\n",
    "an authority for a target": "GET evil.example HTTP/1.1\r\nHost: h\r\n\r\n",
    "method that is none": "FOO {path} HTTP/1.1\r\nHost: h\r\n\r\n",
    "HTTP/2": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/3.0": "GET {path} HTTP/3.0\r\nHost: h\r\n\r\n",
    "TLS": "\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03" + "\0" * 90,
    "noise": "\xff\xfe\xfd\r\n\r\n",
    "too many headers": GET + "x: 1\r\n" * 5000 + "\r\n",
}


@pytest.mark.parametrize("sent", MALFORMED.values(), ids=MALFORMED)
@pytest.mark.parametrize("kind", TWO)
async def test_what_is_no_request_ends_the_connection(kind: str, sent: str, backend: Backend) -> None:
    async with serving(kind, backend.url) as api:
        # The answer is all there is, for the connection is closed: nothing that follows is read.
        assert parsed(await api.send(sent.replace("{path}", api.path).encode("latin-1"))) == BAD_REQUEST
    assert backend.received.empty()


@pytest.mark.parametrize("kind", TWO)
async def test_a_chunk_of_no_size_after_others(kind: str, backend: Backend) -> None:
    async with serving(kind, backend.url) as api:
        reader, writer = await api.connect()
        writer.write((POST.format(path=api.path) + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n").encode())
        await writer.drain()
        for _ in range(5):
            await api.get()  # meanwhile the gateway waits for the next chunk
            await backend.next()
        writer.write(b"ZZ\r\n")
        assert parsed(await asyncio.wait_for(reader.read(), 5)) == BAD_REQUEST
        writer.close()
    assert backend.received.empty()


TARGETS = {
    "absolute": ("GET http://evil.example{path} HTTP/1.1", BAD_REQUEST, UNKNOWN),
    "asterisk": ("OPTIONS * HTTP/1.1", BAD_REQUEST, UNKNOWN),
    "CONNECT": ("CONNECT evil.example:80 HTTP/1.1", BAD_REQUEST, UNKNOWN),
}


@pytest.mark.parametrize(("line", "http", "rest"), TARGETS.values(), ids=TARGETS)
async def test_the_gateway_is_no_proxy(
    line: str, http: tuple[int, bytes], rest: tuple[int, bytes], backend: Backend
) -> None:
    for kind, expected in ((HTTP_BY_NLB, http), (HTTP_PUBLIC, http), (REST_PRIVATE, rest)):
        async with serving(kind, backend.url) as api:
            sent = f"{line.format(path=api.path)}\r\nHost: h\r\nConnection: close\r\n\r\n"
            assert parsed(await api.send(sent.encode())) == expected
    assert backend.received.empty()


async def test_trace_is_no_method_of_any_api(backend: Backend) -> None:
    async with serving(HTTP_BY_NLB, backend.url) as api:
        # Nobody is shown a request.
        assert parsed(await api.send(api.request("TRACE", "", "Cookie: s3cret"))) == (404, b'{"message":"Not Found"}')
    async with serving(REST_PRIVATE, backend.url) as api:
        assert parsed(await api.send(api.request("TRACE"))) == UNKNOWN
    assert backend.received.empty()


@pytest.mark.parametrize("upgrade", ["websocket", "h2c"])
@pytest.mark.parametrize("kind", TWO)
async def test_an_upgrade_is_not_taken(kind: str, upgrade: str, backend: Backend) -> None:
    async with serving(kind, backend.url) as api:
        sent = api.request("GET", "", "Connection: Upgrade", f"Upgrade: {upgrade}")
        assert parsed(await api.send(sent)) == (200, b"")
    assert not {"Upgrade", "Connection: Upgrade"} & set((await backend.next()).names)


@pytest.mark.parametrize("below", ["?" + "a" * 200_000, "?" + "a" * 10_240, "/" + "a" * 10_240])
@pytest.mark.parametrize("kind", TWO)
async def test_a_request_line_that_is_too_long(kind: str, below: str, backend: Backend) -> None:
    async with serving(kind, backend.url) as api:
        assert await api.get(below) == HEADERS_TOO_LARGE
    assert backend.received.empty()


@pytest.mark.parametrize("header", ["x: " + "1" * 200_000, "x: " + "1" * 10_240, "x" * 10_240 + ": 1"])
@pytest.mark.parametrize("kind", TWO)
async def test_a_header_that_is_too_long(kind: str, header: str, backend: Backend) -> None:
    async with serving(kind, backend.url) as api:
        assert parsed(await api.send(api.request("GET", "", header))) == HEADERS_TOO_LARGE
    assert backend.received.empty()


@pytest.mark.parametrize("kind", TWO)
async def test_a_body_that_is_too_large_is_not_taken_for_a_request(kind: str, backend: Backend) -> None:
    """Once it is refused, the rest of the body is still the body, whatever it looks like."""
    smuggled = SMUGGLED.format(path="/x").encode()
    size = limits.HTTP_PAYLOAD_BYTES + 1
    async with serving(kind, backend.url) as api:
        body = smuggled * (size // len(smuggled)) + b"x" * (size % len(smuggled))
        head = f"{POST.format(path=api.path)}Content-Length: {size}\r\n\r\n".encode()
        answer = await api.send(head, body, api.request("GET", "/next"))
        first, _, second = answer.partition(TOO_LARGE[kind][1])
        assert first.startswith(b"HTTP/1.1 413 ")
        assert parsed(second) == (200, b"")
    assert (await backend.next()).target.endswith("/next")
    assert backend.received.empty()


@pytest.mark.parametrize("kind", TWO)
async def test_a_body_without_end_is_refused_at_the_limit(kind: str, backend: Backend) -> None:
    async with serving(kind, backend.url) as api:
        reader, writer = await api.connect()
        writer.write((POST.format(path=api.path) + "Transfer-Encoding: chunked\r\n\r\n").encode())

        async def pour() -> None:
            while True:
                writer.write(b"10000\r\n" + b"x" * 65_536 + b"\r\n")
                await writer.drain()

        pouring = asyncio.create_task(pour())
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
        assert head.startswith(b"HTTP/1.1 413 ")
        pouring.cancel()
        await asyncio.gather(pouring, return_exceptions=True)
        reset(writer)
        assert await api.get() == (200, b"")
    assert backend.received.qsize() == 1


@pytest.mark.parametrize("kind", TWO)
async def test_clients_that_write_byte_by_byte(kind: str, backend: Backend) -> None:
    async with serving(kind, backend.url) as api:
        sent = api.request("POST", "/slow", "x: 1", body=b"body")
        assert parsed(await api.send(*(bytes([byte]) for byte in sent))) == (200, b"")
    received = await backend.next()
    assert (received.body, received.header("x")) == (b"body", "1")


@pytest.mark.parametrize("kind", TWO)
async def test_clients_that_stop_writing_hold_up_nobody_and_reach_no_backend(kind: str, backend: Backend) -> None:
    async with serving(kind, backend.url) as api:
        whole = api.request("POST", "/slow", "x: 1", body=b"body")
        stopped = [await api.connect() for _ in whole[:-1]]
        for length, (_, writer) in enumerate(stopped, 1):
            writer.write(whole[:length])
            await writer.drain()
        for _ in range(5):
            assert await api.get() == (200, b"")
            assert (await backend.next()).method == "GET"
        for number, (_, writer) in enumerate(stopped):
            if number % 2:
                reset(writer)
            else:
                writer.close()
        assert await api.get() == (200, b"")
        assert (await backend.next()).method == "GET"
        # Those whose head was whole are told of, and nobody reads the answer.
        in_body = len(whole) - whole.index(b"\r\n\r\n") - 4
        await until(lambda: len([told for told in api.exchanges if told.event.startswith("POST")]) == in_body)
        told = {(told.status, told.reason and told.reason.partition(":")[0]) for told in api.exchanges[-in_body:]}
    assert {status for status, _ in told} <= {200, 400}
    assert {reason for _, reason in told} <= {None, "the client did not send the whole body"}
    assert backend.received.empty()


@pytest.mark.parametrize("kind", KINDS)
async def test_a_client_that_goes_while_the_backend_works(kind: str, backend: Backend) -> None:
    arrived, released = asyncio.Event(), asyncio.Event()

    async def hold(_: Received) -> None:
        backend.on_request = None
        arrived.set()
        await released.wait()

    backend.on_request = hold
    backend.answers.append(response(200, body=b"x" * 100_000))
    async with serving(kind, backend.url) as api:
        _, writer = await api.connect()
        writer.write(api.request("GET"))
        await asyncio.wait_for(arrived.wait(), 5)
        reset(writer)
        # The request goes on without its client, as on AWS.
        released.set()
        await until(lambda: api.exchanges)
        assert (api.exchanges[0].status, api.exchanges[0].answered_status) == (200, 200)
        assert await api.get() == (200, b"")


@pytest.mark.parametrize("kind", KINDS)
async def test_a_client_that_goes_in_the_midst_of_an_answer(kind: str, backend: Backend) -> None:
    backend.answers.append(response(200, body=b"x" * 8 * MIB))
    async with serving(kind, backend.url) as api:
        reader, writer = await api.connect()
        writer.write(api.request("GET"))
        await reader.readexactly(1000)
        reset(writer)
        await until(lambda: api.exchanges)
        assert await api.get() == (200, b"")


@pytest.mark.parametrize("kind", TWO)
async def test_clients_that_go_before_they_are_told_to_continue(kind: str, backend: Backend) -> None:
    async with serving(kind, backend.url) as api:
        head = f"{POST.format(path=api.path)}Expect: 100-continue\r\nContent-Length: 4\r\n\r\n".encode()
        for _ in range(50):
            _, writer = await api.connect()
            writer.write(head)
            reset(writer)
        assert await api.get() == (200, b"")
    assert (await backend.next()).method == "GET"
    assert backend.received.empty()


@pytest.mark.parametrize("kind", KINDS)
async def test_clients_that_read_slowly_get_the_whole_answer(kind: str, backend: Backend) -> None:
    body = bytes(range(256)) * (8 * MIB // 256) if kind.startswith("HTTP") else b"x" * 8 * MIB
    async with serving(kind, backend.url) as api:
        backend.answers.append(response(200, body=body))
        slow_reader, slow_writer = await api.connect()
        slow_writer.write(api.request("GET"))
        await slow_reader.readexactly(1)
        # Others are served while it reads nothing.
        assert [await api.get() for _ in range(5)] == [(200, b"")] * 5
        rest = await asyncio.wait_for(slow_reader.read(), 10)
        slow_writer.close()
    assert parsed(b"H" + rest) == (200, body)


async def test_a_client_that_does_not_read_holds_back_the_backend_of_a_stream() -> None:
    """Between the backend and the client there is never more than the buffers of the sockets."""
    sent = 0
    small = 64 * 1024

    async def pour(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, small)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * small)
            await writer.drain()
            sent += small

    async with wild(pour) as backend, serving(REST_STREAMED, backend.url) as api:
        loop, client = asyncio.get_running_loop(), socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, small)
        client.setblocking(False)
        await loop.sock_connect(client, ("127.0.0.1", api.port))
        await loop.sock_sendall(client, api.request("GET"))
        read = 0
        while read < 32 * MIB:
            for _ in range(10):
                await asyncio.sleep(0)  # time enough to take more than can be passed on
            read += len(await loop.sock_recv(client, small))
            assert sent - read < 16 * MIB
        client.close()
        await asyncio.wait_for(backend.gone.get(), 5)


@pytest.mark.parametrize("kind", TWO)
async def test_requests_in_one_go_are_answered_one_by_one(kind: str, backend: Backend) -> None:
    async with serving(kind, backend.url) as api:
        requests = [GET.format(path=f"{api.path}/{number}").encode() + b"\r\n" for number in range(200)]
        backend.answers.extend(response(200, body=b"<%d>" % number) for number in range(201))
        answer = await api.send(b"".join(requests), api.request("GET", "/last"))
    assert answer.count(b"HTTP/1.1 200 OK\r\n") == 201
    assert [f"<{number}>".encode() in answer for number in range(201)] == [True] * 201
    targets = [(await backend.next()).target.rpartition("/")[2] for _ in range(201)]
    assert targets == [*map(str, range(200)), "last"]


@pytest.mark.parametrize("kind", KINDS)
async def test_raw_bytes_in_headers_and_body_and_what_escapes_no_byte(kind: str, backend: Backend) -> None:
    async with serving(kind, backend.url) as api:
        sent = api.request("POST", "?a=%ff&b=%zz&c=%", "x: \xff\xc3\xa9", body=b"\xff\xfe")
        assert parsed(await api.send(sent)) == (200, b"")
    received = await backend.next()
    # The backend of a test reads Latin-1: the header arrives in UTF-8, and the query as it was.
    assert received.header("x").encode("latin-1").decode() == "\xff\xc3\xa9"
    assert received.target.endswith("?a=%ff&b=%zz&c=%")
    as_text = kind.startswith("REST") and kind != REST_STREAMED
    assert received.body == ("\ufffd\ufffd".encode() if as_text else b"\xff\xfe")


@pytest.mark.parametrize("depth", [300, 950, 100_000])
async def test_bodies_that_are_nested_deeply(depth: int, backend: Backend) -> None:
    body = json.dumps({"e": 1}).encode().replace(b"1", b"[" * depth + b"]" * depth)
    for kind in TWO:
        async with serving(kind, backend.url) as api:
            assert parsed(await api.send(api.request("POST", body=body))) == (200, b"")
            assert (await backend.next()).body == body
