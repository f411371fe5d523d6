"""What becomes of a violation: whether it stops a deployment, is only said, or is not looked for."""

from enum import StrEnum
from typing import Final

from policy.model import Policy, Severity


class Level(StrEnum):
    """How a policy is enforced; the words are those of Pulumi's enforcement levels.

    Pulumi's fourth, ``remediate``, lets a policy change a resource on its way to the provider. No policy here does:
    what is provisioned is what the stack file says, or nothing.
    """

    ADVISORY = "advisory"
    MANDATORY = "mandatory"
    DISABLED = "disabled"


_MANDATORY: Final = frozenset({Severity.HIGH, Severity.CRITICAL})


def default_level(policy: Policy) -> Level:
    """Return how a policy is enforced where no configuration says."""
    return Level.MANDATORY if policy.severity in _MANDATORY else Level.ADVISORY
