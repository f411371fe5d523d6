"""Pulumi component resources, one concern a file.

A component takes a frozen args object, prefixes its children with its own name, and registers nothing before its
arguments are known to be valid. Each file ends with ``provide``, which makes what a stack's settings ask for.

What is listed here other programs may use, as ``gatelink.components`` (docs/library.md). Names are a contract: those
listed here, the fields of args objects, the types and the logical names of resources. A rename brings an alias
(``pulumi.Alias``) where it would replace a resource, and a line in the changelog.
"""

from apigateway.errors import GatelinkError, Problem, SettingsError

from .account_logging import AccountLogging, AccountLoggingArgs
from .alarms import ApiAlarms, ApiAlarmsArgs, TargetAlarms, TargetAlarmsArgs
from .backend import Backend, BackendArgs
from .backend_in_use import BackendInUse
from .custom_domain import CustomDomain, CustomDomainArgs, MappedApi
from .existing import cloud_map_backend, existing_backend
from .http_api import HttpApi, HttpApiArgs
from .invoke_role import InvokeRole, InvokeRoleArgs
from .network import Network, NetworkArgs
from .network_in_use import NetworkInUse
from .private_endpoint import EndpointInUse, PrivateEndpoint, PrivateEndpointArgs
from .rest_api import RestApi, RestApiArgs
from .rest_integrations import RestReach
from .stack import user_errors
from .stages import DeployedStage
from .usage_plans import ApiKey, ApiKeyArgs, UsagePlans, UsagePlansArgs
from .vpc_links import HttpVpcLink, HttpVpcLinkArgs, RestVpcLink, RestVpcLinkArgs
from .websocket_api import WebSocketApi, WebSocketApiArgs

__all__ = [
    "AccountLogging",
    "AccountLoggingArgs",
    "ApiAlarms",
    "ApiAlarmsArgs",
    "ApiKey",
    "ApiKeyArgs",
    "Backend",
    "BackendArgs",
    "BackendInUse",
    "CustomDomain",
    "CustomDomainArgs",
    "DeployedStage",
    "EndpointInUse",
    "GatelinkError",
    "HttpApi",
    "HttpApiArgs",
    "HttpVpcLink",
    "HttpVpcLinkArgs",
    "InvokeRole",
    "InvokeRoleArgs",
    "MappedApi",
    "Network",
    "NetworkArgs",
    "NetworkInUse",
    "PrivateEndpoint",
    "PrivateEndpointArgs",
    "Problem",
    "RestApi",
    "RestApiArgs",
    "RestReach",
    "RestVpcLink",
    "RestVpcLinkArgs",
    "SettingsError",
    "TargetAlarms",
    "TargetAlarmsArgs",
    "UsagePlans",
    "UsagePlansArgs",
    "WebSocketApi",
    "WebSocketApiArgs",
    "cloud_map_backend",
    "existing_backend",
    "user_errors",
]
