import base64
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

import boto3
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from apigateway.errors import shown
from apigateway.mapping.data import Pairs
from local.aws import Configuration, EmbeddedAws, EventBus, Queue, StateMachine, Stream
from local.gateway.outside import NoCounterpartError
from local.gateway.services import (
    ServiceCall,
    ServiceParameterError,
    call_of,
    call_of_uri,
    lacking,
    unserved,
)
from local.gateway.upstream import Answered, Outgoing, Upstream

HOME = "eu-central-1"
LOCAL = "http://127.0.0.1:4566"
ORDERS = f"https://sqs.{HOME}.amazonaws.com/210987654321/orders"
MACHINE = f"arn:aws:states:{HOME}:210987654321:stateMachine:fulfil"
LOCAL_MACHINE = f"arn:aws:states:{HOME}:123456789012:stateMachine:fulfil"

Service: TypeAlias = Any


def call(subtype: str, endpoint: str = LOCAL, **parameters: str) -> ServiceCall:
    return call_of(subtype, parameters, region=HOME, endpoint=endpoint, timeout=30)


def header(outgoing: Outgoing, name: str) -> str:
    return dict(outgoing.headers)[name]


def form(made: ServiceCall) -> dict[str, str]:
    assert made.outgoing.body is not None
    return dict(parse_qsl(made.outgoing.body.decode(), keep_blank_values=True, strict_parsing=True))


def document(made: ServiceCall) -> Any:  # noqa: ANN401 - whatever JSON it is
    assert made.outgoing.body is not None
    return json.loads(made.outgoing.body)


def test_a_request_is_signed_in_form() -> None:
    made = call("SQS-PurgeQueue", QueueUrl=ORDERS)
    assert made == ServiceCall(
        service="sqs",
        region=HOME,
        outgoing=Outgoing(
            method="POST",
            target="/123456789012/orders",
            headers=(
                ("Content-Type", "application/x-www-form-urlencoded"),
                (
                    "Authorization",
                    (
                        f"AWS4-HMAC-SHA256 Credential=gatelink/20260101/{HOME}/sqs/aws4_request, "
                        f"SignedHeaders=host, Signature={'0' * 64}"
                    ),
                ),
            ),
            body=b"Action=PurgeQueue&Version=2012-11-05",
            timeout=30,
        ),
    )


def test_the_region_may_be_another_one() -> None:
    url = "https://sqs.us-west-2.amazonaws.com/210987654321/orders"
    made = call("SQS-PurgeQueue", QueueUrl=url, Region="us-west-2")
    assert (made.region, form(made)) == ("us-west-2", {"Action": "PurgeQueue", "Version": "2012-11-05"})
    assert "/us-west-2/sqs/aws4_request" in header(made.outgoing, "Authorization")


@pytest.mark.parametrize("url", [ORDERS, f"{LOCAL}/123456789012/orders", f"{LOCAL}/210987654321/orders"])
def test_a_queue_is_named_as_on_aws_or_as_here(url: str) -> None:
    assert call("SQS-PurgeQueue", QueueUrl=url).outgoing.target == "/123456789012/orders"


SQS: list[tuple[str, dict[str, str], dict[str, str]]] = [
    (
        "SQS-SendMessage",
        {"QueueUrl": ORDERS, "MessageBody": "a=1&b=ä", "DelaySeconds": "5"},
        {"MessageBody": "a=1&b=ä", "DelaySeconds": "5"},
    ),
    (
        "SQS-SendMessage",
        {
            "QueueUrl": f"{ORDERS}.fifo",
            "MessageBody": "x",
            "MessageGroupId": "g",
            "MessageDeduplicationId": "d",
            "MessageAttributes": '{"tenant": {"DataType": "String", "StringValue": "acme"},'
            ' "blob": {"DataType": "Binary", "BinaryValue": "aGk="}}',
            "MessageSystemAttributes": '{"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1"}}',
        },
        {
            "MessageBody": "x",
            "MessageGroupId": "g",
            "MessageDeduplicationId": "d",
            "MessageAttribute.1.Name": "tenant",
            "MessageAttribute.1.Value.DataType": "String",
            "MessageAttribute.1.Value.StringValue": "acme",
            "MessageAttribute.2.Name": "blob",
            "MessageAttribute.2.Value.DataType": "Binary",
            "MessageAttribute.2.Value.BinaryValue": "aGk=",
            "MessageSystemAttribute.1.Name": "AWSTraceHeader",
            "MessageSystemAttribute.1.Value.DataType": "String",
            "MessageSystemAttribute.1.Value.StringValue": "Root=1",
        },
    ),
    (
        "SQS-ReceiveMessage",
        {
            "QueueUrl": ORDERS,
            "AttributeNames": '["SentTimestamp", "SenderId"]',
            "MessageAttributeNames": "tenant, trace",
            "MaxNumberOfMessages": "10",
            "WaitTimeSeconds": "0",
        },
        {
            "AttributeName.1": "SentTimestamp",
            "AttributeName.2": "SenderId",
            "MessageAttributeName.1": "tenant",
            "MessageAttributeName.2": "trace",
            "MaxNumberOfMessages": "10",
            "WaitTimeSeconds": "0",
        },
    ),
    ("SQS-DeleteMessage", {"QueueUrl": ORDERS, "ReceiptHandle": "a+b/c="}, {"ReceiptHandle": "a+b/c="}),
]


@pytest.mark.parametrize(("subtype", "parameters", "fields"), SQS)
def test_sqs_gets_a_form(subtype: str, parameters: dict[str, str], fields: dict[str, str]) -> None:
    made = call(subtype, **parameters)
    assert form(made) == {"Action": subtype.removeprefix("SQS-"), "Version": "2012-11-05", **fields}


EVENT = {"Source": "shop", "DetailType": "placed", "Detail": '{"id": 7}'}
JSON_CALLS: list[tuple[str, dict[str, str], str, str, object]] = [
    (
        "EventBridge-PutEvents",
        {
            **EVENT,
            "EventBusName": "shop",
            "Time": "2026-01-01T00:00:00Z",
            "Resources": "arn:aws:s3:::a,arn:aws:s3:::b",
            "TraceHeader": "Root=1",
            "Region": HOME,
        },
        "AWSEvents.PutEvents",
        "1.1",
        {
            "Entries": [
                {
                    **EVENT,
                    "EventBusName": "shop",
                    "Time": 1767225600.0,
                    "Resources": ["arn:aws:s3:::a", "arn:aws:s3:::b"],
                    "TraceHeader": "Root=1",
                }
            ]
        },
    ),
    (
        "EventBridge-PutEvents",
        {**EVENT, "Time": "1767225600123"},
        "AWSEvents.PutEvents",
        "1.1",
        {"Entries": [{**EVENT, "Time": 1767225600.123}]},
    ),
    (
        "EventBridge-PutEvents",
        {**EVENT, "Time": "1767225600"},
        "AWSEvents.PutEvents",
        "1.1",
        {"Entries": [{**EVENT, "Time": 1767225600.0}]},
    ),
    (
        "Kinesis-PutRecord",
        {"StreamName": "clicks", "Data": "aGk=", "PartitionKey": "p", "ExplicitHashKey": "1"},
        "Kinesis_20131202.PutRecord",
        "1.1",
        {"StreamName": "clicks", "Data": "aGk=", "PartitionKey": "p", "ExplicitHashKey": "1"},
    ),
    (
        "StepFunctions-StartExecution",
        {"StateMachineArn": f"{MACHINE}:PROD", "Name": "one", "Input": "{}"},
        "AWSStepFunctions.StartExecution",
        "1.0",
        {"stateMachineArn": LOCAL_MACHINE, "name": "one", "input": "{}"},
    ),
    (
        "StepFunctions-StartSyncExecution",
        {"StateMachineArn": MACHINE, "TraceHeader": "Root=1", "Input": f'{{"arn": "{MACHINE}"}}'},
        "AWSStepFunctions.StartSyncExecution",
        "1.0",
        {"stateMachineArn": LOCAL_MACHINE, "traceHeader": "Root=1", "input": f'{{"arn": "{MACHINE}"}}'},
    ),
    (
        "StepFunctions-StopExecution",
        {"ExecutionArn": f"arn:aws:states:{HOME}:210987654321:execution:fulfil:one", "Error": "E", "Cause": "C"},
        "AWSStepFunctions.StopExecution",
        "1.0",
        {"executionArn": f"arn:aws:states:{HOME}:123456789012:execution:fulfil:one", "error": "E", "cause": "C"},
    ),
]


@pytest.mark.parametrize(("subtype", "parameters", "target", "version", "body"), JSON_CALLS)
def test_other_services_get_json(
    subtype: str, parameters: dict[str, str], target: str, version: str, body: object
) -> None:
    made = call(subtype, **parameters)
    assert (made.outgoing.method, made.outgoing.target) == ("POST", "/")
    assert header(made.outgoing, "X-Amz-Target") == target
    assert header(made.outgoing, "Content-Type") == f"application/x-amz-json-{version}"
    assert document(made) == body


def test_app_config_gets_a_path() -> None:
    made = call(
        "AppConfig-GetConfiguration",
        Application="the shop",
        Environment="a/b",
        Configuration="flags",
        ClientId="me & you",
        ClientConfigurationVersion="2",
    )
    assert (made.service, made.outgoing.method, made.outgoing.body) == ("appconfig", "GET", None)
    assert made.outgoing.target == (
        "/applications/the%20shop/environments/a%2Fb/configurations/flags"
        "?client_id=me+%26+you&client_configuration_version=2"
    )


BAD: list[tuple[str, dict[str, str], str]] = [
    ("SQS-SendMessage", {"QueueUrl": ORDERS, "MessageBody": ""}, 'MessageBody must have a value, got ""'),
    ("SQS-SendMessage", {"QueueUrl": ORDERS}, "SQS-SendMessage needs MessageBody, got QueueUrl"),
    (
        "SQS-PurgeQueue",
        {"QueueUrl": "orders"},
        'QueueUrl must be the URL of a queue, https://sqs.REGION.amazonaws.com/ACCOUNT/NAME, got "orders"',
    ),
    ("SQS-PurgeQueue", {"QueueUrl": f"{ORDERS}$"}, f'QueueUrl must not hold a "$", got "{ORDERS}$"'),
    (
        "SQS-PurgeQueue",
        {"QueueUrl": ORDERS, "Region": "us-west-2"},
        f'Region must be {HOME}, the Region of the queue, got "us-west-2"',
    ),
    (
        "SQS-ReceiveMessage",
        {"QueueUrl": ORDERS, "WaitTimeSeconds": "21"},
        'WaitTimeSeconds must be a whole number of 0 to 20, got "21"',
    ),
    (
        "SQS-ReceiveMessage",
        {"QueueUrl": ORDERS, "AttributeNames": "[1]"},
        'AttributeNames must be a list of texts, got "[1]"',
    ),
    (
        "SQS-ReceiveMessage",
        {"QueueUrl": ORDERS, "AttributeNames": '["All"'},
        'AttributeNames must be JSON, got "["All""',
    ),
    (
        "SQS-ReceiveMessage",
        {"QueueUrl": ORDERS, "AttributeNames": "[" * 10_000},
        f'AttributeNames must be JSON, got "{shown("[" * 10_000)}"',
    ),
    *(
        (
            "SQS-SendMessage",
            {"QueueUrl": ORDERS, "MessageBody": "x", "MessageAttributes": given_value},
            (
                'MessageAttributes must be JSON such as {"tenant": {"DataType": "String", "StringValue": "acme"}}, '
                f'got "{shown_value}"'
            ),
        )
        for given_value, shown_value in [
            ("[]", "[]"),
            ('{"a": "b"}', '{"a": "b"}'),
            ('{"a": {"StringValue": "v"}}', '{"a": {"StringValue": "v"}}'),
            ('{"a": {"DataType": "String"}}', '{"a": {"DataType": "String"}}'),
            ('{"a": {"DataType": "Number", "StringValue": 7}}', '{"a": {"DataType": "Number", "StringValue": 7}}'),
        ]
    ),
    (
        "EventBridge-PutEvents",
        {**EVENT, "Time": "yesterday"},
        'Time must be a time such as 2026-01-31T12:00:00Z, or seconds since 1970, got "yesterday"',
    ),
    (
        "EventBridge-PutEvents",
        {**EVENT, "Time": "9" * 400},
        f'Time must be a time such as 2026-01-31T12:00:00Z, or seconds since 1970, got "{shown("9" * 400)}"',
    ),
    (
        "Kinesis-PutRecord",
        {"StreamName": "clicks", "Data": "hello", "PartitionKey": "p"},
        'Data must be base64, got "hello"',
    ),
    (
        "StepFunctions-StartExecution",
        {"StateMachineArn": "fulfil"},
        (
            "StateMachineArn must be the ARN of a state machine, arn:aws:states:REGION:ACCOUNT:stateMachine:NAME,"
            ' got "fulfil"'
        ),
    ),
]


@pytest.mark.parametrize(("subtype", "parameters", "message"), BAD)
def test_what_a_service_cannot_take(subtype: str, parameters: dict[str, str], message: str) -> None:
    with pytest.raises(ServiceParameterError) as caught:
        call(subtype, **parameters)
    assert str(caught.value) == message


@given(st.text(min_size=1))
def test_any_text_can_be_a_message(text: str) -> None:
    assert form(call("SQS-SendMessage", QueueUrl=ORDERS, MessageBody=text))["MessageBody"] == text


@given(st.text(min_size=1))
def test_any_text_can_be_an_input(text: str) -> None:
    made = call("StepFunctions-StartExecution", StateMachineArn=MACHINE, Input=text)
    assert document(made)["input"] == text


def of_uri(
    tail: str, *, query: str = "", headers: Pairs = (), body: bytes | None = None, method: str = "POST"
) -> ServiceCall:
    uri = f"arn:aws:apigateway:{HOME}:{tail}"
    return call_of_uri(uri, method=method, query=query, headers=headers, body=body, timeout=29)


URIS: list[tuple[str, str, str]] = [
    ("sqs:path/210987654321/orders", "", "/210987654321/orders"),
    ("sqs:path/210987654321/orders", "Action=PurgeQueue", "/210987654321/orders?Action=PurgeQueue"),
    ("sqs:path//", "", "//"),
    ("sqs:action/SendMessage", "MessageBody=x", "/?Action=SendMessage&MessageBody=x"),
    ("sns:action/Publish", "", "/?Action=Publish"),
    ("s3:path/bucket/a%20b?versionId=1", "x=1", "/bucket/a%20b?versionId=1&x=1"),
    ("bucket.s3:path/key", "", "/bucket/key"),
    ("kinesis:action/PutRecord", "", "/"),
]


@pytest.mark.parametrize(("tail", "query", "target"), URIS)
def test_a_uri_becomes_a_target(tail: str, query: str, target: str) -> None:
    made = of_uri(tail, query=query)
    assert (made.outgoing.method, made.outgoing.target, made.region) == ("POST", target, HOME)


@pytest.mark.parametrize(
    ("tail", "target"),
    [
        ("kinesis:action/PutRecord", "Kinesis_20131202.PutRecord"),
        ("dynamodb:action/PutItem", "DynamoDB_20120810.PutItem"),
        ("states:action/StartExecution", "AWSStepFunctions.StartExecution"),
    ],
)
def test_some_actions_get_their_target(tail: str, target: str) -> None:
    assert header(of_uri(tail).outgoing, "X-Amz-Target") == target


def test_headers_go_on_but_for_those_of_the_signature() -> None:
    given_headers = (("X-Amz-Target", "AWSEvents.PutEvents"), ("authorization", "mine"), ("Host", "example.com"))
    made = of_uri("events:action/PutEvents", headers=given_headers, body=b"{}")
    assert [name for name, _ in made.outgoing.headers] == ["X-Amz-Target", "Authorization"]
    assert made.outgoing.body == b"{}"


def test_event_bridge_wants_its_target_from_the_integration() -> None:
    with pytest.raises(ServiceParameterError) as caught:
        of_uri("events:action/PutEvents")
    assert str(caught.value) == (
        "events:action/PutEvents needs the header X-Amz-Target: AWSEvents.PutEvents, "
        "and the integration does not map it"
    )


def test_a_service_with_paths_has_no_actions() -> None:
    with pytest.raises(ServiceParameterError) as caught:
        of_uri("s3:action/GetObject")
    assert str(caught.value) == "s3 has paths and no actions, got action/GetObject"


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        (
            f'{{"stateMachineArn": "{MACHINE}", "input": "{MACHINE}"}}',
            {"stateMachineArn": LOCAL_MACHINE, "input": MACHINE},
        ),
        ('{"input": "x"}', {"input": "x"}),
        ('{"stateMachineArn": 7}', {"stateMachineArn": 7}),
        ("[]", []),
    ],
)
def test_a_state_machine_of_any_account_is_the_local_one(body: str, sent: object) -> None:
    assert document(of_uri("states:action/StartExecution", body=body.encode())) == sent


@pytest.mark.parametrize("body", [None, b"", b"\xff", b"no JSON", b"[" * 10_000])
def test_a_body_that_is_no_json_goes_on(body: bytes | None) -> None:
    assert of_uri("states:action/StartExecution", body=body).outgoing.body == body


def test_a_service_that_is_not_here_is_named() -> None:
    reason = (
        'the service "ssm" is not on this laptop; those that are: '
        "appconfig, dynamodb, events, kinesis, s3, sns, sqs, states"
    )
    assert unserved(f"arn:aws:apigateway:{HOME}:ssm:action/GetParameter") == reason
    assert unserved(f"arn:aws:apigateway:{HOME}:sqs:path/210987654321/orders") is None
    with pytest.raises(NoCounterpartError) as caught:
        of_uri("ssm:action/GetParameter")
    assert str(caught.value) == reason


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
