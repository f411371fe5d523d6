"""What is left of a stack file once its unsound values are set aside, so that the rest can be checked together.

A value is set aside by itself where its block can do without it, and with the block where it cannot. What is then left
is judged with one reservation: a problem that is there only because a value is not, is none of the file's.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from pydantic import ValidationError

from apigateway.errors import Problem
from apigateway.paths import Location, format_path
from apigateway.suggest import nearest

from .base import location_in
from .stack import Settings


@dataclass(frozen=True, slots=True)
class Unsound:
    """A value that is wrong by itself: its place, what is wrong, and the rule's id."""

    location: Location
    message: str
    rule: str

    @property
    def problem(self) -> Problem:
        """The value's problem, as it is reported."""
        return Problem(format_path(self.location), self.message, self.rule)


@dataclass(frozen=True, slots=True)
class SoundPart:
    """The settings without what was set aside, and the places of that; ``unsound`` is empty where all is sound."""

    settings: Settings
    unsound: tuple[Unsound, ...]
    aside: tuple[Location, ...]


def entry_of(location: Location) -> Location:
    """Return the smallest part of the file around a problem that nothing else in it is judged by, but by its name.

    Of a list of stages it is a key of one stage: a stage that went would move the others to other places.
    """
    match location:
        case (
            "apis",
            _,
            "routes" | "integrations" | "authorizers" | "models" | "usagePlans" | "gatewayResponses" | "stage",
            _,
            *_,
        ):
            return location[:4]
        case ("apis", _, "endpointConfiguration", "vpcEndpointIds", *_):
            return location[:4]
        case ("apis", _, "stages", int(), _, *_):
            return location[:5]
        case ("apis", _, key, *_) if key != "protocol":
            return location[:3]
        case ("apis" | "backends" | "tags", _, *_) | ("network", "vpcEndpoints" | "flowLogs", *_):
            return location[:2]
        case _:
            return location[:1]


def value_of(location: Location) -> Location:
    """Return the value itself; of a list, but for stages, all of it: an item that went would move the others.

    A response goes with its ``selectionPattern``: without one, it would be the response to all that no other takes.
    """
    if location[-1:] == ("selectionPattern",):
        return location[:-1]
    for index, part in enumerate(location):
        if isinstance(part, int) and location[index - 1] != "stages":
            return location[:index]
    return location


def sound_part(
    raw: Mapping[str, object], unreadable: Iterable[Location], part_of: Callable[[Location], Location]
) -> SoundPart:
    """Set aside what is unsound, as much around it as ``part_of`` says, and more where the rest is no whole then."""
    sound = dict(raw)
    aside: list[Location] = []
    for location in unreadable:
        sound = _set_aside(part_of(location), sound, aside)
    found: tuple[Unsound, ...] | None = None
    while True:
        try:
            settings = Settings.model_validate(sound, by_alias=True, by_name=False)
        except ValidationError as failure:
            unsound = tuple(
                Unsound(location_in(error["loc"], sound), error["msg"], error["type"]) for error in failure.errors()
            )
        else:
            return SoundPart(settings, found or (), tuple(aside))
        found = unsound if found is None else found
        for location in dict.fromkeys(part_of(error.location) for error in unsound):
            sound = _set_aside(location, sound, aside)


def _set_aside(location: Location, sound: dict[str, object], aside: list[Location]) -> dict[str, object]:
    """Take away what stands at a place; where nothing does, what should have held it."""
    while location:
        rest = _without(sound, location)
        if rest != sound:
            aside.append(location)
            return rest
        location = location[:-1]
    return sound


def _without(block: Mapping[str, object], location: Location) -> dict[str, object]:
    """Copy a block without what stands at ``location``."""
    first, *rest = location
    remaining = {key: value for key, value in block.items() if rest or key != first}
    match remaining.get(str(first)), rest:
        case Mapping() as inner, [_, *_]:
            remaining[str(first)] = _without(inner, tuple(rest))
        case list() as items, [int(index), *deeper] if deeper and isinstance(items[index], Mapping):
            remaining[str(first)] = [*items[:index], _without(items[index], tuple(deeper)), *items[index + 1 :]]
    return remaining


_JUDGES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "authorization": frozenset({"authorizationScopes", "apiKeyRequired"}),
        "backend": frozenset({"hostName"}),
        "endpointType": frozenset({"securityPolicy", "certificateArn", "apiMappingKey", "mutualTlsAuthentication"}),
        "identitySource": frozenset({"authorizerResultTtlInSeconds"}),
        "intervalSeconds": frozenset({"timeoutSeconds"}),
        "loadBalancerArn": frozenset({"backend", "listenerArn", "protocol"}),
        "modelSelectionExpression": frozenset({"requestModels"}),
        "mutualTlsAuthentication": frozenset({"ownershipVerificationCertificateArn"}),
        "natGateways": frozenset({"cidr"}),
        "path": frozenset({"requestParameters", "matcher", "protocol", "timeoutSeconds"}),
        "port": frozenset({"port", "protocol"}),
        "protocol": frozenset(
            {"protocol", "certificateArn", "sslPolicy", "hostName", "path", "matcher", "timeoutSeconds", "stickiness"}
        ),
        "requestModels": frozenset({"modelSelectionExpression"}),
        "requestParameters": frozenset({"path", "integrationUri", "cacheKeyParameters"}),
        "requestTemplates": frozenset({"templateSelectionExpression"}),
        "responseTemplates": frozenset({"templateSelectionExpression"}),
        "responseTransferMode": frozenset({"timeoutInMillis"}),
        "retired": frozenset({"integration"}),
        "securityPolicy": frozenset({"endpointAccessMode"}),
        "selectionPattern": frozenset({"integrationResponses"}),
        "types": frozenset({"vpcEndpointIds"}),
        "type": frozenset(
            {
                "type",
                "vpcEndpointIds",
                "protocol",
                "hostName",
                "addresses",
                "instanceIds",
                "backend",
                "loadBalancerArn",
                "attributes",
                "timeoutSeconds",
            }
        ),
    }
)
"""Key → the keys beside it that are judged by its value: without it, nothing can be said of them."""


def is_of_the_file(problem: Problem, aside: Iterable[Location]) -> bool:
    """Tell whether a problem within an entry would be there, too, if the values set aside were sound."""
    return not any(_follows(problem.path, location) for location in aside)


def _follows(path: str, location: Location) -> bool:
    """Tell whether a problem may follow from what was set aside: it is there, around it, or judged by it."""
    place = format_path(location)
    if is_within(path, place) or is_within(place, path):
        return True
    entry = entry_of(location)
    if not is_within(path, format_path(entry)):
        return False
    keys = re.findall(r"[A-Za-z]\w*", path[len(format_path(entry)) :])
    written = [str(part) for part in location[len(entry) :]]
    if is_within(path, format_path(location[:-1])) and nearest(str(location[-1]), keys):
        return True  # what was set aside is a misspelt key, and the other is missing
    judges = {judge for key in written if (judge := key if key in _JUDGES else nearest(key, _JUDGES))}
    return any(not _JUDGES[judge].isdisjoint(keys) for judge in judges)


def is_within(path: str, place: str) -> bool:
    """Tell whether a path is that of a place, or of something in it."""
    return path.startswith(place) and path[len(place) : len(place) + 1] in ("", ".", "[")
