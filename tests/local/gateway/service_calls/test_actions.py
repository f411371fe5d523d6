"""Actions of services as the embedded AWS takes them, whatever type the client gave its body."""

import json
from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest
import pytest_asyncio

from apigateway.mapping.data import Pairs
from local.aws import EmbeddedAws, Queue, StateMachine, Stream, Topic
from local.gateway.service_calls.call import ServiceCall
from local.gateway.service_calls.uris import request_of_uri
from local.gateway.upstream import Answered, Upstream

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOME = "eu-central-1"
MACHINE = f"arn:aws:states:{HOME}:210987654321:stateMachine:fulfil"
QUEUE = quote(f"https://sqs.{HOME}.amazonaws.com/210987654321/orders", safe="")
TOPIC = f"arn:aws:sns:{HOME}:210987654321:alerts"
TABLE = {
    "TableName": "orders",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}
RECORD = {"StreamName": "clicks", "Data": "aGk=", "PartitionKey": "p"}
TYPES = [None, "application/json", "application/json; charset=utf-8", "text/plain", "application/x-amz-json-1.1"]
NO_TYPE: Pairs = ()
JSON: Pairs = (("content-type", "application/json"), ("Accept", "application/json"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def aws() -> AsyncIterator[EmbeddedAws]:
    running = await EmbeddedAws.start()
    await running.provide(
        [
            Queue(region=HOME, name="orders"),
            Stream(region=HOME, name="clicks"),
            StateMachine(region=HOME, name="fulfil"),
            Topic(region=HOME, name="alerts"),
        ]
    )
    yield running
    await running.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def upstream() -> AsyncIterator[Upstream]:
    made = Upstream("", {})
    yield made
    await made.close()


def request(tail: str, headers: Pairs = (), *, query: str = "", body: bytes | None = None) -> ServiceCall:
    uri = f"arn:aws:apigateway:{HOME}:{tail}"
    return request_of_uri(uri, method="POST", query=query, headers=headers, body=body, timeout=29)


def types(made: ServiceCall) -> list[str]:
    return [value for name, value in made.outgoing.headers if name.lower() == "content-type"]


async def answered(aws: EmbeddedAws, upstream: Upstream, made: ServiceCall) -> tuple[int, str, str]:
    answer = await upstream.send_public(aws.endpoint, made.outgoing)
    assert isinstance(answer, Answered)
    (kind,) = [value for name, value in answer.headers if name.lower() == "content-type"]
    return answer.status, kind, answer.body.decode()


@pytest.mark.parametrize("given", TYPES)
@pytest.mark.parametrize(
    ("tail", "mapped", "version", "body", "said"),
    [
        ("dynamodb:action/ListTables", None, "1.0", {}, '"TableNames"'),
        ("kinesis:action/PutRecord", None, "1.1", RECORD, '"ShardId"'),
        ("states:action/StartExecution", None, "1.0", {"stateMachineArn": MACHINE}, '"executionArn"'),
        ("events:action/PutEvents", "AWSEvents.PutEvents", "1.1", {"Entries": []}, '"FailedEntryCount": 0'),
        ("kinesis:path//", "Kinesis_20131202.ListStreams", "1.1", {}, '"StreamNames"'),
    ],
)
async def test_the_clients_type_does_not_choose_a_json_protocol(
    aws: EmbeddedAws,
    upstream: Upstream,
    tail: str,
    mapped: str | None,
    version: str,
    body: dict[str, object],
    said: str,
    given: str | None,
) -> None:
    headers = [(name, value) for name, value in (("X-Amz-Target", mapped), ("Content-Type", given)) if value]
    made = request(tail, tuple(headers), body=json.dumps(body).encode())
    status, kind, text = await answered(aws, upstream, made)
    assert (status, kind) == (200, f"application/x-amz-json-{version}")
    assert said in text


async def test_an_item_of_a_table(aws: EmbeddedAws, upstream: Upstream) -> None:
    steps = [
        ("CreateTable", TABLE),
        ("PutItem", {"TableName": "orders", "Item": {"id": {"S": "7"}}}),
        ("GetItem", {"TableName": "orders", "Key": {"id": {"S": "7"}}}),
    ]
    for action, body in steps:
        made = request(f"dynamodb:action/{action}", JSON, body=json.dumps(body).encode())
        status, _, text = await answered(aws, upstream, made)
        assert status == 200
    assert json.loads(text) == {"Item": {"id": {"S": "7"}}}


@pytest.mark.parametrize(
    ("tail", "given", "sent"),
    [
        ("dynamodb:action/PutItem", "application/json", ["application/x-amz-json-1.0"]),
        ("dynamodb:action/PutItem", "Application/X-Amz-Json-1.0", ["application/x-amz-json-1.0"]),
        ("kinesis:action/PutRecord", "application/x-amz-json-1.1", ["application/x-amz-json-1.1"]),
        ("s3:path/bucket/key", "application/json", ["application/json"]),
        ("sqs:path/210987654321/orders", "application/json", ["application/json"]),
    ],
)
async def test_the_type_that_is_sent(tail: str, given: str, sent: list[str]) -> None:
    assert types(request(tail, (("Content-Type", given),), body=b"x")) == sent


@pytest.mark.parametrize(("headers", "kind"), [(NO_TYPE, "text/xml"), (JSON, "application/json")])
@pytest.mark.parametrize(
    ("tail", "fields", "said"),
    [
        ("sqs:action/SendMessage", f"QueueUrl={QUEUE}&MessageBody=hello", "5d41402abc4b2a76b9719d911017c592"),
        ("sns:action/Publish", f"TopicArn={TOPIC}&Message=hello", "MessageId"),
        ("sns:action/Publish", f"Message=hello&TopicArn={quote(TOPIC)}", "MessageId"),
    ],
)
@pytest.mark.parametrize("place", ["query", "query beside the client's body", "body"])
async def test_the_parameters_of_a_query_may_stand_anywhere(
    aws: EmbeddedAws,
    upstream: Upstream,
    tail: str,
    fields: str,
    said: str,
    headers: Pairs,
    kind: str,
    place: str,
) -> None:
    if place == "body":
        made = request(tail, headers, body=fields.encode())
        assert types(made) == ["application/x-www-form-urlencoded"]
    else:
        body = None if place == "query" else b'{"a": "&Message=other&MessageBody=other"}'
        made = request(tail, headers, query=fields, body=body)
    status, given, text = await answered(aws, upstream, made)
    assert (status, given) == (200, kind)
    assert said in text


async def test_a_query_beside_the_clients_form(aws: EmbeddedAws, upstream: Upstream) -> None:
    made = request("sqs:action/SendMessage", query=f"QueueUrl={QUEUE}", body=b"MessageBody=hello")
    status, _, text = await answered(aws, upstream, made)
    assert status == 200
    assert "5d41402abc4b2a76b9719d911017c592" in text


async def test_the_json_protocol_of_sqs_keeps_its_type() -> None:
    headers = (("X-Amz-Target", "AmazonSQS.ListQueues"), ("Content-Type", "application/x-amz-json-1.0"))
    assert types(request("sqs:action/ListQueues", headers, body=b"{}")) == ["application/x-amz-json-1.0"]
    assert types(request("sqs:action/ListQueues", headers, body=b"{")) == ["application/x-amz-json-1.0"]


@pytest.mark.parametrize("colon", [":", "%3A", "%3a"])
@pytest.mark.parametrize("name", ["TopicArn", "TargetArn"])
async def test_a_topic_of_any_account_is_the_local_one(name: str, colon: str) -> None:
    fields = f"{name}={TOPIC}&Message={TOPIC}&Subject=x".replace(":", colon)
    there = f"{name}={TOPIC.replace('210987654321', '123456789012')}&Message={TOPIC}&Subject=x".replace(":", colon)
    assert request("sns:action/Publish", query=fields).outgoing.target == f"/?Action=Publish&{there}"
    assert request("sns:action/Publish", body=fields.encode()).outgoing.body == there.encode()


async def test_a_body_that_is_no_text_goes_on() -> None:
    assert request("sns:action/Publish", body=b"Message=\xff\x00").outgoing.body == b"Message=\xff\x00"
