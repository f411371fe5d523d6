"""Who may call a REST API, and from where: its endpoint, its resource policy, and what a private API is held to.

Sources: API Gateway Developer Guide, "Private REST APIs in API Gateway" and "IP address types for REST APIs in API
Gateway"; botocore model of apigateway, ``CreateRestApi``.
"""

from collections.abc import Iterator, Mapping

from apigateway.errors import Problem
from apigateway.paths import Location
from apigateway.rules import rest as rules
from apigateway.suggest import nearest

from .finding import block_of, check_distinct, names_of, problem_at
from .rest_apis import RestApi


def check_access(name: str, api: RestApi, raw: Mapping[str, object]) -> Iterator[Problem]:
    """Check the API's endpoint, that it has one policy at most, and that a private API can be called at all."""
    at: Location = ("apis", name)
    endpoints = api.endpoint_configuration.vpc_endpoint_ids
    place = (*at, "endpointConfiguration", "vpcEndpointIds")
    yield from check_distinct(endpoints, *place)
    if api.resource_policy is not None and api.invoke_principals:
        message = "goes without invokePrincipals, of which a policy is made; keep one of the two"
        yield problem_at(rules.ONE_POLICY, message, *at, "resourcePolicy")
    yield from check_distinct(api.binary_media_types, *at, "binaryMediaTypes")
    if api.is_private:
        yield from _check_private(api, at, raw)
    elif endpoints:
        message = f"needs types PRIVATE, got {api.endpoint_configuration.type}: other APIs are called over the internet"
        yield problem_at(rules.ENDPOINT, message, *place)


def _check_private(api: RestApi, at: Location, raw: Mapping[str, object]) -> Iterator[Problem]:
    _, name, *_ = at
    written = block_of(raw, "apis", str(name), "endpointConfiguration").get("vpcEndpointIds")
    if not written and not _has_network(raw):
        message = "is required: there is no network in which an endpoint could be made"
        yield problem_at(rules.PRIVATE_NETWORK, message, *at, "endpointConfiguration", "vpcEndpointIds")
    if not _says_who_may_call(names_of(raw, "apis", str(name))):
        message = "is required for a private API, or invokePrincipals: nobody can call it before a policy allows it"
        yield problem_at(rules.PRIVATE_POLICY, message, *at, "resourcePolicy")
    if api.ip_address_type == "ipv4":
        message = 'must be dualstack for a private API, got "ipv4"'
        yield problem_at(rules.PRIVATE_NAMES, message, *at, "ipAddressType")
    if api.domain is not None:
        message = "does not belong to a private API, which answers on AWS's name alone"
        yield problem_at(rules.PRIVATE_NAMES, message, *at, "domain")
    if api.disable_execute_api_endpoint:
        message = "must be false for a private API, which answers on AWS's name alone"
        yield problem_at(rules.PRIVATE_NAMES, message, *at, "disableExecuteApiEndpoint")


def _has_network(raw: Mapping[str, object]) -> bool:
    """Tell whether the file has a network, be it unsound or its key misspelt."""
    return raw.get("network") is not None or names_of(raw, "network") is None


def _says_who_may_call(written: list[str] | None) -> bool:
    """Tell whether an API's keys say who may call it; one that is misspelt, or called as AWS calls it, says so too."""
    known = {field.alias for field in RestApi.model_fields.values()}
    unknown = [key for key in written or () if key not in known]
    keys = ("resourcePolicy", "invokePrincipals")
    return (
        written is None
        or "policy" in unknown
        or any(key in written or nearest(key, unknown) is not None for key in keys)
    )
