"""No role may do everything, or do something to everything."""

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Final

from policy.aws_types import IAM_POLICY, ROLE, ROLE_POLICY, ROLE_POLICY_ATTACHMENT
from policy.model import UNKNOWN, Finding, Resource, ResourcePolicy, Severity, Undecided, Value, Violation
from policy.values import each, parsed, texts
from policy.wording import given

_ALL_ACTIONS = re.compile(r"\*+|[^:]*:\*+")
# Everything, or everything of a service, be it in one Region of one account: arn:aws:sqs:us-east-1:123456789012:*, and
# arn:aws:s3:::*/*, where a separator alone tells nothing apart.
_ALL_RESOURCES = re.compile(r"\*+|arn:[^:]*:[^:]*:[^:]*:[^:]*:[*?/:]*\*[*?/:]*")

# AWS's own policies that allow every action on everything, all but those of IAM, or all of IAM, by which one gives
# oneself the others (AWS Managed Policy Reference Guide).
_WIDE_POLICY = re.compile(r"arn:[^:]*:iam::aws:policy/(AdministratorAccess|PowerUserAccess|IAMFullAccess)")

_UNLIMITED: Final = (
    "cloudwatch:getmetricdata",
    "cloudwatch:getmetricstatistics",
    "cloudwatch:listmetrics",
    "cloudwatch:putmetricdata",
    "ec2:describe*",
    "ecr:getauthorizationtoken",
    "elasticloadbalancing:describe*",
    "events:listeventbuses",
    "kinesis:liststreams",
    "lambda:listfunctions",
    "logs:createlogdelivery",
    "logs:deletelogdelivery",
    "logs:describeloggroups",
    "logs:describeresourcepolicies",
    "logs:getlogdelivery",
    "logs:listlogdeliveries",
    "logs:putresourcepolicy",
    "logs:updatelogdelivery",
    "s3:listallmybuckets",
    "servicediscovery:listnamespaces",
    "servicediscovery:listservices",
    "sqs:listqueues",
    "states:liststatemachines",
    "sts:getcalleridentity",
    "xray:getsamplingrules",
    "xray:getsamplingstatisticsummaries",
    "xray:getsamplingtargets",
    "xray:putspans",
    "xray:puttelemetryrecords",
    "xray:puttracesegments",
)
"""Actions, in lower case, that can be allowed on ``*`` only: the Service Authorization Reference names no resource
type for them. Those of EC2 and Elastic Load Balancing that describe are all here, though a few take a resource."""


def _check(resource: Resource) -> Iterator[Finding]:
    if resource.type == ROLE_POLICY_ATTACHMENT:
        yield from _check_attached(resource, "policyArn", resource.at("policyArn"))
    elif resource.type == ROLE:
        for place, policy in _members(resource, "inlinePolicies"):
            document = policy.get("policy") if isinstance(policy, Mapping) else policy
            yield from _check_document(resource, place if policy is UNKNOWN else f"{place}.policy", document)
        for place, arn in _members(resource, "managedPolicyArns"):
            yield from _check_attached(resource, place, arn)
    else:
        yield from _check_document(resource, "policy", resource.at("policy"))


def _members(role: Resource, name: str) -> Iterator[tuple[str, Value]]:
    """Yield the members of a role's list, each with its place; a list that is not known is one thing that is not."""
    written = role.at(name)
    if written is UNKNOWN:
        yield name, UNKNOWN
        return
    for index, member in enumerate(each(written)):
        yield f"{name}[{index}]", member


def _check_attached(resource: Resource, place: str, arn: Value) -> Iterator[Finding]:
    if arn is UNKNOWN:
        yield Undecided(resource=resource, property=place)
    elif isinstance(arn, str) and _WIDE_POLICY.fullmatch(arn):
        yield Violation(resource=resource, message=f"{place} must be a policy of what the role needs, got {given(arn)}")


def _check_document(resource: Resource, name: str, written: Value) -> Iterator[Finding]:
    """Check a policy document, which is a text or, as Pulumi takes it too, a block."""
    if written is UNKNOWN:
        yield Undecided(resource=resource, property=name)
        return
    document = parsed(written)
    if document is None:
        yield Violation(resource=resource, message=f"{name} must be a policy document in JSON, got {given(written)}")
        return
    for statement in each(document.get("Statement")):
        if isinstance(statement, Mapping) and statement.get("Effect") == "Allow":
            for problem in (*_action_problems(statement), *_resource_problems(statement)):
                yield Violation(resource=resource, message=f"{name} must {problem}")
            if any(UNKNOWN in each(statement.get(part)) for part in ("Action", "Resource")):
                yield Undecided(resource=resource, property=name)


def _action_problems(allow: Mapping[str, Value]) -> Iterator[str]:
    if "NotAction" in allow:
        yield f"name the actions that it allows, got NotAction {given(allow['NotAction'])}"
    for action in texts(allow.get("Action")):
        if _ALL_ACTIONS.fullmatch(action):
            yield f"name the actions that it allows, got {given(action)}"


def _resource_problems(allow: Mapping[str, Value]) -> Iterator[str]:
    """Say which resources are too many. Conditions do not count: what they are worth, nobody can tell from outside."""
    limitable = [action for action in texts(allow.get("Action")) if _is_limitable(action)]
    if "NotAction" in allow:
        limitable = ["all other actions"]
    if not limitable:
        return
    wanted = f"name the resources of {', '.join(limitable)}, got"
    if "NotResource" in allow:
        yield f"{wanted} NotResource {given(allow['NotResource'])}"
    for resource in texts(allow.get("Resource")):
        if _ALL_RESOURCES.fullmatch(resource):
            yield f"{wanted} {given(resource)}"


def _is_limitable(action: str) -> bool:
    """Tell whether an action, or one that a pattern of actions takes, can be allowed on some resources only."""
    return not any(fnmatchcase(action.lower(), pattern) for pattern in _UNLIMITED)


POLICY = ResourcePolicy(
    id="wildcard-iam",
    title="No role may do everything, or do something to everything.",
    severity=Severity.HIGH,
    rationale=(
        "Whoever makes a service do more than it should does it with the service's role. A role for one action on one "
        "resource is of no use for anything else."
    ),
    remedy=(
        "Name the resource of a service integration in its parameters, or limit its role by `resourceArn`. Attach no "
        "`AdministratorAccess`, `PowerUserAccess` or `IAMFullAccess`."
    ),
    rule_sets=(
        "Security Hub IAM.1",
        "Checkov CKV_AWS_355",
        "Checkov CKV_AWS_290",
        "Checkov CKV_AWS_274",
        "Checkov CKV2_AWS_56",
    ),
    types=frozenset({ROLE, ROLE_POLICY, ROLE_POLICY_ATTACHMENT, IAM_POLICY}),
    check=_check,
)
