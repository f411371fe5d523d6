"""No security group lets the internet in."""

from collections.abc import Iterator

from policy.aws_types import INGRESS_RULE, SECURITY_GROUP, SECURITY_GROUP_RULE
from policy.model import Finding, Resource, ResourcePolicy, Severity
from policy.security_rules import find_world


def _check(resource: Resource) -> Iterator[Finding]:
    yield from find_world(resource, "ingress", "known callers")


POLICY = ResourcePolicy(
    id="world-ingress",
    title="No security group lets the internet in, on any port.",
    severity=Severity.CRITICAL,
    rationale=(
        "API Gateway is the only way in: VPC links and endpoints have private addresses. A rule for every address "
        "waits for the day on which something gets a public one. Ranges wider than a private network can be count, "
        "so that two halves of the internet do."
    ),
    remedy=(
        "Name the network's range or another security group: Gatelink's own rules do, so give `gatelink:network` the "
        "`cidr` that the VPC has."
    ),
    rule_sets=(
        "Security Hub EC2.18",
        "Security Hub EC2.19",
        "Checkov CKV_AWS_24",
        "Checkov CKV_AWS_260",
        "Checkov CKV_AWS_277",
        "Trivy AWS-0107",
        "cdk-nag AwsSolutions-EC23",
    ),
    types=frozenset({INGRESS_RULE, SECURITY_GROUP_RULE, SECURITY_GROUP}),
    check=_check,
)
