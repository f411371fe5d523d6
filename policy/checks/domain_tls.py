"""Custom domains speak TLS 1.2 or later."""

import re
from collections.abc import Iterator
from typing import Final

from policy.aws_types import DOMAIN, REST_DOMAIN
from policy.model import UNKNOWN, Finding, Resource, ResourcePolicy, Severity, Undecided, Violation
from policy.wording import given

# A policy is called after the latest version that it offers; none of those that begin with SecurityPolicy_ takes a
# version below 1.2 (API Gateway Developer Guide, "Supported security policies").
_ENOUGH: Final = re.compile(r"TLS_1_2|SecurityPolicy_TLS1[23]_\w+")

_PLACES: Final = {DOMAIN: ("domainNameConfiguration", "securityPolicy"), REST_DOMAIN: ("securityPolicy",)}
"""By the domain's type, where it says so."""


def _check(domain: Resource) -> Iterator[Finding]:
    place = _PLACES[domain.type]
    path = ".".join(place)
    policy = domain.at(*place)
    if policy is UNKNOWN:
        yield Undecided(resource=domain, property=path)
    elif not isinstance(policy, str) or not _ENOUGH.fullmatch(policy):
        expected = "TLS_1_2 or a policy that begins with SecurityPolicy_TLS13_ or SecurityPolicy_TLS12_"
        yield Violation(resource=domain, message=f"{path} must be {expected}, got {given(policy)}")


POLICY = ResourcePolicy(
    id="domain-tls",
    title="Custom domains take TLS 1.2 or later, and nothing before it.",
    severity=Severity.HIGH,
    rationale="TLS 1.0 has ciphers that are broken, and whoever is on the way can make a caller fall back to it.",
    remedy=(
        "Leave `securityPolicy` of a REST API's `domain` out, which means `TLS_1_2`, or choose one that begins with "
        "`SecurityPolicy_TLS13_`; the domains of HTTP and WebSocket APIs have `TLS_1_2` in any case."
    ),
    rule_sets=(
        "Security Hub APIGateway.11",
        "Checkov CKV_AWS_206",
        "Trivy AWS-0005",
        "cfn-guard API_GW_DOMAIN_DENY_NON_TLS_TRAFFIC",
    ),
    types=frozenset(_PLACES),
    check=_check,
)
