"""What must stand in the stack's Region, by the ARNs that the file names.

A load balancer, a VPC link, a stage, a log group and an alarm take certificates, keys, balancers and topics of their
own Region alone (API reference of each service). A Lambda function may be another Region's where a role may call it;
its permission for the API would have to be made there.
"""

from collections.abc import Iterator

from apigateway.arns import LambdaFunction
from apigateway.errors import Problem
from apigateway.rules import Rule, stack_file
from apigateway.rules import domains as domain_rules

from .api_places import functions_with_places, stages_with_places
from .apis import HttpApi, WebSocketApi
from .authorizers import HttpRequestAuthorizer, WebSocketRequestAuthorizer
from .backends import Backend, BalancedBackend, CloudMapBackend, ExistingBackend
from .base import show
from .finding import Location, problem_at
from .network import NewNetwork
from .stack import Settings


def check_regions(settings: Settings, region: str | None) -> Iterator[Problem]:
    """Report each ARN of another Region than the stack's, where that is known."""
    if region is None:
        return
    for rule, at, arn in _regional(settings):
        # The fourth part is the Region; an IAM server certificate has none.
        named = arn.split(":")[3] if arn else ""
        if named not in ("", region):
            yield problem_at(rule, f"must stand in {region}, the stack's Region, got {show(arn)}", *at)
    for name, api in settings.apis.items():
        for place, function in _permitting_functions(api):
            if function.region != region:
                message = f"must stand in {region}, or be called by a role (credentialsArn), got {show(str(function))}"
                yield problem_at(stack_file.REGION, message, "apis", name, *place)


def _permitting_functions(api: WebSocketApi | HttpApi) -> Iterator[tuple[Location, LambdaFunction]]:
    """Yield the functions that get a permission for the API."""
    yield from functions_with_places(api)
    for name, authorizer in api.authorizers.items():
        match authorizer:
            case HttpRequestAuthorizer() | WebSocketRequestAuthorizer() if not authorizer.authorizer_credentials_arn:
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


def _of_api(api: WebSocketApi | HttpApi, at: Location) -> Iterator[Regional]:
    if api.domain:
        own = api.domain.ownership_verification_certificate_arn
        yield domain_rules.DOMAIN_REGION, (*at, "domain", "certificateArn"), api.domain.certificate_arn
        yield domain_rules.DOMAIN_REGION, (*at, "domain", "ownershipVerificationCertificateArn"), own
    for place, stage in stages_with_places(api):
        if stage.access_logs:
            yield stack_file.REGION, (*at, *place, "accessLogs", "kmsKeyArn"), stage.access_logs.kms_key_arn
    if api.alarms:
        yield stack_file.REGION, (*at, "alarms", "snsTopicArn"), api.alarms.sns_topic_arn
