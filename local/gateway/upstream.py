"""One outgoing request to a backend: sent exactly as it was built, answered with a typed result."""

import errno
import io
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeAlias
from urllib.parse import urlsplit

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from apigateway import limits
from apigateway.errors import GatewayError
from apigateway.mapping.data import Pairs
from local.gateway.headers import read_pairs, safe_value

AUTOMATIC_HEADERS = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")
"""What aiohttp would add of its own accord."""

GREATEST_HEADER_LINE = 128 * 1024
LARGE_BODY = 1024 * 1024
"""aiohttp wants a greater body as a stream."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A request for a backend."""

    method: str
    target: str
    """Path and query, escaped; begins with ``/``."""
    headers: Pairs
    """In the order in which they are sent; ``Host`` always goes first."""
    body: bytes | None
    timeout: float
    """Seconds for the whole exchange."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The backend answered, with whatever status."""

    status: int
    headers: Pairs
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedOut:
    """The backend did not answer in time."""

    seconds: float

    @property
    def reason(self) -> str:
        """Say what happened."""
        return f"the backend did not answer within {self.seconds:g} s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The backend could not be reached, or did not answer in HTTP."""

    reason: str


Outcome: TypeAlias = Answered | TimedOut | Failed


class Upstream:
    """Sends requests to backends over one pool of connections.

    Locally a backend's process is reached over plain HTTP, whatever its listener speaks on AWS; an ``https://`` URL
    given for it is respected. A backend without a URL of its own is answered by the echo.
    """

    def __init__(self, echo: str, urls: Mapping[str, str]) -> None:
        self._echo = echo
        self._urls = {name: url.rstrip("/") for name, url in urls.items()}
        self._session = aiohttp.ClientSession(
            auto_decompress=False,
            connector=aiohttp.TCPConnector(limit=0),
            cookie_jar=aiohttp.DummyCookieJar(),
            max_field_size=GREATEST_HEADER_LINE,
            max_line_size=GREATEST_HEADER_LINE,
            skip_auto_headers=AUTOMATIC_HEADERS,
        )

    async def send(self, backend: str, request: Outgoing) -> Outcome:
        """Send one request; a fault of the backend is a result, not an exception."""
        base = self._urls.get(backend, self._echo)
        # The client library drops a repeated header whose name comes in another case, so the first spelling counts.
        spelled: dict[str, str] = {}
        headers = CIMultiDict(
            (spelled.setdefault(name.lower(), name), safe_value(value)) for name, value in request.headers
        )
        body = io.BytesIO(request.body) if request.body and len(request.body) > LARGE_BODY else request.body
        try:
            async with self._session.request(
                request.method,
                URL(base + request.target, encoded=True),
                headers=headers,
                data=body,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=request.timeout),
            ) as response:
                return await _read(response)
        except TimeoutError:
            return TimedOut(seconds=request.timeout)
        except aiohttp.ClientConnectorError as error:
            refused = error.errno == errno.ECONNREFUSED
            return Failed(reason=f"nothing listens at {base}" if refused else f"{base} cannot be reached: {error}")
        except (aiohttp.ClientError, ValueError) as error:
            return Failed(reason=f"the backend at {base} failed: {str(error) or type(error).__name__}")

    async def close(self) -> None:
        """Close the pool."""
        await self._session.close()


async def _read(response: aiohttp.ClientResponse) -> Outcome:
    if response.status < HTTPStatus.OK:
        response.close()
        return Failed(reason=f"the backend answered {response.status}, which is no answer")
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > limits.HTTP_PAYLOAD_BYTES:
            response.close()
            return Failed(reason=f"the backend's answer is larger than {limits.HTTP_PAYLOAD_BYTES} bytes")
    return Answered(status=response.status, headers=read_pairs(response.raw_headers), body=bytes(body))


def check_backend_urls(urls: Mapping[str, str], known: tuple[str, ...]) -> None:
    """Raise GatewayError where a URL is given for an unknown backend, or is no URL."""
    for name, url in urls.items():
        if name not in known:
            names = ", ".join(known) or "none"
            raise GatewayError(f'the stack has no backend "{name}"; its backends: {names}')
        if not _is_base_url(url):
            raise GatewayError(f'backend "{name}" needs a URL such as http://127.0.0.1:3000, got "{url}"')


def _is_base_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and port != 0 and not parts.query + parts.fragment
