"""The OpenAPI document that a REST API is made of: methods, integrations, models, authorizers and gateway responses.

From the AWS pages "OpenAPI extensions for API Gateway", "Import a REST API into API Gateway" and "Set up basic request
validation using an OpenAPI definition". The document is imported in the mode ``overwrite``: what is not in it is gone,
so it also says what the API's own arguments say.

What is said of endpoints stands in a Server object, as the page "x-amazon-apigateway-endpoint-configuration object" has
it for OpenAPI 3.0, and beside the paths, where that page has it for Swagger 2.0 and deployed documents have it too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi

from apigateway.mapping.rest import declared_parameter
from apigateway.rest_resources import RestRouteKey
from settings import RestApi, RestIntegration, RestRoute
from settings.rest_integrations import RestTemplatedIntegration
from settings.rest_routes import GatewayResponse, MethodResponse

from .rest_integrations import Document, RestReach, integration, said
from .rest_models import schemas
from .rest_security import ResourcePolicy, security_of, security_schemes

FORMAT: Final = 1
"""Raised whenever the same settings make another document, so that what is written otherwise is deployed, too."""

_LOCATIONS = {"path": "path", "querystring": "query", "header": "header"}
_VALIDATORS = {
    "all": {"validateRequestBody": True, "validateRequestParameters": True},
    "body": {"validateRequestBody": True, "validateRequestParameters": False},
    "parameters": {"validateRequestBody": False, "validateRequestParameters": True},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionArgs:
    """What a document is made of; ``vpc_endpoint_ids`` are those of a private API."""

    title: str
    spec: RestApi
    reach: RestReach
    policy: ResourcePolicy | None
    vpc_endpoint_ids: Sequence[pulumi.Input[str]]


def definition(args: DefinitionArgs) -> Document:
    """Return the whole document, in which links and URLs are outputs."""
    spec = args.spec
    paths: dict[str, Document] = {}
    for text, route in spec.routes.items():
        key = RestRouteKey.parse(text)
        method = "x-amazon-apigateway-any-method" if key.method == "ANY" else key.method.lower()
        paths.setdefault(key.path, {})[method] = _operation(key, route, args)
    validators = {name for route in spec.routes.values() if (name := _validator(route))}
    endpoint = _endpoint_configuration(args)
    return said(
        {
            "openapi": "3.0.1",
            "info": {
                "title": args.title,
                "version": spec.version or "1",
                "description": api_description(args.title, spec),
            },
            "servers": [{"url": "/", "x-amazon-apigateway-endpoint-configuration": endpoint}],
            "paths": paths,
            "components": said({"schemas": schemas(spec.models), "securitySchemes": security_schemes(spec)}),
            "x-amazon-apigateway-request-validators": {name: _VALIDATORS[name] for name in validators},
            "x-amazon-apigateway-gateway-responses": {
                kind: _gateway_response(response) for kind, response in spec.gateway_responses.items()
            },
            "x-amazon-apigateway-binary-media-types": list(spec.binary_media_types),
            "x-amazon-apigateway-minimum-compression-size": spec.minimum_compression_size,
            "x-amazon-apigateway-api-key-source": spec.api_key_source_type,
            "x-amazon-apigateway-policy": args.policy,
            "x-amazon-apigateway-endpoint-configuration": endpoint,
        }
    )


def api_description(name: str, spec: RestApi) -> str:
    """Return what an API says of itself. It says something in any case: one that is taken away would stay in AWS."""
    return spec.description or f"REST API {name}"


def request_parameters(key: RestRouteKey, route: RestRoute, leads_to: RestIntegration) -> dict[str, bool]:
    """Return what a method declares, ``method.request.header.X`` → whether it is required.

    That is what the stack file declares, what the integration's mappings read, and every variable of the path, which is
    always there.
    """
    read = [declared_parameter(source) for source in leads_to.request_parameters.values()]
    found = {declaration: False for declaration in read if declaration}
    found |= {declaration: parameter.required for declaration, parameter in route.request_parameters.items()}
    found |= dict.fromkeys((f"method.request.path.{name}" for name in key.variables), True)
    return dict(sorted(found.items()))


def method_responses(route: RestRoute, leads_to: RestIntegration) -> dict[str, MethodResponse]:
    """Return what a method declares of its answers: what the stack file says, and what the integration writes."""
    found = dict(route.method_responses)
    responses = leads_to.integration_responses if isinstance(leads_to, RestTemplatedIntegration) else {}
    for status, response in responses.items():
        said_of_it = found.get(status, MethodResponse())
        written = {str(destination): False for destination in response.response_parameters}
        found[status] = said_of_it.model_copy(update={"response_parameters": written | said_of_it.response_parameters})
    return dict(sorted(found.items()))


def _endpoint_configuration(args: DefinitionArgs) -> Document:
    return said(
        {
            "disableExecuteApiEndpoint": args.spec.disable_execute_api_endpoint,
            "vpcEndpointIds": list(args.vpc_endpoint_ids),
        }
    )


def _operation(key: RestRouteKey, route: RestRoute, args: DefinitionArgs) -> Document:
    leads_to = args.spec.integration_of(route)
    responses = {status: _response(status, found) for status, found in method_responses(route, leads_to).items()}
    return said(
        {
            "operationId": route.operation_name,
            "parameters": [
                _parameter(declaration, required=required)
                for declaration, required in request_parameters(key, route, leads_to).items()
            ],
            "requestBody": {"required": True, "content": _content(route.request_models)}
            if route.request_models
            else None,
            "security": security_of(route),
            "x-amazon-apigateway-request-validator": _validator(route),
            "x-amazon-apigateway-integration": integration(leads_to, args.reach, args.spec.binary_media_types),
        }
    ) | {"responses": responses}


def _parameter(declaration: str, *, required: bool) -> Document:
    _, _, location, name = declaration.split(".", 3)
    return {"name": name, "in": _LOCATIONS[location], "required": required, "schema": {"type": "string"}}


def _validator(route: RestRoute) -> str | None:
    """Return which validator a route needs; a path's variables need none."""
    reads = any(
        parameter.required and not declaration.startswith("method.request.path.")
        for declaration, parameter in route.request_parameters.items()
    )
    if route.request_models:
        return "all" if reads else "body"
    return "parameters" if reads else None


def _response(status: str, response: MethodResponse) -> Document:
    headers = {declaration.split(".", 3)[-1]: _header() for declaration in response.response_parameters}
    return said(
        {
            "description": f"{status} response",
            "headers": headers,
            "content": _content(response.response_models),
        }
    )


def _header() -> Document:
    return {"schema": {"type": "string"}}


def _content(models: Mapping[str, str]) -> Document:
    return {
        content_type: {"schema": {"$ref": f"#/components/schemas/{model}"}} for content_type, model in models.items()
    }


def _gateway_response(response: GatewayResponse) -> Document:
    return said(
        {
            "statusCode": response.status_code,
            "responseParameters": dict(response.response_parameters),
            "responseTemplates": dict(response.response_templates),
        }
    )
