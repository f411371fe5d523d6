"""Sends what the page asks for through the front door: to the port of an API, as any client would."""

import io
from collections.abc import Callable
from time import perf_counter
from typing import TypedDict
from urllib.parse import urlsplit

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from local.console.asked import AskedError, AskedRequest
from local.console.describe import BodyJson, body_json
from local.gateway.endpoints import Endpoints
from local.gateway.headers import read_pairs

SECONDS = 60.0
"""Beyond what an integration of any API may take."""

LARGEST_HEADER = 128 * 1024
LARGE_BODY = 1024 * 1024
"""aiohttp wants a greater body as a stream."""

AUTOMATIC_HEADERS = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")
"""What aiohttp would add of its own accord."""


class ResponseJson(TypedDict):
    """What came back."""

    status: int
    reason: str
    headers: list[list[str]]
    body: BodyJson
    milliseconds: float


class Sender:
    """A client of the gateway."""

    def __init__(self, endpoints: Callable[[], Endpoints]) -> None:
        self._endpoints = endpoints
        self.session = aiohttp.ClientSession(
            auto_decompress=True,
            cookie_jar=aiohttp.DummyCookieJar(),
            max_field_size=LARGEST_HEADER,
            max_line_size=LARGEST_HEADER,
            skip_auto_headers=AUTOMATIC_HEADERS,
            timeout=aiohttp.ClientTimeout(total=SECONDS),
        )

    def url(self, api: str, path: str, scheme: str = "http") -> URL:
        """Return the address of a path of an API; the path begins with the stage. Raises AskedError."""
        apis = self._endpoints().apis
        if api not in apis:
            raise AskedError(f'no API "{api}"; the APIs: {", ".join(apis) or "none"}')
        return URL(f"{scheme}://{urlsplit(apis[api].endpoint).netloc}{path}", encoded=True)

    async def send(self, asked: AskedRequest) -> ResponseJson:
        """Send a request. Raises AskedError where it cannot be sent, or is not answered."""
        url = self.url(asked.api, asked.path)
        body = asked.body.encode()
        begun = perf_counter()
        try:
            async with self.session.request(
                asked.method,
                url,
                headers=CIMultiDict(asked.headers),
                data=io.BytesIO(body) if len(body) > LARGE_BODY else body or None,
                allow_redirects=False,
            ) as response:
                answered = await response.read()
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise AskedError(f"the request was not answered: {str(error) or type(error).__name__}") from None
        return {
            "status": response.status,
            "reason": response.reason or "",
            "headers": [[name, value] for name, value in read_pairs(response.raw_headers)],
            "body": body_json(answered),
            "milliseconds": round((perf_counter() - begun) * 1000, 2),
        }

    async def close(self) -> None:
        """Close the client."""
        await self.session.close()
