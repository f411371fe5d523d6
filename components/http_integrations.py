"""Integrations of HTTP APIs: a backend by a VPC link, a public URL, a function, or an action of an AWS service."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import pulumi
import pulumi_aws as aws

from apigateway.arns import LambdaFunction
from settings import HttpIntegration
from settings.integrations import (
    HttpLambdaIntegration,
    HttpPrivateIntegration,
    HttpPublicIntegration,
    HttpServiceIntegration,
)

from .backend_in_use import BackendInUse
from .lambda_permissions import function_of
from .naming import Tags
from .service_roles import Place, ServiceRole, make_role

# An update in place would clear a status code whose mappings changed: the provider sends it as empty, which means
# "delete" to API Gateway. Neither would it take away a link, credentials or TLS.
_REPLACED_BY = ("connectionType", "credentialsArn", "responseParameters", "tlsConfig")

# An update of a service integration has to name all of its parameters. The provider names them only where one of them
# changes, and those that are gone as empty, which API Gateway refuses (hashicorp/terraform-provider-aws#22647, #50061).
_SERVICE_REPLACED_BY = (*_REPLACED_BY, "description", "requestParameters", "timeoutMilliseconds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the integrations of one API lead to and depend on.

    ``link_id`` is the v2 link's, None where there is none; ``permissions`` are those that functions gave the API;
    ``ask_place`` tells where the stack is deployed, and is asked only where a role needs it; ``permissions_boundary``
    is the managed policy that bounds such a role, if there is one.
    """

    api_id: pulumi.Input[str]
    backends: Mapping[str, BackendInUse]
    link_id: pulumi.Input[str] | None
    has_named_stage: bool
    permissions: "Mapping[LambdaFunction, aws.lambda_.Permission]"
    ask_place: Callable[[], Place]
    tags: Tags
    permissions_boundary: pulumi.Input[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeIntegration:
    """An integration that is there, and the role that was made for it."""

    resource: aws.apigatewayv2.Integration
    role: aws.iam.Role | None


def make_integration(
    logical: str, spec: HttpIntegration, around: Surroundings, parent: pulumi.Resource
) -> MadeIntegration:
    """Make one integration and what it needs; a new one takes over before the old one goes."""
    match spec:
        case HttpPrivateIntegration():
            return MadeIntegration(resource=_private(logical, spec, around, parent), role=None)
        case HttpPublicIntegration():
            return MadeIntegration(resource=_public(logical, spec, around, parent), role=None)
        case HttpLambdaIntegration():
            return MadeIntegration(resource=_lambda(logical, spec, around, parent), role=None)
        case HttpServiceIntegration():
            made = None
            if spec.credentials_arn is None:
                made = make_role(logical, spec, around.ask_place, around.tags, around.permissions_boundary, parent)
            return MadeIntegration(
                resource=_service(logical, spec, around, made, parent), role=made.role if made else None
            )


def _private(
    logical: str, spec: HttpPrivateIntegration, around: Surroundings, parent: pulumi.Resource
) -> aws.apigatewayv2.Integration:
    backend = around.backends[spec.backend]
    server_name = spec.tls_config.server_name_to_verify if spec.tls_config else backend.spec.tls_name
    return aws.apigatewayv2.Integration(
        logical,
        api_id=around.api_id,
        integration_type=spec.integration_type,
        integration_method=spec.integration_method,
        integration_uri=backend.http_uri,
        connection_type="VPC_LINK",
        connection_id=around.link_id,
        payload_format_version="1.0",
        request_parameters=private_request_parameters(spec, has_named_stage=around.has_named_stage) or None,
        response_parameters=_response_parameters(spec),
        tls_config=aws.apigatewayv2.IntegrationTlsConfigArgs(server_name_to_verify=server_name)
        if server_name
        else None,
        timeout_milliseconds=_timeout(spec),
        description=spec.description,
        opts=_options(parent),
    )


def _public(
    logical: str, spec: HttpPublicIntegration, around: Surroundings, parent: pulumi.Resource
) -> aws.apigatewayv2.Integration:
    return aws.apigatewayv2.Integration(
        logical,
        api_id=around.api_id,
        integration_type=spec.integration_type,
        integration_method=spec.integration_method,
        integration_uri=spec.integration_uri,
        payload_format_version="1.0",
        request_parameters=proxy_request_parameters(spec) or None,
        response_parameters=_response_parameters(spec),
        timeout_milliseconds=_timeout(spec),
        description=spec.description,
        opts=_options(parent),
    )


def _lambda(
    logical: str, spec: HttpLambdaIntegration, around: Surroundings, parent: pulumi.Resource
) -> aws.apigatewayv2.Integration:
    function = function_of(spec)
    return aws.apigatewayv2.Integration(
        logical,
        api_id=around.api_id,
        integration_type=spec.integration_type,
        integration_method=spec.integration_method,
        integration_uri=spec.integration_uri.invocation_arn,
        credentials_arn=spec.credentials_arn,
        payload_format_version=spec.payload_format_version,
        request_parameters=_mappings(spec.request_parameters) or None,
        response_parameters=_response_parameters(spec),
        timeout_milliseconds=_timeout(spec),
        description=spec.description,
        opts=_options(parent, after=around.permissions[function] if function else None),
    )


def _service(
    logical: str,
    spec: HttpServiceIntegration,
    around: Surroundings,
    made: ServiceRole | None,
    parent: pulumi.Resource,
) -> aws.apigatewayv2.Integration:
    return aws.apigatewayv2.Integration(
        logical,
        api_id=around.api_id,
        integration_type=spec.integration_type,
        integration_subtype=spec.integration_subtype,
        credentials_arn=made.role.arn if made else spec.credentials_arn,
        payload_format_version="1.0",
        request_parameters=_mappings(spec.request_parameters) or None,
        response_parameters=_response_parameters(spec),
        timeout_milliseconds=_timeout(spec),
        description=spec.description,
        opts=_options(parent, _SERVICE_REPLACED_BY, after=made.policy if made else None),
    )


def private_request_parameters(spec: HttpPrivateIntegration, *, has_named_stage: bool) -> dict[str, str]:
    """Return a private integration's request mappings, the path's included.

    A private backend gets a named stage's prefix in the path (API Gateway Developer Guide, "Private integrations for
    HTTP APIs"), which no backend expects, so the client's path is mapped over it unless the stack maps the path itself.
    The stage ``$default`` has no prefix, and the mapping does nothing there.
    """
    mappings = proxy_request_parameters(spec)
    if has_named_stage and not spec.maps_path:
        mappings["overwrite:path"] = "$request.path"
    return mappings


def proxy_request_parameters(spec: HttpPrivateIntegration | HttpPublicIntegration) -> dict[str, str]:
    """Return the request mappings that the stack gives, ``path`` among them."""
    mappings = _mappings(spec.request_parameters)
    if spec.path is not None:
        mappings["overwrite:path"] = spec.path
    return mappings


Destination = TypeVar("Destination")


def _mappings(parameters: Mapping[Destination, object]) -> dict[str, str]:
    return {str(destination): str(template) for destination, template in parameters.items()}


def _response_parameters(spec: HttpIntegration) -> list[aws.apigatewayv2.IntegrationResponseParameterArgs] | None:
    return [
        aws.apigatewayv2.IntegrationResponseParameterArgs(status_code=status, mappings=_mappings(mappings))
        for status, mappings in sorted(spec.response_parameters.items())
    ] or None


def _timeout(spec: HttpIntegration) -> int:
    return spec.timeout_in_millis or 30_000


def _options(
    parent: pulumi.Resource, replaced_by: tuple[str, ...] = _REPLACED_BY, after: pulumi.Resource | None = None
) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(
        parent=parent,
        depends_on=[after] if after else None,
        replace_on_changes=list(replaced_by),
        delete_before_replace=False,
    )
