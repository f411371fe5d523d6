"""Bodies that no template, mapping or model was made for: nested without end, cut, with numbers beyond all bounds."""

import gzip
from collections.abc import Iterator
from dataclasses import replace

import pytest

from apigateway import limits
from local.recording import Json
from tests.local.gateway.backend import Backend
from tests.local.gateway.rest.apis import api, custom, method, mocked, served
from tests.local.gateway.wire import check_log

JSON = {"Content-Type": "application/json"}
TREE: dict[str, Json] = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "type": "object",
    "properties": {"a": {"$ref": "#"}},
}
NOT_JSON = b'{"message":"Could not parse request body into json"}'
INTERNAL = b'{"message": "Internal server error"}'
HUGE = b'{"a":' + b"9" * 5000 + b"}"


def nested(depth: int) -> bytes:
    return b'{"a":' * depth + b"{}" + b"}" * depth


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    check_log(caplog)


@pytest.mark.parametrize("depth", [100, 500, 900, 100_000])
async def test_a_body_against_a_model_that_refers_to_itself(depth: int) -> None:
    guarded = replace(method("ANY /{proxy+}", mocked()), validates_body=True, request_models={"application/json": TREE})
    async with served(api(guarded)) as client:
        answer, body = await client.send("POST", headers=JSON, body=nested(depth))
        (exchange,) = client.exchanges
    if answer.status != 200:
        assert (answer.status, body) == (400, b'{"message": "Invalid request body"}')
        too_deep = "the body is not JSON" if depth > 1000 else "the body is nested too deeply"
        assert exchange.reason == f"the body does not fit its model: {too_deep}"
    assert (answer.status == 200) is (depth == 100)


@pytest.mark.parametrize("template", ["$input.json('$')", "$input.path('$.a')", "$util.parseJson($input.body)"])
@pytest.mark.parametrize("sent", [nested(100_000), HUGE, b'{"a"'])
async def test_a_body_that_a_template_cannot_read(sent: bytes, template: str, backend: Backend) -> None:
    made = custom(templates={"application/json": template})
    async with served(api(made), backend) as client:
        answer, body = await client.send("POST", headers=JSON, body=sent)
    assert (answer.status, body) == ((400, NOT_JSON) if "$input." in template[:7] else (500, INTERNAL))
    assert backend.received.empty()


@pytest.mark.parametrize("sent", [nested(100_000), b'{"a"'])
async def test_a_body_that_a_mapping_cannot_read(sent: bytes, backend: Backend) -> None:
    made = custom(parameters={"integration.request.header.a": "method.request.body.a"})
    async with served(api(made), backend) as client:
        answer, _ = await client.send("POST", headers=JSON, body=sent)
    assert answer.status == 400
    assert backend.received.empty()


@pytest.mark.parametrize("template", ["$input.json('$')", "$input.path('$.a')", "$input.body"])
@pytest.mark.parametrize("sent", [b"\xff\xfe", b"\0", b'{"a":"\xff\\ud800\\u0000"}'])
async def test_a_body_that_is_no_utf_8_is_read_as_text(sent: bytes, template: str, backend: Backend) -> None:
    async with served(api(custom(templates={"application/json": template})), backend) as client:
        answer, _ = await client.send("POST", headers=JSON, body=sent)
    assert answer.status == 200
    (await backend.next()).body.decode()


@pytest.mark.parametrize("sent", [gzip.compress(bytes(limits.HTTP_PAYLOAD_BYTES * 20)), b"\x1f\x8b", b"no gzip"])
async def test_a_compressed_body_that_is_a_bomb_or_none(sent: bytes, backend: Backend) -> None:
    async with served(api(custom()), backend) as client:
        answer, body = await client.send("POST", headers={**JSON, "Content-Encoding": "gzip"}, body=sent)
    bomb = len(sent) > 100
    assert (answer.status, body) == (
        (413, b'{"message":"Request Too Long"}') if bomb else (400, b'{"message":"Bad Request"}')
    )
    assert backend.received.empty()
