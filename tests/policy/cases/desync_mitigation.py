from policy.aws_types import LOAD_BALANCER
from policy.checks.desync_mitigation import POLICY
from policy.model import UNKNOWN
from tests.policy.making import Cases, resource

CASES = Cases(
    policy=POLICY,
    good={
        "defensive": (resource(LOAD_BALANCER, "orders", desyncMitigationMode="defensive"),),
        "strictest": (
            resource(LOAD_BALANCER, "orders", loadBalancerType="application", desyncMitigationMode="strictest"),
        ),
        "left out": (resource(LOAD_BALANCER, "orders"),),
        "network": (resource(LOAD_BALANCER, "chat", loadBalancerType="network", desyncMitigationMode="monitor"),),
    },
    bad={
        "counted only": (
            (resource(LOAD_BALANCER, "orders", desyncMitigationMode="monitor"),),
            ['orders: desyncMitigationMode must be defensive or strictest, got "monitor"'],
        ),
    },
    undecided={
        "not known yet": (
            (resource(LOAD_BALANCER, "orders", desyncMitigationMode=UNKNOWN),),
            ["orders: desyncMitigationMode is not known"],
        )
    },
)
