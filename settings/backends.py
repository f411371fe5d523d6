"""Backends: private services behind an internal load balancer that this stack makes."""

import ipaddress
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator

from .base import Flag, Model, Port, Shaped, Text, problem

# What a target group accepts as an IP address besides the VPC's own range: Elastic Load Balancing, "Register targets".
_TARGET_RANGES = tuple(
    ipaddress.IPv4Network(block) for block in ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16")
)

_LABEL = "[a-z0-9]([a-z0-9-]*[a-z0-9])?"

ListenerProtocol = Literal["TCP", "TLS", "HTTP", "HTTPS"]
SECURE_PROTOCOLS = frozenset({"TLS", "HTTPS"})


def _address(value: str) -> str:
    try:
        address = ipaddress.IPv4Address(value)
    except ValueError:
        raise problem(f'must be an IPv4 address, got "{value}"') from None
    if not any(address in block for block in _TARGET_RANGES):
        ranges = ", ".join(str(block) for block in _TARGET_RANGES)
        raise problem(f'must lie in a private range ({ranges}), got "{value}"')
    return value


class Listener(Model):
    """Where the load balancer listens."""

    port: Port
    """The port that links and callers connect to."""

    protocol: ListenerProtocol | None = None
    """TCP or TLS (network), HTTP or HTTPS (application). Left out: TCP or HTTP."""

    certificate_arn: (
        Annotated[str, Shaped(r"arn:aws[a-z-]*:(acm|iam):.+", "the ARN of a certificate in ACM or IAM")] | None
    ) = None
    """The certificate of a TLS or HTTPS listener."""

    ssl_policy: Text | None = None
    """The security policy of a TLS or HTTPS listener. Left out: ELBSecurityPolicy-TLS13-1-2-2021-06."""


class HealthCheck(Model):
    """How the load balancer finds out whether a target works."""

    path: Annotated[str, Shaped(r"/\S*", "a path that begins with /")] | None = None
    """The path of an HTTP health check. Left out: a TCP connection (network) or ``/`` (application)."""

    port: Port | None = None
    """Left out: the target's port."""

    protocol: Literal["TCP", "HTTP", "HTTPS"] | None = None
    """Left out: HTTP where ``path`` is given or the balancer is an application load balancer, HTTPS there where the
    targets speak TLS, else TCP."""


class Target(Model):
    """The processes behind the load balancer."""

    hints: ClassVar[dict[str, str]] = {"targets": "unknown key; did you mean addresses?"}

    type: Literal["ip"] = "ip"
    """How targets are registered: by IP address."""

    port: Port | None = None
    """Left out: the listener's port."""

    protocol: ListenerProtocol | None = None
    """Left out: the listener's protocol without TLS."""

    addresses: tuple[Annotated[str, AfterValidator(_address)], ...] = ()
    """Private IPv4 addresses to register; services may register their own targets instead."""

    health_check: HealthCheck = HealthCheck()
    """How the load balancer finds out whether a target works."""


class Backend(Model):
    """A service behind an internal load balancer."""

    load_balancer: Literal["network", "application"]
    """WebSocket APIs reach network load balancers only; HTTP APIs reach both."""

    listener: Listener
    """Where the load balancer listens."""

    target: Target = Target()
    """The processes behind the load balancer."""

    host_name: Annotated[str, Shaped(rf"{_LABEL}(\.{_LABEL})*", "a host name in lower case")] | None = None
    """The name that the certificate of a TLS or HTTPS listener bears; required with one."""

    deletion_protection: Flag = False
    """Whether the load balancer refuses deletion, in AWS and in Pulumi."""

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
        if self.target_protocol in SECURE_PROTOCOLS and (check.path or self.load_balancer == "application"):
            return "HTTPS"
        return "HTTP" if check.path or self.load_balancer == "application" else "TCP"

    @property
    def tls_name(self) -> str | None:
        """The name that a client of the listener verifies, where the listener speaks TLS."""
        return self.host_name if self.is_secure else None

    @property
    def url(self) -> str | None:
        """The start of a URL on a TLS listener (``https://name[:port]``); without TLS it is the balancer's DNS name."""
        return f"https://{self.host_name}{self.url_port}" if self.is_secure else None

    @property
    def url_port(self) -> str:
        """The port as a URL bears it: nothing where it is the scheme's own."""
        port = self.listener.port
        return "" if port == (443 if self.is_secure else 80) else f":{port}"
