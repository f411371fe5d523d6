"""A private API says who may call it, and no REST API's policy lets everybody in without a condition."""

from collections.abc import Iterator

from policy.aws_types import REST_API, REST_API_POLICY
from policy.model import UNKNOWN, Finding, Resource, Severity, Stack, StackPolicy, Undecided, Value, Violation
from policy.rest_document import RestDocument, read_document
from policy.rest_policies import open_allows
from policy.values import parsed


def _check(stack: Stack) -> Iterator[Finding]:
    for api in stack.of_type(REST_API):
        others = stack.referring(REST_API_POLICY, "restApiId", api)
        for one in others:
            yield from _check_policy(one, one.at("policy"))
        # The provider has an empty text for an API without one.
        own = api.at("policy") or None
        if own is None:
            document = read_document(api)
            if not isinstance(document, RestDocument):
                yield document
                continue
            own = document.policy
        if own is not None:
            yield from _check_policy(api, own)
        elif not others:
            yield from _check_type(api)


def _check_type(api: Resource) -> Iterator[Finding]:
    """Find a private API among those that have no policy; without one it answers nobody, until somebody adds one."""
    type_ = api.at("endpointConfiguration", "types")
    if type_ is UNKNOWN:
        yield Undecided(resource=api, property="endpointConfiguration.types")
    elif type_ == "PRIVATE":
        yield Violation(resource=api, message="policy must say who may call the private API, got none")


def _check_policy(resource: Resource, written: Value) -> Iterator[Finding]:
    if written is UNKNOWN:
        yield Undecided(resource=resource, property="policy")
        return
    policy = parsed(written)
    if policy is None:
        yield Violation(resource=resource, message="policy must be a policy as JSON, got something else")
        return
    for one in open_allows(policy):
        place = " and ".join(one.resources)
        message = f"policy must have a condition for everybody, got an Allow of {place} without one"
        yield Violation(resource=resource, message=message)


POLICY = StackPolicy(
    id="private-api-policy",
    title="A private API has a resource policy, and no REST API's lets everybody in without a condition.",
    severity=Severity.HIGH,
    rationale=(
        "A private API that allows everybody is called from any VPC endpoint of any AWS account, so that only its "
        "name is private. An Allow for everybody is well where a Deny with a condition takes it back, as in the usual "
        "policy of a private API."
    ),
    remedy=(
        "Give the API `invokePrincipals`, or a `resourcePolicy` with a `Condition`, such as "
        "`StringEquals: {aws:SourceVpce: [vpce-…]}` for a private API."
    ),
    rule_sets=("Checkov CKV2_AWS_70", "KICS 6b2739db"),
    check=_check,
)
