"""What AWS accepts and yet is most likely not what the user wants."""

from collections.abc import Iterator

from apigateway.errors import Problem
from apigateway.mapping.variables import StageVariable

from .api_checks import with_places
from .apis import HttpApi, WebSocketApi
from .finding import Location
from .network import NewNetwork
from .paths import format_path
from .stack import Settings


def find_warnings(settings: Settings) -> list[Problem]:
    """Return every doubt about a stack that has no problems."""
    return [
        *([] if settings.apis else [_warn("holds no API, so nothing is served", "apis")]),
        *(found for name, api in settings.apis.items() for found in _warn_of_a_fixed_selection(name, api)),
        *(found for name, api in settings.apis.items() for found in _warn_of_idle_parts(name, api)),
        *(found for name, api in settings.apis.items() for found in _warn_of_quotes(name, api)),
        *(found for name, api in settings.apis.items() for found in _warn_of_missing_variables(name, api)),
        *_warn_of_no_way_back(settings),
        *_warn_of_captured_names(settings),
    ]


def _warn(message: str, *location: int | str) -> Problem:
    return Problem(format_path(location), message)


def _warn_of_a_fixed_selection(name: str, api: WebSocketApi | HttpApi) -> Iterator[Problem]:
    """Warn of an expression that selects the same route for every message, most likely for want of a ``$``."""
    if isinstance(api, WebSocketApi) and "$" not in str(api.route_selection_expression):
        fixed = str(api.route_selection_expression)
        message = f'selects the route "{fixed}" for every message: a part of the message is written $request.body.NAME'
        yield _warn(message, "apis", name, "routeSelectionExpression")


def _warn_of_idle_parts(name: str, api: WebSocketApi | HttpApi) -> Iterator[Problem]:
    used = {route.integration for route in api.routes.values() if isinstance(route.integration, str)}
    for integration in api.integrations:
        if integration not in used:
            yield _warn("is used by no route and is not provisioned", "apis", name, "integrations", integration)


def _warn_of_quotes(name: str, api: WebSocketApi | HttpApi) -> Iterator[Problem]:
    """Warn of values in quotes, which a WebSocket API's mapping has and an HTTP API's sends."""
    if isinstance(api, WebSocketApi):
        return
    choices = {key: route.integration for key, route in api.routes.items()}
    for place, integration, _ in with_places(api.integrations, choices):
        values = {("requestParameters", str(to)): value for to, value in integration.request_parameters.items()} | {
            ("responseParameters", status, str(to)): value
            for status, mappings in integration.response_parameters.items()
            for to, value in mappings.items()
        }
        for at, value in values.items():
            if warning := value.warning():
                yield _warn(warning, "apis", name, *place, *at)


def _warn_of_missing_variables(name: str, api: WebSocketApi | HttpApi) -> Iterator[Problem]:
    """Warn of mappings that read a stage variable which the stage does not have: the backend would be told nothing."""
    for place, to, variable in _stage_variables(api):
        if variable not in api.stage.variables:
            message = f"reads the stage variable {variable}, which the stage does not have"
            yield _warn(message, "apis", name, *place, "requestParameters", to)


def _stage_variables(api: WebSocketApi | HttpApi) -> Iterator[tuple[Location, str, str]]:
    """Yield the place of an integration, a destination and the name of each stage variable that is read for it."""
    match api:
        case WebSocketApi():
            websocket_choices = {key: route.integration for key, route in api.routes.items()}
            for place, websocket_spec, _ in with_places(api.integrations, websocket_choices):
                for destination, source in websocket_spec.request_parameters.items():
                    if isinstance(source, StageVariable):
                        yield place, str(destination), source.name
        case HttpApi():
            http_choices = {key: route.integration for key, route in api.routes.items()}
            for place, http_spec, _ in with_places(api.integrations, http_choices):
                for to, template in http_spec.request_parameters.items():
                    for variable in template.variables:
                        if isinstance(variable, StageVariable):
                            yield place, str(to), variable.name


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
        yield _warn(message, "network", "natGateways")


def _warn_of_captured_names(settings: Settings) -> Iterator[Problem]:
    """Warn of private DNS that takes public names away, or that has no effect.

    Source: API Gateway Developer Guide, "Private REST APIs": with private DNS, the endpoint answers for every
    ``*.execute-api`` name of the Region, and answers public APIs with 403.
    """
    if not isinstance(settings.network, NewNetwork):
        return
    for index, endpoint in enumerate(settings.network.vpc_endpoints):
        at = ("network", "vpcEndpoints", index, "privateDns")
        if endpoint.is_gateway and endpoint.private_dns is not None:
            yield _warn(f"has no effect: the endpoint for {endpoint.service} is a gateway endpoint", *at)
        elif endpoint.service == "execute-api" and endpoint.private_dns:
            message = "captures the names of every API of the Region in this VPC, connectionsUrl included, with 403"
            yield _warn(message, *at)
