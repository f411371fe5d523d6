"""Backends: private services, behind a load balancer made here, behind one that exists, or in AWS Cloud Map."""

import ipaddress
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import AfterValidator, Discriminator, Field, Strict

from apigateway.rules import backends as rules

from .base import BRANCH, Between, Flag, ListenerCertificateArn, Model, Name, Port, Shaped, Text, branch, problem, show
from .one_of import OneOf

# What a target group accepts as an IP address besides the VPC's own range: Elastic Load Balancing, "Register targets".
_TARGET_RANGES = tuple(
    ipaddress.IPv4Network(block) for block in ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16")
)

_LABEL = "[a-z0-9]([a-z0-9-]*[a-z0-9])?"

ListenerProtocol = Annotated[Literal["TCP", "TLS", "HTTP", "HTTPS"], OneOf(rules.PROTOCOLS)]
SECURE_PROTOCOLS = frozenset({"TLS", "HTTPS"})


def _address(value: str) -> str:
    try:
        address = ipaddress.IPv4Address(value)
    except ValueError:
        raise problem(f"must be an IPv4 address, got {show(value)}", rules.TARGET_ADDRESS) from None
    if not any(address in block for block in _TARGET_RANGES):
        ranges = ", ".join(str(block) for block in _TARGET_RANGES)
        raise problem(f"must lie in a private range ({ranges}), got {show(value)}", rules.TARGET_ADDRESS)
    return value


_ELB = "arn:aws:elasticloadbalancing:us-east-1:123456789012"

HostName = Annotated[
    str, Shaped(rf"{_LABEL}(\.{_LABEL})*", "a host name in lower case", rules.HOST_NAME, "chat.internal.example")
]
_ANY_LABEL = "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
DnsName = Annotated[
    str,
    Shaped(
        rf"{_ANY_LABEL}(\.{_ANY_LABEL})+",
        "the DNS name of a load balancer",
        rules.EXISTING_BALANCER,
        "chat-0a1b2c3d4e5f6789.elb.us-east-1.amazonaws.com",
    ),
]
SecurityGroupId = Annotated[
    str,
    Shaped(r"sg-[0-9a-f]+", "a security group's id such as sg-0a1b2c3d4e5f67890", example="sg-0a1b2c3d4e5f67890"),
]
BalancerArn = Annotated[
    str,
    Shaped(
        r"arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer/(net|app)/[^/\s]+/[0-9a-f]+",
        "the ARN of a network or application load balancer",
        rules.EXISTING_BALANCER,
        f"{_ELB}:loadbalancer/net/chat/0a1b2c3d4e5f6789",
    ),
]
ListenerArn = Annotated[
    str,
    Shaped(
        r"arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:listener/(net|app)/[^/\s]+/[0-9a-f]+/[0-9a-f]+",
        "the ARN of a listener of a network or application load balancer",
        rules.EXISTING_BALANCER,
        f"{_ELB}:listener/net/chat/0a1b2c3d4e5f6789/9876f5e4d3c2b1a0",
    ),
]


class Listener(Model):
    """Where the load balancer listens."""

    port: Port
    """The port that links and callers connect to."""

    protocol: ListenerProtocol | None = None
    """TCP or TLS (network), HTTP or HTTPS (application). Left out: TCP or HTTP."""

    certificate_arn: ListenerCertificateArn | None = None
    """The certificate of a TLS or HTTPS listener."""

    ssl_policy: Annotated[Text, Field(examples=["ELBSecurityPolicy-TLS13-1-2-2021-06"])] | None = None
    """The security policy of a TLS or HTTPS listener. Left out: ELBSecurityPolicy-TLS13-1-2-2021-06."""


class HealthCheck(Model):
    """How the load balancer finds out whether a target works."""

    path: Annotated[str, Shaped(r"/\S{0,1023}", "a path that begins with /", example="/healthz")] | None = None
    """The path of an HTTP health check. Left out: a TCP connection (network) or ``/`` (application)."""

    port: Port | None = None
    """Left out: the target's port."""

    protocol: Annotated[Literal["TCP", "HTTP", "HTTPS"], OneOf(rules.HEALTH_CHECK)] | None = None
    """Left out: HTTP where ``path`` is given or the balancer is an application load balancer, HTTPS there where the
    targets speak TLS, else TCP."""

    interval_seconds: Annotated[int, Strict(), Between(5, 300)] | None = None
    """Seconds between two checks. Left out: AWS's 30."""

    timeout_seconds: Annotated[int, Strict(), Between(2, 120)] | None = None
    """Seconds until a check has failed. Left out: AWS's own."""

    healthy_threshold: Annotated[int, Strict(), Between(2, 10)] | None = None
    """Checks in a row that make a target healthy. Left out: AWS's own."""

    unhealthy_threshold: Annotated[int, Strict(), Between(2, 10)] | None = None
    """Checks in a row that make a target unhealthy. Left out: AWS's own."""

    matcher: (
        Annotated[
            str, Shaped(r"\d{3}(-\d{3})?(,\d{3}(-\d{3})?)*", "status codes such as 200 or 200-299", example="200-299")
        ]
        | None
    ) = None
    """The status codes of a healthy target. Left out: AWS's own."""


class Stickiness(Model):
    """Whether a client's requests go to one target."""

    type: Annotated[Literal["source_ip", "lb_cookie"], OneOf(rules.TARGET_ATTRIBUTES)]
    """By the client's address (network) or by a cookie (application)."""

    duration_seconds: Annotated[int, Strict(), Between(1, 604_800)] | None = None
    """How long a cookie counts. Left out: a day."""


class TargetAttributes(Model):
    """Attributes of the target group; what is left out is AWS's own."""

    deregistration_delay_seconds: Annotated[int, Strict(), Between(0, 3600)] | None = None
    """How long a target that leaves may finish its work. Left out: 300."""

    preserve_client_ip: Flag | None = None
    """Whether targets see the client's address (network)."""

    proxy_protocol_v2: Flag | None = None
    """Whether targets get the client's address by the proxy protocol (network)."""

    connection_termination: Flag | None = None
    """Whether connections end with the deregistration delay (network)."""

    stickiness: Stickiness | None = None
    """Left out: none."""

    slow_start_seconds: Annotated[int, Strict(), Between(30, 900)] | None = None
    """How long a new target's share of the requests grows (application). Left out: it gets its share at once."""

    load_balancing_algorithm: (
        Annotated[
            Literal["round_robin", "least_outstanding_requests", "weighted_random"], OneOf(rules.TARGET_ATTRIBUTES)
        ]
        | None
    ) = None
    """How a target is chosen (application). Left out: round_robin."""


class Target(Model):
    """The processes behind the load balancer."""

    hints: ClassVar[dict[str, str]] = {"targets": "unknown key; did you mean addresses?"}

    type: Annotated[Literal["ip", "instance", "alb"], OneOf(rules.TARGET_TYPE)] = "ip"
    """How targets are registered: by IP address, as EC2 instances, or an application load balancer behind a network
    load balancer."""

    port: Port | None = None
    """Left out: the listener's port."""

    protocol: ListenerProtocol | None = None
    """Left out: the listener's protocol without TLS."""

    addresses: tuple[Annotated[str, AfterValidator(_address), Field(examples=["10.0.1.20"])], ...] = ()
    """With type ip: private IPv4 addresses to register; services may register their own targets instead."""

    instance_ids: tuple[
        Annotated[
            str,
            Shaped(r"i-[0-9a-f]+", "an instance's id such as i-0a1b2c3d4e5f67890", example="i-0a1b2c3d4e5f67890"),
        ],
        ...,
    ] = ()
    """With type instance: the instances to register; auto scaling groups may register their own instead."""

    backend: Name | None = None
    """With type alb: the backend of this stack whose application load balancer is the target."""

    load_balancer_arn: BalancerArn | None = None
    """With type alb: the application load balancer that is the target, where it is none of this stack."""

    health_check: HealthCheck = HealthCheck()
    """How the load balancer finds out whether a target works."""

    attributes: TargetAttributes = TargetAttributes()
    """Attributes of the target group."""


class BalancerLogs(Model):
    """A load balancer's access logs, in S3."""

    bucket: Annotated[str, Shaped(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "the name of an S3 bucket", example="acme-logs")]
    """A bucket whose policy lets Elastic Load Balancing write."""

    prefix: Annotated[Text, Field(examples=["chat"])] | None = None
    """The first part of the objects' names. Left out: none."""


_MADE_HERE = ("loadBalancer", "listener", "target", "deletionProtection", "accessLogs", "idleTimeoutSeconds")


class _Reachable(Model):
    """What every backend has: where a link connects to, and by which name over TLS."""

    host_name: HostName | None = None
    """The name on the certificate that links are shown; required where the listener is TLS or HTTPS. With a TCP
    listener it says that the targets speak TLS by themselves, which the listener passes on."""


class BalancedBackend(_Reachable):
    """A service behind an internal load balancer that this stack makes."""

    hints: ClassVar[dict[str, str]] = {
        "port": "unknown key; a load balancer that this stack makes listens on listener.port",
        "protocol": "unknown key; a load balancer that this stack makes speaks listener.protocol",
        "securityGroupId": "unknown key; a load balancer that this stack makes has a security group of its own",
    }

    load_balancer: Annotated[
        Literal["network", "application"],
        OneOf(rules.BALANCER, meant=(("nlb", "network"), ("alb", "application"))),
    ]
    """WebSocket APIs reach network load balancers only; HTTP APIs reach both."""

    listener: Listener
    """Where the load balancer listens."""

    target: Target = Target()
    """The processes behind the load balancer."""

    deletion_protection: Flag = False
    """Whether the load balancer refuses deletion, in AWS and in Pulumi."""

    access_logs: BalancerLogs | None = None
    """The balancer's access logs (a network load balancer writes them for TLS listeners only). Left out: none."""

    idle_timeout_seconds: Annotated[int, Strict(), Between(1, 4000)] | None = None
    """How long a silent connection lives (application). Left out: 60."""

    @property
    def listens_on(self) -> int:
        """The port that a link connects to."""
        return self.listener.port

    @property
    def listener_protocol(self) -> ListenerProtocol:
        """The listener's protocol with its default applied."""
        return self.listener.protocol or ("TCP" if self.load_balancer == "network" else "HTTP")

    @property
    def is_secure(self) -> bool:
        """Whether the listener speaks TLS."""
        return self.listener_protocol in SECURE_PROTOCOLS

    @property
    def target_port(self) -> int:
        """The targets' port with its default applied."""
        return self.target.port or self.listener.port

    @property
    def target_protocol(self) -> ListenerProtocol:
        """The targets' protocol with its default applied."""
        return self.target.protocol or ("TCP" if self.load_balancer == "network" else "HTTP")

    @property
    def health_check_port(self) -> int:
        """The health check's port with its default applied."""
        return self.target.health_check.port or self.target_port

    @property
    def health_check_protocol(self) -> Literal["TCP", "HTTP", "HTTPS"]:
        """The health check's protocol with its default applied."""
        check = self.target.health_check
        if check.protocol:
            return check.protocol
        if self.target.type == "alb":
            return "HTTP"
        if self.target_protocol in SECURE_PROTOCOLS and (check.path or self.load_balancer == "application"):
            return "HTTPS"
        return "HTTP" if check.path or self.load_balancer == "application" else "TCP"

    @property
    def tls_name(self) -> str | None:
        """The name that a link verifies where it speaks TLS, to the listener or through a TCP listener to a target."""
        return None if self.listener_protocol == "HTTP" else self.host_name


class ExistingBackend(_Reachable):
    """A service behind a load balancer that exists."""

    hints: ClassVar[dict[str, str]] = dict.fromkeys(
        _MADE_HERE, "unknown key; it belongs to a load balancer that this stack makes, and this one exists"
    ) | {
        "loadBalancer": "unknown key; loadBalancerArn says which kind the existing load balancer is",
        "listener": "unknown key; an existing load balancer has port and protocol of the listener beside listenerArn",
    }

    listener_arn: ListenerArn
    """The listener that links connect to."""

    load_balancer_arn: BalancerArn
    """The listener's balancer."""

    dns_name: DnsName
    """The balancer's DNS name, as AWS writes it."""

    port: Port
    """The listener's port."""

    protocol: ListenerProtocol
    """The listener's protocol."""

    security_group_id: SecurityGroupId | None = None
    """The balancer's group: the link's egress is limited to it. Left out: to the network's range on the port."""

    @property
    def load_balancer(self) -> Literal["network", "application"]:
        """The balancer's kind, from its ARN."""
        return "network" if ":loadbalancer/net/" in self.load_balancer_arn else "application"

    @property
    def listens_on(self) -> int:
        """The port that a link connects to."""
        return self.port

    @property
    def listener_protocol(self) -> ListenerProtocol:
        """The listener's protocol."""
        return self.protocol

    @property
    def is_secure(self) -> bool:
        """Whether the listener speaks TLS."""
        return self.protocol in SECURE_PROTOCOLS

    @property
    def tls_name(self) -> str | None:
        """The name that a link verifies where it speaks TLS, to the listener or through a TCP listener to a target."""
        return None if self.listener_protocol == "HTTP" else self.host_name


class CloudMap(Model):
    """A service in AWS Cloud Map."""

    service_arn: Annotated[
        str,
        Shaped(
            r"arn:aws[a-z-]*:servicediscovery:[a-z0-9-]+:\d{12}:service/srv-[a-z0-9]+",
            "the ARN of a Cloud Map service",
            rules.CLOUD_MAP,
            "arn:aws:servicediscovery:us-east-1:123456789012:service/srv-0a1b2c3d4e5f6789",
        ),
    ]
    """The service; its instances have an address and a port (SRV records with Amazon ECS)."""

    port: Port
    """The port that the instances listen on: the link's egress is limited to it."""

    attributes: dict[
        Annotated[str, Shaped(r"[A-Za-z0-9_.-]{1,255}", "the name of an attribute", example="stage")],
        Annotated[str, Shaped(r"[A-Za-z0-9_.:/-]{1,1024}", "the value of an attribute", example="blue")],
    ] = {}
    """Only instances with these attributes are called. Left out: all."""


class CloudMapBackend(_Reachable):
    """A service whose instances are found by AWS Cloud Map; HTTP APIs only."""

    hints: ClassVar[dict[str, str]] = dict.fromkeys(
        (*_MADE_HERE, "listenerArn", "loadBalancerArn", "dnsName", "protocol"),
        "unknown key; it belongs to a load balancer, and a Cloud Map service has none",
    ) | {"port": "unknown key; did you mean cloudMap.port?"}

    cloud_map: CloudMap
    """The service."""

    security_group_id: SecurityGroupId | None = None
    """The instances' group: the link's egress is limited to it. Left out: to the network's range on the port."""

    @property
    def listens_on(self) -> int:
        """The port that a link connects to."""
        return self.cloud_map.port

    @property
    def tls_name(self) -> str | None:
        """The name that a client verifies: a service with a ``hostName`` speaks TLS."""
        return self.host_name


LoadBalanced: TypeAlias = BalancedBackend | ExistingBackend
"""A backend behind a load balancer."""


def url_of(backend: LoadBalanced) -> str | None:
    """Return the start of a URL over TLS (``https://name[:port]``), None without TLS, where it is the DNS name."""
    return f"https://{backend.tls_name}{url_port(backend)}" if backend.tls_name else None


def url_port(backend: LoadBalanced) -> str:
    """Return the port as a URL bears it: nothing where it is the scheme's own."""
    port = backend.listens_on
    return "" if port == (443 if backend.tls_name else 80) else f":{port}"


def is_balanced(value: object) -> bool:
    """Tell whether a backend as it is written, sound or not, is one whose load balancer is made here."""
    return _kind(value) == f"{BRANCH}Balanced"


def _kind(value: object) -> str:
    match value:
        case {"cloudMap": _} | CloudMapBackend():
            return f"{BRANCH}CloudMap"
        case {"listenerArn": _} | {"loadBalancerArn": _} | {"dnsName": _} | ExistingBackend():
            return f"{BRANCH}Existing"
        case _:
            return f"{BRANCH}Balanced"


Backend: TypeAlias = BalancedBackend | ExistingBackend | CloudMapBackend
"""A private service."""

BackendBlock: TypeAlias = Annotated[
    Annotated[BalancedBackend, branch("Balanced")]
    | Annotated[ExistingBackend, branch("Existing")]
    | Annotated[CloudMapBackend, branch("CloudMap")],
    Discriminator(_kind),
]
"""A private service, as it is written."""
