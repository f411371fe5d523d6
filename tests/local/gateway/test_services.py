import base64
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any, TypeAlias

import boto3
import pytest
import pytest_asyncio

from local.aws import Configuration, EmbeddedAws, EventBus, Queue, StateMachine, Stream
from local.gateway.service_calls.call import ServiceCall
from local.gateway.services import lacking
from local.gateway.upstream import Answered, Upstream
from tests.local.gateway.service_calls.calls import (
    EVENT,
    HOME,
    MACHINE,
    ORDERS,
    call,
    of_uri,
)

Service: TypeAlias = Any


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def aws() -> AsyncIterator[EmbeddedAws]:
    running = await EmbeddedAws.start()
    await running.provide(
        [
            Queue(region=HOME, name="orders"),
            Queue(region=HOME, name="orders.fifo"),
            EventBus(region=HOME, name="shop"),
            Stream(region=HOME, name="clicks"),
            StateMachine(region=HOME, name="fulfil"),
            Configuration(region=HOME, application="shop", environment="dev", profile="flags"),
        ]
    )
    yield running
    await running.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def upstream() -> AsyncIterator[Upstream]:
    made = Upstream("", {})
    yield made
    await made.close()


@pytest.fixture
def sqs(aws: EmbeddedAws) -> Iterator[Service]:
    client = boto3.client(
        "sqs",
        endpoint_url=aws.endpoint,
        region_name=HOME,
        aws_access_key_id="local",
        aws_secret_access_key="local",  # noqa: S106
    )
    yield client
    client.close()


async def sent(aws: EmbeddedAws, upstream: Upstream, made: ServiceCall) -> Answered:
    answer = await upstream.send_public(aws.endpoint, made.outgoing)
    assert isinstance(answer, Answered)
    return answer


def received(sqs: Service, queue: str) -> Any:  # noqa: ANN401 - as boto3 returns it
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    (message,) = sqs.receive_message(QueueUrl=url, AttributeNames=["All"], MessageAttributeNames=["All"])["Messages"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return message


@pytest.mark.asyncio(loop_scope="module")
async def test_a_message_is_sent_received_and_deleted(aws: EmbeddedAws, upstream: Upstream, sqs: Service) -> None:
    attributes = '{"tenant": {"DataType": "String", "StringValue": "acme"}}'
    made = call("SQS-SendMessage", QueueUrl=ORDERS, MessageBody="hello", MessageAttributes=attributes)
    answer = await sent(aws, upstream, made)
    assert answer.status == 200
    assert answer.body.startswith(b'<SendMessageResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/">')
    message = received(sqs, "orders")
    assert (message["Body"], message["MessageAttributes"]["tenant"]["StringValue"]) == ("hello", "acme")
    url = f"{aws.endpoint}/123456789012/orders"
    for text in ("one", "two"):
        await sent(aws, upstream, call("SQS-SendMessage", aws.endpoint, QueueUrl=url, MessageBody=text))
    answer = await sent(aws, upstream, call("SQS-ReceiveMessage", QueueUrl=ORDERS, AttributeNames="All"))
    text = answer.body.decode()
    assert "<Body>one</Body><Attribute><Name>SenderId</Name>" in text
    handle = text.partition("<ReceiptHandle>")[2].partition("</ReceiptHandle>")[0]
    answer = await sent(aws, upstream, call("SQS-DeleteMessage", QueueUrl=ORDERS, ReceiptHandle=handle))
    assert (answer.status, b"<DeleteMessageResponse" in answer.body) == (200, True)
    assert (await sent(aws, upstream, call("SQS-PurgeQueue", QueueUrl=ORDERS))).status == 200
    assert "Messages" not in sqs.receive_message(QueueUrl=url)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_fifo_queue_keeps_the_group(aws: EmbeddedAws, upstream: Upstream, sqs: Service) -> None:
    made = call("SQS-SendMessage", QueueUrl=f"{ORDERS}.fifo", MessageBody="x", MessageGroupId="g")
    assert (await sent(aws, upstream, made)).status == 200
    assert received(sqs, "orders.fifo")["Attributes"]["MessageGroupId"] == "g"


@pytest.mark.asyncio(loop_scope="module")
async def test_a_service_answers_for_what_is_not_there(aws: EmbeddedAws, upstream: Upstream) -> None:
    answer = await sent(aws, upstream, call("SQS-PurgeQueue", QueueUrl=f"{ORDERS}-2"))
    assert answer.status == 400
    assert b"<Code>AWS.SimpleQueueService.NonExistentQueue</Code>" in answer.body
    answer = await sent(aws, upstream, call("Kinesis-PutRecord", StreamName="no", Data="aGk=", PartitionKey="p"))
    assert (answer.status, json.loads(answer.body)["__type"]) == (400, "ResourceNotFoundException")
    assert lacking(answer) is None


@pytest.mark.asyncio(loop_scope="module")
async def test_an_event_arrives(aws: EmbeddedAws, upstream: Upstream, sqs: Service) -> None:
    bus = f"arn:aws:events:{HOME}:210987654321:event-bus/shop"
    made = call("EventBridge-PutEvents", **EVENT, EventBusName=bus, Time="1767225600000")
    answer = await sent(aws, upstream, made)
    assert (answer.status, json.loads(answer.body)["FailedEntryCount"]) == (200, 0)
    event = json.loads(received(sqs, "shop-events")["Body"])
    assert (event["detail-type"], event["detail"], event["time"]) == ("placed", {"id": 7}, "2026-01-01T00:00:00Z")


@pytest.mark.asyncio(loop_scope="module")
async def test_a_record_arrives(aws: EmbeddedAws, upstream: Upstream) -> None:
    data = base64.b64encode(b"\x00hello").decode()
    answer = await sent(aws, upstream, call("Kinesis-PutRecord", StreamName="clicks", Data=data, PartitionKey="p"))
    assert answer.status == 200
    assert json.loads(answer.body) == {"ShardId": "shardId-000000000000", "SequenceNumber": "1"}


@pytest.mark.asyncio(loop_scope="module")
async def test_a_state_machine_runs(aws: EmbeddedAws, upstream: Upstream) -> None:
    made = call("StepFunctions-StartExecution", StateMachineArn=f"{MACHINE}:PROD", Name="one", Input='{"id": 7}')
    started = json.loads((await sent(aws, upstream, made)).body)
    assert started["executionArn"] == f"arn:aws:states:{HOME}:123456789012:execution:fulfil:one"
    made = call("StepFunctions-StartSyncExecution", StateMachineArn=MACHINE, Input='{"id": 7}')
    finished = json.loads((await sent(aws, upstream, made)).body)
    assert (finished["status"], finished["output"]) == ("SUCCEEDED", '{"id": 7}')
    made = call("StepFunctions-StopExecution", ExecutionArn=started["executionArn"])
    assert list(json.loads((await sent(aws, upstream, made)).body)) == ["stopDate"]


@pytest.mark.asyncio(loop_scope="module")
async def test_a_configuration_is_asked_for(aws: EmbeddedAws, upstream: Upstream) -> None:
    parts = {"Application": "shop", "Environment": "dev", "Configuration": "flags", "ClientId": "laptop"}
    answer = await sent(aws, upstream, call("AppConfig-GetConfiguration", **parts))
    assert answer.status == 404
    assert json.loads(answer.body)["message"].startswith("flags has no version yet: give it one with aws appconfig ")


@pytest.mark.asyncio(loop_scope="module")
async def test_a_rest_apis_request_arrives_and_is_answered_in_json(
    aws: EmbeddedAws, upstream: Upstream, sqs: Service
) -> None:
    made = of_uri(
        "sqs:path/210987654321/orders",
        headers=(("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")),
        body=b"Action=SendMessage&MessageBody=from+REST",
    )
    answer = await sent(aws, upstream, made)
    assert list(json.loads(answer.body)["SendMessageResponse"]["SendMessageResult"]) == [
        "MD5OfMessageBody",
        "MessageId",
    ]
    assert received(sqs, "orders")["Body"] == "from REST"


@pytest.mark.asyncio(loop_scope="module")
async def test_what_the_embedded_aws_lacks_is_told_from_an_answer(aws: EmbeddedAws, upstream: Upstream) -> None:
    answer = await sent(aws, upstream, of_uri("kinesis:action/UpdateMaxRecordSize", body=b"{}"))
    assert lacking(answer) == (
        "the embedded AWS cannot do this: The update_max_record_size action has not been implemented"
    )
