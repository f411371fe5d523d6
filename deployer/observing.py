"""What log groups, metric filters and alarms need.

From the Service Authorization Reference, "Actions, resources, and condition keys for Amazon CloudWatch Logs" and "…
for Amazon CloudWatch", and the CloudWatch User Guide, "Alarms and tagging" (a new alarm with tags asks for
``cloudwatch:TagResource``, too).
"""

from collections.abc import Iterable, Mapping
from typing import Final

from deployer.deployment import Deployment, literal
from deployer.grants import Grant, Need, actions, in_region, new, own

_LOG_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"
_ALARM: Final = "aws:cloudwatch/metricAlarm:MetricAlarm"

_EXECUTION_LOGS: Final = ("/aws/apigateway/", "API-Gateway-Execution-Logs_")
"""What the names of groups begin with that API Gateway chooses: of WebSocket APIs, and of REST APIs."""


def _vended(deployment: Deployment) -> tuple[str, ...]:
    """Return the groups that bear the stack's name, each as itself and with its streams."""
    stack = "*" if deployment.stack is None else f"{literal(deployment.stack)}/*"
    return (deployment.arn("logs", f"log-group:/aws/vendedlogs/gatelink/{literal(deployment.project)}/{stack}"),)


def _execution(deployment: Deployment) -> tuple[str, ...]:
    """Return the groups that are named by an API's id, which nobody knows beforehand."""
    names = deployment.texts(_LOG_GROUP, "name")
    wanted = [start for start in _EXECUTION_LOGS if not names or any(name.startswith(start) for name in names)]
    return tuple(deployment.arn("logs", f"log-group:{start}*") for start in wanted)


def _log_group(deployment: Deployment) -> Iterable[Grant]:
    """Need the groups by name, and those whose names say nothing of the stack by its tags."""
    change = "PutRetentionPolicy DeleteRetentionPolicy AssociateKmsKey DisassociateKmsKey TagResource UntagResource"
    vended, execution = _vended(deployment), _execution(deployment)
    yield Grant(
        group="logs",
        purpose="LogsList",
        actions=actions("logs", "DescribeLogGroups"),
        condition=in_region(deployment),
        reads=True,
    )
    yield Grant(
        group="logs",
        purpose="LogsRead",
        actions=actions("logs", "ListTagsForResource"),
        resources=(*vended, *execution),
        reads=True,
    )
    yield Grant(
        group="logs",
        purpose="LogsOwn",
        actions=actions("logs", f"CreateLogGroup {change} DeleteLogGroup"),
        resources=vended,
    )
    if execution:
        yield Grant(
            group="logs",
            purpose="ExecutionLogsNew",
            actions=actions("logs", "CreateLogGroup TagResource"),
            resources=execution,
            condition=new(deployment),
        )
        yield Grant(
            group="logs",
            purpose="ExecutionLogsOwn",
            actions=actions("logs", f"{change} DeleteLogGroup"),
            resources=execution,
            condition=own(deployment),
        )


def _metric_filter(deployment: Deployment) -> Iterable[Grant]:
    yield Grant(
        group="logs",
        purpose="LogsRead",
        actions=actions("logs", "DescribeMetricFilters"),
        resources=_vended(deployment),
        reads=True,
    )
    yield Grant(
        group="logs",
        purpose="LogsOwn",
        actions=actions("logs", "PutMetricFilter DeleteMetricFilter"),
        resources=_vended(deployment),
    )


def _alarm(deployment: Deployment) -> Iterable[Grant]:
    """Need alarms by name and by tags: two stacks of one account can have the same names."""
    alarms = tuple(deployment.arn("cloudwatch", f"alarm:{name}") for name in deployment.names(_ALARM))
    yield Grant(
        group="logs",
        purpose="AlarmsList",
        actions=actions("cloudwatch", "DescribeAlarms"),
        condition=in_region(deployment),
        reads=True,
    )
    yield Grant(
        group="logs",
        purpose="AlarmsRead",
        actions=actions("cloudwatch", "ListTagsForResource"),
        resources=alarms,
        reads=True,
    )
    yield Grant(
        group="logs",
        purpose="AlarmsNew",
        actions=actions("cloudwatch", "PutMetricAlarm TagResource"),
        resources=alarms,
        condition=new(deployment),
    )
    yield Grant(
        group="logs",
        purpose="AlarmsOwn",
        actions=actions("cloudwatch", "PutMetricAlarm DeleteAlarms TagResource UntagResource"),
        resources=alarms,
        condition=own(deployment),
    )


OBSERVING: Final[Mapping[str, Need]] = {
    _LOG_GROUP: _log_group,
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": _metric_filter,
    _ALARM: _alarm,
}
"""What each type of CloudWatch needs."""
