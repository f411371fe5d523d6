"""The stack file as typed models, with every problem of a file found in one run."""

from .advice import find_warnings
from .apis import Api, HttpApi, HttpRoute, WebSocketApi, WebSocketRoute
from .backends import Backend
from .integrations import HttpIntegration, WebSocketIntegration
from .load import load_settings
from .network import ExistingNetwork, FlowLogs, NewNetwork, VpcEndpoint
from .stack import Settings
from .stages import HttpStage, Limits, Stage, WebSocketStage

__all__ = [
    "Api",
    "Backend",
    "ExistingNetwork",
    "FlowLogs",
    "HttpApi",
    "HttpIntegration",
    "HttpRoute",
    "HttpStage",
    "Limits",
    "NewNetwork",
    "Settings",
    "Stage",
    "VpcEndpoint",
    "WebSocketApi",
    "WebSocketIntegration",
    "WebSocketRoute",
    "WebSocketStage",
    "find_warnings",
    "load_settings",
]
