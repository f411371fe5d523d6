"""The stack's outputs: a contract with every project that reads them through a stack reference."""

from collections.abc import Mapping

import pulumi

from .backend import Backend
from .http_api import HttpApi
from .network import NetworkInUse
from .vpc_links import VpcLinks
from .websocket_api import WebSocketApi


def of(
    network: NetworkInUse | None,
    backends: Mapping[str, Backend],
    links: VpcLinks,
    apis: Mapping[str, WebSocketApi | HttpApi],
) -> dict[str, pulumi.Input[object]]:
    """Return the outputs by name.

    ``vpcId``, ``vpcCidr``, ``privateSubnetIds`` where there is a network; ``backends.<name>`` and ``apis.<name>`` as
    each component says; ``vpcLinks.rest.<backend>`` the ids of v1 links and ``vpcLinks.http`` the id of the v2 link
    where there is one.
    """
    found: dict[str, pulumi.Input[object]] = {}
    if network:
        found["vpcId"] = network.vpc_id
        found["vpcCidr"] = network.cidr
        found["privateSubnetIds"] = list(network.private_subnet_ids)
    link_ids: dict[str, object] = {"rest": {name: link.link_id for name, link in links.rest.items()}}
    if links.http:
        link_ids["http"] = links.http.link_id
    found["backends"] = {name: backend.outputs() for name, backend in backends.items()}
    found["vpcLinks"] = link_ids
    found["apis"] = {name: api.outputs() for name, api in apis.items()}
    return found
