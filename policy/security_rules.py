"""The rules of security groups, in the three ways in which the provider has them.

They are resources of their own of the new kind (``SecurityGroupIngressRule``), of the old one (``SecurityGroupRule``),
or stand inside a ``SecurityGroup``.
"""

from collections.abc import Iterable, Iterator
from ipaddress import ip_network
from typing import Final, Literal

from policy.aws_types import EGRESS_RULE, INGRESS_RULE, SECURITY_GROUP_RULE
from policy.model import UNKNOWN, Finding, Resource, Undecided, Value, Violation
from policy.values import block, items
from policy.wording import given

_WIDEST: Final = {4: 8, 6: 7}
"""The prefixes of the widest private ranges, 10.0.0.0/8 and fc00::/7."""


def find_world(resource: Resource, direction: Literal["ingress", "egress"], whom: str) -> Iterator[Finding]:
    """Yield every range of the rules of one direction that is wider than any private network can be.

    So two halves of the internet count as all of it. ``whom`` says what a range has to name instead.
    """
    for path, value in _ranges(resource, direction):
        if value is UNKNOWN:
            yield Undecided(resource=resource, property=path)
        elif isinstance(value, str) and _is_world(value):
            yield Violation(resource=resource, message=f"{path} must be a range of {whom}, got {given(value)}")


def _ranges(resource: Resource, direction: Literal["ingress", "egress"]) -> Iterator[tuple[str, Value]]:
    if resource.type in (INGRESS_RULE, EGRESS_RULE):
        yield from (("cidrIpv4", resource.at("cidrIpv4")), ("cidrIpv6", resource.at("cidrIpv6")))
    elif resource.type == SECURITY_GROUP_RULE:
        kind = resource.at("type")
        if kind is UNKNOWN:
            yield "type", UNKNOWN
        elif kind == direction:
            for name in ("cidrBlocks", "ipv6CidrBlocks"):
                yield from _of_list(name, resource.at(name))
    else:
        for path, rule in _of_list(direction, resource.at(direction)):
            if rule is UNKNOWN:
                yield path, UNKNOWN
            for name in ("cidrBlocks", "ipv6CidrBlocks"):
                yield from _of_list(f"{path}.{name}", block(rule).get(name))


def _of_list(path: str, value: Value) -> Iterable[tuple[str, Value]]:
    """Return the members of a list, each with its place; a list that is not known is one thing that is not."""
    if value is UNKNOWN:
        return [(path, UNKNOWN)]
    return [(f"{path}[{index}]", member) for index, member in enumerate(items(value))]


def _is_world(text: str) -> bool:
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return False
    return network.prefixlen < _WIDEST[network.version]
