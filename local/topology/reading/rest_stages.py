"""The stages of a recorded REST API: the deployment that each serves, its limits, and the API keys that it lets in."""

from collections.abc import Mapping

from apigateway.errors import TopologyError
from local.recording import Recording, Resource
from local.topology.limits import StageLimits
from local.topology.reading import fields
from local.topology.reading.limits import read_method_settings
from local.topology.reading.usage_plans import read_usage_plans
from local.topology.stages import Stage

DEPLOYMENT = "aws:apigateway/deployment:Deployment"
STAGE = "aws:apigateway/stage:Stage"
METHOD_SETTINGS = "aws:apigateway/methodSettings:MethodSettings"


def read_stages(recording: Recording, api: Resource) -> dict[str, Stage]:
    """Return an API's stages by name; raises TopologyError with one line for each thing that is wrong about them."""
    deployments = _of_api(recording, DEPLOYMENT, api)
    problems = [
        f"{fields.label(deployment)}: has no triggers, so a change of its API would not be deployed"
        for deployment in deployments.values()
        if not fields.text_map(deployment, "triggers")
    ]
    stages: dict[str, Stage] = {}
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


def _stage(recording: Recording, resource: Resource, deployments: Mapping[str, Resource]) -> Stage:
    deployment = fields.optional_text(resource, "deployment")
    if deployment is None:
        raise TopologyError(f"{fields.label(resource)}: has no deployment, so it serves nothing")
    if deployment not in deployments:
        raise TopologyError(f'{fields.label(resource)}: its API has no deployment "{deployment}"')
    if resource.outputs.get("canarySettings"):
        raise TopologyError(f"{fields.label(resource)}: canarySettings is not supported by the local gateway yet")
    name, api_id = fields.text(resource, "stageName"), fields.text(resource, "restApi")
    usage = read_usage_plans(recording, api_id, name)
    return Stage(
        name=name,
        variables=fields.text_map(resource, "variables"),
        limits=_limits(recording, api_id, name),
        api_keys=usage.api_keys,
        plans=usage.plans,
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
