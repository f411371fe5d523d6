"""A listener that exists, or that a program makes itself, as the program describes it: what it knows beforehand."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from apigateway.errors import Problem, SettingsError
from apigateway.rules import backends as rules

from .backend_checks import check_host_name, check_listener_of
from .backends import (
    BalancedBackend,
    BalancerArn,
    DnsName,
    HostName,
    Listener,
    ListenerArn,
    ListenerProtocol,
    SecurityGroupId,
)
from .base import Model, Port, show
from .finding import problem_at


class KnownListener(Model):
    """A listener; None stands for what is left out, or known only after a deployment."""

    port: Port
    """The listener's port."""

    protocol: ListenerProtocol
    """The listener's protocol: TCP and TLS are a network load balancer's, HTTP and HTTPS an application's."""

    host_name: HostName | None = None
    """The name on the certificate, wanted with TLS and HTTPS."""

    listener_arn: ListenerArn | None = None
    """The listener."""

    load_balancer_arn: BalancerArn | None = None
    """The listener's balancer."""

    dns_name: DnsName | None = None
    """The balancer's DNS name."""

    security_group_id: SecurityGroupId | None = None
    """The balancer's group."""

    @property
    def backend(self) -> BalancedBackend:
        """The listener as a backend: all that tells how it is reached."""
        kind: Literal["network", "application"] = "network" if self.protocol in ("TCP", "TLS") else "application"
        listener = Listener(port=self.port, protocol=self.protocol)
        return BalancedBackend(load_balancer=kind, listener=listener, host_name=self.host_name)


def check_listener(listener: KnownListener) -> None:
    """Check what is known of a listener; raises ``SettingsError`` with every problem, by the names of the fields."""
    problems = tuple(_by_field(problem) for problem in _problems(listener))
    if problems:
        raise SettingsError(problems)


def _by_field(problem: Problem) -> Problem:
    """Write a problem as the program writes the listener: a stack file has keys where it has arguments."""
    names = {info.alias: name for name, info in KnownListener.model_fields.items()}
    message = problem.message.replace(
        "must be a listener of loadBalancerArn", "must be a listener of load_balancer_arn"
    )
    return replace(problem, path=names[problem.path], message=message)


def _problems(listener: KnownListener) -> Iterator[Problem]:
    backend = listener.backend
    part = "/net/" if backend.load_balancer == "network" else "/app/"
    for key, arn in (("listenerArn", listener.listener_arn), ("loadBalancerArn", listener.load_balancer_arn)):
        if arn and part not in arn:
            message = f"must be of a{'n' * (part == '/app/')} {backend.load_balancer} load balancer"
            given = f"where the protocol is {listener.protocol}, got {show(arn)}"
            yield problem_at(rules.EXISTING_BALANCER, f"{message} {given}", key)
    if listener.listener_arn and listener.load_balancer_arn:
        yield from check_listener_of(listener.listener_arn, listener.load_balancer_arn, ())
    yield from check_host_name(backend, ())
