import pytest

from settings import find_warnings, load_settings
from tests.programs import dev_settings
from tests.settings.broken_rest import PRIVATE
from tests.settings.examples import CHAT, ITEM, ORDERS, PROXY, REMOVED, Location, changed
from tests.settings.rest_examples import SHOP, with_shop


def warnings(changes: dict[Location, object]) -> list[str]:
    return [str(warning) for warning in find_warnings(load_settings(changed(changes)))]


def test_nothing_to_say() -> None:
    assert warnings({}) == []
    assert find_warnings(load_settings(dev_settings())) == []


def test_integration_that_no_route_uses() -> None:
    assert warnings(
        {
            (*CHAT, "integrations", "spare"): {**PROXY, "backend": "chat"},
            (*ORDERS, "integrations", "old"): {**PROXY, "backend": "orders"},
        }
    ) == [
        "apis.chat.integrations.spare: is used by no route and is not provisioned",
        "apis.orders.integrations.old: is used by no route and is not provisioned",
    ]


def test_quotes_in_the_mappings_of_an_http_api() -> None:
    at = 'apis.orders.routes["GET /items/{id}"].integration'
    assert warnings(
        {
            (*ITEM, "requestParameters"): {
                "overwrite:header.x": "'a'",
                "remove:header.y": "''",
                "append:header.z": "it's",
            },
            (*ITEM, "responseParameters"): {"404": {"append:header.x": "'b'"}},
        }
    ) == [
        (
            f"{at}.requestParameters[\"overwrite:header.x\"]: 'a' is sent with its quotes: "
            "static text of an HTTP API's mapping is not quoted"
        ),
        (
            f"{at}.responseParameters.404[\"append:header.x\"]: 'b' is sent with its quotes: "
            "static text of an HTTP API's mapping is not quoted"
        ),
    ]


def test_quotes_belong_to_a_websocket_api() -> None:
    mapping = {"integration.request.header.x": "'a'"}
    assert warnings({(*CHAT, "integrations", "forward", "requestParameters"): mapping}) == []


def test_a_stage_variable_that_the_stage_does_not_have() -> None:
    assert warnings(
        {
            (*CHAT, "stage", "variables"): {"tenant": "acme"},
            (*CHAT, "integrations", "forward", "requestParameters"): {
                "integration.request.header.tenant": "stageVariables.tenant",
                "integration.request.header.region": "stageVariables.region",
            },
            (*ITEM, "requestParameters"): {"overwrite:header.x": "${stageVariables.a}-${context.stage}"},
        }
    ) == [
        (
            'apis.chat.integrations.forward.requestParameters["integration.request.header.region"]: '
            "reads the stage variable region, which the stage does not have"
        ),
        (
            'apis.orders.routes["GET /items/{id}"].integration.requestParameters["overwrite:header.x"]: '
            "reads the stage variable a, which the stage does not have"
        ),
    ]


def test_a_stack_without_apis() -> None:
    assert [str(warning) for warning in find_warnings(load_settings({}))] == [
        "apis: holds no API, so nothing is served"
    ]


def test_a_selection_expression_without_a_variable() -> None:
    assert warnings({(*CHAT, "routeSelectionExpression"): "request.body.action"}) == [
        (
            'apis.chat.routeSelectionExpression: selects the route "request.body.action" for every message; '
            "write $request.body.action"
        )
    ]
    assert warnings({(*CHAT, "routeSelectionExpression"): "chat"}) == [
        (
            'apis.chat.routeSelectionExpression: selects the route "chat" for every message; '
            "a part of the message is written $request.body.NAME"
        )
    ]


def test_no_way_to_connections_url() -> None:
    assert warnings({("network",): {"natGateways": "none", "vpcEndpoints": ["execute-api"]}}) == [
        (
            "network.natGateways: is none: no backend in this VPC can call connectionsUrl of chat (VPC endpoints serve "
            "private REST APIs only); set it to single or perZone, unless backends never post to a connection"
        )
    ]


def test_existing_networks_and_http_apis_need_no_way_to_connections_url() -> None:
    existing = {"vpcId": "vpc-1", "privateSubnetIds": ["subnet-1", "subnet-2"], "cidr": "10.0.0.0/16"}
    http_only = {"orders": changed({})["apis"]["orders"]}
    assert warnings({("network",): existing}) == []
    assert warnings({("network",): {}, ("apis",): http_only}) == []


EXISTING = {"vpcId": "vpc-1", "privateSubnetIds": ["subnet-1", "subnet-2"], "cidr": "10.0.0.0/16"}
CAPTURED = (
    "apis.shop.endpointConfiguration.vpcEndpointIds: names no VPC endpoint, so that one in this VPC captures the names "
    "of every API of the Region: connectionsUrl of chat answers backends there with 403; "
)
LISTED: Location = ("network", "vpcEndpoints")


@pytest.mark.parametrize(
    ("changes", "advice"),
    [
        ({}, "give network.vpcEndpoints {service: execute-api, privateDns: false}"),
        ({LISTED: ["execute-api", "sqs"]}, "give network.vpcEndpoints {service: execute-api, privateDns: false}"),
        ({("network",): EXISTING}, "name an endpoint without private DNS"),
        ({("network",): {"stack": "acme/network/dev"}}, "name an endpoint without private DNS"),
    ],
)
def test_an_endpoint_between_backends_and_connections_url(changes: dict[Location, object], advice: str) -> None:
    assert warnings(with_shop({**PRIVATE, **changes})) == [CAPTURED + advice]


@pytest.mark.parametrize(
    "changes",
    [
        {LISTED: [{"service": "execute-api", "privateDns": False}]},
        {(*SHOP, "endpointConfiguration", "vpcEndpointIds"): ["vpce-0a1b"]},
        {CHAT: REMOVED},
        {
            (*CHAT, "integrations"): {},
            (*CHAT, "routes"): {
                "send": {"integration": {**PROXY, "integrationUri": "https://chat.example.com/"}},
            },
        },
    ],
)
def test_an_endpoint_that_is_in_nobodys_way(changes: dict[Location, object]) -> None:
    assert warnings(with_shop({**PRIVATE, **changes})) == []


def test_private_dns_that_is_asked_for_is_named_once() -> None:
    listed: list[object] = [{"service": "execute-api", "privateDns": True}]
    assert [line.partition(": ")[0] for line in warnings(with_shop({**PRIVATE, LISTED: listed}))] == [
        "network.vpcEndpoints[0].privateDns"
    ]
