import pytest

from apigateway.mapping.http import REQUEST_GRAMMAR, RESPONSE_GRAMMAR
from apigateway.mapping.http_variables import GRAMMAR
from apigateway.mapping.websocket import DESTINATION_GRAMMAR, SOURCE_GRAMMAR
from settings import load_settings
from tests.settings.examples import (
    CONNECT,
    FORWARD,
    ITEM,
    ORDERS,
    PROXY,
    REMOVED,
    Location,
    changed,
    problems,
    problems_with,
)

NAME = "must be a name of up to 64 letters, digits, _ and - that begins with a letter"
PATH = "must be a path that begins with /, with braces only in {name} and ${stageVariables.name}"
VALUE_GRAMMAR = GRAMMAR["request"]


@pytest.mark.parametrize(
    ("keys", "value", "problem"),
    [
        ("integrationType", REMOVED, "integrationType: is required"),
        (
            "integrationType",
            "EVENTS",
            'integrationType: must be HTTP_PROXY, HTTP, AWS_PROXY, AWS or MOCK, got "EVENTS"',
        ),
        ("integrationMethod", REMOVED, "integrationMethod: is required"),
        (
            "integrationMethod",
            "post",
            (
                "integrationMethod: must be GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS or ANY, "
                'got "post"; did you mean POST?'
            ),
        ),
        ("backend", REMOVED, "backend: is required, or integrationUri for a public URL"),
        ("backend", 5, 'backend: must be text, got 5; write "5" in quotes'),
        ("backend", "a b", f'backend: {NAME}, got "a b"'),
        ("backend", "caht", 'backend: no backend "caht" under backends; did you mean chat?'),
        ("backend", "stock", 'backend: no backend "stock" under backends; known: chat, orders'),
        (
            "backend",
            "orders",
            (
                'backend: must be a backend with a network load balancer, got "orders", which has an application '
                "load balancer: the VPC links that WebSocket APIs can use lead to network load balancers only"
            ),
        ),
        ("timeoutInMilis", 5000, "timeoutInMilis: unknown key; did you mean timeoutInMillis?"),
        ("description", "x" * 1025, "description: must be at most 1024 characters, got 1025"),
        ("path", "message", f'path: {PATH}, got "message"'),
        ("path", "", f'path: {PATH}, got ""'),
        ("path", "/a b", f'path: {PATH}, got "/a b"'),
        ("path", "/rooms/{}", f'path: {PATH}, got "/rooms/{{}}"'),
        ("path", "/rooms/{room", f'path: {PATH}, got "/rooms/{{room"'),
        ("path", "/rooms/${room}", f'path: {PATH}, got "/rooms/${{room}}"'),
        ("path", "/{a}/{b+}/{c+}", f'path: {PATH}, got "/{{a}}/{{b+}}/{{c+}}"; write {{b}} and {{c}}'),
        ("path", "/rooms/{room}", "path: {room} is filled by nothing; map integration.request.path.room"),
        ("timeoutInMillis", 49, "timeoutInMillis: must be 50 to 29000, got 49"),
        ("timeoutInMillis", 29001, "timeoutInMillis: must be 50 to 29000, got 29001"),
        ("timeoutInMillis", "5000", 'timeoutInMillis: must be a whole number, got "5000"'),
        ("timeoutInMillis", 5000.5, "timeoutInMillis: must be a whole number, got 5000.5"),
        ("responseParameters", {}, "responseParameters: does not belong here, but to integrations of HTTP APIs"),
        (
            "tlsConfig",
            {},
            (
                "tlsConfig: does not belong here, but to HTTP_PROXY integrations of HTTP APIs with a backend; a "
                "WebSocket API speaks TLS where the backend's listener does"
            ),
        ),
        ("requestParameters", [], "requestParameters: must be a block of keys, got []"),
        (
            "requestParameters",
            {"integration.request.header.auth": 5},
            'requestParameters["integration.request.header.auth"]: must be text, got 5; write "5" in quotes',
        ),
        (
            "requestParameters",
            {"integration.request.header.auth": ""},
            (
                'requestParameters["integration.request.header.auth"]: a mapping\'s value is of 1 to 512 '
                f'characters, not 0, got ""; {SOURCE_GRAMMAR}'
            ),
        ),
        (
            "requestParameters",
            {"integration.request.header.auth": "context.conectionId"},
            (
                'requestParameters["integration.request.header.auth"]: "conectionId" is not a $context variable of '
                'WebSocket APIs, got "context.conectionId"; did you mean "connectionId"?'
            ),
        ),
        (
            "requestParameters",
            {"integration.request.header.auth": "acme"},
            (
                'requestParameters["integration.request.header.auth"]: not a source of a WebSocket API\'s mapping, '
                f"got \"acme\"; {SOURCE_GRAMMAR}; write 'acme' (in YAML \"'acme'\", which takes the outer quotes away)"
            ),
        ),
        (
            "requestParameters",
            {"integration.request.header.auth": "$request.header.Auth"},
            (
                'requestParameters["integration.request.header.auth"]: not a source of a WebSocket API\'s mapping, '
                f'got "$request.header.Auth"; {SOURCE_GRAMMAR}; write route.request.header.Auth'
            ),
        ),
        (
            "requestParameters",
            {"integration.request.header.auth": "${context.connectionId}"},
            (
                'requestParameters["integration.request.header.auth"]: not a source of a WebSocket API\'s mapping, '
                f'got "${{context.connectionId}}"; {SOURCE_GRAMMAR}; write context.connectionId'
            ),
        ),
        (
            "requestParameters",
            {"integration.request.header.auth": "method.request.querystring.q"},
            (
                'requestParameters["integration.request.header.auth"]: not a source of a WebSocket API\'s mapping, '
                f'got "method.request.querystring.q"; {SOURCE_GRAMMAR}; write route.request.querystring.q'
            ),
        ),
        (
            "requestParameters",
            {"overwrite:header.auth": "context.connectionId"},
            (
                'requestParameters["overwrite:header.auth"]: not a destination of a WebSocket API\'s mapping, got '
                f'"overwrite:header.auth"; {DESTINATION_GRAMMAR}; write integration.request.header.auth'
            ),
        ),
        (
            "requestParameters",
            {
                "integration.request.header.Auth": "context.connectionId",
                "integration.request.header.auth": "context.requestId",
            },
            (
                'requestParameters["integration.request.header.auth"]: the same header is mapped by '
                "integration.request.header.Auth"
            ),
        ),
    ],
)
def test_bad_websocket_integration(keys: str, value: object, problem: str) -> None:
    assert problems_with(FORWARD, keys, value) == [f"apis.chat.integrations.forward.{problem}"]


@pytest.mark.parametrize(
    ("keys", "value", "problem"),
    [
        ("timeoutInMillis", 49, "timeoutInMillis: must be 50 to 30000, got 49"),
        ("timeoutInMillis", 30001, "timeoutInMillis: must be 50 to 30000, got 30001"),
        (
            "integrationMethod",
            "TRACE",
            'integrationMethod: must be GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS or ANY, got "TRACE"',
        ),
        ("path", "v1", 'path: must be a path that begins with /, got "v1"'),
        ("path", "/v1/{id}", "path: {id} is filled by nothing; write ${request.path.id}"),
        (
            "path",
            "/v1/$request.path",
            (
                'path: "$request.path" must be in braces, for it is not the whole value, got "/v1/$request.path"; '
                "write /v1/${request.path}"
            ),
        ),
        (
            "path",
            "/v1/${request.path.name}",
            'path: the route GET /items/{id} has no path variable {name}, got "/v1/${request.path.name}"',
        ),
        ("tlsConfig", {}, "tlsConfig.serverNameToVerify: is required"),
        ("tlsConfig", {"serverNameToVerify": ""}, "tlsConfig.serverNameToVerify: must not be empty"),
        (
            "tlsConfig",
            {"serverNameToVerify": "orders.internal"},
            'tlsConfig: needs a listener other than HTTP; that of backend "orders" speaks HTTP',
        ),
        (
            "requestTemplates",
            {},
            "requestTemplates: does not belong here, but to HTTP, AWS and MOCK integrations of WebSocket and REST APIs",
        ),
        (
            "requestParameters",
            {"overwrite:header.x": 5},
            'requestParameters["overwrite:header.x"]: must be text, got 5; write "5" in quotes',
        ),
        (
            "requestParameters",
            {"overwrite:header.x": "route.request.header.Auth"},
            (
                'requestParameters["overwrite:header.x"]: a source of another kind of API, which an HTTP API would '
                f'send as text, got "route.request.header.Auth"; {VALUE_GRAMMAR}; write $request.header.Auth'
            ),
        ),
        (
            "requestParameters",
            {"overwrite:header.x": "context.requestId"},
            (
                'requestParameters["overwrite:header.x"]: a source of another kind of API, which an HTTP API would '
                f'send as text, got "context.requestId"; {VALUE_GRAMMAR}; write $context.requestId'
            ),
        ),
        (
            "requestParameters",
            {"overwrite:header.x": "$request.heder.y"},
            (
                'requestParameters["overwrite:header.x"]: "request.heder.y" is not a variable, got '
                f'"$request.heder.y"; {VALUE_GRAMMAR}; did you mean "request.header.y"?'
            ),
        ),
        (
            "requestParameters",
            {"overwrite:header.x": "$response.header.y"},
            (
                'requestParameters["overwrite:header.x"]: a request mapping cannot read the response, got '
                '"$response.header.y"'
            ),
        ),
        (
            "requestParameters",
            {"overwrite:header.x": "$request.path.name"},
            (
                'requestParameters["overwrite:header.x"]: the route GET /items/{id} has no path variable {name}, '
                'got "$request.path.name"'
            ),
        ),
        (
            "requestParameters",
            {"overwrite:header.x": ""},
            (
                'requestParameters["overwrite:header.x"]: overwrite:header.x needs a value of 1 to 512 characters, '
                'got ""'
            ),
        ),
        (
            "requestParameters",
            {"remove:header.x": "y"},
            'requestParameters["remove:header.x"]: remove:header.x takes no value, got "y"; expected \'\'',
        ),
        (
            "requestParameters",
            {"integration.request.header.auth": "$request.header.auth"},
            (
                'requestParameters["integration.request.header.auth"]: not a destination of an HTTP API\'s request '
                f'mapping, got "integration.request.header.auth"; {REQUEST_GRAMMAR}; write overwrite:header.auth'
            ),
        ),
        (
            "requestParameters",
            {"overwrite:header.Authorization": "$request.header.x"},
            (
                'requestParameters["overwrite:header.Authorization"]: "Authorization" is a reserved header, which '
                'no mapping can change, got "overwrite:header.Authorization"'
            ),
        ),
        (
            "requestParameters",
            {"overwrite:statuscode": "403"},
            (
                'requestParameters["overwrite:statuscode"]: not a destination of an HTTP API\'s request mapping, '
                f'got "overwrite:statuscode"; {REQUEST_GRAMMAR}; it belongs under responseParameters, by the '
                'status: {"404": {"overwrite:statuscode": "403"}}'
            ),
        ),
        (
            "requestParameters",
            {"append:header.X": "a", "append:header.x": "b"},
            'requestParameters["append:header.x"]: the same header is mapped by append:header.X',
        ),
        (
            "responseParameters",
            {"600": {}},
            'responseParameters.600: must be a status code from 200 to 599 in quotes, got "600"',
        ),
        (
            "responseParameters",
            {"99": {}},
            'responseParameters.99: must be a status code from 200 to 599 in quotes, got "99"',
        ),
        (
            "responseParameters",
            {"4XX": {}},
            'responseParameters.4XX: must be a status code from 200 to 599 in quotes, got "4XX"',
        ),
        ("responseParameters", {"404": "403"}, 'responseParameters.404: must be a block of keys, got "403"'),
        (
            "responseParameters",
            {"404": {"overwrite:statuscode": 403}},
            'responseParameters.404["overwrite:statuscode"]: must be text, got 403; write "403" in quotes',
        ),
        (
            "responseParameters",
            {"404": {"overwrite:statuscode": "600"}},
            'responseParameters.404["overwrite:statuscode"]: not a status code, got "600"; expected 200 to 599',
        ),
        (
            "responseParameters",
            {"404": {"overwrite:status": "403"}},
            (
                'responseParameters.404["overwrite:status"]: not a destination of an HTTP API\'s response mapping, '
                f'got "overwrite:status"; {RESPONSE_GRAMMAR}; write overwrite:statuscode'
            ),
        ),
        (
            "responseParameters",
            {"404": {"append:header.x": "$request.header.y"}},
            (
                'responseParameters.404["append:header.x"]: a response mapping cannot read the request, got '
                '"$request.header.y"'
            ),
        ),
        (
            "responseParameters",
            {"404": {"remove:header.x": "y"}},
            'responseParameters.404["remove:header.x"]: remove:header.x takes no value, got "y"; expected \'\'',
        ),
        (
            "responseParameters",
            {"404": {"append:header.X": "a", "append:header.x": "b"}},
            'responseParameters.404["append:header.x"]: the same header is mapped by append:header.X',
        ),
    ],
)
def test_bad_http_integration(keys: str, value: object, problem: str) -> None:
    assert problems_with(ITEM, keys, value) == [f'apis.orders.routes["GET /items/{{id}}"].integration.{problem}']


def test_every_header_that_is_mapped_twice() -> None:
    mapping = {"append:header.A": "1", "append:header.a": "2", "append:header.B": "3", "append:header.b": "4"}
    place = 'apis.orders.routes["GET /items/{id}"].integration.requestParameters'
    assert problems_with(ITEM, "requestParameters", mapping) == [
        f'{place}["append:header.a"]: the same header is mapped by append:header.A',
        f'{place}["append:header.b"]: the same header is mapped by append:header.B',
    ]


@pytest.mark.parametrize(
    ("keys", "value", "problem"),
    [
        (
            "requestParameters",
            [{"Destination": "append:header.x", "Source": "y"}],
            (
                "requestParameters: must be a block of destinations and values, "
                'got [{"Destination": "append:header.x", "Source": "y"}]; write {"append:header.x": "y"}'
            ),
        ),
        ("requestParameters", [{"name": "x"}], 'requestParameters: must be a block of keys, got [{"name": "x"}]'),
        (
            "responseParameters",
            {"404": {"ResponseParameters": [{"Destination": "overwrite:statuscode", "Source": "403"}]}},
            (
                "responseParameters.404: must be a block of destinations and values, "
                'got {"ResponseParameters": [{"Destination": "overwrite:statuscode", "Source": "403"}]}; '
                'write {"overwrite:statuscode": "403"}'
            ),
        ),
        (
            "responseParameters",
            {"404": {"responseParameters": {"overwrite:statuscode": "403"}}},
            (
                "responseParameters.404: must be a block of destinations and values, "
                'got {"responseParameters": {"overwrite:statuscode": "403"}}; write {"overwrite:statuscode": "403"}'
            ),
        ),
        (
            "responseParameters",
            {"404": [{"destination": "overwrite:statuscode", "source": "403"}]},
            (
                "responseParameters.404: must be a block of destinations and values, "
                'got [{"destination": "overwrite:statuscode", "source": "403"}]; write {"overwrite:statuscode": "403"}'
            ),
        ),
        (
            "responseParameters",
            [{"status_code": 404, "mappings": {"overwrite:statuscode": "403"}}],
            (
                "responseParameters: must be a block of status codes, "
                'got [{"status_code": 404, "mappings": {"overwrite:statuscode": "403"}}]; '
                'write {"404": {"overwrite:statuscode": "403"}}'
            ),
        ),
        (
            "responseParameters",
            [{"StatusCode": "404", "ResponseParameters": [{"Destination": "append:header.x", "Source": "y"}]}],
            (
                "responseParameters: must be a block of status codes, "
                'got [{"StatusCode": "404", "ResponseParameters": [{"Destination": "append:header.x", '
                '"Source": "y"}]}]; '
                'write {"404": {"append:header.x": "y"}}'
            ),
        ),
        (
            "responseParameters",
            [{"statusCode": "404", "mappings": {}}, 5],
            'responseParameters: must be a block of keys, got [{"statusCode": "404", "mappings": {}}, 5]',
        ),
    ],
)
def test_mapping_in_the_shape_of_another_tool(keys: str, value: object, problem: str) -> None:
    assert problems_with(ITEM, keys, value) == [f'apis.orders.routes["GET /items/{{id}}"].integration.{problem}']


def test_mapping_in_the_other_dialect_on_both_sides() -> None:
    mapping = {"overwrite:header.auth": "$request.header.auth"}
    at = 'apis.chat.routes.sendMessage.integration.requestParameters["overwrite:header.auth"]'
    integration = {**PROXY, "backend": "chat", "requestParameters": mapping}
    assert problems_with(("apis", "chat", "routes", "sendMessage"), "integration", integration) == [
        (
            f'{at}: not a destination of a WebSocket API\'s mapping, got "overwrite:header.auth"; '
            f"{DESTINATION_GRAMMAR}; "
            "write integration.request.header.auth"
        ),
        (
            f'{at}: not a source of a WebSocket API\'s mapping, got "$request.header.auth"; {SOURCE_GRAMMAR}; '
            "write route.request.header.auth"
        ),
    ]


SOURCE_READ_WHERE_IT_IS_NOT = [
    ("route.request.header.X", "send", "can be read on the $connect route only, not on send"),
    ("route.request.querystring.X", "$disconnect", "can be read on the $connect route only, not on $disconnect"),
    ("route.request.multivaluequerystring.X", "$default", "can be read on the $connect route only, not on $default"),
    ("route.request.body.x", "$connect", "cannot be read on the $connect route, which has no body"),
    ("route.request.body.x", "$disconnect", "cannot be read on the $disconnect route, which has no body"),
]


@pytest.mark.parametrize(("source", "key", "reason"), SOURCE_READ_WHERE_IT_IS_NOT)
def test_source_that_a_route_does_not_have(source: str, key: str, reason: str) -> None:
    mapping = {"integration.request.header.auth": source}
    raw = changed(
        {("apis", "chat", "routes", key, "integration"): {**PROXY, "backend": "chat", "requestParameters": mapping}}
    )
    place = f'routes["{key}"]' if key.startswith("$") else f"routes.{key}"
    assert problems(raw) == [
        f'apis.chat.{place}.integration.requestParameters["integration.request.header.auth"]: {source} {reason}'
    ]


def test_source_that_some_routes_of_a_shared_integration_do_not_have() -> None:
    mapping = {"integration.request.header.auth": "route.request.header.X"}
    raw = changed(
        {
            (*FORWARD, "requestParameters"): mapping,
            ("apis", "chat", "routes", "$connect"): {"integration": "forward"},
        }
    )
    at = 'apis.chat.integrations.forward.requestParameters["integration.request.header.auth"]'
    assert problems(raw) == [
        f"{at}: route.request.header.X can be read on the $connect route only, not on send",
        f"{at}: route.request.header.X can be read on the $connect route only, not on $default",
    ]


def test_path_variable_that_some_routes_of_a_shared_integration_do_not_have() -> None:
    mapping = {"overwrite:header.x-id": "$request.path.id"}
    route = {"integration": "items"}
    raw = changed(
        {
            (*ORDERS, "integrations", "items"): {**PROXY, "backend": "orders", "requestParameters": mapping},
            (*ORDERS, "routes"): {"GET /a/{id}": route, "GET /b/{id+}": route, "GET /c": route, "$default": route},
        }
    )
    at = 'apis.orders.integrations.items.requestParameters["overwrite:header.x-id"]'
    assert problems(raw) == [
        f'{at}: the route GET /c has no path variable {{id}}, got "$request.path.id"',
        f'{at}: the route $default has no path variable {{id}}, got "$request.path.id"',
    ]


def test_path_twice() -> None:
    raw = changed({(*ITEM, "path"): "/v1", (*ITEM, "requestParameters"): {"overwrite:path": "/v2"}})
    assert problems(raw) == [
        (
            'apis.orders.routes["GET /items/{id}"].integration.path: means overwrite:path, '
            "which requestParameters gives too; keep one of the two"
        )
    ]


@pytest.mark.parametrize(
    ("block", "key", "value"),
    [
        (CONNECT, "requestParameters", {"integration.request.header.auth": "route.request.multivalueheader.X"}),
        (CONNECT, "timeoutInMillis", 50),
        (CONNECT, "timeoutInMillis", 29000),
        (FORWARD, "integrationMethod", "ANY"),
        (FORWARD, "path", "/v1/${stageVariables.tenant}/rooms"),
        (
            FORWARD,
            "requestParameters",
            {"integration.request.header.X": "'a'", "integration.request.querystring.x": "'a'"},
        ),
        (ITEM, "timeoutInMillis", 30000),
        (ITEM, "path", "/v1${request.path}"),
        (ITEM, "path", "/v1/${request.path.id}"),
        (ITEM, "requestParameters", {"overwrite:header.x-id": "$request.path.id"}),
        (ITEM, "requestParameters", {"remove:header.x": "''", "remove:querystring.x": ""}),
        (ITEM, "requestParameters", {"overwrite:header.x": "a", "append:header.X": "b"}),
        (ITEM, "requestParameters", {"overwrite:querystring.x": "a", "overwrite:querystring.X": "b"}),
        (ITEM, "responseParameters", {"200": {"remove:header.x": "''"}, "599": {"overwrite:statuscode": "200"}}),
    ],
)
def test_legal_integration(block: Location, key: str, value: object) -> None:
    assert load_settings(changed({(*block, key): value})).apis.keys() == {"chat", "orders"}


def test_placeholder_that_is_mapped() -> None:
    raw = changed(
        {
            (*FORWARD, "path"): "/rooms/{room}/{seat}",
            (*FORWARD, "requestParameters"): {
                "integration.request.path.room": "route.request.body.room",
                "integration.request.header.seat": "route.request.body.seat",
            },
        }
    )
    assert problems(raw) == [
        "apis.chat.integrations.forward.path: {seat} is filled by nothing; map integration.request.path.seat"
    ]


def test_tls_config_of_a_cloud_map_service() -> None:
    arn = "arn:aws:servicediscovery:us-east-1:111122223333:service/srv-1"
    stock = {"cloudMap": {"serviceArn": arn, "port": 443}, "hostName": "stock.internal"}
    tls = {"serverNameToVerify": "other.internal"}
    integration = {**PROXY, "backend": "stock", "tlsConfig": tls}
    settings = load_settings(changed({("backends", "stock"): stock, ITEM: integration}))
    assert settings.http_linked == ("stock",)
    assert problems(changed({("backends", "stock"): stock, (*FORWARD, "backend"): "stock"})) == [
        (
            "apis.chat.integrations.forward.backend: must be a backend with a network load balancer, "
            'got "stock", a Cloud Map service'
        )
    ]


def test_settings_are_printed_as_they_were_written() -> None:
    mapping = {"integration.request.header.ConnectionId": "context.connectionId"}
    function = "arn:aws:lambda:us-east-1:111122223333:function:f"
    raw = changed(
        {
            (*FORWARD, "requestParameters"): mapping,
            ITEM: {"integrationType": "AWS_PROXY", "integrationUri": function},
            (*ORDERS, "routes", "GET /x", "integration"): {
                **PROXY,
                "backend": "orders",
                "responseParameters": {"404": {"overwrite:statuscode": "403"}},
            },
        }
    )
    printed = load_settings(raw).model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert printed["apis"] == raw["apis"]


def test_tls_config_of_a_secure_backend() -> None:
    secure = {
        "loadBalancer": "application",
        "hostName": "orders.internal",
        "listener": {
            "port": 443,
            "protocol": "HTTPS",
            "certificateArn": "arn:aws:acm:us-east-1:111122223333:certificate/x",
        },
    }
    tls = {"serverNameToVerify": "other.internal"}
    settings = load_settings(changed({("backends", "orders"): secure, (*ITEM, "tlsConfig"): tls}))
    assert settings.backends["orders"].tls_name == "orders.internal"
