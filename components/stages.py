"""The parts of a stage that WebSocket and HTTP APIs share: throttling per route, access logs."""

import pulumi
import pulumi_aws as aws

from apigateway import access_log
from apigateway.context import Protocol
from settings import Limits, Stage
from settings.stages import HttpAccessLogs, Throttling

from .naming import Tags


def rate_and_burst(throttling: Throttling) -> tuple[float, int]:
    """Return both limits: API Gateway takes the one that is left out as 0, which refuses every call."""
    match throttling:
        case Limits():
            return throttling.rate_limit, throttling.burst_limit
        case "blocked":
            return 0.0, 0


def default_route_settings(stage: Stage) -> aws.apigatewayv2.StageDefaultRouteSettingsArgs:
    """Return the settings of every route that has none of its own."""
    rate, burst = rate_and_burst(stage.throttling)
    return aws.apigatewayv2.StageDefaultRouteSettingsArgs(
        throttling_rate_limit=rate,
        throttling_burst_limit=burst,
        detailed_metrics_enabled=stage.detailed_metrics,
        logging_level=stage.logging_level,
        data_trace_enabled=stage.data_trace,
    )


def route_settings(stage: Stage) -> list[aws.apigatewayv2.StageRouteSettingArgs]:
    """Return the settings of single routes; what one leaves out is the stage's."""
    found = []
    for key in sorted(stage.route_settings):
        own = stage.route_settings[key]
        rate, burst = rate_and_burst(own.throttling or stage.throttling)
        metrics = stage.detailed_metrics if own.detailed_metrics is None else own.detailed_metrics
        found.append(
            aws.apigatewayv2.StageRouteSettingArgs(
                route_key=key,
                throttling_rate_limit=rate,
                throttling_burst_limit=burst,
                detailed_metrics_enabled=metrics,
                logging_level=stage.logging_level,
                data_trace_enabled=stage.data_trace,
            )
        )
    return found


def access_log_group(
    name: str, logs: HttpAccessLogs, group_name: str, tags: Tags, parent: pulumi.Resource
) -> aws.cloudwatch.LogGroup:
    """Make the log group of a stage's access logs.

    Its name begins with ``/aws/vendedlogs/``: for other names API Gateway adds a statement for each group to one log
    resource policy of the account, which may hold 5,120 characters (CloudWatch Logs User Guide, "Log group resource
    policy size limit considerations").
    """
    return aws.cloudwatch.LogGroup(
        name,
        name=group_name,
        retention_in_days=logs.retention_days,
        kms_key_id=logs.kms_key_arn,
        tags=tags,
        opts=pulumi.ResourceOptions(parent=parent),
    )


def access_log_settings(
    protocol: Protocol, logs: HttpAccessLogs, group: aws.cloudwatch.LogGroup
) -> aws.apigatewayv2.StageAccessLogSettingsArgs:
    """Point a stage's access logs at its group, in the stack's format or the default one."""
    return aws.apigatewayv2.StageAccessLogSettingsArgs(
        destination_arn=group.arn, format=logs.format or access_log.DEFAULT_FORMAT[protocol]
    )
