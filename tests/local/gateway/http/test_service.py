import asyncio
import json
from urllib.parse import parse_qs

import pytest

from local.aws.aws_resources import LACKING
from local.recording import Json
from tests.local.gateway.backend import Backend, Received, response
from tests.local.gateway.http.apis import calling, served
from tests.local.recordings import Program

QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/jobs"
SERVICE: dict[str, Json] = {"integrationType": "AWS_PROXY", "integrationMethod": "", "connectionType": "INTERNET"}


def queueing(parameters: dict[str, str] | None = None, **inputs: Json) -> Program:
    given = {"QueueUrl": QUEUE, "MessageBody": "$request.body.job", **(parameters or {})}
    return calling({**SERVICE, "integrationSubtype": "SQS-SendMessage", **inputs}, "POST /jobs", given)


async def test_the_answer_of_a_service_is_the_clients(backend: Backend) -> None:
    xml = b"<SendMessageResponse/>"
    backend.answers.append(
        response(200, ("Content-Type", "text/xml"), ("x-amzn-RequestId", "1"), ("Server", "Werkzeug"), body=xml)
    )
    async with served(queueing(), aws=backend.url) as client:
        got = await client.send("POST", "/jobs", {"Content-Type": "application/json"}, b'{"job": "bake"}')
        (exchange,) = client.told
    assert (got.status, got.body, got.header("Content-Type")) == (200, xml, "text/xml")
    assert (got.header("x-amzn-RequestId"), got.header("Server")) == ("1", None)
    received = await backend.next()
    assert b"bake" in received.body
    assert "/us-east-1/sqs/aws4_request" in received.header("Authorization")
    assert (exchange.target, exchange.answered_status) == ("SQS-SendMessage", 200)


async def test_answers_of_a_service_are_mapped(backend: Backend) -> None:
    mappings: Json = {"overwrite:statuscode": "503", "append:header.x-was": "$context.integrationStatus"}
    backend.answers.append(response(400, body=b"<ErrorResponse/>"))
    made = queueing(responseParameters=[{"statusCode": "400", "mappings": mappings}])
    async with served(made, aws=backend.url) as client:
        got = await client.send("POST", "/jobs", body=b'{"job": "bake"}')
    assert (got.status, got.body, got.header("x-was")) == (503, b"<ErrorResponse/>", "400")


async def test_a_parameter_that_lacks_is_a_bad_request(backend: Backend) -> None:
    async with served(queueing(), aws=backend.url) as client:
        got = await client.send("POST", "/jobs", body=b"{}")
        (exchange,) = client.told
    assert (got.status, got.body) == (400, b'{"message":"Bad Request"}')
    assert exchange.reason == "SQS-SendMessage needs MessageBody, got QueueUrl"
    assert backend.received.empty()


async def test_parameters_of_a_service_are_decoded(backend: Backend) -> None:
    made = calling(
        {**SERVICE, "integrationSubtype": "SQS-SendMessage"},
        "POST /jobs/{id}",
        {"QueueUrl": QUEUE, "MessageBody": "${request.path.id} of ${request.path}"},
    )
    async with served(made, aws=backend.url) as client:
        assert (await client.send("POST", "/jobs/My%20Type")).status == 200
    assert parse_qs((await backend.next()).body.decode())["MessageBody"] == ["My Type of /jobs/My Type"]


async def test_a_service_is_not_served_without_the_embedded_aws() -> None:
    async with served(queueing()) as client:
        got = await client.send("POST", "/jobs", body=b'{"job": "bake"}')
    assert got.status == 501
    assert got.json == {
        "message": "Not served by the local gateway: SQS-SendMessage needs the embedded AWS, which does not run"
    }


@pytest.mark.parametrize("is_gone", [True, False])
async def test_a_service_that_does_not_answer(is_gone: bool, backend: Backend) -> None:
    released = asyncio.Event()

    async def wait(_: Received) -> None:
        await released.wait()

    backend.on_request = wait
    if is_gone:
        await backend.stop()
    async with served(queueing(timeoutMilliseconds=50), aws=backend.url) as client:
        got = await client.send("POST", "/jobs", body=b'{"job": "bake"}')
        (exchange,) = client.told
    released.set()
    assert got.status == (503 if is_gone else 504)
    assert exchange.reason == (
        f"sqs: nothing listens at {backend.url}" if is_gone else "sqs did not answer within 0.05 s"
    )


async def test_what_the_embedded_aws_lacks_is_not_served(backend: Backend) -> None:
    lacking = json.dumps({"message": "it cannot do this"}).encode()
    backend.answers.append(response(501, ("x-amzn-errortype", LACKING), body=lacking))
    async with served(queueing(), aws=backend.url) as client:
        got = await client.send("POST", "/jobs", body=b'{"job": "bake"}')
    assert (got.status, got.json) == (501, {"message": "Not served by the local gateway: it cannot do this"})


REFUSED = {
    "FailedEntryCount": 1,
    "Entries": [
        {"EventId": "11710aed-b79e-4468-a20b-bb3c0c3b4860"},
        {"ErrorCode": "InternalFailure", "ErrorMessage": "Event bus jobs does not exist."},
    ],
}


@pytest.mark.parametrize(
    ("answer", "notes"),
    [
        (json.dumps(REFUSED).encode(), ["an event was refused: Event bus jobs does not exist."]),
        (b'{"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]}', []),
        (b'{"Entries": null}', []),
        (b'{"message": "too many"}', []),
        (b"[]", []),
        (b"no JSON", []),
    ],
)
async def test_an_event_that_is_refused_is_noted(answer: bytes, notes: list[str], backend: Backend) -> None:
    event = {"Detail": "$request.body.job", "DetailType": "job", "Source": "shop"}
    backend.answers.append(response(200, ("Content-Type", "application/x-amz-json-1.1"), body=answer))
    async with served(
        calling({**SERVICE, "integrationSubtype": "EventBridge-PutEvents"}, "POST /jobs", event), aws=backend.url
    ) as client:
        got = await client.send("POST", "/jobs", {"Content-Type": "application/json"}, b'{"job": {"bake": "rye"}}')
        (exchange,) = client.told
    assert (got.status, got.body) == (200, answer)
    assert (exchange.target, exchange.notes) == ("EventBridge-PutEvents", notes)


async def test_the_answer_of_another_service_is_not_searched_for_events(backend: Backend) -> None:
    backend.answers.append(response(200, body=json.dumps(REFUSED).encode()))
    async with served(queueing(), aws=backend.url) as client:
        assert (await client.send("POST", "/jobs", body=b'{"job": "bake"}')).status == 200
        (exchange,) = client.told
    assert exchange.notes == []
