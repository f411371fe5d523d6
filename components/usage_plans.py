"""Usage plans and API keys: what each partner may ask of a WebSocket API.

From the AWS page "Usage plans and API keys for REST APIs in API Gateway", which holds for WebSocket APIs too: their
keys are asked for on ``$connect``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from settings.usage_plans import UsagePlan as UsagePlanSpec

from .naming import Tags
from .stack import Stack
from .stages import DeployedStage
from .websocket_api import WebSocketApi


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyArgs:
    """Nothing but the tags of the key."""

    tags: Tags


class ApiKey(pulumi.ComponentResource):
    """A key whose value AWS chooses. The value is a secret, and no output."""

    key_id: pulumi.Output[str]

    def __init__(self, name: str, args: ApiKeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("gatelink:components:ApiKey", name, None, opts)
        key = aws.apigateway.ApiKey(name, tags=args.tags, opts=pulumi.ResourceOptions(parent=self))
        self.key_id = key.id
        self.register_outputs({"keyId": key.id})


@dataclass(frozen=True, slots=True, kw_only=True)
class UsagePlanArgs:
    """What a plan is made of: its settings, all stages of its API, and all keys of the stack by name."""

    spec: UsagePlanSpec
    api_id: pulumi.Input[str]
    stages: Sequence[DeployedStage]
    keys: Mapping[str, ApiKey]
    tags: Tags


class UsagePlan(pulumi.ComponentResource):
    """The limits of some keys on every stage of an API."""

    plan_id: pulumi.Output[str]

    def __init__(self, name: str, args: UsagePlanArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("gatelink:components:UsagePlan", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        limits, quota = args.spec.throttling, args.spec.quota
        plan = aws.apigateway.UsagePlan(
            name,
            # The resource's own output: a plan is refused while a stage of it is not there.
            api_stages=[
                aws.apigateway.UsagePlanApiStageArgs(api_id=args.api_id, stage=stage.resource.name)
                for stage in args.stages
            ],
            throttle_settings=aws.apigateway.UsagePlanThrottleSettingsArgs(
                rate_limit=limits.rate_limit, burst_limit=limits.burst_limit
            )
            if limits
            else None,
            quota_settings=aws.apigateway.UsagePlanQuotaSettingsArgs(
                limit=quota.limit, period=quota.period, offset=quota.offset
            )
            if quota
            else None,
            tags=args.tags,
            opts=child,
        )
        for key_name in args.spec.api_keys:
            aws.apigateway.UsagePlanKey(
                f"{name}-{key_name}",
                usage_plan_id=plan.id,
                key_id=args.keys[key_name].key_id,
                key_type="API_KEY",
                opts=child,
            )
        self.plan_id = plan.id
        self.register_outputs({"planId": plan.id})


def provide(stack: Stack, apis: Mapping[str, WebSocketApi]) -> dict[str, UsagePlan]:
    """Make the keys of the stack, each once, and every API's plans, which are returned by logical name."""
    plans = [(api, name, spec) for api in apis.values() for name, spec in api.spec.usage_plans.items()]
    key_names = sorted({key for _, _, spec in plans for key in spec.api_keys})
    keys = {name: ApiKey(name, ApiKeyArgs(tags=stack.tags)) for name in key_names}
    made = {}
    for api, name, spec in plans:
        stages = tuple(api.stages.values())
        args = UsagePlanArgs(spec=spec, api_id=api.api_id, stages=stages, keys=keys, tags=stack.tags)
        made[f"{api.name}-{name}"] = UsagePlan(f"{api.name}-{name}", args)
    return made
