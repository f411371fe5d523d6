import asyncio
import logging
import os
import select
import socket
import sys
from asyncio.subprocess import Process
from pathlib import Path

import aiohttp
import pytest

from apigateway.errors import GatewayError
from local.aws import AwsResource, Bucket, EmbeddedAws, EventBus, Queue, StateMachine, Stream, Topic
from tests.local.aws.conftest import REGION, Client

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROOT = Path(__file__).resolve().parents[3]


def process_of(aws: EmbeddedAws) -> Process:
    return aws._process


async def test_each_resource_is_made_in_its_region(aws: EmbeddedAws, client: Client) -> None:
    await aws.provide([Queue(region=REGION, name="orders"), Queue(region="us-west-2", name="returns.fifo")])
    assert client("sqs").list_queues()["QueueUrls"] == [f"{aws.endpoint}/123456789012/orders"]
    (url,) = client("sqs", "us-west-2").list_queues()["QueueUrls"]
    assert url == f"{aws.endpoint}/123456789012/returns.fifo"
    attributes = client("sqs", "us-west-2").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert attributes["QueueArn"] == "arn:aws:sqs:us-west-2:123456789012:returns.fifo"
    assert (attributes["FifoQueue"], attributes["ContentBasedDeduplication"]) == ("true", "true")


async def test_a_region_that_moto_has_not_heard_of_will_do(aws: EmbeddedAws, client: Client) -> None:
    await aws.provide([Stream(region="eu-middle-7", name="clicks")])
    assert client("kinesis", "eu-middle-7").list_streams()["StreamNames"] == ["clicks"]


async def test_what_is_there_stays_as_it_is(aws: EmbeddedAws, client: Client) -> None:
    needed: list[AwsResource] = [
        Queue(region=REGION, name="kept"),
        EventBus(region=REGION, name="kept"),
        Stream(region=REGION, name="kept"),
        Topic(region=REGION, name="kept"),
        Bucket(region=REGION, name="kept"),
    ]
    await aws.provide(needed)
    sqs = client("sqs")
    url = sqs.get_queue_url(QueueName="kept")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="hello")
    client("s3").put_object(Bucket="kept", Key="a", Body=b"b")
    machine = StateMachine(region=REGION, name="kept")
    await aws.provide([*needed, machine])
    await aws.provide([machine, *needed])
    await aws.provide([])
    assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "hello"
    assert [found["name"] for found in client("stepfunctions").list_state_machines()["stateMachines"]] == ["kept"]
    assert client("s3").get_object(Bucket="kept", Key="a")["Body"].read() == b"b"
    (topic,) = client("sns").list_topics()["Topics"]
    assert topic == {"TopicArn": f"arn:aws:sns:{REGION}:123456789012:kept"}


async def test_a_topic_that_keeps_the_order(aws: EmbeddedAws, client: Client) -> None:
    await aws.provide([Topic(region="us-west-2", name="kept.fifo")])
    sns = client("sns", "us-west-2")
    (topic,) = sns.list_topics()["Topics"]
    attributes = sns.get_topic_attributes(TopicArn=topic["TopicArn"])["Attributes"]
    assert (attributes["FifoTopic"], attributes["ContentBasedDeduplication"]) == ("true", "true")


async def test_a_bucket_has_one_region(aws: EmbeddedAws, client: Client) -> None:
    await aws.provide([Bucket(region="us-west-2", name="one")])
    await aws.provide([Bucket(region=REGION, name="one")])
    assert client("s3").get_bucket_location(Bucket="one")["LocationConstraint"] == "us-west-2"


async def test_what_cannot_be_made_is_named_and_the_rest_is_made(aws: EmbeddedAws, client: Client) -> None:
    with pytest.raises(GatewayError) as caught:
        await aws.provide(
            [
                EventBus(region=REGION, name="a/b"),
                Queue(region=REGION, name="q" * 81),
                Stream(region=REGION, name="made"),
            ]
        )
    bus, queue = str(caught.value).splitlines()
    assert bus == f"the embedded AWS cannot make EventBus a/b in {REGION}: Event bus name must not contain '/'."
    assert queue.startswith(
        f"the embedded AWS cannot make Queue {'q' * 81} in {REGION}: Can only include alphanumeric "
    )
    assert client("kinesis").describe_stream(StreamName="made")["StreamDescription"]["StreamStatus"] == "ACTIVE"


async def test_requests_to_make_something_may_overlap_or_be_given_up(aws: EmbeddedAws, client: Client) -> None:
    given_up = asyncio.create_task(aws.provide([Stream(region=REGION, name="early")]))
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.gather(*(aws.provide([Stream(region=REGION, name=f"s{index}")]) for index in range(5)))
    with pytest.raises(asyncio.CancelledError):
        await given_up
    assert {"s0", "s1", "s2", "s3", "s4"} <= set(client("kinesis").list_streams()["StreamNames"])


async def test_it_says_nothing_as_long_as_all_is_well(
    aws: EmbeddedAws, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "local.aws"):
        client("sqs").list_queues()
        client("events").list_event_buses()
    assert aws.last_words == "it ended without a word"
    assert caplog.messages == []


async def test_a_port_that_is_taken_is_named(caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(GatewayError) as caught:
            await EmbeddedAws.start(port=port)
    assert str(caught.value) == f"the embedded AWS cannot start on 127.0.0.1:{port}: Address already in use"
    assert caplog.messages == []


async def test_it_ends_with_everything_in_it() -> None:
    aws = await EmbeddedAws.start()
    await aws.stop()
    assert process_of(aws).returncode == 0
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get(aws.endpoint)


async def test_a_process_that_is_gone_is_reported() -> None:
    aws = await EmbeddedAws.start()
    process_of(aws).kill()
    with pytest.raises(GatewayError, match=r"^the embedded AWS has ended: it ended without a word$"):
        await aws.provide([Queue(region=REGION, name="orders")])
    await aws.stop()


async def test_the_settings_of_other_tools_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "no-such-profile")
    monkeypatch.setenv("MOTO_ACCOUNT_ID", "999999999999")
    aws = await EmbeddedAws.start()
    await aws.provide([Queue(region=REGION, name="orders")])
    async with aiohttp.ClientSession() as session, session.get(f"{aws.endpoint}/123456789012/orders") as answer:
        assert answer.status != 500
    await aws.stop()


PARENT = """
import asyncio
from local.aws import EmbeddedAws

async def main():
    aws = await EmbeddedAws.start()
    print(aws._process.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def run(code: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(sys.executable, "-c", code, cwd=ROOT, stdout=asyncio.subprocess.PIPE)


async def test_it_ends_when_its_parent_is_killed() -> None:
    parent = await run(PARENT)
    assert parent.stdout is not None
    child = os.pidfd_open(int(await parent.stdout.readline()))
    parent.kill()
    await parent.wait()
    ended, _, _ = await asyncio.to_thread(select.select, [child], [], [], 30)
    os.close(child)
    assert ended == [child]


async def test_the_gateways_own_process_does_without_moto() -> None:
    code = "import local.aws, local.gateway.services, sys; print(sorted({'moto', 'flask', 'boto3'} & set(sys.modules)))"
    process = await run(code)
    assert (await process.communicate())[0] == b"[]\n"
