import pytest

from apigateway.errors import TopologyError
from apigateway.route_keys import HttpRouteKey
from local.recording import Json, Recording
from local.topology.calls import ListenerCall, NoCall, PrivateCall, Reached, Unreachable
from local.topology.reading import build_topology
from local.topology.stages import Stage
from tests.local.recordings import DNS, Program, program

CONNECTION_ID = {"integration.request.header.ConnectionId": "context.connectionId"}


def refusal(made: Program) -> str:
    with pytest.raises(TopologyError) as raised:
        build_topology(made.recording())
    return str(raised.value)


def test_websocket_api_is_read_whole() -> None:
    made = program()
    api = made.websocket_api(tenant="acme")
    made.websocket_route(api, "$connect", CONNECTION_ID, path="/connect", timeoutMilliseconds=5000.0)
    made.change(
        "chat $connect", requestParameters=[{"requestParameterKey": "route.request.header.auth", "required": True}]
    )
    made.two_way(made.websocket_route(api, "sendMessage", path="/message"))
    topology = build_topology(made.recording())
    (chat,) = topology.websocket_apis
    assert (chat.name, chat.api_id, str(chat.selection)) == ("chat", "chat", "$request.body.action")
    assert chat.stages == {"dev": Stage(name="dev", variables={"tenant": "acme"})}
    connect, send = chat.routes["$connect"], chat.routes["sendMessage"]
    assert connect.required == ("route.request.header.auth",)
    assert (connect.two_way, send.two_way) == (False, True)
    assert connect.integration.request.as_dict() == CONNECTION_ID
    assert (connect.integration.timeout, send.integration.timeout) == (5.0, 29.0)
    assert connect.integration.call == PrivateCall(uri=f"http://{DNS}/connect", reach=Reached(backend="chat"))
    assert topology.backends == ("chat", "orders")


def test_http_api_is_read_whole() -> None:
    made = program()
    api = made.http_api()
    made.http_route(
        api,
        "ANY /{proxy+}",
        {"overwrite:header.x-request-id": "$context.requestId"},
        responseParameters=[{"statusCode": "404", "mappings": {"overwrite:statuscode": "403"}}],
    )
    (orders,) = build_topology(made.recording()).http_apis
    integration = orders.routes[HttpRouteKey.parse("ANY /{proxy+}")].integration
    assert (integration.method, integration.timeout) == ("ANY", 30.0)
    assert integration.request.as_dict() == {"overwrite:header.x-request-id": "$context.requestId"}
    assert integration.response.as_dict() == {"404": {"overwrite:statuscode": "403"}}
    assert integration.call == ListenerCall(reach=Reached(backend="orders", idle_timeout=60))


def test_two_way_needs_the_expression_and_the_response() -> None:
    made = program()
    api = made.websocket_api()
    made.two_way(made.websocket_route(api, "a"))
    made.two_way(made.websocket_route(api, "b"))
    made.change("chat a", routeResponseSelectionExpression=None)
    made.drop("chat b response")
    (chat,) = build_topology(made.recording()).websocket_apis
    assert not any(route.two_way for route in chat.routes.values())


def test_an_unreachable_backend_is_no_error_of_the_topology() -> None:
    made = program()
    made.http_route(made.http_api(), "$default", connectionId="link-v1")
    (orders,) = build_topology(made.recording()).http_apis
    call = orders.routes[HttpRouteKey.parse("$default")].integration.call
    reason = 'VPC link "link-v1" is a v1 link, and an HTTP API needs a v2 link'
    assert call == ListenerCall(reach=Unreachable(reason=reason))


def test_apis_are_ordered_by_name() -> None:
    made = program()
    for name in ("b", "a"):
        made.http_api(name)
        made.websocket_api(f"ws-{name}")
    topology = build_topology(made.recording())
    assert [api.name for api in topology.http_apis] == ["a", "b"]
    assert [api.name for api in topology.websocket_apis] == ["ws-a", "ws-b"]


def test_an_empty_program_is_an_empty_topology() -> None:
    topology = build_topology(Recording(project="p", stack="s", resources=(), outputs={}))
    assert (topology.http_apis, topology.websocket_apis, topology.backends) == ((), (), ())


ROUTE = 'aws:apigatewayv2/route:Route "chat a"'
INTEGRATION = 'aws:apigatewayv2/integration:Integration "chat a integration"'
STAGE = 'aws:apigatewayv2/stage:Stage "chat-stage"'
API = 'aws:apigatewayv2/api:Api "chat"'
KINDS = "AWS, AWS_PROXY, HTTP, HTTP_PROXY, MOCK"
UNSERVED = f'{ROUTE}: its integration "chat a integration" cannot be served'


@pytest.mark.parametrize(
    ("name", "inputs", "message"),
    [
        (
            "chat a integration",
            {"integrationType": "SOAP"},
            f'{INTEGRATION}: integrationType must be one of {KINDS}, got "SOAP"\n{UNSERVED}',
        ),
        ("chat a integration", {"connectionId": None}, f"{INTEGRATION}: connectionId is missing\n{UNSERVED}"),
        (
            "chat a integration",
            {"timeoutMilliseconds": 1.5},
            f"{INTEGRATION}: timeoutMilliseconds must be a whole number, got 1.5\n{UNSERVED}",
        ),
        (
            "chat a integration",
            {"requestParameters": ["x"]},
            f"{INTEGRATION}: requestParameters must be a map of texts, got ['x']\n{UNSERVED}",
        ),
        (
            "chat a",
            {"target": "integrations/x"},
            f'{ROUTE}: its API has no integration for the target "integrations/x"',
        ),
        (
            "chat a",
            {"authorizationType": "CUSTOM", "authorizerId": "gone"},
            f'{ROUTE}: its API has no authorizer "gone"',
        ),
        ("chat a", {"requestModels": {"$default": "m"}}, f'{ROUTE}: its API has no model "m"'),
        ("chat-stage", {"deploymentId": None}, f"{STAGE}: has no deploymentId, so it serves nothing"),
        ("chat-stage", {"deploymentId": "gone"}, f'{STAGE}: its API has no deployment "gone"'),
        ("chat", {"protocolType": "REST"}, f'{API}: protocolType must be HTTP or WEBSOCKET, got "REST"'),
        ("chat", {"protocolType": None}, f"{API}: protocolType is missing"),
        ("chat", {"routeSelectionExpression": 3}, f"{API}: routeSelectionExpression must be a text, got 3"),
        (
            "chat",
            {"corsConfiguration": {"maxAge": 1}},
            f"{API}: corsConfiguration is not supported by the local gateway",
        ),
    ],
)
def test_what_cannot_be_served_is_refused_by_name(name: str, inputs: dict[str, Json], message: str) -> None:
    made = program()
    made.websocket_route(made.websocket_api(), "a")
    made.change(name, **inputs)
    assert refusal(made) == message


def test_an_expression_of_the_wrong_dialect_names_its_integration() -> None:
    made = program()
    made.websocket_route(made.websocket_api(), "a", {"overwrite:header.x": "$context.requestId"})
    first, second = refusal(made).split("\n")
    assert first.startswith(f'{INTEGRATION}: not a destination of a WebSocket API\'s mapping, got "overwrite:header.x"')
    assert second == UNSERVED


def test_every_problem_is_reported() -> None:
    made = program()
    api = made.websocket_api()
    made.websocket_route(api, "a", integrationType="SOAP")
    made.websocket_route(api, "b")
    made.change("chat b", authorizationType="CUSTOM")
    assert len(refusal(made).split("\n")) == 3


def test_an_http_stage_needs_a_deployment_or_auto_deploy() -> None:
    made = program()
    made.http_api()
    made.change("orders-stage", autoDeploy=False)
    stage = 'aws:apigatewayv2/stage:Stage "orders-stage"'
    assert refusal(made) == f"{stage}: has no deploymentId, so it serves nothing"


def test_names_come_from_the_outputs() -> None:
    made = program()
    made.websocket_api()
    del made.outputs["apis"]["chat"]
    assert refusal(made) == f"{API}: not among the stack's outputs apis.<name>.apiId"
    made = program()
    made.websocket_route(made.websocket_api(), "a")
    del made.outputs["backends"]["chat"]
    assert refusal(made) == (
        'load balancer "chat-balancer" is not among the stack\'s outputs backends.<name>.loadBalancerArn\n' + UNSERVED
    )


def test_a_mock_calls_nobody() -> None:
    made = program()
    route = made.websocket_route(made.websocket_api(), "leave")
    made.change(f"{route} integration", integrationType="MOCK", connectionType=None, integrationUri=None)
    (read,) = build_topology(made.recording()).websocket_apis
    assert read.routes["leave"].integration.call == NoCall()
