from policy.aws_types import REST_STAGE
from policy.checks.tracing import POLICY
from policy.model import UNKNOWN
from tests.policy.making import Cases, resource

CASES = Cases(
    policy=POLICY,
    good={"traced": (resource(REST_STAGE, "pets", xrayTracingEnabled=True),)},
    bad={
        "not traced": (
            (resource(REST_STAGE, "pets", xrayTracingEnabled=False),),
            ["pets: xrayTracingEnabled must be true, got false"],
        ),
        "nothing said": ((resource(REST_STAGE, "pets"),), ["pets: xrayTracingEnabled must be true, got none"]),
    },
    undecided={
        "not known yet": (
            (resource(REST_STAGE, "pets", xrayTracingEnabled=UNKNOWN),),
            ["pets: xrayTracingEnabled is not known"],
        ),
    },
)
