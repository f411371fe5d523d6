"""Templates, conversions and integration responses of WebSocket APIs, for backends, public URLs and mocks."""

import base64

import pytest
from aiohttp import ClientWebSocketResponse

from apigateway.mapping.data import Explained
from local.gateway.traffic import Exchange
from local.recording import Json
from tests.local.gateway.backend import Backend, response
from tests.local.gateway.conftest import Log
from tests.local.gateway.websocket.apis import ask, chat, custom, frame, mock, respond, served
from tests.local.recordings import DNS

INTERNAL = "Internal server error"


async def text(socket: ClientWebSocketResponse, message: str) -> str:
    await socket.send_str(message)
    return await socket.receive_str(timeout=5)


def selecting(expression: str | None, **templates: str) -> dict[str, Json]:
    return custom(
        templateSelectionExpression=expression,
        requestTemplates={"$default" if key == "default" else key: value for key, value in templates.items()},
    )


@pytest.mark.parametrize(
    ("integration", "message", "arrives"),
    [
        (selecting(None, default='{"all": $input.json("$")}'), '{"a":1}', b'{"all": {"a":1}}'),
        (selecting(r"\$default", default="fixed"), "x", b"fixed"),
        (selecting("${request.body.kind}", a="A", default="D"), '{"kind":"a"}', b"A"),
        (selecting("$request.body.kind", a="A", default="D"), '{"kind":"b"}', b"D"),
        (selecting("${request.body.kind}", a="A", default="D"), "no JSON", b"D"),
        (selecting("${request.body.x}-${request.body.y}", **{"1-2": "both"}), '{"x":1,"y":2}', b"both"),
        (selecting("${request.body.kind}", a="A"), '{"kind":"b"}', b'{"kind":"b"}'),
        (selecting("${request.body.kind}"), '{"kind":"b"}', b'{"kind":"b"}'),
        (
            selecting(
                None, default="$context.routeKey $context.eventType $stageVariables.tenant $input.path('$.a[0]')"
            ),
            '{"a":[7]}',
            b"$default MESSAGE acme 7",
        ),
        (selecting(None, default="$util.base64Encode($input.body)"), "é", base64.b64encode("é".encode())),
    ],
)
async def test_the_template_that_a_message_selects(
    integration: dict[str, Json], message: str, arrives: bytes, backend: Backend
) -> None:
    made = chat(default=integration)
    respond(made, "$default")
    async with served(made, backend) as gateway:
        socket = await gateway.connect()
        backend.answers.append(response(200, body=b"done"))
        assert await text(socket, message) == "done"
        received = await backend.next()
        assert received.body == arrives
        is_json = arrives.startswith(b"{")
        assert received.header("Content-Type") == ("application/json" if is_json else "text/plain")
        await socket.close()


@pytest.mark.parametrize(
    ("passthrough", "templates", "passes"),
    [
        ("WHEN_NO_MATCH", {"a": "A"}, True),
        ("WHEN_NO_TEMPLATES", {"a": "A"}, False),
        ("WHEN_NO_TEMPLATES", {}, True),
        ("NEVER", {}, False),
        ("NEVER", {"a": "A"}, False),
    ],
)
async def test_messages_that_no_template_takes(
    passthrough: str, templates: dict[str, Json], passes: bool, backend: Backend
) -> None:
    made = chat(
        default=custom(
            passthroughBehavior=passthrough,
            requestTemplates=templates,
            templateSelectionExpression="${request.body.kind}",
        )
    )
    respond(made, "$default")
    async with served(made, backend) as gateway:
        socket = await gateway.connect()
        backend.answers.append(response(200, body=b'{"message":"passed"}'))
        answer = await ask(socket, kind="b")
        assert answer["message"] == ("passed" if passes else "Unsupported Media Type")
        assert backend.received.empty() != passes
        await socket.close()
    if not passes:
        known = ", ".join(templates) or "none"
        reason = f'no request template has the key "b" (templates: {known}) and nothing passes without one'
        assert gateway.events("MESSAGE")[0].reason == f"{reason}: passthroughBehavior {passthrough}"


@pytest.mark.parametrize(
    ("template", "message", "said", "reason"),
    [
        ("$input.json('$.a')", '{"a"', "Could not parse request body into json", "the body must be JSON"),
        ("$util.parseJson('x')", "{}", INTERNAL, "the request template $default: "),
    ],
)
async def test_a_template_that_fails(template: str, message: str, said: str, reason: str, log: Log) -> None:
    made = chat(default=selecting(None, default=template))
    respond(made, "$default")
    async with served(made) as gateway:
        socket = await gateway.connect()
        await socket.send_str(message)
        assert (await frame(socket))["message"] == said
        await socket.close()
    assert reason in (gateway.events("MESSAGE")[0].reason or "")
    assert not log.tracebacks


async def test_an_override_changes_nothing_and_is_noted(backend: Backend) -> None:
    template = '#set($context.requestOverride.header.X-Mine = "1")plain'
    made = chat(default=selecting(None, default=template))
    respond(
        made, "$default", responseTemplates={"$default": "#set($context.responseOverride.status = 201)$context.status"}
    )
    async with served(made, backend) as gateway:
        socket = await gateway.connect()
        assert await text(socket, "{}") == "200"
        assert "X-Mine" not in (await backend.next()).names
        await socket.close()
    assert gateway.events("MESSAGE")[0].notes == [
        "what a template overrides changes nothing: that is of REST APIs alone",
        "what a template overrides changes nothing: that is of REST APIs alone",
    ]


@pytest.mark.parametrize("kind", ["HTTP", "HTTP_PROXY"])
async def test_base64_becomes_bytes_for_the_backend(kind: str, backend: Backend) -> None:
    made = chat(default=custom(kind, contentHandlingStrategy="CONVERT_TO_BINARY"))
    respond(made, "$default")
    async with served(made, backend) as gateway:
        socket = await gateway.connect()
        backend.answers.append(response(200, body=b"ok"))
        assert await text(socket, "AAH/") == "ok"
        received = await backend.next()
        assert (received.body, received.header("Content-Type")) == (b"\x00\x01\xff", "application/octet-stream")
        await socket.send_str("no base64!")
        assert (await frame(socket))["message"] == INTERNAL
        await socket.close()
    assert (gateway.events("MESSAGE")[1].reason or "").startswith("the body is to become binary and is not Base64")


@pytest.mark.parametrize(
    ("handling", "body", "sent"),
    [
        ("CONVERT_TO_TEXT", b"\x00\x01\xff", "AAH/"),
        ("CONVERT_TO_BINARY", b"aMOp", "hé"),
        (None, b"\xff", "\ufffd"),
    ],
)
async def test_conversions_of_an_answer(handling: str | None, body: bytes, sent: str, backend: Backend) -> None:
    made = chat(default=custom())
    respond(made, "$default", contentHandlingStrategy=handling)
    async with served(made, backend) as gateway:
        socket = await gateway.connect()
        backend.answers.append(response(200, body=body))
        assert await text(socket, "{}") == sent
        await socket.close()


async def test_an_answer_that_cannot_be_converted(backend: Backend) -> None:
    made = chat(default=custom())
    respond(made, "$default", contentHandlingStrategy="CONVERT_TO_BINARY")
    async with served(made, backend) as gateway:
        socket = await gateway.connect()
        backend.answers.append(response(200, body=b"no base64!"))
        assert (await ask(socket))["message"] == INTERNAL
        await socket.close()


async def test_the_response_that_a_status_chooses(backend: Backend) -> None:
    made = chat(default=custom())
    respond(made, "$default", r"/4\d\d/", responseTemplates={"$default": "refused $context.status: $input.path('$.e')"})
    respond(made, "$default", "/204/", responseTemplates={"$default": "nothing"})
    respond(made, "$default", responseTemplates={"$default": '{"r": $input.json("$")}'})
    async with served(made, backend) as gateway:
        socket = await gateway.connect()
        backend.answers.extend(
            [response(404, body=b'{"e":"gone"}'), response(204), response(200, body=b"[1]"), response(500, body=b"{}")]
        )
        answers = [await text(socket, "{}") for _ in range(4)]
        await socket.close()
    assert answers == ["refused 404: gone", "nothing", '{"r": [1]}', '{"r": {}}']
    assert [event.answered_status for event in gateway.events("MESSAGE")] == [404, 204, 200, 500]


@pytest.mark.parametrize(
    ("expression", "templates", "sent"),
    [
        ("${integration.response.statuscode}", {"200": "by status"}, "by status"),
        ("${integration.response.header.X-Kind}", {"b": "by header"}, "by header"),
        ("${integration.response.multivalueheader.X-Kind}", {"a,b": "by headers"}, "by headers"),
        ("${request.body.kind}", {"m": "by message"}, "by message"),
        ("${request.body.kind}", {"other": "x", "$default": "default"}, "default"),
        ("${request.body.kind}", {"other": "x"}, "as it is"),
        (None, {"other": "x"}, "as it is"),
        (r"\$default", {"$default": "fixed"}, "fixed"),
    ],
)
async def test_the_template_that_an_answer_selects(
    expression: str | None, templates: dict[str, Json], sent: str, backend: Backend
) -> None:
    made = chat(default=custom())
    respond(made, "$default", responseTemplates=templates, templateSelectionExpression=expression)
    async with served(made, backend) as gateway:
        socket = await gateway.connect()
        backend.answers.append(response(200, ("X-Kind", "a"), ("X-Kind", "b"), body=b"as it is"))
        assert await text(socket, '{"kind":"m"}') == sent
        await socket.close()


async def test_without_a_response_that_takes_it(backend: Backend) -> None:
    made = chat(default=custom(), connect=custom())
    respond(made, "$default", "/201/")
    respond(made, "$connect", "/2../")
    async with served(made, backend) as gateway:
        socket = await gateway.connect()
        assert (await ask(socket))["message"] == INTERNAL
        await socket.close()
        backend.answers.append(response(401))
        status, body = await gateway.refused()
        assert (status, body["message"]) == (500, INTERNAL)
    known = 'no integration response takes "{}" and none is $default (responses: {})'
    assert gateway.events("MESSAGE")[0].reason == known.format(200, "/201/")
    assert gateway.events("CONNECT")[1].reason == known.format(401, "/2../")


async def test_one_way_needs_no_response(backend: Backend) -> None:
    made = chat(default=custom(), ask=custom())
    made.change("chat $default", routeResponseSelectionExpression=None)
    respond(made, "ask")
    async with served(made, backend) as gateway:
        socket = await gateway.connect()
        backend.answers.extend([response(500, body=b"told"), response(200, body=b'{"a":"asked"}')])
        await socket.send_str("told")
        assert await ask(socket, action="ask") == {"a": "asked"}
        await socket.close()
    assert [event.reason for event in gateway.events("MESSAGE")] == [None, None]


@pytest.mark.parametrize("status", [401, 503])
async def test_a_custom_handshake_has_the_status_of_the_backend(status: int, backend: Backend) -> None:
    made = chat(connect=custom(requestTemplates={"$default": '{"auth": "$input.params(\'auth\')"}'}))
    respond(made, "$connect")
    async with served(made, backend) as gateway:
        await (await gateway.connect("?auth=t1")).close()
        assert (await backend.next()).body == b'{"auth": "t1"}'
        backend.answers.append(response(status))
        assert (await gateway.refused())[0] == status


async def test_mocks() -> None:
    made = chat(
        connect=mock('{"statusCode": #if($input.params("auth") == "yes")200#{else}403#end}'),
        ping=mock(),
        broken=mock("no status"),
    )
    respond(made, "$connect")
    respond(made, "ping", "/200/", responseTemplates={"$default": '{"pong": "$context.connectionId"}'})
    async with served(made) as gateway:
        assert (await gateway.refused("?auth=no"))[0] == 403
        socket = await gateway.connect("?auth=yes")
        connection_id = gateway.exchanges[-1].connection_id
        assert await ask(socket, action="ping") == {"pong": connection_id}
        assert (await ask(socket, action="broken"))["message"] == INTERNAL
        await socket.close()
    reason = 'its request template must make {"statusCode": 200} or the like, with a whole number, got "no status"'
    assert gateway.events("MESSAGE")[1].reason == reason
    assert gateway.events("MESSAGE")[0].target is None


@pytest.mark.parametrize("kind", ["HTTP", "HTTP_PROXY"])
async def test_public_urls(kind: str, backend: Backend) -> None:
    host = backend.url.removeprefix("http://")
    port = host.rpartition(":")[2]
    made = chat(
        default=custom(
            kind,
            integrationUri="http://${stageVariables.host}:" + port + "/${stageVariables.tenant}/{room}?fixed=a b",
            connectionType="INTERNET",
            connectionId=None,
            requestParameters={
                "integration.request.path.room": "route.request.body.room",
                "integration.request.querystring.q": "route.request.body.q",
            },
        )
    )
    made.change("chat-stage", stageVariables={"host": "127.0.0.1", "tenant": "acme"})
    respond(made, "$default")
    async with served(made) as gateway:
        socket = await gateway.connect()
        backend.answers.append(response(200, body=b'{"a":"b"}'))
        assert await ask(socket, room="../x", q="1&2") == {"a": "b"}
        received = await backend.next()
        assert (received.target, received.header("Host")) == ("/acme/..%2Fx?fixed=a%20b&q=1%262", host)
        await socket.close()
    assert gateway.events("MESSAGE")[0].target == backend.url
    assert [item.values for item in _explained(gateway.events("MESSAGE")[0])] == [("../x",), ("1&2",)]


def _explained(exchange: Exchange) -> tuple[Explained, ...]:
    assert exchange.explain_request is not None
    return exchange.explain_request()


async def test_a_uri_that_is_none() -> None:
    made = chat(default=custom(integrationUri="http://${stageVariables.host}/x", connectionType="INTERNET"))
    respond(made, "$default")
    async with served(made) as gateway:
        assert (await ask(await gateway.connect()))["message"] == INTERNAL
    reason = 'its URI must be a URL once the stage variables are in it, got "http:///x"'
    assert gateway.events("MESSAGE")[0].reason == reason


async def test_a_get_has_no_body_whatever_the_template_makes(backend: Backend) -> None:
    made = chat(default=custom(integrationMethod="GET", requestTemplates={"$default": '{"a": 1}'}))
    respond(made, "$default")
    async with served(made, backend) as gateway:
        socket = await gateway.connect()
        backend.answers.append(response(200, body=b"{}"))
        await ask(socket)
        received = await backend.next()
        assert (received.method, received.body, received.header("Host")) == ("GET", b"", DNS)
        assert "Content-Type" not in received.names
        await socket.close()
