"""How a request to an HTTP API arrives: held against the limits, read, and given its stage and its route.

Sources: "Create routes for HTTP APIs", "Map API stages to a custom domain name for HTTP APIs" (the mapping leads to the
stage, its key is no part of the path, and one of several levels makes the names of headers lower-case), "Disable the
default endpoint for HTTP APIs".
"""

from functools import partial
from typing import Final

from aiohttp import web

from apigateway.mapping.data import RequestData
from apigateway.route_keys import choose_http_route
from local.gateway import replies
from local.gateway.context import address_of, client_named
from local.gateway.entrance import Entrance
from local.gateway.headers import HOP_BY_HOP, parse_query, read_end_to_end
from local.gateway.http.context import LateContext, http_variables
from local.gateway.http.request import Arrived
from local.gateway.receiving import check_size
from local.gateway.replies import RequestFault
from local.topology import HttpApi
from local.topology.http import HttpRoute
from local.topology.stages import Stage

_NOT_PASSED: Final = HOP_BY_HOP | {"expect"}
"""Request headers of the connection alone, and those that the gateway answers itself."""


def arrive(request: web.BaseRequest, request_id: str, at: float, entrance: Entrance | None) -> Arrived:
    """Read what a client sent, but for the body. Raises ``RequestFault``."""
    headers, first, size = read_end_to_end(request.raw_headers, _NOT_PASSED)
    check_size(request, size)
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
