"""What load balancers, listeners and targets need.

From the Service Authorization Reference, "Actions, resources, and condition keys for AWS Elastic Load Balancing V2",
and the page "Elastic Load Balancing API permissions" (what EC2 is asked as the caller). That a balancer with security
groups asks for ``ec2:GetSecurityGroupsForVpc`` users have seen (kubernetes-sigs/aws-load-balancer-controller#3917).
"""

from collections.abc import Iterable, Mapping
from typing import Final

from deployer.deployment import ANY, Deployment
from deployer.grants import Grant, Need, actions, in_region, new, own
from deployer.networking import reading
from deployer.roles import service_linked_role

_BALANCER: Final = "aws:lb/loadBalancer:LoadBalancer"
_TARGETS: Final = "aws:lb/targetGroup:TargetGroup"

_KINDS: Final = {"application": "app", "network": "net"}

_CREATING: Final = ("CreateListener", "CreateLoadBalancer", "CreateTargetGroup")
"""What gives tags to the new thing as it makes it."""

_LINKED_ROLE: Final = "elasticloadbalancing.amazonaws.com"


def _reads(deployment: Deployment, names: str) -> Grant:
    return Grant(
        group="balancers",
        purpose="BalancersRead",
        actions=actions("elasticloadbalancing", f"{names} DescribeTags"),
        condition=in_region(deployment),
        reads=True,
    )


def _makes(deployment: Deployment, create: str, purpose: str, made: tuple[str, ...]) -> Iterable[Grant]:
    """Need to make what bears the stack's tags, and to give it those tags."""
    yield Grant(
        group="balancers",
        purpose="BalancersNew",
        actions=actions("elasticloadbalancing", create),
        resources=made,
        condition=new(deployment),
    )
    yield _tags_new(made)
    yield _owns(deployment, "AddTags RemoveTags", purpose, made)


def _tags_new(made: tuple[str, ...]) -> Grant:
    return Grant(
        group="balancers",
        purpose="BalancersTagNew",
        actions=actions("elasticloadbalancing", "AddTags"),
        resources=made,
        condition={"StringEquals": {"elasticloadbalancing:CreateAction": _CREATING}},
    )


def _owns(deployment: Deployment, names: str, purpose: str, resources: tuple[str, ...]) -> Grant:
    return Grant(
        group="balancers",
        purpose=purpose,
        actions=actions("elasticloadbalancing", names),
        resources=resources,
        condition=own(deployment),
    )


def _balancers(deployment: Deployment) -> tuple[str, ...]:
    """Return the ARNs of balancers, which name the kind, too."""
    known = {
        (_KINDS[balancer.text("loadBalancerType")], balancer.physical_name)
        for balancer in deployment.of_type(_BALANCER)
    }
    places = sorted(known) or [(kind, ANY) for kind in sorted(_KINDS.values())]
    return tuple(deployment.arn("elasticloadbalancing", f"loadbalancer/{kind}/{name}/*") for kind, name in places)


def _listeners(deployment: Deployment) -> tuple[str, ...]:
    return tuple(arn.replace(":loadbalancer/", ":listener/") + "/*" for arn in _balancers(deployment))


def _target_groups(deployment: Deployment) -> tuple[str, ...]:
    names = deployment.names(_TARGETS)
    return tuple(deployment.arn("elasticloadbalancing", f"targetgroup/{name}/*") for name in names)


def _load_balancer(deployment: Deployment) -> Iterable[Grant]:
    """Need to make balancers, the first of an account with Elastic Load Balancing's own role, and to change them."""
    yield _reads(deployment, "DescribeLoadBalancers DescribeLoadBalancerAttributes DescribeCapacityReservation")
    yield from reading(
        "DescribeAccountAttributes DescribeAddresses DescribeInternetGateways DescribeNetworkInterfaces "
        "DescribeSecurityGroups DescribeSubnets DescribeVpcs GetSecurityGroupsForVpc"
    )(deployment)
    yield from _makes(deployment, "CreateLoadBalancer", "BalancersOwn", _balancers(deployment))
    yield _owns(
        deployment,
        "ModifyLoadBalancerAttributes SetSecurityGroups SetSubnets DeleteLoadBalancer",
        "BalancersOwn",
        _balancers(deployment),
    )
    yield service_linked_role(deployment, "Balancing", _LINKED_ROLE)


def _target_group(deployment: Deployment) -> Iterable[Grant]:
    yield _reads(deployment, "DescribeTargetGroups DescribeTargetGroupAttributes")
    yield from reading("DescribeInternetGateways DescribeVpcs")(deployment)
    yield from _makes(deployment, "CreateTargetGroup", "TargetsOwn", _target_groups(deployment))
    yield _owns(
        deployment,
        "ModifyTargetGroup ModifyTargetGroupAttributes DeleteTargetGroup",
        "TargetsOwn",
        _target_groups(deployment),
    )


def _attachment(deployment: Deployment) -> Iterable[Grant]:
    yield _reads(deployment, "DescribeTargetHealth")
    yield from reading("DescribeInstances DescribeInternetGateways DescribeSubnets DescribeVpcs")(deployment)
    yield _owns(deployment, "RegisterTargets DeregisterTargets", "TargetsOwn", _target_groups(deployment))


def _listener(deployment: Deployment) -> Iterable[Grant]:
    """Need to make listeners, which is a matter of the balancer's, with tags of their own."""
    yield _reads(deployment, "DescribeListeners DescribeListenerAttributes DescribeLoadBalancers")
    yield _owns(deployment, "CreateListener", "BalancersOwn", _balancers(deployment))
    yield _tags_new(_listeners(deployment))
    yield _owns(
        deployment,
        "ModifyListener ModifyListenerAttributes DeleteListener AddTags RemoveTags",
        "ListenersOwn",
        _listeners(deployment),
    )


BALANCING: Final[Mapping[str, Need]] = {
    _BALANCER: _load_balancer,
    _TARGETS: _target_group,
    "aws:lb/targetGroupAttachment:TargetGroupAttachment": _attachment,
    "aws:lb/listener:Listener": _listener,
}
"""What each type of Elastic Load Balancing needs."""
