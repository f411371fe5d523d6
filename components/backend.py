"""Backends: private services, each behind a load balancer made here, behind one that exists, or in AWS Cloud Map."""

from dataclasses import dataclass, field
from functools import partial
from graphlib import TopologicalSorter
from ipaddress import IPv4Address, IPv4Network

import pulumi
import pulumi_aws as aws

from apigateway.errors import Problem
from apigateway.paths import format_path
from gatelink.outputs import exported
from settings import Backend as BackendSpec
from settings import BalancedBackend, CloudMapBackend, ExistingBackend
from settings.single import check_one_backend

from . import target_group
from .arguments import check_args
from .backend_in_use import BackendInUse, balancer_suffix, cloud_map, existing
from .defaults import region, stack_tags
from .doubts import tell
from .naming import Tags, balancer_name, named
from .network_in_use import NetworkInUse
from .stack import Stack

DEFAULT_SSL_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackendArgs:
    """What a backend behind a load balancer of its own is made of.

    ``behind_rest_link`` says whether a VPC link for REST and WebSocket APIs leads to the balancer; None stands for
    "it may", which a network load balancer is made ready for. ``is_target`` is true where another backend's network
    load balancer leads to it; ``target`` is the backend that this one's balancer leads to. ``is_checked`` is true where
    the settings were checked with all others, as a stack file's are.
    """

    spec: BalancedBackend
    network: NetworkInUse
    behind_rest_link: bool | None = None
    is_target: bool = False
    target: BackendInUse | None = None
    tags: Tags = field(default_factory=stack_tags)
    is_checked: bool = False

    @property
    def admits_links(self) -> bool:
        """Whether traffic of a VPC link for REST and WebSocket APIs may arrive."""
        return self.spec.load_balancer == "network" if self.behind_rest_link is None else self.behind_rest_link


class Backend(pulumi.ComponentResource):
    """A private load balancer. It admits nobody by itself: a VPC link for HTTP APIs adds its own rule.

    Raises ``SettingsError`` with every problem of its settings, before anything is registered.

    What happens when it moves to another VPC, or becomes a balancer of the other kind: everything new is made first,
    links and integrations follow, and the old goes last. The balancer itself says so, in :meth:`_load_balancer`.
    """

    in_use: BackendInUse
    """The backend as the other components see it."""

    def __init__(self, name: str, args: BackendArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check_args("Backend", name, args, BackendArgs)
        if not args.is_checked:
            _check(name, args)
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
            load_balancer_arn_suffix=balancer.arn.apply(balancer_suffix),
            target_group_arn_suffix=targets.arn.apply(_target_group_suffix),
        )
        self.register_outputs(exported(self.in_use.outputs()))

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
            enforce_security_group_inbound_rules_on_private_link_traffic="off" if args.admits_links else None,
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
                    is_checked=True,
                )
                found[name] = Backend(name, args).in_use
            case ExistingBackend() as spec:
                found[name] = existing(spec)
            case CloudMapBackend() as spec:
                found[name] = cloud_map(spec)
            case BalancedBackend():
                raise ValueError(f"the backend {name} has no network to stand in")
    return {name: found[name] for name in specs}


def _check(name: str, args: BackendArgs) -> None:
    """Check a backend that a program gives by itself, and that the balancer behind it is the one that it names."""
    more = []
    if args.target is not None and args.spec.target.backend is None:
        at = format_path(("backends", name, "target", "backend"))
        more.append(Problem(at, "is required: the name of the backend that is given as target"))
    tell(check_one_backend(name, args.spec, args.target.spec if args.target else None, region(), more))


def _target_of(spec: BackendSpec) -> str | None:
    return spec.target.backend if isinstance(spec, BalancedBackend) else None


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


def _target_group_suffix(arn: str) -> str:
    """Return the end of a target group's ARN: ``targetgroup/NAME/ID``."""
    return arn.rpartition(":")[2]
