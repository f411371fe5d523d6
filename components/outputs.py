"""The stack's outputs: a contract with every project that reads them through a stack reference."""

from collections.abc import Mapping
from typing import TypeAlias

import pulumi

from .backend import BackendInUse
from .custom_domain import CustomDomain, domain_stage, domain_urls
from .http_api import HttpApi
from .invoke_role import InvokeRole
from .network import NetworkInUse
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
) -> dict[str, pulumi.Input[object]]:
    """Return the outputs by name.

    ``vpcId``, ``vpcCidr``, ``privateSubnetIds`` where there is a network; ``backends.<name>`` and ``apis.<name>`` as
    each component says, an API with ``invokeRoleArn`` where it has a role for callers and with the URLs of its domain;
    ``vpcLinks.rest.<backend>`` the ids of v1 links, ``vpcLinks.http`` and ``vpcLinks.httpSecurityGroupId`` the v2
    link's where there is one; ``domains.<domain name>`` what a DNS record leads to, where there are domains.
    """
    found: dict[str, pulumi.Input[object]] = {}
    if network:
        found["vpcId"] = network.vpc_id
        found["vpcCidr"] = network.cidr
        found["privateSubnetIds"] = pulumi.Output.from_input(network.private_subnet_ids).apply(list)
    link_ids: dict[str, object] = {"rest": {name: link.link_id for name, link in links.rest.items()}}
    if links.http:
        link_ids["http"] = links.http.link_id
        link_ids["httpSecurityGroupId"] = links.http.security_group_id
    found["backends"] = {name: backend.outputs() for name, backend in backends.items()}
    found["vpcLinks"] = link_ids
    found["apis"] = {name: _of_api(api, invoke_roles.get(name)) for name, api in apis.items()}
    if domains:
        found["domains"] = {name: domain.outputs() for name, domain in domains.items()}
    return found


def _of_api(api: WebSocketApi | HttpApi | RestApi, invoke_role: InvokeRole | None) -> dict[str, pulumi.Input[object]]:
    """Return an API's own outputs, and what its role and its domain add to them.

    ``endpoint`` is what a client calls. Where AWS's own name answers nobody, it is the domain's, and all that belongs
    to a stage is of the stage that the domain leads to.
    """
    found: dict[str, pulumi.Input[object]] = dict(api.outputs())
    if invoke_role:
        found["invokeRoleArn"] = invoke_role.role_arn
    urls = domain_urls(api.spec)
    found.update(urls)
    if api.spec.domain and api.spec.disable_execute_api_endpoint:
        name = domain_stage(api.spec.domain, api.stages)
        found.update(stage=name, endpoint=urls["domainEndpoint"])
        if isinstance(api, WebSocketApi):
            found["connectionsUrl"] = urls["domainConnectionsUrl"]
            found["manageConnectionsArn"] = pulumi.Output.concat(api.execution_arn, "/", name, "/*/@connections/*")
    return found
