"""What tags, network and backends must be to each other and to AWS."""

import ipaddress
from collections.abc import Iterator, Mapping

from apigateway.errors import Problem
from apigateway.link_zones import LINK_ZONE_IDS

from .backends import Backend
from .base import show
from .finding import Location, check_distinct, names_of, problem_at
from .network import SMALLEST_PRIVATE_VPC, SMALLEST_PUBLIC_VPC, NewNetwork
from .stack import Settings

_OWN_TAGS = ("Project", "Stack", "Name")
_MOST_TAGS = 50 - len(_OWN_TAGS)


def check_tags(settings: Settings) -> Iterator[Problem]:
    """Keep the stack's tags apart from Gatelink's own; IAM does not tell keys apart by case (IAM User Guide)."""
    own = {key.lower(): key for key in _OWN_TAGS}
    for key in settings.tags:
        if key.lower() in own:
            yield problem_at(f"{own[key.lower()]} is added by Gatelink, and IAM takes both for one key", "tags", key)
    if len(settings.tags) > _MOST_TAGS:
        yield problem_at(
            f"must be at most {_MOST_TAGS}, for Gatelink adds three of 50, got {len(settings.tags)}", "tags"
        )


def check_network(settings: Settings, raw: Mapping[str, object], region: str | None) -> Iterator[Problem]:
    """Check that the network is there where it is needed, and large enough; ``region`` is None where it is unknown."""
    network = settings.network
    if network is None:
        backends = names_of(raw, "backends")
        if backends and (raw.get("network", {}) is None or names_of(raw, "network") == []):
            names = ", ".join(backends)
            yield problem_at(f"is required: the load balancers of these backends stand in it: {names}", "network")
        return
    if not isinstance(network, NewNetwork):
        subnets = network.private_subnet_ids
        yield from check_distinct(subnets, "network", "privateSubnetIds")
        if len(set(subnets)) < 2:
            yield problem_at(f"must name at least two subnets, got {show(subnets)}", "network", "privateSubnetIds")
        if not 16 <= ipaddress.IPv4Network(network.cidr).prefixlen <= 28:
            yield problem_at(f'must be /16 to /28, as a VPC is, got "{network.cidr}"', "network", "cidr")
        return
    zones = LINK_ZONE_IDS.get(region or "")
    if zones is not None and network.availability_zones > len(zones):
        known = f"the zones of {region} where VPC links exist are {', '.join(zones)}"
        message = f"must be at most {len(zones)}, got {network.availability_zones}: {known}"
        yield problem_at(message, "network", "availabilityZones")
    smallest = SMALLEST_PRIVATE_VPC if network.nat_gateways == "none" else SMALLEST_PUBLIC_VPC
    prefix = ipaddress.IPv4Network(network.cidr).prefixlen
    if not 16 <= prefix <= smallest:
        kind = "too small" if prefix > smallest else "too large"
        why = "" if network.nat_gateways == "none" else " with public subnets for NAT gateways"
        yield problem_at(f'is {kind}: a VPC must be /16 to /{smallest}{why}, got "{network.cidr}"', "network", "cidr")
    yield from check_distinct([endpoint.service for endpoint in network.vpc_endpoints], "network", "vpcEndpoints")


_PROTOCOLS = {"network": ("TCP", "TLS"), "application": ("HTTP", "HTTPS")}


def check_backend(name: str, backend: Backend) -> Iterator[Problem]:
    """Check a backend's name, its listener and its targets against each other."""
    at: Location = ("backends", name)
    allowed = _PROTOCOLS[backend.load_balancer]
    if name.startswith("sg-"):
        yield problem_at("must not begin with sg-: it names a security group, and EC2 keeps that prefix for ids", *at)
    for side, protocol in (("listener", backend.listener_protocol), ("target", backend.target_protocol)):
        if protocol not in allowed:
            message = f"must be {' or '.join(allowed)} with loadBalancer {backend.load_balancer}, got {show(protocol)}"
            yield problem_at(message, *at, side, "protocol")
    if (backend.listener_protocol, backend.target_protocol) == ("TCP", "TLS"):
        # Elastic Load Balancing, "Target groups for your Network Load Balancers": TLS targets need a TLS listener.
        yield problem_at(
            "must be TCP where the listener speaks TCP, which passes TLS on as it is", *at, "target", "protocol"
        )
    yield from _check_tls(backend, at)
    yield from _check_targets(backend, (*at, "target"))


def _check_tls(backend: Backend, at: Location) -> Iterator[Problem]:
    """Want a certificate and the name on it for a TLS listener, and neither certificate nor policy for a plain one."""
    protocol, listener = backend.listener_protocol, backend.listener
    if backend.is_secure:
        if listener.certificate_arn is None:
            yield problem_at(f"is required where the listener speaks {protocol}", *at, "listener", "certificateArn")
        if backend.host_name is None:
            message = f"is required where the listener speaks {protocol}: the name that its certificate bears"
            yield problem_at(message, *at, "hostName")
        return
    secure = _PROTOCOLS[backend.load_balancer][1]
    for key, value in (("certificateArn", listener.certificate_arn), ("sslPolicy", listener.ssl_policy)):
        if value is not None:
            yield problem_at(f"needs a listener that speaks {secure}, got {protocol}", *at, "listener", key)


def _check_targets(backend: Backend, at: Location) -> Iterator[Problem]:
    check, protocol = backend.target.health_check, backend.health_check_protocol
    if protocol == "TCP" and check.path is not None:
        yield problem_at("needs an HTTP or HTTPS health check, got protocol TCP", *at, "healthCheck", "path")
    if protocol == "TCP" and backend.load_balancer == "application":
        message = 'must be HTTP or HTTPS behind an application load balancer, got "TCP"'
        yield problem_at(message, *at, "healthCheck", "protocol")
    yield from check_distinct(backend.target.addresses, *at, "addresses")
