"""Quotas: each is reached, and then passed by one."""

from collections.abc import Callable

import pytest

from apigateway.limits import QUOTAS
from apigateway.resource_policies import invoke_policy, policy_text, private_policy
from settings import find_warnings, load_settings
from tests.settings.broken_infrastructure import ACM, DOMAIN
from tests.settings.examples import CHAT, FORWARD, ITEM, ORDERS, PROXY, REMOVED, Location, changed, problems, warnings
from tests.settings.rest_examples import PET_INTEGRATION, SHARED, SHOP, with_shop

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


def variables_beside_links(number: int) -> Changes:
    """Give a stage variables of its own beside two links: that of a network balancer and the one for all others."""
    return with_shop(
        {
            (*PET_INTEGRATION, "backend"): "orders",
            (*SHOP, "integrations", "idle"): {**PROXY, "backend": "unused"},
            ("backends", "unused"): {"loadBalancer": "network", "listener": {"port": 80}},
            (*SHOP, "stage", "variables"): {f"v{index}": "x" for index in range(number)},
        }
    )


def rest_links(number: int) -> Changes:
    balancer = {"loadBalancer": "network", "listener": {"port": 80}}
    names = [f"b{index}" for index in range(number)]
    return {
        ("backends",): {"orders": {"loadBalancer": "application", "listener": {"port": 80}}}
        | dict.fromkeys(names, balancer),
        (*CHAT, "routes"): {name: {"integration": {**PROXY, "backend": name}} for name in names},
        (*CHAT, "integrations"): {},
    }


def resources(number: int) -> Changes:
    keys = {f"GET /{index}": {"integration": "list"} for index in range(number - 1)}
    return with_shop({(*SHOP, "routes"): {"POST /": {"integration": "list"}, **keys}})


def rest_links_of_both(number: int) -> Changes:
    """Give a REST API and a WebSocket API a link each to their own backends, and one that they share."""
    balancer = {"loadBalancer": "network", "listener": {"port": 80}}
    names = [f"b{index}" for index in range(number - 1)]
    spec = {"integrationType": "HTTP_PROXY", "integrationMethod": "GET"}
    routes = {f"GET /{name}": {"integration": {**spec, "backend": name}} for name in (*names, "chat", "orders")}
    shop = with_shop({(*SHOP, "routes"): routes, (*SHOP, "integrations"): {}})
    return {**shop, **{("backends", name): balancer for name in names}}


def rest_link_subnets(number: int) -> Changes:
    to_orders = {"integrationType": "HTTP_PROXY", "integrationMethod": "GET", "backend": "orders"}
    return {**with_shop({SHARED: to_orders}), ORDERS: REMOVED, **link_subnets(number)}


def policy_characters(number: int) -> Changes:
    """Make a policy of so many characters: each role of 40 takes 43 there, with its quotes and a comma."""
    base = len(policy_text(invoke_policy(["222233334444"], "aws"))) - len("arn:aws:iam::222233334444:root")
    whole, rest = divmod(number - base + 3, 43)
    prefix = "arn:aws:iam::222233334444:role/"
    names = [f"{index:09}" for index in range(whole)]
    names[-1] += "x" * rest
    return with_shop({(*SHOP, "invokePrincipals"): [prefix + name for name in names]})


def written_policy(number: int) -> Changes:
    """Write a policy of so many characters as JSON without spaces."""
    policy = invoke_policy(["222233334444"], "aws")
    room = number - len(policy_text({**policy, "Id": ""}))
    return with_shop({(*SHOP, "resourcePolicy"): {**policy, "Id": "é" * room}})


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
        (
            resources,
            300,
            (
                'apis.shop.routes: is 301, and the quota "Resources per REST API, the root among them" is 300; ask '
                "AWS to raise it"
            ),
        ),
        (
            policy_characters,
            8192,
            (
                'apis.shop.invokePrincipals: is 8193, and the quota "Characters of a resource policy" is 8192; ask '
                "AWS to raise it"
            ),
        ),
        (
            written_policy,
            8192,
            (
                'apis.shop.resourcePolicy: is 8193, and the quota "Characters of a resource policy" is 8192; ask '
                "AWS to raise it"
            ),
        ),
        (
            rest_links_of_both,
            20,
            (
                'backends: is 21, and the quota "VPC links for REST and WebSocket APIs per Region" is 20; ask AWS to '
                "raise it"
            ),
        ),
        (
            rest_link_subnets,
            10,
            (
                'network.privateSubnetIds: is 11, and the quota "Subnets per VPC link for HTTP APIs" is 10; ask AWS to '
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
            variables_beside_links,
            98,
            (
                "apis.shop.stage.variables: must be at most 100, got 101: AWS does not raise the quota "
                '"Stage variables per stage, those of VPC links among them"'
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
    plans = {f"p{index}": PLAN for index in range(300)}
    keys = [f"k{index}" for index in range(10_001)]
    asked: Changes = {(*CHAT, "routes", "$connect", "apiKeyRequired"): True}
    found = warnings({(*CHAT, "usagePlans"): plans | {"keys": {"apiKeys": keys[1:]}}, **asked})
    assert found[-1] == 'apis: is 301, and the quota "Usage plans per Region" is 300; ask AWS to raise it'
    assert problems(changed({(*CHAT, "usagePlans"): {"keys": {"apiKeys": keys}}, **asked})) == [
        'apis: must be at most 10000, got 10001: AWS does not raise the quota "API keys per Region"'
    ]


def test_plans_and_stages_of_a_rest_api_count_too() -> None:
    plans = {f"p{index}": PLAN for index in range(200)}
    found = warnings(
        with_shop(
            {
                (*SHOP, "usagePlans"): plans,
                (*CHAT, "usagePlans"): {f"q{index}": PLAN for index in range(101)},
                (*SHOP, "stages"): [{"name": f"s{index}"} for index in range(11)],
            }
        )
    )
    assert 'apis: is 301, and the quota "Usage plans per Region" is 300; ask AWS to raise it' in found
    assert 'apis.shop.stages: is 11, and the quota "Stages per API" is 10; ask AWS to raise it' in found


def test_the_policy_of_a_private_api_is_longer_by_its_endpoint() -> None:
    private: Changes = {(*SHOP, "endpointConfiguration"): {"types": ["PRIVATE"]}}
    denied = len(policy_text(private_policy(["vpce-" + "0" * 17], allow=invoke_policy(["222233334444"], "aws"))))
    more = denied - len(policy_text(invoke_policy(["222233334444"], "aws")))
    principals: Changes = {
        (*SHOP, "invokePrincipals"): changed(policy_characters(8192))["apis"]["shop"]["invokePrincipals"]
    }
    assert (
        f'apis.shop.invokePrincipals: is {8192 + more}, and the quota "Characters of a resource policy" is 8192; ask '
        "AWS to raise it"
    ) in warnings(with_shop({**private, **principals}))


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
