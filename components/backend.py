"""A backend: an internal load balancer, its listener, its target group and its security group."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

import pulumi
import pulumi_aws as aws

from settings import Backend as BackendSpec

from .naming import Tags, balancer_name, named
from .network import NetworkInUse
from .stack import Stack

DEFAULT_SSL_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackendArgs:
    """What a backend is made of.

    ``behind_rest_link`` is true where a VPC link for REST and WebSocket APIs leads to the balancer.
    """

    spec: BackendSpec
    network: NetworkInUse
    behind_rest_link: bool
    tags: Tags


class Backend(pulumi.ComponentResource):
    """A private load balancer. It admits nobody by itself: a VPC link for HTTP APIs adds its own rule."""

    spec: BackendSpec
    load_balancer_arn: pulumi.Output[str]
    dns_name: pulumi.Output[str]
    listener_arn: pulumi.Output[str]
    target_group_arn: pulumi.Output[str]
    security_group_id: pulumi.Output[str]
    """The balancer's group: targets admit it on the target and health-check ports."""

    def __init__(self, name: str, args: BackendArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("gatelink:components:Backend", name, None, opts)
        spec, tags, child = args.spec, args.tags, pulumi.ResourceOptions(parent=self)
        physical = balancer_name(name)
        self.spec = spec

        group = aws.ec2.SecurityGroup(
            name,
            description=f"Load balancer of the backend {name}",
            vpc_id=args.network.vpc_id,
            tags=named(tags, name),
            opts=child,
        )
        for rule in _egress_rules(spec, args.network.cidr):
            aws.vpc.SecurityGroupEgressRule(
                f"{name}-to-{rule.suffix}",
                security_group_id=group.id,
                description="To the targets" if rule.port == spec.target_port else "To the health check of the targets",
                cidr_ipv4=rule.cidr,
                ip_protocol="tcp",
                from_port=rule.port,
                to_port=rule.port,
                tags=named(tags, f"{name}-to-{rule.suffix}"),
                opts=child,
            )
        balancer = self._load_balancer(physical, args, group)
        targets = self._target_group(physical, args, balancer)
        for address in spec.target.addresses:
            inside = IPv4Address(address) in IPv4Network(args.network.cidr)
            aws.lb.TargetGroupAttachment(
                f"{name}-{address}",
                target_group_arn=targets.arn,
                target_id=address,
                port=spec.target_port,
                availability_zone=None if inside else "all",
                opts=child,
            )
        listener = aws.lb.Listener(
            name,
            load_balancer_arn=balancer.arn,
            port=spec.listener.port,
            protocol=spec.listener_protocol,
            certificate_arn=spec.listener.certificate_arn,
            ssl_policy=(spec.listener.ssl_policy or DEFAULT_SSL_POLICY) if spec.is_secure else None,
            default_actions=[aws.lb.ListenerDefaultActionArgs(type="forward", target_group_arn=targets.arn)],
            tags=tags,
            opts=child,
        )

        self.load_balancer_arn = balancer.arn
        self.dns_name = balancer.dns_name
        self.listener_arn = listener.arn
        self.target_group_arn = targets.arn
        self.security_group_id = group.id
        self.register_outputs(self.outputs())

    def outputs(self) -> dict[str, pulumi.Output[str]]:
        """Return what other stacks may read of this backend."""
        return {
            "loadBalancerArn": self.load_balancer_arn,
            "dnsName": self.dns_name,
            "listenerArn": self.listener_arn,
            "targetGroupArn": self.target_group_arn,
            "securityGroupId": self.security_group_id,
        }

    def url(self) -> pulumi.Output[str]:
        """Return the start of a URL on the listener: the certificate's name with TLS, else the balancer's own."""
        if self.spec.url is not None:
            return pulumi.Output.from_input(self.spec.url)
        return pulumi.Output.concat("http://", self.dns_name, self.spec.url_port)

    def _load_balancer(self, physical: str, args: BackendArgs, group: aws.ec2.SecurityGroup) -> aws.lb.LoadBalancer:
        is_network = args.spec.load_balancer == "network"
        return aws.lb.LoadBalancer(
            physical,
            load_balancer_type=args.spec.load_balancer,
            internal=True,
            subnets=list(args.network.private_subnet_ids),
            security_groups=[group.id],
            enable_cross_zone_load_balancing=True,
            enable_deletion_protection=args.spec.deletion_protection,
            # Link traffic arrives over PrivateLink: enforced inbound rules would drop it without a word.
            enforce_security_group_inbound_rules_on_private_link_traffic="off" if args.behind_rest_link else None,
            drop_invalid_header_fields=None if is_network else True,
            desync_mitigation_mode=None if is_network else "defensive",
            tags=args.tags,
            # A protected balancer is refused by Pulumi before AWS refuses half of a replacement.
            opts=pulumi.ResourceOptions(parent=self, protect=args.spec.deletion_protection or None),
        )

    def _target_group(self, physical: str, args: BackendArgs, balancer: aws.lb.LoadBalancer) -> aws.lb.TargetGroup:
        spec = args.spec
        check = spec.target.health_check
        uses_http = spec.health_check_protocol != "TCP"
        return aws.lb.TargetGroup(
            physical,
            vpc_id=args.network.vpc_id,
            target_type=spec.target.type,
            port=spec.target_port,
            protocol=spec.target_protocol,
            health_check=aws.lb.TargetGroupHealthCheckArgs(
                protocol=spec.health_check_protocol,
                port=str(check.port) if check.port else "traffic-port",
                path=(check.path or "/") if uses_http else None,
            ),
            tags=args.tags,
            # A target group can serve one balancer only, so it goes and comes with it.
            opts=pulumi.ResourceOptions(parent=self, replace_with=[balancer]),
        )


def provide(stack: Stack, network: NetworkInUse | None) -> dict[str, Backend]:
    """Make every backend of the stack; settings with backends have a network."""
    if network is None:
        return {}
    linked = stack.settings.rest_linked
    return {
        name: Backend(name, BackendArgs(spec=spec, network=network, behind_rest_link=name in linked, tags=stack.tags))
        for name, spec in stack.settings.backends.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _EgressRule:
    suffix: str
    cidr: str
    port: int


def _egress_rules(spec: BackendSpec, cidr: str) -> tuple[_EgressRule, ...]:
    """Return where the balancer may connect: the target and health-check ports, in the VPC and at addresses beyond."""
    ports = sorted({spec.target_port, spec.health_check_port})
    beyond = [address for address in spec.target.addresses if IPv4Address(address) not in IPv4Network(cidr)]
    return tuple(
        _EgressRule(suffix=f"{place}-{port}", cidr=block, port=port)
        for place, block in (("vpc", cidr), *((address, f"{address}/32") for address in beyond))
        for port in ports
    )
