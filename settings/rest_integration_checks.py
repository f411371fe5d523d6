"""What an integration of a REST API must be: to its routes, to its own URL, to what it answers, to its backend."""

import json
import re
from collections.abc import Iterator
from typing import Final

from apigateway import limits
from apigateway.arns import LambdaFunction
from apigateway.errors import Problem
from apigateway.mapping import rest
from apigateway.paths import Location
from apigateway.rest_resources import RestRouteKey
from apigateway.rest_templates import literal_status
from apigateway.rules import integrations as integration_rules
from apigateway.rules import mappings
from apigateway.rules import rest as rules
from apigateway.status_patterns import FINAL_STATUSES, check_selection_patterns, untaken_status

from .backends import LoadBalanced
from .base import show
from .finding import check_distinct, problem_at
from .integration_checks import check_call, check_headers
from .integrations import greedy_placeholders, placeholders
from .rest_apis import RestApi
from .rest_integrations import (
    RestAwsIntegration,
    RestIntegration,
    RestLambdaIntegration,
    RestMockIntegration,
    RestPrivateHttpIntegration,
    RestPrivateIntegration,
    RestPrivateProxyIntegration,
    RestPublicHttpIntegration,
    RestPublicProxyIntegration,
    RestTemplatedIntegration,
)
from .rest_route_checks import declarations_read, meant, path_declarations, wrong_variable
from .stack import Settings

_MULTIVALUE: Final = "multivalue"
_WITHOUT_BODY: Final = frozenset({"ANY", "DELETE", "GET", "HEAD", "OPTIONS"})
"""The methods of requests that commonly have no body, and so no content type."""

_MADE = re.compile(r"statusCode\b[\"']?\s*:\s*(?:(?P<status>[1-5][0-9]{2})\b)?")
"""The status code that a template of a MOCK integration makes, where it stands there as a number."""


def check_rest_integration(
    integration: RestIntegration, at: Location, keys: list[str], api: RestApi, settings: Settings
) -> Iterator[Problem]:
    """Check one integration; ``keys`` are those of the routes that use it."""
    if isinstance(integration, RestMockIntegration):
        yield from _check_mock(integration, at, keys)
    else:
        yield from _check_mapping(integration, (*at, "requestParameters"), keys)
        yield from _check_placeholders(integration, at, keys)
    yield from _check_cache_keys(integration, (*at, "cacheKeyParameters"), keys, api)
    yield from _check_timeout(integration, at, api)
    if isinstance(integration, RestTemplatedIntegration):
        yield from _check_answers(integration, (*at, "integrationResponses"))
    match integration:
        case RestAwsIntegration():
            yield from check_call(integration, at)
        case RestPrivateProxyIntegration() | RestPrivateHttpIntegration():
            yield from _check_private(integration, at, settings)
        case RestPublicProxyIntegration() | RestPublicHttpIntegration():
            if integration.tls_config and not integration.integration_uri.startswith("https:"):
                message = f"needs an https:// URL, got {show(integration.integration_uri)}"
                yield problem_at(rules.LINKED_TLS, message, *at, "tlsConfig")
        case _:
            return


def _check_mock(integration: RestMockIntegration, at: Location, keys: list[str]) -> Iterator[Problem]:
    """Want a template that names a status code, by which the response is chosen; a request there is none."""
    if integration.request_parameters:
        message = "does not belong here: a MOCK integration sends no request to write them into"
        yield problem_at(integration_rules.PROPERTY, message, *at, "requestParameters")
    if not integration.request_templates:
        message = 'needs a template that makes {"statusCode": 200}, or every answer is 500; got none'
        yield problem_at(rules.MOCK_TEMPLATE, message, *at, "requestTemplates")
    for key, template in integration.request_templates.items():
        if "statusCode" not in template:
            message = f'must make {{"statusCode": 200}}, or the answer is 500; got {show(template)}'
            yield problem_at(rules.MOCK_TEMPLATE, message, *at, "requestTemplates", key)
        made = literal_status(template)
        if made is not None and (not isinstance(made, int) or isinstance(made, bool)):
            message = f"must make statusCode a number, or the answer is 500; got {json.dumps(made)}"
            yield problem_at(rules.MOCK_TEMPLATE, message, *at, "requestTemplates", key)
    if integration.request_templates and not {"application/json", "$default"} & integration.request_templates.keys():
        bare = [key for key in keys if RestRouteKey.parse(key).method in _WITHOUT_BODY]
        if bare:
            message = (
                f"needs a template under application/json, the content type of a request without one such as "
                f"{bare[0]}, or the answer is 500; got {', '.join(integration.request_templates)}"
            )
            yield problem_at(rules.MOCK_TEMPLATE, message, *at, "requestTemplates")


def _check_mapping(integration: RestIntegration, at: Location, keys: list[str]) -> Iterator[Problem]:
    yield from check_headers(rest.check_headers(integration.request_parameters), at)
    for destination in integration.request_parameters:
        refused = rest.check_header(destination, integration.integration_type)
        if refused:
            yield problem_at(rules.AWS_HEADER, refused, *at, str(destination))
    read = declarations_read(integration)
    for declaration, reason in rest.check_distinct(read):
        yield problem_at(rules.DISTINCT, reason, *at, read[declaration])
    for destination, source in integration.request_parameters.items():
        wanted = rest.declared_parameter(source) or ""
        for message in filter(None, (wrong_variable(wanted, key) for key in keys)):
            yield problem_at(mappings.PATH_VARIABLE, message, *at, str(destination))


def _check_placeholders(integration: RestIntegration, at: Location, keys: list[str]) -> Iterator[Problem]:
    """Hold the ``{name}`` of the URL and the mappings that fill them to each other."""
    key, text = _url_of(integration)
    wanted = tuple(dict.fromkeys(placeholders(text)))
    filled = [to.name for to in integration.request_parameters if to.location == "path"]
    for name in greedy_placeholders(text):
        message = f"has {{{name}+}}, which belongs to route keys, got {show(text)}; write {{{name}}}"
        yield problem_at(mappings.PLACEHOLDER, message, *at, key)
    for name in wanted:
        if name not in filled:
            message = f"{{{name}}} is filled by nothing; map {_filling(name, keys)}"
            yield problem_at(mappings.PLACEHOLDER, message, *at, key)
    for name in filled:
        if name not in wanted:
            mapping = f"integration.request.path.{name}"
            others = [f"integration.request.path.{other}" for other in wanted if other not in filled]
            message = f"fills nothing: {key} has no {{{name}}}, got {show(text)}{meant(mapping, others)}"
            yield problem_at(mappings.PLACEHOLDER, message, *at, "requestParameters", mapping)


def _filling(name: str, keys: list[str]) -> str:
    """Return the mapping that fills a placeholder, with the path variable of its name where every route has it."""
    source = f"method.request.path.{name}"
    is_known = bool(keys) and all(source in path_declarations(key) for key in keys)
    return f"integration.request.path.{name}" + (f": {source}" if is_known else "")


def _url_of(integration: RestIntegration) -> tuple[str, str]:
    """Return the property that may hold placeholders, and its value."""
    match integration:
        case RestPrivateProxyIntegration() | RestPrivateHttpIntegration():
            return "path", integration.path
        case RestMockIntegration():
            return "integrationUri", ""
        case _:
            return "integrationUri", str(integration.integration_uri)


def _check_cache_keys(integration: RestIntegration, at: Location, keys: list[str], api: RestApi) -> Iterator[Problem]:
    yield from check_distinct(integration.cache_key_parameters, *at)
    mapped = {str(destination) for destination in integration.request_parameters}
    read = declarations_read(integration)
    for index, parameter in enumerate(integration.cache_key_parameters):
        if parameter.startswith("integration."):
            if parameter not in mapped:
                message = f"is written by none of requestParameters, got {show(parameter)}{meant(parameter, mapped)}"
                yield problem_at(rules.CACHE_KEY, message, *at, index)
            continue
        declaration = parameter.replace(f".{_MULTIVALUE}", ".", 1)
        for key in keys:
            known = {*path_declarations(key), *api.routes[key].request_parameters, *read}
            if declaration not in known:
                message = f"is not declared by the route {key}, got {show(parameter)}"
                advice = meant(declaration, known) or f"; declare {declaration} under the route's requestParameters"
                yield problem_at(rules.CACHE_KEY, message + advice, *at, index)


def _check_timeout(integration: RestIntegration, at: Location, api: RestApi) -> Iterator[Problem]:
    """Hold an edge-optimized API to the quota, which AWS raises for other APIs; a stream has one of its own."""
    millis = integration.timeout_in_millis
    if millis is None or millis <= limits.REST_DEFAULT_TIMEOUT_MILLIS or streams(integration):
        return
    if api.endpoint_configuration.type == "EDGE":
        low, high = limits.REST_TIMEOUT_MILLIS[0], limits.REST_DEFAULT_TIMEOUT_MILLIS
        message = f"must be {low} to {high} for an EDGE API, or more with responseTransferMode STREAM, got {millis}"
        yield problem_at(rules.TIMEOUT, message, *at, "timeoutInMillis")


def streams(integration: RestIntegration) -> bool:
    """Tell whether an integration passes its answer on as it comes."""
    match integration:
        case RestPrivateProxyIntegration() | RestPublicProxyIntegration() | RestLambdaIntegration():
            return integration.response_transfer_mode == "STREAM"
        case _:
            return False


def _check_answers(integration: RestTemplatedIntegration, at: Location) -> Iterator[Problem]:
    """Want one response for each answer of the backend: by its pattern, or the one without."""
    responses = integration.integration_responses
    patterns = {status: response.selection_pattern for status, response in responses.items()}
    statuses = statuses_of(integration)
    untaken = untaken_status(patterns, statuses or ())
    if untaken or not patterns or (statuses is None and all(patterns.values())):
        given = ", ".join(patterns) or "none"
        example = f", such as {untaken}" if untaken and patterns else ""
        message = f"needs a response without a selectionPattern, for answers that no other one takes{example}"
        yield problem_at(rules.RESPONSES, f"{message}; got {given}", *at)
    for status, reason in check_selection_patterns(patterns):
        place = (*at, status, "selectionPattern") if patterns[status] else (*at, status)
        yield problem_at(rules.SELECTION_PATTERN, reason, *place)
    for status, response in responses.items():
        place = (*at, status, "responseParameters")
        yield from check_headers(rest.check_headers(response.response_parameters), place)


def statuses_of(integration: RestTemplatedIntegration) -> tuple[str, ...] | None:
    """Return the status codes by which a response may be chosen; None where an error message chooses it.

    Of a MOCK integration these are the ones that its templates name; none of them where a template computes it.
    """
    match integration:
        case RestAwsIntegration(integration_uri=LambdaFunction()):
            return None
        case RestMockIntegration():
            named = [
                match["status"] for text in integration.request_templates.values() for match in _MADE.finditer(text)
            ]
            return () if None in named else tuple(dict.fromkeys(named))
        case _:
            return FINAL_STATUSES


def _check_private(integration: RestPrivateIntegration, at: Location, settings: Settings) -> Iterator[Problem]:
    backend = settings.backends.get(integration.backend)
    if not isinstance(backend, LoadBalanced):
        return
    if integration.tls_config and not backend.is_secure and backend.tls_name is None:
        speaks = "HTTP" if backend.listener_protocol == "HTTP" else "TCP and has no hostName"
        message = f'needs a backend that speaks TLS; "{integration.backend}" speaks {speaks}'
        yield problem_at(rules.LINKED_TLS, message, *at, "tlsConfig")
    if backend.load_balancer == "application":
        yield from _check_path_sources(integration, (*at, "requestParameters"))


def _check_path_sources(integration: RestPrivateIntegration, at: Location) -> Iterator[Problem]:
    """Want one value for each ``{name}`` of a path that a template makes."""
    for destination, source in integration.request_parameters.items():
        if destination.location != "path":
            continue
        match source:
            case rest.MethodBody(path=None):
                advice = "a part of it is read by method.request.body.PATH"
            case rest.MethodParameter() if source.location.startswith(_MULTIVALUE):
                advice = f"write {rest.declared_parameter(source)}"
            case _:
                continue
        message = (
            f'must be one value, got "{source}": on the way to an application load balancer a template makes the path; '
            f"{advice}"
        )
        yield problem_at(rules.PATH_SOURCE, message, *at, str(destination))
