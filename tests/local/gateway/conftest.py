import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

import aiohttp
import pytest

from local.gateway.server import Gateway
from local.gateway.websocket.api import Lifetimes
from local.topology.reading import build_topology
from tests.local.gateway.backend import Backend
from tests.local.recordings import Program

Serve = Callable[..., Awaitable[Gateway]]


@pytest.fixture
async def backend() -> AsyncIterator[Backend]:
    running = await Backend().start()
    yield running
    await running.stop()


@pytest.fixture
async def serve(backend: Backend) -> AsyncIterator[Serve]:
    """Serve a program on free ports; its backends are the test's backend unless it says otherwise."""
    gateways: list[Gateway] = []

    async def start(
        program: Program, backends: Mapping[str, str] | None = None, lifetimes: Lifetimes | None = None
    ) -> Gateway:
        urls = {"chat": backend.url, "orders": backend.url} if backends is None else backends
        gateway = Gateway(build_topology(program.recording()), urls, first_port=0, lifetimes=lifetimes)
        gateways.append(gateway)
        await gateway.start()
        return gateway

    yield start
    for gateway in gateways:
        await gateway.stop()


class Log:
    """What the gateway has logged."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        self._caplog = caplog
        caplog.set_level(logging.INFO, "local.gateway")

    @property
    def lines(self) -> list[str]:
        return self._caplog.messages

    @property
    def tracebacks(self) -> list[logging.LogRecord]:
        return [record for record in self._caplog.records if record.exc_info]

    async def endings(self, gateway: Gateway) -> list[str]:
        """Stop the gateway, and return the code and the reason with which each connection ended."""
        await gateway.stop()
        return [match[1] for line in self.lines if (match := re.search(r"DISCONNECT \S+ (.*) -> ", line))]


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Log:
    return Log(caplog)


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        yield session
