"""The services that an HTTP API calls itself."""

import botocore.session
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigateway.errors import ExpressionError
from apigateway.service_integrations import (
    SERVICE_INTEGRATIONS,
    check_parameters,
    check_resource_arn,
    check_subtype,
    queue_region,
    role_statements,
    target_arn,
)

QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/orders"
QUEUE = "arn:aws:sqs:eu-west-1:123456789012:orders"
MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:ship"
EXECUTION = "arn:aws:states:eu-west-1:123456789012:execution:ship:n1"
CONFIGURATION = "arn:aws:appconfig:eu-west-1:123456789012:application/abc1234/environment/env1234/configuration/cfg1234"
BUS = "arn:aws:events:eu-west-1:123456789012:event-bus/shop/orders"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/k"
SEND = {"QueueUrl": QUEUE_URL, "MessageBody": "$request.body"}
CLIENTS = {"events": "events", "states": "stepfunctions"}
subtypes = st.sampled_from(sorted(SERVICE_INTEGRATIONS))
parameter_names = st.sampled_from(
    sorted({name for entry in SERVICE_INTEGRATIONS.values() for name in entry.parameters})
)
values = st.one_of(
    st.sampled_from((QUEUE_URL, MACHINE, f"{MACHINE}:live", EXECUTION, "orders", "abc1234", "us-east-1", "$context.x")),
    st.text(),
)


def problems(subtype: str, parameters: dict[str, str]) -> list[tuple[str | None, str]]:
    return list(check_parameters(subtype, parameters))


def target(subtype: str, parameters: dict[str, str], partition: str = "aws", region: str = "eu-west-1") -> str | None:
    return target_arn(subtype, parameters, partition=partition, region=region, account="123456789012")


def test_the_subtypes_in_the_order_of_the_page() -> None:
    assert {name: (entry.required, entry.action) for name, entry in SERVICE_INTEGRATIONS.items()} == {
        "EventBridge-PutEvents": (("Detail", "DetailType", "Source"), "events:PutEvents"),
        "SQS-SendMessage": (("QueueUrl", "MessageBody"), "sqs:SendMessage"),
        "SQS-ReceiveMessage": (("QueueUrl",), "sqs:ReceiveMessage"),
        "SQS-DeleteMessage": (("QueueUrl", "ReceiptHandle"), "sqs:DeleteMessage"),
        "SQS-PurgeQueue": (("QueueUrl",), "sqs:PurgeQueue"),
        "AppConfig-GetConfiguration": (
            ("Application", "Environment", "Configuration", "ClientId"),
            "appconfig:GetConfiguration",
        ),
        "Kinesis-PutRecord": (("StreamName", "Data", "PartitionKey"), "kinesis:PutRecord"),
        "StepFunctions-StartExecution": (("StateMachineArn",), "states:StartExecution"),
        "StepFunctions-StartSyncExecution": (("StateMachineArn",), "states:StartSyncExecution"),
        "StepFunctions-StopExecution": (("ExecutionArn",), "states:StopExecution"),
    }
    assert list(SERVICE_INTEGRATIONS)[:2] == ["EventBridge-PutEvents", "SQS-SendMessage"]
    assert list(SERVICE_INTEGRATIONS)[-1] == "StepFunctions-StopExecution"


@pytest.mark.parametrize("subtype", SERVICE_INTEGRATIONS)
def test_the_parameters_are_those_of_the_services_own_api(subtype: str) -> None:
    integration = SERVICE_INTEGRATIONS[subtype]
    model = botocore.session.get_session().get_service_model(CLIENTS.get(integration.service, integration.service))
    shape = model.operation_model(subtype.partition("-")[2]).input_shape
    if subtype == "EventBridge-PutEvents":
        shape = shape.members["Entries"].member
    members = {name.casefold() for name in shape.members} | {"region"}
    assert {name.casefold() for name in integration.parameters} <= members
    assert {name.casefold() for name in shape.required_members} <= {name.casefold() for name in integration.required}


@pytest.mark.parametrize("subtype", SERVICE_INTEGRATIONS)
def test_a_known_subtype(subtype: str) -> None:
    check_subtype(subtype)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("SQS-SendMessages", 'did you mean "SQS-SendMessage"?'),
        ("sqs-sendmessage", 'did you mean "SQS-SendMessage"?'),
        ("SNS", f"expected one of {', '.join(SERVICE_INTEGRATIONS)}"),
        ("", f"expected one of {', '.join(SERVICE_INTEGRATIONS)}"),
    ],
)
def test_an_unknown_subtype(text: str, end: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        check_subtype(text)
    assert str(raised.value) == f'not an action that an HTTP API can call, got "{text}"; {end}'


@pytest.mark.parametrize(
    ("subtype", "parameters"),
    [
        ("SQS-SendMessage", SEND),
        ("SQS-SendMessage", {**SEND, "DelaySeconds": "900"}),
        ("SQS-SendMessage", {**SEND, "DelaySeconds": "0", "QueueUrl": "$stageVariables.queue"}),
        ("SQS-SendMessage", {**SEND, "DelaySeconds": "${request.querystring.delay}"}),
        ("SQS-ReceiveMessage", {"QueueUrl": QUEUE_URL, "MaxNumberOfMessages": "10", "WaitTimeSeconds": "20"}),
        ("SQS-ReceiveMessage", {"QueueUrl": QUEUE_URL, "VisibilityTimeout": "43200"}),
        ("StepFunctions-StartExecution", {"StateMachineArn": MACHINE}),
        ("StepFunctions-StartSyncExecution", {"StateMachineArn": f"{MACHINE}:live"}),
        ("StepFunctions-StopExecution", {"ExecutionArn": EXECUTION, "Cause": "asked to"}),
        ("StepFunctions-StopExecution", {"ExecutionArn": "$request.body.execution"}),
        ("EventBridge-PutEvents", {"Detail": "$request.body", "DetailType": "order", "Source": "api"}),
        ("EventBridge-PutEvents", {"Detail": "{}", "DetailType": "order", "Source": "awsome", "EventBusName": BUS}),
        ("Kinesis-PutRecord", {"StreamName": "a_b.c-d", "Data": "x", "PartitionKey": "k", "Region": "eu-west-1"}),
        ("SQS-SendMessage", {**SEND, "Region": "eu-west-1"}),
        ("SQS-SendMessage", {**SEND, "QueueUrl": f"{QUEUE_URL}.fifo", "MessageGroupId": "$request.header.group"}),
        ("SQS-PurgeQueue", {"QueueUrl": f"{QUEUE_URL}.fifo"}),
    ],
)
def test_parameters_without_a_problem(subtype: str, parameters: dict[str, str]) -> None:
    assert problems(subtype, parameters) == []


FIFO_URL = "https://sqs.us-east-1.amazonaws.com/123456789012/a.fifo"
SEND_PARAMETERS = (
    "QueueUrl, MessageBody, DelaySeconds, MessageAttributes, MessageDeduplicationId, MessageGroupId, "
    "MessageSystemAttributes, Region"
)


@pytest.mark.parametrize(
    ("subtype", "parameters", "found"),
    [
        ("SQS-SendMessage", {}, [(None, "SQS-SendMessage needs QueueUrl and MessageBody, got no parameters")]),
        ("SQS-SendMessage", {"QueueUrl": QUEUE_URL}, [(None, "SQS-SendMessage needs MessageBody, got QueueUrl")]),
        (
            "SQS-SendMessage",
            {"QueueURL": QUEUE_URL, "MessageBody": "x"},
            [
                (None, "SQS-SendMessage needs QueueUrl, got QueueURL, MessageBody"),
                ("QueueURL", 'not a parameter of SQS-SendMessage, got "QueueURL"; did you mean "QueueUrl"?'),
            ],
        ),
        (
            "SQS-SendMessage",
            {**SEND, "x": "y"},
            [("x", f'not a parameter of SQS-SendMessage, got "x"; expected one of {SEND_PARAMETERS}')],
        ),
        *(
            (
                "SQS-SendMessage",
                {**SEND, key: "y"},
                [
                    (
                        key,
                        (
                            "the parameters of SQS-SendMessage bear the service's own names, "
                            f'got "{key}"; expected one of {SEND_PARAMETERS}'
                        ),
                    )
                ],
            )
            for key in ("append:header.x", "overwrite:path", "remove:querystring.x", "integration.request.header.x")
        ),
        (
            "SQS-SendMessage",
            {**SEND, "MessageBody": ""},
            [("MessageBody", 'must be a value of 1 to 512 characters, got ""')],
        ),
        *(
            (
                "SQS-SendMessage",
                {**SEND, "DelaySeconds": value},
                [("DelaySeconds", f'must be a whole number of 0 to 900, got "{value}"')],
            )
            for value in ("901", "-1", "1.5", "ten", "'10'", "٣")
        ),
        (
            "SQS-ReceiveMessage",
            {"QueueUrl": QUEUE_URL, "MaxNumberOfMessages": "0", "WaitTimeSeconds": "21", "VisibilityTimeout": "43201"},
            [
                ("MaxNumberOfMessages", 'must be a whole number of 1 to 10, got "0"'),
                ("WaitTimeSeconds", 'must be a whole number of 0 to 20, got "21"'),
                ("VisibilityTimeout", 'must be a whole number of 0 to 43200, got "43201"'),
            ],
        ),
        (
            "StepFunctions-StartExecution",
            {"StateMachineArn": EXECUTION},
            [
                (
                    "StateMachineArn",
                    (
                        "must be the ARN of a state machine, arn:aws:states:REGION:ACCOUNT:stateMachine:NAME, "
                        f'got "{EXECUTION}"'
                    ),
                )
            ],
        ),
        (
            "EventBridge-PutEvents",
            {"Detail": "{}", "DetailType": "x", "Source": "aws.x", "EventBusName": "no such!", "Region": "nowhere"},
            [
                ("Source", 'must be a source of yours: one that begins with "aws." is an AWS service, got "aws.x"'),
                (
                    "EventBusName",
                    (
                        "must be the name or ARN of an event bus: up to 256 letters, digits, /, ., - and _, "
                        'got "no such!"'
                    ),
                ),
                ("Region", 'must be a Region such as us-east-1, got "nowhere"'),
            ],
        ),
        (
            "Kinesis-PutRecord",
            {"StreamName": "s t", "Data": "x", "PartitionKey": "k"},
            [("StreamName", 'must be the name of a stream: up to 128 letters, digits, _, . and -, got "s t"')],
        ),
        (
            "SQS-SendMessage",
            {**SEND, "QueueUrl": FIFO_URL, "DelaySeconds": "5"},
            [
                (
                    None,
                    "SQS-SendMessage to a FIFO queue needs MessageGroupId, got QueueUrl, MessageBody, DelaySeconds",
                ),
                ("DelaySeconds", "cannot be given for each message of a FIFO queue; the queue itself has a delay"),
            ],
        ),
        (
            "SQS-PurgeQueue",
            {"QueueUrl": FIFO_URL, "Region": "eu-west-1"},
            [("Region", 'must be us-east-1, the Region of the queue, got "eu-west-1"')],
        ),
        (
            "StepFunctions-StopExecution",
            {"ExecutionArn": MACHINE},
            [
                (
                    "ExecutionArn",
                    (
                        "must be the ARN of an execution, arn:aws:states:REGION:ACCOUNT:execution:MACHINE:NAME, "
                        f'got "{MACHINE}"'
                    ),
                )
            ],
        ),
    ],
)
def test_problems_of_parameters(subtype: str, parameters: dict[str, str], found: list[tuple[str | None, str]]) -> None:
    assert problems(subtype, parameters) == found


@pytest.mark.parametrize(
    ("url", "arn"),
    [
        (QUEUE_URL, QUEUE),
        (FIFO_URL, "arn:aws:sqs:us-east-1:123456789012:a.fifo"),
        ("https://queue.amazonaws.com/123456789012/orders", "arn:aws:sqs:us-east-1:123456789012:orders"),
        ("https://eu-west-1.queue.amazonaws.com/123456789012/orders", QUEUE),
        ("https://sqs.eu-west-1.api.aws/123456789012/orders", QUEUE),
        (
            "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/orders",
            "arn:aws-cn:sqs:cn-north-1:123456789012:orders",
        ),
        (
            "https://cn-north-1.queue.amazonaws.com.cn/123456789012/orders",
            "arn:aws-cn:sqs:cn-north-1:123456789012:orders",
        ),
        (
            "https://sqs-fips.us-gov-west-1.amazonaws.com/123456789012/orders",
            "arn:aws-us-gov:sqs:us-gov-west-1:123456789012:orders",
        ),
    ],
)
def test_the_queue_of_a_url(url: str, arn: str) -> None:
    assert target("SQS-SendMessage", {**SEND, "QueueUrl": url}) == arn
    assert problems("SQS-SendMessage", {**SEND, "QueueUrl": url, "MessageGroupId": "g"}) == []
    assert queue_region({"QueueUrl": url}) == arn.split(":")[3]
    check_resource_arn("SQS-SendMessage", arn)


@pytest.mark.parametrize(
    "url",
    [
        "orders",
        QUEUE,
        QUEUE_URL.replace("https", "http"),
        f"{QUEUE_URL}/",
        f"{QUEUE_URL}?a=b",
        "https://sqs.eu-west-1.example.com/123456789012/orders",
        "https://sns.eu-west-1.amazonaws.com/123456789012/orders",
        "https://sqs.eu-west-1.amazonaws.com/1234/orders",
        "https://sqs.eu-west-1.amazonaws.com/123456789012/" + "a" * 81,
        "https://sqs.eu-west-1.amazonaws.com/123456789012/a.b",
    ],
)
def test_what_is_not_the_url_of_a_queue(url: str) -> None:
    assert problems("SQS-PurgeQueue", {"QueueUrl": url}) == [
        (
            "QueueUrl",
            f'must be the URL of a queue, https://sqs.REGION.amazonaws.com/ACCOUNT/NAME, got "{url}"',
        )
    ]
    assert target("SQS-PurgeQueue", {"QueueUrl": url}) is None


BUS = "arn:aws:events:eu-west-1:123456789012:event-bus"


@pytest.mark.parametrize(
    ("subtype", "parameters", "arn"),
    [
        ("SQS-SendMessage", {}, None),
        ("SQS-SendMessage", {"QueueUrl": "$stageVariables.queue"}, None),
        ("SQS-SendMessage", {"QueueUrl": f"{QUEUE_URL}-${{stageVariables.env}}"}, None),
        ("StepFunctions-StartExecution", {"StateMachineArn": MACHINE}, MACHINE),
        ("StepFunctions-StartSyncExecution", {"StateMachineArn": f"{MACHINE}:live"}, f"{MACHINE}:live"),
        ("StepFunctions-StartExecution", {"StateMachineArn": f"{MACHINE}:${{stageVariables.v}}"}, None),
        ("StepFunctions-StartExecution", {}, None),
        ("StepFunctions-StopExecution", {"ExecutionArn": EXECUTION}, EXECUTION),
        ("StepFunctions-StopExecution", {"ExecutionArn": "$request.body.arn"}, None),
        ("EventBridge-PutEvents", {}, f"{BUS}/default"),
        ("EventBridge-PutEvents", {"EventBusName": "orders"}, f"{BUS}/orders"),
        ("EventBridge-PutEvents", {"EventBusName": f"{BUS}/o", "Region": "$context.x"}, f"{BUS}/o"),
        (
            "EventBridge-PutEvents",
            {"EventBusName": "orders", "Region": "us-east-1"},
            "arn:aws:events:us-east-1:123456789012:event-bus/orders",
        ),
        ("EventBridge-PutEvents", {"EventBusName": "orders", "Region": "$stageVariables.region"}, None),
        ("EventBridge-PutEvents", {"EventBusName": "${stageVariables.env}-orders"}, None),
        ("EventBridge-PutEvents", {"EventBusName": QUEUE}, None),
        ("Kinesis-PutRecord", {"StreamName": "clicks"}, "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks"),
        (
            "Kinesis-PutRecord",
            {"StreamName": "clicks", "Region": "us-east-1"},
            "arn:aws:kinesis:us-east-1:123456789012:stream/clicks",
        ),
        ("Kinesis-PutRecord", {"StreamName": "clicks", "Region": "$request.header.region"}, None),
        ("Kinesis-PutRecord", {"StreamName": "$request.path.stream"}, None),
        ("Kinesis-PutRecord", {}, None),
        (
            "AppConfig-GetConfiguration",
            {"Application": "abc1234", "Environment": "env1234", "Configuration": "cfg1234"},
            CONFIGURATION,
        ),
        (
            "AppConfig-GetConfiguration",
            {"Application": "billing", "Environment": "env1234", "Configuration": "cfg1234"},
            None,
        ),
        (
            "AppConfig-GetConfiguration",
            {"Application": "abc1234", "Environment": "$request.path.environment", "Configuration": "cfg1234"},
            None,
        ),
        ("AppConfig-GetConfiguration", {"Application": "abc1234", "Environment": "env1234"}, None),
    ],
)
def test_the_arn_that_the_parameters_name(subtype: str, parameters: dict[str, str], arn: str | None) -> None:
    assert target(subtype, parameters) == arn


def test_the_arn_is_of_the_apis_own_partition() -> None:
    assert target("EventBridge-PutEvents", {}, "aws-cn", "cn-north-1") == (
        "arn:aws-cn:events:cn-north-1:123456789012:event-bus/default"
    )


@given(subtypes, st.dictionaries(parameter_names, values))
def test_an_arn_that_is_found_can_limit_the_role(subtype: str, parameters: dict[str, str]) -> None:
    arn = target(subtype, parameters)
    if arn is not None:
        check_resource_arn(subtype, arn)
        [(actions, resources)] = role_statements(subtype, arn, None)
        assert actions == (SERVICE_INTEGRATIONS[subtype].action,)
        assert "*" not in resources
    for name, message in problems(subtype, parameters):
        assert name is None or name in parameters
        assert message


@given(subtypes, st.sampled_from(("$request.body", "${context.requestId}", "$stageVariables.x")))
def test_values_that_a_request_brings_have_no_problem_and_name_nothing(subtype: str, value: str) -> None:
    parameters = dict.fromkeys(SERVICE_INTEGRATIONS[subtype].parameters, value)
    assert problems(subtype, parameters) == []
    assert target(subtype, parameters) is None


@pytest.mark.parametrize(
    ("subtype", "arn"),
    [
        ("EventBridge-PutEvents", f"{BUS}/orders"),
        ("SQS-DeleteMessage", QUEUE),
        ("AppConfig-GetConfiguration", CONFIGURATION),
        ("Kinesis-PutRecord", "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks"),
        ("StepFunctions-StartExecution", MACHINE),
        ("StepFunctions-StopExecution", MACHINE),
        ("StepFunctions-StopExecution", EXECUTION),
    ],
)
def test_a_resource_of_the_subtype(subtype: str, arn: str) -> None:
    check_resource_arn(subtype, arn)


@pytest.mark.parametrize(
    ("subtype", "arn", "form"),
    [
        ("SQS-SendMessage", "arn:aws:sns:eu-west-1:123456789012:orders", "aws:sqs:REGION:ACCOUNT:NAME"),
        ("SQS-SendMessage", "arn:aws-cn:sqs:cn-north-1:123456789012:a/b", "aws-cn:sqs:REGION:ACCOUNT:NAME"),
        ("SQS-SendMessage", "arn:aws:sqs::123456789012:orders", "aws:sqs:REGION:ACCOUNT:NAME"),
        ("SQS-SendMessage", "arn:aws:sqs:eu-west-1:*:orders", "aws:sqs:REGION:ACCOUNT:NAME"),
        (
            "EventBridge-PutEvents",
            "arn:aws:events:eu-west-1:123456789012:rule/orders",
            "aws:events:REGION:ACCOUNT:event-bus/NAME",
        ),
        ("Kinesis-PutRecord", QUEUE, "aws:kinesis:REGION:ACCOUNT:stream/NAME"),
        ("StepFunctions-StartExecution", EXECUTION, "aws:states:REGION:ACCOUNT:stateMachine:NAME"),
        (
            "StepFunctions-StopExecution",
            QUEUE,
            "aws:states:REGION:ACCOUNT:execution:MACHINE:NAME, or …:stateMachine:NAME for all of its executions",
        ),
        (
            "AppConfig-GetConfiguration",
            "arn:aws:appconfig:eu-west-1:123456789012:application/abc1234",
            "aws:appconfig:REGION:ACCOUNT:application/ID/environment/ID/configuration/ID",
        ),
    ],
)
def test_a_resource_of_something_else(subtype: str, arn: str, form: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        check_resource_arn(subtype, arn)
    assert str(raised.value) == f'not a resource of {subtype}, got "{arn}"; expected arn:{form}'


def test_a_resource_that_is_no_arn() -> None:
    with pytest.raises(ExpressionError, match=r'^not an ARN, got "orders"; '):
        check_resource_arn("SQS-SendMessage", "orders")


APPLICATION = "arn:aws:appconfig:eu-west-1:123456789012:application/abc1234"


@pytest.mark.parametrize(
    ("subtype", "resource", "granted"),
    [
        ("SQS-SendMessage", QUEUE, (QUEUE,)),
        ("SQS-SendMessage", None, ("*",)),
        ("StepFunctions-StartExecution", MACHINE, (MACHINE,)),
        ("StepFunctions-StartSyncExecution", f"{MACHINE}:live", (MACHINE,)),
        ("StepFunctions-StopExecution", EXECUTION, (EXECUTION,)),
        (
            "StepFunctions-StopExecution",
            f"{MACHINE}:live",
            ("arn:aws:states:eu-west-1:123456789012:execution:ship:*",),
        ),
        (
            "AppConfig-GetConfiguration",
            CONFIGURATION,
            (APPLICATION, f"{APPLICATION}/environment/env1234", f"{APPLICATION}/configurationprofile/cfg1234"),
        ),
    ],
)
def test_what_a_role_is_allowed_on(subtype: str, resource: str | None, granted: tuple[str, ...]) -> None:
    assert role_statements(subtype, resource, None) == [((SERVICE_INTEGRATIONS[subtype].action,), granted)]


@pytest.mark.parametrize(
    ("subtype", "actions"),
    [
        ("EventBridge-PutEvents", ()),
        ("SQS-SendMessage", ("kms:GenerateDataKey", "kms:Decrypt")),
        ("SQS-ReceiveMessage", ("kms:Decrypt",)),
        ("SQS-DeleteMessage", ()),
        ("SQS-PurgeQueue", ()),
        ("AppConfig-GetConfiguration", ("kms:Decrypt",)),
        ("Kinesis-PutRecord", ("kms:GenerateDataKey",)),
        ("StepFunctions-StartExecution", ()),
        ("StepFunctions-StartSyncExecution", ("kms:Decrypt",)),
        ("StepFunctions-StopExecution", ()),
    ],
)
def test_what_a_role_needs_of_a_customer_key(subtype: str, actions: tuple[str, ...]) -> None:
    action = ((SERVICE_INTEGRATIONS[subtype].action,), ("*",))
    assert role_statements(subtype, None, KEY) == [action, *([(actions, (KEY,))] if actions else [])]
