"""Reads a whole recording: every API by its kind, and the domains that lead to them."""

from collections.abc import Callable
from typing import TypeVar

from apigateway.errors import TopologyError
from local.recording import Recording, Resource
from local.topology import Topology
from local.topology.http import HttpApi
from local.topology.reading import fields
from local.topology.reading.domains import read_domains
from local.topology.reading.http import read_http_api
from local.topology.reading.network import Network, output_blocks
from local.topology.reading.problems import Problems
from local.topology.reading.rest import read_definition
from local.topology.reading.rest_links import RestLinks
from local.topology.reading.rest_stages import read_stages
from local.topology.reading.version_two import API, VersionTwo
from local.topology.reading.websocket import read_websocket_api
from local.topology.rest import RestApi
from local.topology.websocket import WebSocketApi

REST_API = "aws:apigateway/restApi:RestApi"

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


def build_topology(recording: Recording) -> Topology:
    """Read the recorded registrations; raises TopologyError with one line for every resource that cannot be served."""
    return _Reader(recording).read()


class _Reader:
    """Collects what is wrong while it reads, so that one run shows everything."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._network = Network.read(recording)
        self._problems = Problems()

    def read(self) -> Topology:
        recording = self._recording
        http_apis: list[HttpApi] = []
        websocket_apis: list[WebSocketApi] = []
        for resource in recording.of_type(API):
            match self._attempt(self._version_two, resource):
                case HttpApi() as api:
                    http_apis.append(api)
                case WebSocketApi() as api:
                    websocket_apis.append(api)
                case None:
                    pass
        rest_apis = [self._attempt(self._rest_api, resource) for resource in recording.of_type(REST_API)]
        self._problems.add(
            f"{fields.label(resource)}: the local gateway reads the body of a REST API and nothing beside it"
            for resource_type in REST_PARTS
            for resource in recording.of_type(resource_type)
        )
        domains = self._problems.attempt("", lambda: read_domains(recording))
        return self._problems.verdict(
            Topology(
                http_apis=tuple(sorted(http_apis, key=lambda api: api.name)),
                websocket_apis=tuple(sorted(websocket_apis, key=lambda api: api.name)),
                backends=tuple(sorted(output_blocks(recording, "backends"))),
                rest_apis=tuple(sorted((api for api in rest_apis if api is not None), key=lambda api: api.name)),
                domains=domains or (),
            )
        )

    def _attempt(self, read: Callable[[Resource], Parsed], resource: Resource) -> Parsed | None:
        return self._problems.attempt(fields.label(resource), lambda: read(resource))

    def _version_two(self, resource: Resource) -> HttpApi | WebSocketApi:
        protocol = fields.text(resource, "protocolType")
        parts = VersionTwo(self._recording, self._network, self._problems, resource)
        match protocol:
            case "HTTP":
                return read_http_api(parts, self._name(resource))
            case "WEBSOCKET":
                return read_websocket_api(parts, self._name(resource))
            case _:
                raise TopologyError(
                    f'{fields.label(resource)}: protocolType must be HTTP or WEBSOCKET, got "{protocol}"'
                )

    def _rest_api(self, resource: Resource) -> RestApi | None:
        stages = self._attempt(lambda api: read_stages(self._recording, api), resource)
        # Stages that cannot be read are a problem already: no link is looked for in them.
        links = RestLinks(network=self._network, stages=stages or {})
        name = self._attempt(self._name, resource)
        definition = self._attempt(lambda api: read_definition(api, links, name), resource)
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
            by_domain_alone=fields.flag(resource, "disableExecuteApiEndpoint"),
        )

    def _name(self, resource: Resource) -> str:
        for name, block in output_blocks(self._recording, "apis").items():
            if block.get("apiId") == resource.id:
                return name
        raise TopologyError(f"{fields.label(resource)}: not among the stack's outputs apis.<name>.apiId")
