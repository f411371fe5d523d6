"""Targets are spoken to over TLS."""

from collections.abc import Iterator, Mapping

from policy.aws_types import TARGET_GROUP
from policy.model import UNKNOWN, Finding, Resource, ResourcePolicy, Severity, Undecided, Violation
from policy.wording import given

_SECURE = ("TLS", "HTTPS")


def _check(group: Resource) -> Iterator[Finding]:
    # To an application load balancer a network load balancer speaks TCP only, and passes on what comes; the one behind
    # has a listener and targets of its own.
    if group.at("targetType") == "alb":
        return
    protocol = group.at("protocol")
    if protocol is UNKNOWN:
        yield Undecided(resource=group, property="protocol")
    elif protocol not in _SECURE and not passes_tls_on(group):
        yield Violation(resource=group, message=f"protocol must be {' or '.join(_SECURE)}, got {given(protocol)}")


def passes_tls_on(group: Resource) -> bool:
    """Tell whether what a TCP listener passes on is TLS, which the targets speak by themselves.

    AWS knows nothing of what goes through a TCP listener. An HTTPS health check on the port of the traffic does: it
    makes a target healthy only where TLS is spoken there.
    """
    check = group.at("healthCheck")
    return (
        group.at("protocol") == "TCP"
        and isinstance(check, Mapping)
        and check.get("protocol") == "HTTPS"
        and check.get("port") in (None, "traffic-port")
    )


POLICY = ResourcePolicy(
    id="target-tls",
    title="Load balancers speak TLS to their targets.",
    severity=Severity.MEDIUM,
    rationale=(
        "Between balancer and targets requests and answers, tokens among them, can be read and changed by whoever "
        "gets into the network."
    ),
    remedy=(
        "Give `target` the `protocol` TLS (network) or HTTPS (application). Where a TCP listener passes TLS on to the "
        "targets, show it by `healthCheck.protocol: HTTPS` on the targets' own port."
    ),
    rule_sets=("Security Hub ELB.22", "Checkov CKV_AWS_378"),
    types=frozenset({TARGET_GROUP}),
    check=_check,
)
