"""The request that a backend, a URL or a service gets for an event of a WebSocket connection.

Nothing of the client's handshake and nothing of the event is in it unless it is mapped. Sources: "Set up data mapping
for WebSocket APIs in API Gateway", "Data transformations for WebSocket APIs in API Gateway"; the headers that API
Gateway adds are as observed at backends and in its logs, and so is that a ``GET`` has no body even where a template
made one.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import SplitResult

from apigateway.mapping.data import Pairs, RequestData
from apigateway.mapping.websocket import MappedParameter, Static
from local.gateway.client import Outgoing
from local.gateway.headers import encode_component, encode_path, encode_written, trace_id, without
from local.gateway.services import ServiceRequest
from local.gateway.upstream import Addressed
from local.gateway.uris import integration_url, with_stage_variables
from local.gateway.websocket.payload import Payload
from local.topology.websocket import WebSocketIntegration

WITHOUT_BODY: Final = frozenset({"GET", "HEAD"})
METHOD_FOR_ANY: Final = "POST"
"""An event has no method of its own, and AWS does not say what ANY makes of it: a choice."""

_OWN: Final = frozenset({"host", "accept", "user-agent", "x-amzn-apigateway-api-id", "x-amzn-trace-id", "content-type"})
"""The headers of API Gateway's own, for which a mapping stands in."""

_PLACEHOLDER = re.compile(r"\{([A-Za-z0-9._$-]+)\}")


def build_request(
    integration: WebSocketIntegration, uri: str, api_id: str, data: RequestData, payload: Payload
) -> Addressed:
    """Build the request of one event. Raises ``Faulted`` where the stage's variables make no URL of the URI."""
    url = integration_url(uri, data.stage_variables)
    encoded = _Encoded(integration, integration.request.apply(data))
    body = _body(integration, payload)
    own = (*_own_headers(url.netloc, api_id), ("X-Amzn-Trace-Id", trace_id(None)))
    return Addressed(
        origin=f"{url.scheme}://{url.netloc}",
        outgoing=Outgoing(
            method=_method(integration),
            target=encoded.target(url),
            headers=encoded.headers(own, payload.content_type if body else None),
            body=body,
            timeout=integration.timeout,
        ),
    )


def build_service_request(
    integration: WebSocketIntegration, uri: str, api_id: str, data: RequestData, payload: Payload
) -> ServiceRequest:
    """Fill in the URI of a service and its request."""
    encoded = _Encoded(integration, integration.request.apply(data))
    body = _body(integration, payload)
    return ServiceRequest(
        uri=encoded.fill(with_stage_variables(uri, data.stage_variables)),
        method=_method(integration),
        query=encoded.query,
        headers=encoded.headers(
            (("User-Agent", f"AmazonAPIGateway_{api_id}"),), payload.content_type if body else None
        ),
        body=body,
    )


def mapped_headers(integration: WebSocketIntegration, data: RequestData) -> Pairs:
    """Return the headers that the mappings write."""
    mapped = (item for item in integration.request.apply(data) if item.location == "header")
    return tuple((item.name, value) for item in mapped for value in item.values)


def _method(integration: WebSocketIntegration) -> str:
    return METHOD_FOR_ANY if integration.method == "ANY" else integration.method


def _body(integration: WebSocketIntegration, payload: Payload) -> bytes | None:
    return payload.content if payload.content and _method(integration) not in WITHOUT_BODY else None


@lru_cache(maxsize=256)
def _own_headers(host: str, api_id: str) -> Pairs:
    """Return those of API Gateway's own headers that no message changes."""
    return (
        ("Host", host),
        ("Accept", "application/json"),
        ("User-Agent", f"AmazonAPIGateway_{api_id}"),
        ("x-amzn-apigateway-api-id", api_id),
    )


@lru_cache(maxsize=256)
def _fixed_target(path: str, query: str) -> str:
    return _target(path, encode_written(query))


def _target(path: str, query: str) -> str:
    """Print path and query; the query is encoded already."""
    return f"{encode_path(path) or '/'}?{query}" if query else encode_path(path) or "/"


@dataclass(frozen=True, slots=True)
class _Encoded:
    """What the mappings give, encoded: by its author where it is fixed text, here all else."""

    integration: WebSocketIntegration
    mapped: tuple[MappedParameter, ...]

    def fill(self, text: str) -> str:
        """Fill the placeholders of a URI; one that nothing fills stays, so that the backend's log shows it."""
        if "{" not in text:
            return text
        path = {item.name: self._value(item, item.values[0]) for item in self.mapped if item.location == "path"}
        return _PLACEHOLDER.sub(lambda match: path.get(match[1], match[0]), text)

    def target(self, url: SplitResult) -> str:
        """Return the path and query of a URL with what is mapped, which most often is nothing."""
        if all(item.location == "header" for item in self.mapped):
            return _fixed_target(url.path, url.query)
        query = "&".join(filter(None, [encode_written(self.fill(url.query)), self.query]))
        return _target(self.fill(url.path), query)

    @property
    def query(self) -> str:
        """The query string that is mapped."""
        return "&".join(
            f"{encode_component(item.name)}={self._value(item, value)}"
            for item in self.mapped
            if item.location == "querystring"
            for value in item.values
        )

    def headers(self, own: Pairs, content_type: str | None) -> Pairs:
        """Return the mapped headers after those of API Gateway's own, as far as these are not mapped."""
        mapped = [(item.name, value) for item in self.mapped if item.location == "header" for value in item.values]
        if content_type is not None:
            own = (*own, ("Content-Type", content_type))
        names = {name.lower() for name, _ in mapped}
        return (*(own if names.isdisjoint(_OWN) else without(own, names)), *mapped)

    def _value(self, item: MappedParameter, value: str) -> str:
        is_fixed = any(
            isinstance(source, Static) and (destination.location, destination.name) == (item.location, item.name)
            for destination, source in self.integration.request.entries
        )
        return encode_written(value) if is_fixed else encode_component(value)
