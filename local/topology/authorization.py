"""Who may call a route: nobody is asked, the caller's signature is, a token is, or a Lambda function is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

IdentityLocation: TypeAlias = Literal["header", "querystring", "context", "stageVariables"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One thing of a request by which an authorizer knows who calls."""

    location: IdentityLocation
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """Anybody may: ``NONE``."""


OPEN: Final = Open()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedCaller:
    """Whoever signs the request: ``AWS_IAM``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JwtAuthorizer:
    """A JWT authorizer of an HTTP API."""

    name: str
    """As the recorded resource has it."""
    issuer: str
    audience: tuple[str, ...]
    source: Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class CognitoAuthorizer:
    """A COGNITO_USER_POOLS authorizer of a REST API."""

    name: str
    user_pools: tuple[str, ...]
    """Their ARNs."""
    source: Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class LambdaAuthorizer:
    """An authorizer that asks a function."""

    name: str
    type: Literal["REQUEST", "TOKEN"]
    """TOKEN is of REST APIs alone: the function gets the value of one header."""
    uri: str
    """The function's invocation ARN, with ``${stageVariables.name}``."""
    sources: tuple[Identity, ...]
    payload_format: Literal["1.0", "2.0"]
    """What the event looks like: 1.0 for WebSocket and REST APIs, which have no other."""
    simple: bool
    """Whether the function answers ``{"isAuthorized": true}`` rather than a policy: of HTTP APIs with 2.0 alone."""
    ttl: float
    """Seconds for which an answer counts for the same identity; 0 for the one request."""
    validation: re.Pattern[str] | None = None
    """What a token must look like before the function is asked (TOKEN alone)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JwtRequired:
    """A token that the authorizer takes, with one of the scopes where there are any."""

    authorizer: JwtAuthorizer
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CognitoRequired:
    """A token of a user pool: an access token with one of the scopes, or without scopes an ID token."""

    authorizer: CognitoAuthorizer
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LambdaRequired:
    """The consent of an authorizer's function."""

    authorizer: LambdaAuthorizer


HttpAuthorization: TypeAlias = Open | SignedCaller | JwtRequired | LambdaRequired
WebSocketAuthorization: TypeAlias = Open | SignedCaller | LambdaRequired
RestAuthorization: TypeAlias = Open | SignedCaller | CognitoRequired | LambdaRequired
Authorizers: TypeAlias = Mapping[str, JwtAuthorizer | LambdaAuthorizer | None]
"""By the id of the recorded resource; None for one that cannot be read."""
