"""What roles need, and what hands them to a service.

From the Service Authorization Reference, "Actions, resources, and condition keys for AWS Identity and Access
Management (IAM)", and the IAM User Guide, "Grant a user permissions to pass a role to an AWS service" and "Create a
service-linked role". Names say which roles may be the stack's, where they are known. Another stack of the account may
have the same names, so its tags say which are. Where every role has a permissions boundary, none may be made, or get a
power, without it (IAM User Guide, "Permissions boundaries for IAM entities").
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from deployer.deployment import ANY, Deployment
from deployer.grants import Condition, Grant, Need, actions, new, own

_ROLE: Final = "aws:iam/role:Role"
_ATTACHMENT: Final = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"

_LOGGING_POLICY: Final = "policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"

_CREDENTIALS: Final = frozenset({"credentialsArn", "authorizerCredentialsArn", "credentials", "authorizerCredentials"})
"""Where an API says which role API Gateway takes: inputs, and members of an OpenAPI document."""


def service_linked_role(deployment: Deployment, purpose: str, service: str) -> Grant:
    """Need the role that a service makes for itself at the first use in an account."""
    return Grant(
        group="roles",
        purpose=f"LinkedRoleOf{purpose}",
        actions=("iam:CreateServiceLinkedRole",),
        resources=(deployment.arn("iam", f"role/aws-service-role/{service}/*", region=False),),
        condition={"StringEquals": {"iam:AWSServiceName": (service,)}},
    )


def pass_roles(deployment: Deployment, purpose: str, service: str, roles: Iterable[str]) -> Iterable[Grant]:
    """Need to hand roles, given by their ARNs in a recording, to one service; nothing where there are none.

    A role of the stack's own is known by its name, whose end is random.
    """
    own_roles = {role.arn: _role_arn(deployment, role.physical_name) for role in deployment.of_type(_ROLE)}
    resources = tuple(sorted({own_roles.get(role, role) for role in roles}))
    if resources:
        yield Grant(
            group="roles",
            purpose=f"PassRoleTo{purpose}",
            actions=("iam:PassRole",),
            resources=resources,
            condition={"StringEquals": {"iam:PassedToService": (service,)}},
        )


def roles_of(deployment: Deployment, resource_type: str, *keys: str) -> tuple[str, ...]:
    """Return the roles that the inputs of a type's resources name; any of the account's where none is known."""
    resources = deployment.of_type(resource_type)
    if not resources:
        return (_role_arn(deployment, ANY),)
    return tuple(resource.text(key) for resource in resources for key in keys if resource.text(key))


def roles_of_documents(deployment: Deployment, resource_type: str) -> tuple[str, ...]:
    """Return the roles that the OpenAPI documents of a type's resources name."""
    resources = deployment.of_type(resource_type)
    if not resources:
        return (_role_arn(deployment, ANY),)
    return tuple(role for resource in resources for role in _credentials(json.loads(resource.text("body") or "{}")))


def _credentials(document: object) -> Iterator[str]:
    match document:
        case dict():
            for key, value in document.items():
                if key in _CREDENTIALS and isinstance(value, str):
                    yield value
                else:
                    yield from _credentials(value)
        case list():
            for value in document:
                yield from _credentials(value)
        case _:
            return


def _role_arn(deployment: Deployment, name: str) -> str:
    return deployment.arn("iam", f"role/{name}", region=False)


def _roles(deployment: Deployment) -> tuple[str, ...]:
    return tuple(_role_arn(deployment, name) for name in deployment.names(_ROLE))


def _reads(deployment: Deployment, names: str) -> Grant:
    return Grant(
        group="roles",
        purpose="RolesRead",
        actions=actions("iam", names),
        resources=_roles(deployment),
        reads=True,
    )


def _changes(deployment: Deployment, names: str) -> Grant:
    return Grant(
        group="roles",
        purpose="RolesOwn",
        actions=actions("iam", names),
        resources=_roles(deployment),
        condition=own(deployment),
    )


def _bounded(deployment: Deployment, condition: Condition) -> Condition:
    """Demand the stack's boundary beside a condition; of the role that is there, or is made, or of the new boundary."""
    boundary = _boundary(deployment)
    if boundary is None:
        return condition
    return {**condition, "StringEquals": {**condition.get("StringEquals", {}), "iam:PermissionsBoundary": (boundary,)}}


def has_unbounded_roles(deployment: Deployment) -> bool:
    """Tell whether the stack has roles that no boundary, or not one and the same, bounds."""
    return bool(deployment.of_type(_ROLE)) and _boundary(deployment) is None


def _boundary(deployment: Deployment) -> str | None:
    """Return the boundary that every role of the stack has; None where one has another, or none."""
    boundaries = {role.text("permissionsBoundary") for role in deployment.of_type(_ROLE)}
    return (boundaries.pop() or None) if len(boundaries) == 1 else None


def _role(deployment: Deployment) -> Iterable[Grant]:
    """Need to make roles. IAM asks for ``iam:TagRole``, too, where a new role has tags.

    A boundary may be put on a role that has none yet, and no other one; nobody may take it off.
    """
    yield _reads(deployment, "GetRole ListRolePolicies ListAttachedRolePolicies ListInstanceProfilesForRole")
    yield Grant(
        group="roles",
        purpose="RolesNew",
        actions=actions("iam", "CreateRole"),
        resources=_roles(deployment),
        condition=_bounded(deployment, new(deployment)),
    )
    yield Grant(
        group="roles",
        purpose="RolesNewTags",
        actions=actions("iam", "TagRole"),
        resources=_roles(deployment),
        condition=new(deployment),
    )
    if _boundary(deployment) is not None:
        yield Grant(
            group="roles",
            purpose="RolesBound",
            actions=actions("iam", "PutRolePermissionsBoundary"),
            resources=_roles(deployment),
            condition=_bounded(deployment, own(deployment)),
        )
    yield _changes(deployment, "UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy TagRole UntagRole DeleteRole")


def _inline_policy(deployment: Deployment) -> Iterable[Grant]:
    yield _reads(deployment, "GetRolePolicy ListRolePolicies")
    yield _changes(deployment, "DeleteRolePolicy")
    yield Grant(
        group="roles",
        purpose="RolesPowers",
        actions=actions("iam", "PutRolePolicy"),
        resources=_roles(deployment),
        condition=_bounded(deployment, own(deployment)),
    )


def _attachment(deployment: Deployment) -> Iterable[Grant]:
    """Need to attach the one managed policy there is, to a role of the stack's."""
    managed = f"arn:{deployment.partition}:iam::aws:{_LOGGING_POLICY}"
    policies = deployment.texts(_ATTACHMENT, "policyArn") or (managed,)
    fence: Condition = {**own(deployment), "ArnEquals": {"iam:PolicyARN": policies}}
    yield _reads(deployment, "ListAttachedRolePolicies")
    yield Grant(
        group="roles",
        purpose="RolesAttach",
        actions=actions("iam", "AttachRolePolicy"),
        resources=_roles(deployment),
        condition=_bounded(deployment, fence),
    )
    yield Grant(
        group="roles",
        purpose="RolesDetach",
        actions=actions("iam", "DetachRolePolicy"),
        resources=_roles(deployment),
        condition=fence,
    )


ROLES: Final[Mapping[str, Need]] = {
    _ROLE: _role,
    "aws:iam/rolePolicy:RolePolicy": _inline_policy,
    _ATTACHMENT: _attachment,
}
"""What each type of IAM needs."""
