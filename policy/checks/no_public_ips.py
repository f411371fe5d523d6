"""What starts in a subnet gets no public address by itself."""

from collections.abc import Iterator

from policy.aws_types import SUBNET
from policy.model import UNKNOWN, Finding, Resource, ResourcePolicy, Severity, Undecided, Violation


def _check(subnet: Resource) -> Iterator[Finding]:
    value = subnet.at("mapPublicIpOnLaunch")
    if value is UNKNOWN:
        yield Undecided(resource=subnet, property="mapPublicIpOnLaunch")
    elif value:
        yield Violation(resource=subnet, message="mapPublicIpOnLaunch must be false, got true")


POLICY = ResourcePolicy(
    id="no-public-ips",
    title="No subnet gives public addresses to what starts in it.",
    severity=Severity.HIGH,
    rationale=(
        "An instance or a task that lands in such a subnet can be reached from the internet past API Gateway. A NAT "
        "gateway has an address that is asked for, and needs no such subnet."
    ),
    remedy="Gatelink's subnets never do; a program of your own leaves `map_public_ip_on_launch` out.",
    rule_sets=("Security Hub EC2.15", "Checkov CKV_AWS_130", "Trivy AWS-0164"),
    types=frozenset({SUBNET}),
    check=_check,
)
