"""Does a VPC link lead to its load balancer, as it would on AWS?

On a laptop every backend is one hop away, so a missing security group rule or a link of the wrong version would show
only after deployment. These functions ask of the recorded network what AWS's network would ask, and answer with
:class:`~local.topology.calls.Reached` or, in plain words, with :class:`~local.topology.calls.Unreachable`.

Sources: "Create private integrations for HTTP APIs in API Gateway", "Private integrations for REST APIs in API
Gateway", "Set up VPC links in API Gateway", "Update the security groups for your Network Load Balancer".
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Self
from urllib.parse import urlsplit

from apigateway.errors import TopologyError
from local.topology.calls import Reach, Reached, Unreachable
from local.topology.reading.network import DEFAULT_IDLE_TIMEOUT, Balancer, LinkV2, Listener, Network, Rule

DEFAULT_PORTS = {"http": 80, "https": 443}
PLAIN_PROTOCOLS = frozenset({"TCP", "TCP_UDP", "HTTP"})
TLS_PROTOCOLS = frozenset({"TLS", "HTTPS"})
EVERYWHERE = "0.0.0.0/0"

_APPLICATION = re.compile(r":(loadbalancer|listener)/app/")


class _BrokenLinkError(Exception):
    """The first thing that is in the way; its text is the reason."""


def reach_by_url(network: Network, connection_id: str, url: str, *, caller: str = "a WebSocket API") -> Reach:
    """Follow an integration by a v1 link, with a URL whose scheme and port choose the listener.

    ``caller`` is what has such an integration: it is for the message about a link of the other version.
    """
    try:
        return _follow_url(network, connection_id, url, caller)
    except _BrokenLinkError as broken:
        return Unreachable(reason=str(broken))


def reach_by_balancer(network: Network, connection_id: str, target: str, url: str) -> Reach:
    """Follow a REST API's integration by a v2 link: the ARN of a load balancer, and a URL that chooses its listener.

    As with :func:`reach_by_arn`, the listener and the rules of a balancer outside the stack are taken to be right.
    """
    try:
        return _follow_balancer(network, connection_id, target, url)
    except _BrokenLinkError as broken:
        return Unreachable(reason=str(broken))


def reach_by_arn(network: Network, connection_id: str, target: str, *, tls: bool) -> Reach:
    """Follow an HTTP API's integration: a v2 link, and the ARN of a listener or of a Cloud Map service.

    What lies outside the stack (an existing load balancer, a Cloud Map service) is known by the outputs of its backend
    alone; its listener and rules are taken to be right.
    """
    try:
        return _follow_arn(network, connection_id, target, tls=tls)
    except _BrokenLinkError as broken:
        return Unreachable(reason=str(broken))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Url:
    """What the URI of an integration says of the listener."""

    text: str
    host: str
    port: int
    tls: bool

    @classmethod
    def parse(cls, text: str) -> Self:
        parts = urlsplit(text)
        if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
            raise _BrokenLinkError(f'the integration URI must be an http:// or https:// URL, got "{text}"')
        try:
            port = parts.port or DEFAULT_PORTS[parts.scheme]
        except ValueError:
            raise _BrokenLinkError(f'the integration URI has no valid port, got "{text}"') from None
        return cls(text=text, host=parts.hostname, port=port, tls=parts.scheme == "https")


def _follow_url(network: Network, connection_id: str, text: str, caller: str) -> Reached:
    url = _Url.parse(text)
    if connection_id in network.links_v2:
        raise _BrokenLinkError(
            f'VPC link "{network.links_v2[connection_id].name}" is a v2 link, and {caller} needs a v1 link'
        )
    link = network.links_v1.get(connection_id)
    if link is None:
        raise _BrokenLinkError(f'the stack has no VPC link with the id "{connection_id}"')
    balancer = network.balancers.get(link.target)
    if balancer is None:
        if link.target in network.backends:
            return Reached(backend=network.backends[link.target])
        raise _BrokenLinkError(
            f'VPC link "{link.name}" targets "{link.target}", which is no load balancer of the stack'
        )
    if balancer.kind != "network":
        raise _BrokenLinkError(
            f'VPC link "{link.name}" targets the {balancer.kind} load balancer "{balancer.name}", '
            "and a v1 link needs a network load balancer"
        )
    _check_host(network, balancer, url, f'VPC link "{link.name}" leads')
    listener = _listener_on(network, balancer, url.port)
    _check_listener(network, balancer, listener, tls=url.tls, what=f'the URI "{url.text}"')
    # PrivateLink hides the sender behind addresses of API Gateway's own VPC: only a rule for all is sure to fit.
    if balancer.security_groups and balancer.filters_links:
        rules = _rules(network.ingress, balancer.security_groups, url.port)
        if not any(rule.peer_cidr == EVERYWHERE for rule in rules):
            raise _BrokenLinkError(
                f'load balancer "{balancer.name}" applies its security groups to link traffic, and they do not let it '
                f"in on port {url.port}: set enforceSecurityGroupInboundRulesOnPrivateLinkTraffic to off"
            )
    return Reached(backend=_backend_of(network, balancer))


def _follow_arn(network: Network, connection_id: str, target: str, *, tls: bool) -> Reached:
    link = _link_v2(network, connection_id, "an HTTP API")
    listener = network.listeners.get(target)
    if listener is None:
        arn = target.partition("?")[0]
        if arn in network.backends:
            return _reached_outside(network, arn)
        raise _BrokenLinkError(f'the integration URI must be the ARN of a listener of the stack, got "{target}"')
    balancer = network.balancers.get(listener.balancer)
    if balancer is None:
        raise _BrokenLinkError(f'listener "{listener.arn}" belongs to no load balancer of the stack')
    _check_listener(network, balancer, listener, tls=tls, what="the integration's tlsConfig")
    _check_rules(network, link, balancer, listener.port)
    return _reached(network, balancer)


def _follow_balancer(network: Network, connection_id: str, target: str, text: str) -> Reached:
    url = _Url.parse(text)
    link = _link_v2(network, connection_id, "an integrationTarget")
    balancer = network.balancers.get(target)
    if balancer is None:
        if target in network.backends and ":listener/" not in target:
            return _reached_outside(network, target)
        raise _BrokenLinkError(f'the integrationTarget must be the ARN of a load balancer of the stack, got "{target}"')
    _check_host(network, balancer, url, "the integrationTarget leads")
    listener = _listener_on(network, balancer, url.port)
    _check_listener(network, balancer, listener, tls=url.tls, what=f'the URI "{url.text}"')
    _check_rules(network, link, balancer, listener.port)
    return _reached(network, balancer)


def _reached(network: Network, balancer: Balancer) -> Reached:
    idle_timeout = balancer.idle_timeout if balancer.kind == "application" else None
    return Reached(backend=_backend_of(network, balancer), idle_timeout=idle_timeout)


def _reached_outside(network: Network, arn: str) -> Reached:
    """Reach a backend outside the stack; the ARN of a balancer, and of its listener, says which kind it is."""
    idle_timeout = DEFAULT_IDLE_TIMEOUT if _APPLICATION.search(arn) else None
    return Reached(backend=network.backends[arn], idle_timeout=idle_timeout)


def _link_v2(network: Network, connection_id: str, caller: str) -> LinkV2:
    if connection_id in network.links_v1:
        raise _BrokenLinkError(
            f'VPC link "{network.links_v1[connection_id].name}" is a v1 link, and {caller} needs a v2 link'
        )
    link = network.links_v2.get(connection_id)
    if link is None:
        raise _BrokenLinkError(f'the stack has no VPC link with the id "{connection_id}"')
    return link


def _check_host(network: Network, balancer: Balancer, url: _Url, leads: str) -> None:
    """Refuse the name of another balancer; the name of a certificate is not in the recording, and any may be one."""
    for other in network.balancers.values():
        if other.arn != balancer.arn and other.dns_name.lower() == url.host:
            raise _BrokenLinkError(
                f'the URI "{url.text}" names load balancer "{other.name}", and {leads} to "{balancer.name}"'
            )


def _listener_on(network: Network, balancer: Balancer, port: int) -> Listener:
    listeners = [listener for listener in network.listeners.values() if listener.balancer == balancer.arn]
    for listener in listeners:
        if listener.port == port:
            return listener
    ports = ", ".join(str(listener.port) for listener in listeners) or "none"
    raise _BrokenLinkError(
        f'load balancer "{balancer.name}" has no listener on port {port} of the integration URI (its ports: {ports})'
    )


def _check_listener(network: Network, balancer: Balancer, listener: Listener, *, tls: bool, what: str) -> None:
    where = f'the listener of load balancer "{balancer.name}" on port {listener.port}'
    # A TCP listener passes on whatever arrives, TLS included.
    if tls and listener.protocol not in TLS_PROTOCOLS | {"TCP"}:
        raise _BrokenLinkError(f"{what} asks for TLS, and {where} speaks {listener.protocol}")
    if not tls and listener.protocol not in PLAIN_PROTOCOLS:
        raise _BrokenLinkError(f"{what} does not ask for TLS, and {where} speaks {listener.protocol}")
    if listener.target_group is None or listener.target_group not in network.target_groups:
        raise _BrokenLinkError(f"{where} forwards to no target group of the stack")


def _check_rules(network: Network, link: LinkV2, balancer: Balancer, port: int) -> None:
    if not _may_leave(network, link, balancer, port):
        raise _BrokenLinkError(
            f'the security groups of VPC link "{link.name}" have no egress rule to load balancer "{balancer.name}" '
            f"on port {port}"
        )
    if not _may_enter(network, link, balancer, port):
        raise _BrokenLinkError(
            f'the security groups of load balancer "{balancer.name}" have no ingress rule from VPC link "{link.name}" '
            f"on port {port}"
        )


def _may_leave(network: Network, link: LinkV2, balancer: Balancer, port: int) -> bool:
    rules = _rules(network.egress, link.security_groups, port)
    return any(_matches(rule, balancer.security_groups, balancer.subnets, network) for rule in rules)


def _may_enter(network: Network, link: LinkV2, balancer: Balancer, port: int) -> bool:
    # A network load balancer may have no security group, and then filters nothing.
    if not balancer.security_groups:
        return True
    rules = _rules(network.ingress, balancer.security_groups, port)
    return any(_matches(rule, link.security_groups, link.subnets, network) for rule in rules)


def _rules(rules: Iterable[Rule], groups: tuple[str, ...], port: int) -> list[Rule]:
    return [rule for rule in rules if rule.group in groups and rule.covers(port)]


def _matches(rule: Rule, groups: tuple[str, ...], subnets: tuple[str, ...], network: Network) -> bool:
    """Tell whether a rule's other side is these groups or contains these subnets, as far as their CIDRs are known."""
    if rule.peer_group is not None:
        return rule.peer_group in groups
    if rule.peer_cidr is None:
        return False
    range_ = IPv4Network(rule.peer_cidr)
    cidrs = [network.subnet_cidrs[subnet] for subnet in subnets if subnet in network.subnet_cidrs]
    return all(cidr.subnet_of(range_) for cidr in cidrs)


def _backend_of(network: Network, balancer: Balancer) -> str:
    if balancer.arn not in network.backends:
        raise TopologyError(
            f'load balancer "{balancer.name}" is not among the stack\'s outputs backends.<name>.loadBalancerArn'
        )
    return network.backends[balancer.arn]
