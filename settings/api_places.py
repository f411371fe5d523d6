"""Where the parts of an API stand in the stack file: what a check or a warning says it about."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from apigateway.arns import LambdaFunction
from apigateway.mapping import http
from apigateway.paths import Location

from .apis import Api, HttpApi, WebSocketApi
from .functions import permitted_function
from .integrations import HttpIntegration, WebSocketIntegration
from .rest_apis import RestApi
from .rest_integrations import RestIntegration
from .rest_stages import RestStage
from .stages import HttpStage, WebSocketStage

IntegrationSpec = TypeVar("IntegrationSpec")


def websocket_places(api: WebSocketApi) -> Iterator[tuple[Location, WebSocketIntegration, list[str]]]:
    """Yield each integration with its place in the API and the keys of the routes that use it."""
    yield from _with_places(api.integrations, {key: route.integration for key, route in api.routes.items()})


def http_places(api: HttpApi) -> Iterator[tuple[Location, HttpIntegration, list[str]]]:
    """Yield each integration with its place in the API and the keys of the routes that use it."""
    yield from _with_places(api.integrations, {key: route.integration for key, route in api.routes.items()})


def rest_places(api: RestApi) -> Iterator[tuple[Location, RestIntegration, list[str]]]:
    """Yield each integration with its place in the API and the keys of the routes that use it."""
    yield from _with_places(api.integrations, {key: route.integration for key, route in api.routes.items()})


def _with_places(
    shared: Mapping[str, IntegrationSpec], choices: Mapping[str, IntegrationSpec | str | None]
) -> Iterator[tuple[Location, IntegrationSpec, list[str]]]:
    for name, integration in shared.items():
        yield ("integrations", name), integration, [key for key, choice in choices.items() if choice == name]
    for key, choice in choices.items():
        if choice is not None and not isinstance(choice, str):
            yield ("routes", key, "integration"), choice, [key]


def values_with_places(integration: HttpIntegration) -> Iterator[tuple[Location, http.Template]]:
    """Yield each value of an HTTP API's mappings with its place in the integration."""
    for to, value in integration.request_parameters.items():
        yield ("requestParameters", str(to)), value
    for status, mapping in integration.response_parameters.items():
        for destination, value in mapping.items():
            yield ("responseParameters", status, str(destination)), value


def stages_with_places(api: Api) -> Iterator[tuple[Location, WebSocketStage | HttpStage | RestStage]]:
    """Yield each stage with its place in the API; a stage that is left out has that of ``stage``."""
    stages: tuple[WebSocketStage | HttpStage | RestStage, ...] = api.stages
    if stages:
        yield from ((("stages", index), stage) for index, stage in enumerate(stages))
    else:
        yield ("stage",), api.all_stages[0]


def integrations_with_places(
    api: Api,
) -> Iterator[tuple[Location, WebSocketIntegration | HttpIntegration | RestIntegration]]:
    """Yield each integration of an API of whatever kind with its place in the API."""
    match api:
        case WebSocketApi():
            yield from ((place, spec) for place, spec, _ in websocket_places(api))
        case HttpApi():
            yield from ((place, spec) for place, spec, _ in http_places(api))
        case RestApi():
            yield from ((place, spec) for place, spec, _ in rest_places(api))


def functions_with_places(api: Api) -> Iterator[tuple[Location, LambdaFunction]]:
    """Yield each Lambda function that has to permit an integration of the API to call it, with its place."""
    for place, integration in integrations_with_places(api):
        if function := permitted_function(integration):
            yield (*place, "integrationUri"), function
