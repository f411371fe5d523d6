"""The built-in backend: answers with the request that reached it, for a developer to look at."""

import json
import logging
from dataclasses import dataclass

from aiohttp import web

from apigateway.mapping.data import Pairs
from local.gateway.headers import parse_query, read_pairs
from local.gateway.listening import Listening, listen

log = logging.getLogger(__name__)

SECRET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization"})
"""Answered, but not logged."""


MOST_SHOWN = 1000
"""Characters of a body that the log shows."""


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
    log.info("echo got %s %s headers: %s body: %s", request.method, request.raw_path, _line(headers), _cut(body))
    return web.json_response(
        {
            "method": request.method,
            "path": path,
            "query": [list(pair) for pair in parse_query(query)],
            "headers": [list(pair) for pair in headers],
            "body": body,
        }
    )


def _cut(body: str) -> str:
    more = f" … ({len(body)} characters)" if len(body) > MOST_SHOWN else ""
    return json.dumps(body[:MOST_SHOWN]) + more


def _line(headers: Pairs) -> str:
    shown = [(name, "…" if name.lower() in SECRET_HEADERS else value) for name, value in headers]
    return json.dumps(dict(shown)) if len({name for name, _ in shown}) == len(shown) else json.dumps(shown)
