"""What lies between an integration and its backend: a VPC link, and the listener or Cloud Map service that it leads to.

The topology says only which backend is reached, for the gateway needs no more; the names on the way are in the
recording. What cannot be found there is left out: a broken way is named by its reason.
"""

import json
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from apigateway.rest_resources import RestRouteKey
from local.recording import Json, Recording, Resource
from local.topology import Api
from local.topology.reading import fields
from local.topology.reading.network import Balancer, Network
from local.topology.reading.reachability import DEFAULT_PORTS
from local.topology.reading.version_two import INTEGRATION
from local.topology.reading.whole import REST_API

_EXTENSION = "x-amazon-apigateway-"
_VARIABLE = re.compile(r"\$\{stageVariables\.(\w+)\}", re.ASCII)
_OUTSIDE = re.compile(r":(?:loadbalancer|listener)/(?P<kind>app|net)/(?P<name>[^/]+)/")
_KINDS = {"app": "application", "net": "network"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A VPC link."""

    name: str
    """Of the resource."""
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BalancerEntry:
    """A listener of a load balancer."""

    balancer: str
    """Of the stack, the resource's name; else the name in the ARN."""
    kind: str
    """``application`` or ``network``."""
    port: int | None
    """None where only the ARN of a listener outside the stack is known."""
    protocol: str | None
    """None for a listener outside the stack."""
    is_outside: bool
    """Whether the stack has found it rather than made it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudMapEntry:
    """A service of AWS Cloud Map, which knows the addresses of a backend's instances."""

    service: str
    """Its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What a request passes on its way to a backend, as far as the recording names it."""

    link: Link | None
    entry: BalancerEntry | CloudMapEntry | None
    backend: str | None
    """Which backend it would be, also where the way to it is broken."""


class Ways:
    """Finds the ways in a recording."""

    def __init__(self, recording: Recording) -> None:
        self._network = Network.read(recording)
        self._integrations = {resource.id: resource for resource in recording.of_type(INTEGRATION)}
        self._documents = {resource.id: _paths(resource) for resource in recording.of_type(REST_API)}

    def of_integration(self, id_: str) -> Way:
        """Return the way of an integration of an HTTP or WebSocket API."""
        integration = fields.outputs(self._integrations[id_])
        return self._way(integration.text("connectionId"), integration.text("integrationUri"), None)

    def of_method(self, api: Api, key: RestRouteKey) -> Way:
        """Return the way of the integration of a REST API's method."""
        verb = f"{_EXTENSION}any-method" if key.method == "ANY" else key.method.lower()
        integration = self._documents[api.api_id][key.path].part(verb).part(f"{_EXTENSION}integration")
        connection = integration.text("connectionId")
        if variable := _VARIABLE.fullmatch(connection):
            # All stages agree, as the reader of the recording makes sure.
            said = [stage.variables.get(variable[1], "") for stage in api.stages.values()]
            connection = said[0] if said else ""
        return self._way(connection, integration.text("uri"), integration.optional_text("integrationTarget"))

    def _way(self, connection: str, uri: str, target: str | None) -> Way:
        network = self._network
        link: Link | None = None
        leads_to = target or uri
        if first := network.links_v1.get(connection):
            link, leads_to = Link(name=first.name, version=1), first.target
        elif second := network.links_v2.get(connection):
            link = Link(name=second.name, version=2)
        arn = leads_to.partition("?")[0]
        listener = network.listeners.get(arn)
        port = listener.port if listener else _port(uri)
        balancer = network.balancers.get(listener.balancer if listener else arn)
        return Way(
            link=link,
            entry=self._inside(balancer, port) if balancer else _outside(arn, port),
            backend=network.backends.get(balancer.arn if balancer else arn),
        )

    def _inside(self, balancer: Balancer, port: int | None) -> BalancerEntry:
        protocols = [
            listener.protocol
            for listener in self._network.listeners.values()
            if listener.balancer == balancer.arn and listener.port == port
        ]
        return BalancerEntry(
            balancer=balancer.name,
            kind=balancer.kind,
            port=port,
            protocol=protocols[0] if protocols else None,
            is_outside=False,
        )


def _outside(arn: str, port: int | None) -> BalancerEntry | CloudMapEntry | None:
    if ":servicediscovery:" in arn:
        return CloudMapEntry(service=arn.rpartition("/")[2])
    if match := _OUTSIDE.search(arn):
        return BalancerEntry(
            balancer=match["name"], kind=_KINDS[match["kind"]], port=port, protocol=None, is_outside=True
        )
    return None


def _port(uri: str) -> int | None:
    """Return the port of a URL; an ARN has none."""
    try:
        parts = urlsplit(uri)
        return parts.port or DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return None


def _paths(api: Resource) -> dict[str, fields.Part]:
    document: dict[str, Json] = json.loads(fields.text(api, "body"))
    return fields.Part(fields.label(api), document).parts("paths")
