"""Reads an HTTP API: its routes and integrations, its authorizers, its CORS.

From the botocore model ``apigatewayv2`` (``CreateIntegration``, ``Cors``).
"""

from typing import Literal

from apigateway.errors import TopologyError
from apigateway.mapping import http
from apigateway.mapping.template import Template
from apigateway.route_keys import HttpRouteKey
from apigateway.service_integrations import SERVICE_INTEGRATIONS
from local.recording import Resource
from local.topology.calls import FunctionCall, ListenerCall, PublicCall
from local.topology.http import Cors, HttpApi, HttpCall, HttpIntegration, HttpRoute, SubtypeCall
from local.topology.reading import fields
from local.topology.reading.authorizers import read_authorization
from local.topology.reading.fields import Part
from local.topology.reading.reachability import reach_by_arn
from local.topology.reading.version_two import INTEGRATION, ROUTE, VersionTwo, target, timeout

_NO_MAPPING = http.RequestMapping.parse({})


def read_http_api(parts: VersionTwo, name: str) -> HttpApi:
    """Read an HTTP API; what is wrong about its parts goes to their problems. Raises TopologyError."""
    parts.refuse(parts.api, "target", "body")
    authorizers = parts.authorizers("HTTP")
    integrations = parts.read_each(INTEGRATION, lambda resource: _integration(parts, resource))

    def read_route(resource: Resource) -> HttpRoute:
        return HttpRoute(
            key=HttpRouteKey.parse(fields.text(resource, "routeKey")),
            integration=target(resource, integrations),
            authorization=read_authorization(resource, authorizers),
        )

    routes = parts.read_each(ROUTE, read_route).values()
    return HttpApi(
        name=name,
        api_id=parts.api.id,
        execution_arn=fields.text(parts.api, "executionArn"),
        stages=parts.stages("HTTP"),
        routes={route.key: route for route in routes if route is not None},
        cors=_cors(fields.outputs(parts.api).part("corsConfiguration")),
        by_domain_alone=fields.flag(parts.api, "disableExecuteApiEndpoint"),
    )


def _integration(parts: VersionTwo, resource: Resource) -> HttpIntegration:
    kind = fields.text(resource, "integrationType")
    if kind not in ("HTTP_PROXY", "AWS_PROXY"):
        raise TopologyError(
            f'{fields.label(resource)}: integrationType must be HTTP_PROXY or AWS_PROXY in an HTTP API, got "{kind}"'
        )
    call = _call(parts, resource, kind)
    mappings = fields.text_map(resource, "requestParameters")
    return HttpIntegration(
        id=resource.id,
        method=fields.text(resource, "integrationMethod") if kind == "HTTP_PROXY" else "",
        call=call,
        request=_NO_MAPPING if isinstance(call, SubtypeCall) else http.RequestMapping.parse(mappings),
        response=http.ResponseMapping.parse(
            {
                str(block.get("statusCode")): Part(f"{fields.label(resource)}: responseParameters", block).text_map(
                    "mappings"
                )
                for block in fields.blocks(resource, "responseParameters")
            }
        ),
        timeout=timeout(resource, "HTTP"),
        payload_format=_payload_format(resource),
    )


def _call(parts: VersionTwo, resource: Resource, kind: str) -> HttpCall:
    subtype = fields.optional_text(resource, "integrationSubtype")
    if subtype is not None:
        if subtype not in SERVICE_INTEGRATIONS:
            raise TopologyError(
                f"{fields.label(resource)}: integrationSubtype must be one of {', '.join(SERVICE_INTEGRATIONS)}, "
                f'got "{subtype}"'
            )
        parameters = fields.text_map(resource, "requestParameters")
        return SubtypeCall(
            subtype=subtype, parameters={name: Template.parse(value) for name, value in parameters.items()}
        )
    uri = fields.text(resource, "integrationUri")
    if kind == "AWS_PROXY":
        return FunctionCall(uri=uri)
    if fields.optional_text(resource, "connectionType") != "VPC_LINK":
        return PublicCall(uri=uri)
    return ListenerCall(
        reach=reach_by_arn(
            parts.network,
            fields.text(resource, "connectionId"),
            uri,
            tls=resource.outputs.get("tlsConfig") is not None,
        )
    )


def _payload_format(resource: Resource) -> Literal["1.0", "2.0"]:
    match fields.optional_text(resource, "payloadFormatVersion"):
        case None | "1.0":
            return "1.0"
        case "2.0":
            return "2.0"
        case other:
            raise TopologyError(f'{fields.label(resource)}: payloadFormatVersion must be 1.0 or 2.0, got "{other}"')


def _cors(part: Part) -> Cors | None:
    if not part.content:
        return None
    return Cors(
        allow_origins=part.texts("allowOrigins"),
        allow_methods=part.texts("allowMethods"),
        allow_headers=part.texts("allowHeaders"),
        expose_headers=part.texts("exposeHeaders"),
        max_age=part.optional_integer("maxAge"),
        allow_credentials=part.flag("allowCredentials"),
    )
