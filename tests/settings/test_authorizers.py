"""Authorizers, who may call a route, and CORS."""

from collections.abc import Mapping

import pytest

from tests.settings.broken_apis import FUNCTION, GET, JWT, OPENING, PUBLIC, REQUEST, ROLE, SEND, SHOP
from tests.settings.examples import CHAT, ORDERS, Location, changed, problems, rules_of, warnings

CORS: Location = (*ORDERS, "cors")
DEFAULT: Location = (*ORDERS, "routes", "$default")
TOKEN: Location = (*CHAT, "authorizers", "token")
MESSAGES = {**REQUEST, "identitySource": ["route.request.header.Auth"]}
SECURED = {"integration": PUBLIC, "authorization": "AWS_IAM"}
OPEN = {"integration": PUBLIC}
ANYBODY: Mapping[Location, object] = {CORS: {"allowOrigins": ["*"]}}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {(*GET, "authorization"): "none"},
            [
                (
                    'apis.orders.routes["GET /items/{id}"].authorization: must be NONE, AWS_IAM or the name of '
                    'an authorizer under apis.orders.authorizers, got "none"; did you mean NONE?'
                )
            ],
        ),
        (
            {(*GET, "authorization"): "aws-iam"},
            [
                (
                    'apis.orders.routes["GET /items/{id}"].authorization: must be NONE, AWS_IAM or the name of '
                    'an authorizer under apis.orders.authorizers, got "aws-iam"; did you mean AWS_IAM?'
                )
            ],
        ),
        (
            {(*GET, "authorization"): "IAM"},
            [
                (
                    'apis.orders.routes["GET /items/{id}"].authorization: must be NONE, AWS_IAM or the name of '
                    'an authorizer under apis.orders.authorizers, got "IAM"; did you mean AWS_IAM?'
                )
            ],
        ),
        (
            {(*GET, "authorization"): "CUSTOM"},
            [
                (
                    'apis.orders.routes["GET /items/{id}"].authorization: must be NONE, AWS_IAM or the name of '
                    'an authorizer under apis.orders.authorizers, got "CUSTOM"; name the authorizer itself; '
                    "known: none"
                )
            ],
        ),
        (
            {(*GET, "authorization"): "open"},
            [
                (
                    'apis.orders.routes["GET /items/{id}"].authorization: must be NONE, AWS_IAM or the name of '
                    'an authorizer under apis.orders.authorizers, got "open"; known: none'
                )
            ],
        ),
        (
            {SHOP: JWT, (*GET, "authorization"): "JWT"},
            [
                (
                    'apis.orders.routes["GET /items/{id}"].authorization: must be NONE, AWS_IAM or the name of '
                    'an authorizer under apis.orders.authorizers, got "JWT"; name the authorizer itself; '
                    "known: shop"
                )
            ],
        ),
        (
            {SHOP: JWT, (*GET, "authorization"): "shp"},
            [
                (
                    'apis.orders.routes["GET /items/{id}"].authorization: must be NONE, AWS_IAM or the name of '
                    'an authorizer under apis.orders.authorizers, got "shp"; did you mean shop?'
                )
            ],
        ),
        (
            {SHOP: JWT, (*GET, "authorization"): ""},
            ['apis.orders.routes["GET /items/{id}"].authorization: must not be empty'],
        ),
        (
            {(*ORDERS, "authorizers"): {"AWS_IAM": JWT}},
            [
                (
                    "apis.orders.authorizers.AWS_IAM: must have another name: as authorization, AWS_IAM names "
                    "no authorizer"
                )
            ],
        ),
        (
            {TOKEN: MESSAGES, (*SEND, "authorization"): "token"},
            [
                (
                    'apis.chat.routes.send.authorization: must be NONE, got "token": a WebSocket API asks who '
                    "a caller is on $connect only"
                )
            ],
        ),
        (
            {(*GET, "authorization"): "AWS_IAM", (*GET, "authorizationScopes"): ["a"]},
            [
                (
                    'apis.orders.routes["GET /items/{id}"].authorizationScopes: needs authorization by a JWT '
                    'authorizer, got "AWS_IAM"'
                )
            ],
        ),
        (
            {SHOP: REQUEST, (*GET, "authorization"): "shop", (*GET, "authorizationScopes"): ["a"]},
            [
                (
                    'apis.orders.routes["GET /items/{id}"].authorizationScopes: needs authorization by a JWT '
                    'authorizer, got "shop"'
                )
            ],
        ),
        (
            {SHOP: JWT, (*GET, "authorization"): "shop", (*GET, "authorizationScopes"): [*"abcdefghijk"]},
            ['apis.orders.routes["GET /items/{id}"].authorizationScopes: must be at most 10 scopes, got 11'],
        ),
        (
            {SHOP: JWT, (*GET, "authorization"): "shop", (*GET, "authorizationScopes"): ["a", "a"]},
            ['apis.orders.routes["GET /items/{id}"].authorizationScopes[1]: a is named twice'],
        ),
        ({SHOP: {}}, ["apis.orders.authorizers.shop.authorizerType: is required"]),
        (
            {SHOP: {**JWT, "authorizerType": "jwt"}},
            ['apis.orders.authorizers.shop.authorizerType: must be JWT or REQUEST, got "jwt"; did you mean JWT?'],
        ),
        (
            {TOKEN: JWT},
            [('apis.chat.authorizers.token.authorizerType: must be REQUEST, got "JWT", which belongs to HTTP APIs')],
        ),
        (
            {TOKEN: {**MESSAGES, "authorizerResultTtlInSeconds": 5, "jwtConfiguration": {}}},
            [
                (
                    "apis.chat.authorizers.token.authorizerResultTtlInSeconds: does not belong here, but to "
                    "authorizers of HTTP APIs"
                ),
                ("apis.chat.authorizers.token.jwtConfiguration: does not belong here, but to authorizers of HTTP APIs"),
            ],
        ),
        (
            {SHOP: {**JWT, "authorizerUri": FUNCTION, "authorizerResultTtlInSeconds": 5}},
            [
                "apis.orders.authorizers.shop.authorizerUri: does not belong here, but to REQUEST authorizers",
                (
                    "apis.orders.authorizers.shop.authorizerResultTtlInSeconds: does not belong here, but to "
                    "REQUEST authorizers"
                ),
            ],
        ),
        (
            {SHOP: {**REQUEST, "jwtConfiguration": {}}},
            ["apis.orders.authorizers.shop.jwtConfiguration: does not belong here, but to JWT authorizers"],
        ),
        (
            {SHOP: {**JWT, "identitySource": "$request.header.Authorization"}},
            [('apis.orders.authorizers.shop.identitySource: must be a list, got "$request.header.Authorization"')],
        ),
        (
            {SHOP: {**JWT, "identitySource": ["$context.routeKey"]}},
            [
                (
                    "apis.orders.authorizers.shop.identitySource[0]: a JWT authorizer finds its token in a "
                    'header or a query string only, got "$context.routeKey"; expected $request.header.NAME or '
                    "$request.querystring.NAME"
                )
            ],
        ),
        (
            {SHOP: {**JWT, "identitySource": ["$request.header.A", "$request.header.B"]}},
            ["apis.orders.authorizers.shop.identitySource: must name exactly one place of the token, got 2"],
        ),
        (
            {SHOP: {**REQUEST, "identitySource": ["$request.header.A", "$request.header.A"]}},
            ["apis.orders.authorizers.shop.identitySource[1]: $request.header.A is named twice"],
        ),
        (
            {TOKEN: {**MESSAGES, "identitySource": ["$request.header.A"]}},
            [
                (
                    "apis.chat.authorizers.token.identitySource[0]: not an identity source of a WebSocket "
                    'API\'s authorizer, got "$request.header.A"; expected route.request.header.NAME or '
                    "route.request.querystring.NAME; write route.request.header.A"
                )
            ],
        ),
        (
            {SHOP: {**JWT, "jwtConfiguration": {"issuer": "https://issuer.example", "audience": []}}},
            ["apis.orders.authorizers.shop.jwtConfiguration.audience: must name 1 to 50 audiences, got 0"],
        ),
        (
            {
                SHOP: {
                    **JWT,
                    "jwtConfiguration": {"issuer": "https://issuer.example", "audience": [str(n) for n in range(51)]},
                }
            },
            ["apis.orders.authorizers.shop.jwtConfiguration.audience: must name 1 to 50 audiences, got 51"],
        ),
        (
            {SHOP: {**JWT, "jwtConfiguration": {"issuer": "https://issuer.example", "audience": ["a", "a"]}}},
            ["apis.orders.authorizers.shop.jwtConfiguration.audience[1]: a is named twice"],
        ),
        (
            {SHOP: {**REQUEST, "identitySource": [], "authorizerResultTtlInSeconds": 300}},
            [
                (
                    "apis.orders.authorizers.shop.authorizerResultTtlInSeconds: must be 0 without "
                    "identitySource, by which answers are kept, got 300"
                )
            ],
        ),
        (
            {SHOP: {**REQUEST, "authorizerResultTtlInSeconds": 3601}},
            ["apis.orders.authorizers.shop.authorizerResultTtlInSeconds: must be 0 to 3600, got 3601"],
        ),
        (
            {SHOP: {**REQUEST, "authorizerPayloadFormatVersion": 2.0}},
            ['apis.orders.authorizers.shop.authorizerPayloadFormatVersion: must be "1.0" or "2.0", got 2.0'],
        ),
        (
            {SHOP: {**REQUEST, "authorizerUri": "f", "authorizerCredentialsArn": "r"}},
            [
                (
                    'apis.orders.authorizers.shop.authorizerUri: not the ARN of a Lambda function, got "f"; '
                    "expected arn:aws:lambda:REGION:ACCOUNT:function:NAME, with :QUALIFIER where wanted, or "
                    "its invocation ARN "
                    "arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/ARN/invocations; write "
                    "arn:aws:lambda:REGION:ACCOUNT:function:f"
                ),
                (
                    "apis.orders.authorizers.shop.authorizerCredentialsArn: not the ARN of a role that API "
                    'Gateway can assume, got "r"; expected arn:aws:iam::ACCOUNT:role/NAME, '
                    "arn:aws:iam::ACCOUNT:${stageVariables.NAME}, or arn:aws:iam::*:user/* for the caller's "
                    "own identity; write arn:aws:iam::ACCOUNT:role/r"
                ),
            ],
        ),
        (
            {(*ORDERS, "invokePrincipals"): ["111122223333", "111122223333"]},
            ["apis.orders.invokePrincipals[1]: 111122223333 is named twice"],
        ),
    ],
)
def test_bad_authorization(changes: Mapping[Location, object], expected: list[str]) -> None:
    assert problems(changed(changes)) == expected


def stopped(key: str, proposal: str) -> str:
    return (
        f'apis.orders.routes["{key}"].authorization: stops preflight requests too, got "AWS_IAM"; '
        f'let a route "{proposal}" have authorization NONE'
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({CORS: {}}, ["apis.orders.cors: must hold at least one key; leave it out for none"]),
        (
            {CORS: {"allowOrigins": ["https://a.example", "*"], "allowCredentials": True}},
            [('apis.orders.cors.allowOrigins[1]: must name its origins where allowCredentials is true, got "*"')],
        ),
        (
            {CORS: {"allowOrigins": ["https://a.example/x", "a.example", "x"]}},
            [
                (
                    "apis.orders.cors.allowOrigins[0]: must be *, https://*, http://* or an origin such as "
                    'https://shop.example, got "https://a.example/x"; write https://a.example'
                ),
                (
                    "apis.orders.cors.allowOrigins[1]: must be *, https://*, http://* or an origin such as "
                    'https://shop.example, got "a.example"; write https://a.example'
                ),
                (
                    "apis.orders.cors.allowOrigins[2]: must be *, https://*, http://* or an origin such as "
                    'https://shop.example, got "x"'
                ),
            ],
        ),
        (
            {CORS: {"allowMethods": ["get", "TRACE"], "allowHeaders": ["a b"], "maxAge": -2}},
            [
                (
                    "apis.orders.cors.allowMethods[0]: must be GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS or "
                    '*, got "get"; did you mean GET?'
                ),
                (
                    "apis.orders.cors.allowMethods[1]: must be GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS or "
                    '*, got "TRACE"'
                ),
                'apis.orders.cors.allowHeaders[0]: must be the name of a header, or *, got "a b"',
                "apis.orders.cors.maxAge: must be -1 to 86400, got -2",
            ],
        ),
        (
            {
                CORS: {
                    "allowOrigins": ["*", "*"],
                    "allowMethods": ["GET", "GET"],
                    "allowHeaders": ["A", "a"],
                    "exposeHeaders": ["x", "X"],
                }
            },
            [
                "apis.orders.cors.allowOrigins[1]: * is named twice",
                "apis.orders.cors.allowMethods[1]: GET is named twice",
                "apis.orders.cors.allowHeaders[1]: a is named twice",
                "apis.orders.cors.exposeHeaders[1]: x is named twice",
            ],
        ),
        (
            {**ANYBODY, (*ORDERS, "routes", "ANY /x"): SECURED},
            [stopped("ANY /x", "OPTIONS /x")],
        ),
        (
            {**ANYBODY, (*ORDERS, "routes", "OPTIONS /x"): SECURED},
            [stopped("OPTIONS /x", "OPTIONS /x")],
        ),
        (
            {**ANYBODY, (*ORDERS, "routes", "OPTIONS /x"): SECURED, (*ORDERS, "routes", "ANY /x"): OPEN},
            [stopped("OPTIONS /x", "OPTIONS /x")],
        ),
        (
            {**ANYBODY, (*ORDERS, "routes", "ANY /{a}/b/{c+}"): SECURED, (*ORDERS, "routes", "OPTIONS /{a}/b/a"): OPEN},
            [stopped("ANY /{a}/b/{c+}", "OPTIONS /{a}/b/{c+}")],
        ),
        (
            {
                **ANYBODY,
                (*ORDERS, "routes", "ANY /a/{b+}"): SECURED,
                (*ORDERS, "routes", "GET /a/{x}"): SECURED,
                (*ORDERS, "routes", "OPTIONS /a/{b}/{c+}"): OPEN,
            },
            [stopped("ANY /a/{b+}", "OPTIONS /a/{x}")],
        ),
        (
            {**ANYBODY, DEFAULT: SECURED, (*ORDERS, "routes", "OPTIONS /{proxy+}"): SECURED},
            [stopped("OPTIONS /{proxy+}", "OPTIONS /{proxy+}")],
        ),
    ],
)
def test_bad_cors(changes: Mapping[Location, object], expected: list[str]) -> None:
    assert problems(changed(changes)) == expected


@pytest.mark.parametrize(
    "authorizer",
    [
        JWT,
        {**JWT, "identitySource": ["$request.querystring.token"]},
        REQUEST,
        {**REQUEST, "identitySource": [], "authorizerResultTtlInSeconds": 0},
        {**REQUEST, "authorizerResultTtlInSeconds": 3600, "enableSimpleResponses": True},
        {**REQUEST, "authorizerPayloadFormatVersion": "1.0", "authorizerCredentialsArn": ROLE},
        {**REQUEST, "identitySource": ["$request.header.Authorization", "$context.routeKey"]},
    ],
)
def test_legal_authorizer_of_an_http_api(authorizer: dict[str, object]) -> None:
    assert warnings({SHOP: authorizer, (*GET, "authorization"): "shop"}) == []


@pytest.mark.parametrize("sources", [[], ["route.request.querystring.token", "route.request.header.Auth"]])
def test_legal_authorizer_of_a_websocket_api(sources: list[str]) -> None:
    assert warnings({TOKEN: {**REQUEST, "identitySource": sources}, (*OPENING, "authorization"): "token"}) == []


@pytest.mark.parametrize(
    "changes",
    [
        {(*OPENING, "authorization"): "AWS_IAM", (*CHAT, "invokePrincipals"): ["111122223333"]},
        {(*SEND, "authorization"): "NONE"},
        {SHOP: JWT, (*GET, "authorization"): "shop", (*GET, "authorizationScopes"): [*"abcdefghij"]},
        {
            CORS: {
                "allowOrigins": ["https://shop.example", "http://localhost:3000"],
                "allowCredentials": True,
                "maxAge": -1,
            }
        },
        {
            CORS: {
                "allowOrigins": ["https://*"],
                "allowMethods": ["GET"],
                "allowHeaders": ["x-id"],
                "allowCredentials": True,
            }
        },
        {CORS: {"allowOrigins": ["*"], "allowMethods": ["*"], "allowHeaders": ["*"], "exposeHeaders": ["*"]}},
        {**ANYBODY, (*GET, "authorization"): "AWS_IAM"},
        {**ANYBODY, DEFAULT: SECURED, (*ORDERS, "routes", "OPTIONS /{path+}"): {"integration": PUBLIC}},
        {**ANYBODY, DEFAULT: SECURED, (*ORDERS, "routes", "ANY /{path+}"): {"integration": PUBLIC}},
        {
            **ANYBODY,
            DEFAULT: SECURED,
            (*ORDERS, "routes", "GET /"): SECURED,
            (*ORDERS, "routes", "OPTIONS /{proxy+}"): OPEN,
        },
        {**ANYBODY, (*ORDERS, "routes", "ANY /x"): SECURED, (*ORDERS, "routes", "OPTIONS /x"): OPEN},
        {**ANYBODY, (*ORDERS, "routes", "ANY /{a}"): SECURED, (*ORDERS, "routes", "OPTIONS /{b}"): OPEN},
        {**ANYBODY, (*ORDERS, "routes", "ANY /{a+}"): SECURED, (*ORDERS, "routes", "OPTIONS /{b+}"): OPEN},
    ],
)
def test_legal_callers_that_leave_no_doubt(changes: Mapping[Location, object]) -> None:
    assert warnings(changes) == []


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        (
            {SHOP: {**JWT, "identitySource": 5}, (*GET, "authorization"): "shop", (*GET, "authorizationScopes"): ["a"]},
            ["value"],
        ),
        ({**ANYBODY, DEFAULT: SECURED, (*ORDERS, "routes", "OPTIONS /{proxy+}"): {"integration": 5}}, ["value"]),
        ({(*ORDERS, "authorizer"): {"shop": JWT}, (*GET, "authorization"): "shop"}, ["known-key"]),
    ],
)
def test_what_is_unsound_is_still_there_for_others(changes: Mapping[Location, object], rules: list[str]) -> None:
    assert rules_of(changed(changes)) == rules
