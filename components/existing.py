"""Backends that a program has already: a listener that exists or that it makes itself, a service in AWS Cloud Map."""

from typing import TypeAlias

import pulumi

from settings import CloudMapBackend
from settings.backends import ListenerProtocol
from settings.listeners import KnownListener, check_listener

from .arguments import check_values
from .backend_in_use import BackendInUse, balancer_suffix, cloud_map

_Text: TypeAlias = pulumi.Input[str]
_OptionalText: TypeAlias = pulumi.Input[str] | None


def existing_backend(
    *,
    listener_arn: pulumi.Input[str],
    port: int,
    protocol: ListenerProtocol,
    host_name: str | None = None,
    load_balancer_arn: pulumi.Input[str] | None = None,
    dns_name: pulumi.Input[str] | None = None,
    security_group_id: pulumi.Input[str] | None = None,
) -> BackendInUse:
    """Return the backend behind a listener.

    ``protocol`` tells the load balancer's kind: TCP and TLS are a network load balancer's, HTTP and HTTPS an
    application load balancer's. ``host_name`` is the name on the certificate, wanted with TLS and HTTPS. WebSocket and
    REST APIs want ``dns_name``, and links to the balancer ``load_balancer_arn``. The link for HTTP APIs is let out to
    ``security_group_id``; left out, to the network's range. Nothing is added to that group.

    Raises ``SettingsError`` with every problem that can be seen before a deployment.
    """
    check_values(
        "",
        listener_arn=(listener_arn, _Text),
        load_balancer_arn=(load_balancer_arn, _OptionalText),
        dns_name=(dns_name, _OptionalText),
        security_group_id=(security_group_id, _OptionalText),
    )
    known = KnownListener(
        port=port,
        protocol=protocol,
        host_name=host_name,
        listener_arn=_known(listener_arn),
        load_balancer_arn=_known(load_balancer_arn),
        dns_name=_known(dns_name),
        security_group_id=_known(security_group_id),
    )
    check_listener(known)
    return BackendInUse(
        spec=known.backend,
        http_uri=listener_arn,
        load_balancer_arn=load_balancer_arn,
        dns_name=dns_name,
        security_group_id=security_group_id,
        load_balancer_arn_suffix=_suffix(load_balancer_arn),
    )


def cloud_map_backend(spec: CloudMapBackend) -> BackendInUse:
    """Return the backend that is a service in AWS Cloud Map, which HTTP APIs reach."""
    check_values("", spec=(spec, CloudMapBackend))
    return cloud_map(spec)


def _known(value: pulumi.Input[str] | None) -> str | None:
    return value if isinstance(value, str) else None


def _suffix(load_balancer_arn: pulumi.Input[str] | None) -> pulumi.Input[str] | None:
    match load_balancer_arn:
        case None:
            return None
        case str():
            return balancer_suffix(load_balancer_arn)
        case _:
            return pulumi.Output.concat(load_balancer_arn).apply(balancer_suffix)
