"""VPC links: how API Gateway reaches a private load balancer.

There are two kinds, made by different services. A link of ``apigateway`` (v1) leads to one network load balancer and
serves WebSocket and REST APIs; a link of ``apigatewayv2`` (v2) stands in subnets, reaches whatever its security group
lets it reach, and serves HTTP APIs.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from .backend import Backend
from .naming import Tags, named
from .network import NetworkInUse
from .stack import Stack


@dataclass(frozen=True, slots=True, kw_only=True)
class RestVpcLinkArgs:
    """The backend that a v1 link leads to: its balancer is a network load balancer."""

    backend: Backend
    tags: Tags


class RestVpcLink(pulumi.ComponentResource):
    """A v1 link to one network load balancer, for all WebSocket and REST APIs of the stack."""

    link_id: pulumi.Output[str]

    def __init__(self, name: str, args: RestVpcLinkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("gatelink:components:RestVpcLink", name, None, opts)
        link = aws.apigateway.VpcLink(
            name,
            target_arn=args.backend.load_balancer_arn,
            description=f"To the network load balancer of the backend {name}",
            tags=args.tags,
            opts=_replaceable(self),
        )
        self.link_id = link.id
        self.register_outputs({"linkId": link.id})


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpVpcLinkArgs:
    """The network that a v2 link stands in and the backends (name → backend) that it leads to."""

    network: NetworkInUse
    backends: Mapping[str, Backend]
    tags: Tags


class HttpVpcLink(pulumi.ComponentResource):
    """The v2 link for all HTTP APIs of the stack, its security group, and the rules from it to each balancer."""

    link_id: pulumi.Output[str]
    security_group_id: pulumi.Output[str]

    def __init__(self, name: str, args: HttpVpcLinkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("gatelink:components:HttpVpcLink", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        group = aws.ec2.SecurityGroup(
            name,
            description="VPC link of the HTTP APIs",
            vpc_id=args.network.vpc_id,
            tags=named(args.tags, name),
            opts=child,
        )
        for backend_name, backend in args.backends.items():
            port = backend.spec.listener.port
            rule_name = f"{name}-to-{backend_name}"
            aws.vpc.SecurityGroupEgressRule(
                rule_name,
                security_group_id=group.id,
                description=f"To the load balancer of the backend {backend_name}",
                referenced_security_group_id=backend.security_group_id,
                ip_protocol="tcp",
                from_port=port,
                to_port=port,
                tags=named(args.tags, rule_name),
                opts=child,
            )
            aws.vpc.SecurityGroupIngressRule(
                rule_name,
                security_group_id=backend.security_group_id,
                description="From the VPC link of the HTTP APIs",
                referenced_security_group_id=group.id,
                ip_protocol="tcp",
                from_port=port,
                to_port=port,
                tags=named(args.tags, rule_name),
                opts=child,
            )
        link = aws.apigatewayv2.VpcLink(
            name,
            subnet_ids=list(args.network.private_subnet_ids),
            security_group_ids=[group.id],
            tags=args.tags,
            opts=_replaceable(self),
        )
        self.link_id = link.id
        self.security_group_id = group.id
        self.register_outputs({"linkId": link.id, "securityGroupId": group.id})


def _replaceable(parent: pulumi.Resource) -> pulumi.ResourceOptions:
    """Make the new link before the old one goes: a deployed stage refers to it until the stage is repointed.

    It is said outright because an autonaming pattern without random characters would turn the order round.
    """
    return pulumi.ResourceOptions(parent=parent, delete_before_replace=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class VpcLinks:
    """The links of a stack: v1 links by backend, and the v2 link where an HTTP API needs one."""

    rest: Mapping[str, RestVpcLink]
    http: HttpVpcLink | None


def provide(stack: Stack, network: NetworkInUse | None, backends: Mapping[str, Backend]) -> VpcLinks:
    """Make the links that the stack's APIs need, and no others."""
    rest = {
        name: RestVpcLink(name, RestVpcLinkArgs(backend=backends[name], tags=stack.tags))
        for name in stack.settings.rest_linked
    }
    linked = {name: backends[name] for name in stack.settings.http_linked}
    if network is None or not linked:
        return VpcLinks(rest=rest, http=None)
    http = HttpVpcLink("http", HttpVpcLinkArgs(network=network, backends=linked, tags=stack.tags))
    return VpcLinks(rest=rest, http=http)
