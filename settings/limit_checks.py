"""Quotas: how many things a stack may have. One that AWS raises is a doubt, any other an error."""

from collections.abc import Iterator
from typing import Final

from apigateway import limits
from apigateway.errors import Problem
from apigateway.limits import Quota
from apigateway.mapping import http
from apigateway.paths import Location
from apigateway.resource_policies import invoke_policy, policy_text, private_policy
from apigateway.rest_resources import RestRouteKey, resource_tree
from apigateway.rules import limits as rules

from .api_places import http_places, stages_with_places, websocket_places
from .apis import HttpApi, WebSocketApi
from .finding import problem_at
from .integrations import HttpIntegration, HttpServiceIntegration, WebSocketIntegration
from .network import ExistingNetwork
from .rest_apis import RestApi
from .rest_links import link_variables, reached_backends
from .stack import Settings
from .stages import Limits

_ENDPOINT: Final = "vpce-" + "0" * 17
"""Stands for the id of the VPC endpoint that is made."""


def check_quotas(settings: Settings) -> Iterator[Problem]:
    """Report each number beyond a quota that AWS does not raise."""
    for quota, number, at in _numbers(settings):
        if number > quota.value and not quota.raisable:
            message = f'must be at most {quota.value}, got {number}: AWS does not raise the quota "{quota.name}"'
            yield problem_at(rules.QUOTA, message, *at)


def warn_of_quotas(settings: Settings, region: str | None = None) -> Iterator[Problem]:
    """Warn of each number beyond a quota that AWS raises, if it is asked."""
    for quota, number, at in (*_numbers(settings), *_limits(settings, region)):
        if number > quota.value and quota.raisable:
            message = f'is {number}, and the quota "{quota.name}" is {quota.value}; ask AWS to raise it'
            yield problem_at(rules.RAISABLE_QUOTA, message, *at)


def _numbers(settings: Settings) -> Iterator[tuple[Quota, int, Location]]:
    """Yield each quota with the number that the stack has, and its place."""
    yield from _numbers_of_the_stack(settings)
    for name, api in settings.apis.items():
        at: Location = ("apis", name)
        yield limits.STAGES, len(api.stages), (*at, "stages")
        yield limits.AUTHORIZERS, len(api.authorizers), (*at, "authorizers")
        match api:
            case WebSocketApi():
                used = [spec for _, spec, keys in websocket_places(api) if keys]
                yield limits.ROUTES, len(api.routes), (*at, "routes")
                yield limits.WEBSOCKET_INTEGRATIONS, len(_distinct(used)), (*at, "integrations")
            case HttpApi():
                yield from _numbers_of_an_http_api(api, at)
            case RestApi():
                tree = resource_tree(RestRouteKey.parse(key) for key in api.routes)
                yield limits.RESOURCES, len(tree) + 1, (*at, "routes")
                yield from _policy_characters(api, at)
        links = link_variables(api, settings) if isinstance(api, RestApi) else ()
        variables = limits.REST_STAGE_VARIABLES if links else limits.STAGE_VARIABLES
        for place, stage in stages_with_places(api):
            yield variables, len(stage.variables) + len(links), (*at, *place, "variables")


def _limits(settings: Settings, region: str | None) -> Iterator[tuple[Quota, int, Location]]:
    """Yield what stages and routes may ask for at most, each beside the Region's quota of all APIs."""
    rate, burst = limits.REQUEST_RATE, limits.REQUEST_BURST
    if region in limits.SMALL_REGIONS:
        rate, burst = limits.SMALL_REQUEST_RATE, limits.SMALL_REQUEST_BURST
    for name, api in settings.apis.items():
        for place, stage in stages_with_places(api):
            at: Location = ("apis", name, *place)
            of_routes = [((*at, "routeSettings", key), own.throttling) for key, own in stage.route_settings.items()]
            for where, throttling in ((at, stage.throttling), *of_routes):
                if isinstance(throttling, Limits):
                    yield rate, int(throttling.rate_limit), (*where, "throttling", "rateLimit")
                    yield burst, throttling.burst_limit, (*where, "throttling", "burstLimit")


def _numbers_of_the_stack(settings: Settings) -> Iterator[tuple[Quota, int, Location]]:
    own, shared = _linked(settings)
    if isinstance(settings.network, ExistingNetwork) and shared:
        yield limits.LINK_SUBNETS, len(settings.network.private_subnet_ids), ("network", "privateSubnetIds")
    yield limits.REST_LINKS, len(own), ("backends",)
    with_keys = [api for api in settings.apis.values() if isinstance(api, WebSocketApi | RestApi)]
    plans = [plan for api in with_keys for plan in api.usage_plans.values()]
    yield limits.USAGE_PLANS, len(plans), ("apis",)
    yield limits.API_KEYS, len({key for plan in plans for key in plan.api_keys}), ("apis",)
    domains = [api.domain for api in settings.apis.values() if api.domain]
    yield limits.DOMAINS, len({domain.domain_name for domain in domains}), ("apis",)
    deep = [domain.domain_name for domain in domains if "/" in (domain.api_mapping_key or "")]
    yield limits.DEEP_MAPPINGS, max(map(deep.count, deep), default=0), ("apis",)


def _linked(settings: Settings) -> tuple[set[str], set[str]]:
    """Return the backends that have a VPC link each, and those that the one for all leads to.

    ``settings.rest_linked`` and ``http_linked`` say the same of a sound stack; here a route may name no integration.
    """
    own: set[str] = set()
    shared: set[str] = set()
    for api in settings.apis.values():
        match api:
            case WebSocketApi():
                own |= {spec.backend_name for _, spec, keys in websocket_places(api) if keys and spec.backend_name}
            case HttpApi():
                shared |= {spec.backend_name for _, spec, _ in http_places(api) if spec.backend_name}
            case RestApi():
                for name, backend in reached_backends(api, settings):
                    (own if backend.load_balancer == "network" else shared).add(name)
    return own, shared


def _policy_characters(api: RestApi, at: Location) -> Iterator[tuple[Quota, int, Location]]:
    """Count the characters of the resource policy, be it written or made of ``invokePrincipals``."""
    if api.resource_policy is not None:
        yield limits.POLICY_CHARACTERS, len(policy_text(api.resource_policy)), (*at, "resourcePolicy")
    if api.invoke_principals:
        policy = invoke_policy(api.invoke_principals, "aws")
        if api.is_private:
            policy = private_policy(api.endpoint_configuration.vpc_endpoint_ids or [_ENDPOINT], allow=policy)
        yield limits.POLICY_CHARACTERS, len(policy_text(policy)), (*at, "invokePrincipals")


def _numbers_of_an_http_api(api: HttpApi, at: Location) -> Iterator[tuple[Quota, int, Location]]:
    used = [spec for _, spec, keys in http_places(api) if keys]
    yield limits.ROUTES, len(api.routes), (*at, "routes")
    yield limits.HTTP_INTEGRATIONS, len(_distinct(used)), (*at, "integrations")
    for place, spec, _ in http_places(api):
        if not isinstance(spec, HttpServiceIntegration):
            yield limits.HEADER_BYTES, _header_bytes(spec.request_parameters), (*at, *place, "requestParameters")


def _distinct(specs: list[WebSocketIntegration] | list[HttpIntegration]) -> set[str]:
    """Return what tells integrations apart: equal ones are provisioned once."""
    return {spec.model_dump_json(by_alias=True, exclude_none=True) for spec in specs}


def _header_bytes(mappings: dict[http.RequestDestination, http.Template]) -> int:
    """Count the bytes of headers that mappings write whatever the request is: ``name: value`` and the line's end."""
    total = 0
    for destination, template in mappings.items():
        if destination.location == "header" and destination.action != "remove":
            text = "".join(part for part in template.parts if isinstance(part, str))
            total += len(destination.name.encode()) + len(text.encode()) + len(": \r\n")
    return total
