import re
from dataclasses import replace

import pytest
import pytest_asyncio
from botocore.exceptions import ClientError

from local.aws import EmbeddedAws, StateMachine
from tests.local.aws.conftest import REGION, Client, Service

pytestmark = pytest.mark.asyncio(loop_scope="module")

MACHINE = f"arn:aws:states:{REGION}:123456789012:stateMachine:fulfil"
OTHER = '{"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 9, "End": true}}}'


@pytest_asyncio.fixture(loop_scope="module")
async def states(aws: EmbeddedAws, client: Client) -> Service:
    await aws.provide([StateMachine(region=REGION, name="fulfil"), StateMachine(region=REGION, name="changed")])
    return client("stepfunctions")


def changed(states: Service) -> str:
    """Return a machine to which somebody has given a definition of his own."""
    arn = MACHINE.replace("fulfil", "changed")
    states.update_state_machine(stateMachineArn=arn, definition=OTHER)
    return arn


async def test_the_type_of_a_machine_is_what_its_calls_need(aws: EmbeddedAws, client: Client) -> None:
    west = client("stepfunctions", "us-west-2")

    async def types(*machines: StateMachine) -> dict[str, str]:
        await aws.provide(machines)
        return {found["name"]: found["type"] for found in west.list_state_machines()["stateMachines"]}

    slow, quick = (StateMachine(region="us-west-2", name=name) for name in ("slow", "quick"))
    sync = StateMachine(region="us-west-2", name="quick", is_express=True)
    assert await types(slow, sync) == {"slow": "STANDARD", "quick": "EXPRESS"}
    assert await types(quick) == {"slow": "STANDARD", "quick": "EXPRESS"}
    assert await types(slow, replace(slow, is_express=True)) == {"slow": "EXPRESS", "quick": "EXPRESS"}
    for name in ("slow", "quick"):
        arn = f"arn:aws:states:us-west-2:123456789012:stateMachine:{name}"
        assert west.start_sync_execution(stateMachineArn=arn)["status"] == "SUCCEEDED"
        started = west.start_execution(stateMachineArn=arn)["executionArn"]
        assert west.stop_execution(executionArn=started)["stopDate"]


async def test_a_machine_that_somebody_defined_keeps_its_type(aws: EmbeddedAws, client: Client) -> None:
    east = client("stepfunctions", "us-east-1")
    role = "arn:aws:iam::123456789012:role/me"
    arn = east.create_state_machine(name="mine", definition=OTHER, roleArn=role)["stateMachineArn"]
    await aws.provide([StateMachine(region="us-east-1", name="mine", is_express=True)])
    assert east.describe_state_machine(stateMachineArn=arn)["type"] == "STANDARD"


async def test_an_execution_succeeds_with_its_input(states: Service) -> None:
    arn = states.start_execution(stateMachineArn=MACHINE, name="one", input='{"id":7}')["executionArn"]
    assert arn == f"arn:aws:states:{REGION}:123456789012:execution:fulfil:one"
    execution = states.describe_execution(executionArn=arn)
    assert (execution["status"], execution["output"]) == ("SUCCEEDED", '{"id":7}')
    assert execution["stopDate"] >= execution["startDate"]


async def test_one_that_has_ended_is_not_stopped_again(states: Service) -> None:
    arn = states.start_execution(stateMachineArn=MACHINE)["executionArn"]
    assert (
        states.stop_execution(executionArn=arn)["stopDate"] == states.describe_execution(executionArn=arn)["stopDate"]
    )
    assert states.describe_execution(executionArn=arn)["status"] == "SUCCEEDED"


async def test_one_of_another_definition_runs_until_it_is_stopped(states: Service) -> None:
    arn = states.start_execution(stateMachineArn=changed(states))["executionArn"]
    assert states.describe_execution(executionArn=arn)["status"] == "RUNNING"
    states.stop_execution(executionArn=arn, error="Late", cause="too slow")
    execution = states.describe_execution(executionArn=arn)
    assert (execution["status"], execution["error"], execution["cause"]) == ("ABORTED", "Late", "too slow")


async def test_a_synchronous_execution_returns_its_output(states: Service) -> None:
    before = states.list_executions(stateMachineArn=MACHINE)["executions"]
    answers = [states.start_sync_execution(stateMachineArn=MACHINE, name="same", input="[1]") for _ in range(2)]
    for answer in answers:
        assert re.fullmatch(
            f"arn:aws:states:{REGION}:123456789012:express:fulfil:same:[0-9a-f-]{{36}}", answer["executionArn"]
        )
        assert {name: answer[name] for name in ("stateMachineArn", "name", "status", "input", "output")} == {
            "stateMachineArn": MACHINE,
            "name": "same",
            "status": "SUCCEEDED",
            "input": "[1]",
            "output": "[1]",
        }
    assert states.list_executions(stateMachineArn=MACHINE)["executions"] == before


async def test_one_of_another_definition_cannot_be_run_synchronously(states: Service) -> None:
    with pytest.raises(ClientError) as caught:
        states.start_sync_execution(stateMachineArn=changed(states))
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert caught.value.response["Error"] == {
        "Code": "NotInEmbeddedAws",
        "Message": "the embedded AWS runs no definition but its own, and changed was given another one",
    }


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"input": "{"}, "InvalidExecutionInput"),
        ({"name": "no spaces"}, "InvalidName"),
        ({"stateMachineArn": f"{MACHINE}s"}, "StateMachineDoesNotExist"),
    ],
)
@pytest.mark.parametrize("action", ["start_execution", "start_sync_execution"])
async def test_what_the_service_refuses(states: Service, action: str, arguments: dict[str, str], error: str) -> None:
    with pytest.raises(ClientError) as caught:
        getattr(states, action)(**{"stateMachineArn": MACHINE, **arguments})
    assert caught.value.response["Error"]["Code"] == error
