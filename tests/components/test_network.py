import pulumi
import pytest

from local.recording import Recording
from tests.programs import Settings, dev_settings, names, only, run_program

VPC_TYPES = "aws:ec2/"


def network(**changes: object) -> Recording:
    """Run the dev stack with another network and nothing else."""
    return run_program({"tags": {"team": "edge"}, "network": {"cidr": "10.20.0.0/16", **changes}})


def test_a_network_without_a_way_out_has_private_subnets_only() -> None:
    recording = network()
    assert {resource.name for resource in recording.resources if resource.type.startswith("aws:ec2/subnet")} == {
        "network-private-a",
        "network-private-b",
    }
    assert not recording.of_type("aws:ec2/internetGateway:InternetGateway")
    assert not recording.of_type("aws:ec2/natGateway:NatGateway")
    assert not recording.of_type("aws:ec2/route:Route")


def test_a_subnet_stays_in_its_zone_whatever_zones_aws_offers() -> None:
    subnets = network().of_type("aws:ec2/subnet:Subnet")
    assert {subnet.ignore_changes for subnet in subnets} == {("availabilityZoneId",)}


def test_the_vpc_and_its_subnets() -> None:
    recording = network()
    tags = {"team": "edge", "Project": "gatelink", "Stack": "dev"}
    vpc = only(recording, "aws:ec2/vpc:Vpc")
    assert vpc.inputs == {
        "cidrBlock": "10.20.0.0/16",
        "enableDnsHostnames": True,
        "enableDnsSupport": True,
        "tags": {**tags, "Name": "network"},
    }
    assert only(recording, "aws:ec2/subnet:Subnet", "network-private-b").inputs == {
        "vpcId": vpc.id,
        "cidrBlock": "10.20.32.0/19",
        "availabilityZoneId": "use1-az2",
        "mapPublicIpOnLaunch": False,
        "tags": {**tags, "Name": "network-private-b"},
    }


def test_the_default_security_group_is_adopted_without_rules() -> None:
    recording = network()
    group = only(recording, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")
    assert set(group.inputs) == {"vpcId", "tags"}
    assert group.inputs["vpcId"] == only(recording, "aws:ec2/vpc:Vpc").id


@pytest.mark.parametrize(
    ("nat_gateways", "expected"),
    [
        ("single", {"network-private-a-internet": "a", "network-private-b-internet": "a"}),
        ("perZone", {"network-private-a-internet": "a", "network-private-b-internet": "b"}),
    ],
)
def test_private_subnets_leave_by_nat(nat_gateways: str, expected: dict[str, str]) -> None:
    recording = network(natGateways=nat_gateways)
    nats = {resource.id: resource.name for resource in recording.of_type("aws:ec2/natGateway:NatGateway")}
    routes = {
        route.name: nats[str(route.inputs["natGatewayId"])].removeprefix("network-nat-")
        for route in recording.of_type("aws:ec2/route:Route")
        if "natGatewayId" in route.inputs
    }
    assert routes == expected


def test_a_nat_gateway_stands_in_a_public_subnet_after_the_internet_gateway() -> None:
    recording = network(natGateways="single")
    gateway = only(recording, "aws:ec2/internetGateway:InternetGateway")
    nat = only(recording, "aws:ec2/natGateway:NatGateway")
    subnet = only(recording, "aws:ec2/subnet:Subnet", "network-public-a")
    assert nat.inputs["subnetId"] == subnet.id
    assert subnet.inputs["mapPublicIpOnLaunch"] is False
    assert gateway.urn in nat.dependencies
    assert gateway.urn in only(recording, "aws:ec2/eip:Eip").dependencies
    assert only(recording, "aws:ec2/route:Route", "network-public-internet").inputs["gatewayId"] == gateway.id


def test_nat_gateways_come_and_go_without_moving_private_subnets() -> None:
    def private(recording: Recording) -> dict[str, object]:
        found = recording.of_type("aws:ec2/subnet:Subnet")
        return {subnet.urn: subnet.inputs for subnet in found if "private" in subnet.name}

    assert private(network()) == private(network(natGateways="perZone"))


def test_gateway_endpoints_are_in_every_private_route_table() -> None:
    recording = network(vpcEndpoints=["s3"])
    endpoint = only(recording, "aws:ec2/vpcEndpoint:VpcEndpoint")
    tables = recording.of_type("aws:ec2/routeTable:RouteTable")
    assert endpoint.name == "network-s3"
    assert endpoint.inputs["serviceName"] == "com.amazonaws.us-east-1.s3"
    assert endpoint.inputs["vpcEndpointType"] == "Gateway"
    assert endpoint.inputs["routeTableIds"] == [table.id for table in tables]


def test_interface_endpoints_admit_https_from_the_vpc() -> None:
    recording = network(vpcEndpoints=["sqs", "execute-api", {"service": "ecr.api", "privateDns": False}])
    group = only(recording, "aws:ec2/securityGroup:SecurityGroup", "network-endpoints")
    rule = only(recording, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "network-endpoints")
    assert {key: rule.inputs[key] for key in ("securityGroupId", "cidrIpv4", "ipProtocol", "fromPort", "toPort")} == {
        "securityGroupId": group.id,
        "cidrIpv4": "10.20.0.0/16",
        "ipProtocol": "tcp",
        "fromPort": 443,
        "toPort": 443,
    }
    private_dns = {
        endpoint.name: endpoint.inputs["privateDnsEnabled"]
        for endpoint in recording.of_type("aws:ec2/vpcEndpoint:VpcEndpoint")
    }
    # Private DNS for execute-api would capture connectionsUrl and every other public API of the Region.
    assert private_dns == {"network-sqs": True, "network-execute-api": False, "network-ecr-api": False}


def test_subnets_stand_in_zones_where_links_exist() -> None:
    recording = run_program({"network": {"availabilityZones": 3}})
    zones = [subnet.inputs["availabilityZoneId"] for subnet in recording.of_type("aws:ec2/subnet:Subnet")]
    assert zones == ["use1-az1", "use1-az2", "use1-az4"]


def test_too_few_zones_are_named_before_anything_is_registered() -> None:
    with pytest.raises(pulumi.RunError) as error:
        run_program({"network": {"availabilityZones": 3}}, region="us-west-1")
    assert str(error.value) == (
        "Pulumi.dev.yaml has 1 problem:\n"
        "  network.availabilityZones: must be at most 2, got 3: the zones of us-west-1 where VPC links exist are "
        "usw1-az1, usw1-az3"
    )


def test_an_existing_network_is_used_as_it_is() -> None:
    settings: Settings = dev_settings()
    settings["network"] = {
        "vpcId": "vpc-0a1b2c3d",
        "privateSubnetIds": ["subnet-0a1b2c3d", "subnet-0e5f6a7b"],
        "cidr": "10.0.0.0/16",
    }
    recording = run_program(settings)
    assert not names(recording, "aws:ec2/vpc:Vpc")
    assert not names(recording, "gatelink:components:Network")
    balancer = only(recording, "aws:lb/loadBalancer:LoadBalancer", "chat")
    assert balancer.inputs["subnets"] == ["subnet-0a1b2c3d", "subnet-0e5f6a7b"]
    assert {key: recording.outputs[key] for key in ("vpcId", "vpcCidr", "privateSubnetIds")} == {
        "vpcId": "vpc-0a1b2c3d",
        "vpcCidr": "10.0.0.0/16",
        "privateSubnetIds": ["subnet-0a1b2c3d", "subnet-0e5f6a7b"],
    }


@pytest.mark.parametrize(
    ("service", "full_name"),
    [
        ("sqs", "com.amazonaws.us-east-1.sqs"),
        ("cn.com.amazonaws.cn-north-1.sqs", "cn.com.amazonaws.cn-north-1.sqs"),
    ],
)
def test_an_endpoints_service_is_known_by_its_short_or_its_full_name(service: str, full_name: str) -> None:
    endpoint = only(network(vpcEndpoints=[service]), "aws:ec2/vpcEndpoint:VpcEndpoint")
    assert endpoint.inputs["serviceName"] == full_name
