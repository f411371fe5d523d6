"""Access logs are JSON."""

import json
import re
from collections.abc import Iterator
from typing import Final

from apigateway.context import NAME
from policy.aws_types import REST_STAGE, STAGE
from policy.model import UNKNOWN, Finding, Resource, ResourcePolicy, Severity, Undecided, Violation
from policy.wording import given

_PATH: Final = "accessLogSettings.format"

# A claim of a user pool may be called cognito:groups.
_VARIABLE: Final = re.compile(rf"\$context\.({NAME})(?::\w+)*")
_IDS: Final = frozenset({"requestId", "extendedRequestId"})


def _check(stage: Resource) -> Iterator[Finding]:
    if not stage.at("accessLogSettings"):
        # No log at all is a matter of another policy.
        return
    text = stage.at("accessLogSettings", "format")
    if text is UNKNOWN:
        yield Undecided(resource=stage, property=_PATH)
        return
    if not isinstance(text, str) or not _is_object(text):
        message = f"{_PATH} must be a JSON object of $context variables, got {given(text)}"
        yield Violation(resource=stage, message=message)
    if isinstance(text, str) and _IDS.isdisjoint(_VARIABLE.findall(text)):
        yield Violation(resource=stage, message=f"{_PATH} must have $context.requestId, got {given(text)}")


def _is_object(text: str) -> bool:
    """Return whether a line is an object once variables have values: those outside quotes stand for numbers."""
    try:
        return isinstance(json.loads(_VARIABLE.sub("0", text)), dict)
    except (json.JSONDecodeError, RecursionError):
        return False


POLICY = ResourcePolicy(
    id="access-log-format",
    title="Access logs are JSON, one object a line, with the request's id.",
    severity=Severity.LOW,
    rationale=(
        "Queries, metric filters and alarms read fields by name; of other lines they have to guess where a field "
        "ends. The id is what a client's report and the execution logs have in common with the line."
    ),
    remedy="Leave `format` of the stage's `accessLogs` out, or write an object of `$context` variables in JSON.",
    rule_sets=("cdk-nag Serverless-APIGWStructuredLogging",),
    types=frozenset({STAGE, REST_STAGE}),
    check=_check,
)
