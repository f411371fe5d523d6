"""Authorizers of HTTP and WebSocket APIs, and what a route says of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pulumi
import pulumi_aws as aws

from settings.authorizers import HttpAuthorizer, HttpRequestAuthorizer, JwtAuthorizer, WebSocketRequestAuthorizer

from .lambda_permissions import allow_authorizer
from .name_length import fitted

_NAME_LENGTH = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeAuthorizer:
    """An authorizer that is there, and the permission of its function where it needs one."""

    resource: aws.apigatewayv2.Authorizer
    authorization_type: Literal["JWT", "CUSTOM"]
    """What a route calls it."""

    permission: "aws.lambda_.Permission | None"

    @property
    def needed(self) -> list[pulumi.Resource]:
        """What a route with this authorizer comes after: without the permission every call would be answered 500."""
        return [self.resource, *([self.permission] if self.permission else [])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization:
    """Who may call a route, in the words of the provider."""

    type: str
    authorizer_id: pulumi.Input[str] | None
    needed: list[pulumi.Resource]
    """What the route comes after."""


def make_authorizer(
    api_name: str,
    name: str,
    api: aws.apigatewayv2.Api,
    spec: HttpAuthorizer | WebSocketRequestAuthorizer,
    parent: pulumi.Resource,
) -> MadeAuthorizer:
    """Make one authorizer of an API, and let it ask its function where no role does."""
    logical = f"{api_name}-{name}"
    # An update in place would keep settings of the kind before, would not take credentials away, and would ask another
    # function before it lets the API in. A new authorizer takes over the routes before the old one goes.
    opts = pulumi.ResourceOptions(
        parent=parent,
        replace_on_changes=["authorizerType", "authorizerUri", "authorizerCredentialsArn"],
        delete_before_replace=False,
    )
    fitting = fitted(logical, _NAME_LENGTH)
    match spec:
        case JwtAuthorizer():
            made = aws.apigatewayv2.Authorizer(
                fitting,
                api_id=api.id,
                authorizer_type="JWT",
                identity_sources=list(spec.identity_source),
                jwt_configuration=aws.apigatewayv2.AuthorizerJwtConfigurationArgs(
                    issuer=spec.jwt_configuration.issuer, audiences=list(spec.jwt_configuration.audience)
                ),
                opts=opts,
            )
            return MadeAuthorizer(resource=made, authorization_type="JWT", permission=None)
        case HttpRequestAuthorizer():
            made = aws.apigatewayv2.Authorizer(
                fitting,
                api_id=api.id,
                authorizer_type="REQUEST",
                authorizer_uri=spec.authorizer_uri.invocation_arn,
                authorizer_credentials_arn=spec.authorizer_credentials_arn,
                authorizer_payload_format_version=spec.authorizer_payload_format_version,
                authorizer_result_ttl_in_seconds=result_ttl(spec),
                enable_simple_responses=spec.enable_simple_responses,
                identity_sources=list(spec.identity_source) or None,
                opts=opts,
            )
        case WebSocketRequestAuthorizer():
            made = aws.apigatewayv2.Authorizer(
                fitting,
                api_id=api.id,
                authorizer_type="REQUEST",
                authorizer_uri=spec.authorizer_uri.invocation_arn,
                authorizer_credentials_arn=spec.authorizer_credentials_arn,
                identity_sources=list(spec.identity_source) or None,
                opts=opts,
            )
    permission = None
    if spec.authorizer_credentials_arn is None:
        permission = allow_authorizer(logical, spec.authorizer_uri, api.execution_arn, made.id, parent)
    return MadeAuthorizer(resource=made, authorization_type="CUSTOM", permission=permission)


def authorization_of(authorization: str, authorizers: Mapping[str, MadeAuthorizer]) -> Authorization:
    """Return what a route is given for NONE, AWS_IAM or the name of an authorizer."""
    if authorization in ("NONE", "AWS_IAM"):
        return Authorization(type=authorization, authorizer_id=None, needed=[])
    authorizer = authorizers[authorization]
    return Authorization(
        type=authorizer.authorization_type, authorizer_id=authorizer.resource.id, needed=authorizer.needed
    )


def result_ttl(spec: HttpRequestAuthorizer) -> int:
    """Return how long an answer counts: API Gateway caches by identity sources, and refuses to without any."""
    if spec.authorizer_result_ttl_in_seconds is not None:
        return spec.authorizer_result_ttl_in_seconds
    return 300 if spec.identity_source else 0
