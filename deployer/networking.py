"""What the network needs: EC2's part of VPCs, subnets, routes, security groups, endpoints and flow logs.

Actions, resource types and condition keys are those of the Service Authorization Reference, "Actions, resources, and
condition keys for Amazon EC2"; which of them a type needs is what the AWS provider was seen to call. EC2's ids are
random, so that what a stack made is told by its tags.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Final

from deployer.deployment import Deployment
from deployer.grants import Grant, Need, actions, in_region, new, own
from deployer.roles import pass_roles, roles_of

_FLOW_LOG: Final = "aws:ec2/flowLog:FlowLog"

_CREATING: Final = (
    "AllocateAddress",
    "AuthorizeSecurityGroupEgress",
    "AuthorizeSecurityGroupIngress",
    "CreateFlowLogs",
    "CreateInternetGateway",
    "CreateNatGateway",
    "CreateRouteTable",
    "CreateSecurityGroup",
    "CreateSubnet",
    "CreateVpc",
    "CreateVpcEndpoint",
)
"""What gives tags to the new thing as it makes it."""

_ANY_VPC: Final = ("CreateSecurityGroup", "CreateVpcEndpoint")
"""What is made in a VPC that may be another stack's or older than all stacks."""


def reading(names: str) -> Need:
    """Need to describe things, which EC2 allows on all of an account's or on none."""
    return lambda deployment: [
        Grant(
            group="network",
            purpose="NetworkRead",
            actions=actions("ec2", names),
            condition=in_region(deployment),
            reads=True,
        )
    ]


def _made(
    kind: str, create: str, change: str, read: str, parents: tuple[str, ...], deployment: Deployment
) -> Iterable[Grant]:
    """Need to make things of a kind inside of others, to change and delete those that the stack made, and to read."""
    here = (_arn(deployment, kind),)
    yield from reading(read)(deployment)
    yield Grant(
        group="network",
        purpose=f"Network{create}",
        actions=actions("ec2", create),
        resources=here,
        condition=new(deployment),
    )
    if parents:
        anybodys = create in _ANY_VPC
        yield Grant(
            group="network",
            purpose=f"Network{create}In",
            actions=actions("ec2", create),
            resources=tuple(_arn(deployment, parent) for parent in parents),
            condition={} if anybodys else own(deployment),
        )
    yield _tags_new(deployment, kind)
    yield Grant(
        group="network",
        purpose="NetworkOwn",
        actions=actions("ec2", f"{change} CreateTags DeleteTags"),
        resources=here,
        condition=own(deployment),
    )


def _tags_new(deployment: Deployment, kind: str) -> Grant:
    return Grant(
        group="network",
        purpose="NetworkTagNew",
        actions=actions("ec2", "CreateTags"),
        resources=(_arn(deployment, kind),),
        condition={"StringEquals": {"ec2:CreateAction": _CREATING}},
    )


def _own(change: str, kinds: str, deployment: Deployment) -> Iterable[Grant]:
    """Need to change what the stack made."""
    yield Grant(
        group="network",
        purpose="NetworkOwn",
        actions=actions("ec2", change),
        resources=tuple(_arn(deployment, kind) for kind in kinds.split()),
        condition=own(deployment),
    )


def _default_security_group(deployment: Deployment) -> Iterable[Grant]:
    """Need to take over a VPC's default group, which is there before it bears a tag, and to take its rules away."""
    yield from reading("DescribeSecurityGroups")(deployment)
    yield from _own("RevokeSecurityGroupIngress RevokeSecurityGroupEgress", "security-group", deployment)
    yield Grant(
        group="network",
        purpose="NetworkAdoptDefaultGroup",
        actions=actions("ec2", "CreateTags"),
        resources=(_arn(deployment, "security-group"),),
        condition={**new(deployment), "Null": {"aws:ResourceTag/Project": ("true",)}},
    )


def _elastic_ip(deployment: Deployment) -> Iterable[Grant]:
    """Need addresses: one that a NAT gateway had until just now is let go of once more before it is released."""
    read = "DescribeAddresses DescribeAddressesAttribute"
    yield from _made("elastic-ip", "AllocateAddress", "ReleaseAddress DisassociateAddress", read, (), deployment)
    yield Grant(
        group="network",
        purpose="NetworkReleaseAddress",
        actions=actions("ec2", "DisassociateAddress"),
        resources=(_arn(deployment, "network-interface"),),
    )


def _rules(direction: str, deployment: Deployment) -> Iterable[Grant]:
    """Need to add rules to the stack's own groups. The group's tags guard a rule, which needs none by itself."""
    yield from reading("DescribeSecurityGroupRules DescribeSecurityGroups")(deployment)
    yield from _own(
        f"AuthorizeSecurityGroup{direction} RevokeSecurityGroup{direction} ModifySecurityGroupRules",
        "security-group",
        deployment,
    )
    yield from _own("ModifySecurityGroupRules CreateTags DeleteTags", "security-group-rule", deployment)
    yield Grant(
        group="network",
        purpose="NetworkNewRule",
        actions=actions("ec2", f"AuthorizeSecurityGroup{direction}"),
        resources=(_arn(deployment, "security-group-rule"),),
    )
    yield _tags_new(deployment, "security-group-rule")


def _endpoint(deployment: Deployment) -> Iterable[Grant]:
    """Need what an endpoint stands in besides; a name of AWS's that leads to it is a private hosted zone of EC2's."""
    parents = ("vpc", "subnet", "security-group", "route-table")
    read = "DescribeVpcEndpoints DescribePrefixLists DescribeNetworkInterfaces"
    yield from _made(
        "vpc-endpoint", "CreateVpcEndpoint", "ModifyVpcEndpoint DeleteVpcEndpoints", read, parents, deployment
    )
    yield Grant(
        group="network",
        purpose="NetworkMoveEndpoint",
        actions=actions("ec2", "ModifyVpcEndpoint"),
        resources=tuple(_arn(deployment, kind) for kind in ("subnet", "security-group", "route-table")),
    )
    yield Grant(
        group="network",
        purpose="NetworkEndpointNames",
        actions=actions("route53", "AssociateVPCWithHostedZone"),
        resources=(deployment.arn("route53", "hostedzone/*", region=False, account=False),),
    )


def _flow_log(deployment: Deployment) -> Iterable[Grant]:
    """Need flow logs, and to hand their service the role that it writes by."""
    yield from _made("vpc-flow-log", "CreateFlowLogs", "DeleteFlowLogs", "DescribeFlowLogs", ("vpc",), deployment)
    roles = roles_of(deployment, _FLOW_LOG, "iamRoleArn")
    yield from pass_roles(deployment, "FlowLogs", "vpc-flow-logs.amazonaws.com", roles)


def _arn(deployment: Deployment, kind: str) -> str:
    return deployment.arn("ec2", f"{kind}/*")


def _several(*needs: Need) -> Need:
    return lambda deployment: [grant for need in needs for grant in need(deployment)]


NETWORKING: Final[Mapping[str, Need]] = {
    "aws:ec2/vpc:Vpc": partial(
        _made,
        "vpc",
        "CreateVpc",
        "ModifyVpcAttribute DeleteVpc",
        "DescribeVpcs DescribeVpcAttribute DescribeNetworkAcls DescribeRouteTables DescribeSecurityGroups",
        (),
    ),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": _default_security_group,
    "aws:ec2/subnet:Subnet": partial(
        _made,
        "subnet",
        "CreateSubnet",
        "ModifySubnetAttribute DeleteSubnet",
        "DescribeSubnets DescribeNetworkInterfaces",
        ("vpc",),
    ),
    "aws:ec2/internetGateway:InternetGateway": _several(
        partial(
            _made,
            "internet-gateway",
            "CreateInternetGateway",
            "DeleteInternetGateway",
            "DescribeInternetGateways DescribeVpcs",
            (),
        ),
        partial(_own, "AttachInternetGateway DetachInternetGateway", "internet-gateway vpc"),
    ),
    "aws:ec2/eip:Eip": _elastic_ip,
    "aws:ec2/natGateway:NatGateway": partial(
        _made,
        "natgateway",
        "CreateNatGateway",
        "DeleteNatGateway",
        "DescribeNatGateways DescribeAddresses",
        ("subnet", "elastic-ip", "vpc"),
    ),
    "aws:ec2/routeTable:RouteTable": partial(
        _made, "route-table", "CreateRouteTable", "DeleteRouteTable", "DescribeRouteTables", ("vpc",)
    ),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": _several(
        reading("DescribeRouteTables"),
        partial(_own, "AssociateRouteTable DisassociateRouteTable ReplaceRouteTableAssociation", "route-table subnet"),
    ),
    "aws:ec2/route:Route": _several(
        reading("DescribeRouteTables"), partial(_own, "CreateRoute ReplaceRoute DeleteRoute", "route-table")
    ),
    # A new group has a rule that lets everything out, which the provider takes away.
    "aws:ec2/securityGroup:SecurityGroup": partial(
        _made,
        "security-group",
        "CreateSecurityGroup",
        "RevokeSecurityGroupIngress RevokeSecurityGroupEgress DeleteSecurityGroup",
        "DescribeSecurityGroups DescribeSecurityGroupRules DescribeNetworkInterfaces",
        ("vpc",),
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": partial(_rules, "Ingress"),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": partial(_rules, "Egress"),
    "aws:ec2/vpcEndpoint:VpcEndpoint": _endpoint,
    _FLOW_LOG: _flow_log,
}
"""What each type of the network needs."""
