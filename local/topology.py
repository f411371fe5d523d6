"""What the recording amounts to: APIs with their stages, routes and integrations, and where each integration leads.

    recording ─► build_topology ─► Topology ─► gateway

The rules of API Gateway (route keys, mappings, selection expressions) come from :mod:`apigateway`; whether a link leads
to its backend comes from :mod:`local.reachability`, and what a REST API does from :mod:`local.rest_definition`. What
cannot be served yet is refused by name, never skipped.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from apigateway import limits
from apigateway.context import Protocol
from apigateway.errors import ExpressionError, TopologyError
from apigateway.mapping import http, websocket
from apigateway.route_keys import HttpRouteKey, parse_websocket_route_key
from apigateway.selection import SelectionExpression
from local import fields
from local.network import Network, output_blocks
from local.reachability import Reach, reach_by_arn, reach_by_url
from local.recording import Recording, Resource
from local.rest_definition import read_definition
from local.rest_links import RestLinks
from local.rest_stages import read_stages
from local.rest_topology import RestApi
from local.stage_limits import UNLIMITED, StageLimits, read_route_settings

API = "aws:apigatewayv2/api:Api"
DEPLOYMENT = "aws:apigatewayv2/deployment:Deployment"
INTEGRATION = "aws:apigatewayv2/integration:Integration"
ROUTE = "aws:apigatewayv2/route:Route"
INTEGRATION_RESPONSE = "aws:apigatewayv2/integrationResponse:IntegrationResponse"
ROUTE_RESPONSE = "aws:apigatewayv2/routeResponse:RouteResponse"
STAGE = "aws:apigatewayv2/stage:Stage"
REST_API = "aws:apigateway/restApi:RestApi"

UNSUPPORTED: Mapping[str, tuple[str, ...]] = {
    API: ("corsConfiguration", "target", "body"),
    INTEGRATION: ("integrationSubtype", "requestTemplates", "contentHandlingStrategy", "templateSelectionExpression"),
    ROUTE: ("authorizerId", "requestModels", "modelSelectionExpression", "apiKeyRequired"),
}
"""Properties that change what a client or backend sees and that the local gateway does not act on yet."""

REST_PARTS = tuple(
    f"aws:apigateway/{name[0].lower()}{name[1:]}:{name}"
    for name in (
        "Authorizer",
        "Integration",
        "IntegrationResponse",
        "Method",
        "MethodResponse",
        "Model",
        "RequestValidator",
        "Resource",
        "Response",
        "RestApiPolicy",
        "RestApiPut",
    )
)
"""Resources that would make up a REST API beside its body, which is all that is read of it."""

Parsed = TypeVar("Parsed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stage that serves its API."""

    name: str
    variables: Mapping[str, str]
    limits: StageLimits = UNLIMITED


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpIntegration:
    """A private HTTP proxy of an HTTP API."""

    id: str
    method: str
    """``ANY`` stands for the client's method."""
    reach: Reach
    request: http.RequestMapping
    response: http.ResponseMapping
    timeout: float
    """Seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Absorbed:
    """API Gateway takes the request by itself, with status 200 and nothing in it: a mock integration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSocketIntegration:
    """An integration of a WebSocket API: a private HTTP proxy, or a mock that does nothing."""

    id: str
    method: str
    uri: str
    """May hold ``{name}`` placeholders and ``${stageVariables.name}`` in its path and query."""
    reach: Reach | Absorbed
    request: websocket.RequestMapping
    timeout: float
    """Seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRoute:
    """A route of an HTTP API."""

    key: HttpRouteKey
    integration: HttpIntegration


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSocketRoute:
    """A route of a WebSocket API."""

    key: str
    integration: WebSocketIntegration
    two_way: bool
    """Whether the backend's answer goes back to the client: the route has a selection expression and a response."""
    required: tuple[str, ...]
    """Request parameters that must be there, such as ``route.request.querystring.authToken``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpApi:
    """An HTTP API with all that its stages serve."""

    name: str
    """The stack's name for it, as in the output ``apis.<name>``."""
    api_id: str
    stages: Mapping[str, Stage]
    routes: Mapping[HttpRouteKey, HttpRoute]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSocketApi:
    """A WebSocket API with all that its stages serve."""

    name: str
    """The stack's name for it, as in the output ``apis.<name>``."""
    api_id: str
    stages: Mapping[str, Stage]
    selection: SelectionExpression
    routes: Mapping[str, WebSocketRoute]


Api: TypeAlias = HttpApi | WebSocketApi | RestApi


@dataclass(frozen=True, slots=True, kw_only=True)
class Topology:
    """Everything that the gateway serves."""

    http_apis: tuple[HttpApi, ...]
    """By name."""
    websocket_apis: tuple[WebSocketApi, ...]
    """By name."""
    backends: tuple[str, ...]
    """The names of the stack's backends, those that no integration uses included."""
    rest_apis: tuple[RestApi, ...] = ()
    """By name."""


def build_topology(recording: Recording) -> Topology:
    """Read the recorded registrations; raises TopologyError with one line for every resource that cannot be served."""
    return _Reader(recording).read()


class _Reader:
    """Collects what is wrong while it reads, so that one run shows everything."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._network = Network.read(recording)
        self._problems: list[str] = []
        self._deployments = {
            (fields.text(resource, "apiId"), resource.id) for resource in recording.of_type(DEPLOYMENT)
        }
        self._idle_mocks = frozenset(_idle_mocks(recording))
        self._answered_routes = {fields.text(resource, "routeId") for resource in recording.of_type(ROUTE_RESPONSE)}

    def read(self) -> Topology:
        http_apis: list[HttpApi] = []
        websocket_apis: list[WebSocketApi] = []
        for resource in self._recording.of_type(API):
            match self._try(self._api, resource):
                case HttpApi() as api:
                    http_apis.append(api)
                case WebSocketApi() as api:
                    websocket_apis.append(api)
                case None:
                    pass
        rest_apis = [self._try(self._rest_api, resource) for resource in self._recording.of_type(REST_API)]
        self._problems += [
            f"{fields.label(resource)}: the local gateway reads the body of a REST API and nothing beside it"
            for resource_type in REST_PARTS
            for resource in self._recording.of_type(resource_type)
        ]
        if self._problems:
            raise TopologyError("\n".join(self._problems))
        return Topology(
            http_apis=tuple(sorted(http_apis, key=lambda api: api.name)),
            websocket_apis=tuple(sorted(websocket_apis, key=lambda api: api.name)),
            backends=tuple(sorted(output_blocks(self._recording, "backends"))),
            rest_apis=tuple(sorted((api for api in rest_apis if api is not None), key=lambda api: api.name)),
        )

    def _try(self, read: Callable[[Resource], Parsed], resource: Resource) -> Parsed | None:
        try:
            if resource.id not in self._idle_mocks:
                _refuse_unsupported(resource)
            return read(resource)
        except TopologyError as error:
            self._problems.append(str(error))
        except ExpressionError as error:
            self._problems.append(f"{fields.label(resource)}: {error}")
        return None

    def _of_api(self, resource_type: str, api: Resource) -> list[Resource]:
        return [
            resource for resource in self._recording.of_type(resource_type) if fields.text(resource, "apiId") == api.id
        ]

    def _api(self, resource: Resource) -> HttpApi | WebSocketApi:
        protocol = fields.text(resource, "protocolType")
        stages = self._stages(resource, protocol)
        match protocol:
            case "HTTP":
                return HttpApi(
                    name=self._name(resource), api_id=resource.id, stages=stages, routes=self._http_routes(resource)
                )
            case "WEBSOCKET":
                return WebSocketApi(
                    name=self._name(resource),
                    api_id=resource.id,
                    stages=stages,
                    selection=SelectionExpression.parse(fields.text(resource, "routeSelectionExpression")),
                    routes=self._websocket_routes(resource),
                )
            case _:
                raise TopologyError(
                    f'{fields.label(resource)}: protocolType must be HTTP or WEBSOCKET, got "{protocol}"'
                )

    def _rest_api(self, resource: Resource) -> RestApi | None:
        stages = self._try(lambda api: read_stages(self._recording, api), resource)
        # Stages that cannot be read are a problem already: no link is looked for in them.
        links = RestLinks(network=self._network, stages=stages or {})
        name = self._try(self._name, resource)
        definition = self._try(lambda api: read_definition(api, links, name), resource)
        if name is None or stages is None or definition is None:
            return None
        return RestApi(
            name=name,
            api_id=resource.id,
            execution_arn=fields.text(resource, "executionArn"),
            stages=stages,
            methods=definition.methods,
            gateway_responses=definition.gateway_responses,
            binary_media_types=definition.binary_media_types,
            minimum_compression_size=definition.minimum_compression_size,
            api_key_source=definition.api_key_source,
            policy=definition.policy,
            is_private=definition.is_private,
        )

    def _name(self, resource: Resource) -> str:
        for name, block in output_blocks(self._recording, "apis").items():
            if block.get("apiId") == resource.id:
                return name
        raise TopologyError(f"{fields.label(resource)}: not among the stack's outputs apis.<name>.apiId")

    def _stages(self, api: Resource, protocol: str) -> dict[str, Stage]:
        def read(resource: Resource) -> Stage:
            deployment = fields.optional_text(resource, "deploymentId")
            if deployment is None and not (protocol == "HTTP" and fields.flag(resource, "autoDeploy")):
                raise TopologyError(f"{fields.label(resource)}: has no deploymentId, so it serves nothing")
            if deployment is not None and (api.id, deployment) not in self._deployments:
                raise TopologyError(f'{fields.label(resource)}: its API has no deployment "{deployment}"')
            settings = fields.outputs(resource)
            place = f"{settings.place}: routeSettings"
            return Stage(
                name=fields.text(resource, "name"),
                variables=fields.text_map(resource, "stageVariables"),
                limits=read_route_settings(
                    settings.part("defaultRouteSettings"),
                    [fields.Part(place, block) for block in settings.blocks("routeSettings")],
                ),
            )

        stages = (self._try(read, resource) for resource in self._of_api(STAGE, api))
        return {stage.name: stage for stage in stages if stage is not None}

    def _http_routes(self, api: Resource) -> dict[HttpRouteKey, HttpRoute]:
        integrations = self._integrations(api, self._http_integration)

        def read(resource: Resource) -> HttpRoute:
            key = HttpRouteKey.parse(fields.text(resource, "routeKey"))
            return HttpRoute(key=key, integration=_target(resource, integrations))

        routes = (self._try(read, resource) for resource in self._of_api(ROUTE, api))
        return {route.key: route for route in routes if route is not None}

    def _websocket_routes(self, api: Resource) -> dict[str, WebSocketRoute]:
        integrations = self._integrations(api, self._websocket_integration)

        def read(resource: Resource) -> WebSocketRoute:
            return WebSocketRoute(
                key=parse_websocket_route_key(fields.text(resource, "routeKey")),
                integration=_target(resource, integrations),
                two_way=fields.optional_text(resource, "routeResponseSelectionExpression") == "$default"
                and resource.id in self._answered_routes,
                required=tuple(
                    str(block.get("requestParameterKey"))
                    for block in fields.blocks(resource, "requestParameters")
                    if block.get("required") is True
                ),
            )

        routes = (self._try(read, resource) for resource in self._of_api(ROUTE, api))
        return {route.key: route for route in routes if route is not None}

    def _integrations(self, api: Resource, read: Callable[[Resource], Parsed]) -> dict[str, Parsed | None]:
        return {resource.id: self._try(read, resource) for resource in self._of_api(INTEGRATION, api)}

    def _http_integration(self, resource: Resource) -> HttpIntegration:
        return HttpIntegration(
            id=resource.id,
            method=fields.text(resource, "integrationMethod"),
            reach=reach_by_arn(
                self._network,
                fields.text(resource, "connectionId"),
                fields.text(resource, "integrationUri"),
                tls=resource.outputs.get("tlsConfig") is not None,
            ),
            request=http.RequestMapping.parse(fields.text_map(resource, "requestParameters")),
            response=http.ResponseMapping.parse(
                {
                    str(block.get("statusCode")): fields.Part(
                        f"{fields.label(resource)}: responseParameters", block
                    ).text_map("mappings")
                    for block in fields.blocks(resource, "responseParameters")
                }
            ),
            timeout=_timeout(resource, "HTTP"),
        )

    def _websocket_integration(self, resource: Resource) -> WebSocketIntegration:
        if resource.id in self._idle_mocks:
            return WebSocketIntegration(
                id=resource.id,
                method="POST",
                uri="",
                reach=Absorbed(),
                request=websocket.RequestMapping(entries=()),
                timeout=_timeout(resource, "WEBSOCKET"),
            )
        uri = fields.text(resource, "integrationUri")
        return WebSocketIntegration(
            id=resource.id,
            method=fields.text(resource, "integrationMethod"),
            uri=uri,
            reach=reach_by_url(self._network, fields.text(resource, "connectionId"), uri),
            request=websocket.RequestMapping.parse(fields.text_map(resource, "requestParameters")),
            timeout=_timeout(resource, "WEBSOCKET"),
        )


def _idle_mocks(recording: Recording) -> Iterator[str]:
    """Yield the integrations that succeed whatever comes and answer nothing: mocks, as a retired route has one."""
    answering = {
        fields.text(response, "integrationId")
        for response in recording.of_type(INTEGRATION_RESPONSE)
        if response.outputs.get("responseTemplates")
    }
    for integration in recording.of_type(INTEGRATION):
        succeeds = integration.outputs.get("requestTemplates") == {"$default": '{"statusCode": 200}'}
        if fields.text(integration, "integrationType") == "MOCK" and succeeds and integration.id not in answering:
            yield integration.id


def _refuse_unsupported(resource: Resource) -> None:
    for key in UNSUPPORTED.get(resource.type, ()):
        if resource.outputs.get(key):
            raise TopologyError(f"{fields.label(resource)}: {key} is not supported by the local gateway yet")
    if resource.type == INTEGRATION:
        kind = fields.text(resource, "integrationType")
        connection = fields.optional_text(resource, "connectionType") or "INTERNET"
        if (kind, connection) != ("HTTP_PROXY", "VPC_LINK"):
            raise TopologyError(
                f"{fields.label(resource)}: the local gateway serves HTTP_PROXY integrations through a VPC_LINK only "
                f"so far, got {kind} through {connection}"
            )
    if resource.type == ROUTE:
        authorization = fields.optional_text(resource, "authorizationType") or "NONE"
        if authorization != "NONE":
            raise TopologyError(
                f"{fields.label(resource)}: authorizationType {authorization} is not supported by the local gateway yet"
            )


def _target(route: Resource, integrations: Mapping[str, Parsed | None]) -> Parsed:
    target = fields.text(route, "target")
    kind, _, integration_id = target.partition("/")
    if kind != "integrations" or integration_id not in integrations:
        raise TopologyError(f'{fields.label(route)}: its API has no integration for the target "{target}"')
    integration = integrations[integration_id]
    if integration is None:
        raise TopologyError(f'{fields.label(route)}: its integration "{integration_id}" cannot be served')
    return integration


def _timeout(resource: Resource, protocol: Protocol) -> float:
    milliseconds = fields.optional_integer(resource, "timeoutMilliseconds")
    return (limits.INTEGRATION_TIMEOUT_MILLIS[protocol][1] if milliseconds is None else milliseconds) / 1000
