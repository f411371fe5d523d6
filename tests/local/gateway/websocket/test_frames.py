"""The guard before the reader of frames, and the limits on real sockets."""

import asyncio
import gc
from itertools import pairwise

import pytest
from aiohttp import WSMessage, WSMsgType
from hypothesis import given
from hypothesis import strategies as st

from local.gateway.websocket.frames import BINARY, TOO_BIG, UNMASKED, FrameGuard, RefusedFrameError
from tests.local.gateway.backend import Backend
from tests.local.gateway.conftest import Log
from tests.local.gateway.websocket.apis import RawClient, chat, fragmented, masked, served

FRAME = 32 * 1024
MESSAGE = 128 * 1024
CLOSE = masked(b"\x03\xe8", 8)


class Reader:
    """Stands for aiohttp's: keeps what is passed on."""

    def __init__(self) -> None:
        self.taken = b""
        self.is_ended = False

    def feed_data(self, data: bytes) -> tuple[bool, bytes]:
        self.taken += data
        return False, b""

    def feed_eof(self) -> None:
        self.is_ended = True


def guarded() -> tuple[FrameGuard, Reader, list[WSMessage]]:
    reader, told = Reader(), list[WSMessage]()
    return FrameGuard(reader, lambda message, _: told.append(message)), reader, told  # type: ignore[arg-type]


def refusal(told: list[WSMessage]) -> object:
    assert told[0].type is WSMsgType.ERROR
    assert isinstance(told[0].data, RefusedFrameError)
    return told[0].data.closing


def in_pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({min(cut, len(data)) for cut in cuts} | {0, len(data)})
    return [data[start:end] for start, end in pairwise(places)]


LEGAL = [
    masked(b""),
    masked(b"x"),
    masked(b"x" * 125),
    masked(b"x" * 126),
    masked(b"x" * FRAME),
    masked(b"ping", 9),
    masked(b"pong", 10),
    b"".join(fragmented(b"x" * MESSAGE)),
    masked(b"a", last=False) + masked(b"ping", 9) + masked(b"b", 0),
]


@given(st.lists(st.sampled_from(LEGAL), max_size=5), st.lists(st.integers(0, 3 * MESSAGE), max_size=12))
def test_what_is_within_the_limits_passes_as_it_comes(frames: list[bytes], cuts: list[int]) -> None:
    guard, reader, told = guarded()
    data = b"".join(frames)
    for piece in in_pieces(data, cuts):
        assert guard.feed_data(piece) == (False, b"")
    assert (reader.taken, told) == (data, [])


@pytest.mark.parametrize(
    ("frame", "closing"),
    [
        pytest.param(masked(b"x" * (FRAME + 1)), TOO_BIG, id="frame"),
        pytest.param(b"".join(fragmented(b"x" * (MESSAGE + 1))), TOO_BIG, id="message"),
        pytest.param(b"\x81\xff" + b"\xff" * 8 + bytes(4), TOO_BIG, id="frame without an end"),
        pytest.param(masked(b"x", 2), BINARY, id="binary"),
        pytest.param(b"\x81\x01x", UNMASKED, id="unmasked"),
        pytest.param(b"\x89\x00", UNMASKED, id="unmasked ping"),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 1 << 20])
def test_what_breaks_a_rule_is_refused_at_its_header(frame: bytes, closing: object, size: int) -> None:
    guard, reader, told = guarded()
    data = LEGAL[1] + frame + LEGAL[1]
    for start in range(0, len(data), size):
        guard.feed_data(data[start : start + size])
    assert refusal(told) == closing
    assert reader.taken.startswith(LEGAL[1])
    assert len(reader.taken) <= MESSAGE + 100
    assert len(told) == 1


def test_after_a_refusal_the_clients_close_frame_is_seen() -> None:
    guard, reader, told = guarded()
    guard.feed_data(masked(b"x" * (FRAME + 1)) + masked(b"y") + masked(b"z", 2))
    for byte in CLOSE:
        guard.feed_data(bytes([byte]))
    assert [message.type for message in told] == [WSMsgType.ERROR, WSMsgType.CLOSE]
    assert reader.taken == b""
    guard.feed_eof()
    assert reader.is_ended


async def test_a_message_may_have_128_kb_in_frames_of_32_kb(backend: Backend) -> None:
    async with served(chat(default={}), backend) as gateway:
        client = await RawClient.connect(gateway)
        await client.send(*fragmented(b"x" * MESSAGE))
        assert len((await backend.next()).body) == MESSAGE
        await client.send(*fragmented(b"x" * (MESSAGE + 1)))
        assert await client.closed() == (1009, "Message too long")
        await client.leave()
    assert backend.received.empty()
    assert [event.event.split(" ", 2)[2] for event in gateway.events("DISCONNECT")] == ["1009 Message too long"]


async def test_a_client_that_is_still_sending_learns_why(backend: Backend, log: Log) -> None:
    async with served(chat(default={}), backend) as gateway:
        client = await RawClient.connect(gateway)
        await client.send(masked(b"x" * 4 * 1024 * 1024), CLOSE)
        assert await client.closed() == (1009, "Message too long")
        assert await client.reader.read() == b""
        await client.leave()
    assert not log.tracebacks


async def test_a_binary_frame_is_refused_before_it_is_whole(backend: Backend) -> None:
    async with served(chat(default={}), backend) as gateway:
        client = await RawClient.connect(gateway)
        await client.send(masked(b"x" * FRAME, 2)[:100])
        assert await client.closed() == (1003, "Binary messages are not supported")
        await client.leave()


async def test_frames_that_come_with_the_handshake_are_read(backend: Backend) -> None:
    async with served(chat(default={}), backend) as gateway:
        host, port = gateway.url.removeprefix("ws://").removesuffix("/dev").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(
            b"GET /dev HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n" + masked(b"early")
        )
        await reader.readuntil(b"\r\n\r\n")
        assert (await backend.next()).body == b"early"
        writer.write(masked(b"x", 2))
        assert await RawClient(reader=reader, writer=writer).closed() == (1003, "Binary messages are not supported")
        writer.close()
        await writer.wait_closed()


async def test_a_connection_leaves_nothing_behind(backend: Backend) -> None:
    async with served(chat(default={}), backend) as gateway:
        client = await RawClient.connect(gateway)
        await client.send(masked(b"x"))
        await backend.next()
        await client.leave()
    gc.collect()
    assert not [item for item in gc.get_objects() if isinstance(item, FrameGuard)]
