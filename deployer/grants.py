"""What one resource type needs, in pieces that a policy's statements are put together from."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from deployer.deployment import ANY, Deployment

Group: TypeAlias = Literal["network", "balancers", "apis", "roles", "logs", "elsewhere"]
"""The document that a grant stands in."""

Condition: TypeAlias = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Operator → key → values, of which one has to match."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Actions on resources, under a condition.

    Grants of one purpose become one statement, which allows all their actions on all their resources. So a purpose
    brings together only what stays as narrow by that, and has one condition.
    """

    group: Group
    purpose: str
    """The statement's ``Sid``."""
    actions: tuple[str, ...]
    resources: tuple[str, ...] = (ANY,)
    condition: Condition = field(default_factory=dict)
    reads: bool = False
    """Whether a preview needs it, which changes nothing."""


Need: TypeAlias = Callable[[Deployment], Iterable[Grant]]
"""What a resource type needs, by what is known of the deployment."""


def actions(service: str, names: str) -> tuple[str, ...]:
    """Return the actions of a service, whose names stand in one text."""
    return tuple(f"{service}:{name}" for name in names.split())


def new(deployment: Deployment) -> Condition:
    """Let only be made what bears the stack's tags."""
    return {"StringEquals": {f"aws:RequestTag/{key}": values for key, values in _tags(deployment).items()}}


def own(deployment: Deployment) -> Condition:
    """Let only be changed what bears the stack's tags."""
    return {"StringEquals": {f"aws:ResourceTag/{key}": values for key, values in _tags(deployment).items()}}


def in_region(deployment: Deployment) -> Condition:
    """Say the Region where no resource does."""
    return {"StringEquals": {"aws:RequestedRegion": (deployment.region,)}}


def _tags(deployment: Deployment) -> dict[str, tuple[str, ...]]:
    """Return the tags that the program gives to everything that takes tags."""
    tags: dict[str, tuple[str, ...]] = {"Project": (deployment.project,)}
    return tags if deployment.stack is None else {**tags, "Stack": (deployment.stack,)}
