"""Every load balancer that can write access logs writes them."""

from collections.abc import Iterator

from policy.aws_types import LISTENER, LOAD_BALANCER
from policy.flags import must_be_true
from policy.model import Finding, Resource, Severity, Stack, StackPolicy


def _check(stack: Stack) -> Iterator[Finding]:
    for balancer in stack.of_type(LOAD_BALANCER):
        if _can_log(balancer, stack):
            yield from must_be_true(balancer, "accessLogs", "enabled")


def _can_log(balancer: Resource, stack: Stack) -> bool:
    """Tell whether access logs, where they are switched on, ever have a line.

    Those of a network load balancer tell of TLS listeners only: "Access logs for your Network Load Balancer" (User
    Guide for Network Load Balancers). To ask for a bucket that stays empty would help nobody.
    """
    if balancer.at("loadBalancerType") != "network":
        return True
    listeners = stack.referring(LISTENER, "loadBalancerArn", balancer)
    return any(listener.at("protocol") == "TLS" for listener in listeners)


POLICY = StackPolicy(
    id="load-balancer-logs",
    title=(
        "Every application load balancer, and every network load balancer with a TLS listener, writes an access log."
    ),
    severity=Severity.MEDIUM,
    rationale=(
        "The API's log ends at the integration. Who else called the balancer, which target answered, and how long it "
        "took is in the balancer's own log alone."
    ),
    remedy=(
        "Give the backend `accessLogs` with the `bucket` that the log goes to. A network load balancer writes it for "
        "TLS listeners only, so nothing is asked of one that has none."
    ),
    rule_sets=("Security Hub ELB.5", "Checkov CKV_AWS_91"),
    check=_check,
)
