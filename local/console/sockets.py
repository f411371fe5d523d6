"""A WebSocket that the page opens through the console: a page's own script could set neither headers nor their order.

The first frame says what to open (``{"api", "path", "headers", "protocols"}``); then frames go both ways, as JSON:

    page ► console    {"type": "send", "text": …} | {"type": "close"}
    page ◄ console    {"type": "open", "protocol"} | {"type": "refused", "status", "message", "headers"}
                      {"type": "message", "text"} | {"type": "closed", "code", "reason"}
"""

import asyncio
import contextlib
import json
from typing import Final

import aiohttp
from aiohttp import WSCloseCode, WSMsgType, web
from multidict import CIMultiDict

from apigateway.json_path import JsonValue
from local.console.asked import AskedError, AskedSocket, read_socket
from local.console.live import CLOSE_SECONDS
from local.console.sending import Sender

LARGEST_FRAME = 1024 * 1024
"""More than the gateway takes, so that its own limit is what one meets."""

NO_STATUS: Final = 1005
"""The code of a close frame that has none (RFC 6455 §7.1.5)."""

LOST: Final = 1006
"""The code of a connection that ended without a close frame (the same)."""


class Relays:
    """The sockets that pages have open through the console."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._open: set[web.WebSocketResponse] = set()

    async def serve(self, request: web.BaseRequest) -> web.WebSocketResponse:
        """Take the page's first frame, open what it asks for, and pass frames on until either side ends."""
        page = web.WebSocketResponse(
            compress=False, heartbeat=30, max_msg_size=4 * LARGEST_FRAME, timeout=CLOSE_SECONDS
        )
        self._open.add(page)
        try:
            await page.prepare(request)
            first = await page.receive()
            if first.type is WSMsgType.TEXT:
                await self._open_and_relay(page, first.data)
            await page.close()
        finally:
            self._open.discard(page)
        return page

    async def close(self) -> None:
        """Let every page go."""
        await asyncio.gather(*(page.close(code=WSCloseCode.GOING_AWAY) for page in tuple(self._open)))

    async def _open_and_relay(self, page: web.WebSocketResponse, asked: str) -> None:
        try:
            wanted = read_socket(asked)
            socket = await self._connect(wanted)
        except AskedError as error:
            await _tell(page, {"type": "refused", "status": None, "message": str(error), "headers": []})
        except aiohttp.WSServerHandshakeError as error:
            await _tell(
                page,
                {
                    "type": "refused",
                    "status": error.status,
                    "message": error.message,
                    "headers": [[name, value] for name, value in (error.headers or {}).items()],
                },
            )
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            message = f"the handshake was not answered: {str(error) or type(error).__name__}"
            await _tell(page, {"type": "refused", "status": None, "message": message, "headers": []})
        else:
            async with socket:
                await _tell(page, {"type": "open", "protocol": socket.protocol})
                await _relay(page, socket)

    async def _connect(self, wanted: AskedSocket) -> aiohttp.ClientWebSocketResponse:
        return await self._sender.session.ws_connect(
            self._sender.url(wanted.api, wanted.path),
            headers=CIMultiDict(wanted.headers),
            protocols=wanted.protocols,
            max_msg_size=LARGEST_FRAME,
            timeout=aiohttp.ClientWSTimeout(ws_close=CLOSE_SECONDS),
        )


async def _relay(page: web.WebSocketResponse, socket: aiohttp.ClientWebSocketResponse) -> None:
    incoming = asyncio.create_task(_pass_in(page, socket))
    try:
        await _pass_out(page, socket)
        await socket.close()
        await incoming
    finally:
        incoming.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await incoming


async def _pass_out(page: web.WebSocketResponse, socket: aiohttp.ClientWebSocketResponse) -> None:
    """Pass on what the page sends, until it goes or wants to close."""
    async for message in page:
        text = _to_send(message)
        if text is None:
            return
        with contextlib.suppress(ConnectionError):
            await socket.send_str(text)


def _to_send(message: aiohttp.WSMessage) -> str | None:
    """Return the text that the page wants to send; None for its wish to close, and for what makes no sense."""
    try:
        asked = json.loads(message.data) if message.type is WSMsgType.TEXT else None
    except (ValueError, RecursionError):
        return None
    match asked:
        case {"type": "send", "text": str() as text}:
            return text
        case _:
            return None


async def _pass_in(page: web.WebSocketResponse, socket: aiohttp.ClientWebSocketResponse) -> None:
    """Pass on what comes from the gateway, and how it ends."""
    code, reason = LOST, ""
    while True:
        message = await socket.receive()
        match message.type, message.data:
            case WSMsgType.TEXT, str() as text:
                await _tell(page, {"type": "message", "text": text})
            case WSMsgType.CLOSE, int() as given:
                code, reason = given or NO_STATUS, message.extra or ""
                break
            case WSMsgType.CLOSING, _:
                code = WSCloseCode.OK
                break
            case _:
                break
    await _tell(page, {"type": "closed", "code": int(code), "reason": reason})
    await page.close()


async def _tell(page: web.WebSocketResponse, event: dict[str, JsonValue]) -> None:
    with contextlib.suppress(ConnectionError):
        await page.send_str(json.dumps(event))
