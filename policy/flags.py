"""What several policies ask of a flag."""

from collections.abc import Iterator

from policy.model import UNKNOWN, Finding, Resource, Undecided, Violation
from policy.wording import given


def must_be_true(resource: Resource, *path: str) -> Iterator[Finding]:
    """Want the flag at a path of names to be set; one that is left out is not."""
    value, name = resource.at(*path), ".".join(path)
    if value is UNKNOWN:
        yield Undecided(resource=resource, property=name)
    elif value is not True:
        yield Violation(resource=resource, message=f"{name} must be true, got {given(value)}")
