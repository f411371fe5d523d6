"""Log groups do not keep their events for ever."""

from collections.abc import Iterator

from policy.aws_types import LOG_GROUP
from policy.model import UNKNOWN, Finding, Resource, ResourcePolicy, Severity, Undecided, Violation
from policy.wording import given


def _check(group: Resource) -> Iterator[Finding]:
    days = group.at("retentionInDays")
    if days is UNKNOWN:
        yield Undecided(resource=group, property="retentionInDays")
    elif not days:
        yield Violation(resource=group, message=f"retentionInDays must be above 0, got {given(days)}")


POLICY = ResourcePolicy(
    id="log-retention",
    title="Every log group says for how long it keeps its events.",
    severity=Severity.MEDIUM,
    rationale=(
        "CloudWatch Logs keeps them for ever unless it is told otherwise: the bill grows with every call, and "
        "addresses and names of callers stay longer than anybody may keep them."
    ),
    remedy="Give `accessLogs` of the stage, or `flowLogs` of the network, `retentionDays`; left out, it is 30.",
    rule_sets=("Checkov CKV_AWS_66", "cfn-guard CW_LOGGROUP_RETENTION_PERIOD_CHECK"),
    types=frozenset({LOG_GROUP}),
    check=_check,
)
