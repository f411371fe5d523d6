"""What is known of a network, new or not."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from settings.network import KnownNetwork

from .arguments import check_fields


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkInUse:
    """What the other components need of a network, be it new, existing or another stack's.

    Raises ``SettingsError`` for what cannot be one, as far as it is known before a deployment.
    """

    vpc_id: pulumi.Input[str]
    cidr: pulumi.Input[str]
    """A text where the stack file says it; an output of another stack is known to the engine alone."""
    private_subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    api_endpoint_id: pulumi.Output[str] | None = None
    """The network's own endpoint of API Gateway, where the stack file lists ``execute-api`` among its endpoints."""

    def __post_init__(self) -> None:
        """Refuse values of a wrong kind, and texts that are no ids and no range."""
        check_fields("NetworkInUse", self)
        subnets = self.private_subnet_ids if isinstance(self.private_subnet_ids, list | tuple) else ()
        values = {"vpc_id": self.vpc_id, "cidr": self.cidr}
        known: dict[str, object] = {key: value for key, value in values.items() if isinstance(value, str)}
        known["private_subnet_ids"] = [subnet for subnet in subnets if isinstance(subnet, str)]
        KnownNetwork.of(known, place="NetworkInUse")
