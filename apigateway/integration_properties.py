"""Which integrations have which properties: the matrix of ``AWS::ApiGatewayV2::Integration``, in words.

From the botocore model of ``apigatewayv2`` (``CreateIntegrationRequest``) and the AWS pages "Integrations for HTTP
APIs" and "Set up a WebSocket API integration request". A model of an integration has the properties of its own kind;
this says of each property where it belongs, for those who wrote it elsewhere.
"""

from collections.abc import Mapping
from typing import Final

BELONGS_TO: Final[Mapping[str, str]] = {
    "backend": "HTTP_PROXY and HTTP integrations",
    "path": "HTTP_PROXY and HTTP integrations",
    "integrationUri": "integrations without a backend: a public URL (HTTP_PROXY, HTTP) or a Lambda function (AWS_PROXY,"
    " AWS)",
    "integrationMethod": "integrations with a backend or an integrationUri",
    "integrationSubtype": "AWS_PROXY integrations of HTTP APIs",
    "credentialsArn": "AWS_PROXY and AWS integrations",
    "resourceArn": "AWS_PROXY integrations with an integrationSubtype",
    "kmsKeyArn": "AWS_PROXY integrations with an integrationSubtype",
    "responseParameters": "integrations of HTTP APIs",
    "requestTemplates": "HTTP, AWS and MOCK integrations of WebSocket and REST APIs",
    "templateSelectionExpression": "HTTP, AWS and MOCK integrations of WebSocket APIs",
    "passthroughBehavior": "HTTP, AWS and MOCK integrations of WebSocket and REST APIs",
    "integrationResponses": "HTTP, AWS and MOCK integrations of WebSocket and REST APIs",
    "contentHandlingStrategy": "integrations of WebSocket and REST APIs",
    "tlsConfig": "HTTP_PROXY integrations of HTTP APIs with a backend; a WebSocket API speaks TLS where the backend's"
    " listener does",
}
"""Property → the integrations that it belongs to."""

RENAMED: Final[Mapping[str, str]] = {
    "type": "integrationType",
    "uri": "integrationUri",
    "httpMethod": "integrationMethod",
    "credentials": "credentialsArn",
    "contentHandling": "contentHandlingStrategy",
}
"""What REST APIs' integrations call a property → its name here."""

FOLLOWS: Final[Mapping[str, str]] = {
    "connectionType": "follows from backend (VPC_LINK) or integrationUri (INTERNET)",
    "connectionId": "follows from backend",
    "integrationResponseSelectionExpression": "follows from integrationType",
}
"""Properties that Gatelink sets by itself."""


WHY_NOT: Final[Mapping[str, str]] = {
    **{name: f"does not belong here, but to {where}" for name, where in BELONGS_TO.items()},
    **{name: f"{reason}; leave it out" for name, reason in FOLLOWS.items()},
    **{name: f"unknown key; did you mean {here}?" for name, here in RENAMED.items()},
}
"""What to say of a property that an integration does not have."""

REST_BELONGS_TO: Final[Mapping[str, str]] = {
    **{name: BELONGS_TO[name] for name in ("backend", "path", "integrationUri", "integrationMethod", "credentialsArn")},
    "requestTemplates": "HTTP, AWS and MOCK integrations",
    "passthroughBehavior": "HTTP, AWS and MOCK integrations",
    "integrationResponses": "HTTP, AWS and MOCK integrations: a proxy's answer goes to the client as it is",
    "contentHandlingStrategy": "HTTP_PROXY, HTTP, AWS and MOCK integrations",
    "responseTransferMode": "HTTP_PROXY and AWS_PROXY integrations",
    "tlsConfig": "HTTP_PROXY and HTTP integrations",
    "templateSelectionExpression": "WebSocket APIs; a REST API takes the template of the content type",
    "responseParameters": "integrationResponses, under a status code",
    "integrationSubtype": "AWS_PROXY integrations of HTTP APIs; write integrationType: AWS with the integrationUri "
    "arn:aws:apigateway:REGION:SERVICE:action/NAME",
    "payloadFormatVersion": "HTTP and WebSocket APIs",
    "description": "HTTP and WebSocket APIs",
    "resourceArn": "integrations with an integrationSubtype of HTTP APIs",
    "kmsKeyArn": "integrations with an integrationSubtype of HTTP APIs",
}
"""Property → the integrations of a REST API that it belongs to, or the other kinds of API."""

REST_WHY_NOT: Final[Mapping[str, str]] = {
    **{name: f"does not belong here, but to {where}" for name, where in REST_BELONGS_TO.items()},
    **{name: f"{reason}; leave it out" for name, reason in FOLLOWS.items()},
    "integrationTarget": "follows from backend; leave it out",
    **{name: f"unknown key; did you mean {here}?" for name, here in RENAMED.items()},
}
"""What to say of a property that an integration of a REST API does not have."""
