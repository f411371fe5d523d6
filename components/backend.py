"""Backends: private services, each behind a load balancer made here, behind one that exists, or in AWS Cloud Map."""

from dataclasses import dataclass
from functools import partial
from graphlib import TopologicalSorter
from ipaddress import IPv4Address, IPv4Network

import pulumi
import pulumi_aws as aws

from settings import Backend as BackendSpec
from settings import BalancedBackend, CloudMapBackend, ExistingBackend
from settings.backends import url_of, url_port

from . import target_group
from .naming import Tags, balancer_name, named
from .network import NetworkInUse
from .stack import Stack

DEFAULT_SSL_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackendInUse:
    """What links, APIs and alarms need of a backend, whichever kind it is. None is what its kind does not have."""

    spec: BackendSpec
    http_uri: pulumi.Input[str]
    """The ``integrationUri`` of an HTTP API: a listener's ARN, or a Cloud Map service's with the attributes wanted."""
    load_balancer_arn: pulumi.Input[str] | None = None
    dns_name: pulumi.Input[str] | None = None
    security_group_id: pulumi.Input[str] | None = None
    """The group of the balancer or of the instances; targets of a balancer made here admit it."""
    made_here: bool = False
    """Whether the group is this stack's, so that rules may be added to it."""
    target_group_arn: pulumi.Input[str] | None = None
    listener: aws.lb.Listener | None = None
    """The listener, where it is made here."""
    load_balancer_arn_suffix: pulumi.Input[str] | None = None
    target_group_arn_suffix: pulumi.Input[str] | None = None
    """The two suffixes are the dimensions that CloudWatch knows a balancer and its target group by."""

    def url(self) -> pulumi.Output[str]:
        """Return the start of a URL on the listener: the certificate's name with TLS, else the balancer's own.

        Raises ``ValueError`` for a Cloud Map service, which no API calls by a URL.
        """
        if isinstance(self.spec, CloudMapBackend) or self.dns_name is None:
            raise ValueError("only a backend behind a load balancer has a URL")
        secure = url_of(self.spec)
        if secure is not None:
            return pulumi.Output.from_input(secure)
        return pulumi.Output.concat("http://", self.dns_name, url_port(self.spec))

    def outputs(self) -> dict[str, pulumi.Input[str]]:
        """Return what other stacks may read of this backend."""
        is_service = isinstance(self.spec, CloudMapBackend)
        found = {
            "loadBalancerArn": self.load_balancer_arn,
            "dnsName": self.dns_name,
            "listenerArn": None if is_service else self.http_uri,
            "targetGroupArn": self.target_group_arn,
            "serviceArn": self.spec.cloud_map.service_arn if isinstance(self.spec, CloudMapBackend) else None,
            "securityGroupId": self.security_group_id,
        }
        return {name: value for name, value in found.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class BackendArgs:
    """What a backend behind a load balancer of its own is made of.

    ``behind_rest_link`` is true where a VPC link for REST and WebSocket APIs leads to the balancer, ``is_target``
    where another backend's network load balancer does; ``target`` is the backend that this one's balancer leads to.
    """

    spec: BalancedBackend
    network: NetworkInUse
    behind_rest_link: bool
    is_target: bool
    target: BackendInUse | None
    tags: Tags


class Backend(pulumi.ComponentResource):
    """A private load balancer. It admits nobody by itself: a VPC link for HTTP APIs adds its own rule.

    What happens when it moves to another VPC, or becomes a balancer of the other kind: everything new is made first,
    links and integrations follow, and the old goes last. The balancer itself says so, in :meth:`_load_balancer`.
    """

    in_use: BackendInUse
    """The backend as the other components see it."""

    def __init__(self, name: str, args: BackendArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("gatelink:components:Backend", name, None, opts)
        self._name, self._args, self._spec = name, args, args.spec
        self._child = pulumi.ResourceOptions(parent=self)
        group = aws.ec2.SecurityGroup(
            name,
            description=f"Load balancer of the backend {name}",
            vpc_id=args.network.vpc_id,
            tags=named(args.tags, name),
            opts=self._child,
        )
        self._rules(group)
        balancer = self._load_balancer(group)
        targets = self._target_group(balancer)
        self._attachments(targets)
        listener = self._listener(balancer, targets)

        self.in_use = BackendInUse(
            spec=args.spec,
            http_uri=listener.arn,
            load_balancer_arn=balancer.arn,
            dns_name=balancer.dns_name,
            security_group_id=group.id,
            made_here=True,
            target_group_arn=targets.arn,
            listener=listener,
            load_balancer_arn_suffix=balancer.arn.apply(_balancer_suffix),
            target_group_arn_suffix=targets.arn.apply(_target_group_suffix),
        )
        self.register_outputs(self.in_use.outputs())

    def _rules(self, group: aws.ec2.SecurityGroup) -> None:
        """Let the balancer connect to the target and health-check ports, and the balancer behind it admit it there."""
        spec, target = self._spec, self._args.target
        ports = sorted({spec.target_port, spec.health_check_port})
        for peer in _peers(spec, self._args.network, target):
            for port in ports:
                name = f"{self._name}-to-{peer.suffix}-{port}"
                aws.vpc.SecurityGroupEgressRule(
                    name,
                    security_group_id=group.id,
                    description="To the targets" if port == spec.target_port else "To the health check of the targets",
                    cidr_ipv4=peer.cidr,
                    referenced_security_group_id=peer.group,
                    ip_protocol="tcp",
                    from_port=port,
                    to_port=port,
                    tags=named(self._args.tags, name),
                    opts=self._child,
                )
        if target is None or not target.made_here:
            return
        for port in ports:
            name = f"{self._name}-to-alb-{port}"
            aws.vpc.SecurityGroupIngressRule(
                name,
                security_group_id=target.security_group_id,
                description=f"From the load balancer of the backend {self._name}",
                referenced_security_group_id=group.id,
                ip_protocol="tcp",
                from_port=port,
                to_port=port,
                tags=named(self._args.tags, name),
                opts=self._child,
            )

    def _load_balancer(self, group: aws.ec2.SecurityGroup) -> aws.lb.LoadBalancer:
        """Make the balancer.

        AWS has no call that moves a balancer to another VPC, and the provider tries all the same: it would give the
        old balancer the new VPC's group and subnets, which AWS refuses. A group is replaced exactly where its VPC is
        another, so the balancer goes and comes with its group. Other subnets of the same VPC are an update in place,
        or for a network load balancer what the provider knows to be a replacement.
        """
        spec, args = self._spec, self._args
        is_network = spec.load_balancer == "network"
        logs = spec.access_logs
        return aws.lb.LoadBalancer(
            balancer_name(self._name),
            load_balancer_type=spec.load_balancer,
            internal=True,
            subnets=args.network.private_subnet_ids,
            security_groups=[group.id],
            enable_cross_zone_load_balancing=True,
            enable_deletion_protection=spec.deletion_protection,
            # Link traffic arrives over PrivateLink: enforced inbound rules would drop it without a word.
            enforce_security_group_inbound_rules_on_private_link_traffic="off" if args.behind_rest_link else None,
            drop_invalid_header_fields=None if is_network else True,
            desync_mitigation_mode=None if is_network else "defensive",
            idle_timeout=spec.idle_timeout_seconds,
            # Said in any case: the provider takes no block for "as it was".
            access_logs=aws.lb.LoadBalancerAccessLogsArgs(
                enabled=logs is not None, bucket=logs.bucket if logs else "", prefix=logs.prefix if logs else None
            ),
            tags=args.tags,
            # A protected balancer is refused by Pulumi before AWS refuses half of a replacement.
            opts=pulumi.ResourceOptions(parent=self, replace_with=[group], protect=spec.deletion_protection or None),
        )

    def _target_group(self, balancer: aws.lb.LoadBalancer) -> aws.lb.TargetGroup:
        spec, attributes = self._spec, self._spec.target.attributes
        return aws.lb.TargetGroup(
            balancer_name(self._name),
            vpc_id=self._args.network.vpc_id,
            target_type=spec.target.type,
            port=spec.target_port,
            protocol=spec.target_protocol,
            health_check=target_group.health_check(spec),
            deregistration_delay=attributes.deregistration_delay_seconds,
            preserve_client_ip=target_group.preserve_client_ip(spec),
            proxy_protocol_v2=attributes.proxy_protocol_v2,
            connection_termination=attributes.connection_termination,
            stickiness=target_group.stickiness(spec),
            slow_start=attributes.slow_start_seconds,
            load_balancing_algorithm_type=target_group.load_balancing_algorithm(spec),
            tags=self._args.tags,
            # A target group can serve one balancer only, so it goes and comes with it.
            opts=pulumi.ResourceOptions(parent=self, replace_with=[balancer]),
        )

    def _attachments(self, targets: aws.lb.TargetGroup) -> None:
        """Register the targets that the stack file names."""
        spec, target = self._spec, self._args.target
        for address in spec.target.addresses:
            # A network of another stack has a range that only the engine knows.
            zone = pulumi.Output.from_input(self._args.network.cidr).apply(partial(_zone_of, address))
            self._attachment(address, targets, address, self._child, availability_zone=zone)
        for instance in spec.target.instance_ids:
            self._attachment(instance, targets, instance, self._child)
        balancer = target.load_balancer_arn if target else spec.target.load_balancer_arn
        if balancer is not None:
            opts = pulumi.ResourceOptions(
                parent=self,
                # AWS registers a balancer only where it listens on the port, and keeps a listener while it is needed.
                depends_on=[target.listener] if target and target.listener else None,
                # A target group takes one balancer: the old one leaves before the new one comes.
                delete_before_replace=True,
            )
            self._attachment("alb", targets, balancer, opts)

    def _attachment(
        self,
        suffix: str,
        targets: aws.lb.TargetGroup,
        target_id: pulumi.Input[str],
        opts: pulumi.ResourceOptions,
        availability_zone: pulumi.Input[str | None] = None,
    ) -> None:
        aws.lb.TargetGroupAttachment(
            f"{self._name}-{suffix}",
            target_group_arn=targets.arn,
            target_id=target_id,
            port=self._spec.target_port,
            availability_zone=availability_zone,
            opts=opts,
        )

    def _listener(self, balancer: aws.lb.LoadBalancer, targets: aws.lb.TargetGroup) -> aws.lb.Listener:
        spec = self._spec
        return aws.lb.Listener(
            self._name,
            load_balancer_arn=balancer.arn,
            port=spec.listener.port,
            protocol=spec.listener_protocol,
            certificate_arn=spec.listener.certificate_arn,
            ssl_policy=(spec.listener.ssl_policy or DEFAULT_SSL_POLICY) if spec.is_secure else None,
            default_actions=[aws.lb.ListenerDefaultActionArgs(type="forward", target_group_arn=targets.arn)],
            tags=self._args.tags,
            # AWS refuses to take away a port by which the balancer is a network load balancer's target. Another port
            # is therefore another listener: it comes first, the registration follows, and the old one goes last.
            opts=pulumi.ResourceOptions(parent=self, replace_on_changes=["port"] if self._args.is_target else None),
        )


def provide(stack: Stack, network: NetworkInUse | None) -> dict[str, BackendInUse]:
    """Make or find every backend of the stack, in the file's order; one that is made here has a network to stand in."""
    specs, linked = stack.settings.backends, stack.settings.rest_linked
    target_of = {name: _target_of(spec) for name, spec in specs.items()}
    found: dict[str, BackendInUse] = {}
    # A backend that is another one's target comes before it.
    for name in TopologicalSorter(
        {name: [target] if target else [] for name, target in target_of.items()}
    ).static_order():
        match specs[name]:
            case BalancedBackend() as spec if network is not None:
                target = target_of[name]
                args = BackendArgs(
                    spec=spec,
                    network=network,
                    behind_rest_link=name in linked,
                    is_target=name in target_of.values(),
                    target=found[target] if target else None,
                    tags=stack.tags,
                )
                found[name] = Backend(name, args).in_use
            case ExistingBackend() as spec:
                found[name] = _existing(spec)
            case CloudMapBackend() as spec:
                found[name] = _cloud_map(spec)
            case BalancedBackend():
                raise ValueError(f"the backend {name} has no network to stand in")
    return {name: found[name] for name in specs}


def _target_of(spec: BackendSpec) -> str | None:
    return spec.target.backend if isinstance(spec, BalancedBackend) else None


def _existing(spec: ExistingBackend) -> BackendInUse:
    return BackendInUse(
        spec=spec,
        http_uri=spec.listener_arn,
        load_balancer_arn=spec.load_balancer_arn,
        dns_name=spec.dns_name,
        security_group_id=spec.security_group_id,
        load_balancer_arn_suffix=_balancer_suffix(spec.load_balancer_arn),
    )


def _cloud_map(spec: CloudMapBackend) -> BackendInUse:
    wanted = "&".join(f"{name}={value}" for name, value in spec.cloud_map.attributes.items())
    arn = spec.cloud_map.service_arn
    return BackendInUse(
        spec=spec, http_uri=f"{arn}?{wanted}" if wanted else arn, security_group_id=spec.security_group_id
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Peer:
    """One side that a balancer may connect to: a range, or the members of a group."""

    suffix: str
    cidr: pulumi.Input[str] | None = None
    group: pulumi.Input[str] | None = None


def _peers(spec: BalancedBackend, network: NetworkInUse, target: BackendInUse | None) -> tuple[_Peer, ...]:
    """Return where a balancer may connect: the balancer behind it, or the VPC and the addresses beyond.

    Which addresses lie beyond another stack's network is not known here, so that each has a rule of its own.
    """
    if target is not None and target.security_group_id is not None:
        return (_Peer(suffix="alb", group=target.security_group_id),)
    inside = IPv4Network(network.cidr) if isinstance(network.cidr, str) else None
    beyond = [address for address in spec.target.addresses if inside is None or IPv4Address(address) not in inside]
    return (
        _Peer(suffix="vpc", cidr=network.cidr),
        *(_Peer(suffix=address, cidr=f"{address}/32") for address in beyond),
    )


def _zone_of(address: str, cidr: str) -> str | None:
    """Return a target's zone: its subnet's, which AWS finds, or all of them for an address beyond the VPC."""
    return None if IPv4Address(address) in IPv4Network(cidr) else "all"


def _balancer_suffix(arn: str) -> str:
    """Return the end of a balancer's ARN: ``app/NAME/ID`` or ``net/NAME/ID``."""
    return arn.partition(":loadbalancer/")[2]


def _target_group_suffix(arn: str) -> str:
    """Return the end of a target group's ARN: ``targetgroup/NAME/ID``."""
    return arn.rpartition(":")[2]
