"""Roles of service integrations: what they may do, and whether the provider is asked where the stack is deployed."""

import json
from typing import Any

import pytest

from components.service_roles import Place, resource_of
from local.recording import Recording
from settings.integrations import HttpServiceIntegration
from tests.programs import Settings, names, only, run_program

ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/rolePolicy:RolePolicy"
INTEGRATION = "aws:apigatewayv2/integration:Integration"
QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/111122223333/orders"
QUEUE = "arn:aws:sqs:eu-west-1:111122223333:orders"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"
SEND: Settings = {
    "integrationType": "AWS_PROXY",
    "integrationSubtype": "SQS-SendMessage",
    "requestParameters": {"QueueUrl": QUEUE_URL, "MessageBody": "$request.body", "Region": "eu-west-1"},
}
PUT: Settings = {
    "integrationType": "AWS_PROXY",
    "integrationSubtype": "EventBridge-PutEvents",
    "requestParameters": {"Source": "shop", "DetailType": "order", "Detail": "$request.body"},
}
HERE = Place(partition="aws-cn", region="cn-north-1", account="444455556666")


def stack(**integrations: Settings) -> Settings:
    routes = {f"POST /{name}": {"integration": name} for name in integrations}
    return {"apis": {"shop": {"protocol": "HTTP", "integrations": integrations, "routes": routes}}}


def statements(recording: Recording, name: str) -> Any:  # noqa: ANN401 - JSON
    document = json.loads(str(only(recording, POLICY, name).inputs["policy"]))
    assert document["Version"] == "2012-10-17"
    return document["Statement"]


def never() -> Place:
    raise AssertionError("the parameters name everything")


@pytest.mark.parametrize("known", [True, False])
def test_a_role_may_do_one_thing_to_one_resource(known: bool) -> None:
    recording = run_program(stack(send=SEND), known=known)
    role = only(recording, ROLE, "shop-send")
    assert json.loads(str(role.inputs["assumeRolePolicy"])) == {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
    assert role.inputs["description"] == "Lets API Gateway call SQS-SendMessage"
    assert statements(recording, "shop-send") == [
        {"Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": [QUEUE]}
    ]
    policy = only(recording, POLICY)
    assert policy.inputs["role"] == (role.outputs["name"] if known else "<unknown>")
    integration = only(recording, INTEGRATION)
    assert integration.inputs["credentialsArn"] == (role.outputs["arn"] if known else "<unknown>")
    assert {role.urn, policy.urn} <= set(integration.dependencies)


@pytest.mark.parametrize("known", [True, False])
def test_what_the_parameters_leave_out_is_where_the_stack_is(known: bool) -> None:
    recording = run_program(stack(put=PUT), region="eu-north-1", known=known)
    assert statements(recording, "shop-put") == [
        {
            "Effect": "Allow",
            "Action": ["events:PutEvents"],
            "Resource": ["arn:aws:events:eu-north-1:123456789012:event-bus/default"],
        }
    ]


def test_a_resource_that_only_a_request_names_is_any() -> None:
    parameters = {"QueueUrl": "$request.querystring.queue", "MessageBody": "$request.body"}
    recording = run_program(stack(send={**SEND, "requestParameters": parameters}))
    assert statements(recording, "shop-send") == [{"Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": ["*"]}]


def test_a_customer_key_may_be_used() -> None:
    parameters = {"QueueUrl": "$request.querystring.queue", "MessageBody": "$request.body"}
    send = {**SEND, "requestParameters": parameters, "resourceArn": QUEUE, "kmsKeyArn": KEY}
    recording = run_program(stack(send=send))
    assert statements(recording, "shop-send") == [
        {"Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": [QUEUE]},
        {"Effect": "Allow", "Action": ["kms:GenerateDataKey", "kms:Decrypt"], "Resource": [KEY]},
    ]


def test_each_integration_has_a_role_of_its_own_unless_the_stack_gives_one() -> None:
    given = "arn:aws:iam::123456789012:role/sends"
    recording = run_program(stack(put=PUT, send=SEND, sent={**SEND, "credentialsArn": given}))
    assert names(recording, ROLE) == names(recording, POLICY) == ["shop-put", "shop-send"]
    assert only(recording, INTEGRATION, "shop-sent").inputs["credentialsArn"] == given


def test_the_name_of_a_role_leaves_room_for_pulumis_characters() -> None:
    (first, second) = names(
        run_program(stack(**{f"{'x' * 60}{end}": SEND | {"description": end} for end in "ab"})), ROLE
    )
    assert len(first) == len(second) == 64 - len("-1234567")
    assert first[:50] == second[:50]
    assert first != second


@pytest.mark.parametrize(
    ("subtype", "parameters", "expected"),
    [
        ("SQS-PurgeQueue", {"QueueUrl": QUEUE_URL}, QUEUE),
        ("SQS-PurgeQueue", {"QueueUrl": "$stageVariables.queue"}, None),
        (
            "StepFunctions-StartExecution",
            {"StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:ship"},
            "arn:aws:states:us-east-1:123456789012:stateMachine:ship",
        ),
        (
            "EventBridge-PutEvents",
            {"EventBusName": "arn:aws:events:us-east-1:111122223333:event-bus/all"},
            "arn:aws:events:us-east-1:111122223333:event-bus/all",
        ),
        ("Kinesis-PutRecord", {"StreamName": "${request.path.stream}"}, None),
    ],
)
def test_the_provider_is_not_asked_what_is_known(subtype: str, parameters: Settings, expected: str | None) -> None:
    assert resource_of(service(subtype, parameters), never) == expected


@pytest.mark.parametrize(
    ("subtype", "parameters", "expected"),
    [
        ("EventBridge-PutEvents", {}, "arn:aws-cn:events:cn-north-1:444455556666:event-bus/default"),
        ("EventBridge-PutEvents", {"EventBusName": "all"}, "arn:aws-cn:events:cn-north-1:444455556666:event-bus/all"),
        (
            "Kinesis-PutRecord",
            {"StreamName": "clicks", "Region": "cn-northwest-1"},
            "arn:aws-cn:kinesis:cn-northwest-1:444455556666:stream/clicks",
        ),
    ],
)
def test_the_provider_is_asked_for_the_rest(subtype: str, parameters: Settings, expected: str) -> None:
    assert resource_of(service(subtype, parameters), lambda: HERE) == expected


def test_the_stacks_own_word_goes_first() -> None:
    spec = service("SQS-PurgeQueue", {"QueueUrl": QUEUE_URL}).model_copy(update={"resource_arn": "arn:aws:sqs:::x"})
    assert resource_of(spec, never) == "arn:aws:sqs:::x"


def service(subtype: str, parameters: Settings) -> HttpServiceIntegration:
    return HttpServiceIntegration.model_validate(
        {"integrationType": "AWS_PROXY", "integrationSubtype": subtype, "requestParameters": parameters}
    )
