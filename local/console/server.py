"""The console: the gateway's own port, with a page that shows what goes through the gateway and tries it out.

    GET  /                          the page, and its files
    GET  /picture.svg               the topology as a picture
    GET  /api/topology              the APIs, their routes, and what to try with them
    GET  /api/exchanges?after=N     the lines of the exchanges after one
    GET  /api/exchanges/N           one exchange; ?reveal=1 with what is masked otherwise
    GET  /api/search?q=WORDS        the numbers of the exchanges that have every word somewhere; after=N of the later
    POST /api/requests              sends a request to an API
    GET  /api/connections           the open WebSocket connections
    POST, DELETE /api/connections/API/STAGE/ID    as a backend does by @connections
    WS   /api/live                  what happens, as it happens
    WS   /api/sockets               a WebSocket to an API

A request by a custom domain name of the stack is not for the console: the gateway answers it, as on the APIs' ports.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeAlias
from urllib.parse import unquote

from aiohttp import web

from apigateway.json_path import JsonValue
from apigateway.mapping.data import Pairs
from local.console.api import Answers, line, reply
from local.console.asked import AskedError
from local.console.guard import refusal
from local.console.history import History
from local.console.live import Pages
from local.console.pages import SAFE, read_pages, safe_page
from local.console.sending import Sender
from local.console.sockets import Relays
from local.gateway.listening import Listening, listen
from local.gateway.replies import Reply
from local.gateway.server import Gateway
from local.gateway.traffic import Exchange
from local.loopback import authorities

Picture: TypeAlias = Callable[[], str]
"""Draws what is served as SVG."""


class Console:
    """Shows a gateway, and remembers what goes through it from start to stop."""

    def __init__(self, gateway: Gateway, picture: Picture) -> None:
        self._gateway = gateway
        self._picture = picture
        self._files = read_pages()
        self._history = History()
        self._pages = Pages()
        self._sender = Sender(lambda: gateway.endpoints)
        self._relays = Relays(self._sender)
        self._answers = Answers(gateway, self._history, self._sender)
        self._listening: Listening | None = None
        self._allowed: frozenset[str] = frozenset()
        self._unwatch: Callable[[], None] | None = None

    @property
    def url(self) -> str:
        """Where the page is, once it has been started."""
        return "" if self._listening is None else f"http://{self._listening.authority}"

    async def start(self, host: str, port: int) -> None:
        """Open the port, 0 for a free one; raises GatewayError where it is taken."""
        self._listening = await listen(self._admit, host, port, "the console")
        self._allowed = authorities(host, self._listening.port)
        self._unwatch = self._gateway.traffic.watch(self._watch)

    async def stop(self) -> None:
        """Let every page go, and close the port."""
        unwatch, self._unwatch = self._unwatch, None
        if unwatch is not None:
            unwatch()
        await self._pages.close()
        await self._relays.close()
        if self._listening is not None:
            await self._listening.stop()
        await self._sender.close()

    def swapped(self) -> None:
        """Tell the pages that another topology is served."""
        self._pages.push({"type": "swapped"})

    def refused(self, problems: str) -> None:
        """Tell the pages that an edit is not served, and why."""
        self._pages.push({"type": "refused", "problems": problems})

    def _watch(self, exchange: Exchange) -> None:
        kept = self._history.add(exchange)
        if self._pages:
            self._pages.push({"type": "exchange", **line(kept)})

    async def _admit(self, request: web.BaseRequest) -> web.StreamResponse:
        domain = self._gateway.domain_of(request)
        if domain is not None:
            return await self._gateway.by_domain(domain, request)
        refused = refusal(request, self._allowed)
        if refused is not None:
            return refused
        path, _, query = request.raw_path.partition("?")
        segments = [unquote(segment) for segment in path.removeprefix("/").split("/")]
        try:
            if request.method in {"GET", "HEAD"}:
                return await self._show(segments, query, request)
            return await self._do(segments, request)
        except AskedError as error:
            return reply({"message": str(error)}, HTTPStatus.BAD_REQUEST)

    async def _show(self, segments: list[str], query: str, request: web.BaseRequest) -> web.StreamResponse:
        match segments:
            case ["api", "live"]:
                return await self._live(request)
            case ["api", "sockets"]:
                return await self._relays.serve(_upgrading(request))
            case ["api", "topology"]:
                return self._answers.topology()
            case ["api", "exchanges"]:
                return self._answers.exchanges(query)
            case ["api", "exchanges", number]:
                return self._answers.exchange(number, query)
            case ["api", "search"]:
                return await self._answers.search(query)
            case ["api", "connections"]:
                return reply(self._answers.connections())
            case ["picture.svg"]:
                return _page("image/svg+xml", self._picture().encode())
            case _:
                return self._file("/".join(segments), request.headers["Host"])

    async def _do(self, segments: list[str], request: web.BaseRequest) -> Reply:
        match request.method, segments:
            case "POST", ["api", "requests"]:
                return await self._answers.send(request)
            case "POST" | "DELETE", ["api", "connections", api, stage, connection]:
                return await self._answers.manage(api, stage, connection, request)
            case _:
                return _nothing()

    async def _live(self, request: web.BaseRequest) -> web.StreamResponse:
        hello: dict[str, JsonValue] = {"type": "hello", "last": self._history.last, "most": self._history.most}
        return await self._pages.serve(
            _upgrading(request), hello, lambda: {"type": "connections", **self._answers.connections()}
        )

    def _file(self, path: str, host: str) -> Reply:
        if path not in self._files:
            return _nothing()
        kind, content = self._files[path]
        return _page(kind, content, SAFE if path else safe_page(host))


def _upgrading(request: web.BaseRequest) -> web.BaseRequest:
    if not web.WebSocketResponse().can_prepare(request):
        raise AskedError("only a WebSocket can be opened here")
    return request


def _page(kind: str, content: bytes, headers: Pairs = SAFE) -> Reply:
    return Reply(status=HTTPStatus.OK, headers=(("Content-Type", kind), *headers), body=content)


def _nothing() -> Reply:
    return reply({"message": "the console has nothing here"}, HTTPStatus.NOT_FOUND)
