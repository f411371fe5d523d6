"""Routes of WebSocket APIs: who may send which messages, what they are held to, and where they go."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from apigateway.mapping import websocket
from settings import WebSocketIntegration, WebSocketRoute
from settings.routes import ApiModel

from .authorizers import Authorization


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteArgs:
    """What a route is made of.

    ``integration`` is what it leads to and ``reads`` the integration's settings; ``models`` are the API's by name;
    ``after`` is what must be there before the route.
    """

    api_name: str
    api_id: pulumi.Input[str]
    key: str
    spec: WebSocketRoute
    reads: WebSocketIntegration
    integration: aws.apigatewayv2.Integration
    authorization: Authorization
    models: Mapping[str, aws.apigatewayv2.Model]
    after: Sequence[pulumi.Resource]


def make_route(args: RouteArgs, parent: pulumi.Resource) -> list[pulumi.Resource]:
    """Make a route, and its response where the backend's answer goes back to the client."""
    spec, logical = args.spec, f"{args.api_name}-{args.key}"
    route = aws.apigatewayv2.Route(
        logical,
        api_id=args.api_id,
        route_key=args.key,
        target=pulumi.Output.concat("integrations/", args.integration.id),
        authorization_type=args.authorization.type,
        authorizer_id=args.authorization.authorizer_id,
        api_key_required=spec.api_key_required,
        operation_name=spec.operation_name,
        request_parameters=[
            aws.apigatewayv2.RouteRequestParameterArgs(request_parameter_key=parameter, required=required)
            for parameter, required in declared_parameters(spec, args.reads).items()
        ]
        or None,
        request_models={key: args.models[model].name for key, model in spec.request_models.items()} or None,
        model_selection_expression=spec.model_selection_expression,
        route_response_selection_expression="$default" if spec.route_response else None,
        # An update in place would leave models that are taken away. An API has each key once, so the old route goes
        # first; the stage serves what was deployed meanwhile.
        opts=pulumi.ResourceOptions(
            parent=parent,
            depends_on=[*args.authorization.needed, *args.after],
            replace_on_changes=["requestModels", "modelSelectionExpression"],
            delete_before_replace=True,
        ),
    )
    if not spec.route_response:
        return [route]
    response = aws.apigatewayv2.RouteResponse(
        logical,
        api_id=args.api_id,
        route_id=route.id,
        route_response_key="$default",
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return [route, response]


def make_model(
    api_name: str, api_id: pulumi.Input[str], name: str, spec: ApiModel, parent: pulumi.Resource
) -> aws.apigatewayv2.Model:
    """Make a model. Its name is the stack file's own: API Gateway takes no hyphen, so Pulumi cannot add to it."""
    return aws.apigatewayv2.Model(
        f"{api_name}-{name}",
        api_id=api_id,
        name=name,
        content_type=spec.content_type,
        schema=json.dumps(spec.schema_, sort_keys=True),
        description=spec.description,
        opts=pulumi.ResourceOptions(parent=parent),
    )


def declared_parameters(route: WebSocketRoute, integration: WebSocketIntegration) -> dict[str, bool]:
    """Return what a route declares to read, each with whether it is required: its own word, and what mappings read."""
    read = (websocket.route_parameter(source) for source in integration.request_parameters.values())
    declared = {parameter: False for parameter in read if parameter}
    declared |= {parameter: constraint.required for parameter, constraint in route.request_parameters.items()}
    return dict(sorted(declared.items()))
