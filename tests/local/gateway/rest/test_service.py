import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from local.aws import EmbeddedAws, EventBus, Queue
from local.aws.aws_resources import LACKING
from local.gateway.client import Outgoing
from local.topology.calls import ServiceCall
from local.topology.rest import IntegrationResponse, RestIntegration
from tests.local.gateway.backend import Backend, response
from tests.local.gateway.conftest import Log
from tests.local.gateway.rest.apis import answering, api, custom, served

QUEUE = "arn:aws:apigateway:us-east-1:sqs:path/123456789012/orders"
INTERNAL = b'{"message": "Internal server error"}'
PLACE = 'apis.shop.routes["ANY /{proxy+}"].integration: '
FORM = {"integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"}
SEND = {"application/json": "Action=SendMessage&MessageBody=$util.urlEncode($input.body)"}


def of_service(
    uri: str,
    *responses: IntegrationResponse,
    parameters: dict[str, str] | None = None,
    templates: dict[str, str] | None = None,
) -> RestIntegration:
    made = custom(*responses, parameters=parameters, templates=templates)
    return replace(made, type="AWS", call=ServiceCall(uri=uri))


async def test_the_request_to_a_path(backend: Backend) -> None:
    uri = "arn:aws:apigateway:eu-west-1:sqs:path/123456789012/{queue}-${stageVariables.tenant}?a=1"
    parameters = {
        "integration.request.path.queue": "method.request.querystring.q",
        "integration.request.querystring.b": "'2'",
        **FORM,
    }
    backend.answers.append(response(200, ("Content-Type", "text/xml"), body=b"<ok/>"))
    made = of_service(uri, parameters=parameters, templates=SEND)
    async with served(api(made), aws=backend.url) as client:
        answer, body = await client.send("POST", "/dev/x?q=a%20b", {"Host": "shop.example", "X-In": "1"}, b'{"a": 1}')
        (exchange,) = client.exchanges
    received = await backend.next()
    assert (received.method, received.target) == ("POST", "/123456789012/a%20b-acme?a=1&b=2")
    assert received.body == b"Action=SendMessage&MessageBody=%7B%22a%22%3A+1%7D"
    assert received.header("Content-Type") == "application/x-www-form-urlencoded"
    assert "/eu-west-1/sqs/aws4_request" in received.header("Authorization")
    assert received.header("User-Agent") == "AmazonAPIGateway_shop"
    assert (received.header("Host"), "X-In" in received.names) == (backend.url.removeprefix("http://"), False)
    assert (answer.status, body, answer.headers["Content-Type"]) == (200, b"<ok/>", "application/json")
    assert "X-Amzn-Trace-Id" in answer.headers
    assert (exchange.target, exchange.answered_status, exchange.reason) == ("sqs", 200, None)
    assert isinstance(exchange.sent, Outgoing)
    assert exchange.answered_seconds is not None


async def test_an_overridden_path(backend: Backend) -> None:
    template = '#set($context.requestOverride.path = "/123456789012/other")Action=ListQueues'
    made = of_service(QUEUE, parameters=FORM, templates={"application/json": template})
    async with served(api(made), aws=backend.url) as client:
        await client.send("POST")
    assert (await backend.next()).target == "/123456789012/other"


async def test_the_request_of_an_action(backend: Backend) -> None:
    uri = "arn:aws:apigateway:us-east-1:kinesis:action/PutRecord"
    async with served(api(of_service(uri, templates={"application/json": "{}"})), aws=backend.url) as client:
        await client.send("POST")
    received = await backend.next()
    assert (received.target, received.header("X-Amz-Target")) == ("/", "Kinesis_20131202.PutRecord")


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, b"<MessageId>1</MessageId>", (200, b"<MessageId>1</MessageId>")),
        (400, b"<Code>Bad</Code>", (422, b"refused")),
        (503, b"", (200, b"")),
    ],
)
async def test_the_status_of_a_service_chooses_the_answer(
    status: int, body: bytes, expected: tuple[int, bytes], backend: Backend
) -> None:
    backend.answers.append(response(status, body=body))
    responses = (answering(200), answering(422, r"4\d\d", templates={"application/json": "refused"}))
    async with served(api(of_service(QUEUE, *responses)), aws=backend.url) as client:
        answer, got = await client.send("POST")
    assert (answer.status, got) == expected


@pytest.mark.parametrize(
    ("integration", "running", "status", "reason"),
    [
        pytest.param(of_service(QUEUE), False, 501, "the embedded AWS does not run", id="no AWS"),
        pytest.param(
            replace(of_service("arn:aws:apigateway:us-east-1:firehose:action/PutRecord"), type="AWS_PROXY"),
            True,
            501,
            "the service arn:aws:apigateway:us-east-1:firehose:action/PutRecord by AWS_PROXY",
            id="proxy of a service",
        ),
        pytest.param(
            of_service("arn:aws:apigateway:us-east-1:rekognition:action/DetectFaces"),
            True,
            501,
            'the service "rekognition" is not on this laptop; those that are: appconfig, dynamodb, events, kinesis, '
            "s3, sns, sqs, states",
            id="service",
        ),
        pytest.param(
            of_service("arn:aws:apigateway:us-east-1:events:action/PutEvents"),
            True,
            500,
            f"{PLACE}events:action/PutEvents needs the header X-Amz-Target: AWSEvents.PutEvents, and the integration "
            "does not map it",
            id="header of an action",
        ),
    ],
)
async def test_a_service_that_cannot_be_called(
    integration: RestIntegration, running: bool, status: int, reason: str, log: Log
) -> None:
    async with served(api(integration), aws="http://127.0.0.1:9" if running else None) as client:
        answer, body = await client.send("POST")
        (exchange,) = client.exchanges
    message = f"Not served by the local gateway: {reason}".replace('"', '\\"')
    assert (answer.status, exchange.reason) == (status, reason)
    assert body == (f'{{"message":"{message}"}}'.encode() if status == 501 else INTERNAL)
    assert not log.tracebacks


async def test_what_the_embedded_aws_cannot_do(backend: Backend) -> None:
    backend.answers.append(response(501, ("x-amzn-errortype", LACKING), body=b'{"message": "no such action here"}'))
    async with served(api(of_service(QUEUE)), aws=backend.url) as client:
        answer, body = await client.send("POST")
    assert (answer.status, body) == (501, b'{"message":"Not served by the local gateway: no such action here"}')


async def test_a_service_that_is_gone() -> None:
    async with served(api(of_service(QUEUE)), aws="http://127.0.0.1:9") as client:
        answer, body = await client.send("POST")
        (exchange,) = client.exchanges
    assert (answer.status, body) == (504, b'{"message": "Network error communicating with endpoint"}')
    assert exchange.reason == f"{PLACE}nothing listens at http://127.0.0.1:9"


@pytest.fixture
async def aws() -> AsyncIterator[EmbeddedAws]:
    running = await EmbeddedAws.start()
    yield running
    await running.stop()


async def test_services_that_answer(aws: EmbeddedAws) -> None:
    await aws.provide({Queue(region="us-east-1", name="orders"), EventBus(region="us-east-1", name="default")})
    sent = of_service(QUEUE, answering(202), answering(400, r"4\d\d"), parameters=FORM, templates=SEND)
    target = {"integration.request.header.X-Amz-Target": "'AWSEvents.PutEvents'"}
    event = '{"Entries": [{"Source": "shop", "DetailType": "made", "Detail": "$util.escapeJavaScript($input.body)"}]}'
    put = of_service(
        "arn:aws:apigateway:us-east-1:events:action/PutEvents",
        answering(200, None, None, {"application/json": '{"failed": $input.path("$.FailedEntryCount")}'}),
        parameters={**target, "integration.request.header.Content-Type": "'application/x-amz-json-1.1'"},
        templates={"application/json": event},
    )
    answers = []
    for integration in (sent, put, of_service(QUEUE.replace("orders", "gone"), parameters=FORM, templates=SEND)):
        async with served(api(integration), aws=aws.endpoint) as client:
            answer, body = await client.send("POST", body=b'{"a": 1}')
            answers.append((answer.status, body.decode(), client.exchanges[0].answered_status))
    (queued, sent_body, _), put_answer, (_, error, refused) = answers
    assert queued == 202
    assert set(json.loads(sent_body)["SendMessageResponse"]["SendMessageResult"]) == {"MD5OfMessageBody", "MessageId"}
    assert put_answer == (200, '{"failed": 0}', 200)
    assert (refused, json.loads(error)["Error"]["Code"]) == (400, "AWS.SimpleQueueService.NonExistentQueue")
