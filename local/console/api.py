"""What the console answers as JSON: exchanges, connections, and what came of a request."""

import asyncio
import json
from http import HTTPStatus
from itertools import islice
from typing import Final, cast
from urllib.parse import parse_qs, quote

from aiohttp import web

from apigateway.json_path import JsonValue
from local.console import masking
from local.console.asked import AskedError, AskedRequest, read_request
from local.console.describe import timestamp
from local.console.history import History, Kept
from local.console.pages import SAFE
from local.console.sending import Sender
from local.console.shape import shape_of
from local.gateway.replies import Reply
from local.gateway.server import Gateway

LARGEST_ASKED: Final = 16 * 1024 * 1024
"""Bytes of a request's description: more than any API takes, so that one can meet its limit."""

MOST_CONNECTIONS: Final = 200
"""How many connections the page lists."""

EXCHANGES_BETWEEN_BREATHS: Final = 10
"""A search gives way to the gateway's own work after so many."""


class Answers:
    """Answers the page's questions about a gateway."""

    def __init__(self, gateway: Gateway, history: History, sender: Sender) -> None:
        self._gateway = gateway
        self._history = history
        self._sender = sender

    def topology(self) -> Reply:
        """Say what is served, and where."""
        return reply(shape_of(self._gateway.topology, self._gateway.endpoints))

    def exchanges(self, query: str) -> Reply:
        """Return the lines of the exchanges after one."""
        after = _number(_parameter(query, "after") or "0")
        lines = [line(kept) for kept in self._history.after(after)]
        return reply({"exchanges": lines, "last": self._history.last})

    def exchange(self, number: str, query: str) -> Reply:
        """Return all of one exchange; what is masked only where it is asked for."""
        kept = self._history.find(_number(number))
        if kept is None:
            message = f"exchange {number} is not among the last {self._history.most}"
            return reply({"message": message}, HTTPStatus.NOT_FOUND)
        detail = kept.detail if _parameter(query, "reveal") == "1" else masking.masked(kept.detail)
        return reply({"number": kept.number, **_json(detail)})

    async def search(self, query: str) -> Reply:
        """Return the numbers of the exchanges that have every word somewhere, masked or not."""
        words, found = _parameter(query, "q").lower().split(), []
        for index, kept in enumerate(self._history.after(_number(_parameter(query, "after") or "0"))):
            if kept.holds(words):
                found.append(kept.number)
            if index % EXCHANGES_BETWEEN_BREATHS == 0:
                await asyncio.sleep(0)
        return reply({"numbers": found})

    async def send(self, request: web.BaseRequest) -> Reply:
        """Send a request to an API."""
        return reply(await self._sender.send(read_request(await _body(request))))

    def connections(self) -> dict[str, JsonValue]:
        """Describe the open connections, the newest of each API first."""
        connections = self._gateway.connections
        return {
            "total": len(connections),
            "connections": [
                {
                    "api": api,
                    "id": connection.id,
                    "stage": connection.stage,
                    "sourceIp": connection.client.source_ip,
                    "userAgent": connection.client.user_agent,
                    "openedAt": timestamp(connection.opened),
                    "activeAt": timestamp(connection.active_at),
                }
                for api, connection in islice(reversed(connections), MOST_CONNECTIONS)
            ],
        }

    async def manage(self, api: str, stage: str, connection: str, request: web.BaseRequest) -> Reply:
        """Post to a connection or close it by ``@connections``, so that it is seen among what happens."""
        path = f"/{quote(stage, safe='$')}/@connections/{quote(connection, safe='')}"
        body = await _body(request)
        asked = AskedRequest(api=api, method=request.method, path=path, headers=(), body=body)
        return reply(await self._sender.send(asked))


def reply(document: object, status: int = HTTPStatus.OK) -> Reply:
    """Answer with JSON."""
    body = json.dumps(document, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return Reply(status=status, headers=(("Content-Type", "application/json"), *SAFE), body=body)


def line(kept: Kept) -> dict[str, JsonValue]:
    """Describe an exchange in a line, masked."""
    return {"number": kept.number, **_json(masking.masked_summary(kept.summary))}


def _json(fields: object) -> dict[str, JsonValue]:
    """Take a TypedDict for the JSON that it is."""
    return cast("dict[str, JsonValue]", fields)


def _parameter(query: str, name: str) -> str:
    return parse_qs(query).get(name, [""])[-1]


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise AskedError(f'the number of an exchange must be digits, got "{text}"')
    return int(text)


async def _body(request: web.BaseRequest) -> str:
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > LARGEST_ASKED:
            raise AskedError(f"what is asked may have {LARGEST_ASKED} bytes and has more")
    return body.decode("utf-8", "replace")
