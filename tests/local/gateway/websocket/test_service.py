"""AWS services behind a WebSocket API."""

import pytest

from local.aws import EmbeddedAws, Queue
from local.recording import Json
from tests.local.gateway.backend import Backend, response
from tests.local.gateway.websocket.apis import ask, chat, frame, respond, served
from tests.local.recordings import Program

QUEUE = "arn:aws:apigateway:us-east-1:sqs:path/123456789012/orders"
FORM: dict[str, Json] = {"integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"}
SERVICES = "appconfig, dynamodb, events, kinesis, s3, sns, sqs, states"
NO_GLUE = f'the service "glue" is not on this laptop; those that are: {SERVICES}'
SEND: dict[str, Json] = {"$default": "Action=SendMessage&MessageBody=$util.urlEncode($input.body)"}


def asking(uri: str, template: dict[str, Json], parameters: dict[str, Json]) -> Program:
    made = chat(
        default={
            "integrationType": "AWS",
            "integrationUri": uri,
            "connectionType": "INTERNET",
            "requestTemplates": template,
            "requestParameters": parameters,
        }
    )
    respond(made, "$default", "/2../", responseTemplates={"$default": '{"sent": "$context.status"}'})
    respond(made, "$default", responseTemplates={"$default": '{"failed": "$context.status"}'})
    return made


async def test_the_request_to_a_service(backend: Backend) -> None:
    uri = "arn:aws:apigateway:eu-west-1:sqs:path/123456789012/{queue}-${stageVariables.tenant}?a=1"
    parameters: dict[str, Json] = {
        "integration.request.path.queue": "route.request.body.queue",
        "integration.request.querystring.b": "'2'",
        **FORM,
    }
    async with served(asking(uri, SEND, parameters), aws=backend.url) as gateway:
        socket = await gateway.connect()
        assert await ask(socket, queue="a b") == {"sent": "200"}
        received = await backend.next()
        assert (received.method, received.target) == ("POST", "/123456789012/a%20b-acme?a=1&b=2")
        assert received.body == b"Action=SendMessage&MessageBody=%7B%22queue%22%3A+%22a+b%22%7D"
        assert received.header("Content-Type") == "application/x-www-form-urlencoded"
        assert "/eu-west-1/sqs/aws4_request" in received.header("Authorization")
        backend.answers.append(response(403, body=b"<Error/>"))
        assert await ask(socket) == {"failed": "403"}
        await socket.close()
    exchange = gateway.events("MESSAGE")[0]
    assert (exchange.target, exchange.answered_status) == ("sqs", 200)
    assert exchange.answered_seconds is not None


@pytest.mark.parametrize(
    ("uri", "aws", "message"),
    [
        (QUEUE, False, "Not served by the local gateway: the embedded AWS does not run"),
        (
            "arn:aws:apigateway:us-east-1:glue:action/StartJobRun",
            True,
            f"Not served by the local gateway: {NO_GLUE}",
        ),
        ("arn:aws:apigateway:us-east-1:s3:action/GetObject", True, "Internal server error"),
    ],
)
async def test_what_no_service_answers(uri: str, aws: bool, message: str, backend: Backend) -> None:
    async with served(asking(uri, SEND, FORM), aws=backend.url if aws else None) as gateway:
        socket = await gateway.connect()
        assert (await ask(socket))["message"] == message
        await socket.close()


async def test_a_message_goes_to_the_queue() -> None:
    aws = await EmbeddedAws.start()
    try:
        await aws.provide([Queue(region="us-east-1", name="orders")])
        async with served(asking(QUEUE, SEND, FORM), aws=aws.endpoint) as gateway:
            socket = await gateway.connect()
            assert await ask(socket, order=7) == {"sent": "200"}
            await socket.send_str("x")
            assert await frame(socket) == {"sent": "200"}
            await socket.close()
        answered = gateway.events("MESSAGE")[0].answered
        assert answered is not None
        assert b"<SendMessageResponse" in answered.body
    finally:
        await aws.stop()
