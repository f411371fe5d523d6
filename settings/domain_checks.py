"""What APIs that share a domain name must be to each other, and what an API's domain must be to the API.

Sources: API Gateway Developer Guide, "Custom domain names", "Map API stages to a custom domain name" (for HTTP and for
WebSocket APIs), "Mutual TLS for HTTP APIs".
"""

from collections.abc import Iterator, Mapping

from apigateway.errors import Problem
from apigateway.paths import Location, format_path
from apigateway.rules import domains as rules
from apigateway.rules import stack_file

from .apis import Api, HttpApi, WebSocketApi
from .base import show
from .domains import Domain, RestDomain
from .finding import problem_at, refer
from .rest_domain_checks import REST_SETTINGS, check_beside_http, check_rest_domain
from .stack import Settings
from .stage_checks import STACK, stage_names

_SHARED = (
    "certificateArn",
    "hostedZoneId",
    "ipAddressType",
    "mutualTlsAuthentication",
    "ownershipVerificationCertificateArn",
)


def check_domains(settings: Settings, raw: Mapping[str, object]) -> Iterator[Problem]:
    """Check each API's domain, and with the domains of the APIs before it."""
    before: dict[str, Domain] = {}
    for name, api in settings.apis.items():
        if api.domain is None:
            continue
        at: Location = ("apis", name, "domain")
        yield from _check_stage(name, api, api.domain, raw)
        yield from _check_kind(api, api.domain, at)
        for other, domain in before.items():
            if _resource_name(domain.domain_name) == _resource_name(api.domain.domain_name):
                yield from _check_shared(settings, other, domain, name, api.domain)
        before[name] = api.domain


def _check_stage(name: str, api: Api, domain: Domain, raw: Mapping[str, object]) -> Iterator[Problem]:
    names = stage_names(name, api, raw)
    if domain.stage is None or names is None or None in names:
        return
    known = [stage for stage in names if stage not in (None, STACK)]
    where = f"apis.{name}.{'stages' if api.stages else 'stage'}"
    problem = refer("stage", domain.stage, [str(stage) for stage in known], where)
    if problem:
        yield problem_at(rules.DOMAIN_STAGE, problem, "apis", name, "domain", "stage")


def _check_kind(api: Api, domain: Domain, at: Location) -> Iterator[Problem]:
    if isinstance(api, WebSocketApi):
        if domain.api_mapping_key and "/" in domain.api_mapping_key:
            message = f'must have one level for a WebSocket API, got "{domain.api_mapping_key}"'
            yield problem_at(rules.MAPPING_KEY, message, *at, "apiMappingKey")
        if domain.mutual_tls_authentication:
            message = "is for HTTP and REST APIs; API Gateway asks the callers of WebSocket APIs for no certificates"
            yield problem_at(rules.MUTUAL_TLS, message, *at, "mutualTlsAuthentication")
    if domain.ownership_verification_certificate_arn and not domain.mutual_tls_authentication:
        message = "needs mutualTlsAuthentication: other domains are proved by their own certificate"
        yield problem_at(rules.MUTUAL_TLS, message, *at, "ownershipVerificationCertificateArn")
    if isinstance(domain, RestDomain):
        yield from check_rest_domain(domain, at)


def _check_shared(settings: Settings, first: str, domain: Domain, name: str, own: Domain) -> Iterator[Problem]:
    """Check a domain that two APIs have, or two domains that make one resource name."""
    there, at = format_path(("apis", first, "domain")), ("apis", name, "domain")
    if domain.domain_name != own.domain_name:
        message = f"makes the same resource name as that of {there}; put the two into different stacks"
        yield problem_at(stack_file.RESOURCE_NAME, message, *at, "domainName")
        return
    kinds = (settings.apis[first], settings.apis[name])
    if len({isinstance(api, WebSocketApi) for api in kinds}) == 2:
        other = "an HTTP API" if any(isinstance(api, HttpApi) for api in kinds) else "a REST API"
        message = f"must differ from that of {there}: {other} and a WebSocket API cannot share a domain name"
        yield problem_at(rules.DOMAIN_WEBSOCKET, f"{message}, got {show(own.domain_name)}", *at, "domainName")
        return
    if domain.api_mapping_key == own.api_mapping_key:
        message = f"must differ from that of {there}, got {show(own.api_mapping_key)}"
        if own.api_mapping_key is None:
            message = f"is required: {there} has no apiMappingKey and takes the whole domain name"
        yield problem_at(rules.DOMAIN_SHARED, message, *at, "apiMappingKey")
    expected, given = (spec.model_dump(mode="json", by_alias=True, exclude_none=True) for spec in (domain, own))
    shared: tuple[str, ...] = _SHARED
    match domain, own:
        case RestDomain(), RestDomain():
            shared += REST_SETTINGS
        case RestDomain(), _:
            yield from check_beside_http(domain, name, ("apis", first, "domain"))
        case _, RestDomain():
            yield from check_beside_http(own, first, at)
        case _:
            pass
    for key in shared:
        if expected.get(key) != given.get(key):
            message = f"must be that of {there}, which has the same domain name: {show(expected.get(key))}"
            yield problem_at(rules.DOMAIN_SHARED, f"{message}, got {show(given.get(key))}", *at, key)


def _resource_name(domain_name: str) -> str:
    """Return the name that a domain's resources get: dots are hyphens there."""
    return domain_name.replace("*", "wildcard").replace(".", "-")
