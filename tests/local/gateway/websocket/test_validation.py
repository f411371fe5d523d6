import json
import re

import pytest

from local.recording import Json
from tests.local.gateway.backend import Backend, response
from tests.local.gateway.conftest import Log
from tests.local.gateway.websocket.apis import ID, Served, ask, chat, frame, served
from tests.local.recordings import Program

ROOM = '{"type": "object", "required": ["room"], "properties": {"room": {"type": "string"}}}'
LIST = {"$ref": "#/definitions/list"}
NESTED = json.dumps({"properties": {"room": LIST}, "definitions": {"list": {"items": LIST}}})
COUNT = '{"type": "object", "properties": {"count": {"type": "integer", "minimum": 1}}}'


def modelled(models: dict[str, str], selection: str | None = None) -> Program:
    made = chat(default={})
    schemas = {"room": ROOM, "count": COUNT}
    for name, schema in schemas.items():
        made.add("aws:apigatewayv2/model:Model", name, {"apiId": "chat", "name": name, "schema": schema})
    named: dict[str, Json] = dict(models)
    made.change("chat $default", requestModels=named, modelSelectionExpression=selection)
    return made


def reason(gateway: Served) -> str | None:
    return gateway.events("MESSAGE")[0].reason


@pytest.mark.parametrize(
    ("models", "selection", "message", "why"),
    [
        ({"$default": "room"}, None, '{"count":1}', "it lacks"),
        ({"$default": "room"}, "$default", '{"room":1}', "$.room: 1 is not of type 'string'"),
        ({"$default": "room"}, None, "no JSON", "it is not JSON"),
        ({"$default": "room"}, None, "[]", "$: [] is not of type 'object'"),
        ({"n": "count"}, "${request.body.kind}", '{"kind":"n","count":0}', "$.count: 0 is less than the minimum of 1"),
        (
            {"n": "count", "$default": "room"},
            "${request.body.kind}",
            '{"kind":"m"}',
            "$: 'room' is a required property",
        ),
        ({"n": "count"}, "${request.body.kind}", '{"kind":"m"}', None),
        ({"n": "count"}, "${request.body.kind}", "no JSON", None),
    ],
)
async def test_a_message_that_does_not_fit(
    models: dict[str, str], selection: str | None, message: str, why: str | None, backend: Backend
) -> None:
    async with served(modelled(models, selection), backend) as gateway:
        socket = await gateway.connect()
        await socket.send_str(message)
        error = await frame(socket)
        assert list(error) == ["message", "connectionId", "messageId"]
        assert error["message"] == "Bad request body"
        assert all(re.fullmatch(ID, error[name]) for name in ("connectionId", "messageId"))
        assert backend.received.empty()
        backend.answers.append(response(200, body=b"{}"))
        assert await ask(socket, room="a", kind="n", count=1) == {}
        await socket.close()
    if why is None:
        assert "there is no such model (n)" in (reason(gateway) or "")
    elif why == "it lacks":
        assert reason(gateway) == "the message does not fit its model: $: 'room' is a required property"
    else:
        assert reason(gateway) == f"the message does not fit its model: {why}"


@pytest.mark.parametrize("depth", [300, 800])
async def test_a_message_that_is_nested_too_deeply_for_a_model_of_itself(
    depth: int, backend: Backend, log: Log
) -> None:
    made = modelled({"$default": "nested"})
    made.add("aws:apigatewayv2/model:Model", "nested", {"apiId": "chat", "name": "nested", "schema": NESTED})
    async with served(made, backend) as gateway:
        socket = await gateway.connect()
        await socket.send_str('{"room":' + "[" * depth + "]" * depth + "}")
        assert (await frame(socket))["message"] == "Bad request body"
        backend.answers.append(response(200, body=b"{}"))
        assert await ask(socket, room=[[]]) == {}
        await socket.close()
    assert reason(gateway) == "the message is nested deeper than can be held against its model here"
    assert not log.tracebacks


async def test_a_handshake_is_held_against_no_model(backend: Backend) -> None:
    made = modelled({"$default": "room"})
    made.two_way(made.websocket_route("chat", "$connect"))
    async with served(made, backend) as gateway:
        await (await gateway.connect()).close()
        assert (await backend.next()).target == "/"
