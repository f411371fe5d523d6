"""No load balancer can be deleted by mistake."""

from collections.abc import Iterator

from policy.aws_types import LOAD_BALANCER
from policy.flags import must_be_true
from policy.model import Finding, Resource, ResourcePolicy, Severity


def _check(balancer: Resource) -> Iterator[Finding]:
    yield from must_be_true(balancer, "enableDeletionProtection")


POLICY = ResourcePolicy(
    id="deletion-protection",
    title="No load balancer can be deleted by mistake.",
    severity=Severity.MEDIUM,
    rationale=(
        "With its balancer a backend loses its name, its addresses and every link to it; the new one has others, and "
        "what was built on the old ones fails until all of it follows."
    ),
    remedy="Give the backend `deletionProtection: true`.",
    rule_sets=("Security Hub ELB.6", "Checkov CKV_AWS_150"),
    types=frozenset({LOAD_BALANCER}),
    check=_check,
)
