"""Integrations of REST APIs, each kind as ``x-amazon-apigateway-integration`` of an OpenAPI document.

From the AWS pages "x-amazon-apigateway-integration object", "Set up a private integration" (``integrationTarget``) and
"Set up a Lambda proxy integration with payload response streaming" (the URI of a function that streams). What a stack
file does not say is left out: API Gateway has the default.

A private integration names its link by a stage variable, never outright. From the AWS page "Amazon API Gateway
important notes": a method that is deleted while its integration has a link's id leaves an integration behind that
nobody can reach any more, and the link cannot be deleted; where a stage variable stands for the id, it can.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import pulumi

from apigateway.arns import LambdaFunction
from apigateway.link_variables import link_variable
from settings import CloudMapBackend, RestIntegration
from settings.rest_integrations import (
    RestAwsIntegration,
    RestHttpIntegration,
    RestIntegrationResponse,
    RestLambdaIntegration,
    RestMockIntegration,
    RestPrivateHttpIntegration,
    RestPrivateIntegration,
    RestPrivateProxyIntegration,
    RestPublicHttpIntegration,
    RestPublicProxyIntegration,
    RestTemplatedIntegration,
)

from .backend_in_use import BackendInUse
from .stage_prefix import own_templates, proxy_templates

Document: TypeAlias = dict[str, object]
"""A part of an OpenAPI document: JSON whose values may be outputs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestLink:
    """The way to one backend: a link, and for a link of version 2 the load balancer that it leads to."""

    variable: str
    """The stage variable that has the link's id, in every stage of the API."""
    connection_id: pulumi.Input[str]
    uri: pulumi.Input[str]
    """The start of a URL on the listener: it has the port, the ``Host`` header and the name in TLS."""
    target: pulumi.Input[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RestReach:
    """The ways to private backends: the backends and their v1 links by name, and the v2 link where there is one."""

    backends: Mapping[str, BackendInUse] = field(default_factory=dict)
    link_ids: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    http_link_id: pulumi.Input[str] | None = None

    def link_of(self, name: str) -> RestLink:
        """Return the way to a backend: its v1 link to a network balancer, the v2 link to an application balancer.

        Raises ``ValueError`` for a backend that no link of a REST API reaches.
        """
        backend = self.backends[name]
        if not isinstance(backend.spec, CloudMapBackend):
            if backend.spec.load_balancer == "network":
                return RestLink(
                    variable=link_variable(name), connection_id=self.link_ids[name], uri=backend.url(), target=None
                )
            if self.http_link_id is not None and backend.load_balancer_arn is not None:
                return RestLink(
                    variable=link_variable(None),
                    connection_id=self.http_link_id,
                    uri=backend.url(),
                    target=backend.load_balancer_arn,
                )
        raise ValueError(f"no VPC link of a REST API leads to the backend {name}")


def integration(spec: RestIntegration, reach: RestReach, binary_media_types: Sequence[str]) -> Document:
    """Return what a method does; ``binary_media_types`` are the API's."""
    return said(
        {
            "type": spec.integration_type.lower(),
            **_call(spec, reach, binary_media_types),
            "requestParameters": {str(to): str(source) for to, source in spec.request_parameters.items()},
            "timeoutInMillis": spec.timeout_in_millis,
            "cacheKeyParameters": list(spec.cache_key_parameters),
            "cacheNamespace": spec.cache_namespace,
        }
    )


def said(content: Mapping[str, object]) -> Document:
    """Leave out what is None or empty."""
    return {key: value for key, value in content.items() if value is not None and value not in ({}, [])}


def _call(spec: RestIntegration, reach: RestReach, binary_media_types: Sequence[str]) -> Document:
    match spec:
        case RestPrivateProxyIntegration():
            return _over_http(spec) | _proxy(spec) | _private(spec, reach, binary_media_types)
        case RestPublicProxyIntegration():
            return _over_http(spec) | _proxy(spec) | _public(spec)
        case RestPrivateHttpIntegration():
            return _over_http(spec) | _templated(spec) | _private(spec, reach, binary_media_types)
        case RestPublicHttpIntegration():
            return _over_http(spec) | _templated(spec) | _public(spec)
        case RestLambdaIntegration():
            streams = spec.response_transfer_mode == "STREAM"
            return {
                "uri": _streaming_uri(spec.integration_uri) if streams else spec.integration_uri.invocation_arn,
                "httpMethod": spec.integration_method,
                "credentials": spec.credentials_arn,
                "responseTransferMode": "STREAM" if streams else None,
            }
        case RestAwsIntegration(integration_uri=LambdaFunction() as function):
            return _templated(spec) | {
                "uri": function.invocation_arn,
                "httpMethod": "POST",
                "credentials": spec.credentials_arn,
            }
        case RestAwsIntegration():
            return _templated(spec) | {
                "uri": str(spec.integration_uri),
                "httpMethod": spec.integration_method,
                "credentials": spec.credentials_arn,
            }
        case RestMockIntegration():
            return _templated(spec)


def _over_http(spec: RestHttpIntegration) -> Document:
    tls = spec.tls_config
    return {
        "httpMethod": spec.integration_method,
        "tlsConfig": {"insecureSkipVerification": tls.insecure_skip_verification} if tls else None,
    }


def _private(spec: RestPrivateIntegration, reach: RestReach, binary_media_types: Sequence[str]) -> Document:
    """Return how a backend is reached, and, by the v2 link, the templates that take the stage off the path."""
    link = reach.link_of(spec.backend)
    found: Document = {
        "uri": pulumi.Output.concat(link.uri, spec.path),
        "connectionType": "VPC_LINK",
        "connectionId": f"${{stageVariables.{link.variable}}}",
    }
    if link.target is None:
        return found
    mappings = spec.request_parameters
    match spec:
        case RestPrivateProxyIntegration():
            templates = proxy_templates(spec.path, mappings, binary_media_types)
        case RestPrivateHttpIntegration():
            templates = own_templates(
                spec.request_templates, spec.passthrough_behavior, spec.path, mappings, binary_media_types
            )
    return found | {"integrationTarget": link.target, "requestTemplates": templates}


def _public(spec: RestPublicProxyIntegration | RestPublicHttpIntegration) -> Document:
    return {"uri": spec.integration_uri, "connectionType": "INTERNET"}


def _proxy(spec: RestPrivateProxyIntegration | RestPublicProxyIntegration) -> Document:
    return {
        "contentHandling": spec.content_handling_strategy,
        "responseTransferMode": "STREAM" if spec.response_transfer_mode == "STREAM" else None,
    }


def _templated(spec: RestTemplatedIntegration) -> Document:
    return {
        "contentHandling": spec.content_handling_strategy,
        "requestTemplates": dict(spec.request_templates),
        "passthroughBehavior": spec.passthrough_behavior.lower(),
        "responses": {
            response.selection_pattern or "default": _response(status, response)
            for status, response in spec.integration_responses.items()
        },
    }


def _response(status: str, response: RestIntegrationResponse) -> Document:
    return said(
        {
            "statusCode": status,
            "responseParameters": {str(to): str(source) for to, source in response.response_parameters.items()},
            "responseTemplates": dict(response.response_templates),
            "contentHandling": response.content_handling_strategy,
        }
    )


def _streaming_uri(function: LambdaFunction) -> str:
    """Return what calls a function by ``InvokeWithResponseStream``."""
    place = f"arn:{function.partition}:apigateway:{function.region}:lambda:path/2021-11-15/functions"
    return f"{place}/{function.arn}/response-streaming-invocations"
