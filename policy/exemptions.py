"""Exemptions: which resources a policy leaves alone, and why."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from apigateway.errors import shown
from policy.model import Finding, Undecided, Violation

EXEMPTIONS: Final = "exemptions"
"""The key of a policy's configuration."""

_KEYS: Final = ("resource", "reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """One entry of a policy's ``exemptions``."""

    resource: str
    """A logical name, or a pattern of it with ``*``, ``?`` and ``[…]``."""
    reason: str

    def covers(self, finding: Finding) -> bool:
        """Tell whether a finding is at a resource of that name; one of the whole stack is covered by ``*`` alone."""
        if finding.resource is None:
            return self.resource == "*"
        return fnmatchcase(finding.resource.name, self.resource)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sifted:
    """What a policy found, by what becomes of it."""

    violations: tuple[Violation, ...]
    exempted: tuple[tuple[Finding, Exemption], ...]
    """Each with the first exemption that covers it."""
    undecided: tuple[Undecided, ...]

    def unused(self, exemptions: Iterable[Exemption]) -> tuple[Exemption, ...]:
        """Return the exemptions that covered nothing."""
        used = {exemption for _, exemption in self.exempted}
        return tuple(exemption for exemption in exemptions if exemption not in used)


def sift(findings: Iterable[Finding], exemptions: Sequence[Exemption]) -> Sifted:
    """Set aside what is exempt: what violates the policy, and what might."""
    violations: list[Violation] = []
    exempted: list[tuple[Finding, Exemption]] = []
    undecided: list[Undecided] = []
    for finding in findings:
        exemption = next((one for one in exemptions if one.covers(finding)), None)
        match finding:
            case _ if exemption:
                exempted.append((finding, exemption))
            case Violation():
                violations.append(finding)
            case Undecided():
                undecided.append(finding)
    return Sifted(violations=tuple(violations), exempted=tuple(exempted), undecided=tuple(undecided))


def sentence(finding: Finding) -> str:
    """Say what was found, without the resource."""
    match finding:
        case Violation():
            return finding.message
        case Undecided():
            return f"{finding.property} is not known before the deployment"


def place(finding: Finding) -> str:
    """Name what a finding is about: a logical name, or the stack as a whole."""
    return finding.resource.name if finding.resource else "the stack"


def read_exemptions(given: object) -> tuple[tuple[Exemption, ...], tuple[str, ...]]:
    """Read a policy's ``exemptions``; also return what is wrong with them, a line each with its place."""
    if not isinstance(given, list):
        return (), (f'{EXEMPTIONS}: must be a list of {{"resource": …, "reason": …}}, got {_shown(given)}',)
    found: list[Exemption] = []
    problems: list[str] = []
    for index, entry in enumerate(given):
        at = f"{EXEMPTIONS}[{index}]"
        if not isinstance(entry, dict):
            problems.append(f'{at}: must be {{"resource": …, "reason": …}}, got {_shown(entry)}')
            continue
        wrong = [f"{at}.{key}: unknown key; the keys are resource and reason" for key in entry if key not in _KEYS]
        resource, reason = entry.get("resource"), entry.get("reason")
        if not isinstance(resource, str) or not resource.strip():
            wrong.append(f'{at}.resource: must be a logical name or a pattern such as "chat-*", got {_given(resource)}')
        if not isinstance(reason, str) or not reason.strip():
            wrong.append(f"{at}.reason: must say why the resource is exempt, got {_given(reason)}")
        if isinstance(resource, str) and isinstance(reason, str) and not wrong:
            found.append(Exemption(resource=resource.strip(), reason=reason.strip()))
        problems += wrong
    return tuple(found), tuple(problems)


def _given(value: object) -> str:
    return "nothing" if value is None else _shown(value)


def _shown(value: object) -> str:
    return shown(json.dumps(value, ensure_ascii=False))
