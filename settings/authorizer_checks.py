"""What authorizers must be, and what routes say about who may call them."""

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from apigateway import limits
from apigateway.errors import Problem
from apigateway.paths import Location
from apigateway.rules import Rule
from apigateway.rules import authorizers as rules
from apigateway.rules import rest as rest_rules
from apigateway.suggest import nearest

from .apis import Api
from .authorizers import HttpAuthorizer, HttpRequestAuthorizer, JwtAuthorizer, WebSocketRequestAuthorizer
from .finding import check_distinct, names_of, problem_at
from .rest_apis import RestApi
from .rest_authorizers import RestAuthorizer, RestCognitoAuthorizer, RestRequestAuthorizer, RestTokenAuthorizer
from .rest_routes import RestRoute
from .routes import HttpRoute, WebSocketRoute

KINDS: Final = ("NONE", "AWS_IAM")
"""What ``authorization`` can be beside the name of an authorizer."""

_AUTHORIZER_KINDS: Final = ("COGNITO_USER_POOLS", "CUSTOM", "JWT", "REQUEST", "TOKEN")
_DEFINITION_NAMES: Final = {"api_key": "API keys", "sigv4": "signatures"}
"""What a REST API's definition calls by names of its own, which no authorizer can have there."""

Authorizer: TypeAlias = HttpAuthorizer | WebSocketRequestAuthorizer | RestAuthorizer
"""An authorizer of whatever kind of API."""


def check_authorizers(name: str, api: Api, raw: Mapping[str, object]) -> Iterator[Problem]:
    """Check an API's authorizers, the routes that name them, and the principals that may call it."""
    at: Location = ("apis", name)
    authorizers: Mapping[str, Authorizer] = api.authorizers
    for key, authorizer in authorizers.items():
        yield from _check_name(key, api, (*at, "authorizers", key))
        yield from _check_authorizer(authorizer, (*at, "authorizers", key))
    known = names_of(raw, "apis", name, "authorizers")
    for key, route in api.routes.items():
        place = (*at, "routes", key)
        message = _wrong_authorization(route.authorization, known, f"apis.{name}.authorizers")
        if message:
            yield problem_at(rules.AUTHORIZATION, message, *place, "authorization")
            continue
        match route:
            case WebSocketRoute():
                yield from _check_connect_only(key, route, place)
            case HttpRoute():
                yield from _check_scopes(route, authorizers.get(route.authorization), place)
            case RestRoute():
                yield from _check_rest_scopes(route, authorizers.get(route.authorization), place)
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


def _check_scopes(route: HttpRoute, authorizer: Authorizer | None, at: Location) -> Iterator[Problem]:
    scopes = route.authorization_scopes
    is_known = route.authorization in KINDS or authorizer is not None
    if scopes and is_known and not isinstance(authorizer, JwtAuthorizer):
        message = f'needs authorization by a JWT authorizer, got "{route.authorization}"'
        yield problem_at(rules.SCOPES, message, *at, "authorizationScopes")
    if len(scopes) > limits.SCOPES.value:
        message = f"must be at most {limits.SCOPES.value} scopes, got {len(scopes)}"
        yield problem_at(rules.SCOPES, message, *at, "authorizationScopes")
    yield from check_distinct(scopes, *at, "authorizationScopes")


def _check_rest_scopes(route: RestRoute, authorizer: Authorizer | None, at: Location) -> Iterator[Problem]:
    is_known = route.authorization in KINDS or authorizer is not None
    if route.authorization_scopes and is_known and not isinstance(authorizer, RestCognitoAuthorizer):
        message = f'needs authorization by a COGNITO_USER_POOLS authorizer, got "{route.authorization}"'
        yield problem_at(rest_rules.SCOPES, message, *at, "authorizationScopes")
    yield from check_distinct(route.authorization_scopes, *at, "authorizationScopes")


def _check_name(name: str, api: Api, at: Location) -> Iterator[Problem]:
    if name in KINDS:
        message = f"must have another name: as authorization, {name} names no authorizer"
        yield problem_at(rules.AUTHORIZATION, message, *at)
    if isinstance(api, RestApi) and name in _DEFINITION_NAMES:
        message = f"must have another name: {name} stands for {_DEFINITION_NAMES[name]} in a REST API's definition"
        yield problem_at(rules.AUTHORIZATION, message, *at)


def _check_authorizer(authorizer: Authorizer, at: Location) -> Iterator[Problem]:
    yield from check_distinct(authorizer.identity_source, *at, "identitySource")
    match authorizer:
        case JwtAuthorizer():
            yield from _check_jwt(authorizer, at)
        case HttpRequestAuthorizer():
            yield from _check_cache(authorizer, rules.IDENTITY_NEEDED, at)
            yield from _check_simple_responses(authorizer, at)
        case WebSocketRequestAuthorizer():
            return
        case RestRequestAuthorizer():
            yield from _check_cache(authorizer, rest_rules.IDENTITY, at)
        case RestTokenAuthorizer():
            yield from _check_header(authorizer, at)
        case RestCognitoAuthorizer():
            yield from _check_header(authorizer, at)
            if not authorizer.provider_arns:
                yield problem_at(rest_rules.USER_POOL, "must name at least one user pool, got []", *at, "providerArns")
            yield from check_distinct(authorizer.provider_arns, *at, "providerArns")


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


def _check_header(authorizer: RestTokenAuthorizer | RestCognitoAuthorizer, at: Location) -> Iterator[Problem]:
    sources = len(authorizer.identity_source)
    if sources != 1:
        message = f"must name exactly one header, which holds the token, got {sources}"
        yield problem_at(rest_rules.AUTHORIZER, message, *at, "identitySource")


def _check_cache(
    authorizer: HttpRequestAuthorizer | RestRequestAuthorizer, rule: Rule, at: Location
) -> Iterator[Problem]:
    seconds = authorizer.authorizer_result_ttl_in_seconds
    if seconds and not authorizer.identity_source:
        message = f"must be 0 without identitySource, by which answers are kept, got {seconds}"
        yield problem_at(rule, message, *at, "authorizerResultTtlInSeconds")


def _check_simple_responses(authorizer: HttpRequestAuthorizer, at: Location) -> Iterator[Problem]:
    if authorizer.enable_simple_responses and authorizer.authorizer_payload_format_version != "2.0":
        message = f'needs authorizerPayloadFormatVersion "2.0", got "{authorizer.authorizer_payload_format_version}"'
        yield problem_at(rules.SIMPLE_RESPONSES, message, *at, "enableSimpleResponses")
