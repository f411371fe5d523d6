"""The policies as Pulumi's engine asks them: over gRPC, resource by resource, and the stack at the end.

What the engine has for a violation, it gets. It has nothing for an exemption, and shows nobody what a policy says of
itself to be not applicable; that a resource is exempt, and why, that a policy cannot tell yet, and that an exemption
covers nothing is therefore also written to standard output, which the CLI prints among its diagnostics. None of these
stops a deployment.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, TypedDict

import pulumi_policy
from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    PolicyPack,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UnknownValueError

from policy.catalog import POLICIES
from policy.exemptions import EXEMPTIONS, Exemption, place, read_exemptions, sentence, sift
from policy.levels import default_level
from policy.model import UNKNOWN, Finding, Policy, Resource, ResourcePolicy, Stack, StackPolicy, Value

NAME: Final = "gatelink"
"""The pack's name, which the engine shows before each policy's."""

_ROOT: Final = "pulumi:pulumi:Stack"

_SCHEMA: Final = PolicyConfigSchema(
    properties={
        EXEMPTIONS: {
            "description": "The resources that the policy leaves alone, and why",
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "resource": {
                        "description": "A logical name, or a pattern of it such as chat-*",
                        "type": "string",
                        "pattern": r"\S",
                    },
                    "reason": {"description": "Why; the report shows it", "type": "string", "pattern": r"\S"},
                },
                "required": ["resource", "reason"],
                "additionalProperties": False,
            },
        }
    }
)


def serve() -> None:
    """Make the pack: print the port of its server, and answer the engine until it ends this process."""
    PolicyPack(NAME, adapt(POLICIES))


def adapt(policies: Sequence[Policy]) -> list[pulumi_policy.Policy]:
    """Return the policies as the SDK has them, and one more that looks after their exemptions."""
    ledger = _Ledger()
    adapted: list[pulumi_policy.Policy] = []
    for policy in policies:
        described = _described(policy)
        match policy:
            case ResourcePolicy():
                adapted.append(ResourceValidationPolicy(**described, validate=partial(_ask_resource, policy, ledger)))
            case StackPolicy():
                adapted.append(StackValidationPolicy(**described, validate=partial(_ask_stack, policy, ledger)))
    adapted.append(
        StackValidationPolicy(
            name=EXEMPTIONS,
            description="Every exemption covers something.",
            enforcement_level=EnforcementLevel.ADVISORY,
            severity=pulumi_policy.Severity.LOW,
            remediation_steps="Remove the exemption, or correct its pattern.",
            validate=partial(_close, ledger),
        )
    )
    return adapted


class _Described(TypedDict):
    """What the SDK wants to know of both kinds of policies."""

    name: str
    description: str
    enforcement_level: EnforcementLevel
    config_schema: PolicyConfigSchema
    severity: pulumi_policy.Severity
    tags: list[str]
    remediation_steps: str


def _described(policy: Policy) -> _Described:
    return {
        "name": policy.id,
        "description": policy.title,
        "enforcement_level": EnforcementLevel(default_level(policy).value),
        "config_schema": _SCHEMA,
        "severity": pulumi_policy.Severity(policy.severity.value),
        "tags": list(policy.rule_sets),
        "remediation_steps": policy.remedy,
    }


@dataclass(frozen=True, slots=True)
class _Ledger:
    """The exemptions that the engine gave, by policy, and those that covered something, until the stack is judged."""

    given: dict[str, tuple[Exemption, ...]] = field(default_factory=dict)
    used: set[tuple[str, Exemption]] = field(default_factory=set)


def _ask_resource(
    policy: ResourcePolicy, ledger: _Ledger, args: ResourceValidationArgs, report: ReportViolation
) -> None:
    applies = args.resource_type in policy.types
    resource = Resource(
        urn=args.urn,
        type=args.resource_type,
        name=args.name,
        properties=_properties(args.props) if applies else {},
        parent=_parent(args.opts.parent),
    )
    findings = policy.check(resource) if applies else ()
    _tell(policy, findings, ledger, args, report, complain=applies)


def _ask_stack(policy: StackPolicy, ledger: _Ledger, args: StackValidationArgs, report: ReportViolation) -> None:
    stack = Stack(resources=tuple(_of_stack(one) for one in args.resources if one.resource_type != _ROOT))
    _tell(policy, policy.check(stack), ledger, args, report, complain=True)


def _tell(
    policy: Policy,
    findings: Iterable[Finding],
    ledger: _Ledger,
    args: ResourceValidationArgs | StackValidationArgs,
    report: ReportViolation,
    *,
    complain: bool,
) -> None:
    """Report what a policy found; ``complain`` also of its configuration, which every resource would repeat."""
    exemptions, problems = _configured(args.get_config())
    ledger.given[policy.id] = exemptions
    for problem in problems if complain else ():
        report(f"the policy's configuration is wrong, and no exemption counts: {problem}", None)
    sifted = sift(findings, exemptions)
    for violation in sifted.violations:
        report(violation.message, violation.resource.urn if violation.resource else None)
    remarks = [f"{place(one)} is exempt ({sentence(one)}): {exemption.reason}" for one, exemption in sifted.exempted]
    remarks += [f"{place(one)}: {sentence(one)}" for one in sifted.undecided]
    ledger.used.update((policy.id, exemption) for _, exemption in sifted.exempted)
    for remark in remarks:
        _say(f"{policy.id}: {remark}")
    if remarks:
        args.not_applicable("\n".join(remarks))


def _close(ledger: _Ledger, _args: StackValidationArgs, _report: ReportViolation) -> None:
    """Name the exemptions that covered nothing; the engine has asked all other policies before."""
    for id_, exemptions in ledger.given.items():
        for exemption in exemptions:
            if (id_, exemption) not in ledger.used:
                _say(f'{id_}: the exemption of "{exemption.resource}" covers nothing: {exemption.reason}')
    ledger.given.clear()
    ledger.used.clear()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _configured(config: Mapping[str, Any]) -> tuple[tuple[Exemption, ...], tuple[str, ...]]:
    """Read a policy's configuration, of which the engine has taken the level; with a mistake, nothing is exempt."""
    problems = tuple(f"{key}: unknown key; known: {EXEMPTIONS}" for key in config if key != EXEMPTIONS)
    exemptions, more = read_exemptions(config[EXEMPTIONS]) if EXEMPTIONS in config else ((), ())
    problems += more
    return (() if problems else exemptions), problems


def _of_stack(resource: PolicyResource) -> Resource:
    properties = _properties(resource.props)
    id_ = properties.get("id")
    return Resource(
        urn=resource.urn,
        type=resource.resource_type,
        name=resource.name,
        properties=properties,
        id=id_ if isinstance(id_, str) else UNKNOWN,
        parent=_parent(resource.parent.urn if resource.parent else None),
        property_dependencies={
            name: tuple(one.urn for one in found) for name, found in resource.property_dependencies.items()
        },
    )


def _parent(urn: str | None) -> str | None:
    """Return a parent's URN; the stack itself is no resource of the program's."""
    return urn if urn and urn.split("::")[2] != _ROOT else None


def _properties(proxy: Mapping[str, Any]) -> dict[str, Value]:
    return {name: _item(proxy, name) for name in proxy}


def _item(proxy: Any, key: str | int) -> Value:  # noqa: ANN401  (the SDK's proxies, which hold anything)
    """Take one item out of a proxy, which raises where the engine does not know it yet."""
    try:
        return _value(proxy[key])
    except UnknownValueError:
        return UNKNOWN


def _value(value: Any) -> Value:  # noqa: ANN401  (as above)
    match value:
        case bool() | int() | str() | None:
            return value
        case float():
            return int(value) if value.is_integer() else value
        case Mapping():
            return _properties(value)
        case Sequence():
            return [_item(value, index) for index in range(len(value))]
        case _:
            return UNKNOWN  # a file or an archive, into which no policy looks
