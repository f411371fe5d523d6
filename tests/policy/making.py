"""Resources and stacks for tests of policies, and what a policy finds in them."""

from dataclasses import dataclass, field

from policy.model import UNKNOWN, Policy, Resource, ResourcePolicy, Stack, Undecided, Value, Violation


def resource(type_: str, name: str, /, **properties: Value) -> Resource:
    """Return a resource whose id is its name and ``-id``; its properties have the provider's names."""
    return Resource(
        urn=f"urn:pulumi:dev::test::{type_}::{name}", type=type_, name=name, properties=properties, id=f"{name}-id"
    )


def preview(one: Resource, **references: Resource) -> Resource:
    """Return a resource as a first preview has it: no id, and properties that are outputs of others not known."""
    return Resource(
        urn=one.urn,
        type=one.type,
        name=one.name,
        properties={**one.properties, **dict.fromkeys(references, UNKNOWN)},
        property_dependencies={name: (target.urn,) for name, target in references.items()},
    )


@dataclass(frozen=True, kw_only=True)
class Cases:
    """What shows that a policy finds what it should, and nothing else.

    A case is the resources of a stack: a policy of resources is asked for each of those that have its types. A bad
    case has every line that is found, in order: ``NAME: message``, and ``NAME: PROPERTY is not known`` where the
    policy cannot tell.
    """

    policy: Policy
    good: dict[str, tuple[Resource, ...]]
    bad: dict[str, tuple[tuple[Resource, ...], list[str]]]
    undecided: dict[str, tuple[tuple[Resource, ...], list[str]]] = field(default_factory=dict)


def find(policy: Policy, resources: tuple[Resource, ...]) -> list[str]:
    """Ask a policy, and return a line for each finding."""
    if isinstance(policy, ResourcePolicy):
        found = [finding for one in resources if one.type in policy.types for finding in policy.check(one)]
    else:
        found = list(policy.check(Stack(resources=resources)))
    return [_line(finding) for finding in found]


def _line(finding: Violation | Undecided) -> str:
    match finding:
        case Violation():
            return f"{finding.resource.name if finding.resource else 'stack'}: {finding.message}"
        case Undecided():
            return f"{finding.resource.name}: {finding.property} is not known"
