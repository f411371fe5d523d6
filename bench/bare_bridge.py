"""The bare side of the WebSocket's measurement: a bridge of aiohttp, ``python -m bench.bare_bridge BACKEND``.

Posts each message to the backend with the one header that the gateway maps, and sends the answer back as a message. It
knows neither routes nor limits. Its client and its server are set up as the gateway's are.
"""

import contextlib
import sys

from aiohttp import WSMsgType, web
from yarl import URL

from bench.bare_client import bare_client
from bench.processes import serve, until_told
from bench.stacks import MAPPED_HEADER, MAPPED_VALUE


async def _serve(backend: str) -> None:
    url, headers = URL(f"{backend}/message"), {MAPPED_HEADER: MAPPED_VALUE}
    async with bare_client() as session:

        async def bridge(request: web.Request) -> web.WebSocketResponse:
            socket = web.WebSocketResponse(autoping=False, compress=False)
            await socket.prepare(request)
            with contextlib.suppress(ConnectionError):  # the load ends without a word
                async for message in socket:
                    if message.type is WSMsgType.TEXT:
                        async with session.post(url, headers=headers, data=message.data.encode()) as answer:
                            await socket.send_str(await answer.text())
            return socket

        app = web.Application()
        app.router.add_get("/", bridge)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        await until_told(f"ws://{host}:{port}/")
        await runner.cleanup()


if __name__ == "__main__":
    serve(_serve(sys.argv[1]))
