"""Who may call a REST API, and from where."""

from typing import Any

import pytest

from settings import RestApi, load_settings
from tests.settings.broken_rest import POLICY, PRIVATE
from tests.settings.examples import CHAT, ORDERS, REMOVED, Location, changed, problems, rules_of
from tests.settings.rest_examples import ANSWER, SHOP, with_shop

ENDPOINT: Location = (*SHOP, "endpointConfiguration")
DOMAIN = {
    "domainName": "shop.example.com",
    "certificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1",
}
TYPES = "REGIONAL, EDGE or PRIVATE"
ALONE: dict[Location, object] = {
    ("network",): REMOVED,
    ("backends",): {},
    CHAT: REMOVED,
    ORDERS: REMOVED,
    (*SHOP, "integrations"): {},
    (*SHOP, "routes"): {"GET /pets": {"integration": ANSWER}},
}


def found(changes: dict[Location, object]) -> list[str]:
    return problems(changed(with_shop(changes)))


def test_a_private_api() -> None:
    api = load_settings(changed(with_shop(PRIVATE)), "us-east-1").apis["shop"]
    assert isinstance(api, RestApi)
    assert (api.is_private, api.address_type) == (True, "dualstack")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({(*SHOP, "resourcePolicy"): REMOVED, (*SHOP, "invokePrincipals"): ["111122223333"]}, []),
        ({(*SHOP, "ipAddressType"): "dualstack"}, []),
        ({(*ENDPOINT, "vpcEndpointIds"): ["vpce-0a1b"], **ALONE}, []),
        (
            {(*SHOP, "resourcePolicy"): REMOVED},
            [
                (
                    "resourcePolicy: is required for a private API, or invokePrincipals: nobody can call it before a "
                    "policy allows it"
                )
            ],
        ),
        (
            ALONE,
            [
                (
                    "endpointConfiguration.vpcEndpointIds: is required: there is no network in which an endpoint could "
                    "be made"
                )
            ],
        ),
        ({(*SHOP, "ipAddressType"): "ipv4"}, ['ipAddressType: must be dualstack for a private API, got "ipv4"']),
        (
            {(*SHOP, "domain"): DOMAIN},
            ["domain: does not belong to a private API, which answers on AWS's name alone"],
        ),
        (
            {(*SHOP, "disableExecuteApiEndpoint"): True},
            [
                "disableExecuteApiEndpoint: must be false for a private API, which answers on AWS's name alone",
            ],
        ),
        (
            {(*ENDPOINT, "vpcEndpointIds"): ["vpce-1", "vpce-1"]},
            ["endpointConfiguration.vpcEndpointIds[1]: vpce-1 is named twice"],
        ),
    ],
)
def test_what_a_private_api_is_held_to(changes: dict[Location, object], expected: list[str]) -> None:
    raw = changed(with_shop({**PRIVATE, **changes}))
    if expected:
        assert problems(raw) == [f"apis.shop.{problem}" for problem in expected]
    else:
        load_settings(raw, "us-east-1")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {ENDPOINT: {"types": ["EDGE"], "vpcEndpointIds": ["vpce-0a1b"]}},
            [
                (
                    "endpointConfiguration.vpcEndpointIds: needs types PRIVATE, got EDGE: other APIs are called over "
                    "the internet"
                )
            ],
        ),
        *(
            ({ENDPOINT: {"types": given}}, [f"endpointConfiguration.types: must name one of {TYPES}, got {shown}"])
            for given, shown in (
                (["regional"], '["regional"]; write [REGIONAL]'),
                ("EDGE", '"EDGE"; write [EDGE]'),
                (["REGIONAL", "PRIVATE"], '["REGIONAL", "PRIVATE"]'),
                (["zz zz!"], '["zz zz!"]'),
                ([], "[]"),
                ([5], "[5]"),
                (["EDGE", 5], '["EDGE", 5]'),
                ({"EDGE": True}, '{"EDGE": true}'),
            )
        ),
        (
            {(*SHOP, "resourcePolicy"): POLICY, (*SHOP, "invokePrincipals"): ["111122223333"]},
            ["resourcePolicy: goes without invokePrincipals, of which a policy is made; keep one of the two"],
        ),
        (
            {(*SHOP, "binaryMediaTypes"): ["image/png", "*/*", "image/png"]},
            ["binaryMediaTypes[2]: image/png is named twice"],
        ),
        (
            {ENDPOINT: {"types": ["PRIVATE"], "vpcEndpointIds": ["vpc-1"]}, (*SHOP, "resourcePolicy"): POLICY},
            [
                (
                    "endpointConfiguration.vpcEndpointIds[0]: must be a VPC endpoint's id such as vpce-0a1b2c3d, got "
                    '"vpc-1"'
                )
            ],
        ),
    ],
)
def test_endpoints_and_policies(changes: dict[Location, object], expected: list[str]) -> None:
    assert found(changes) == [f"apis.shop.{problem}" for problem in expected]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({(*SHOP, "resourcePolicy"): {}}, ["rest-resource-policy"]),
        ({(*SHOP, "resourcePolicy"): "allow"}, ["rest-resource-policy"]),
        ({(*SHOP, "resourcePolicy"): ["allow"]}, ["value"]),
        ({(*SHOP, "resourcePolicy"): REMOVED, (*SHOP, "policy"): POLICY}, ["known-key"]),
        ({(*SHOP, "resourcePolicy"): REMOVED, (*SHOP, "resourcePolcy"): POLICY}, ["known-key"]),
        ({(*SHOP, "resourcePolicy"): REMOVED, (*SHOP, "invokePrincipals"): ["*"]}, ["principal"]),
        ({(*SHOP, "resourcePolicy"): REMOVED, (*SHOP, "invokePrincipal"): ["111122223333"]}, ["known-key"]),
        ({**ALONE, ("network",): {"natGateways": "no"}}, ["value"]),
        ({**ALONE, ("netwrk",): {}}, ["known-key"]),
        ({ENDPOINT: {"type": "PRIVATE", "vpcEndpointIds": ["vpce-1"]}}, ["known-key"]),
        ({ENDPOINT: {"types": "PRIVATE", "vpcEndpointIds": ["vpce-1"]}}, ["rest-endpoint"]),
    ],
)
def test_what_is_unsound_is_not_missing(changes: dict[Location, Any], expected: list[str]) -> None:
    assert rules_of(changed(with_shop({**PRIVATE, **changes}))) == expected


def test_a_policy_is_written_as_a_block() -> None:
    assert found({(*SHOP, "resourcePolicy"): '{"Version": "2012-10-17"}'}) == [
        (
            'apis.shop.resourcePolicy: must be a block of keys, got "{\\"Version\\": \\"2012-10-17\\"}"; write the '
            "policy's keys here, not its JSON as text"
        )
    ]
