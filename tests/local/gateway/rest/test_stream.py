import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import aiohttp
import pytest

from apigateway import limits
from local.gateway.client import Outgoing
from local.gateway.upstream import Answered, Outcome, PassOn, Upstream
from local.topology import RestApi
from local.topology.calls import PublicCall
from tests.local.gateway.backend import Backend, response
from tests.local.gateway.conftest import Log
from tests.local.gateway.rest.apis import api, private, proxy, served


def streaming(backend: Backend, *, public: bool = False, timeout: float = 5) -> RestApi:
    call = PublicCall(uri=f"{backend.url}/") if public else private()
    made = api(replace(proxy(call), streams=True, timeout=timeout))
    return replace(made, minimum_compression_size=0)


@dataclass
class Pieces:
    """A backend that sends the next piece of a chunked answer when a test says so; None breaks the answer off."""

    url: str = ""
    pieces: asyncio.Queue[bytes | None] = field(default_factory=asyncio.Queue)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 201 Created\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        while (piece := await self.pieces.get()) is not None:
            writer.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        writer.close()


@asynccontextmanager
async def pieces() -> AsyncIterator[Pieces]:
    made = Pieces()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield made
    await made.pieces.put(None)
    server.close()
    await server.wait_closed()


async def test_an_answer_goes_on_as_it_comes() -> None:
    async with pieces() as backend, served(api(replace(proxy(), streams=True)), backend.url) as client:
        await backend.pieces.put(b"one")
        async with aiohttp.ClientSession() as session, session.get(f"{client.base}/dev/x") as answer:
            assert (answer.status, await answer.content.readany()) == (201, b"one")
            await backend.pieces.put(b"two")
            assert await answer.content.readany() == b"two"
            await backend.pieces.put(b"")
            assert await answer.content.read() == b""
        assert answer.headers["Content-Type"] == "text/event-stream"
        assert answer.headers["Transfer-Encoding"] == "chunked"
        assert {"x-amzn-RequestId", "x-amz-apigw-id"} <= set(answer.headers)
        assert "X-Amzn-Trace-Id" not in answer.headers


@pytest.mark.parametrize("public", [False, True])
async def test_it_may_be_larger_than_others_and_is_not_compressed(public: bool, backend: Backend) -> None:
    body = b"x" * (limits.HTTP_PAYLOAD_BYTES + 1)
    backend.answers.append(response(200, ("Server", "nginx"), body=body))
    async with served(streaming(backend, public=public), backend) as client:
        answer, got = await client.send(headers={"Accept-Encoding": "gzip"})
    assert (answer.status, got == body) == (200, True)
    assert answer.headers["Content-Length"] == str(len(body))
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["x-amzn-Remapped-Server"] == "nginx"
    assert "Content-Type" not in answer.headers


async def test_an_answer_that_breaks_off_is_seen_to(log: Log) -> None:
    async with pieces() as backend, served(api(replace(proxy(), streams=True)), backend.url) as client:
        await backend.pieces.put(b"one")
        async with aiohttp.ClientSession() as session, session.get(f"{client.base}/dev/x") as answer:
            assert await answer.content.readany() == b"one"
            await backend.pieces.put(None)
            with pytest.raises(aiohttp.ClientError):
                await answer.read()
    assert "shop GET /dev/x -> ANY /{proxy+}: 201 from shop in" in log.lines[-1]
    assert f'apis.shop.routes["ANY /{{proxy+}}"].integration: the backend at {backend.url} failed: ' in log.lines[-1]


async def test_an_answer_that_takes_too_long_is_cut(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    late = asyncio.Event()
    send = Upstream.send

    async def send_until_late(self: Upstream, backend: str, request: Outgoing, passes: PassOn) -> Outcome:
        async def pass_on_until_late(head: Answered, chunks: AsyncIterator[bytes]) -> None:
            async def first_chunk() -> AsyncIterator[bytes]:
                yield await anext(chunks)
                await late.wait()
                raise TimeoutError  # as the client library does in the midst of an answer

            await passes(head, first_chunk())

        return await send(self, backend, request, pass_on_until_late)

    monkeypatch.setattr(Upstream, "send", send_until_late)
    async with pieces() as backend, served(api(replace(proxy(), streams=True)), backend.url) as client:
        await backend.pieces.put(b"one")
        async with aiohttp.ClientSession() as session, session.get(f"{client.base}/dev/x") as answer:
            assert await answer.content.readany() == b"one"
            late.set()
            with pytest.raises(aiohttp.ClientError):
                await answer.read()
    assert log.lines[-1].endswith("the backend did not answer within 5 s")


async def test_a_fault_before_the_answer_is_a_gateway_response(log: Log) -> None:
    async with served(api(replace(proxy(), streams=True))) as client:
        answer, body = await client.send()
    assert (answer.status, json.loads(body)) == (500, {"message": "Internal server error"})
    assert log.lines[-1].endswith("nothing listens at http://127.0.0.1:9")


async def test_an_answer_to_head_has_no_body(backend: Backend) -> None:
    backend.answers.append(response(200, ("Content-Length", "42")))
    async with served(streaming(backend), backend) as client:
        answer, body = await client.send("HEAD")
    assert (answer.headers["Content-Length"], body) == ("42", b"")


async def test_a_client_that_goes_away(log: Log) -> None:
    async with pieces() as backend, served(api(replace(proxy(), streams=True)), backend.url) as client:
        async with aiohttp.ClientSession() as session:
            answer = await session.get(f"{client.base}/dev/x")
            answer.close()
        while not log.lines:
            await backend.pieces.put(b"more")
            await asyncio.sleep(0)
    assert log.lines[-1].endswith("ms: the client went away")
