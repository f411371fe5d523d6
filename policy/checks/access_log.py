"""Every stage writes an access log."""

from collections.abc import Iterator

from policy.aws_types import REST_STAGE, STAGE
from policy.model import UNKNOWN, Finding, Resource, ResourcePolicy, Severity, Violation


def _check(stage: Resource) -> Iterator[Finding]:
    destination = stage.at("accessLogSettings", "destinationArn")
    if destination is UNKNOWN:
        # The block is there: it is only the log group's ARN that AWS has not given yet.
        return
    if not destination:
        yield Violation(resource=stage, message="accessLogSettings must name a log group, got none")


POLICY = ResourcePolicy(
    id="access-log",
    title="Every stage writes an access log.",
    severity=Severity.MEDIUM,
    rationale="Without it nobody can tell afterwards who called what, when, and what the backend answered.",
    remedy="Leave `accessLogs` of the stage out, or give it `retentionDays`; `false` switches it off.",
    rule_sets=(
        "Security Hub APIGateway.9",
        "Checkov CKV_AWS_76",
        "Trivy AWS-0001",
        "cfn-guard API_GWV2_ACCESS_LOGS_ENABLED",
        "cdk-nag AwsSolutions-APIG1",
        "KICS bf4b48b9",
    ),
    types=frozenset({STAGE, REST_STAGE}),
    check=_check,
)
