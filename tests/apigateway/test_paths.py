import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigateway.paths import format_path, join_paths

Location = tuple[int | str, ...]


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ((), ""),
        (("network", "cidr"), "network.cidr"),
        (("apis", "chat", "routes", "$connect", "integration"), 'apis.chat.routes["$connect"].integration'),
        (("routes", "ANY /{proxy+}"), 'routes["ANY /{proxy+}"]'),
        (("responseParameters", "404", "overwrite:statuscode"), 'responseParameters.404["overwrite:statuscode"]'),
        (("vpcEndpoints", 1, "service"), "vpcEndpoints[1].service"),
        (("routes", ""), 'routes[""]'),
        (("routes", 'say "hi"'), r'routes["say \"hi\""]'),
        (("routes", "a\nb"), r'routes["a\nb"]'),
        (("routes", "größe"), 'routes["größe"]'),
        (("$default", "x"), '["$default"].x'),
        (("my-api", "a_b"), "my-api.a_b"),
    ],
)
def test_path(location: Location, path: str) -> None:
    assert format_path(location) == path


def parts(path: str) -> Location:
    """Read a path back."""
    found = re.finditer(r'\.?([A-Za-z0-9_-]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]', path)
    return tuple(
        match[1] if match[1] is not None else int(match[2]) if match[2] is not None else json.loads(match[3])
        for match in found
    )


@given(st.lists(st.text() | st.integers(min_value=0), max_size=5).map(tuple))
def test_path_is_unambiguous(location: Location) -> None:
    assert parts(format_path(location)) == location


@pytest.mark.parametrize(
    ("around", "path", "joined"),
    [
        ("apis.chat", "routes", "apis.chat.routes"),
        ("routes", '["GET /"].x', 'routes["GET /"].x'),
        ("", "routes", "routes"),
        ("apis.chat", "", "apis.chat"),
    ],
)
def test_a_path_within_another(around: str, path: str, joined: str) -> None:
    assert join_paths(around, path) == joined
