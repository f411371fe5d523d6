"""What a policy is, what it looks at, and what it can find."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from functools import cached_property
from typing import Final, TypeAlias


class Unknown(Enum):
    """A value that is known only after the deployment, such as an id in a first preview."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN

Value: TypeAlias = "bool | int | float | str | Sequence[Value] | Mapping[str, Value] | Unknown | None"
"""A property's value as the provider has it: names in camelCase, unknown wherever the engine does not know yet."""


class Severity(StrEnum):
    """How much is at stake."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One resource as a policy sees it: its inputs in a policy of resources, its outputs in a policy of stacks."""

    urn: str
    type: str
    """A type token, such as ``aws:apigatewayv2/route:Route``."""
    name: str
    """The logical name."""
    properties: Mapping[str, Value]
    id: str | Unknown = UNKNOWN
    parent: str | None = None
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By property, the URNs of the resources whose outputs it is made of: known even where its value is not."""

    def at(self, *path: str) -> Value:
        """Return the property at a path of names: None where nothing is there, unknown where a part of it is."""
        value: Value = self.properties
        for name in path:
            if value is UNKNOWN:
                return UNKNOWN
            if not isinstance(value, Mapping):
                return None
            value = value.get(name)
        return value


@dataclass(frozen=True, kw_only=True)
class Stack:
    """All resources of a stack."""

    resources: tuple[Resource, ...]

    @cached_property
    def _by_urn(self) -> Mapping[str, Resource]:
        return {resource.urn: resource for resource in self.resources}

    @cached_property
    def _by_id(self) -> Mapping[tuple[str, str], Resource]:
        found = ((resource.type, resource.id, resource) for resource in self.resources)
        return {(type_, id_): resource for type_, id_, resource in found if isinstance(id_, str) and id_}

    def of_type(self, *types: str) -> tuple[Resource, ...]:
        """Return the resources of some types, in the order of the stack."""
        return tuple(resource for resource in self.resources if resource.type in types)

    def referred(self, resource: Resource, name: str, type_: str) -> Resource | None:
        """Return the one resource of a type whose output, or id, a property is; None where it is not in this stack."""
        urns = resource.property_dependencies.get(name, ())
        found = [self._by_urn[urn] for urn in urns if urn in self._by_urn and self._by_urn[urn].type == type_]
        if len(found) == 1:
            return found[0]
        value = resource.at(name)
        return self._by_id.get((type_, value)) if isinstance(value, str) else None

    def referring(self, type_: str, name: str, target: Resource) -> tuple[Resource, ...]:
        """Return the resources of a type whose property is an output, or the id, of ``target``."""
        return tuple(one for one in self.of_type(type_) if self.referred(one, name, target.type) is target)


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """What is wrong, and where; ``resource`` is None where it is the stack as a whole."""

    resource: Resource | None
    message: str
    """What was expected and what was given: ``must be true, got false``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """A property that a policy needs and that is known only after the deployment."""

    resource: Resource
    property: str
    """Its path, with dots: ``tlsConfig.serverNameToVerify``."""


Finding: TypeAlias = Violation | Undecided


@dataclass(frozen=True, slots=True, kw_only=True)
class _Described:
    """What every policy says of itself; the documentation is made of it."""

    id: str
    """Lowercase words with hyphens, the file's name; configuration and exemptions name it."""
    title: str
    """What must hold, as one sentence."""
    severity: Severity
    rationale: str
    """What can happen where it does not hold."""
    remedy: str
    """What to write in the stack file."""
    rule_sets: tuple[str, ...] = ()
    """The checks of public rule sets that it corresponds to, such as ``Checkov CKV_AWS_76``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourcePolicy(_Described):
    """A policy that can tell from one resource's inputs: the engine asks it before the resource is made."""

    types: frozenset[str]
    check: Callable[[Resource], Iterable[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class StackPolicy(_Described):
    """A policy that needs another resource, or that finds one missing: asked once all are known."""

    check: Callable[[Stack], Iterable[Finding]]


Policy: TypeAlias = ResourcePolicy | StackPolicy
