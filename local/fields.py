"""Typed access to the fields of a recorded resource; what is missing or of another type is a TopologyError.

Numbers travel from the engine as floating-point numbers (``80.0``); :func:`integer` takes them where they are whole.
"""

from collections.abc import Mapping

from apigateway.errors import TopologyError
from local.recording import Json, Resource


def label(resource: Resource) -> str:
    """Name a resource for a message: ``aws:lb/listener:Listener "chat-listener"``."""
    return f'{resource.type} "{resource.name}"'


def text(resource: Resource, key: str) -> str:
    """Return a text output that must be there."""
    value = optional_text(resource, key)
    if value is None:
        raise TopologyError(f"{label(resource)}: {key} is missing")
    return value


def optional_text(resource: Resource, key: str) -> str | None:
    """Return a text output, or None where it is not set."""
    value = resource.outputs.get(key)
    if value is not None and not isinstance(value, str):
        raise _unexpected(resource, key, "a text", value)
    return value


def integer(resource: Resource, key: str) -> int:
    """Return a whole number that must be there."""
    value = optional_integer(resource, key)
    if value is None:
        raise TopologyError(f"{label(resource)}: {key} is missing")
    return value


def optional_integer(resource: Resource, key: str) -> int | None:
    """Return a whole number, or None where it is not set."""
    value = resource.outputs.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise _unexpected(resource, key, "a whole number", value)
    return int(value)


def flag(resource: Resource, key: str) -> bool:
    """Return a switch; one that is not set is off."""
    value = resource.outputs.get(key)
    if value is not None and not isinstance(value, bool):
        raise _unexpected(resource, key, "true or false", value)
    return bool(value)


def texts(resource: Resource, key: str) -> tuple[str, ...]:
    """Return a list of texts; one that is not set is empty."""
    value = resource.outputs.get(key)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _unexpected(resource, key, "a list of texts", value)
    return tuple(str(item) for item in value)


def text_map(resource: Resource, key: str) -> dict[str, str]:
    """Return a map of texts; one that is not set is empty."""
    return as_text_map(resource, key, resource.outputs.get(key))


def blocks(resource: Resource, key: str) -> tuple[Mapping[str, Json], ...]:
    """Return a list of blocks; one that is not set is empty."""
    value = resource.outputs.get(key)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise _unexpected(resource, key, "a list of blocks", value)
    return tuple(_block(resource, key, item) for item in value)


def as_text_map(resource: Resource, key: str, value: Json) -> dict[str, str]:
    """Read a map of texts that stands at ``key`` or inside it."""
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise _unexpected(resource, key, "a map of texts", value)
    return {name: str(item) for name, item in value.items()}


def _block(resource: Resource, key: str, value: Json) -> Mapping[str, Json]:
    if not isinstance(value, dict):
        raise _unexpected(resource, key, "a list of blocks", value)
    return value


def _unexpected(resource: Resource, key: str, expected: str, value: Json) -> TopologyError:
    return TopologyError(f"{label(resource)}: {key} must be {expected}, got {value!r}")
