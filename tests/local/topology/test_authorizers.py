"""Who may call the routes of HTTP, WebSocket and REST APIs, as the registrations of their authorizers say."""

import re

import pytest

from apigateway.errors import TopologyError
from apigateway.rest_resources import RestRouteKey
from apigateway.route_keys import HttpRouteKey
from local.recording import Json
from local.topology.authorization import (
    CognitoAuthorizer,
    CognitoRequired,
    HttpAuthorization,
    Identity,
    JwtAuthorizer,
    JwtRequired,
    LambdaAuthorizer,
    LambdaRequired,
    Open,
    RestAuthorization,
    SignedCaller,
    WebSocketAuthorization,
)
from local.topology.reading import build_topology
from tests.local.recordings import Program, program
from tests.local.rest_recordings import Block, RestProgram, answers, mock

AUTHORIZER = "aws:apigatewayv2/authorizer:Authorizer"
KEEPER = f'{AUTHORIZER} "keeper"'
ROUTE = 'aws:apigatewayv2/route:Route "orders GET /pets"'
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:who"
URI = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"
POOL = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_Ab1"
BEARER = Identity(location="header", name="Authorization")


def jwt(**others: Json) -> dict[str, Json]:
    return {
        "apiId": "orders",
        "authorizerType": "JWT",
        "identitySources": ["$request.header.Authorization"],
        "jwtConfiguration": {"issuer": "https://auth.example.com", "audiences": ["orders", "admin"]},
        **others,
    }


def asking(**others: Json) -> dict[str, Json]:
    """Return the registration of an authorizer that asks a function."""
    return {"apiId": "orders", "authorizerType": "REQUEST", "authorizerUri": URI, **others}


def with_http(authorizer: dict[str, Json] | None, **route: Json) -> Program:
    """Return a program with an HTTP API, whose one route is given this."""
    made = program()
    made.http_api()
    if authorizer is not None:
        made.add(AUTHORIZER, "keeper", authorizer)
    made.change(made.http_route("orders", "GET /pets"), **route)
    return made


def http_of(made: Program) -> HttpAuthorization:
    (api,) = build_topology(made.recording()).http_apis
    return api.routes[HttpRouteKey.parse("GET /pets")].authorization


def with_websocket(authorizer: dict[str, Json] | None, **route: Json) -> Program:
    made = program()
    made.websocket_api()
    if authorizer is not None:
        made.add(AUTHORIZER, "keeper", {**authorizer, "apiId": "chat"})
    made.change(made.websocket_route("chat", "$connect"), **route)
    return made


def websocket_of(made: Program) -> WebSocketAuthorization:
    (api,) = build_topology(made.recording()).websocket_apis
    return api.routes["$connect"].authorization


def refusal(made: Program) -> str:
    with pytest.raises(TopologyError) as raised:
        build_topology(made.recording())
    return str(raised.value)


ASKED: dict[str, Json] = {"authorizationType": "CUSTOM", "authorizerId": "keeper"}
VERIFIED: dict[str, Json] = {"authorizationType": "JWT", "authorizerId": "keeper"}


@pytest.mark.parametrize(
    ("authorizer", "route", "expected"),
    [
        (None, {"authorizationType": None}, Open()),
        (None, {"authorizationType": "NONE"}, Open()),
        (None, {"authorizationType": "AWS_IAM"}, SignedCaller()),
        (
            jwt(),
            VERIFIED,
            JwtRequired(
                authorizer=JwtAuthorizer(
                    name="keeper", issuer="https://auth.example.com", audience=("orders", "admin"), source=BEARER
                ),
                scopes=(),
            ),
        ),
        (
            jwt(identitySources=["$request.querystring.token"]),
            {**VERIFIED, "authorizationScopes": ["read", "write"]},
            JwtRequired(
                authorizer=JwtAuthorizer(
                    name="keeper",
                    issuer="https://auth.example.com",
                    audience=("orders", "admin"),
                    source=Identity(location="querystring", name="token"),
                ),
                scopes=("read", "write"),
            ),
        ),
    ],
)
def test_a_route_of_an_http_api(
    authorizer: dict[str, Json] | None, route: dict[str, Json], expected: HttpAuthorization
) -> None:
    assert http_of(with_http(authorizer, **route)) == expected


ASKING = LambdaAuthorizer(name="keeper", type="REQUEST", uri=URI, sources=(), payload_format="1.0", simple=False, ttl=0)
SOURCES: list[Json] = [
    "$request.header.Authorization",
    "$request.querystring.tenant",
    "$context.routeKey",
    "$stageVariables.env",
]


@pytest.mark.parametrize(
    ("authorizer", "expected"),
    [
        (asking(), ASKING),
        (asking(authorizerPayloadFormatVersion="1.0", enableSimpleResponses=False), ASKING),
        (
            asking(authorizerPayloadFormatVersion="2.0", enableSimpleResponses=True, authorizerResultTtlInSeconds=0),
            LambdaAuthorizer(
                name="keeper", type="REQUEST", uri=URI, sources=(), payload_format="2.0", simple=True, ttl=0
            ),
        ),
        (
            asking(authorizerPayloadFormatVersion="2.0", identitySources=SOURCES),
            LambdaAuthorizer(
                name="keeper",
                type="REQUEST",
                uri=URI,
                sources=(
                    BEARER,
                    Identity(location="querystring", name="tenant"),
                    Identity(location="context", name="routeKey"),
                    Identity(location="stageVariables", name="env"),
                ),
                payload_format="2.0",
                simple=False,
                ttl=300,
            ),
        ),
        (
            asking(identitySources=SOURCES[:1], authorizerResultTtlInSeconds=60.0),
            LambdaAuthorizer(
                name="keeper",
                type="REQUEST",
                uri=URI,
                sources=(BEARER,),
                payload_format="1.0",
                simple=False,
                ttl=60,
            ),
        ),
    ],
)
def test_a_function_that_an_http_api_asks(authorizer: dict[str, Json], expected: LambdaAuthorizer) -> None:
    assert http_of(with_http(authorizer, **ASKED)) == LambdaRequired(authorizer=expected)


@pytest.mark.parametrize(
    ("authorizer", "route", "message"),
    [
        (jwt(), {"authorizationType": "CUSTOM"}, f"{ROUTE}: authorizerId is missing"),
        (None, ASKED, f'{ROUTE}: its API has no authorizer "keeper"'),
        ({**jwt(), "apiId": "other"}, VERIFIED, f'{ROUTE}: its API has no authorizer "keeper"'),
        (jwt(), ASKED, f'{ROUTE}: authorizationType CUSTOM does not fit the authorizer "keeper"'),
        (asking(), VERIFIED, f'{ROUTE}: authorizationType JWT does not fit the authorizer "keeper"'),
        (
            asking(),
            {**ASKED, "authorizationType": "COGNITO_USER_POOLS"},
            f'{ROUTE}: authorizationType COGNITO_USER_POOLS does not fit the authorizer "keeper"',
        ),
        (jwt(authorizerType="TOKEN"), {}, f'{KEEPER}: authorizerType must be JWT or REQUEST, got "TOKEN"'),
        (jwt(authorizerType=None), {}, f"{KEEPER}: authorizerType is missing"),
        (jwt(identitySources=[]), {}, f"{KEEPER}: identitySources must be one, got 0"),
        (
            jwt(identitySources=["$request.header.A", "$request.header.B"]),
            {},
            f"{KEEPER}: identitySources must be one, got 2",
        ),
        (jwt(jwtConfiguration=None), {}, f"{KEEPER}: jwtConfiguration: issuer is missing"),
        (
            jwt(identitySources=["$context.routeKey"]),
            {},
            (
                f"{KEEPER}: a JWT authorizer finds its token in a header or a query string only, got "
                '"$context.routeKey"; expected $request.header.NAME or $request.querystring.NAME'
            ),
        ),
        (asking(authorizerUri=None), {}, f"{KEEPER}: authorizerUri is missing"),
        (
            asking(authorizerPayloadFormatVersion="3.0"),
            {},
            f'{KEEPER}: authorizerPayloadFormatVersion must be 1.0 or 2.0, got "3.0"',
        ),
        (
            asking(authorizerResultTtlInSeconds="300"),
            {},
            f"{KEEPER}: authorizerResultTtlInSeconds must be a whole number, got '300'",
        ),
        (
            asking(enableSimpleResponses="true"),
            {},
            f"{KEEPER}: enableSimpleResponses must be true or false, got 'true'",
        ),
        (
            asking(identitySources=["route.request.header.Auth"]),
            {},
            (
                f"{KEEPER}: not an identity source of an HTTP API's REQUEST authorizer, got "
                '"route.request.header.Auth"; expected $request.header.NAME, $request.querystring.NAME, $context.NAME '
                "or $stageVariables.NAME; write $request.header.Auth"
            ),
        ),
    ],
)
def test_what_is_wrong_with_an_http_api(
    authorizer: dict[str, Json] | None, route: dict[str, Json], message: str
) -> None:
    assert refusal(with_http(authorizer, **route)) == message


@pytest.mark.parametrize(
    ("authorizer", "route", "expected"),
    [
        (None, {}, Open()),
        (None, {"authorizationType": "AWS_IAM"}, SignedCaller()),
        (asking(), ASKED, LambdaRequired(authorizer=ASKING)),
        (
            asking(
                identitySources=["route.request.header.Authorization", "route.request.querystring.token"],
                authorizerResultTtlInSeconds=300,
            ),
            ASKED,
            LambdaRequired(
                authorizer=LambdaAuthorizer(
                    name="keeper",
                    type="REQUEST",
                    uri=URI,
                    sources=(BEARER, Identity(location="querystring", name="token")),
                    payload_format="1.0",
                    simple=False,
                    ttl=0,
                )
            ),
        ),
    ],
)
def test_a_route_of_a_websocket_api(
    authorizer: dict[str, Json] | None, route: dict[str, Json], expected: WebSocketAuthorization
) -> None:
    assert websocket_of(with_websocket(authorizer, **route)) == expected


CONNECT = 'aws:apigatewayv2/route:Route "chat $connect"'


@pytest.mark.parametrize(
    ("authorizer", "route", "message"),
    [
        (
            jwt(identitySources=["route.request.header.Authorization"]),
            VERIFIED,
            f"{CONNECT}: a WebSocket API has no JWT authorizers",
        ),
        (None, ASKED, f'{CONNECT}: its API has no authorizer "keeper"'),
        (
            asking(identitySources=["$request.header.Auth"]),
            {},
            (
                f'{KEEPER}: not an identity source of a WebSocket API\'s authorizer, got "$request.header.Auth"; '
                "expected route.request.header.NAME or route.request.querystring.NAME; "
                "write route.request.header.Auth"
            ),
        ),
    ],
)
def test_what_is_wrong_with_a_websocket_api(
    authorizer: dict[str, Json] | None, route: dict[str, Json], message: str
) -> None:
    assert refusal(with_websocket(authorizer, **route)) == message


def scheme(header: str = "Authorization", **asked: Json) -> Block:
    """Return a security scheme that is an authorizer, as the program writes it."""
    kind = "cognito_user_pools" if asked.get("type") == "cognito_user_pools" else "custom"
    return {
        "type": "apiKey",
        "name": header,
        "in": "header",
        "x-amazon-apigateway-authtype": kind,
        "x-amazon-apigateway-authorizer": asked,
    }


def with_rest(written: Block, *scopes: str) -> RestProgram:
    made = RestProgram()
    made.method("GET /pets", mock(), security=[{"keeper": list(scopes)}], responses=answers(_200=()))
    made.document["components"] = {"securitySchemes": {"keeper": written}}
    return made


def rest_of(made: RestProgram) -> RestAuthorization:
    (api,) = build_topology(made.recording_program().recording()).rest_apis
    return api.methods[RestRouteKey.parse("GET /pets")].authorization


TOKEN = LambdaAuthorizer(
    name="keeper", type="TOKEN", uri=URI, sources=(BEARER,), payload_format="1.0", simple=False, ttl=300
)


@pytest.mark.parametrize(
    ("written", "scopes", "expected"),
    [
        (
            {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "awsSigv4"},
            (),
            SignedCaller(),
        ),
        (scheme(type="token", authorizerUri=URI), (), LambdaRequired(authorizer=TOKEN)),
        (
            scheme(
                "X-Token",
                type="token",
                authorizerUri=URI,
                authorizerCredentials="arn:aws:iam::123456789012:role/asks",
                identityValidationExpression="Bearer .+",
                authorizerResultTtlInSeconds=0,
            ),
            (),
            LambdaRequired(
                authorizer=LambdaAuthorizer(
                    name="keeper",
                    type="TOKEN",
                    uri=URI,
                    sources=(Identity(location="header", name="X-Token"),),
                    payload_format="1.0",
                    simple=False,
                    ttl=0,
                    validation=re.compile("Bearer .+"),
                )
            ),
        ),
        (scheme("Unused", type="request", authorizerUri=URI), (), LambdaRequired(authorizer=ASKING)),
        (
            scheme(
                type="request",
                authorizerUri=URI,
                identitySource="method.request.header.Authorization, method.request.querystring.tenant,"
                "context.identity.sourceIp, stageVariables.env",
                authorizerResultTtlInSeconds=60,
            ),
            (),
            LambdaRequired(
                authorizer=LambdaAuthorizer(
                    name="keeper",
                    type="REQUEST",
                    uri=URI,
                    sources=(
                        BEARER,
                        Identity(location="querystring", name="tenant"),
                        Identity(location="context", name="identity.sourceIp"),
                        Identity(location="stageVariables", name="env"),
                    ),
                    payload_format="1.0",
                    simple=False,
                    ttl=60,
                )
            ),
        ),
        (
            scheme(type="cognito_user_pools", providerARNs=[POOL], authorizerResultTtlInSeconds=300),
            ("pets/read",),
            CognitoRequired(
                authorizer=CognitoAuthorizer(name="keeper", user_pools=(POOL,), source=BEARER), scopes=("pets/read",)
            ),
        ),
    ],
)
def test_a_method_of_a_rest_api(written: Block, scopes: tuple[str, ...], expected: RestAuthorization) -> None:
    assert rest_of(with_rest(written, *scopes)) == expected


def test_an_authorizer_and_a_key_are_both_asked_for() -> None:
    made = with_rest(scheme(type="token", authorizerUri=URI))
    made.document["paths"]["/pets"]["get"]["security"] = [{"keeper": [], "api_key": []}]
    made.document["components"]["securitySchemes"]["api_key"] = {"type": "apiKey", "name": "x-api-key", "in": "header"}
    (api,) = build_topology(made.recording_program().recording()).rest_apis
    method = api.methods[RestRouteKey.parse("GET /pets")]
    assert (method.authorization, method.api_key_required) == (LambdaRequired(authorizer=TOKEN), True)


SCHEME = 'aws:apigateway/restApi:RestApi "pets": components: securitySchemes: keeper'
ASKED_OF = f"{SCHEME}: x-amazon-apigateway-authorizer"


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (
            {"type": "http", "scheme": "bearer"},
            f"{SCHEME}: scheme is not supported by the local gateway yet",
        ),
        (
            {**scheme(type="token", authorizerUri=URI), "in": "query"},
            f'{SCHEME}: in must be header, got "query"',
        ),
        ({**scheme(), "name": None}, f"{ASKED_OF}: type is missing"),
        (
            scheme(type="jwt", jwtConfiguration={}),
            f'{ASKED_OF}: type must be token, request or cognito_user_pools, got "jwt"',
        ),
        (scheme(type="token"), f"{ASKED_OF}: authorizerUri is missing"),
        ({**scheme(type="token", authorizerUri=URI), "name": None}, f"{SCHEME}: name is missing"),
        (
            scheme(type="token", authorizerUri=URI, identitySource="method.request.header.A"),
            f"{ASKED_OF}: identitySource is not supported by the local gateway yet",
        ),
        (
            scheme(type="token", authorizerUri=URI, identityValidationExpression="(a"),
            (
                f"{ASKED_OF}: identityValidationExpression must be a regular expression (missing ), unterminated "
                'subpattern at position 0), got "(a"'
            ),
        ),
        (
            scheme(type="request", authorizerUri=URI, identitySource="method.request.header.A, $request.header.B"),
            (
                f"{ASKED_OF}: identitySource must be method.request.header|querystring.NAME, context.NAME or "
                'stageVariables.NAME, got "$request.header.B"'
            ),
        ),
        (
            scheme(type="request", authorizerUri=URI, authorizerResultTtlInSeconds=0.5),
            f"{ASKED_OF}: authorizerResultTtlInSeconds must be a whole number, got 0.5",
        ),
        (
            scheme(type="cognito_user_pools", providerARNs=[]),
            f"{ASKED_OF}: providerARNs must name a user pool, got none",
        ),
        (
            scheme(type="cognito_user_pools", providerARNs=["us-east-1_Ab1"]),
            (
                'apis.pets.routes["GET /pets"]: not the ARN of a user pool, got "us-east-1_Ab1"; expected '
                "arn:aws:cognito-idp:REGION:ACCOUNT:userpool/ID"
            ),
        ),
        (
            scheme(type="cognito_user_pools", providerARNs=[POOL], identityValidationExpression="orders"),
            f"{ASKED_OF}: identityValidationExpression is not supported by the local gateway yet",
        ),
    ],
)
def test_what_is_wrong_with_a_rest_api(written: Block, message: str) -> None:
    assert refusal(with_rest(written).recording_program()) == message


def test_a_method_cannot_name_an_authorizer_that_is_not_there() -> None:
    made = with_rest(scheme(type="token", authorizerUri=URI))
    made.document["components"] = {}
    assert refusal(made.recording_program()) == (
        'apis.pets.routes["GET /pets"]: components.securitySchemes does not have "keeper"'
    )
