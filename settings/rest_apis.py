"""REST APIs, with everything that belongs to one of them."""

import re
from collections.abc import Mapping
from typing import Annotated, ClassVar, Final, Literal, TypeAlias, get_args

from pydantic import BeforeValidator, Field, Strict

from apigateway import limits
from apigateway.arns import check_invoker
from apigateway.resource_policies import check_resource_policy
from apigateway.rest_templates import check_binary_type
from apigateway.rules import authorizers as authorizer_rules
from apigateway.rules import rest as rules
from apigateway.suggest import nearest

from .api_parts import PRINCIPAL_SHAPE, ApiParts
from .base import Between, Checked, Model, Name, Shaped, problem, refuse, show
from .domains import RestDomain
from .integration_choice import RestIntegrationBlock
from .one_of import OneOf
from .rest_authorizers import RestAuthorizerBlock
from .rest_integrations import RestIntegration
from .rest_routes import GatewayResponse, GatewayResponseType, RestKey, RestRoute
from .rest_stages import RestStage
from .routes import ApiModel, ModelName
from .usage_plans import UsagePlan

BinaryMediaType = Annotated[str, Checked(check_binary_type, rules.BINARY_TYPE, "image/png", r"[^/\s;]+/[^/\s;]+")]
VpcEndpointId = Annotated[
    str, Shaped(r"vpce-[0-9a-f]+", "a VPC endpoint's id such as vpce-0a1b2c3d", rules.ENDPOINT, "vpce-0a1b2c3d")
]
Invoker = Annotated[str, Checked(check_invoker, authorizer_rules.PRINCIPAL, *PRINCIPAL_SHAPE)]
EndpointType: TypeAlias = Literal["REGIONAL", "EDGE", "PRIVATE"]
_ENDPOINT_TYPES: Final[tuple[EndpointType, ...]] = get_args(EndpointType)
WebAclArn = Annotated[
    str,
    Shaped(
        r"arn:aws[a-z-]*:wafv2:[a-z0-9-]+:\d{12}:regional/webacl/[^/\s]+/[0-9a-f-]+",
        "the ARN of a Regional web ACL, arn:aws:wafv2:REGION:ACCOUNT:regional/webacl/NAME/ID",
        rules.WEB_ACL,
        "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/edge/0a1b2c3d-4e5f-6789-0abc-def012345678",
    ),
]


def _policy(value: object) -> object:
    """Hold a resource policy to the grammar of policies, everything at once."""
    if isinstance(value, Mapping):
        refuse("resourcePolicy", check_resource_policy(value), rules.POLICY, value)
    elif isinstance(value, str):
        message = f"must be a block of keys, got {show(value)}; write the policy's keys here, not its JSON as text"
        raise problem(message, rules.POLICY)
    return value


def _one_type(value: object) -> object:
    """Want a list of one type: AWS takes a list, and of it no two."""
    given = value[0] if isinstance(value, list | tuple) and len(value) == 1 else value
    if given is not value and given in _ENDPOINT_TYPES:
        return value
    near = nearest(given.upper(), _ENDPOINT_TYPES) if isinstance(given, str) else None
    advice = f"; write [{near}]" if near else ""
    raise problem(f"must name one of REGIONAL, EDGE or PRIVATE, got {show(value)}{advice}", rules.ENDPOINT)


def _some_stages(value: object) -> object:
    """Want a stage where a list of them is written."""
    if value in ([], None):
        raise problem(f"must hold at least one stage, got {show(value)}; leave it out for one with the stack's name")
    return value


class EndpointConfiguration(Model):
    """Where the API answers."""

    hints: ClassVar[dict[str, str]] = {
        "ipAddressType": "unknown key; it is a key of the API",
        "type": "unknown key; did you mean types?",
    }

    types: Annotated[tuple[EndpointType, ...], Field(min_length=1, max_length=1), BeforeValidator(_one_type)] = (
        "REGIONAL",
    )
    """One of REGIONAL, EDGE (by CloudFront) and PRIVATE (from VPC endpoints only)."""

    vpc_endpoint_ids: tuple[VpcEndpointId, ...] = ()
    """PRIVATE: the ``execute-api`` endpoints through which the API is called. Left out: one is made in the stack's
    network."""

    @property
    def type(self) -> EndpointType:
        """The one type."""
        return self.types[0]


class RestApi(ApiParts):
    """A REST API in front of private backends."""

    hints: ClassVar[dict[str, str]] = {
        "cors": "unknown key; a REST API answers preflight requests by an OPTIONS route with a MOCK integration, "
        "docs/examples.md has one",
        "routeSelectionExpression": "unknown key; a REST API always selects by method and path",
        "apiKeySelectionExpression": "unknown key; did you mean apiKeySourceType?",
        "apiKeySource": "unknown key; did you mean apiKeySourceType?",
        "policy": "unknown key; did you mean resourcePolicy?",
        "name": "unknown key; the name is the key under apis",
        "Name": "unknown key; the name is the key under apis",
        "stageName": "unknown key; write stage: {name: …}",
    }

    protocol: Literal["REST"]
    """The kind of API."""

    endpoint_configuration: EndpointConfiguration = EndpointConfiguration()
    """Where the API answers. Left out: in its Region, over the internet."""

    domain: RestDomain | None = None
    """A name of yours under which the API answers. Left out: AWS's own name alone."""

    invoke_principals: tuple[Invoker, ...] = ()
    """Accounts (ids) or roles (ARNs) that the API's resource policy lets in. A caller of another account needs a policy
    of its own account, too: the output ``callerPolicy`` is that policy."""

    resource_policy: Annotated[dict[str, object], BeforeValidator(_policy)] | None = None
    """The API's resource policy, as AWS takes it. Left out: none, or the one that ``invokePrincipals`` make."""

    minimum_compression_size: (
        Annotated[int, Strict(), Between(0, limits.REST_COMPRESSION_BYTES, rules.COMPRESSION)] | None
    ) = None
    """Answers from this number of bytes on are compressed for clients that take it. Left out: none."""

    binary_media_types: tuple[BinaryMediaType, ...] = ()
    """Content types whose bodies are bytes; all others are UTF-8 text."""

    gateway_responses: dict[GatewayResponseType, GatewayResponse] = {}
    """Type → how API Gateway words an answer of its own."""

    api_key_source_type: Annotated[Literal["HEADER", "AUTHORIZER"], OneOf(rules.API_KEY_SOURCE)] = "HEADER"
    """Where API keys come from: the header ``x-api-key``, or what an authorizer answers."""

    web_acl_arn: WebAclArn | None = None
    """The web ACL of AWS WAF that protects every stage. Left out: none."""

    stage: RestStage | None = None
    """Where the API is deployed, and its limits and logs. Left out: a stage with the stack's name."""

    stages: Annotated[tuple[RestStage, ...], BeforeValidator(_some_stages)] = ()
    """Several stages, instead of ``stage``."""

    authorizers: dict[Name, RestAuthorizerBlock] = {}
    """Name → authorizer, for ``authorization`` of routes."""

    models: dict[ModelName, ApiModel] = {}
    """Name → model, for ``requestModels`` and ``responseModels`` of routes."""

    usage_plans: dict[Name, UsagePlan] = {}
    """Name → usage plan, of every stage."""

    integrations: dict[Name, RestIntegrationBlock] = {}
    """Integrations that several routes share, by name."""

    routes: Annotated[dict[RestKey, RestRoute], Field(json_schema_extra={"minProperties": 1})]
    """Route key (``METHOD /path``) → route."""

    @property
    def is_private(self) -> bool:
        """Whether the API is called from VPC endpoints only."""
        return self.endpoint_configuration.type == "PRIVATE"

    @property
    def address_type(self) -> Literal["ipv4", "dualstack"]:
        """``ipAddressType`` with its default applied."""
        return self.ip_address_type or ("dualstack" if self.is_private else "ipv4")

    @property
    def all_stages(self) -> tuple[RestStage, ...]:
        """The stages, the first one is that of the outputs."""
        return self.stages or (self.stage or RestStage(),)

    def integration_of(self, route: RestRoute) -> RestIntegration:
        """Return a route's integration, be it inline or named."""
        choice = route.integration
        return self.integrations[choice] if isinstance(choice, str) else choice

    @property
    def used_integrations(self) -> tuple[RestIntegration, ...]:
        """The integrations of all routes."""
        return tuple(self.integration_of(route) for route in self.routes.values())

    def stage_name(self, stack: str, stage: RestStage | None = None) -> str:
        """Return a stage's name (the first one's): its own, or the stack's made legal."""
        return (stage or self.all_stages[0]).name or re.sub(r"[^A-Za-z0-9_]", "_", stack)[:128]
