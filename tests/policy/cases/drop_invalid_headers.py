from policy.aws_types import LOAD_BALANCER
from policy.checks.drop_invalid_headers import POLICY
from policy.model import UNKNOWN
from tests.policy.making import Cases, resource

CASES = Cases(
    policy=POLICY,
    good={
        "dropped": (resource(LOAD_BALANCER, "orders", loadBalancerType="application", dropInvalidHeaderFields=True),),
        "network": (resource(LOAD_BALANCER, "chat", loadBalancerType="network"),),
    },
    bad={
        "let through": (
            (resource(LOAD_BALANCER, "orders", loadBalancerType="application", dropInvalidHeaderFields=False),),
            ["orders: dropInvalidHeaderFields must be true, got false"],
        ),
        "no kind": (
            (resource(LOAD_BALANCER, "orders"),),
            ["orders: dropInvalidHeaderFields must be true, got none"],
        ),
    },
    undecided={
        "not known yet": (
            (resource(LOAD_BALANCER, "orders", dropInvalidHeaderFields=UNKNOWN),),
            ["orders: dropInvalidHeaderFields is not known"],
        )
    },
)
