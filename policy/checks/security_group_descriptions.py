"""Security groups and their rules say what they are for."""

from collections.abc import Iterator

from policy.aws_types import EGRESS_RULE, INGRESS_RULE, SECURITY_GROUP, SECURITY_GROUP_RULE
from policy.model import UNKNOWN, Finding, Resource, ResourcePolicy, Severity, Undecided, Value, Violation
from policy.values import block, items
from policy.wording import given

_NOTHING_SAID = (None, "", "Managed by Pulumi", "Managed by Terraform")
"""The provider writes one of the sentences where a group has no description."""


def _check(resource: Resource) -> Iterator[Finding]:
    for path, value in _descriptions(resource):
        if value is UNKNOWN:
            yield Undecided(resource=resource, property=path)
        elif value in _NOTHING_SAID:
            yield Violation(resource=resource, message=f"{path} must say what it is for, got {given(value)}")


def _descriptions(resource: Resource) -> Iterator[tuple[str, Value]]:
    yield "description", resource.at("description")
    if resource.type != SECURITY_GROUP:
        return
    for direction in ("ingress", "egress"):
        rules = resource.at(direction)
        if rules is UNKNOWN:
            yield direction, UNKNOWN
        for index, rule in enumerate(items(rules)):
            path = f"{direction}[{index}].description"
            yield path, UNKNOWN if rule is UNKNOWN else block(rule).get("description")


POLICY = ResourcePolicy(
    id="security-group-descriptions",
    title="Every security group and every rule says what it is for.",
    severity=Severity.LOW,
    rationale="A rule that nobody can explain is one that nobody dares to remove.",
    remedy="Gatelink describes all of its own; a program of your own gives groups and rules a `description`.",
    rule_sets=("Checkov CKV_AWS_23", "Trivy AWS-0099", "Trivy AWS-0124", "cdk-nag AwsSolutions-EC27"),
    types=frozenset({SECURITY_GROUP, SECURITY_GROUP_RULE, INGRESS_RULE, EGRESS_RULE}),
    check=_check,
)
