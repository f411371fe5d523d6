"""What the program registered, as data: the one thing that the gateway, the preview and the tests read.

A recording is made by :mod:`local.recorder` in a process of its own and travels as JSON.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self, TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One registration.

    ``inputs`` are what the program gave, ``outputs`` the inputs plus what AWS would add; both have Pulumi's
    camelCase names. ``dependencies`` are URNs: what ``depends_on`` names and every resource whose output is read.
    """

    urn: str
    type: str
    name: str
    parent: str | None
    custom: bool
    id: str
    inputs: Mapping[str, Json]
    outputs: Mapping[str, Json]
    dependencies: tuple[str, ...] = ()
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By input, the URNs of the resources whose outputs it is made of."""
    protect: bool = False
    retain_on_delete: bool = False
    delete_before_replace: bool | None = None
    """None where the program does not say, and the provider decides."""
    replace_with: tuple[str, ...] = ()
    replace_on_changes: tuple[str, ...] = ()
    ignore_changes: tuple[str, ...] = ()
    replacement_trigger: Json = None
    """A change of this value replaces the resource."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Every registration of one run, in the order in which it was made, and the stack's outputs."""

    project: str
    stack: str
    resources: tuple[Resource, ...]
    outputs: Mapping[str, Json]

    def of_type(self, resource_type: str) -> tuple[Resource, ...]:
        """Return the resources of one type token, such as ``aws:apigatewayv2/route:Route``."""
        return tuple(resource for resource in self.resources if resource.type == resource_type)

    def to_json(self) -> str:
        """Print the recording; :meth:`from_json` reads it back to an equal one."""
        return json.dumps(asdict(self), indent=2)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what :meth:`to_json` printed."""
        document: dict[str, Any] = json.loads(text)
        resources: list[dict[str, Any]] = document.pop("resources")
        return cls(resources=tuple(Resource(**_with_tuples(entry)) for entry in resources), **document)


def _with_tuples(entry: dict[str, Any]) -> dict[str, Any]:
    """Turn the lists of a resource, which JSON has for tuples, back into tuples."""
    keep = "replacement_trigger"
    found = {key: tuple(value) if isinstance(value, list) and key != keep else value for key, value in entry.items()}
    found["property_dependencies"] = {name: tuple(urns) for name, urns in entry["property_dependencies"].items()}
    return found
