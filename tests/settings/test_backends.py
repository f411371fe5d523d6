import pytest

from settings import Backend, load_settings
from settings.backends import HealthCheck, Listener, Target
from tests.settings.examples import FORWARD, REMOVED, changed, problems, problems_with

CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/x"
TLS = {"port": 443, "protocol": "TLS", "certificateArn": CERTIFICATE}


@pytest.mark.parametrize(
    ("keys", "value", "problem"),
    [
        ("loadBalancer", REMOVED, "loadBalancer: is required"),
        ("loadBalancer", "classic", 'loadBalancer: must be network or application, got "classic"'),
        ("loadbalancer", "network", "loadbalancer: unknown key; did you mean loadBalancer?"),
        ("loadBalancer", 1, "loadBalancer: must be network or application, got 1"),
        ("listener", REMOVED, "listener: is required"),
        ("listener", 80, "listener: must be a block of keys, got 80"),
        ("listener", {}, "listener.port: is required"),
        ("listener.prt", 80, "listener.prt: unknown key; did you mean port?"),
        ("listener.port", 0, "listener.port: must be 1 to 65535, got 0"),
        ("listener.port", 65536, "listener.port: must be 1 to 65535, got 65536"),
        ("listener.port", "80", 'listener.port: must be a whole number, got "80"'),
        ("listener.port", 80.5, "listener.port: must be a whole number, got 80.5"),
        ("listener.port", True, "listener.port: must be a whole number, got true"),
        ("listener.protocol", "UDP", 'listener.protocol: must be TCP, TLS, HTTP or HTTPS, got "UDP"'),
        ("listener.protocol", "HTTP", 'listener.protocol: must be TCP or TLS with loadBalancer network, got "HTTP"'),
        ("target.protocol", "HTTPS", 'target.protocol: must be TCP or TLS with loadBalancer network, got "HTTPS"'),
        (
            "target.protocol",
            "TLS",
            "target.protocol: must be TCP where the listener speaks TCP, which passes TLS on as it is",
        ),
        (
            "listener.certificateArn",
            "x",
            'listener.certificateArn: must be the ARN of a certificate in ACM or IAM, got "x"',
        ),
        (
            "listener.certificateArn",
            "arn:aws:acm:us-east-1:111122223333:certificate/x",
            "listener.certificateArn: needs a listener that speaks TLS, got TCP",
        ),
        (
            "listener.sslPolicy",
            "ELBSecurityPolicy-TLS13-1-2-2021-06",
            "listener.sslPolicy: needs a listener that speaks TLS, got TCP",
        ),
        ("listener.sslPolicy", "", "listener.sslPolicy: must not be empty"),
        (
            "listener",
            {"port": 443, "protocol": "TLS", "certificateArn": "arn:aws:acm:us-east-1:111122223333:certificate/x"},
            "hostName: is required where the listener speaks TLS: the name that its certificate bears",
        ),
        ("hostName", "Chat.Internal", 'hostName: must be a host name in lower case, got "Chat.Internal"'),
        ("hostName", "chat..internal", 'hostName: must be a host name in lower case, got "chat..internal"'),
        (
            "hostName",
            "https://chat.internal",
            'hostName: must be a host name in lower case, got "https://chat.internal"',
        ),
        ("hostName", "-chat", 'hostName: must be a host name in lower case, got "-chat"'),
        ("target", [], "target: must be a block of keys, got []"),
        ("target.type", "instance", 'target.type: must be ip, got "instance"'),
        ("target.targets", ["10.0.0.1"], "target.targets: unknown key; did you mean addresses?"),
        ("target.address", "10.0.0.1", "target.address: unknown key; did you mean addresses?"),
        ("target.port", 0, "target.port: must be 1 to 65535, got 0"),
        ("target.addresses", "10.0.0.1", 'target.addresses: must be a list, got "10.0.0.1"'),
        (
            "target.addresses",
            ["8.8.8.8"],
            (
                "target.addresses[0]: must lie in a private range (10.0.0.0/8, 100.64.0.0/10, 172.16.0.0/12, "
                '192.168.0.0/16), got "8.8.8.8"'
            ),
        ),
        (
            "target.addresses",
            ["10.0.0.1", "chat.internal"],
            'target.addresses[1]: must be an IPv4 address, got "chat.internal"',
        ),
        ("target.addresses", ["::1"], 'target.addresses[0]: must be an IPv4 address, got "::1"'),
        ("target.addresses", [1], "target.addresses[0]: must be text, got 1"),
        ("target.addresses", ["10.0.0.1", "10.0.0.2", "10.0.0.1"], "target.addresses[2]: 10.0.0.1 is named twice"),
        (
            "target.healthCheck",
            {"path": "health"},
            'target.healthCheck.path: must be a path that begins with /, got "health"',
        ),
        (
            "target.healthCheck",
            {"path": "/h", "protocol": "TCP"},
            "target.healthCheck.path: needs an HTTP or HTTPS health check, got protocol TCP",
        ),
        ("target.healthCheck", {"port": 0}, "target.healthCheck.port: must be 1 to 65535, got 0"),
        (
            "target.healthCheck",
            {"protocol": "TLS"},
            'target.healthCheck.protocol: must be TCP, HTTP or HTTPS, got "TLS"',
        ),
        (
            "target.healthCheck",
            {"interval": 5},
            "target.healthCheck.interval: unknown key; known keys: path, port, protocol",
        ),
        ("deletionProtection", "yes", 'deletionProtection: must be true or false, got "yes"'),
        ("port", 80, "port: unknown key; known keys: deletionProtection, hostName, listener, loadBalancer, target"),
    ],
)
def test_bad_backend(keys: str, value: object, problem: str) -> None:
    assert problems_with(("backends", "chat"), keys, value) == [f"backends.chat.{problem}"]


@pytest.mark.parametrize(
    ("keys", "value", "problem"),
    [
        (
            "listener.protocol",
            "TCP",
            'listener.protocol: must be HTTP or HTTPS with loadBalancer application, got "TCP"',
        ),
        ("target.protocol", "TCP", 'target.protocol: must be HTTP or HTTPS with loadBalancer application, got "TCP"'),
        (
            "listener.sslPolicy",
            "ELBSecurityPolicy-TLS13-1-2-2021-06",
            "listener.sslPolicy: needs a listener that speaks HTTPS, got HTTP",
        ),
        (
            "target.healthCheck",
            {"protocol": "TCP"},
            'target.healthCheck.protocol: must be HTTP or HTTPS behind an application load balancer, got "TCP"',
        ),
    ],
)
def test_bad_backend_of_http_apis(keys: str, value: object, problem: str) -> None:
    assert problems_with(("backends", "orders"), keys, value) == [f"backends.orders.{problem}"]


@pytest.mark.parametrize(("name", "protocol"), [("chat", "TLS"), ("orders", "HTTPS")])
def test_secure_listener_needs_a_certificate_and_the_name_on_it(name: str, protocol: str) -> None:
    assert problems_with(("backends", name), "listener.protocol", protocol) == [
        f"backends.{name}.listener.certificateArn: is required where the listener speaks {protocol}",
        (
            f"backends.{name}.hostName: is required where the listener speaks {protocol}: "
            "the name that its certificate bears"
        ),
    ]


def test_every_bad_address_is_reported() -> None:
    assert problems_with(("backends", "chat"), "target.addresses", ["8.8.8.8", "10.0.0.1", "10.0.0.300"]) == [
        (
            "backends.chat.target.addresses[0]: must lie in a private range "
            '(10.0.0.0/8, 100.64.0.0/10, 172.16.0.0/12, 192.168.0.0/16), got "8.8.8.8"'
        ),
        'backends.chat.target.addresses[2]: must be an IPv4 address, got "10.0.0.300"',
    ]


def test_health_check_of_an_application_load_balancer_with_a_path_and_tcp() -> None:
    assert problems_with(("backends", "orders"), "target.healthCheck", {"path": "/h", "protocol": "TCP"}) == [
        "backends.orders.target.healthCheck.path: needs an HTTP or HTTPS health check, got protocol TCP",
        (
            "backends.orders.target.healthCheck.protocol: must be HTTP or HTTPS behind an application load balancer, "
            'got "TCP"'
        ),
    ]


@pytest.mark.parametrize("port", [1, 79, 81, 442, 1023])
def test_port_that_no_link_of_a_websocket_api_reaches(port: int) -> None:
    raw = changed(
        {("backends", "stock"): {"loadBalancer": "network", "listener": {"port": port}}, (*FORWARD, "backend"): "stock"}
    )
    assert problems(raw) == [
        (
            "apis.chat.integrations.forward.backend: must listen on port 80, 443 or 1024 to 65535 for a WebSocket API, "
            f'got "stock" on port {port}'
        )
    ]


@pytest.mark.parametrize("port", [80, 443, 1024, 65535])
def test_ports_that_a_link_of_a_websocket_api_reaches(port: int) -> None:
    assert load_settings(changed({("backends", "chat", "listener", "port"): port})).backends["chat"].target_port == port


def test_tls_from_end_to_end() -> None:
    backend = {"loadBalancer": "network", "hostName": "chat.internal", "listener": TLS, "target": {"protocol": "TLS"}}
    chat = load_settings({"network": {}, "backends": {"chat": backend}}).backends["chat"]
    assert (chat.is_secure, chat.tls_name, chat.url) == (True, "chat.internal", "https://chat.internal")
    assert (chat.target_port, chat.target_protocol) == (443, "TLS")


def test_port_in_the_url_of_a_secure_backend() -> None:
    listener = Listener(port=8443, protocol="TLS", certificate_arn=CERTIFICATE)
    assert Backend(load_balancer="network", listener=listener, host_name="a.b").url == "https://a.b:8443"


def test_no_url_without_tls() -> None:
    backend = Backend(load_balancer="network", listener=Listener(port=8080), host_name="chat.internal")
    assert (backend.url, backend.tls_name, backend.url_port) == (None, None, ":8080")


@pytest.mark.parametrize(
    ("backend", "listener", "target", "check"),
    [
        (Backend(load_balancer="network", listener=Listener(port=80)), "TCP", "TCP", "TCP"),
        (Backend(load_balancer="network", listener=Listener(port=80, protocol="TLS")), "TLS", "TCP", "TCP"),
        (Backend(load_balancer="application", listener=Listener(port=80)), "HTTP", "HTTP", "HTTP"),
        (Backend(load_balancer="application", listener=Listener(port=80, protocol="HTTPS")), "HTTPS", "HTTP", "HTTP"),
        (
            Backend(load_balancer="application", listener=Listener(port=80), target=Target(protocol="HTTPS")),
            *("HTTP", "HTTPS", "HTTPS"),
        ),
        (
            Backend(
                load_balancer="network",
                listener=Listener(port=80),
                target=Target(health_check=HealthCheck(path="/healthz")),
            ),
            *("TCP", "TCP", "HTTP"),
        ),
    ],
)
def test_protocols_left_out(backend: Backend, listener: str, target: str, check: str) -> None:
    assert (backend.listener_protocol, backend.target_protocol, backend.health_check_protocol) == (
        listener,
        target,
        check,
    )


@pytest.mark.parametrize(
    ("target", "ports"),
    [
        ({}, (80, 80)),
        ({"port": 8080}, (8080, 8080)),
        ({"port": 8080, "healthCheck": {"port": 9000}}, (8080, 9000)),
        ({"healthCheck": {"port": 9000}}, (80, 9000)),
    ],
)
def test_ports_left_out(target: object, ports: tuple[int, int]) -> None:
    backend = load_settings(changed({("backends", "chat", "target"): target})).backends["chat"]
    assert (backend.target_port, backend.health_check_port) == ports


def test_a_missing_key_and_a_wrong_one() -> None:
    raw = changed({("backends", "chat", "listener"): {"prt": 80}, ("backends", "orders", "loadBalancer"): REMOVED})
    assert problems(raw) == [
        "backends.chat.listener.port: is required",
        "backends.chat.listener.prt: unknown key; did you mean port?",
        "backends.orders.loadBalancer: is required",
    ]


def test_a_name_that_ec2_keeps_for_ids() -> None:
    assert problems(changed({("backends", "sg-chat"): {"loadBalancer": "network", "listener": {"port": 80}}})) == [
        "backends.sg-chat: must not begin with sg-: it names a security group, and EC2 keeps that prefix for ids"
    ]
