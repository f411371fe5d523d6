"""The graph of a topology: nodes, edges, and the way of each route."""

import pytest

from local.picture.graph import Edge, Node
from local.recording import Json
from tests.local.picture.graphs import FUNCTION, function, graph, url, ways
from tests.local.recordings import ALB, NLB, Program, program
from tests.local.rest_recordings import Block, RestProgram, by_v1_link, by_v2_link, mock

NLB_OUTSIDE = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/theirs/50dc6c495c0c9188"
LISTENER_OUTSIDE = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/theirs/50dc6c495c0c9188/f2f7"
INVOCATION = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{FUNCTION}:f/invocations"
REGISTRY = "arn:aws:servicediscovery:us-east-1:123456789012:service/srv-1"


def test_a_route_leads_by_its_link_and_listener_to_its_backend() -> None:
    made = program()
    made.http_route(made.http_api(), "GET /items")
    drawn = graph(made)
    assert drawn.name == "dev"
    assert drawn.nodes == (
        Node(id="client", kind="client", title="clients"),
        Node(
            id="api:orders",
            kind="api",
            title="orders",
            lines=("stage $default",),
            tags=("HTTP",),
            tip="orders",
            api="orders",
        ),
        Node(
            id="route:orders:GET /items",
            kind="route",
            title="GET /items",
            tip="GET /items",
            api="orders",
            keys=("GET /items",),
        ),
        Node(id="link:v2:link-v2", kind="link", title="link-v2", lines=("VPC link v2",)),
        Node(
            id="listener:orders-balancer:8080",
            kind="entry",
            title="orders-balancer",
            lines=("application load balancer · HTTP :8080",),
        ),
        Node(id="backend:orders", kind="backend", title="orders", lines=("backend",)),
        Node(id="backend:chat", kind="backend", title="chat", lines=("backend", "no route leads here")),
    )
    assert drawn.edges == (
        Edge(source="client", target="api:orders"),
        Edge(source="route:orders:GET /items", target="link:v2:link-v2"),
        Edge(source="link:v2:link-v2", target="listener:orders-balancer:8080"),
        Edge(source="listener:orders-balancer:8080", target="backend:orders"),
    )
    (trace,) = drawn.traces
    assert (trace.api, trace.route) == ("orders", "GET /items")
    assert trace.nodes == (
        "client",
        "api:orders",
        "route:orders:GET /items",
        "link:v2:link-v2",
        "listener:orders-balancer:8080",
        "backend:orders",
    )


def test_what_several_routes_pass_is_drawn_once() -> None:
    made = program()
    for name in ("orders", "shop"):
        made.http_api(name)
        made.http_route(name, "GET /items")
        made.http_route(name, "POST /items")
    drawn = graph(made)
    assert [node.id for node in drawn.of_kind("link", "entry")] == ["link:v2:link-v2", "listener:orders-balancer:8080"]
    assert len(drawn.edges) == 2 + 4 + 2


def test_a_websocket_api() -> None:
    made = program()
    api = made.websocket_api()
    made.two_way(made.websocket_route(api, "send"))
    made.websocket_route(api, "$default")
    made.websocket_route(api, "$disconnect")
    made.websocket_route(api, "$connect")
    drawn = graph(made)
    assert [(row.title, row.tags) for row in drawn.rows("chat")] == [
        ("$connect", ()),
        ("$disconnect", ()),
        ("send", ("two-way",)),
        ("$default", ()),
    ]
    assert drawn.node("api:chat").tags == ("WEBSOCKET",)
    assert ways(drawn)["route:chat:send"] == [("link:v1:link-v1", "listener:chat-balancer:80", "backend:chat")]
    assert drawn.node("listener:chat-balancer:80").lines == ("network load balancer · TCP :80",)


@pytest.mark.parametrize(
    ("integration", "way"),
    [
        (by_v1_link(), ("link:v1:link-v1", "listener:chat-balancer:80", "backend:chat")),
        (by_v1_link(connectionId="link-v1"), ("link:v1:link-v1", "listener:chat-balancer:80", "backend:chat")),
        (by_v2_link(), ("link:v2:link-v2", "listener:orders-balancer:8080", "backend:orders")),
        (mock(), ("mock",)),
        (
            {"type": "http_proxy", "httpMethod": "GET", "uri": "https://example.com:8443/x"},
            ("url:https://example.com:8443",),
        ),
        (
            {
                "type": "aws",
                "httpMethod": "POST",
                "uri": "arn:aws:apigateway:us-east-1:sqs:path/123456789012/jobs",
                "responses": {"default": {"statusCode": "200"}},
            },
            ("queue:us-east-1:jobs",),
        ),
        (
            {
                "type": "aws",
                "httpMethod": "POST",
                "uri": "arn:aws:apigateway:us-east-1:dynamodb:action/PutItem",
                "responses": {"default": {"statusCode": "200"}},
            },
            ("service:dynamodb:action/PutItem",),
        ),
    ],
)
@pytest.mark.parametrize("key", ["GET /", "ANY /"])
def test_a_method_of_a_rest_api(key: str, integration: Block, way: tuple[str, ...]) -> None:
    made = RestProgram()
    made.method(key, integration, responses={"200": {"description": ""}})
    drawn = graph(made.recording_program())
    assert ways(drawn) == {f"route:pets:{key}": [way]}


def test_an_integration_of_a_rest_api_that_needs_a_stage_and_has_none() -> None:
    made = RestProgram()
    made.method("GET /", by_v1_link())
    made.made.drop("pets-dev")
    drawn = graph(made.recording_program())
    assert drawn.node("api:pets").lines == ("stages none",)
    reason = "its API has no stage that says which VPC link ${stageVariables.vpcLink_chat} is"
    assert ways(drawn) == {"route:pets:GET /": [(f"obstacle:{reason}",)]}


def test_a_private_api_with_keys() -> None:
    made = RestProgram()
    made.document["components"] = {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "x-api-key"}}}
    made.document["x-amazon-apigateway-policy"] = {"Version": "2012-10-17", "Statement": []}
    made.method("GET /", mock(), security=[{"key": []}], responses={"200": {"description": ""}})
    made.made.change(
        "pets",
        endpointConfiguration={"types": "PRIVATE"},
        policy='{"Version": "2012-10-17", "Statement": []}',
    )
    drawn = graph(made.recording_program())
    assert drawn.node("api:pets").tags == ("REST", "private")
    (row,) = drawn.rows("pets")
    assert (row.locks, row.tip) == (("API key",), "GET /\nneeds an API key")


class TestBackendsOutsideTheStack:
    def test_by_a_listener(self) -> None:
        made = program()
        made.outputs["backends"]["theirs"] = {"listenerArn": LISTENER_OUTSIDE}
        made.http_route(made.http_api(), "GET /", integrationUri=LISTENER_OUTSIDE)
        drawn = graph(made)
        assert ways(drawn) == {"route:orders:GET /": [("link:v2:link-v2", "listener:theirs", "backend:theirs")]}
        assert drawn.node("listener:theirs").lines == ("application load balancer", "outside the stack")

    def test_by_a_link_to_a_network_load_balancer(self) -> None:
        made = program()
        made.outputs["backends"]["theirs"] = {"loadBalancerArn": NLB_OUTSIDE}
        made.add("aws:apigateway/vpcLink:VpcLink", "their-link", {"targetArn": NLB_OUTSIDE})
        api = made.websocket_api()
        made.websocket_route(api, "$default", connectionId="their-link", integrationUri="http://theirs.example:81/")
        drawn = graph(made)
        assert ways(drawn) == {"route:chat:$default": [("link:v1:their-link", "listener:theirs:81", "backend:theirs")]}
        assert drawn.node("listener:theirs:81").lines == ("network load balancer · :81", "outside the stack")

    def test_by_cloud_map(self) -> None:
        made = program()
        made.outputs["backends"]["stock"] = {"serviceArn": REGISTRY}
        made.http_route(made.http_api(), "GET /", integrationUri=f"{REGISTRY}?version=blue")
        drawn = graph(made)
        assert ways(drawn) == {"route:orders:GET /": [("link:v2:link-v2", "service-registry:srv-1", "backend:stock")]}
        assert drawn.node("service-registry:srv-1").lines == ("Cloud Map service",)


class TestBrokenWays:
    def test_an_obstacle_stands_before_the_backend(self) -> None:
        made = program()
        made.drop("orders-from-link")
        made.http_route(made.http_api(), "GET /")
        reason = (
            'the security groups of load balancer "orders-balancer" have no ingress rule from VPC link "link-v2" on '
            "port 8080"
        )
        drawn = graph(made)
        assert drawn.node(f"obstacle:{reason}") == Node(
            id=f"obstacle:{reason}", kind="obstacle", title="not reached", lines=(reason,)
        )
        assert ways(drawn) == {"route:orders:GET /": [("link:v2:link-v2", f"obstacle:{reason}")]}
        assert [edge for edge in drawn.edges if edge.is_broken] == [
            Edge(source="route:orders:GET /", target="link:v2:link-v2", is_broken=True),
            Edge(source="link:v2:link-v2", target=f"obstacle:{reason}", is_broken=True),
            Edge(source=f"obstacle:{reason}", target="backend:orders", is_broken=True),
        ]

    def test_a_link_that_is_not_there(self) -> None:
        made = program()
        made.http_route(made.http_api(), "GET /", connectionId="gone")
        reason = 'the stack has no VPC link with the id "gone"'
        assert ways(graph(made)) == {"route:orders:GET /": [(f"obstacle:{reason}",)]}

    @pytest.mark.parametrize(
        ("uri", "reason"),
        [
            (
                "http://chat.example:99999/",
                'the integration URI has no valid port, got "http://chat.example:99999/"',
            ),
            (
                "chat.example",
                'the integration URI must be an http:// or https:// URL, got "chat.example"',
            ),
        ],
    )
    def test_a_url_that_is_none(self, uri: str, reason: str) -> None:
        made = program()
        made.websocket_route(made.websocket_api(), "$default", integrationUri=uri)
        assert ways(graph(made)) == {"route:chat:$default": [("link:v1:link-v1", f"obstacle:{reason}")]}

    def test_a_target_of_which_nothing_is_known_is_not_drawn(self) -> None:
        made = program()
        made.add("aws:apigateway/vpcLink:VpcLink", "astray", {"targetArn": f"{NLB}/other"})
        made.websocket_route(made.websocket_api(), "$default", connectionId="astray")
        drawn = graph(made)
        (obstacle,) = drawn.of_kind("obstacle")
        assert [edge.source for edge in drawn.edges if edge.is_broken] == ["route:chat:$default", "link:v1:astray"]
        assert obstacle.lines == (f'VPC link "astray" targets "{NLB}/other", which is no load balancer of the stack',)

    def test_of_two_edges_between_the_same_parts_the_sound_one_stays(self) -> None:
        made = program()
        api = made.websocket_api()
        made.websocket_route(api, "a", integrationUri="https://chat.example/")
        made.websocket_route(api, "b")
        links = {edge.target: edge.is_broken for edge in graph(made).edges if edge.source == "link:v1:link-v1"}
        assert list(links.values()) == [True, False]


class TestStages:
    def test_two_stages_with_functions_of_their_own_make_two_ways(self) -> None:
        made = program()
        api = made.http_api("orders", fn="one")
        made.add(
            "aws:apigatewayv2/stage:Stage",
            "orders-beta",
            {"apiId": api, "name": "beta", "autoDeploy": True, "stageVariables": {"fn": "two"}},
        )
        made.http_route(api, "GET /", None, **function("${stageVariables.fn}"))
        drawn = graph(made)
        assert ways(drawn) == {"route:orders:GET /": [("function:one",), ("function:two",)]}
        assert drawn.node("function:two").tip == f"{FUNCTION}:two"
        assert drawn.node("api:orders").lines == ("stages $default, beta",)

    def test_a_function_that_a_stage_does_not_say_is_an_obstacle(self) -> None:
        made = program()
        api = made.http_api("orders")
        made.http_route(api, "GET /", None, **function("${stageVariables.fn}"))
        assert ways(graph(made)) == {"route:orders:GET /": [(f'obstacle:"{FUNCTION}:" is no function',)]}

    def test_an_api_without_a_stage_is_drawn_all_the_same(self) -> None:
        made = program()
        api = made.http_api("orders")
        made.drop("orders-stage")
        made.http_route(api, "GET /", None, **url("https://example.com/x"))
        assert ways(graph(made)) == {"route:orders:GET /": [("url:https://example.com",)]}


@pytest.mark.parametrize(
    ("subtype", "parameters", "expected"),
    [
        (
            "SQS-SendMessage",
            {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/jobs", "MessageBody": "$request.body"},
            ("queue:us-east-1:jobs", "jobs", "SQS queue"),
        ),
        (
            "SQS-SendMessage",
            {"QueueUrl": "$request.header.queue", "MessageBody": "$request.body"},
            ("service:sqs:SendMessage", "Amazon SQS", "SendMessage"),
        ),
        (
            "EventBridge-PutEvents",
            {"Detail": "$request.body", "DetailType": "x", "Source": "y", "EventBusName": "audit"},
            ("bus:us-east-1:audit", "audit", "EventBridge bus"),
        ),
        (
            "Kinesis-PutRecord",
            {"StreamName": "clicks", "Data": "$request.body", "PartitionKey": "x"},
            ("stream:us-east-1:clicks", "clicks", "Kinesis stream"),
        ),
        (
            "StepFunctions-StartExecution",
            {"StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:ship"},
            ("machine:us-east-1:ship", "ship", "Step Functions state machine"),
        ),
        (
            "AppConfig-GetConfiguration",
            {"Application": "a", "Environment": "b", "Configuration": "c", "ClientId": "d"},
            ("configuration:us-east-1:a/b/c", "a/b/c", "AppConfig configuration"),
        ),
    ],
)
def test_a_service(subtype: str, parameters: dict[str, str], expected: tuple[str, str, str]) -> None:
    made = program()
    made.http_route(
        made.http_api(),
        "POST /",
        parameters,
        integrationType="AWS_PROXY",
        integrationSubtype=subtype,
        connectionType="INTERNET",
    )
    (node,) = graph(made).of_kind("service")
    assert (node.id, node.title, *node.lines) == expected


def test_routes_are_ordered_as_people_do() -> None:
    made = program()
    api = made.http_api()
    for key in ("$default", "ANY /b", "DELETE /b", "GET /b", "POST /b", "GET /a10", "GET /a9"):
        made.http_route(api, key)
    assert [row.title for row in graph(made).rows("orders")] == [
        "GET /a9",
        "GET /a10",
        "GET /b",
        "POST /b",
        "DELETE /b",
        "ANY /b",
        "$default",
    ]


@pytest.mark.parametrize(
    ("route", "authorizer", "word", "tip"),
    [
        ({"authorizationType": "AWS_IAM"}, None, "IAM", "needs a signature (AWS_IAM)"),
        (
            {"authorizationType": "JWT", "authorizerId": "who", "authorizationScopes": ["read", "write"]},
            {
                "authorizerType": "JWT",
                "name": "who",
                "identitySources": ["$request.header.Authorization"],
                "jwtConfiguration": {"issuer": "https://issuer.example", "audiences": ["a"]},
            },
            "JWT",
            "needs a token of https://issuer.example with one of the scopes read, write",
        ),
        (
            {"authorizationType": "CUSTOM", "authorizerId": "who"},
            {
                "authorizerType": "REQUEST",
                "name": "who",
                "identitySources": ["$request.header.Authorization"],
                "authorizerUri": INVOCATION,
                "authorizerPayloadFormatVersion": "2.0",
                "enableSimpleResponses": True,
            },
            "Lambda",
            f"authorizer who asks {INVOCATION}",
        ),
    ],
)
def test_who_may_call(route: dict[str, Json], authorizer: dict[str, Json] | None, word: str, tip: str) -> None:
    made = program()
    name = made.http_route(made.http_api(), "GET /")
    if authorizer is not None:
        made.add("aws:apigatewayv2/authorizer:Authorizer", "who", {"apiId": "orders", **authorizer})
    made.change(name, **route)
    (row,) = graph(made).rows("orders")
    assert (row.locks, row.tip) == ((word,), f"GET /\n{tip}")


def test_the_domains_of_an_api_stand_below_it() -> None:
    made = program()
    api = made.http_api()
    made.change("orders", disableExecuteApiEndpoint=True)
    for name in ("a.example", "b.example"):
        made.add("aws:apigatewayv2/domainName:DomainName", name, {"domainName": name})
        for key in ("", "v1", "v2") if name == "a.example" else ("",):
            mapping = {"domainName": name, "apiId": api, "stage": "$default", "apiMappingKey": key}
            made.add("aws:apigatewayv2/apiMapping:ApiMapping", f"{name}/{key}", mapping)
    node = graph(made).node("api:orders")
    assert node.lines == (
        "stage $default",
        "a.example/v1",
        "a.example/v2",
        "a.example",
        "… 1 more",
        "by its domain alone",
    )
    assert node.tip == "orders\nb.example"


def test_a_stack_with_nothing_has_clients() -> None:
    drawn = graph(Program())
    assert [node.id for node in drawn.nodes] == ["client"]
    assert (drawn.edges, drawn.traces) == ((), ())


def test_a_node_is_the_same_balancer_by_either_of_its_links() -> None:
    made = RestProgram()
    made.method("GET /a", by_v2_link())
    made.method("GET /b", by_v2_link("/b"))
    (entry,) = graph(made.recording_program()).of_kind("entry")
    assert entry.title == "orders-balancer"
    assert ALB not in entry.id
