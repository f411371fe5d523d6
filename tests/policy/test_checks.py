"""Every policy finds the bad resources and leaves the good ones alone; see ``tests/policy/cases``."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from policy.catalog import POLICIES
from policy.model import Policy, Resource
from tests.policy.making import Cases, find


def cases_of(policy: Policy) -> Cases:
    """Return the cases of a policy; its file of cases has the name of the policy's own."""
    cases: Cases = import_module(f"tests.policy.cases.{policy.id.replace('-', '_')}").CASES
    return cases


def good() -> Iterator[tuple[Policy, str, tuple[Resource, ...]]]:
    for policy in POLICIES:
        for name, resources in cases_of(policy).good.items():
            yield policy, name, resources


def bad() -> Iterator[tuple[Policy, str, tuple[Resource, ...], list[str]]]:
    for policy in POLICIES:
        cases = cases_of(policy)
        for name, (resources, lines) in {**cases.bad, **cases.undecided}.items():
            yield policy, name, resources, lines


@pytest.mark.parametrize(
    ("policy", "resources"), [pytest.param(policy, case, id=f"{policy.id}: {name}") for policy, name, case in good()]
)
def test_good_resources_pass(policy: Policy, resources: tuple[Resource, ...]) -> None:
    assert find(policy, resources) == []


@pytest.mark.parametrize(
    ("policy", "resources", "lines"),
    [pytest.param(policy, case, lines, id=f"{policy.id}: {name}") for policy, name, case, lines in bad()],
)
def test_bad_resources_are_found(policy: Policy, resources: tuple[Resource, ...], lines: list[str]) -> None:
    assert find(policy, resources) == lines


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.id)
def test_every_policy_has_a_good_and_a_bad_resource(policy: Policy) -> None:
    cases = cases_of(policy)
    assert cases.policy is policy
    assert cases.good
    assert cases.bad
    assert cases.bad.keys().isdisjoint(cases.undecided)


def test_every_file_of_a_policy_is_in_the_catalog() -> None:
    root = Path(__file__).parents[2] / "policy" / "checks"
    files = sorted(file.stem.replace("_", "-") for file in root.glob("*.py") if file.stem != "__init__")
    assert sorted(policy.id for policy in POLICIES) == files
