import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from local.console.server import Console
from local.gateway.server import Gateway
from local.picture import draw
from local.recording import Recording
from local.topology import Topology
from local.topology.reading import build_topology
from tests.local.gateway.backend import Backend
from tests.local.recordings import Program, program


def two_apis() -> Program:
    """Register "orders" with every path, and "chat" with a two-way route."""
    made = program()
    orders = made.http_api()
    made.http_route(
        orders,
        "ANY /{proxy+}",
        {
            "overwrite:header.x-tenant": "$request.header.tenant",
            "overwrite:header.x-missing": "$request.querystring.nothing",
            "append:header.x-token": "$request.header.authorization",
        },
    )
    chat = made.websocket_api()
    made.websocket_route(
        chat, "$connect", {"integration.request.header.auth": "route.request.querystring.authToken"}, path="/connect"
    )
    made.two_way(
        made.websocket_route(
            chat, "say", {"integration.request.header.ConnectionId": "context.connectionId"}, path="/say"
        )
    )
    return made


@dataclass(slots=True, kw_only=True)
class Shown:
    """A gateway, its console, and a client of the console."""

    gateway: Gateway
    console: Console
    drawn: tuple[Recording, Topology]
    backend: Backend
    client: aiohttp.ClientSession

    def endpoint(self, api: str) -> str:
        """Return where an API is."""
        return self.gateway.endpoints.apis[api].endpoint

    async def swap(self, made: Program) -> None:
        """Serve another program."""
        recording = made.recording()
        self.drawn = recording, build_topology(recording)
        await self.gateway.swap(self.drawn[1])
        self.console.swapped()

    async def get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        """Ask for JSON."""
        async with self.client.get(self.console.url + path) as answer:
            return await answer.json()

    async def send(self, **asked: Any) -> tuple[int, Any]:  # noqa: ANN401 - JSON
        """Have a request sent."""
        async with self.client.post(f"{self.console.url}/api/requests", data=json.dumps(asked)) as answer:
            return answer.status, await answer.json()


Show = Callable[..., Awaitable[Shown]]


@pytest.fixture
async def show() -> AsyncIterator[Show]:
    """Serve a program with its console on free ports."""
    started: list[Shown] = []

    async def start(made: Program | None = None) -> Shown:
        backend = await Backend().start()
        recording = (made or two_apis()).recording()
        topology = build_topology(recording)
        gateway = Gateway(topology, dict.fromkeys(topology.backends, backend.url), first_port=0)
        shown = Shown(
            gateway=gateway,
            console=Console(gateway, lambda: draw(*shown.drawn, "svg")),
            drawn=(recording, topology),
            backend=backend,
            client=aiohttp.ClientSession(),
        )
        started.append(shown)
        await gateway.start()
        await shown.console.start("127.0.0.1", 0)
        return shown

    yield start
    for shown in started:
        await shown.client.close()
        await shown.console.stop()
        await shown.gateway.stop()
        await shown.backend.stop()


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session
