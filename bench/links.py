"""Which parts of a recorded input are outputs of other resources: found by their values, which no two share."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from local.recording import Json, Resource

SHORTEST: Final = 6
"""Ids are no shorter; a shorter value would be found where it is not meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputOf:
    """An output of a resource."""

    urn: str
    attribute: str
    """In Python's spelling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A text that holds outputs of resources."""

    parts: tuple[str | OutputOf, ...]


Linked: TypeAlias = "Parts | Json | list[Linked] | dict[str, Linked]"
"""An input whose texts may be :class:`Parts`."""


class Links:
    """Finds the outputs of some resources in recorded values."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._references: dict[str, OutputOf] = {}
        for resource in filter(lambda each: each.custom, resources):
            computed = {name: value for name, value in resource.outputs.items() if name not in resource.inputs}
            for name, value in {**computed, "id": resource.id}.items():
                if isinstance(value, str) and len(value) >= SHORTEST:
                    self._references[value] = OutputOf(urn=resource.urn, attribute=in_python(name))
        # The longest first: a load balancer's ARN begins its listener's.
        values = sorted(self._references, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, values)) or r"(?!)")

    def find(self, value: Json) -> Linked:
        """Return a value with the outputs in its texts."""
        match value:
            case str():
                return self._find_in_text(value)
            case list():
                return [self.find(item) for item in value]
            case dict():
                return {key: self.find(item) for key, item in value.items()}
            case _:
                return value

    def _find_in_text(self, text: str) -> Linked:
        parts: list[str | OutputOf] = []
        end = 0
        for found in self._pattern.finditer(text):
            parts += [text[end : found.start()], self._references[found[0]]]
            end = found.end()
        if not parts:
            return text
        return Parts(parts=tuple(part for part in (*parts, text[end:]) if part))


def referred(value: Linked) -> Iterator[str]:
    """Yield the URNs of the resources whose outputs a value holds."""
    match value:
        case Parts(parts=parts):
            yield from (part.urn for part in parts if isinstance(part, OutputOf))
        case list():
            yield from (urn for item in value for urn in referred(item))
        case dict():
            yield from (urn for item in value.values() for urn in referred(item))
        case _:
            pass


def in_python(name: str) -> str:
    """Spell a property as the SDK's Python classes do: ``cidrIpv4`` is ``cidr_ipv4``."""
    return re.sub(r"(?<=[a-z0-9])[A-Z]", lambda letter: f"_{letter[0].lower()}", name)
