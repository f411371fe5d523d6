import json

import pytest

from local.console.examples import frames_of, requests_of
from local.topology import Api, WebSocketApi
from local.topology.reading import build_topology
from tests.local.recordings import Program, program
from tests.local.rest_recordings import RestProgram, by_v2_link, parameter


def only(made: Program) -> Api:
    (api,) = build_topology(made.recording()).apis
    return api


def chat(made: Program) -> WebSocketApi:
    (api,) = build_topology(made.recording()).websocket_apis
    return api


def test_a_request_for_each_route_of_an_http_api() -> None:
    made = program()
    api = made.http_api(stage="dev")
    for key in ("GET /pets/{id}", "ANY /{proxy+}", "POST /pets", "$default"):
        made.http_route(api, key)
    shown = {
        example["label"]: (example["method"], example["path"], example["body"]) for example in requests_of(only(made))
    }
    assert shown == {
        "GET /pets/{id}": ("GET", "/dev/pets/7", ""),
        "ANY /{proxy+}": ("GET", "/dev/items/7", ""),
        "POST /pets": ("POST", "/dev/pets", '{\n  "name": "example"\n}'),
        "$default": ("GET", "/dev/", ""),
    }


def test_a_route_of_several_stages_is_told_apart() -> None:
    made = program()
    api = made.http_api()
    made.add("aws:apigatewayv2/stage:Stage", "beta", {"apiId": api, "name": "beta", "autoDeploy": True})
    made.http_route(api, "GET /pets")
    assert {(example["label"], example["path"]) for example in requests_of(only(made))} == {
        ("GET /pets ($default)", "/pets"),
        ("GET /pets (beta)", "/beta/pets"),
    }


def test_a_request_for_a_rest_api_has_what_its_method_requires() -> None:
    made = RestProgram()
    made.method(
        "PUT /pets/{petId}",
        by_v2_link(),
        parameters=[
            parameter("query", "page", required=True),
            parameter("header", "Tenant", required=True),
            parameter("header", "Other"),
        ],
    )
    assert requests_of(only(made.recording_program())) == [
        {
            "label": "PUT /pets/{petId}",
            "method": "PUT",
            "path": "/dev/pets/7?page=example",
            "headers": [["Content-Type", "application/json"], ["Tenant", "example"]],
            "body": '{\n  "name": "example"\n}',
        }
    ]


def test_a_handshake_has_what_connect_requires_and_reads() -> None:
    made = program()
    api = made.websocket_api()
    made.websocket_route(
        api,
        "$connect",
        {
            "integration.request.header.a": "route.request.querystring.token",
            "integration.request.header.b": "route.request.header.Tenant",
            "integration.request.header.c": "route.request.multivaluequerystring.token",
        },
    )
    made.change(
        f"{api} $connect", requestParameters=[{"requestParameterKey": "route.request.querystring.q", "required": True}]
    )
    (example,) = requests_of(only(made))
    assert (example["label"], example["path"]) == ("connect to dev", "/dev?q=example&token=example")
    assert example["headers"] == [["Tenant", "example"]]


def test_a_handshake_without_a_connect_route() -> None:
    made = program()
    made.websocket_route(made.websocket_api(), "$default")
    assert [example["path"] for example in requests_of(only(made))] == ["/dev"]


def test_a_message_for_each_route_with_the_fields_that_are_mapped() -> None:
    made = program()
    api = made.websocket_api()
    made.websocket_route(api, "$default")
    made.websocket_route(api, "$connect")
    made.websocket_route(api, "join", {"integration.request.header.room": "route.request.body.room.name"})
    assert [(frame["label"], json.loads(frame["text"])) for frame in frames_of(only(made))] == [
        ("join", {"action": "join", "room": {"name": "example"}}),
        ("$default", {"message": "hello"}),
    ]


@pytest.mark.parametrize(
    ("expression", "key", "message"),
    [
        ("$request.body.message.kind", "join", {"message": {"kind": "join"}}),
        ("v1-${request.body.kind}!", "v1-join!", {"kind": "join"}),
        ("v1-${request.body.kind}!", "v1-!", {"kind": ""}),
        ("v1-${request.body.kind}", "join", None),
        ("${request.body.a}${request.body.b}", "join", None),
        ("$request.body.kinds[0]", "join", None),
    ],
)
def test_a_message_chooses_its_route(expression: str, key: str, message: dict[str, object] | None) -> None:
    made = program()
    api = made.websocket_api()
    made.change(api, routeSelectionExpression=expression)
    made.websocket_route(api, key)
    served = chat(made)
    frames = frames_of(served)
    assert [json.loads(frame["text"]) for frame in frames] == ([] if message is None else [message])
    assert [served.selection.evaluate(frame["text"]) for frame in frames] == [key] * len(frames)


def test_only_websocket_apis_take_messages() -> None:
    made = program()
    made.http_route(made.http_api(), "$default")
    assert frames_of(only(made)) == []
