"""The bare side of the gateway's measurement: a reverse proxy of aiohttp, ``python -m bench.bare_proxy BACKEND``.

Passes requests and answers on whole, adds the one header that the gateway maps, and knows nothing else. Its client
and its server are set up as the gateway's are.
"""

import sys
from typing import Final

from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from bench.bare_client import bare_client
from bench.processes import serve, until_told
from bench.stacks import MAPPED_HEADER, MAPPED_VALUE

HOP_BY_HOP: Final = frozenset({"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"})


async def _serve(backend: str) -> None:
    async with bare_client() as session:

        async def forward(request: web.Request) -> web.Response:
            headers = CIMultiDict((k, v) for k, v in request.headers.items() if k.lower() not in HOP_BY_HOP)
            headers[MAPPED_HEADER] = MAPPED_VALUE
            async with session.request(
                request.method,
                URL(backend + request.raw_path, encoded=True),
                headers=headers,
                data=await request.read() or None,
                allow_redirects=False,
            ) as answer:
                kept = CIMultiDict((k, v) for k, v in answer.headers.items() if k.lower() not in HOP_BY_HOP)
                return web.Response(status=answer.status, headers=kept, body=await answer.read())

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", forward)
        runner = web.AppRunner(app, access_log=None, auto_decompress=False)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        await until_told(f"http://{host}:{port}")
        await runner.cleanup()


if __name__ == "__main__":
    serve(_serve(sys.argv[1]))
