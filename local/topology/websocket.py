"""What a recorded WebSocket API amounts to: its stages, routes, models and integrations, ready to be served."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from apigateway.json_path import JsonValue
from apigateway.mapping import websocket
from apigateway.selection import SelectionExpression, TemplateSelection
from local.topology.apis import ApiKeySource, BaseApi
from local.topology.authorization import OPEN, WebSocketAuthorization
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

WebSocketCall: TypeAlias = PrivateCall | PublicCall | FunctionCall | ServiceCall | NoCall


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSocketIntegrationResponse:
    """What is made of an answer that the key chooses."""

    key: str
    r"""``$default``, or a regular expression between slashes: ``/4\d\d/``."""
    pattern: re.Pattern[str] | None
    """The expression of the key; None for ``$default``."""
    templates: Mapping[str, str]
    selection: TemplateSelection | None
    content_handling: ContentHandling | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSocketIntegration:
    """What a route does. What follows the request mapping is empty for the two proxies."""

    id: str
    type: IntegrationType
    method: str
    """Of the request to a server or a service; empty for MOCK."""
    call: WebSocketCall
    request: websocket.RequestMapping
    timeout: float
    """Seconds."""
    templates: Mapping[str, str] = field(default_factory=dict)
    selection: TemplateSelection | None = None
    """What chooses the template, of the message."""
    passthrough: Passthrough = "WHEN_NO_MATCH"
    content_handling: ContentHandling | None = None
    responses: tuple[WebSocketIntegrationResponse, ...] = ()
    """In the order of their keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSocketRoute:
    """A route of a WebSocket API."""

    key: str
    integration: WebSocketIntegration
    two_way: bool
    """Whether the backend's answer goes back to the client: the route has a selection expression and a response."""
    required: tuple[str, ...]
    """Request parameters that must be there, such as ``route.request.querystring.authToken``."""
    authorization: WebSocketAuthorization = OPEN
    """Of ``$connect`` alone: other routes are open to those who are connected."""
    api_key_required: bool = False
    models: Mapping[str, JsonValue] = field(default_factory=dict)
    """Key → JSON schema, complete in itself."""
    model_selection: SelectionExpression | None = None
    """What chooses the schema; ``$default`` is the only one where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSocketApi(BaseApi):
    """A WebSocket API with all that its stages serve."""

    selection: SelectionExpression
    routes: Mapping[str, WebSocketRoute]
    api_key_source: ApiKeySource = "HEADER"
