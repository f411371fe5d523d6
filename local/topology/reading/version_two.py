"""What HTTP and WebSocket APIs have in common in a recording: stages, authorizers, and how routes name integrations."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from apigateway import limits
from apigateway.context import Protocol
from apigateway.errors import TopologyError
from local.recording import Recording, Resource
from local.topology.authorization import Authorizers
from local.topology.reading import fields
from local.topology.reading.authorizers import read_authorizer
from local.topology.reading.limits import read_route_settings
from local.topology.reading.network import Network
from local.topology.reading.problems import Problems
from local.topology.reading.usage_plans import read_usage_plans
from local.topology.stages import Stage

API: Final = "aws:apigatewayv2/api:Api"
AUTHORIZER: Final = "aws:apigatewayv2/authorizer:Authorizer"
DEPLOYMENT: Final = "aws:apigatewayv2/deployment:Deployment"
INTEGRATION: Final = "aws:apigatewayv2/integration:Integration"
ROUTE: Final = "aws:apigatewayv2/route:Route"
STAGE: Final = "aws:apigatewayv2/stage:Stage"

Parsed = TypeVar("Parsed")


@dataclass(frozen=True, slots=True)
class VersionTwo:
    """One API of a recording, and where what is wrong about its parts is collected."""

    recording: Recording
    network: Network
    problems: Problems
    api: Resource

    def refuse(self, resource: Resource, *keys: str) -> None:
        """Raise TopologyError where a resource has what the gateway does not act on."""
        refused = [
            f"{fields.label(resource)}: {key} is not supported by the local gateway"
            for key in keys
            if resource.outputs.get(key)
        ]
        if refused:
            raise TopologyError("\n".join(refused))

    def of(self, resource_type: str) -> list[Resource]:
        """Return the API's resources of a type."""
        return [
            resource
            for resource in self.recording.of_type(resource_type)
            if fields.text(resource, "apiId") == self.api.id
        ]

    def read_each(self, resource_type: str, read: Callable[[Resource], Parsed]) -> dict[str, Parsed | None]:
        """Read the API's resources of a type, by their ids; None for one with a problem."""
        return {resource.id: self._attempt(resource, read) for resource in self.of(resource_type)}

    def _attempt(self, resource: Resource, read: Callable[[Resource], Parsed]) -> Parsed | None:
        return self.problems.attempt(fields.label(resource), lambda: read(resource))

    def stages(self, protocol: Protocol) -> dict[str, Stage]:
        """Return the API's stages by name."""
        deployments = {resource.id for resource in self.of(DEPLOYMENT)}

        def read(resource: Resource) -> Stage:
            deployment = fields.optional_text(resource, "deploymentId")
            if deployment is None and not (protocol == "HTTP" and fields.flag(resource, "autoDeploy")):
                raise TopologyError(f"{fields.label(resource)}: has no deploymentId, so it serves nothing")
            if deployment is not None and deployment not in deployments:
                raise TopologyError(f'{fields.label(resource)}: its API has no deployment "{deployment}"')
            settings, name = fields.outputs(resource), fields.text(resource, "name")
            place = f"{settings.place}: routeSettings"
            usage = read_usage_plans(self.recording, self.api.id, name)
            return Stage(
                name=name,
                variables=fields.text_map(resource, "stageVariables"),
                limits=read_route_settings(
                    settings.part("defaultRouteSettings"),
                    [fields.Part(place, block) for block in settings.blocks("routeSettings")],
                ),
                api_keys=usage.api_keys,
                plans=usage.plans,
            )

        stages = self.read_each(STAGE, read).values()
        return {stage.name: stage for stage in stages if stage is not None}

    def authorizers(self, protocol: Protocol) -> Authorizers:
        """Return the API's authorizers by id."""
        return self.read_each(AUTHORIZER, lambda resource: read_authorizer(resource, protocol))


def target(route: Resource, integrations: Mapping[str, Parsed | None]) -> Parsed:
    """Return the integration that a route names."""
    named = fields.text(route, "target")
    kind, _, integration_id = named.partition("/")
    if kind != "integrations" or integration_id not in integrations:
        raise TopologyError(f'{fields.label(route)}: its API has no integration for the target "{named}"')
    integration = integrations[integration_id]
    if integration is None:
        raise TopologyError(f'{fields.label(route)}: its integration "{integration_id}" cannot be served')
    return integration


def timeout(integration: Resource, protocol: Protocol) -> float:
    """Return how long an integration waits, in seconds."""
    milliseconds = fields.optional_integer(integration, "timeoutMilliseconds")
    return (limits.INTEGRATION_TIMEOUT_MILLIS[protocol][1] if milliseconds is None else milliseconds) / 1000
