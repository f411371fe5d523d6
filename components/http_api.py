"""An HTTP API: routes and integrations over one VPC link, and a stage that deploys by itself."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from settings import HttpApi as HttpApiSpec
from settings import HttpIntegration

from .backend import Backend
from .integration_plan import plan_http_integrations
from .naming import Tags, http_route_name
from .stack import Stack
from .stage_settings import access_log_group, access_log_settings, default_route_settings, route_settings
from .vpc_links import VpcLinks


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpApiArgs:
    """What an HTTP API is made of.

    ``stack`` is the Pulumi stack's name, ``backends`` are by name, ``link_id`` is the v2 link's, None where there is
    none.
    """

    spec: HttpApiSpec
    stack: str
    backends: Mapping[str, Backend]
    link_id: pulumi.Input[str] | None
    tags: Tags


class HttpApi(pulumi.ComponentResource):
    """An HTTP API whose backends are private."""

    api_id: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    """What a client calls: ``https://…``, with the stage's name where it has one."""
    execution_arn: pulumi.Output[str]

    def __init__(self, name: str, args: HttpApiArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("gatelink:components:HttpApi", name, None, opts)
        self._name, self._args, self._spec = name, args, args.spec
        self._child = pulumi.ResourceOptions(parent=self)
        self.stage_name = args.spec.stage_name(args.stack)
        self._api = aws.apigatewayv2.Api(name, protocol_type="HTTP", tags=args.tags, opts=self._child)
        plan = plan_http_integrations(name, args.spec)
        integrations = {logical: self._integration(logical, spec) for logical, spec in plan.integrations.items()}
        routes = [
            aws.apigatewayv2.Route(
                http_route_name(name, key),
                api_id=self._api.id,
                route_key=key,
                target=pulumi.Output.concat("integrations/", integrations[plan.by_route[key]].id),
                authorization_type=args.spec.routes[key].authorization,
                operation_name=args.spec.routes[key].operation_name,
                opts=self._child,
            )
            for key in sorted(args.spec.routes)
        ]
        self._stage(routes)

        self.api_id = self._api.id
        self.execution_arn = self._api.execution_arn
        path = "" if self.stage_name == "$default" else f"/{self.stage_name}"
        self.endpoint = pulumi.Output.concat(self._api.api_endpoint, path)
        self.register_outputs(self.outputs())

    def outputs(self) -> dict[str, pulumi.Input[str]]:
        """Return what other stacks may read of this API."""
        return {
            "apiId": self.api_id,
            "protocol": "HTTP",
            "endpoint": self.endpoint,
            "executionArn": self.execution_arn,
            "stage": self.stage_name,
        }

    def _integration(self, logical: str, spec: HttpIntegration) -> aws.apigatewayv2.Integration:
        backend = self._args.backends[spec.backend]
        server_name = spec.tls_config.server_name_to_verify if spec.tls_config else backend.spec.tls_name
        return aws.apigatewayv2.Integration(
            logical,
            api_id=self._api.id,
            integration_type=spec.integration_type,
            integration_method=spec.integration_method,
            integration_uri=backend.listener_arn,
            connection_type="VPC_LINK",
            connection_id=self._args.link_id,
            payload_format_version="1.0",
            request_parameters=request_parameters(spec, self.stage_name) or None,
            response_parameters=[
                aws.apigatewayv2.IntegrationResponseParameterArgs(
                    status_code=status, mappings={str(to): str(template) for to, template in mappings.items()}
                )
                for status, mappings in sorted(spec.response_parameters.items())
            ]
            or None,
            tls_config=aws.apigatewayv2.IntegrationTlsConfigArgs(server_name_to_verify=server_name)
            if server_name
            else None,
            timeout_milliseconds=spec.timeout_in_millis or 30_000,
            description=spec.description,
            # An update in place would clear a status code whose mappings changed: the provider sends it as empty,
            # which means "delete" to API Gateway. A new integration takes over before the old one goes.
            opts=pulumi.ResourceOptions(
                parent=self, replace_on_changes=["responseParameters", "tlsConfig"], delete_before_replace=False
            ),
        )

    def _stage(self, routes: list[aws.apigatewayv2.Route]) -> None:
        stage, tags = self._spec.stage, self._args.tags
        access_logs = None
        if stage.access_logs:
            name = self.stage_name.removeprefix("$")
            group = access_log_group(
                f"{self._name}-access-logs",
                stage.access_logs,
                f"/aws/vendedlogs/gatelink/{self._args.stack}/{self._name}/{name}",
                tags,
                self,
            )
            access_logs = access_log_settings("HTTP", stage.access_logs, group)
        aws.apigatewayv2.Stage(
            self._name,
            api_id=self._api.id,
            name=self.stage_name,
            auto_deploy=stage.auto_deploy,
            stage_variables=dict(stage.variables) or None,
            default_route_settings=default_route_settings(stage),
            route_settings=route_settings(stage) or None,
            access_log_settings=access_logs,
            tags=tags,
            # Settings of a route are refused while the route is not there.
            opts=pulumi.ResourceOptions(parent=self, depends_on=routes),
        )


def provide(stack: Stack, backends: Mapping[str, Backend], links: VpcLinks) -> dict[str, HttpApi]:
    """Make every HTTP API of the stack."""
    link_id = links.http.link_id if links.http else None
    return {
        name: HttpApi(
            name, HttpApiArgs(spec=spec, stack=stack.name, backends=backends, link_id=link_id, tags=stack.tags)
        )
        for name, spec in stack.settings.apis.items()
        if isinstance(spec, HttpApiSpec)
    }


def request_parameters(spec: HttpIntegration, stage_name: str) -> dict[str, str]:
    """Return an integration's request mappings, the path's included.

    A private backend gets a named stage's prefix in the path (API Gateway Developer Guide, "Private integrations for
    HTTP APIs"), which no backend expects, so the client's path is mapped over it unless the stack maps the path itself.
    """
    mappings = {str(destination): str(template) for destination, template in spec.request_parameters.items()}
    if spec.path is not None:
        mappings["overwrite:path"] = spec.path
    elif stage_name != "$default" and not spec.maps_path:
        mappings["overwrite:path"] = "$request.path"
    return mappings
