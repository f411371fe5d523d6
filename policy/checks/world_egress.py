"""No security group lets everything out to the internet."""

from collections.abc import Iterator

from policy.aws_types import EGRESS_RULE, SECURITY_GROUP, SECURITY_GROUP_RULE
from policy.model import Finding, Resource, ResourcePolicy, Severity
from policy.security_rules import find_world


def _check(resource: Resource) -> Iterator[Finding]:
    yield from find_world(resource, "egress", "known destinations")


POLICY = ResourcePolicy(
    id="world-egress",
    title="No security group lets traffic out to the whole internet.",
    severity=Severity.CRITICAL,
    rationale=(
        "Links and load balancers speak to targets alone, at known places. Where one may go anywhere, so may what an "
        "attacker takes out. A backend that calls others has a group of its own, which is the backend's to limit."
    ),
    remedy=(
        "Name the network's range or another security group: Gatelink's own rules do, so give `gatelink:network` the "
        "`cidr` that the VPC has."
    ),
    rule_sets=("Checkov CKV_AWS_382", "Trivy AWS-0104"),
    types=frozenset({EGRESS_RULE, SECURITY_GROUP_RULE, SECURITY_GROUP}),
    check=_check,
)
