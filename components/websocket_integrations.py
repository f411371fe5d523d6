"""Integrations of WebSocket APIs, each kind in the words of the provider, and what is made of their answers."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from apigateway.arns import LambdaFunction
from settings import WebSocketIntegration
from settings.integrations import (
    WebSocketAwsIntegration,
    WebSocketLambdaIntegration,
    WebSocketMockIntegration,
    WebSocketPrivateHttpIntegration,
    WebSocketPrivateProxyIntegration,
    WebSocketPublicHttpIntegration,
    WebSocketPublicProxyIntegration,
    WebSocketTemplatedIntegration,
)

from .backend_in_use import BackendInUse


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The ways to private backends: the backends and their v1 links, by backend name."""

    backends: Mapping[str, BackendInUse]
    link_ids: Mapping[str, pulumi.Input[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeIntegration:
    """An integration that is there, and its responses."""

    resource: aws.apigatewayv2.Integration
    responses: list[aws.apigatewayv2.IntegrationResponse]

    @property
    def resources(self) -> list[pulumi.Resource]:
        """All that a deployment snapshots."""
        return [self.resource, *self.responses]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """What API Gateway calls, how it gets there and as whom."""

    uri: pulumi.Input[str] | None = None
    method: str | None = None
    connection_type: str | None = None
    connection_id: pulumi.Input[str] | None = None
    credentials_arn: str | None = None
    payload_format_version: str | None = None


def make_integration(
    logical: str, api_id: pulumi.Input[str], spec: WebSocketIntegration, reach: Reach, parent: pulumi.Resource
) -> MadeIntegration:
    """Make an integration and its responses.

    It is never changed in place. API Gateway merges an update into what is there (a template or a credential that is
    left out stays), and the stage serves a copy of the old one until the next deployment anyway. The new one takes over
    the routes before the old one goes. That holds for its responses, too: one that is taken out of the file would
    otherwise be deleted after the deployment that is to do without it.
    """
    call = _call(spec, reach)
    templated = spec if isinstance(spec, WebSocketTemplatedIntegration) else None
    made = aws.apigatewayv2.Integration(
        logical,
        api_id=api_id,
        integration_type=spec.integration_type,
        integration_method=call.method,
        integration_uri=call.uri,
        connection_type=call.connection_type,
        connection_id=call.connection_id,
        credentials_arn=call.credentials_arn,
        payload_format_version=call.payload_format_version,
        request_parameters={str(to): str(source) for to, source in spec.request_parameters.items()} or None,
        request_templates=(dict(templated.request_templates) or None) if templated else None,
        template_selection_expression=templated.template_selection_expression if templated else None,
        passthrough_behavior=templated.passthrough_behavior if templated else None,
        content_handling_strategy=spec.content_handling_strategy,
        timeout_milliseconds=spec.timeout_in_millis or 29_000,
        description=spec.description,
        opts=pulumi.ResourceOptions(
            parent=parent,
            replace_on_changes=["*"],
            replacement_trigger=sorted(templated.integration_responses) if templated else None,
            delete_before_replace=False,
        ),
    )
    responses = _responses(logical, api_id, templated, made, parent) if templated else []
    return MadeIntegration(resource=made, responses=responses)


def _responses(
    logical: str,
    api_id: pulumi.Input[str],
    spec: WebSocketTemplatedIntegration,
    integration: aws.apigatewayv2.Integration,
    parent: pulumi.Resource,
) -> list[aws.apigatewayv2.IntegrationResponse]:
    """Make an integration's responses, one for each key."""
    return [
        aws.apigatewayv2.IntegrationResponse(
            f"{logical}-{key}",
            api_id=api_id,
            integration_id=integration.id,
            integration_response_key=key,
            response_templates=dict(response.response_templates) or None,
            template_selection_expression=response.template_selection_expression,
            content_handling_strategy=response.content_handling_strategy,
            # An update would be merged, as with integrations; an integration has each key once, so the old one goes
            # first.
            opts=pulumi.ResourceOptions(parent=parent, replace_on_changes=["*"], delete_before_replace=True),
        )
        for key, response in sorted(spec.integration_responses.items())
    ]


def _call(spec: WebSocketIntegration, reach: Reach) -> _Call:
    match spec:
        case WebSocketPrivateProxyIntegration() | WebSocketPrivateHttpIntegration():
            return _Call(
                uri=pulumi.Output.concat(reach.backends[spec.backend].url(), spec.path),
                method=spec.integration_method,
                connection_type="VPC_LINK",
                connection_id=reach.link_ids[spec.backend],
            )
        case WebSocketPublicProxyIntegration() | WebSocketPublicHttpIntegration():
            return _Call(uri=spec.integration_uri, method=spec.integration_method, connection_type="INTERNET")
        case WebSocketLambdaIntegration():
            return _Call(
                uri=spec.integration_uri.invocation_arn,
                method=spec.integration_method,
                credentials_arn=spec.credentials_arn,
                payload_format_version="1.0",
            )
        case WebSocketAwsIntegration(integration_uri=LambdaFunction() as function):
            return _Call(uri=function.invocation_arn, method="POST", credentials_arn=spec.credentials_arn)
        case WebSocketAwsIntegration():
            return _Call(
                uri=str(spec.integration_uri), method=spec.integration_method, credentials_arn=spec.credentials_arn
            )
        case WebSocketMockIntegration():
            return _Call()
