from typing import Any

import pytest

from local.recording import Json, Recording
from tests.programs import dev_settings, names, only, rest_api, run_program

INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
LINK_V1 = "aws:apigateway/vpcLink:VpcLink"
ELB = "arn:aws:elasticloadbalancing:us-east-1:123456789012"
SERVICE = "arn:aws:servicediscovery:us-east-1:123456789012:service"
TAGS = {"team": "edge", "Project": "gatelink", "Stack": "dev"}
RULE = ("securityGroupId", "referencedSecurityGroupId", "ipProtocol", "fromPort", "toPort")


def test_each_backend_of_a_websocket_api_has_one_v1_link() -> None:
    settings = dev_settings()
    settings["backends"]["rooms"] = {"loadBalancer": "network", "listener": {"port": 8080}}
    settings["backends"]["idle"] = {"loadBalancer": "network", "listener": {"port": 8080}}
    join = {"integrationType": "HTTP_PROXY", "integrationMethod": "POST", "backend": "rooms"}
    settings["apis"]["chat"]["routes"]["join"] = {"integration": join}
    settings["apis"]["talk"] = {"protocol": "WEBSOCKET", "routes": {"$default": {"integration": join}}}
    recording = run_program(settings)
    targets = {link.name: link.inputs["targetArn"] for link in recording.of_type("aws:apigateway/vpcLink:VpcLink")}
    assert targets == {
        name: only(recording, "aws:lb/loadBalancer:LoadBalancer", name).outputs["arn"] for name in ("chat", "rooms")
    }


def test_all_http_apis_share_one_v2_link() -> None:
    settings = dev_settings()
    settings["apis"]["returns"] = settings["apis"]["orders"]
    recording = run_program(settings)
    link = only(recording, "aws:apigatewayv2/vpcLink:VpcLink")
    group = only(recording, "aws:ec2/securityGroup:SecurityGroup", "http")
    assert link.inputs == {
        "subnetIds": [subnet.id for subnet in recording.of_type("aws:ec2/subnet:Subnet") if "private" in subnet.name],
        "securityGroupIds": [group.id],
        "tags": {"team": "edge", "Project": "gatelink", "Stack": "dev"},
    }
    integrations = recording.of_type("aws:apigatewayv2/integration:Integration")
    http = [made for made in integrations if made.name.startswith(("orders-", "returns-"))]
    assert [made.inputs["connectionId"] for made in http] == [link.id, link.id]


def test_the_v2_link_reaches_each_balancer_on_its_listener_port_and_nothing_else() -> None:
    recording = run_program(dev_settings())
    link_group = only(recording, "aws:ec2/securityGroup:SecurityGroup", "http").id
    balancer_group = only(recording, "aws:ec2/securityGroup:SecurityGroup", "orders").id
    leaving = [rule.inputs for rule in recording.of_type(EGRESS) if rule.inputs["securityGroupId"] == link_group]
    arriving = [rule.inputs for rule in recording.of_type(INGRESS) if rule.inputs["securityGroupId"] == balancer_group]
    assert [{key: rule[key] for key in RULE} for rule in leaving] == [
        dict(zip(RULE, (link_group, balancer_group, "tcp", 80, 80), strict=True))
    ]
    assert [{key: rule[key] for key in RULE} for rule in arriving] == [
        dict(zip(RULE, (balancer_group, link_group, "tcp", 80, 80), strict=True))
    ]


def test_a_network_load_balancer_behind_both_links_has_a_rule_for_the_v2_link() -> None:
    settings = dev_settings()
    integration = {"integrationType": "HTTP_PROXY", "integrationMethod": "ANY", "backend": "chat"}
    settings["apis"]["orders"]["routes"]["GET /chat"] = {"integration": integration}
    recording = run_program(settings)
    assert names(recording, INGRESS) == ["http-to-chat", "http-to-orders"]
    balancer = only(recording, "aws:lb/loadBalancer:LoadBalancer", "chat")
    assert balancer.inputs["enforceSecurityGroupInboundRulesOnPrivateLinkTraffic"] == "off"


def existing(kind: str, *, port: int = 80, **more: object) -> dict[str, Any]:
    """Return a backend behind a balancer that exists: one balancer of each kind, with a listener a port."""
    return {
        "listenerArn": f"{ELB}:listener/{kind}/legacy/50dc6c495c0c9188/{port:016x}",
        "loadBalancerArn": f"{ELB}:loadbalancer/{kind}/legacy/50dc6c495c0c9188",
        "dnsName": "legacy-50dc6c495c0c9188.elb.us-east-1.amazonaws.com",
        "port": port,
        "protocol": "TCP" if kind == "net" else "HTTP",
        **more,
    }


def with_http_backends(**backends: dict[str, Any]) -> Recording:
    """Run the dev stack with an HTTP API that leads to these backends and no other."""
    settings = dev_settings()
    settings["backends"] |= backends
    del settings["backends"]["orders"]
    settings["apis"]["orders"]["routes"] = {
        f"GET /{name}": {"integration": {"integrationType": "HTTP_PROXY", "integrationMethod": "ANY", "backend": name}}
        for name in backends
    }
    return run_program(settings)


def ways_out(recording: Recording) -> dict[str, dict[str, Any]]:
    group = only(recording, "aws:ec2/securityGroup:SecurityGroup", "http").id
    return {
        rule.name: {key: value for key, value in rule.inputs.items() if key not in ("securityGroupId", "tags")}
        for rule in recording.of_type(EGRESS)
        if rule.inputs["securityGroupId"] == group
    }


def test_the_v2_link_reaches_backends_of_elsewhere_by_their_group_or_in_the_network() -> None:
    recording = with_http_backends(
        legacy=existing("app"),
        guarded=existing("app", port=8080, securityGroupId="sg-0a1b2c3d"),
        stock={"cloudMap": {"serviceArn": f"{SERVICE}/srv-stock1", "port": 9000}},
        counted={
            "cloudMap": {"serviceArn": f"{SERVICE}/srv-count1", "port": 9000},
            "securityGroupId": "sg-0e5f6a7b",
        },
    )

    def way(description: str, port: int, **peer: str) -> dict[str, Any]:
        return {"description": description, "ipProtocol": "tcp", "fromPort": port, "toPort": port, **peer}

    assert ways_out(recording) == {
        "http-network-80": way("To the network", 80, cidrIpv4="10.20.0.0/16"),
        "http-network-9000": way("To the network", 9000, cidrIpv4="10.20.0.0/16"),
        "http-sg-0a1b2c3d-8080": way("To a group of backends", 8080, referencedSecurityGroupId="sg-0a1b2c3d"),
        "http-sg-0e5f6a7b-9000": way("To a group of backends", 9000, referencedSecurityGroupId="sg-0e5f6a7b"),
    }
    # Groups that others made get no rule from here.
    assert not recording.of_type(INGRESS)


def test_backends_that_share_a_way_share_its_rule() -> None:
    """EC2 refuses a rule that a group has already."""
    recording = with_http_backends(
        legacy=existing("app"),
        older=existing("net"),
        guarded=existing("app", securityGroupId="sg-0a1b2c3d"),
        stock={
            "cloudMap": {"serviceArn": f"{SERVICE}/srv-stock1", "port": 80},
            "securityGroupId": "sg-0a1b2c3d",
        },
    )
    assert set(ways_out(recording)) == {"http-network-80", "http-sg-0a1b2c3d-80"}


def test_a_way_in_another_stacks_network() -> None:
    settings = dev_settings() | {"network": {"stack": "acme/network/dev"}}
    settings["backends"]["orders"] = existing("app")
    outputs: dict[str, Json] = {
        "vpcId": "vpc-0a1b2c3d",
        "privateSubnetIds": ["subnet-1", "subnet-2"],
        "vpcCidr": "10.9.0.0/16",
    }
    recording = run_program(settings, stack_outputs={"acme/network/dev": outputs})
    assert ways_out(recording)["http-network-80"]["cidrIpv4"] == "10.9.0.0/16"


def test_an_existing_network_load_balancer_has_one_v1_link_for_all_its_listeners() -> None:
    """A balancer has room for one link: a second one is refused."""
    settings = dev_settings()
    settings["backends"] |= {"chat": existing("net"), "rooms": existing("net", port=8080)}
    join = {"integrationType": "HTTP_PROXY", "integrationMethod": "POST", "backend": "rooms"}
    settings["apis"]["chat"]["routes"]["join"] = {"integration": join}
    recording = run_program(settings)
    link = only(recording, LINK_V1)
    assert link.name == "legacy-50dc6c495c0c9188"
    assert link.inputs == {
        "targetArn": f"{ELB}:loadbalancer/net/legacy/50dc6c495c0c9188",
        "description": "To the network load balancer legacy",
        "tags": TAGS,
    }
    assert names(recording, "gatelink:components:RestVpcLink") == ["legacy-50dc6c495c0c9188"]
    links: Any = recording.outputs["vpcLinks"]
    assert links["rest"] == {"chat": link.id, "rooms": link.id}
    integrations = recording.of_type("aws:apigatewayv2/integration:Integration")
    assert {made.inputs["connectionId"] for made in integrations if made.name.startswith("chat-")} == {link.id}


def test_a_v1_link_to_a_balancer_made_here() -> None:
    recording = run_program(dev_settings())
    assert only(recording, LINK_V1, "chat").inputs == {
        "targetArn": only(recording, "aws:lb/loadBalancer:LoadBalancer", "chat").outputs["arn"],
        "description": "To the network load balancer of the backend chat",
        "tags": TAGS,
    }


def test_a_stack_without_http_apis_has_no_v2_link() -> None:
    settings = dev_settings()
    del settings["apis"]["orders"]
    recording = run_program(settings)
    assert not recording.of_type("aws:apigatewayv2/vpcLink:VpcLink")
    assert recording.outputs["vpcLinks"] == {"rest": {"chat": only(recording, "aws:apigateway/vpcLink:VpcLink").id}}


@pytest.mark.parametrize(
    "resource_type",
    [
        "aws:apigateway/vpcLink:VpcLink",
        "aws:apigatewayv2/vpcLink:VpcLink",
        "aws:apigatewayv2/deployment:Deployment",
    ],
)
def test_what_a_live_stage_refers_to_is_said_outright_to_be_made_before_the_old_one_goes(resource_type: str) -> None:
    assert only(run_program(dev_settings()), resource_type).delete_before_replace is False


@pytest.mark.parametrize("known", [True, False])
def test_a_link_to_a_balancer_that_exists_needs_no_network(known: bool) -> None:
    settings = dev_settings()
    del settings["network"], settings["apis"]["orders"]
    settings["backends"] = {
        "chat": {
            "listenerArn": f"{ELB}:listener/net/chat/0123456789abcdef/0123456789abcdef",
            "loadBalancerArn": f"{ELB}:loadbalancer/net/chat/0123456789abcdef",
            "dnsName": "chat.elb.us-east-1.amazonaws.com",
            "port": 80,
            "protocol": "TCP",
        }
    }
    recording = run_program(settings, known=known)
    link = only(recording, LINK_V1)
    assert link.inputs["targetArn"] == f"{ELB}:loadbalancer/net/chat/0123456789abcdef"
    assert "vpcId" not in recording.outputs


def test_a_rest_api_reaches_an_application_balancer_by_the_v2_link() -> None:
    settings = dev_settings()
    settings["apis"] = {"catalog": rest_api("orders")}
    recording = run_program(settings)
    assert not recording.of_type(LINK_V1)
    group = only(recording, "aws:ec2/securityGroup:SecurityGroup", "http").id
    balancer = only(recording, "aws:ec2/securityGroup:SecurityGroup", "orders").id
    assert [ways_out(recording).keys(), names(recording, INGRESS)] == [
        {"http-to-orders": None}.keys(),
        ["http-to-orders"],
    ]
    rule = only(recording, INGRESS).inputs
    assert {key: rule[key] for key in RULE} == dict(zip(RULE, (balancer, group, "tcp", 80, 80), strict=True))
    links: Any = recording.outputs["vpcLinks"]
    assert links == {
        "rest": {},
        "http": only(recording, "aws:apigatewayv2/vpcLink:VpcLink").id,
        "httpSecurityGroupId": group,
    }


def test_a_rest_api_reaches_a_network_balancer_by_its_v1_link() -> None:
    settings = dev_settings()
    settings["apis"] = {"catalog": rest_api("chat")}
    recording = run_program(settings)
    assert not recording.of_type("aws:apigatewayv2/vpcLink:VpcLink")
    balancer = only(recording, "aws:lb/loadBalancer:LoadBalancer", "chat")
    assert only(recording, LINK_V1, "chat").inputs["targetArn"] == balancer.outputs["arn"]
    assert balancer.inputs["enforceSecurityGroupInboundRulesOnPrivateLinkTraffic"] == "off"


def test_a_network_balancer_behind_both_links_of_a_rest_and_an_http_api_lets_both_in() -> None:
    settings = dev_settings()
    integration = {"integrationType": "HTTP_PROXY", "integrationMethod": "ANY", "backend": "chat"}
    settings["apis"]["orders"]["routes"]["GET /chat"] = {"integration": integration}
    del settings["apis"]["chat"]
    settings["apis"]["catalog"] = rest_api("chat")
    recording = run_program(settings)
    assert names(recording, LINK_V1) == ["chat"]
    assert names(recording, INGRESS) == ["http-to-chat", "http-to-orders"]
    balancer = only(recording, "aws:lb/loadBalancer:LoadBalancer", "chat")
    assert balancer.inputs["enforceSecurityGroupInboundRulesOnPrivateLinkTraffic"] == "off"


def test_a_rest_api_changes_no_link_that_is_there() -> None:
    """A link that is replaced takes minutes, and a group whose description changes is replaced."""
    settings = dev_settings()
    before = run_program(settings)
    settings["apis"] |= {"catalog": rest_api("orders"), "ledger": rest_api("chat")}
    after = {resource.urn: resource for resource in run_program(settings).resources}
    assert [each for each in before.resources if after[each.urn] != each] == []


def test_rest_apis_reach_a_balancer_that_exists_by_the_link_of_its_kind() -> None:
    settings = dev_settings()
    settings["backends"] |= {"chat": existing("net"), "orders": existing("app", securityGroupId="sg-0a1b2c3d")}
    settings["apis"] = {"catalog": rest_api("orders"), "ledger": rest_api("chat")}
    recording = run_program(settings)
    assert names(recording, LINK_V1) == ["legacy-50dc6c495c0c9188"]
    assert set(ways_out(recording)) == {"http-sg-0a1b2c3d-80"}
