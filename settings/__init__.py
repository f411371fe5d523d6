"""The stack file as typed models, with every problem of a file found in one run."""

from .advice import find_warnings
from .apis import Api, HttpApi, WebSocketApi
from .backends import Backend, BalancedBackend, CloudMapBackend, ExistingBackend
from .integrations import HttpIntegration, WebSocketIntegration
from .load import load_settings
from .network import ExistingNetwork, FlowLogs, NewNetwork, StackNetwork, VpcEndpoint
from .rest_apis import RestApi
from .rest_integrations import RestIntegration
from .rest_routes import RestRoute
from .rest_stages import RestStage
from .routes import HttpRoute, WebSocketRoute
from .stack import Settings
from .stages import HttpStage, Limits, Stage, WebSocketStage

__all__ = [
    "Api",
    "Backend",
    "BalancedBackend",
    "CloudMapBackend",
    "ExistingBackend",
    "ExistingNetwork",
    "FlowLogs",
    "HttpApi",
    "HttpIntegration",
    "HttpRoute",
    "HttpStage",
    "Limits",
    "NewNetwork",
    "RestApi",
    "RestIntegration",
    "RestRoute",
    "RestStage",
    "Settings",
    "StackNetwork",
    "Stage",
    "VpcEndpoint",
    "WebSocketApi",
    "WebSocketIntegration",
    "WebSocketRoute",
    "WebSocketStage",
    "find_warnings",
    "load_settings",
]
