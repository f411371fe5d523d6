"""No load balancer has public addresses."""

from collections.abc import Iterator

from policy.aws_types import LOAD_BALANCER
from policy.flags import must_be_true
from policy.model import Finding, Resource, ResourcePolicy, Severity


def _check(balancer: Resource) -> Iterator[Finding]:
    yield from must_be_true(balancer, "internal")


POLICY = ResourcePolicy(
    id="load-balancer-internal",
    title="No load balancer has public addresses.",
    severity=Severity.HIGH,
    rationale=(
        "Whoever calls the balancer itself goes past the API: its authorizers, its throttling, its access log and "
        "its stage variables."
    ),
    remedy="Let this stack make the balancer, which is internal then; no key makes it public.",
    rule_sets=("Trivy AWS-0053",),
    types=frozenset({LOAD_BALANCER}),
    check=_check,
)
