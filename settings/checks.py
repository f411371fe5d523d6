"""What the parts of a stack must be to each other: every check of one value alone is in its model.

Each check is a generator of problems; :func:`find_problems` runs them all. ``raw`` is what the file holds: a part
that is unsound by itself is missing from the settings, and yet other parts may refer to it.
"""

import ipaddress
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from apigateway.errors import ExpressionError, Problem
from apigateway.mapping import http, websocket
from apigateway.route_keys import HttpRouteKey
from apigateway.suggest import nearest

from .apis import HttpApi, WebSocketApi
from .backends import Backend
from .base import show
from .integrations import HttpIntegration, WebSocketIntegration
from .network import SMALLEST_PRIVATE_VPC, SMALLEST_PUBLIC_VPC, NewNetwork
from .paths import format_path
from .stack import Settings

Location = tuple[int | str, ...]


def find_problems(settings: Settings, raw: Mapping[str, object]) -> list[Problem]:
    """Return every problem between the parts of a stack, in the order of the file's sections."""
    return [
        *_check_network(settings, raw),
        *(found for name, backend in settings.backends.items() for found in _check_backend(name, backend)),
        *(found for name, api in settings.apis.items() for found in _check_api(name, api, settings, raw)),
    ]


def find_warnings(settings: Settings) -> list[Problem]:
    """Return what AWS accepts and yet is most likely not what the user wants."""
    return [
        *(found for name, api in settings.apis.items() for found in _warn_of_idle_parts(name, api)),
        *(found for name, api in settings.apis.items() for found in _warn_of_quotes(name, api)),
        *_warn_of_no_way_back(settings),
    ]


def _at(message: str, *location: int | str) -> Problem:
    return Problem(format_path(location), message)


def _names(raw: Mapping[str, object], *location: str) -> list[str]:
    """Return the keys of a block of the file, sound or not."""
    block: object = raw
    for key in location:
        block = block.get(key) if isinstance(block, Mapping) else None
    return [str(key) for key in block] if isinstance(block, Mapping) else []


def _unknown(kind: str, name: str, known: list[str], where: str) -> str:
    near = nearest(name, known)
    more = f"did you mean {near}?" if near else f"known: {', '.join(known) or 'none'}"
    return f'no {kind} "{name}" under {where}; {more}'


def _check_network(settings: Settings, raw: Mapping[str, object]) -> Iterator[Problem]:
    network = settings.network
    if network is None:
        if settings.backends and "network" not in raw:
            names = ", ".join(settings.backends)
            yield _at(f"is required: the load balancers of these backends stand in it: {names}", "network")
        return
    if not isinstance(network, NewNetwork):
        if len(set(network.private_subnet_ids)) < 2:
            message = f"must name at least two subnets, got {show(list(network.private_subnet_ids))}"
            yield _at(message, "network", "privateSubnetIds")
        return
    smallest = SMALLEST_PRIVATE_VPC if network.nat_gateways == "none" else SMALLEST_PUBLIC_VPC
    prefix = ipaddress.IPv4Network(network.cidr).prefixlen
    if not 16 <= prefix <= smallest:
        kind = "too small" if prefix > smallest else "too large"
        why = "" if network.nat_gateways == "none" else " with public subnets for NAT gateways"
        yield _at(f'is {kind}: a VPC must be /16 to /{smallest}{why}, got "{network.cidr}"', "network", "cidr")
    services = [endpoint.service for endpoint in network.vpc_endpoints]
    for index, service in enumerate(services):
        if service in services[:index]:
            yield _at(f"{service} is named twice", "network", "vpcEndpoints", index)


_PROTOCOLS = {"network": ("TCP", "TLS"), "application": ("HTTP", "HTTPS")}


def _check_backend(name: str, backend: Backend) -> Iterator[Problem]:
    at: Location = ("backends", name)
    allowed = _PROTOCOLS[backend.load_balancer]
    for side, protocol in (("listener", backend.listener_protocol), ("target", backend.target_protocol)):
        if protocol not in allowed:
            message = f"must be {' or '.join(allowed)} in front of a backend with loadBalancer {backend.load_balancer}"
            yield _at(f"{message}, got {show(protocol)}", *at, side, "protocol")
    yield from _check_tls(backend, at)
    yield from _check_targets(backend, (*at, "target"))


def _check_tls(backend: Backend, at: Location) -> Iterator[Problem]:
    """Want a certificate and the name on it for a TLS listener, and neither certificate nor policy for a plain one."""
    protocol, listener = backend.listener_protocol, backend.listener
    if backend.is_secure:
        if listener.certificate_arn is None:
            yield _at(f"is required with a {protocol} listener", *at, "listener", "certificateArn")
        if backend.host_name is None:
            yield _at(f"is required with a {protocol} listener: the name that its certificate bears", *at, "hostName")
        return
    secure = _PROTOCOLS[backend.load_balancer][1]
    for key, value in (("certificateArn", listener.certificate_arn), ("sslPolicy", listener.ssl_policy)):
        if value is not None:
            yield _at(f"needs a {secure} listener, got {protocol}", *at, "listener", key)


def _check_targets(backend: Backend, at: Location) -> Iterator[Problem]:
    check, protocol = backend.target.health_check, backend.health_check_protocol
    if protocol == "TCP" and check.path is not None:
        yield _at("needs an HTTP or HTTPS health check, got protocol TCP", *at, "healthCheck", "path")
    if protocol == "TCP" and backend.load_balancer == "application":
        message = 'must be HTTP or HTTPS behind an application load balancer, got "TCP"'
        yield _at(message, *at, "healthCheck", "protocol")
    addresses = backend.target.addresses
    for index, address in enumerate(addresses):
        if address in addresses[:index]:
            yield _at(f"{address} is named twice", *at, "addresses", index)


def _check_api(
    name: str, api: WebSocketApi | HttpApi, settings: Settings, raw: Mapping[str, object]
) -> Iterator[Problem]:
    at: Location = ("apis", name)
    if not _names(raw, "apis", name, "routes"):
        yield _at("must hold at least one route", *at, "routes")
    known_integrations = _names(raw, "apis", name, "integrations")
    for key, route in api.routes.items():
        choice = route.integration
        if isinstance(choice, str) and choice not in known_integrations:
            message = _unknown("integration", choice, known_integrations, f"apis.{name}.integrations")
            yield _at(message, *at, "routes", key, "integration")
    known_routes = _names(raw, "apis", name, "routes")
    for key in api.stage.route_settings:
        if key not in known_routes:
            message = _unknown("route", key, known_routes, f"apis.{name}.routes")
            yield _at(message, *at, "stage", "routeSettings", key)
    match api:
        case WebSocketApi():
            websocket_choices = {key: route.integration for key, route in api.routes.items()}
            for place, websocket_spec, keys in _with_places(api.integrations, websocket_choices):
                yield from _check_backend_of(websocket_spec.backend, (*at, *place), api, settings, raw)
                yield from _check_websocket_integration(websocket_spec, (*at, *place), keys)
        case HttpApi():
            http_choices = {key: route.integration for key, route in api.routes.items()}
            for place, http_spec, keys in _with_places(api.integrations, http_choices):
                yield from _check_backend_of(http_spec.backend, (*at, *place), api, settings, raw)
                yield from _check_http_integration(http_spec, (*at, *place), keys, settings)


IntegrationSpec = TypeVar("IntegrationSpec", WebSocketIntegration, HttpIntegration)


def _with_places(
    shared: Mapping[str, IntegrationSpec], choices: Mapping[str, IntegrationSpec | str]
) -> Iterator[tuple[Location, IntegrationSpec, list[str]]]:
    """Yield each integration with its place in the API and the keys of the routes that use it."""
    for name, integration in shared.items():
        yield ("integrations", name), integration, [key for key, choice in choices.items() if choice == name]
    for key, choice in choices.items():
        if not isinstance(choice, str):
            yield ("routes", key, "integration"), choice, [key]


def _check_backend_of(
    name: str, at: Location, api: WebSocketApi | HttpApi, settings: Settings, raw: Mapping[str, object]
) -> Iterator[Problem]:
    known = _names(raw, "backends")
    if name not in known:
        yield _at(_unknown("backend", name, known, "backends"), *at, "backend")
        return
    backend = settings.backends.get(name)
    if backend is None or isinstance(api, HttpApi):
        return
    if backend.load_balancer != "network":
        message = (
            f'must be a backend with a network load balancer, got "{name}", which has an {backend.load_balancer} '
            "load balancer: the VPC links that WebSocket APIs can use lead to network load balancers only"
        )
        yield _at(message, *at, "backend")
    port = backend.listener.port
    if port not in (80, 443) and port < 1024:
        message = f'must listen on port 80, 443 or 1024 to 65535 for a WebSocket API, got "{name}" on port {port}'
        yield _at(message, *at, "backend")


def _check_websocket_integration(integration: WebSocketIntegration, at: Location, keys: list[str]) -> Iterator[Problem]:
    yield from _check_distinct(lambda: websocket.check_distinct(integration.request_parameters), at)
    mapped_path_names = set()
    for destination, source in integration.request_parameters.items():
        if destination.location == "path":
            mapped_path_names.add(destination.name)
        for key in keys:
            reason = websocket.check_route(source, key)
            if reason:
                yield _at(f'{reason}, got "{source}" on route {key}', *at, "requestParameters", str(destination))
    for placeholder in integration.placeholders:
        if placeholder not in mapped_path_names:
            message = f"{{{placeholder}}} is filled by nothing; map integration.request.path.{placeholder}"
            yield _at(message, *at, "path")


def _check_http_integration(
    integration: HttpIntegration, at: Location, keys: list[str], settings: Settings
) -> Iterator[Problem]:
    yield from _check_distinct(lambda: http.check_distinct(integration.request_parameters), at)
    for destination, template in integration.request_parameters.items():
        place = (*at, "requestParameters", str(destination))
        yield from _check_pair(destination, template, place)
        for parameter in template.path_parameters():
            for key in keys:
                if parameter not in HttpRouteKey.parse(key).variables:
                    yield _at(f'the route {key} has no path variable {{{parameter}}}, got "{template}"', *place)
    for status, mappings in integration.response_parameters.items():
        for response_destination, template in mappings.items():
            place = (*at, "responseParameters", status, str(response_destination))
            yield from _check_pair(response_destination, template, place)
    if integration.path is not None and any(d.location == "path" for d in integration.request_parameters):
        yield _at("means overwrite:path, which requestParameters gives too; keep one of the two", *at, "path")
    backend = settings.backends.get(integration.backend)
    if integration.tls_config and backend and not backend.is_secure:
        message = (
            f'needs a TLS or HTTPS listener; backend "{integration.backend}" listens with {backend.listener_protocol}'
        )
        yield _at(message, *at, "tlsConfig")


def _check_pair(
    destination: http.RequestDestination | http.ResponseDestination, template: http.Template, place: Location
) -> Iterator[Problem]:
    try:
        http.check_pair(destination, template)
    except ExpressionError as error:
        yield _at(str(error), *place)


def _check_distinct(check: Callable[[], None], at: Location) -> Iterator[Problem]:
    try:
        check()
    except ExpressionError as error:
        yield _at(error.reason, *at, "requestParameters", error.expression)


def _warn_of_idle_parts(name: str, api: WebSocketApi | HttpApi) -> Iterator[Problem]:
    used = {route.integration for route in api.routes.values() if isinstance(route.integration, str)}
    for integration in api.integrations:
        if integration not in used:
            yield _at("is used by no route and is not provisioned", "apis", name, "integrations", integration)


def _warn_of_quotes(name: str, api: WebSocketApi | HttpApi) -> Iterator[Problem]:
    if isinstance(api, WebSocketApi):
        return
    choices = {key: route.integration for key, route in api.routes.items()}
    for place, integration, _keys in _with_places(api.integrations, choices):
        for destination, template in integration.request_parameters.items():
            warning = template.warning()
            if warning and destination.action != "remove":
                yield _at(warning, "apis", name, *place, "requestParameters", str(destination))


def _warn_of_no_way_back(settings: Settings) -> Iterator[Problem]:
    """Warn where backends cannot call ``connectionsUrl``, which is a public name."""
    network = settings.network
    websocket_apis = [name for name, api in settings.apis.items() if isinstance(api, WebSocketApi)]
    if isinstance(network, NewNetwork) and network.nat_gateways == "none" and websocket_apis:
        names = ", ".join(websocket_apis)
        message = (
            f"is none: no backend in this VPC can call connectionsUrl of {names} (VPC endpoints serve "
            "private REST APIs only); set it to single or perZone, unless backends never post to a connection"
        )
        yield _at(message, "network", "natGateways")
