"""Log groups are encrypted with a key of yours."""

from collections.abc import Iterator

from policy.aws_types import LOG_GROUP
from policy.model import UNKNOWN, Finding, Resource, ResourcePolicy, Severity, Violation
from policy.wording import given


def _check(group: Resource) -> Iterator[Finding]:
    key = group.at("kmsKeyId")
    if key is UNKNOWN:
        # There is a key: it is only its ARN that AWS has not given yet.
        return
    if not key:
        yield Violation(resource=group, message=f"kmsKeyId must be the ARN of a key, got {given(key)}")


POLICY = ResourcePolicy(
    id="log-encryption",
    title="Every log group is encrypted with a key of yours.",
    severity=Severity.MEDIUM,
    rationale=(
        "CloudWatch Logs encrypts by itself, with a key that is open to whoever may read the group. A key of yours "
        "has a policy of its own, shows in CloudTrail who used it, and can be taken away."
    ),
    remedy="Give `accessLogs` of the stage, or `flowLogs` of the network, a `kmsKeyArn`.",
    rule_sets=("Checkov CKV_AWS_158", "Trivy AWS-0017"),
    types=frozenset({LOG_GROUP}),
    check=_check,
)
