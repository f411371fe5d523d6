from policy.aws_types import REST_STAGE, STAGE
from policy.checks.access_log import POLICY
from policy.model import UNKNOWN
from tests.policy.making import Cases, resource

LOGGED = {"destinationArn": "arn:aws:logs:us-east-1:123456789012:log-group:a", "format": "{}"}

CASES = Cases(
    policy=POLICY,
    good={
        "http": (resource(STAGE, "orders", accessLogSettings=LOGGED),),
        "rest": (resource(REST_STAGE, "pets", accessLogSettings=LOGGED),),
        "not known yet": (resource(STAGE, "orders", accessLogSettings={"destinationArn": UNKNOWN}),),
        "something else": (resource("aws:sqs/queue:Queue", "jobs"),),
    },
    bad={
        "no log": ((resource(STAGE, "orders"),), ["orders: accessLogSettings must name a log group, got none"]),
        "no group": (
            (resource(REST_STAGE, "pets", accessLogSettings={"format": "{}"}),),
            ["pets: accessLogSettings must name a log group, got none"],
        ),
    },
)
