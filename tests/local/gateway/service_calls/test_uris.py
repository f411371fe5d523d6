import pytest

from local.gateway.outside import NoCounterpartError
from local.gateway.service_calls.call import ServiceParameterError
from local.gateway.service_calls.uris import unserved
from tests.local.gateway.service_calls.calls import HOME, LOCAL_MACHINE, MACHINE, document, header, of_uri

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
