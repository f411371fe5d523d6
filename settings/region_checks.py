"""What must stand in the stack's Region, by the ARNs that the file names.

A load balancer, a VPC link, a stage, a log group and an alarm take certificates, keys, balancers and topics of their
own Region alone (API reference of each service). A Lambda function may be another Region's where a role may call it;
its permission for the API would have to be made there. A user pool may be another Region's (API Gateway Developer
Guide, "Obtain permissions to create Amazon Cognito user pool authorizers for a REST API").
"""

import re
from collections.abc import Iterator

from apigateway import service_integrations
from apigateway.arns import LambdaFunction
from apigateway.errors import Problem
from apigateway.link_zones import LINK_ZONE_IDS
from apigateway.paths import Location
from apigateway.rules import Rule, stack_file
from apigateway.rules import domains as domain_rules
from apigateway.rules import integrations as integration_rules
from apigateway.rules import rest as rest_rules
from apigateway.suggest import nearest

from .api_places import functions_with_places, http_places, stages_with_places
from .apis import Api, HttpApi
from .authorizers import HttpRequestAuthorizer, WebSocketRequestAuthorizer
from .backends import Backend, BalancedBackend, CloudMapBackend, ExistingBackend
from .base import show
from .finding import problem_at
from .integrations import HttpServiceIntegration
from .network import NewNetwork
from .rest_apis import RestApi
from .rest_authorizers import RestRequestAuthorizer, RestTokenAuthorizer
from .stack import Settings

_REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d+")


def check_regions(settings: Settings, region: str | None) -> Iterator[Problem]:
    """Report each ARN of another Region than the stack's, where that is known."""
    for name, api in settings.apis.items():
        if isinstance(api, HttpApi):
            yield from _check_service_keys(name, api, region)
    if region is None:
        return
    if not _REGION.fullmatch(region):
        near = nearest(region, LINK_ZONE_IDS)
        more = f"; did you mean {near}?" if near else ""
        message = f"must be the name of a Region such as us-east-1, got {show(region)}{more}"
        yield Problem("aws:region", message, stack_file.REGION.id)
        return
    for rule, at, arn in _regional(settings):
        # The fourth part is the Region; an IAM server certificate has none.
        named = arn.split(":")[3] if arn else ""
        if named not in ("", region):
            yield problem_at(rule, f"must stand in {region}, the stack's Region, got {show(arn)}", *at)
    for name, api in settings.apis.items():
        yield from _check_calls(name, api, region)


def _check_calls(name: str, api: Api, region: str) -> Iterator[Problem]:
    """Want what an API calls to be where the call goes."""
    for place, function in _permitting_functions(api):
        if function.region != region:
            message = f"must stand in {region}, or be called by a role (credentialsArn), got {show(str(function))}"
            yield problem_at(stack_file.REGION, message, "apis", name, *place)
    if isinstance(api, HttpApi):
        yield from _check_queues(name, api, region)


def _check_queues(name: str, api: HttpApi, region: str) -> Iterator[Problem]:
    """Want the Region of a queue that is not in the stack's own, where a service is called unless told otherwise."""
    for place, spec, _ in http_places(api):
        if isinstance(spec, HttpServiceIntegration) and "Region" not in spec.request_parameters:
            home = service_integrations.queue_region(
                {key: str(value) for key, value in spec.request_parameters.items()}
            )
            if home not in (None, region):
                message = f"names a queue in {home}, and the call goes to {region}; give Region: {home}"
                here: Location = ("apis", name, *place, "requestParameters", "QueueUrl")
                yield problem_at(integration_rules.SERVICE_PARAMETERS, message, *here)


def _check_service_keys(name: str, api: HttpApi, region: str | None) -> Iterator[Problem]:
    """Want the key of a service's resource beside the resource: a service decrypts with keys of its own Region."""
    for place, spec, _ in http_places(api):
        if not isinstance(spec, HttpServiceIntegration) or spec.kms_key_arn is None:
            continue
        named = str(spec.request_parameters.get("Region", ""))
        resource = spec.resource_arn.split(":")[3] if spec.resource_arn else ""
        home = resource or named or region
        if home and "$" not in home and spec.kms_key_arn.split(":")[3] != home:
            message = f"must stand in {home}, where the resource that it encrypts is, got {show(spec.kms_key_arn)}"
            yield problem_at(stack_file.REGION, message, "apis", name, *place, "kmsKeyArn")


def _permitting_functions(api: Api) -> Iterator[tuple[Location, LambdaFunction]]:
    """Yield the functions that get a permission for the API."""
    yield from functions_with_places(api)
    for name, authorizer in api.authorizers.items():
        match authorizer:
            case (
                HttpRequestAuthorizer() | WebSocketRequestAuthorizer() | RestRequestAuthorizer() | RestTokenAuthorizer()
            ) if not authorizer.authorizer_credentials_arn:
                yield ("authorizers", name, "authorizerUri"), authorizer.authorizer_uri
            case _:
                continue


Regional = tuple[Rule, Location, str | None]


def _regional(settings: Settings) -> Iterator[Regional]:
    network = settings.network
    if isinstance(network, NewNetwork) and network.flow_logs:
        yield stack_file.REGION, ("network", "flowLogs", "kmsKeyArn"), network.flow_logs.kms_key_arn
    for name, backend in settings.backends.items():
        yield from _of_backend(backend, ("backends", name))
    for name, api in settings.apis.items():
        yield from _of_api(api, ("apis", name))


def _of_backend(backend: Backend, at: Location) -> Iterator[Regional]:
    match backend:
        case BalancedBackend():
            yield stack_file.REGION, (*at, "listener", "certificateArn"), backend.listener.certificate_arn
            yield stack_file.REGION, (*at, "target", "loadBalancerArn"), backend.target.load_balancer_arn
        case ExistingBackend():
            yield stack_file.REGION, (*at, "listenerArn"), backend.listener_arn
            yield stack_file.REGION, (*at, "loadBalancerArn"), backend.load_balancer_arn
        case CloudMapBackend():
            yield stack_file.REGION, (*at, "cloudMap", "serviceArn"), backend.cloud_map.service_arn


def _of_api(api: Api, at: Location) -> Iterator[Regional]:
    if isinstance(api, RestApi):
        yield rest_rules.WEB_ACL, (*at, "webAclArn"), api.web_acl_arn
    if api.domain and not api.domain.is_edge:
        own = api.domain.ownership_verification_certificate_arn
        yield domain_rules.DOMAIN_REGION, (*at, "domain", "certificateArn"), api.domain.certificate_arn
        yield domain_rules.DOMAIN_REGION, (*at, "domain", "ownershipVerificationCertificateArn"), own
    for place, stage in stages_with_places(api):
        if stage.access_logs:
            yield stack_file.REGION, (*at, *place, "accessLogs", "kmsKeyArn"), stage.access_logs.kms_key_arn
    if api.alarms:
        yield stack_file.REGION, (*at, "alarms", "snsTopicArn"), api.alarms.sns_topic_arn
