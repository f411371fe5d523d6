"""A VPC's default security group lets nothing in or out."""

from collections.abc import Iterator

from policy.aws_types import DEFAULT_SECURITY_GROUP, EGRESS_RULE, INGRESS_RULE, SECURITY_GROUP_RULE, VPC
from policy.model import UNKNOWN, Finding, Resource, Severity, Stack, StackPolicy, Undecided, Violation


def _check(stack: Stack) -> Iterator[Finding]:
    for vpc in stack.of_type(VPC):
        groups = stack.referring(DEFAULT_SECURITY_GROUP, "vpcId", vpc)
        if not groups:
            yield Violation(resource=vpc, message="default security group must be adopted without rules, got none")
        for group in groups:
            yield from _check_inside(group)
        for type_ in (INGRESS_RULE, EGRESS_RULE, SECURITY_GROUP_RULE):
            for target in (vpc, *groups):
                for rule in stack.referring(type_, "securityGroupId", target):
                    message = "securityGroupId must be of another group, got the VPC's default security group"
                    yield Violation(resource=rule, message=message)


def _check_inside(group: Resource) -> Iterator[Finding]:
    for direction in ("ingress", "egress"):
        rules = group.at(direction)
        if rules is UNKNOWN:
            yield Undecided(resource=group, property=direction)
        elif rules:
            count = len(rules) if isinstance(rules, list | tuple) else 1
            yield Violation(resource=group, message=f"{direction} must have no rules, got {count}")


POLICY = StackPolicy(
    id="default-security-group",
    title="The default security group of every VPC has no rules.",
    severity=Severity.HIGH,
    rationale=(
        "What is started without a group of its own gets the default one, in which AWS lets all members reach each "
        "other and go anywhere."
    ),
    remedy=(
        "Leave it to `gatelink:network`, which adopts the group without rules; a program of your own makes a "
        "`DefaultSecurityGroup` with no more than the `vpc_id`."
    ),
    rule_sets=("Security Hub EC2.2", "Checkov CKV2_AWS_12", "Trivy AWS-0173"),
    check=_check,
)
