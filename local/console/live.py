"""What is pushed to the pages that are open: exchanges, connections, edits.

Each page has a queue of its own, and a page that does not keep up loses what is too much for it: neither the gateway
nor another page waits for it. What has queued up goes out as one frame, a JSON array, a few times a second at most.
"""

import asyncio
import json
from collections import deque
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from aiohttp import WSCloseCode, web

from apigateway.json_path import JsonValue

MOST_QUEUED = 500
"""Events that wait for one page."""

SECONDS_BETWEEN_FRAMES: Final = 0.05
SECONDS_BETWEEN_LOOKS: Final = 1.0
"""How often the list of connections is looked at where nothing else happens."""

CLOSE_SECONDS: Final = 1.0
"""How long a page may take to answer a close frame."""

Event: TypeAlias = Mapping[str, JsonValue]


class Page:
    """One open page."""

    def __init__(self, most: int = MOST_QUEUED) -> None:
        self._most = most
        self._queued: deque[Event] = deque()
        self._dropped = 0
        self._woken = asyncio.Event()

    def push(self, event: Event) -> None:
        """Queue an event, or count it where the queue is full."""
        if len(self._queued) < self._most:
            self._queued.append(event)
        else:
            self._dropped += 1
        self._woken.set()

    async def wait(self, seconds: float) -> None:
        """Wait until something is queued, or for so long."""
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            pass

    def take(self) -> list[Event]:
        """Take what is queued; the last event says how much was lost since the last time."""
        self._woken.clear()
        events, self._queued = list(self._queued), deque()
        if self._dropped:
            events.append({"type": "dropped", "count": self._dropped})
            self._dropped = 0
        return events


class Pages:
    """Those that are open now."""

    def __init__(self) -> None:
        self._open: set[Page] = set()
        self._sockets: set[web.WebSocketResponse] = set()

    def __len__(self) -> int:
        return len(self._open)

    def push(self, event: Event) -> None:
        """Queue an event for every page."""
        for page in self._open:
            page.push(event)

    async def serve(
        self, request: web.BaseRequest, hello: Event, connections: Callable[[], Event]
    ) -> web.WebSocketResponse:
        """Keep one page told until it goes; ``connections`` describes those that are open, and is asked often."""
        socket = web.WebSocketResponse(compress=False, heartbeat=30, timeout=CLOSE_SECONDS)
        page = Page()
        self._open.add(page)
        self._sockets.add(socket)
        try:
            await socket.prepare(request)
            page.push(hello)
            sending = asyncio.create_task(_send(socket, page, connections))
            try:
                # The page sends nothing: this ends when it goes.
                async for _ in socket:
                    pass
            finally:
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)
        finally:
            self._open.discard(page)
            self._sockets.discard(socket)
        return socket

    async def close(self) -> None:
        """Let every page go."""
        await asyncio.gather(*(socket.close(code=WSCloseCode.GOING_AWAY) for socket in tuple(self._sockets)))


async def _send(socket: web.WebSocketResponse, page: Page, connections: Callable[[], Event]) -> None:
    shown: Event | None = None
    while True:
        await page.wait(SECONDS_BETWEEN_LOOKS)
        events, now = page.take(), connections()
        if now != shown:
            events.append(now)
            shown = now
        if events:
            await socket.send_str(json.dumps(events))
        await asyncio.sleep(SECONDS_BETWEEN_FRAMES)
