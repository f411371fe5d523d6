"""Stages have limits."""

from collections.abc import Iterator
from typing import Final

from policy.aws_types import REST_STAGE, STAGE
from policy.model import UNKNOWN, Finding, Severity, Stack, StackPolicy, Undecided, Value, Violation
from policy.stage_settings import ALL_METHODS, Settings, has_all_methods, of_methods, of_routes
from policy.wording import given

_LIMITS: Final = ("throttlingRateLimit", "throttlingBurstLimit")


def _check(stack: Stack) -> Iterator[Finding]:
    for stage in stack.of_type(STAGE):
        for settings in of_routes(stage):
            yield from _check_limits(settings)
    for stage in stack.of_type(REST_STAGE):
        of_stage = of_methods(stack, stage)
        if not has_all_methods(of_stage):
            for name in _LIMITS:
                message = f"settings.{name} of {ALL_METHODS} must be above 0, got none"
                yield Violation(resource=stage, message=message)
        for settings in of_stage:
            yield from _check_limits(settings)


def _check_limits(settings: Settings) -> Iterator[Finding]:
    limits = {name: settings.at(name) for name in _LIMITS}
    if all(_is_number(limit) and limit == 0 for limit in limits.values()):
        # Whoever sets both to 0 stops all calls, which is the tightest limit there is.
        return
    for name, limit in limits.items():
        if limit is UNKNOWN:
            yield Undecided(resource=settings.resource, property=settings.path(name))
        elif not _is_above_zero(limit):
            message = f"{settings.path(name)} must be above 0, got {given(limit)}"
            yield Violation(resource=settings.resource, message=message)


def _is_number(limit: Value) -> bool:
    return isinstance(limit, int | float) and not isinstance(limit, bool)


def _is_above_zero(limit: Value) -> bool:
    return isinstance(limit, int | float) and limit > 0


POLICY = StackPolicy(
    id="throttling",
    title="Every stage limits both rate and burst, on every route and method, or refuses every call.",
    severity=Severity.MEDIUM,
    rationale=(
        "Without limits one API, or one caller in a loop, uses up what all APIs of the account and Region share, and "
        "the backend gets whatever comes. One limit alone is none for a REST API, and for the others it refuses every "
        "call, as the one that is left out counts as 0. Both at 0 pass: that is a stop, such as in an emergency, which "
        "no policy is to hold up."
    ),
    remedy=(
        "Leave `throttling` of the stage out, which means 1000 requests a second and 500 at once, or give it "
        "`rateLimit` and `burstLimit`; `throttling: blocked` refuses every call."
    ),
    rule_sets=("cdk-nag Serverless-APIGWDefaultThrottling",),
    check=_check,
)
