"""The stack's outputs: a contract with every project that reads them through a stack reference."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias

import pulumi

from gatelink.outputs import StackOutputs, VpcLinkOutputs, exported
from gatelink.version import VERSION

from .backend_in_use import BackendInUse
from .custom_domain import CustomDomain, domain_stage, domain_urls
from .exports import ApiExports, StackExports, Text
from .http_api import HttpApi
from .invoke_role import InvokeRole
from .network_in_use import NetworkInUse
from .rest_api import RestApi
from .vpc_links import VpcLinks
from .websocket_api import WebSocketApi

Apis: TypeAlias = Mapping[str, WebSocketApi | HttpApi | RestApi]
"""APIs by name."""


def of(
    network: NetworkInUse | None,
    backends: Mapping[str, BackendInUse],
    links: VpcLinks,
    apis: Apis,
    domains: Mapping[str, CustomDomain],
    invoke_roles: Mapping[str, InvokeRole],
) -> Mapping[str, pulumi.Input[object]]:
    """Return the outputs by name; :mod:`gatelink.outputs.contract` says what each of them is."""
    found: StackExports = StackOutputs(
        gatelink_version=VERSION,
        vpc_id=network.vpc_id if network else None,
        vpc_cidr=network.cidr if network else None,
        private_subnet_ids=pulumi.Output.from_input(network.private_subnet_ids).apply(list) if network else None,
        backends={name: backend.outputs() for name, backend in backends.items()},
        vpc_links=_of_links(links),
        apis={name: _of_api(api, invoke_roles.get(name)) for name, api in apis.items()},
        domains={name: domain.outputs() for name, domain in domains.items()} or None,
    )
    return exported(found)


def _of_links(links: VpcLinks) -> VpcLinkOutputs[Text]:
    return VpcLinkOutputs(
        rest={name: link.link_id for name, link in links.rest.items()},
        http=links.http.link_id if links.http else None,
        http_security_group_id=links.http.security_group_id if links.http else None,
    )


def _of_api(api: WebSocketApi | HttpApi | RestApi, invoke_role: InvokeRole | None) -> ApiExports:
    """Return an API's own outputs, and what its role and its domain add to them.

    ``endpoint`` is what a client calls. Where AWS's own name answers nobody, it is the domain's, and all that belongs
    to a stage is of the stage that the domain leads to.
    """
    urls = domain_urls(api.spec)
    found = replace(
        api.outputs(),
        invoke_role_arn=invoke_role.role_arn if invoke_role else None,
        domain_endpoint=urls.endpoint if urls else None,
        domain_connections_url=urls.connections_url if urls else None,
    )
    if not (api.spec.domain and urls and api.spec.disable_execute_api_endpoint):
        return found
    name = domain_stage(api.spec.domain, api.stages)
    found = replace(found, stage=name, endpoint=urls.endpoint)
    if not isinstance(api, WebSocketApi):
        return found
    return replace(
        found,
        connections_url=urls.connections_url,
        manage_connections_arn=pulumi.Output.concat(api.execution_arn, "/", name, "/*/@connections/*"),
    )
