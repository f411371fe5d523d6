"""Writes the picture of the console that README opens with: ``python -m tests.local.console.screenshot FILE [dark]``.

It serves the dev stack, lets some clients call it, and looks at one of the requests.
"""

import asyncio
import sys
from pathlib import Path

import aiohttp

from local.console.server import Console
from local.gateway.server import Gateway
from local.picture import draw
from local.recorder import record
from local.topology.reading import build_topology
from tests.local.console.browser import browse, find_browser
from tests.local.gateway.backend import Backend, response
from tests.programs import stack_config

JSON = ("Content-Type", "application/json")


async def call_apis(gateway: Gateway, chat: Backend, orders: Backend) -> None:
    """Send what makes a lively list."""
    apis = gateway.endpoints.apis
    chat.answers.extend([response(), response(200, JSON, body=b'{"delivered": 3}'), response()])
    orders.answers.extend(
        [
            response(200, JSON, body=b'[{"id": 7, "state": "packed"}, {"id": 8, "state": "open"}]'),
            response(201, JSON, body=b'{"id": 9}'),
            response(200, JSON, body=b'{"id": 7, "state": "packed"}'),
            response(404, JSON, body=b'{"error": "unknown order"}'),
            response(204),
        ]
    )
    async with (
        aiohttp.ClientSession(base_url=apis["orders"].endpoint) as client,
        client.ws_connect(f"{apis['chat'].endpoint}?authToken=t1", headers={"User-Agent": "phone/4.2"}) as socket,
    ):
        for method, path in (
            ("GET", "/orders?state=open"),
            ("POST", "/orders"),
            ("GET", "/orders/7"),
            ("GET", "/orders/99"),
            ("DELETE", "/orders/8"),
        ):
            body = {"article": "tea", "count": 2} if method == "POST" else None
            async with client.request(method, path, json=body, headers={"Authorization": "Bearer t1"}) as answer:
                await answer.read()
        await socket.send_json({"action": "sendMessage", "tenant": "acme", "text": "Is order 7 on its way?"})
        await socket.receive_json(timeout=5)
        await socket.send_json({"action": "typing"})
        for _ in ("$connect", "sendMessage", "$default"):
            await chat.next()
        await socket.ping()
        await chat.stop()
        await socket.send_json({"action": "sendMessage", "text": "Hello?"})
        await socket.receive(timeout=5)
        await orders.stop()
        async with client.get("/orders/7") as answer:
            await answer.read()


async def take(*, dark: bool) -> bytes:
    """Serve, call, look, and return the picture."""
    browser = find_browser()
    if browser is None:
        sys.exit("no Chromium on PATH")
    recording = record(stack_config("dev"))
    chat, orders = await Backend().start(), await Backend().start()
    topology = build_topology(recording)
    gateway = Gateway(topology, {"chat": chat.url, "orders": orders.url}, first_port=0)
    console = Console(gateway, lambda: draw(recording, topology, "svg"))
    await gateway.start()
    await console.start("127.0.0.1", 0)
    try:
        await call_apis(gateway, chat, orders)
        async with browse(browser) as page:
            await page.open(console.url, width=1440, height=900, dark=dark)
            await page.until("document.querySelectorAll('.row').length >= 9 && document.querySelector('.tally')")
            await page.click(".row:has(.route):nth-last-child(7)")
            await page.until("document.querySelector('.mappings')")
            picture = await page.picture()
            for problem in page.problems:
                sys.stderr.write(f"{problem}\n")
        return picture
    finally:
        await console.stop()
        await gateway.stop()


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(asyncio.run(take(dark="dark" in sys.argv[2:])))
