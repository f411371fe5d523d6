import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigateway.errors import shown
from local.gateway.client import Outgoing
from local.gateway.service_calls.call import ServiceCall, ServiceParameterError
from tests.local.gateway.service_calls.calls import (
    EVENT,
    HOME,
    LOCAL,
    LOCAL_MACHINE,
    MACHINE,
    ORDERS,
    call,
    document,
    form,
    header,
)


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
