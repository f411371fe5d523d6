"""What the parts of a stack must be to each other: every check of one value alone is in its model.

Each check is a generator of problems; :func:`find_problems` runs them all. ``raw`` is what the file holds: a part
that is unsound by itself is missing from the settings, and yet other parts may refer to it.
"""

import ipaddress
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from apigateway.errors import ExpressionError, Problem
from apigateway.link_zones import LINK_ZONE_IDS
from apigateway.mapping import http, websocket
from apigateway.route_keys import HttpRouteKey
from apigateway.suggest import nearest

from .apis import HttpApi, WebSocketApi
from .backends import Backend
from .base import show
from .integrations import HttpIntegration, WebSocketIntegration, placeholders
from .network import SMALLEST_PRIVATE_VPC, SMALLEST_PUBLIC_VPC, NewNetwork
from .paths import format_path
from .stack import Settings

Location = tuple[int | str, ...]


def find_problems(settings: Settings, raw: Mapping[str, object], region: str | None = None) -> list[Problem]:
    """Return every problem between the parts of a stack, in the order of the file's sections."""
    return [
        *_check_tags(settings),
        *_check_network(settings, raw, region),
        *(found for name, backend in settings.backends.items() for found in _check_backend(name, backend)),
        *(found for name, api in settings.apis.items() for found in _check_api(name, api, settings, raw)),
        *_check_resource_names(settings),
    ]


def _at(message: str, *location: int | str) -> Problem:
    return Problem(format_path(location), message)


def _names(raw: Mapping[str, object], *location: str) -> list[str] | None:
    """Return the keys of a block of the file, sound or not.

    None where it cannot be known: what stands there is no block, or the block's own key is misspelt.
    """
    block: object = raw
    for key in location:
        if not isinstance(block, Mapping):
            return None
        if key not in block:
            return None if nearest(key, block) else []
        block = block[key]
    return list(block) if isinstance(block, Mapping) else None


def _refer(kind: str, name: str, known: list[str] | None, where: str) -> str | None:
    """Return what is wrong with a reference: nothing where the name is known, or the known names are not."""
    if known is None or name in known:
        return None
    near = nearest(name, known)
    more = f"did you mean {near}?" if near else f"known: {', '.join(known) or 'none'}"
    return f'no {kind} "{name}" under {where}; {more}'


def _check_distinct(values: Sequence[str], *at: int | str) -> Iterator[Problem]:
    for index, value in enumerate(values):
        if value in values[:index]:
            yield _at(f"{value} is named twice", *at, index)


_OWN_TAGS = ("Project", "Stack", "Name")
_MOST_TAGS = 50 - len(_OWN_TAGS)


def _check_tags(settings: Settings) -> Iterator[Problem]:
    """Keep the stack's tags apart from Gatelink's own; IAM does not tell keys apart by case (IAM User Guide)."""
    own = {key.lower(): key for key in _OWN_TAGS}
    for key in settings.tags:
        if key.lower() in own:
            yield _at(f"{own[key.lower()]} is added by Gatelink, and IAM takes both for one key", "tags", key)
    if len(settings.tags) > _MOST_TAGS:
        yield _at(f"must be at most {_MOST_TAGS}, for Gatelink adds three of 50, got {len(settings.tags)}", "tags")


def _check_network(settings: Settings, raw: Mapping[str, object], region: str | None) -> Iterator[Problem]:
    network = settings.network
    if network is None:
        backends = _names(raw, "backends")
        if backends and (raw.get("network", {}) is None or _names(raw, "network") == []):
            names = ", ".join(backends)
            yield _at(f"is required: the load balancers of these backends stand in it: {names}", "network")
        return
    if not isinstance(network, NewNetwork):
        subnets = network.private_subnet_ids
        yield from _check_distinct(subnets, "network", "privateSubnetIds")
        if len(set(subnets)) < 2:
            yield _at(f"must name at least two subnets, got {show(subnets)}", "network", "privateSubnetIds")
        if not 16 <= ipaddress.IPv4Network(network.cidr).prefixlen <= 28:
            yield _at(f'must be /16 to /28, as a VPC is, got "{network.cidr}"', "network", "cidr")
        return
    zones = LINK_ZONE_IDS.get(region or "")
    if zones is not None and network.availability_zones > len(zones):
        known = f"the zones of {region} where VPC links exist are {', '.join(zones)}"
        message = f"must be at most {len(zones)}, got {network.availability_zones}: {known}"
        yield _at(message, "network", "availabilityZones")
    smallest = SMALLEST_PRIVATE_VPC if network.nat_gateways == "none" else SMALLEST_PUBLIC_VPC
    prefix = ipaddress.IPv4Network(network.cidr).prefixlen
    if not 16 <= prefix <= smallest:
        kind = "too small" if prefix > smallest else "too large"
        why = "" if network.nat_gateways == "none" else " with public subnets for NAT gateways"
        yield _at(f'is {kind}: a VPC must be /16 to /{smallest}{why}, got "{network.cidr}"', "network", "cidr")
    yield from _check_distinct([endpoint.service for endpoint in network.vpc_endpoints], "network", "vpcEndpoints")


_PROTOCOLS = {"network": ("TCP", "TLS"), "application": ("HTTP", "HTTPS")}


def _check_backend(name: str, backend: Backend) -> Iterator[Problem]:
    at: Location = ("backends", name)
    allowed = _PROTOCOLS[backend.load_balancer]
    if name.startswith("sg-"):
        yield _at("must not begin with sg-: it names a security group, and EC2 keeps that prefix for ids", *at)
    for side, protocol in (("listener", backend.listener_protocol), ("target", backend.target_protocol)):
        if protocol not in allowed:
            message = f"must be {' or '.join(allowed)} with loadBalancer {backend.load_balancer}, got {show(protocol)}"
            yield _at(message, *at, side, "protocol")
    if (backend.listener_protocol, backend.target_protocol) == ("TCP", "TLS"):
        # Elastic Load Balancing, "Target groups for your Network Load Balancers": TLS targets need a TLS listener.
        yield _at("must be TCP where the listener speaks TCP, which passes TLS on as it is", *at, "target", "protocol")
    yield from _check_tls(backend, at)
    yield from _check_targets(backend, (*at, "target"))


def _check_tls(backend: Backend, at: Location) -> Iterator[Problem]:
    """Want a certificate and the name on it for a TLS listener, and neither certificate nor policy for a plain one."""
    protocol, listener = backend.listener_protocol, backend.listener
    if backend.is_secure:
        if listener.certificate_arn is None:
            yield _at(f"is required where the listener speaks {protocol}", *at, "listener", "certificateArn")
        if backend.host_name is None:
            message = f"is required where the listener speaks {protocol}: the name that its certificate bears"
            yield _at(message, *at, "hostName")
        return
    secure = _PROTOCOLS[backend.load_balancer][1]
    for key, value in (("certificateArn", listener.certificate_arn), ("sslPolicy", listener.ssl_policy)):
        if value is not None:
            yield _at(f"needs a listener that speaks {secure}, got {protocol}", *at, "listener", key)


def _check_targets(backend: Backend, at: Location) -> Iterator[Problem]:
    check, protocol = backend.target.health_check, backend.health_check_protocol
    if protocol == "TCP" and check.path is not None:
        yield _at("needs an HTTP or HTTPS health check, got protocol TCP", *at, "healthCheck", "path")
    if protocol == "TCP" and backend.load_balancer == "application":
        message = 'must be HTTP or HTTPS behind an application load balancer, got "TCP"'
        yield _at(message, *at, "healthCheck", "protocol")
    yield from _check_distinct(backend.target.addresses, *at, "addresses")


def _check_api(
    name: str, api: WebSocketApi | HttpApi, settings: Settings, raw: Mapping[str, object]
) -> Iterator[Problem]:
    at: Location = ("apis", name)
    yield from _check_references(name, api, raw)
    match api:
        case WebSocketApi():
            websocket_choices = {key: route.integration for key, route in api.routes.items()}
            for place, websocket_spec, keys in with_places(api.integrations, websocket_choices):
                yield from _check_backend_of(websocket_spec.backend, (*at, *place), api, settings, raw)
                yield from _check_websocket_integration(websocket_spec, (*at, *place), keys)
        case HttpApi():
            http_choices = {key: route.integration for key, route in api.routes.items()}
            for place, http_spec, keys in with_places(api.integrations, http_choices):
                yield from _check_backend_of(http_spec.backend, (*at, *place), api, settings, raw)
                yield from _check_http_integration(http_spec, (*at, *place), keys, settings)


def _check_references(name: str, api: WebSocketApi | HttpApi, raw: Mapping[str, object]) -> Iterator[Problem]:
    at: Location = ("apis", name)
    known_routes = _names(raw, "apis", name, "routes")
    if not known_routes:
        yield _at("must hold at least one route", *at, "routes")
    known_integrations = _names(raw, "apis", name, "integrations")
    for key, route in api.routes.items():
        if isinstance(route.integration, str):
            problem = _refer("integration", route.integration, known_integrations, f"apis.{name}.integrations")
            if problem:
                yield _at(problem, *at, "routes", key, "integration")
    for key in api.stage.route_settings:
        problem = _refer("route", key, known_routes, f"apis.{name}.routes")
        if problem:
            yield _at(problem, *at, "stage", "routeSettings", key)


IntegrationSpec = TypeVar("IntegrationSpec", WebSocketIntegration, HttpIntegration)


def with_places(
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
    unknown = _refer("backend", name, _names(raw, "backends"), "backends")
    if unknown:
        yield _at(unknown, *at, "backend")
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
    yield from _check_headers(websocket.check_distinct, integration.request_parameters, (*at, "requestParameters"))
    mapped_path_names = set()
    for destination, source in integration.request_parameters.items():
        if destination.location == "path":
            mapped_path_names.add(destination.name)
        for key in keys:
            reason = websocket.check_route(source, key)
            if reason:
                yield _at(reason, *at, "requestParameters", str(destination))
    for placeholder in placeholders(integration.path):
        if placeholder not in mapped_path_names:
            message = f"{{{placeholder}}} is filled by nothing; map integration.request.path.{placeholder}"
            yield _at(message, *at, "path")


def _check_http_integration(
    integration: HttpIntegration, at: Location, keys: list[str], settings: Settings
) -> Iterator[Problem]:
    yield from _check_headers(http.check_distinct, integration.request_parameters, (*at, "requestParameters"))
    for destination, template in integration.request_parameters.items():
        place = (*at, "requestParameters", str(destination))
        yield from _check_pair(destination, template, place)
        yield from _check_path_parameters(template, place, keys)
    for status, mappings in integration.response_parameters.items():
        if not mappings:
            yield _at("must hold at least one mapping; leave the status out", *at, "responseParameters", status)
        yield from _check_headers(http.check_distinct, mappings, (*at, "responseParameters", status))
        for response_destination, template in mappings.items():
            place = (*at, "responseParameters", status, str(response_destination))
            yield from _check_pair(response_destination, template, place)
    if integration.path is not None:
        yield from _check_http_path(integration.path, (*at, "path"), keys)
    if integration.path is not None and any(d.location == "path" for d in integration.request_parameters):
        yield _at("means overwrite:path, which requestParameters gives too; keep one of the two", *at, "path")
    backend = settings.backends.get(integration.backend)
    # A TCP listener passes TLS on to its targets.
    if integration.tls_config and backend and backend.listener_protocol == "HTTP":
        message = f'needs a listener other than HTTP; that of backend "{integration.backend}" speaks HTTP'
        yield _at(message, *at, "tlsConfig")


def _check_http_path(path: str, place: Location, keys: list[str]) -> Iterator[Problem]:
    """Hold a path against the grammar of ``overwrite:path``, which has variables and no placeholders."""
    try:
        template = http.Template.parse(path)
    except ExpressionError as error:
        yield _at(str(error), *place)
        return
    yield from _check_path_parameters(template, place, keys)
    for name in placeholders(path):
        yield _at(f"{{{name}}} is filled by nothing; write ${{request.path.{name}}}", *place)


def _check_path_parameters(template: http.Template, place: Location, keys: list[str]) -> Iterator[Problem]:
    for parameter in template.path_parameters():
        for key in keys:
            if parameter not in HttpRouteKey.parse(key).variables:
                yield _at(f'the route {key} has no path variable {{{parameter}}}, got "{template}"', *place)


def _check_resource_names(settings: Settings) -> Iterator[Problem]:
    """Report two routes or integrations of different APIs that would make one resource name.

    A resource is named by its API and its own name with a hyphen between, so ``b-x`` of the API ``a`` would meet ``x``
    of the API ``a-b``.
    """
    for name, api in settings.apis.items():
        for other_name, other in settings.apis.items():
            if other.protocol != api.protocol or not other_name.startswith(f"{name}-"):
                continue
            prefix = f"{other_name.removeprefix(f'{name}-')}-"
            for block, keys, others in (
                ("routes", api.routes, other.routes),
                ("integrations", api.integrations, other.integrations),
            ):
                for key in keys:
                    if key.startswith(prefix) and key.removeprefix(prefix) in others:
                        there = format_path(("apis", other_name, block, key.removeprefix(prefix)))
                        yield _at(
                            f"makes the same resource name as {there}; rename one of the two", "apis", name, block, key
                        )


Destination = TypeVar("Destination", bound=Hashable)


def _check_headers(
    check: Callable[[Iterable[Destination]], None], mappings: Mapping[Destination, object], at: Location
) -> Iterator[Problem]:
    """Report a header that is mapped twice, its name in different cases."""
    try:
        check(mappings)
    except ExpressionError as error:
        yield _at(error.reason, *at, error.expression)


def _check_pair(
    destination: http.RequestDestination | http.ResponseDestination, template: http.Template, place: Location
) -> Iterator[Problem]:
    try:
        http.check_pair(destination, template)
    except ExpressionError as error:
        yield _at(str(error), *place)
