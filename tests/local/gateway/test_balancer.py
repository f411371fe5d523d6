import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest

from local.gateway import balancer
from local.gateway.client import Outgoing
from local.gateway.upstream import Answered, Failed, TimedOut, Upstream
from local.topology.calls import PrivateCall, Reached
from tests.local.gateway.backend import Backend, Received, response
from tests.local.gateway.conftest import Log, Serve
from tests.local.gateway.rest.apis import answering, api, custom, proxy, served
from tests.local.recordings import program

NETWORK = Reached(backend="shop")
APPLICATION = replace(NETWORK, idle_timeout=60)
HEADERS = (("Server", "awselb/2.0"), ("Content-Type", "text/html"))
REQUEST = Outgoing(method="GET", target="/", headers=(("Host", "shop"),), body=None, timeout=5)


def page(title: str) -> bytes:
    return (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n</body>\r\n"
        "</html>\r\n"
    ).encode()


@pytest.fixture
async def upstream(backend: Backend) -> AsyncIterator[Upstream]:
    made = Upstream("http://127.0.0.1:9", {"shop": backend.url})
    yield made
    await made.close()


def silent(backend: Backend) -> None:
    """Let the backend take requests and answer none."""

    async def wait(_: Received) -> None:
        await asyncio.Event().wait()

    backend.on_request = wait


async def test_a_target_that_refuses_the_connection(upstream: Upstream, backend: Backend) -> None:
    await backend.stop()
    through = await balancer.send(upstream, APPLICATION, REQUEST)
    assert isinstance(through.outcome, Answered)
    assert (through.outcome.status, through.outcome.body) == (502, page("502 Bad Gateway"))
    assert through.outcome.headers == (*HEADERS, ("Content-Length", str(len(page("502 Bad Gateway")))))
    assert through.reason == f"the application load balancer answers for its target: nothing listens at {backend.url}"
    assert await balancer.send(upstream, NETWORK, REQUEST) == balancer.BalancedOutcome(
        outcome=Failed(reason=f"nothing listens at {backend.url}")
    )


async def test_a_target_group_that_is_empty() -> None:
    upstream = Upstream("http://127.0.0.1:9", {"shop": "none"})
    through = await balancer.send(upstream, APPLICATION, REQUEST)
    assert isinstance(through.outcome, Answered)
    assert (through.outcome.status, through.outcome.body) == (503, page("503 Service Temporarily Unavailable"))
    reason = 'the target group of backend "shop" is empty'
    assert through.reason == f"the application load balancer answers for its target: {reason}"
    assert await balancer.send(upstream, NETWORK, REQUEST) == balancer.BalancedOutcome(
        outcome=Failed(reason=reason, has_target=False)
    )
    await upstream.close()


@pytest.mark.parametrize(
    "rubbish", [b"no http at all\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", b""]
)
async def test_a_target_that_answers_rubbish(rubbish: bytes, upstream: Upstream, backend: Backend) -> None:
    async def break_off(_: Received) -> None:
        for writer in list(backend.writers):
            writer.write(rubbish)
            writer.close()

    backend.on_request = break_off
    through = await balancer.send(upstream, APPLICATION, REQUEST)
    assert isinstance(through.outcome, Answered)
    assert through.outcome.status == 502
    assert isinstance((await balancer.send(upstream, NETWORK, REQUEST)).outcome, Failed)


async def test_a_target_that_is_silent_for_too_long(upstream: Upstream, backend: Backend) -> None:
    silent(backend)
    through = await balancer.send(upstream, replace(APPLICATION, idle_timeout=0.05), REQUEST)
    assert isinstance(through.outcome, Answered)
    assert (through.outcome.status, through.outcome.body) == (504, page("504 Gateway Time-out"))
    assert through.reason == (
        "the application load balancer answers for its target: the backend did not answer within 0.05 s"
    )


async def test_the_integrations_own_timeout_may_come_first(upstream: Upstream, backend: Backend) -> None:
    silent(backend)
    request = replace(REQUEST, timeout=0.05)
    for reach in (APPLICATION, NETWORK):
        assert await balancer.send(upstream, reach, request) == balancer.BalancedOutcome(outcome=TimedOut(seconds=0.05))


async def test_an_answer_beyond_api_gateways_limit_is_no_fault_of_the_target(
    upstream: Upstream, backend: Backend
) -> None:
    backend.answers.append(response(200, body=b"x" * (10 * 1024 * 1024 + 1)))
    through = await balancer.send(upstream, APPLICATION, REQUEST)
    assert isinstance(through.outcome, Failed)
    assert through.reason is None


async def test_a_stream_that_has_begun_is_not_answered_twice(upstream: Upstream, backend: Backend) -> None:
    heads = []

    async def pass_on(head: Answered, chunks: AsyncIterator[bytes]) -> None:
        heads.append(head.status)
        async for _ in chunks:
            pass

    backend.answers.append(response(200, ("Content-Length", "9"), body=b"short"))
    waiting = asyncio.ensure_future(balancer.send(upstream, APPLICATION, REQUEST, pass_on))
    await backend.next()
    await backend.stop()
    assert isinstance((await waiting).outcome, Failed)
    assert heads == [200]


async def test_the_page_of_a_balancer_is_an_answer_for_an_http_api(
    serve: Serve, backend: Backend, client: aiohttp.ClientSession, log: Log
) -> None:
    made = program()
    made.http_route(
        made.http_api(),
        "$default",
        responseParameters=[{"statusCode": "502", "mappings": {"overwrite:header.retry-after": "5"}}],
    )
    gateway = await serve(made)
    await backend.stop()
    async with client.get(gateway.endpoints.apis["orders"].endpoint) as answer:
        assert (answer.status, await answer.read()) == (502, page("502 Bad Gateway"))
        assert (answer.headers["Server"], answer.headers["Retry-After"]) == ("awselb/2.0", "5")
    assert re.fullmatch(
        r"orders GET / -> \$default: 502 from orders in \d+ ms: the application load balancer answers for its target: "
        rf"nothing listens at {re.escape(backend.url)}",
        log.lines[-1],
    )


@pytest.mark.parametrize("streams", [False, True])
async def test_the_page_of_a_balancer_is_an_answer_for_a_rest_api(streams: bool, backend: Backend) -> None:
    call = PrivateCall(uri="http://shop.internal/orders", reach=APPLICATION, stage_in_path=True)
    await backend.stop()
    async with served(api(replace(proxy(call, {}), streams=streams)), backend) as client:
        answer, body = await client.send()
    assert (answer.status, body) == (502, page("502 Bad Gateway"))
    assert answer.headers["x-amzn-Remapped-Server"] == "awselb/2.0"
    assert "x-amzn-ErrorType" not in answer.headers


async def test_an_integration_response_may_take_the_page_of_a_balancer(backend: Backend) -> None:
    call = PrivateCall(uri="http://shop.internal/orders", reach=APPLICATION, stage_in_path=True)
    responses = (answering(200), answering(503, r"5\d\d", None, {"application/json": '{"error": "later"}'}))
    await backend.stop()
    async with served(api(replace(custom(*responses), call=call)), backend) as client:
        answer, body = await client.send("POST")
    assert (answer.status, body) == (503, b'{"error": "later"}')
