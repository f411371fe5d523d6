from policy.aws_types import LOAD_BALANCER
from policy.checks.cross_zone import POLICY
from policy.model import UNKNOWN
from tests.policy.making import Cases, resource

CASES = Cases(
    policy=POLICY,
    good={
        "crosses": (resource(LOAD_BALANCER, "chat", loadBalancerType="network", enableCrossZoneLoadBalancing=True),),
        "application": (resource(LOAD_BALANCER, "orders", loadBalancerType="application"),),
        "no kind": (resource(LOAD_BALANCER, "orders"),),
    },
    bad={
        "stays": (
            (resource(LOAD_BALANCER, "chat", loadBalancerType="network", enableCrossZoneLoadBalancing=False),),
            ["chat: enableCrossZoneLoadBalancing must be true, got false"],
        ),
        "left out": (
            (resource(LOAD_BALANCER, "chat", loadBalancerType="network"),),
            ["chat: enableCrossZoneLoadBalancing must be true, got none"],
        ),
    },
    undecided={
        "not known yet": (
            (resource(LOAD_BALANCER, "chat", loadBalancerType="network", enableCrossZoneLoadBalancing=UNKNOWN),),
            ["chat: enableCrossZoneLoadBalancing is not known"],
        )
    },
)
