import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.naming import balancer_name, http_route_name, named

NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,63}", fullmatch=True)


@given(NAMES)
def test_a_balancer_name_leaves_room_for_pulumis_suffix(name: str) -> None:
    physical = f"{balancer_name(name)}-1a2b3c4"
    assert len(physical) <= 32
    assert re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?", physical)
    assert not physical.startswith("internal-")


@given(st.sets(NAMES, min_size=2, max_size=6))
def test_different_names_stay_different(names: set[str]) -> None:
    assert len({balancer_name(name) for name in names}) == len(names)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("chat", "chat"),
        ("a-name-of-24-characters-", "a-name-of-24-chara-626a3"),
        ("internal-chat", "chat-db2a3"),
        ("with_underscore", "with-underscore-25c43"),
    ],
)
def test_a_name_is_changed_only_where_aws_would_refuse_it(name: str, expected: str) -> None:
    assert balancer_name(name) == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("$default", "api-$default"),
        ("GET /", "api-GET/"),
        ("ANY /{proxy+}", "api-ANY/{+}"),
        ("GET /orders/{id}/lines/{line}", "api-GET/orders/{}/lines/{}"),
    ],
)
def test_an_http_route_is_named_by_its_key(key: str, expected: str) -> None:
    assert http_route_name("api", key) == expected


def test_a_name_tag_is_added_to_the_stacks_tags() -> None:
    assert named({"team": "edge"}, "network") == {"team": "edge", "Name": "network"}
