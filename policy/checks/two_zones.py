"""Every load balancer stands in at least two zones."""

from collections.abc import Iterator, Sequence

from policy.aws_types import LOAD_BALANCER, SUBNET
from policy.model import UNKNOWN, Finding, Resource, Severity, Stack, StackPolicy, Undecided, Value, Violation


def _check(stack: Stack) -> Iterator[Finding]:
    for balancer in stack.of_type(LOAD_BALANCER):
        zones = _zones(balancer, stack)
        found = sorted({zone for zone in zones if isinstance(zone, str)})
        if len(found) >= 2:
            continue
        if UNKNOWN in zones:
            yield Undecided(resource=balancer, property="subnets")
        else:
            message = f"subnets must lie in at least two zones, got {', '.join(found) or 'none'}"
            yield Violation(resource=balancer, message=message)


def _zones(balancer: Resource, stack: Stack) -> list[Value]:
    """Return the zone of each subnet of a balancer, unknown where it can be any.

    The zone of a subnet that is not of this stack is not known here. Its id stands for it: a balancer takes only one
    subnet of each zone (Elastic Load Balancing API Reference, ``CreateLoadBalancer``).
    """
    depended_on = balancer.property_dependencies.get("subnets", ())
    given = balancer.at("subnets")
    known = {id_ for id_ in given if isinstance(id_, str)} if isinstance(given, Sequence) else set()
    of_stack = [one for one in stack.of_type(SUBNET) if one.urn in depended_on or one.id in known]
    zones = [*map(_zone, of_stack), *(known - {one.id for one in of_stack})]
    # What is not known here, such as another stack's outputs, may be in zones of its own.
    if given is UNKNOWN:
        has_others = not of_stack or len(of_stack) < len(depended_on)
    else:
        has_others = isinstance(given, Sequence) and len(given) > len(zones)
    return [*zones, UNKNOWN] if has_others else zones


def _zone(subnet: Resource) -> Value:
    """Return a subnet's zone by whichever name it is given; AWS chooses where none is."""
    zone = subnet.at("availabilityZoneId") or subnet.at("availabilityZone")
    return zone if isinstance(zone, str) else UNKNOWN


POLICY = StackPolicy(
    id="two-zones",
    title="Every load balancer stands in at least two zones.",
    severity=Severity.MEDIUM,
    rationale="A balancer in one zone is gone with it, and its backend with the balancer.",
    remedy=(
        "Give `network` at least two `availabilityZones`, or an existing network `privateSubnetIds` in at least two "
        "zones."
    ),
    rule_sets=("Security Hub ELB.13",),
    check=_check,
)
