"""WebSocket APIs as a test wants them, recorded and served, and a client that sends single frames."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any, Self

import aiohttp
from aiohttp import ClientWebSocketResponse, WSMsgType

from local.functions import Functions, HandlerName
from local.gateway.server import Gateway
from local.gateway.throttling import Clock
from local.gateway.traffic import Exchange, Invoked
from local.gateway.websocket.api import Lifetimes
from local.recording import Json
from local.topology.reading import build_topology
from tests.local.gateway.backend import Backend
from tests.local.gateway.handlers import websocket_functions
from tests.local.recordings import Program, program

FOLDER = Path(websocket_functions.__file__).resolve().parent
ID = r"[A-Za-z0-9_-]{15}="


def invocation(name: str) -> str:
    """Return the invocation ARN of a function."""
    arn = f"arn:aws:lambda:us-east-1:123456789012:function:{name}"
    return f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations"


def of_function(name: str, kind: str = "AWS_PROXY", **inputs: Json) -> dict[str, Json]:
    """Return the inputs of an integration with a function."""
    return {
        "integrationType": kind,
        "integrationUri": invocation(name),
        "connectionType": "INTERNET",
        "connectionId": None,
        **inputs,
    }


def custom(kind: str = "HTTP", **inputs: Json) -> dict[str, Json]:
    """Return the inputs of an integration that is no proxy."""
    return {"integrationType": kind, **inputs}


def mock(template: str = '{"statusCode": 200}', **inputs: Json) -> dict[str, Json]:
    """Return the inputs of a mock."""
    return {
        "integrationType": "MOCK",
        "integrationUri": None,
        "integrationMethod": None,
        "connectionType": "INTERNET",
        "connectionId": None,
        "requestTemplates": {"$default": template},
        **inputs,
    }


def chat(**routes: dict[str, Json]) -> Program:
    """Register an API by its routes, all of them two-way; ``connect`` stands for ``$connect``, and so on."""
    made = program()
    api = made.websocket_api(tenant="acme")
    for name, inputs in routes.items():
        key = f"${name}" if name in {"connect", "disconnect", "default"} else name
        made.two_way(made.websocket_route(api, key))
        made.change(f"{api} {key} integration", **inputs)
    return made


def respond(made: Program, route: str, key: str = "$default", **inputs: Json) -> None:
    """Give the integration of a route a response."""
    integration = f"chat {route} integration"
    made.add(
        "aws:apigatewayv2/integrationResponse:IntegrationResponse",
        f"{integration} {key}",
        {"apiId": "chat", "integrationId": integration, "integrationResponseKey": key, **inputs},
    )


@dataclass(kw_only=True)
class Served:
    """A gateway with the API "chat"."""

    gateway: Gateway
    session: aiohttp.ClientSession
    exchanges: list[Exchange] = field(default_factory=list)
    """What the gateway told of each event."""

    @property
    def url(self) -> str:
        """The stage."""
        return self.gateway.endpoints.apis["chat"].endpoint

    @property
    def connections_url(self) -> str:
        found = self.gateway.endpoints.apis["chat"].connections_url
        assert found is not None
        return found

    async def connect(self, query: str = "", **headers: str) -> ClientWebSocketResponse:
        return await self.session.ws_connect(self.url + query, headers=headers)

    async def refused(self, query: str = "", **headers: str) -> tuple[int, dict[str, str]]:
        """Send a handshake that fails, and return the status and the body."""
        upgrade = {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==",
        }
        url = self.url.replace("ws://", "http://") + query
        async with self.session.get(url, headers=upgrade | headers) as answer:
            assert answer.headers["Content-Type"] == "application/json"
            body: dict[str, str] = await answer.json()
            return answer.status, body

    def events(self, kind: str) -> list[Exchange]:
        """Return what was told of the events of a kind."""
        return [exchange for exchange in self.exchanges if exchange.event.startswith(kind)]

    def given(self, kind: str) -> dict[str, Any]:
        """Return what a function was given for the only event of a kind."""
        (exchange,) = self.events(kind)
        assert isinstance(exchange.sent, Invoked)
        assert isinstance(exchange.sent.event, dict)
        return exchange.sent.event


@asynccontextmanager
async def served(
    made: Program,
    backend: Backend | None = None,
    *,
    aws: str | None = None,
    lifetimes: Lifetimes | None = None,
    clock: Clock = monotonic,
) -> AsyncIterator[Served]:
    """Serve a program on free ports. Its functions are those of ``websocket_functions.py`` under their own names."""
    names = {name: HandlerName(module="websocket_functions", function=name) for name in websocket_functions.NAMES}
    functions = Functions(names, FOLDER)
    url = "http://127.0.0.1:9" if backend is None else backend.url
    gateway = Gateway(
        build_topology(made.recording()),
        {"chat": url, "orders": url},
        first_port=0,
        functions=functions,
        aws=aws,
        lifetimes=lifetimes,
        clock=clock,
    )
    await gateway.start()
    try:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            result = Served(gateway=gateway, session=session)
            gateway.traffic.watch(result.exchanges.append)
            yield result
    finally:
        await gateway.stop()
        await functions.stop()


async def frame(socket: ClientWebSocketResponse) -> dict[str, str]:
    """Return the next message, which is JSON."""
    message = await socket.receive(timeout=20)
    assert message.type is WSMsgType.TEXT
    result: dict[str, str] = json.loads(message.data)
    return result


async def ask(socket: ClientWebSocketResponse, **message: object) -> dict[str, Any]:
    """Send a message, and return the next one, which is JSON."""
    await socket.send_str(json.dumps(message))
    return await frame(socket)


def masked(payload: bytes, opcode: int = 1, *, last: bool = True) -> bytes:
    """Print a frame of a client; its mask is zero."""
    first = opcode | (0x80 if last else 0)
    if len(payload) < 126:
        head = bytes([first, 0x80 | len(payload)])
    elif len(payload) < 1 << 16:
        head = bytes([first, 0x80 | 126]) + len(payload).to_bytes(2)
    else:
        head = bytes([first, 0x80 | 127]) + len(payload).to_bytes(8)
    return head + bytes(4) + payload


def fragmented(payload: bytes, size: int = 32 * 1024) -> list[bytes]:
    """Print a message as frames of a size at most."""
    pieces = [payload[start : start + size] for start in range(0, len(payload), size)]
    last = len(pieces) - 1
    return [masked(piece, 0 if index else 1, last=index == last) for index, piece in enumerate(pieces)]


@dataclass(kw_only=True)
class RawClient:
    """A client that sends bytes as a test wants them."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def connect(cls, served: Served, headers: Mapping[str, str] | None = None) -> Self:
        """Open a connection to the stage."""
        host, _, rest = served.url.removeprefix("ws://").partition(":")
        port, _, path = rest.partition("/")
        reader, writer = await asyncio.open_connection(host, int(port))
        lines = [
            f"GET /{path} HTTP/1.1",
            "Host: h",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==",
            *(f"{name}: {value}" for name, value in (headers or {}).items()),
        ]
        writer.write("\r\n".join([*lines, "", ""]).encode())
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101 ")
        return cls(reader=reader, writer=writer)

    async def send(self, *pieces: bytes) -> None:
        """Send bytes, each piece as a segment of its own."""
        for piece in pieces:
            self.writer.write(piece)
            await self.writer.drain()

    async def receive(self) -> tuple[int, bytes]:
        """Return the opcode and the payload of the next frame."""
        async with asyncio.timeout(5):
            first, second = await self.reader.readexactly(2)
            size = second & 0x7F
            if size > 125:
                size = int.from_bytes(await self.reader.readexactly(2 if size == 126 else 8))
            return first & 0x0F, await self.reader.readexactly(size)

    async def closed(self) -> tuple[int, str]:
        """Return the code and the reason with which the other side closes."""
        opcode, payload = await self.receive()
        assert opcode == 8
        return int.from_bytes(payload[:2]), payload[2:].decode()

    async def leave(self) -> None:
        """Go without a word."""
        self.writer.close()
        await self.writer.wait_closed()
