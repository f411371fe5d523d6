"""What an integration of an HTTP API must be: its mappings to its routes' paths, its parameters to the service."""

from collections.abc import Iterator

from apigateway import service_integrations
from apigateway.arns import Arn
from apigateway.errors import ExpressionError, Problem
from apigateway.mapping import http
from apigateway.paths import Location
from apigateway.route_keys import HttpRouteKey
from apigateway.rules import integrations as rules
from apigateway.rules import mappings

from .backends import LoadBalanced
from .finding import problem_at
from .integration_checks import check_headers
from .integrations import (
    HttpIntegration,
    HttpLambdaIntegration,
    HttpPrivateIntegration,
    HttpPublicIntegration,
    HttpServiceIntegration,
    placeholders,
)
from .stack import Settings


def check_http_integration(
    integration: HttpIntegration, at: Location, keys: list[str], settings: Settings
) -> Iterator[Problem]:
    """Check one integration; ``keys`` are those of the routes that use it."""
    if isinstance(integration, HttpServiceIntegration):
        yield from _check_service(integration, at, keys)
    else:
        yield from _check_request(integration, at, keys)
    yield from _check_response(integration, at)
    match integration:
        case HttpPrivateIntegration():
            yield from _check_path(integration, at, keys)
            yield from _check_tls(integration, at, settings)
        case HttpPublicIntegration():
            yield from _check_path(integration, at, keys)
            yield from _check_url(integration.integration_uri, (*at, "integrationUri"), keys)
        case _:
            return


def _check_request(
    integration: HttpPrivateIntegration | HttpPublicIntegration | HttpLambdaIntegration, at: Location, keys: list[str]
) -> Iterator[Problem]:
    yield from check_headers(http.check_distinct(integration.request_parameters), (*at, "requestParameters"))
    for destination, template in integration.request_parameters.items():
        place = (*at, "requestParameters", str(destination))
        yield from _check_pair(destination, template, place)
        yield from _check_path_parameters(template, place, keys)


def _check_response(integration: HttpIntegration, at: Location) -> Iterator[Problem]:
    for status, mapping in integration.response_parameters.items():
        here = (*at, "responseParameters", status)
        if not mapping:
            yield problem_at(mappings.HTTP_EMPTY_STATUS, "must hold at least one mapping; leave the status out", *here)
        yield from check_headers(http.check_distinct(mapping), here)
        for destination, template in mapping.items():
            yield from _check_pair(destination, template, (*here, str(destination)))


def _check_path(
    integration: HttpPrivateIntegration | HttpPublicIntegration, at: Location, keys: list[str]
) -> Iterator[Problem]:
    if integration.path is None:
        return
    place = (*at, "path")
    yield from _check_path_text(integration.path, place, keys)
    if any(destination.location == "path" for destination in integration.request_parameters):
        message = "means overwrite:path, which requestParameters gives too; keep one of the two"
        yield problem_at(mappings.PATH_TWICE, message, *place)


def _check_path_text(path: str, place: Location, keys: list[str]) -> Iterator[Problem]:
    """Hold a path against the grammar of ``overwrite:path``, which has variables and no placeholders."""
    try:
        template = http.Template.parse(path)
    except ExpressionError as error:
        yield problem_at(mappings.HTTP_VALUE, str(error), *place)
        return
    yield from _check_path_parameters(template, place, keys)
    for name in placeholders(path):
        message = f"{{{name}}} is filled by nothing; write ${{request.path.{name}}}"
        yield problem_at(mappings.PLACEHOLDER, message, *place)


def _check_url(url: str, place: Location, keys: list[str]) -> Iterator[Problem]:
    """Hold the placeholders of a public URL to the routes: each receives the path variable of its name."""
    for name in placeholders(url):
        for key in keys:
            if name not in HttpRouteKey.parse(key).variables:
                message = (
                    f'{{{name}}} is filled by nothing: the route {key} has no path variable {{{name}}}, got "{url}"'
                )
                yield problem_at(mappings.PLACEHOLDER, message, *place)


def _check_tls(integration: HttpPrivateIntegration, at: Location, settings: Settings) -> Iterator[Problem]:
    """Refuse TLS to a listener that speaks HTTP; a TCP listener passes it on, and a Cloud Map service may speak it."""
    backend = settings.backends.get(integration.backend)
    if integration.tls_config and isinstance(backend, LoadBalanced) and backend.listener_protocol == "HTTP":
        message = f'needs a listener other than HTTP; that of backend "{integration.backend}" speaks HTTP'
        yield problem_at(rules.TLS_CONFIG, message, *at, "tlsConfig")


def _check_service(integration: HttpServiceIntegration, at: Location, keys: list[str]) -> Iterator[Problem]:
    parameters = {name: str(template) for name, template in integration.request_parameters.items()}
    for name, reason in service_integrations.check_parameters(integration.integration_subtype, parameters):
        place = (*at, "requestParameters", *([] if name is None else [name]))
        yield problem_at(rules.SERVICE_PARAMETERS, reason, *place)
    for name, template in integration.request_parameters.items():
        here = (*at, "requestParameters", name)
        yield from _check_path_parameters(template, here, keys)
        if any(isinstance(part, http.RequestPath) and not part.parameter for part in template.variables):
            error = ExpressionError(
                str(template),
                "a service's parameter cannot read the whole path",
                suggestion="read a path variable: $request.path.NAME",
            )
            yield problem_at(rules.SERVICE_PARAMETERS, str(error), *here)
    yield from _check_role(integration, at, parameters)


def _check_role(integration: HttpServiceIntegration, at: Location, parameters: dict[str, str]) -> Iterator[Problem]:
    """Check what the role is told that is made for a service integration."""
    for key, value in (("resourceArn", integration.resource_arn), ("kmsKeyArn", integration.kms_key_arn)):
        if value is not None and integration.credentials_arn is not None:
            message = "is for the role that is made where credentialsArn is left out; keep one of the two"
            yield problem_at(rules.CREDENTIALS, message, *at, key)
    if integration.resource_arn is None:
        return
    try:
        service_integrations.check_resource_arn(integration.integration_subtype, integration.resource_arn)
    except ExpressionError as error:
        yield problem_at(rules.RESOURCE, str(error), *at, "resourceArn")
        return
    named = _named_resource(integration.integration_subtype, integration.resource_arn, parameters)
    if named is not None:
        message = f'is another resource than requestParameters name, which is {named}, got "{integration.resource_arn}"'
        yield problem_at(rules.RESOURCE, message, *at, "resourceArn")


def _named_resource(subtype: str, resource_arn: str, parameters: dict[str, str]) -> str | None:
    """Return the resource that the parameters name, where it is another one than the role may touch.

    A state machine stands for all of its executions, so the two cannot be compared where an execution is stopped.
    """
    given = Arn.parse(resource_arn)
    named = service_integrations.target_arn(
        subtype, parameters, partition=given.partition, region=given.region, account=given.account
    )
    if named is None or subtype == "StepFunctions-StopExecution":
        return None
    granted, needed = (service_integrations.role_statements(subtype, arn, None) for arn in (resource_arn, named))
    return None if granted == needed else named


def _check_path_parameters(template: http.Template, place: Location, keys: list[str]) -> Iterator[Problem]:
    for parameter in template.path_parameters():
        for key in keys:
            if parameter not in HttpRouteKey.parse(key).variables:
                message = f'the route {key} has no path variable {{{parameter}}}, got "{template}"'
                yield problem_at(mappings.PATH_VARIABLE, message, *place)


def _check_pair(
    destination: http.RequestDestination | http.ResponseDestination, template: http.Template, place: Location
) -> Iterator[Problem]:
    try:
        http.check_pair(destination, template)
    except ExpressionError as error:
        yield problem_at(mappings.HTTP_PAIR, str(error), *place)
