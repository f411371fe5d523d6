"""The network: a new VPC, one that exists, or another stack's."""

import ipaddress
import re
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Strict

from apigateway.rules import Rule, stack_file
from apigateway.rules import network as rules
from apigateway.rules import stages as stage_rules

from .base import BRANCH, Between, Flag, KmsKeyArn, Model, Shaped, branch, problem, show, switch, switch_branch
from .one_of import OneOf


def _not_a_flag(value: object) -> object:
    """Refuse ``true``, which Python takes for 1."""
    if isinstance(value, bool):
        raise problem(f"must be a number of days, got {show(value)}", stage_rules.RETENTION)
    return value


Retention = Annotated[
    Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
    OneOf(stage_rules.RETENTION),
    BeforeValidator(_not_a_flag),
]
"""Days that CloudWatch Logs keeps events; the values are those of ``PutRetentionPolicy``."""

# A VPC has eight blocks: six for private subnets, one spare, one for public subnets. An application load balancer
# wants subnets of /27 or larger, so the VPC may not be smaller than /24; with public subnets (an eighth of a block,
# at least AWS's /28) no smaller than /22.
SMALLEST_PRIVATE_VPC = 24
SMALLEST_PUBLIC_VPC = 22

# A new VPC in one of these ranges is refused by EC2, or cannot be used: Docker and several AWS services use
# 172.17.0.0/16 inside an instance. Source: Amazon VPC User Guide, "VPC CIDR blocks".
_TAKEN_RANGES = {
    "0.0.0.0/8": "addresses of this network",
    "127.0.0.0/8": "loopback",
    "169.254.0.0/16": "link-local addresses and instance metadata",
    "172.17.0.0/16": "Docker and AWS services inside an instance",
    "224.0.0.0/4": "multicast",
}


def _range(value: str) -> str:
    """Check that a text is an IPv4 range, written with its first address and the length of its prefix."""
    try:
        block = ipaddress.IPv4Network(value, strict=False)
    except ValueError:
        block = None
    if block is None or value.partition("/")[2] != str(block.prefixlen):
        raise problem(f"must be an IPv4 range such as 10.0.0.0/16, got {show(value)}", rules.CIDR)
    if str(block) != value:
        raise problem(f"must name the first address of its range ({block}), got {show(value)}", rules.CIDR)
    return value


def _free_range(value: str) -> str:
    """Check that a range is not taken by something else."""
    block = ipaddress.IPv4Network(value)
    for taken, use in _TAKEN_RANGES.items():
        if block.overlaps(ipaddress.IPv4Network(taken)):
            message = f"overlaps {taken} ({use}); choose a private range such as 10.0.0.0/16, got {show(value)}"
            raise problem(message, rules.CIDR)
    return value


Cidr = Annotated[
    str,
    AfterValidator(_range),
    Field(json_schema_extra={"pattern": r"^\d{1,3}(\.\d{1,3}){3}/\d{1,2}$", "examples": ["10.0.0.0/16"]}),
]


# Of China's Regions some services have a name of another form, which cannot be made here and is given in full.
_FULL_SERVICE = re.compile(r"(?:com|aws)\.(?:amazonaws|api)\.(?:[a-z0-9-]+-\d+\.)?(?P<service>[a-z0-9.-]+)")


def _service(value: object) -> object:
    """Refuse the whole name of an endpoint's service: its beginning follows from the stack's Region."""
    match = _FULL_SERVICE.fullmatch(value) if isinstance(value, str) else None
    if match:
        raise problem(
            f"must be the service's part of the name, got {show(value)}; write {match['service']}", rules.ENDPOINT
        )
    return value


class VpcEndpoint(Model):
    """A VPC endpoint: ``s3`` and ``dynamodb`` become gateway endpoints, any other service an interface endpoint."""

    service: Annotated[
        str,
        Shaped(
            r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?",
            "a service's name such as sqs or ecr.api",
            rules.ENDPOINT,
            "sqs",
        ),
        BeforeValidator(_service),
    ]
    """The service's part of the endpoint's name, such as ``sqs`` in ``com.amazonaws.us-east-1.sqs``."""

    private_dns: Flag | None = None
    """Whether the service's public name leads to the endpoint. True where left out, but for ``execute-api``: there it
    would capture the names of public APIs too, ``connectionsUrl`` included, so it is false unless the stack has a
    private API that names no endpoint."""

    @property
    def is_gateway(self) -> bool:
        """Whether the service has gateway endpoints (free of charge, reached by route tables)."""
        return self.service in ("s3", "dynamodb")

    @property
    def resolves_privately(self) -> bool:
        """Private DNS with its default applied."""
        return self.service != "execute-api" if self.private_dns is None else self.private_dns


_ServiceName = Annotated[str, Field(examples=["sqs"])]


def _endpoint(value: object) -> object:
    return {"service": value} if isinstance(value, str) else value


class FlowLogs(Model):
    """Records of the VPC's traffic in CloudWatch Logs."""

    retention_days: Retention = 30
    """Days that CloudWatch Logs keeps the records."""

    kms_key_arn: KmsKeyArn | None = None
    """The key that encrypts the log group. Left out: CloudWatch's own."""


class NewNetwork(Model):
    """A new VPC with private subnets, and public ones only where NAT needs them."""

    cidr: Annotated[Cidr, AfterValidator(_free_range)] = "10.0.0.0/16"
    """The VPC's IPv4 range, /16 to /24 (/22 with NAT gateways)."""

    availability_zones: Annotated[int, Strict(), Between(2, 6)] = 2
    """How many zones have subnets; only zones where VPC links exist are taken."""

    nat_gateways: Annotated[Literal["none", "single", "perZone"], OneOf(stack_file.VALUE)] = "none"
    """The way out. A WebSocket backend calls ``connectionsUrl`` through it."""

    vpc_endpoints: tuple[
        Annotated[VpcEndpoint, BeforeValidator(_endpoint, json_schema_input_type=_ServiceName | VpcEndpoint)], ...
    ] = ()
    """Services reached inside the VPC, each a name or ``{service, privateDns}``."""

    flow_logs: Annotated[
        Annotated[Literal[False], branch("off")] | Annotated[FlowLogs, branch("on")],
        Discriminator(switch_branch),
        switch(),
    ] = FlowLogs()
    """Flow logs, or false for none."""


VpcId = Annotated[
    str, Shaped(r"vpc-[0-9a-f]+", "a VPC's id such as vpc-0a1b2c3d4e5f67890", example="vpc-0a1b2c3d4e5f67890")
]

SubnetId = Annotated[
    str,
    Shaped(r"subnet-[0-9a-f]+", "a subnet's id such as subnet-0a1b2c3d4e5f67890", example="subnet-0a1b2c3d4e5f67890"),
]


class ExistingNetwork(Model):
    """A VPC that exists, with the private subnets to use."""

    hints: ClassVar[dict[str, str]] = dict.fromkeys(
        ("availabilityZones", "natGateways", "vpcEndpoints", "flowLogs"),
        "unknown key; it belongs to a new network, and vpcId and privateSubnetIds name an existing one",
    )
    hint_rule: ClassVar[Rule] = rules.KIND

    vpc_id: VpcId
    """The VPC's id."""

    private_subnet_ids: tuple[SubnetId, ...]
    """At least two, in different zones where VPC links exist."""

    cidr: Cidr
    """The VPC's IPv4 range: security-group rules towards targets are limited to it."""


class KnownNetwork(Model):
    """What a program knows beforehand of a network that it describes; None stands for what it does not."""

    vpc_id: VpcId | None = None
    private_subnet_ids: tuple[SubnetId, ...] = ()
    cidr: Cidr | None = None


class StackNetwork(Model):
    """The network of another stack, read from its outputs ``vpcId``, ``privateSubnetIds`` and ``vpcCidr``."""

    hints: ClassVar[dict[str, str]] = dict.fromkeys(
        ("cidr", "availabilityZones", "natGateways", "vpcEndpoints", "flowLogs", "vpcId", "privateSubnetIds"),
        "unknown key; with stack, all of the network is another stack's",
    )
    hint_rule: ClassVar[Rule] = rules.KIND

    stack: Annotated[
        str,
        Shaped(
            r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+",
            "organization/project/stack, such as acme/network/dev",
            rules.STACK_REFERENCE,
            "acme/network/dev",
        ),
    ]
    """The other stack's full name."""


def _network_branch(value: object) -> str:
    match value:
        case {"stack": _} | StackNetwork():
            return f"{BRANCH}stack"
        case {"vpcId": _} | {"privateSubnetIds": _} | ExistingNetwork():
            return f"{BRANCH}existing"
        case _:
            return f"{BRANCH}new"


Network: TypeAlias = NewNetwork | ExistingNetwork | StackNetwork
"""A network."""

NetworkBlock: TypeAlias = Annotated[
    Annotated[NewNetwork, branch("new")]
    | Annotated[ExistingNetwork, branch("existing")]
    | Annotated[StackNetwork, branch("stack")],
    Discriminator(_network_branch),
]
"""A network, as it is written."""
