"""What a recorded REST API amounts to: its stages, methods, integrations and gateway responses, ready to be served."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from apigateway.json_path import JsonValue
from apigateway.mapping import rest
from apigateway.rest_resources import RestRouteKey
from local.reachability import Reach
from local.stage_limits import UNLIMITED, KeyPlan, StageLimits

ContentHandling: TypeAlias = Literal["CONVERT_TO_BINARY", "CONVERT_TO_TEXT"]
Passthrough: TypeAlias = Literal["WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RestStage:
    """A stage that serves its API, and the API keys that its usage plans let in: value → id of the key."""

    name: str
    variables: Mapping[str, str]
    api_keys: Mapping[str, str]
    limits: StageLimits = UNLIMITED
    plans: Mapping[str, KeyPlan] = field(default_factory=dict)
    """Value of an API key → what its usage plan lets it ask for, where it limits anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateCall:
    """A call of a backend by a VPC link."""

    uri: str
    """The integration's URI, with ``{name}`` and ``${stageVariables.name}``."""
    reach: Reach
    stage_in_path: bool
    """Whether API Gateway puts the stage before the path: so it does with links of version 2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicCall:
    """A call of a URL over the internet."""

    uri: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoCall:
    """API Gateway answers by itself: a MOCK integration."""


Call: TypeAlias = PrivateCall | PublicCall | NoCall


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

    type: Literal["HTTP", "HTTP_PROXY", "MOCK"]
    method: str
    """The method of the request to the backend; ``ANY`` is the client's own. Empty for MOCK."""
    call: Call
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
    authorization: Literal["NONE", "AWS_IAM"]
    api_key_required: bool
    parameters: Mapping[str, bool]
    """``method.request.header.X`` and the like → whether it is required."""
    validates_parameters: bool
    validates_body: bool
    request_models: Mapping[str, JsonValue]
    """Content type → JSON schema, complete in itself."""
    response_headers: Mapping[str, frozenset[str]]
    """Status code → the headers that the method's response declares."""
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
class RestApi:
    """A REST API with all that its stages serve."""

    name: str
    """The stack's name for it, as in the output ``apis.<name>``."""
    api_id: str
    execution_arn: str
    stages: Mapping[str, RestStage]
    methods: Mapping[RestRouteKey, RestMethod]
    gateway_responses: Mapping[str, GatewayResponse]
    binary_media_types: tuple[str, ...]
    minimum_compression_size: int | None
    api_key_source: Literal["HEADER", "AUTHORIZER"]
    policy: Mapping[str, JsonValue] | None
    is_private: bool

    @property
    def region(self) -> str:
        """The Region that the API is in: callers sign for it."""
        return "".join(self.execution_arn.split(":")[3:4])
