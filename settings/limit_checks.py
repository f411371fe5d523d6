"""Quotas: how many things a stack may have. One that AWS raises is a doubt, any other an error."""

from collections.abc import Iterator

from apigateway import limits
from apigateway.errors import Problem
from apigateway.limits import Quota
from apigateway.mapping import http
from apigateway.paths import Location
from apigateway.rules import limits as rules

from .api_places import http_places, stages_with_places, websocket_places
from .apis import HttpApi, WebSocketApi
from .finding import problem_at
from .integrations import HttpIntegration, HttpServiceIntegration, WebSocketIntegration
from .network import ExistingNetwork
from .stack import Settings
from .stages import Limits


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
        yield limits.ROUTES, len(api.routes), (*at, "routes")
        yield limits.STAGES, len(api.stages), (*at, "stages")
        yield limits.AUTHORIZERS, len(api.authorizers), (*at, "authorizers")
        match api:
            case WebSocketApi():
                used = [spec for _, spec, keys in websocket_places(api) if keys]
                yield limits.WEBSOCKET_INTEGRATIONS, len(_distinct(used)), (*at, "integrations")
            case HttpApi():
                yield from _numbers_of_an_http_api(api, at)
        for place, stage in stages_with_places(api):
            yield limits.STAGE_VARIABLES, len(stage.variables), (*at, *place, "variables")


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
    websocket_apis = [api for api in settings.apis.values() if isinstance(api, WebSocketApi)]
    http_apis = [api for api in settings.apis.values() if isinstance(api, HttpApi)]
    if isinstance(settings.network, ExistingNetwork) and any(
        spec.backend_name for api in http_apis for _, spec, _ in http_places(api)
    ):
        yield limits.LINK_SUBNETS, len(settings.network.private_subnet_ids), ("network", "privateSubnetIds")
    rest_linked = {spec.backend_name for api in websocket_apis for _, spec, keys in websocket_places(api) if keys}
    yield limits.REST_LINKS, len(rest_linked - {None}), ("backends",)
    plans = [plan for api in websocket_apis for plan in api.usage_plans.values()]
    yield limits.USAGE_PLANS, len(plans), ("apis",)
    yield limits.API_KEYS, len({key for plan in plans for key in plan.api_keys}), ("apis",)
    domains = [api.domain for api in settings.apis.values() if api.domain]
    yield limits.DOMAINS, len({domain.domain_name for domain in domains}), ("apis",)
    deep = [domain.domain_name for domain in domains if "/" in (domain.api_mapping_key or "")]
    yield limits.DEEP_MAPPINGS, max(map(deep.count, deep), default=0), ("apis",)


def _numbers_of_an_http_api(api: HttpApi, at: Location) -> Iterator[tuple[Quota, int, Location]]:
    used = [spec for _, spec, keys in http_places(api) if keys]
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
