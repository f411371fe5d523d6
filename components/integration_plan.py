"""Which integrations an API needs, and what its deployment depends on: pure functions of the API's settings."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Generic, TypeVar

from settings import HttpApi, HttpIntegration, WebSocketApi, WebSocketIntegration

IntegrationSpec = TypeVar("IntegrationSpec", WebSocketIntegration, HttpIntegration)


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationPlan(Generic[IntegrationSpec]):
    """The integrations to provision, by logical name, and the logical name that each route key leads to."""

    integrations: Mapping[str, IntegrationSpec]
    by_route: Mapping[str, str]


def plan_websocket_integrations(name: str, api: WebSocketApi) -> IntegrationPlan[WebSocketIntegration]:
    """Plan the integrations of a WebSocket API."""
    return _plan(name, api.integrations, {key: route.integration for key, route in api.routes.items()})


def plan_http_integrations(name: str, api: HttpApi) -> IntegrationPlan[HttpIntegration]:
    """Plan the integrations of an HTTP API."""
    return _plan(name, api.integrations, {key: route.integration for key, route in api.routes.items()})


def _plan(
    api_name: str, shared: Mapping[str, IntegrationSpec], choices: Mapping[str, IntegrationSpec | str]
) -> IntegrationPlan[IntegrationSpec]:
    """Provision equal integrations once: under a name where one of them has one, else under their content's hash."""
    named_by_content = {plain(shared[name]): f"{api_name}-{name}" for name in sorted(shared, reverse=True)}
    integrations: dict[str, IntegrationSpec] = {}
    by_route: dict[str, str] = {}
    for key in sorted(choices):
        choice = choices[key]
        spec = shared[choice] if isinstance(choice, str) else choice
        content = plain(spec)
        logical = named_by_content.get(content, f"{api_name}-{digest(content)[:8]}")
        integrations[logical] = spec
        by_route[key] = logical
    return IntegrationPlan(integrations=integrations, by_route=by_route)


def plain(spec: WebSocketIntegration | HttpIntegration) -> str:
    """Print a spec as canonical JSON: equal specs print equally, whatever the order in the file."""
    return json.dumps(spec.model_dump(mode="json", by_alias=True, exclude_none=True), sort_keys=True)


def digest(text: str) -> str:
    """Return the SHA-256 of a text in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def websocket_content_hash(api: WebSocketApi) -> str:
    """Hash everything in an API's settings that a deployment snapshots, known in every preview.

    Stage settings, tags and target addresses are no part of it; nor is a shared integration's name, only its content.
    """
    routes = {
        key: {
            "integration": plain(api.integration_of(route)),
            "route": route.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"integration"}),
        }
        for key, route in api.routes.items()
    }
    selection = str(api.route_selection_expression)
    return digest(json.dumps({"routeSelectionExpression": selection, "routes": routes}, sort_keys=True))
