"""What a REST API's integrations read and its routes do not give, and what routes give and nothing reads.

AWS takes all of it. Sources: API Gateway Developer Guide, "Important notes" (the case of header names counts), "Set up
HTTP integrations in API Gateway" and "Variables for data transformations for API Gateway".
"""

import re
from collections.abc import Iterator
from typing import Final

from apigateway.errors import Problem
from apigateway.mapping import rest
from apigateway.paths import Location
from apigateway.rest_resources import RestRouteKey
from apigateway.rules import rest as rules

from .api_places import rest_places
from .finding import problem_at
from .integrations import placeholders
from .rest_apis import RestApi
from .rest_integrations import (
    RestHttpIntegration,
    RestIntegration,
    RestPrivateHttpIntegration,
    RestPrivateProxyIntegration,
    RestPublicHttpIntegration,
    RestPublicProxyIntegration,
    RestTemplatedIntegration,
)
from .rest_route_checks import declarations_read

_HEADER: Final = "method.request.header."
_CLAIM = re.compile(r"\$!?\{?context\.authorizer\b")
_READS_PATH = re.compile(r"\bcontext\.(?:path|requestOverride\.path)\b|\$!?\{?input\.params\b")
"""What a template makes a path of, or reads one by."""


def warn_of_names_and_paths(api: RestApi, at: Location) -> Iterator[Problem]:
    """Warn of names that differ in case, of greedy variables that are lost, of an authorizer's answer without one."""
    for place, integration, keys in rest_places(api):
        yield from _warn_of_an_unread_path(integration, keys, (*at, *place))
        yield from _warn_of_claims(integration, keys, api, (*at, *place))
    for key, route in api.routes.items():
        read = [name for name in declarations_read(api.integration_of(route)) if name.startswith(_HEADER)]
        for declared in route.request_parameters:
            other = next((name for name in read if name.lower() == declared.lower() and name != declared), None)
            if other and declared.startswith(_HEADER) and declared not in read:
                message = f"is another header than {other}, which the integration reads: the case of names counts"
                yield problem_at(rules.PARAMETER_CASE, message, *at, "routes", key, "requestParameters", declared)


def _warn_of_an_unread_path(integration: RestIntegration, keys: list[str], at: Location) -> Iterator[Problem]:
    """Warn of the first route whose ``{proxy+}`` goes nowhere, where the backend's path has no ``{name}`` to fill."""
    match integration:
        case RestPrivateProxyIntegration() | RestPrivateHttpIntegration():
            key, url = "path", integration.path
        case RestPublicProxyIntegration() | RestPublicHttpIntegration():
            key, url = "integrationUri", integration.integration_uri
        case _:
            return
    if placeholders(url) or _reads_path(integration):
        return
    read = declarations_read(integration)
    for route in map(RestRouteKey.parse, keys):
        name = route.variables[-1] if route.path.endswith("+}") else ""
        if not name or f"method.request.path.{name}" in read:
            continue
        path, query, rest_of_url = url.partition("?")
        filled = f"{path.rstrip('/')}/{{{name}}}{query}{rest_of_url}"
        message = (
            f"has no place for {{{name}+}} of {route}, so that all its calls go to this path; write {key}: {filled} "
            f"and integration.request.path.{name}: method.request.path.{name}"
        )
        yield problem_at(rules.UNREAD_PATH, message, *at, key)
        return


def _reads_path(integration: RestHttpIntegration) -> bool:
    sources = integration.request_parameters.values()
    if any(isinstance(source, rest.ContextVariable) and source.name == "path" for source in sources):
        return True
    if not isinstance(integration, RestTemplatedIntegration):
        return False
    return any(_READS_PATH.search(template) for template in integration.request_templates.values())


def _warn_of_claims(integration: RestIntegration, keys: list[str], api: RestApi, at: Location) -> Iterator[Problem]:
    """Warn of what an authorizer would have answered, where no route that uses the integration has one."""
    asked = {api.routes[key].authorization for key in keys}
    if not asked or asked - {"NONE", "AWS_IAM"}:
        return
    places: list[Location] = [
        ("requestParameters", str(to))
        for to, source in integration.request_parameters.items()
        if isinstance(source, rest.ContextVariable) and source.name.startswith("authorizer.")
    ]
    if isinstance(integration, RestTemplatedIntegration):
        templates = integration.request_templates.items()
        places += [("requestTemplates", key) for key, template in templates if _CLAIM.search(template)]
    for place in places:
        message = f"reads context.authorizer, which is empty: authorization of {keys[0]} is "
        authorization = api.routes[keys[0]].authorization
        yield problem_at(rules.IDLE_CLAIM, f"{message}{authorization}", *at, *place)
