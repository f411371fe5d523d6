"""The bare side of the program's measurement: a recording's registrations, made again with pulumi and pulumi_aws alone.

It is the program that somebody would write by hand for this one stack: types, names, parents, inputs, options and order
as recorded, an output where the program passed another resource's output, ``depends_on`` for the dependencies that no
input shows, and the same questions to the provider.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import pulumi

from bench.links import Linked, Links, Parts, in_python, referred
from bench.orders import Question, Reference
from bench.sdk_classes import resource_class
from local.recording import Resource

Made: TypeAlias = dict[str, pulumi.Resource]
"""URN → the resource that was made for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """One constructor of the SDK, called with what was looked up before the clock started."""

    recorded: Resource
    make: Callable[..., pulumi.Resource] | None
    """The class of pulumi_aws; None for a component."""
    inputs: Mapping[str, Linked]
    """In Python's spelling."""
    depends_on: tuple[str, ...]
    """URNs."""

    def run(self, made: Made) -> None:
        """Make the resource, now that what it refers to is made."""
        recorded = self.recorded
        options = pulumi.ResourceOptions(
            parent=made[recorded.parent] if recorded.parent else None,
            depends_on=[made[urn] for urn in self.depends_on] or None,
            protect=recorded.protect or None,
            retain_on_delete=recorded.retain_on_delete or None,
            delete_before_replace=recorded.delete_before_replace,
            replace_on_changes=list(recorded.replace_on_changes) or None,
            replace_with=[made[urn] for urn in recorded.replace_with] or None,
            ignore_changes=list(recorded.ignore_changes) or None,
            replacement_trigger=recorded.replacement_trigger,
        )
        if self.make is None:
            made[recorded.urn] = pulumi.ComponentResource(recorded.type, recorded.name, None, options)
        else:
            made[recorded.urn] = self.make(recorded.name, opts=options, **_resolve_all(self.inputs, made))


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """A component's ``register_outputs``, after its last child."""

    urn: str
    outputs: Mapping[str, Linked]

    def run(self, made: Made) -> None:
        """Register the outputs."""
        component = made[self.urn]
        if isinstance(component, pulumi.ComponentResource):
            component.register_outputs(_resolve_all(self.outputs, made))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A call of a provider function, whose answer stands in the inputs already."""

    question: Question

    def run(self, _made: Made) -> None:
        """Ask, and wait for the answer as a program does."""
        pulumi.runtime.invoke(self.question.token, self.question.arguments)


def prepare(reference: Reference) -> Callable[[], None]:
    """Plan the program of a reference, and import what it needs."""
    recording = reference.recording
    links = Links(recording.resources)
    steps = tuple(_steps(reference, links))
    outputs = {name: links.find(value) for name, value in recording.outputs.items()}

    def run() -> None:
        made: Made = {}
        for step in steps:
            step.run(made)
        for name, value in outputs.items():
            pulumi.export(name, _resolve(value, made))

    return run


def _steps(reference: Reference, links: Links) -> Iterator[Registration | Completion | Asking]:
    recording = reference.recording
    last = {resource.parent: resource.urn for resource in recording.resources}
    by_urn = {resource.urn: resource for resource in recording.resources}
    for count, resource in enumerate(recording.resources):
        yield from (Asking(question=question) for question in reference.questions if question.after == count)
        # Of what it depends on alone: a log group's name, which is its id, is no reference to itself.
        own = Links(by_urn[urn] for urn in resource.dependencies)
        inputs = {in_python(name): own.find(value) for name, value in resource.inputs.items()}
        shown = set(referred(inputs))
        yield Registration(
            recorded=resource,
            make=resource_class(resource.type) if resource.custom else None,
            inputs=inputs,
            depends_on=tuple(urn for urn in resource.dependencies if urn not in shown),
        )
        if resource.parent and last[resource.parent] == resource.urn:
            component = by_urn[resource.parent]
            outputs = {name: links.find(value) for name, value in component.outputs.items()}
            yield Completion(urn=component.urn, outputs=outputs)


def _resolve_all(values: Mapping[str, Linked], made: Made) -> dict[str, object]:
    return {name: _resolve(value, made) for name, value in values.items()}


def _resolve(value: Linked, made: Made) -> object:
    match value:
        case Parts(parts=parts):
            pieces = [part if isinstance(part, str) else getattr(made[part.urn], part.attribute) for part in parts]
            return pieces[0] if len(pieces) == 1 else pulumi.Output.concat(*pieces)
        case list():
            return [_resolve(item, made) for item in value]
        case dict():
            return _resolve_all(value, made)
        case _:
            return value
