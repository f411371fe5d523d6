"""Typed access to the fields of a recorded resource; what is missing or of another type is a TopologyError.

Numbers travel from the engine as floating-point numbers (``80.0``); :func:`integer` takes them where they are whole.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar

from apigateway.errors import TopologyError
from local.recording import Json, Resource

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Part:
    """A block of a recording, and where it stands: the beginning of every message about it."""

    place: str
    content: Mapping[str, Json]

    def text(self, key: str) -> str:
        """Return a text that must be there."""
        return self._there(key, self.optional_text(key))

    def optional_text(self, key: str) -> str | None:
        """Return a text, or None where it is not set."""
        value = self.content.get(key)
        if value is not None and not isinstance(value, str):
            raise self._unexpected(key, "a text", value)
        return value

    def integer(self, key: str) -> int:
        """Return a whole number that must be there."""
        return self._there(key, self.optional_integer(key))

    def optional_integer(self, key: str) -> int | None:
        """Return a whole number, or None where it is not set."""
        value = self.content.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
            raise self._unexpected(key, "a whole number", value)
        return int(value)

    def flag(self, key: str) -> bool:
        """Return a switch; one that is not set is off."""
        value = self.content.get(key)
        if value is not None and not isinstance(value, bool):
            raise self._unexpected(key, "true or false", value)
        return bool(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; one that is not set is empty."""
        value = self.content.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self._unexpected(key, "a list of texts", value)
        return tuple(str(item) for item in value)

    def text_map(self, key: str) -> dict[str, str]:
        """Return a map of texts; one that is not set is empty."""
        value = self.content.get(key)
        if value is None:
            return {}
        if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
            raise self._unexpected(key, "a map of texts", value)
        return {name: str(item) for name, item in value.items()}

    def blocks(self, key: str) -> tuple[Mapping[str, Json], ...]:
        """Return a list of blocks; one that is not set is empty."""
        value = self.content.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self._unexpected(key, "a list of blocks", value)
        return tuple(item for item in value if isinstance(item, dict))

    def part(self, key: str) -> "Part":
        """Return the block under a key; one that is not set is empty."""
        value = self.content.get(key)
        if value is not None and not isinstance(value, dict):
            raise self._unexpected(key, "a block", value)
        return Part(f"{self.place}: {key}", value or {})

    def parts(self, key: str) -> "dict[str, Part]":
        """Return a map of blocks; one that is not set is empty."""
        inside = self.part(key)
        return {name: inside.part(name) for name in inside.content}

    def refuse_others(self, known: Collection[str]) -> None:
        """Raise TopologyError where the block has keys that its reader does not know."""
        others = [key for key in self.content if key not in known]
        if others:
            raise TopologyError(
                "\n".join(f"{self.place}: {key} is not supported by the local gateway yet" for key in others)
            )

    def _there(self, key: str, value: Value | None) -> Value:
        if value is None:
            raise TopologyError(f"{self.place}: {key} is missing")
        return value

    def _unexpected(self, key: str, expected: str, value: Json) -> TopologyError:
        return TopologyError(f"{self.place}: {key} must be {expected}, got {value!r}")


def label(resource: Resource) -> str:
    """Name a resource for a message: ``aws:lb/listener:Listener "chat-listener"``."""
    return f'{resource.type} "{resource.name}"'


def outputs(resource: Resource) -> Part:
    """Return the outputs of a resource as a part."""
    return Part(label(resource), resource.outputs)


def text(resource: Resource, key: str) -> str:
    """Return a text output that must be there."""
    return outputs(resource).text(key)


def optional_text(resource: Resource, key: str) -> str | None:
    """Return a text output, or None where it is not set."""
    return outputs(resource).optional_text(key)


def integer(resource: Resource, key: str) -> int:
    """Return a whole number that must be there."""
    return outputs(resource).integer(key)


def optional_integer(resource: Resource, key: str) -> int | None:
    """Return a whole number, or None where it is not set."""
    return outputs(resource).optional_integer(key)


def flag(resource: Resource, key: str) -> bool:
    """Return a switch; one that is not set is off."""
    return outputs(resource).flag(key)


def texts(resource: Resource, key: str) -> tuple[str, ...]:
    """Return a list of texts; one that is not set is empty."""
    return outputs(resource).texts(key)


def text_map(resource: Resource, key: str) -> dict[str, str]:
    """Return a map of texts; one that is not set is empty."""
    return outputs(resource).text_map(key)


def blocks(resource: Resource, key: str) -> tuple[Mapping[str, Json], ...]:
    """Return a list of blocks; one that is not set is empty."""
    return outputs(resource).blocks(key)
