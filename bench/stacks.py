"""The stacks that are measured, generated: the settings of a stack file, and the configuration that holds them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal, TypeAlias

from local.recording import Json
from local.stack_file import NAMESPACE, StackConfig

ROOT: Final = Path(__file__).resolve().parent.parent
"""The folder of the program."""

PROJECT: Final = "gatelink"
STACK: Final = "bench"
REGION: Final = "us-east-1"

MAPPED_HEADER: Final = "X-Bench-Stage"
"""The one header that the gateway maps; the backend refuses a request without it."""

MAPPED_VALUE: Final = "bench"

HTTP_API: Final = "orders"
WEBSOCKET_API: Final = "rooms"
"""The APIs that the gateway serves."""

ROUTE: Final = "say"
"""The value of ``action`` in the messages that are sent to the WebSocket API."""

HTTP_BACKENDS: Final = ("orders", "stock")
WEBSOCKET_BACKENDS: Final = ("chat", "rooms")

Kind: TypeAlias = Literal["HTTP_PROXY", "HTTP"]
"""How a REST API's routes lead to their service: HTTP has two integration responses."""

REST_ROUTES: Final = ("GET /", "POST /", "GET /{id}", "PUT /{id}", "DELETE /{id}")
"""The routes of one collection: of it as a whole, and of one of its members."""


def many_routes(count: int) -> dict[str, Json]:
    """Return the settings of a stack with ``count`` routes, at least four, on one WebSocket and one HTTP API.

    Every route has an integration of its own with mappings of its own, so that none is shared.
    """
    return {
        "network": {"cidr": "10.20.0.0/16", "natGateways": "single", "vpcEndpoints": ["s3"]},
        "backends": {
            **{name: _backend("network") for name in WEBSOCKET_BACKENDS},
            **{name: _backend("application") for name in HTTP_BACKENDS},
        },
        "apis": {
            "events": {
                "protocol": "WEBSOCKET",
                "stage": {"name": "dev"},
                "routes": {key: _websocket_route(key, number) for number, key in enumerate(_websocket_keys(count))},
            },
            "resources": {
                "protocol": "HTTP",
                "routes": {f"GET /resource-{number}/{{id}}": _http_route(number) for number in range(count // 2)},
            },
        },
    }


def many_rest_routes(count: int, kind: Kind, *, edited: bool = False, removed: bool = False) -> dict[str, Json]:
    """Return the settings of a REST API with ``count`` routes, five to a collection, and nothing beside it.

    ``edited`` gives the last route another URL, ``removed`` leaves it out.
    """
    routes = {
        f"{method} /things-{number}{path.rstrip('/')}": _rest_route(number, method, path, kind)
        for number in range(count // len(REST_ROUTES))
        for method, path in (key.split() for key in REST_ROUTES)
    }
    last = list(routes)[-1]
    if edited:
        routes[last] = _rest_route(count, "DELETE", "/{id}", kind)
    if removed:
        del routes[last]
    stage: Json = {"name": STACK, "accessLogs": False, "executionLogs": False}
    api: Json = {"protocol": "REST", "stage": stage, "routes": dict(routes)}
    return {"apis": {"things": api}}


def at_scale(routes: int, services: int, *, alike: bool, first: int = 0, edited: bool = False) -> dict[str, Json]:
    """Return the settings of one WebSocket and one HTTP API with ``routes`` routes each and ``services`` backends each.

    ``alike`` lets the routes of a service have the same integration, which Gatelink then makes once; else each has a
    path of its own at its service. Routes are numbered from ``first``; ``edited`` gives the last of each API another
    mapping.
    """
    networks = [f"chat-{number}" for number in range(services)]
    applications = [f"orders-{number}" for number in range(services)]
    # Two routes of a WebSocket API are the handshake and the end; the others are messages.
    keys = ["$connect", "$disconnect", *(f"action-{first + number}" for number in range(routes - 2))]
    websocket = {
        key: _scaled_event(networks[number % services], None if alike else first + number)
        for number, key in enumerate(keys)
    }
    http = {
        f"GET /resource-{first + number}/{{id}}": _scaled_route(
            applications[number % services], None if alike else first + number
        )
        for number in range(routes)
    }
    if edited:
        websocket[keys[-1]] = _scaled_event(networks[0], first + routes)
        http[list(http)[-1]] = _scaled_route(applications[0], first + routes)
    return {
        "network": {"cidr": "10.20.0.0/16"},
        "backends": {
            **{name: _backend("network") for name in networks},
            **{name: _backend("application") for name in applications},
        },
        "apis": {
            "events": {"protocol": "WEBSOCKET", "stage": {"name": STACK}, "routes": dict(websocket)},
            "resources": {"protocol": "HTTP", "routes": dict(http)},
        },
    }


def served() -> dict[str, Json]:
    """Return the settings of the stack that the gateway serves; each of its APIs maps one header.

    Every request to the HTTP API goes to the backend; of the WebSocket API every event does, and of a message on
    :data:`ROUTE` the answer goes back to the client.
    """
    header = f"integration.request.header.{MAPPED_HEADER}"
    proxy: dict[str, Json] = {
        "integrationType": "HTTP_PROXY",
        "integrationMethod": "ANY",
        "backend": "orders",
        "requestParameters": {f"overwrite:header.{MAPPED_HEADER}": "$stageVariables.name"},
    }
    forward: dict[str, Json] = {
        "integrationType": "HTTP_PROXY",
        "integrationMethod": "POST",
        "backend": "rooms",
        "path": "/message",
        "requestParameters": {header: "stageVariables.name"},
    }
    stage: dict[str, Json] = {
        "variables": {"name": MAPPED_VALUE},
        "throttling": {"rateLimit": 10_000, "burstLimit": 5_000},
    }
    return {
        "network": {"cidr": "10.20.0.0/16"},
        "backends": {"orders": _backend("application"), "rooms": _backend("network")},
        "apis": {
            HTTP_API: {
                "protocol": "HTTP",
                "stage": {"name": "$default", **stage},
                "routes": {"ANY /{proxy+}": {"integration": proxy}},
            },
            WEBSOCKET_API: {
                "protocol": "WEBSOCKET",
                "stage": {"name": STACK, **stage},
                "integrations": {"forward": forward},
                "routes": {
                    "$connect": {"integration": "forward"},
                    "$disconnect": {"integration": "forward"},
                    ROUTE: {"integration": "forward", "routeResponse": True},
                },
            },
        },
    }


def as_config(settings: Mapping[str, Json]) -> StackConfig:
    """Return the configuration that the engine would pass for a stack file with these settings, all of them blocks."""
    values = {f"{NAMESPACE}:{key}": json.dumps(value, sort_keys=True) for key, value in settings.items()}
    return StackConfig(
        directory=ROOT,
        project=PROJECT,
        stack=STACK,
        file=ROOT / "Pulumi.bench.yaml",
        values={"aws:region": REGION, **values},
        secret_keys=(),
    )


def _backend(kind: str) -> Json:
    return {"loadBalancer": kind, "listener": {"port": 80}, "target": {"port": 8080, "addresses": ["10.20.0.10"]}}


def _websocket_keys(count: int) -> list[str]:
    return ["$connect", "$disconnect", *(f"action-{number}" for number in range(count - count // 2 - 2))]


def _websocket_route(key: str, number: int) -> Json:
    # The handshake's headers can be read on $connect only, the message's body on no other than a message's route.
    source = {"$connect": "route.request.header.Authorization", "$disconnect": "context.eventType"}
    return {
        "integration": {
            "integrationType": "HTTP_PROXY",
            "integrationMethod": "POST",
            "backend": WEBSOCKET_BACKENDS[number % len(WEBSOCKET_BACKENDS)],
            "path": f"/events/{number}",
            "requestParameters": {
                "integration.request.header.ConnectionId": "context.connectionId",
                "integration.request.header.detail": source.get(key, "route.request.body.detail"),
            },
        }
    }


def _http_route(number: int) -> Json:
    return {
        "integration": {
            "integrationType": "HTTP_PROXY",
            "integrationMethod": "GET",
            "backend": HTTP_BACKENDS[number % len(HTTP_BACKENDS)],
            "requestParameters": {
                "overwrite:path": f"/v{number}/${{request.path.id}}",
                "overwrite:header.x-request-id": "$context.requestId",
            },
        }
    }


def _scaled_event(backend: str, number: int | None) -> Json:
    return {
        "integration": {
            "integrationType": "HTTP_PROXY",
            "integrationMethod": "POST",
            "backend": backend,
            "path": "/events" if number is None else f"/events/{number}",
            "requestParameters": {
                "integration.request.header.ConnectionId": "context.connectionId",
                "integration.request.header.RouteKey": "context.routeKey",
            },
        }
    }


def _scaled_route(backend: str, number: int | None) -> Json:
    path = "$request.path" if number is None else f"/v{number}/${{request.path.id}}"
    return {
        "integration": {
            "integrationType": "HTTP_PROXY",
            "integrationMethod": "GET",
            "backend": backend,
            "requestParameters": {"overwrite:path": path, "overwrite:header.x-request-id": "$context.requestId"},
        }
    }


def _rest_route(number: int, method: str, path: str, kind: Kind) -> Json:
    integration: dict[str, Json] = {
        "integrationType": kind,
        "integrationMethod": method,
        "integrationUri": f"https://things.example/v{number}{path.rstrip('/')}",
    }
    if "{id}" in path:
        integration["requestParameters"] = {"integration.request.path.id": "method.request.path.id"}
    if kind == "HTTP":
        integration["integrationResponses"] = {"200": {}, "404": {"selectionPattern": "404"}}
    return {"integration": integration}
