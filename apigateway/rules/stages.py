"""Rules of stages, logs and alarms."""

from typing import Final

from apigateway.rules.rule import Rule

NAME: Final = Rule(
    "stage-name",
    "A stage's name is of letters, digits, - and _; HTTP APIs also have $default.",
    "API Gateway Developer Guide, Important notes",
)
ONE_OR_SEVERAL: Final = Rule(
    "one-or-several-stages", "An API has stage or stages, and several stages have different names.", "Gatelink"
)
VARIABLE_NAME: Final = Rule(
    "stage-variable-name",
    "A stage variable's name is of letters, digits and _.",
    "botocore model of apigatewayv2, CreateStage",
)
VARIABLE_VALUE: Final = Rule(
    "stage-variable-value",
    "A stage variable's value is of letters, digits and -._:/?&=, and at most 512 characters.",
    "API Gateway Developer Guide, Using stage variables",
)
THROTTLING: Final = Rule(
    "throttling",
    "A limit is above 0 and both limits are given; `blocked` refuses every call.",
    "API Gateway Developer Guide, Throttle requests to your HTTP APIs",
)
ROUTE_SETTINGS: Final = Rule(
    "route-settings",
    "Settings of a route name a route of the API.",
    "botocore model of apigatewayv2, CreateStage",
)
LOG_LEVEL: Final = Rule(
    "log-level",
    "The level of execution logs is OFF, ERROR or INFO.",
    "botocore model of apigatewayv2, RouteSettings",
)
RETENTION: Final = Rule(
    "log-retention",
    "A log group keeps events for a number of days that CloudWatch Logs knows.",
    "Amazon CloudWatch Logs API Reference, PutRetentionPolicy",
)
LONG_LOG_FORMAT: Final = Rule(
    "long-log-format",
    "An access log's format is of 1,024 characters at most: what is longer goes beyond the model, and up to the quota.",
    "botocore model of apigatewayv2, AccessLogSettings, and Amazon API Gateway quotas",
    "warning",
)
LOG_FORMAT: Final = Rule(
    "log-format",
    "An access log's format is one line of $context variables with the request's id, of 3 KB at most.",
    "API Gateway Developer Guide, Configure logging",
)
ALARM_LOGS: Final = Rule(
    "alarm-logs",
    "Alarms on refused calls count them in access logs: a stage of an API with alarms has access logs in JSON with a "
    "field of $context.status.",
    "Amazon CloudWatch Logs User Guide, Filter pattern syntax for metric filters",
)
DATA_TRACE: Final = Rule(
    "data-trace",
    "Execution logs do not hold whole messages, which may hold secrets.",
    "API Gateway Developer Guide, Configure logging for a WebSocket API, and CloudWatch logging for REST APIs",
    "warning",
)
VARIABLE_SECRET: Final = Rule(
    "stage-variable-secret",
    "A stage variable holds no secret: everybody who can read the API can read it.",
    "API Gateway Developer Guide, Using stage variables",
    "warning",
)
