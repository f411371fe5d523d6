import json

import pytest

from local.aws import EmbeddedAws, EventBus
from tests.local.aws.conftest import REGION, Client

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize(("bus", "queue"), [("default", "default-events"), ("shop.bus", "shop-bus-events")])
async def test_every_event_can_be_read_from_the_queue_of_its_bus(
    aws: EmbeddedAws, client: Client, bus: str, queue: str
) -> None:
    await aws.provide([EventBus(region=REGION, name=bus)])
    entry = {"Source": "shop", "DetailType": 'Order "placed"', "Detail": '{"id": 7}', "Time": 1767225600}
    answer = client("events").put_events(Entries=[{**entry, "EventBusName": bus, "Resources": ["arn:aws:s3:::b"]}])
    assert answer["FailedEntryCount"] == 0
    sqs = client("sqs")
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    (message,) = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert json.loads(message["Body"]) == {
        "version": "0",
        "id": answer["Entries"][0]["EventId"],
        "detail-type": 'Order "placed"',
        "source": "shop",
        "account": "123456789012",
        "time": "2026-01-01T00:00:00Z",
        "region": REGION,
        "resources": ["arn:aws:s3:::b"],
        "detail": {"id": 7},
    }


async def test_an_event_that_is_none_is_refused_as_on_aws(aws: EmbeddedAws, client: Client) -> None:
    await aws.provide([EventBus(region=REGION, name="default")])
    answer = client("events").put_events(Entries=[{"Source": "shop", "DetailType": "t", "Detail": "no JSON"}])
    assert answer["FailedEntryCount"] == 1
    assert answer["Entries"] == [{"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}]
