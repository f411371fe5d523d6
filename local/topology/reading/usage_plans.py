"""Reads the usage plans that a stage is in: the API keys that they let in, and how often."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from apigateway.errors import TopologyError
from local.recording import Recording, Resource
from local.topology.limits import KeyPlan
from local.topology.reading import fields
from local.topology.reading.limits import read_plan_limit

API_KEY = "aws:apigateway/apiKey:ApiKey"
USAGE_PLAN = "aws:apigateway/usagePlan:UsagePlan"
USAGE_PLAN_KEY = "aws:apigateway/usagePlanKey:UsagePlanKey"


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a :class:`~local.topology.stages.Stage` has of its usage plans."""

    api_keys: Mapping[str, str]
    plans: Mapping[str, KeyPlan]


def read_usage_plans(recording: Recording, api_id: str, stage: str) -> Usage:
    """Return the keys and plans of a stage. Raises TopologyError.

    A recording does not hold the values of keys, which are secret. On a laptop the value of a key is its name in the
    stack.
    """
    plans = {plan.id: plan for plan in _plans(recording, api_id, stage)}
    keys = list(_api_keys(recording, plans))
    return Usage(
        api_keys={key.name: key.id for key, _ in keys},
        plans={key.name: limits for key, plan in keys if (limits := _plan(plan)) is not None},
    )


def _plans(recording: Recording, api_id: str, stage: str) -> Iterator[Resource]:
    """Yield the usage plans that a stage is in."""
    for plan in recording.of_type(USAGE_PLAN):
        if any(
            (block.get("apiId"), block.get("stage")) == (api_id, stage) for block in fields.blocks(plan, "apiStages")
        ):
            yield plan


def _plan(resource: Resource) -> KeyPlan | None:
    """Read what a usage plan limits, None where it lets everything through."""
    outputs = fields.outputs(resource)
    limit = read_plan_limit(outputs.part("throttleSettings"))
    quota = outputs.part("quotaSettings").optional_integer("limit")
    return None if limit is None and quota is None else KeyPlan(plan=resource.name, limit=limit, quota=quota)


def _api_keys(recording: Recording, plans: Mapping[str, Resource]) -> Iterator[tuple[Resource, Resource]]:
    """Yield every key of some plans, and its plan."""
    keys = {key.id: key for key in recording.of_type(API_KEY)}
    for member in recording.of_type(USAGE_PLAN_KEY):
        plan = plans.get(fields.text(member, "usagePlanId"))
        if plan is None:
            continue
        key = keys.get(fields.text(member, "keyId"))
        if key is None:
            raise TopologyError(f'{fields.label(member)}: the stack has no API key "{fields.text(member, "keyId")}"')
        if key.outputs.get("enabled") is not False:
            yield key, plan
