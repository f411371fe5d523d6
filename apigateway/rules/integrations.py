"""Rules of integrations."""

from typing import Final

from apigateway.rules.rule import Rule

PROPERTY: Final = Rule(
    "integration-property",
    "An integration has only properties of its protocol and type.",
    "botocore models of apigatewayv2, CreateIntegration, and of apigateway, PutIntegration",
)
TYPE: Final = Rule(
    "integration-type",
    "HTTP APIs have HTTP_PROXY and AWS_PROXY integrations, WebSocket and REST APIs AWS, HTTP and MOCK ones too.",
    "botocore models of apigatewayv2, CreateIntegration, and of apigateway, PutIntegration",
)
TARGET: Final = Rule(
    "integration-target",
    "An integration leads to a backend or to an integrationUri, and not to both.",
    "botocore models of apigatewayv2, CreateIntegration, and of apigateway, PutIntegration",
)
METHOD: Final = Rule(
    "integration-method",
    "The method of an integration's request is GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS or ANY; for Lambda it is "
    "POST.",
    "botocore model of apigatewayv2, CreateIntegration",
)
TIMEOUT: Final = Rule(
    "timeout",
    "An integration's timeout is 50 to 30000 ms (HTTP APIs) or 50 to 29000 ms (WebSocket APIs).",
    "Amazon API Gateway quotas, Quotas for configuring and running an HTTP API / a WebSocket API",
)
PUBLIC_URL: Final = Rule(
    "public-url",
    "A public integration's URI is an http or https URL with a literal scheme, on port 80, 443 or 1024 to 65535.",
    "API Gateway Developer Guide, Set up HTTP integrations",
)
PRIVATE_URL: Final = Rule(
    "private-url",
    "A public integration's URL leads to a host that API Gateway can reach over the internet.",
    "API Gateway Developer Guide, Set up HTTP integrations",
    "warning",
)
FUNCTION: Final = Rule(
    "lambda-function",
    "A Lambda integration or authorizer names its function by ARN.",
    "API Gateway Developer Guide, AWS Lambda proxy integrations for HTTP APIs",
)
AWS_URI: Final = Rule(
    "aws-uri",
    "An AWS integration's URI is that of a Lambda function, or of an action or path of a service.",
    "botocore model of apigatewayv2, CreateIntegration",
)
FUNCTION_PERMISSION: Final = Rule(
    "function-permission",
    "A function that a stage variable names gets no permission from here, so credentialsArn allows the call.",
    "API Gateway Developer Guide, Using stage variables",
    "warning",
)
PAYLOAD_FORMAT: Final = Rule(
    "payload-format",
    "The payload format is 1.0, or 2.0 for a Lambda function of an HTTP API.",
    "botocore model of apigatewayv2, CreateIntegration",
)
SUBTYPE: Final = Rule(
    "integration-subtype",
    "A service integration's subtype is one of the ten that API Gateway knows.",
    "API Gateway Developer Guide, Integration subtype reference",
)
SERVICE_PARAMETERS: Final = Rule(
    "service-parameters",
    "A service integration gives the parameters that its subtype requires, no others than it knows, and values that "
    "the service takes.",
    "API Gateway Developer Guide, Integration subtype reference",
)
CREDENTIALS: Final = Rule(
    "credentials",
    "credentialsArn is a role's ARN, and a role that is given is not one to make: no resourceArn or kmsKeyArn with it. "
    "A WebSocket or REST API calls a service with a role that is given.",
    "botocore model of apigatewayv2, CreateIntegration",
)
RESOURCE: Final = Rule(
    "resource-arn",
    "resourceArn is of the service that the integration calls, and the resource that the parameters name.",
    "Service Authorization Reference",
)
WIDE_ROLE: Final = Rule(
    "wide-role",
    "The resource that a service integration's role may touch is named.",
    "IAM User Guide, Grant least privilege",
    "warning",
)
RESPONSES: Final = Rule(
    "integration-responses",
    "A WebSocket integration that is no proxy has integration responses, $default among them, where its route answers.",
    "API Gateway Developer Guide, Set up integration responses for WebSocket APIs",
)
CONNECT_RESPONSE: Final = Rule(
    "connect-response",
    "An integration of $connect that is no proxy has the integration response $default, or no connection is opened.",
    "API Gateway Developer Guide, Set up integration responses for WebSocket APIs",
    "warning",
)
CONTENT_HANDLING: Final = Rule(
    "content-handling",
    "contentHandlingStrategy is CONVERT_TO_BINARY or CONVERT_TO_TEXT.",
    "botocore model of apigatewayv2, CreateIntegration",
)
PASSTHROUGH_WORD: Final = Rule(
    "passthrough-behavior",
    "passthroughBehavior is WHEN_NO_MATCH, WHEN_NO_TEMPLATES or NEVER.",
    "botocore model of apigatewayv2, CreateIntegration",
)
PASSTHROUGH: Final = Rule(
    "passthrough",
    "passthroughBehavior NEVER goes with request templates: without any, every message is refused.",
    "botocore model of apigatewayv2, CreateIntegration",
    "warning",
)
TLS_CONFIG: Final = Rule(
    "tls-config",
    "tlsConfig of an HTTP API needs a private backend that can speak TLS.",
    "botocore model of apigatewayv2, CreateIntegration",
)
LINKED_BACKEND: Final = Rule(
    "linked-backend",
    "A WebSocket API reaches network load balancers only: its VPC links lead to no others.",
    "AWS re:Post, How do I pass a connectionId or custom token to a VPC link integration for WebSocket APIs",
)
LINKED_PORT: Final = Rule(
    "linked-port",
    "The URL of a WebSocket or REST API's integration has port 80, 443 or 1024 to 65535.",
    "API Gateway Developer Guide, Set up HTTP integrations",
)
