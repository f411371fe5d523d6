"""What the network must be to the backends and to AWS."""

import ipaddress
from collections.abc import Iterator, Mapping

from apigateway.errors import Problem
from apigateway.link_zones import LINK_ZONE_IDS
from apigateway.rules import network as rules

from .api_places import http_places, rest_places
from .apis import HttpApi, WebSocketApi
from .backends import BalancedBackend, LoadBalanced, is_balanced
from .base import show
from .finding import check_distinct, names_of, problem_at
from .network import SMALLEST_PRIVATE_VPC, SMALLEST_PUBLIC_VPC, ExistingNetwork, NewNetwork, StackNetwork
from .rest_apis import RestApi
from .stack import Settings


def check_network(settings: Settings, raw: Mapping[str, object], region: str | None) -> Iterator[Problem]:
    """Check that the network is there where it is needed, and large enough; ``region`` is None where it is unknown."""
    match settings.network:
        case None:
            yield from _check_need(settings, raw)
        case NewNetwork() as network:
            yield from _check_new(network, region)
        case ExistingNetwork() as network:
            yield from _check_existing(network)
        case StackNetwork():
            pass


def _check_need(settings: Settings, raw: Mapping[str, object]) -> Iterator[Problem]:
    """Want a network for load balancers, sound or not, and for the VPC link that has subnets."""
    if raw.get("network") is not None or (names_of(raw, "network") is None and "network" not in raw):
        return
    block = raw.get("backends")
    balanced = [name for name, value in block.items() if is_balanced(value)] if isinstance(block, Mapping) else []
    linked = set(_linked(settings))
    others = [
        name
        for name, backend in settings.backends.items()
        if name in linked and not isinstance(backend, BalancedBackend)
    ]
    reasons = []
    if balanced:
        reasons.append(f"the load balancers of these backends stand in it: {', '.join(balanced)}")
    if others:
        reasons.append(f"the VPC link to these backends stands in its subnets: {', '.join(others)}")
    if reasons:
        yield problem_at(rules.NEEDED, f"is required: {'; '.join(reasons)}", "network")


def _linked(settings: Settings) -> Iterator[str | None]:
    """Yield the backends that the one v2 link leads to: all of HTTP APIs, application balancers of REST APIs.

    ``settings.http_linked`` says the same of a sound stack; here a route may name no integration.
    """
    for api in settings.apis.values():
        match api:
            case HttpApi():
                yield from (integration.backend_name for _, integration, keys in http_places(api) if keys)
            case RestApi():
                for name in (integration.backend_name for _, integration, keys in rest_places(api) if keys):
                    backend = settings.backends.get(name or "")
                    if isinstance(backend, LoadBalanced) and backend.load_balancer == "application":
                        yield name
            case WebSocketApi():
                continue


def _check_new(network: NewNetwork, region: str | None) -> Iterator[Problem]:
    zones = LINK_ZONE_IDS.get(region or "")
    if zones is not None and network.availability_zones > len(zones):
        known = f"the zones of {region} where VPC links exist are {', '.join(zones)}"
        message = f"must be at most {len(zones)}, got {network.availability_zones}: {known}"
        yield problem_at(rules.ZONES, message, "network", "availabilityZones")
    smallest = SMALLEST_PRIVATE_VPC if network.nat_gateways == "none" else SMALLEST_PUBLIC_VPC
    prefix = ipaddress.IPv4Network(network.cidr).prefixlen
    if not 16 <= prefix <= smallest:
        kind = "too small" if prefix > smallest else "too large"
        why = "" if network.nat_gateways == "none" else " with public subnets for NAT gateways"
        message = f'is {kind}: a VPC must be /16 to /{smallest}{why}, got "{network.cidr}"'
        yield problem_at(rules.CIDR, message, "network", "cidr")
    yield from check_distinct([endpoint.service for endpoint in network.vpc_endpoints], "network", "vpcEndpoints")


def _check_existing(network: ExistingNetwork) -> Iterator[Problem]:
    subnets = network.private_subnet_ids
    yield from check_distinct(subnets, "network", "privateSubnetIds")
    if len(set(subnets)) < 2:
        message = f"must name at least two subnets, got {show(subnets)}"
        yield problem_at(rules.SUBNETS, message, "network", "privateSubnetIds")
    if not 16 <= ipaddress.IPv4Network(network.cidr).prefixlen <= 28:
        yield problem_at(rules.CIDR, f'must be /16 to /28, as a VPC is, got "{network.cidr}"', "network", "cidr")
