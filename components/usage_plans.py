"""Usage plans and API keys: what each partner may ask of a WebSocket or REST API.

From the AWS page "Usage plans and API keys for REST APIs in API Gateway", which holds for WebSocket APIs too: their
keys are asked for on ``$connect``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import pulumi
import pulumi_aws as aws

from apigateway.errors import Problem, SettingsError
from apigateway.paths import format_path
from settings.usage_plans import UsagePlan as UsagePlanSpec

from .arguments import check_args, check_values
from .defaults import stack_tags
from .naming import Tags
from .rest_api import RestApi
from .stack import Stack
from .stages import DeployedStage
from .websocket_api import WebSocketApi


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyArgs:
    """Nothing but the tags of the key."""

    tags: Tags = field(default_factory=stack_tags)


class ApiKey(pulumi.ComponentResource):
    """A key whose value AWS chooses. The value is a secret, and no output."""

    key_id: pulumi.Output[str]

    def __init__(self, name: str, args: ApiKeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check_args("ApiKey", name, args, ApiKeyArgs)
        super().__init__("gatelink:components:ApiKey", name, None, opts)
        key = aws.apigateway.ApiKey(name, tags=args.tags, opts=pulumi.ResourceOptions(parent=self))
        self.key_id = key.id
        self.register_outputs({"keyId": key.id})


@dataclass(frozen=True, slots=True, kw_only=True)
class UsagePlansArgs:
    """What an API's plans are made of: their settings by name, all stages of the API, all keys of the stack by name."""

    specs: Mapping[str, UsagePlanSpec]
    api_id: pulumi.Input[str]
    stages: Sequence[DeployedStage]
    keys: Mapping[str, ApiKey]
    tags: Tags = field(default_factory=stack_tags)

    @classmethod
    def of(cls, api: WebSocketApi | RestApi, keys: Mapping[str, ApiKey], tags: Tags | None = None) -> Self:
        """Return the plans that an API's settings ask for; raises ``SettingsError`` where a key is missing."""
        check_values("UsagePlansArgs.of", api=(api, WebSocketApi | RestApi), keys=(keys, Mapping[str, ApiKey]))
        at = ("apis", api.name, "usagePlans")
        problems = [
            Problem(format_path((*at, name, "apiKeys", index)), f'is given no ApiKey, got "{key}"')
            for name, plan in api.spec.usage_plans.items()
            for index, key in enumerate(plan.api_keys)
            if key not in keys
        ]
        if not api.spec.usage_plans:
            problems = [Problem(format_path(at), "is required for usage plans")]
        if problems:
            raise SettingsError(tuple(problems))
        return cls(
            specs=api.spec.usage_plans,
            api_id=api.api_id,
            stages=tuple(api.stages.values()),
            keys=keys,
            tags=stack_tags() if tags is None else tags,
        )


class UsagePlans(pulumi.ComponentResource):
    """The plans of an API, each with the limits of its keys on every stage."""

    plan_ids: Mapping[str, pulumi.Output[str]]
    """By the plan's name in the stack file."""

    def __init__(self, name: str, args: UsagePlansArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check_args("UsagePlans", name, args, UsagePlansArgs)
        super().__init__("gatelink:components:UsagePlans", name, None, opts)
        plans = {plan: self._plan(f"{name}-{plan}", spec, args) for plan, spec in args.specs.items()}
        for plan, spec in args.specs.items():
            for key in spec.api_keys:
                aws.apigateway.UsagePlanKey(
                    f"{name}-{key}",
                    usage_plan_id=plans[plan].id,
                    key_id=args.keys[key].key_id,
                    key_type="API_KEY",
                    # A key has one plan of an API: where it moves to another, it leaves the old one first.
                    opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
                )
        self.plan_ids = {plan: made.id for plan, made in plans.items()}
        self.register_outputs({"planIds": self.plan_ids})

    def _plan(self, logical: str, spec: UsagePlanSpec, args: UsagePlansArgs) -> aws.apigateway.UsagePlan:
        limits, quota = spec.throttling, spec.quota
        return aws.apigateway.UsagePlan(
            logical,
            # The resource's own output: a plan is refused while a stage of it is not there.
            api_stages=[
                aws.apigateway.UsagePlanApiStageArgs(api_id=args.api_id, stage=stage.resource_name)
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
            opts=pulumi.ResourceOptions(parent=self),
        )


def provide(stack: Stack, apis: Mapping[str, WebSocketApi | RestApi]) -> dict[str, UsagePlans]:
    """Make the keys of the stack, each once, and the plans of each API that has some."""
    planned = {name: api for name, api in apis.items() if api.spec.usage_plans}
    key_names = {key for api in planned.values() for plan in api.spec.usage_plans.values() for key in plan.api_keys}
    keys = {name: ApiKey(name, ApiKeyArgs(tags=stack.tags)) for name in sorted(key_names)}
    return {name: UsagePlans(name, UsagePlansArgs.of(api, keys, stack.tags)) for name, api in planned.items()}
