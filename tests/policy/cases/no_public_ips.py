from policy.aws_types import SUBNET
from policy.checks.no_public_ips import POLICY
from policy.model import UNKNOWN
from tests.policy.making import Cases, resource

CASES = Cases(
    policy=POLICY,
    good={
        "outright": (resource(SUBNET, "private-a", mapPublicIpOnLaunch=False),),
        "by default": (resource(SUBNET, "private-a"),),
    },
    bad={
        "public": (
            (resource(SUBNET, "public-a", mapPublicIpOnLaunch=True),),
            ["public-a: mapPublicIpOnLaunch must be false, got true"],
        ),
    },
    undecided={
        "not known yet": (
            (resource(SUBNET, "public-a", mapPublicIpOnLaunch=UNKNOWN),),
            ["public-a: mapPublicIpOnLaunch is not known"],
        ),
    },
)
