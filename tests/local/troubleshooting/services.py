"""The services behind the balancers of a section: most of them do as they should, and some do not."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import aiohttp

from tests.local.gateway.backend import Received, response


@dataclass(slots=True)
class Surroundings:
    """What a service knows of the world around it."""

    session: aiohttp.ClientSession
    connections_url: str = ""
    over: asyncio.Event = field(default_factory=asyncio.Event)
    """Set at the end of the test, for a service that takes its time."""


Service = Callable[[Received, Surroundings], Awaitable[bytes]]


def header(request: Received, name: str) -> str | None:
    """Return the value of a header, in whatever case it came."""
    return next((value for key, value in request.headers if key.lower() == name.lower()), None)


def taking(seconds: float, body: bytes = b"") -> Service:
    """Return a service that takes a while for its answer."""

    async def answer(_: Received, around: Surroundings) -> bytes:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(around.over.wait(), seconds)
        return response(200, body=body)

    return answer


async def conflicts(_: Received, __: Surroundings) -> bytes:
    """Answer 409 to everything."""
    return response(409)


async def wants_a_token(request: Received, _: Surroundings) -> bytes:
    """Let in who has the header of the token."""
    return response(200 if header(request, "authToken") else 401)


async def chooses_a_protocol(request: Received, _: Surroundings) -> bytes:
    """Choose the sub-protocol that it learns of."""
    offered = header(request, "Sec-WebSocket-Protocol")
    return response(200, *((("Sec-WebSocket-Protocol", offered),) if offered else ()))


async def greets(request: Received, _: Surroundings) -> bytes:
    """Greet the connection by its id."""
    connection = header(request, "ConnectionId")
    return response(200, body=f"hello {connection}".encode() if connection else b"who are you?")


async def posts(request: Received, around: Surroundings) -> bytes:
    """Post to the connection that an event is of, and answer with the status that this has."""
    url = f"{around.connections_url}/@connections/{header(request, 'ConnectionId')}"
    async with around.session.post(url, data=b"welcome") as answer:
        return response(answer.status)
