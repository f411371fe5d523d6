"""The built-in backend: answers with the request that reached it, for a developer to look at."""

from dataclasses import dataclass

from aiohttp import web

from local.gateway.headers import parse_query, read_pairs
from local.gateway.listening import Listening, listen


@dataclass(frozen=True, slots=True, kw_only=True)
class Echo:
    """A running echo."""

    listening: Listening

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{self.listening.authority}"

    async def stop(self) -> None:
        """Close its port."""
        await self.listening.stop()


async def start_echo(host: str) -> Echo:
    """Serve the echo on a free port."""
    return Echo(listening=await listen(answer, host, 0, "the built-in echo"))


async def answer(request: web.BaseRequest) -> web.StreamResponse:
    """Answer with method, path, query, headers and body, everything in the order and case in which it arrived."""
    path, _, query = request.raw_path.partition("?")
    headers = read_pairs(request.raw_headers)
    body = (await request.read()).decode("utf-8", "replace")
    return web.json_response(
        {
            "method": request.method,
            "path": path,
            "query": [list(pair) for pair in parse_query(query)],
            "headers": [list(pair) for pair in headers],
            "body": body,
        }
    )
