import aiohttp
import pytest
from botocore.exceptions import ClientError

from local.aws import EmbeddedAws, Queue
from tests.local.aws.conftest import REGION, SIGNED_FOR_SQS, Client

pytestmark = pytest.mark.asyncio(loop_scope="module")


def refused(error: ClientError) -> tuple[int, str]:
    return error.response["ResponseMetadata"]["HTTPStatusCode"], error.response["Error"]["Message"]


async def test_an_action_that_is_not_there_is_answered_with_501(client: Client) -> None:
    with pytest.raises(ClientError) as caught:
        client("appconfig").list_deployment_strategies()
    assert refused(caught.value) == (501, "the embedded AWS cannot do this: it has no such action of appconfig")
    with pytest.raises(ClientError) as caught:
        client("kinesis").update_max_record_size(MaxRecordSizeInKiB=1024)
    assert refused(caught.value) == (
        501,
        "the embedded AWS cannot do this: The update_max_record_size action has not been implemented",
    )


async def test_a_service_that_is_not_there_is_answered_with_501(client: Client) -> None:
    with pytest.raises(ClientError) as caught:
        client("workdocs").describe_users()
    assert refused(caught.value) == (501, "the embedded AWS cannot do this: it does not have the service")


async def test_an_error_in_a_json_protocol_has_its_type(aws: EmbeddedAws) -> None:
    targets = {
        "dynamodb": ("DynamoDB_20120810.DescribeTable", '{"TableName": "gone"}'),
        "events": ("AWSEvents.DescribeEventBus", '{"Name": "gone"}'),
        "kinesis": ("Kinesis_20131202.DescribeStream", '{"StreamName": "gone"}'),
        "sqs": ("AmazonSQS.GetQueueUrl", '{"QueueName": "gone"}'),
        "states": (
            "AWSStepFunctions.DescribeStateMachine",
            f'{{"stateMachineArn": "arn:aws:states:{REGION}:123456789012:stateMachine:gone"}}',
        ),
    }
    types = {}
    async with aiohttp.ClientSession() as session:
        for service, (target, body) in targets.items():
            signed = SIGNED_FOR_SQS["Authorization"].replace("/sqs/", f"/{service}/")
            version = "1.1" if service in {"events", "kinesis"} else "1.0"
            headers = {"Authorization": signed, "X-Amz-Target": target}
            headers["Content-Type"] = f"application/x-amz-json-{version}"
            async with session.post(aws.endpoint, data=body, headers=headers) as answer:
                types[service] = (answer.status, answer.headers["Content-Type"])
    assert types == {
        "dynamodb": (400, "application/x-amz-json-1.0"),
        "events": (400, "application/x-amz-json-1.1"),
        "kinesis": (400, "application/x-amz-json-1.1"),
        "sqs": (400, "application/x-amz-json-1.0"),
        "states": (400, "application/x-amz-json-1.0"),
    }


async def test_a_web_page_is_refused(aws: EmbeddedAws) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{aws.endpoint}/moto-api/reset", headers={"Origin": "https://example.com"}) as answer,
    ):
        assert answer.status == 403
        assert await answer.json() == {
            "__type": "InternalFailure",
            "message": "the embedded AWS is for programs, and this request comes from a web page",
        }


@pytest.mark.parametrize("host", ["rebound.example.com", "127.0.0.1", "127.0.0.1.example.com:80", ""])
async def test_another_name_of_this_machine_is_refused(aws: EmbeddedAws, host: str) -> None:
    headers = {**SIGNED_FOR_SQS, "Host": host}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{aws.endpoint}/moto-api/reset", headers=headers) as answer,
    ):
        assert answer.status == 403
        assert await answer.json() == {
            "__type": "InternalFailure",
            "message": "the embedded AWS answers to its own address alone",
        }


async def test_localhost_is_a_name_of_its_own(aws: EmbeddedAws) -> None:
    host = f"LocalHost:{aws.endpoint.rpartition(':')[2]}"
    url = f"{aws.endpoint}/?Action=ListQueues"
    async with aiohttp.ClientSession() as session, session.get(url, headers={**SIGNED_FOR_SQS, "Host": host}) as answer:
        assert answer.status == 200


async def test_an_answer_says_nothing_of_what_is_behind_it(aws: EmbeddedAws) -> None:
    await aws.provide([Queue(region=REGION, name="orders")])
    url = f"{aws.endpoint}/123456789012/orders?Action=GetQueueAttributes"
    async with aiohttp.ClientSession() as session, session.get(url, headers=SIGNED_FOR_SQS) as answer:
        assert answer.status == 200
        assert sorted(answer.headers) == ["Connection", "Content-Length", "Content-Type", "Server", "x-amzn-requestid"]
        assert answer.headers["Server"] == "amazon.com"


async def test_what_moto_stumbles_over_is_answered_and_logged_on_one_line(caplog: pytest.LogCaptureFixture) -> None:
    aws = await EmbeddedAws.start()
    headers = {**SIGNED_FOR_SQS, "X-Amz-Target": "AmazonSQS.SendMessage", "Content-Type": "application/x-amz-json-1.0"}
    body = f'{{"QueueUrl": "{aws.endpoint}/123456789012/orders"}}'.encode()  # no MessageBody
    await aws.provide([Queue(region=REGION, name="orders")])
    async with aiohttp.ClientSession() as session, session.post(aws.endpoint, data=body, headers=headers) as answer:
        assert answer.status == 500
        message = (await answer.json())["message"]
    assert message == "the embedded AWS failed: TypeError: object of type 'NoneType' has no len()"
    await aws.stop()  # and all that it has said has been heard
    assert caplog.messages == [
        "the embedded AWS failed at POST /: TypeError: object of type 'NoneType' has no len()",
    ]
