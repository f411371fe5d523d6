"""What every resource type of the program needs, and every question that it asks the provider."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Final

from deployer.api_gateway import API_GATEWAY
from deployer.balancing import BALANCING
from deployer.deployment import Deployment
from deployer.domains import DOMAINS
from deployer.elsewhere import ELSEWHERE
from deployer.grants import Grant, Need, in_region
from deployer.networking import NETWORKING
from deployer.observing import OBSERVING
from deployer.roles import ROLES

NEEDS: Final[Mapping[str, Need]] = {
    **API_GATEWAY,
    **BALANCING,
    **DOMAINS,
    **ELSEWHERE,
    **NETWORKING,
    **OBSERVING,
    **ROLES,
}
"""By resource type."""

QUESTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "aws:index/getAvailabilityZones:getAvailabilityZones": ("ec2:DescribeAvailabilityZones",),
    "aws:index/getCallerIdentity:getCallerIdentity": (),
    "aws:index/getPartition:getPartition": (),
    "aws:index/getRegion:getRegion": (),
}
"""What the provider calls for a function of its own; partition and Region it knows by itself.

STS answers who the caller is without any permission (AWS STS API Reference, "GetCallerIdentity").
"""


class UnknownTypeError(Exception):
    """Resource types of which nothing is known here: a policy without them would fail in the middle of a deployment."""

    def __init__(self, types: Sequence[str]) -> None:
        self.types = tuple(types)
        super().__init__("\n".join(map(_complaint, types)))


def grants_of(deployment: Deployment) -> tuple[Grant, ...]:
    """Return what a deployment needs, and what every run of the program asks.

    Raises ``UnknownTypeError`` with every type that has no entry.
    """
    unknown = sorted(set(deployment.resources) - set(NEEDS))
    if unknown:
        raise UnknownTypeError(unknown)
    asked = Grant(
        group="network",
        purpose="Questions",
        actions=tuple(action for needed in QUESTIONS.values() for action in needed),
        condition=in_region(deployment),
        reads=True,
    )
    return (asked, *(grant for kind in sorted(deployment.resources) for grant in NEEDS[kind](deployment)))


def _complaint(kind: str) -> str:
    near = get_close_matches(kind, NEEDS, n=1)
    hint = f'; did you mean "{near[0]}"?' if near else ""
    return f'no permissions are known for the resource type "{kind}"{hint}'
