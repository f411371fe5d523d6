"""What counts as the world: whatever is wider than a private network can be."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.aws_types import INGRESS_RULE
from policy.security_rules import find_world
from tests.policy.making import resource

WIDEST = {4: 8, 6: 7}


@st.composite
def networks(draw: st.DrawFn) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    address = draw(st.ip_addresses())
    return ipaddress.ip_network((address, draw(st.integers(0, address.max_prefixlen))), strict=False)


def world(text: str) -> list[str]:
    version = 6 if ":" in text else 4
    rule = resource(INGRESS_RULE, "https", **{f"cidrIpv{version}": text})
    return [str(found) for found in find_world(rule, "ingress", "known callers")]


@given(networks())
def test_a_range_is_the_world_by_its_width_alone(network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> None:
    assert bool(world(str(network))) == (network.prefixlen < WIDEST[network.version])


@pytest.mark.parametrize("text", ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"])
def test_every_private_range_may_be_named_as_a_whole(text: str) -> None:
    assert not world(text)
