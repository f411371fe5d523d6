"""The stages of a recorded REST API: the deployment that each serves, its limits, and the API keys that it lets in."""

from collections.abc import Iterator, Mapping

from apigateway.errors import TopologyError
from local import fields
from local.recording import Recording, Resource
from local.rest_topology import RestStage
from local.stage_limits import KeyPlan, StageLimits, read_method_settings, read_plan_limit

DEPLOYMENT = "aws:apigateway/deployment:Deployment"
STAGE = "aws:apigateway/stage:Stage"
METHOD_SETTINGS = "aws:apigateway/methodSettings:MethodSettings"
API_KEY = "aws:apigateway/apiKey:ApiKey"
USAGE_PLAN = "aws:apigateway/usagePlan:UsagePlan"
USAGE_PLAN_KEY = "aws:apigateway/usagePlanKey:UsagePlanKey"


def read_stages(recording: Recording, api: Resource) -> dict[str, RestStage]:
    """Return an API's stages by name; raises TopologyError with one line for each thing that is wrong about them."""
    deployments = _of_api(recording, DEPLOYMENT, api)
    problems = [
        f"{fields.label(deployment)}: has no triggers, so a change of its API would not be deployed"
        for deployment in deployments.values()
        if not fields.text_map(deployment, "triggers")
    ]
    stages: dict[str, RestStage] = {}
    for resource in _of_api(recording, STAGE, api).values():
        try:
            stage = _stage(recording, resource, deployments)
            stages[stage.name] = stage
        except TopologyError as error:
            problems.append(str(error))
    if problems:
        raise TopologyError("\n".join(problems))
    return stages


def _of_api(recording: Recording, resource_type: str, api: Resource) -> dict[str, Resource]:
    return {
        resource.id: resource
        for resource in recording.of_type(resource_type)
        if fields.text(resource, "restApi") == api.id
    }


def _stage(recording: Recording, resource: Resource, deployments: Mapping[str, Resource]) -> RestStage:
    deployment = fields.optional_text(resource, "deployment")
    if deployment is None:
        raise TopologyError(f"{fields.label(resource)}: has no deployment, so it serves nothing")
    if deployment not in deployments:
        raise TopologyError(f'{fields.label(resource)}: its API has no deployment "{deployment}"')
    if resource.outputs.get("canarySettings"):
        raise TopologyError(f"{fields.label(resource)}: canarySettings is not supported by the local gateway yet")
    name, api_id = fields.text(resource, "stageName"), fields.text(resource, "restApi")
    plans = {plan.id: plan for plan in _plans(recording, api_id, name)}
    keys = list(_api_keys(recording, plans))
    return RestStage(
        name=name,
        variables=fields.text_map(resource, "variables"),
        api_keys={key.name: key.id for key, _ in keys},
        limits=_limits(recording, api_id, name),
        plans={key.name: limits for key, plan in keys if (limits := _plan(plan)) is not None},
    )


def _limits(recording: Recording, api_id: str, stage: str) -> StageLimits:
    """Read the throttling of a stage's methods."""
    return read_method_settings(
        {
            fields.text(resource, "methodPath"): fields.outputs(resource).part("settings")
            for resource in recording.of_type(METHOD_SETTINGS)
            if (fields.text(resource, "restApi"), fields.text(resource, "stageName")) == (api_id, stage)
        }
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
    """Yield every key of some plans, and its plan.

    A recording does not hold the values, which are secret. On a laptop the value of a key is its name in the stack.
    """
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
