from policy.aws_types import LOG_GROUP
from policy.checks.log_retention import POLICY
from policy.model import UNKNOWN
from tests.policy.making import Cases, resource

CASES = Cases(
    policy=POLICY,
    good={"a day": (resource(LOG_GROUP, "logs", retentionInDays=1),)},
    bad={
        "nothing said": ((resource(LOG_GROUP, "logs"),), ["logs: retentionInDays must be above 0, got none"]),
        "for ever": (
            (resource(LOG_GROUP, "logs", retentionInDays=0),),
            ["logs: retentionInDays must be above 0, got 0"],
        ),
    },
    undecided={
        "days": ((resource(LOG_GROUP, "logs", retentionInDays=UNKNOWN),), ["logs: retentionInDays is not known"])
    },
)
