"""What is said of values in other words, of keys that come from elsewhere, and of keys that are nearly right."""

from typing import Any

import pytest

from settings import load_settings
from tests.settings.examples import (
    CHAT,
    FORWARD,
    ITEM,
    ORDERS,
    PROXY,
    REMOVED,
    Location,
    changed,
    problems,
    rules_of,
    warnings,
)

STAGE = (*ORDERS, "stage")
SEND = (*CHAT, "routes", "send")
ACM = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b"
KEY = "must be the ARN of a KMS key, arn:aws:kms:REGION:ACCOUNT:key/ID, got"


def messages(changes: dict[Location, Any], region: str | None = None) -> list[str]:
    return [problem.split(": ", 1)[1] for problem in problems(changed(changes), region)]


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        ((*ITEM, "timeoutInMillis"), 5000.0, "must be a whole number, got 5000.0"),
        ((*ITEM, "description"), True, 'must be text, got true; write "true" in quotes'),
        ((*ITEM, "description"), 2.0, 'must be text, got 2.0; write "2.0" in quotes'),
        ((*ITEM, "description"), ["a"], 'must be text, got ["a"]'),
        ((*STAGE, "throttling"), "block", None),
        ((*STAGE, "throttling"), False, "must be blocked or a block of rateLimit and burstLimit, got false"),
        ((*CHAT, "stage"), {"executionLogs": "OFF"}, 'must be false or a block of keys with level, got "OFF"'),
        (
            ("backends", "chat", "loadBalancer"),
            "ALB",
            'must be network or application, got "ALB"; did you mean application?',
        ),
        (
            ("backends", "chat", "loadBalancer"),
            "NETWORK",
            'must be network or application, got "NETWORK"; did you mean network?',
        ),
        ((*STAGE, "clientCertificateId"), "x", "unknown key; client certificates belong to WebSocket and REST APIs"),
        ((*STAGE, "xrayTracing"), True, "unknown key; API Gateway traces REST APIs alone by X-Ray"),
        ((*STAGE, "deploymentId"), "x", "unknown key; the deployment is made here"),
        (
            (*STAGE, "accessLogs"),
            {"destinationArn": "x"},
            "unknown key; the log group is made here, and retentionDays and kmsKeyArn are its own",
        ),
        ((*CHAT, "webAclArn"), "x", "unknown key; AWS WAF protects REST APIs, not WebSocket APIs"),
        (
            (*SEND, "target"),
            "integrations/a",
            "unknown key; write integration, with a name under integrations or the integration itself",
        ),
        ((*ITEM, "connectionType"), "INTERNET", None),
        ((*ORDERS, "version"), "", "must not be empty"),
        ((*ORDERS, "version"), "v" * 65, "must be at most 64 characters, got 65"),
    ],
)
def test_a_value_or_key_in_other_words(place: Location, value: object, message: str | None) -> None:
    expected = {
        "throttling": 'must be blocked or a block of rateLimit and burstLimit, got "block"; did you mean blocked?',
        "connectionType": "follows from backend (VPC_LINK) or integrationUri (INTERNET); leave it out",
    }
    assert messages({place: value}) == [message or expected[place[-1]]]


@pytest.mark.parametrize("key", ["integrationTyp", "type", "IntegrationType"])
def test_a_misspelt_type_of_an_integration(key: str) -> None:
    raw = changed({FORWARD: {key: "HTTP_PROXY", "integrationMethod": "POST", "backend": "chat"}})
    assert problems(raw) == [f"apis.chat.integrations.forward.{key}: unknown key; did you mean integrationType?"]


def test_a_missing_type_is_not_taken_for_a_misspelt_one() -> None:
    raw = changed({FORWARD: {"integrationMethod": "POST", "integrationUri": "https://a.example"}})
    assert problems(raw) == ["apis.chat.integrations.forward.integrationType: is required"]


def test_a_misspelt_type_of_an_authorizer() -> None:
    raw = changed({(*ORDERS, "authorizers"): {"shop": {"authorizerTyp": "JWT"}}})
    assert problems(raw) == ["apis.orders.authorizers.shop.authorizerTyp: unknown key; did you mean authorizerType?"]


@pytest.mark.parametrize("key", ["protocoll", "protocolType"])
def test_a_misspelt_protocol(key: str) -> None:
    raw = changed({(*ORDERS, "protocol"): REMOVED, (*ORDERS, key): "HTTP"})
    assert problems(raw) == [f"apis.orders.{key}: unknown key; did you mean protocol?"]
    assert rules_of(raw) == ["known-key"]


def test_a_missing_protocol() -> None:
    raw = changed({(*ORDERS, "protocol"): REMOVED})
    assert (problems(raw), rules_of(raw)) == (["apis.orders.protocol: is required"], ["required-key"])


@pytest.mark.parametrize(
    ("place", "arn", "words"),
    [
        ((*STAGE, "accessLogs", "kmsKeyArn"), "arn:aws:kms:us-east-1:123456789012:alias/x", KEY),
        ((*STAGE, "accessLogs", "kmsKeyArn"), "arn:aws:kms:us-east-1:1:key/x", KEY),
        (
            (*ORDERS, "alarms", "snsTopicArn"),
            "arn:aws:sns:us-east-1:zzz",
            "must be the ARN of an SNS topic, arn:aws:sns:REGION:ACCOUNT:NAME, got",
        ),
        (
            ("backends", "chat", "listener", "certificateArn"),
            "arn:aws:acm:us-east-1:nonsense",
            (
                "must be the ARN of a certificate in ACM, arn:aws:acm:REGION:ACCOUNT:certificate/ID, or of one in IAM, "
                "got"
            ),
        ),
    ],
)
def test_arns_have_their_whole_shape(place: Location, arn: str, words: str) -> None:
    assert messages({place: arn}) == [f'{words} "{arn}"']


def test_the_certificate_of_a_domain_has_its_whole_shape() -> None:
    domain = {"domainName": "api.example.com", "certificateArn": "arn:aws:acm:us-east-1:123456789012:x"}
    assert messages({(*ORDERS, "domain"): domain}) == [
        (
            "must be the ARN of a certificate in ACM, arn:aws:acm:REGION:ACCOUNT:certificate/ID, "
            'got "arn:aws:acm:us-east-1:123456789012:x"'
        )
    ]


def test_a_listener_may_have_a_server_certificate_of_iam() -> None:
    listener = {
        "port": 443,
        "protocol": "TLS",
        "certificateArn": "arn:aws:iam::123456789012:server-certificate/edge/chat",
    }
    load_settings(changed({("backends", "chat", "listener"): listener, ("backends", "chat", "hostName"): "a.example"}))


@pytest.mark.parametrize(
    ("more", "region", "home"),
    [
        ({}, "us-east-1", "us-east-1"),
        ({"resourceArn": "arn:aws:sqs:us-west-2:123456789012:q"}, None, "us-west-2"),
    ],
)
def test_the_key_of_a_service_stands_with_its_resource(more: dict[str, str], region: str | None, home: str) -> None:
    key = "arn:aws:kms:eu-west-1:123456789012:key/x"
    url = f"https://sqs.{home}.amazonaws.com/123456789012/q"
    queue = {
        "integrationType": "AWS_PROXY",
        "integrationSubtype": "SQS-SendMessage",
        "requestParameters": {"QueueUrl": url, "MessageBody": "$request.body"},
        "kmsKeyArn": key,
    }
    assert messages({ITEM: {**queue, **more}}, region) == [
        f'must stand in {home}, where the resource that it encrypts is, got "{key}"'
    ]


def test_a_domain_name_has_its_greatest_length() -> None:
    name = ".".join(["a" * 63] * 4)
    domain = {"certificateArn": ACM, "domainName": name}
    assert messages({(*ORDERS, "domain"): domain}) == ["must be at most 253 characters, got 255"]


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("securityPolicy", "unknown key; HTTP and WebSocket APIs have TLS_1_2 and no other"),
        ("endpointType", "unknown key; HTTP and WebSocket APIs have REGIONAL and no other"),
    ],
)
def test_what_every_domain_has(key: str, message: str) -> None:
    domain = {"certificateArn": ACM, "domainName": "a.example", key: "x"}
    assert messages({(*ORDERS, "domain"): domain}) == [message]


def test_logs_that_are_off_hold_no_messages() -> None:
    assert warnings({(*CHAT, "stage"): {"executionLogs": {"level": "OFF", "dataTrace": True}}}) == []


def test_logs_of_a_route_that_hold_messages() -> None:
    own = {"send": {"executionLogs": {"dataTrace": True}}}
    assert warnings({(*CHAT, "stage"): {"executionLogs": False, "routeSettings": own}}) == [
        "apis.chat.stage.routeSettings.send.executionLogs.dataTrace: logs whole messages, which may hold secrets"
    ]


def test_routes_of_an_http_api_have_no_execution_logs() -> None:
    assert messages({(*STAGE, "routeSettings"): {"GET /items/{id}": {"executionLogs": False}}}) == [
        "unknown key; API Gateway writes no execution logs for HTTP APIs"
    ]


def test_a_connection_type_belongs_to_no_public_url() -> None:
    integration = {**PROXY, "integrationUri": "https://a.example", "connectionType": "INTERNET"}
    assert messages({ITEM: integration}) == [
        "follows from backend (VPC_LINK) or integrationUri (INTERNET); leave it out"
    ]
