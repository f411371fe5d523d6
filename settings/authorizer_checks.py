"""What authorizers must be, and what routes say about who may call them."""

from collections.abc import Iterator, Mapping
from typing import Final

from apigateway import limits
from apigateway.errors import Problem
from apigateway.paths import Location
from apigateway.rules import authorizers as rules
from apigateway.suggest import nearest

from .apis import HttpApi, WebSocketApi
from .authorizers import HttpAuthorizer, HttpRequestAuthorizer, JwtAuthorizer, WebSocketRequestAuthorizer
from .finding import check_distinct, names_of, problem_at
from .routes import HttpRoute, WebSocketRoute

KINDS: Final = ("NONE", "AWS_IAM")
"""What ``authorization`` can be beside the name of an authorizer."""

_AUTHORIZER_KINDS: Final = ("CUSTOM", "JWT", "REQUEST")


def check_authorizers(name: str, api: WebSocketApi | HttpApi, raw: Mapping[str, object]) -> Iterator[Problem]:
    """Check an API's authorizers, the routes that name them, and the principals that a role is made for."""
    at: Location = ("apis", name)
    authorizers: Mapping[str, HttpAuthorizer | WebSocketRequestAuthorizer] = api.authorizers
    for key, authorizer in authorizers.items():
        yield from _check_authorizer(key, authorizer, (*at, "authorizers", key))
    known = names_of(raw, "apis", name, "authorizers")
    for key, route in api.routes.items():
        place = (*at, "routes", key)
        message = _wrong_authorization(route.authorization, known, f"apis.{name}.authorizers")
        if message:
            yield problem_at(rules.AUTHORIZATION, message, *place, "authorization")
        elif isinstance(route, WebSocketRoute):
            yield from _check_connect_only(key, route, place)
        else:
            yield from _check_scopes(route, authorizers.get(route.authorization), place)
    yield from check_distinct(api.invoke_principals, *at, "invokePrincipals")


def _wrong_authorization(given: str, known: list[str] | None, where: str) -> str | None:
    """Return what is wrong with a route's authorization; an authorizer that is unsound is known all the same."""
    if given in KINDS or known is None or given in known:
        return None
    kind = nearest(given.upper().replace("-", "_"), KINDS)
    near = nearest(given, known)
    if given in _AUTHORIZER_KINDS:
        more = f"name the authorizer itself; known: {', '.join(known) or 'none'}"
    elif near or kind:
        more = f"did you mean {near or kind}?"
    else:
        more = f"known: {', '.join(known) or 'none'}"
    return f'must be NONE, AWS_IAM or the name of an authorizer under {where}, got "{given}"; {more}'


def _check_connect_only(key: str, route: WebSocketRoute, at: Location) -> Iterator[Problem]:
    if key != "$connect" and route.authorization != "NONE":
        message = f'must be NONE, got "{route.authorization}": a WebSocket API asks who a caller is on $connect only'
        yield problem_at(rules.CONNECT_ONLY, message, *at, "authorization")


def _check_scopes(
    route: HttpRoute, authorizer: HttpAuthorizer | WebSocketRequestAuthorizer | None, at: Location
) -> Iterator[Problem]:
    scopes = route.authorization_scopes
    is_known = route.authorization in KINDS or authorizer is not None
    if scopes and is_known and not isinstance(authorizer, JwtAuthorizer):
        message = f'needs authorization by a JWT authorizer, got "{route.authorization}"'
        yield problem_at(rules.SCOPES, message, *at, "authorizationScopes")
    if len(scopes) > limits.SCOPES.value:
        message = f"must be at most {limits.SCOPES.value} scopes, got {len(scopes)}"
        yield problem_at(rules.SCOPES, message, *at, "authorizationScopes")
    yield from check_distinct(scopes, *at, "authorizationScopes")


def _check_authorizer(
    name: str, authorizer: HttpAuthorizer | WebSocketRequestAuthorizer, at: Location
) -> Iterator[Problem]:
    if name in KINDS:
        message = f"must have another name: as authorization, {name} names no authorizer"
        yield problem_at(rules.AUTHORIZATION, message, *at)
    yield from check_distinct(authorizer.identity_source, *at, "identitySource")
    match authorizer:
        case JwtAuthorizer():
            yield from _check_jwt(authorizer, at)
        case HttpRequestAuthorizer():
            yield from _check_request(authorizer, at)
        case WebSocketRequestAuthorizer():
            return


def _check_jwt(authorizer: JwtAuthorizer, at: Location) -> Iterator[Problem]:
    sources = len(authorizer.identity_source)
    if sources != 1:
        message = f"must name exactly one place of the token, got {sources}"
        yield problem_at(rules.IDENTITY_NEEDED, message, *at, "identitySource")
    audience = authorizer.jwt_configuration.audience
    place = (*at, "jwtConfiguration", "audience")
    if not 1 <= len(audience) <= limits.AUDIENCES.value:
        yield problem_at(
            rules.ISSUER, f"must name 1 to {limits.AUDIENCES.value} audiences, got {len(audience)}", *place
        )
    yield from check_distinct(audience, *place)


def _check_request(authorizer: HttpRequestAuthorizer, at: Location) -> Iterator[Problem]:
    seconds = authorizer.authorizer_result_ttl_in_seconds
    if seconds and not authorizer.identity_source:
        message = f"must be 0 without identitySource, by which answers are kept, got {seconds}"
        yield problem_at(rules.IDENTITY_NEEDED, message, *at, "authorizerResultTtlInSeconds")
    if authorizer.enable_simple_responses and authorizer.authorizer_payload_format_version != "2.0":
        message = f'needs authorizerPayloadFormatVersion "2.0", got "{authorizer.authorizer_payload_format_version}"'
        yield problem_at(rules.SIMPLE_RESPONSES, message, *at, "enableSimpleResponses")
