"""Nobody calls a method of a REST API without saying who they are."""

from collections.abc import Iterator

from policy.aws_types import REST_API
from policy.model import UNKNOWN, Finding, Resource, ResourcePolicy, Severity, Undecided, Violation
from policy.rest_document import Caller, RestDocument, read_document
from policy.rest_policies import knows_its_callers
from policy.values import parsed

_GOT = {Caller.ANYBODY: "none", Caller.HOLDER_OF_A_KEY: "an API key alone"}


def _check(api: Resource) -> Iterator[Finding]:
    document = read_document(api)
    if not isinstance(document, RestDocument):
        yield document
        return
    # A browser's preflight carries no credentials, so an authorizer would refuse every one. ANY is more than that.
    wanting = [found for found in document.operations if found.method != "OPTIONS" and found.caller in _GOT]
    policy = api.at("policy") or document.policy
    if not wanting or knows_its_callers(parsed(policy) or {}):
        return
    if policy is UNKNOWN:
        yield Undecided(resource=api, property="policy")
        return
    for operation in wanting:
        message = f"{operation}: security must name an authorizer or IAM, got {_GOT[operation.caller]}"
        yield Violation(resource=api, message=message)


POLICY = ResourcePolicy(
    id="method-authorization",
    title="Every method of a REST API but OPTIONS knows who calls it.",
    severity=Severity.MEDIUM,
    rationale=(
        "A method without an authorizer and without IAM serves everybody who reaches the API. An API key is for usage "
        "plans: it is shared, ends up in clients, and AWS advises against it as authorization. A resource policy "
        "that lets in none but accounts, roles or users that it names does as well; one that limits addresses or VPC "
        "endpoints does not tell callers apart."
    ),
    remedy="Give the route an `authorization`, `AWS_IAM` or an authorizer's name, or the API `invokePrincipals`.",
    rule_sets=("Checkov CKV_AWS_59", "Trivy AWS-0004", "cdk-nag AwsSolutions-APIG4", "KICS 15ccec05"),
    types=frozenset({REST_API}),
    check=_check,
)
