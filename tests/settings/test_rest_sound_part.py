"""One bad value of a REST API hides nothing else, and makes nothing else look bad."""

import pytest

from apigateway.paths import format_path
from settings.sound_part import is_within, value_of
from tests.settings.broken_infrastructure import ACM
from tests.settings.broken_rest import HTTP
from tests.settings.broken_rest_surroundings import DOMAIN, SHOP_DOMAIN
from tests.settings.examples import Location, changed, problems, rules_of
from tests.settings.rest_examples import PET, PET_INTEGRATION, PETS, SHARED, SHOP, with_everything, with_shop
from tests.settings.test_sound_part import BAD, found_in, places, spoiled


def test_a_bad_value_makes_nothing_else_look_bad() -> None:
    raw = changed(with_everything())
    for index, place in enumerate(place for place in places(raw) if place[:2] in {SHOP, ("apis", "vault")}):
        found = found_in(spoiled(raw, place, BAD[index % len(BAD)]), "us-east-1")
        others = [str(problem) for problem in found if not is_within(problem.path, format_path(value_of(place)))]
        assert len(others) in (0, len(found)), f"{format_path(place)}: {others}"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {
                (*SHOP, "endpointConfiguration"): {"types": ["EDGE"]},
                SHARED: {**PETS, "timeoutInMillis": 60_000, "responseTransferMode": "STREM"},
            },
            "rest-transfer-mode",
        ),
        (
            {SHARED: {**HTTP, "integrationResponses": {"404": {"selectionPattern": "("}, "200": {}}}},
            "rest-selection-pattern",
        ),
        (
            {SHARED: {**HTTP, "integrationResponses": {"200": {}, "404": {"selectionPattern": "("}}}},
            "rest-selection-pattern",
        ),
        ({SHARED: {**HTTP, "integrationResponses": {"2xx": {}}}}, "rest-status"),
        ({SHARED: {**HTTP, "integrationResponses": {"200": {"selectionPattern": "2xx"}}}}, "rest-selection-pattern"),
        (
            {
                (*PET, "requestParameters"): {"method.request.header.page": {"required": "yes"}},
                (*PET_INTEGRATION, "cacheKeyParameters"): ["method.request.header.page"],
            },
            "value",
        ),
        (
            {
                SHARED: {
                    **PETS,
                    "requestParameters": {"integration.request.header.a": "a", "integration.request.header.b": "'b'"},
                    "cacheKeyParameters": ["integration.request.header.a", "integration.request.header.b"],
                }
            },
            "rest-source",
        ),
        ({(*PET_INTEGRATION, "requestParameters"): {"integration.request.path.petId": "petId"}}, "rest-source"),
        ({(*PET_INTEGRATION, "path"): "pets"}, "integration-path"),
        (
            {
                SHOP_DOMAIN: {
                    **DOMAIN,
                    "securityPolicy": "SecurityPolicy_TLS13_1_3_2025",
                    "endpointAccessMode": "STRICT",
                }
            },
            "rest-domain-policy",
        ),
        (
            {
                SHOP_DOMAIN: {
                    "domainName": "shop.example.com",
                    "endpointType": "EGDE",
                    "certificateArn": ACM.replace("us-east-1", "eu-west-1"),
                    "apiMappingKey": "a/b",
                }
            },
            "rest-domain-policy",
        ),
        (
            {(*PET, "authorization"): 5, (*PET, "apiKeyRequired"): True, (*SHOP, "apiKeySourceType"): "AUTHORIZER"},
            "value",
        ),
    ],
)
def test_what_is_judged_by_a_bad_value_is_left_alone(changes: dict[Location, object], expected: str) -> None:
    assert rules_of(changed(with_shop(changes))) == [expected]


def test_a_bad_gateway_response_does_not_hide_the_others() -> None:
    responses = {"THROTTLED": {"statusCode": "many"}, "DEFAULT_6XX": {}, "DEFAULT_5XX": {"responseType": "x"}}
    assert [
        problem.partition(": ")[0] for problem in problems(changed(with_shop({(*SHOP, "gatewayResponses"): responses})))
    ] == [
        "apis.shop.gatewayResponses.THROTTLED.statusCode",
        "apis.shop.gatewayResponses.DEFAULT_6XX",
        "apis.shop.gatewayResponses.DEFAULT_5XX.responseType",
    ]


def test_a_bad_endpoint_leaves_the_api_private() -> None:
    private = {"types": ["PRIVATE"], "vpcEndpointIds": ["a1b2"]}
    changes: dict[Location, object] = {(*SHOP, "endpointConfiguration"): private, (*SHOP, "ipAddressType"): "ipv4"}
    assert rules_of(changed(with_shop(changes))) == ["rest-endpoint", "rest-private-policy", "rest-private-names"]


def test_a_response_under_no_status_leaves_the_others_to_be_compared() -> None:
    changes: dict[Location, object] = {SHARED: {**HTTP, "integrationResponses": {"2xx": {}, "400": {}, "404": {}}}}
    assert rules_of(changed(with_shop(changes))) == ["rest-status", "rest-selection-pattern"]


def test_one_bad_pattern_leaves_the_others_to_be_compared() -> None:
    responses = {
        "200": {"selectionPattern": "2xx"},
        "400": {"selectionPattern": "4.."},
        "404": {"selectionPattern": "4.."},
        "500": {},
        "502": {},
    }
    at = "apis.shop.integrations.list.integrationResponses"
    assert problems(changed(with_shop({SHARED: {**HTTP, "integrationResponses": responses}}))) == [
        f'{at}.200.selectionPattern: a pattern that matches no status code, got "2xx"; write 2\\d\\d',
        f'{at}.404.selectionPattern: "4.." already chooses the response 400',
        f"{at}.502: the response 500 is the default one already; give this one a selectionPattern",
    ]
