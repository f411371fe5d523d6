"""Backends that break, in every kind of API: one answer for each fault, and the next request is served."""

import asyncio
from collections.abc import Iterator

import pytest

from apigateway import limits
from tests.local.gateway.backend import Backend, response
from tests.local.gateway.faults import CUT, FAULTS, LINES, OK
from tests.local.gateway.wire import (
    HTTP_BY_ALB,
    HTTP_BY_NLB,
    HTTP_PUBLIC,
    KINDS,
    REST_PRIVATE,
    REST_PUBLIC,
    REST_STREAMED,
    Act,
    check_log,
    hanging,
    parsed,
    saying,
    serving,
    wild,
)

PAGE = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n"
    b"</body>\r\n</html>\r\n"
)
UNAVAILABLE = (503, b'{"message":"Service Unavailable"}')
INTERNAL = (500, b'{"message": "Internal server error"}')
UNREACHED = (504, b'{"message": "Network error communicating with endpoint"}')
LATE = (504, b'{"message": "Endpoint request timed out"}')
BROKEN = {
    HTTP_BY_NLB: UNAVAILABLE,
    HTTP_BY_ALB: (502, PAGE),
    HTTP_PUBLIC: UNAVAILABLE,
    REST_PRIVATE: INTERNAL,
    REST_PUBLIC: UNREACHED,
    REST_STREAMED: UNREACHED,
}
TIMED_OUT = dict.fromkeys(KINDS[:3], (504, b'{"message":"Gateway Timeout"}')) | dict.fromkeys(KINDS[3:], LATE)
TOO_LARGE = dict.fromkeys(KINDS[:3], UNAVAILABLE) | dict.fromkeys(KINDS[3:], INTERNAL)


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    check_log(caplog)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kind", KINDS)
async def test_a_backend_that_does_not_answer_in_http(kind: str, fault: str) -> None:
    async with wild(FAULTS[fault]) as backend, serving(kind, backend.url) as api:
        assert await api.get() == BROKEN[kind]
        (exchange,) = api.exchanges
    assert exchange.reason is not None
    assert "the backend " in exchange.reason


@pytest.mark.parametrize("fault", CUT)
@pytest.mark.parametrize("kind", KINDS)
async def test_a_backend_that_breaks_off_in_the_body(kind: str, fault: str) -> None:
    async with wild(CUT[fault]) as backend, serving(kind, backend.url) as api:
        answer = await api.send(api.request("GET"))
    if kind == REST_STREAMED:
        # What has gone on cannot be taken back: the client sees that the body has no end.
        assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
        assert not answer.endswith(b"0\r\n\r\n")
        assert b"half" in answer
    else:
        assert parsed(answer) == BROKEN[kind]


async def hanging_in_the_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(OK + b"Content-Length: 10\r\n\r\nhalf")
    await hanging(reader, writer)


async def only_continuing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000)
    await hanging(reader, writer)


@pytest.mark.parametrize("act", [hanging, only_continuing], ids=["silent", "100 Continue without end"])
@pytest.mark.parametrize("kind", KINDS)
async def test_a_backend_that_hangs_is_let_go(kind: str, act: Act) -> None:
    async with wild(act) as backend, serving(kind, backend.url, timeout=0.1) as api:
        assert await api.get() == TIMED_OUT[kind]
        await asyncio.wait_for(backend.gone.get(), 5)
        assert api.exchanges[0].reason == "the backend did not answer within 0.1 s" or kind.startswith("REST")


@pytest.mark.parametrize("kind", KINDS)
async def test_a_backend_that_hangs_in_the_body_is_let_go(kind: str) -> None:
    async with wild(hanging_in_the_body) as backend, serving(kind, backend.url, timeout=0.1) as api:
        answer = await api.send(api.request("GET"))
        await asyncio.wait_for(backend.gone.get(), 5)
    if kind == REST_STREAMED:
        assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
        assert answer.endswith(b"\r\n\r\nhalf")
    else:
        assert parsed(answer) == TIMED_OUT[kind]


@pytest.mark.parametrize(
    "head", [b"\r\n", b"Transfer-Encoding: chunked\r\n\r\n", b"Content-Length: 99999999999\r\n\r\n"]
)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != REST_STREAMED])
async def test_a_body_without_end_is_let_go_at_the_limit(kind: str, head: bytes) -> None:
    sent = 0

    async def pour(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(OK + head)
        while True:
            writer.write(b"10000\r\n" + b"x" * 65_536 + b"\r\n")
            await writer.drain()
            sent += 65_536

    async with wild(pour) as backend, serving(kind, backend.url) as api:
        assert await api.get() == TOO_LARGE[kind]
        await asyncio.wait_for(backend.gone.get(), 5)
    # What is beyond the limit is in the buffers of the two sockets.
    assert sent < limits.HTTP_PAYLOAD_BYTES + 16 * 1024 * 1024


@pytest.mark.parametrize("kind", KINDS)
async def test_a_head_without_end_is_let_go(kind: str) -> None:
    async def pour(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(OK)
        while True:
            writer.write(LINES)
            await writer.drain()

    async with wild(pour) as backend, serving(kind, backend.url) as api:
        assert await api.get() == BROKEN[kind]
        await asyncio.wait_for(backend.gone.get(), 5)


ODD = {
    "100 before the answer": (b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"Content-Length: 2\r\n\r\nok", 200),
    "103 before the answer": (b"HTTP/1.1 103 Early Hints\r\nx: 1\r\n\r\n" + OK + b"Content-Length: 2\r\n\r\nok", 200),
    "body up to the end": (OK + b"\r\nok", 200),
    "HTTP/1.0": (b"HTTP/1.0 200 OK\r\n\r\nok", 200),
    "bare line feeds": (b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok", 200),
    "header on two lines": (OK + b"x: 1\r\n 2\r\nContent-Length: 2\r\n\r\nok", 200),
    "status 999": (b"HTTP/1.1 999 Odd\r\nContent-Length: 2\r\n\r\nok", 999),
    "no gzip under its name": (OK + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\nok", 200),
    "control characters": (OK + b"Set-Cookie: \x01=;;;\r\nContent-Length: 2\r\n\r\nok", 200),
    "redirect to nowhere": (b"HTTP/1.1 302 Found\r\nLocation: http://[bad\r\nContent-Length: 2\r\n\r\nok", 302),
    "bytes for a type": (OK + b"Content-Type: ;;\xff\r\nContent-Length: 2\r\n\r\nok", 200),
}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("kind", KINDS)
async def test_an_odd_answer_that_is_one(kind: str, odd: str) -> None:
    said, status = ODD[odd]
    async with wild(saying(said)) as backend, serving(kind, backend.url) as api:
        assert await api.get() == (status, b"ok")


@pytest.mark.parametrize("kind", KINDS)
async def test_a_second_answer_is_nobodys(kind: str) -> None:
    """A backend that answers twice must not answer the next client's request."""
    forged = response(200, body=b"forged")

    async def twice(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(response(200, body=b"ok") + forged)
        await writer.drain()

    async with wild(twice) as backend, serving(kind, backend.url) as api:
        assert [await api.get() for _ in range(5)] == [(200, b"ok")] * 5


@pytest.mark.parametrize("kind", KINDS)
async def test_raw_bytes_in_the_headers_and_the_body_of_an_answer(kind: str, backend: Backend) -> None:
    backend.answers.append(OK + b"x: \xff\xc3\xa9\r\nContent-Length: 2\r\n\r\n\xff\xfe")
    async with serving(kind, backend.url) as api:
        answer = await api.send(api.request("GET"))
    # What is no UTF-8 as a whole is taken for Latin-1.
    assert b"\r\nx: \xc3\xbf\xc3\x83\xc2\xa9\r\n" in answer
    # A REST API takes a body for text, unless it is streamed or of a binary media type.
    as_text = kind in {REST_PRIVATE, REST_PUBLIC}
    assert answer.endswith(b"\r\n\r\n" + ("\ufffd\ufffd".encode() if as_text else b"\xff\xfe"))
