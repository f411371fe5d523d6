"""What a client, a backend and a connection leave behind: nothing, however they end and however often."""

import asyncio
import gc
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from local.recording import Json
from tests.local.gateway.backend import Backend, response
from tests.local.gateway.websocket.apis import RawClient, Served, chat, masked
from tests.local.gateway.websocket.apis import served as websocket_served
from tests.local.gateway.wire import (
    KINDS,
    SECONDS,
    check_log,
    hanging,
    parsed,
    reset,
    resetting,
    saying,
    serving,
    until,
    wild,
)
from tests.local.gateway.wire import Served as HttpServed

Cycle = Callable[[], Awaitable[None]]

WARM_UP = 20
CYCLES = 100
OURS = ("local", "aiohttp", "asyncio", "_asyncio", "multidict")
IDS: dict[str, Json] = {"requestParameters": {"integration.request.header.ConnectionId": "context.connectionId"}}


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    check_log(caplog)


def handles() -> int:
    return len(list(Path("/dev/fd").iterdir()))


def objects() -> Counter[str]:
    """Count what is alive of the types of the gateway and of the libraries it stands on.

    A timer that is cancelled stays in the loop until many others are, too.
    """
    gc.collect()
    cancelled = (item for item in gc.get_objects() if isinstance(item, asyncio.TimerHandle) and item.cancelled())
    types = Counter(map(type, gc.get_objects())) - Counter(map(type, cancelled))
    return Counter(
        {f"{kind.__module__}.{kind.__qualname__}": number for kind, number in types.items() if _is_ours(kind)}
    )


def _is_ours(kind: type) -> bool:
    return str(kind.__module__).partition(".")[0] in OURS


async def check(cycle: Cycle, forget: Callable[[], None]) -> None:
    """Run a cycle so often that whatever stays behind each time is seen."""
    for _ in range(WARM_UP):
        await cycle()
    forget()
    await asyncio.sleep(0)
    opened, running, alive = handles(), len(asyncio.all_tasks()), objects()
    for _ in range(CYCLES):
        await cycle()
    forget()
    await until(lambda: handles() <= opened and len(asyncio.all_tasks()) <= running)
    grown = objects() - alive
    assert {kind: number for kind, number in grown.items() if number >= CYCLES // 4} == {}


async def whole(api: HttpServed) -> None:
    assert (await api.get())[0] in {200, 500, 502, 503, 504}


async def broken_off_in_the_head(api: HttpServed) -> None:
    _, writer = await api.connect()
    writer.write(b"GET /x HTTP/1.1\r\nHost")
    await writer.drain()
    reset(writer)


async def broken_off_in_the_body(api: HttpServed) -> None:
    _, writer = await api.connect()
    writer.write(api.request("POST", body=b"x" * 1000)[:-1])
    await writer.drain()
    reset(writer)


async def broken_off_in_the_answer(api: HttpServed) -> None:
    told = len(api.exchanges)
    _, writer = await api.connect()
    writer.write(api.request("GET"))
    await writer.drain()
    reset(writer)
    await until(lambda: len(api.exchanges) > told)


async def no_http(api: HttpServed) -> None:
    assert parsed(await api.send(b"\xff\r\n\r\n"))[0] == 400


async def no_chunk(api: HttpServed) -> None:
    reader, writer = await api.connect()
    writer.write(api.request("POST", "", "Transfer-Encoding: chunked") + b"1\r\na\r\n")
    await writer.drain()
    writer.write(b"ZZ\r\n")
    assert parsed(await asyncio.wait_for(reader.read(), SECONDS))[0] == 400
    writer.close()


@pytest.mark.parametrize(
    "once",
    [whole, broken_off_in_the_head, broken_off_in_the_body, broken_off_in_the_answer, no_http, no_chunk],
    ids=lambda once: once.__name__,
)
@pytest.mark.parametrize("kind", KINDS)
async def test_clients_of_http_and_rest_apis(
    kind: str, once: Callable[[HttpServed], Awaitable[None]], backend: Backend
) -> None:
    async with serving(kind, backend.url) as api:

        async def cycle() -> None:
            await once(api)
            while not backend.received.empty():
                backend.received.get_nowait()

        await check(cycle, api.exchanges.clear)


@pytest.mark.parametrize(
    ("act", "timeout"),
    [
        pytest.param(saying(), 10, id="closes"),
        pytest.param(resetting, 10, id="resets"),
        pytest.param(saying(b"garbage\r\n\r\n"), 10, id="no HTTP"),
        pytest.param(saying(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"), 10, id="half a body"),
        pytest.param(hanging, 0.001, id="hangs"),
    ],
)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.startswith("REST")])
async def test_backends_that_break(kind: str, act: Callable[..., Awaitable[None]], timeout: float) -> None:  # noqa: ASYNC109
    async with wild(act) as backend, serving(kind, backend.url, timeout) as api:

        async def cycle() -> None:
            await whole(api)
            await asyncio.wait_for(backend.gone.get(), SECONDS)
            while not backend.gone.empty():
                backend.gone.get_nowait()
            backend.heads.clear()

        await check(cycle, api.exchanges.clear)


@asynccontextmanager
async def serving_chat(backend: Backend) -> AsyncIterator[Served]:
    """Serve a WebSocket API; nothing that it tells is kept."""
    made = chat(connect=IDS, default=IDS, disconnect=IDS)
    async with websocket_served(made, backend) as gateway:
        yield gateway


async def said_goodbye(gateway: Served, backend: Backend) -> None:
    backend.answers.extend([response(), response(200, body=b"{}")])
    client = await RawClient.connect(gateway)
    await client.send(masked(b'{"a":1}'))
    assert await client.receive() == (1, b"{}")
    await client.send(masked(b"\x03\xe8", 8))
    assert (await client.closed())[0] == 1000
    await client.leave()


async def vanished(gateway: Served, _backend: Backend) -> None:
    client = await RawClient.connect(gateway)
    await client.send(masked(b'{"a":1}'), masked(b'{"a":1}')[:5])
    reset(client.writer)


async def vanished_in_the_handshake(gateway: Served, _backend: Backend) -> None:
    told = len(gateway.events("DISCONNECT"))
    host, _, port = gateway.url.removeprefix("ws://").removesuffix("/dev").partition(":")
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(
        b"GET /dev HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n"
    )
    await writer.drain()
    reset(writer)
    await until(lambda: len(gateway.events("DISCONNECT")) > told)


async def broke_a_rule(gateway: Served, _backend: Backend) -> None:
    client = await RawClient.connect(gateway)
    await client.send(masked(b"\xff"))
    assert (await client.closed())[0] == 1007
    await client.leave()


async def was_posted_to_and_deleted(gateway: Served, backend: Backend) -> None:
    client = await RawClient.connect(gateway)
    url = f"{gateway.connections_url}/@connections/{(await backend.next()).header('ConnectionId')}"
    async with gateway.session.post(url, data=b"hello") as answer:
        assert answer.status == 200
    assert await client.receive() == (1, b"hello")

    async def delete() -> int:
        async with gateway.session.delete(url) as answer:
            return answer.status

    deleting = asyncio.create_task(delete())
    assert (await client.closed())[0] == 1000
    await client.send(masked(b"\x03\xe8", 8))
    assert await deleting == 204
    client.writer.close()


async def was_refused(gateway: Served, backend: Backend) -> None:
    backend.answers.append(response(403))
    assert (await gateway.refused())[0] == 403


@pytest.mark.parametrize(
    "once",
    [said_goodbye, vanished, vanished_in_the_handshake, broke_a_rule, was_posted_to_and_deleted, was_refused],
    ids=lambda once: once.__name__,
)
async def test_clients_of_websocket_apis(once: Callable[[Served, Backend], Awaitable[None]], backend: Backend) -> None:
    async with serving_chat(backend) as gateway:

        async def cycle() -> None:
            await once(gateway, backend)
            await until(lambda: not gateway.gateway.connections)
            await until(
                lambda: len(gateway.events("DISCONNECT")) == len(gateway.events("CONNECT")) or once is was_refused
            )
            gateway.exchanges.clear()
            while not backend.received.empty():
                backend.received.get_nowait()

        await check(cycle, gateway.exchanges.clear)


async def test_an_idle_pool_and_a_stopped_gateway_leave_nothing(backend: Backend) -> None:
    async def cycle() -> None:
        async with AsyncExitStack() as stack:
            for kind in KINDS:
                api = await stack.enter_async_context(serving(kind, backend.url))
                await whole(api)
            gateway = await stack.enter_async_context(serving_chat(backend))
            async with aiohttp.ClientSession() as session:
                await session.ws_connect(gateway.url)
        while not backend.received.empty():
            backend.received.get_nowait()

    for _ in range(2):
        await cycle()
    await asyncio.sleep(0)
    opened, running, alive = handles(), len(asyncio.all_tasks()), objects()
    for _ in range(10):
        await cycle()
    await until(lambda: handles() <= opened and len(asyncio.all_tasks()) <= running)
    grown = objects() - alive
    assert {kind: number for kind, number in grown.items() if number >= 10} == {}
