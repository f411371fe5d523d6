"""Every network load balancer reaches its targets in all zones."""

from collections.abc import Iterator

from policy.aws_types import LOAD_BALANCER
from policy.flags import must_be_true
from policy.model import Finding, Resource, ResourcePolicy, Severity


def _check(balancer: Resource) -> Iterator[Finding]:
    # An application load balancer does so in any case: only its target groups can say otherwise.
    if balancer.at("loadBalancerType") == "network":
        yield from must_be_true(balancer, "enableCrossZoneLoadBalancing")


POLICY = ResourcePolicy(
    id="cross-zone",
    title="Every network load balancer reaches its targets in all zones.",
    severity=Severity.MEDIUM,
    rationale=(
        "Otherwise a zone whose targets are all gone takes its share of the connections with it, and zones with fewer "
        "targets than others wear theirs out."
    ),
    remedy="Let this stack make the balancer, which crosses zones then; no key changes it.",
    rule_sets=("Checkov CKV_AWS_152",),
    types=frozenset({LOAD_BALANCER}),
    check=_check,
)
