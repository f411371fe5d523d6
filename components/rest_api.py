"""A REST API: one OpenAPI document, a deployment keyed by its content, and stages.

The API changes in place, by an import of its whole document, and the deployment comes after it. So the new deployment
has nothing of a route that left or that leads elsewhere now, and once the stages point at it, the old deployment and
then the link that it led to can go: nothing has to be deleted before something else is made.

The document names links by stage variables (:mod:`components.rest_integrations` says why), so it is the stages that
have their ids. A stage gets the new deployment and the new ids by one ``UpdateStage`` of the provider, and until then
its callers are served as before, whatever was imported. As a stage depends on its links, none of them goes before it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from apigateway.resource_policies import caller_policy, policy_text
from gatelink.outputs import ApiOutputs, StageOutputs, exported
from settings import RestApi as RestApiSpec
from settings import RestStage

from .account_logging import AccountLogging
from .arguments import check_args
from .backend_in_use import BackendInUse
from .defaults import log_prefix, stack_tags
from .exports import ApiExports
from .integration_plan import digest, rest_content_hash
from .lambda_permissions import allow_integrations, allow_rest_authorizers
from .naming import Tags
from .private_endpoint import EndpointInUse
from .rest_definition import DefinitionArgs, api_description, definition
from .rest_integrations import RestReach
from .rest_security import resource_policy
from .rest_stages import RestStageArgs, deploy_rest_stage
from .single import check_rest_api
from .stack import Stack
from .stages import DeployedStage
from .vpc_links import VpcLinks


@dataclass(frozen=True, slots=True, kw_only=True)
class RestApiArgs:
    """What a REST API is made of.

    ``stack`` is the Pulumi stack's name and ``log_prefix`` the first part of the log groups' names;
    ``vpc_endpoint_ids`` are those by which a private API is called, and empty for others; ``account_logging`` is None
    where another stack keeps the account's logging role. ``is_checked`` is true where the settings were checked with
    all others, as a stack file's are.
    """

    spec: RestApiSpec
    stack: str = field(default_factory=pulumi.get_stack)
    log_prefix: str = field(default_factory=log_prefix)
    reach: RestReach = field(default_factory=RestReach)
    vpc_endpoint_ids: Sequence[pulumi.Input[str]] = ()
    account_logging: AccountLogging | None = None
    tags: Tags = field(default_factory=stack_tags)
    is_checked: bool = False


class RestApi(pulumi.ComponentResource):
    """A REST API in front of private backends, public URLs, functions and AWS services.

    What its settings say of a domain, of usage plans and of alarms is made by components of their own. Raises
    ``SettingsError`` with every problem of the settings, before anything is registered.
    """

    name: str
    spec: RestApiSpec
    api_id: pulumi.Output[str]
    api_name: pulumi.Output[str]
    """The API's own name, by which CloudWatch knows it."""
    endpoint: pulumi.Output[str]
    """What a client calls: ``https://…/stage``, with the first stage's name."""
    execution_arn: pulumi.Output[str]
    stages: Mapping[str, DeployedStage]
    """By name, in the order of the stack file."""

    def __init__(self, name: str, args: RestApiArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check_args("RestApi", name, args, RestApiArgs)
        if not args.is_checked:
            check_rest_api(name, args.spec, args.reach, args.vpc_endpoint_ids)
        self.name, self.spec, self._args = name, args.spec, args
        self.stage_name = args.spec.stage_name(args.stack)
        self._links = {backend: args.reach.link_of(backend) for backend in _backend_names(args.spec)}
        self._policy = resource_policy(args.spec, lambda: aws.get_partition().partition, args.vpc_endpoint_ids)
        document = definition(
            DefinitionArgs(
                title=name,
                spec=args.spec,
                reach=args.reach,
                policy=self._policy,
                vpc_endpoint_ids=args.vpc_endpoint_ids,
            )
        )
        super().__init__("gatelink:components:RestApi", name, None, opts)
        self._api = self._make_api(pulumi.Output.json_dumps(document, sort_keys=True))
        self.api_id = self._api.id
        self.api_name = self._api.name
        self.execution_arn = self._api.execution_arn

        permissions = [
            *allow_integrations(name, args.spec.used_integrations, self.execution_arn, self).values(),
            *allow_rest_authorizers(name, args.spec.authorizers, self.execution_arn, self),
        ]
        self.stages = self._deploy(self._deployment(permissions))
        self.endpoint = self._endpoint_of(self.stages[self.stage_name])
        self.register_outputs(exported(self.outputs()))

    def outputs(self) -> ApiExports:
        """Return what other stacks may read of this API; its stages by name where there are several."""
        several = self.stages if len(self.stages) > 1 else {}
        return ApiOutputs(
            api_id=self.api_id,
            protocol="REST",
            endpoint=self.endpoint,
            execution_arn=self.execution_arn,
            stage=self.stage_name,
            stages={name: StageOutputs(endpoint=self._endpoint_of(stage)) for name, stage in several.items()} or None,
            caller_policy=self.execution_arn.apply(_caller_policy) if _needs_a_caller_policy(self.spec) else None,
            vpc_endpoint_ids=list(self._args.vpc_endpoint_ids) or None,
        )

    def _make_api(self, body: pulumi.Output[str]) -> aws.apigateway.RestApi:
        """Make the API, of the document and of what the provider says again after each import of one.

        It would say again what the stack file once said, and no longer does, of binary types and of compression, so
        that both are said in any case: none, and -1 for none. The import is not told to fail for a warning. API Gateway
        gives them for minor things ("Errors and warnings from importing your API into API Gateway"), a keyword of a
        model that it leaves out among them, and would then refuse an API that works.

        An API that becomes private, or stops being so, is another one: the provider keeps the VPC endpoints of a
        private API when its type changes, and API Gateway refuses those of any other ("VPCEndpoints can only be
        specified with PRIVATE apis", terraform-provider-aws#14269). The new one is made first and has its own stages,
        links and callers' policy; what leads to the API is led to it, and then the old one goes.
        """
        spec = self.spec
        compression = spec.minimum_compression_size
        return aws.apigateway.RestApi(
            self.name,
            body=body,
            endpoint_configuration=aws.apigateway.RestApiEndpointConfigurationArgs(
                types=spec.endpoint_configuration.type,
                ip_address_type=spec.address_type,
                vpc_endpoint_ids=list(self._args.vpc_endpoint_ids) or None,
            ),
            policy=None if self._policy is None else pulumi.Output.from_input(self._policy).apply(policy_text),
            binary_media_types=list(spec.binary_media_types),
            minimum_compression_size="-1" if compression is None else str(compression),
            api_key_source=spec.api_key_source_type,
            disable_execute_api_endpoint=spec.disable_execute_api_endpoint,
            description=api_description(self.name, spec),
            tags=self._args.tags,
            opts=pulumi.ResourceOptions(
                parent=self,
                delete_before_replace=False,
                replacement_trigger="private" if spec.is_private else "public",
            ),
        )

    def _deployment(self, permissions: Sequence[pulumi.Resource]) -> aws.apigateway.Deployment:
        """Deploy what is there now, and again whenever its content changes."""
        triggers: dict[str, pulumi.Input[str]] = {"spec": rest_content_hash(self.spec)}
        for backend, link in self._links.items():
            triggers[f"connectionId:{backend}"] = link.connection_id
            triggers[f"integrationUri:{backend}"] = link.uri
            if link.target is not None:
                triggers[f"integrationTarget:{backend}"] = link.target
        if isinstance(self._policy, pulumi.Output):
            triggers["policy"] = self._policy.apply(policy_text).apply(digest)
        return aws.apigateway.Deployment(
            self.name,
            rest_api=self.api_id,
            triggers=triggers,
            # A deployment cannot be deleted while a stage points at it, so the new one comes first.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self._api, *permissions], delete_before_replace=False),
        )

    def _deploy(self, deployment: aws.apigateway.Deployment) -> dict[str, DeployedStage]:
        """Point every stage at the deployment, and have it know the links."""
        found = {self.spec.stage_name(self._args.stack, stage): stage for stage in self.spec.all_stages}
        return {name: self._stage(name, stage, deployment) for name, stage in found.items()}

    def _stage(self, name: str, spec: RestStage, deployment: aws.apigateway.Deployment) -> DeployedStage:
        logging = self._args.account_logging
        return deploy_rest_stage(
            RestStageArgs(
                api_name=self.name,
                api_id=self.api_id,
                log_prefix=self._args.log_prefix,
                name=name,
                spec=spec,
                deployment=deployment,
                routes=self.spec.routes,
                link_ids={link.variable: link.connection_id for link in self._links.values()},
                web_acl_arn=self.spec.web_acl_arn,
                after=[logging.setting] if spec.has_logs and logging else [],
                tags=self._args.tags,
            ),
            self,
        )

    def _endpoint_of(self, stage: DeployedStage) -> pulumi.Output[str]:
        """Return a stage's URL.

        A private API's has the name of its first VPC endpoint, which leads to the endpoint wherever it is looked up.
        """
        url = stage.resource.invoke_url
        if not self._args.vpc_endpoint_ids:
            return url
        return pulumi.Output.all(url, self.api_id, self._args.vpc_endpoint_ids[0]).apply(_by_endpoint)


def provide(
    stack: Stack,
    backends: Mapping[str, BackendInUse],
    links: VpcLinks,
    account_logging: AccountLogging | None,
    private_endpoint: EndpointInUse | None,
) -> dict[str, RestApi]:
    """Make every REST API of the stack."""
    reach = RestReach(
        backends=backends,
        link_ids={name: link.link_id for name, link in links.rest.items()},
        http_link_id=links.http.link_id if links.http else None,
    )
    return {
        name: RestApi(
            name,
            RestApiArgs(
                spec=spec,
                stack=stack.name,
                log_prefix=stack.log_prefix,
                reach=reach,
                vpc_endpoint_ids=_endpoint_ids(spec, private_endpoint),
                account_logging=account_logging,
                tags=stack.tags,
                is_checked=True,
            ),
        )
        for name, spec in stack.settings.apis.items()
        if isinstance(spec, RestApiSpec)
    }


def _backend_names(spec: RestApiSpec) -> list[str]:
    """Return the backends that the API's integrations lead to, in an order that no file changes."""
    return sorted({found.backend_name for found in spec.used_integrations if found.backend_name})


def _endpoint_ids(spec: RestApiSpec, private_endpoint: EndpointInUse | None) -> tuple[pulumi.Input[str], ...]:
    """Return the endpoints of a private API: those that the stack file names, or the one of the stack."""
    if not spec.is_private or spec.endpoint_configuration.vpc_endpoint_ids:
        return spec.endpoint_configuration.vpc_endpoint_ids
    return (private_endpoint.endpoint_id,) if private_endpoint else ()


def _needs_a_caller_policy(spec: RestApiSpec) -> bool:
    """Tell whether a caller's own account has a say: by the API's policy, or by a route that wants signed calls."""
    return (
        bool(spec.invoke_principals)
        or spec.resource_policy is not None
        or any(route.authorization == "AWS_IAM" for route in spec.routes.values())
    )


def _by_endpoint(known: Sequence[str]) -> str:
    url, api_id, endpoint_id = known
    return url.replace(f"//{api_id}.", f"//{api_id}-{endpoint_id}.", 1)


def _caller_policy(execution_arn: str) -> str:
    return policy_text(caller_policy(execution_arn))
