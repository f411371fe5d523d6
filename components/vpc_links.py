"""VPC links: how API Gateway reaches a private backend.

There are two kinds, made by different services. A link of ``apigateway`` (v1) leads to one network load balancer and
serves WebSocket and REST APIs; a link of ``apigatewayv2`` (v2) stands in subnets, reaches whatever its security group
lets it reach, and serves HTTP APIs, and REST APIs in front of application load balancers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from apigateway.errors import Problem, SettingsError, shown
from apigateway.paths import format_path
from settings import ExistingBackend

from .arguments import check_args
from .backend_in_use import BackendInUse
from .defaults import stack_tags
from .naming import Tags, named
from .network_in_use import NetworkInUse
from .stack import Stack


@dataclass(frozen=True, slots=True, kw_only=True)
class RestVpcLinkArgs:
    """The network load balancer that a v1 link leads to, and what the link says of itself in AWS."""

    load_balancer_arn: pulumi.Input[str] | None
    """A backend's, just as ``BackendInUse`` has it, where None says that there is no load balancer: it is refused."""
    description: str | None = None
    """Left out: that it leads to the load balancer of the backend whose name the link has."""
    tags: Tags = field(default_factory=stack_tags)


class RestVpcLink(pulumi.ComponentResource):
    """A v1 link to one network load balancer, for all WebSocket and REST APIs of the stack.

    Raises ``SettingsError`` before anything is registered where the load balancer is none of that kind.
    """

    link_id: pulumi.Output[str]

    def __init__(self, name: str, args: RestVpcLinkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check_args("RestVpcLink", name, args, RestVpcLinkArgs)
        _check_target(name, args.load_balancer_arn)
        super().__init__("gatelink:components:RestVpcLink", name, None, opts)
        link = aws.apigateway.VpcLink(
            name,
            target_arn=args.load_balancer_arn,
            description=args.description or f"To the network load balancer of the backend {name}",
            tags=args.tags,
            opts=_replaceable(self),
        )
        self.link_id = link.id
        self.register_outputs({"linkId": link.id})


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpVpcLinkArgs:
    """The network that a v2 link stands in and the backends (name → backend) that it leads to."""

    network: NetworkInUse
    backends: Mapping[str, BackendInUse]
    tags: Tags = field(default_factory=stack_tags)


class HttpVpcLink(pulumi.ComponentResource):
    """The v2 link of the stack, its security group, and the rules from it to each backend.

    All HTTP APIs share it, and all REST APIs in front of application load balancers. Its group's description names the
    HTTP APIs alone: where that changes, the group is replaced.
    """

    link_id: pulumi.Output[str]
    security_group_id: pulumi.Output[str]

    def __init__(self, name: str, args: HttpVpcLinkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check_args("HttpVpcLink", name, args, HttpVpcLinkArgs)
        super().__init__("gatelink:components:HttpVpcLink", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        group = aws.ec2.SecurityGroup(
            name,
            description="VPC link of the HTTP APIs",
            vpc_id=args.network.vpc_id,
            tags=named(args.tags, name),
            opts=child,
        )
        for suffix, way in _ways(args).items():
            rule_name = f"{name}-{suffix}"
            aws.vpc.SecurityGroupEgressRule(
                rule_name,
                security_group_id=group.id,
                description=way.description,
                cidr_ipv4=way.cidr,
                referenced_security_group_id=way.group,
                ip_protocol="tcp",
                from_port=way.port,
                to_port=way.port,
                tags=named(args.tags, rule_name),
                opts=child,
            )
            if way.admits:
                aws.vpc.SecurityGroupIngressRule(
                    rule_name,
                    security_group_id=way.group,
                    description="From the VPC link of the HTTP APIs",
                    referenced_security_group_id=group.id,
                    ip_protocol="tcp",
                    from_port=way.port,
                    to_port=way.port,
                    tags=named(args.tags, rule_name),
                    opts=child,
                )
        link = aws.apigatewayv2.VpcLink(
            name,
            subnet_ids=args.network.private_subnet_ids,
            security_group_ids=[group.id],
            tags=args.tags,
            opts=_replaceable(self),
        )
        self.link_id = link.id
        self.security_group_id = group.id
        self.register_outputs({"linkId": link.id, "securityGroupId": group.id})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """Where a link's group lets traffic out: to the members of a group or to a range, on one port.

    ``admits`` is true where the other group is made here, so that it gets the rule that lets the traffic in.
    """

    description: str
    port: int
    cidr: pulumi.Input[str] | None = None
    group: pulumi.Input[str] | None = None
    admits: bool = False


def _ways(args: HttpVpcLinkArgs) -> dict[str, _Way]:
    """Return the ways out of a link, by the end of their rules' names.

    A balancer made here has a group of its own, and its rule bears the backend's name. A group or range that others
    made may serve several backends, and EC2 refuses a rule that a group has already: there the rule is named by what
    it says, so that equal rules are one, and a backend that is renamed moves none.
    """
    ways: dict[str, _Way] = {}
    made: dict[tuple[int, int], str] = {}
    for name, backend in args.backends.items():
        port, group = backend.spec.listens_on, backend.security_group_id
        if backend.made_here:
            description = f"To the load balancer of the backend {name}"
            ways[f"to-{name}"] = _Way(description=description, port=port, group=group, admits=True)
        elif isinstance(group, str):
            ways[f"{group}-{port}"] = _Way(description="To a group of backends", port=port, group=group)
        elif group is not None:
            # Of a group that the program itself makes, no name is known; one object is one group.
            suffix = made.setdefault((id(group), port), f"to-{name}")
            ways[suffix] = _Way(description="To a group of backends", port=port, group=group)
        else:
            ways[f"network-{port}"] = _Way(description="To the network", port=port, cidr=args.network.cidr)
    return ways


def _check_target(name: str, load_balancer_arn: pulumi.Input[str] | None) -> None:
    """Want a network load balancer, where that can be told before it is there."""
    if load_balancer_arn is None:
        message = "needs a load_balancer_arn: a v1 link leads to a network load balancer"
    elif isinstance(load_balancer_arn, str) and ":loadbalancer/net/" not in load_balancer_arn:
        message = f'needs the load_balancer_arn of a network load balancer, got "{shown(load_balancer_arn)}"'
    else:
        return
    raise SettingsError((Problem(format_path(("vpcLinks", "rest", name)), message),))


def _replaceable(parent: pulumi.Resource) -> pulumi.ResourceOptions:
    """Make the new link before the old one goes: a deployed stage refers to it until the stage is repointed.

    It is said outright because an autonaming pattern without random characters would turn the order round.
    """
    return pulumi.ResourceOptions(parent=parent, delete_before_replace=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class VpcLinks:
    """The links of a stack: v1 links by backend, and the v2 link where an HTTP or REST API needs one."""

    rest: Mapping[str, RestVpcLink]
    http: HttpVpcLink | None


def provide(stack: Stack, network: NetworkInUse | None, backends: Mapping[str, BackendInUse]) -> VpcLinks:
    """Make the links that the stack's APIs need, and no others."""
    rest = _rest_links({name: backends[name] for name in stack.settings.rest_linked}, stack.tags)
    linked = {name: backends[name] for name in stack.settings.http_linked}
    if network is None or not linked:
        return VpcLinks(rest=rest, http=None)
    http = HttpVpcLink("http", HttpVpcLinkArgs(network=network, backends=linked, tags=stack.tags))
    return VpcLinks(rest=rest, http=http)


def _rest_links(backends: Mapping[str, BackendInUse], tags: Tags) -> dict[str, RestVpcLink]:
    """Make one v1 link for each balancer and return the links by backend.

    A network load balancer has room for one link (the link makes an endpoint service of it). Backends may be
    different listeners of one existing balancer, so its link is shared, and bears the balancer's name: a backend that
    is renamed would otherwise ask for the second link before the first one goes.
    """
    links: dict[str, RestVpcLink] = {}
    by_backend: dict[str, RestVpcLink] = {}
    for name, backend in backends.items():
        link_name, description = name, f"To the network load balancer of the backend {name}"
        if isinstance(backend.spec, ExistingBackend):
            _, balancer, balancer_id = backend.spec.load_balancer_arn.rsplit("/", 2)
            link_name, description = f"{balancer}-{balancer_id}", f"To the network load balancer {balancer}"
        if link_name not in links:
            args = RestVpcLinkArgs(load_balancer_arn=backend.load_balancer_arn, description=description, tags=tags)
            links[link_name] = RestVpcLink(link_name, args)
        by_backend[name] = links[link_name]
    return by_backend
