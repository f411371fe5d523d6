"""Holds a recording against the policies, as the engine would with the policy pack, but without an engine.

Of ``local``, this alone asks the policies; ``local.policy_report`` prints what they find.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.recording import Json, Recording, Resource
from policy.catalog import POLICIES
from policy.enforcement import Enforcement, read_enforcement
from policy.model import UNKNOWN, Stack, Value
from policy.model import Resource as Judged
from policy.report import Report, evaluate

_UNKNOWN = "<unknown>"
"""What the recorder writes for a value that is known only after a deployment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How the policies are enforced, and what says so."""

    enforcement: Enforcement
    source: str


def choose_rules(directory: Path, stack: str, *, file: Path | None = None, strict: bool = False) -> Rules:
    """Return what holds for a stack: what ``file`` says, else the project's own file for it, else the defaults.

    Raises ``PolicyConfigError`` with every problem of the file.
    """
    if strict:
        return Rules(enforcement=Enforcement.strict(POLICIES), source="--strict: all mandatory, nothing exempt")
    own = Path("policy", "config", f"{stack}.json")
    if file is None and not (directory / own).exists():
        source = f"default levels, as there is no {own.as_posix()}"
        return Rules(enforcement=Enforcement.default(POLICIES), source=source)
    enforcement = read_enforcement(file or directory / own, POLICIES)
    return Rules(enforcement=enforcement, source=f"levels of {(file or own).as_posix()}")


def police(recording: Recording, enforcement: Enforcement) -> Report:
    """Ask every policy: those of resources about inputs, those of stacks about outputs."""
    inputs = tuple(_seen_before(resource) for resource in recording.resources)
    stack = Stack(resources=tuple(_seen_after(resource) for resource in recording.resources))
    return evaluate(POLICIES, inputs, stack, enforcement)


def _seen_before(resource: Resource) -> Judged:
    """Return a resource as the engine shows it before it is made: without an id, and without what refers to what."""
    return Judged(
        urn=resource.urn,
        type=resource.type,
        name=resource.name,
        properties=_values(resource.inputs),
        parent=resource.parent,
    )


def _seen_after(resource: Resource) -> Judged:
    """Return a resource as the engine shows it when all are made, or in a preview, as far as all are known."""
    return Judged(
        urn=resource.urn,
        type=resource.type,
        name=resource.name,
        properties=_values(resource.outputs),
        id=UNKNOWN if resource.id == _UNKNOWN else resource.id,
        parent=resource.parent,
        property_dependencies=resource.property_dependencies,
    )


def _values(properties: Mapping[str, Json]) -> dict[str, Value]:
    return {name: _value(value) for name, value in properties.items()}


def _value(value: Json) -> Value:
    match value:
        case "<unknown>":
            return UNKNOWN
        case dict():
            return _values(value)
        case list():
            return [_value(item) for item in value]
        case _:
            return value
