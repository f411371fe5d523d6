"""Who may call a REST API: authorizers, scopes, principals, and API keys of usage plans."""

from collections.abc import Mapping

import pytest

from tests.settings.broken_apis import JWT
from tests.settings.broken_rest_surroundings import (
    ASKED,
    BUYERS,
    COGNITO,
    POOL,
    TOKEN,
    with_buyers,
)
from tests.settings.examples import Location
from tests.settings.findings import found
from tests.settings.rest_examples import PET, PETS, SHOP, with_shop

PLANS: Location = (*SHOP, "usagePlans")
AT = 'apis.shop.routes["GET /pets/{petId}"]'
HTTP = {**PETS, "integrationType": "HTTP", "integrationResponses": {"200": {}}}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            with_shop({(*PET, "authorization"): "TOKEN"}),
            [
                (
                    "authorization",
                    (
                        f"{AT}.authorization: must be NONE, AWS_IAM or the name of an authorizer under "
                        'apis.shop.authorizers, got "TOKEN"; name the authorizer itself; known: none'
                    ),
                )
            ],
        ),
        (
            with_shop({(*SHOP, "authorizers"): {"NONE": ASKED, "api_key": TOKEN, "sigv4": COGNITO}}),
            [
                (
                    "authorization",
                    "apis.shop.authorizers.NONE: must have another name: as authorization, NONE names no authorizer",
                ),
                (
                    "authorization",
                    (
                        "apis.shop.authorizers.api_key: must have another name: api_key stands for API keys in a REST "
                        "API's definition"
                    ),
                ),
                (
                    "authorization",
                    (
                        "apis.shop.authorizers.sigv4: must have another name: sigv4 stands for signatures in a REST "
                        "API's definition"
                    ),
                ),
            ],
        ),
        (
            with_shop({BUYERS: JWT}),
            [
                (
                    "rest-authorizer",
                    (
                        "apis.shop.authorizers.buyers.authorizerType: must be REQUEST, TOKEN or COGNITO_USER_POOLS, "
                        'got "JWT", which belongs to HTTP APIs'
                    ),
                )
            ],
        ),
        (
            with_buyers(COGNITO, identitySource=[]),
            [
                (
                    "rest-authorizer",
                    (
                        "apis.shop.authorizers.buyers.identitySource: must name exactly one header, which holds the "
                        "token, got 0"
                    ),
                )
            ],
        ),
        (
            with_buyers(ASKED, identitySource=["$request.header.Auth"]),
            [
                (
                    "rest-identity-source",
                    (
                        "apis.shop.authorizers.buyers.identitySource[0]: not an identity source of a REST API's "
                        'REQUEST authorizer, got "$request.header.Auth"; expected method.request.header.NAME, '
                        "method.request.querystring.NAME, context.NAME or stageVariables.NAME; write "
                        "method.request.header.Auth"
                    ),
                )
            ],
        ),
        (
            with_buyers(TOKEN, identityValidationExpression="("),
            [
                (
                    "rest-authorizer",
                    (
                        "apis.shop.authorizers.buyers.identityValidationExpression: must be a regular expression, got "
                        '"(" (missing ), unterminated subpattern)'
                    ),
                )
            ],
        ),
        (
            with_buyers(COGNITO, providerArns=[POOL, POOL]),
            [("distinct", f"apis.shop.authorizers.buyers.providerArns[1]: {POOL} is named twice")],
        ),
        (
            with_buyers(COGNITO, providerArns=["us-east-1_a"]),
            [
                (
                    "rest-user-pool",
                    (
                        "apis.shop.authorizers.buyers.providerArns[0]: not the ARN of a user pool, got "
                        '"us-east-1_a"; expected arn:aws:cognito-idp:REGION:ACCOUNT:userpool/ID'
                    ),
                )
            ],
        ),
        (
            with_shop(
                {BUYERS: TOKEN, (*PET, "authorization"): "buyers", (*PET, "authorizationScopes"): ["shop/read"] * 2}
            ),
            [
                (
                    "rest-scopes",
                    f'{AT}.authorizationScopes: needs authorization by a COGNITO_USER_POOLS authorizer, got "buyers"',
                ),
                ("distinct", f"{AT}.authorizationScopes[1]: shop/read is named twice"),
            ],
        ),
        (
            with_shop({(*SHOP, "invokePrincipals"): ["222233334444", "222233334444"]}),
            [("distinct", "apis.shop.invokePrincipals[1]: 222233334444 is named twice")],
        ),
        (
            with_shop({(*PET, "apiKeyRequired"): True, (*SHOP, "apiKeySourceType"): "AUTHORIZER"}),
            [
                (
                    "api-key",
                    f"{AT}.apiKeyRequired: needs a usage plan of this API with apiKeys: nobody has a key to call with",
                ),
                (
                    "api-key",
                    (
                        f"{AT}.apiKeyRequired: needs authorization by a REQUEST or TOKEN authorizer, which says the "
                        'key where apiKeySourceType is AUTHORIZER, got "NONE"'
                    ),
                ),
            ],
        ),
        (
            with_shop(
                {
                    BUYERS: COGNITO,
                    (*PET, "authorization"): "buyers",
                    (*PET, "apiKeyRequired"): True,
                    (*SHOP, "apiKeySourceType"): "AUTHORIZER",
                    PLANS: {"partner": {"apiKeys": ["acme"]}},
                }
            ),
            [
                (
                    "api-key",
                    (
                        f"{AT}.apiKeyRequired: needs authorization by a REQUEST or TOKEN authorizer, which says the "
                        'key where apiKeySourceType is AUTHORIZER, got "buyers"'
                    ),
                )
            ],
        ),
        (
            with_shop({PLANS: {"a": {"apiKeys": ["acme"]}, "b": {"apiKeys": ["acme"]}}}),
            [
                (
                    "usage-plan",
                    (
                        "apis.shop.usagePlans.b.apiKeys[0]: acme is a key of the plan a too: a key has one plan of an "
                        "API"
                    ),
                )
            ],
        ),
    ],
)
def test_who_may_call(changes: Mapping[Location, object], expected: list[tuple[str, str]]) -> None:
    assert found(changes) == expected
