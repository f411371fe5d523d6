from typing import Any

import pytest

from components.backend_in_use import BackendInUse
from local.recording import Recording
from local.stack_file import StackOutputs
from settings import Backend, CloudMapBackend, load_settings
from tests.programs import Settings, dev_settings, names, only, run_program

TAGS = {"team": "edge", "Project": "gatelink", "Stack": "dev"}
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/1"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
ATTACHMENT = "aws:lb/targetGroupAttachment:TargetGroupAttachment"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
ELB = "arn:aws:elasticloadbalancing:us-east-1:123456789012"

# A network load balancer in front of the application load balancer of "orders"; it comes first in the file.
FRONT = {
    "loadBalancer": "network",
    "listener": {"port": 443},
    "target": {"type": "alb", "port": 80, "backend": "orders"},
}
LEGACY = {
    "listenerArn": f"{ELB}:listener/app/legacy/50dc6c495c0c9188/f2f7dc8efc522ab2",
    "loadBalancerArn": f"{ELB}:loadbalancer/app/legacy/50dc6c495c0c9188",
    "dnsName": "internal-legacy-1.us-east-1.elb.amazonaws.com",
    "port": 80,
    "protocol": "HTTP",
}
STOCK = {
    "cloudMap": {
        "serviceArn": "arn:aws:servicediscovery:us-east-1:123456789012:service/srv-stock1",
        "port": 8080,
    }
}
NETWORK_STACK: StackOutputs = {
    "acme/network/dev": {
        "vpcId": "vpc-0a1b2c3d",
        "privateSubnetIds": ["subnet-0a1b2c3d", "subnet-0e5f6a7b"],
        "vpcCidr": "10.20.0.0/16",
    }
}


def with_backend(name: str, **changes: object) -> Recording:
    settings = dev_settings()
    settings["backends"][name] |= changes
    return run_program(settings)


def with_front(**changes: object) -> Settings:
    settings = dev_settings()
    settings["backends"] = {"front": {**FRONT, **changes}, **settings["backends"]}
    return settings


def rules_of(recording: Recording, rule_type: str, group: str) -> dict[str, dict[str, Any]]:
    """Return the rules of a backend's group, by name, without what all rules have."""
    id_ = only(recording, "aws:ec2/securityGroup:SecurityGroup", group).id
    return {
        rule.name: {key: value for key, value in rule.inputs.items() if key not in ("securityGroupId", "tags")}
        for rule in recording.of_type(rule_type)
        if rule.inputs["securityGroupId"] == id_
    }


def in_use(spec: dict[str, Any], **known: Any) -> BackendInUse:  # noqa: ANN401 - fields of several types
    return BackendInUse(spec=read(spec), http_uri="arn", **known)


def read(spec: dict[str, Any]) -> Backend:
    return load_settings({"network": {}, "backends": {"it": spec}}).backends["it"]


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
        "accessLogs": {"enabled": False, "bucket": ""},
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


@pytest.mark.parametrize("name", ["chat", "orders"])
def test_a_balancer_and_its_group_are_replaced_together(name: str) -> None:
    """AWS cannot move a balancer to another VPC, whose group is another one; the provider would try."""
    recording = run_program(dev_settings())
    group = only(recording, "aws:ec2/securityGroup:SecurityGroup", name)
    balancer = only(recording, BALANCER, name)
    assert balancer.replace_with == (group.urn,)
    # The new one comes first, for a live stage's link or integration leads to the old one.
    assert (group.delete_before_replace, balancer.delete_before_replace) == (None, None)


def test_what_a_target_group_of_a_network_load_balancer_can_be_given() -> None:
    recording = with_backend(
        "chat",
        target={
            "port": 8080,
            "healthCheck": {
                "path": "/ok",
                "port": 9000,
                "protocol": "HTTPS",
                "intervalSeconds": 20,
                "timeoutSeconds": 4,
                "healthyThreshold": 2,
                "unhealthyThreshold": 5,
                "matcher": "200,301-302",
            },
            "attributes": {
                "deregistrationDelaySeconds": 0,
                "preserveClientIp": False,
                "proxyProtocolV2": True,
                "connectionTermination": True,
                "stickiness": {"type": "source_ip"},
            },
        },
    )
    assert only(recording, "aws:lb/targetGroup:TargetGroup", "chat").inputs == {
        "vpcId": only(recording, "aws:ec2/vpc:Vpc").id,
        "targetType": "ip",
        "port": 8080,
        "protocol": "TCP",
        "healthCheck": {
            "path": "/ok",
            "port": "9000",
            "protocol": "HTTPS",
            "interval": 20,
            "timeout": 4,
            "healthyThreshold": 2,
            "unhealthyThreshold": 5,
            "matcher": "200,301-302",
        },
        "deregistrationDelay": 0,
        "preserveClientIp": "false",
        "proxyProtocolV2": True,
        "connectionTermination": True,
        "stickiness": {"enabled": True, "type": "source_ip"},
        "tags": TAGS,
    }


def test_what_a_target_group_of_an_application_load_balancer_can_be_given() -> None:
    attributes = {
        "deregistrationDelaySeconds": 20,
        "stickiness": {"type": "lb_cookie", "durationSeconds": 3600},
        "slowStartSeconds": 60,
        "loadBalancingAlgorithm": "round_robin",
    }
    recording = with_backend("orders", target={"port": 8080, "attributes": attributes})
    assert only(recording, "aws:lb/targetGroup:TargetGroup", "orders").inputs == {
        "vpcId": only(recording, "aws:ec2/vpc:Vpc").id,
        "targetType": "ip",
        "port": 8080,
        "protocol": "HTTP",
        "healthCheck": {"path": "/", "port": "traffic-port", "protocol": "HTTP"},
        "deregistrationDelay": 20,
        "stickiness": {"enabled": True, "type": "lb_cookie", "cookieDuration": 3600},
        "slowStart": 60,
        "loadBalancingAlgorithmType": "round_robin",
        "tags": TAGS,
    }


def test_a_balancers_access_logs_and_idle_timeout() -> None:
    recording = with_backend("orders", accessLogs={"bucket": "acme-logs", "prefix": "orders"}, idleTimeoutSeconds=30)
    orders = only(recording, BALANCER, "orders").inputs
    assert orders["accessLogs"] == {"enabled": True, "bucket": "acme-logs", "prefix": "orders"}
    assert orders["idleTimeout"] == 30
    chat = only(recording, BALANCER, "chat").inputs
    assert chat["accessLogs"] == {"enabled": False, "bucket": ""}
    assert "idleTimeout" not in chat


def test_instances_are_registered_by_their_ids_and_stand_in_the_vpc() -> None:
    recording = with_backend(
        "chat", target={"type": "instance", "port": 8080, "instanceIds": ["i-0a1b2c3d", "i-0e5f6a7b"]}
    )
    targets = only(recording, "aws:lb/targetGroup:TargetGroup", "chat")
    assert targets.inputs["targetType"] == "instance"
    assert {made.name: made.inputs for made in recording.of_type(ATTACHMENT)} == {
        f"chat-{instance}": {"targetGroupArn": targets.id, "targetId": instance, "port": 8080}
        for instance in ("i-0a1b2c3d", "i-0e5f6a7b")
    }
    assert rules_of(recording, EGRESS, "chat") == {
        "chat-to-vpc-8080": {
            "description": "To the targets",
            "cidrIpv4": "10.20.0.0/16",
            "ipProtocol": "tcp",
            "fromPort": 8080,
            "toPort": 8080,
        }
    }


def test_another_backends_balancer_is_a_target_once_it_listens() -> None:
    recording = run_program(with_front())
    targets = only(recording, "aws:lb/targetGroup:TargetGroup", "front")
    assert (targets.inputs["targetType"], targets.inputs["port"], targets.inputs["protocol"]) == ("alb", 80, "TCP")
    assert targets.inputs["healthCheck"] == {"path": "/", "port": "traffic-port", "protocol": "HTTP"}
    attachment = only(recording, ATTACHMENT)
    assert attachment.name == "front-alb"
    assert attachment.inputs == {
        "targetGroupArn": targets.id,
        "targetId": only(recording, BALANCER, "orders").outputs["arn"],
        "port": 80,
    }
    assert only(recording, "aws:lb/listener:Listener", "orders").urn in attachment.dependencies
    # A target group takes one balancer only.
    assert attachment.delete_before_replace is True


def test_a_balancer_and_the_one_behind_it_let_each_other_through() -> None:
    target = {"type": "alb", "port": 80, "backend": "orders", "healthCheck": {"port": 8081}}
    recording = run_program(with_front(target=target))
    front, orders = (only(recording, "aws:ec2/securityGroup:SecurityGroup", name).id for name in ("front", "orders"))

    def rule(description: str, group: str, port: int) -> dict[str, Any]:
        return {
            "description": description,
            "referencedSecurityGroupId": group,
            "ipProtocol": "tcp",
            "fromPort": port,
            "toPort": port,
        }

    assert rules_of(recording, EGRESS, "front") == {
        "front-to-alb-80": rule("To the targets", orders, 80),
        "front-to-alb-8081": rule("To the health check of the targets", orders, 8081),
    }
    arriving = rules_of(recording, INGRESS, "orders")
    del arriving["http-to-orders"]
    assert arriving == {
        f"front-to-alb-{port}": rule("From the load balancer of the backend front", front, port) for port in (80, 8081)
    }


def test_another_port_of_a_target_is_another_listener() -> None:
    """AWS keeps a port by which a balancer is registered, so that the listener cannot be changed in place."""
    listeners = {made.name: made for made in run_program(with_front()).of_type("aws:lb/listener:Listener")}
    assert {name: made.replace_on_changes for name, made in listeners.items()} == {
        "chat": (),
        "front": (),
        "orders": ("port",),
    }
    assert listeners["orders"].delete_before_replace is None


def test_an_application_load_balancer_of_elsewhere_can_be_a_target() -> None:
    target = {"type": "alb", "port": 80, "loadBalancerArn": LEGACY["loadBalancerArn"]}
    recording = run_program(with_front(target=target))
    assert only(recording, ATTACHMENT, "front-alb").inputs["targetId"] == LEGACY["loadBalancerArn"]
    assert set(rules_of(recording, EGRESS, "front")) == {"front-to-vpc-80"}
    assert names(recording, INGRESS) == ["http-to-orders"]


@pytest.mark.parametrize(
    ("group", "rules", "peer"),
    [
        ({}, "front-to-vpc-80", {"cidrIpv4": "10.20.0.0/16"}),
        ({"securityGroupId": "sg-0a1b2c3d"}, "front-to-alb-80", {"referencedSecurityGroupId": "sg-0a1b2c3d"}),
    ],
)
def test_an_existing_backends_balancer_can_be_a_target(group: dict[str, str], rules: str, peer: dict[str, str]) -> None:
    settings = with_front(target={"type": "alb", "port": 80, "backend": "legacy"})
    settings["backends"]["legacy"] = LEGACY | group
    recording = run_program(settings)
    assert only(recording, ATTACHMENT, "front-alb").inputs["targetId"] == LEGACY["loadBalancerArn"]
    leaving = rules_of(recording, EGRESS, "front")
    assert set(leaving) == {rules}
    assert peer.items() <= leaving[rules].items()
    # A group that others made gets no rule from here.
    assert names(recording, INGRESS) == ["http-to-orders"]


def test_targets_in_another_stacks_network() -> None:
    """Its range is known to the engine alone: every address has a rule, and its zone is decided when it is known."""
    settings = dev_settings()
    settings["network"] = {"stack": "acme/network/dev"}
    settings["backends"]["chat"]["target"] = {"port": 8080, "addresses": ["10.20.0.10", "192.168.7.1"]}
    recording = run_program(settings, stack_outputs=NETWORK_STACK)
    leaving = rules_of(recording, EGRESS, "chat")
    assert {name: rule["cidrIpv4"] for name, rule in leaving.items()} == {
        "chat-to-vpc-8080": "10.20.0.0/16",
        "chat-to-10.20.0.10-8080": "10.20.0.10/32",
        "chat-to-192.168.7.1-8080": "192.168.7.1/32",
    }
    zones = {made.name: made.inputs.get("availabilityZone") for made in recording.of_type(ATTACHMENT)}
    assert zones == {"chat-10.20.0.10": None, "chat-192.168.7.1": "all"}
    assert only(recording, BALANCER, "chat").inputs["subnets"] == ["subnet-0a1b2c3d", "subnet-0e5f6a7b"]


def test_backends_of_elsewhere_have_no_resources_and_the_outputs_that_exist() -> None:
    settings = dev_settings()
    settings["backends"] |= {
        "legacy": LEGACY,
        "guarded": LEGACY | {"securityGroupId": "sg-0a1b2c3d"},
        "stock": STOCK | {"securityGroupId": "sg-0e5f6a7b"},
        "counted": {"cloudMap": {**STOCK["cloudMap"], "attributes": {"color": "blue", "zone": "a"}}},
    }
    recording = run_program(settings)
    assert [made.urn for made in recording.resources] == [made.urn for made in run_program(dev_settings()).resources]
    balancer = {
        "loadBalancerArn": LEGACY["loadBalancerArn"],
        "dnsName": LEGACY["dnsName"],
        "listenerArn": LEGACY["listenerArn"],
    }
    service = {"serviceArn": STOCK["cloudMap"]["serviceArn"]}
    assert recording.outputs["backends"] == {
        "chat": made_here(recording, "chat"),
        "orders": made_here(recording, "orders"),
        "legacy": balancer,
        "guarded": balancer | {"securityGroupId": "sg-0a1b2c3d"},
        "stock": service | {"securityGroupId": "sg-0e5f6a7b"},
        "counted": service,
    }


def made_here(recording: Recording, name: str) -> dict[str, Any]:
    balancer = only(recording, BALANCER, name)
    return {
        "loadBalancerArn": balancer.outputs["arn"],
        "dnsName": balancer.outputs["dnsName"],
        "listenerArn": only(recording, "aws:lb/listener:Listener", name).outputs["arn"],
        "targetGroupArn": only(recording, "aws:lb/targetGroup:TargetGroup", name).outputs["arn"],
        "securityGroupId": only(recording, "aws:ec2/securityGroup:SecurityGroup", name).id,
    }


@pytest.mark.parametrize("name", ["stock", "counted"])
def test_a_cloud_map_service_is_called_by_its_arn_and_the_attributes_wanted(name: str) -> None:
    wanted = {"color": "blue", "path": "a/b"}
    settings = dev_settings()
    settings["backends"] |= {"stock": STOCK, "counted": {"cloudMap": {**STOCK["cloudMap"], "attributes": wanted}}}
    settings["apis"]["orders"]["routes"]["ANY /{proxy+}"]["integration"]["backend"] = name
    recording = run_program(settings)
    uris = [made.inputs["integrationUri"] for made in recording.of_type("aws:apigatewayv2/integration:Integration")]
    query = {"stock": "", "counted": "?color=blue&path=a/b"}[name]
    assert f"arn:aws:servicediscovery:us-east-1:123456789012:service/srv-stock1{query}" in uris


def test_a_cloud_map_service_has_no_url() -> None:
    service = in_use(STOCK)
    assert isinstance(service.spec, CloudMapBackend)
    with pytest.raises(ValueError, match="only a backend behind a load balancer has a URL"):
        service.url()


@pytest.mark.parametrize(
    ("changes", "url"),
    [
        ({}, "http://internal-legacy-1.us-east-1.elb.amazonaws.com"),
        ({"port": 8080}, "http://internal-legacy-1.us-east-1.elb.amazonaws.com:8080"),
        ({"port": 443, "protocol": "TLS", "hostName": "chat.internal.example"}, "https://chat.internal.example"),
        ({"port": 8443, "protocol": "TLS", "hostName": "chat.internal.example"}, "https://chat.internal.example:8443"),
    ],
)
def test_an_existing_balancer_is_called_by_its_name_or_its_certificates(changes: dict[str, Any], url: str) -> None:
    settings = dev_settings()
    network = {key: value.replace("/app/", "/net/") for key, value in LEGACY.items() if isinstance(value, str)}
    settings["backends"]["chat"] = {"port": 80, **network, "protocol": "TCP", **changes}
    recording = run_program(settings)
    integrations = recording.of_type("aws:apigatewayv2/integration:Integration")
    uris = {made.name: made.inputs["integrationUri"] for made in integrations}
    assert uris["chat-forward"] == f"{url}/message"


@pytest.mark.parametrize("known", [True, False])
def test_the_names_by_which_cloudwatch_knows_a_balancer(known: bool) -> None:
    settings = dev_settings()
    settings["apis"]["chat"]["alarms"] = {"snsTopicArn": "arn:aws:sns:us-east-1:123456789012:pages"}
    recording = run_program(settings, known=known)
    (alarm,) = [
        made
        for made in recording.of_type("aws:cloudwatch/metricAlarm:MetricAlarm")
        if made.inputs.get("metricName") == "UnHealthyHostCount"
    ]
    if not known:
        assert {only(recording, BALANCER, "chat").urn} <= set(alarm.dependencies)
        return
    balancer = only(recording, BALANCER, "chat").id.partition(":loadbalancer/")[2]
    targets = only(recording, "aws:lb/targetGroup:TargetGroup", "chat").id.rpartition(":")[2]
    assert balancer.startswith("net/chat-")
    assert targets.startswith("targetgroup/chat-")
    assert alarm.inputs["dimensions"] == {"LoadBalancer": balancer, "TargetGroup": targets}


def test_a_first_preview_registers_the_same_targets_and_rules() -> None:
    settings = with_front()
    settings["network"] = {"stack": "acme/network/dev"}
    settings["backends"]["chat"]["target"] = {"port": 8080, "addresses": ["10.20.0.10", "192.168.7.1"]}
    known, unknown = (run_program(settings, known=known, stack_outputs=NETWORK_STACK) for known in (True, False))
    assert [made.urn for made in unknown.resources] == [made.urn for made in known.resources]
    for before, after in zip(unknown.resources, known.resources, strict=True):
        assert set(before.inputs) == set(after.inputs), before.urn
        assert before.dependencies == after.dependencies, before.urn


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
