"""Every application load balancer drops headers whose names are invalid."""

from collections.abc import Iterator

from policy.aws_types import LOAD_BALANCER
from policy.flags import must_be_true
from policy.model import Finding, Resource, ResourcePolicy, Severity


def _check(balancer: Resource) -> Iterator[Finding]:
    # Left out, a balancer is an application load balancer; the attribute is theirs alone.
    if balancer.at("loadBalancerType") in (None, "application"):
        yield from must_be_true(balancer, "dropInvalidHeaderFields")


POLICY = ResourcePolicy(
    id="drop-invalid-headers",
    title="Every application load balancer drops headers whose names are invalid.",
    severity=Severity.HIGH,
    rationale=(
        "Servers read a header such as `x_user` or `x-user ` in different ways: what one of them ignores another may "
        "take for an identity, or for the end of a request."
    ),
    remedy="Let this stack make the balancer, which drops them then; no key lets them through.",
    rule_sets=("Security Hub ELB.4", "Checkov CKV_AWS_131", "Trivy AWS-0052"),
    types=frozenset({LOAD_BALANCER}),
    check=_check,
)
