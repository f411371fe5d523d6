"""The names of the stage variables that hold VPC links."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigateway.link_variables import is_link_variable, link_variable
from apigateway.stages import check_variable_name

NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,63}", fullmatch=True)


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:8]


@pytest.mark.parametrize(
    ("backend", "variable"),
    [
        (None, "vpcLink"),
        ("chat", "vpcLink_chat"),
        ("chat_2", "vpcLink_chat_2"),
        ("a-b", f"vpcLink_a_b_{digest('a-b')}"),
        ("x" * 56, "vpcLink_" + "x" * 56),
        ("x" * 57, f"vpcLink_{'x' * 47}_{digest('x' * 57)}"),
        ("-" * 64, f"vpcLink_{'_' * 47}_{digest('-' * 64)}"),
    ],
)
def test_the_name_of_a_variable(backend: str | None, variable: str) -> None:
    assert link_variable(backend) == variable


def test_the_hash_is_that_of_the_whole_name() -> None:
    assert link_variable("a-b") == "vpcLink_a_b_d44362d6"


@given(NAMES)
def test_every_backend_has_a_legal_variable(name: str) -> None:
    variable = link_variable(name)
    check_variable_name(variable)
    assert is_link_variable(variable)


@given(st.sets(NAMES, min_size=2))
def test_no_two_backends_share_one(names: set[str]) -> None:
    assert len({link_variable(name) for name in (*names, None)}) == len(names) + 1


@pytest.mark.parametrize("name", ["vpcLink", "vpcLink_", "vpcLink_chat"])
def test_a_name_that_is_kept_for_links(name: str) -> None:
    assert is_link_variable(name)


@pytest.mark.parametrize("name", ["vpclink", "vpcLinks", "myvpcLink_", "tenant", ""])
def test_a_name_that_is_free(name: str) -> None:
    assert not is_link_variable(name)
