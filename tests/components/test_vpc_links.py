import pytest

from tests.programs import dev_settings, names, only, run_program

INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
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
