"""What the stages of an API must be to each other, to its alarms, and to the cache that they have or lack."""

from collections.abc import Iterator, Mapping
from typing import Final

from apigateway.access_log import status_field
from apigateway.errors import Problem
from apigateway.paths import Location
from apigateway.rules import rest as rest_rules
from apigateway.rules import stages as rules
from apigateway.suggest import nearest

from .api_places import stages_with_places
from .apis import Api, HttpApi
from .base import show
from .finding import block_of, problem_at
from .rest_stages import RestStage

STACK: Final = "(the stack's)"
"""Stands for the name of a stage that has none of its own, of a WebSocket or REST API: no stage can be called so."""

_CACHE_KEYS: Final = {"cache_ttl_in_seconds": "cacheTtlInSeconds", "cache_data_encrypted": "cacheDataEncrypted"}
_ROUTE_CACHE_KEYS: Final = {"caching_enabled": "cachingEnabled", "cache_ttl_in_seconds": "cacheTtlInSeconds"}


def check_stages(name: str, api: Api, raw: Mapping[str, object]) -> Iterator[Problem]:
    """Check that an API has one stage or several with different names, logs for its alarms, and what it caches in."""
    at: Location = ("apis", name)
    block = block_of(raw, "apis", name)
    if block.get("stage") is not None and block.get("stages") is not None:
        yield problem_at(rules.ONE_OR_SEVERAL, "is given beside stage; keep one of the two", *at, "stages")
    names = stage_names(name, api, raw) or []
    for index, stage in enumerate(names):
        if stage is None or stage not in names[:index]:
            continue
        first = names.index(stage)
        message = f"must differ from that of stages[{first}], got {show(stage)}"
        if stage == STACK:
            message = f"is required: stages[{first}] has the Pulumi stack's name"
        yield problem_at(rules.ONE_OR_SEVERAL, message, *at, "stages", index, "name")
    if api.alarms:
        yield from _check_logs(api, at)
    for place, spec in stages_with_places(api):
        if isinstance(spec, RestStage) and not _has_cache(_written(block, place)):
            yield from _check_no_cache(spec, (*at, *place))


def _written(api: Mapping[str, object], place: Location) -> Mapping[str, object]:
    """Return a stage as the file has it."""
    written: object = api
    for part in place:
        match written, part:
            case Mapping(), str():
                written = written.get(part)
            case list(), int():
                written = written[part]
            case _:
                return {}
    return written if isinstance(written, Mapping) else {}


def _has_cache(stage: Mapping[str, object]) -> bool:
    """Tell whether a stage is to have a cache, be its size or the spelling of its key sound or not."""
    known = {field.alias for field in RestStage.model_fields.values()}
    misspelt = nearest("cacheClusterSize", (key for key in stage if key not in known))
    return stage.get("cacheClusterSize") is not None or misspelt is not None


def _check_no_cache(stage: RestStage, at: Location) -> Iterator[Problem]:
    """Refuse settings of a cache that is not there."""
    own: list[tuple[Location, str]] = [
        ((), key) for field, key in _CACHE_KEYS.items() if field in stage.model_fields_set
    ]
    for route, settings in stage.route_settings.items():
        of_route = ("routeSettings", route)
        own += [(of_route, key) for field, key in _ROUTE_CACHE_KEYS.items() if field in settings.model_fields_set]
    for place, key in own:
        message = "needs a cacheClusterSize: the stage has no cache"
        yield problem_at(rest_rules.CACHE, message, *at, *place, key)


def _check_logs(api: Api, at: Location) -> Iterator[Problem]:
    """Want access logs that alarms can read: a metric filter reads the status from a field of JSON."""
    for place, stage in stages_with_places(api):
        if not stage.access_logs:
            message = "must not be false: the alarm on refused calls counts them in access logs"
            yield problem_at(rules.ALARM_LOGS, message, *at, *place, "accessLogs")
        elif status_field(stage.log_format) is None:
            message = (
                'must be JSON with a field "$context.status", which the alarm on refused calls reads, '
                f"got {show(stage.log_format)}"
            )
            yield problem_at(rules.ALARM_LOGS, message, *at, *place, "accessLogs", "format")


def stage_names(name: str, api: Api, raw: Mapping[str, object]) -> list[str | None] | None:
    """Return the names of an API's stages as the file has them: None for a name, or for all, that cannot be known."""
    block = block_of(raw, "apis", name)
    stages: object = block.get("stages")
    if stages is None:
        if "stage" not in block and any(nearest(key, block) for key in ("stage", "stages")):
            return None
        stages = [block.get("stage") or {}]
    if not isinstance(stages, list):
        return None
    default = "$default" if isinstance(api, HttpApi) else STACK
    found: list[str | None] = []
    for stage in stages or [{}]:
        written = stage.get("name") if isinstance(stage, Mapping) else 0
        name_of_stage = default if written is None else written
        found.append(name_of_stage if isinstance(name_of_stage, str) else None)
    return found
