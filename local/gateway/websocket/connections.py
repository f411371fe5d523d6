"""The connections of a WebSocket API, and the ``@connections`` API by which a backend talks to them.

From the botocore model ``apigatewaymanagementapi`` and "Use @connections commands in your backend service". boto3's
client works with it unchanged. Signatures are not checked locally: any credentials do. As observed, with a custom
domain name the mapping key stands where the stage is otherwise.

A client that does not read what it is sent would hold up whoever sends. AWS does not say what it does then. A choice: a
client has some seconds, and is taken for lost after them.
"""

import asyncio
import json
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic, time
from typing import Final
from urllib.parse import unquote

from aiohttp import WSCloseCode, web

from apigateway import limits
from local.gateway.context import Client, new_id
from local.gateway.entrance import Entrance
from local.gateway.replies import Reply

CLOSE_SECONDS: Final = 1.0
"""How long a client may take to answer a close frame."""

SEND_SECONDS: Final = 10.0
"""How long a client may leave unread what it is sent."""

_NEVER_WAITS: Final = 8 * 1024
"""So many characters fit into the buffer of a connection that has read all before, whatever they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """How a connection ended; the code and the reason that ``$disconnect`` sees."""

    code: int
    reason: str


GOING_AWAY: Final = Closing(code=WSCloseCode.GOING_AWAY, reason="Going away")
"""Idle for too long, too old, or not served any longer."""

DELETED: Final = Closing(code=WSCloseCode.OK, reason="Connection Closed Normally")
"""A backend called DeleteConnection."""

LOST: Final = Closing(code=WSCloseCode.ABNORMAL_CLOSURE, reason="")
"""The client went without a word, or does not read."""

UNSAID: Final = Closing(code=1005, reason="Client-side close frame status not set")
"""The client closed it without a code (RFC 6455 §7.1.5); the reason is of the AWS page "Set up a WebSocket API
integration request"."""


@dataclass(slots=True, kw_only=True, eq=False)
class Connection:
    """One client's open WebSocket."""

    id: str
    stage: str
    socket: web.WebSocketResponse
    transport: asyncio.Transport | None
    client: Client
    patience: float = SEND_SECONDS
    opened: float = field(default_factory=time)
    """Seconds since 1970; the clock of :attr:`born` and :attr:`active` cannot be set back."""
    born: float = field(default_factory=monotonic)
    active: float = field(default_factory=monotonic)
    closing: Closing | None = None
    """Set when this side closes it."""

    @property
    def active_at(self) -> float:
        """When there was a message last, in seconds since 1970."""
        return self.opened + self.active - self.born

    def touch(self) -> None:
        """Note a message, in either direction."""
        self.active = monotonic()

    async def send(self, text: str) -> bool:
        """Send one message; False when the connection is gone."""
        if self.closing or self.socket.closed:
            return False
        if not await self._written(self.socket.send_str(text), len(text)):
            return False
        self.touch()
        return True

    async def pong(self, payload: bytes) -> None:
        """Answer a ping. A choice: it counts as activity, for clients send pings to keep a connection."""
        self.touch()
        await self._written(self.socket.pong(payload), len(payload))

    async def _written(self, writing: Awaitable[None], size: int) -> bool:
        try:
            if size <= _NEVER_WAITS and self.transport is not None and not self.transport.get_write_buffer_size():
                await writing
                return True
            async with asyncio.timeout(self.patience):
                await writing
        except ConnectionError:
            return False
        except TimeoutError:
            self._abort()
            return False
        return True

    async def close(self, closing: Closing) -> None:
        """Close it; the first reason stays."""
        self.closing = self.closing or closing
        try:
            async with asyncio.timeout(2 * CLOSE_SECONDS):  # a client that does not read takes no close frame
                await self.socket.close(code=self.closing.code, message=self.closing.reason.encode())
        except TimeoutError:
            self._abort()

    def expire(self, idle: float, total: float) -> "Expiry":
        """Close it when it has been idle for so many seconds, or open for so many; what is returned ends that."""
        return Expiry(self, idle, total)

    def _abort(self) -> None:
        self.closing = self.closing or LOST
        if self.transport is not None:
            self.transport.abort()


class Expiry:
    """The end of a connection's time: one timer, which looks again where there was a message meanwhile."""

    def __init__(self, connection: Connection, idle: float, total: float) -> None:
        self._connection = connection
        self._idle = idle
        self._total = total
        self._loop = asyncio.get_running_loop()
        self._closing: asyncio.Task[None] | None = None
        self._timer = self._loop.call_later(min(idle, total), self._look)

    def cancel(self) -> None:
        """Look no longer: the connection has ended."""
        self._timer.cancel()

    def _look(self) -> None:
        connection = self._connection
        left = min(connection.active + self._idle, connection.born + self._total) - monotonic()
        if left > 0:
            self._timer = self._loop.call_later(left, self._look)
        else:
            self._closing = self._loop.create_task(connection.close(GOING_AWAY))


class Connections:
    """Those that are open: a connection is here from its handshake's end to its close."""

    def __init__(self) -> None:
        self._open: dict[str, Connection] = {}

    def add(self, connection: Connection) -> None:
        """Make a connection known."""
        self._open[connection.id] = connection

    def remove(self, connection: Connection) -> None:
        """Forget a connection."""
        self._open.pop(connection.id, None)

    def all(self) -> tuple[Connection, ...]:
        """Return those that are open now."""
        return tuple(self._open.values())

    def find(self, connection_id: str, stage: str) -> Connection | None:
        """Return an open connection of a stage."""
        connection = self._open.get(connection_id)
        return connection if connection is not None and connection.stage == stage and not connection.closing else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionPath:
    """``/{stage}/@connections/{id}``, or ``/{mapping key}/@connections/{id}`` with a custom domain name."""

    stage: str
    connection_id: str


def parse_path(raw_path: str, entrance: Entrance | None = None) -> ConnectionPath | None:
    """Read the path of an ``@connections`` call, None for any other path; clients escape it to different degrees."""
    path = raw_path.partition("?")[0]
    if entrance is not None:
        path = f"/{entrance.stage}{entrance.path(path)}"
    match [unquote(segment) for segment in path.split("/")]:
        case ["", stage, "@connections", connection_id] if connection_id:
            return ConnectionPath(stage=stage, connection_id=connection_id)
        case _:
            return None


async def answer(connections: Connections, path: ConnectionPath, request: web.BaseRequest) -> Reply:
    """Answer a PostToConnection, GetConnection or DeleteConnection."""
    connection = connections.find(path.connection_id, path.stage)
    match request.method:
        case "POST":
            return await _post(connection, request)
        case _ if connection is None:
            return _gone()
        case "GET":
            return _get(connection)
        case "DELETE":
            await connection.close(DELETED)
            return Reply(status=204, headers=(), body=b"")
        case _:
            return _error(403, "ForbiddenException", "Forbidden")


async def _post(connection: Connection | None, request: web.BaseRequest) -> Reply:
    body = bytearray()
    try:
        async for chunk in request.content.iter_any():
            body += chunk
            if len(body) > limits.CONNECTIONS_BODY_BYTES:
                return _error(
                    413,
                    "PayloadTooLargeException",
                    f"the body may have {limits.CONNECTIONS_BODY_BYTES} bytes and has more",
                )
    except (ConnectionError, web.RequestPayloadError) as error:
        return _error(400, "BadRequestException", f"the body is incomplete: {error}")
    if connection is None or not await connection.send(body.decode("utf-8", "replace")):
        return _gone()
    return Reply(status=200, headers=(), body=b"")


def _get(connection: Connection) -> Reply:
    document = {
        "connectedAt": _timestamp(connection.opened),
        "identity": {"sourceIp": connection.client.source_ip, "userAgent": connection.client.user_agent},
        "lastActiveAt": _timestamp(connection.active_at),
    }
    return Reply(status=200, headers=(("Content-Type", "application/json"),), body=json.dumps(document).encode())


def _timestamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _gone() -> Reply:
    return _error(410, "GoneException", "the connection does not exist, is not established yet, or is closed")


def _error(status: int, kind: str, message: str) -> Reply:
    headers = (("Content-Type", "application/json"), ("x-amzn-ErrorType", kind), ("x-amzn-RequestId", new_id()))
    return Reply(status=status, headers=headers, body=json.dumps({"message": message}).encode())
