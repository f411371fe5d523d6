"""Alarms: what is wrong with an API's answers, and with the targets of the backends behind it.

The metrics are those of the AWS pages "Monitor CloudWatch metrics for HTTP APIs", "Monitor WebSocket API execution with
CloudWatch metrics", "Amazon API Gateway dimensions and metrics" (REST APIs), and "CloudWatch metrics for your Network /
Application Load Balancer". None of them counts calls that throttling refused; those are counted in the access logs. An
API that nobody calls has no data and no alarm.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Self

import pulumi
import pulumi_aws as aws

from apigateway.access_log import ApiKind, status_field
from apigateway.errors import Problem, SettingsError
from apigateway.paths import format_path
from settings import CloudMapBackend
from settings.api_parts import Alarms

from .arguments import check_args, check_values
from .backend_in_use import BackendInUse
from .defaults import metric_namespace, stack_tags
from .http_api import HttpApi
from .naming import Tags
from .rest_api import RestApi
from .stack import Stack
from .stages import DeployedStage
from .websocket_api import WebSocketApi

PERIOD: Final = 300
"""Seconds over which calls are counted: an alarm on an API begins and ends with one such period."""

TARGET_PERIOD: Final = 60
TARGET_PERIODS: Final = 3
"""An alarm on targets begins when one was unhealthy in each of three minutes, so that a restart does not begin it."""

_NAMESPACE: Final = "AWS/ApiGateway"


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRate:
    """The share of calls that failed, in percent: an expression over metrics, id → (name, statistic)."""

    expression: str
    metrics: Mapping[str, tuple[str, str]]


FAULT_RATES: Final[Mapping[ApiKind, FaultRate]] = {
    "HTTP": FaultRate(
        expression="100 * faults / calls",
        metrics={"faults": ("5xx", "Sum"), "calls": ("Count", "SampleCount")},
    ),
    # CloudWatch divides by itself: the average of this metric is the share of faults.
    "REST": FaultRate(expression="100 * faults", metrics={"faults": ("5XXError", "Average")}),
    # Connections and messages are counted apart, and there are periods with the one and without the other.
    "WEBSOCKET": FaultRate(
        expression="100 * (FILL(answered, 0) + FILL(unanswered, 0)) / (FILL(connects, 0) + FILL(messages, 0))",
        metrics={
            "answered": ("IntegrationError", "Sum"),
            "unanswered": ("ExecutionError", "Sum"),
            "connects": ("ConnectCount", "Sum"),
            "messages": ("MessageCount", "Sum"),
        },
    ),
}
"""What counts as a fault: an error of the backend's or of API Gateway's own, and none of the client's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiAlarmsArgs:
    """What an API's alarms are made of.

    ``dimension`` is the name and the value by which API Gateway's metrics know the API, ``namespace`` that of the
    stack's own metrics.
    """

    spec: Alarms
    protocol: ApiKind
    dimension: tuple[str, pulumi.Input[str]]
    stages: Sequence[DeployedStage]
    namespace: str = field(default_factory=metric_namespace)
    tags: Tags = field(default_factory=stack_tags)

    @classmethod
    def of(cls, api: WebSocketApi | HttpApi | RestApi, tags: Tags | None = None) -> Self:
        """Return the alarms that an API's settings ask for; raises ``SettingsError`` where they ask for none."""
        check_values("ApiAlarmsArgs.of", api=(api, WebSocketApi | HttpApi | RestApi))
        if api.spec.alarms is None:
            raise SettingsError((Problem(format_path(("apis", api.name, "alarms")), "is required for alarms"),))
        return cls(
            spec=api.spec.alarms,
            protocol=api.spec.protocol,
            dimension=_dimension(api),
            stages=tuple(api.stages.values()),
            tags=stack_tags() if tags is None else tags,
        )


class ApiAlarms(pulumi.ComponentResource):
    """For each stage of an API: alarms on faults, on slow answers, and on calls that throttling refused."""

    def __init__(self, name: str, args: ApiAlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check_args("ApiAlarms", name, args, ApiAlarmsArgs)
        super().__init__("gatelink:components:ApiAlarms", name, None, opts)
        self._name, self._args = name, args
        alarms = [
            alarm
            for stage in args.stages
            for alarm in (self._faults(stage), self._slow_answers(stage), *self._refused_calls(stage))
        ]
        self.register_outputs({"alarmArns": [alarm.arn for alarm in alarms]})

    def _faults(self, stage: DeployedStage) -> aws.cloudwatch.MetricAlarm:
        rate = FAULT_RATES[self._args.protocol]
        metrics = [
            aws.cloudwatch.MetricAlarmMetricQueryArgs(
                id=key,
                metric=aws.cloudwatch.MetricAlarmMetricQueryMetricArgs(
                    namespace=_NAMESPACE,
                    metric_name=metric,
                    stat=statistic,
                    period=PERIOD,
                    dimensions=self._dimensions(stage),
                ),
            )
            for key, (metric, statistic) in rate.metrics.items()
        ]
        percent = aws.cloudwatch.MetricAlarmMetricQueryArgs(
            id="percent", expression=rate.expression, label="Faults in percent of calls", return_data=True
        )
        logical = self._logical(stage, "faults")
        return aws.cloudwatch.MetricAlarm(
            logical,
            alarm_description=f"More than {self._args.spec.error_percent:g} % of calls failed",
            metric_queries=[percent, *metrics],
            comparison_operator="GreaterThanThreshold",
            threshold=self._args.spec.error_percent,
            evaluation_periods=1,
            treat_missing_data="notBreaching",
            alarm_actions=[self._args.spec.sns_topic_arn],
            ok_actions=[self._args.spec.sns_topic_arn],
            tags=self._args.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _slow_answers(self, stage: DeployedStage) -> aws.cloudwatch.MetricAlarm:
        millis = self._args.spec.latency_millis
        return aws.cloudwatch.MetricAlarm(
            self._logical(stage, "latency"),
            alarm_description=f"One answer of a hundred took longer than {millis} ms",
            namespace=_NAMESPACE,
            metric_name="IntegrationLatency",
            dimensions=self._dimensions(stage),
            extended_statistic="p99",
            period=PERIOD,
            comparison_operator="GreaterThanThreshold",
            threshold=millis,
            evaluation_periods=1,
            treat_missing_data="notBreaching",
            alarm_actions=[self._args.spec.sns_topic_arn],
            ok_actions=[self._args.spec.sns_topic_arn],
            tags=self._args.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _refused_calls(self, stage: DeployedStage) -> list[aws.cloudwatch.MetricAlarm]:
        """Count the answers 429 in the access log, which settings with alarms have and can be read by field."""
        field = status_field(stage.spec.log_format)
        if stage.access_logs is None or field is None:
            return []
        logical = self._logical(stage, "throttled")
        calls = self._args.spec.throttled_calls
        child = pulumi.ResourceOptions(parent=self)
        aws.cloudwatch.LogMetricFilter(
            logical,
            log_group_name=stage.access_logs.name,
            pattern=f'{{ $.{field} = "429" }}',
            metric_transformation=aws.cloudwatch.LogMetricFilterMetricTransformationArgs(
                namespace=self._args.namespace, name=logical, value="1", default_value="0", unit="Count"
            ),
            opts=child,
        )
        alarm = aws.cloudwatch.MetricAlarm(
            logical,
            alarm_description=f"Throttling refused {calls} calls or more",
            namespace=self._args.namespace,
            metric_name=logical,
            statistic="Sum",
            period=PERIOD,
            comparison_operator="GreaterThanOrEqualToThreshold",
            threshold=calls,
            evaluation_periods=1,
            treat_missing_data="notBreaching",
            alarm_actions=[self._args.spec.sns_topic_arn],
            ok_actions=[self._args.spec.sns_topic_arn],
            tags=self._args.tags,
            opts=child,
        )
        return [alarm]

    def _logical(self, stage: DeployedStage, suffix: str) -> str:
        return f"{self._name}-{stage.name.removeprefix('$')}-{suffix}"

    def _dimensions(self, stage: DeployedStage) -> dict[str, pulumi.Input[str]]:
        key, value = self._args.dimension
        return {key: value, "Stage": stage.name}


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetAlarmsArgs:
    """The load balancer and target group as CloudWatch knows them, and whom to tell."""

    namespace: str
    load_balancer: pulumi.Input[str]
    target_group: pulumi.Input[str]
    topics: Sequence[str]
    tags: Tags = field(default_factory=stack_tags)

    @classmethod
    def of(cls, backend: BackendInUse, topics: Sequence[str], tags: Tags | None = None) -> Self | None:
        """Return the alarms of a backend's targets, None where CloudWatch has no metrics of it that we know."""
        check_values("TargetAlarmsArgs.of", backend=(backend, BackendInUse), topics=(topics, Sequence[str]))
        balancer, targets = backend.load_balancer_arn_suffix, backend.target_group_arn_suffix
        if balancer is None or targets is None or isinstance(backend.spec, CloudMapBackend):
            return None
        return cls(
            namespace="AWS/NetworkELB" if backend.spec.load_balancer == "network" else "AWS/ApplicationELB",
            load_balancer=balancer,
            target_group=targets,
            topics=topics,
            tags=stack_tags() if tags is None else tags,
        )


class TargetAlarms(pulumi.ComponentResource):
    """An alarm on the unhealthy targets of a backend."""

    def __init__(self, name: str, args: TargetAlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check_args("TargetAlarms", name, args, TargetAlarmsArgs)
        super().__init__("gatelink:components:TargetAlarms", name, None, opts)
        alarm = aws.cloudwatch.MetricAlarm(
            f"{name}-unhealthy",
            alarm_description=f"A target of the backend {name} is unhealthy",
            namespace=args.namespace,
            metric_name="UnHealthyHostCount",
            dimensions={"LoadBalancer": args.load_balancer, "TargetGroup": args.target_group},
            statistic="Maximum",
            period=TARGET_PERIOD,
            comparison_operator="GreaterThanThreshold",
            threshold=0,
            evaluation_periods=TARGET_PERIODS,
            treat_missing_data="notBreaching",
            alarm_actions=list(args.topics),
            ok_actions=list(args.topics),
            tags=args.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({"alarmArns": [alarm.arn]})


def provide(
    stack: Stack, apis: Mapping[str, WebSocketApi | HttpApi | RestApi], backends: Mapping[str, BackendInUse]
) -> tuple[ApiAlarms | TargetAlarms, ...]:
    """Make the alarms of each API that has some, and of the backends that such APIs use."""
    made: list[ApiAlarms | TargetAlarms] = []
    topics: dict[str, set[str]] = {}
    for name, api in apis.items():
        spec = api.spec.alarms
        if spec is None:
            continue
        made.append(ApiAlarms(name, ApiAlarmsArgs.of(api, stack.tags)))
        for integration in api.spec.used_integrations:
            if integration.backend_name is not None:
                topics.setdefault(integration.backend_name, set()).add(spec.sns_topic_arn)
    for name in sorted(topics):
        watched = TargetAlarmsArgs.of(backends[name], sorted(topics[name]), stack.tags)
        if watched:
            made.append(TargetAlarms(name, watched))
    return tuple(made)


def _dimension(api: WebSocketApi | HttpApi | RestApi) -> tuple[str, pulumi.Input[str]]:
    """Return what tells an API's metrics from others: of REST APIs the name, of all others the id."""
    return ("ApiName", api.api_name) if isinstance(api, RestApi) else ("ApiId", api.api_id)
