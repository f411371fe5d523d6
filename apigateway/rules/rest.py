"""Rules of REST APIs alone: routes and methods, mappings, endpoints, policies and what only their stages have."""

from typing import Final

from apigateway.rules.rule import Rule

_MAPPING: Final = "API Gateway Developer Guide, Parameter mapping source reference for REST APIs"
_MODEL: Final = "botocore model of apigateway, "
_PRIVATE: Final = "API Gateway Developer Guide, Private integrations for REST APIs"

KEY: Final = Rule(
    "rest-route-key",
    "A REST route key is METHOD /path; {name} is a whole segment, {name+} the last one.",
    "API Gateway Developer Guide, Set up a method request in API Gateway",
)
TREE: Final = Rule(
    "rest-resource-tree",
    "A resource has one variable below it: two routes that differ in its name, or in its +, do not go together.",
    _MODEL + "CreateResource",
)
LETTER_CASE: Final = Rule(
    "rest-letter-case",
    "Paths are case-sensitive: two that differ in letter case alone are two resources.",
    "API Gateway Developer Guide, Set up a method request in API Gateway",
    "warning",
)
DESTINATION: Final = Rule(
    "rest-destination",
    "A REST API's mapping writes integration.request.path.NAME, .querystring.NAME or .header.NAME, and no header that "
    "frames the request.",
    "API Gateway Developer Guide, Parameter mapping for REST APIs; of headers that frame, Important notes",
)
SOURCE: Final = Rule(
    "rest-source",
    "A REST API's mapping reads method.request.path.NAME, .querystring.NAME, .multivaluequerystring.NAME, "
    ".header.NAME, .multivalueheader.NAME, .body or .body.PATH, context.NAME, stageVariables.NAME or 'text'.",
    _MAPPING,
)
RESPONSE_DESTINATION: Final = Rule(
    "rest-response-destination",
    "A REST API's response mapping writes method.response.header.NAME, and no header that frames the response.",
    _MAPPING + "; of headers that frame, Important notes",
)
RESPONSE_SOURCE: Final = Rule(
    "rest-response-source",
    "A REST API's response mapping reads integration.response.header.NAME, .multivalueheader.NAME, .body or "
    ".body.PATH, context.NAME, stageVariables.NAME or 'text'.",
    _MAPPING,
)
PARAMETER: Final = Rule(
    "rest-parameter",
    "A method declares method.request.header.NAME, .querystring.NAME or .path.NAME; a path's name is a variable of the "
    "route.",
    _MODEL + "PutMethod",
)
DISTINCT: Final = Rule(
    "rest-distinct-names",
    "The parameters of a method have names of their own, across query string, header and path.",
    _MODEL + "PutMethod",
)
AWS_HEADER: Final = Rule(
    "rest-aws-header",
    "No mapping to an AWS service writes Authorization, Connection, Expect, Proxy-Authenticate or TE.",
    "API Gateway Developer Guide, Important notes",
)
STATUS: Final = Rule("rest-status", "A response stands under a status code from 100 to 599.", _MODEL + "StatusCode")
SELECTION_PATTERN: Final = Rule(
    "rest-selection-pattern",
    "A selectionPattern is a regular expression that stands once in an integration; one response alone has none.",
    _MODEL + "PutIntegrationResponse",
)
OVERLAP: Final = Rule(
    "rest-overlapping-patterns",
    "No two selectionPatterns of an integration match the same status code: which one wins, AWS does not say.",
    _MODEL + "PutIntegrationResponse",
    "warning",
)
RESPONSES: Final = Rule(
    "rest-integration-responses",
    "An integration that is no proxy has an integration response for every answer, most simply one without a "
    "selectionPattern: else the answer is 500.",
    "API Gateway Developer Guide, Set up an integration response in API Gateway",
)
RESPONSE_PARAMETER: Final = Rule(
    "rest-response-parameter",
    "A method's response declares method.response.header.NAME.",
    _MODEL + "PutMethodResponse",
)
PARAMETER_CASE: Final = Rule(
    "rest-parameter-case",
    "The headers that a method declares and those that its integration reads are written alike: the case of their "
    "names counts.",
    "API Gateway Developer Guide, Important notes",
    "warning",
)
UNREAD_PATH: Final = Rule(
    "rest-unread-path",
    "A {proxy+} that an HTTP integration does not read is lost: the path of the call is no part of the backend's.",
    "API Gateway Developer Guide, Set up HTTP integrations in API Gateway",
    "warning",
)
IDLE_PATTERN: Final = Rule(
    "rest-idle-pattern",
    "A selectionPattern is held against the status code of an HTTP backend or a service, and so matches one.",
    _MODEL + "PutIntegrationResponse",
    "warning",
)
IDLE_CLAIM: Final = Rule(
    "rest-idle-authorizer-variable",
    "context.authorizer is there on routes with a Lambda or a Cognito authorizer.",
    "API Gateway Developer Guide, Variables for data transformations for API Gateway",
    "warning",
)
TEMPLATE_KEY: Final = Rule(
    "rest-template-key",
    "A template or a model of a REST API stands under a content type; a template also under $default.",
    "API Gateway Developer Guide, Mapping templates for REST APIs",
)
MOCK_TEMPLATE: Final = Rule(
    "rest-mock-template",
    'A MOCK integration has a request template that makes {"statusCode": 200}: else every answer is 500.',
    "API Gateway Developer Guide, Mock integrations for REST APIs",
)
BINARY_TEMPLATE: Final = Rule(
    "rest-binary-template",
    "A template reads text: where binaryMediaTypes make its content type bytes, contentHandlingStrategy is "
    "CONVERT_TO_TEXT.",
    "API Gateway Developer Guide, Content type conversions in API Gateway",
    "warning",
)
CACHE_KEY: Final = Rule(
    "rest-cache-key",
    "A cache key is a parameter that the method declares or that the integration maps.",
    _MODEL + "PutIntegration",
)
TIMEOUT: Final = Rule(
    "rest-timeout",
    "A REST integration's timeout is 50 to 29000 ms; more is for streams, and for Regional and private APIs where AWS "
    "has raised the quota.",
    "Amazon API Gateway quotas, Quotas for configuring and running a REST API",
)
LONG_TIMEOUT: Final = Rule(
    "rest-long-timeout",
    "Beyond 29000 ms a timeout is for accounts whose quota AWS has raised.",
    "Amazon API Gateway quotas, Quotas for configuring and running a REST API",
    "warning",
)
TRANSFER_MODE: Final = Rule(
    "rest-transfer-mode",
    "responseTransferMode is BUFFERED or STREAM.",
    _MODEL + "ResponseTransferMode",
)
LINKED_BACKEND: Final = Rule(
    "rest-linked-backend",
    "A REST API reaches a backend behind a load balancer: AWS Cloud Map is not supported.",
    _PRIVATE,
)
LINKED_TLS: Final = Rule(
    "rest-tls-config",
    "tlsConfig is for a backend or a URL that speaks TLS.",
    "API Gateway Developer Guide, x-amazon-apigateway-integration.tlsConfig object",
)
STAGE_IN_BINARY_PATH: Final = Rule(
    "rest-stage-in-path",
    "The stage's name is taken off the path by a template, and a template cannot take a body of a binary media type.",
    _PRIVATE,
    "warning",
)
PATH_SOURCE: Final = Rule(
    "rest-path-source",
    "On the way to an application load balancer a template makes the path: what fills {name} is no whole body and has "
    "one value.",
    _PRIVATE,
)
ENDPOINT: Final = Rule(
    "rest-endpoint",
    "A REST API has one endpoint type: REGIONAL, EDGE or PRIVATE; vpcEndpointIds are of a private one.",
    _MODEL + "CreateRestApi",
)
PRIVATE_POLICY: Final = Rule(
    "rest-private-policy",
    "A private API has invokePrincipals or a resourcePolicy: nobody can call it before a policy allows it.",
    "API Gateway Developer Guide, Private REST APIs in API Gateway",
)
PRIVATE_NETWORK: Final = Rule(
    "rest-private-network",
    "A private API names VPC endpoints, or stands in a stack with a network in which one is made.",
    "API Gateway Developer Guide, Private REST APIs in API Gateway",
)
PRIVATE_NAMES: Final = Rule(
    "rest-private-names",
    "A private API is dualstack, has no domain of its own here, and answers on AWS's name.",
    "API Gateway Developer Guide, Private REST APIs in API Gateway",
)
POLICY: Final = Rule(
    "rest-resource-policy",
    "A resource policy is an IAM policy of execute-api with principals.",
    "API Gateway Developer Guide, Control access to a REST API with API Gateway resource policies",
)
POLICY_DOUBT: Final = Rule(
    "rest-resource-policy-doubt",
    "A resource policy allows somebody, not everybody without a condition, and its conditions can match.",
    "API Gateway Developer Guide, How API Gateway resource policies affect authorization workflow",
    "warning",
)
ONE_POLICY: Final = Rule(
    "rest-one-policy",
    "invokePrincipals makes the resource policy, so resourcePolicy does not stand beside it.",
    "Gatelink",
)
INVOKE_IAM: Final = Rule(
    "rest-invoke-iam",
    "A resource policy of named principals lets in nobody who does not sign: routes for its callers have authorization "
    "AWS_IAM, or a Lambda authorizer, whose policy is weighed beside it.",
    "API Gateway Developer Guide, How API Gateway resource policies affect authorization workflow",
    "warning",
)
GATEWAY_RESPONSE: Final = Rule(
    "rest-gateway-response",
    "A gateway response is of a type that API Gateway knows, and writes gatewayresponse.header.NAME.",
    "API Gateway Developer Guide, Gateway response types for API Gateway",
)
GATEWAY_RESPONSE_DOUBT: Final = Rule(
    "rest-gateway-response-doubt",
    "A gateway response reads variables that there are, its template has no directives, and REQUEST_TOO_LARGE stays "
    "as it is.",
    "API Gateway Developer Guide, Gateway responses for REST APIs; of REQUEST_TOO_LARGE, Important notes",
    "warning",
)
BINARY_TYPE: Final = Rule(
    "rest-binary-type",
    "A binary media type is a content type such as image/png, or */*.",
    "API Gateway Developer Guide, Binary media types for REST APIs",
)
COMPRESSION: Final = Rule(
    "rest-compression", "minimumCompressionSize is 0 to 10485760 bytes.", _MODEL + "CreateRestApi"
)
API_KEY_SOURCE: Final = Rule(
    "rest-api-key-source", "API keys come in a header, or from an authorizer.", _MODEL + "ApiKeySourceType"
)
MODEL_TYPE: Final = Rule(
    "rest-model-type",
    "A model of a REST API describes JSON, and refers to itself or to its own definitions.",
    "API Gateway Developer Guide, Data models for REST APIs",
)
MODEL_KEYWORD: Final = Rule(
    "rest-model-keyword",
    "A REST API is made of an OpenAPI document, from which additionalProperties, anyOf, oneOf, exclusiveMinimum, "
    "maxItems and minItems of a model are not taken over.",
    "API Gateway Developer Guide, Important notes",
    "warning",
)
AUTHORIZER: Final = Rule(
    "rest-authorizer",
    "REST APIs have REQUEST, TOKEN and COGNITO_USER_POOLS authorizers; a TOKEN or a Cognito one reads one header.",
    _MODEL + "CreateAuthorizer",
)
IDENTITY: Final = Rule(
    "rest-identity-source",
    "A REQUEST authorizer of a REST API reads method.request.header.NAME, .querystring.NAME, context.NAME or "
    "stageVariables.NAME, and caches by them.",
    _MODEL + "CreateAuthorizer",
)
USER_POOL: Final = Rule(
    "rest-user-pool",
    "A Cognito authorizer names user pools by ARN.",
    _MODEL + "CreateAuthorizer",
)
SCOPES: Final = Rule(
    "rest-scopes",
    "authorizationScopes belong to a method with a Cognito authorizer.",
    _MODEL + "PutMethod",
)
CACHE: Final = Rule(
    "rest-cache",
    "A stage's cache has a size that API Gateway offers, and settings of a cache are for a stage with one.",
    _MODEL + "CacheClusterSize",
)
BLOCKED: Final = Rule(
    "rest-blocked",
    "On a REST API's stage, throttling: blocked counts from the second pulumi up on, for the provider sends no limit "
    "of 0 when it makes settings.",
    "AWS provider, aws_api_gateway_method_settings",
    "warning",
)
LINK_VARIABLE: Final = Rule(
    "rest-link-variable",
    "The stage variables vpcLink and vpcLink_NAME of a REST API hold its VPC links.",
    "Gatelink",
)
WEB_ACL: Final = Rule(
    "rest-web-acl",
    "A web ACL is a Regional one of AWS WAF, in the API's Region.",
    "AWS WAF API Reference, AssociateWebACL",
)
DOMAIN_POLICY: Final = Rule(
    "rest-domain-policy",
    "A domain's security policy is one that its endpoint type has, with an endpointAccessMode where it begins with "
    "SecurityPolicy_; mutual TLS goes with TLS_1_2 on a Regional one, and so does an HTTP API.",
    "API Gateway Developer Guide, Security policies for custom domain names",
)
EDGE_DOMAIN: Final = Rule(
    "rest-edge-domain",
    "An edge-optimized domain has a certificate in us-east-1, a mapping key of one level, and no HTTP API beside it.",
    "API Gateway Developer Guide, Set up an edge-optimized custom domain name",
)
