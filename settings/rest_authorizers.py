"""Authorizers of REST APIs: who decides whether a caller may come in.

Property names are those of the other kinds of API; ``providerArns`` and ``identityValidationExpression`` are
``AWS::ApiGateway::Authorizer``'s own.
"""

import re
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import AfterValidator, Discriminator, Strict

from apigateway.mapping.variables import PARAMETER
from apigateway.rest_authorizers import check_identity_source, check_user_pool
from apigateway.rules import Rule
from apigateway.rules import authorizers as shared_rules
from apigateway.rules import rest as rules

from .base import BRANCH, Between, Checked, Model, branch, kind_by, problem, show
from .integrations import FunctionArn, RoleArn

_TYPES = ("REQUEST", "TOKEN", "COGNITO_USER_POOLS")

RequestIdentitySource = Annotated[
    str,
    Checked(
        lambda text: check_identity_source("REQUEST", text),
        rules.IDENTITY,
        "method.request.header.Authorization",
        rf"method\.request\.(header|querystring)\.{PARAMETER}|(context|stageVariables)\..+",
    ),
]
TokenIdentitySource = Annotated[
    str,
    Checked(
        lambda text: check_identity_source("TOKEN", text),
        rules.AUTHORIZER,
        "method.request.header.Authorization",
        rf"method\.request\.header\.{PARAMETER}",
    ),
]
UserPoolArn = Annotated[
    str,
    Checked(
        check_user_pool, rules.USER_POOL, "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_a1B2c3D4e"
    ),
]


def _expression(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise problem(f"must be a regular expression, got {show(value)} ({error.msg})", rules.AUTHORIZER) from None
    return value


Ttl = Annotated[int, Strict(), Between(0, 3600)]


class _RestAuthorizer(Model):
    hints: ClassVar[dict[str, str]] = {
        "jwtConfiguration": "does not belong here, but to JWT authorizers of HTTP APIs",
        "authorizerPayloadFormatVersion": "does not belong here, but to authorizers of HTTP APIs",
        "enableSimpleResponses": "does not belong here, but to authorizers of HTTP APIs",
        "type": "unknown key; did you mean authorizerType?",
        "authorizerCredentials": "unknown key; did you mean authorizerCredentialsArn?",
        "providerARNs": "unknown key; did you mean providerArns?",
    }
    hint_rule: ClassVar[Rule] = shared_rules.AUTHORIZER_TYPE

    authorizer_result_ttl_in_seconds: Ttl | None = None
    """How long an answer counts for the same identity sources. Left out: 300, or 0 where nothing is read."""


class RestRequestAuthorizer(_RestAuthorizer):
    """A Lambda function that is asked about each request, and gets the request."""

    authorizer_type: Literal["REQUEST"]
    """A Lambda function decides by the request."""

    authorizer_uri: FunctionArn
    """The function's ARN."""

    authorizer_credentials_arn: RoleArn | None = None
    """A role that may call the function. Left out: the function gets a permission for this API's authorizers."""

    identity_source: tuple[RequestIdentitySource, ...] = ()
    """What must be there for the function to be asked, and the key of the cache."""


class RestTokenAuthorizer(_RestAuthorizer):
    """A Lambda function that is asked about each request, and gets the token of one header."""

    authorizer_type: Literal["TOKEN"]
    """A Lambda function decides by a token."""

    authorizer_uri: FunctionArn
    """The function's ARN."""

    authorizer_credentials_arn: RoleArn | None = None
    """A role that may call the function. Left out: the function gets a permission for this API's authorizers."""

    identity_source: tuple[TokenIdentitySource, ...] = ("method.request.header.Authorization",)
    """Where the token is: one header. Left out: the header ``Authorization``."""

    identity_validation_expression: Annotated[str, AfterValidator(_expression)] | None = None
    """A regular expression that the token must match, or the answer is 401 and the function not asked."""


class RestCognitoAuthorizer(_RestAuthorizer):
    """Tokens of Cognito user pools; API Gateway checks them by itself."""

    authorizer_type: Literal["COGNITO_USER_POOLS"]
    """API Gateway checks the token."""

    provider_arns: tuple[UserPoolArn, ...]
    """The user pools whose tokens are taken."""

    identity_source: tuple[TokenIdentitySource, ...] = ("method.request.header.Authorization",)
    """Where the token is: one header. Left out: the header ``Authorization``."""


RestAuthorizer: TypeAlias = RestRequestAuthorizer | RestTokenAuthorizer | RestCognitoAuthorizer
"""An authorizer of a REST API."""

_KINDS: dict[type, str] = {
    RestRequestAuthorizer: "REQUEST",
    RestTokenAuthorizer: "TOKEN",
    RestCognitoAuthorizer: "COGNITO_USER_POOLS",
}


def _kind(value: object) -> str:
    given = value.get("authorizerType") if isinstance(value, dict) else _KINDS.get(type(value))
    return BRANCH + (given if given in _TYPES else "REQUEST")


RestAuthorizerBlock: TypeAlias = Annotated[
    Annotated[RestRequestAuthorizer, branch("REQUEST")]
    | Annotated[RestTokenAuthorizer, branch("TOKEN")]
    | Annotated[RestCognitoAuthorizer, branch("COGNITO_USER_POOLS")],
    Discriminator(_kind),
    kind_by(
        "authorizerType",
        _TYPES,
        rules.AUTHORIZER,
        lambda given: ", which belongs to HTTP APIs" if given == "JWT" else "",
        other_names=("type",),
    ),
]
"""An authorizer of a REST API, as it is written."""
