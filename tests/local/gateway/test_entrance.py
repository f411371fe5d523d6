from dataclasses import replace

import pytest

from local.gateway.entrance import Entrance, own_entrance
from local.topology.domains import Domain, DomainMapping
from local.topology.reading import build_topology
from tests.local.recordings import program

MAPPING = DomainMapping(key="", api_id="orders", stage="dev")
ELSEWHERE = Domain(name="other.example", mappings=(replace(MAPPING, api_id="other"),))


@pytest.mark.parametrize("key", ["", "v1/shop"])
def test_an_api_that_is_shut_otherwise_has_the_first_domain_that_leads_to_it(key: str) -> None:
    made = program()
    made.http_api(stage="dev")
    (orders,) = build_topology(made.recording()).http_apis
    domains = (ELSEWHERE, Domain(name="shop.example", mappings=(replace(MAPPING, key=key),)))
    shut = replace(orders, by_domain_alone=True)
    assert own_entrance(shut, domains) == Entrance(domain="shop.example", key=key, stage="dev")
    assert own_entrance(orders, domains) is None
    assert own_entrance(shut, domains[:1]) is None
