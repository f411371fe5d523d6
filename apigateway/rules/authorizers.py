"""Rules of authorizers, CORS and callers from other accounts."""

from typing import Final

from apigateway.rules.rule import Rule

AUTHORIZATION: Final = Rule(
    "authorization",
    "authorization is NONE, AWS_IAM or the name of an authorizer of the API.",
    "botocore model of apigatewayv2, CreateRoute",
)
CONNECT_ONLY: Final = Rule(
    "connect-only",
    "In a WebSocket API only $connect has authorization and asks for an API key.",
    "API Gateway Developer Guide, Control and manage access to WebSocket APIs",
)
SCOPES: Final = Rule(
    "scopes",
    "authorizationScopes belong to a route with a JWT authorizer, ten at most.",
    "botocore model of apigatewayv2, CreateRoute",
)
AUTHORIZER_TYPE: Final = Rule(
    "authorizer-type",
    "HTTP APIs have JWT and REQUEST authorizers, WebSocket APIs REQUEST ones; those of REST APIs have their own rule.",
    "botocore model of apigatewayv2 and of apigateway, CreateAuthorizer",
)
IDENTITY_SOURCE: Final = Rule(
    "identity-source",
    "An identity source is a header or query string in the dialect of the API's kind; a REQUEST authorizer of an HTTP "
    "API may read context and stage variables too.",
    "botocore model of apigatewayv2, CreateAuthorizer",
)
IDENTITY_NEEDED: Final = Rule(
    "identity-needed",
    "A JWT authorizer has exactly one identity source; results are cached by identity sources, so a cache needs one.",
    "API Gateway Developer Guide, AWS Lambda authorizers for HTTP APIs",
)
ISSUER: Final = Rule(
    "issuer",
    "A JWT's issuer is an https URL, and the authorizer names 1 to 50 audiences.",
    "API Gateway Developer Guide, JWT authorizers for HTTP APIs",
)
SIMPLE_RESPONSES: Final = Rule(
    "simple-responses",
    "Simple responses exist in payload format 2.0 only.",
    "botocore model of apigatewayv2, CreateAuthorizer",
)
IDLE_AUTHORIZER: Final = Rule("idle-authorizer", "An authorizer is used by a route.", "Gatelink", "warning")
OPEN_PREFLIGHT: Final = Rule(
    "open-preflight",
    "With CORS, a preflight request must not meet an authorizer: the route that takes OPTIONS on a path whose requests "
    "need authorization needs none itself. Beside ANY /x that is OPTIONS /x, beside $default OPTIONS /{proxy+}.",
    "API Gateway Developer Guide, Configure CORS for HTTP APIs",
)
PREFLIGHT_ORDER: Final = Rule(
    "preflight-order",
    "The open route for preflight requests is the one that they reach: its path is that of the route with "
    "authorization.",
    "API Gateway Developer Guide, Create routes for HTTP APIs",
    "warning",
)
CORS_CREDENTIALS: Final = Rule(
    "cors-credentials",
    "allowCredentials goes with named origins, not with *.",
    "API Gateway Developer Guide, Configure CORS for HTTP APIs",
)
CORS_STAR: Final = Rule(
    "cors-star",
    "With allowCredentials, browsers take * among methods and headers for a name.",
    "WHATWG Fetch Standard, CORS protocol and credentials",
    "warning",
)
CORS_ORIGIN: Final = Rule(
    "cors-origin",
    "An origin is *, https://* or http://*, or a scheme and host without a path.",
    "API Gateway Developer Guide, Configure CORS for HTTP APIs",
)
CORS_VALUE: Final = Rule(
    "cors-value",
    "CORS names methods and headers, and lets browsers keep the answer for -1 to 86400 seconds.",
    "API Gateway Developer Guide, Configure CORS for HTTP APIs",
)
PRINCIPAL: Final = Rule(
    "principal",
    "A caller from another account is an account's id, or the ARN of an account, a role or a user.",
    "IAM User Guide, AWS JSON policy elements: Principal",
)
INVOKE_IAM: Final = Rule(
    "invoke-iam",
    "invokePrincipals of an HTTP or WebSocket API has an effect on routes with authorization AWS_IAM.",
    "API Gateway Developer Guide, Control access with IAM permissions",
    "warning",
)
