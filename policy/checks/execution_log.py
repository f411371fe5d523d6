"""Stages of WebSocket and REST APIs write execution logs."""

from collections.abc import Iterator
from typing import Final

from policy.aws_types import API, REST_STAGE, STAGE
from policy.model import UNKNOWN, Finding, Resource, Severity, Stack, StackPolicy, Undecided, Violation
from policy.stage_settings import ALL_METHODS, Settings, has_all_methods, of_methods, of_routes
from policy.wording import given

_LEVELS: Final = ("ERROR", "INFO")


def _check(stack: Stack) -> Iterator[Finding]:
    for stage in stack.of_type(STAGE):
        yield from _check_stage(stack, stage)
    for stage in stack.of_type(REST_STAGE):
        yield from _check_rest_stage(stack, stage)


def _check_stage(stack: Stack, stage: Resource) -> Iterator[Finding]:
    findings = [finding for settings in of_routes(stage) for finding in _check_level(settings)]
    if not findings:
        return
    api = stack.referred(stage, "apiId", API)
    match api.at("protocolType") if api else UNKNOWN:
        case "WEBSOCKET":
            yield from findings
        case "HTTP":
            # API Gateway writes no execution logs for HTTP APIs.
            return
        case _:
            yield Undecided(resource=stage, property="apiId")


def _check_rest_stage(stack: Stack, stage: Resource) -> Iterator[Finding]:
    settings = of_methods(stack, stage)
    if not has_all_methods(settings):
        message = f"settings.loggingLevel of {ALL_METHODS} must be ERROR or INFO, got none"
        yield Violation(resource=stage, message=message)
    for one in settings:
        yield from _check_level(one)


def _check_level(settings: Settings) -> Iterator[Finding]:
    level, path = settings.at("loggingLevel"), settings.path("loggingLevel")
    if level is UNKNOWN:
        yield Undecided(resource=settings.resource, property=path)
    elif level not in _LEVELS:
        yield Violation(resource=settings.resource, message=f"{path} must be ERROR or INFO, got {given(level)}")


POLICY = StackPolicy(
    id="execution-log",
    title="Stages of WebSocket and REST APIs write execution logs, on every route and method.",
    severity=Severity.MEDIUM,
    rationale=(
        "An access log says that a call failed. Why, be it a mapping, an authorizer, a permission or a backend, is in "
        "the execution log alone."
    ),
    remedy=(
        "Leave `executionLogs` of the stage and of its `routeSettings` out, or give it the `level` `ERROR` or `INFO`; "
        "`false` switches it off."
    ),
    rule_sets=(
        "Security Hub APIGateway.1",
        "Checkov CKV2_AWS_4",
        "cfn-guard API_GW_EXECUTION_LOGGING_ENABLED",
        "cdk-nag AwsSolutions-APIG6",
    ),
    check=_check,
)
