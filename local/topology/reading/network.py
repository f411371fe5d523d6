"""The recorded network as data: load balancers, listeners, links and the rules of their security groups."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Self

from apigateway.errors import TopologyError
from local.recording import Json, Recording, Resource
from local.topology.reading import fields

DEFAULT_IDLE_TIMEOUT = 60
"""Of an application load balancer, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Balancer:
    """A load balancer of the recording."""

    arn: str
    name: str
    kind: str
    """``network`` or ``application``."""
    dns_name: str
    security_groups: tuple[str, ...]
    subnets: tuple[str, ...]
    filters_links: bool
    """Whether its security groups filter PrivateLink traffic too: AWS's default, unless it is switched off."""
    idle_timeout: int
    """Seconds that it waits for a silent target, where it is an application load balancer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """A listener and where it forwards to."""

    arn: str
    balancer: str
    """The load balancer's ARN."""
    port: int
    protocol: str
    target_group: str | None
    """The ARN of the target group of its default action; None where that action does not forward."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkV1:
    """A VPC link of REST and WebSocket APIs: it leads to one network load balancer."""

    name: str
    target: str
    """The load balancer's ARN."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkV2:
    """A VPC link of HTTP and REST APIs: network interfaces in subnets, behind security groups."""

    name: str
    security_groups: tuple[str, ...]
    subnets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule of a security group; the other side is a group or a CIDR."""

    group: str
    protocol: str
    ports: tuple[int, int] | None
    """First and last port; None for all."""
    peer_group: str | None
    peer_cidr: str | None

    def covers(self, port: int) -> bool:
        """Tell whether TCP traffic on this port is within the rule."""
        if self.protocol not in {"tcp", "6", "-1"}:
            return False
        return self.ports is None or self.ports[0] <= port <= self.ports[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Everything that lies between a VPC link and a backend."""

    balancers: Mapping[str, Balancer]
    listeners: Mapping[str, Listener]
    target_groups: frozenset[str]
    links_v1: Mapping[str, LinkV1]
    links_v2: Mapping[str, LinkV2]
    ingress: tuple[Rule, ...]
    egress: tuple[Rule, ...]
    subnet_cidrs: Mapping[str, IPv4Network]
    """By subnet id, those of the recording: an existing network's are not known."""
    backends: Mapping[str, str]
    """The backend's name, by every value of its stack output: the ARNs of its balancer, listener and service."""

    @classmethod
    def read(cls, recording: Recording) -> Self:
        """Collect the network from a recording."""
        return cls(
            balancers={
                balancer.arn: balancer
                for balancer in map(_balancer, recording.of_type("aws:lb/loadBalancer:LoadBalancer"))
            },
            listeners={
                listener.arn: listener for listener in map(_listener, recording.of_type("aws:lb/listener:Listener"))
            },
            target_groups=frozenset(
                fields.text(resource, "arn") for resource in recording.of_type("aws:lb/targetGroup:TargetGroup")
            ),
            links_v1={
                resource.id: LinkV1(name=resource.name, target=fields.text(resource, "targetArn"))
                for resource in recording.of_type("aws:apigateway/vpcLink:VpcLink")
            },
            links_v2={
                resource.id: LinkV2(
                    name=resource.name,
                    security_groups=fields.texts(resource, "securityGroupIds"),
                    subnets=fields.texts(resource, "subnetIds"),
                )
                for resource in recording.of_type("aws:apigatewayv2/vpcLink:VpcLink")
            },
            ingress=tuple(map(_rule, recording.of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"))),
            egress=tuple(map(_rule, recording.of_type("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"))),
            subnet_cidrs={
                resource.id: IPv4Network(cidr)
                for resource in recording.of_type("aws:ec2/subnet:Subnet")
                if (cidr := fields.optional_text(resource, "cidrBlock")) is not None
            },
            backends=_backends(recording),
        )


def output_blocks(recording: Recording, name: str) -> dict[str, dict[str, Json]]:
    """Return a stack output that maps names to blocks, such as ``apis``; one that is absent is empty."""
    output = recording.outputs.get(name)
    if output is None:
        return {}
    if not isinstance(output, dict):
        raise TopologyError(f'stack output "{name}" must be a map, got {output!r}')
    return {key: block for key, block in output.items() if isinstance(block, dict)}


def _backends(recording: Recording) -> dict[str, str]:
    return {
        value: name
        for name, block in output_blocks(recording, "backends").items()
        for value in block.values()
        if isinstance(value, str)
    }


def _balancer(resource: Resource) -> Balancer:
    return Balancer(
        arn=fields.text(resource, "arn"),
        name=resource.name,
        kind=fields.optional_text(resource, "loadBalancerType") or "application",
        dns_name=fields.optional_text(resource, "dnsName") or "",
        security_groups=fields.texts(resource, "securityGroups"),
        subnets=fields.texts(resource, "subnets"),
        filters_links=fields.optional_text(resource, "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic") != "off",
        idle_timeout=fields.optional_integer(resource, "idleTimeout") or DEFAULT_IDLE_TIMEOUT,
    )


def _listener(resource: Resource) -> Listener:
    target_groups = [
        target
        for action in fields.blocks(resource, "defaultActions")
        if action.get("type") == "forward" and isinstance(target := action.get("targetGroupArn"), str)
    ]
    return Listener(
        arn=fields.text(resource, "arn"),
        balancer=fields.text(resource, "loadBalancerArn"),
        port=fields.integer(resource, "port"),
        protocol=fields.optional_text(resource, "protocol") or "HTTP",
        target_group=target_groups[0] if target_groups else None,
    )


def _rule(resource: Resource) -> Rule:
    first = fields.optional_integer(resource, "fromPort")
    last = fields.optional_integer(resource, "toPort")
    return Rule(
        group=fields.text(resource, "securityGroupId"),
        protocol=fields.text(resource, "ipProtocol"),
        ports=None if first is None or last is None else (first, last),
        peer_group=fields.optional_text(resource, "referencedSecurityGroupId"),
        peer_cidr=fields.optional_text(resource, "cidrIpv4"),
    )
