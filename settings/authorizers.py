"""Authorizers: who decides whether a caller may come in.

Property names are those of ``AWS::ApiGatewayV2::Authorizer``.
"""

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import BeforeValidator, Discriminator, Strict

from apigateway.authorizers import check_identity_source, check_issuer
from apigateway.mapping.variables import PARAMETER
from apigateway.rules import Rule
from apigateway.rules import authorizers as rules
from apigateway.rules import integrations as integration_rules

from .base import BRANCH, Between, Checked, Flag, Model, Text, branch, kind_by
from .integrations import FunctionArn, RoleArn
from .one_of import OneOf

JwtIdentitySource = Annotated[
    str,
    Checked(
        lambda text: check_identity_source("HTTP", "JWT", text),
        rules.IDENTITY_SOURCE,
        "$request.header.Authorization",
        r"\$request\.(header|querystring)\..+",
    ),
]
HttpIdentitySource = Annotated[
    str,
    Checked(
        lambda text: check_identity_source("HTTP", "REQUEST", text),
        rules.IDENTITY_SOURCE,
        "$request.header.Authorization",
        r"\$(request\.(header|querystring)|context|stageVariables)\..+",
    ),
]
WebSocketIdentitySource = Annotated[
    str,
    Checked(
        lambda text: check_identity_source("WEBSOCKET", "REQUEST", text),
        rules.IDENTITY_SOURCE,
        "route.request.querystring.token",
        rf"route\.request\.(header|querystring)\.{PARAMETER}",
    ),
]


class JwtConfiguration(Model):
    """Which tokens are taken."""

    issuer: Annotated[str, Checked(check_issuer, rules.ISSUER, "https://id.shop.example/", "https://.+")]
    """The tokens' ``iss``: an https URL, under which the issuer publishes its keys."""

    audience: tuple[Text, ...]
    """The tokens' ``aud`` or ``client_id`` is one of these, 1 to 50."""


class JwtAuthorizer(Model):
    """A JSON Web Token in a header or query string; API Gateway checks it by itself."""

    hints: ClassVar[dict[str, str]] = dict.fromkeys(
        (
            "authorizerUri",
            "authorizerCredentialsArn",
            "authorizerPayloadFormatVersion",
            "enableSimpleResponses",
            "authorizerResultTtlInSeconds",
        ),
        "does not belong here, but to REQUEST authorizers",
    )
    hint_rule: ClassVar[Rule] = rules.AUTHORIZER_TYPE

    authorizer_type: Literal["JWT"]
    """API Gateway checks the token."""

    identity_source: tuple[JwtIdentitySource, ...] = ("$request.header.Authorization",)
    """Where the token is: one header or query string. Left out: the header ``Authorization``."""

    jwt_configuration: JwtConfiguration
    """Which tokens are taken."""


class _RequestAuthorizer(Model):
    authorizer_type: Literal["REQUEST"]
    """A Lambda function decides."""

    authorizer_uri: FunctionArn
    """The function's ARN."""

    authorizer_credentials_arn: RoleArn | None = None
    """A role that may call the function. Left out: the function gets a permission for this authorizer."""


class HttpRequestAuthorizer(_RequestAuthorizer):
    """A Lambda function that is asked about each request to an HTTP API."""

    hints: ClassVar[dict[str, str]] = {"jwtConfiguration": "does not belong here, but to JWT authorizers"}
    hint_rule: ClassVar[Rule] = rules.AUTHORIZER_TYPE

    identity_source: tuple[HttpIdentitySource, ...] = ()
    """What must be there for the function to be asked, and the key of the cache."""

    authorizer_payload_format_version: Annotated[
        Literal["1.0", "2.0"], OneOf(integration_rules.PAYLOAD_FORMAT, in_quotes=True)
    ] = "2.0"
    """The shape of the event and of the answer. Left out: 2.0."""

    enable_simple_responses: Flag = False
    """Whether the function answers ``{"isAuthorized": true}`` (format 2.0) and not a policy."""

    authorizer_result_ttl_in_seconds: Annotated[int, Strict(), Between(0, 3600)] | None = None
    """How long an answer counts for the same identity sources. Left out: 300, or 0 without identity sources."""


class WebSocketRequestAuthorizer(_RequestAuthorizer):
    """A Lambda function that is asked when a connection is opened."""

    hints: ClassVar[dict[str, str]] = dict.fromkeys(
        (
            "authorizerPayloadFormatVersion",
            "enableSimpleResponses",
            "authorizerResultTtlInSeconds",
            "jwtConfiguration",
        ),
        "does not belong here, but to authorizers of HTTP APIs",
    )
    hint_rule: ClassVar[Rule] = rules.AUTHORIZER_TYPE

    identity_source: tuple[WebSocketIdentitySource, ...] = ()
    """What must be there for the function to be asked."""


HttpAuthorizer: TypeAlias = JwtAuthorizer | HttpRequestAuthorizer
"""An authorizer of an HTTP API."""


def _of_type(*types: str) -> BeforeValidator:
    return kind_by(
        "authorizerType",
        types,
        rules.AUTHORIZER_TYPE,
        lambda given: ", which belongs to HTTP APIs" if given == "JWT" else "",
        other_names=("type",),
    )


def _kind(value: object) -> str:
    is_jwt = value.get("authorizerType") == "JWT" if isinstance(value, dict) else isinstance(value, JwtAuthorizer)
    return BRANCH + ("JWT" if is_jwt else "REQUEST")


HttpAuthorizerBlock: TypeAlias = Annotated[
    Annotated[JwtAuthorizer, branch("JWT")] | Annotated[HttpRequestAuthorizer, branch("REQUEST")],
    Discriminator(_kind),
    _of_type("JWT", "REQUEST"),
]
"""An authorizer of an HTTP API, as it is written."""

WebSocketAuthorizerBlock: TypeAlias = Annotated[WebSocketRequestAuthorizer, _of_type("REQUEST")]
"""An authorizer of a WebSocket API, as it is written."""
