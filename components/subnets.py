"""Which subnets a VPC has: pure arithmetic, so that it can be tested by properties.

The VPC is cut into eight equal blocks. The first six are for the private subnets of six zones, the seventh is kept
free, and the eighth is cut into eight for the public subnets. A subnet therefore keeps its range when a zone is
added, when NAT gateways come or go, and whatever else of the network changes.
"""

from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Literal

_BLOCK_BITS = 3
_PUBLIC_BLOCK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSubnet:
    """A subnet to be made. ``suffix`` (``private-a``) is the end of its logical name; ``zone`` is an index from 0."""

    kind: Literal["private", "public"]
    zone: int
    cidr: str

    @property
    def letter(self) -> str:
        """The letter that stands for the zone in names: ``a`` for the first."""
        return chr(ord("a") + self.zone)

    @property
    def suffix(self) -> str:
        """The end of the subnet's logical name."""
        return f"{self.kind}-{self.letter}"


def plan_subnets(cidr: str, zones: int, *, public: bool) -> tuple[PlannedSubnet, ...]:
    """Plan one private subnet a zone and, if ``public``, one public subnet a zone.

    ``cidr`` is /16 to /24, or to /22 with public subnets; ``zones`` is 1 to 6.
    """
    blocks = list(IPv4Network(cidr).subnets(prefixlen_diff=_BLOCK_BITS))
    private = (PlannedSubnet(kind="private", zone=zone, cidr=str(blocks[zone])) for zone in range(zones))
    if not public:
        return tuple(private)
    parts = list(blocks[_PUBLIC_BLOCK].subnets(prefixlen_diff=_BLOCK_BITS))
    return (*private, *(PlannedSubnet(kind="public", zone=zone, cidr=str(parts[zone])) for zone in range(zones)))
