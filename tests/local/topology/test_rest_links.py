"""Private integrations of REST APIs: links by stage variables. Source: the AWS page "Set up a private integration"."""

import pytest

from apigateway.errors import TopologyError
from apigateway.rest_resources import RestRouteKey
from local.recording import Json
from local.topology.calls import PrivateCall, Reach, Reached, Unreachable
from local.topology.reading import build_topology
from tests.local.recordings import NLB
from tests.local.rest_recordings import Block, RestProgram, by_v1_link, by_v2_link

INTEGRATION = 'apis.pets.routes["GET /"].integration'


def program_with(integration: Block) -> RestProgram:
    """Return an API with this integration of its one method."""
    made = RestProgram()
    made.method("GET /", integration)
    return made


def reach_of(made: RestProgram) -> Reach:
    """Return where the one method leads."""
    (api,) = build_topology(made.recording_program().recording()).rest_apis
    call = api.methods[RestRouteKey.parse("GET /")].integration.call
    assert isinstance(call, PrivateCall)
    return call.reach


def refusal(made: RestProgram) -> str:
    with pytest.raises(TopologyError) as raised:
        build_topology(made.recording_program().recording())
    return str(raised.value)


@pytest.mark.parametrize(
    ("integration", "backend"),
    [
        (by_v1_link(), "chat"),
        (by_v2_link(), "orders"),
        (by_v1_link(connectionId="link-v1"), "chat"),
        (by_v2_link(connectionId="link-v2"), "orders"),
    ],
)
def test_a_link_is_named_by_its_stage_variable_or_outright(integration: Block, backend: str) -> None:
    made = program_with(integration)
    made.stage("prod")
    reach = reach_of(made)
    assert isinstance(reach, Reached)
    assert reach.backend == backend


def test_an_id_outright_asks_no_stage() -> None:
    made = program_with(by_v1_link(connectionId="link-v1"))
    made.made.change("pets-dev", variables=None)
    assert isinstance(reach_of(made), Reached)


def test_a_variable_that_stages_do_not_have_is_a_problem_of_each() -> None:
    made = program_with(by_v1_link())
    made.stage("blue")
    made.stage("prod")
    for stage in ("dev", "prod"):
        made.made.change(f"pets-{stage}", variables={"vpcLink": "link-v2"})
    missing = f'{INTEGRATION}: connectionId is the stage variable "vpcLink_chat", which stage "{{}}" does not have'
    assert refusal(made) == f"{missing.format('dev')}\n{missing.format('prod')}"


def test_stages_that_name_two_links_are_refused() -> None:
    made = program_with(by_v1_link())
    made.made.add("aws:apigateway/vpcLink:VpcLink", "link-new", {"targetArn": NLB})
    made.stage("blue", vpcLink_chat="link-new")
    assert refusal(made) == (
        f'{INTEGRATION}: connectionId is the stage variable "vpcLink_chat", which must be the same link in every stage '
        'for the local gateway, got "link-new" in stage "blue", "link-v1" in stage "dev"'
    )


@pytest.mark.parametrize(
    ("variables", "integration", "reason"),
    [
        (
            {"vpcLink_chat": "link-v2"},
            by_v1_link(),
            'VPC link "link-v2" is a v2 link, and an integration without an integrationTarget needs a v1 link',
        ),
        (
            {"vpcLink": "link-v1"},
            by_v2_link(),
            'VPC link "link-v1" is a v1 link, and an integrationTarget needs a v2 link',
        ),
        ({"vpcLink_chat": "gone"}, by_v1_link(), 'the stack has no VPC link with the id "gone"'),
        (
            {},
            by_v1_link(connectionId="x${stageVariables.a}"),
            'the stack has no VPC link with the id "x${stageVariables.a}"',
        ),
    ],
)
def test_a_link_that_does_not_lead_there(variables: Json, integration: Block, reason: str) -> None:
    made = program_with(integration)
    made.made.change("pets-dev", variables=variables)
    assert reach_of(made) == Unreachable(reason=reason)


def test_an_api_without_stages_leads_nowhere() -> None:
    made = program_with(by_v1_link())
    made.made.drop("pets-dev")
    reason = "its API has no stage that says which VPC link ${stageVariables.vpcLink_chat} is"
    assert reach_of(made) == Unreachable(reason=reason)


def test_a_stage_that_cannot_be_read_is_one_problem_and_not_one_of_each_method() -> None:
    made = program_with(by_v1_link())
    made.made.change("pets-dev", deployment=None, variables={})
    assert refusal(made) == 'aws:apigateway/stage:Stage "pets-dev": has no deployment, so it serves nothing'
