"""WebSockets that the page opens through the console."""

import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.local.console.conftest import Show, Shown
from tests.local.gateway.backend import response


@contextlib.asynccontextmanager
async def box(shown: Shown, **asked: object) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    async with shown.client.ws_connect(f"{shown.console.url}/api/sockets") as page:
        await page.send_str(json.dumps(asked))
        yield page


async def heard(page: aiohttp.ClientWebSocketResponse) -> Any:  # noqa: ANN401 - JSON
    return await page.receive_json(timeout=5)


async def test_frames_go_both_ways(show: Show) -> None:
    shown = await show()
    shown.backend.answers.extend([response(), response(body=b"pong")])
    async with box(shown, api="chat", path="/dev?authToken=t1", headers=[["Tenant", "acme"]]) as page:
        assert await heard(page) == {"type": "open", "protocol": None}
        connect = await shown.backend.next()
        assert (connect.target, connect.header("auth")) == ("/connect", "t1")
        await page.send_str('{"type": "send", "text": "{\\"action\\": \\"say\\"}"}')
        assert await heard(page) == {"type": "message", "text": "pong"}
        await page.send_str('{"type": "close"}')
        assert await heard(page) == {"type": "closed", "code": 1000, "reason": ""}
        assert (await page.receive(timeout=5)).type is aiohttp.WSMsgType.CLOSE


async def test_a_sub_protocol_is_offered_and_chosen(show: Show) -> None:
    shown = await show()
    shown.backend.answers.append(response(200, ("Sec-WebSocket-Protocol", "v2")))
    async with box(shown, api="chat", path="/dev", protocols=["v1", "v2"]) as page:
        assert await heard(page) == {"type": "open", "protocol": "v2"}


async def test_a_refused_handshake_is_told(show: Show) -> None:
    shown = await show()
    shown.backend.answers.append(response(401))
    async with box(shown, api="chat", path="/dev") as page:
        refused = await heard(page)
        assert (refused["type"], refused["status"]) == ("refused", 401)
        assert (await page.receive(timeout=5)).type is aiohttp.WSMsgType.CLOSE


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"api": "pets", "path": "/dev"}, 'no API "pets"; the APIs: orders, chat'),
        ({"api": "chat"}, "path must be a text, got null"),
    ],
)
async def test_what_cannot_be_opened_is_told(show: Show, asked: dict[str, Any], message: str) -> None:
    async with box(await show(), **asked) as page:
        refused = await heard(page)
        assert (refused["type"], refused["status"]) == ("refused", None)
        assert refused["message"].startswith(message)


async def test_how_the_gateway_closes_is_told(show: Show) -> None:
    shown = await show()
    async with box(shown, api="chat", path="/dev") as page:
        assert (await heard(page))["type"] == "open"
        await shown.gateway.stop()
        assert await heard(page) == {"type": "closed", "code": 1001, "reason": "Going away"}


@pytest.mark.parametrize("text", ["", "[", "7", '{"type": "send"}', '{"type": "send", "text": 7}'])
async def test_a_page_that_makes_no_sense_is_let_go(show: Show, text: str) -> None:
    shown = await show()
    async with box(shown, api="chat", path="/dev") as page:
        assert (await heard(page))["type"] == "open"
        await page.send_str(text)
        assert (await heard(page))["type"] == "closed"


async def test_a_page_that_goes_takes_its_connection_along(show: Show) -> None:
    shown = await show()
    async with shown.client.ws_connect(f"{shown.console.url}/api/live") as live:
        async with box(shown, api="chat", path="/dev") as page:
            assert (await heard(page))["type"] == "open"
        events: list[dict[str, Any]] = []
        while not any(event.get("event", "").startswith("DISCONNECT") for event in events):
            events.extend(await live.receive_json(timeout=5))
    assert shown.gateway.connections == ()
