"""Rules of parameter mappings and templates."""

from typing import Final

from apigateway.rules.rule import Rule

_RESERVED: Final = (
    "access-control-*, apigw-*, authorization, connection, content-encoding, content-length, content-location, "
    "forwarded, keep-alive, origin, proxy-authenticate, proxy-authorization, te, trailers, transfer-encoding, upgrade, "
    "x-amz-*, x-amzn-*, x-forwarded-for, x-forwarded-host, x-forwarded-proto, via"
)

WEBSOCKET_DESTINATION: Final = Rule(
    "websocket-destination",
    "A WebSocket API's mapping writes integration.request.header.NAME, .querystring.NAME or .path.NAME, and no header "
    "that frames the request.",
    "API Gateway Developer Guide, Set up data mapping for WebSocket APIs; of headers that frame, Important notes",
)
WEBSOCKET_SOURCE: Final = Rule(
    "websocket-source",
    "A WebSocket API's mapping reads route.request.header.NAME, .querystring.NAME, .multivalueheader.NAME, "
    ".multivaluequerystring.NAME or .body.PATH, context.NAME, stageVariables.NAME or 'text'.",
    "API Gateway Developer Guide, Set up data mapping for WebSocket APIs",
)
WEBSOCKET_SOURCE_ROUTE: Final = Rule(
    "websocket-source-route",
    "Headers and query strings are read on $connect alone, a body on messages alone.",
    "API Gateway Developer Guide, Set up data mapping for WebSocket APIs",
)
MESSAGE_ID: Final = Rule(
    "message-id",
    "context.messageId is read on messages: the opening and the closing of a connection have none.",
    "API Gateway Developer Guide, WebSocket API mapping template and access logging variable reference",
    "warning",
)
HTTP_REQUEST_DESTINATION: Final = Rule(
    "http-request-destination",
    "An HTTP API's request mapping is append:, overwrite: or remove: of a header or query string, or "
    f"overwrite:path, and of no reserved header: {_RESERVED}.",
    "API Gateway Developer Guide, Transform API requests and responses for HTTP APIs",
)
HTTP_RESPONSE_DESTINATION: Final = Rule(
    "http-response-destination",
    "An HTTP API's response mapping is append:, overwrite: or remove: of a header, or overwrite:statuscode, "
    f"and of no reserved header: {_RESERVED}.",
    "API Gateway Developer Guide, Transform API requests and responses for HTTP APIs",
)
HTTP_STATUS: Final = Rule(
    "http-status",
    "responseParameters stand under a status code from 200 to 599.",
    "API Gateway Developer Guide, Transform API requests and responses for HTTP APIs",
)
HTTP_VALUE: Final = Rule(
    "http-value",
    "An HTTP API's mapping has text with $request.…, $response.…, $context.… or $stageVariables.… in it, in braces "
    "where it is not the whole value.",
    "API Gateway Developer Guide, Transform API requests and responses for HTTP APIs",
)
HTTP_PAIR: Final = Rule(
    "http-pair",
    "A mapping's value is one that its destination can take: '' for remove:, a status code for overwrite:statuscode.",
    "API Gateway Developer Guide, Transform API requests and responses for HTTP APIs",
)
HTTP_EMPTY_STATUS: Final = Rule(
    "http-empty-status",
    "A status code under responseParameters has a mapping: an empty one means that all its mappings are deleted.",
    "API Gateway Developer Guide, Transform API requests and responses for HTTP APIs",
)
SAME_HEADER: Final = Rule(
    "same-header", "No two mappings write the same header.", "botocore model of apigatewayv2, CreateIntegration"
)
PATH_VARIABLE: Final = Rule(
    "path-variable",
    "A path variable that is read stands in the key of every route that uses the integration.",
    "API Gateway Developer Guide, Transform API requests and responses for HTTP APIs, and Parameter mapping for REST "
    "APIs",
)
PLACEHOLDER: Final = Rule(
    "placeholder",
    "A {name} in a path or URL is filled: by a mapping (WebSocket and REST APIs), or by the route's path variable (a "
    "URL of an HTTP API). A mapping of a REST API's path fills a {name}.",
    "API Gateway Developer Guide, Set up HTTP integrations",
)
PATH: Final = Rule(
    "integration-path",
    "An integration's path begins with /, and has braces around names alone.",
    "API Gateway Developer Guide, Set up HTTP integrations",
)
PATH_TWICE: Final = Rule("path-twice", "path and overwrite:path are not given together.", "Gatelink")
QUOTED_VALUE: Final = Rule(
    "quoted-value",
    "An HTTP API's static value has no quotes around it: they would be sent.",
    "API Gateway Developer Guide, Transform API requests and responses for HTTP APIs",
    "warning",
)
UNSET_VARIABLE: Final = Rule(
    "unset-variable",
    "A stage variable that is read is set in every stage.",
    "API Gateway Developer Guide, Using stage variables",
    "warning",
)
TEMPLATE: Final = Rule(
    "template",
    "A mapping template's directives are closed, and it is of 300 KB at most.",
    "API Gateway Developer Guide, Data transformations for WebSocket APIs",
)
TEMPLATE_NAME: Final = Rule(
    "template-name",
    "A mapping template reads variables and functions that exist.",
    "API Gateway Developer Guide, WebSocket API mapping template reference",
    "warning",
)
TEMPLATE_SELECTION: Final = Rule(
    "template-selection",
    "A template is selected by ${request.body.PATH}, a fixed text or, for a response, by its status or headers; and "
    "there are templates to select from.",
    "API Gateway Developer Guide, WebSocket selection expressions",
)
IDLE_TEMPLATE: Final = Rule(
    "idle-template",
    "A template's key is one that the template selection expression can yield, or $default.",
    "API Gateway Developer Guide, WebSocket selection expressions",
    "warning",
)
RESPONSE_KEY: Final = Rule(
    "response-key",
    "An integration response's key is $default or a regular expression between slashes.",
    "API Gateway Developer Guide, Set up integration responses for WebSocket APIs",
)
DROPPED_HEADER: Final = Rule(
    "dropped-header",
    "A header for an application load balancer made here has letters, digits and hyphens only: it drops any other.",
    "Elastic Load Balancing User Guide, HTTP headers and Application Load Balancers",
    "warning",
)
SPOOFED_HEADER: Final = Rule(
    "spoofed-header",
    "A header by which a WebSocket API tells a backend something is replaced by the HTTP_PROXY integrations of HTTP "
    "and REST APIs that lead to the same backend: they pass on what a client sends.",
    "API Gateway Developer Guide, Create HTTP proxy integrations for HTTP APIs, and Set up HTTP integrations",
    "warning",
)
