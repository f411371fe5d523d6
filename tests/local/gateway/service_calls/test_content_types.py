"""The ``Content-Type`` of what the services answer to an HTTP API: that of each service's protocol."""

from collections.abc import AsyncIterator

import boto3
import pytest
import pytest_asyncio

from apigateway.service_integrations import SERVICE_INTEGRATIONS
from local.aws import Configuration, EmbeddedAws, EventBus, Queue, StateMachine, Stream
from local.gateway.service_calls.subtypes import request_of_subtype
from local.gateway.upstream import Answered, Upstream

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOME = "eu-central-1"
QUEUE = {"QueueUrl": f"https://sqs.{HOME}.amazonaws.com/210987654321/orders"}
MACHINE = {"StateMachineArn": f"arn:aws:states:{HOME}:210987654321:stateMachine:fulfil"}
EVENT = {"Source": "shop", "DetailType": "placed", "Detail": "{}"}
RECORD = {"StreamName": "clicks", "Data": "aGk=", "PartitionKey": "p"}
FLAGS = {"Application": "shop", "Environment": "dev", "Configuration": "flags", "ClientId": "laptop"}
EXECUTION = f"arn:aws:states:{HOME}:210987654321:execution:fulfil"
XML = "text/xml"
JSON_10 = "application/x-amz-json-1.0"
JSON_11 = "application/x-amz-json-1.1"

ANSWERS: list[tuple[str, dict[str, str], int, str]] = [
    ("SQS-SendMessage", {**QUEUE, "MessageBody": "x"}, 200, XML),
    ("SQS-ReceiveMessage", QUEUE, 200, XML),
    ("SQS-DeleteMessage", {**QUEUE, "ReceiptHandle": "x"}, 400, XML),
    ("SQS-PurgeQueue", QUEUE, 200, XML),
    ("EventBridge-PutEvents", EVENT, 200, JSON_11),
    ("EventBridge-PutEvents", {**EVENT, "EventBusName": "gone"}, 400, JSON_11),
    ("Kinesis-PutRecord", RECORD, 200, JSON_11),
    ("Kinesis-PutRecord", {**RECORD, "StreamName": "gone"}, 400, JSON_11),
    ("StepFunctions-StartExecution", {**MACHINE, "Name": "one"}, 200, JSON_10),
    ("StepFunctions-StartSyncExecution", MACHINE, 200, JSON_10),
    ("StepFunctions-StopExecution", {"ExecutionArn": f"{EXECUTION}:one"}, 200, JSON_10),
    ("StepFunctions-StopExecution", {"ExecutionArn": f"{EXECUTION}:gone"}, 400, JSON_10),
    ("AppConfig-GetConfiguration", FLAGS, 200, "application/yaml"),
    ("AppConfig-GetConfiguration", {**FLAGS, "Configuration": "gone"}, 404, "application/json"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def aws() -> AsyncIterator[EmbeddedAws]:
    running = await EmbeddedAws.start()
    await running.provide(
        [
            Queue(region=HOME, name="orders"),
            EventBus(region=HOME, name="default"),
            Stream(region=HOME, name="clicks"),
            StateMachine(region=HOME, name="fulfil"),
            Configuration(region=HOME, application="shop", environment="dev", profile="flags"),
        ]
    )
    client = boto3.client(
        "appconfig",
        endpoint_url=running.endpoint,
        region_name=HOME,
        aws_access_key_id="local",
        aws_secret_access_key="local",  # noqa: S106
    )
    (application,) = client.list_applications()["Items"]
    (profile,) = client.list_configuration_profiles(ApplicationId=application["Id"])["Items"]
    client.create_hosted_configuration_version(
        ApplicationId=application["Id"],
        ConfigurationProfileId=profile["Id"],
        Content=b"dark: true",
        ContentType="application/yaml",
    )
    client.close()
    yield running
    await running.stop()


async def test_the_type_of_an_answer_is_that_of_its_protocol(aws: EmbeddedAws) -> None:
    upstream = Upstream("", {})
    got = []
    for subtype, parameters, _, _ in ANSWERS:
        call = request_of_subtype(subtype, parameters, region=HOME, endpoint=aws.endpoint, timeout=30)
        answer = await upstream.send_public(aws.endpoint, call.outgoing)
        assert isinstance(answer, Answered)
        types = [value for name, value in answer.headers if name.lower() == "content-type"]
        got.append((subtype, parameters, answer.status, ", ".join(types)))
    await upstream.close()
    assert got == ANSWERS


async def test_every_subtype_is_asked() -> None:
    assert {subtype for subtype, *_ in ANSWERS} == set(SERVICE_INTEGRATIONS)
