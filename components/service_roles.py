"""Roles of service integrations: one for each, that may do its one action on the one resource that it names."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import pulumi
import pulumi_aws as aws

from apigateway.service_integrations import role_statements, target_arn
from settings.integrations import HttpServiceIntegration

from .iam import allow_policies, trust_policy
from .name_length import fitted
from .naming import Tags

_ROLE_NAME_LENGTH = 64
_TO_BE_ASKED = "000000000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a stack is deployed: what an ARN begins with."""

    partition: str
    region: str
    account: str

    @classmethod
    def ask(cls) -> Self:
        """Ask the provider, which has the credentials that the stack is deployed with."""
        return cls(
            partition=aws.get_partition().partition,
            region=aws.get_region().region,
            account=aws.get_caller_identity().account_id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRole:
    """A role and its policy: the role may do nothing before the policy is there."""

    role: aws.iam.Role
    policy: aws.iam.RolePolicy


def make_role(
    name: str,
    spec: HttpServiceIntegration,
    ask_place: Callable[[], Place],
    tags: Tags,
    permissions_boundary: pulumi.Input[str] | None,
    parent: pulumi.Resource,
) -> ServiceRole:
    """Make the role of an integration, whose logical name it bears."""
    logical = fitted(name, _ROLE_NAME_LENGTH)
    role = aws.iam.Role(
        logical,
        description=f"Lets API Gateway call {spec.integration_subtype}",
        assume_role_policy=trust_policy("apigateway.amazonaws.com"),
        permissions_boundary=permissions_boundary,
        tags=tags,
        opts=pulumi.ResourceOptions(parent=parent),
    )
    policy = aws.iam.RolePolicy(
        logical,
        role=role.name,
        policy=allow_policies(
            role_statements(spec.integration_subtype, resource_of(spec, ask_place), spec.kms_key_arn)
        ),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return ServiceRole(role=role, policy=policy)


def resource_of(spec: HttpServiceIntegration, ask_place: Callable[[], Place]) -> str | None:
    """Return what the role is limited to: the stack's word, or what the parameters name; None where they do not.

    The provider is asked only where the parameters leave out a part of the ARN, which then is the account at least.
    """
    if spec.resource_arn:
        return spec.resource_arn
    subtype = spec.integration_subtype
    parameters = {name: str(value) for name, value in spec.request_parameters.items()}
    whole = target_arn(subtype, parameters, partition="aws", region="us-east-1", account=_TO_BE_ASKED)
    if whole is None or f":{_TO_BE_ASKED}:" not in whole:
        return whole
    place = ask_place()
    return target_arn(subtype, parameters, partition=place.partition, region=place.region, account=place.account)
