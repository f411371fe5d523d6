"""What APIs, their routes and integrations must be to each other and to the backends."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import TypeVar

from apigateway.errors import ExpressionError, Problem
from apigateway.mapping import http, websocket
from apigateway.route_keys import HttpRouteKey

from .apis import HttpApi, WebSocketApi
from .finding import Location, names_of, problem_at, refer
from .integrations import HttpIntegration, WebSocketIntegration, placeholders
from .paths import format_path
from .stack import Settings


def check_api(
    name: str, api: WebSocketApi | HttpApi, settings: Settings, raw: Mapping[str, object]
) -> Iterator[Problem]:
    """Check an API's references, its stage, and each integration with the routes that use it."""
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
    known_routes = names_of(raw, "apis", name, "routes")
    if not known_routes:
        yield problem_at("must hold at least one route", *at, "routes")
    known_integrations = names_of(raw, "apis", name, "integrations")
    for key, route in api.routes.items():
        if isinstance(route.integration, str):
            problem = refer("integration", route.integration, known_integrations, f"apis.{name}.integrations")
            if problem:
                yield problem_at(problem, *at, "routes", key, "integration")
    for key in api.stage.route_settings:
        problem = refer("route", key, known_routes, f"apis.{name}.routes")
        if problem:
            yield problem_at(problem, *at, "stage", "routeSettings", key)


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
    unknown = refer("backend", name, names_of(raw, "backends"), "backends")
    if unknown:
        yield problem_at(unknown, *at, "backend")
    backend = settings.backends.get(name)
    if backend is None or isinstance(api, HttpApi):
        return
    if backend.load_balancer != "network":
        message = (
            f'must be a backend with a network load balancer, got "{name}", which has an {backend.load_balancer} '
            "load balancer: the VPC links that WebSocket APIs can use lead to network load balancers only"
        )
        yield problem_at(message, *at, "backend")
    port = backend.listener.port
    if port not in (80, 443) and port < 1024:
        message = f'must listen on port 80, 443 or 1024 to 65535 for a WebSocket API, got "{name}" on port {port}'
        yield problem_at(message, *at, "backend")


def _check_websocket_integration(integration: WebSocketIntegration, at: Location, keys: list[str]) -> Iterator[Problem]:
    yield from _check_headers(websocket.check_distinct, integration.request_parameters, (*at, "requestParameters"))
    mapped_path_names = set()
    for destination, source in integration.request_parameters.items():
        if destination.location == "path":
            mapped_path_names.add(destination.name)
        for key in keys:
            reason = websocket.check_route(source, key)
            if reason:
                yield problem_at(reason, *at, "requestParameters", str(destination))
    for placeholder in placeholders(integration.path):
        if placeholder not in mapped_path_names:
            message = f"{{{placeholder}}} is filled by nothing; map integration.request.path.{placeholder}"
            yield problem_at(message, *at, "path")


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
            yield problem_at("must hold at least one mapping; leave the status out", *at, "responseParameters", status)
        yield from _check_headers(http.check_distinct, mappings, (*at, "responseParameters", status))
        for response_destination, template in mappings.items():
            place = (*at, "responseParameters", status, str(response_destination))
            yield from _check_pair(response_destination, template, place)
    if integration.path is not None:
        yield from _check_http_path(integration.path, (*at, "path"), keys)
    if integration.path is not None and any(d.location == "path" for d in integration.request_parameters):
        yield problem_at("means overwrite:path, which requestParameters gives too; keep one of the two", *at, "path")
    backend = settings.backends.get(integration.backend)
    # A TCP listener passes TLS on to its targets.
    if integration.tls_config and backend and backend.listener_protocol == "HTTP":
        message = f'needs a listener other than HTTP; that of backend "{integration.backend}" speaks HTTP'
        yield problem_at(message, *at, "tlsConfig")


def _check_http_path(path: str, place: Location, keys: list[str]) -> Iterator[Problem]:
    """Hold a path against the grammar of ``overwrite:path``, which has variables and no placeholders."""
    try:
        template = http.Template.parse(path)
    except ExpressionError as error:
        yield problem_at(str(error), *place)
        return
    yield from _check_path_parameters(template, place, keys)
    for name in placeholders(path):
        yield problem_at(f"{{{name}}} is filled by nothing; write ${{request.path.{name}}}", *place)


def _check_path_parameters(template: http.Template, place: Location, keys: list[str]) -> Iterator[Problem]:
    for parameter in template.path_parameters():
        for key in keys:
            if parameter not in HttpRouteKey.parse(key).variables:
                yield problem_at(f'the route {key} has no path variable {{{parameter}}}, got "{template}"', *place)


def check_resource_names(settings: Settings) -> Iterator[Problem]:
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
                        yield problem_at(
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
        yield problem_at(error.reason, *at, error.expression)


def _check_pair(
    destination: http.RequestDestination | http.ResponseDestination, template: http.Template, place: Location
) -> Iterator[Problem]:
    try:
        http.check_pair(destination, template)
    except ExpressionError as error:
        yield problem_at(str(error), *place)
