"""The topology as the page needs it: which APIs there are, where they are, and what their routes lead to."""

from typing import TypedDict, assert_never

from apigateway.arns import LambdaFunction
from apigateway.errors import ExpressionError
from local.console.examples import FrameExample, RequestExample, frames_of, requests_of
from local.gateway.endpoints import Endpoints
from local.topology import Api, HttpApi, RestApi, Topology, WebSocketApi
from local.topology.calls import FunctionCall, ListenerCall, NoCall, PrivateCall, PublicCall, Reached, ServiceCall
from local.topology.http import HttpCall, SubtypeCall
from local.topology.rest import RestCall
from local.topology.websocket import WebSocketCall


class RouteJson(TypedDict):
    """A route, and what it leads to."""

    key: str
    leadsTo: str


class ApiJson(TypedDict):
    """One API."""

    name: str
    protocol: str
    endpoint: str
    connectionsUrl: str | None
    stages: list[str]
    selection: str | None
    """The route selection expression of a WebSocket API."""
    routes: list[RouteJson]
    requests: list[RequestExample]
    frames: list[FrameExample]


class TopologyJson(TypedDict):
    """Everything that is served."""

    apis: list[ApiJson]
    backends: list[str]
    domains: list[str]
    aws: str | None


def shape_of(topology: Topology, endpoints: Endpoints) -> TopologyJson:
    """Describe a topology and where it is served."""
    return {
        "apis": [_api(api, endpoints) for api in topology.apis if api.name in endpoints.apis],
        "backends": list(topology.backends),
        "domains": [domain.name for domain in topology.domains],
        "aws": endpoints.aws,
    }


def _api(api: Api, endpoints: Endpoints) -> ApiJson:
    at = endpoints.apis[api.name]
    return {
        "name": api.name,
        "protocol": protocol_of(api),
        "endpoint": at.endpoint,
        "connectionsUrl": at.connections_url,
        "stages": list(api.stages),
        "selection": str(api.selection) if isinstance(api, WebSocketApi) else None,
        "routes": _routes(api),
        "requests": requests_of(api),
        "frames": frames_of(api),
    }


def protocol_of(api: Api) -> str:
    """Return the word of the stack file for a kind of API."""
    match api:
        case HttpApi():
            return "HTTP"
        case RestApi():
            return "REST"
        case WebSocketApi():
            return "WEBSOCKET"
        case _:
            assert_never(api)


def _routes(api: Api) -> list[RouteJson]:
    routes = api.methods.items() if isinstance(api, RestApi) else api.routes.items()
    return [{"key": str(key), "leadsTo": _leads_to(route.integration.call)} for key, route in routes]


def _leads_to(call: HttpCall | RestCall | WebSocketCall) -> str:
    match call:
        case ListenerCall(reach=reach) | PrivateCall(reach=reach):
            return reach.backend if isinstance(reach, Reached) else reach.reason
        case FunctionCall(uri=uri):
            return _function(uri)
        case PublicCall(uri=uri) | ServiceCall(uri=uri):
            return uri
        case SubtypeCall(subtype=subtype):
            return subtype
        case NoCall():
            return "mock"
        case _:
            assert_never(call)


def _function(uri: str) -> str:
    try:
        return LambdaFunction.parse(uri).name
    except ExpressionError:
        return uri
