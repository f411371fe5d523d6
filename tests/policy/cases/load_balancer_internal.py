from policy.aws_types import LOAD_BALANCER
from policy.checks.load_balancer_internal import POLICY
from policy.model import UNKNOWN
from tests.policy.making import Cases, resource

CASES = Cases(
    policy=POLICY,
    good={"internal": (resource(LOAD_BALANCER, "chat", internal=True, loadBalancerType="network"),)},
    bad={
        "public": ((resource(LOAD_BALANCER, "chat", internal=False),), ["chat: internal must be true, got false"]),
        "left out": ((resource(LOAD_BALANCER, "chat"),), ["chat: internal must be true, got none"]),
    },
    undecided={
        "of another stack": ((resource(LOAD_BALANCER, "chat", internal=UNKNOWN),), ["chat: internal is not known"])
    },
)
