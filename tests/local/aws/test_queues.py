from urllib.parse import urlencode

import aiohttp
import pytest

from local.aws import EmbeddedAws, Queue, Topic
from tests.local.aws.conftest import REGION, SIGNED_FOR_SQS, Client

pytestmark = pytest.mark.asyncio(loop_scope="module")

FORM = {**SIGNED_FOR_SQS, "Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Accept": "application/json"}


async def call(
    aws: EmbeddedAws, target: str, headers: dict[str, str], *, method: str = "POST", body: str = ""
) -> tuple[str, str]:
    await aws.provide([Queue(region=REGION, name="orders")])
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, aws.endpoint + target, data=body.encode(), headers=headers) as answer,
    ):
        assert answer.status == 200
        return answer.content_type, await answer.text()


def received(client: Client) -> list[str]:
    """Return the messages in the queue, which is empty then."""
    sqs = client("sqs")
    url = sqs.get_queue_url(QueueName="orders")["QueueUrl"]
    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    for message in messages:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return [message["Body"] for message in messages]


async def test_a_form_is_answered_in_xml(aws: EmbeddedAws, client: Client) -> None:
    body = urlencode({"Action": "SendMessage", "MessageBody": "a & b"})
    kind, text = await call(aws, "/123456789012/orders", FORM, body=body)
    assert kind == "text/xml"
    assert text.startswith(
        '<SendMessageResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><SendMessageResult>'
    )
    assert received(client) == ["a & b"]


async def test_who_accepts_json_gets_it(aws: EmbeddedAws, client: Client) -> None:
    body = urlencode({"Action": "SendMessage", "MessageBody": "hello"})
    kind, text = await call(aws, "/123456789012/orders", FORM | JSON, body=body)
    assert kind == "application/json"
    assert text.startswith('{"SendMessageResponse": {"SendMessageResult": {"MD5OfMessageBody": "5d41402abc4b2a76b97')
    assert received(client) == ["hello"]


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_the_parameters_may_stand_in_the_url(aws: EmbeddedAws, client: Client, method: str) -> None:
    target = "/123456789012/orders?Action=SendMessage&MessageBody=hello%20world"
    await call(aws, target, {**SIGNED_FOR_SQS, "Content-Type": "application/json"}, method=method, body="{}")
    assert received(client) == ["hello world"]


async def test_parameters_of_the_url_and_of_the_form_count_together(aws: EmbeddedAws, client: Client) -> None:
    await call(aws, "/?Action=SendMessage", FORM, body=f"MessageBody=hi&QueueUrl={aws.endpoint}/210987654321/orders")
    assert received(client) == ["hi"]


@pytest.mark.parametrize("service", ["sns", "sqs"])
async def test_a_body_that_is_no_form_is_none_of_the_call(aws: EmbeddedAws, client: Client, service: str) -> None:
    await aws.provide([Topic(region=REGION, name="alerts")])
    topic = f"arn:aws:sns:{REGION}:123456789012:alerts"
    target = {
        "sns": f"/?Action=Publish&Message=hello&TopicArn={topic}",
        "sqs": "/123456789012/orders?Action=SendMessage&MessageBody=hello",
    }[service]
    signed = {"Authorization": SIGNED_FOR_SQS["Authorization"].replace("/sqs/", f"/{service}/")}
    headers = {**signed, **JSON, "Content-Type": "application/json"}
    kind, text = await call(aws, target, headers, body='{"a": "&Action=Other"}')
    assert kind == "application/json"
    assert "MessageId" in text
    assert received(client) == (["hello"] if service == "sqs" else [])


async def test_messages_in_json_are_called_as_they_have_been_seen(aws: EmbeddedAws) -> None:
    target = "/123456789012/orders?Action=ReceiveMessage"
    _, text = await call(aws, target, SIGNED_FOR_SQS | JSON)
    assert text.startswith(
        '{"ReceiveMessageResponse": {"ReceiveMessageResult": {"messages": null}, "ResponseMetadata": '
    )
    await call(aws, "/123456789012/orders?Action=SendMessage&MessageBody=hello", SIGNED_FOR_SQS)
    _, text = await call(aws, target, SIGNED_FOR_SQS | JSON)
    assert text.startswith('{"ReceiveMessageResponse": {"ReceiveMessageResult": {"messages": [{"MessageId": ')
    _, text = await call(aws, "/123456789012/orders?Action=PurgeQueue", SIGNED_FOR_SQS | JSON)
    assert text.startswith('{"PurgeQueueResponse": {"ResponseMetadata": {"RequestId": "')
