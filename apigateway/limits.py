"""Numbers that Amazon API Gateway fixes.

From the AWS pages "Amazon API Gateway quotas" and "Quotas for configuring and running" a WebSocket, an HTTP and a REST
API, and from the botocore models of ``apigatewayv2`` and ``apigateway``.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from apigateway.context import Protocol

INTEGRATION_TIMEOUT_MILLIS: Final = MappingProxyType[Protocol, tuple[int, int]](
    {"WEBSOCKET": (50, 29_000), "HTTP": (50, 30_000)}
)
"""The least and the greatest ``timeoutInMillis`` of an integration; the greatest is also the default."""

REST_TIMEOUT_MILLIS: Final = (50, 900_000)
"""The least ``timeoutInMillis`` of a REST API's integration, and the greatest, which is that of a streamed answer."""

REST_DEFAULT_TIMEOUT_MILLIS: Final = 29_000
"""The ``timeoutInMillis`` of a REST API's integration that is left out: the greatest, unless AWS raises the quota."""

REST_COMPRESSION_BYTES: Final = 10 * 1024 * 1024
"""The greatest ``minimumCompressionSize``."""

WEBSOCKET_MESSAGE_BYTES: Final = 128 * 1024
"""A message of a WebSocket client, all its frames together."""

WEBSOCKET_IDLE_SECONDS: Final = 600
"""A WebSocket connection without a message in either direction is closed after ten minutes."""

WEBSOCKET_CONNECTION_SECONDS: Final = 7_200
"""A WebSocket connection is closed after two hours, however busy."""

CONNECTIONS_BODY_BYTES: Final = 128 * 1024
"""What a backend may post to ``@connections`` in one call."""

HTTP_PAYLOAD_BYTES: Final = 10 * 1024 * 1024
"""The body of a request to an HTTP API, and of its response."""

HTTP_HEADER_BYTES: Final = 10_240
"""The request line and all headers of a request to an HTTP API together."""

HTTP_JSON_PATH_BYTES: Final = 100 * 1024
"""A mapping with a JSON path sees this much of the body ("Transform API requests and responses for HTTP APIs")."""

MAPPING_VALUE_CHARACTERS: Final = (1, 512)
"""The least and the greatest length of a mapping's value (botocore ``IntegrationParameters``)."""

STAGE_VARIABLE_NAME_CHARACTERS: Final = 64
"""The name of a stage variable."""

STAGE_VARIABLE_VALUE_CHARACTERS: Final = 512
"""The value of a stage variable: the quota, which is stricter than the model's 2048."""

STAGE_NAME_CHARACTERS: Final = 128
"""The name of a stage."""

MODEL_LOG_FORMAT_CHARACTERS: Final = 1024
"""The template of an access log, by the length of the model's shape (botocore ``StringWithLengthBetween1And1024``)."""

ACCESS_LOG_FORMAT_BYTES: Final = 3 * 1024
"""The template of an access log: the quota; the model's 1,024 characters are the name of a shape and not enforced."""


@dataclass(frozen=True, slots=True)
class Quota:
    """A number of things that AWS allows: ``name`` is how the quota is called, ``raisable`` whether AWS raises it."""

    name: str
    value: int
    raisable: bool


ROUTES: Final = Quota("Routes per API", 300, raisable=True)
RESOURCES: Final = Quota("Resources per REST API, the root among them", 300, raisable=True)
HTTP_INTEGRATIONS: Final = Quota("Integrations per HTTP API", 300, raisable=False)
WEBSOCKET_INTEGRATIONS: Final = Quota("Integrations per WebSocket API", 300, raisable=True)
STAGES: Final = Quota("Stages per API", 10, raisable=True)
STAGE_VARIABLES: Final = Quota("Stage variables per stage", 100, raisable=False)
REST_STAGE_VARIABLES: Final = Quota("Stage variables per stage, those of VPC links among them", 100, raisable=False)
AUTHORIZERS: Final = Quota("Authorizers per API", 10, raisable=True)
AUDIENCES: Final = Quota("Audiences per JWT authorizer", 50, raisable=False)
SCOPES: Final = Quota("Scopes per route", 10, raisable=False)
POLICY_CHARACTERS: Final = Quota("Characters of a resource policy", 8_192, raisable=True)
REST_LINKS: Final = Quota("VPC links for REST and WebSocket APIs per Region", 20, raisable=True)
LINK_SUBNETS: Final = Quota("Subnets per VPC link for HTTP APIs", 10, raisable=True)
USAGE_PLANS: Final = Quota("Usage plans per Region", 300, raisable=True)
API_KEYS: Final = Quota("API keys per Region", 10_000, raisable=False)
DOMAINS: Final = Quota("Custom domain names per Region", 120, raisable=True)
DEEP_MAPPINGS: Final = Quota("API mappings with several levels per domain name", 200, raisable=False)
REQUEST_RATE: Final = Quota("Requests a second per Region, of all APIs", 10_000, raisable=True)
REQUEST_BURST: Final = Quota(
    "Requests at once per Region, of all APIs, which AWS sets by the rate", 5_000, raisable=True
)
SMALL_REQUEST_RATE: Final = Quota("Requests a second in a Region with smaller quotas", 2_500, raisable=True)
SMALL_REQUEST_BURST: Final = Quota("Requests at once in a Region with smaller quotas", 1_250, raisable=True)
HEADER_BYTES: Final = Quota("Bytes of request line and headers of an HTTP API", HTTP_HEADER_BYTES, raisable=False)

SMALL_REGIONS: Final = frozenset(
    {
        "af-south-1",
        "ap-south-2",
        "ap-southeast-3",
        "ap-southeast-4",
        "ap-southeast-5",
        "ap-southeast-7",
        "ca-west-1",
        "eu-central-2",
        "eu-south-1",
        "eu-south-2",
        "il-central-1",
        "me-central-1",
        "mx-central-1",
    }
)
"""The Regions whose accounts begin with the smaller quotas."""

QUOTAS: Final = (
    ROUTES,
    RESOURCES,
    HTTP_INTEGRATIONS,
    WEBSOCKET_INTEGRATIONS,
    STAGES,
    STAGE_VARIABLES,
    REST_STAGE_VARIABLES,
    AUTHORIZERS,
    AUDIENCES,
    SCOPES,
    POLICY_CHARACTERS,
    REST_LINKS,
    LINK_SUBNETS,
    USAGE_PLANS,
    API_KEYS,
    DOMAINS,
    DEEP_MAPPINGS,
    REQUEST_RATE,
    REQUEST_BURST,
    SMALL_REQUEST_RATE,
    SMALL_REQUEST_BURST,
    HEADER_BYTES,
)
"""The quotas that a stack file is held to; those that AWS raises are per account."""
