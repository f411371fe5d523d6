"""Stages: the name, throttling, logs and variables under which an API is deployed."""

import math
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Discriminator, Field, Strict, StringConstraints

from apigateway import access_log, stages
from apigateway.rules import stages as rules

from .base import Checked, Flag, Model, Shaped, Text, branch, problem
from .network import KMS_EXAMPLE, Retention


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
    return "|blocked" if isinstance(value, str) else "|limits"


Throttling = Annotated[
    Annotated[Literal["blocked"], branch("blocked")] | Annotated[Limits, branch("limits")],
    Discriminator(_throttling_branch),
]
"""``{rateLimit, burstLimit}``, or ``blocked`` to refuse every call."""

DEFAULT_LIMITS = Limits(rate_limit=1000.0, burst_limit=500)


def _switch_branch(value: object) -> str:
    return "|off" if isinstance(value, bool) else "|on"


_LOG_LINE = '{"requestId":"$context.requestId","status":"$context.status"}'


class HttpAccessLogs(Model):
    """One line a request in CloudWatch Logs."""

    retention_days: Retention = 30
    """Days that CloudWatch Logs keeps the lines."""

    kms_key_arn: (
        Annotated[str, Shaped(r"arn:aws[a-z-]*:kms:.+", "the ARN of a KMS key", example=KMS_EXAMPLE)] | None
    ) = None
    """The key that encrypts the log group. Left out: CloudWatch's own."""

    format: (
        Annotated[str, Checked(lambda text: access_log.check_format("HTTP", text), rules.LOG_FORMAT, _LOG_LINE)] | None
    ) = None
    """The line, of ``$context`` variables. Left out: JSON with the request's id, route, status and times."""


class WebSocketAccessLogs(HttpAccessLogs):
    """One line an event in CloudWatch Logs."""

    format: (
        Annotated[str, Checked(lambda text: access_log.check_format("WEBSOCKET", text), rules.LOG_FORMAT, _LOG_LINE)]
        | None
    ) = None
    """The line, of ``$context`` variables. Left out: JSON with the request's id, route, connection and status."""


class ExecutionLogs(Model):
    """API Gateway's own account of each call."""

    level: Literal["OFF", "ERROR", "INFO"] = "ERROR"
    """Which events are logged."""

    data_trace: Flag = False
    """Whether whole messages are logged; they may hold secrets."""


class RouteSettings(Model):
    """Settings of one route of a stage; what is left out is the stage's."""

    throttling: Throttling | None = None
    """Left out: the stage's."""

    detailed_metrics: Flag | None = None
    """Left out: the stage's."""


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

    route_settings: dict[str, RouteSettings] = {}
    """Route key → settings of that route."""

    detailed_metrics: Flag = False
    """Whether CloudWatch gets metrics for each route (charged)."""

    description: Annotated[str, StringConstraints(max_length=1024)] | None = None
    """A note for those who read the API in AWS."""

    @property
    def logging_level(self) -> Literal["OFF", "ERROR", "INFO"] | None:
        """The level of the execution logs, None where the API's kind has none."""
        return None

    @property
    def data_trace(self) -> bool | None:
        """Whether whole messages are logged, None where the API's kind has no execution logs."""
        return None


class WebSocketStage(Stage):
    """A stage of a WebSocket API; it is redeployed when what it deploys changes."""

    hints: ClassVar[dict[str, str]] = {
        "autoDeploy": "unknown key; a WebSocket stage is always redeployed when its routes or integrations change"
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
        Discriminator(_switch_branch),
    ] = WebSocketAccessLogs()
    """Access logs, or false for none."""

    execution_logs: Annotated[
        Annotated[Literal[False], branch("off")] | Annotated[ExecutionLogs, branch("on")],
        Discriminator(_switch_branch),
    ] = ExecutionLogs()
    """Execution logs, or false for none."""

    client_certificate_id: Annotated[Text, Field(examples=["a1b2c3"])] | None = None
    """The client certificate, made in API Gateway, that backends get to see over TLS. Left out: none."""

    @property
    def log_format(self) -> str:
        """The access log's line with its default applied."""
        return (self.access_logs.format if self.access_logs else None) or access_log.DEFAULT_FORMAT["WEBSOCKET"]

    @property
    def logging_level(self) -> Literal["OFF", "ERROR", "INFO"]:
        """The level of the execution logs, OFF where there are none."""
        return self.execution_logs.level if self.execution_logs else "OFF"

    @property
    def data_trace(self) -> bool:
        """Whether whole messages are logged."""
        return self.execution_logs.data_trace if self.execution_logs else False

    @property
    def has_logs(self) -> bool:
        """Whether the stage writes to CloudWatch Logs, so that API Gateway needs its account-wide role."""
        return bool(self.access_logs) or self.logging_level != "OFF"


class HttpStage(Stage):
    """A stage of an HTTP API; changes are deployed by API Gateway at once."""

    hints: ClassVar[dict[str, str]] = {
        "executionLogs": "unknown key; API Gateway writes no execution logs for HTTP APIs"
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
        Discriminator(_switch_branch),
    ] = HttpAccessLogs()
    """Access logs, or false for none."""

    @property
    def log_format(self) -> str:
        """The access log's line with its default applied."""
        return (self.access_logs.format if self.access_logs else None) or access_log.DEFAULT_FORMAT["HTTP"]
