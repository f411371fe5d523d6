"""Every application load balancer defends its targets against ambiguous requests."""

from collections.abc import Iterator

from policy.aws_types import LOAD_BALANCER
from policy.model import UNKNOWN, Finding, Resource, ResourcePolicy, Severity, Undecided, Violation
from policy.wording import given

_DEFENDING = ("defensive", "strictest")


def _check(balancer: Resource) -> Iterator[Finding]:
    if balancer.at("loadBalancerType") not in (None, "application"):
        return
    mode = balancer.at("desyncMitigationMode")
    if mode is UNKNOWN:
        yield Undecided(resource=balancer, property="desyncMitigationMode")
    # Left out, it is defensive (Elastic Load Balancing, "Load balancer attributes").
    elif mode is not None and mode not in _DEFENDING:
        message = f"desyncMitigationMode must be {' or '.join(_DEFENDING)}, got {given(mode)}"
        yield Violation(resource=balancer, message=message)


POLICY = ResourcePolicy(
    id="desync-mitigation",
    title="Every application load balancer defends its targets against ambiguous requests.",
    severity=Severity.MEDIUM,
    rationale=(
        "A request that balancer and target take to end at different places carries a second one past every check, "
        "and its answer goes to somebody else. In `monitor` mode the balancer only counts such requests."
    ),
    remedy="Let this stack make the balancer, whose mode is `defensive` then; no key changes it.",
    rule_sets=("Security Hub ELB.12", "Checkov CKV_AWS_328"),
    types=frozenset({LOAD_BALANCER}),
    check=_check,
)
