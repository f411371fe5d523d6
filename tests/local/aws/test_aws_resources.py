import string
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigateway.arns import ServiceUri
from local.aws import (
    AwsResource,
    Bucket,
    Configuration,
    EventBus,
    Queue,
    StateMachine,
    Stream,
    Topic,
    named_by_subtype,
    named_by_uri,
)
from local.aws.wire import read_resources, write_resources

HOME = "eu-central-1"
QUEUE_URL = "https://sqs.us-west-2.amazonaws.com/210987654321/orders"
MACHINE = "arn:aws:states:us-west-2:210987654321:stateMachine:fulfil"
TOPIC = "arn:aws:sns:us-west-2:210987654321:alerts"
CONFIGURATION = {"Application": "shop", "Environment": "abc1234", "Configuration": "flags", "ClientId": "laptop"}

BY_SUBTYPE: list[tuple[str, dict[str, str], list[AwsResource]]] = [
    (
        "SQS-SendMessage",
        {"QueueUrl": QUEUE_URL, "MessageBody": "$request.body"},
        [Queue(region="us-west-2", name="orders")],
    ),
    ("SQS-PurgeQueue", {"QueueUrl": f"{QUEUE_URL}.fifo"}, [Queue(region="us-west-2", name="orders.fifo")]),
    ("SQS-PurgeQueue", {"QueueUrl": "$request.body.queue"}, []),
    ("SQS-PurgeQueue", {"QueueUrl": f"{QUEUE_URL}-$request.path.tenant"}, []),
    ("SQS-PurgeQueue", {"QueueUrl": "https://example.com/210987654321/orders"}, []),
    ("SQS-PurgeQueue", {}, []),
    ("EventBridge-PutEvents", {"Source": "shop"}, [EventBus(region=HOME, name="default")]),
    ("EventBridge-PutEvents", {"EventBusName": "shop.bus"}, [EventBus(region=HOME, name="shop.bus")]),
    (
        "EventBridge-PutEvents",
        {"EventBusName": "arn:aws:events:eu-central-1:210987654321:event-bus/shop", "Region": "us-west-2"},
        [EventBus(region="us-west-2", name="shop")],
    ),
    ("EventBridge-PutEvents", {"EventBusName": "$stageVariables.bus"}, []),
    ("EventBridge-PutEvents", {"EventBusName": "arn:aws:events:eu-central-1:shop"}, []),
    ("EventBridge-PutEvents", {"EventBusName": "shop", "Region": "$stageVariables.region"}, []),
    ("Kinesis-PutRecord", {"StreamName": "clicks", "Data": "$request.body"}, [Stream(region=HOME, name="clicks")]),
    ("Kinesis-PutRecord", {"StreamName": "clicks", "Region": "us-west-2"}, [Stream(region="us-west-2", name="clicks")]),
    ("Kinesis-PutRecord", {"StreamName": "$request.path.stream"}, []),
    ("StepFunctions-StartExecution", {"StateMachineArn": MACHINE}, [StateMachine(region="us-west-2", name="fulfil")]),
    (
        "StepFunctions-StartSyncExecution",
        {"StateMachineArn": f"{MACHINE}:PROD"},
        [StateMachine(region="us-west-2", name="fulfil", is_express=True)],
    ),
    (
        "StepFunctions-StopExecution",
        {"ExecutionArn": "arn:aws:states:us-west-2:210987654321:execution:fulfil:one"},
        [StateMachine(region="us-west-2", name="fulfil")],
    ),
    ("StepFunctions-StopExecution", {"ExecutionArn": "$request.body.arn"}, []),
    (
        "AppConfig-GetConfiguration",
        CONFIGURATION,
        [Configuration(region=HOME, application="shop", environment="abc1234", profile="flags")],
    ),
    ("AppConfig-GetConfiguration", {**CONFIGURATION, "Environment": "$stageVariables.environment"}, []),
]


@pytest.mark.parametrize(("subtype", "parameters", "expected"), BY_SUBTYPE)
def test_what_a_subtype_names(subtype: str, parameters: dict[str, str], expected: list[AwsResource]) -> None:
    assert list(named_by_subtype(subtype, parameters, HOME)) == expected


ENCODED_URL = "https%3A%2F%2Fsqs.us-west-2.amazonaws.com%2F210987654321%2Forders"
BY_URI: list[tuple[str, str, list[AwsResource]]] = [
    ("sqs:path/210987654321/orders", "Action=SendMessage&MessageBody=$input.body", [Queue(region=HOME, name="orders")]),
    ("sqs:path/210987654321/orders.fifo/", "", [Queue(region=HOME, name="orders.fifo")]),
    ("sqs:path/210987654321/orders?Action=PurgeQueue", "", [Queue(region=HOME, name="orders")]),
    ("sqs:path/210987654321/{queue}", "", []),
    ("sqs:path/210987654321/orders-${stageVariables.tenant}", "", []),
    (
        "sqs:path//",
        f"Action=SendMessage&QueueUrl={ENCODED_URL}&MessageBody=x",
        [Queue(region="us-west-2", name="orders")],
    ),
    ("sqs:action/SendMessage", f"QueueUrl=$util.urlEncode('{QUEUE_URL}')", [Queue(region="us-west-2", name="orders")]),
    ("sqs:action/SendMessage", f"QueueUrl={QUEUE_URL}$context.stage", []),
    ("events:action/PutEvents", '{"Entries": [{"Source": "shop"}]}', [EventBus(region=HOME, name="default")]),
    ("events:action/PutEvents", '{"Entries": [{"EventBusName": "shop"}]}', [EventBus(region=HOME, name="shop")]),
    ("events:action/PutEvents", '{"Entries": [{"EventBusName": "$stageVariables.bus"}]}', []),
    ("kinesis:action/PutRecord", '{"StreamName": "clicks", "Data": "…"}', [Stream(region=HOME, name="clicks")]),
    ("kinesis:action/PutRecord", '{"StreamName": "$input.params(\'stream\')"}', []),
    (
        "states:action/StartExecution",
        f'{{"stateMachineArn": "{MACHINE}"}}',
        [StateMachine(region="us-west-2", name="fulfil")],
    ),
    (
        "states:action/StartSyncExecution",
        f'{{"stateMachineArn": "{MACHINE}"}}',
        [StateMachine(region="us-west-2", name="fulfil", is_express=True)],
    ),
    ("states:action/StartExecution", f'{{"stateMachineArn": "{MACHINE}-$context.stage"}}', []),
    ("sns:action/Publish", f"TopicArn=$util.urlEncode('{TOPIC}')", [Topic(region="us-west-2", name="alerts")]),
    ("sns:action/Publish", f"TopicArn={quote(TOPIC)}.fifo", [Topic(region="us-west-2", name="alerts.fifo")]),
    (f"sns:path//?Action=Publish&TopicArn={TOPIC}", "", [Topic(region="us-west-2", name="alerts")]),
    ("sns:action/Publish", f"TopicArn={TOPIC}-$context.stage", []),
    ("sns:action/Unsubscribe", f"SubscriptionArn={TOPIC}:0d3a", []),
    ("sns:action/Publish", f"TopicArn={TOPIC}.fifo2", []),
    ("s3:path/photos/{key}", "", [Bucket(region=HOME, name="photos")]),
    ("s3:path/photos?list-type=2", "", [Bucket(region=HOME, name="photos")]),
    ("s3:path/my.photos", "", [Bucket(region=HOME, name="my.photos")]),
    ("photos.s3:path/a/b", "", [Bucket(region=HOME, name="photos")]),
    ("s3:path/{bucket}/a", "", []),
    ("s3:path/photos-${stageVariables.tenant}/a", "", []),
    ("s3:path/Photos/a", "", []),
    (
        "appconfig:path/applications/shop/environments/dev/configurations/flags?client_id=laptop",
        "",
        [Configuration(region=HOME, application="shop", environment="dev", profile="flags")],
    ),
    ("appconfig:path/applications/shop/environments/${stageVariables.e}/configurations/flags", "", []),
    ("dynamodb:action/PutItem", '{"TableName": "orders"}', []),
]


@pytest.mark.parametrize(("call", "template", "expected"), BY_URI)
def test_what_a_uri_or_its_template_names(call: str, template: str, expected: list[AwsResource]) -> None:
    uri = ServiceUri.parse(f"arn:aws:apigateway:{HOME}:{call}")
    assert list(named_by_uri(uri, [template])) == expected


@pytest.mark.parametrize(
    ("bus", "queue"),
    [
        ("default", "default-events"),
        ("shop.bus/eu", "shop-bus-eu-events"),
        ("b" * 256, f"{'b' * 73}-events"),
    ],
)
def test_the_queue_of_a_bus_has_a_name_that_a_queue_may_have(bus: str, queue: str) -> None:
    assert EventBus(region=HOME, name=bus).queue == Queue(region=HOME, name=queue)


NAMES = st.text(string.ascii_letters + string.digits + "-_", min_size=1, max_size=20)


@given(NAMES)
def test_a_queue_is_found_by_its_url_and_by_its_path(name: str) -> None:
    url = f"https://sqs.{HOME}.amazonaws.com/210987654321/{name}"
    expected = [Queue(region=HOME, name=name)]
    assert list(named_by_subtype("SQS-PurgeQueue", {"QueueUrl": url}, "us-east-1")) == expected
    uri = ServiceUri.parse(f"arn:aws:apigateway:{HOME}:sqs:path/210987654321/{name}")
    assert list(named_by_uri(uri, ())) == expected


TEXTS = st.text()
RESOURCES = st.one_of(
    st.builds(Queue, region=TEXTS, name=TEXTS),
    st.builds(EventBus, region=TEXTS, name=TEXTS),
    st.builds(Stream, region=TEXTS, name=TEXTS),
    st.builds(Topic, region=TEXTS, name=TEXTS),
    st.builds(Bucket, region=TEXTS, name=TEXTS),
    st.builds(StateMachine, region=TEXTS, name=TEXTS, is_express=st.booleans()),
    st.builds(Configuration, region=TEXTS, application=TEXTS, environment=TEXTS, profile=TEXTS),
)


@given(st.lists(RESOURCES))
def test_resources_go_to_the_other_process_on_one_line(resources: list[AwsResource]) -> None:
    line = write_resources(resources)
    assert "\n" not in line
    assert read_resources(line) == resources
