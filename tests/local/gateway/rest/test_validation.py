from collections.abc import Mapping
from dataclasses import replace

import pytest

from apigateway.json_path import JsonValue
from tests.local.gateway.conftest import Log
from tests.local.gateway.rest.apis import answering, api, method, mocked, served, wording

PARAMETERS = {
    "method.request.header.X-In": True,
    "method.request.path.id": True,
    "method.request.querystring.q": True,
    "method.request.querystring.free": False,
}
MODEL: JsonValue = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}, "tags": {"type": "array", "items": {"$ref": "#/definitions/tag"}}},
    "definitions": {"tag": {"type": "integer", "minimum": 0, "exclusiveMinimum": True}},
}
PUT = replace(
    method("PUT /i/{id}", mocked(answering())), parameters=PARAMETERS, request_models={"application/json": MODEL}
)


@pytest.mark.parametrize(
    ("path", "headers", "missing"),
    [
        ("/dev/i/1?q=1", {"X-In": "1"}, ""),
        ("/dev/i/1?q=1", {}, "X-In"),
        ("/dev/i/1?q=1", {"x-in": "1"}, "X-In"),
        ("/dev/i/1?Q=1&q=", {"X-In": " "}, "X-In, q"),
    ],
)
async def test_required_parameters(path: str, headers: Mapping[str, str], missing: str, log: Log) -> None:
    async with served(api(replace(PUT, validates_parameters=True))) as client:
        answer, body = await client.send("PUT", path, headers)
    if not missing:
        assert answer.status == 200
        return
    assert (answer.status, body.decode()) == (400, f'{{"message": "Missing required request parameters: [{missing}]"}}')
    assert answer.headers["x-amzn-ErrorType"] == "BadRequestException"
    assert log.lines[-1].endswith(f"ms: the request lacks {missing}")


@pytest.mark.parametrize(
    ("content_type", "body", "problem"),
    [
        (None, b'{"name": "a", "tags": [1]}', ""),
        ("application/json; charset=utf-8", b'{"name": "a"}', ""),
        ("text/plain", b"whatever", ""),
        (None, b"", "'name' is a required property"),
        (None, b"{nothing", "the body is not JSON"),
        (None, b"text", "the body is not JSON"),
        (None, b'{"name": 1}', "name: 1 is not of type 'string'"),
        (None, b'{"name": "a", "tags": [1, 0]}', "tags.1: 0 is less than or equal to the minimum of 0"),
    ],
)
async def test_bodies(content_type: str | None, body: bytes, problem: str, log: Log) -> None:
    made = replace(
        api(replace(PUT, validates_body=True)),
        gateway_responses={
            "BAD_REQUEST_BODY": wording(templates={"application/json": "$context.error.validationErrorString"})
        },
    )
    async with served(made) as client:
        answer, got = await client.send(
            "PUT", "/dev/i/1", {"Content-Type": content_type} if content_type else None, body
        )
    if not problem:
        assert answer.status == 200
        return
    assert (answer.status, got.decode()) == (400, f"[{problem}]")
    assert log.lines[-1].endswith(f"ms: the body does not fit its model: {problem}")


async def test_the_answer_to_an_invalid_body() -> None:
    async with served(api(replace(PUT, validates_body=True))) as client:
        answer, body = await client.send("PUT", "/dev/i/1")
    assert (answer.status, body) == (400, b'{"message": "Invalid request body"}')
    assert answer.headers["x-amzn-ErrorType"] == "BadRequestException"


async def test_the_default_model_holds_for_every_type() -> None:
    made = api(replace(PUT, validates_body=True, request_models={"$default": MODEL}))
    async with served(made) as client:
        answer, _ = await client.send("PUT", "/dev/i/1", {"Content-Type": "text/plain"}, b"1")
    assert answer.status == 400


async def test_parameters_come_before_the_body_and_nothing_is_checked_that_is_not_asked_for() -> None:
    both = replace(PUT, validates_body=True, validates_parameters=True)
    for made, status, message in ((both, 400, b"Missing required"), (PUT, 200, b"")):
        async with served(api(made)) as client:
            answer, body = await client.send("PUT", "/dev/i/1")
        assert answer.status == status
        assert message in body
