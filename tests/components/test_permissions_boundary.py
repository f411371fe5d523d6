"""Every role that is made has the boundary that the stack file names, and none has one that it does not name."""

import ast
from typing import Any

import pytest

from tests.programs import ROOT, Settings, dev_settings, run_program

ROLE = "aws:iam/role:Role"
BOUNDARY = "arn:aws:iam::123456789012:policy/teams/edge/gatelink-boundary"
QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/orders"
SEND = {
    "integrationType": "AWS_PROXY",
    "integrationSubtype": "SQS-SendMessage",
    "requestParameters": {"QueueUrl": QUEUE, "MessageBody": "$request.body"},
}


def settings() -> Settings:
    """Return a stack with every kind of role there is."""
    wanted = dev_settings()
    wanted["apis"]["orders"]["invokePrincipals"] = ["222233334444"]
    routes = {"POST /orders": {"integration": "send"}}
    wanted["apis"]["shop"] = {"protocol": "HTTP", "integrations": {"send": SEND}, "routes": routes}
    return wanted


def boundaries(wanted: Settings, **options: Any) -> dict[str, object]:  # noqa: ANN401 - of run_program
    roles = run_program(wanted, **options).of_type(ROLE)
    return {role.name: role.inputs.get("permissionsBoundary", "none") for role in roles}


ROLES = ("account-logging", "network-flow-logs", "orders-invoke", "shop-send")


@pytest.mark.parametrize("known", [True, False])
def test_every_role_has_the_stacks_boundary(known: bool) -> None:
    found = boundaries({**settings(), "permissionsBoundary": BOUNDARY}, known=known)
    assert found == dict.fromkeys(ROLES, BOUNDARY)


def test_without_the_key_no_role_has_one() -> None:
    assert boundaries(settings()) == dict.fromkeys(ROLES, "none")


def test_nothing_else_changes_with_a_boundary() -> None:
    with_, without = (run_program(s) for s in ({**settings(), "permissionsBoundary": BOUNDARY}, settings()))
    assert [
        {**one.inputs, "permissionsBoundary": BOUNDARY} if one.type == ROLE else one.inputs for one in without.resources
    ] == [one.inputs for one in with_.resources]


def test_no_component_makes_a_role_without_it() -> None:
    """Whatever settings it takes: the calls are read from the components' code."""
    calls = [
        (file.name, {keyword.arg for keyword in node.keywords})
        for file in sorted((ROOT / "components").glob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "aws.iam.Role"
    ]
    assert [name for name, _ in calls] == ["account_logging.py", "flow_logs.py", "invoke_role.py", "service_roles.py"]
    assert all("permissions_boundary" in keywords for _, keywords in calls)
