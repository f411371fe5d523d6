"""What an integration of a WebSocket API must be: its mappings to its routes, its answers to what they promise."""

from collections.abc import Iterator

from apigateway.errors import Problem
from apigateway.mapping import websocket
from apigateway.paths import Location
from apigateway.rules import integrations as rules
from apigateway.rules import mappings

from .apis import WebSocketApi
from .finding import problem_at
from .integration_checks import check_call, check_headers
from .integrations import (
    WebSocketAwsIntegration,
    WebSocketIntegration,
    WebSocketPrivateHttpIntegration,
    WebSocketPrivateProxyIntegration,
    WebSocketPublicHttpIntegration,
    WebSocketPublicProxyIntegration,
    WebSocketTemplatedIntegration,
    placeholders,
)


def check_websocket_integration(
    integration: WebSocketIntegration, at: Location, keys: list[str], api: WebSocketApi
) -> Iterator[Problem]:
    """Check one integration; ``keys`` are those of the routes that use it."""
    yield from _check_mapping(integration, at, keys)
    if isinstance(integration, WebSocketTemplatedIntegration):
        yield from _check_templates(integration, at)
        yield from _check_answers(integration, at, [key for key in keys if api.routes[key].route_response])
    if isinstance(integration, WebSocketAwsIntegration):
        yield from check_call(integration, at)


def _check_mapping(integration: WebSocketIntegration, at: Location, keys: list[str]) -> Iterator[Problem]:
    yield from check_headers(websocket.check_distinct(integration.request_parameters), (*at, "requestParameters"))
    filled = {to.name for to in integration.request_parameters if to.location == "path"}
    for destination, source in integration.request_parameters.items():
        for key in keys:
            reason = websocket.check_route(source, key)
            if reason:
                place = (*at, "requestParameters", str(destination))
                yield problem_at(mappings.WEBSOCKET_SOURCE_ROUTE, reason, *place)
    key, path = _path_of(integration)
    for name in placeholders(path):
        if name not in filled:
            message = f"{{{name}}} is filled by nothing; map integration.request.path.{name}"
            yield problem_at(mappings.PLACEHOLDER, message, *at, key)


def _path_of(integration: WebSocketIntegration) -> tuple[str, str]:
    """Return the property that may hold placeholders, and its value."""
    match integration:
        case WebSocketPrivateProxyIntegration() | WebSocketPrivateHttpIntegration():
            return "path", integration.path
        case WebSocketPublicProxyIntegration() | WebSocketPublicHttpIntegration():
            return "integrationUri", integration.integration_uri
        case _:
            return "integrationUri", ""


def _check_templates(integration: WebSocketTemplatedIntegration, at: Location) -> Iterator[Problem]:
    if integration.template_selection_expression is not None and not integration.request_templates:
        message = "selects one of requestTemplates, and there are none"
        yield problem_at(mappings.TEMPLATE_SELECTION, message, *at, "templateSelectionExpression")
    for key, response in integration.integration_responses.items():
        if response.template_selection_expression is not None and not response.response_templates:
            message = "selects one of responseTemplates, and there are none"
            place = (*at, "integrationResponses", key, "templateSelectionExpression")
            yield problem_at(mappings.TEMPLATE_SELECTION, message, *place)


def _check_answers(integration: WebSocketTemplatedIntegration, at: Location, two_way: list[str]) -> Iterator[Problem]:
    """Hold the integration responses to routes that send the answer back: it is made by one of them, or not at all."""
    if "$default" not in integration.integration_responses:
        given = ", ".join(integration.integration_responses) or "none"
        for key in two_way:
            message = f"needs $default, for the route {key} has a route response, got {given}"
            yield problem_at(rules.RESPONSES, message, *at, "integrationResponses")
