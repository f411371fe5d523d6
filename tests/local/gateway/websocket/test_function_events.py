"""Functions behind a WebSocket API: what they are given, and what becomes of what they answer."""

import json
import re
from typing import Any

import pytest
from aiohttp import WSServerHandshakeError

from local.gateway.traffic import Invoked
from tests.local.gateway.conftest import Log
from tests.local.gateway.websocket.apis import ID, ask, chat, frame, invocation, of_function, respond, served

PROXY = of_function("says")
OK = '{"statusCode":200}'
INTERNAL = "Internal server error"


def checked(context: dict[str, Any]) -> dict[str, Any]:
    """Return a request context without what differs each time, once that is of the right form."""
    ids = [context.pop(name) for name in ("connectionId", "requestId", "extendedRequestId")]
    assert all(re.fullmatch(ID, value) for value in ids)
    assert ids[1] == ids[2]
    assert isinstance(context.pop("connectedAt"), int)
    assert isinstance(context.pop("requestTimeEpoch"), int)
    assert re.fullmatch(r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000", context.pop("requestTime"))
    return context


async def test_the_event_of_a_handshake() -> None:
    async with served(chat(connect=PROXY)) as gateway:
        socket = await gateway.connect(
            '?says={"statusCode":200}&tag=a&tag=b', **{"User-Agent": "test", "X-Forwarded-For": "192.0.2.1", "b": "1"}
        )
        await socket.close()
    event = gateway.given("CONNECT")
    host = gateway.exchanges[0].request.context["domainName"] if gateway.exchanges[0].request else ""
    trace, key = event["headers"]["X-Amzn-Trace-Id"], event["headers"]["Sec-WebSocket-Key"]
    assert re.fullmatch(r"Root=1-[0-9a-f]{8}-[0-9a-f]{24}", trace)
    headers = {
        "Accept": "*/*",
        "Accept-Encoding": event["headers"]["Accept-Encoding"],
        "b": "1",
        "Host": host,
        "Sec-WebSocket-Key": key,
        "Sec-WebSocket-Version": "13",
        "User-Agent": "test",
        "X-Amzn-Trace-Id": trace,
        "X-Forwarded-For": "192.0.2.1, 127.0.0.1",
        "X-Forwarded-Port": host.rpartition(":")[2],
        "X-Forwarded-Proto": "http",
    }
    assert list(event["headers"]) == list(headers)
    assert checked(event.pop("requestContext")) == {
        "routeKey": "$connect",
        "eventType": "CONNECT",
        "messageDirection": "IN",
        "stage": "dev",
        "identity": {"userAgent": "test", "sourceIp": "127.0.0.1"},
        "domainName": host,
        "apiId": "chat",
    }
    assert event == {
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": {"says": OK, "tag": "b"},
        "multiValueQueryStringParameters": {"says": [OK], "tag": ["a", "b"]},
        "stageVariables": {"tenant": "acme"},
        "isBase64Encoded": False,
    }


async def test_the_event_of_a_message_and_of_an_end() -> None:
    async with served(chat(say=PROXY, disconnect=PROXY)) as gateway:
        socket = await gateway.connect(**{"User-Agent": ""})
        await ask(socket, action="say", body="{}")
        await socket.close(code=4000, message="bye é".encode())
    message, end = gateway.given("MESSAGE"), gateway.given("DISCONNECT")
    context = message.pop("requestContext")
    connection, host = context["connectionId"], context["domainName"]
    assert re.fullmatch(ID, context.pop("messageId"))
    common = {
        "messageDirection": "IN",
        "stage": "dev",
        "identity": {"sourceIp": "127.0.0.1"},
        "domainName": host,
        "apiId": "chat",
    }
    assert checked(context) == {"routeKey": "say", "eventType": "MESSAGE", **common}
    assert message == {
        "stageVariables": {"tenant": "acme"},
        "body": '{"action": "say", "body": "{}"}',
        "isBase64Encoded": False,
    }
    context = end.pop("requestContext")
    assert context["connectionId"] == connection
    assert checked(context) == {
        "routeKey": "$disconnect",
        "eventType": "DISCONNECT",
        "disconnectStatusCode": 4000,
        "disconnectReason": "bye é",
        **common,
    }
    headers = {"Host": host, "x-api-key": "", "X-Forwarded-For": "", "x-restapi": ""}
    assert end == {
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "stageVariables": {"tenant": "acme"},
        "isBase64Encoded": False,
    }


async def test_a_handshake_without_a_query_says_nothing_of_it() -> None:
    made = chat(connect=of_function("says"))
    made.change("chat-stage", stageVariables=None)
    async with served(made) as gateway:
        await (await gateway.connect()).close()
    assert list(gateway.given("CONNECT")) == ["headers", "multiValueHeaders", "requestContext", "isBase64Encoded"]


@pytest.mark.parametrize(
    ("answer", "sent"),
    [
        ({"statusCode": 200, "body": "hello é"}, "hello é"),
        ({"statusCode": 500, "body": "no"}, "no"),
        ({"body": "without a status"}, "without a status"),
        ({"statusCode": 200, "body": "aMOp", "isBase64Encoded": True}, "hé"),
        ({"statusCode": 200, "body": "half a pair: \ud800"}, "half a pair: ?"),
    ],
)
async def test_a_two_way_route_answers_with_the_body(answer: object, sent: str) -> None:
    async with served(chat(default=PROXY)) as gateway:
        socket = await gateway.connect()
        await socket.send_str(json.dumps(answer))
        assert await socket.receive_str(timeout=20) == sent
        await socket.close()
    (exchange,) = gateway.events("MESSAGE")
    assert (exchange.target, exchange.body.decode()) == ("says", sent)
    assert exchange.answered is not None
    assert exchange.answered_seconds is not None


MEMBERS = "body, headers, isBase64Encoded, multiValueHeaders, statusCode"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("null", 'a function must return an object with statusCode, headers and body, got "null"'),
        ('{"statusCode":200,"Data":"x"}', f'an answer may have {MEMBERS}, got "Data"'),
        ('{"statusCode":"ok"}', 'statusCode must be a number from 200 to 599, got "ok"'),
    ],
)
async def test_a_malformed_answer_is_an_error_on_any_route(answer: str, reason: str) -> None:
    made = chat(default=PROXY)
    made.change("chat $default", routeResponseSelectionExpression=None)
    async with served(made) as gateway:
        socket = await gateway.connect()
        await socket.send_str(answer)
        error = await frame(socket)
        assert list(error) == ["message", "connectionId", "requestId"]
        assert error["message"] == INTERNAL
        await socket.close()
    assert gateway.events("MESSAGE")[0].reason == f"malformed answer of the function: {reason}"


@pytest.mark.parametrize(
    ("name", "message", "reason"),
    [
        ("raises", INTERNAL, "the function raised LookupError: no such room"),
        ("exits", INTERNAL, "the function's process broke: "),
        ("sleeps", "Endpoint request timed out", "the function did not return within 0.3 s"),
    ],
)
async def test_a_function_that_fails(name: str, message: str, reason: str, log: Log) -> None:
    status = 504 if name == "sleeps" else 502
    integration = of_function(name, timeoutMilliseconds=300 if name == "sleeps" else 20000)
    async with served(chat(connect=integration)) as gateway:
        assert (await gateway.refused())[0] == status
        assert (await gateway.refused())[1]["message"] == message
        assert (gateway.exchanges[0].reason or "").startswith(reason)
    async with served(chat(default=integration)) as gateway:
        socket = await gateway.connect()
        error = await ask(socket)
        assert list(error) == ["message", "connectionId", "requestId"]
        assert error["message"] == message
        # The connection is as it was.
        assert (await ask(socket))["message"] == message
        await socket.close()
    assert not log.tracebacks


@pytest.mark.parametrize("status", [400, 401, 403, 500])
async def test_a_function_refuses_a_handshake_with_its_status(status: int) -> None:
    async with served(chat(connect=PROXY)) as gateway:
        with pytest.raises(WSServerHandshakeError) as refused:
            await gateway.connect(f'?says={{"statusCode":{status}}}')
        assert refused.value.status == status


async def test_a_function_chooses_the_sub_protocol() -> None:
    answer = {"statusCode": 200, "headers": {"Sec-WebSocket-Protocol": "b"}}
    async with served(chat(connect=PROXY)) as gateway:
        url = f"{gateway.url}?says={json.dumps(answer)}"
        async with gateway.session.ws_connect(url, protocols=("a", "b")) as socket:
            assert socket.protocol == "b"


async def test_without_a_handler_it_says_so() -> None:
    async with served(chat(connect=of_function("nobody"))) as gateway:
        status, body = await gateway.refused()
        assert status == 501
        assert body["message"].startswith('Not served by the local gateway: the function "nobody" has no handler here')
    async with served(chat(default=of_function("nobody"), disconnect=of_function("nobody"))) as gateway:
        socket = await gateway.connect()
        error = await ask(socket)
        assert error["message"].startswith("Not served by the local gateway: ")
        assert list(error) == ["message", "connectionId", "requestId"]
        await socket.close()
    assert gateway.events("MESSAGE")[0].status == 501
    assert "no handler here" in (gateway.events("DISCONNECT")[0].reason or "")


async def test_a_stage_variable_names_the_function() -> None:
    made = chat(default=of_function("says", integrationUri=invocation("${stageVariables.which}")))
    made.change("chat-stage", stageVariables={"which": "says"})
    async with served(made) as gateway:
        socket = await gateway.connect()
        await socket.send_str('{"body":"it is"}')
        assert await socket.receive_str(timeout=20) == "it is"
        await socket.close()
    made.change("chat-stage", stageVariables={"which": "no such"})
    async with served(made) as gateway:
        assert (await ask(await gateway.connect()))["message"] == INTERNAL


TEMPLATES = {"requestTemplates": {"$default": '{"room": $input.json("$.room"), "fail": $input.json("$.fail")}'}}


async def test_a_custom_integration_gets_what_the_template_makes() -> None:
    made = chat(default=of_function("returns", "AWS", **TEMPLATES))  # type: ignore[arg-type]
    respond(made, "$default", responseTemplates={"$default": '{"in": "$input.path(\'$.room\')"}'})
    async with served(made) as gateway:
        socket = await gateway.connect()
        assert await ask(socket, room="a") == {"in": "a"}
        await socket.close()
    assert gateway.given("MESSAGE") == {"room": "a", "fail": ""}


async def test_a_custom_integration_chooses_by_the_message_of_an_error() -> None:
    made = chat(default=of_function("raises", "AWS", **TEMPLATES))  # type: ignore[arg-type]
    respond(made, "$default")
    respond(made, "$default", "/.*not found.*/", responseTemplates={"$default": "gone: $input.path('$.errorType')"})
    async with served(made) as gateway:
        socket = await gateway.connect()
        await socket.send_str('{"fail": "room not found"}')
        assert await socket.receive_str(timeout=20) == "gone: LookupError"
        assert (await ask(socket, fail="other"))["errorMessage"] == "other"
        await socket.close()


async def test_a_custom_integration_takes_json_alone() -> None:
    made = chat(default=of_function("returns", "AWS"), connect=of_function("returns", "AWS"))
    for route in ("$default", "$connect"):
        respond(made, route)
    async with served(made) as gateway:
        socket = await gateway.connect()
        await socket.send_str("no JSON")
        assert (await frame(socket))["message"] == INTERNAL
        assert await ask(socket, a=1) == {"a": 1}
        await socket.close()
    assert gateway.given("CONNECT") == {}


async def test_a_custom_integration_without_a_response_opens_no_connection() -> None:
    async with served(chat(connect=of_function("returns", "AWS"))) as gateway:
        status, body = await gateway.refused()
    assert (status, body["message"]) == (500, INTERNAL)
    assert gateway.exchanges[0].reason == 'no integration response takes "" and none is $default (responses: none)'


async def test_nobody_waits_for_an_event() -> None:
    parameters = {"integration.request.header.X-Amz-Invocation-Type": "'Event'"}
    made = chat(default=of_function("sleeps", "AWS", requestParameters=parameters))  # type: ignore[arg-type]
    respond(made, "$default", responseTemplates={"$default": '{"status": "$context.status"}'})
    async with served(made) as gateway:
        assert await ask(await gateway.connect()) == {"status": "202"}
    sent = gateway.events("MESSAGE")[0].sent
    assert isinstance(sent, Invoked)
    assert sent.function == "sleeps"


async def test_another_invocation_type_is_waited_for() -> None:
    parameters = {"integration.request.header.X-Amz-Invocation-Type": "'event'"}
    made = chat(default=of_function("returns", "AWS", requestParameters=parameters))  # type: ignore[arg-type]
    respond(made, "$default", responseTemplates={"$default": '{"status": "$context.status"}'})
    async with served(made) as gateway:
        assert await ask(await gateway.connect()) == {"status": "200"}


async def test_no_handler_for_a_function_that_nobody_would_wait_for() -> None:
    parameters = {"integration.request.header.X-Amz-Invocation-Type": "'Event'"}
    made = chat(default=of_function("nobody", "AWS", requestParameters=parameters))  # type: ignore[arg-type]
    respond(made, "$default")
    async with served(made) as gateway:
        reason = 'the function "nobody" has no handler here: --lambda nobody=MODULE:FUNCTION gives it one'
        assert (await ask(await gateway.connect()))["message"] == f"Not served by the local gateway: {reason}"


async def test_what_an_answer_is_too_large_for() -> None:
    made = chat(default=of_function("returns", "AWS", requestTemplates={"$default": too_large()}))
    respond(made, "$default")
    async with served(made) as gateway:
        assert (await ask(await gateway.connect()))["message"] == INTERNAL
    assert gateway.events("MESSAGE")[0].reason == "the answer is larger than 131072 bytes"


def too_large() -> str:
    """Return a template that makes more than a message may have."""
    return '{"x": "#foreach($i in [1..1000])' + "x" * 140 + '#end"}'
