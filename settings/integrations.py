"""Integrations: what a route does. Property names are those of ``AWS::ApiGatewayV2::Integration``.

Each kind is a model of its own, with the properties that API Gateway takes for it and no others; a property of another
kind is answered with where it belongs. :mod:`settings.integration_choice` decides which kind a block is.
"""

import re
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Strict, StringConstraints

from apigateway import arns, limits, selection, service_integrations, vtl
from apigateway.context import MAPPING_VARIABLES, NAME
from apigateway.integration_properties import WHY_NOT
from apigateway.mapping import http, websocket
from apigateway.mapping.variables import HEADER, PARAMETER, STAGE_VARIABLE
from apigateway.rules import Rule
from apigateway.rules import integrations as rules
from apigateway.rules import mappings as mapping_rules

from . import foreign_shapes
from .base import Between, Checked, ForEditors, KmsKeyArn, Model, Name, Parsed, Shaped, Text, problem, show
from .one_of import OneOf
from .yaml_quotes import keeping_quotes

Method = Annotated[Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY"], OneOf(rules.METHOD)]
LambdaMethod = Annotated[Literal["POST"], OneOf(rules.METHOD, "API Gateway calls Lambda by POST")]
FirstFormat = Annotated[
    Literal["1.0"], OneOf(rules.PAYLOAD_FORMAT, "2.0 is for Lambda functions of HTTP APIs", in_quotes=True)
]


def _http_value(other_side: str) -> str:
    """Return the pattern of an HTTP API's value: no source of another kind of API, none of the other side."""
    names = "|".join(sorted(re.escape(name) for name in MAPPING_VARIABLES["HTTP"] | MAPPING_VARIABLES["WEBSOCKET"]))
    foreign = (
        r"(?:route|method|integration)\.(?:request|response)\."
        rf"|(?:stageVariables\.{STAGE_VARIABLE}|context\.(?:{names}))(?![^])"
    )
    return rf"(?!{foreign})(?![^]*\$\{{?{other_side}\.)[^]*".replace("[^]", r"[\s\S]")


WebSocketDestination = Annotated[
    websocket.Destination,
    Parsed(
        websocket.Destination.parse,
        websocket.Destination,
        "integration.request.header.ConnectionId",
        mapping_rules.WEBSOCKET_DESTINATION,
        rf"integration\.request\.(header|querystring|path)\.{PARAMETER}",
    ),
]


WebSocketSource = Annotated[
    websocket.Source,
    Parsed(
        keeping_quotes(websocket.parse_source),
        websocket.SOURCE_TYPES,
        "context.connectionId",
        mapping_rules.WEBSOCKET_SOURCE,
        rf"route\.request\.(header|querystring|multivalueheader|multivaluequerystring)\.{PARAMETER}"
        rf"|route\.request\.body\.[^{{}}]+|context\.{NAME}|stageVariables\.{STAGE_VARIABLE}|'[^']*'",
    ),
]
HttpDestination = Annotated[
    http.RequestDestination,
    Parsed(
        http.RequestDestination.parse,
        http.RequestDestination,
        "overwrite:header.x-id",
        mapping_rules.HTTP_REQUEST_DESTINATION,
        rf"(append|overwrite|remove):(header\.{HEADER}|querystring\.[^:{{}}]+)|overwrite:path",
    ),
]
HttpResponseDestination = Annotated[
    http.ResponseDestination,
    Parsed(
        http.ResponseDestination.parse,
        http.ResponseDestination,
        "overwrite:statuscode",
        mapping_rules.HTTP_RESPONSE_DESTINATION,
        rf"(append|overwrite|remove):header\.{HEADER}|overwrite:statuscode",
    ),
]


HttpRequestTemplate = Annotated[
    http.Template,
    Parsed(
        lambda text: http.Template.parse(text, side="request"),
        http.Template,
        "$context.requestId",
        mapping_rules.HTTP_VALUE,
        _http_value("response"),
    ),
]
HttpResponseTemplate = Annotated[
    http.Template,
    Parsed(
        lambda text: http.Template.parse(text, side="response"),
        http.Template,
        "403",
        mapping_rules.HTTP_VALUE,
        _http_value("request"),
    ),
]
StatusCode = Annotated[str, Shaped(r"[2-5]\d\d", "a status code from 200 to 599 in quotes", mapping_rules.HTTP_STATUS)]
RoleArn = Annotated[
    str,
    Checked(arns.check_role_arn, rules.CREDENTIALS, "arn:aws:iam::123456789012:role/caller", r"arn:aws[a-z-]*:iam::.+"),
]
FunctionArn = Annotated[
    arns.LambdaFunction,
    Parsed(
        arns.LambdaFunction.parse,
        arns.LambdaFunction,
        "arn:aws:lambda:us-east-1:123456789012:function:orders",
        rules.FUNCTION,
        r"arn:aws[a-z-]*:(lambda|apigateway):.+",
    ),
]
AwsUri = Annotated[
    arns.LambdaFunction | arns.ServiceUri,
    Parsed(
        arns.parse_aws_uri,
        (arns.LambdaFunction, arns.ServiceUri),
        "arn:aws:lambda:us-east-1:123456789012:function:orders",
        rules.AWS_URI,
        r"arn:aws[a-z-]*:(lambda|apigateway):.+",
    ),
]
Template = Annotated[str, Checked(vtl.check_template, mapping_rules.TEMPLATE, '{"text": $input.json("$.text")}')]
ServiceParameter = Annotated[
    Text,
    ForEditors(
        words=tuple(
            dict.fromkeys(
                name
                for integration in service_integrations.SERVICE_INTEGRATIONS.values()
                for name in integration.parameters
            )
        )
    ),
]
ContentHandling = Annotated[Literal["CONVERT_TO_BINARY", "CONVERT_TO_TEXT"], OneOf(rules.CONTENT_HANDLING)]
Passthrough = Annotated[Literal["WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"], OneOf(rules.PASSTHROUGH_WORD)]

_PLACEHOLDER = re.compile(r"(?<!\$)\{([A-Za-z0-9._-]+)\+?\}")
_VARIABLE = r"\$\{stageVariables\.\w+\}"
_GREEDY = re.compile(r"(?<!\$)\{([A-Za-z0-9._-]+)\+\}")
_BRACED = rf"(?:[^\s{{}}]|(?<!\$)\{{[A-Za-z0-9._-]+\}}|{_VARIABLE})*"
_URL = re.compile(
    rf"https?://(?P<host>(?:[^\s/?#@:{{}}]|{_VARIABLE})+|\[[0-9a-f:]+\])(?::(?P<port>\d+|{_VARIABLE}))?"
    r"(?P<rest>[/?]\S*)?"
)


_MISWRITTEN_VARIABLE = re.compile(r"(?<!\$)\{stageVariables\.(?P<braced>\w+)\}|\$stageVariables\.(?P<plain>\w+)")


def placeholders(path: str) -> tuple[str, ...]:
    """Return the names in braces in a path or URL; ``${stageVariables.name}`` is none."""
    return tuple(_PLACEHOLDER.findall(path))


def host_of(url: str) -> str:
    """Return the host of a public URL, an IPv6 address in its brackets."""
    match = _URL.fullmatch(url)
    return match["host"] if match else ""


def _public_url(value: str) -> str:
    match = _URL.fullmatch(value)
    if match is None:
        raise problem(f"must be an http:// or https:// URL, got {show(value)}{_url_advice(value)}", rules.PUBLIC_URL)
    port = match["port"]
    if port and port.isdigit() and int(port) not in (80, 443) and not 1024 <= int(port) <= 65535:
        raise problem(f"must have port 80, 443 or 1024 to 65535, got {show(value)}", rules.PUBLIC_URL)
    if not re.fullmatch(_BRACED, match["rest"] or ""):
        message = f"must have braces only in {{name}} and ${{stageVariables.name}}, got {show(value)}"
        raise problem(message + _greedy_advice(value), rules.PUBLIC_URL)
    return value


def greedy_placeholders(text: str) -> tuple[str, ...]:
    """Return the names in braces that end in +, which only the key of a route may have."""
    return tuple(dict.fromkeys(_GREEDY.findall(text)))


def _greedy_advice(text: str) -> str:
    names = greedy_placeholders(text)
    return "; write " + " and ".join(f"{{{name}}}" for name in names) if names else ""


def _check_stage_variables(text: str) -> None:
    """Refuse a stage variable without its ``$`` or its braces, which would be text, or be filled by a mapping."""
    if match := _MISWRITTEN_VARIABLE.search(text):
        name = match["braced"] or match["plain"]
        message = f"holds {match[0]}, which is no stage variable, got {show(text)}; write ${{stageVariables.{name}}}"
        raise problem(message, mapping_rules.PATH)


def _url_path(value: str) -> str:
    _check_stage_variables(value)
    if re.fullmatch(rf"/{_BRACED}", value):
        return value
    words = "a path that begins with /, with braces only in {name} and ${stageVariables.name}"
    raise problem(f"must be {words}, got {show(value)}{_greedy_advice(value)}", mapping_rules.PATH)


def _url_advice(value: str) -> str:
    if ":lambda:" in value:
        return "; a Lambda function is called with AWS_PROXY"
    if value.startswith("arn:"):
        return "; what is private stands under backends, and backend names it"
    return f"; write https://{value}" if "://" not in value and _URL.fullmatch(f"https://{value}") else ""


PublicUrl = Annotated[
    str,
    StringConstraints(max_length=2048),
    AfterValidator(_public_url),
    ForEditors("https?://.+", "https://api.shop.example/orders"),
]
"""A URL that API Gateway calls over the internet. Its path may hold ``{name}``, its host and path stage variables."""


class _Integration(Model):
    hints: ClassVar[Mapping[str, str]] = WHY_NOT
    hint_rule: ClassVar[Rule] = rules.PROPERTY

    description: Annotated[str, StringConstraints(max_length=1024)] | None = None
    """A note for those who read the API in AWS."""

    @property
    def backend_name(self) -> str | None:
        """The backend that the integration reaches by a VPC link, None where it reaches something else."""
        return None


class _OneFormat(Model):
    """The part of an integration that has one payload format only: all but Lambda functions of HTTP APIs."""

    payload_format_version: FirstFormat | None = None
    """It may be said; there is no other."""


class PrivateTarget(Model):
    """The part of an integration that leads to a backend of the stack."""

    missing: ClassVar[dict[str, str]] = {"backend": "is required, or integrationUri for a public URL"}

    backend: Name
    """A name under ``gatelink:backends``; the link and the URI follow from it."""

    @property
    def backend_name(self) -> str:
        """The backend that the integration reaches by a VPC link."""
        return self.backend


class PublicTarget(Model):
    """The part of an integration that leads to a public URL."""

    integration_uri: PublicUrl
    """A public ``http://`` or ``https://`` URL."""


class TlsConfig(Model):
    """The name that a private backend's certificate is held against."""

    server_name_to_verify: Annotated[str, StringConstraints(min_length=1, max_length=512)]
    """A host name; its presence makes API Gateway speak TLS to the backend."""


# --- HTTP APIs


class _HttpIntegration(_Integration):
    response_parameters: Annotated[
        dict[
            StatusCode,
            Annotated[
                dict[HttpResponseDestination, HttpResponseTemplate], BeforeValidator(foreign_shapes.mapping_of_status)
            ],
        ],
        BeforeValidator(foreign_shapes.response_parameters),
    ] = {}
    """Status code of the backend → what changes on the way to the client."""

    timeout_in_millis: (
        Annotated[int, Strict(), Between(*limits.INTEGRATION_TIMEOUT_MILLIS["HTTP"], rules.TIMEOUT)] | None
    ) = None
    """50 to 30000. Left out: 30000."""


class _HttpMappedIntegration(_HttpIntegration):
    request_parameters: Annotated[
        dict[HttpDestination, HttpRequestTemplate], BeforeValidator(foreign_shapes.request_parameters)
    ] = {}
    """What changes on the way to the backend: ``append:``, ``overwrite:`` or ``remove:`` and a part → a value."""


class _HttpProxyIntegration(_OneFormat, _HttpMappedIntegration):
    integration_type: Literal["HTTP_PROXY"]
    """The request goes to the backend as it is, but for what the mappings change."""

    integration_method: Method
    """The method of the request to the backend; ANY is the client's own."""

    path: Annotated[str, Shaped(r"/\S*", "a path that begins with /", mapping_rules.PATH)] | None = None
    """Short for ``overwrite:path``, whose variables it may hold: ``/v1${request.path}``. Left out: the client's path,
    without a named stage's prefix."""

    @property
    def maps_path(self) -> bool:
        """Whether the stack says which path the backend gets."""
        return self.path is not None or any(destination.location == "path" for destination in self.request_parameters)


class HttpPrivateIntegration(PrivateTarget, _HttpProxyIntegration):
    """HTTP_PROXY to a backend, by a VPC link for HTTP APIs and the balancer's listener or a Cloud Map service."""

    tls_config: TlsConfig | None = None
    """Left out: the backend's ``hostName`` where its listener is TLS or HTTPS."""


class HttpPublicIntegration(PublicTarget, _HttpProxyIntegration):
    """HTTP_PROXY to a public URL."""


class HttpLambdaIntegration(_HttpMappedIntegration):
    """AWS_PROXY to a Lambda function, which gets the request as an event and answers it."""

    missing: ClassVar[dict[str, str]] = {
        "integrationUri": "is required: the ARN of a Lambda function; or integrationSubtype for an action of a service"
    }

    integration_type: Literal["AWS_PROXY"]
    """The function gets the request and its answer is the response."""

    integration_uri: FunctionArn
    """The function's ARN, with a version or an alias where one is meant."""

    integration_method: LambdaMethod = "POST"
    """API Gateway calls Lambda by POST."""

    payload_format_version: Annotated[Literal["1.0", "2.0"], OneOf(rules.PAYLOAD_FORMAT, in_quotes=True)] = "1.0"
    """The shape of the event and of the answer. Left out: 1.0, which is API Gateway's own default."""

    credentials_arn: RoleArn | None = None
    """A role that may call the function. Left out: the function gets a permission for this API."""


class HttpServiceIntegration(_OneFormat, _HttpIntegration):
    """AWS_PROXY to an action of an AWS service, such as ``SQS-SendMessage``."""

    integration_type: Literal["AWS_PROXY"]
    """The request becomes a call of the service."""

    integration_subtype: Annotated[
        str,
        Checked(
            service_integrations.check_subtype,
            rules.SUBTYPE,
            words=tuple(service_integrations.SERVICE_INTEGRATIONS),
        ),
    ]
    """Service and action."""

    request_parameters: Annotated[
        dict[ServiceParameter, HttpRequestTemplate], BeforeValidator(foreign_shapes.request_parameters)
    ] = {}
    """Parameter of the service → value."""

    credentials_arn: RoleArn | None = None
    """A role that may call the action. Left out: one is made that may do this and nothing else."""

    resource_arn: Annotated[str, Shaped(r"arn:aws[a-z-]*:.+", "the ARN of a resource", rules.RESOURCE)] | None = None
    """The one resource that the made role may touch. Left out: the one that the parameters name, if they do."""

    kms_key_arn: KmsKeyArn | None = None
    """The customer key that encrypts the resource: the made role may use it."""


HttpIntegration: TypeAlias = (
    HttpPrivateIntegration | HttpPublicIntegration | HttpLambdaIntegration | HttpServiceIntegration
)
"""An integration of an HTTP API."""


# --- WebSocket APIs


class _WebSocketIntegration(_OneFormat, _Integration):
    request_parameters: Annotated[
        dict[WebSocketDestination, WebSocketSource], BeforeValidator(foreign_shapes.request_parameters)
    ] = {}
    """What the backend is told beside the message: destination → source. A backend is told neither the connection's
    id nor a token unless it is mapped here."""

    content_handling_strategy: ContentHandling | None = None
    """What happens to the message's body on the way. Left out: it is passed as it is."""

    timeout_in_millis: (
        Annotated[int, Strict(), Between(*limits.INTEGRATION_TIMEOUT_MILLIS["WEBSOCKET"], rules.TIMEOUT)] | None
    ) = None
    """50 to 29000. Left out: 29000."""


class IntegrationResponse(Model):
    """What is made of the backend's answer, chosen by the key under which it stands."""

    hints: ClassVar[dict[str, str]] = {
        "responseParameters": "does not belong here: a message has no headers; make it with responseTemplates"
    }
    hint_rule: ClassVar[Rule] = rules.PROPERTY

    response_templates: dict[Text, Template] = {}
    """Template key → mapping template (VTL)."""

    template_selection_expression: (
        Annotated[
            str,
            Checked(
                lambda text: selection.check_template_selection("response", text),
                mapping_rules.TEMPLATE_SELECTION,
                "${integration.response.statuscode}",
            ),
        ]
        | None
    ) = None
    """Which template key is taken. Left out: ``$default``."""

    content_handling_strategy: ContentHandling | None = None
    """What happens to the answer's body on the way. Left out: it is passed as it is."""


ResponseKey = Annotated[
    str, Checked(selection.check_response_key, mapping_rules.RESPONSE_KEY, pattern=r"\$default|/[\s\S]+/")
]


class _Templated(Model):
    """The part of an integration that is no proxy: templates make its request, and responses its answer."""

    request_templates: dict[Text, Template] = {}
    """Template key → mapping template (VTL) that makes the request's body."""

    template_selection_expression: (
        Annotated[
            str,
            Checked(
                lambda text: selection.check_template_selection("request", text),
                mapping_rules.TEMPLATE_SELECTION,
                "${request.body.kind}",
            ),
        ]
        | None
    ) = None
    """Which template key is taken. Left out: ``$default``."""

    passthrough_behavior: Passthrough = "WHEN_NO_MATCH"
    """What happens to a message for which no template is found: it is passed as it is, passed where there are no
    templates at all, or refused."""

    integration_responses: dict[ResponseKey, IntegrationResponse] = {}
    """``$default`` or a regular expression between slashes (of the status code; for Lambda of the error's message) →
    what is made of the answer."""


UrlPath = Annotated[str, AfterValidator(_url_path), ForEditors(rf"/{_BRACED}")]


class _WebSocketPrivate(PrivateTarget):
    path: UrlPath = "/"
    """The path of the backend's URL; ``{name}`` is filled by ``integration.request.path.name``, and
    ``${stageVariables.name}`` by the stage."""


class _WebSocketProxy(_WebSocketIntegration):
    integration_type: Literal["HTTP_PROXY"]
    """The message goes to the backend as it is, and so does the answer to the client."""

    integration_method: Method
    """The method of the request to the backend."""


class _WebSocketHttp(_Templated, _WebSocketIntegration):
    integration_type: Literal["HTTP"]
    """Templates make the request to the backend, and the answer to the client."""

    integration_method: Method
    """The method of the request to the backend."""


class WebSocketPrivateProxyIntegration(_WebSocketPrivate, _WebSocketProxy):
    """HTTP_PROXY to a backend, by a VPC link for WebSocket APIs and a URL on the balancer."""


class WebSocketPublicProxyIntegration(PublicTarget, _WebSocketProxy):
    """HTTP_PROXY to a public URL."""


class WebSocketPrivateHttpIntegration(_WebSocketPrivate, _WebSocketHttp):
    """HTTP, with templates, to a backend, by a VPC link for WebSocket APIs and a URL on the balancer."""


class WebSocketPublicHttpIntegration(PublicTarget, _WebSocketHttp):
    """HTTP, with templates, to a public URL."""


class WebSocketLambdaIntegration(_WebSocketIntegration):
    """AWS_PROXY to a Lambda function, which gets the message and its connection as an event."""

    missing: ClassVar[dict[str, str]] = {"integrationUri": "is required: the ARN of a Lambda function"}

    integration_type: Literal["AWS_PROXY"]
    """The function gets the message, and its answer is the client's."""

    integration_uri: FunctionArn
    """The function's ARN, with a version or an alias where one is meant."""

    integration_method: LambdaMethod = "POST"
    """API Gateway calls Lambda by POST."""

    credentials_arn: RoleArn | None = None
    """A role that may call the function. Left out: the function gets a permission for this API."""


class WebSocketAwsIntegration(_Templated, _WebSocketIntegration):
    """AWS: a Lambda function or an action of an AWS service, with templates."""

    missing: ClassVar[dict[str, str]] = {"integrationUri": "is required: a Lambda function or an action of a service"}

    integration_type: Literal["AWS"]
    """Templates make the call, and the answer to the client."""

    integration_uri: AwsUri
    """A Lambda function's ARN, or ``arn:aws:apigateway:REGION:SERVICE:action/NAME`` (or ``path/…``)."""

    integration_method: Annotated[
        Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"], OneOf(rules.METHOD)
    ] = "POST"
    """The method of the call; Lambda takes POST."""

    credentials_arn: RoleArn | None = None
    """A role that may make the call; required for a service, for Lambda a permission is made where it is left out."""


class WebSocketMockIntegration(_Templated, _WebSocketIntegration):
    """MOCK: API Gateway answers by itself."""

    integration_type: Literal["MOCK"]
    """Templates alone make the answer."""


WebSocketIntegration: TypeAlias = (
    WebSocketPrivateProxyIntegration
    | WebSocketPublicProxyIntegration
    | WebSocketPrivateHttpIntegration
    | WebSocketPublicHttpIntegration
    | WebSocketLambdaIntegration
    | WebSocketAwsIntegration
    | WebSocketMockIntegration
)
"""An integration of a WebSocket API."""

WebSocketTemplatedIntegration: TypeAlias = (
    WebSocketPrivateHttpIntegration
    | WebSocketPublicHttpIntegration
    | WebSocketAwsIntegration
    | WebSocketMockIntegration
)
"""An integration that is no proxy: it has templates and integration responses."""
