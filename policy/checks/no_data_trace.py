"""Execution logs hold no whole messages."""

from collections.abc import Iterable, Iterator

from policy.aws_types import REST_METHOD_SETTINGS, STAGE
from policy.model import UNKNOWN, Finding, Resource, ResourcePolicy, Severity, Undecided, Violation
from policy.stage_settings import Settings, of_method, of_routes


def _check(resource: Resource) -> Iterator[Finding]:
    blocks: Iterable[Settings] = of_routes(resource) if resource.type == STAGE else (of_method(resource),)
    for settings in blocks:
        # With the level OFF nothing is traced yet; the next one who raises it would not look here.
        is_traced, path = settings.at("dataTraceEnabled"), settings.path("dataTraceEnabled")
        if is_traced is UNKNOWN:
            yield Undecided(resource=resource, property=path)
        elif is_traced:
            yield Violation(resource=resource, message=f"{path} must be false, got true")


POLICY = ResourcePolicy(
    id="no-data-trace",
    title="Execution logs hold no whole messages.",
    severity=Severity.MEDIUM,
    rationale=(
        "Whole requests, messages and answers have passwords, tokens and personal data in them, and everybody who can "
        "read the log group can read them, for as long as it keeps them."
    ),
    remedy="Leave `dataTrace` of `executionLogs` out, in the stage and in its `routeSettings`.",
    rule_sets=("Checkov CKV_AWS_276",),
    types=frozenset({STAGE, REST_METHOD_SETTINGS}),
    check=_check,
)
