import pytest

from settings import ExistingNetwork, FlowLogs, NewNetwork, StackNetwork, VpcEndpoint, load_settings
from tests.settings.broken_infrastructure import EXISTING as EXISTING_BALANCER
from tests.settings.examples import ITEM, REMOVED, changed, problems, problems_with
from tests.settings.rest_examples import PET_INTEGRATION, SHARED, with_shop

EXISTING = {"vpcId": "vpc-1", "privateSubnetIds": ["subnet-1", "subnet-2"], "cidr": "10.0.0.0/16"}
EXISTING_SITE = {
    **EXISTING_BALANCER,
    "listenerArn": str(EXISTING_BALANCER["listenerArn"]).replace("/net/", "/app/"),
    "loadBalancerArn": str(EXISTING_BALANCER["loadBalancerArn"]).replace("/net/", "/app/"),
    "protocol": "HTTP",
}
DAYS = "1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653"


@pytest.mark.parametrize(
    ("network", "problem"),
    [
        ([], "network: must be a block of keys, got []"),
        ({"availabilityZone": 3}, "network.availabilityZone: unknown key; did you mean availabilityZones?"),
        ({"cidr": 10}, 'network.cidr: must be text, got 10; write "10" in quotes'),
        ({"cidr": ""}, 'network.cidr: must be an IPv4 range such as 10.0.0.0/16, got ""'),
        ({"cidr": "10.0.0.0"}, 'network.cidr: must be an IPv4 range such as 10.0.0.0/16, got "10.0.0.0"'),
        (
            {"cidr": "10.0.0.0/255.255.0.0"},
            'network.cidr: must be an IPv4 range such as 10.0.0.0/16, got "10.0.0.0/255.255.0.0"',
        ),
        ({"cidr": "10.0.0.0/33"}, 'network.cidr: must be an IPv4 range such as 10.0.0.0/16, got "10.0.0.0/33"'),
        ({"cidr": "fd00::/48"}, 'network.cidr: must be an IPv4 range such as 10.0.0.0/16, got "fd00::/48"'),
        (
            {"cidr": "10.0.0.1/16"},
            'network.cidr: must name the first address of its range (10.0.0.0/16), got "10.0.0.1/16"',
        ),
        ({"cidr": "10.0.0.0/15"}, 'network.cidr: is too large: a VPC must be /16 to /24, got "10.0.0.0/15"'),
        ({"cidr": "10.0.0.0/25"}, 'network.cidr: is too small: a VPC must be /16 to /24, got "10.0.0.0/25"'),
        (
            {"cidr": "10.0.0.0/23", "natGateways": "single"},
            (
                "network.cidr: is too small: a VPC must be /16 to /22 with public subnets for NAT gateways, got "
                '"10.0.0.0/23"'
            ),
        ),
        (
            {"cidr": "0.0.0.0/16"},
            (
                "network.cidr: overlaps 0.0.0.0/8 (addresses of this network); choose a private range such as "
                '10.0.0.0/16, got "0.0.0.0/16"'
            ),
        ),
        (
            {"cidr": "127.0.0.0/16"},
            (
                "network.cidr: overlaps 127.0.0.0/8 (loopback); choose a private range such as 10.0.0.0/16, got "
                '"127.0.0.0/16"'
            ),
        ),
        (
            {"cidr": "169.254.0.0/20"},
            (
                "network.cidr: overlaps 169.254.0.0/16 (link-local addresses and instance metadata); choose a "
                'private range such as 10.0.0.0/16, got "169.254.0.0/20"'
            ),
        ),
        (
            {"cidr": "172.16.0.0/15"},
            (
                "network.cidr: overlaps 172.17.0.0/16 (Docker and AWS services inside an instance); choose a "
                'private range such as 10.0.0.0/16, got "172.16.0.0/15"'
            ),
        ),
        (
            {"cidr": "172.17.128.0/20"},
            (
                "network.cidr: overlaps 172.17.0.0/16 (Docker and AWS services inside an instance); choose a "
                'private range such as 10.0.0.0/16, got "172.17.128.0/20"'
            ),
        ),
        (
            {"cidr": "224.0.0.0/16"},
            (
                "network.cidr: overlaps 224.0.0.0/4 (multicast); choose a private range such as 10.0.0.0/16, got "
                '"224.0.0.0/16"'
            ),
        ),
        ({"availabilityZones": 1}, "network.availabilityZones: must be 2 to 6, got 1"),
        ({"availabilityZones": 7}, "network.availabilityZones: must be 2 to 6, got 7"),
        ({"availabilityZones": "2"}, 'network.availabilityZones: must be a whole number, got "2"'),
        ({"availabilityZones": True}, "network.availabilityZones: must be a whole number, got true"),
        ({"natGateways": "one"}, 'network.natGateways: must be none, single or perZone, got "one"; did you mean none?'),
        (
            {"natGateways": "perzone"},
            'network.natGateways: must be none, single or perZone, got "perzone"; did you mean perZone?',
        ),
        ({"vpcEndpoints": "sqs"}, 'network.vpcEndpoints: must be a list, got "sqs"'),
        (
            {"vpcEndpoints": ["SQS"]},
            'network.vpcEndpoints[0].service: must be a service\'s name such as sqs or ecr.api, got "SQS"',
        ),
        (
            {"vpcEndpoints": ["com.amazonaws.us-east-1.sqs"]},
            (
                "network.vpcEndpoints[0].service: must be the service's part of the name, got "
                '"com.amazonaws.us-east-1.sqs"; write sqs'
            ),
        ),
        ({"vpcEndpoints": ["sqs", "s3", {"service": "sqs"}]}, "network.vpcEndpoints[2]: sqs is named twice"),
        ({"vpcEndpoints": [{"privateDns": True}]}, "network.vpcEndpoints[0].service: is required"),
        ({"vpcEndpoints": [3]}, "network.vpcEndpoints[0]: must be a block of keys, got 3"),
        (
            {"vpcEndpoints": [{"service": "sqs", "privateDNS": True}]},
            "network.vpcEndpoints[0].privateDNS: unknown key; did you mean privateDns?",
        ),
        (
            {"vpcEndpoints": [{"service": "sqs", "privateDns": "no"}]},
            'network.vpcEndpoints[0].privateDns: must be true or false, got "no"',
        ),
        ({"flowLogs": True}, "network.flowLogs: must be false or a block of keys, got true"),
        ({"flowLogs": 30}, "network.flowLogs: must be false or a block of keys, got 30"),
        ({"flowLogs": {"days": 3}}, "network.flowLogs.days: unknown key; known keys: kmsKeyArn, retentionDays"),
        ({"flowLogs": {"retentionDays": 31}}, f"network.flowLogs.retentionDays: must be {DAYS}, got 31"),
        ({"flowLogs": {"retentionDays": "30"}}, f'network.flowLogs.retentionDays: must be {DAYS}, got "30"'),
        ({"flowLogs": {"retentionDays": True}}, "network.flowLogs.retentionDays: must be a number of days, got true"),
        (
            EXISTING | {"vpcId": "vpc_1"},
            'network.vpcId: must be a VPC\'s id such as vpc-0a1b2c3d4e5f67890, got "vpc_1"',
        ),
        (EXISTING | {"privateSubnetIds": "subnet-1"}, 'network.privateSubnetIds: must be a list, got "subnet-1"'),
        (
            EXISTING | {"privateSubnetIds": ["subnet-1", "net-2"]},
            'network.privateSubnetIds[1]: must be a subnet\'s id such as subnet-0a1b2c3d4e5f67890, got "net-2"',
        ),
        (
            EXISTING | {"privateSubnetIds": ["subnet-1"]},
            'network.privateSubnetIds: must name at least two subnets, got ["subnet-1"]',
        ),
        (EXISTING | {"privateSubnetIds": []}, "network.privateSubnetIds: must name at least two subnets, got []"),
        (
            EXISTING | {"privateSubnetIds": ["subnet-1", "subnet-2", "subnet-1"]},
            "network.privateSubnetIds[2]: subnet-1 is named twice",
        ),
        (
            EXISTING | {"cidr": "10.0.0.1/16"},
            'network.cidr: must name the first address of its range (10.0.0.0/16), got "10.0.0.1/16"',
        ),
        (
            EXISTING | {"natGateways": "single"},
            (
                "network.natGateways: unknown key; it belongs to a new network, and vpcId and privateSubnetIds name an "
                "existing one"
            ),
        ),
        ({"vpcId": "vpc-1", "privateSubnetIds": ["subnet-1", "subnet-2"]}, "network.cidr: is required"),
        ({"privateSubnetIds": ["subnet-1", "subnet-2"], "cidr": "10.0.0.0/16"}, "network.vpcId: is required"),
        (
            {"flowLogs": {"kmsKeyArn": "alias/logs"}},
            (
                "network.flowLogs.kmsKeyArn: must be the ARN of a KMS key, arn:aws:kms:REGION:ACCOUNT:key/ID, "
                'got "alias/logs"'
            ),
        ),
        ({"stack": 5}, 'network.stack: must be text, got 5; write "5" in quotes'),
        (
            {"stack": "network"},
            'network.stack: must be organization/project/stack, such as acme/network/dev, got "network"',
        ),
        (
            {"stack": "acme/network/dev/"},
            'network.stack: must be organization/project/stack, such as acme/network/dev, got "acme/network/dev/"',
        ),
        (
            {"stack": "acme/network/dev", "cidr": "10.0.0.0/16"},
            "network.cidr: unknown key; with stack, all of the network is another stack's",
        ),
        (
            {"stack": "acme/network/dev", "vpcId": "vpc-1"},
            "network.vpcId: unknown key; with stack, all of the network is another stack's",
        ),
        ({"stack": "acme/network/dev", "zone": 1}, "network.zone: unknown key; known keys: stack"),
    ],
)
def test_bad_network(network: object, problem: str) -> None:
    assert problems_with((), "network", network) == [problem]


@pytest.mark.parametrize(
    "cidr", ["10.0.0.0/16", "10.0.0.0/24", "172.16.0.0/16", "172.18.0.0/16", "192.168.4.0/22", "100.64.0.0/16"]
)
def test_range_of_a_new_vpc(cidr: str) -> None:
    network = load_settings({"network": {"cidr": cidr}}).network
    assert isinstance(network, NewNetwork)
    assert network.cidr == cidr


def test_smallest_vpc_with_nat_gateways() -> None:
    network = {"cidr": "10.0.0.0/22", "natGateways": "perZone"}
    assert load_settings({"network": network}).network == NewNetwork(cidr="10.0.0.0/22", nat_gateways="perZone")


def test_existing_vpc_may_lie_where_a_new_one_should_not() -> None:
    network = load_settings({"network": EXISTING | {"cidr": "172.17.0.0/16"}}).network
    assert network == ExistingNetwork(vpc_id="vpc-1", private_subnet_ids=("subnet-1", "subnet-2"), cidr="172.17.0.0/16")


def test_same_subnet_twice_is_not_two_subnets() -> None:
    assert problems_with((), "network", EXISTING | {"privateSubnetIds": ["subnet-1", "subnet-1"]}) == [
        "network.privateSubnetIds[1]: subnet-1 is named twice",
        'network.privateSubnetIds: must name at least two subnets, got ["subnet-1", "subnet-1"]',
    ]


def test_defaults() -> None:
    network = load_settings({"network": {}}).network
    assert isinstance(network, NewNetwork)
    assert network.model_dump() == {
        "cidr": "10.0.0.0/16",
        "availability_zones": 2,
        "nat_gateways": "none",
        "vpc_endpoints": (),
        "flow_logs": {"retention_days": 30, "kms_key_arn": None},
    }


def test_vpc_endpoints_are_names_or_blocks() -> None:
    endpoints = ["sqs", "s3", {"service": "execute-api"}, {"service": "ecr.api", "privateDns": False}]
    network = load_settings({"network": {"vpcEndpoints": endpoints}}).network
    assert isinstance(network, NewNetwork)
    assert [(e.service, e.is_gateway, e.resolves_privately) for e in network.vpc_endpoints] == [
        ("sqs", False, True),
        ("s3", True, True),
        ("execute-api", False, False),
        ("ecr.api", False, False),
    ]
    assert VpcEndpoint(service="execute-api", private_dns=True).resolves_privately


@pytest.mark.parametrize(("given", "kept"), [(False, False), ({"retentionDays": 7}, FlowLogs(retention_days=7))])
def test_flow_logs_can_be_switched_off(given: object, kept: object) -> None:
    assert load_settings({"network": {"flowLogs": given}}).network == NewNetwork.model_validate({"flowLogs": kept})


@pytest.mark.parametrize("network", [REMOVED, None])
def test_backends_need_a_network(network: object) -> None:
    assert problems_with((), "network", network) == [
        "network: is required: the load balancers of these backends stand in it: chat, orders"
    ]


def test_no_backends_need_no_network() -> None:
    assert load_settings({}).network is None


def test_broken_backends_need_a_network_too() -> None:
    raw = changed({("network",): REMOVED, ("backends", "chat", "listener"): REMOVED})
    assert problems(raw) == [
        "backends.chat.listener: is required",
        "network: is required: the load balancers of these backends stand in it: chat, orders",
    ]


CLOUD_MAP = {"cloudMap": {"serviceArn": "arn:aws:servicediscovery:us-east-1:123456789012:service/srv-1", "port": 80}}


def test_another_stacks_network() -> None:
    assert load_settings(changed({("network",): {"stack": "acme/network/dev"}})).network == StackNetwork(
        stack="acme/network/dev"
    )


@pytest.mark.parametrize("backend", [EXISTING_BALANCER, CLOUD_MAP])
def test_the_link_of_http_apis_needs_a_network(backend: object) -> None:
    raw = changed(
        {
            ("network",): REMOVED,
            ("backends",): {"stock": backend, "spare": EXISTING_BALANCER},
            ("apis", "chat"): REMOVED,
            (*ITEM, "backend"): "stock",
        }
    )
    assert problems(raw) == ["network: is required: the VPC link to these backends stands in its subnets: stock"]


def test_a_rest_api_before_an_application_balancer_needs_a_network() -> None:
    raw = changed(
        with_shop(
            {
                ("network",): REMOVED,
                ("backends",): {"stock": EXISTING_SITE, "spare": EXISTING_SITE, "ports": EXISTING_BALANCER},
                ("apis", "chat"): REMOVED,
                ("apis", "orders"): REMOVED,
                (*SHARED, "backend"): "stock",
                (*PET_INTEGRATION, "backend"): "ports",
            }
        )
    )
    assert problems(raw) == ["network: is required: the VPC link to these backends stands in its subnets: stock"]


def test_both_reasons_for_a_network() -> None:
    changes = {("network",): REMOVED, ("backends", "orders"): EXISTING_BALANCER}
    assert problems(changed(changes)) == [
        (
            "network: is required: the load balancers of these backends stand in it: chat; the VPC link to "
            "these backends stands in its subnets: orders"
        )
    ]


def test_an_existing_balancer_of_websocket_apis_needs_no_network() -> None:
    raw = changed({("network",): REMOVED, ("backends",): {"chat": EXISTING_BALANCER}, ("apis", "orders"): REMOVED})
    assert load_settings(raw).network is None


def test_a_bad_endpoint_keeps_nothing_else_of_the_network_from_being_judged() -> None:
    assert problems_with((), "network", {"vpcEndpoints": ["SQS"], "cidr": "10.0.0.0/8"}) == [
        'network.vpcEndpoints[0].service: must be a service\'s name such as sqs or ecr.api, got "SQS"',
        'network.cidr: is too large: a VPC must be /16 to /24, got "10.0.0.0/8"',
    ]
