import pytest

from apigateway.route_keys import HTTP_GRAMMAR, WEBSOCKET_GRAMMAR
from apigateway.selection import GRAMMAR as SELECTION_GRAMMAR
from settings import HttpApi, WebSocketApi, load_settings
from settings.integrations import HttpPrivateIntegration, WebSocketPrivateProxyIntegration
from tests.settings.examples import CHAT, ORDERS, PROXY, REMOVED, changed, problems_with

NAME = "must be a name of up to 64 letters, digits, _ and - that begins with a letter"


@pytest.mark.parametrize(
    ("keys", "value", "problem"),
    [
        ("protocol", REMOVED, "protocol: is required"),
        ("protocol", "GRPC", 'protocol: must be WEBSOCKET, HTTP or REST, got "GRPC"'),
        ("protocol", 5, "protocol: must be WEBSOCKET, HTTP or REST, got 5"),
        ("protocol", None, "protocol: must be WEBSOCKET, HTTP or REST, got null"),
        ("protocol", [], "protocol: must be WEBSOCKET, HTTP or REST, got []"),
        (
            "protocol",
            "websocket",
            'protocol: must be WEBSOCKET, HTTP or REST, got "websocket"; did you mean WEBSOCKET?',
        ),
        ("routes", REMOVED, "routes: is required"),
        ("routes", {}, "routes: must hold at least one route"),
        ("routes", [], "routes: must be a block of keys, got []"),
        ("cors", {}, "cors: unknown key; CORS belongs to HTTP APIs"),
        ("rotes", {}, "rotes: unknown key; did you mean routes?"),
        ("stage", [], "stage: must be a block of keys, got []"),
        (
            "apiKeySelectionExpresion",
            "",
            "apiKeySelectionExpresion: unknown key; did you mean apiKeySelectionExpression?",
        ),
        ("integrations", [], "integrations: must be a block of keys, got []"),
        (
            "routeSelectionExpression",
            "",
            f'routeSelectionExpression: a selection expression cannot be empty, got ""; {SELECTION_GRAMMAR}',
        ),
        ("routeSelectionExpression", 5, 'routeSelectionExpression: must be text, got 5; write "5" in quotes'),
        (
            "routeSelectionExpression",
            "$request.header.x",
            (
                'routeSelectionExpression: "request.header.x" cannot select a route of a WebSocket API, got '
                f'"$request.header.x"; {SELECTION_GRAMMAR}'
            ),
        ),
        (
            "routeSelectionExpression",
            "${request.body.action",
            (
                'routeSelectionExpression: "${request.body.action" has no closing brace, got '
                f'"${{request.body.action"; {SELECTION_GRAMMAR}; write ${{request.body.action}}'
            ),
        ),
        (
            "routes.$conect",
            {"integration": "forward"},
            (
                f'routes["$conect"]: not a route key of a WebSocket API, got "$conect"; {WEBSOCKET_GRAMMAR}; did '
                'you mean "$connect"?'
            ),
        ),
        (
            "routes.",
            {"integration": "forward"},
            f'routes[""]: not a route key of a WebSocket API, got ""; {WEBSOCKET_GRAMMAR}',
        ),
        ("routes.[key]", "forward", 'routes["[key]"]: must be a block of keys, got "forward"'),
        ("routes.|name", "forward", 'routes["|name"]: must be a block of keys, got "forward"'),
        ("routes.send", None, "routes.send: must be a block of keys, got null"),
        ("routes.send", {}, "routes.send.integration: is required"),
        ("routes.send.authorizaton", "NONE", "routes.send.authorizaton: unknown key; did you mean authorization?"),
        ("routes.send.operationName", "", "routes.send.operationName: must not be empty"),
        ("routes.send.operationName", "x" * 65, "routes.send.operationName: must be at most 64 characters, got 65"),
        ("routes.send.routeResponse", "yes", 'routes.send.routeResponse: must be true or false, got "yes"'),
        (
            "routes.send.integration",
            "forwrd",
            ('routes.send.integration: no integration "forwrd" under apis.chat.integrations; did you mean forward?'),
        ),
        (
            "routes.send.integration",
            "echo",
            'routes.send.integration: no integration "echo" under apis.chat.integrations; known: forward',
        ),
        ("routes.send.integration", "a b", f'routes.send.integration: {NAME}, got "a b"'),
        ("routes.send.integration", 5, "routes.send.integration: must be a block of keys, got 5"),
        ("routes.send.integration", None, "routes.send.integration: is required"),
        (
            "routes.$connect.requestParameters",
            {"route.request.body.x": {}},
            (
                'routes["$connect"].requestParameters["route.request.body.x"]: must be route.request.header.NAME '
                'or route.request.querystring.NAME, got "route.request.body.x"'
            ),
        ),
        (
            "routes.$connect.requestParameters",
            {"route.request.header.X": {"required": "yes"}},
            (
                'routes["$connect"].requestParameters["route.request.header.X"].required: must be true or false, '
                'got "yes"'
            ),
        ),
        (
            "routes.$connect.requestParameters",
            {"route.request.header.X": True},
            'routes["$connect"].requestParameters["route.request.header.X"]: must be a block of keys, got true',
        ),
    ],
)
def test_bad_websocket_api(keys: str, value: object, problem: str) -> None:
    assert problems_with(CHAT, keys, value) == [f"apis.chat.{problem}"]


@pytest.mark.parametrize(
    ("keys", "value", "problem"),
    [
        ("corz", {}, "corz: unknown key; did you mean cors?"),
        ("webAclArn", "x", "webAclArn: unknown key; AWS WAF protects REST APIs, not HTTP APIs"),
        (
            "apiKeySelectionExpression",
            "x",
            "apiKeySelectionExpression: unknown key; API keys belong to WebSocket and REST APIs",
        ),
        (
            "routeSelectionExpression",
            "x",
            "routeSelectionExpression: unknown key; an HTTP API always selects by method and path",
        ),
        (
            "routes.GET items",
            {"integration": {**PROXY, "backend": "orders"}},
            (f'routes["GET items"]: not a route key of an HTTP API, got "GET items"; {HTTP_GRAMMAR}; write GET /items'),
        ),
        (
            "routes.FETCH /x",
            {"integration": {**PROXY, "backend": "orders"}},
            (
                'routes["FETCH /x"]: "FETCH" is not a method of a route, got "FETCH /x"; expected one of GET, '
                'POST, PUT, PATCH, DELETE, HEAD, OPTIONS, ANY; did you mean "PATCH"?'
            ),
        ),
        (
            "routes.GET /items/{id}.routeResponse",
            True,
            'routes["GET /items/{id}"].routeResponse: unknown key; an HTTP API always answers',
        ),
        (
            "routes.GET /x",
            {"integration": "itm"},
            'routes["GET /x"].integration: no integration "itm" under apis.orders.integrations; known: none',
        ),
    ],
)
def test_bad_http_api(keys: str, value: object, problem: str) -> None:
    assert problems_with(ORDERS, keys, value) == [f"apis.orders.{problem}"]


def test_bad_key_and_bad_value_of_one_declaration() -> None:
    assert problems_with(CHAT, "routes.$connect.requestParameters", {"auth": 1}) == [
        (
            'apis.chat.routes["$connect"].requestParameters.auth: must be route.request.header.NAME or '
            'route.request.querystring.NAME, got "auth"'
        ),
        'apis.chat.routes["$connect"].requestParameters.auth: must be a block of keys, got 1',
    ]


@pytest.mark.parametrize("key", ["[key]", "|inline", "|WEBSOCKET", "a.b", "line\nbreak", "routes"])
def test_route_key_of_a_websocket_api_is_any_text(key: str) -> None:
    chat = load_settings(changed({(*CHAT, "routes", key): {"integration": "forward"}})).apis["chat"]
    assert isinstance(chat, WebSocketApi)
    assert chat.integration_of(chat.routes[key]) is chat.integrations["forward"]


@pytest.mark.parametrize(
    ("key", "place"),
    [("[key]", '["[key]"]'), ("|inline", '["|inline"]'), ("|WEBSOCKET", '["|WEBSOCKET"]'), ("routes", ".routes")],
)
def test_route_key_that_looks_like_a_mark_keeps_its_place(key: str, place: str) -> None:
    assert problems_with((*CHAT, "routes", key), "integration.backend", "chat") == [
        f"apis.chat.routes{place}.integration.integrationType: is required",
    ]


@pytest.mark.parametrize(("stack", "stage"), [("dev", "dev"), ("my-dev.1", "my_dev_1"), ("x" * 130, "x" * 128)])
def test_stage_left_out_is_named_after_the_stack(stack: str, stage: str) -> None:
    apis = load_settings(changed({})).apis
    assert {name: api.stage_name(stack) for name, api in apis.items()} == {"chat": stage, "orders": "$default"}


def test_integrations_are_inline_or_named() -> None:
    apis = load_settings(
        changed(
            {
                (*ORDERS, "integrations", "items"): {**PROXY, "backend": "orders"},
                (*ORDERS, "routes", "GET /items"): {"integration": "items"},
            }
        )
    ).apis
    chat, orders = apis["chat"], apis["orders"]
    assert isinstance(chat, WebSocketApi)
    assert isinstance(orders, HttpApi)
    to_chat = WebSocketPrivateProxyIntegration(integration_type="HTTP_PROXY", integration_method="POST", backend="chat")
    to_orders = HttpPrivateIntegration(integration_type="HTTP_PROXY", integration_method="POST", backend="orders")
    assert {key: chat.integration_of(route) for key, route in chat.routes.items()} == dict.fromkeys(
        ["$connect", "send", "$default"], to_chat
    )
    assert {key: orders.integration_of(route) for key, route in orders.routes.items()} == dict.fromkeys(
        ["GET /items/{id}", "GET /items"], to_orders
    )


def test_backends_by_the_links_that_lead_to_them() -> None:
    backend = {"loadBalancer": "network", "listener": {"port": 80}}
    settings = load_settings(
        changed(
            {
                ("backends", "idle"): backend,
                ("backends", "both"): backend,
                (*CHAT, "routes", "x", "integration"): {**PROXY, "backend": "both"},
                (*ORDERS, "routes", "$default", "integration"): {**PROXY, "backend": "both"},
            }
        )
    )
    assert (settings.rest_linked, settings.http_linked) == (("both", "chat"), ("both", "orders"))
