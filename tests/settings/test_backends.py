import pytest

from settings import Backend, BalancedBackend, CloudMapBackend, ExistingBackend, load_settings
from settings.backends import HealthCheck, Listener, Target, url_of, url_port
from tests.settings.broken_infrastructure import ELB, EXISTING
from tests.settings.examples import (
    FORWARD,
    ITEM,
    REMOVED,
    Location,
    changed,
    problems,
    problems_with,
    rules_of,
    warnings,
)

CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/x"


def balanced(backend: Backend) -> BalancedBackend:
    """Return a backend as the kind that it is."""
    assert isinstance(backend, BalancedBackend)
    return backend


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
            (
                "listener.certificateArn: must be the ARN of a certificate in ACM, "
                'arn:aws:acm:REGION:ACCOUNT:certificate/ID, or of one in IAM, got "x"'
            ),
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
        ("target.type", "lambda", 'target.type: must be ip, instance or alb, got "lambda"'),
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
        ("target.addresses", [1], 'target.addresses[0]: must be text, got 1; write "1" in quotes'),
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
            "target.healthCheck.interval: unknown key; did you mean intervalSeconds?",
        ),
        ("deletionProtection", "yes", 'deletionProtection: must be true or false, got "yes"'),
        ("port", 80, "port: unknown key; a load balancer that this stack makes listens on listener.port"),
        ("protocol", "TCP", "protocol: unknown key; a load balancer that this stack makes speaks listener.protocol"),
        (
            "securityGroupId",
            "sg-1",
            "securityGroupId: unknown key; a load balancer that this stack makes has a security group of its own",
        ),
        ("accessLogs", True, "accessLogs: must be a block of keys, got true"),
        ("accessLogs", {"bucket": "Logs"}, 'accessLogs.bucket: must be the name of an S3 bucket, got "Logs"'),
        ("idleTimeoutSeconds", 0, "idleTimeoutSeconds: must be 1 to 4000, got 0"),
        (
            "idleTimeoutSeconds",
            60,
            "idleTimeoutSeconds: is an attribute of application load balancers, got loadBalancer network",
        ),
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
    backend = balanced(load_settings(changed({("backends", "chat", "listener", "port"): port})).backends["chat"])
    assert backend.target_port == port


def test_tls_from_end_to_end() -> None:
    backend = {"loadBalancer": "network", "hostName": "chat.internal", "listener": TLS, "target": {"protocol": "TLS"}}
    chat = balanced(load_settings({"network": {}, "backends": {"chat": backend}}).backends["chat"])
    assert (chat.is_secure, chat.tls_name, url_of(chat)) == (True, "chat.internal", "https://chat.internal")
    assert (chat.target_port, chat.target_protocol) == (443, "TLS")


def test_port_in_the_url_of_a_secure_backend() -> None:
    listener = Listener(port=8443, protocol="TLS", certificate_arn=CERTIFICATE)
    backend = BalancedBackend(load_balancer="network", listener=listener, host_name="a.b")
    assert url_of(backend) == "https://a.b:8443"


def test_no_url_without_tls() -> None:
    backend = BalancedBackend(load_balancer="network", listener=Listener(port=8080))
    assert (url_of(backend), backend.tls_name, url_port(backend)) == (None, None, ":8080")


def test_a_tcp_listener_passes_on_the_tls_of_its_targets() -> None:
    backend = BalancedBackend(load_balancer="network", listener=Listener(port=443), host_name="chat.internal")
    assert (url_of(backend), backend.tls_name) == ("https://chat.internal", "chat.internal")


def test_a_host_name_where_nothing_speaks_tls() -> None:
    assert problems(changed({("backends", "orders", "hostName"): "orders.internal"})) == [
        (
            "backends.orders.hostName: needs a listener that speaks HTTPS, TLS, or TCP in front of targets that speak "
            "TLS; got HTTP"
        )
    ]


@pytest.mark.parametrize(
    ("host_name", "secure", "expected"),
    [
        ("orders.internal", True, []),
        (None, False, []),
        (
            None,
            True,
            [
                (
                    'backends.chat.hostName: is required: "orders" behind it speaks HTTPS, which a TCP listener '
                    "passes on; the name that its certificate bears"
                )
            ],
        ),
        ("orders.internal", False, ['backends.chat.hostName: must be left out: "orders" behind it speaks HTTP']),
    ],
)
def test_tls_to_an_application_load_balancer_behind_a_tcp_listener(
    host_name: str | None, secure: bool, expected: list[str]
) -> None:
    certificate = "arn:aws:acm:us-east-1:123456789012:certificate/1a2b3c4d-5e6f-4a8b-9c0d-1e2f3a4b5c6d"
    https = {"port": 443, "protocol": "HTTPS", "certificateArn": certificate}
    front: dict[str, object] = {
        "loadBalancer": "network",
        "listener": {"port": 443},
        "target": {"type": "alb", "backend": "orders", "healthCheck": {"protocol": "HTTPS" if secure else "HTTP"}},
    }
    behind: dict[str, object] = {"loadBalancer": "application", "listener": https if secure else {"port": 443}}
    raw = changed(
        {
            ("backends", "chat"): front | ({"hostName": host_name} if host_name else {}),
            ("backends", "orders"): behind | ({"hostName": "orders.internal"} if secure else {}),
        }
    )
    if expected:
        assert problems(raw) == expected
    else:
        load_settings(raw)


@pytest.mark.parametrize(
    ("backend", "listener", "target", "check"),
    [
        (BalancedBackend(load_balancer="network", listener=Listener(port=80)), "TCP", "TCP", "TCP"),
        (BalancedBackend(load_balancer="network", listener=Listener(port=80, protocol="TLS")), "TLS", "TCP", "TCP"),
        (BalancedBackend(load_balancer="application", listener=Listener(port=80)), "HTTP", "HTTP", "HTTP"),
        (
            BalancedBackend(load_balancer="application", listener=Listener(port=80, protocol="HTTPS")),
            "HTTPS",
            "HTTP",
            "HTTP",
        ),
        (
            BalancedBackend(load_balancer="application", listener=Listener(port=80), target=Target(protocol="HTTPS")),
            *("HTTP", "HTTPS", "HTTPS"),
        ),
        (
            BalancedBackend(
                load_balancer="network",
                listener=Listener(port=80),
                target=Target(health_check=HealthCheck(path="/healthz")),
            ),
            *("TCP", "TCP", "HTTP"),
        ),
    ],
)
def test_protocols_left_out(backend: BalancedBackend, listener: str, target: str, check: str) -> None:
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
    backend = balanced(load_settings(changed({("backends", "chat", "target"): target})).backends["chat"])
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


SERVICE = "arn:aws:servicediscovery:us-east-1:123456789012:service/srv-1a"
BALANCER = f"{ELB}:loadbalancer/app/orders/1"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"listenerArn": REMOVED}, ["listenerArn: is required"]),
        ({"dnsName": "https://old"}, ['dnsName: must be the DNS name of a load balancer, got "https://old"']),
        ({"dnsName": REMOVED, "port": REMOVED}, ["dnsName: is required", "port: is required"]),
        (
            {"listenerArn": "arn:x"},
            [
                'listenerArn: must be the ARN of a listener of a network or application load balancer, got "arn:x"',
            ],
        ),
        (
            {"loadBalancerArn": f"{ELB}:loadbalancer/gwy/old/1"},
            [
                (
                    "loadBalancerArn: must be the ARN of a network or application load balancer, got "
                    '"arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/gwy/old/1"'
                )
            ],
        ),
        (
            {"listenerArn": f"{ELB}:listener/net/older/1/2"},
            [
                (
                    "listenerArn: must be a listener of loadBalancerArn, so begin with "
                    '"arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/net/old/1/", got '
                    '"arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/net/older/1/2"'
                )
            ],
        ),
        (
            {"protocol": "HTTPS"},
            [
                'protocol: must be TCP or TLS with the network load balancer of loadBalancerArn, got "HTTPS"',
                "hostName: is required where the listener speaks HTTPS: the name that its certificate bears",
            ],
        ),
        (
            {"protocol": "TLS"},
            ["hostName: is required where the listener speaks TLS: the name that its certificate bears"],
        ),
        (
            {"securityGroupId": "old"},
            ['securityGroupId: must be a security group\'s id such as sg-0a1b2c3d4e5f67890, got "old"'],
        ),
        (
            {"loadBalancer": "network", "listener": {"port": 80}, "target": {}},
            [
                "loadBalancer: unknown key; loadBalancerArn says which kind the existing load balancer is",
                (
                    "listener: unknown key; an existing load balancer has port and protocol of the listener beside "
                    "listenerArn"
                ),
                "target: unknown key; it belongs to a load balancer that this stack makes, and this one exists",
            ],
        ),
    ],
)
def test_bad_existing_balancer(changes: dict[str, object], expected: list[str]) -> None:
    backend = {key: value for key, value in {**EXISTING, **changes}.items() if value is not REMOVED}
    assert problems_with((), "backends.old", backend) == [f"backends.old.{problem}" for problem in expected]


def test_existing_application_load_balancer() -> None:
    spec = EXISTING | {
        "listenerArn": f"{ELB}:listener/app/orders/1/2",
        "loadBalancerArn": BALANCER,
        "protocol": "HTTPS",
        "port": 443,
        "hostName": "orders.internal",
        "dnsName": "internal-Orders-1.us-east-1.elb.amazonaws.com",
        "securityGroupId": "sg-1",
    }
    old = load_settings(changed({("backends", "old"): spec})).backends["old"]
    assert isinstance(old, ExistingBackend)
    assert (old.load_balancer, old.listens_on, old.is_secure, old.tls_name) == (
        "application",
        443,
        True,
        "orders.internal",
    )


@pytest.mark.parametrize(
    ("keys", "value", "problem"),
    [
        ("cloudMap", "stock", 'cloudMap: must be a block of keys, got "stock"'),
        ("cloudMap.serviceArn", "stock", 'cloudMap.serviceArn: must be the ARN of a Cloud Map service, got "stock"'),
        ("cloudMap", {"serviceArn": SERVICE}, "cloudMap.port: is required"),
        (
            "cloudMap.attributes",
            {"a b": "c"},
            'cloudMap.attributes["a b"]: must be the name of an attribute, got "a b"',
        ),
        ("cloudMap.attributes", {"a": ""}, 'cloudMap.attributes.a: must be the value of an attribute, got ""'),
        ("port", 80, "port: unknown key; did you mean cloudMap.port?"),
        ("listener", {}, "listener: unknown key; it belongs to a load balancer, and a Cloud Map service has none"),
        (
            "listenerArn",
            "arn:x",
            "listenerArn: unknown key; it belongs to a load balancer, and a Cloud Map service has none",
        ),
    ],
)
def test_bad_cloud_map_service(keys: str, value: object, problem: str) -> None:
    at: Location = ("backends", "stock", "cloudMap")
    raw = changed({(*at, "serviceArn"): SERVICE, (*at, "port"): 80, ("backends", "stock", *keys.split(".")): value})
    assert problems(raw) == [f"backends.stock.{problem}"]


def test_cloud_map_service() -> None:
    spec = {"hostName": "stock.internal", "cloudMap": {"serviceArn": SERVICE, "port": 8443, "attributes": {"a": "b"}}}
    stock = load_settings(changed({("backends", "stock"): spec})).backends["stock"]
    assert isinstance(stock, CloudMapBackend)
    assert (stock.listens_on, stock.tls_name, stock.cloud_map.attributes) == (8443, "stock.internal", {"a": "b"})


def target_problems(backend: str, target: dict[str, object]) -> list[str]:
    """Return the problems of other targets, without their place."""
    at = f"backends.{backend}."
    return [problem.removeprefix(at) for problem in problems_with(("backends", backend), "target", target)]


@pytest.mark.parametrize(
    ("backend", "target", "expected"),
    [
        ("chat", {"backend": "orders"}, ["target.backend: is for targets of type alb, got type ip"]),
        ("chat", {"loadBalancerArn": BALANCER}, ["target.loadBalancerArn: is for targets of type alb, got type ip"]),
        (
            "chat",
            {"instanceIds": ["web"]},
            ['target.instanceIds[0]: must be an instance\'s id such as i-0a1b2c3d4e5f67890, got "web"'],
        ),
        (
            "chat",
            {"type": "instance", "instanceIds": ["i-1", "i-1"], "addresses": ["10.0.0.1"]},
            [
                "target.addresses: is for targets of type ip, got type instance",
                "target.instanceIds[1]: i-1 is named twice",
            ],
        ),
        (
            "chat",
            {"type": "alb"},
            ["target.backend: is required with type alb, or loadBalancerArn for a load balancer of another stack"],
        ),
        (
            "chat",
            {"type": "alb", "backend": "orders", "loadBalancerArn": BALANCER},
            ["target.loadBalancerArn: is given beside backend; keep one of the two"],
        ),
        (
            "chat",
            {"type": "alb", "loadBalancerArn": f"{ELB}:loadbalancer/net/x/1"},
            [
                (
                    "target.loadBalancerArn: must be the ARN of an application load balancer, got "
                    '"arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/x/1"'
                )
            ],
        ),
        (
            "orders",
            {"type": "alb", "backend": "orders"},
            [
                (
                    "target.type: must be ip or instance with loadBalancer application: an alb stands behind a network "
                    "load balancer"
                )
            ],
        ),
        (
            "chat",
            {"type": "alb", "backend": "order"},
            ['target.backend: no backend "order" under backends; did you mean orders?'],
        ),
        (
            "chat",
            {"type": "alb", "backend": "chat"},
            [
                (
                    'target.backend: must be a backend with an application load balancer, got "chat", a network '
                    "load balancer"
                ),
            ],
        ),
        (
            "chat",
            {"type": "alb", "backend": "orders", "port": 8080},
            ['target.port: must be 80, where "orders" listens, got 8080'],
        ),
        (
            "chat",
            {"type": "alb", "backend": "orders", "healthCheck": {"protocol": "TCP"}},
            ['target.healthCheck.protocol: must be HTTP or HTTPS for an application load balancer, got "TCP"'],
        ),
        (
            "chat",
            {"type": "alb", "backend": "orders", "healthCheck": {"protocol": "HTTPS"}},
            ['target.healthCheck.protocol: must be HTTP, which "orders" speaks, got "HTTPS"'],
        ),
        (
            "chat",
            {"type": "alb", "backend": "orders", "attributes": {"deregistrationDelaySeconds": 10}},
            [
                (
                    "target.attributes.deregistrationDelaySeconds: has AWS's own value where the target is an "
                    "application load balancer; leave it out"
                )
            ],
        ),
        (
            "chat",
            {"healthCheck": {"intervalSeconds": 4}},
            ["target.healthCheck.intervalSeconds: must be 5 to 300, got 4"],
        ),
        (
            "chat",
            {"healthCheck": {"intervalSeconds": 10, "timeoutSeconds": 10}},
            ["target.healthCheck.timeoutSeconds: must be below intervalSeconds (10), got 10"],
        ),
        (
            "chat",
            {"healthCheck": {"timeoutSeconds": 30}},
            ["target.healthCheck.timeoutSeconds: must be below intervalSeconds (30, AWS's own), got 30"],
        ),
        (
            "chat",
            {"healthCheck": {"intervalSeconds": 10}},
            ["target.healthCheck.timeoutSeconds: must be given, below intervalSeconds 10: left out it is 10"],
        ),
        (
            "orders",
            {"healthCheck": {"intervalSeconds": 5}},
            ["target.healthCheck.timeoutSeconds: must be given, below intervalSeconds 5: left out it is 5"],
        ),
        (
            "orders",
            {"healthCheck": {"matcher": "2xx"}},
            ['target.healthCheck.matcher: must be status codes such as 200 or 200-299, got "2xx"'],
        ),
        (
            "orders",
            {"healthCheck": {"matcher": "200-599"}},
            [
                (
                    "target.healthCheck.matcher: must be status codes of 200 to 499 behind a load balancer of kind "
                    'application, each range from its least, got "200-599"'
                )
            ],
        ),
        (
            "chat",
            {"attributes": {"slowStartSeconds": 30, "loadBalancingAlgorithm": "round_robin"}},
            [
                (
                    "target.attributes.slowStartSeconds: is an attribute of targets of application load balancers, got "
                    "loadBalancer network"
                ),
                (
                    "target.attributes.loadBalancingAlgorithm: is an attribute of targets of application load "
                    "balancers, "
                    "got loadBalancer network"
                ),
            ],
        ),
        (
            "orders",
            {"attributes": {"preserveClientIp": True, "proxyProtocolV2": False, "connectionTermination": True}},
            [
                f"target.attributes.{key}: is an attribute of targets of network load balancers, got "
                f"loadBalancer application"
                for key in ("preserveClientIp", "proxyProtocolV2", "connectionTermination")
            ],
        ),
        (
            "orders",
            {"attributes": {"slowStartSeconds": 30, "loadBalancingAlgorithm": "weighted_random"}},
            ['target.attributes.slowStartSeconds: goes with loadBalancingAlgorithm round_robin, got "weighted_random"'],
        ),
        (
            "chat",
            {"attributes": {"stickiness": {"type": "lb_cookie"}}},
            ['target.attributes.stickiness.type: must be source_ip with loadBalancer network, got "lb_cookie"'],
        ),
        (
            "orders",
            {"attributes": {"stickiness": {"type": "source_ip", "durationSeconds": 60}}},
            [
                'target.attributes.stickiness.type: must be lb_cookie with loadBalancer application, got "source_ip"',
                "target.attributes.stickiness.durationSeconds: is how long a cookie counts, got type source_ip",
            ],
        ),
    ],
)
def test_bad_targets(backend: str, target: dict[str, object], expected: list[str]) -> None:
    assert target_problems(backend, target) == expected


def test_bad_targets_behind_tls() -> None:
    secure = {"loadBalancer": "network", "hostName": "chat.internal", "listener": TLS}
    sticky = {**secure, "target": {"attributes": {"stickiness": {"type": "source_ip"}}}}
    assert problems(changed({("backends", "chat"): sticky})) == [
        (
            "backends.chat.target.attributes.stickiness: needs a TCP listener: behind a TLS listener targets are not "
            "sticky"
        )
    ]
    alb = {**secure, "target": {"type": "alb", "loadBalancerArn": BALANCER, "protocol": "TLS"}}
    assert problems(changed({("backends", "chat"): alb})) == [
        'backends.chat.listener.protocol: must be TCP where the target is an application load balancer, got "TLS"',
        'backends.chat.target.protocol: must be TCP where the target is an application load balancer, got "TLS"',
    ]


@pytest.mark.parametrize(
    ("backend", "target"),
    [
        ("chat", {"type": "alb", "backend": "orders", "healthCheck": {"path": "/healthz"}}),
        ("chat", {"type": "alb", "loadBalancerArn": BALANCER}),
        ("chat", {"type": "instance", "instanceIds": ["i-1", "i-2"]}),
        ("chat", {"healthCheck": {"intervalSeconds": 10, "timeoutSeconds": 9, "healthyThreshold": 2}}),
        ("chat", {"healthCheck": {"path": "/", "matcher": "200-299,404"}}),
        ("chat", {"attributes": {"stickiness": {"type": "source_ip"}, "preserveClientIp": True}}),
        (
            "orders",
            {"attributes": {"stickiness": {"type": "lb_cookie", "durationSeconds": 60}, "slowStartSeconds": 30}},
        ),
        ("orders", {"healthCheck": {"intervalSeconds": 5, "timeoutSeconds": 2, "matcher": "200"}}),
    ],
)
def test_legal_targets(backend: str, target: object) -> None:
    load_settings(changed({("backends", backend, "target"): target}))


def test_a_target_that_is_broken_itself_is_no_unknown_backend() -> None:
    target = {"type": "alb", "backend": "orders"}
    raw = changed({("backends", "chat", "target"): target, ("backends", "orders", "listener"): REMOVED})
    assert problems(raw) == ["backends.orders.listener: is required"]


def test_access_logs_that_stay_empty() -> None:
    logs = {"bucket": "acme-logs", "prefix": "chat"}
    assert warnings({("backends", "chat", "accessLogs"): logs, ("backends", "orders", "accessLogs"): logs}) == [
        (
            "backends.chat.accessLogs: stay empty: a network load balancer logs connections to TLS listeners only, got "
            "TCP"
        )
    ]


@pytest.mark.parametrize("region", ["us-east-1", None])
def test_what_stands_in_the_stacks_region(region: str | None) -> None:
    load_settings(changed({("backends", "old"): EXISTING}), region)


def test_what_stands_in_another_region() -> None:
    elsewhere = f"{ELB}:loadbalancer/app/orders/1"
    iam = {**TLS, "certificateArn": "arn:aws:iam::111122223333:server-certificate/x"}
    raw = changed(
        {
            ("backends", "old"): EXISTING,
            ("backends", "stock"): {"cloudMap": {"serviceArn": SERVICE, "port": 80}},
            ("backends", "alb"): {
                "loadBalancer": "network",
                "listener": {"port": 80},
                "target": {"type": "alb", "loadBalancerArn": elsewhere},
            },
            ("backends", "tls"): {"loadBalancer": "network", "hostName": "a.b", "listener": TLS},
            ("backends", "iam"): {"loadBalancer": "network", "hostName": "a.b", "listener": iam},
        }
    )
    assert rules_of(raw, "eu-west-1") == ["region"] * 5
    assert problems(raw, "eu-west-1")[2:] == [
        f'backends.stock.cloudMap.serviceArn: must stand in eu-west-1, the stack\'s Region, got "{SERVICE}"',
        (f'backends.alb.target.loadBalancerArn: must stand in eu-west-1, the stack\'s Region, got "{elsewhere}"'),
        (f'backends.tls.listener.certificateArn: must stand in eu-west-1, the stack\'s Region, got "{CERTIFICATE}"'),
    ]


def test_an_integration_that_speaks_tls_by_itself_needs_no_host_name_of_its_backend() -> None:
    certificate = "arn:aws:acm:us-east-1:123456789012:certificate/1a2b3c4d-5e6f-4a8b-9c0d-1e2f3a4b5c6d"
    tls = {"serverNameToVerify": "orders.internal"}
    raw = changed(
        {
            ("backends", "front"): {
                "loadBalancer": "network",
                "listener": {"port": 443},
                "target": {"type": "alb", "backend": "orders", "healthCheck": {"protocol": "HTTPS"}},
            },
            ("backends", "orders"): {
                "loadBalancer": "application",
                "hostName": "orders.internal",
                "listener": {"port": 443, "protocol": "HTTPS", "certificateArn": certificate},
            },
            (*ITEM, "backend"): "front",
        }
    )
    assert problems(raw) == [
        (
            'backends.front.hostName: is required: "orders" behind it speaks HTTPS, which a TCP listener passes on; '
            "the name that its certificate bears"
        )
    ]
    raw["apis"]["orders"]["routes"]["GET /items/{id}"]["integration"]["tlsConfig"] = tls
    load_settings(raw)
