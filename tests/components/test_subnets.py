from ipaddress import IPv4Network

from hypothesis import given
from hypothesis import strategies as st

from components.subnets import PlannedSubnet, plan_subnets

ZONES = st.integers(min_value=1, max_value=6)


def networks(smallest: int) -> st.SearchStrategy[str]:
    """Ranges of /16 to the smallest that a VPC may have, anywhere in 10.0.0.0/8."""

    def aligned(prefix: int, number: int) -> str:
        return str(IPv4Network((0x0A000000 + (number << (32 - prefix)), prefix)))

    sizes = st.integers(min_value=16, max_value=smallest)
    return sizes.flatmap(lambda prefix: st.builds(aligned, st.just(prefix), st.integers(0, 2 ** (prefix - 8) - 1)))


@given(cidr=networks(22), zones=ZONES, public=st.booleans())
def test_subnets_lie_in_the_vpc_and_apart(cidr: str, zones: int, public: bool) -> None:
    ranges = [IPv4Network(subnet.cidr) for subnet in plan_subnets(cidr, zones, public=public)]
    assert len(ranges) == (2 * zones if public else zones)
    assert all(block.subnet_of(IPv4Network(cidr)) for block in ranges)
    assert not any(one.overlaps(other) for i, one in enumerate(ranges) for other in ranges[:i])


@given(cidr=networks(22), zones=st.integers(min_value=1, max_value=5), public=st.booleans())
def test_a_further_zone_moves_no_subnet(cidr: str, zones: int, public: bool) -> None:
    before = plan_subnets(cidr, zones, public=public)
    after = plan_subnets(cidr, zones + 1, public=public)
    assert set(before) < set(after)


@given(cidr=networks(22), zones=ZONES)
def test_public_subnets_move_no_private_one(cidr: str, zones: int) -> None:
    private = plan_subnets(cidr, zones, public=False)
    assert [subnet for subnet in plan_subnets(cidr, zones, public=True) if subnet.kind == "private"] == list(private)


@given(cidr=networks(24), zones=ZONES)
def test_private_subnets_are_large_enough_for_an_application_load_balancer(cidr: str, zones: int) -> None:
    assert all(IPv4Network(subnet.cidr).prefixlen <= 27 for subnet in plan_subnets(cidr, zones, public=False))


@given(cidr=networks(22), zones=ZONES)
def test_public_subnets_are_large_enough_for_aws(cidr: str, zones: int) -> None:
    assert all(IPv4Network(subnet.cidr).prefixlen <= 28 for subnet in plan_subnets(cidr, zones, public=True))


def test_a_plan_as_written_in_names_and_ranges() -> None:
    plan = plan_subnets("10.20.0.0/16", 2, public=True)
    assert {subnet.suffix: subnet.cidr for subnet in plan} == {
        "private-a": "10.20.0.0/19",
        "private-b": "10.20.32.0/19",
        "public-a": "10.20.224.0/22",
        "public-b": "10.20.228.0/22",
    }
    assert plan[1] == PlannedSubnet(kind="private", zone=1, cidr="10.20.32.0/19")
