"""Custom domain names: read from the recording, and which API a path leads to."""

import pytest

from apigateway.errors import TopologyError
from local.topology.domains import Domain, DomainMapping
from local.topology.reading import build_topology
from tests.local.recordings import program


def mapping(key: str, api_id: str = "orders", stage: str = "$default") -> DomainMapping:
    return DomainMapping(key=key, api_id=api_id, stage=stage)


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/orders/v1/7", "orders/v1"),
        ("/orders/v1", "orders/v1"),
        ("/orders/v10", "orders"),
        ("/orders", "orders"),
        ("/order", ""),
        ("/", ""),
    ],
)
def test_the_longest_key_wins(path: str, key: str) -> None:
    domain = Domain(name="api.example.com", mappings=(mapping("orders/v1"), mapping("orders"), mapping("")))
    found = domain.find(path)
    assert found is not None
    assert found.key == key


@pytest.mark.parametrize(
    ("name", "host", "expected"),
    [
        ("api.example.com", "api.example.com", True),
        ("API.example.com", "api.example.com", True),
        ("api.example.com", "www.example.com", False),
        ("*.example.com", "api.example.com", True),
        ("*.example.com", "example.com", False),
        ("*.example.com", "v1.api.example.com", False),
    ],
)
def test_a_domain_knows_its_hosts(name: str, host: str, expected: bool) -> None:
    assert Domain(name=name, mappings=()).is_for(host) is expected


def test_a_path_may_lead_nowhere() -> None:
    assert Domain(name="api.example.com", mappings=(mapping("v1"),)).find("/v2/x") is None


def test_domains_are_read_with_the_longest_key_first() -> None:
    made = program()
    made.http_api()
    made.add("aws:apigatewayv2/domainName:DomainName", "b", {"domainName": "b.example.com"})
    made.add("aws:apigateway/domainName:DomainName", "a", {"domainName": "a.example.com"})
    for key in ("v1", "v1/deep", None):
        made.add(
            "aws:apigatewayv2/apiMapping:ApiMapping",
            f"b-{key}",
            {"apiId": "orders", "domainName": "b.example.com", "stage": "$default", "apiMappingKey": key},
        )
    made.add(
        "aws:apigateway/basePathMapping:BasePathMapping",
        "a-pets",
        {"restApi": "pets", "domainName": "a.example.com", "stageName": "dev", "basePath": "pets"},
    )
    assert build_topology(made.recording()).domains == (
        Domain(name="a.example.com", mappings=(mapping("pets", "pets", "dev"),)),
        Domain(name="b.example.com", mappings=(mapping("v1/deep"), mapping("v1"), mapping(""))),
    )


def test_a_mapping_needs_its_domain() -> None:
    made = program()
    made.add(
        "aws:apigatewayv2/apiMapping:ApiMapping",
        "m",
        {"apiId": "orders", "domainName": "gone.example.com", "stage": "$default"},
    )
    with pytest.raises(TopologyError) as raised:
        build_topology(made.recording())
    assert str(raised.value) == 'the stack maps an API to "gone.example.com", which is no domain name of it'
