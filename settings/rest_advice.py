"""What AWS accepts of a REST API alone, and yet is most likely not what the user wants."""

from collections.abc import Iterator, Mapping
from typing import Final

from apigateway import gateway_responses, limits, models, vtl
from apigateway.errors import Problem
from apigateway.paths import Location
from apigateway.resource_policies import advise_policy_paths, advise_resource_policy
from apigateway.rest_resources import RestRouteKey, advise_tree
from apigateway.rest_templates import is_binary
from apigateway.rules import integrations as integration_rules
from apigateway.rules import mappings
from apigateway.rules import rest as rules
from apigateway.status_patterns import FINAL_STATUSES, idle_patterns, overlapping_patterns

from .api_places import rest_places, stages_with_places
from .backends import Backend, CloudMapBackend
from .finding import problem_at
from .rest_apis import RestApi
from .rest_authorizers import RestCognitoAuthorizer
from .rest_integration_checks import statuses_of
from .rest_integrations import (
    RestIntegration,
    RestLambdaIntegration,
    RestPrivateHttpIntegration,
    RestPrivateIntegration,
    RestPrivateProxyIntegration,
    RestPublicProxyIntegration,
    RestTemplatedIntegration,
)
from .rest_name_advice import warn_of_names_and_paths

_JSON: Final = "application/json"
_LONGEST_LIST: Final = 5
"""Of routes, in a message."""


def warn_of_rest_api(api: RestApi, backends: Mapping[str, Backend], at: Location) -> Iterator[Problem]:
    """Warn of paths, policies, answers, timeouts and templates that are most likely not meant."""
    yield from _warn_of_letter_case(api, at)
    yield from _warn_of_unsigned_routes(api, at)
    yield from _warn_of_dropped_keywords(api, at)
    yield from _warn_of_late_blocks(api, at)
    if api.resource_policy is not None:
        for place, doubt in _policy_doubts(api, api.resource_policy):
            yield problem_at(rules.POLICY_DOUBT, doubt, *at, "resourcePolicy", *place)
    yield from _warn_of_gateway_responses(api, at)
    yield from warn_of_names_and_paths(api, at)
    for place, integration, _ in rest_places(api):
        yield from _warn_of_a_long_timeout(integration, api, (*at, *place))
        if isinstance(integration, RestTemplatedIntegration):
            yield from _warn_of_templates(integration, (*at, *place))
            yield from _warn_of_bytes(integration, api, (*at, *place))
            yield from _warn_of_overlaps(integration, (*at, *place, "integrationResponses"))
        if isinstance(integration, RestPrivateIntegration) and api.binary_media_types:
            backend = backends.get(integration.backend)
            yield from _warn_of_a_stage_in_the_path(integration, api, backend, (*at, *place))


def _policy_doubts(api: RestApi, policy: Mapping[str, object]) -> Iterator[tuple[Location, str]]:
    yield from advise_resource_policy(policy, private=api.is_private)
    # A stage without a name has that of the Pulumi stack, which the file does not know.
    named = [stage.name for stage in api.all_stages]
    stages = [name for name in named if name] if all(named) else []
    yield from advise_policy_paths(policy, [RestRouteKey.parse(key) for key in api.routes], stages)


def _warn_of_letter_case(api: RestApi, at: Location) -> Iterator[Problem]:
    keys = [RestRouteKey.parse(key) for key in api.routes]
    # A path that a custom domain keeps to itself is a matter of the domain.
    for key, doubt in advise_tree([key for key in keys if not key.is_reserved]):
        yield problem_at(rules.LETTER_CASE, doubt, *at, "routes", str(key))


def _warn_of_unsigned_routes(api: RestApi, at: Location) -> Iterator[Problem]:
    """Warn of routes that the policy of ``invokePrincipals`` closes: it names callers, who are known by signatures."""
    if not api.invoke_principals:
        return
    unsigned = [
        key
        for key, route in api.routes.items()
        if route.authorization == "NONE" or isinstance(api.authorizers.get(route.authorization), RestCognitoAuthorizer)
    ]
    if unsigned:
        more = len(unsigned) - _LONGEST_LIST
        names = ", ".join(unsigned[:_LONGEST_LIST]) + (f" and {more} more" if more > 0 else "")
        message = f"lets in nobody who does not sign: without authorization AWS_IAM, no call reaches {names}"
        yield problem_at(rules.INVOKE_IAM, message, *at, "invokePrincipals")


def _warn_of_dropped_keywords(api: RestApi, at: Location) -> Iterator[Problem]:
    """Warn of what API Gateway leaves out of the models that it holds requests to."""
    asked = {model for route in api.routes.values() for model in route.request_models.values()}
    for name, model in api.models.items():
        for place in models.dropped_keywords(model.schema_) if name in asked else ():
            message = (
                "is not taken over from an OpenAPI document, of which a REST API is made: "
                "requests are held to the rest of the model"
            )
            yield problem_at(rules.MODEL_KEYWORD, message, *at, "models", name, "schema", *place)


def _warn_of_gateway_responses(api: RestApi, at: Location) -> Iterator[Problem]:
    for kind, response in api.gateway_responses.items():
        place = (*at, "gatewayResponses", kind)
        doubts = [(place, doubt) for doubt in gateway_responses.advise_response_type(kind)]
        for key, value in response.response_parameters.items():
            found = gateway_responses.advise_response_value(value)
            doubts += [((*place, "responseParameters", key), doubt) for doubt in found]
        for key, template in response.response_templates.items():
            found = gateway_responses.advise_response_template(template)
            doubts += [((*place, "responseTemplates", key), doubt) for doubt in found]
        yield from (problem_at(rules.GATEWAY_RESPONSE_DOUBT, doubt, *where) for where, doubt in doubts)


def _warn_of_late_blocks(api: RestApi, at: Location) -> Iterator[Problem]:
    """Warn of a limit of 0, which the provider takes for one that is not set when it makes a method's settings."""
    for place, stage in stages_with_places(api):
        blocked: list[Location] = [()] if stage.throttling == "blocked" else []
        blocked += [("routeSettings", key) for key, own in stage.route_settings.items() if own.throttling == "blocked"]
        for where in blocked:
            message = (
                "counts from the second `pulumi up` on where these settings are new: the provider sends no limit of 0 "
                "when it makes them, and sets it when it finds that there is another"
            )
            yield problem_at(rules.BLOCKED, message, *at, *place, *where, "throttling")


def _warn_of_a_long_timeout(integration: RestIntegration, api: RestApi, at: Location) -> Iterator[Problem]:
    match integration:
        case RestPrivateProxyIntegration() | RestPublicProxyIntegration() | RestLambdaIntegration():
            is_streamed = integration.response_transfer_mode == "STREAM"
        case _:
            is_streamed = False
    millis, most = integration.timeout_in_millis, limits.REST_DEFAULT_TIMEOUT_MILLIS
    if millis is None or millis <= most or is_streamed or api.endpoint_configuration.type == "EDGE":
        return
    message = f"is {millis}, and the quota is {most} until AWS raises it for the account"
    yield problem_at(rules.LONG_TIMEOUT, message, *at, "timeoutInMillis")


def _warn_of_templates(integration: RestTemplatedIntegration, at: Location) -> Iterator[Problem]:
    if integration.passthrough_behavior == "NEVER" and not integration.request_templates:
        message = "refuses every request with 415: there are no requestTemplates"
        yield problem_at(integration_rules.PASSTHROUGH, message, *at, "passthroughBehavior")
    yield from _warn_of_names(integration.request_templates, (*at, "requestTemplates"))
    for status, response in integration.integration_responses.items():
        place = (*at, "integrationResponses", status, "responseTemplates")
        yield from _warn_of_names(response.response_templates, place)


def _warn_of_bytes(integration: RestTemplatedIntegration, api: RestApi, at: Location) -> Iterator[Problem]:
    """Warn of templates that would be given the bytes of a binary media type, where they read text."""
    places: list[tuple[Location, str]] = []
    if integration.content_handling_strategy != "CONVERT_TO_TEXT":
        places += [(("requestTemplates", key), key) for key in integration.request_templates]
    for status, response in integration.integration_responses.items():
        if response.content_handling_strategy != "CONVERT_TO_TEXT":
            templates = ("integrationResponses", status, "responseTemplates")
            places += [((*templates, key), key) for key in response.response_templates]
    for place, key in places:
        if is_binary(key, api.binary_media_types):
            message = (
                "reads text, and binaryMediaTypes make bytes of it: the answer is 500; "
                "write contentHandlingStrategy: CONVERT_TO_TEXT beside "
            )
            yield problem_at(rules.BINARY_TEMPLATE, message + str(place[-2]), *at, *place)


def _warn_of_overlaps(integration: RestTemplatedIntegration, at: Location) -> Iterator[Problem]:
    """Warn of answers for which two responses are there."""
    statuses = statuses_of(integration)
    if statuses is None:
        return
    patterns = {status: response.selection_pattern for status, response in integration.integration_responses.items()}
    for status, doubt in overlapping_patterns(patterns, statuses or FINAL_STATUSES):
        yield problem_at(rules.OVERLAP, doubt, *at, status, "selectionPattern")
    for status, doubt in idle_patterns(patterns):
        yield problem_at(rules.IDLE_PATTERN, doubt, *at, status, "selectionPattern")


def _warn_of_names(templates: Mapping[str, str], at: Location) -> Iterator[Problem]:
    for key, template in templates.items():
        for doubt in vtl.template_warnings(template, "REST"):
            yield problem_at(mappings.TEMPLATE_NAME, doubt, *at, key)


def _warn_of_a_stage_in_the_path(
    integration: RestPrivateIntegration, api: RestApi, backend: Backend | None, at: Location
) -> Iterator[Problem]:
    """Warn where no template can take the stage's name off the path.

    With binary media types no template is made for ``$default``: a request that it took could have a binary body.
    """
    if backend is None or isinstance(backend, CloudMapBackend) or backend.load_balancer == "network":
        return
    known = _taken_off(integration, api)
    if "$default" in known:
        return
    which = f"requests whose Content-Type is not {', '.join(known)}" if known else "every request"
    message = (
        f"gets the stage's name before the path of {which}: a template takes it off, and none can take the bodies of "
        "binaryMediaTypes"
    )
    yield problem_at(rules.STAGE_IN_BINARY_PATH, message, *at, "backend")


def _taken_off(integration: RestPrivateIntegration, api: RestApi) -> list[str]:
    """Return the keys of the templates that take the stage's name off; ``$default`` where nothing else is passed on."""
    own: list[str] = []
    if isinstance(integration, RestPrivateHttpIntegration):
        own = list(integration.request_templates)
        passes_on = integration.passthrough_behavior
        if passes_on == "NEVER" or (passes_on == "WHEN_NO_TEMPLATES" and own):
            return [*own, "$default"]
    made = [] if _JSON in own or is_binary(_JSON, api.binary_media_types) else [_JSON]
    return [*own, *made]
