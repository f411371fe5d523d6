"""Every load balancer and every VPC link for HTTP APIs names its security groups."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from policy.aws_types import LOAD_BALANCER, VPC_LINK
from policy.model import UNKNOWN, Finding, Resource, ResourcePolicy, Severity, Undecided, Violation

_GROUPS: Final[Mapping[str, str]] = MappingProxyType({LOAD_BALANCER: "securityGroups", VPC_LINK: "securityGroupIds"})
"""By type, the property with the ids. A VPC link for REST APIs has none: it enters its balancer by PrivateLink."""


def _check(resource: Resource) -> Iterator[Finding]:
    name = _GROUPS[resource.type]
    groups = resource.at(name)
    if groups is UNKNOWN:
        yield Undecided(resource=resource, property=name)
    elif not groups:
        yield Violation(resource=resource, message=f"{name} must name a security group, got none")


POLICY = ResourcePolicy(
    id="link-security-groups",
    title="Every load balancer and every VPC link for HTTP APIs names its security groups.",
    severity=Severity.LOW,
    rationale=(
        "Without one, an application load balancer gets the default group of its VPC, which others share, a network "
        "load balancer lets in whoever reaches it and cannot get a group later, and no rule says what a link may reach."
    ),
    remedy="Let this stack make balancer and link, which have groups of their own then; no key takes them away.",
    rule_sets=("Checkov CKV2_AWS_5",),
    types=frozenset(_GROUPS),
    check=_check,
)
