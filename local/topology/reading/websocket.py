"""Reads a WebSocket API: its routes, integrations and their responses, its models and authorizers.

From the botocore model ``apigatewayv2`` (``CreateIntegration``, ``CreateIntegrationResponse``, ``CreateRoute``).
"""

import json
import re
from collections.abc import Mapping
from typing import Final, cast

from apigateway import selection
from apigateway.errors import TopologyError
from apigateway.json_path import JsonValue
from apigateway.mapping import websocket
from apigateway.route_keys import parse_websocket_route_key
from apigateway.selection import SelectionExpression, TemplateSelection
from local.recording import Resource
from local.topology.apis import ApiKeySource
from local.topology.authorization import Authorizers, JwtRequired
from local.topology.calls import (
    ContentHandling,
    FunctionCall,
    IntegrationType,
    NoCall,
    Passthrough,
    PrivateCall,
    PublicCall,
    ServiceCall,
)
from local.topology.reading import fields
from local.topology.reading.authorizers import read_authorization
from local.topology.reading.reachability import reach_by_url
from local.topology.reading.version_two import INTEGRATION, ROUTE, VersionTwo, target, timeout
from local.topology.websocket import (
    WebSocketApi,
    WebSocketCall,
    WebSocketIntegration,
    WebSocketIntegrationResponse,
    WebSocketRoute,
)

INTEGRATION_RESPONSE: Final = "aws:apigatewayv2/integrationResponse:IntegrationResponse"
MODEL: Final = "aws:apigatewayv2/model:Model"
ROUTE_RESPONSE: Final = "aws:apigatewayv2/routeResponse:RouteResponse"

_KINDS: Final = ("AWS", "AWS_PROXY", "HTTP", "HTTP_PROXY", "MOCK")
_FUNCTION = re.compile(r"arn:[^:]*:(?:apigateway:[^:]*:lambda:path/2015-03-31/functions/.*|lambda:.*)", re.DOTALL)
"""What leads to a function: its invocation ARN, or its own."""


def read_websocket_api(parts: VersionTwo, name: str) -> WebSocketApi:
    """Read a WebSocket API; what is wrong about its parts goes to their problems. Raises TopologyError."""
    parts.refuse(parts.api, "target", "body", "corsConfiguration")
    authorizers, models = parts.authorizers("WEBSOCKET"), _models(parts)
    integrations = parts.read_each(INTEGRATION, lambda resource: _integration(parts, resource))
    answered = {fields.text(resource, "routeId") for resource in parts.of(ROUTE_RESPONSE)}

    def read_route(resource: Resource) -> WebSocketRoute:
        two_way = fields.optional_text(resource, "routeResponseSelectionExpression") == "$default"
        return _route(
            resource,
            target(resource, integrations),
            authorizers,
            models,
            two_way=two_way and resource.id in answered,
        )

    routes = parts.read_each(ROUTE, read_route).values()
    return WebSocketApi(
        name=name,
        api_id=parts.api.id,
        execution_arn=fields.text(parts.api, "executionArn"),
        stages=parts.stages("WEBSOCKET"),
        selection=SelectionExpression.parse(fields.text(parts.api, "routeSelectionExpression")),
        routes={route.key: route for route in routes if route is not None},
        api_key_source=_api_key_source(parts.api),
        by_domain_alone=fields.flag(parts.api, "disableExecuteApiEndpoint"),
    )


def _api_key_source(api: Resource) -> ApiKeySource:
    expression = fields.optional_text(api, "apiKeySelectionExpression")
    if expression is None:
        return "HEADER"
    selection.check_api_key_selection(expression)
    return "AUTHORIZER" if expression == "$context.authorizer.usageIdentifierKey" else "HEADER"


def _models(parts: VersionTwo) -> dict[str, JsonValue]:
    """Return the API's models by name; None for one that cannot be read."""

    def read(resource: Resource) -> JsonValue:
        try:
            schema: JsonValue = json.loads(fields.text(resource, "schema"))
        except json.JSONDecodeError as error:
            raise TopologyError(f"{fields.label(resource)}: schema must be JSON: {error}") from None
        if not isinstance(schema, dict):
            raise TopologyError(f"{fields.label(resource)}: schema must be a JSON object, got {json.dumps(schema)}")
        return schema

    schemas = parts.read_each(MODEL, read)
    return {fields.text(resource, "name"): schemas[resource.id] for resource in parts.of(MODEL)}


def _route(
    resource: Resource,
    integration: WebSocketIntegration,
    authorizers: Authorizers,
    models: Mapping[str, JsonValue],
    *,
    two_way: bool,
) -> WebSocketRoute:
    authorization = read_authorization(resource, authorizers)
    if isinstance(authorization, JwtRequired):
        raise TopologyError(f"{fields.label(resource)}: a WebSocket API has no JWT authorizers")
    expression = fields.optional_text(resource, "modelSelectionExpression")
    named = fields.text_map(resource, "requestModels")
    problems = [
        f'{fields.label(resource)}: its model "{model}" cannot be read'
        if model in models
        else f'{fields.label(resource)}: its API has no model "{model}"'
        for model in sorted(set(named.values()))
        if models.get(model) is None
    ]
    if problems:
        raise TopologyError("\n".join(problems))
    return WebSocketRoute(
        key=parse_websocket_route_key(fields.text(resource, "routeKey")),
        integration=integration,
        two_way=two_way,
        required=tuple(
            str(block.get("requestParameterKey"))
            for block in fields.blocks(resource, "requestParameters")
            if block.get("required") is True
        ),
        authorization=authorization,
        api_key_required=fields.flag(resource, "apiKeyRequired"),
        models={key: models[model] for key, model in named.items()},
        model_selection=None if expression in (None, "$default") else SelectionExpression.parse(expression or ""),
    )


def _integration(parts: VersionTwo, resource: Resource) -> WebSocketIntegration:
    kind = fields.text(resource, "integrationType")
    if kind not in _KINDS:
        raise TopologyError(
            f'{fields.label(resource)}: integrationType must be one of {", ".join(_KINDS)}, got "{kind}"'
        )
    expression = fields.optional_text(resource, "templateSelectionExpression")
    return WebSocketIntegration(
        id=resource.id,
        type=cast("IntegrationType", kind),
        method="" if kind == "MOCK" else fields.text(resource, "integrationMethod"),
        call=_call(parts, resource, kind),
        request=websocket.RequestMapping.parse(fields.text_map(resource, "requestParameters")),
        timeout=timeout(resource, "WEBSOCKET"),
        templates=fields.text_map(resource, "requestTemplates"),
        selection=None if expression is None else TemplateSelection.parse("request", expression),
        passthrough=_passthrough(resource),
        content_handling=_content_handling(resource),
        responses=tuple(
            sorted(
                (
                    _response(response)
                    for response in parts.of(INTEGRATION_RESPONSE)
                    if fields.text(response, "integrationId") == resource.id
                ),
                key=lambda response: response.key,
            )
        ),
    )


def _call(parts: VersionTwo, resource: Resource, kind: str) -> WebSocketCall:
    if kind == "MOCK":
        return NoCall()
    uri = fields.text(resource, "integrationUri")
    if kind in ("AWS", "AWS_PROXY"):
        if _FUNCTION.fullmatch(uri):
            return FunctionCall(uri=uri)
        if kind == "AWS_PROXY":
            raise TopologyError(f'{fields.label(resource)}: AWS_PROXY is for a Lambda function, got "{uri}"')
        return ServiceCall(uri=uri)
    if fields.optional_text(resource, "connectionType") != "VPC_LINK":
        return PublicCall(uri=uri)
    return PrivateCall(uri=uri, reach=reach_by_url(parts.network, fields.text(resource, "connectionId"), uri))


def _response(resource: Resource) -> WebSocketIntegrationResponse:
    key = fields.text(resource, "integrationResponseKey")
    selection.check_response_key(key)
    expression = fields.optional_text(resource, "templateSelectionExpression")
    try:
        pattern = None if key == "$default" else re.compile(key[1:-1])
    except re.error as error:
        raise TopologyError(
            f"{fields.label(resource)}: the local gateway cannot read the expression {key}: {error}"
        ) from None
    return WebSocketIntegrationResponse(
        key=key,
        pattern=pattern,
        templates=fields.text_map(resource, "responseTemplates"),
        selection=None if expression is None else TemplateSelection.parse("response", expression),
        content_handling=_content_handling(resource),
    )


def _passthrough(resource: Resource) -> Passthrough:
    match fields.optional_text(resource, "passthroughBehavior"):
        case None:
            return "WHEN_NO_MATCH"
        case "WHEN_NO_MATCH" | "WHEN_NO_TEMPLATES" | "NEVER" as behavior:
            return behavior
        case other:
            raise TopologyError(
                f"{fields.label(resource)}: passthroughBehavior must be WHEN_NO_MATCH, WHEN_NO_TEMPLATES or NEVER, "
                f'got "{other}"'
            )


def _content_handling(resource: Resource) -> ContentHandling | None:
    match fields.optional_text(resource, "contentHandlingStrategy"):
        case None:
            return None
        case "CONVERT_TO_BINARY" | "CONVERT_TO_TEXT" as strategy:
            return strategy
        case other:
            raise TopologyError(
                f"{fields.label(resource)}: contentHandlingStrategy must be CONVERT_TO_BINARY or CONVERT_TO_TEXT, "
                f'got "{other}"'
            )
