from policy.aws_types import LOG_GROUP
from policy.checks.log_encryption import POLICY
from policy.model import UNKNOWN
from tests.policy.making import Cases, resource

KEY = "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-4e5f-6789-0abc-def012345678"

CASES = Cases(
    policy=POLICY,
    good={
        "a key": (resource(LOG_GROUP, "logs", kmsKeyId=KEY),),
        "not known yet": (resource(LOG_GROUP, "logs", kmsKeyId=UNKNOWN),),
    },
    bad={
        "no key": ((resource(LOG_GROUP, "logs"),), ["logs: kmsKeyId must be the ARN of a key, got none"]),
        "an empty one": (
            (resource(LOG_GROUP, "logs", kmsKeyId=""),),
            ["logs: kmsKeyId must be the ARN of a key, got none"],
        ),
    },
)
