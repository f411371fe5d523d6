"""What stages most likely should not hold: secrets."""

from collections.abc import Iterator

from apigateway.errors import Problem
from apigateway.limits import MODEL_LOG_FORMAT_CHARACTERS
from apigateway.paths import Location
from apigateway.rules import stages as rules
from apigateway.stage_secrets import sign_of_secret

from .api_places import stages_with_places
from .apis import Api
from .finding import problem_at
from .rest_stages import RestStage
from .stages import HttpStage, WebSocketStage


def warn_of_stages(api: Api, at: Location) -> Iterator[Problem]:
    """Warn of secrets in stage variables, and of logs that may hold some."""
    for place, stage in stages_with_places(api):
        for name, value in stage.variables.items():
            if sign := sign_of_secret(name, value):
                message = f"looks like a secret {sign}: everybody who can read the API can read stage variables"
                yield problem_at(rules.VARIABLE_SECRET, message, *at, *place, "variables", name)
        yield from _warn_of_logs(stage, (*at, *place))


def _warn_of_logs(stage: WebSocketStage | HttpStage | RestStage, at: Location) -> Iterator[Problem]:
    format_ = stage.access_logs.format if stage.access_logs else None
    if format_ is not None and len(format_) > MODEL_LOG_FORMAT_CHARACTERS:
        message = (
            f"is of {len(format_)} characters, and the API's model says {MODEL_LOG_FORMAT_CHARACTERS}: "
            "AWS may refuse it, though the quota is 3 KB"
        )
        yield problem_at(rules.LONG_LOG_FORMAT, message, *at, "accessLogs", "format")
    if isinstance(stage, HttpStage):
        return
    own = [(("routeSettings", key), block.execution_logs) for key, block in stage.route_settings.items()]
    for place, logs in (((), stage.execution_logs), *own):
        if logs and logs.data_trace and logs.level != "OFF":
            what = "messages" if isinstance(stage, WebSocketStage) else "requests and answers"
            message = f"logs whole {what}, which may hold secrets"
            yield problem_at(rules.DATA_TRACE, message, *at, *place, "executionLogs", "dataTrace")
