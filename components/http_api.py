"""An HTTP API: routes, integrations and authorizers, and the stages under which it answers."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from gatelink.outputs import ApiOutputs, StageOutputs, exported
from settings import HttpApi as HttpApiSpec
from settings import HttpStage
from settings.apis import Cors

from .arguments import check_args
from .authorizers import authorization_of, make_authorizer
from .backend_in_use import BackendInUse
from .defaults import log_prefix, stack_tags
from .exports import ApiExports
from .http_integrations import MadeIntegration, Surroundings, make_integration
from .integration_plan import http_content_hash, plan_http_integrations
from .lambda_permissions import allow_integrations
from .naming import Tags, http_route_name
from .service_roles import Place
from .single import check_http_api
from .stack import Stack
from .stages import DeployedStage, StageArgs, deploy_stage
from .vpc_links import VpcLinks


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpApiArgs:
    """What an HTTP API is made of.

    ``log_prefix`` is the first part of its log groups' names, ``backends`` are by name, ``link_id`` is the v2 link's,
    None where there is none, ``permissions_boundary`` the managed policy that bounds the roles of service integrations,
    if there is one. ``is_checked`` is true where the settings were checked with all others, as a stack file's are.
    """

    spec: HttpApiSpec
    log_prefix: str = field(default_factory=log_prefix)
    backends: Mapping[str, BackendInUse] = field(default_factory=dict)
    link_id: pulumi.Input[str] | None = None
    tags: Tags = field(default_factory=stack_tags)
    permissions_boundary: pulumi.Input[str] | None = None
    is_checked: bool = False


class HttpApi(pulumi.ComponentResource):
    """An HTTP API in front of private backends, public URLs, functions and AWS services.

    What its settings say of a domain, of callers' roles and of alarms is made by components of their own. Raises
    ``SettingsError`` with every problem of the settings, before anything is registered.
    """

    name: str
    spec: HttpApiSpec
    api_id: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    """What a client calls: ``https://…``, with the first stage's name where it has one."""
    execution_arn: pulumi.Output[str]
    stages: Mapping[str, DeployedStage]
    """By name, in the order of the stack file."""

    def __init__(self, name: str, args: HttpApiArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check_args("HttpApi", name, args, HttpApiArgs)
        if not args.is_checked:
            check_http_api(name, args.spec, args.backends, args.link_id)
        super().__init__("gatelink:components:HttpApi", name, None, opts)
        self.name, self.spec, self._args = name, args.spec, args
        self._child = pulumi.ResourceOptions(parent=self)
        self.stage_name = args.spec.all_stages[0].name
        self._api = self._make_api()
        self._authorizers = {
            key: make_authorizer(name, key, self._api, args.spec.authorizers[key], self)
            for key in sorted(args.spec.authorizers)
        }
        plan = plan_http_integrations(name, args.spec)
        around = Surroundings(
            api_id=self._api.id,
            backends=args.backends,
            link_id=args.link_id,
            has_named_stage=any(stage.name != "$default" for stage in args.spec.all_stages),
            permissions=allow_integrations(name, plan.integrations.values(), self._api.execution_arn, self),
            ask_place=functools.cache(Place.ask),
            tags=args.tags,
            permissions_boundary=args.permissions_boundary,
        )
        self._integrations = {
            logical: make_integration(logical, spec, around, self) for logical, spec in plan.integrations.items()
        }
        routes = [self._route(key, self._integrations[plan.by_route[key]]) for key in sorted(args.spec.routes)]
        self.stages = self._deploy(routes)

        self.api_id = self._api.id
        self.execution_arn = self._api.execution_arn
        self.endpoint = self._endpoint_of(self.stage_name)
        self.register_outputs(exported(self.outputs()))

    def outputs(self) -> ApiExports:
        """Return what other stacks may read of this API; its stages by name where there are several."""
        several = self.stages if len(self.stages) > 1 else ()
        return ApiOutputs(
            api_id=self.api_id,
            protocol="HTTP",
            endpoint=self.endpoint,
            execution_arn=self.execution_arn,
            stage=self.stage_name,
            stages={stage: StageOutputs(endpoint=self._endpoint_of(stage)) for stage in several} or None,
        )

    def _make_api(self) -> aws.apigatewayv2.Api:
        spec = self.spec
        return aws.apigatewayv2.Api(
            self.name,
            protocol_type="HTTP",
            cors_configuration=cors_configuration(spec.cors) if spec.cors else None,
            disable_execute_api_endpoint=spec.disable_execute_api_endpoint,
            ip_address_type=spec.address_type,
            description=spec.description,
            version=spec.version,
            tags=self._args.tags,
            opts=self._child,
        )

    def _route(self, key: str, integration: MadeIntegration) -> aws.apigatewayv2.Route:
        route = self.spec.routes[key]
        authorization = authorization_of(route.authorization, self._authorizers)
        return aws.apigatewayv2.Route(
            http_route_name(self.name, key),
            api_id=self._api.id,
            route_key=key,
            target=pulumi.Output.concat("integrations/", integration.resource.id),
            authorization_type=authorization.type,
            authorizer_id=authorization.authorizer_id,
            authorization_scopes=list(route.authorization_scopes) or None,
            operation_name=route.operation_name,
            opts=pulumi.ResourceOptions(parent=self, depends_on=authorization.needed),
        )

    def _deploy(self, routes: Sequence[aws.apigatewayv2.Route]) -> dict[str, DeployedStage]:
        """Make the stages; those that do not deploy by themselves share one deployment."""
        deployment = None
        if not all(stage.auto_deploy for stage in self.spec.all_stages):
            deployment = self._deployment(routes)
        return {stage.name: self._stage(stage, deployment, routes) for stage in self.spec.all_stages}

    def _stage(
        self,
        stage: HttpStage,
        deployment: aws.apigatewayv2.Deployment | None,
        routes: Sequence[aws.apigatewayv2.Route],
    ) -> DeployedStage:
        return deploy_stage(
            StageArgs(
                api_name=self.name,
                api_id=self._api.id,
                log_prefix=self._args.log_prefix,
                name=stage.name,
                spec=stage,
                deployment=None if stage.auto_deploy else deployment,
                after=routes,
                tags=self._args.tags,
            ),
            self,
        )

    def _deployment(self, routes: Sequence[aws.apigatewayv2.Route]) -> aws.apigatewayv2.Deployment:
        """Deploy what is there now, and again whenever its content changes."""
        triggers: dict[str, pulumi.Input[str]] = {"spec": http_content_hash(self.spec)}
        backends = {spec.backend_name for spec in self.spec.used_integrations if spec.backend_name}
        if backends and self._args.link_id is not None:
            triggers["connectionId"] = self._args.link_id
        for backend in sorted(backends):
            in_use = self._args.backends[backend]
            triggers[f"integrationUri:{backend}"] = in_use.http_uri
            if in_use.spec.tls_name:
                triggers[f"serverNameToVerify:{backend}"] = in_use.spec.tls_name
        for name, authorizer in self._authorizers.items():
            triggers[f"authorizer:{name}"] = authorizer.resource.id
        for logical, integration in self._integrations.items():
            if integration.role:
                triggers[f"credentials:{logical}"] = integration.role.arn
        snapshotted = [
            *routes,
            *(integration.resource for integration in self._integrations.values()),
            *(resource for authorizer in self._authorizers.values() for resource in authorizer.needed),
        ]
        return aws.apigatewayv2.Deployment(
            self.name,
            api_id=self._api.id,
            triggers=triggers,
            # A deployment cannot be deleted while a stage points at it, so the new one comes first.
            opts=pulumi.ResourceOptions(parent=self, depends_on=snapshotted, delete_before_replace=False),
        )

    def _endpoint_of(self, stage: str) -> pulumi.Output[str]:
        return pulumi.Output.concat(self._api.api_endpoint, "" if stage == "$default" else f"/{stage}")


def provide(stack: Stack, backends: Mapping[str, BackendInUse], links: VpcLinks) -> dict[str, HttpApi]:
    """Make every HTTP API of the stack."""
    link_id = links.http.link_id if links.http else None
    return {
        name: HttpApi(
            name,
            HttpApiArgs(
                spec=spec,
                log_prefix=stack.log_prefix,
                backends=backends,
                link_id=link_id,
                tags=stack.tags,
                permissions_boundary=stack.settings.permissions_boundary,
                is_checked=True,
            ),
        )
        for name, spec in stack.settings.apis.items()
        if isinstance(spec, HttpApiSpec)
    }


def cors_configuration(cors: Cors) -> aws.apigatewayv2.ApiCorsConfigurationArgs:
    """Return the CORS settings in the words of the provider; what is left out stays out."""
    return aws.apigatewayv2.ApiCorsConfigurationArgs(
        allow_origins=list(cors.allow_origins) or None,
        allow_methods=list(cors.allow_methods) or None,
        allow_headers=list(cors.allow_headers) or None,
        expose_headers=list(cors.expose_headers) or None,
        max_age=cors.max_age,
        allow_credentials=cors.allow_credentials,
    )
