import pytest

from local.recording import Recording
from tests.programs import dev_settings, names, only, run_program

TAGS = {"team": "edge", "Project": "gatelink", "Stack": "dev"}
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/1"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"


def with_backend(name: str, **changes: object) -> Recording:
    settings = dev_settings()
    settings["backends"][name] |= changes
    return run_program(settings)


def test_a_network_load_balancer() -> None:
    recording = run_program(dev_settings())
    group = only(recording, "aws:ec2/securityGroup:SecurityGroup", "chat")
    subnets = [only(recording, "aws:ec2/subnet:Subnet", name).id for name in ("network-private-a", "network-private-b")]
    assert only(recording, "aws:lb/loadBalancer:LoadBalancer", "chat").inputs == {
        "loadBalancerType": "network",
        "internal": True,
        "subnets": subnets,
        "securityGroups": [group.id],
        "enableCrossZoneLoadBalancing": True,
        "enableDeletionProtection": False,
        "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic": "off",
        "tags": TAGS,
    }


def test_an_application_load_balancer() -> None:
    recording = run_program(dev_settings())
    balancer = only(recording, "aws:lb/loadBalancer:LoadBalancer", "orders")
    assert balancer.inputs["internal"] is True
    assert balancer.inputs["dropInvalidHeaderFields"] is True
    assert balancer.inputs["desyncMitigationMode"] == "defensive"
    assert "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic" not in balancer.inputs


def test_a_network_load_balancer_that_no_v1_link_leads_to_enforces_its_rules() -> None:
    settings = dev_settings()
    settings["backends"]["orders"] = {"loadBalancer": "network", "listener": {"port": 80}}
    balancer = only(run_program(settings), "aws:lb/loadBalancer:LoadBalancer", "orders")
    assert "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic" not in balancer.inputs


def test_the_listener_forwards_to_the_target_group() -> None:
    recording = run_program(dev_settings())
    targets = only(recording, "aws:lb/targetGroup:TargetGroup", "chat")
    assert only(recording, "aws:lb/listener:Listener", "chat").inputs == {
        "loadBalancerArn": only(recording, "aws:lb/loadBalancer:LoadBalancer", "chat").id,
        "port": 80,
        "protocol": "TCP",
        "defaultActions": [{"type": "forward", "targetGroupArn": targets.id}],
        "tags": TAGS,
    }
    assert targets.inputs == {
        "vpcId": only(recording, "aws:ec2/vpc:Vpc").id,
        "targetType": "ip",
        "port": 8080,
        "protocol": "TCP",
        "healthCheck": {"protocol": "HTTP", "port": "traffic-port", "path": "/healthz"},
        "tags": TAGS,
    }


def test_a_target_group_is_replaced_together_with_its_balancer() -> None:
    recording = run_program(dev_settings())
    targets = only(recording, "aws:lb/targetGroup:TargetGroup", "chat")
    assert targets.replace_with == (only(recording, "aws:lb/loadBalancer:LoadBalancer", "chat").urn,)


@pytest.mark.parametrize(
    ("name", "load_balancer", "listener", "policy"),
    [
        ("chat", "network", {"port": 443, "protocol": "TLS"}, "ELBSecurityPolicy-TLS13-1-2-2021-06"),
        (
            "orders",
            "application",
            {"port": 443, "protocol": "HTTPS", "sslPolicy": "ELBSecurityPolicy-X"},
            "ELBSecurityPolicy-X",
        ),
    ],
)
def test_a_tls_listener_has_a_certificate_and_a_policy(
    name: str, load_balancer: str, listener: dict[str, object], policy: str
) -> None:
    recording = with_backend(
        name,
        loadBalancer=load_balancer,
        listener={**listener, "certificateArn": CERTIFICATE},
        hostName="secure.internal.example",
    )
    made = only(recording, "aws:lb/listener:Listener", name)
    assert made.inputs["protocol"] == listener["protocol"]
    assert made.inputs["certificateArn"] == CERTIFICATE
    assert made.inputs["sslPolicy"] == policy


def test_targets_are_registered_where_the_stack_names_them() -> None:
    recording = with_backend("chat", target={"port": 8080, "addresses": ["10.20.0.10", "192.168.7.1"]})
    attachments = recording.of_type("aws:lb/targetGroupAttachment:TargetGroupAttachment")
    group = only(recording, "aws:lb/targetGroup:TargetGroup", "chat")
    assert {attachment.name: attachment.inputs for attachment in attachments} == {
        "chat-10.20.0.10": {"targetGroupArn": group.id, "targetId": "10.20.0.10", "port": 8080},
        # An address beyond the VPC belongs to no zone of it.
        "chat-192.168.7.1": {
            "targetGroupArn": group.id,
            "targetId": "192.168.7.1",
            "port": 8080,
            "availabilityZone": "all",
        },
    }


def test_the_balancer_may_connect_to_targets_and_health_checks_only() -> None:
    recording = with_backend(
        "chat", target={"port": 8080, "addresses": ["192.168.7.1"], "healthCheck": {"path": "/ok", "port": 9000}}
    )
    group = only(recording, "aws:ec2/securityGroup:SecurityGroup", "chat")
    rules = {
        rule.name: (rule.inputs["cidrIpv4"], rule.inputs["fromPort"], rule.inputs["toPort"], rule.inputs["ipProtocol"])
        for rule in recording.of_type(EGRESS)
        if rule.inputs["securityGroupId"] == group.id
    }
    assert rules == {
        "chat-to-vpc-8080": ("10.20.0.0/16", 8080, 8080, "tcp"),
        "chat-to-vpc-9000": ("10.20.0.0/16", 9000, 9000, "tcp"),
        "chat-to-192.168.7.1-8080": ("192.168.7.1/32", 8080, 8080, "tcp"),
        "chat-to-192.168.7.1-9000": ("192.168.7.1/32", 9000, 9000, "tcp"),
    }


def test_no_security_group_has_inline_rules() -> None:
    groups = run_program(dev_settings()).of_type("aws:ec2/securityGroup:SecurityGroup")
    assert len(groups) == 3
    assert all(not {"ingress", "egress"} & set(group.inputs) for group in groups)
    assert all(group.inputs["description"] for group in groups)


@pytest.mark.parametrize("protected", [True, False])
def test_a_protected_balancer_is_protected_in_pulumi_too(protected: bool) -> None:
    balancer = only(with_backend("chat", deletionProtection=protected), "aws:lb/loadBalancer:LoadBalancer", "chat")
    assert balancer.inputs["enableDeletionProtection"] is protected
    assert balancer.protect is protected


def test_a_long_or_odd_name_makes_a_legal_balancer_name() -> None:
    settings = dev_settings()
    name = "the_chat_service_of_the_edge_team"
    settings["backends"][name] = settings["backends"].pop("chat")
    for integration in [
        *settings["apis"]["chat"]["integrations"].values(),
        *(route["integration"] for route in settings["apis"]["chat"]["routes"].values()),
    ]:
        if isinstance(integration, dict):
            integration["backend"] = name
    recording = run_program(settings)
    assert names(recording, "aws:lb/loadBalancer:LoadBalancer") == ["orders", "the-chat-service-o-e8b98"]
    assert names(recording, "gatelink:components:Backend") == ["orders", name]
