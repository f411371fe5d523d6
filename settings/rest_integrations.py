"""Integrations of REST APIs: what a method does. Property names are those of the other kinds of API.

REST APIs have five types, each of its own model here, with the properties that API Gateway takes for it and no others.
"""

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import BeforeValidator, Strict

from apigateway import arns, limits, rest_templates, status_patterns
from apigateway.context import NAME
from apigateway.errors import ExpressionError
from apigateway.integration_properties import REST_WHY_NOT
from apigateway.mapping import rest
from apigateway.mapping.variables import PARAMETER, STAGE_VARIABLE
from apigateway.rules import Rule
from apigateway.rules import integrations as integration_rules
from apigateway.rules import rest as rules

from . import foreign_shapes
from .base import Between, Checked, Flag, Model, Parsed, Shaped, Text
from .integrations import (
    AwsUri,
    ContentHandling,
    LambdaMethod,
    Method,
    Passthrough,
    PrivateTarget,
    PublicTarget,
    RoleArn,
    Template,
    UrlPath,
)
from .one_of import OneOf
from .yaml_quotes import keeping_quotes

RestDestination = Annotated[
    rest.Destination,
    Parsed(
        rest.Destination.parse,
        rest.Destination,
        "integration.request.path.petId",
        rules.DESTINATION,
        rf"integration\.request\.(path|querystring|header)\.{PARAMETER}",
    ),
]
_SHARED = rf"context\.{NAME}|context\.authorizer\.claims\..+|stageVariables\.{STAGE_VARIABLE}|'[^']*'"
RestSource = Annotated[
    rest.RequestSource,
    Parsed(
        keeping_quotes(rest.parse_source),
        rest.REQUEST_SOURCE_TYPES,
        "method.request.path.petId",
        rules.SOURCE,
        rf"method\.request\.(path|querystring|multivaluequerystring|header|multivalueheader)\.{PARAMETER}"
        rf"|method\.request\.body(\..+)?|{_SHARED}",
    ),
]
RestResponseDestination = Annotated[
    rest.ResponseDestination,
    Parsed(
        rest.ResponseDestination.parse,
        rest.ResponseDestination,
        "method.response.header.etag",
        rules.RESPONSE_DESTINATION,
        rf"method\.response\.header\.{PARAMETER}",
    ),
]
RestResponseSource = Annotated[
    rest.ResponseSource,
    Parsed(
        keeping_quotes(rest.parse_response_source),
        rest.RESPONSE_SOURCE_TYPES,
        "integration.response.header.etag",
        rules.RESPONSE_SOURCE,
        rf"integration\.response\.(header|multivalueheader)\.{PARAMETER}|integration\.response\.body(\..+)?|{_SHARED}",
    ),
]
StatusCode = Annotated[str, Checked(status_patterns.check_status_code, rules.STATUS, "200", "[1-5][0-9][0-9]")]


def _function(text: str) -> arns.LambdaFunction:
    """Read a function's ARN; of an action of a service, say whose integration calls it."""
    try:
        return arns.LambdaFunction.parse(text)
    except ExpressionError:
        if not arns.is_service(text):
            raise
    reason = "not a Lambda function but a service, to which AWS_PROXY is not supported here"
    raise ExpressionError(text, reason, suggestion="write integrationType: AWS")


RestFunctionArn = Annotated[
    arns.LambdaFunction,
    Parsed(
        _function,
        arns.LambdaFunction,
        "arn:aws:lambda:us-east-1:123456789012:function:orders",
        integration_rules.FUNCTION,
        r"arn:aws[a-z-]*:(lambda|apigateway):.+",
    ),
]
TemplateKey = Annotated[
    str,
    Checked(rest_templates.check_template_key, rules.TEMPLATE_KEY, "application/json", r"\$default|[^/\s]+/[^/\s]+"),
]
CacheKey = Annotated[
    str,
    Shaped(
        rf"(method|integration)\.request\.(path|querystring|header|multivaluequerystring|multivalueheader)\.{PARAMETER}",
        "method.request.path.NAME, ….querystring.NAME or ….header.NAME, or the like of integration.request",
        rules.CACHE_KEY,
        "method.request.path.petId",
    ),
]


class RestIntegrationResponse(Model):
    """What is made of the backend's answer; the status code under which it stands is the client's."""

    hints: ClassVar[dict[str, str]] = {
        "templateSelectionExpression": "unknown key; the template of a REST API is chosen by the header Accept",
        "statusCode": "unknown key; the status code is the key under which the response stands",
        "contentHandling": "unknown key; did you mean contentHandlingStrategy?",
    }

    selection_pattern: (
        Annotated[str, Checked(status_patterns.check_selection_pattern, rules.SELECTION_PATTERN, r"4\d\d")] | None
    ) = None
    """A regular expression of the backend's status code, or of a Lambda function's error message. Left out: the
    response to all that no other one takes."""

    response_parameters: Annotated[
        dict[RestResponseDestination, RestResponseSource], BeforeValidator(foreign_shapes.request_parameters)
    ] = {}
    """Header of the response to the client (``method.response.header.NAME``) → source."""

    response_templates: dict[TemplateKey, Template] = {}
    """Content type → mapping template (VTL) that makes the body."""

    content_handling_strategy: ContentHandling | None = None
    """What happens to the answer's body on the way. Left out: it is passed as it is."""


class RestTlsConfig(Model):
    """How a backend's certificate is held against its name."""

    hints: ClassVar[dict[str, str]] = {
        "serverNameToVerify": "unknown key; a REST API verifies the host of the URI: the backend's hostName"
    }

    insecure_skip_verification: Flag = False
    """Whether a certificate that no public authority has issued is taken; its name and its dates still count."""


class _RestIntegration(Model):
    hints: ClassVar[dict[str, str]] = dict(REST_WHY_NOT)
    hint_rule: ClassVar[Rule] = integration_rules.PROPERTY

    request_parameters: Annotated[
        dict[RestDestination, RestSource], BeforeValidator(foreign_shapes.request_parameters)
    ] = {}
    """What the backend is told: destination → source. What a source reads is declared on the method."""

    timeout_in_millis: Annotated[int, Strict(), Between(*limits.REST_TIMEOUT_MILLIS, rules.TIMEOUT)] | None = None
    """50 to 29000; more where AWS raises the quota for you, or where the answer is streamed. Left out: 29000."""

    cache_key_parameters: tuple[CacheKey, ...] = ()
    """What tells cached answers apart, beside the path: parameters that the method declares or the integration maps."""

    cache_namespace: Text | None = None
    """Methods with one namespace share cached answers. Left out: the resource's own."""

    @property
    def backend_name(self) -> str | None:
        """The backend that the integration reaches by a VPC link, None where it reaches something else."""
        return None


class _Converting(Model):
    """The part of an integration whose bodies can be converted."""

    content_handling_strategy: ContentHandling | None = None
    """What happens to the request's body on the way. Left out: it is passed as it is."""


class _Templated(_Converting):
    """The part of an integration that is no proxy: templates make its request, and responses its answer."""

    request_templates: dict[TemplateKey, Template] = {}
    """Content type of the request → mapping template (VTL) that makes the body."""

    passthrough_behavior: Passthrough = "WHEN_NO_MATCH"
    """What happens to a body for whose content type there is no template: it is passed as it is, passed where there are
    no templates at all, or refused with 415."""

    integration_responses: dict[StatusCode, RestIntegrationResponse] = {}
    """Status code for the client → what is made of the answers that its ``selectionPattern`` takes."""


class _Streaming(Model):
    """The part of an integration whose answer can be passed on as it comes."""

    response_transfer_mode: Annotated[Literal["BUFFERED", "STREAM"], OneOf(rules.TRANSFER_MODE)] = "BUFFERED"
    """STREAM: the answer is passed on as it comes, up to 15 minutes and without a limit of 10 MB."""


class _OverHttp(Model):
    """The part of an integration that sends an HTTP request."""

    integration_method: Method
    """The method of the request to the backend; ANY is the client's own."""

    tls_config: RestTlsConfig | None = None
    """Left out: a certificate of a public authority is wanted where TLS is spoken."""


class _RestPrivate(PrivateTarget):
    path: UrlPath = "/"
    """The path of the backend's URL; ``{name}`` is filled by ``integration.request.path.name``, and
    ``${stageVariables.name}`` by the stage. A stage's name is no part of it."""


class _RestProxy(_OverHttp, _Streaming, _Converting, _RestIntegration):
    integration_type: Literal["HTTP_PROXY"]
    """The request goes to the backend as it is, but for what the mappings change, and so does the answer."""


class _RestHttp(_OverHttp, _Templated, _RestIntegration):
    integration_type: Literal["HTTP"]
    """Mappings and templates make the request to the backend, and the answer to the client."""


class RestPrivateProxyIntegration(_RestPrivate, _RestProxy):
    """HTTP_PROXY to a backend: by a v1 link to a network load balancer, by the v2 link to an application balancer."""


class RestPublicProxyIntegration(PublicTarget, _RestProxy):
    """HTTP_PROXY to a public URL."""


class RestPrivateHttpIntegration(_RestPrivate, _RestHttp):
    """HTTP, with templates, to a backend: by a v1 link or the v2 link, as its load balancer wants."""


class RestPublicHttpIntegration(PublicTarget, _RestHttp):
    """HTTP, with templates, to a public URL."""


class RestLambdaIntegration(_Streaming, _RestIntegration):
    """AWS_PROXY to a Lambda function, which gets the request as an event and answers it."""

    missing: ClassVar[dict[str, str]] = {"integrationUri": "is required: the ARN of a Lambda function"}

    integration_type: Literal["AWS_PROXY"]
    """The function gets the request and its answer is the response."""

    integration_uri: RestFunctionArn
    """The function's ARN, with a version or an alias where one is meant."""

    integration_method: LambdaMethod = "POST"
    """API Gateway calls Lambda by POST."""

    credentials_arn: RoleArn | None = None
    """A role that may call the function. Left out: the function gets a permission for this API."""


class RestAwsIntegration(_Templated, _RestIntegration):
    """AWS: a Lambda function or an action of an AWS service, with templates."""

    missing: ClassVar[dict[str, str]] = {"integrationUri": "is required: a Lambda function or an action of a service"}

    integration_type: Literal["AWS"]
    """Mappings and templates make the call, and the answer to the client."""

    integration_uri: AwsUri
    """A Lambda function's ARN, or ``arn:aws:apigateway:REGION:SERVICE:action/NAME`` (or ``path/…``)."""

    integration_method: Annotated[
        Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"], OneOf(integration_rules.METHOD)
    ] = "POST"
    """The method of the call; Lambda takes POST."""

    credentials_arn: RoleArn | None = None
    """A role that may make the call; required for a service, for Lambda a permission is made where it is left out."""


class RestMockIntegration(_Templated, _RestIntegration):
    """MOCK: API Gateway answers by itself."""

    integration_type: Literal["MOCK"]
    """A template that makes ``{"statusCode": 200}`` chooses the response, whose own template makes the body."""


RestIntegration: TypeAlias = (
    RestPrivateProxyIntegration
    | RestPublicProxyIntegration
    | RestPrivateHttpIntegration
    | RestPublicHttpIntegration
    | RestLambdaIntegration
    | RestAwsIntegration
    | RestMockIntegration
)
"""An integration of a REST API."""

RestPrivateIntegration: TypeAlias = RestPrivateProxyIntegration | RestPrivateHttpIntegration
"""An integration that leads to a backend of the stack."""

RestHttpIntegration: TypeAlias = (
    RestPrivateProxyIntegration | RestPublicProxyIntegration | RestPrivateHttpIntegration | RestPublicHttpIntegration
)
"""An integration that sends an HTTP request."""

RestTemplatedIntegration: TypeAlias = (
    RestPrivateHttpIntegration | RestPublicHttpIntegration | RestAwsIntegration | RestMockIntegration
)
"""An integration that is no proxy: it has templates and integration responses."""
