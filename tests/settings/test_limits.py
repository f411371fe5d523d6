"""Quotas: each is reached, and then passed by one."""

from collections.abc import Callable

import pytest

from apigateway.limits import QUOTAS
from settings import find_warnings, load_settings
from tests.settings.broken_infrastructure import ACM, DOMAIN
from tests.settings.examples import CHAT, FORWARD, ITEM, ORDERS, PROXY, Location, changed, problems, warnings

Changes = dict[Location, object]
CALL = {"integration": {**PROXY, "backend": "orders"}}
PLAN = {"throttling": {"rateLimit": 1, "burstLimit": 1}}


def routes(number: int) -> Changes:
    return {(*CHAT, "routes"): {f"r{index}": {"integration": "forward"} for index in range(number)}}


def http_integrations(number: int) -> Changes:
    keys = {
        f"GET /{index}": {"integration": {**CALL["integration"], "timeoutInMillis": 50 + index}}
        for index in range(number)
    }
    return {(*ORDERS, "routes"): keys}


def websocket_integrations(number: int) -> Changes:
    spec = {**PROXY, "backend": "chat"}
    inline = {f"r{index}": {"integration": {**spec, "timeoutInMillis": 50 + index}} for index in range(number)}
    return {(*CHAT, "routes"): inline, (*CHAT, "integrations"): {}}


def stages(number: int) -> Changes:
    return {(*CHAT, "stages"): [{"name": f"s{index}"} for index in range(number)]}


def variables(number: int) -> Changes:
    return {(*CHAT, "stage", "variables"): {f"v{index}": "x" for index in range(number)}}


def rest_links(number: int) -> Changes:
    balancer = {"loadBalancer": "network", "listener": {"port": 80}}
    names = [f"b{index}" for index in range(number)]
    return {
        ("backends",): {"orders": {"loadBalancer": "application", "listener": {"port": 80}}}
        | dict.fromkeys(names, balancer),
        (*CHAT, "routes"): {name: {"integration": {**PROXY, "backend": name}} for name in names},
        (*CHAT, "integrations"): {},
    }


def link_subnets(number: int) -> Changes:
    ids = [f"subnet-{index}" for index in range(number)]
    return {("network",): {"vpcId": "vpc-1", "privateSubnetIds": ids, "cidr": "10.0.0.0/16"}}


def domains(number: int) -> Changes:
    return {
        ("apis", f"a{index}"): {
            "protocol": "HTTP",
            "routes": {"$default": CALL},
            "domain": {"domainName": f"a{index}.example.com", "certificateArn": ACM},
        }
        for index in range(number)
    }


def deep_mappings(number: int) -> Changes:
    return {
        ("apis", f"a{index}"): {
            "protocol": "HTTP",
            "routes": {"$default": CALL},
            "domain": DOMAIN | {"apiMappingKey": f"a/{index}"},
        }
        for index in range(number)
    }


def request_rate(number: int) -> Changes:
    return {(*ORDERS, "stage", "throttling"): {"rateLimit": number, "burstLimit": 1}}


@pytest.mark.parametrize(
    ("changes", "most", "expected"),
    [
        (routes, 300, 'apis.chat.routes: is 301, and the quota "Routes per API" is 300; ask AWS to raise it'),
        (
            websocket_integrations,
            300,
            (
                'apis.chat.integrations: is 301, and the quota "Integrations per WebSocket API" is 300; ask AWS to '
                "raise it"
            ),
        ),
        (stages, 10, 'apis.chat.stages: is 11, and the quota "Stages per API" is 10; ask AWS to raise it'),
        (
            rest_links,
            20,
            (
                'backends: is 21, and the quota "VPC links for REST and WebSocket APIs per Region" is 20; ask AWS to '
                "raise it"
            ),
        ),
        (
            link_subnets,
            10,
            (
                'network.privateSubnetIds: is 11, and the quota "Subnets per VPC link for HTTP APIs" is 10; ask AWS to '
                "raise it"
            ),
        ),
        (domains, 120, 'apis: is 121, and the quota "Custom domain names per Region" is 120; ask AWS to raise it'),
        (
            request_rate,
            10_000,
            (
                "apis.orders.stage.throttling.rateLimit: is 10001, and the quota "
                '"Requests a second per Region, of all APIs" is 10000; ask AWS to raise it'
            ),
        ),
    ],
)
def test_a_quota_that_aws_raises(changes: Callable[[int], Changes], most: int, expected: str) -> None:
    def quotas(number: int) -> list[str]:
        return [warning for warning in warnings(changes(number)) if "quota" in warning]

    assert quotas(most) == []
    assert expected in quotas(most + 1)


@pytest.mark.parametrize(
    ("changes", "most", "expected"),
    [
        (
            http_integrations,
            300,
            (
                "apis.orders.integrations: must be at most 300, got 301: AWS does not raise the quota "
                '"Integrations per HTTP API"'
            ),
        ),
        (
            variables,
            100,
            (
                "apis.chat.stage.variables: must be at most 100, got 101: AWS does not raise the quota "
                '"Stage variables per stage"'
            ),
        ),
        (
            deep_mappings,
            200,
            (
                "apis: must be at most 200, got 201: AWS does not raise the quota "
                '"API mappings with several levels per domain name"'
            ),
        ),
    ],
)
def test_a_quota_that_aws_does_not_raise(changes: Callable[[int], Changes], most: int, expected: str) -> None:
    load_settings(changed(changes(most)))
    assert problems(changed(changes(most + 1))) == [expected]


def test_authorizers() -> None:
    function = "arn:aws:lambda:us-east-1:123456789012:function:auth"
    authorizers = {f"a{index}": {"authorizerType": "REQUEST", "authorizerUri": function} for index in range(11)}
    expected = 'apis.chat.authorizers: is 11, and the quota "Authorizers per API" is 10; ask AWS to raise it'
    assert expected in warnings({(*CHAT, "authorizers"): authorizers})


def test_usage_plans_and_keys() -> None:
    plans = {f"p{index}": PLAN for index in range(300)} | {
        "keys": {"apiKeys": [f"k{index}" for index in range(10_001)]}
    }
    found = warnings({(*CHAT, "usagePlans"): plans, (*CHAT, "routes", "$connect", "apiKeyRequired"): True})
    assert found[-2:] == [
        'apis: is 301, and the quota "Usage plans per Region" is 300; ask AWS to raise it',
        'apis: is 10001, and the quota "API keys per Region" is 10000; ask AWS to raise it',
    ]


def test_equal_integrations_count_once() -> None:
    assert warnings({(*ORDERS, "routes"): {f"GET /{index}": CALL for index in range(300)}}) == []


def test_headers_that_mappings_write() -> None:
    most = {f"append:header.x{index:03}": "v" * 504 for index in range(20)}
    assert sum(len("x000: \r\n") + 504 for _ in most) == 10_240
    load_settings(
        changed({(*ITEM, "requestParameters"): {**most, "remove:header.y": "''", "append:querystring.a": "b"}})
    )
    at = 'apis.orders.routes["GET /items/{id}"].integration.requestParameters'
    assert problems(changed({(*ITEM, "requestParameters"): {**most, "append:header.y": "$request.path"}})) == [
        (
            f"{at}: must be at most 10240, got 10245: AWS does not raise the quota "
            '"Bytes of request line and headers of an HTTP API"'
        )
    ]


def test_a_broken_reference_does_not_matter() -> None:
    assert problems(changed({(*FORWARD[:2], "routes", "send", "integration"): "x"})) == [
        'apis.chat.routes.send.integration: no integration "x" under apis.chat.integrations; known: forward'
    ]


def test_every_quota_has_a_name_of_its_own() -> None:
    assert len({quota.name for quota in QUOTAS}) == len(QUOTAS)


@pytest.mark.parametrize(
    ("region", "rate", "burst"), [("us-east-1", 10_000, 5_000), (None, 10_000, 5_000), ("eu-south-1", 2_500, 1_250)]
)
def test_limits_above_the_quotas_of_the_region(region: str | None, rate: int, burst: int) -> None:
    def found(more: int) -> list[str]:
        limits = {"rateLimit": rate + more, "burstLimit": burst + more}
        stage = {"throttling": limits, "routeSettings": {"GET /items/{id}": {"throttling": limits}}}
        settings = load_settings(changed({(*ORDERS, "stage"): stage}), region)
        return [str(warning) for warning in find_warnings(settings, region)]

    assert found(0) == []
    places = ["throttling", 'routeSettings["GET /items/{id}"].throttling']
    assert [warning.partition(", and")[0] for warning in found(1)] == [
        f"apis.orders.stage.{place}.{key}: is {value + 1}"
        for place in places
        for key, value in (("rateLimit", rate), ("burstLimit", burst))
    ]
