"""What a recorded REST API amounts to: its stages, methods, integrations and gateway responses, ready to be served."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from apigateway.json_path import JsonValue
from apigateway.mapping import rest
from apigateway.rest_resources import RestRouteKey
from local.topology.apis import ApiKeySource, BaseApi
from local.topology.authorization import RestAuthorization
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

RestCall: TypeAlias = PrivateCall | PublicCall | FunctionCall | ServiceCall | NoCall


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationResponse:
    """What is made of an answer that ``pattern`` chooses; the one without a pattern is the default."""

    status: int
    pattern: str | None
    mapping: rest.ResponseMapping
    templates: Mapping[str, str]
    content_handling: ContentHandling | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RestIntegration:
    """What a method does."""

    type: IntegrationType
    method: str
    """The method of the request to the backend; ``ANY`` is the client's own. Empty for MOCK."""
    call: RestCall
    request: rest.RequestMapping
    templates: Mapping[str, str]
    passthrough: Passthrough
    content_handling: ContentHandling | None
    responses: tuple[IntegrationResponse, ...]
    timeout: float
    """Seconds."""
    streams: bool
    """Whether the answer is passed on as it comes (``responseTransferMode: STREAM``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestMethod:
    """A method on a resource."""

    key: RestRouteKey
    authorization: RestAuthorization
    api_key_required: bool
    parameters: Mapping[str, bool]
    """``method.request.header.X`` and the like → whether it is required."""
    validates_parameters: bool
    validates_body: bool
    request_models: Mapping[str, JsonValue]
    """Content type → JSON schema, complete in itself."""
    integration: RestIntegration


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayResponse:
    """How the stack words an answer of API Gateway's own."""

    status: int | None
    """None for the status that the kind of answer has anyway."""
    parameters: Mapping[str, str]
    """``gatewayresponse.header.X`` → value."""
    templates: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RestApi(BaseApi):
    """A REST API with all that its stages serve."""

    methods: Mapping[RestRouteKey, RestMethod]
    gateway_responses: Mapping[str, GatewayResponse]
    binary_media_types: tuple[str, ...]
    minimum_compression_size: int | None
    api_key_source: ApiKeySource
    policy: Mapping[str, JsonValue] | None
    is_private: bool
