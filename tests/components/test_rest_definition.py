"""The OpenAPI document of a REST API. Source: the AWS page "OpenAPI extensions for API Gateway"."""

from typing import Any

import pytest

from components.backend_in_use import BackendInUse
from components.rest_integrations import RestReach
from local.recording import Recording
from settings import CloudMapBackend
from tests.components.rest_apis import (
    BY_V1_LINK,
    BY_V2_LINK,
    CERTIFICATE,
    FUNCTION,
    MOCK,
    STAGE,
    V1_LINK,
    V2_LINK,
    body_of,
    catalog,
    integration_of,
    legacy_settings,
    operation_of,
    rest_settings,
)
from tests.components.rest_document import rest_document
from tests.programs import ROOT, Settings, only, run_program

BALANCER = "aws:lb/loadBalancer:LoadBalancer"
PUBLIC = {"integrationType": "HTTP_PROXY", "integrationMethod": "GET", "integrationUri": "https://pets.example/v1"}
HTTP = {"integrationType": "HTTP", "integrationMethod": "GET", "integrationUri": "https://pets.example/v1"}
ANSWERS: Settings = {"integrationResponses": {"200": {}}}
POOL = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_a1B2c3D4e"
ROLE = "arn:aws:iam::123456789012:role/caller"


def one(integration: Settings, **route: object) -> Recording:
    """Run a program whose API has one route, GET /pets."""
    return catalog({"GET /pets": {"integration": integration, **route}})


def made_of(integration: Settings) -> Any:  # noqa: ANN401 - JSON
    """Return what the document says of an integration."""
    return integration_of(one(integration), "GET /pets")


# --- the whole document


FULL: Settings = {
    "version": "2026-01",
    "description": "Pets",
    "disableExecuteApiEndpoint": False,
    "minimumCompressionSize": 1024,
    "binaryMediaTypes": ["image/png"],
    "apiKeySourceType": "HEADER",
    "gatewayResponses": {
        "DEFAULT_4XX": {"responseParameters": {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}},
        "UNAUTHORIZED": {"statusCode": "403", "responseTemplates": {"application/json": '{"why": "no token"}'}},
    },
    "invokePrincipals": ["222233334444"],
    "models": {"pet": {"schema": {"type": "object", "required": ["name"]}, "description": "One pet"}},
    "usagePlans": {"partner": {"apiKeys": ["acme"]}},
    "routes": {
        "GET /pets/{petId}": {
            "authorization": "AWS_IAM",
            "apiKeyRequired": True,
            "operationName": "getPet",
            "requestParameters": {"method.request.header.tenant": {"required": True}},
            "integration": {
                "integrationType": "HTTP",
                "integrationMethod": "GET",
                "backend": "chat",
                "path": "/pets/{petId}",
                "requestParameters": {
                    "integration.request.path.petId": "method.request.path.petId",
                    "integration.request.header.tenant": "method.request.header.tenant",
                    "integration.request.querystring.kind": "method.request.multivaluequerystring.kind",
                },
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
        "POST /pets": {"requestModels": {"application/json": "pet"}, "integration": MOCK},
        "ANY /orders/{proxy+}": {
            "authorization": "AWS_IAM",
            "integration": {
                **BY_V2_LINK,
                "path": "/orders/{proxy}",
                "requestParameters": {"integration.request.path.proxy": "method.request.path.proxy"},
            },
        },
    },
}


def string(where: str, name: str, *, required: bool) -> Settings:
    return {"name": name, "in": where, "required": required, "schema": {"type": "string"}}


def test_a_whole_document() -> None:
    recording = catalog(**FULL)
    chat, orders = (only(recording, BALANCER, name) for name in ("chat", "orders"))
    assert body_of(recording) == {
        "openapi": "3.0.1",
        "info": {"title": "catalog", "version": "2026-01", "description": "Pets"},
        "servers": [{"url": "/", "x-amazon-apigateway-endpoint-configuration": {"disableExecuteApiEndpoint": False}}],
        "paths": {
            "/pets/{petId}": {
                "get": {
                    "operationId": "getPet",
                    "parameters": [
                        string("header", "tenant", required=True),
                        string("path", "petId", required=True),
                        string("query", "kind", required=False),
                    ],
                    "responses": {
                        "200": {
                            "description": "200 response",
                            "headers": {"etag": {"schema": {"type": "string"}}},
                            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/pet"}}},
                        },
                        "404": {"description": "404 response"},
                    },
                    "security": [{"sigv4": [], "api_key": []}],
                    "x-amazon-apigateway-request-validator": "parameters",
                    "x-amazon-apigateway-integration": {
                        "type": "http",
                        "httpMethod": "GET",
                        "uri": f"http://{chat.outputs['dnsName']}/pets/{{petId}}",
                        "connectionType": "VPC_LINK",
                        "connectionId": "${stageVariables.vpcLink_chat}",
                        "requestParameters": {
                            "integration.request.header.tenant": "method.request.header.tenant",
                            "integration.request.path.petId": "method.request.path.petId",
                            "integration.request.querystring.kind": "method.request.multivaluequerystring.kind",
                        },
                        "passthroughBehavior": "when_no_match",
                        "responses": {
                            "default": {
                                "statusCode": "200",
                                "responseParameters": {
                                    "method.response.header.etag": "integration.response.header.etag"
                                },
                                "contentHandling": "CONVERT_TO_TEXT",
                            },
                            r"4\d\d": {"statusCode": "404", "responseTemplates": {"application/json": "{}"}},
                        },
                        "timeoutInMillis": 5000,
                    },
                }
            },
            "/pets": {
                "post": {
                    "requestBody": {
                        "required": True,
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/pet"}}},
                    },
                    "responses": {"200": {"description": "200 response"}},
                    "x-amazon-apigateway-request-validator": "body",
                    "x-amazon-apigateway-integration": {
                        "type": "mock",
                        "requestTemplates": {"application/json": '{"statusCode": 200}'},
                        "passthroughBehavior": "when_no_match",
                        "responses": {"default": {"statusCode": "200"}},
                    },
                }
            },
            "/orders/{proxy+}": {
                "x-amazon-apigateway-any-method": {
                    "parameters": [string("path", "proxy", required=True)],
                    "responses": {},
                    "security": [{"sigv4": []}],
                    "x-amazon-apigateway-integration": {
                        "type": "http_proxy",
                        "httpMethod": "ANY",
                        "uri": f"http://{orders.outputs['dnsName']}/orders/{{proxy}}",
                        "connectionType": "VPC_LINK",
                        "connectionId": "${stageVariables.vpcLink}",
                        "integrationTarget": orders.outputs["arn"],
                        "requestParameters": {"integration.request.path.proxy": "method.request.path.proxy"},
                        "requestTemplates": {
                            "application/json": "#set($context.requestOverride.path = "
                            "\"/orders/$input.params().path.get('proxy')\")\n$input.body"
                        },
                    },
                }
            },
        },
        "components": {
            "schemas": {"pet": {"type": "object", "required": ["name"], "description": "One pet"}},
            "securitySchemes": {
                "sigv4": {
                    "type": "apiKey",
                    "name": "Authorization",
                    "in": "header",
                    "x-amazon-apigateway-authtype": "awsSigv4",
                },
                "api_key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
            },
        },
        "x-amazon-apigateway-request-validators": {
            "body": {"validateRequestBody": True, "validateRequestParameters": False},
            "parameters": {"validateRequestBody": False, "validateRequestParameters": True},
        },
        "x-amazon-apigateway-gateway-responses": {
            "DEFAULT_4XX": {"responseParameters": {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}},
            "UNAUTHORIZED": {"statusCode": "403", "responseTemplates": {"application/json": '{"why": "no token"}'}},
        },
        "x-amazon-apigateway-binary-media-types": ["image/png"],
        "x-amazon-apigateway-minimum-compression-size": 1024,
        "x-amazon-apigateway-api-key-source": "HEADER",
        "x-amazon-apigateway-policy": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": ["arn:aws:iam::222233334444:root"]},
                    "Action": "execute-api:Invoke",
                    "Resource": "*",
                }
            ],
        },
        "x-amazon-apigateway-endpoint-configuration": {"disableExecuteApiEndpoint": False},
    }


def test_the_least_document() -> None:
    assert body_of(one(PUBLIC)) == {
        "openapi": "3.0.1",
        "info": {"title": "catalog", "version": "1", "description": "REST API catalog"},
        "servers": [{"url": "/", "x-amazon-apigateway-endpoint-configuration": {"disableExecuteApiEndpoint": False}}],
        "paths": {
            "/pets": {
                "get": {
                    "responses": {},
                    "x-amazon-apigateway-integration": {
                        "type": "http_proxy",
                        "httpMethod": "GET",
                        "uri": "https://pets.example/v1",
                        "connectionType": "INTERNET",
                    },
                }
            }
        },
        "x-amazon-apigateway-api-key-source": "HEADER",
        "x-amazon-apigateway-endpoint-configuration": {"disableExecuteApiEndpoint": False},
    }


# --- integrations


@pytest.mark.parametrize(
    ("listener", "host_name", "expected"),
    [
        ({"port": 80}, None, "http://{dns}/pets"),
        ({"port": 8080}, None, "http://{dns}:8080/pets"),
        ({"port": 443, "protocol": "TLS"}, "pets.internal.example", "https://pets.internal.example/pets"),
        ({"port": 8443, "protocol": "TLS"}, "pets.internal.example", "https://pets.internal.example:8443/pets"),
    ],
)
def test_the_url_has_the_listeners_scheme_port_and_name(
    listener: Settings, host_name: str | None, expected: str
) -> None:
    settings = rest_settings({"GET /pets": {"integration": BY_V1_LINK}})
    settings["backends"]["chat"]["listener"] = listener
    if host_name:
        listener["certificateArn"] = CERTIFICATE
        settings["backends"]["chat"]["hostName"] = host_name
    recording = run_program(settings)
    dns_name = only(recording, BALANCER, "chat").outputs["dnsName"]
    assert integration_of(recording, "GET /pets")["uri"] == expected.format(dns=dns_name)


@pytest.mark.parametrize(("kind", "targeted"), [("net", False), ("app", True)])
def test_an_existing_balancer_is_reached_by_the_link_of_its_kind(kind: str, *, targeted: bool) -> None:
    settings = legacy_settings(kind)
    recording = run_program(settings)
    found = integration_of(recording, "GET /pets")
    assert found["uri"] == "http://legacy.example:8080/pets"
    variable, link = ("vpcLink", V2_LINK) if targeted else ("vpcLink_legacy", V1_LINK)
    assert found["connectionId"] == f"${{stageVariables.{variable}}}"
    assert only(recording, STAGE).inputs["variables"] == {variable: only(recording, link).id}
    assert found.get("integrationTarget") == (settings["backends"]["legacy"]["loadBalancerArn"] if targeted else None)


def test_own_templates_to_an_application_balancer_get_the_path_before_them() -> None:
    found = made_of(
        {
            "integrationType": "HTTP",
            "integrationMethod": "POST",
            "backend": "orders",
            "path": "/orders",
            "requestTemplates": {"application/json": '{"a": $input.json("$.a")}'},
            "passthroughBehavior": "NEVER",
            **ANSWERS,
        }
    )
    assert found["requestTemplates"] == {
        "application/json": '#set($context.requestOverride.path = "/orders")\n{"a": $input.json("$.a")}'
    }
    assert found["passthroughBehavior"] == "never"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"responseTransferMode": "STREAM"}, {"responseTransferMode": "STREAM"}),
        ({"responseTransferMode": "BUFFERED"}, {}),
        ({"timeoutInMillis": 50}, {"timeoutInMillis": 50}),
        ({"contentHandlingStrategy": "CONVERT_TO_BINARY"}, {"contentHandling": "CONVERT_TO_BINARY"}),
        ({"tlsConfig": {}}, {"tlsConfig": {"insecureSkipVerification": False}}),
        ({"tlsConfig": {"insecureSkipVerification": True}}, {"tlsConfig": {"insecureSkipVerification": True}}),
        ({"cacheNamespace": "pets"}, {"cacheNamespace": "pets"}),
    ],
)
def test_properties_of_a_proxy(changes: Settings, expected: Settings) -> None:
    plain = {
        "type": "http_proxy",
        "httpMethod": "GET",
        "uri": "https://pets.example/v1",
        "connectionType": "INTERNET",
    }
    assert made_of({**PUBLIC, **changes}) == plain | expected


def test_a_public_url_with_templates() -> None:
    assert made_of({**HTTP, **ANSWERS, "requestTemplates": {"application/json": "{}"}}) == {
        "type": "http",
        "httpMethod": "GET",
        "uri": "https://pets.example/v1",
        "connectionType": "INTERNET",
        "requestTemplates": {"application/json": "{}"},
        "passthroughBehavior": "when_no_match",
        "responses": {"default": {"statusCode": "200"}},
    }


INVOCATION = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{}/invocations"
STREAM = "arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/{}/response-streaming-invocations"


@pytest.mark.parametrize(
    ("integration", "expected"),
    [
        (
            {"integrationType": "AWS_PROXY", "integrationUri": f"{FUNCTION}:pets:live"},
            {"type": "aws_proxy", "httpMethod": "POST", "uri": INVOCATION.format(f"{FUNCTION}:pets:live")},
        ),
        (
            {
                "integrationType": "AWS_PROXY",
                "integrationUri": f"{FUNCTION}:pets",
                "credentialsArn": ROLE,
                "responseTransferMode": "STREAM",
            },
            {
                "type": "aws_proxy",
                "httpMethod": "POST",
                "uri": STREAM.format(f"{FUNCTION}:pets"),
                "credentials": ROLE,
                "responseTransferMode": "STREAM",
            },
        ),
        (
            {"integrationType": "AWS", "integrationUri": f"{FUNCTION}:pets", **ANSWERS},
            {
                "type": "aws",
                "httpMethod": "POST",
                "uri": INVOCATION.format(f"{FUNCTION}:pets"),
                "passthroughBehavior": "when_no_match",
                "responses": {"default": {"statusCode": "200"}},
            },
        ),
        (
            {
                "integrationType": "AWS",
                "integrationUri": "arn:aws:apigateway:us-east-1:sqs:path/123456789012/pets",
                "integrationMethod": "POST",
                "credentialsArn": ROLE,
                "requestParameters": {"integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"},
                "requestTemplates": {"application/json": "Action=SendMessage&MessageBody=$input.body"},
                **ANSWERS,
            },
            {
                "type": "aws",
                "httpMethod": "POST",
                "uri": "arn:aws:apigateway:us-east-1:sqs:path/123456789012/pets",
                "credentials": ROLE,
                "requestParameters": {"integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"},
                "requestTemplates": {"application/json": "Action=SendMessage&MessageBody=$input.body"},
                "passthroughBehavior": "when_no_match",
                "responses": {"default": {"statusCode": "200"}},
            },
        ),
    ],
)
def test_functions_and_services(integration: Settings, expected: Settings) -> None:
    assert made_of(integration) == expected


# --- what a method declares


def test_what_a_mapping_reads_is_declared() -> None:
    integration = {
        **PUBLIC,
        "requestParameters": {
            "integration.request.header.a": "method.request.header.a",
            "integration.request.header.b": "method.request.multivalueheader.b",
            "integration.request.querystring.c": "method.request.querystring.c",
            "integration.request.header.d": "context.requestId",
            "integration.request.header.e": "method.request.body.e",
        },
        "cacheKeyParameters": ["method.request.querystring.c", "integration.request.header.a"],
    }
    operation = operation_of(one(integration, requestParameters={"method.request.header.g": {}}), "GET /pets")
    assert [(found["in"], found["name"], found["required"]) for found in operation["parameters"]] == [
        ("header", "a", False),
        ("header", "b", False),
        ("header", "g", False),
        ("query", "c", False),
    ]
    assert operation["x-amazon-apigateway-integration"]["cacheKeyParameters"] == [
        "method.request.querystring.c",
        "integration.request.header.a",
    ]


def test_a_declaration_of_the_stacks_own_wins() -> None:
    mapped = {**PUBLIC, "requestParameters": {"integration.request.header.a": "method.request.header.a"}}
    operation = operation_of(
        one(mapped, requestParameters={"method.request.header.a": {"required": True}}), "GET /pets"
    )
    assert operation["parameters"] == [string("header", "a", required=True)]


@pytest.mark.parametrize(
    ("parameters", "models", "expected"),
    [
        ({}, {}, None),
        ({"method.request.header.a": {"required": False}}, {}, None),
        ({"method.request.header.a": {"required": True}}, {}, "parameters"),
        ({"method.request.querystring.a": {"required": True}}, {}, "parameters"),
        ({}, {"application/json": "pet"}, "body"),
        ({"method.request.header.a": {"required": True}}, {"application/json": "pet"}, "all"),
    ],
)
def test_what_is_required_and_what_has_a_model_is_validated(
    parameters: Settings, models: Settings, expected: str | None
) -> None:
    route = {"integration": MOCK, "requestParameters": parameters, "requestModels": models}
    recording = catalog({"POST /pets": route}, models={"pet": {"schema": {"type": "object"}}})
    assert operation_of(recording, "POST /pets").get("x-amazon-apigateway-request-validator") == expected
    assert set(body_of(recording).get("x-amazon-apigateway-request-validators", {})) == ({expected} - {None})


def test_a_variable_of_the_path_needs_no_validator() -> None:
    route = {"integration": MOCK, "requestParameters": {"method.request.path.petId": {"required": True}}}
    operation = operation_of(catalog({"GET /pets/{petId}": route}), "GET /pets/{petId}")
    assert operation["parameters"] == [string("path", "petId", required=True)]
    assert "x-amazon-apigateway-request-validator" not in operation


def test_headers_of_an_answer_are_declared_once() -> None:
    integration = {
        **MOCK,
        "integrationResponses": {"200": {"responseParameters": {"method.response.header.a": "'1'"}}},
    }
    declared = {"200": {"responseParameters": {"method.response.header.b": True}}, "500": {}}
    assert operation_of(one(integration, methodResponses=declared), "GET /pets")["responses"] == {
        "200": {
            "description": "200 response",
            "headers": {name: {"schema": {"type": "string"}} for name in ("a", "b")},
        },
        "500": {"description": "500 response"},
    }


def test_methods_of_one_resource_stand_together() -> None:
    recording = catalog({f"{method} /pets": {"integration": MOCK} for method in ("GET", "ANY", "DELETE")})
    assert set(body_of(recording)["paths"]["/pets"]) == {"get", "x-amazon-apigateway-any-method", "delete"}


def test_a_shared_integration_stands_at_each_of_its_routes() -> None:
    routes = {"GET /a": {"integration": "answer"}, "GET /b": {"integration": "answer"}}
    recording = catalog(routes, integrations={"answer": MOCK})
    assert integration_of(recording, "GET /a") == integration_of(recording, "GET /b")


# --- models


def test_definitions_of_a_model_become_schemas() -> None:
    schema = {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "type": "object",
        "properties": {
            "line": {"$ref": "#/definitions/line-item"},
            "same": {"type": "array", "items": {"$ref": "#/definitions/line_item"}},
            "next": {"$ref": "#"},
            "part": {"$ref": "#/definitions/a~1b"},
            "$ref": {"type": "string"},
        },
        "definitions": {
            "line-item": {"type": "object", "properties": {"price": {"type": "number"}, "of": {"$ref": "#"}}},
            "line_item": {"type": "string"},
            "a/b": {"$ref": "#/definitions/line-item"},
        },
    }
    recording = catalog(models={"order": {"schema": schema}, "orderAB": {"schema": {"type": "string"}}})
    place = "#/components/schemas"
    assert body_of(recording)["components"]["schemas"] == {
        "order": {
            "type": "object",
            "properties": {
                "line": {"$ref": f"{place}/orderLineItem"},
                "same": {"type": "array", "items": {"$ref": f"{place}/orderLineItem2"}},
                "next": {"$ref": f"{place}/order"},
                "part": {"$ref": f"{place}/orderAB2"},
                "$ref": {"type": "string"},
            },
        },
        "orderLineItem": {
            "type": "object",
            "properties": {"price": {"type": "number"}, "of": {"$ref": f"{place}/order"}},
        },
        "orderLineItem2": {"type": "string"},
        "orderAB2": {"$ref": f"{place}/orderLineItem"},
        "orderAB": {"type": "string"},
    }


def test_a_description_of_the_schemas_own_wins() -> None:
    recording = catalog(models={"pet": {"schema": {"description": "inner"}, "description": "outer"}})
    assert body_of(recording)["components"]["schemas"] == {"pet": {"description": "inner"}}


# --- who may call


URI = INVOCATION.format(f"{FUNCTION}:auth")


@pytest.mark.parametrize(
    ("authorizer", "header", "authtype", "expected"),
    [
        (
            {"authorizerType": "REQUEST", "authorizerUri": f"{FUNCTION}:auth"},
            "Unused",
            "custom",
            {"type": "request", "authorizerUri": URI, "authorizerResultTtlInSeconds": 0},
        ),
        (
            {
                "authorizerType": "REQUEST",
                "authorizerUri": f"{FUNCTION}:auth",
                "authorizerCredentialsArn": ROLE,
                "identitySource": ["method.request.querystring.token", "method.request.header.X-Tenant"],
            },
            "X-Tenant",
            "custom",
            {
                "type": "request",
                "authorizerUri": URI,
                "authorizerCredentials": ROLE,
                "identitySource": "method.request.querystring.token, method.request.header.X-Tenant",
                "authorizerResultTtlInSeconds": 300,
            },
        ),
        (
            {
                "authorizerType": "TOKEN",
                "authorizerUri": f"{FUNCTION}:auth",
                "identitySource": ["method.request.header.X-Token"],
                "identityValidationExpression": "Bearer .+",
                "authorizerResultTtlInSeconds": 60,
            },
            "X-Token",
            "custom",
            {
                "type": "token",
                "authorizerUri": URI,
                "identityValidationExpression": "Bearer .+",
                "authorizerResultTtlInSeconds": 60,
            },
        ),
        (
            {"authorizerType": "COGNITO_USER_POOLS", "providerArns": [POOL]},
            "Authorization",
            "cognito_user_pools",
            {"type": "cognito_user_pools", "providerARNs": [POOL], "authorizerResultTtlInSeconds": 300},
        ),
    ],
)
def test_authorizers(authorizer: Settings, header: str, authtype: str, expected: Settings) -> None:
    recording = catalog({"GET /pets": {"integration": MOCK, "authorization": "shop"}}, authorizers={"shop": authorizer})
    assert body_of(recording)["components"]["securitySchemes"] == {
        "shop": {
            "type": "apiKey",
            "name": header,
            "in": "header",
            "x-amazon-apigateway-authtype": authtype,
            "x-amazon-apigateway-authorizer": expected,
        }
    }
    assert operation_of(recording, "GET /pets")["security"] == [{"shop": []}]


def test_scopes_stand_with_the_authorizer() -> None:
    route = {"integration": MOCK, "authorization": "pool", "authorizationScopes": ["pets/read", "pets/write"]}
    pool = {"authorizerType": "COGNITO_USER_POOLS", "providerArns": [POOL]}
    recording = catalog({"GET /pets": route}, authorizers={"pool": pool})
    assert operation_of(recording, "GET /pets")["security"] == [{"pool": ["pets/read", "pets/write"]}]


def test_an_api_key_alone() -> None:
    recording = catalog(
        {"GET /pets": {"integration": MOCK, "apiKeyRequired": True}}, usagePlans={"partner": {"apiKeys": ["acme"]}}
    )
    assert operation_of(recording, "GET /pets")["security"] == [{"api_key": []}]
    assert set(body_of(recording)["components"]["securitySchemes"]) == {"api_key"}


def test_a_backend_that_no_link_reaches_is_refused() -> None:
    service = "arn:aws:servicediscovery:us-east-1:123456789012:service/srv-a1b2c3d4e5f6"
    spec = CloudMapBackend.model_validate({"cloudMap": {"serviceArn": service, "port": 80}})
    reach = RestReach(backends={"stock": BackendInUse(spec=spec, http_uri=service)}, link_ids={}, http_link_id="l2")
    with pytest.raises(ValueError, match="no VPC link of a REST API leads to the backend stock"):
        reach.link_of("stock")


def test_the_format_of_documents() -> None:
    """A document that is written otherwise than before has to be deployed: the format is part of the trigger."""
    golden = (ROOT / "tests" / "golden" / "rest-document.json").read_text(encoding="utf-8")
    assert rest_document() == golden, (
        "the same settings make another document: raise FORMAT of components/rest_definition.py by one, then write "
        "tests/golden/rest-document.json anew with `python -m tests.components.rest_document`"
    )
