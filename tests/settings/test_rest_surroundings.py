"""What surrounds a REST API: what is sound, what stands in other Regions, and the names of resources."""

from collections.abc import Mapping

import pytest

from tests.settings.broken_apis import FUNCTION, MODEL, ROLE
from tests.settings.broken_infrastructure import ACM, TOPIC
from tests.settings.broken_rest_surroundings import (
    ASKED,
    BUYERS,
    COGNITO,
    DOMAIN,
    SHOP_DOMAIN,
    STAGE,
    TOKEN,
    WEB_ACL,
    with_buyers,
)
from tests.settings.examples import REMOVED, Location, changed
from tests.settings.findings import found
from tests.settings.rest_examples import PET, PET_INTEGRATION, PETS, PREFLIGHT, SHARED, SHOP, with_shop

PLANS: Location = (*SHOP, "usagePlans")
AT = 'apis.shop.routes["GET /pets/{petId}"]'
MUTUAL_TLS = {"truststoreUri": "s3://acme/trust.pem"}
EDGE = {**DOMAIN, "endpointType": "EDGE"}


def test_nothing_to_say() -> None:
    assert found(with_shop()) == []


@pytest.mark.parametrize(
    "changes",
    [
        with_buyers(ASKED),
        with_buyers(ASKED, identitySource=[], authorizerResultTtlInSeconds=0),
        with_buyers(ASKED, identitySource=[]),
        with_buyers(TOKEN, identityValidationExpression="Bearer .+"),
        with_buyers(COGNITO),
        with_shop({BUYERS: COGNITO, (*PET, "authorization"): "buyers", (*PET, "authorizationScopes"): ["shop/read"]}),
        with_shop({(*STAGE, "cacheClusterSize"): "0.5", (*STAGE, "cacheTtlInSeconds"): 60}),
        with_shop({SHOP_DOMAIN: {**DOMAIN, "apiMappingKey": "a/b"}}),
        with_shop({SHOP_DOMAIN: {**EDGE, "securityPolicy": "TLS_1_0", "apiMappingKey": "a"}}),
        with_shop(
            {
                SHOP_DOMAIN: {
                    **EDGE,
                    "securityPolicy": "SecurityPolicy_TLS13_2025_EDGE",
                    "endpointAccessMode": "STRICT",
                }
            }
        ),
        with_shop(
            {
                SHOP_DOMAIN: {**DOMAIN, "mutualTlsAuthentication": MUTUAL_TLS},
                (*SHOP, "disableExecuteApiEndpoint"): True,
            }
        ),
        with_shop({(*SHOP, "webAclArn"): WEB_ACL.format("us-east-1")}),
        with_shop(
            {
                (*SHOP, "invokePrincipals"): ["222233334444"],
                **{(*SHOP, "routes", key, "authorization"): "AWS_IAM" for key in ("GET /pets", PET[-1], PREFLIGHT[-1])},
            }
        ),
        with_shop(
            {(*PET_INTEGRATION, "timeoutInMillis"): 60_000, (*PET_INTEGRATION, "responseTransferMode"): "STREAM"}
        ),
        with_shop({(*SHOP, "binaryMediaTypes"): ["image/png"]}),
        with_shop({(*SHOP, "alarms"): TOPIC}),
        with_shop({(*SHOP, "models"): {"pet": MODEL}, (*PET, "requestModels"): {"application/json": "pet"}}),
        with_shop(
            {
                (*SHOP, "models"): {"pet": MODEL},
                (*PET, "methodResponses"): {"200": {"responseModels": {"application/json": "pet"}}},
            }
        ),
        with_shop({PLANS: {"partner": {"apiKeys": ["acme"]}}, (*PET, "apiKeyRequired"): True}),
    ],
)
def test_what_is_sound(changes: Mapping[Location, object]) -> None:
    assert found(changes) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            with_shop({SHOP_DOMAIN: DOMAIN}),
            [
                (
                    "domain-region",
                    f'apis.shop.domain.certificateArn: must stand in eu-west-1, the stack\'s Region, got "{ACM}"',
                )
            ],
        ),
        (with_shop({SHOP_DOMAIN: EDGE}), []),
        (with_buyers(COGNITO), []),
        (with_buyers(ASKED, authorizerCredentialsArn=ROLE), []),
        (
            with_buyers(TOKEN),
            [
                (
                    "region",
                    (
                        "apis.shop.authorizers.buyers.authorizerUri: must stand in eu-west-1, or be called by a role "
                        f'(credentialsArn), got "{FUNCTION}"'
                    ),
                )
            ],
        ),
        (
            with_shop({PET_INTEGRATION: {"integrationType": "AWS_PROXY", "integrationUri": FUNCTION}}),
            [
                (
                    "region",
                    (
                        f"{AT}.integration.integrationUri: must stand in eu-west-1, or be called by a role "
                        f'(credentialsArn), got "{FUNCTION}"'
                    ),
                )
            ],
        ),
    ],
)
def test_what_stands_in_another_region(changes: Mapping[Location, object], expected: list[tuple[str, str]]) -> None:
    assert found(changes, "eu-west-1") == expected


def test_names_of_resources() -> None:
    """Routes and integrations of a REST API are parts of its definition; authorizers and stages are resources."""
    shop = changed(with_shop({(*SHOP, "authorizers"): {"b-x": ASKED}, STAGE: {"name": "b-y"}}))["apis"]["shop"]
    other = changed(with_shop({(*SHOP, "authorizers"): {"x": ASKED}, STAGE: {"name": "y"}}))["apis"]["shop"]
    apis = {
        "a": {**shop, "integrations": {**shop["integrations"], "b-list": PETS}},
        "a-b": other,
    }
    assert [line for rule, line in found({("apis",): apis}) if rule == "resource-name"] == [
        "apis.a.authorizers.b-x: makes the same resource name as apis.a-b.authorizers.x; rename one of the two",
        "apis.a.stage.name: makes the same resource name as apis.a-b.stage.name; rename one of the two",
    ]


def test_usage_plans_of_rest_and_websocket_apis_share_names() -> None:
    plan = {"throttling": {"rateLimit": 1, "burstLimit": 1}}
    stack = changed(with_shop({(*SHOP, "usagePlans"): {"b-x": plan}}))["apis"]
    chat = {**stack["chat"], "usagePlans": {"x": plan}}
    assert [
        line for rule, line in found({("apis",): {"a": stack["shop"], "a-b": chat}}) if rule == "resource-name"
    ] == ["apis.a.usagePlans.b-x: makes the same resource name as apis.a-b.usagePlans.x; rename one of the two"]


def test_a_route_without_its_integration_is_one_problem() -> None:
    assert found(with_shop({SHARED: REMOVED})) == [
        (
            "reference",
            (
                'apis.shop.routes["GET /pets"].integration: no integration "list" under apis.shop.integrations; '
                "known: none"
            ),
        )
    ]
