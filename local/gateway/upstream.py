"""One outgoing request to a backend or a public URL: sent exactly as it was built, answered with a typed result."""

import asyncio
import errno
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeAlias
from urllib.parse import urlsplit

import aiohttp

from apigateway import limits
from apigateway.errors import GatewayError
from apigateway.mapping.data import Pairs
from local.gateway.client import Client, Outgoing, Received
from local.gateway.headers import read_pairs

NO_TARGET = "none"
"""In place of a URL: no process is registered with the backend's target group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """A request for a backend or, where ``origin`` says which, for a public URL."""

    origin: str
    """Scheme, host and port as the integration's URI has them."""
    outgoing: Outgoing


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
    reached: bool = False
    """Whether it did answer, with what cannot be passed on."""
    has_target: bool = True
    """Whether there is a process to reach."""


Outcome: TypeAlias = Answered | TimedOut | Failed

PassOn: TypeAlias = Callable[[Answered, AsyncIterator[bytes]], Awaitable[None]]
"""Takes the head of an answer, its body still empty, and the pieces of the body as they come."""


class Upstream:
    """Sends requests to backends over one pool of connections.

    Locally a backend's process is reached over plain HTTP, whatever its listener speaks on AWS; an ``https://`` URL
    given for it is respected. A backend without a URL of its own is answered by the echo, and one whose URL is
    :data:`NO_TARGET` by nobody.
    """

    def __init__(self, echo: str, urls: Mapping[str, str]) -> None:
        self._echo = echo
        self._urls = {name: url.rstrip("/") for name, url in urls.items()}
        self._client = Client()

    async def send(self, backend: str, request: Outgoing, pass_on: PassOn | None = None) -> Outcome:
        """Send one request to a backend; a fault of it is a result, not an exception.

        With ``pass_on`` the answer goes on as it comes, of whatever size; what is returned then has no body.
        """
        url = self._urls.get(backend, self._echo)
        if url == NO_TARGET:
            return Failed(reason=f'the target group of backend "{backend}" is empty', has_target=False)
        return await self._exchange(url, request, pass_on)

    async def send_public(self, origin: str, request: Outgoing, pass_on: PassOn | None = None) -> Outcome:
        """Send one request to ``https://api.example.com`` or the like, over the internet; otherwise as :meth:`send`."""
        return await self._exchange(origin, request, pass_on)

    async def _exchange(self, base: str, request: Outgoing, pass_on: PassOn | None) -> Outcome:
        try:
            async with asyncio.timeout(request.timeout):
                received = await self._client.send(base, request)
                try:
                    return await _read(received, pass_on)
                finally:
                    received.end()
        except TimeoutError:
            return TimedOut(seconds=request.timeout)
        except aiohttp.ClientConnectorError as error:
            refused = error.errno == errno.ECONNREFUSED
            return Failed(reason=f"nothing listens at {base}" if refused else f"{base} cannot be reached: {error}")
        except (aiohttp.ClientError, ValueError) as error:
            return Failed(reason=f"the backend at {base} failed: {str(error) or type(error).__name__}")

    async def close(self) -> None:
        """Close the pool."""
        await self._client.close()


async def _read(received: Received, pass_on: PassOn | None) -> Outcome:
    status, headers = received.head.code, read_pairs(received.head.raw_headers)
    if status < HTTPStatus.OK:
        return Failed(reason=f"the backend answered {status}, which is no answer")
    if pass_on is not None:
        head = Answered(status=status, headers=headers, body=b"")
        await pass_on(head, received.body.iter_any())
        return head
    body = bytearray()
    async for chunk in received.body.iter_any():
        body += chunk
        if len(body) > limits.HTTP_PAYLOAD_BYTES:
            return Failed(reason=f"the backend's answer is larger than {limits.HTTP_PAYLOAD_BYTES} bytes", reached=True)
    return Answered(status=status, headers=headers, body=bytes(body))


def check_backend_urls(urls: Mapping[str, str], known: tuple[str, ...]) -> None:
    """Raise GatewayError where a URL is given for an unknown backend, or is no URL."""
    for name, url in urls.items():
        if name not in known:
            names = ", ".join(known) or "none"
            raise GatewayError(f'the stack has no backend "{name}"; its backends: {names}')
        if url != NO_TARGET and not _is_base_url(url):
            raise GatewayError(f'backend "{name}" needs a URL such as http://127.0.0.1:3000, got "{url}"')


def _is_base_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and port != 0 and not parts.query + parts.fragment
