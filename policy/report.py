"""What all policies find in a stack, and what becomes of each finding."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from policy.enforcement import Enforcement
from policy.exemptions import Exemption, sift
from policy.levels import Level
from policy.model import Finding, Policy, Resource, ResourcePolicy, Stack, Undecided, Violation


@dataclass(frozen=True, slots=True, kw_only=True)
class Violated:
    """A violation that counts."""

    policy: Policy
    violation: Violation
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Exempted:
    """A finding that an exemption covers."""

    policy: Policy
    finding: Finding
    exemption: Exemption


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsettled:
    """What a policy cannot tell yet."""

    policy: Policy
    undecided: Undecided


@dataclass(frozen=True, slots=True, kw_only=True)
class Unused:
    """An exemption that covers nothing: what it was for has been mended, or its pattern is misspelt."""

    policy: Policy
    exemption: Exemption


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything, in the order of the catalog; nothing that a policy found is left out."""

    asked: tuple[Policy, ...]
    disabled: tuple[Policy, ...]
    violations: tuple[Violated, ...]
    exempted: tuple[Exempted, ...]
    undecided: tuple[Unsettled, ...]
    unused: tuple[Unused, ...]

    @property
    def passed(self) -> bool:
        """Whether a deployment may go on: advice does not stop it, nor what cannot be told yet."""
        return not any(violated.level is Level.MANDATORY for violated in self.violations)


def evaluate(policies: Sequence[Policy], inputs: Sequence[Resource], stack: Stack, enforcement: Enforcement) -> Report:
    """Ask every policy that is not disabled.

    ``inputs`` are the resources as the engine shows them to policies of resources, before they are made; ``stack`` has
    them as it shows them to policies of stacks, with what AWS has added.
    """
    asked = tuple(policy for policy in policies if enforcement.level(policy) is not Level.DISABLED)
    violations: list[Violated] = []
    exempted: list[Exempted] = []
    undecided: list[Unsettled] = []
    unused: list[Unused] = []
    for policy in asked:
        exemptions = enforcement.exemptions_of(policy)
        sifted = sift(_ask(policy, inputs, stack), exemptions)
        level = enforcement.level(policy)
        violations += [Violated(policy=policy, violation=one, level=level) for one in sifted.violations]
        exempted += [Exempted(policy=policy, finding=one, exemption=by) for one, by in sifted.exempted]
        undecided += [Unsettled(policy=policy, undecided=one) for one in sifted.undecided]
        unused += [Unused(policy=policy, exemption=one) for one in sifted.unused(exemptions)]
    return Report(
        asked=asked,
        disabled=tuple(policy for policy in policies if policy not in asked),
        violations=tuple(violations),
        exempted=tuple(exempted),
        undecided=tuple(undecided),
        unused=tuple(unused),
    )


def _ask(policy: Policy, inputs: Sequence[Resource], stack: Stack) -> Iterable[Finding]:
    if isinstance(policy, ResourcePolicy):
        return (finding for one in inputs if one.type in policy.types for finding in policy.check(one))
    return policy.check(stack)
