"""Stages: the name, throttling, logs and variables under which an API is deployed."""

import math
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Strict, StringConstraints

from apigateway import access_log, stages
from apigateway.rules import stages as rules
from apigateway.suggest import nearest

from .base import BRANCH, Checked, Flag, KmsKeyArn, Model, Text, branch, problem, show, switch, switch_branch
from .network import Retention
from .one_of import OneOf

LogLevel = Literal["OFF", "ERROR", "INFO"]


_NO_EXECUTION_LOGS = "unknown key; API Gateway writes no execution logs for HTTP APIs"

# What stages of REST APIs have, and what the stages here follow from.
_FOREIGN = {
    "xrayTracing": "unknown key; API Gateway traces REST APIs alone by X-Ray",
    "tracingEnabled": "unknown key; API Gateway traces REST APIs alone by X-Ray",
    "deploymentId": "unknown key; the deployment is made here",
    "stageVariables": "unknown key; did you mean variables?",
}


def _above_zero(value: float) -> float:
    if not 0 < value < math.inf:
        raise problem(
            f"must be above 0, got {str(value).removesuffix('.0')}; write `throttling: blocked` to refuse every call",
            rules.THROTTLING,
        )
    return value


# What an editor sees of it.
_ABOVE_ZERO = Field(json_schema_extra={"exclusiveMinimum": 0})


class Limits(Model):
    """A limit of requests; both fields, or API Gateway would take the other as 0."""

    rate_limit: Annotated[float, Strict(), AfterValidator(_above_zero), _ABOVE_ZERO]
    """Steady requests a second, above 0."""

    burst_limit: Annotated[int, Strict(), AfterValidator(_above_zero), _ABOVE_ZERO]
    """Requests at once, above 0."""


def _throttling_branch(value: object) -> str:
    return BRANCH + ("blocked" if isinstance(value, str) else "limits")


def _blocked_or_limits(value: object) -> object:
    """Refuse what is neither the word nor a block, by both."""
    if value == "blocked" or isinstance(value, Mapping | Limits):
        return value
    near = "; did you mean blocked?" if isinstance(value, str) and nearest(value.lower(), ["blocked"]) else ""
    message = f"must be blocked or a block of rateLimit and burstLimit, got {show(value)}{near}"
    raise problem(message, rules.THROTTLING)


Throttling = Annotated[
    Annotated[Literal["blocked"], branch("blocked")] | Annotated[Limits, branch("limits")],
    Discriminator(_throttling_branch),
    BeforeValidator(_blocked_or_limits),
]
"""``{rateLimit, burstLimit}``, or ``blocked`` to refuse every call."""

DEFAULT_LIMITS = Limits(rate_limit=1000.0, burst_limit=500)


LOG_LINE = '{"requestId":"$context.requestId","status":"$context.status"}'


class HttpAccessLogs(Model):
    """One line a request in CloudWatch Logs."""

    hints: ClassVar[dict[str, str]] = {
        "destinationArn": "unknown key; the log group is made here, and retentionDays and kmsKeyArn are its own"
    }

    retention_days: Retention = 30
    """Days that CloudWatch Logs keeps the lines."""

    kms_key_arn: KmsKeyArn | None = None
    """The key that encrypts the log group. Left out: CloudWatch's own."""

    format: (
        Annotated[str, Checked(lambda text: access_log.check_format("HTTP", text), rules.LOG_FORMAT, LOG_LINE)] | None
    ) = None
    """The line, of ``$context`` variables. Left out: JSON with the request's id, route, status and times."""


class WebSocketAccessLogs(HttpAccessLogs):
    """One line an event in CloudWatch Logs."""

    format: (
        Annotated[str, Checked(lambda text: access_log.check_format("WEBSOCKET", text), rules.LOG_FORMAT, LOG_LINE)]
        | None
    ) = None
    """The line, of ``$context`` variables. Left out: JSON with the request's id, route, connection and status."""


class ExecutionLogs(Model):
    """API Gateway's own account of each call."""

    level: Annotated[LogLevel, OneOf(rules.LOG_LEVEL)] = "ERROR"
    """Which events are logged."""

    data_trace: Flag = False
    """Whether whole messages are logged; they may hold secrets."""


ExecutionLogsChoice = Annotated[
    Annotated[Literal[False], branch("off")] | Annotated[ExecutionLogs, branch("on")],
    Discriminator(switch_branch),
    switch("a block of keys with level"),
]
"""Execution logs, or false for none."""


class RouteSettings(Model):
    """Settings of one route of a stage; what is left out is the stage's."""

    hints: ClassVar[dict[str, str]] = {"executionLogs": _NO_EXECUTION_LOGS}

    throttling: Throttling | None = None
    """Left out: the stage's."""

    detailed_metrics: Flag | None = None
    """Left out: the stage's."""


class LoggedRouteSettings(RouteSettings):
    """Settings of one route of a stage that has execution logs."""

    hints: ClassVar[dict[str, str]] = {}

    execution_logs: ExecutionLogsChoice | None = None
    """Left out: the stage's."""


class WebSocketRouteSettings(LoggedRouteSettings):
    """Settings of one route of a WebSocket API's stage; what is left out is the stage's."""


VariableName = Annotated[str, Checked(stages.check_variable_name, rules.VARIABLE_NAME, "tenant", r"[A-Za-z0-9_]{1,64}")]
VariableValue = Annotated[
    str, Checked(stages.check_variable_value, rules.VARIABLE_VALUE, "acme", r"[A-Za-z0-9._:/?&=,-]{1,512}")
]


class Stage(Model):
    """What the stages of every kind of API share."""

    variables: dict[VariableName, VariableValue] = {}
    """Stage variables. No secrets: everybody who can read the API can read them."""

    throttling: Throttling = DEFAULT_LIMITS
    """Of each route. Left out: 1000 requests a second, 500 at once."""

    route_settings: Mapping[str, RouteSettings] = {}
    """Route key → settings of that route."""

    detailed_metrics: Flag = False
    """Whether CloudWatch gets metrics for each route (charged)."""

    description: Annotated[str, StringConstraints(max_length=1024)] | None = None
    """A note for those who read the API in AWS."""

    def execution_logs_of(self, route_key: str | None = None) -> ExecutionLogs | None:  # noqa: ARG002
        """Return the execution logs of a route, or those of routes without settings; None where the kind has none."""
        return None


class LoggedStage(Stage):
    """What the stages share that need API Gateway's account-wide role for their logs: all but those of HTTP APIs."""

    access_logs: Literal[False] | HttpAccessLogs

    route_settings: Mapping[str, LoggedRouteSettings] = {}

    execution_logs: ExecutionLogsChoice = ExecutionLogs()
    """Execution logs, or false for none."""

    client_certificate_id: Annotated[Text, Field(examples=["a1b2c3"])] | None = None
    """The client certificate, made in API Gateway, that backends get to see over TLS. Left out: none."""

    def execution_logs_of(self, route_key: str | None = None) -> ExecutionLogs:
        """Return the execution logs of a route, or those of routes without settings; level OFF where there are none."""
        settings = self.route_settings.get(route_key) if route_key is not None else None
        logs = self.execution_logs if settings is None or settings.execution_logs is None else settings.execution_logs
        return logs or ExecutionLogs(level="OFF")

    @property
    def has_execution_logs(self) -> bool:
        """Whether the stage, or a route of it, has execution logs."""
        return any(self.execution_logs_of(key).level != "OFF" for key in (None, *self.route_settings))

    @property
    def has_logs(self) -> bool:
        """Whether the stage writes to CloudWatch Logs, so that API Gateway needs its account-wide role."""
        return bool(self.access_logs) or self.has_execution_logs


class WebSocketStage(LoggedStage):
    """A stage of a WebSocket API; it is redeployed when what it deploys changes."""

    hints: ClassVar[dict[str, str]] = {
        "autoDeploy": "unknown key; a WebSocket stage is always redeployed when its routes or integrations change",
        **_FOREIGN,
    }

    name: (
        Annotated[
            str,
            Checked(
                lambda name: stages.check_stage_name("WEBSOCKET", name), rules.NAME, "dev", r"[A-Za-z0-9_-]{1,128}"
            ),
        ]
        | None
    ) = None
    """Left out: the Pulumi stack's name."""

    access_logs: Annotated[
        Annotated[Literal[False], branch("off")] | Annotated[WebSocketAccessLogs, branch("on")],
        Discriminator(switch_branch),
        switch(),
    ] = WebSocketAccessLogs()
    """Access logs, or false for none."""

    route_settings: Mapping[str, WebSocketRouteSettings] = {}
    """Route key → settings of that route."""

    @property
    def log_format(self) -> str:
        """The access log's line with its default applied."""
        return (self.access_logs.format if self.access_logs else None) or access_log.DEFAULT_FORMAT["WEBSOCKET"]


class HttpStage(Stage):
    """A stage of an HTTP API; changes are deployed by API Gateway at once."""

    hints: ClassVar[dict[str, str]] = {
        "executionLogs": _NO_EXECUTION_LOGS,
        "clientCertificateId": "unknown key; client certificates belong to WebSocket and REST APIs",
        **_FOREIGN,
    }

    name: Annotated[
        str,
        Checked(
            lambda name: stages.check_stage_name("HTTP", name), rules.NAME, "dev", r"\$default|[A-Za-z0-9_-]{1,128}"
        ),
    ] = "$default"
    """``$default`` has no prefix in the URL; any other name is the first segment of every path."""

    auto_deploy: Flag = True
    """Whether changes are deployed as they are made; if not, the stage is redeployed when its content changes."""

    access_logs: Annotated[
        Annotated[Literal[False], branch("off")] | Annotated[HttpAccessLogs, branch("on")],
        Discriminator(switch_branch),
        switch(),
    ] = HttpAccessLogs()
    """Access logs, or false for none."""

    @property
    def log_format(self) -> str:
        """The access log's line with its default applied."""
        return (self.access_logs.format if self.access_logs else None) or access_log.DEFAULT_FORMAT["HTTP"]
