"""Which integrations an API needs, and what its deployment depends on: pure functions of the API's settings."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Generic, TypeVar

from settings import HttpApi, HttpIntegration, RestApi, WebSocketApi, WebSocketIntegration, WebSocketRoute
from settings.base import Model
from settings.integrations import IntegrationResponse, WebSocketMockIntegration

from .rest_definition import FORMAT

IntegrationSpec = TypeVar("IntegrationSpec", WebSocketIntegration, HttpIntegration)

RETIRED: Final = WebSocketMockIntegration(
    integration_type="MOCK",
    request_templates={"$default": '{"statusCode": 200}'},
    template_selection_expression=r"\$default",
    integration_responses={"$default": IntegrationResponse()},
)
"""What a retired route leads to: API Gateway takes the message, and nothing comes of it.

A route without a target would say as much, but a target is not taken away: ``UpdateRoute`` of botocore
``apigatewayv2`` keeps what is left out, and has no word for none.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationPlan(Generic[IntegrationSpec]):
    """The integrations to provision, by logical name, and the logical name that each route key leads to."""

    integrations: Mapping[str, IntegrationSpec]
    by_route: Mapping[str, str]


def plan_websocket_integrations(name: str, api: WebSocketApi) -> IntegrationPlan[WebSocketIntegration]:
    """Plan the integrations of a WebSocket API."""
    return _plan(name, api.integrations, {key: route_integration(api, route) for key, route in api.routes.items()})


def plan_http_integrations(name: str, api: HttpApi) -> IntegrationPlan[HttpIntegration]:
    """Plan the integrations of an HTTP API."""
    return _plan(name, api.integrations, {key: api.integration_of(route) for key, route in api.routes.items()})


def route_integration(api: WebSocketApi, route: WebSocketRoute) -> WebSocketIntegration:
    """Return what a route leads to; every route but a retired one has an integration."""
    return api.integration_of(route) or RETIRED


def _plan(
    api_name: str, shared: Mapping[str, IntegrationSpec], by_key: Mapping[str, IntegrationSpec]
) -> IntegrationPlan[IntegrationSpec]:
    """Provision equal integrations once: under a name where one of them has one, else under their content's hash."""
    named_by_content = {plain(shared[name]): f"{api_name}-{name}" for name in sorted(shared, reverse=True)}
    integrations: dict[str, IntegrationSpec] = {}
    by_route: dict[str, str] = {}
    for key in sorted(by_key):
        content = plain(by_key[key])
        logical = named_by_content.get(content, f"{api_name}-{digest(content)[:8]}")
        integrations[logical] = by_key[key]
        by_route[key] = logical
    return IntegrationPlan(integrations=integrations, by_route=by_route)


def plain(spec: WebSocketIntegration | HttpIntegration) -> str:
    """Print a spec as canonical JSON: equal specs print equally, whatever the order in the file."""
    return json.dumps(_content(spec), sort_keys=True)


def digest(text: str) -> str:
    """Return the SHA-256 of a text in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def websocket_content_hash(api: WebSocketApi) -> str:
    """Hash everything in an API's settings that a deployment snapshots, known in every preview.

    That is what the routes, integrations, their responses, the models and the authorizers are made of, descriptions
    included, and the selection expressions. Stage settings, tags, target addresses, alarms, domain and usage plans are
    no part of it; nor is a shared integration's name, only its content.
    """
    return _hash(
        {
            "apiKeySelectionExpression": api.api_key_selection_expression,
            "routeSelectionExpression": str(api.route_selection_expression),
            "routes": {
                key: {"integration": _content(route_integration(api, route)), "route": _content(route, "integration")}
                for key, route in api.routes.items()
            },
            "models": {name: _content(model) for name, model in api.models.items()},
            "authorizers": {name: _content(authorizer) for name, authorizer in api.authorizers.items()},
        }
    )


def http_content_hash(api: HttpApi) -> str:
    """Hash everything in an API's settings that a deployment snapshots, for stages that do not deploy by themselves.

    A named stage is part of it, for the paths of all integrations are then freed of the stage's name.
    """
    return _hash(
        {
            "hasNamedStage": any(stage.name != "$default" for stage in api.all_stages),
            "cors": _content(api.cors) if api.cors else None,
            "routes": {
                key: {"integration": _content(api.integration_of(route)), "route": _content(route, "integration")}
                for key, route in api.routes.items()
            },
            "authorizers": {name: _content(authorizer) for name, authorizer in api.authorizers.items()},
        }
    )


_OF_A_REST_DEPLOYMENT: Final = {
    "api_key_source_type",
    "authorizers",
    "binary_media_types",
    "disable_execute_api_endpoint",
    "endpoint_configuration",
    "gateway_responses",
    "invoke_principals",
    "minimum_compression_size",
    "models",
    "resource_policy",
}
"""What an API says beside its routes that counts with the next deployment; the default endpoint, says the AWS page
"Disable the default endpoint for REST APIs", among it."""


def rest_content_hash(api: RestApi) -> str:
    """Hash everything in a REST API's settings that a deployment snapshots, known in every preview.

    That is the routes, their integrations, the models, authorizers and gateway responses, the resource policy, and what
    is said of bodies, API keys and endpoints. Stage settings, tags, the API's description, version and address type,
    alarms, domain and usage plans are no part of it; nor is a shared integration's name, only its content. The format
    of the document is: what a newer program writes otherwise has to be deployed, though the settings are as they were.
    """
    return _hash(
        {
            "format": FORMAT,
            "api": api.model_dump(mode="json", by_alias=True, exclude_defaults=True, include=_OF_A_REST_DEPLOYMENT),
            "routes": {
                key: {"integration": _content(api.integration_of(route)), "route": _content(route, "integration")}
                for key, route in api.routes.items()
            },
        }
    )


def _hash(content: Mapping[str, object]) -> str:
    return digest(json.dumps(content, sort_keys=True))


def _content(model: Model, *without: str) -> dict[str, object]:
    """Return what a model says beyond its defaults, so that a key which the settings gain later changes no hash."""
    return model.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude=set(without))
