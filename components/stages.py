"""Stages: the deployed faces of WebSocket and HTTP APIs, with throttling per route, variables and logs.

Those of REST APIs are in :mod:`components.rest_stages`; other components see all of them as :class:`DeployedStage`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi
import pulumi_aws as aws

from settings import HttpStage, Limits, RestStage, Stage, WebSocketStage
from settings.stages import HttpAccessLogs, Throttling

from .naming import Tags


@dataclass(frozen=True, slots=True, kw_only=True)
class StageArgs:
    """What a stage is made of.

    ``name`` is the stage's own name; ``deployment`` is None where API Gateway deploys by itself; ``after`` is what must
    be there before the stage. ``log_prefix`` and ``api_name`` name the log groups.
    """

    api_name: str
    api_id: pulumi.Input[str]
    log_prefix: str
    name: str
    spec: WebSocketStage | HttpStage
    deployment: aws.apigatewayv2.Deployment | None
    after: Sequence[pulumi.Resource]
    tags: Tags


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployedStage:
    """A stage that is there: its name, what it is made of, the resource and the log group of its access logs."""

    name: str
    spec: WebSocketStage | HttpStage | RestStage
    resource: aws.apigatewayv2.Stage | aws.apigateway.Stage
    resource_name: pulumi.Output[str]
    """The name as an output of the resource: whatever is given it comes after the stage."""
    access_logs: aws.cloudwatch.LogGroup | None


def deploy_stage(args: StageArgs, parent: pulumi.Resource) -> DeployedStage:
    """Make a stage and its log groups; their logical names are those of the API and the stage."""
    spec = args.spec
    logical = f"{args.api_name}-{args.name.removeprefix('$')}"
    before = list(args.after)
    if isinstance(spec, WebSocketStage) and spec.has_execution_logs:
        execution_logs = pulumi.Output.concat("/aws/apigateway/", args.api_id, "/", args.name)
        before.append(execution_log_group(logical, execution_logs, spec.access_logs, args.tags, parent))
    access_logs = f"{args.log_prefix}/{args.api_name}/{args.name.removeprefix('$')}"
    group = access_log_group(logical, access_logs, spec.access_logs, args.tags, parent)
    stage = aws.apigatewayv2.Stage(
        logical,
        api_id=args.api_id,
        name=args.name,
        description=spec.description,
        auto_deploy=None if args.deployment else True,
        deployment_id=args.deployment.id if args.deployment else None,
        client_certificate_id=spec.client_certificate_id if isinstance(spec, WebSocketStage) else None,
        stage_variables=dict(spec.variables) or None,
        default_route_settings=_default_route_settings(spec),
        route_settings=_route_settings(spec) or None,
        access_log_settings=_access_log_settings(spec, group),
        tags=args.tags,
        # Settings of a route are refused while the route is not there.
        opts=pulumi.ResourceOptions(parent=parent, depends_on=before),
    )
    return DeployedStage(name=args.name, spec=spec, resource=stage, resource_name=stage.name, access_logs=group)


def rate_and_burst(throttling: Throttling) -> tuple[float, int]:
    """Return both limits: API Gateway takes the one that is left out as 0, which refuses every call."""
    match throttling:
        case Limits():
            return throttling.rate_limit, throttling.burst_limit
        case "blocked":
            return 0.0, 0


def _default_route_settings(stage: Stage) -> aws.apigatewayv2.StageDefaultRouteSettingsArgs:
    """Return the settings of every route that has none of its own."""
    rate, burst = rate_and_burst(stage.throttling)
    logs = stage.execution_logs_of()
    return aws.apigatewayv2.StageDefaultRouteSettingsArgs(
        throttling_rate_limit=rate,
        throttling_burst_limit=burst,
        detailed_metrics_enabled=stage.detailed_metrics,
        logging_level=logs.level if logs else None,
        data_trace_enabled=logs.data_trace if logs else None,
    )


def _route_settings(stage: Stage) -> list[aws.apigatewayv2.StageRouteSettingArgs]:
    """Return the settings of single routes; what one leaves out is the stage's."""
    found = []
    for key in sorted(stage.route_settings):
        own = stage.route_settings[key]
        rate, burst = rate_and_burst(own.throttling or stage.throttling)
        logs = stage.execution_logs_of(key)
        metrics = stage.detailed_metrics if own.detailed_metrics is None else own.detailed_metrics
        found.append(
            aws.apigatewayv2.StageRouteSettingArgs(
                route_key=key,
                throttling_rate_limit=rate,
                throttling_burst_limit=burst,
                detailed_metrics_enabled=metrics,
                logging_level=logs.level if logs else None,
                data_trace_enabled=logs.data_trace if logs else None,
            )
        )
    return found


def access_log_group(
    logical: str, name: str, logs: HttpAccessLogs | Literal[False], tags: Tags, parent: pulumi.Resource
) -> aws.cloudwatch.LogGroup | None:
    """Make the log group of a stage's access logs; ``logical`` is the stage's own logical name.

    The group's name begins with ``/aws/vendedlogs/``: for other names API Gateway adds a statement for each group to
    one log resource policy of the account, which may hold 5,120 characters (CloudWatch Logs User Guide, "Log group
    resource policy size limit considerations").
    """
    if not logs:
        return None
    return aws.cloudwatch.LogGroup(
        f"{logical}-access-logs",
        name=name,
        retention_in_days=logs.retention_days,
        kms_key_id=logs.kms_key_arn,
        tags=tags,
        opts=pulumi.ResourceOptions(parent=parent),
    )


def execution_log_group(
    logical: str,
    name: pulumi.Input[str],
    access_logs: HttpAccessLogs | Literal[False],
    tags: Tags,
    parent: pulumi.Resource,
) -> aws.cloudwatch.LogGroup:
    """Make the group that API Gateway would make itself, with the retention and the key of the access logs."""
    logs = access_logs or HttpAccessLogs()
    return aws.cloudwatch.LogGroup(
        f"{logical}-execution-logs",
        name=name,
        retention_in_days=logs.retention_days,
        kms_key_id=logs.kms_key_arn,
        tags=tags,
        opts=pulumi.ResourceOptions(parent=parent),
    )


def _access_log_settings(
    spec: WebSocketStage | HttpStage, group: aws.cloudwatch.LogGroup | None
) -> aws.apigatewayv2.StageAccessLogSettingsArgs | None:
    """Point a stage's access logs at its group, in the stack's format or the default one."""
    if group is None or not spec.access_logs:
        return None
    return aws.apigatewayv2.StageAccessLogSettingsArgs(destination_arn=group.arn, format=spec.log_format)
