import json

import pytest

from local.recording import Json, Recording
from tests.programs import Settings, dev_settings, names, only, private_api, rest_api, run_program

COMPONENT = "gatelink:components:PrivateEndpoint"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
API = "aws:apigateway/restApi:RestApi"
TAGS = {"team": "edge", "Project": "gatelink", "Stack": "dev", "Name": "execute-api"}

OTHER_STACK = "acme/network/dev"
OTHER_OUTPUTS: dict[str, Json] = {
    "vpcId": "vpc-0a1b2c3d",
    "privateSubnetIds": ["subnet-0a1b2c3d", "subnet-0e5f6a7b"],
    "vpcCidr": "10.9.0.0/16",
}


def settings_with(*apis: Settings, **network: object) -> Settings:
    """Return the dev stack's settings with REST APIs and changes of the network."""
    settings = dev_settings()
    settings["apis"] |= {f"ledger{number}": api for number, api in enumerate(apis)}
    settings["network"] |= network
    return settings


def interface_endpoints(recording: Recording) -> dict[str, Json]:
    """Return the names of the interface endpoints, and whether the service's name leads to each."""
    made = recording.of_type(ENDPOINT)
    return {each.name: each.inputs["privateDnsEnabled"] for each in made if "privateDnsEnabled" in each.inputs}


@pytest.mark.parametrize("known", [True, False])
def test_an_endpoint_in_the_private_subnets_takes_the_names_of_the_apis(known: bool) -> None:
    recording = run_program(settings_with(private_api("chat")), known=known)
    subnets = [each for each in recording.of_type("aws:ec2/subnet:Subnet") if "private" in each.name]
    vpc, group = only(recording, "aws:ec2/vpc:Vpc"), only(recording, GROUP, "execute-api")
    unknown = "<unknown>"
    endpoint = only(recording, ENDPOINT, "execute-api")
    assert endpoint.inputs == {
        "vpcId": vpc.id if known else unknown,
        "serviceName": "com.amazonaws.us-east-1.execute-api",
        "vpcEndpointType": "Interface",
        "subnetIds": [each.id for each in subnets] if known else [unknown, unknown],
        "securityGroupIds": [group.id if known else unknown],
        "privateDnsEnabled": True,
        "policy": json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"}],
            }
        ),
        "tags": TAGS,
    }
    assert {vpc.urn, group.urn, *(each.urn for each in subnets)} <= set(endpoint.dependencies)
    assert only(recording, COMPONENT).outputs == {"endpointId": endpoint.id if known else unknown}


@pytest.mark.parametrize("known", [True, False])
def test_its_group_admits_https_from_the_network_and_lets_nothing_out(known: bool) -> None:
    recording = run_program(settings_with(private_api("chat")), known=known)
    group = only(recording, GROUP, "execute-api")
    assert group.inputs == {
        "description": "Endpoint of the private APIs: HTTPS from the network",
        "vpcId": only(recording, "aws:ec2/vpc:Vpc").id if known else "<unknown>",
        "tags": TAGS,
    }
    assert only(recording, INGRESS, "execute-api").inputs == {
        "securityGroupId": group.id if known else "<unknown>",
        "description": "HTTPS from the network",
        "cidrIpv4": "10.20.0.0/16",
        "ipProtocol": "tcp",
        "fromPort": 443,
        "toPort": 443,
        "tags": TAGS,
    }
    assert not [rule for rule in recording.of_type(EGRESS) if group.urn in rule.dependencies]


def test_all_private_apis_share_one_endpoint() -> None:
    recording = run_program(settings_with(private_api("chat"), private_api("chat")))
    endpoint = only(recording, ENDPOINT, "execute-api")
    assert [endpoint.urn in api.dependencies for api in recording.of_type(API)] == [True, True]


@pytest.mark.parametrize("apis", [(), (rest_api("chat"),), (private_api("chat", "vpce-0a1b2c3d"),)])
def test_no_endpoint_is_made_where_no_api_waits_for_one(apis: tuple[Settings, ...]) -> None:
    recording = run_program(settings_with(*apis))
    assert not recording.of_type(COMPONENT)
    assert not interface_endpoints(recording)


@pytest.mark.parametrize(
    ("endpoint", "resolves"),
    [
        ("execute-api", True),
        ({"service": "execute-api", "privateDns": True}, True),
        ({"service": "execute-api", "privateDns": False}, False),
    ],
)
def test_an_endpoint_of_the_network_serves_the_private_apis_too(endpoint: object, resolves: bool) -> None:
    """EC2 refuses two endpoints of one service with private DNS."""
    recording = run_program(settings_with(private_api("chat"), vpcEndpoints=[endpoint, "sqs"]))
    assert not recording.of_type(COMPONENT)
    assert interface_endpoints(recording) == {"network-execute-api": resolves, "network-sqs": True}
    assert only(recording, ENDPOINT, "network-execute-api").urn in only(recording, API).dependencies


def test_an_api_that_names_its_endpoints_leaves_the_networks_alone() -> None:
    settings = settings_with(private_api("chat", "vpce-0a1b2c3d"), vpcEndpoints=["execute-api"])
    assert interface_endpoints(run_program(settings)) == {"network-execute-api": False}


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize(
    "network",
    [
        {"vpcId": "vpc-0a1b2c3d", "privateSubnetIds": OTHER_OUTPUTS["privateSubnetIds"], "cidr": "10.9.0.0/16"},
        {"stack": OTHER_STACK},
    ],
    ids=["existing", "another stack's"],
)
def test_an_endpoint_in_a_network_of_elsewhere(network: Settings, known: bool) -> None:
    settings = settings_with(private_api("chat")) | {"network": network}
    recording = run_program(settings, known=known, stack_outputs={OTHER_STACK: OTHER_OUTPUTS})
    endpoint = only(recording, ENDPOINT)
    assert (endpoint.inputs["vpcId"], endpoint.inputs["subnetIds"]) == (
        "vpc-0a1b2c3d",
        ["subnet-0a1b2c3d", "subnet-0e5f6a7b"],
    )
    assert endpoint.inputs["privateDnsEnabled"] is True
    assert only(recording, GROUP, "execute-api").inputs["vpcId"] == "vpc-0a1b2c3d"
    assert only(recording, INGRESS, "execute-api").inputs["cidrIpv4"] == "10.9.0.0/16"


def test_taking_the_last_private_api_away_takes_the_endpoint_and_nothing_of_the_network() -> None:
    with_it = {resource.urn for resource in run_program(settings_with(private_api("chat"))).resources}
    without = {resource.urn for resource in run_program(settings_with()).resources}
    assert {urn.split("::")[2].split("$")[0] for urn in with_it - without} == {COMPONENT, "gatelink:components:RestApi"}
    assert without <= with_it


def test_the_components_names() -> None:
    recording = run_program(settings_with(private_api("chat")))
    children = [resource for resource in recording.resources if resource.parent == only(recording, COMPONENT).urn]
    assert {child.name for child in children} == {"execute-api"}
    assert names(recording, COMPONENT) == ["execute-api"]
