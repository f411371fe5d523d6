"""What AWS accepts of an API, its routes and integrations, and yet is most likely not what the user wants."""

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Final

from apigateway import service_integrations, vtl
from apigateway.arns import LambdaFunction
from apigateway.errors import Problem
from apigateway.paths import Location
from apigateway.rules import Rule, mappings, stack_file
from apigateway.rules import authorizers as authorizer_rules
from apigateway.rules import integrations as integration_rules
from apigateway.rules import routes as rules
from apigateway.selection import Side, TemplateSelection

from .api_places import http_places, rest_places, values_with_places, websocket_places
from .apis import Api, HttpApi, WebSocketApi
from .authorizers import JwtAuthorizer
from .cors_checks import stopped_preflights
from .finding import problem_at
from .functions import permitted_function
from .integrations import (
    HttpIntegration,
    HttpPublicIntegration,
    HttpServiceIntegration,
    WebSocketIntegration,
    WebSocketPublicHttpIntegration,
    WebSocketPublicProxyIntegration,
    WebSocketTemplatedIntegration,
    host_of,
)
from .rest_advice import warn_of_rest_api
from .rest_apis import RestApi
from .rest_authorizers import RestCognitoAuthorizer
from .rest_integrations import (
    RestIntegration,
    RestPublicHttpIntegration,
    RestPublicProxyIntegration,
)
from .rest_links import link_variables
from .routes import WebSocketRoute
from .stack import Settings
from .stage_variables import read_variables

_ACCOUNT: Final = "000000000000"
"""Stands for the account of the deployment, where only the question is whether anything can be named in it."""


def find_api_warnings(settings: Settings) -> list[Problem]:
    """Return every doubt about the APIs of a stack that has no problems."""
    return [doubt for name, api in settings.apis.items() for doubt in _warnings(api, settings, ("apis", name))]


def _warnings(api: Api, settings: Settings, at: Location) -> Iterator[Problem]:
    yield from _warn_of_idle_parts(api, at)
    match api:
        case WebSocketApi():
            yield from _warn_of_a_fixed_selection(api, at)
            for key, route in api.routes.items():
                yield from _warn_of_no_default_model(route, (*at, "routes", key))
            for place, websocket_spec, keys in websocket_places(api):
                yield from _warn_of_templates(websocket_spec, (*at, *place))
                yield from _warn_of_no_connection(websocket_spec, (*at, *place), keys)
                yield from _warn_of_no_message(websocket_spec, (*at, *place), keys)
                yield from _warn_of_a_private_url(websocket_spec, (*at, *place))
                yield from _warn_of_no_permission(websocket_spec, (*at, *place))
        case HttpApi():
            yield from _warn_of_colons(api, at)
            yield from _warn_of_stars(api, at)
            yield from _warn_of_stopped_preflights(api, at)
            for place, http_spec, _ in http_places(api):
                yield from _warn_of_quotes(http_spec, (*at, *place))
                yield from _warn_of_a_wide_role(http_spec, (*at, *place))
                yield from _warn_of_a_private_url(http_spec, (*at, *place))
                yield from _warn_of_no_permission(http_spec, (*at, *place))
        case RestApi():
            yield from warn_of_rest_api(api, settings.backends, at)
            for place, rest_spec, _ in rest_places(api):
                yield from _warn_of_a_private_url(rest_spec, (*at, *place))
                yield from _warn_of_no_permission(rest_spec, (*at, *place))
    yield from _warn_of_authorizers_without_permission(api, at)
    yield from _warn_of_unset_variables(api, settings, at)


def _warn_of_idle_parts(api: Api, at: Location) -> Iterator[Problem]:
    """Warn of what is written and not used."""
    routes = api.routes.values()
    used = {route.integration for route in routes if isinstance(route.integration, str)}
    yield from _idle(api.integrations, used, stack_file.IDLE_INTEGRATION, *at, "integrations")
    asked = {route.authorization for route in routes}
    yield from _idle(api.authorizers, asked, authorizer_rules.IDLE_AUTHORIZER, *at, "authorizers")
    if api.invoke_principals and "AWS_IAM" not in asked and not isinstance(api, RestApi):
        message = "has no effect: no route has authorization AWS_IAM"
        yield problem_at(authorizer_rules.INVOKE_IAM, message, *at, "invokePrincipals")
    if isinstance(api, HttpApi):
        return
    yield from _idle(api.models, _named_models(api), rules.IDLE_MODEL, *at, "models")
    if api.usage_plans and not any(route.api_key_required for route in api.routes.values()):
        who = "no route has" if isinstance(api, RestApi) else "$connect does not have"
        message = f"limit nobody: {who} apiKeyRequired, so that nobody is asked for a key"
        yield problem_at(rules.IDLE_PLAN, message, *at, "usagePlans")
    for name, plan in api.usage_plans.items():
        if not plan.api_keys:
            message = "limits nobody: it has no apiKeys"
            yield problem_at(rules.IDLE_PLAN, message, *at, "usagePlans", name)


def _named_models(api: WebSocketApi | RestApi) -> set[str]:
    """Return the models that routes name, for requests and, of a REST API, for answers."""
    named = {model for route in api.routes.values() for model in route.request_models.values()}
    if isinstance(api, RestApi):
        answers = (answer for route in api.routes.values() for answer in route.method_responses.values())
        named |= {model for answer in answers for model in answer.response_models.values()}
    return named


def _idle(parts: Mapping[str, object], used: set[str], rule: Rule, *at: int | str) -> Iterator[Problem]:
    for name in parts:
        if name not in used:
            message = "is used by no route"
            if rule is stack_file.IDLE_INTEGRATION:
                message += " and is not provisioned"
            yield problem_at(rule, message, *at, name)


def _warn_of_a_fixed_selection(api: WebSocketApi, at: Location) -> Iterator[Problem]:
    """Warn of an expression that selects the same route for every message, most likely for want of a ``$``."""
    expression = api.route_selection_expression
    fixed = str(expression)
    if "$" not in fixed:
        instead = expression.advice or "a part of the message is written $request.body.NAME"
        message = f'selects the route "{fixed}" for every message; {instead}'
        yield problem_at(rules.FIXED_SELECTION, message, *at, "routeSelectionExpression")


def _warn_of_no_default_model(route: WebSocketRoute, at: Location) -> Iterator[Problem]:
    if route.model_selection_expression not in (None, "$default") and "$default" not in route.request_models:
        message = "refuses every message for which no model is selected: it has no $default"
        yield problem_at(rules.NO_DEFAULT_MODEL, message, *at, "requestModels")


def _warn_of_templates(integration: WebSocketIntegration, at: Location) -> Iterator[Problem]:
    if not isinstance(integration, WebSocketTemplatedIntegration):
        return
    if integration.passthrough_behavior == "NEVER" and not integration.request_templates:
        message = "refuses every message: there are no requestTemplates"
        yield problem_at(integration_rules.PASSTHROUGH, message, *at, "passthroughBehavior")
    expression = integration.template_selection_expression
    yield from _warn_of_each_template(integration.request_templates, "request", expression, (*at, "requestTemplates"))
    for key, response in integration.integration_responses.items():
        place = (*at, "integrationResponses", key, "responseTemplates")
        expression = response.template_selection_expression
        yield from _warn_of_each_template(response.response_templates, "response", expression, place)


def _warn_of_each_template(
    templates: Mapping[str, str], side: Side, expression: str | None, at: Location
) -> Iterator[Problem]:
    chosen = _fixed_key(side, expression or "$default")
    for key, template in templates.items():
        if chosen is not None and key not in (chosen, "$default"):
            why = "selects" if expression else "is left out, which selects"
            message = f'is never taken: templateSelectionExpression {why} "{chosen}" for every message'
            yield problem_at(mappings.IDLE_TEMPLATE, message, *at, key)
        for doubt in vtl.template_warnings(template, "WEBSOCKET"):
            yield problem_at(mappings.TEMPLATE_NAME, doubt, *at, key)


def _fixed_key(side: Side, expression: str) -> str | None:
    """Return the one key that an expression can select; None where only a message tells."""
    parts = TemplateSelection.parse(side, expression).parts
    return "".join(map(str, parts)) if all(isinstance(part, str) for part in parts) else None


def _warn_of_no_connection(integration: WebSocketIntegration, at: Location, keys: list[str]) -> Iterator[Problem]:
    if not isinstance(integration, WebSocketTemplatedIntegration) or "$connect" not in keys:
        return
    if "$default" not in integration.integration_responses:
        message = "has no $default: a connection is opened where $connect succeeds, which an integration response says"
        yield problem_at(integration_rules.CONNECT_RESPONSE, message, *at, "integrationResponses")


def _warn_of_no_message(integration: WebSocketIntegration, at: Location, keys: list[str]) -> Iterator[Problem]:
    for destination, source in integration.request_parameters.items():
        for key in keys:
            if str(source) == "context.messageId" and key in {"$connect", "$disconnect"}:
                message = f"has no value on {key}, which is no message"
                yield problem_at(mappings.MESSAGE_ID, message, *at, "requestParameters", str(destination))


def _warn_of_a_private_url(
    integration: WebSocketIntegration | HttpIntegration | RestIntegration, at: Location
) -> Iterator[Problem]:
    """Warn of a URL that only the local gateway can reach."""
    match integration:
        case (
            HttpPublicIntegration(integration_uri=url)
            | WebSocketPublicProxyIntegration(integration_uri=url)
            | WebSocketPublicHttpIntegration(integration_uri=url)
            | RestPublicProxyIntegration(integration_uri=url)
            | RestPublicHttpIntegration(integration_uri=url)
        ) if not _is_public(host_of(url)):
            message = f"leads to {host_of(url)}, which API Gateway cannot reach; a private host stands under backends"
            yield problem_at(integration_rules.PRIVATE_URL, message, *at, "integrationUri")
        case _:
            return


def _is_public(host: str) -> bool:
    """Tell whether a host may be reached over the internet; what a name leads to is not looked up."""
    if host.lower() == "localhost" or host.lower().endswith(".localhost"):
        return False
    try:
        return ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:  # a name
        return True


def _warn_of_no_permission(
    integration: WebSocketIntegration | HttpIntegration | RestIntegration, at: Location
) -> Iterator[Problem]:
    if function := permitted_function(integration):
        yield from _warn_of_unknown_function(function, "credentialsArn", (*at, "integrationUri"))


def _warn_of_authorizers_without_permission(api: Api, at: Location) -> Iterator[Problem]:
    for name, authorizer in api.authorizers.items():
        if isinstance(authorizer, JwtAuthorizer | RestCognitoAuthorizer):
            continue
        if authorizer.authorizer_credentials_arn is None:
            place = (*at, "authorizers", name, "authorizerUri")
            yield from _warn_of_unknown_function(authorizer.authorizer_uri, "authorizerCredentialsArn", place)


def _warn_of_unknown_function(function: LambdaFunction, role: str, at: Location) -> Iterator[Problem]:
    if function.has_stage_variable:
        message = (
            f"names a function by a stage variable, so that it gets no permission from here; give {role}, or let the "
            "functions' own stack allow the calls"
        )
        yield problem_at(integration_rules.FUNCTION_PERMISSION, message, *at)


def _warn_of_colons(api: HttpApi, at: Location) -> Iterator[Problem]:
    """Warn of path variables in the spelling of other routers, which are text to API Gateway."""
    for key in api.routes:
        for name in re.findall(r"(?<=/):([A-Za-z0-9._-]+)(?=/|$)", key):
            yield problem_at(rules.COLON_SEGMENT, f'":{name}" is text; did you mean {{{name}}}?', *at, "routes", key)


def _warn_of_stopped_preflights(api: HttpApi, at: Location) -> Iterator[Problem]:
    """Warn where a route with authorization seems to come before the open one that is there for preflight requests."""
    if api.cors is None:
        return
    for key, path, may_be_open in stopped_preflights(api):
        if may_be_open:
            message = f'may take preflight requests before an open route does; let a route "OPTIONS {path}" be open'
            yield problem_at(authorizer_rules.PREFLIGHT_ORDER, message, *at, "routes", key, "authorization")


def _warn_of_stars(api: HttpApi, at: Location) -> Iterator[Problem]:
    if api.cors is None or not api.cors.allow_credentials:
        return
    for key, values in (
        ("allowMethods", api.cors.allow_methods),
        ("allowHeaders", api.cors.allow_headers),
        ("exposeHeaders", api.cors.expose_headers),
    ):
        if "*" in values:
            message = "* is taken by browsers for a name where allowCredentials is true; name them all"
            yield problem_at(authorizer_rules.CORS_STAR, message, *at, "cors", key)


def _warn_of_quotes(integration: HttpIntegration, at: Location) -> Iterator[Problem]:
    """Warn of values in quotes, which a WebSocket API's mapping has and an HTTP API's sends."""
    for place, value in values_with_places(integration):
        if warning := value.warning():
            yield problem_at(mappings.QUOTED_VALUE, warning, *at, *place)


def _warn_of_a_wide_role(integration: HttpIntegration, at: Location) -> Iterator[Problem]:
    """Warn where the role that is made cannot be limited, for neither the parameters nor the file name a resource."""
    if not isinstance(integration, HttpServiceIntegration):
        return
    if integration.credentials_arn is not None or integration.resource_arn is not None:
        return
    parameters = {name: str(template) for name, template in integration.request_parameters.items()}
    subtype = integration.integration_subtype
    target = service_integrations.target_arn(subtype, parameters, partition="aws", region="us-east-1", account=_ACCOUNT)
    if target is None:
        action = service_integrations.SERVICE_INTEGRATIONS[subtype].action
        is_named = subtype == "AppConfig-GetConfiguration" and not any("$" in value for value in parameters.values())
        why = "names are not ids, which a role is limited by" if is_named else "only a request names one"
        message = f"is left out, so that the role may do {action} on every resource: {why}"
        yield problem_at(integration_rules.WIDE_ROLE, message, *at, "resourceArn")


def _warn_of_unset_variables(api: Api, settings: Settings, at: Location) -> Iterator[Problem]:
    """Warn of stage variables that are read and not set: what reads them would be told nothing."""
    made = link_variables(api, settings) if isinstance(api, RestApi) else set[str]()
    for place, variable in read_variables(api):
        if variable not in made and any(variable not in stage.variables for stage in api.all_stages):
            lacking = "the stage does not have" if len(api.all_stages) == 1 else "not every stage has"
            message = f"reads the stage variable {variable}, which {lacking}"
            yield problem_at(mappings.UNSET_VARIABLE, message, *at, *place)
