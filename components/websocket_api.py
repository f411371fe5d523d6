"""A WebSocket API: routes and integrations over VPC links, a deployment keyed by content, and a stage."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import pulumi
import pulumi_aws as aws

from apigateway.mapping import websocket
from settings import WebSocketApi as WebSocketApiSpec
from settings import WebSocketIntegration, WebSocketRoute
from settings.stages import WebSocketAccessLogs

from .account_logging import AccountLogging
from .backend import Backend
from .integration_plan import plan_websocket_integrations, websocket_content_hash
from .naming import Tags
from .stack import Stack
from .stage_settings import access_log_group, access_log_settings, default_route_settings, route_settings
from .vpc_links import VpcLinks


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSocketApiArgs:
    """What a WebSocket API is made of.

    ``stack`` is the Pulumi stack's name; ``backends`` and ``link_ids``, those of v1 links, are by backend name;
    ``account_logging`` is None where another stack keeps the account's logging role.
    """

    spec: WebSocketApiSpec
    stack: str
    backends: Mapping[str, Backend]
    link_ids: Mapping[str, pulumi.Input[str]]
    account_logging: AccountLogging | None
    tags: Tags


class WebSocketApi(pulumi.ComponentResource):
    """A WebSocket API whose backends are private."""

    api_id: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    """What a client connects to: ``wss://…/stage``."""
    execution_arn: pulumi.Output[str]
    connections_url: pulumi.Output[str]
    """What a backend posts to: ``https://…/stage``, followed by ``/@connections/{connectionId}``."""
    manage_connections_arn: pulumi.Output[str]
    """What a backend's IAM policy allows ``execute-api:ManageConnections`` on: POST, GET and DELETE."""

    def __init__(self, name: str, args: WebSocketApiArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("gatelink:components:WebSocketApi", name, None, opts)
        self._name, self._args, self._spec = name, args, args.spec
        self._child = pulumi.ResourceOptions(parent=self)
        self.stage_name = args.spec.stage_name(args.stack)
        self._api = aws.apigatewayv2.Api(
            name,
            protocol_type="WEBSOCKET",
            route_selection_expression=str(args.spec.route_selection_expression),
            tags=args.tags,
            opts=self._child,
        )
        plan = plan_websocket_integrations(name, args.spec)
        integrations = {logical: self._integration(logical, spec) for logical, spec in plan.integrations.items()}
        snapshotted: list[pulumi.Resource] = list(integrations.values())
        for key in sorted(args.spec.routes):
            snapshotted += self._route(key, args.spec.routes[key], integrations[plan.by_route[key]])
        deployment = self._deployment({spec.backend for spec in plan.integrations.values()}, snapshotted)
        self._stage(deployment)

        self.api_id = self._api.id
        self.execution_arn = self._api.execution_arn
        self.endpoint = pulumi.Output.concat(self._api.api_endpoint, "/", self.stage_name)
        self.connections_url = self.endpoint.apply(partial(_with_scheme, "https"))
        self.manage_connections_arn = pulumi.Output.concat(
            self._api.execution_arn, "/", self.stage_name, "/*/@connections/*"
        )
        self.register_outputs(self.outputs())

    def outputs(self) -> dict[str, pulumi.Input[str]]:
        """Return what other stacks may read of this API."""
        return {
            "apiId": self.api_id,
            "protocol": "WEBSOCKET",
            "endpoint": self.endpoint,
            "executionArn": self.execution_arn,
            "stage": self.stage_name,
            "connectionsUrl": self.connections_url,
            "manageConnectionsArn": self.manage_connections_arn,
        }

    def _integration(self, logical: str, spec: WebSocketIntegration) -> aws.apigatewayv2.Integration:
        return aws.apigatewayv2.Integration(
            logical,
            api_id=self._api.id,
            integration_type=spec.integration_type,
            integration_method=spec.integration_method,
            integration_uri=pulumi.Output.concat(self._args.backends[spec.backend].url(), spec.path),
            connection_type="VPC_LINK",
            connection_id=self._args.link_ids[spec.backend],
            request_parameters={str(to): str(source) for to, source in spec.request_parameters.items()} or None,
            timeout_milliseconds=spec.timeout_in_millis or 29_000,
            description=spec.description,
            opts=self._child,
        )

    def _route(
        self, key: str, route: WebSocketRoute, integration: aws.apigatewayv2.Integration
    ) -> list[pulumi.Resource]:
        name = f"{self._name}-{key}"
        made = aws.apigatewayv2.Route(
            name,
            api_id=self._api.id,
            route_key=key,
            target=pulumi.Output.concat("integrations/", integration.id),
            authorization_type=route.authorization,
            operation_name=route.operation_name,
            request_parameters=[
                aws.apigatewayv2.RouteRequestParameterArgs(request_parameter_key=parameter, required=required)
                for parameter, required in declared_parameters(route, self._spec.integration_of(route)).items()
            ]
            or None,
            route_response_selection_expression="$default" if route.route_response else None,
            opts=self._child,
        )
        if not route.route_response:
            return [made]
        response = aws.apigatewayv2.RouteResponse(
            name, api_id=self._api.id, route_id=made.id, route_response_key="$default", opts=self._child
        )
        return [made, response]

    def _deployment(self, backends: set[str], snapshotted: list[pulumi.Resource]) -> aws.apigatewayv2.Deployment:
        """Deploy what is there now, and again whenever its content changes."""
        triggers: dict[str, pulumi.Input[str]] = {"spec": websocket_content_hash(self._spec)}
        for backend in sorted(backends):
            triggers[f"connectionId:{backend}"] = self._args.link_ids[backend]
            triggers[f"integrationUri:{backend}"] = self._args.backends[backend].url()
        return aws.apigatewayv2.Deployment(
            self._name,
            api_id=self._api.id,
            triggers=triggers,
            # A deployment cannot be deleted while the stage points at it, so the new one comes first.
            opts=pulumi.ResourceOptions(parent=self, depends_on=snapshotted, delete_before_replace=False),
        )

    def _stage(self, deployment: aws.apigatewayv2.Deployment) -> None:
        stage, tags = self._spec.stage, self._args.tags
        before: list[pulumi.Resource] = []
        if stage.has_logs and self._args.account_logging:
            before.append(self._args.account_logging.setting)
        if stage.logging_level != "OFF":
            before.append(self._execution_log_group())
        access_logs = None
        if stage.access_logs:
            group = access_log_group(
                f"{self._name}-access-logs",
                stage.access_logs,
                f"/aws/vendedlogs/gatelink/{self._args.stack}/{self._name}/{self.stage_name}",
                tags,
                self,
            )
            access_logs = access_log_settings("WEBSOCKET", stage.access_logs, group)
        aws.apigatewayv2.Stage(
            self._name,
            api_id=self._api.id,
            name=self.stage_name,
            deployment_id=deployment.id,
            stage_variables=dict(stage.variables) or None,
            default_route_settings=default_route_settings(stage),
            route_settings=route_settings(stage) or None,
            access_log_settings=access_logs,
            tags=tags,
            opts=pulumi.ResourceOptions(parent=self, depends_on=before),
        )

    def _execution_log_group(self) -> aws.cloudwatch.LogGroup:
        """Make the group that API Gateway would make itself, with the retention and the key of the access logs."""
        logs = self._spec.stage.access_logs or WebSocketAccessLogs()
        return aws.cloudwatch.LogGroup(
            f"{self._name}-execution-logs",
            name=pulumi.Output.concat("/aws/apigateway/", self._api.id, "/", self.stage_name),
            retention_in_days=logs.retention_days,
            kms_key_id=logs.kms_key_arn,
            tags=self._args.tags,
            opts=self._child,
        )


def provide(
    stack: Stack, backends: Mapping[str, Backend], links: VpcLinks, account_logging: AccountLogging | None
) -> dict[str, WebSocketApi]:
    """Make every WebSocket API of the stack."""
    link_ids = {name: link.link_id for name, link in links.rest.items()}
    return {
        name: WebSocketApi(
            name,
            WebSocketApiArgs(
                spec=spec,
                stack=stack.name,
                backends=backends,
                link_ids=link_ids,
                account_logging=account_logging,
                tags=stack.tags,
            ),
        )
        for name, spec in stack.settings.apis.items()
        if isinstance(spec, WebSocketApiSpec)
    }


def declared_parameters(route: WebSocketRoute, integration: WebSocketIntegration) -> dict[str, bool]:
    """Return what a route declares to read, each with whether it is required: its own word, and what mappings read."""
    read = (websocket.route_parameter(source) for source in integration.request_parameters.values())
    declared = {parameter: False for parameter in read if parameter}
    declared |= {parameter: constraint.required for parameter, constraint in route.request_parameters.items()}
    return dict(sorted(declared.items()))


def _with_scheme(scheme: str, url: str) -> str:
    return f"{scheme}://{url.partition('://')[2]}"
