"""Stages of REST APIs are traced."""

from collections.abc import Iterator

from policy.aws_types import REST_STAGE
from policy.flags import must_be_true
from policy.model import Finding, Resource, ResourcePolicy, Severity


def _check(stage: Resource) -> Iterator[Finding]:
    yield from must_be_true(stage, "xrayTracingEnabled")


POLICY = ResourcePolicy(
    id="tracing",
    title="Every stage of a REST API is traced by X-Ray.",
    severity=Severity.MEDIUM,
    rationale=(
        "Without a trace it takes guesses to say which part of a slow or failing call was the API's and which the "
        "backend's. HTTP and WebSocket APIs cannot be traced."
    ),
    remedy="Give the stage `xrayTracing: true`.",
    rule_sets=("Security Hub APIGateway.3", "Checkov CKV_AWS_73", "Trivy AWS-0003"),
    types=frozenset({REST_STAGE}),
    check=_check,
)
