"""Where an API reads stage variables: in mappings, URLs, functions' names, templates, identity sources and the like."""

import re
from collections.abc import Iterator, Mapping

from apigateway.mapping.variables import StageVariable
from apigateway.paths import Location

from .api_places import http_places, rest_places, values_with_places, websocket_places
from .apis import Api, HttpApi, WebSocketApi
from .authorizers import JwtAuthorizer
from .integrations import (
    HttpIntegration,
    WebSocketIntegration,
    WebSocketTemplatedIntegration,
)
from .rest_apis import RestApi
from .rest_authorizers import RestCognitoAuthorizer
from .rest_integrations import RestIntegration, RestTemplatedIntegration

# ``${stageVariables.x}`` in a URL or an ARN, ``$stageVariables.x``, ``$stageVariables['x']`` and
# ``$stageVariables.get('x')`` in a template, where any other call, such as ``keySet()``, reads none by name.
_READ = re.compile(
    r"""\$!?\{?stageVariables
    (?: \.get\((?P<called>['"])(?P<of_call>\w+)(?P=called)\)
      | \.(?P<name>\w+)\b(?!\()
      | \[(?P<quote>['"])(?P<key>\w+)(?P=quote)\] )""",
    re.VERBOSE,
)
# Where a REST API takes an expression, it stands without the $.
_WHOLE = re.compile(r"stageVariables\.(\w+)")


def read_variables(api: Api) -> Iterator[tuple[Location, str]]:
    """Yield each place in the API that reads a stage variable, and the variable's name."""
    match api:
        case WebSocketApi():
            for place, websocket_spec, _ in websocket_places(api):
                yield from _of_websocket_integration(websocket_spec, place)
        case HttpApi():
            for place, http_spec, _ in http_places(api):
                yield from _of_http_integration(http_spec, place)
        case RestApi():
            for place, rest_spec, _ in rest_places(api):
                yield from _of_rest_integration(rest_spec, place)
            yield from _of_gateway_responses(api)
    for name, authorizer in api.authorizers.items():
        place = ("authorizers", name)
        if not isinstance(authorizer, JwtAuthorizer | RestCognitoAuthorizer):
            yield from _in_text(str(authorizer.authorizer_uri), (*place, "authorizerUri"))
        for index, source in enumerate(authorizer.identity_source):
            yield from _in_text(source, (*place, "identitySource", index))
            yield from _in_expression(source, (*place, "identitySource", index))


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


def _of_rest_integration(integration: RestIntegration, at: Location) -> Iterator[tuple[Location, str]]:
    yield from _in_properties(integration, at)
    for destination, source in integration.request_parameters.items():
        if isinstance(source, StageVariable):
            yield (*at, "requestParameters", str(destination)), source.name
    if isinstance(integration, RestTemplatedIntegration):
        yield from _in_templates(integration.request_templates, (*at, "requestTemplates"))
        for status, response in integration.integration_responses.items():
            place = (*at, "integrationResponses", status)
            for header, value in response.response_parameters.items():
                if isinstance(value, StageVariable):
                    yield (*place, "responseParameters", str(header)), value.name
            yield from _in_templates(response.response_templates, (*place, "responseTemplates"))


def _of_gateway_responses(api: RestApi) -> Iterator[tuple[Location, str]]:
    for kind, response in api.gateway_responses.items():
        place = ("gatewayResponses", kind)
        for header, value in response.response_parameters.items():
            yield from _in_expression(value, (*place, "responseParameters", header))
        yield from _in_templates(response.response_templates, (*place, "responseTemplates"))


def _in_properties(
    integration: WebSocketIntegration | HttpIntegration | RestIntegration, at: Location
) -> Iterator[tuple[Location, str]]:
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
    for name in dict.fromkeys(match["name"] or match["key"] or match["of_call"] for match in _READ.finditer(text)):
        yield place, name


def _in_expression(text: str, place: Location) -> Iterator[tuple[Location, str]]:
    match = _WHOLE.fullmatch(text)
    if match:
        yield place, match[1]
