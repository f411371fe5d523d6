"""Stages of REST APIs: the deployed faces, their cache, logs and web ACL, and the settings of all and of some methods.

Settings are by method path, ``~1pets~1{petId}/GET``, and ``*/*`` stands for all methods (botocore ``apigateway``,
``Stage.methodSettings``; the CloudFormation page "AWS::ApiGateway::Stage MethodSetting" has the escape of a slash). A
method path names one method of HTTP each, ``ANY`` being none of them, so the settings of an ``ANY`` route are those of
the seven methods.

A cache holds the answers of ``GET`` methods unless a method's own settings say otherwise, ``*/*`` or not (AWS page
"Cache settings for REST APIs in API Gateway").
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from apigateway.rest_resources import METHODS, RestRouteKey
from settings import RestStage
from settings.rest_stages import RestRouteSettings

from .naming import Tags
from .stages import DeployedStage, access_log_group, execution_log_group, rate_and_burst


@dataclass(frozen=True, slots=True, kw_only=True)
class RestStageArgs:
    """What a stage of a REST API is made of.

    ``name`` is the stage's own name; ``after`` is what must be there before the stage; ``routes`` are the API's route
    keys. ``link_ids`` are the ids of the VPC links by the stage variables that the integrations name them with.
    ``log_prefix`` and ``api_name`` name the log groups.
    """

    api_name: str
    api_id: pulumi.Input[str]
    log_prefix: str
    name: str
    spec: RestStage
    deployment: aws.apigateway.Deployment
    routes: Collection[str]
    link_ids: Mapping[str, pulumi.Input[str]]
    web_acl_arn: str | None
    after: Sequence[pulumi.Resource]
    tags: Tags


def deploy_rest_stage(args: RestStageArgs, parent: pulumi.Resource) -> DeployedStage:
    """Make a stage, its log groups and settings; their logical names are those of the API and the stage."""
    spec = args.spec
    logical = f"{args.api_name}-{args.name}"
    before = list(args.after)
    if spec.has_execution_logs:
        execution_logs = pulumi.Output.concat("API-Gateway-Execution-Logs_", args.api_id, "/", args.name)
        before.append(execution_log_group(logical, execution_logs, spec.access_logs, args.tags, parent))
    access_logs = f"{args.log_prefix}/{args.api_name}/{args.name}"
    group = access_log_group(logical, access_logs, spec.access_logs, args.tags, parent)
    stage = aws.apigateway.Stage(
        logical,
        rest_api=args.api_id,
        stage_name=args.name,
        deployment=args.deployment.id,
        description=spec.description,
        variables={**spec.variables, **args.link_ids} or None,
        access_log_settings=aws.apigateway.StageAccessLogSettingsArgs(destination_arn=group.arn, format=spec.log_format)
        if group
        else None,
        cache_cluster_enabled=spec.cache_cluster_size is not None,
        cache_cluster_size=spec.cache_cluster_size,
        client_certificate_id=spec.client_certificate_id,
        xray_tracing_enabled=spec.xray_tracing,
        tags=args.tags,
        opts=pulumi.ResourceOptions(parent=parent, depends_on=before),
    )
    for method in method_settings(spec, args.routes):
        aws.apigateway.MethodSettings(
            f"{logical}-{method.name}",
            rest_api=args.api_id,
            stage_name=stage.stage_name,
            method_path=method.path,
            settings=method.settings,
            opts=pulumi.ResourceOptions(parent=parent),
        )
    if args.web_acl_arn:
        aws.wafv2.WebAclAssociation(
            logical,
            resource_arn=stage.arn,
            web_acl_arn=args.web_acl_arn,
            # A stage has one web ACL. The old one goes first: to let it go afterwards would be to let the new one go.
            # In between, for some seconds, no web ACL guards the stage.
            opts=pulumi.ResourceOptions(parent=parent, delete_before_replace=True),
        )
    return DeployedStage(name=args.name, spec=spec, resource=stage, resource_name=stage.stage_name, access_logs=group)


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodSettings:
    """The settings of a method path; ``name`` is the end of the resource's logical name."""

    name: str
    path: str
    settings: aws.apigateway.MethodSettingsSettingsArgs


def method_settings(stage: RestStage, routes: Collection[str]) -> Iterator[MethodSettings]:
    """Return the settings of all methods, and then those of single ones, each of them complete.

    An override inherits nothing in API Gateway, so what a route leaves out is written out as the stage's.
    """
    yield MethodSettings(name="methods", path="*/*", settings=_settings(stage, None, "ANY"))
    keys = [RestRouteKey.parse(route) for route in routes]
    for text in sorted(stage.route_settings):
        key = RestRouteKey.parse(text)
        for method in _methods(key, keys):
            yield MethodSettings(
                name=f"{method}{key.path}",
                path=f"{key.path.replace('/', '~1')}/{method}",
                settings=_settings(stage, text, method),
            )


def _methods(key: RestRouteKey, routes: Collection[RestRouteKey]) -> list[str]:
    """Return the methods that a route serves: one, or for ``ANY`` all that have no route of their own on the path."""
    if key.method != "ANY":
        return [key.method]
    own = {route.method for route in routes if route.path == key.path}
    return [method for method in METHODS if method != "ANY" and method not in own]


def _settings(stage: RestStage, route: str | None, method: str) -> aws.apigateway.MethodSettingsSettingsArgs:
    """Return the settings of a method, or of all of them: ``ANY`` and no route."""
    own = RestRouteSettings() if route is None else stage.route_settings[route]
    rate, burst = rate_and_burst(own.throttling or stage.throttling)
    logs = stage.execution_logs_of(route)
    has_cache = stage.cache_cluster_size is not None
    is_cached = method in ("ANY", "GET") if own.caching_enabled is None else own.caching_enabled
    ttl = stage.cache_ttl_in_seconds if own.cache_ttl_in_seconds is None else own.cache_ttl_in_seconds
    return aws.apigateway.MethodSettingsSettingsArgs(
        throttling_rate_limit=rate,
        throttling_burst_limit=burst,
        metrics_enabled=stage.detailed_metrics if own.detailed_metrics is None else own.detailed_metrics,
        logging_level=logs.level,
        data_trace_enabled=logs.data_trace,
        # Said in any case: the provider takes what is left out for "as it was".
        caching_enabled=has_cache and is_cached,
        cache_ttl_in_seconds=ttl if has_cache else None,
        cache_data_encrypted=stage.cache_data_encrypted if has_cache else None,
    )
