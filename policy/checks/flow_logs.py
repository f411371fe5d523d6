"""Every VPC has flow logs."""

from collections.abc import Iterator

from policy.aws_types import FLOW_LOG, VPC
from policy.model import UNKNOWN, Finding, Severity, Stack, StackPolicy, Undecided, Violation
from policy.wording import given


def _check(stack: Stack) -> Iterator[Finding]:
    for vpc in stack.of_type(VPC):
        logs = stack.referring(FLOW_LOG, "vpcId", vpc)
        kinds = [log.at("trafficType") for log in logs]
        if not logs:
            yield Violation(resource=vpc, message="flow log must be there, got none")
        elif "ALL" in kinds or "REJECT" in kinds:
            continue
        elif UNKNOWN in kinds:
            yield Undecided(resource=logs[kinds.index(UNKNOWN)], property="trafficType")
        else:
            yield Violation(resource=logs[0], message=f"trafficType must be ALL or REJECT, got {given(kinds[0])}")


POLICY = StackPolicy(
    id="flow-logs",
    title="Every VPC logs its traffic, at least what was refused.",
    severity=Severity.MEDIUM,
    rationale=(
        "Without them nobody can tell after an incident who tried to reach what, nor which security group it is that "
        "keeps a link from its targets. A log of accepted traffic alone shows neither."
    ),
    remedy="Leave `flowLogs` of `gatelink:network` out, or give it `retentionDays`; `false` switches it off.",
    rule_sets=("Security Hub EC2.6", "Checkov CKV2_AWS_11", "Trivy AWS-0178", "cdk-nag AwsSolutions-VPC7"),
    check=_check,
)
