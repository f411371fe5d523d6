"""A WebSocket API: routes, integrations, models and authorizers, a deployment keyed by their content, and stages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import pulumi
import pulumi_aws as aws

from gatelink.outputs import ApiOutputs, StageOutputs, exported
from settings import WebSocketApi as WebSocketApiSpec
from settings import WebSocketIntegration, WebSocketStage

from .account_logging import AccountLogging
from .arguments import check_args
from .authorizers import MadeAuthorizer, authorization_of, make_authorizer
from .backend_in_use import BackendInUse
from .defaults import log_prefix, stack_tags
from .exports import ApiExports, StageExports
from .integration_plan import IntegrationPlan, plan_websocket_integrations, websocket_content_hash
from .lambda_permissions import allow_integrations, function_of
from .naming import Tags
from .single import check_websocket_api
from .stack import Stack
from .stages import DeployedStage, StageArgs, deploy_stage
from .vpc_links import VpcLinks
from .websocket_integrations import Reach, make_integration
from .websocket_routes import RouteArgs, make_model, make_route


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSocketApiArgs:
    """What a WebSocket API is made of.

    ``stack`` is the Pulumi stack's name and ``log_prefix`` the first part of the log groups' names; ``backends`` and
    ``link_ids``, those of v1 links, are by backend name; ``account_logging`` is None where another stack keeps the
    account's logging role. ``is_checked`` is true where the settings were checked with all others, as a stack file's
    are.
    """

    spec: WebSocketApiSpec
    stack: str = field(default_factory=pulumi.get_stack)
    log_prefix: str = field(default_factory=log_prefix)
    backends: Mapping[str, BackendInUse] = field(default_factory=dict)
    link_ids: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    account_logging: AccountLogging | None = None
    tags: Tags = field(default_factory=stack_tags)
    is_checked: bool = False


class WebSocketApi(pulumi.ComponentResource):
    """A WebSocket API in front of private backends, public URLs, functions and AWS services.

    What its settings say of a domain, of callers' roles, of usage plans and of alarms is made by components of their
    own. Raises ``SettingsError`` with every problem of the settings, before anything is registered.
    """

    name: str
    spec: WebSocketApiSpec
    api_id: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    """What a client connects to: ``wss://…/stage``, with the first stage's name."""
    execution_arn: pulumi.Output[str]
    connections_url: pulumi.Output[str]
    """What a backend posts to: ``https://…/stage``, followed by ``/@connections/{connectionId}``."""
    manage_connections_arn: pulumi.Output[str]
    """What a backend's IAM policy allows ``execute-api:ManageConnections`` on: POST, GET and DELETE."""
    stages: Mapping[str, DeployedStage]
    """By name, in the order of the stack file."""

    def __init__(self, name: str, args: WebSocketApiArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check_args("WebSocketApi", name, args, WebSocketApiArgs)
        if not args.is_checked:
            check_websocket_api(name, args.spec, args.backends, args.link_ids)
        super().__init__("gatelink:components:WebSocketApi", name, None, opts)
        self.name, self.spec, self._args = name, args.spec, args
        self.stage_name = args.spec.stage_name(args.stack)
        self._api = self._make_api()
        self.api_id = self._api.id
        self.execution_arn = self._api.execution_arn

        plan = plan_websocket_integrations(name, args.spec)
        authorizers = {
            key: make_authorizer(name, key, self._api, args.spec.authorizers[key], self)
            for key in sorted(args.spec.authorizers)
        }
        self.stages = self._deploy(self._deployment(plan, authorizers, self._content(plan, authorizers)))

        self.endpoint = self._endpoint_of(self.stage_name)
        self.connections_url = self._connections_url_of(self.stage_name)
        self.manage_connections_arn = self._manage_connections_arn_of(self.stage_name)
        self.register_outputs(exported(self.outputs()))

    def outputs(self) -> ApiExports:
        """Return what other stacks may read of this API; its stages by name where there are several."""
        stages: dict[str, StageExports] = {
            stage: StageOutputs(
                endpoint=self._endpoint_of(stage),
                connections_url=self._connections_url_of(stage),
                manage_connections_arn=self._manage_connections_arn_of(stage),
            )
            for stage in (self.stages if len(self.stages) > 1 else ())
        }
        return ApiOutputs(
            api_id=self.api_id,
            protocol="WEBSOCKET",
            endpoint=self.endpoint,
            execution_arn=self.execution_arn,
            stage=self.stage_name,
            connections_url=self.connections_url,
            manage_connections_arn=self.manage_connections_arn,
            stages=stages or None,
        )

    def _make_api(self) -> aws.apigatewayv2.Api:
        spec = self.spec
        return aws.apigatewayv2.Api(
            self.name,
            protocol_type="WEBSOCKET",
            route_selection_expression=str(spec.route_selection_expression),
            api_key_selection_expression=spec.api_key_selection_expression,
            disable_execute_api_endpoint=spec.disable_execute_api_endpoint,
            ip_address_type=spec.address_type,
            description=spec.description,
            version=spec.version,
            tags=self._args.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _content(
        self, plan: IntegrationPlan[WebSocketIntegration], authorizers: Mapping[str, MadeAuthorizer]
    ) -> list[pulumi.Resource]:
        """Make all that a deployment snapshots but the authorizers."""
        spec = self.spec
        reach = Reach(backends=self._args.backends, link_ids=self._args.link_ids)
        permissions = allow_integrations(self.name, plan.integrations.values(), self.execution_arn, self)
        models = {
            name: make_model(self.name, self.api_id, name, model, self) for name, model in sorted(spec.models.items())
        }
        integrations = {
            logical: make_integration(logical, self.api_id, integration, reach, self)
            for logical, integration in plan.integrations.items()
        }
        snapshotted: list[pulumi.Resource] = [*models.values()]
        for made in integrations.values():
            snapshotted += made.resources
        for key, route in sorted(spec.routes.items()):
            leads_to = plan.integrations[plan.by_route[key]]
            function = function_of(leads_to)
            snapshotted += make_route(
                RouteArgs(
                    api_name=self.name,
                    api_id=self.api_id,
                    key=key,
                    spec=route,
                    reads=leads_to,
                    integration=integrations[plan.by_route[key]].resource,
                    authorization=authorization_of(route.authorization, authorizers),
                    models=models,
                    after=[permissions[function]] if function else [],
                ),
                self,
            )
        return snapshotted

    def _deployment(
        self,
        plan: IntegrationPlan[WebSocketIntegration],
        authorizers: Mapping[str, MadeAuthorizer],
        snapshotted: Sequence[pulumi.Resource],
    ) -> aws.apigatewayv2.Deployment:
        """Deploy what is there now, and again whenever its content changes."""
        triggers: dict[str, pulumi.Input[str]] = {"spec": websocket_content_hash(self.spec)}
        for backend in sorted({spec.backend_name for spec in plan.integrations.values() if spec.backend_name}):
            triggers[f"connectionId:{backend}"] = self._args.link_ids[backend]
            triggers[f"integrationUri:{backend}"] = self._args.backends[backend].url()
        after = list(snapshotted)
        for name, authorizer in authorizers.items():
            triggers[f"authorizer:{name}"] = authorizer.resource.id
            after += authorizer.needed
        return aws.apigatewayv2.Deployment(
            self.name,
            api_id=self.api_id,
            triggers=triggers,
            # A deployment cannot be deleted while a stage points at it, so the new one comes first.
            opts=pulumi.ResourceOptions(parent=self, depends_on=after, delete_before_replace=False),
        )

    def _deploy(self, deployment: aws.apigatewayv2.Deployment) -> dict[str, DeployedStage]:
        """Point every stage at the deployment."""
        found = {self.spec.stage_name(self._args.stack, stage): stage for stage in self.spec.all_stages}
        return {name: self._stage(name, stage, deployment) for name, stage in found.items()}

    def _stage(self, name: str, spec: WebSocketStage, deployment: aws.apigatewayv2.Deployment) -> DeployedStage:
        logging = self._args.account_logging
        return deploy_stage(
            StageArgs(
                api_name=self.name,
                api_id=self.api_id,
                log_prefix=self._args.log_prefix,
                name=name,
                spec=spec,
                deployment=deployment,
                after=[logging.setting] if spec.has_logs and logging else [],
                tags=self._args.tags,
            ),
            self,
        )

    def _endpoint_of(self, stage: str) -> pulumi.Output[str]:
        return pulumi.Output.concat(self._api.api_endpoint, "/", stage)

    def _connections_url_of(self, stage: str) -> pulumi.Output[str]:
        return self._endpoint_of(stage).apply(partial(_with_scheme, "https"))

    def _manage_connections_arn_of(self, stage: str) -> pulumi.Output[str]:
        return pulumi.Output.concat(self.execution_arn, "/", stage, "/*/@connections/*")


def provide(
    stack: Stack, backends: Mapping[str, BackendInUse], links: VpcLinks, account_logging: AccountLogging | None
) -> dict[str, WebSocketApi]:
    """Make every WebSocket API of the stack."""
    link_ids = {name: link.link_id for name, link in links.rest.items()}
    return {
        name: WebSocketApi(
            name,
            WebSocketApiArgs(
                spec=spec,
                stack=stack.name,
                log_prefix=stack.log_prefix,
                backends=backends,
                link_ids=link_ids,
                account_logging=account_logging,
                tags=stack.tags,
                is_checked=True,
            ),
        )
        for name, spec in stack.settings.apis.items()
        if isinstance(spec, WebSocketApiSpec)
    }


def _with_scheme(scheme: str, url: str) -> str:
    return f"{scheme}://{url.partition('://')[2]}"
