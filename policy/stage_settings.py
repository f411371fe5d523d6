"""The settings that stages have for all of their routes or methods, and for single ones.

Stages of WebSocket and HTTP APIs hold theirs, those of REST APIs have a resource for each method path.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from policy.aws_types import REST_METHOD_SETTINGS
from policy.model import UNKNOWN, Resource, Stack, Unknown, Value

ALL_METHODS: Final = "*/*"
"""The method path that stands for all methods."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One block of settings."""

    resource: Resource
    """What holds the block."""
    place: str
    """Where in the resource it stands: ``defaultRouteSettings``, ``routeSettings.sendMessage``."""
    block: Mapping[str, Value] | Unknown

    def at(self, name: str) -> Value:
        """Return a setting, None where nothing is said of it."""
        return UNKNOWN if isinstance(self.block, Unknown) else self.block.get(name)

    def path(self, name: str) -> str:
        """Return the path of a setting, as findings name it."""
        return f"{self.place}.{name}"


def of_routes(stage: Resource) -> Iterator[Settings]:
    """Yield the settings of all routes of a WebSocket or HTTP API's stage, and then those of single ones."""
    yield Settings(resource=stage, place="defaultRouteSettings", block=_block(stage.at("defaultRouteSettings")))
    single = stage.at("routeSettings")
    if single is UNKNOWN:
        yield Settings(resource=stage, place="routeSettings", block=UNKNOWN)
    if isinstance(single, list | tuple):
        for one in single:
            block = _block(one)
            key = None if isinstance(block, Unknown) else block.get("routeKey")
            place = f"routeSettings.{key}" if isinstance(key, str) else "routeSettings"
            yield Settings(resource=stage, place=place, block=block)


def of_method(resource: Resource) -> Settings:
    """Return the settings of a method path of a REST API's stage."""
    return Settings(resource=resource, place="settings", block=_block(resource.at("settings")))


def of_methods(stack: Stack, stage: Resource) -> tuple[Settings, ...]:
    """Return the settings of a REST API's stage, one for each method path."""
    return tuple(of_method(one) for one in stack.referring(REST_METHOD_SETTINGS, "stageName", stage))


def has_all_methods(settings: tuple[Settings, ...]) -> bool:
    """Return whether one of a stage's settings is that of all methods, or may be."""
    paths = [one.resource.at("methodPath") for one in settings]
    return ALL_METHODS in paths or UNKNOWN in paths


def _block(value: Value) -> Mapping[str, Value] | Unknown:
    if isinstance(value, Mapping | Unknown):
        return value
    return {}
