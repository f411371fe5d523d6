"""What the stages of an API must be to each other and to its alarms."""

from collections.abc import Iterator, Mapping
from typing import Final

from apigateway.access_log import status_field
from apigateway.errors import Problem
from apigateway.paths import Location
from apigateway.rules import stages as rules
from apigateway.suggest import nearest

from .api_places import stages_with_places
from .apis import HttpApi, WebSocketApi
from .base import show
from .finding import block_of, problem_at

STACK: Final = "(the stack's)"
"""Stands for the name of a WebSocket stage that has none of its own: no stage can be called so."""


def check_stages(name: str, api: WebSocketApi | HttpApi, raw: Mapping[str, object]) -> Iterator[Problem]:
    """Check that an API has one stage or several with different names, and logs where alarms read them."""
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


def _check_logs(api: WebSocketApi | HttpApi, at: Location) -> Iterator[Problem]:
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


def stage_names(name: str, api: WebSocketApi | HttpApi, raw: Mapping[str, object]) -> list[str | None] | None:
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
