"""The VPC: private subnets in zones where VPC links exist, and public ones only where NAT gateways need them.

A VPC that exists is used as it is, and so is another stack's, which is read from that stack's outputs.
"""

from dataclasses import dataclass, field
from typing import Final

import pulumi
import pulumi_aws as aws

from apigateway.errors import Problem, SettingsError
from apigateway.link_zones import zones_for_links
from settings import ExistingNetwork, NewNetwork, StackNetwork, VpcEndpoint
from settings.single import check_one_network

from .arguments import check_args
from .defaults import log_prefix, stack_tags
from .defaults import region as configured_region
from .doubts import tell
from .flow_logs import record_flows
from .naming import Tags, named
from .network_in_use import NetworkInUse
from .other_network import network_of
from .stack import Stack
from .subnets import PlannedSubnet, plan_subnets

API_SERVICE: Final = "execute-api"
"""The service's part of the name of API Gateway's endpoint, by which private APIs are called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkArgs:
    """What a new network is made of.

    ``log_prefix`` is the first part of the flow logs' group name. ``has_private_apis`` says whether private APIs are
    called through the network's endpoint of API Gateway, if it has one. ``permissions_boundary`` is the managed policy
    that bounds the flow logs' role, if there is one. ``is_checked`` is true where the settings were checked with all
    others, as a stack file's are.
    """

    spec: NewNetwork = field(default_factory=NewNetwork)
    log_prefix: str = field(default_factory=log_prefix)
    has_private_apis: bool = False
    tags: Tags = field(default_factory=stack_tags)
    permissions_boundary: pulumi.Input[str] | None = None
    is_checked: bool = False


class Network(pulumi.ComponentResource):
    """A new VPC.

    Raises ``SettingsError`` with every problem of its settings before anything is registered, or when the Region has
    too few zones.
    """

    in_use: NetworkInUse
    """The network as the other components see it."""

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check_args("Network", name, args, NetworkArgs)
        if not args.is_checked:
            tell(check_one_network(args.spec, configured_region()))
        region = aws.get_region().region
        zones = _choose_zones(region, args.spec.availability_zones)
        super().__init__("gatelink:components:Network", name, None, opts)
        self._name, self._tags, self._spec = name, args.tags, args.spec
        self._has_private_apis = args.has_private_apis
        self._child = pulumi.ResourceOptions(parent=self)
        has_nat = args.spec.nat_gateways != "none"

        self._vpc = aws.ec2.Vpc(
            name,
            cidr_block=args.spec.cidr,
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags=named(args.tags, name),
            opts=self._child,
        )
        # Adopted without rules, so that nothing can use it by accident.
        aws.ec2.DefaultSecurityGroup(
            f"{name}-default", vpc_id=self._vpc.id, tags=named(args.tags, f"{name}-default"), opts=self._child
        )
        plan = plan_subnets(args.spec.cidr, len(zones), public=has_nat)
        subnets = {(subnet.kind, subnet.letter): self._subnet(subnet, zones[subnet.zone]) for subnet in plan}
        private = {letter: subnet for (kind, letter), subnet in subnets.items() if kind == "private"}
        public = {letter: subnet for (kind, letter), subnet in subnets.items() if kind == "public"}
        tables = {
            letter: self._route_table(f"private-{letter}", {letter: subnet}) for letter, subnet in private.items()
        }
        if has_nat:
            self._nat_gateways(public, tables)
        endpoints = self._endpoints(region, tuple(private.values()), tuple(tables.values()))
        if args.spec.flow_logs:
            record_flows(
                name,
                self._vpc.id,
                args.spec.flow_logs,
                log_prefix=args.log_prefix,
                permissions_boundary=args.permissions_boundary,
                tags=args.tags,
                parent=self,
            )

        self.in_use = NetworkInUse(
            vpc_id=self._vpc.id,
            cidr=args.spec.cidr,
            private_subnet_ids=tuple(subnet.id for subnet in private.values()),
            api_endpoint_id=endpoints[API_SERVICE].id if API_SERVICE in endpoints else None,
        )
        self.register_outputs({"vpcId": self._vpc.id, "privateSubnetIds": [subnet.id for subnet in private.values()]})

    def _subnet(self, planned: PlannedSubnet, zone_id: str) -> aws.ec2.Subnet:
        name = f"{self._name}-{planned.suffix}"
        return aws.ec2.Subnet(
            name,
            vpc_id=self._vpc.id,
            cidr_block=planned.cidr,
            availability_zone_id=zone_id,
            map_public_ip_on_launch=False,
            tags=named(self._tags, name),
            # A subnet stays where it is, whatever zones AWS offers later: its range is in use by itself.
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["availabilityZoneId"]),
        )

    def _route_table(self, suffix: str, subnets: dict[str, aws.ec2.Subnet]) -> aws.ec2.RouteTable:
        """Make a table and associate it with subnets, whose associations are named by the subnets' letters."""
        name = f"{self._name}-{suffix}"
        table = aws.ec2.RouteTable(name, vpc_id=self._vpc.id, tags=named(self._tags, name), opts=self._child)
        for letter, subnet in subnets.items():
            aws.ec2.RouteTableAssociation(
                name if suffix.endswith(f"-{letter}") else f"{name}-{letter}",
                route_table_id=table.id,
                subnet_id=subnet.id,
                opts=self._child,
            )
        return table

    def _nat_gateways(self, public: dict[str, aws.ec2.Subnet], private_tables: dict[str, aws.ec2.RouteTable]) -> None:
        gateway = aws.ec2.InternetGateway(
            self._name, vpc_id=self._vpc.id, tags=named(self._tags, self._name), opts=self._child
        )
        table = self._route_table("public", public)
        aws.ec2.Route(
            f"{self._name}-public-internet",
            route_table_id=table.id,
            destination_cidr_block="0.0.0.0/0",
            gateway_id=gateway.id,
            opts=self._child,
        )
        letters = list(public) if self._spec.nat_gateways == "perZone" else list(public)[:1]
        nats = {letter: self._nat_gateway(letter, public[letter], gateway) for letter in letters}
        for letter, private_table in private_tables.items():
            aws.ec2.Route(
                f"{self._name}-private-{letter}-internet",
                route_table_id=private_table.id,
                destination_cidr_block="0.0.0.0/0",
                nat_gateway_id=nats.get(letter, nats[letters[0]]).id,
                opts=self._child,
            )

    def _nat_gateway(
        self, letter: str, subnet: aws.ec2.Subnet, internet_gateway: aws.ec2.InternetGateway
    ) -> aws.ec2.NatGateway:
        name = f"{self._name}-nat-{letter}"
        # An address or a NAT gateway works only once the VPC has its internet gateway.
        after_gateway = pulumi.ResourceOptions(parent=self, depends_on=[internet_gateway])
        address = aws.ec2.Eip(name, domain="vpc", tags=named(self._tags, name), opts=after_gateway)
        return aws.ec2.NatGateway(
            name, allocation_id=address.id, subnet_id=subnet.id, tags=named(self._tags, name), opts=after_gateway
        )

    def _endpoints(
        self, region: str, subnets: tuple[aws.ec2.Subnet, ...], tables: tuple[aws.ec2.RouteTable, ...]
    ) -> dict[str, aws.ec2.VpcEndpoint]:
        """Make the endpoints that the stack file lists and return the interface ones by service."""
        interfaces = [endpoint for endpoint in self._spec.vpc_endpoints if not endpoint.is_gateway]
        for endpoint in self._spec.vpc_endpoints:
            if endpoint.is_gateway:
                name = self._endpoint_name(endpoint)
                aws.ec2.VpcEndpoint(
                    name,
                    vpc_id=self._vpc.id,
                    service_name=service_name(region, endpoint.service),
                    vpc_endpoint_type="Gateway",
                    route_table_ids=[table.id for table in tables],
                    tags=named(self._tags, name),
                    opts=self._child,
                )
        if not interfaces:
            return {}
        name = f"{self._name}-endpoints"
        group = aws.ec2.SecurityGroup(
            name,
            description="Interface endpoints: HTTPS from the VPC",
            vpc_id=self._vpc.id,
            tags=named(self._tags, name),
            opts=self._child,
        )
        aws.vpc.SecurityGroupIngressRule(
            name,
            security_group_id=group.id,
            description="HTTPS from the VPC",
            cidr_ipv4=self._spec.cidr,
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            tags=named(self._tags, name),
            opts=self._child,
        )
        made: dict[str, aws.ec2.VpcEndpoint] = {}
        for endpoint in interfaces:
            name = self._endpoint_name(endpoint)
            made[endpoint.service] = aws.ec2.VpcEndpoint(
                name,
                vpc_id=self._vpc.id,
                service_name=service_name(region, endpoint.service),
                vpc_endpoint_type="Interface",
                subnet_ids=[subnet.id for subnet in subnets],
                security_group_ids=[group.id],
                private_dns_enabled=self._resolves_privately(endpoint),
                tags=named(self._tags, name),
                opts=self._child,
            )
        return made

    def _resolves_privately(self, endpoint: VpcEndpoint) -> bool:
        """Tell whether the service's public name leads to an endpoint.

        The name of a private API leads nowhere else, so API Gateway's endpoint takes it where the stack has such an
        API, unless the stack file says outright that it does not.
        """
        if endpoint.service == API_SERVICE and endpoint.private_dns is None:
            return self._has_private_apis
        return endpoint.resolves_privately

    def _endpoint_name(self, endpoint: VpcEndpoint) -> str:
        return f"{self._name}-{endpoint.service.replace('.', '-')}"


def provide(stack: Stack) -> NetworkInUse | None:
    """Make the stack's network, or use the one that is there; None where no backend needs one."""
    match stack.settings.network:
        case NewNetwork() as spec:
            args = NetworkArgs(
                spec=spec,
                log_prefix=stack.log_prefix,
                has_private_apis=bool(stack.settings.private_apis),
                tags=stack.tags,
                permissions_boundary=stack.settings.permissions_boundary,
                is_checked=True,
            )
            return Network("network", args).in_use
        case ExistingNetwork() as spec:
            return NetworkInUse(vpc_id=spec.vpc_id, cidr=spec.cidr, private_subnet_ids=spec.private_subnet_ids)
        case StackNetwork() as spec:
            return network_of(spec.stack)
        case None:
            return None


def _choose_zones(region: str, count: int) -> tuple[str, ...]:
    """Return the ids of the first ``count`` zones of this account where VPC links exist.

    A zone counts even while it is impaired: the choice must not change with the weather.
    """
    found = aws.get_availability_zones(
        filters=[aws.GetAvailabilityZonesFilterArgs(name="zone-type", values=["availability-zone"])],
    )
    zones = zones_for_links(region, found.zone_ids)
    if len(zones) < count:
        known = ", ".join(zones) or "none"
        message = f"must be at most {len(zones)}, got {count}: the zones of {region} where VPC links exist are {known}"
        raise SettingsError((Problem("network.availabilityZones", message),))
    return zones[:count]


def service_name(region: str, service: str) -> str:
    """Return the full name of an endpoint's service.

    In the Regions of China some services have a name of another form, ``cn.com.amazonaws.REGION.SERVICE``, which the
    stack file then gives in full (AWS PrivateLink Guide, "AWS services that integrate with AWS PrivateLink").
    """
    return service if service.startswith("cn.com.amazonaws.") else f"com.amazonaws.{region}.{service}"
