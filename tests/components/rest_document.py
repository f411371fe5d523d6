"""A REST API that has something of everything that a document can say, and its document as a text.

``python -m tests.components.rest_document`` prints what tests/golden/rest-document.json holds.
"""

import json
import sys
from typing import Final

from components.rest_definition import FORMAT
from tests.components.rest_apis import BY_V1_LINK, BY_V2_LINK, FUNCTION, MOCK, body_of, legacy_settings
from tests.programs import Settings, run_program

POOL: Final = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_a1B2c3D4e"
ROLE: Final = "arn:aws:iam::123456789012:role/caller"
BY_TOKEN: Final = {"authorizerType": "TOKEN", "authorizerUri": f"{FUNCTION}:token"}
IDS: Final = {"integration.request.path.petId": "method.request.path.petId"}

ROUTES: Final[Settings] = {
    "GET /pets/{petId}": {
        "authorization": "AWS_IAM",
        "apiKeyRequired": True,
        "operationName": "getPet",
        "requestParameters": {"method.request.header.tenant": {"required": True}},
        "integration": {
            **BY_V1_LINK,
            "integrationType": "HTTP",
            "integrationMethod": "GET",
            "backend": "network",
            "path": "/pets/{petId}",
            "requestParameters": {
                **IDS,
                "integration.request.header.tenant": "method.request.header.tenant",
                "integration.request.querystring.kind": "method.request.multivaluequerystring.kind",
            },
            "cacheKeyParameters": ["method.request.path.petId"],
            "cacheNamespace": "pets",
            "contentHandlingStrategy": "CONVERT_TO_TEXT",
            "integrationResponses": {
                "200": {
                    "responseParameters": {"method.response.header.etag": "integration.response.header.etag"},
                    "contentHandlingStrategy": "CONVERT_TO_TEXT",
                },
                "404": {"selectionPattern": r"4\d\d", "responseTemplates": {"application/json": "{}"}},
            },
            "timeoutInMillis": 5000,
        },
        "methodResponses": {"200": {"responseModels": {"application/json": "pet"}}},
    },
    "PUT /pets/{petId}": {
        "authorization": "tokens",
        "requestModels": {"application/json": "pet"},
        "requestParameters": {"method.request.querystring.dry": {"required": True}},
        "integration": {
            **BY_V2_LINK,
            "integrationType": "HTTP",
            "integrationMethod": "PUT",
            "backend": "application",
            "path": "/pets/{petId}",
            "requestParameters": IDS,
            "requestTemplates": {"application/json": '{"pet": $input.json("$")}'},
            "passthroughBehavior": "NEVER",
            "integrationResponses": {"200": {}},
        },
    },
    "POST /pets": {"requestModels": {"application/json": "pet"}, "authorization": "asked", "integration": MOCK},
    "ANY /orders/{proxy+}": {
        "authorization": "buyers",
        "authorizationScopes": ["shop/read"],
        "integration": {
            **BY_V2_LINK,
            "backend": "application",
            "path": "/orders/{proxy}",
            "requestParameters": {"integration.request.path.proxy": "method.request.path.proxy"},
        },
    },
    "GET /stream": {
        "integration": {
            "integrationType": "HTTP_PROXY",
            "integrationMethod": "GET",
            "integrationUri": "https://pets.example/v1",
            "responseTransferMode": "STREAM",
            "tlsConfig": {"insecureSkipVerification": True},
        }
    },
    "GET /function": {"integration": {"integrationType": "AWS_PROXY", "integrationUri": f"{FUNCTION}:pets"}},
    "POST /queue": {
        "integration": {
            "integrationType": "AWS",
            "integrationUri": "arn:aws:apigateway:us-east-1:sqs:path/123456789012/pets",
            "integrationMethod": "POST",
            "credentialsArn": ROLE,
            "requestParameters": {"integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"},
            "requestTemplates": {"application/json": "Action=SendMessage&MessageBody=$input.body"},
            "integrationResponses": {"200": {}},
        }
    },
}

API: Final[Settings] = {
    "protocol": "REST",
    "routes": ROUTES,
    "version": "2026-01",
    "description": "Pets",
    "minimumCompressionSize": 1024,
    "binaryMediaTypes": ["image/png"],
    "apiKeySourceType": "HEADER",
    "endpointConfiguration": {"types": ["PRIVATE"], "vpcEndpointIds": ["vpce-0a1b2c3d4e5f67890"]},
    "invokePrincipals": ["222233334444"],
    "authorizers": {
        "tokens": {**BY_TOKEN, "identityValidationExpression": "Bearer .+", "authorizerResultTtlInSeconds": 60},
        "asked": {
            "authorizerType": "REQUEST",
            "authorizerUri": f"{FUNCTION}:asked",
            "authorizerCredentialsArn": ROLE,
            "identitySource": ["method.request.header.Authorization", "context.identity.sourceIp"],
        },
        "buyers": {"authorizerType": "COGNITO_USER_POOLS", "providerArns": [POOL]},
    },
    "gatewayResponses": {
        "DEFAULT_4XX": {"responseParameters": {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}},
        "UNAUTHORIZED": {"statusCode": "403", "responseTemplates": {"application/json": '{"why": "no token"}'}},
    },
    "models": {
        "pet": {
            "description": "One pet",
            "schema": {
                "$schema": "http://json-schema.org/draft-04/schema#",
                "type": "object",
                "required": ["name"],
                "properties": {"name": {"type": "string"}, "toys": {"$ref": "#/definitions/toys"}},
                "definitions": {"toys": {"type": "array", "items": {"$ref": "#"}}},
            },
        }
    },
    "usagePlans": {"partner": {"apiKeys": ["acme"]}},
}


def rest_document() -> str:
    """Return the document of this API, and the format of documents that it was written in.

    Both its backends are behind balancers that exist, so that nothing in it is made up.
    """
    settings = legacy_settings("net")
    network, application = (legacy_settings(kind)["backends"]["legacy"] for kind in ("net", "app"))
    settings["backends"] = {"network": network, "application": application}
    settings["apis"] = {"catalog": API}
    document = body_of(run_program(settings))
    return json.dumps({"format": FORMAT, "document": document}, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(rest_document())
