"""Rules of APIs, their routes and models."""

from typing import Final

from apigateway.rules.rule import Rule

PROTOCOL: Final = Rule(
    "protocol",
    "An API is a WebSocket API, an HTTP API or a REST API.",
    "botocore model of apigatewayv2, CreateApi, and of apigateway, CreateRestApi",
)
ADDRESSES: Final = Rule(
    "ip-address-type",
    "An API or a domain name answers on ipv4 or dualstack.",
    "botocore model of apigatewayv2, CreateApi and CreateDomainName",
)
WEBSOCKET_KEY: Final = Rule(
    "websocket-route-key",
    "A WebSocket route key is $connect, $disconnect, $default or text that does not begin with $.",
    "API Gateway Developer Guide, Create routes for WebSocket APIs",
)
HTTP_KEY: Final = Rule(
    "http-route-key",
    "An HTTP route key is METHOD /path or $default; a path does not end with /, {name} is a whole segment, {name+} the"
    " last one.",
    "API Gateway Developer Guide, Create routes for HTTP APIs",
)
COLON_SEGMENT: Final = Rule(
    "colon-segment",
    "A path variable stands in braces: /:id is text.",
    "API Gateway Developer Guide, Create routes for HTTP APIs",
    "warning",
)
SAME_ROUTE: Final = Rule(
    "same-route",
    "No two routes of an HTTP API differ in the names of their path variables only: the second is a conflict to AWS.",
    "API Gateway Developer Guide, Create routes for HTTP APIs",
)
ROUTE_NEEDED: Final = Rule("route-needed", "An API has a route.", "botocore model of apigatewayv2, CreateDeployment")
SELECTION: Final = Rule(
    "route-selection",
    "A route is selected by $request.body.PATH, or by such variables in braces amid text.",
    "API Gateway Developer Guide, WebSocket selection expressions",
)
FIXED_SELECTION: Final = Rule(
    "fixed-selection",
    "A route selection expression reads the message.",
    "API Gateway Developer Guide, WebSocket selection expressions",
    "warning",
)
PARAMETER: Final = Rule(
    "route-parameter",
    "A route declares route.request.header.NAME or route.request.querystring.NAME, and on $connect alone.",
    "botocore model of apigatewayv2, CreateRoute",
)
MODEL: Final = Rule(
    "model",
    "A model has an alphanumeric name, a content type and a JSON schema (draft 4).",
    "botocore model of apigatewayv2, CreateModel",
)
REQUEST_MODELS: Final = Rule(
    "request-models",
    "requestModels and responseModels name models of the API; several of a WebSocket API's route have a selection "
    "expression.",
    "API Gateway Developer Guide, Set up request validation for WebSocket APIs, and Request validation for REST APIs",
)
MODEL_SELECTION: Final = Rule(
    "model-selection",
    "A model is selected by ${request.body.PATH} or a fixed text.",
    "API Gateway Developer Guide, WebSocket selection expressions",
)
NO_DEFAULT_MODEL: Final = Rule(
    "no-default-model",
    "Selected models have a $default: a message for which no model is found is refused.",
    "API Gateway Developer Guide, WebSocket selection expressions",
    "warning",
)
IDLE_MODEL: Final = Rule("idle-model", "A model is named by a route.", "Gatelink", "warning")
ROUTE_RESPONSE: Final = Rule(
    "route-response",
    "A route response goes to a client: none is left to get that of $disconnect.",
    "API Gateway Developer Guide, Set up route responses for WebSocket APIs",
)
API_KEY: Final = Rule(
    "api-key",
    "An API key is asked for where a usage plan of the API gives keys.",
    "API Gateway Developer Guide, Usage plans and API keys",
)
USAGE_PLAN: Final = Rule(
    "usage-plan",
    "A usage plan has limits, a quota or API keys; a key has one plan of an API; a quota begins within its period.",
    "API Gateway Developer Guide, Usage plans and API keys",
)
IDLE_PLAN: Final = Rule(
    "idle-usage-plan",
    "A usage plan gives keys, and a route asks for one: of a WebSocket API $connect, of a REST API any.",
    "API Gateway Developer Guide, Usage plans and API keys",
    "warning",
)
RETIRED: Final = Rule("retired", "A retired route has nothing but its key.", "Gatelink")
