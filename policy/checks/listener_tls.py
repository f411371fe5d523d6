"""Listeners speak TLS 1.2 or later."""

import re
from collections.abc import Iterator

from policy.aws_types import LISTENER, TARGET_GROUP
from policy.checks.target_tls import passes_tls_on
from policy.model import UNKNOWN, Finding, Resource, Severity, Stack, StackPolicy, Undecided, Violation
from policy.wording import given

_SECURE = ("TLS", "HTTPS")

# "Security policies for your Application Load Balancer" and "… Network Load Balancer" (their User Guides): a name says
# the oldest protocol that is taken. TLS13-1-2 and TLS13-1-3 have many endings (Res, Ext1, FIPS, PQ, RFC9151 and dates),
# and there will be more. TLS13-1-0, TLS13-1-1, FS-2018-06, FS-1-1, TLS-1-1 and 2016-08 take older ones.
_MODERN_POLICY = re.compile(r"ELBSecurityPolicy-(?:TLS13-1-[23]|TLS-1-2|FS-1-2)-[A-Za-z0-9-]+")


def _check(stack: Stack) -> Iterator[Finding]:
    for listener in stack.of_type(LISTENER):
        protocol = listener.at("protocol")
        if protocol is UNKNOWN:
            yield Undecided(resource=listener, property="protocol")
        elif protocol in _SECURE:
            yield from _check_policy(listener)
        elif not _passes_tls_on(listener, stack):
            message = f"protocol must be {' or '.join(_SECURE)}, got {given(protocol)}"
            yield Violation(resource=listener, message=message)


def _check_policy(listener: Resource) -> Iterator[Finding]:
    policy = listener.at("sslPolicy")
    if policy is UNKNOWN:
        yield Undecided(resource=listener, property="sslPolicy")
    elif not (isinstance(policy, str) and _MODERN_POLICY.fullmatch(policy)):
        # Left out, it is ELBSecurityPolicy-2016-08, which takes TLS 1.0.
        message = f"sslPolicy must be one that refuses TLS below 1.2, got {given(policy)}"
        yield Violation(resource=listener, message=message)


def _passes_tls_on(listener: Resource, stack: Stack) -> bool:
    """Tell whether TLS goes through a TCP listener to all of its targets, which end it by themselves."""
    forwarded_to = listener.property_dependencies.get("defaultActions", ())
    groups = [group for group in stack.of_type(TARGET_GROUP) if group.urn in forwarded_to]
    return listener.at("protocol") == "TCP" and bool(groups) and all(map(passes_tls_on, groups))


POLICY = StackPolicy(
    id="listener-tls",
    title="Listeners speak TLS 1.2 or later.",
    severity=Severity.CRITICAL,
    rationale=(
        "On its way from the link to the balancer a request, and with it tokens and personal data, can be read and "
        "changed by whoever gets into the network; TLS 1.0 and 1.1 do not prevent that."
    ),
    remedy=(
        "Give `listener` the `protocol` TLS (network) or HTTPS (application) and a `certificateArn`, the backend its "
        "`hostName`, and leave `sslPolicy` out. Where a TCP listener passes TLS on to the targets, show it by "
        "`target.healthCheck.protocol: HTTPS` on the targets' own port."
    ),
    rule_sets=(
        "Security Hub ELB.17",
        "Security Hub ELB.18",
        "Checkov CKV_AWS_2",
        "Checkov CKV_AWS_103",
        "Trivy AWS-0047",
        "Trivy AWS-0054",
    ),
    check=_check,
)
