"""Where an API reads stage variables: in mappings, URLs, functions' names, templates and identity sources."""

import re
from collections.abc import Iterator, Mapping

from apigateway.mapping.variables import StageVariable
from apigateway.paths import Location

from .api_places import http_places, values_with_places, websocket_places
from .apis import HttpApi, WebSocketApi
from .authorizers import JwtAuthorizer
from .integrations import (
    HttpIntegration,
    WebSocketIntegration,
    WebSocketTemplatedIntegration,
)

# ``${stageVariables.x}`` in a URL or an ARN, ``$stageVariables.x`` and ``$stageVariables['x']`` in a template.
_READ = re.compile(r"\$!?\{?stageVariables(?:\.(?P<name>\w+)|\[['\"](?P<key>\w+)['\"]\])")


def read_variables(api: WebSocketApi | HttpApi) -> Iterator[tuple[Location, str]]:
    """Yield each place in the API that reads a stage variable, and the variable's name."""
    match api:
        case WebSocketApi():
            for place, websocket_spec, _ in websocket_places(api):
                yield from _of_websocket_integration(websocket_spec, place)
        case HttpApi():
            for place, http_spec, _ in http_places(api):
                yield from _of_http_integration(http_spec, place)
    for name, authorizer in api.authorizers.items():
        place = ("authorizers", name)
        if not isinstance(authorizer, JwtAuthorizer):
            yield from _in_text(str(authorizer.authorizer_uri), (*place, "authorizerUri"))
        for index, source in enumerate(authorizer.identity_source):
            yield from _in_text(source, (*place, "identitySource", index))


def _of_websocket_integration(integration: WebSocketIntegration, at: Location) -> Iterator[tuple[Location, str]]:
    yield from _in_properties(integration, at)
    for destination, source in integration.request_parameters.items():
        if isinstance(source, StageVariable):
            yield (*at, "requestParameters", str(destination)), source.name
    if isinstance(integration, WebSocketTemplatedIntegration):
        yield from _in_templates(integration.request_templates, (*at, "requestTemplates"))
        for key, response in integration.integration_responses.items():
            place = (*at, "integrationResponses", key, "responseTemplates")
            yield from _in_templates(response.response_templates, place)


def _of_http_integration(integration: HttpIntegration, at: Location) -> Iterator[tuple[Location, str]]:
    yield from _in_properties(integration, at)
    for place, template in values_with_places(integration):
        for variable in template.variables:
            if isinstance(variable, StageVariable):
                yield (*at, *place), variable.name


def _in_properties(integration: WebSocketIntegration | HttpIntegration, at: Location) -> Iterator[tuple[Location, str]]:
    """Look into the URI, the path and the role, of those that the integration's kind has."""
    for attribute, key in (
        ("integration_uri", "integrationUri"),
        ("path", "path"),
        ("credentials_arn", "credentialsArn"),
    ):
        yield from _in_text(str(getattr(integration, attribute, "")), (*at, key))


def _in_templates(templates: Mapping[str, str], at: Location) -> Iterator[tuple[Location, str]]:
    for key, template in templates.items():
        yield from _in_text(template, (*at, key))


def _in_text(text: str, place: Location) -> Iterator[tuple[Location, str]]:
    for name in dict.fromkeys(match["name"] or match["key"] for match in _READ.finditer(text)):
        yield place, name
