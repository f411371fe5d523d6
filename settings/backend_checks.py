"""What the parts of a backend must be to each other, to other backends and to AWS."""

from collections.abc import Iterator, Mapping

from apigateway.errors import Problem
from apigateway.paths import Location
from apigateway.rules import backends as rules
from apigateway.rules import stack_file

from .backends import Backend, BalancedBackend, CloudMapBackend, ExistingBackend
from .base import show
from .finding import names_of, problem_at, refer
from .integrations import HttpPrivateIntegration
from .stack import Settings
from .target_checks import check_targets

_PROTOCOLS = {"network": ("TCP", "TLS"), "application": ("HTTP", "HTTPS")}


def check_backends(settings: Settings, raw: Mapping[str, object]) -> Iterator[Problem]:
    """Check every backend: its name, its listener, its targets, and the balancers that are targets of others."""
    for name, backend in settings.backends.items():
        at: Location = ("backends", name)
        match backend:
            case BalancedBackend():
                yield from _check_balanced(name, backend, at)
                yield from _check_target_balancer(backend, settings, raw, (*at, "target"))
            case ExistingBackend():
                yield from _check_existing(backend, at)
            case CloudMapBackend():
                pass


def _check_balanced(name: str, backend: BalancedBackend, at: Location) -> Iterator[Problem]:
    allowed = _PROTOCOLS[backend.load_balancer]
    if name.startswith("sg-"):
        message = "must not begin with sg-: it names a security group, and EC2 keeps that prefix for ids"
        yield problem_at(rules.BACKEND_NAME, message, *at)
    for side, protocol in (("listener", backend.listener_protocol), ("target", backend.target_protocol)):
        if protocol not in allowed:
            message = f"must be {' or '.join(allowed)} with loadBalancer {backend.load_balancer}, got {show(protocol)}"
            yield problem_at(rules.PROTOCOLS, message, *at, side, "protocol")
    if (backend.listener_protocol, backend.target_protocol) == ("TCP", "TLS"):
        # Elastic Load Balancing, "Target groups for your Network Load Balancers": TLS targets need a TLS listener.
        message = "must be TCP where the listener speaks TCP, which passes TLS on as it is"
        yield problem_at(rules.TLS_TARGETS, message, *at, "target", "protocol")
    yield from _check_listener_tls(backend, at)
    yield from check_host_name(backend, at)
    if backend.idle_timeout_seconds is not None and backend.load_balancer != "application":
        message = "is an attribute of application load balancers, got loadBalancer network"
        yield problem_at(rules.BALANCER_ATTRIBUTES, message, *at, "idleTimeoutSeconds")
    yield from check_targets(backend, (*at, "target"))


def _check_listener_tls(backend: BalancedBackend, at: Location) -> Iterator[Problem]:
    """Want a certificate for a TLS listener, and neither certificate nor policy for a plain one."""
    protocol, listener = backend.listener_protocol, backend.listener
    if backend.is_secure:
        if listener.certificate_arn is None:
            message = f"is required where the listener speaks {protocol}"
            yield problem_at(rules.CERTIFICATE, message, *at, "listener", "certificateArn")
        return
    secure = _PROTOCOLS[backend.load_balancer][1]
    for key, value in (("certificateArn", listener.certificate_arn), ("sslPolicy", listener.ssl_policy)):
        if value is not None:
            message = f"needs a listener that speaks {secure}, got {protocol}"
            yield problem_at(rules.CERTIFICATE, message, *at, "listener", key)


def check_host_name(backend: BalancedBackend | ExistingBackend, at: Location) -> Iterator[Problem]:
    """Want the name on the certificate of a TLS listener: a link verifies it. An HTTP listener has no certificate."""
    if backend.is_secure and backend.host_name is None:
        message = (
            f"is required where the listener speaks {backend.listener_protocol}: the name that its certificate bears"
        )
        yield problem_at(rules.CERTIFICATE, message, *at, "hostName")
    if backend.listener_protocol == "HTTP" and backend.host_name is not None:
        message = "needs a listener that speaks HTTPS, TLS, or TCP in front of targets that speak TLS; got HTTP"
        yield problem_at(rules.CERTIFICATE, message, *at, "hostName")


def _check_existing(backend: ExistingBackend, at: Location) -> Iterator[Problem]:
    yield from check_listener_of(backend.listener_arn, backend.load_balancer_arn, at)
    allowed = _PROTOCOLS[backend.load_balancer]
    if backend.protocol not in allowed:
        message = (
            f"must be {' or '.join(allowed)} with the {backend.load_balancer} load balancer of loadBalancerArn, "
            f"got {show(backend.protocol)}"
        )
        yield problem_at(rules.EXISTING_BALANCER, message, *at, "protocol")
    yield from check_host_name(backend, at)


def check_listener_of(listener_arn: str, balancer_arn: str, at: Location) -> Iterator[Problem]:
    """Want a listener to be the load balancer's, as its ARN says."""
    if listener_arn.replace(":listener/", ":loadbalancer/").rpartition("/")[0] != balancer_arn:
        message = f'must be a listener of loadBalancerArn, so begin with "{_listeners_of(balancer_arn)}"'
        yield problem_at(rules.EXISTING_BALANCER, f'{message}, got "{listener_arn}"', *at, "listenerArn")


def _listeners_of(balancer_arn: str) -> str:
    return balancer_arn.replace(":loadbalancer/", ":listener/") + "/"


def _check_target_balancer(
    backend: BalancedBackend, settings: Settings, raw: Mapping[str, object], at: Location
) -> Iterator[Problem]:
    """Check the backend whose application load balancer is the target of a network load balancer."""
    target = backend.target
    if target.backend is None or target.type != "alb":
        return
    unknown = refer("backend", target.backend, names_of(raw, "backends"), "backends")
    if unknown:
        yield problem_at(stack_file.REFERENCE, unknown, *at, "backend")
    behind: Backend | None = settings.backends.get(target.backend)
    if behind is None:
        return
    if isinstance(behind, CloudMapBackend) or behind.load_balancer != "application":
        kind = "a Cloud Map service" if isinstance(behind, CloudMapBackend) else "a network load balancer"
        message = f'must be a backend with an application load balancer, got "{target.backend}", {kind}'
        yield problem_at(rules.TARGET_TYPE, message, *at, "backend")
        return
    if behind.listens_on != backend.target_port:
        message = f'must be {behind.listens_on}, where "{target.backend}" listens, got {backend.target_port}'
        yield problem_at(rules.TARGET_TYPE, message, *at, "port")
    yield from _check_passed_on_tls(backend, behind, at[:-1], settings)
    if backend.health_check_port == behind.listens_on:
        expected = "HTTPS" if behind.is_secure else "HTTP"
        if backend.health_check_protocol in ("HTTP", "HTTPS") and backend.health_check_protocol != expected:
            given = target.health_check.protocol
            got = show(given) if given else f"{backend.health_check_protocol}, which it is where it is left out"
            message = f'must be {expected}, which "{target.backend}" speaks, got {got}'
            yield problem_at(rules.HEALTH_CHECK, message, *at, "healthCheck", "protocol")


def _check_passed_on_tls(
    backend: BalancedBackend, behind: BalancedBackend | ExistingBackend, at: Location, settings: Settings
) -> Iterator[Problem]:
    """Want links to speak to a TCP listener what the application load balancer behind it speaks."""
    if behind.is_secure and backend.host_name is None and _is_called_without_tls(str(at[-1]), settings):
        message = (
            f'is required: "{backend.target.backend}" behind it speaks HTTPS, which a TCP listener passes on; '
            "the name that its certificate bears"
        )
        yield problem_at(rules.CERTIFICATE, message, *at, "hostName")
    if not behind.is_secure and backend.host_name is not None:
        message = f'must be left out: "{backend.target.backend}" behind it speaks HTTP'
        yield problem_at(rules.CERTIFICATE, message, *at, "hostName")


def _is_called_without_tls(name: str, settings: Settings) -> bool:
    """Tell whether an integration calls a backend and does not say itself (``tlsConfig``) that it speaks TLS."""
    integrations = (integration for api in settings.apis.values() for integration in api.used_integrations)
    return any(
        integration.backend_name == name
        and not (isinstance(integration, HttpPrivateIntegration) and integration.tls_config)
        for integration in integrations
    )
