"""Reads who may call: the authorizers of HTTP and WebSocket APIs, and those in the document of a REST API.

From the botocore model ``apigatewayv2`` (``CreateAuthorizer``) and the AWS page "x-amazon-apigateway-authorizer
object".
"""

import re
from typing import Final, Literal, cast

from apigateway.authorizers import IdentitySource
from apigateway.context import Protocol
from apigateway.errors import TopologyError
from apigateway.rest_authorizers import check_user_pool
from local.recording import Resource
from local.topology.authorization import (
    Authorizers,
    CognitoAuthorizer,
    HttpAuthorization,
    Identity,
    IdentityLocation,
    JwtAuthorizer,
    JwtRequired,
    LambdaAuthorizer,
    LambdaRequired,
    Open,
    SignedCaller,
)
from local.topology.reading import fields
from local.topology.reading.fields import Part

DEFAULT_TTL: Final = 300
"""Seconds for which API Gateway keeps an answer where nothing is said and there is an identity to keep it by."""

_REST_SOURCE = re.compile(
    r"(?:method\.request\.(?P<place>header|querystring)\.|(?P<root>context|stageVariables)\.)(?P<name>\S+)"
)
_COMMON = frozenset({"type", "authorizerUri", "authorizerCredentials", "authorizerResultTtlInSeconds"})
_KNOWN = {
    "cognito_user_pools": frozenset({"providerARNs"}),
    "token": frozenset({"identityValidationExpression"}),
    "request": frozenset({"identitySource"}),
}
"""What a kind of authorizer has beside what all have."""


def read_authorizer(resource: Resource, protocol: Protocol) -> JwtAuthorizer | LambdaAuthorizer:
    """Read an authorizer of an HTTP or WebSocket API. Raises TopologyError, or ExpressionError for a source."""
    kind, name = fields.text(resource, "authorizerType"), resource.name
    if kind not in ("JWT", "REQUEST"):
        raise TopologyError(f'{fields.label(resource)}: authorizerType must be JWT or REQUEST, got "{kind}"')
    sources = tuple(
        _identity(IdentitySource.parse(protocol, cast("Literal['JWT', 'REQUEST']", kind), text))
        for text in fields.texts(resource, "identitySources")
    )
    if kind == "JWT":
        settings = fields.outputs(resource).part("jwtConfiguration")
        if len(sources) != 1:
            raise TopologyError(f"{fields.label(resource)}: identitySources must be one, got {len(sources)}")
        return JwtAuthorizer(
            name=name, issuer=settings.text("issuer"), audience=settings.texts("audiences"), source=sources[0]
        )
    version = fields.optional_text(resource, "authorizerPayloadFormatVersion") or "1.0"
    if version not in ("1.0", "2.0"):
        raise TopologyError(
            f'{fields.label(resource)}: authorizerPayloadFormatVersion must be 1.0 or 2.0, got "{version}"'
        )
    ttl = fields.optional_integer(resource, "authorizerResultTtlInSeconds")
    if protocol == "WEBSOCKET":
        ttl = 0
    elif ttl is None:
        ttl = DEFAULT_TTL if sources else 0
    return LambdaAuthorizer(
        name=name,
        type="REQUEST",
        uri=fields.text(resource, "authorizerUri"),
        sources=sources,
        payload_format=cast("Literal['1.0', '2.0']", version),
        simple=fields.flag(resource, "enableSimpleResponses"),
        ttl=ttl,
    )


def read_authorization(route: Resource, authorizers: Authorizers) -> HttpAuthorization:
    """Read what a route asks of its callers."""
    kind = fields.optional_text(route, "authorizationType") or "NONE"
    match kind:
        case "NONE":
            return Open()
        case "AWS_IAM":
            return SignedCaller()
    authorizer_id = fields.text(route, "authorizerId")
    if authorizer_id not in authorizers:
        raise TopologyError(f'{fields.label(route)}: its API has no authorizer "{authorizer_id}"')
    match kind, authorizers[authorizer_id]:
        case _, None:
            raise TopologyError(f'{fields.label(route)}: its authorizer "{authorizer_id}" cannot be served')
        case "JWT", JwtAuthorizer() as authorizer:
            return JwtRequired(authorizer=authorizer, scopes=fields.texts(route, "authorizationScopes"))
        case "CUSTOM", LambdaAuthorizer() as authorizer:
            return LambdaRequired(authorizer=authorizer)
        case _, authorizer:
            raise TopologyError(
                f'{fields.label(route)}: authorizationType {kind} does not fit the authorizer "{authorizer.name}"'
            )


def _identity(source: IdentitySource) -> Identity:
    return Identity(location=source.location, name=source.name)


def read_rest_authorizer(name: str, scheme: Part) -> CognitoAuthorizer | LambdaAuthorizer:
    """Read a security scheme that is an authorizer. Raises TopologyError, or ExpressionError for a user pool."""
    scheme.refuse_others({"type", "name", "in", "x-amazon-apigateway-authtype", "x-amazon-apigateway-authorizer"})
    if (place := scheme.text("in")) != "header":
        raise TopologyError(f'{scheme.place}: in must be header, got "{place}"')
    asked = scheme.part("x-amazon-apigateway-authorizer")
    kind, header = asked.text("type"), Identity(location="header", name=scheme.text("name"))
    if kind not in _KNOWN:
        raise TopologyError(f'{asked.place}: type must be token, request or cognito_user_pools, got "{kind}"')
    asked.refuse_others(_COMMON | _KNOWN[kind])
    if kind == "cognito_user_pools":
        return CognitoAuthorizer(name=name, user_pools=_user_pools(asked), source=header)
    sources = (header,) if kind == "token" else _rest_sources(asked)
    expression = asked.optional_text("identityValidationExpression")
    try:
        validation = None if expression is None else re.compile(expression)
    except re.error as error:
        raise TopologyError(
            f'{asked.place}: identityValidationExpression must be a regular expression ({error}), got "{expression}"'
        ) from None
    ttl = asked.optional_integer("authorizerResultTtlInSeconds")
    return LambdaAuthorizer(
        name=name,
        type="TOKEN" if kind == "token" else "REQUEST",
        uri=asked.text("authorizerUri"),
        sources=sources,
        payload_format="1.0",
        simple=False,
        ttl=DEFAULT_TTL if ttl is None and sources else ttl or 0,
        validation=validation,
    )


def _user_pools(asked: Part) -> tuple[str, ...]:
    pools = asked.texts("providerARNs")
    if not pools:
        raise TopologyError(f"{asked.place}: providerARNs must name a user pool, got none")
    for pool in pools:
        check_user_pool(pool)
    return pools


def _rest_sources(asked: Part) -> tuple[Identity, ...]:
    sources: list[Identity] = []
    for text in (asked.optional_text("identitySource") or "").split(","):
        match = _REST_SOURCE.fullmatch(text.strip())
        if match:
            location = cast("IdentityLocation", match["place"] or match["root"])
            sources.append(Identity(location=location, name=match["name"]))
        elif text.strip():
            raise TopologyError(
                f"{asked.place}: identitySource must be method.request.header|querystring.NAME, context.NAME or "
                f'stageVariables.NAME, got "{text.strip()}"'
            )
    return tuple(sources)
