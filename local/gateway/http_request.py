"""A request to an HTTP API as it arrives: held against the limits, read, and given its stage and its route.

Sources: "Create routes for HTTP APIs" (URL-encoded parameters are decoded for integrations), "Quotas for configuring
and running an HTTP API in API Gateway", "Map API stages to a custom domain name for HTTP APIs" (the mapping leads to
the stage, its key is no part of the path, and one of several levels makes the names of headers lower-case), "Disable
the default endpoint for HTTP APIs".
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final
from urllib.parse import unquote

from aiohttp import web

from apigateway import limits
from apigateway.json_path import JsonValue
from apigateway.mapping.data import Pairs, RequestData
from apigateway.route_keys import choose_http_route
from local.gateway import replies
from local.gateway.context import Client, LateContext, address_of, client_named, http_variables
from local.gateway.entrance import Entrance
from local.gateway.headers import HOP_BY_HOP, parse_query, read_end_to_end
from local.gateway.replies import Fault
from local.topology import HttpApi
from local.topology.http import HttpRoute
from local.topology.stages import Stage

_NOT_PASSED: Final = HOP_BY_HOP | {"expect"}
"""Request headers of the connection alone, and those that the gateway answers itself."""

_FRAME_BYTES: Final = len("  HTTP/1.1\r\n\r\n")


class RequestFault(Exception):  # noqa: N818 - it is an answer, not an error of the gateway
    """The request ends with an error of the gateway: what the client gets, and why."""

    def __init__(self, fault: Fault, reason: str, headers: Pairs = ()) -> None:
        self.fault = fault
        self.reason = reason
        self.headers = headers
        super().__init__(reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """What a client sent, but for the body."""

    method: str
    path: str
    """All of it, not decoded."""
    query: str
    """As it was sent."""
    headers: Pairs
    """Those of the connection alone are gone before anything is mapped: a client's ``Connection`` must not take away
    what a mapping adds."""
    client: Client
    address: tuple[str, int]
    """The gateway's own, by which it was called."""
    request_id: str
    at: float
    """Seconds since 1970."""
    entrance: Entrance | None
    """The custom domain name that it came by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anonymous:
    """Nobody was asked who calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """The caller has a token."""

    claims: Mapping[str, str]
    scopes: tuple[str, ...] | None
    """None where the route asks for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consented:
    """A function lets the caller in, and says this of it."""

    context: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """The caller signed the request."""

    key_id: str


Caller = Anonymous | Bearer | Consented | Signed


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """A request whose stage and route are known."""

    api: HttpApi
    arrived: Arrived
    stage: Stage
    route: HttpRoute
    data: RequestData
    """What mappings read of it."""
    caller: Caller = Anonymous()

    @property
    def decoded(self) -> RequestData:
        """The same as integrations are given it in headers, queries and a service's parameters.

        API Gateway decodes what the path has; a path that is made of it stays as the client wrote it.
        """
        if "%" not in self.arrived.path:
            return self.data
        data = self.data
        return replace(
            data,
            path=unquote(data.path),
            path_parameters={name: unquote(value) for name, value in data.path_parameters.items()},
            context={**data.context, "path": unquote(self.arrived.path)},
        )

    @property
    def staged_path(self) -> str:
        """The path with a stage's name before it where it has one, whichever way the request came; not decoded."""
        path = self.data.path
        return path if self.stage.name == "$default" else f"/{self.stage.name}{path}"

    @property
    def arn(self) -> str:
        """What is called: ``arn:aws:execute-api:us-east-1:123456789012:orders/dev/GET/pets``."""
        return f"{self.api.execution_arn}/{self.stage.name}/{self.arrived.method}{self.data.path}"


def arrive(request: web.BaseRequest, request_id: str, at: float, entrance: Entrance | None) -> Arrived:
    """Read what a client sent, but for the body. Raises ``RequestFault``."""
    headers, first, size = read_end_to_end(request.raw_headers, _NOT_PASSED)
    _check_size(request, size)
    target = request.raw_path
    if not target.startswith("/"):
        raise RequestFault(replies.BAD_REQUEST, "the target must be a path: API Gateway is no proxy")
    path, _, query = target.partition("?")
    if entrance is not None and entrance.lowers_names:
        headers = tuple((name.lower(), value) for name, value in headers)
    return Arrived(
        method=request.method,
        path=path,
        query=query,
        headers=headers,
        client=client_named(request, first.get("host"), first.get("user-agent")),
        address=address_of(request),
        request_id=request_id,
        at=at,
        entrance=entrance,
    )


def check_header_size(request: web.BaseRequest) -> None:
    """Refuse a request line and headers that are together larger than API Gateway takes."""
    _check_size(request, sum(len(name) + len(value) + 4 for name, value in request.raw_headers))


def _check_size(request: web.BaseRequest, header_bytes: int) -> None:
    target = request.raw_path
    size = len(target) if target.isascii() else len(target.encode("utf-8", "surrogateescape"))
    size += len(request.method) + _FRAME_BYTES + header_bytes
    if size > limits.HTTP_HEADER_BYTES:
        raise RequestFault(
            replies.HEADERS_TOO_LARGE,
            f"request line and headers may have {limits.HTTP_HEADER_BYTES} bytes together, got {size}",
        )


def choose_stage(api: HttpApi, arrived: Arrived) -> tuple[Stage, str]:
    """Return the stage of a request, and its path below the stage. Raises ``RequestFault``.

    A custom domain name leads to a stage; otherwise it is that which the first segment names, else ``$default``.
    """
    entrance = arrived.entrance
    if entrance is not None:
        if entrance.stage not in api.stages:
            raise _no_stage(api, f'{entrance.domain} leads to the stage "{entrance.stage}"')
        return api.stages[entrance.stage], entrance.path(arrived.path)
    if api.by_domain_alone:
        reason = "the API's own address is shut (disableExecuteApiEndpoint): call it by its domain"
        raise RequestFault(replies.NOT_FOUND, reason)
    first, slash, rest = arrived.path[1:].partition("/")
    if first != "$default" and first in api.stages:
        return api.stages[first], slash + rest or "/"
    if "$default" in api.stages:
        return api.stages["$default"], arrived.path
    raise _no_stage(api, f'"{first}" is no stage and there is no $default stage')


def _no_stage(api: HttpApi, reason: str) -> RequestFault:
    return RequestFault(replies.NOT_FOUND, f"{reason} (stages: {', '.join(api.stages) or 'none'})")


def choose_route(api: HttpApi, arrived: Arrived, path: str) -> tuple[HttpRoute, dict[str, str]] | None:
    """Return the route of a request, and what its variables stand for; None where no route takes it."""
    chosen = choose_http_route(api.routes, arrived.method, path)
    if chosen is None:
        return None
    key, parameters = chosen
    return api.routes[key], parameters


def no_route(api: HttpApi, arrived: Arrived, path: str) -> RequestFault:
    """Return the fault of a request that no route takes."""
    routes = ", ".join(map(str, api.routes)) or "none"
    return RequestFault(replies.NOT_FOUND, f"no route takes {arrived.method} {path} (routes: {routes})")


async def read_body(request: web.BaseRequest) -> bytes:
    """Read the whole body, up to what API Gateway takes."""
    if not request.body_exists:
        return b""
    if request.content_length is not None and request.content_length > limits.HTTP_PAYLOAD_BYTES:
        raise _too_large()
    body = bytearray()
    try:
        async for chunk in request.content.iter_any():
            body += chunk
            if len(body) > limits.HTTP_PAYLOAD_BYTES:
                raise _too_large()
    except (ConnectionError, web.RequestPayloadError) as error:
        raise RequestFault(replies.BAD_REQUEST, f"the client did not send the whole body: {error}") from error
    return bytes(body)


def _too_large() -> RequestFault:
    reason = f"the body may have {limits.HTTP_PAYLOAD_BYTES} bytes and has more"
    return RequestFault(replies.PAYLOAD_TOO_LARGE, reason)


def read_data(
    api: HttpApi, arrived: Arrived, stage: Stage, path: str, route: HttpRoute, parameters: dict[str, str], body: bytes
) -> RequestData:
    """Return what mappings read of a request."""
    return RequestData(
        headers=arrived.headers,
        query=parse_query(arrived.query) if arrived.query else (),
        path=path,
        path_parameters=parameters,
        body=body,
        context=LateContext(partial(_context, api, arrived, stage, route)),
        stage_variables=stage.variables,
    )


def _context(api: HttpApi, arrived: Arrived, stage: Stage, route: HttpRoute) -> dict[str, str]:
    return http_variables(
        client=arrived.client,
        api_id=api.api_id,
        account_id=api.account_id,
        request_id=arrived.request_id,
        at=arrived.at,
        method=arrived.method,
        path=arrived.path,
        stage=stage.name,
        route_key=str(route.key),
        mapping_key=arrived.entrance.key if arrived.entrance else None,
    )
