import re

import pytest

from apigateway.link_zones import LINK_ZONE_IDS, zones_for_links


@pytest.mark.parametrize(
    ("region", "zones", "kept"),
    [
        ("us-east-1", ["use1-az3", "use1-az2", "use1-az1"], ("use1-az1", "use1-az2")),
        ("us-east-1", ["use1-az3"], ()),
        ("ap-northeast-1", ["apne1-az3", "apne1-az4"], ("apne1-az4",)),
        ("eu-west-3", ["euw3-az1", "euw3-az2", "euw3-az3"], ("euw3-az1", "euw3-az3")),
        ("eu-west-1", [], ()),
        ("us-east-1", ["use1-atl2-az1", "use1-az1"], ("use1-az1",)),
        ("il-central-1", ["ilc1-az2", "ilc1-az1"], ("ilc1-az1", "ilc1-az2")),
    ],
)
def test_zones_where_links_exist(region: str, zones: list[str], kept: tuple[str, ...]) -> None:
    assert zones_for_links(region, zones) == kept


@pytest.mark.parametrize("region", LINK_ZONE_IDS)
def test_every_known_region_has_two_zones_of_its_own(region: str) -> None:
    zones = LINK_ZONE_IDS[region]
    continent, *middle, number = region.split("-")
    code = continent + "".join({"northeast": "ne", "southeast": "se"}.get(word, word[0]) for word in middle) + number
    code = {"us-gov-west-1": "usgw1"}.get(region, code)
    assert len(zones) >= 2
    assert [zone for zone in zones if not re.fullmatch(rf"{code}-az[1-6]", zone)] == []
    assert list(zones) == sorted(set(zones))
