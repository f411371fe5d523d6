"""What holds between parts that have no table of their own."""

import pytest

from settings import find_warnings, load_settings
from tests.programs import dev_settings
from tests.settings.examples import PROXY, changed, problems


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
