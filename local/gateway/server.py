"""The gateway: one port for each API, so that paths and stages are exactly those of AWS."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TypeAlias, assert_never

from aiohttp import web

from apigateway.errors import GatewayError
from local.functions import Functions
from local.gateway import access_log, replies
from local.gateway.authorization.issuers import Issuers
from local.gateway.echo import Echo, start_echo
from local.gateway.endpoints import ApiEndpoint, Endpoints
from local.gateway.entrance import Entrance, own_entrance
from local.gateway.http.api import HttpApiHandler
from local.gateway.listening import GRACE_SECONDS, Listening, listen
from local.gateway.outside import Outside
from local.gateway.rest.api import RestApiHandler
from local.gateway.throttling import Clock, Throttle
from local.gateway.traffic import Exchange, Traffic
from local.gateway.upstream import Upstream, check_backend_urls
from local.gateway.websocket.api import Lifetimes, WebSocketApiHandler
from local.gateway.websocket.connections import Connection, parse_path
from local.topology import Api, HttpApi, RestApi, Topology, WebSocketApi
from local.topology.domains import Domain

LOOPBACK = "127.0.0.1"

ApiHandler: TypeAlias = HttpApiHandler | WebSocketApiHandler | RestApiHandler
Key: TypeAlias = tuple[type[Api], str]
"""An API lives on in a new topology under its protocol and its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Door:
    """An API and the port that leads to it."""

    handler: ApiHandler
    listening: Listening

    async def swap(self, api: Api) -> None:
        match self.handler, api:
            case HttpApiHandler() as handler, HttpApi():
                handler.api = api
            case WebSocketApiHandler() as handler, WebSocketApi():
                await handler.swap(api)
            case RestApiHandler() as handler, RestApi():
                handler.api = api
            case _:
                raise GatewayError(f'API "{api.name}" cannot change its protocol on the same port')

    async def close(self) -> None:
        if isinstance(self.handler, WebSocketApiHandler):
            await self.handler.stop(GRACE_SECONDS)
        await self.listening.stop()

    def endpoint(self, domains: tuple[Domain, ...]) -> ApiEndpoint:
        """Return where the API is; one that answers by its domain alone is where the domain leads, without a stage."""
        entrance = own_entrance(self.handler.api, domains)
        stage = _main_stage(self.handler.api)
        first = entrance.key if entrance else "" if stage == "$default" else stage
        place = f"{self.listening.authority}{'/' if first else ''}{first}"
        host = entrance.domain if entrance else None
        match self.handler:
            case HttpApiHandler() | RestApiHandler():
                return ApiEndpoint(endpoint=f"http://{place}", connections_url=None, host=host)
            case WebSocketApiHandler():
                return ApiEndpoint(endpoint=f"ws://{place}", connections_url=f"http://{place}", host=host)
            case _:
                assert_never(self.handler)


class Gateway:
    """Serves a topology on loopback ports.

    ``backends`` gives the URL of the process that takes the traffic of a backend, by its name; the others are answered
    by the built-in echo. ``first_port`` is the gateway's own; HTTP APIs, then WebSocket APIs, then REST APIs, each by
    name, take the ports that follow. With ``first_port`` 0 every API takes a free one. Requests by a custom domain name
    are answered on every port. ``functions``, ``issuers`` and the endpoint of the embedded AWS are their owner's to
    close. ``clock`` tells throttling how much time goes by.
    """

    def __init__(
        self,
        topology: Topology,
        backends: Mapping[str, str],
        host: str = LOOPBACK,
        first_port: int = 8080,
        *,
        functions: Functions | None = None,
        issuers: Issuers | None = None,
        aws: str | None = None,
        lifetimes: Lifetimes | None = None,
        clock: Clock = monotonic,
    ) -> None:
        self.topology = topology
        """What is served."""
        self.traffic = Traffic()
        """What goes through it."""
        self.traffic.watch(access_log.write)
        self._functions = functions or Functions({}, Path.cwd())
        self._issuers = issuers or Issuers({})
        self._aws = aws
        self._urls = dict(backends)
        self._host = host
        self._first_port = first_port
        self._next_port = first_port + 1
        self._lifetimes = lifetimes or Lifetimes()
        self._clock = clock
        self._doors: dict[Key, _Door] = {}
        self._ports: dict[Key, int] = {}
        """Those of APIs that are gone, too: an API that comes back is found where it was."""
        self._echo: Echo | None = None
        self._outside: Outside | None = None

    @property
    def endpoints(self) -> Endpoints:
        """Where the APIs are now."""
        domains = self.topology.domains
        apis = {name: door.endpoint(domains) for (_, name), door in self._doors.items()}
        return Endpoints(apis=apis, aws=self._aws)

    @property
    def connections(self) -> tuple[tuple[str, Connection], ...]:
        """The open connections of every WebSocket API, each with the API's name."""
        return tuple(
            (door.handler.api.name, connection)
            for door in self._doors.values()
            if isinstance(door.handler, WebSocketApiHandler)
            for connection in door.handler.connections.all()
        )

    async def start(self) -> Endpoints:
        """Open all ports; raises GatewayError, and leaves nothing open, where one of them is taken."""
        check_backend_urls(self._urls, self.topology.backends)
        self._echo = await start_echo(LOOPBACK)
        self._outside = Outside(
            upstream=Upstream(self._echo.url, self._urls),
            functions=self._functions,
            issuers=self._issuers,
            aws=self._aws,
        )
        try:
            self._doors = await self._open(_apis(self.topology), self._outside)
        except GatewayError:
            await self.stop()
            raise
        return self.endpoints

    async def swap(self, topology: Topology) -> Endpoints:
        """Serve another topology at once.

        An API that lives on keeps its port and its open connections, a new one gets a port, one that is gone is closed.
        A GatewayError leaves everything as it was.
        """
        if self._outside is None:
            raise GatewayError("the gateway has not been started")
        check_backend_urls(self._urls, topology.backends)
        apis = _apis(topology)
        opened = await self._open({key: api for key, api in apis.items() if key not in self._doors}, self._outside)
        gone = [door for key, door in self._doors.items() if key not in apis]
        kept = {key: door for key, door in self._doors.items() if key in apis}
        self.topology = topology
        self._doors = {key: kept.get(key) or opened[key] for key in apis}
        await asyncio.gather(*(door.swap(apis[key]) for key, door in kept.items()))
        await asyncio.gather(*(door.close() for door in gone))
        return self.endpoints

    async def stop(self) -> None:
        """Close every connection (with its ``$disconnect``), port and socket."""
        doors, self._doors = self._doors, {}
        await asyncio.gather(*(door.close() for door in doors.values()))
        if self._outside is not None:
            await self._outside.upstream.close()
        if self._echo is not None:
            await self._echo.stop()
        self._outside, self._echo = None, None

    async def _open(self, apis: Mapping[Key, Api], outside: Outside) -> dict[Key, _Door]:
        opened: dict[Key, _Door] = {}
        next_port = self._next_port
        try:
            for key, api in apis.items():
                handler = self._handler(api, outside)
                remembered = self._ports.get(key)
                port = remembered or (next_port if self._first_port else 0)
                listening = await listen(partial(self._admit, handler), self._host, port, f'API "{api.name}"')
                opened[key] = _Door(handler=handler, listening=listening)
                next_port += 0 if remembered else 1
        except GatewayError:
            await asyncio.gather(*(door.close() for door in opened.values()))
            raise
        self._next_port = next_port
        self._ports |= {key: door.listening.port for key, door in opened.items()}
        return opened

    def _handler(self, api: Api, outside: Outside) -> ApiHandler:
        throttle = Throttle(self._clock)
        match api:
            case HttpApi():
                return HttpApiHandler(api, outside, throttle, self.traffic)
            case WebSocketApi():
                return WebSocketApiHandler(api, outside, throttle, self.traffic, self._lifetimes)
            case RestApi():
                return RestApiHandler(api, outside, throttle, self.traffic)
            case _:
                assert_never(api)

    async def _admit(self, handler: ApiHandler, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a request at the port of an API: by this API, or by that which its custom domain name leads to.

        A backend that posts to the connections of an API which answers by its domain alone finds it here under any
        ``Host``: boto3 sends that of its endpoint, and a laptop has no DNS for the domain.
        """
        domain = self.domain_of(request)
        if domain is not None:
            return await self.by_domain(domain, request)
        if isinstance(handler, WebSocketApiHandler):
            entrance = own_entrance(handler.api, self.topology.domains)
            if entrance and parse_path(request.raw_path, entrance):
                return await handler.handle(request, entrance)
        return await handler.handle(request)

    def domain_of(self, request: web.BaseRequest) -> Domain | None:
        """Return the stack's domain name that a request is for; None where its Host is none of them."""
        if not self.topology.domains:
            return None
        host = request.headers.get("Host", "").partition(":")[0].lower()
        return next((domain for domain in self.topology.domains if domain.is_for(host)), None)

    async def by_domain(self, domain: Domain, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a request by a custom domain name; a path that no mapping takes is forbidden, as on AWS."""
        mapping = domain.find(request.raw_path.partition("?")[0])
        doors = (door for door in self._doors.values() if mapping and door.handler.api.api_id == mapping.api_id)
        door = next(doors, None)
        if mapping is None or door is None:
            keys = ", ".join(known.key or "(none)" for known in domain.mappings) or "none"
            self.traffic.tell(
                Exchange(
                    api=domain.name,
                    protocol="HTTP",
                    event=f"{request.method} {request.raw_path}",
                    status=replies.FORBIDDEN.status,
                    reason=f"no API is mapped to this path of the domain (mapping keys: {keys})",
                )
            )
            return replies.reply(replies.FORBIDDEN)
        entrance = Entrance(domain=domain.name, key=mapping.key, stage=mapping.stage)
        return await door.handler.handle(request, entrance)


def _apis(topology: Topology) -> dict[Key, Api]:
    return {(type(api), api.name): api for api in topology.apis}


def _main_stage(api: Api) -> str:
    # An API with several stages serves them all on its port; its endpoint names the first that the program made.
    return "$default" if "$default" in api.stages or not api.stages else next(iter(api.stages))
