from policy.aws_types import LOAD_BALANCER
from policy.checks.deletion_protection import POLICY
from policy.model import UNKNOWN
from tests.policy.making import Cases, resource

CASES = Cases(
    policy=POLICY,
    good={"protected": (resource(LOAD_BALANCER, "chat", enableDeletionProtection=True),)},
    bad={
        "not protected": (
            (resource(LOAD_BALANCER, "chat", enableDeletionProtection=False), resource(LOAD_BALANCER, "orders")),
            [
                "chat: enableDeletionProtection must be true, got false",
                "orders: enableDeletionProtection must be true, got none",
            ],
        ),
    },
    undecided={
        "not known yet": (
            (resource(LOAD_BALANCER, "chat", enableDeletionProtection=UNKNOWN),),
            ["chat: enableDeletionProtection is not known"],
        )
    },
)
