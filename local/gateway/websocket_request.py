"""The HTTP request that a backend gets for an event of a WebSocket connection.

Nothing of the client's handshake and nothing of the event is in it unless it is mapped. Sources: "Set up data mapping
for WebSocket APIs in API Gateway"; the headers that API Gateway adds are as observed at backends and in its logs.
"""

import json
import re
from urllib.parse import urlsplit

from apigateway.mapping.data import Pairs, RequestData
from apigateway.mapping.websocket import MappedParameter, Static
from local.gateway.headers import encode_component, encode_path, encode_written, traced, without
from local.gateway.upstream import Outgoing
from local.topology import WebSocketIntegration

WITHOUT_BODY = frozenset({"GET", "HEAD"})
METHOD_FOR_ANY = "POST"
"""An event has no method of its own, and AWS does not say what ANY makes of it: a choice."""

_PLACEHOLDER = re.compile(r"\$\{stageVariables\.(?P<variable>\w+)\}|\{(?P<parameter>[A-Za-z0-9._-]+)\}")


def build_request(integration: WebSocketIntegration, api_id: str, data: RequestData) -> Outgoing:
    """Build the request of one event: ``data.body`` is the message, and empty for the other events."""
    mapped = integration.request.apply(data)
    method = METHOD_FOR_ANY if integration.method == "ANY" else integration.method
    message = data.body if isinstance(data.body, str) else data.body.decode("utf-8", "replace")
    body = message.encode("utf-8", "replace") if message and method not in WITHOUT_BODY else None
    host = urlsplit(integration.uri).netloc
    return Outgoing(
        method=method,
        target=_target(integration, mapped, data),
        headers=_headers(mapped, host, api_id, message if body else None),
        body=body,
        timeout=integration.timeout,
    )


def _headers(mapped: tuple[MappedParameter, ...], host: str, api_id: str, message: str | None) -> Pairs:
    own = traced(
        (
            ("Host", host),
            ("Accept", "application/json"),
            ("User-Agent", f"AmazonAPIGateway_{api_id}"),
            ("x-amzn-apigateway-api-id", api_id),
        )
    )
    if message is not None:
        own = (*own, ("Content-Type", "application/json" if _is_json(message) else "text/plain"))
    headers = tuple((item.name, value) for item in mapped if item.location == "header" for value in item.values)
    return (*without(own, {name.lower() for name, _ in headers}), *headers)


def _is_json(message: str) -> bool:
    try:
        json.loads(message)
    except (ValueError, RecursionError):
        return False
    return True


def _target(integration: WebSocketIntegration, mapped: tuple[MappedParameter, ...], data: RequestData) -> str:
    # The author of a static value has encoded it as the backend needs it; any other value is encoded here.
    static = {
        (destination.location, destination.name)
        for destination, source in integration.request.entries
        if isinstance(source, Static)
    }

    def encoded(item: MappedParameter, value: str) -> str:
        return encode_written(value) if (item.location, item.name) in static else encode_component(value)

    values = {item.name: encoded(item, item.values[0]) for item in mapped if item.location == "path"}

    def fill(match: re.Match[str]) -> str:
        if match["variable"] is not None:
            return encode_written(data.stage_variables.get(match["variable"], ""))
        # A placeholder that no mapping fills stays as it is written, so that the backend's log shows it.
        return values.get(match["parameter"], match[0])

    parts = urlsplit(integration.uri)
    path = encode_path(_PLACEHOLDER.sub(fill, parts.path)) or "/"
    query = "&".join(
        [
            *([_PLACEHOLDER.sub(fill, parts.query)] if parts.query else []),
            *(
                f"{encode_component(item.name)}={encoded(item, value)}"
                for item in mapped
                if item.location == "querystring"
                for value in item.values
            ),
        ]
    )
    return f"{path}?{query}" if query else path
