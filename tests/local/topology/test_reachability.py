from collections.abc import Callable

import pytest

from local.topology.calls import Reach, Reached, Unreachable
from local.topology.reading.network import Network
from local.topology.reading.reachability import reach_by_arn, reach_by_balancer, reach_by_url
from tests.local.recordings import ALB, ALB_LISTENER, DNS, NLB, NLB_LISTENER, Program, program

Mistake = Callable[[Program], object]
LISTENER = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/orders/2/3"


def by_url(made: Program, url: str = f"http://{DNS}/message", link: str = "link-v1") -> Reach:
    return reach_by_url(Network.read(made.recording()), link, url)


def by_arn(made: Program, target: str = ALB_LISTENER, link: str = "link-v2", *, tls: bool = False) -> Reach:
    return reach_by_arn(Network.read(made.recording()), link, target, tls=tls)


def by_balancer(
    made: Program, url: str = "http://orders.example:8080/items", target: str = ALB, link: str = "link-v2"
) -> Reach:
    return reach_by_balancer(Network.read(made.recording()), link, target, url)


def listener_of_chat(**inputs: str | float) -> Mistake:
    return lambda made: made.change("chat-listener", **inputs)


def test_right_links_lead_to_their_backends() -> None:
    assert by_url(program()) == Reached(backend="chat")
    assert by_arn(program()) == Reached(backend="orders", idle_timeout=60)
    assert by_balancer(program()) == Reached(backend="orders", idle_timeout=60)


def test_a_tls_listener_is_reached_by_https_and_by_tls_config() -> None:
    made = program()
    made.change("chat-listener", protocol="TLS", port=443.0)
    made.change("orders-listener", protocol="HTTPS")
    assert by_url(made, "https://chat.internal/") == Reached(backend="chat")
    assert by_arn(made, tls=True) == Reached(backend="orders", idle_timeout=60)
    assert by_balancer(made, "https://orders.internal:8080/") == Reached(backend="orders", idle_timeout=60)


@pytest.mark.parametrize(
    ("mistake", "url", "link", "reason"),
    [
        pytest.param(
            lambda _: None,
            f"http://{DNS}/",
            "link-v2",
            'VPC link "link-v2" is a v2 link, and a WebSocket API needs a v1 link',
            id="link of the wrong version",
        ),
        pytest.param(
            lambda _: None, f"http://{DNS}/", "link-x", 'the stack has no VPC link with the id "link-x"', id="no link"
        ),
        pytest.param(
            lambda made: made.change("link-v1", targetArn="arn:other"),
            f"http://{DNS}/",
            "link-v1",
            'VPC link "link-v1" targets "arn:other", which is no load balancer of the stack',
            id="no balancer",
        ),
        pytest.param(
            lambda made: made.change("link-v1", targetArn=ALB),
            f"http://{DNS}/",
            "link-v1",
            'VPC link "link-v1" targets the application load balancer "orders-balancer", and a v1 link needs a network '
            "load balancer",
            id="application balancer",
        ),
        pytest.param(
            lambda _: None,
            f"http://{DNS}:8080/",
            "link-v1",
            'load balancer "chat-balancer" has no listener on port 8080 of the integration URI (its ports: 80)',
            id="no listener on the port",
        ),
        pytest.param(
            listener_of_chat(protocol="TLS"),
            f"http://{DNS}/",
            "link-v1",
            f'the URI "http://{DNS}/" does not ask for TLS, and the listener of load balancer "chat-balancer" on port '
            "80 speaks TLS",
            id="plain to a TLS listener",
        ),
        pytest.param(
            lambda made: made.change("chat-listener", defaultActions=[{"type": "fixed-response"}]),
            f"http://{DNS}/",
            "link-v1",
            'the listener of load balancer "chat-balancer" on port 80 forwards to no target group of the stack',
            id="no target group",
        ),
        pytest.param(
            lambda made: made.change("chat-balancer", enforceSecurityGroupInboundRulesOnPrivateLinkTraffic=None),
            f"http://{DNS}/",
            "link-v1",
            'load balancer "chat-balancer" applies its security groups to link traffic, and they do not let it in on '
            "port 80: set enforceSecurityGroupInboundRulesOnPrivateLinkTraffic to off",
            id="link traffic filtered",
        ),
        pytest.param(
            lambda _: None,
            "chat.internal/message",
            "link-v1",
            'the integration URI must be an http:// or https:// URL, got "chat.internal/message"',
            id="no URL",
        ),
        pytest.param(
            lambda _: None,
            f"http://{DNS}:99999/",
            "link-v1",
            f'the integration URI has no valid port, got "http://{DNS}:99999/"',
            id="no port",
        ),
        pytest.param(
            lambda _: None,
            "http://Orders.example/",
            "link-v1",
            'the URI "http://Orders.example/" names load balancer "orders-balancer", and VPC link "link-v1" leads to '
            '"chat-balancer"',
            id="name of another balancer",
        ),
    ],
)
def test_websocket_link_that_does_not_lead_to_its_balancer(mistake: Mistake, url: str, link: str, reason: str) -> None:
    made = program()
    mistake(made)
    assert by_url(made, url, link) == Unreachable(reason=reason)


@pytest.mark.parametrize(
    ("mistake", "target", "link", "tls", "reason"),
    [
        pytest.param(
            lambda _: None,
            ALB_LISTENER,
            "link-v1",
            False,
            'VPC link "link-v1" is a v1 link, and an HTTP API needs a v2 link',
            id="link of the wrong version",
        ),
        pytest.param(
            lambda _: None,
            ALB_LISTENER,
            "link-x",
            False,
            'the stack has no VPC link with the id "link-x"',
            id="no link",
        ),
        pytest.param(
            lambda _: None,
            "http://orders/",
            "link-v2",
            False,
            'the integration URI must be the ARN of a listener of the stack, got "http://orders/"',
            id="no listener",
        ),
        pytest.param(
            lambda made: made.drop("orders-balancer"),
            ALB_LISTENER,
            "link-v2",
            False,
            f'listener "{ALB_LISTENER}" belongs to no load balancer of the stack',
            id="no balancer",
        ),
        pytest.param(
            lambda _: None,
            ALB_LISTENER,
            "link-v2",
            True,
            'the integration\'s tlsConfig asks for TLS, and the listener of load balancer "orders-balancer" on port '
            "8080 speaks HTTP",
            id="TLS to a plain listener",
        ),
        pytest.param(
            lambda made: made.change("orders-listener", protocol="HTTPS"),
            ALB_LISTENER,
            "link-v2",
            False,
            'the integration\'s tlsConfig does not ask for TLS, and the listener of load balancer "orders-balancer" '
            "on port 8080 speaks HTTPS",
            id="plain to a TLS listener",
        ),
        pytest.param(
            lambda made: made.drop("orders-targets"),
            ALB_LISTENER,
            "link-v2",
            False,
            'the listener of load balancer "orders-balancer" on port 8080 forwards to no target group of the stack',
            id="no target group",
        ),
        pytest.param(
            lambda made: made.drop("link-to-orders"),
            ALB_LISTENER,
            "link-v2",
            False,
            'the security groups of VPC link "link-v2" have no egress rule to load balancer "orders-balancer" on port '
            "8080",
            id="no egress",
        ),
        pytest.param(
            lambda made: made.change("link-to-orders", fromPort=80.0, toPort=81.0),
            ALB_LISTENER,
            "link-v2",
            False,
            'the security groups of VPC link "link-v2" have no egress rule to load balancer "orders-balancer" on port '
            "8080",
            id="egress on another port",
        ),
        pytest.param(
            lambda made: made.change("link-to-orders", ipProtocol="udp"),
            ALB_LISTENER,
            "link-v2",
            False,
            'the security groups of VPC link "link-v2" have no egress rule to load balancer "orders-balancer" on port '
            "8080",
            id="egress of another protocol",
        ),
        pytest.param(
            lambda made: made.drop("orders-from-link"),
            ALB_LISTENER,
            "link-v2",
            False,
            'the security groups of load balancer "orders-balancer" have no ingress rule from VPC link "link-v2" on '
            "port 8080",
            id="no ingress",
        ),
        pytest.param(
            lambda made: made.change("orders-from-link", referencedSecurityGroupId=None, cidrIpv4="10.99.0.0/16"),
            ALB_LISTENER,
            "link-v2",
            False,
            'the security groups of load balancer "orders-balancer" have no ingress rule from VPC link "link-v2" on '
            "port 8080",
            id="ingress from another range",
        ),
    ],
)
def test_http_link_that_does_not_lead_to_its_balancer(
    mistake: Mistake, target: str, link: str, reason: str, *, tls: bool
) -> None:
    made = program()
    mistake(made)
    assert by_arn(made, target, link, tls=tls) == Unreachable(reason=reason)


@pytest.mark.parametrize(
    ("mistake", "url", "target", "link", "reason"),
    [
        pytest.param(
            lambda _: None,
            "http://orders.example:8080/",
            ALB,
            "link-v1",
            'VPC link "link-v1" is a v1 link, and an integrationTarget needs a v2 link',
            id="link of the wrong version",
        ),
        pytest.param(
            lambda _: None,
            "http://orders.example:8080/",
            ALB,
            "link-x",
            'the stack has no VPC link with the id "link-x"',
            id="no link",
        ),
        pytest.param(
            lambda made: made.outputs["backends"].update({"orders": {"listenerArn": LISTENER}}),
            "http://orders.example:8080/",
            LISTENER,
            "link-v2",
            f'the integrationTarget must be the ARN of a load balancer of the stack, got "{LISTENER}"',
            id="listener",
        ),
        pytest.param(
            lambda _: None,
            "orders.example:8080",
            ALB,
            "link-v2",
            'the integration URI must be an http:// or https:// URL, got "orders.example:8080"',
            id="no URL",
        ),
        pytest.param(
            lambda _: None,
            "http://chat.example:8080/",
            ALB,
            "link-v2",
            'the URI "http://chat.example:8080/" names load balancer "chat-balancer", and the integrationTarget leads '
            'to "orders-balancer"',
            id="name of another balancer",
        ),
        pytest.param(
            lambda _: None,
            "http://orders.example/",
            ALB,
            "link-v2",
            'load balancer "orders-balancer" has no listener on port 80 of the integration URI (its ports: 8080)',
            id="no listener on the port",
        ),
        pytest.param(
            lambda _: None,
            "https://orders.example:8080/",
            ALB,
            "link-v2",
            'the URI "https://orders.example:8080/" asks for TLS, and the listener of load balancer "orders-balancer" '
            "on port 8080 speaks HTTP",
            id="TLS to a plain listener",
        ),
        pytest.param(
            lambda made: made.drop("link-to-orders"),
            "http://orders.example:8080/",
            ALB,
            "link-v2",
            'the security groups of VPC link "link-v2" have no egress rule to load balancer "orders-balancer" on port '
            "8080",
            id="no egress",
        ),
        pytest.param(
            lambda made: made.drop("orders-from-link"),
            "http://orders.example:8080/",
            ALB,
            "link-v2",
            'the security groups of load balancer "orders-balancer" have no ingress rule from VPC link "link-v2" on '
            "port 8080",
            id="no ingress",
        ),
    ],
)
def test_rest_link_that_does_not_lead_to_its_balancer(
    mistake: Mistake, url: str, target: str, link: str, reason: str
) -> None:
    made = program()
    mistake(made)
    assert by_balancer(made, url, target, link) == Unreachable(reason=reason)


@pytest.mark.parametrize("cidr", ["10.20.0.0/16", "0.0.0.0/0"])
def test_rules_may_name_ranges_that_hold_the_subnets(cidr: str) -> None:
    made = program()
    made.change("link-to-orders", referencedSecurityGroupId=None, cidrIpv4=cidr)
    made.change("orders-from-link", referencedSecurityGroupId=None, cidrIpv4=cidr, ipProtocol="-1", fromPort=None)
    assert by_arn(made) == Reached(backend="orders", idle_timeout=60)


def test_filtered_link_traffic_is_let_in_by_a_rule_for_everyone_alone() -> None:
    made = program()
    made.change("chat-balancer", enforceSecurityGroupInboundRulesOnPrivateLinkTraffic="on")
    made.rule("ingress", "chat-from-all", "sg-chat", cidrIpv4="0.0.0.0/0")
    made.change("chat-from-all", fromPort=80.0, toPort=80.0)
    assert by_url(made) == Reached(backend="chat")
    made.change("chat-from-all", cidrIpv4="10.0.0.0/8")
    assert isinstance(by_url(made), Unreachable)


def test_a_network_balancer_without_groups_filters_nothing() -> None:
    made = program()
    made.change("chat-balancer", securityGroups=[], enforceSecurityGroupInboundRulesOnPrivateLinkTraffic="on")
    made.rule("egress", "link-to-chat", "sg-link", cidrIpv4="10.20.0.0/16")
    made.change("link-to-chat", fromPort=80.0, toPort=80.0)
    assert by_url(made) == Reached(backend="chat")
    assert by_arn(made, NLB_LISTENER) == Reached(backend="chat")


def test_what_lies_outside_the_stack_is_known_by_its_outputs() -> None:
    made = program()
    service = "arn:aws:servicediscovery:us-east-1:123456789012:service/srv-1"
    made.outputs["backends"]["stock"] = {"serviceArn": service}
    made.outputs["backends"]["legacy"] = {"loadBalancerArn": "arn:legacy", "listenerArn": "arn:legacy/listener"}
    made.change("link-v1", targetArn="arn:legacy")
    assert by_url(made) == Reached(backend="legacy")
    assert by_arn(made, "arn:legacy/listener") == Reached(backend="legacy")
    assert by_arn(made, f"{service}?stage=dev", tls=True) == Reached(backend="stock")
    assert by_balancer(made, "https://legacy.internal/", "arn:legacy") == Reached(backend="legacy")


def test_what_answers_for_its_targets_is_an_application_balancer() -> None:
    made = program()
    made.change("orders-balancer", idleTimeout=5.0)
    assert by_arn(made) == Reached(backend="orders", idle_timeout=5)
    arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/{}/legacy/1"
    for kind, idle_timeout in (("app", 60), ("net", None)):
        listener = arn.format(kind).replace("loadbalancer", "listener") + "/2"
        made.outputs["backends"]["legacy"] = {"loadBalancerArn": arn.format(kind), "listenerArn": listener}
        reached = Reached(backend="legacy", idle_timeout=idle_timeout)
        assert by_arn(made, listener) == reached
        assert by_balancer(made, "http://legacy.internal/", arn.format(kind)) == reached


def test_constants_of_the_program_are_those_of_the_balancers() -> None:
    network = Network.read(program().recording())
    assert set(network.balancers) == {NLB, ALB}
