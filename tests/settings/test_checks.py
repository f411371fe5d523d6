"""What holds between parts that have no table of their own."""

import pytest

from settings import find_warnings, load_settings
from tests.programs import dev_settings
from tests.settings.examples import CHAT, CONNECT, ITEM, ORDERS, PROXY, changed, problems


def test_routes_and_integrations_of_two_apis_that_make_one_resource_name() -> None:
    forward = {**PROXY, "backend": "chat"}
    routes = {"v2-send": {"integration": "v2-forward"}}
    raw = changed(
        {
            ("apis", "talk"): {"protocol": "WEBSOCKET", "integrations": {"v2-forward": forward}, "routes": routes},
            ("apis", "talk-v2"): {
                "protocol": "WEBSOCKET",
                "integrations": {"forward": forward},
                "routes": {"send": {"integration": "forward"}},
            },
        }
    )
    assert problems(raw) == [
        "apis.talk.routes.v2-send: makes the same resource name as apis.talk-v2.routes.send; rename one of the two",
        (
            "apis.talk.integrations.v2-forward: makes the same resource name as "
            "apis.talk-v2.integrations.forward; rename one of the two"
        ),
    ]


def test_more_zones_than_the_region_has_for_links() -> None:
    raw = dev_settings()
    raw["network"]["availabilityZones"] = 6
    load_settings(raw)
    load_settings(raw, "xx-new-1")
    assert problems(raw, "us-east-1") == [
        (
            "network.availabilityZones: must be at most 5, got 6: the zones of us-east-1 where VPC links exist are "
            "use1-az1, use1-az2, use1-az4, use1-az5, use1-az6"
        )
    ]


@pytest.mark.parametrize("cidr", ["0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/29"])
def test_a_range_that_no_vpc_has(cidr: str) -> None:
    network = {"vpcId": "vpc-1", "privateSubnetIds": ["subnet-1", "subnet-2"], "cidr": cidr}
    assert problems(changed({("network",): network})) == [
        f'network.cidr: must be /16 to /28, as a VPC is, got "{cidr}"'
    ]


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        (
            {"service": "execute-api", "privateDns": True},
            "captures the names of every API of the Region in this VPC, connectionsUrl included, with 403",
        ),
        ({"service": "s3", "privateDns": True}, "has no effect: the endpoint for s3 is a gateway endpoint"),
    ],
)
def test_private_dns_that_does_harm_or_nothing(endpoint: dict[str, object], expected: str) -> None:
    warnings = find_warnings(load_settings(changed({("network", "vpcEndpoints"): [endpoint]})))
    assert [str(warning) for warning in warnings] == [f"network.vpcEndpoints[0].privateDns: {expected}"]


def test_a_status_code_without_mappings() -> None:
    raw = dev_settings()
    raw["apis"]["orders"]["routes"]["ANY /{proxy+}"]["integration"]["responseParameters"] = {"404": {}}
    assert problems(raw) == [
        (
            'apis.orders.routes["ANY /{proxy+}"].integration.responseParameters.404: '
            "must hold at least one mapping; leave the status out"
        )
    ]


def test_tls_through_a_tcp_listener() -> None:
    raw = dev_settings()
    integration = raw["apis"]["orders"]["routes"]["ANY /{proxy+}"]["integration"]
    integration |= {"backend": "chat", "tlsConfig": {"serverNameToVerify": "chat.internal.example"}}
    load_settings(raw)


def test_keys_and_topics_of_another_region() -> None:
    key, topic = "arn:aws:kms:us-east-1:123456789012:key/1", "arn:aws:sns:us-east-1:123456789012:oncall"
    raw = changed(
        {
            ("network", "flowLogs"): {"kmsKeyArn": key},
            (*CHAT, "stages"): [{"name": "a"}, {"name": "b", "accessLogs": {"kmsKeyArn": key}}],
            (*ORDERS, "stage"): {"accessLogs": {"kmsKeyArn": key}},
            (*ORDERS, "alarms"): {"snsTopicArn": topic},
        }
    )
    load_settings(raw)
    load_settings(raw, "us-east-1")
    assert problems(raw, "eu-west-1") == [
        f'network.flowLogs.kmsKeyArn: must stand in eu-west-1, the stack\'s Region, got "{key}"',
        f'apis.chat.stages[1].accessLogs.kmsKeyArn: must stand in eu-west-1, the stack\'s Region, got "{key}"',
        f'apis.orders.stage.accessLogs.kmsKeyArn: must stand in eu-west-1, the stack\'s Region, got "{key}"',
        f'apis.orders.alarms.snsTopicArn: must stand in eu-west-1, the stack\'s Region, got "{topic}"',
    ]


def function(name: str) -> dict[str, str]:
    return {
        "integrationType": "AWS_PROXY",
        "integrationUri": f"arn:aws:lambda:us-east-1:123456789012:function:{name}",
    }


def test_a_function_of_another_region_needs_a_role_that_may_call_it() -> None:
    uri, role = function("sell")["integrationUri"], "arn:aws:iam::123456789012:role/caller"
    raw = changed(
        {
            ITEM: function("sell"),
            CONNECT: function("sell"),
            (*ORDERS, "authorizers"): {"ask": {"authorizerType": "REQUEST", "authorizerUri": uri}},
            (*ORDERS, "routes", "GET /items/{id}", "authorization"): "ask",
        }
    )
    load_settings(raw, "us-east-1")
    ending = f'must stand in eu-west-1, or be called by a role (credentialsArn), got "{uri}"'
    assert problems(raw, "eu-west-1") == [
        f'apis.chat.routes["$connect"].integration.integrationUri: {ending}',
        f'apis.orders.routes["GET /items/{{id}}"].integration.integrationUri: {ending}',
        f"apis.orders.authorizers.ask.authorizerUri: {ending}",
    ]
    raw["apis"]["chat"]["routes"]["$connect"]["integration"]["credentialsArn"] = role
    raw["apis"]["orders"]["routes"]["GET /items/{id}"]["integration"]["credentialsArn"] = role
    raw["apis"]["orders"]["authorizers"]["ask"]["authorizerCredentialsArn"] = role
    load_settings(raw, "eu-west-1")


def test_a_queue_of_another_region_is_called_there() -> None:
    queue = {
        "integrationType": "AWS_PROXY",
        "integrationSubtype": "SQS-PurgeQueue",
        "requestParameters": {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/orders"},
    }
    raw = changed({ITEM: queue})
    load_settings(raw, "us-east-1")
    assert problems(raw, "eu-west-1") == [
        (
            'apis.orders.routes["GET /items/{id}"].integration.requestParameters.QueueUrl: names a queue in us-east-1, '
            "and the call goes to eu-west-1; give Region: us-east-1"
        )
    ]
    raw["apis"]["orders"]["routes"]["GET /items/{id}"]["integration"]["requestParameters"]["Region"] = "us-east-1"
    load_settings(raw, "eu-west-1")


def test_functions_of_two_apis_whose_permissions_would_have_one_name() -> None:
    other = {"protocol": "HTTP", "routes": {"GET /": {"integration": function("b")}}}
    raw = changed({ITEM: function("a-b"), ("apis", "orders-a"): other})
    assert problems(raw) == [
        (
            'apis.orders.routes["GET /items/{id}"].integration.integrationUri: makes the same resource name as '
            'apis.orders-a.routes["GET /"].integration.integrationUri; rename one of the two'
        )
    ]
    load_settings(changed({ITEM: function("a-b"), (*ORDERS, "routes", "GET /"): {"integration": function("a-b")}}))


def test_a_region_that_is_none() -> None:
    assert problems(changed({}), "us-east1") == [
        'aws:region: must be the name of a Region such as us-east-1, got "us-east1"; did you mean us-east-1?'
    ]
    assert problems(changed({}), "Virginia") == [
        'aws:region: must be the name of a Region such as us-east-1, got "Virginia"'
    ]


def test_alarms_of_two_apis_whose_stages_would_have_one_name() -> None:
    alarms = {"snsTopicArn": "arn:aws:sns:us-east-1:123456789012:on-call"}
    shop = {"protocol": "HTTP", "alarms": alarms, "routes": {"GET /": {"integration": function("b")}}}
    raw = changed(
        {
            (*CHAT, "stage"): {"name": "a-b"},
            (*CHAT, "alarms"): alarms,
            ("apis", "chat-a"): {**shop, "stage": {"name": "b"}},
        }
    )
    assert problems(raw) == [
        "apis.chat.stage.name: makes the same resource name as apis.chat-a.stage.name; rename one of the two"
    ]
    del raw["apis"]["chat-a"]["alarms"]
    load_settings(raw)


def test_a_header_that_a_load_balancer_drops_on_the_way_to_a_network_load_balancers_target() -> None:
    front = {"loadBalancer": "network", "listener": {"port": 80}, "target": {"type": "alb", "backend": "orders"}}
    raw = changed(
        {
            ("backends", "chat"): front,
            (*CONNECT, "requestParameters"): {"integration.request.header.x_id": "context.connectionId"},
            (*ITEM, "requestParameters"): {"remove:header.x_id": ""},
        }
    )
    place = 'apis.chat.routes["$connect"].integration.requestParameters["integration.request.header.x_id"]'
    assert [str(warning).partition(": ")[0] for warning in find_warnings(load_settings(raw))] == [place]
    raw["backends"]["chat"]["target"] = {}
    assert find_warnings(load_settings(raw)) == []
