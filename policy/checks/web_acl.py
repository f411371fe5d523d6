"""Stages of public REST APIs stand behind a web ACL."""

from collections.abc import Iterator

from policy.aws_types import REST_API, REST_STAGE, WEB_ACL_ASSOCIATION
from policy.model import UNKNOWN, Finding, Resource, Severity, Stack, StackPolicy, Undecided, Violation


def _check(stack: Stack) -> Iterator[Finding]:
    for stage in stack.of_type(REST_STAGE):
        if _is_behind_a_web_acl(stage, stack):
            continue
        api = stack.referred(stage, "restApi", REST_API)
        # An API of another stack may be private; that is for an exemption to say.
        type_ = api.at("endpointConfiguration", "types") if api else None
        if api and type_ is UNKNOWN:
            yield Undecided(resource=api, property="endpointConfiguration.types")
        elif type_ != "PRIVATE":
            message = "webAclArn must be that of a web ACL by a WebAclAssociation, got none"
            yield Violation(resource=stage, message=message)


def _is_behind_a_web_acl(stage: Resource, stack: Stack) -> bool:
    if stack.referring(WEB_ACL_ASSOCIATION, "resourceArn", stage):
        return True
    arn = stage.at("arn")
    return isinstance(arn, str) and any(one.at("resourceArn") == arn for one in stack.of_type(WEB_ACL_ASSOCIATION))


POLICY = StackPolicy(
    id="web-acl",
    title="Every stage of a public REST API stands behind a web ACL.",
    severity=Severity.MEDIUM,
    rationale=(
        "Floods from single addresses, scanners and known attacks reach the authorizers and the backend. A private "
        "API is not reached from the internet and needs none; HTTP and WebSocket APIs cannot have one."
    ),
    remedy="Give the API the `webAclArn` of a regional web ACL of AWS WAF.",
    rule_sets=("Security Hub APIGateway.4", "Checkov CKV2_AWS_29", "cdk-nag AwsSolutions-APIG3"),
    check=_check,
)
