"""Domains of REST APIs: endpoint types, security policies, and the APIs that share one."""

from collections.abc import Mapping

import pytest

from tests.settings.broken_infrastructure import ACM
from tests.settings.broken_rest_surroundings import (
    DOMAIN,
    SHOP_DOMAIN,
)
from tests.settings.examples import CHAT, ORDERS, Location, changed
from tests.settings.findings import found
from tests.settings.rest_examples import PETS, SHOP, with_shop

MUTUAL_TLS = {"truststoreUri": "s3://acme/trust.pem"}
EDGE = {**DOMAIN, "endpointType": "EDGE"}
HTTP = {**PETS, "integrationType": "HTTP", "integrationResponses": {"200": {}}}


DOMAIN_AT = "apis.shop.domain"


def policy_of(**keys: object) -> dict[Location, object]:
    return with_shop({SHOP_DOMAIN: {**DOMAIN, **keys}})


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            policy_of(endpointType="EDGE", certificateArn=ACM.replace("us-east-1", "eu-west-1")),
            [
                (
                    "rest-edge-domain",
                    (
                        f"{DOMAIN_AT}.certificateArn: must stand in us-east-1 where endpointType is EDGE, got "
                        f'"{ACM.replace("us-east-1", "eu-west-1")}"'
                    ),
                )
            ],
        ),
        (
            policy_of(endpointType="EDGE", securityPolicy="SecurityPolicy_TLS13_1_3_2025_09"),
            [
                (
                    "rest-domain-policy",
                    (
                        f"{DOMAIN_AT}.securityPolicy: must be TLS_1_0, TLS_1_2 or one that ends with _EDGE where "
                        'endpointType is EDGE, got "SecurityPolicy_TLS13_1_3_2025_09"'
                    ),
                ),
                (
                    "rest-domain-policy",
                    (
                        f"{DOMAIN_AT}.endpointAccessMode: is required with SecurityPolicy_TLS13_1_3_2025_09: BASIC or "
                        "STRICT"
                    ),
                ),
            ],
        ),
        (
            policy_of(securityPolicy="SecurityPolicy_TLS13_2025_EDGE", endpointAccessMode="BASIC"),
            [
                (
                    "rest-domain-policy",
                    (
                        f"{DOMAIN_AT}.securityPolicy: must be TLS_1_0, TLS_1_2 or one that does not end with _EDGE "
                        'where endpointType is REGIONAL, got "SecurityPolicy_TLS13_2025_EDGE"'
                    ),
                )
            ],
        ),
        (
            policy_of(endpointAccessMode="BASIC"),
            [
                (
                    "rest-domain-policy",
                    (
                        f"{DOMAIN_AT}.endpointAccessMode: is for a securityPolicy that begins with SecurityPolicy_, "
                        "got TLS_1_2"
                    ),
                )
            ],
        ),
        (
            policy_of(endpointType="EDGE", mutualTlsAuthentication=MUTUAL_TLS),
            [
                (
                    "rest-domain-policy",
                    (
                        f"{DOMAIN_AT}.mutualTlsAuthentication: needs endpointType REGIONAL: an edge-optimized domain "
                        "asks for no certificates"
                    ),
                )
            ],
        ),
        (
            policy_of(securityPolicy="TLS_1_0", mutualTlsAuthentication=MUTUAL_TLS, apiMappingKey="a/b"),
            [
                (
                    "rest-domain-policy",
                    f'{DOMAIN_AT}.securityPolicy: must be TLS_1_2 with mutualTlsAuthentication, got "TLS_1_0"',
                ),
                (
                    "mapping-key",
                    f'{DOMAIN_AT}.apiMappingKey: must have one level where securityPolicy is TLS_1_0, got "a/b"',
                ),
            ],
        ),
        (
            policy_of(securityPolicy="TLS_1_3"),
            [
                (
                    "rest-domain-policy",
                    (
                        f"{DOMAIN_AT}.securityPolicy: must be TLS_1_0, TLS_1_2, SecurityPolicy_TLS13_1_3_2025_09, "
                        "SecurityPolicy_TLS13_1_3_FIPS_2025_09, SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09, "
                        "SecurityPolicy_TLS13_1_2_FIPS_PQ_2025_09, SecurityPolicy_TLS13_1_2_FIPS_PFS_PQ_2025_09, "
                        "SecurityPolicy_TLS13_1_2_PQ_2025_09, SecurityPolicy_TLS13_1_2_2021_06, "
                        "SecurityPolicy_TLS13_2025_EDGE, SecurityPolicy_TLS12_PFS_2025_EDGE or "
                        'SecurityPolicy_TLS12_2018_EDGE, got "TLS_1_3"; did you mean TLS_1_2?'
                    ),
                )
            ],
        ),
        (
            policy_of(mutualTlsAuthentication=MUTUAL_TLS),
            [
                (
                    "mutual-tls-bypass",
                    (
                        "apis.shop.disableExecuteApiEndpoint: is false: AWS's own name for the API asks for no "
                        "certificate, past mutual TLS"
                    ),
                )
            ],
        ),
        (
            with_shop({SHOP_DOMAIN: DOMAIN, (*SHOP, "routes", "GET /ping"): {"integration": "list"}}),
            [
                (
                    "reserved-path",
                    (
                        'apis.shop.routes["GET /ping"]: is not reached under shop.example.com: API Gateway answers '
                        "/ping of a domain by itself"
                    ),
                )
            ],
        ),
        (
            with_shop({(*SHOP, "disableExecuteApiEndpoint"): True}),
            [
                (
                    "no-endpoint",
                    ("apis.shop.disableExecuteApiEndpoint: leaves the API without an endpoint: it has no domain"),
                )
            ],
        ),
        (
            policy_of(stage="prod"),
            [("domain-stage", f'{DOMAIN_AT}.stage: no stage "prod" under apis.shop.stage; known: none')],
        ),
    ],
)
def test_domains(changes: Mapping[Location, object], expected: list[tuple[str, str]]) -> None:
    assert found(changes) == expected


def test_a_path_is_reserved_under_a_domain_alone() -> None:
    ping: dict[Location, object] = {(*SHOP, "routes", "GET /ping"): {"integration": "list"}}
    assert found(with_shop(ping)) == []
    assert found(with_shop({**ping, SHOP_DOMAIN: {**DOMAIN, "apiMappingKey": "shop"}})) == []


def test_a_rest_and_an_http_api_share_a_domain() -> None:
    shared = {**DOMAIN, "apiMappingKey": "orders"}
    assert found(with_shop({SHOP_DOMAIN: DOMAIN, (*ORDERS, "domain"): shared})) == []


@pytest.mark.parametrize(
    ("own", "other", "api", "expected"),
    [
        (
            {"endpointType": "EDGE"},
            {},
            ORDERS,
            [
                (
                    "rest-edge-domain",
                    (
                        f"{DOMAIN_AT}.endpointType: must be REGIONAL beside the HTTP API orders, which has the same "
                        "domain name, got EDGE"
                    ),
                )
            ],
        ),
        (
            {"securityPolicy": "TLS_1_0"},
            {},
            ORDERS,
            [
                (
                    "rest-domain-policy",
                    (
                        f"{DOMAIN_AT}.securityPolicy: must be TLS_1_2 beside the HTTP API orders, which has the same "
                        'domain name, got "TLS_1_0"'
                    ),
                )
            ],
        ),
        (
            {"hostedZoneId": "Z1"},
            {},
            ORDERS,
            [
                (
                    "domain-shared",
                    (
                        f"{DOMAIN_AT}.hostedZoneId: must be that of apis.orders.domain, which has the same domain "
                        'name: null, got "Z1"'
                    ),
                )
            ],
        ),
        (
            {},
            {},
            CHAT,
            [
                (
                    "domain-websocket",
                    (
                        f"{DOMAIN_AT}.domainName: must differ from that of apis.chat.domain: a REST API and a "
                        'WebSocket API cannot share a domain name, got "shop.example.com"'
                    ),
                )
            ],
        ),
    ],
)
def test_a_domain_of_two_kinds_of_api(
    own: dict[str, object], other: dict[str, object], api: Location, expected: list[tuple[str, str]]
) -> None:
    changes = with_shop(
        {SHOP_DOMAIN: {**DOMAIN, **own, "apiMappingKey": "shop"}, (*api, "domain"): {**DOMAIN, **other}}
    )
    assert found(changes) == expected


def test_a_rest_api_before_an_http_api_has_the_place() -> None:
    shop = with_shop({SHOP_DOMAIN: EDGE})[SHOP]
    orders = {**changed({})["apis"]["orders"], "domain": {**DOMAIN, "apiMappingKey": "orders"}}
    assert found({("apis",): {"shop": shop, "orders": orders}}) == [
        (
            "rest-edge-domain",
            (
                f"{DOMAIN_AT}.endpointType: must be REGIONAL beside the HTTP API orders, which has the same domain "
                "name, got EDGE"
            ),
        )
    ]


def test_two_rest_apis_agree_on_their_domain() -> None:
    stock = {**changed(with_shop())["apis"]["shop"], "domain": {**DOMAIN, "apiMappingKey": "stock"}}
    own = {**DOMAIN, "securityPolicy": "SecurityPolicy_TLS13_1_3_2025_09", "endpointAccessMode": "STRICT"}
    there = "apis.shop.domain, which has the same domain name"
    assert found(with_shop({SHOP_DOMAIN: own, ("apis", "stock"): stock})) == [
        (
            "domain-shared",
            (
                f"apis.stock.domain.securityPolicy: must be that of {there}: "
                '"SecurityPolicy_TLS13_1_3_2025_09", got "TLS_1_2"'
            ),
        ),
        ("domain-shared", f'apis.stock.domain.endpointAccessMode: must be that of {there}: "STRICT", got null'),
    ]
