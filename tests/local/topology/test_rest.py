import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from apigateway.errors import TopologyError
from apigateway.rest_resources import RestRouteKey
from local.recording import Json
from local.topology import RestApi
from local.topology.authorization import (
    CognitoAuthorizer,
    CognitoRequired,
    Identity,
    LambdaAuthorizer,
    LambdaRequired,
    Open,
    RestAuthorization,
    SignedCaller,
)
from local.topology.calls import FunctionCall, NoCall, PrivateCall, PublicCall, Reached, ServiceCall, Unreachable
from local.topology.reading import build_topology
from local.topology.rest import GatewayResponse, RestMethod
from local.topology.stages import Stage
from tests.local.recordings import ALB
from tests.local.rest_recordings import (
    ALB_URL,
    LINKS,
    NLB_URL,
    RestProgram,
    answers,
    by_v1_link,
    by_v2_link,
    mock,
    parameter,
)
from tests.programs import dev_settings, run_program

Mistake = Callable[[RestProgram], object]
EXTENSION = "x-amazon-apigateway-"
API = 'aws:apigateway/restApi:RestApi "pets"'
PET = 'apis.pets.routes["GET /pets/{petId}"]'
INTEGRATION = f"{PET}.integration"
LAMBDA = "arn:aws:apigateway:us-east-1:lambda:path"
ARN = "arn:aws:lambda:us-east-1:123456789012:function:pets"
FUNCTION = f"{LAMBDA}/2015-03-31/functions/{ARN}/invocations"


def read(made: RestProgram) -> RestApi:
    (api,) = build_topology(made.recording_program().recording()).rest_apis
    return api


def refusal(made: RestProgram) -> str:
    with pytest.raises(TopologyError) as raised:
        build_topology(made.recording_program().recording())
    return str(raised.value)


def method_of(made: RestProgram, key: str) -> RestMethod:
    return read(made).methods[RestRouteKey.parse(key)]


def pets() -> RestProgram:
    """Return an API with one method of every trade."""
    made = RestProgram()
    made.method(
        "GET /pets/{petId}",
        {
            **by_v1_link("/animals/{petId}", timeoutInMillis=5000),
            "type": "http",
            "httpMethod": "GET",
            "requestParameters": {
                "integration.request.path.petId": "method.request.path.petId",
                "integration.request.header.Tenant": "method.request.header.tenant",
            },
            "requestTemplates": {"application/json": "{}"},
            "passthroughBehavior": "never",
            "contentHandling": "CONVERT_TO_TEXT",
            "responses": {
                "404": {"statusCode": "404", "responseTemplates": {"application/json": "{}"}},
                "default": {
                    "statusCode": "200",
                    "responseParameters": {"method.response.header.etag": "integration.response.header.ETag"},
                    "contentHandling": "CONVERT_TO_BINARY",
                },
            },
        },
        operationId="getPet",
        parameters=[parameter("path", "petId", required=True), parameter("header", "tenant", required=True)],
        responses=answers(_200=("etag",), _404=()),
        security=[{"sigv4": [], "api_key": []}],
        requestBody={"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}},
        **{f"{EXTENSION}request-validator": "all"},
    )
    made.document["components"] = {
        "schemas": {"Pet": {"type": "object"}},
        "securitySchemes": {
            "sigv4": {
                "type": "apiKey",
                "name": "Authorization",
                "in": "header",
                "x-amazon-apigateway-authtype": "awsSigv4",
            },
            "api_key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
            "tokens": {
                "type": "apiKey",
                "name": "token",
                "in": "header",
                "x-amazon-apigateway-authtype": "custom",
                "x-amazon-apigateway-authorizer": {
                    "type": "token",
                    "authorizerUri": FUNCTION,
                    "identityValidationExpression": "[a-z]+",
                },
            },
        },
    }
    made.document[f"{EXTENSION}request-validators"] = {
        "all": {"validateRequestBody": True, "validateRequestParameters": True}
    }
    return made


def operation_of(made: RestProgram) -> dict[str, Any]:
    operation: dict[str, Any] = made.document["paths"]["/pets/{petId}"]["get"]
    return operation


def integration_of(made: RestProgram) -> dict[str, Any]:
    integration: dict[str, Any] = operation_of(made)[f"{EXTENSION}integration"]
    return integration


def test_a_method_is_read_whole() -> None:
    method = method_of(pets(), "GET /pets/{petId}")
    assert (method.authorization, method.api_key_required) == (SignedCaller(), True)
    assert method.parameters == {"method.request.path.petId": True, "method.request.header.tenant": True}
    assert (method.validates_body, method.validates_parameters) == (True, True)
    assert method.request_models == {"application/json": {"type": "object"}}
    integration = method.integration
    assert (integration.type, integration.method, integration.timeout) == ("HTTP", "GET", 5.0)
    assert integration.call == PrivateCall(
        uri=f"{NLB_URL}/animals/{{petId}}", reach=Reached(backend="chat"), stage_in_path=False
    )
    assert integration.request.as_dict() == {
        "integration.request.path.petId": "method.request.path.petId",
        "integration.request.header.Tenant": "method.request.header.tenant",
    }
    assert (integration.templates, integration.passthrough) == ({"application/json": "{}"}, "NEVER")
    assert (integration.content_handling, integration.streams) == ("CONVERT_TO_TEXT", False)
    missing, found = integration.responses
    assert (missing.status, missing.pattern, missing.templates) == (404, "404", {"application/json": "{}"})
    assert (found.status, found.pattern, found.content_handling) == (200, None, "CONVERT_TO_BINARY")
    assert found.mapping.as_dict() == {"method.response.header.etag": "integration.response.header.ETag"}


def test_what_is_left_out_has_its_default() -> None:
    made = RestProgram()
    made.method("ANY /{proxy+}", {"type": "http_proxy", "httpMethod": "ANY", "uri": "https://example.com/"})
    api = read(made)
    method = api.methods[RestRouteKey.parse("ANY /{proxy+}")]
    assert (method.authorization, method.api_key_required) == (Open(), False)
    assert (method.parameters, method.request_models) == ({}, {})
    assert (method.validates_body, method.validates_parameters) == (False, False)
    integration = method.integration
    assert integration.call == PublicCall(uri="https://example.com/")
    assert (integration.timeout, integration.passthrough, integration.content_handling) == (29.0, "WHEN_NO_MATCH", None)
    assert (integration.responses, integration.request.entries) == ((), ())
    assert (api.name, api.api_id) == ("pets", "pets")
    assert api.execution_arn == "arn:aws:execute-api:us-east-1:123456789012:pets"
    assert (api.gateway_responses, api.binary_media_types, api.minimum_compression_size) == ({}, (), None)
    assert (api.api_key_source, api.policy, api.is_private) == ("HEADER", None, False)


@pytest.mark.parametrize(
    ("block", "call", "streams"),
    [
        ({"type": "aws_proxy", "uri": FUNCTION}, FunctionCall(uri=FUNCTION), False),
        ({"type": "aws", "uri": FUNCTION}, FunctionCall(uri=FUNCTION), False),
        (
            {
                "type": "aws_proxy",
                "uri": f"{LAMBDA}/2021-11-15/functions/{ARN}/response-streaming-invocations",
                "responseTransferMode": "STREAM",
            },
            FunctionCall(uri=FUNCTION),
            True,
        ),
        (
            {"type": "aws", "uri": "arn:aws:apigateway:us-east-1:sqs:path/123456789012/pets"},
            ServiceCall(uri="arn:aws:apigateway:us-east-1:sqs:path/123456789012/pets"),
            False,
        ),
    ],
)
def test_a_function_and_a_service(block: dict[str, Json], call: FunctionCall | ServiceCall, streams: bool) -> None:
    made = RestProgram()
    made.method("POST /", {"httpMethod": "POST", "credentials": "arn:aws:iam::123456789012:role/caller", **block})
    integration = method_of(made, "POST /").integration
    assert (integration.call, integration.method, integration.streams) == (call, "POST", streams)


HEADER = Identity(location="header", name="token")


TOKEN = LambdaAuthorizer(
    name="asked",
    type="TOKEN",
    uri=FUNCTION,
    sources=(HEADER,),
    payload_format="1.0",
    simple=False,
    ttl=300,
)
REQUEST = replace(TOKEN, type="REQUEST")


@pytest.mark.parametrize(
    ("settings", "scopes", "authorization"),
    [
        ({"type": "token", "authorizerUri": FUNCTION}, (), LambdaRequired(authorizer=TOKEN)),
        (
            {
                "type": "token",
                "authorizerUri": FUNCTION,
                "authorizerResultTtlInSeconds": 0,
                "identityValidationExpression": "[a-z]+",
            },
            (),
            LambdaRequired(authorizer=replace(TOKEN, ttl=0, validation=re.compile("[a-z]+"))),
        ),
        (
            {
                "type": "request",
                "authorizerUri": FUNCTION,
                "identitySource": "method.request.querystring.key, context.httpMethod,stageVariables.tenant",
            },
            (),
            LambdaRequired(
                authorizer=replace(
                    REQUEST,
                    sources=(
                        Identity(location="querystring", name="key"),
                        Identity(location="context", name="httpMethod"),
                        Identity(location="stageVariables", name="tenant"),
                    ),
                )
            ),
        ),
        (
            {"type": "request", "authorizerUri": FUNCTION},
            (),
            LambdaRequired(authorizer=replace(REQUEST, sources=(), ttl=0)),
        ),
        (
            {"type": "cognito_user_pools", "providerARNs": ["arn:aws:cognito-idp:us-east-1:123456789012:userpool/u_1"]},
            ("pets/read",),
            CognitoRequired(
                authorizer=CognitoAuthorizer(
                    name="asked",
                    user_pools=("arn:aws:cognito-idp:us-east-1:123456789012:userpool/u_1",),
                    source=HEADER,
                ),
                scopes=("pets/read",),
            ),
        ),
    ],
)
def test_an_authorizer(settings: Json, scopes: tuple[str, ...], authorization: RestAuthorization) -> None:
    made = pets()
    made.document["components"]["securitySchemes"]["asked"] = {
        "type": "apiKey",
        "name": "token",
        "in": "header",
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": settings,
    }
    operation_of(made)["security"] = [{"asked": list(scopes), "api_key": []}]
    method = method_of(made, "GET /pets/{petId}")
    assert (method.authorization, method.api_key_required) == (authorization, True)


def test_a_link_of_version_2_puts_the_stage_into_the_path() -> None:
    made = RestProgram()
    made.method("GET /", by_v2_link("/orders", responseTransferMode="STREAM"))
    integration = method_of(made, "GET /").integration
    reach = Reached(backend="orders", idle_timeout=60)
    assert integration.call == PrivateCall(uri=f"{ALB_URL}/orders", reach=reach, stage_in_path=True)
    assert integration.streams


def test_an_unreachable_backend_is_no_error_of_the_topology() -> None:
    made = RestProgram()
    made.method("GET /", {**by_v1_link(), "connectionId": "link-v2"})
    call = method_of(made, "GET /").integration.call
    assert isinstance(call, PrivateCall)
    assert call.reach == Unreachable(
        reason='VPC link "link-v2" is a v2 link, and an integration without an integrationTarget needs a v1 link'
    )


def test_a_mock_calls_nobody() -> None:
    made = RestProgram()
    made.method("GET /", mock(), responses=answers(_200=()))
    integration = method_of(made, "GET /").integration
    assert (integration.type, integration.method, integration.call) == ("MOCK", "", NoCall())


def test_a_template_that_makes_the_path_fills_its_placeholders() -> None:
    made = RestProgram()
    override = "#set($context.requestOverride.path = \"/pets/$input.params().path.get('petId')\")"
    made.method("GET /pets/{petId}", by_v2_link("/pets/{petId}", requestTemplates={"$default": override}))
    assert method_of(made, "GET /pets/{petId}").integration.templates == {"$default": override}


def test_stage_variables_are_no_placeholders() -> None:
    made = RestProgram()
    made.method("GET /", by_v1_link("/${stageVariables.root}"))
    assert isinstance(method_of(made, "GET /").integration.call, PrivateCall)


def test_what_holds_for_all_methods_is_read() -> None:
    made = RestProgram()
    policy: dict[str, Json] = {"Version": "2012-10-17", "Statement": []}
    made.made.change(
        "pets",
        endpointConfiguration={"types": "PRIVATE", "vpcEndpointIds": ["vpce-2", "vpce-1"]},
        binaryMediaTypes=["image/png", "image/*"],
        minimumCompressionSize="100",
        apiKeySource="AUTHORIZER",
        disableExecuteApiEndpoint=True,
        policy='{"Statement": [], "Version": "2012-10-17"}',
    )
    made.document |= {
        f"{EXTENSION}binary-media-types": ["image/*", "image/png"],
        f"{EXTENSION}minimum-compression-size": 100,
        f"{EXTENSION}api-key-source": "AUTHORIZER",
        f"{EXTENSION}policy": policy,
        f"{EXTENSION}endpoint-configuration": {
            "vpcEndpointIds": ["vpce-1", "vpce-2"],
            "disableExecuteApiEndpoint": True,
        },
        f"{EXTENSION}gateway-responses": {
            "DEFAULT_5XX": {"responseTemplates": {"application/json": "{}"}},
            "INVALID_API_KEY": {
                "statusCode": "401",
                "responseParameters": {"gatewayresponse.header.X": "'no'"},
            },
            "UNAUTHORIZED": {"statusCode": 403},
        },
    }
    api = read(made)
    assert (api.is_private, api.policy, api.api_key_source) == (True, policy, "AUTHORIZER")
    assert (api.binary_media_types, api.minimum_compression_size) == (("image/*", "image/png"), 100)
    assert api.gateway_responses == {
        "DEFAULT_5XX": GatewayResponse(status=None, parameters={}, templates={"application/json": "{}"}),
        "INVALID_API_KEY": GatewayResponse(status=401, parameters={"gatewayresponse.header.X": "'no'"}, templates={}),
        "UNAUTHORIZED": GatewayResponse(status=403, parameters={}, templates={}),
    }


@pytest.mark.parametrize("also_by_itself", [True, False])
def test_what_is_said_of_endpoints_may_stand_in_a_server(also_by_itself: bool) -> None:
    made = RestProgram()
    endpoint: dict[str, Json] = {"disableExecuteApiEndpoint": True}
    made.made.change("pets", disableExecuteApiEndpoint=True)
    made.document["servers"] = [{"url": "/", f"{EXTENSION}endpoint-configuration": endpoint}]
    if also_by_itself:
        made.document[f"{EXTENSION}endpoint-configuration"] = endpoint
    made.method("GET /", by_v1_link())
    assert list(read(made).methods) == [RestRouteKey.parse("GET /")]


def test_stages_have_their_variables_and_the_keys_of_their_plans() -> None:
    made = RestProgram()
    made.stage("prod", host="a.example")
    for name in ("mobile", "web", "off"):
        made.made.add("aws:apigateway/apiKey:ApiKey", name, {"enabled": name != "off"}, value="<secret>")
    for plan, stage, keys in (("free", "dev", ("mobile", "off")), ("paid", "prod", ("mobile", "web"))):
        stages: Json = [{"apiId": "pets", "stage": stage}, {"apiId": "others", "stage": "dev"}]
        made.made.add("aws:apigateway/usagePlan:UsagePlan", plan, {"apiStages": stages})
        for key in keys:
            member: dict[str, Json] = {"usagePlanId": plan, "keyId": key, "keyType": "API_KEY"}
            made.made.add("aws:apigateway/usagePlanKey:UsagePlanKey", f"{plan}-{key}", member)
    made.method("GET /", by_v1_link())
    assert read(made).stages == {
        "dev": Stage(name="dev", variables=LINKS, api_keys={"mobile": "mobile"}),
        "prod": Stage(
            name="prod",
            variables={**LINKS, "host": "a.example"},
            api_keys={"mobile": "mobile", "web": "web"},
        ),
    }
    made.made.drop("web")
    assert refusal(made) == 'aws:apigateway/usagePlanKey:UsagePlanKey "paid-web": the stack has no API key "web"'


def test_apis_are_ordered_by_name_and_stand_beside_the_other_kinds() -> None:
    made = RestProgram()
    made.method("GET /", by_v1_link())
    made.made.http_api("a")
    body = made.recording_program().resources["pets"].inputs["body"]
    made.made.add("aws:apigateway/restApi:RestApi", "cats", {"body": body}, executionArn="arn:cats")
    made.made.outputs["apis"]["cats"] = {"apiId": "cats"}
    topology = build_topology(made.made.recording())
    assert [api.name for api in topology.rest_apis] == ["cats", "pets"]
    assert [api.name for api in topology.http_apis] == ["a"]


def test_what_the_program_registers_is_read() -> None:
    settings = dev_settings()
    settings["apis"]["pets"] = {
        "protocol": "REST",
        "binaryMediaTypes": ["image/png"],
        "models": {
            "Pet": {
                "schema": {
                    "type": "object",
                    "properties": {"mother": {"$ref": "#"}, "toy": {"$ref": "#/definitions/toy"}},
                    "definitions": {"toy": {"type": "string"}},
                }
            }
        },
        "usagePlans": {"free": {"apiKeys": ["mobile"]}},
        "routes": {
            "GET /pets/{petId}": {
                "apiKeyRequired": True,
                "integration": {
                    "integrationType": "HTTP_PROXY",
                    "integrationMethod": "GET",
                    "backend": "chat",
                    "path": "/pets/{petId}",
                    "requestParameters": {"integration.request.path.petId": "method.request.path.petId"},
                },
            },
            "POST /orders": {
                "authorization": "AWS_IAM",
                "requestModels": {"application/json": "Pet"},
                "integration": {
                    "integrationType": "HTTP",
                    "integrationMethod": "POST",
                    "backend": "orders",
                    "integrationResponses": {
                        "200": {
                            "responseParameters": {
                                "method.response.header.etag": "integration.response.header.etag",
                            }
                        }
                    },
                },
            },
        },
    }
    (api,) = build_topology(run_program(settings)).rest_apis
    assert (api.name, list(api.stages["dev"].api_keys)) == ("pets", ["mobile"])
    pet, order = (api.methods[RestRouteKey.parse(key)] for key in ("GET /pets/{petId}", "POST /orders"))
    assert (pet.api_key_required, pet.integration.method) == (True, "GET")
    assert isinstance(pet.integration.call, PrivateCall)
    assert (pet.integration.call.reach, pet.integration.call.stage_in_path) == (
        Reached(backend="chat"),
        False,
    )
    assert (order.authorization, order.validates_body) == (SignedCaller(), True)
    assert isinstance(order.integration.call, PrivateCall)
    assert (order.integration.call.reach, order.integration.call.stage_in_path) == (
        Reached(backend="orders", idle_timeout=60),
        True,
    )
    model = order.request_models["application/json"]
    assert isinstance(model, dict)
    assert model["properties"] == {"mother": within("Pet"), "toy": within("PetToy")}


def without(*path: str) -> Mistake:
    """Take a key of the document away."""

    def mistake(made: RestProgram) -> None:
        block = made.document
        for key in path[:-1]:
            block = block[key]
        del block[path[-1]]

    return mistake


def operation(**changes: Json) -> Mistake:
    return lambda made: operation_of(made).update(changes)


def integration(**changes: Json) -> Mistake:
    """Change the integration; None removes a key."""

    def mistake(made: RestProgram) -> None:
        found = integration_of(made)
        found.update(changes)
        for key, value in changes.items():
            if value is None:
                del found[key]

    return mistake


def authorizer(**changes: Json) -> Mistake:
    """Return the mistake of the authorizer "tokens", which the method is given."""

    def mistake(made: RestProgram) -> None:
        operation_of(made)["security"] = [{"tokens": []}]
        settings = made.document["components"]["securitySchemes"]["tokens"]["x-amazon-apigateway-authorizer"]
        settings.update(changes)
        for name in [name for name, value in changes.items() if value is None]:
            del settings[name]

    return mistake


def document(**changes: Json) -> Mistake:
    return lambda made: made.document.update({f"{EXTENSION}{key.replace('_', '-')}": v for key, v in changes.items()})


def servers(server: dict[str, Json]) -> Mistake:
    """Return the mistake of a server, beside what the document itself says of endpoints."""
    endpoint: Json = {"disableExecuteApiEndpoint": False}
    return lambda made: made.document.update({"servers": [server], f"{EXTENSION}endpoint-configuration": endpoint})


def resource(name: str, **inputs: Json) -> Mistake:
    return lambda made: made.made.change(name, **inputs)


@pytest.mark.parametrize(
    ("mistake", "line"),
    [
        pytest.param(
            document(importexport_version="1"),
            f"{API}: {EXTENSION}importexport-version is not supported by the local gateway yet",
            id="key of the document",
        ),
        pytest.param(
            operation(callbacks={}), f"{PET}: callbacks is not supported by the local gateway yet", id="key of a method"
        ),
        pytest.param(
            lambda made: made.document["paths"]["/pets/{petId}"].update({"trace": {}}),
            f"{API}: paths: /pets/{{petId}}: trace is not supported by the local gateway yet",
            id="method",
        ),
        pytest.param(
            lambda made: made.document["paths"].update({"/a b": {"get": {}}}),
            f'{API}: paths: /a b: not a route key of a REST API, got "GET /a b"; expected "METHOD /path"',
            id="path",
        ),
        pytest.param(
            lambda made: made.method("GET /pets/{toyId}/toys", by_v1_link()),
            'apis.pets.routes["GET /pets/{toyId}/toys"]: "{toyId}" and "{petId}" are both below /pets, where one '
            "variable is allowed; write GET /pets/{petId}/toys",
            id="two variables",
        ),
        pytest.param(
            without("paths", "/pets/{petId}", "get", f"{EXTENSION}integration"),
            f"{PET}: {EXTENSION}integration is missing",
            id="no integration",
        ),
        pytest.param(
            operation(parameters=[parameter("cookie", "a")]),
            f'{PET}: parameters: in must be header or query or path, got "cookie"',
            id="place of a parameter",
        ),
        pytest.param(
            lambda made: operation_of(made)["parameters"].append(parameter("path", "owner")),
            f'{PET}: parameters: the path has no variable "owner"',
            id="variable",
        ),
        pytest.param(
            lambda made: operation_of(made)["parameters"].append(parameter("query", "tenant")),
            f'{PET}: method.request.querystring.tenant: the name "tenant" is taken by method.request.header.tenant: it '
            "is unique across query string, header, path",
            id="name of two parameters",
        ),
        pytest.param(
            authorizer(type="jwt"),
            f"{API}: components: securitySchemes: tokens: x-amazon-apigateway-authorizer: type must be token, request "
            'or cognito_user_pools, got "jwt"',
            id="kind of authorizer",
        ),
        pytest.param(
            authorizer(authorizerUri=None),
            f"{API}: components: securitySchemes: tokens: x-amazon-apigateway-authorizer: authorizerUri is missing",
            id="authorizer without a function",
        ),
        pytest.param(
            authorizer(type="request", identitySource="method.request.path.id", identityValidationExpression=None),
            f"{API}: components: securitySchemes: tokens: x-amazon-apigateway-authorizer: identitySource must be "
            "method.request.header|querystring.NAME, context.NAME or stageVariables.NAME, got "
            '"method.request.path.id"',
            id="identity source",
        ),
        pytest.param(
            authorizer(identityValidationExpression="("),
            f"{API}: components: securitySchemes: tokens: x-amazon-apigateway-authorizer: identityValidationExpression "
            'must be a regular expression (missing ), unterminated subpattern at position 0), got "("',
            id="form of a token",
        ),
        pytest.param(
            operation(security=[{"nobody": []}]),
            f'{PET}: components.securitySchemes does not have "nobody"',
            id="security scheme",
        ),
        pytest.param(
            operation(security=[{"sigv4": []}, {"api_key": []}]),
            f"{PET}: security must be one block, got 2",
            id="alternatives",
        ),
        pytest.param(
            operation(**{f"{EXTENSION}request-validator": "everything"}),
            f'{PET}: {EXTENSION}request-validators does not have "everything"',
            id="validator",
        ),
        pytest.param(
            without("components", "schemas", "Pet"),
            f"{PET}: requestBody: content: application/json: schema: $ref leads to "
            '"#/components/schemas/Pet", which the document does not have',
            id="model",
        ),
        pytest.param(
            operation(requestBody={"content": {"a/b": {"schema": {"$ref": "#/definitions/Pet"}}}}),
            f"{PET}: requestBody: content: a/b: schema: $ref must be #/components/schemas/NAME, got "
            '"#/definitions/Pet"',
            id="reference",
        ),
        pytest.param(
            operation(requestBody={"content": {"a/b": {}}}),
            f"{PET}: requestBody: content: a/b: schema: $ref is missing",
            id="no model",
        ),
        pytest.param(
            lambda made: operation_of(made)["responses"]["404"].update(
                {"content": {"a/b": {"schema": {"$ref": "#/components/schemas/Error"}}}}
            ),
            f'{PET}: responses: 404: content: a/b: schema: $ref leads to "#/components/schemas/Error", which '
            "the document does not have",
            id="model of a response",
        ),
        pytest.param(
            integration(type="grpc"),
            f'{INTEGRATION}: type must be http, http_proxy, aws, aws_proxy or mock, got "grpc"',
            id="type",
        ),
        pytest.param(
            integration(payloadFormatVersion="2.0"),
            f"{INTEGRATION}: payloadFormatVersion is not supported by the local gateway yet",
            id="key of an integration",
        ),
        pytest.param(integration(httpMethod=None), f"{INTEGRATION}: httpMethod is missing", id="no method"),
        pytest.param(integration(uri=None), f"{INTEGRATION}: uri is missing", id="no URI"),
        pytest.param(integration(connectionId=None), f"{INTEGRATION}: connectionId is missing", id="no link"),
        pytest.param(
            integration(connectionType="TUNNEL"),
            f'{INTEGRATION}: connectionType must be INTERNET or VPC_LINK, got "TUNNEL"',
            id="connection",
        ),
        pytest.param(
            integration(connectionType=None, uri="example.com"),
            f'{INTEGRATION}: uri must be an http:// or https:// URL, got "example.com"',
            id="URL",
        ),
        pytest.param(
            integration(passthroughBehavior="sometimes"),
            f'{INTEGRATION}: passthroughBehavior must be when_no_match or when_no_templates or never, got "sometimes"',
            id="passthrough",
        ),
        pytest.param(
            integration(contentHandling="CONVERT"),
            f'{INTEGRATION}: contentHandling must be CONVERT_TO_BINARY or CONVERT_TO_TEXT, got "CONVERT"',
            id="content handling",
        ),
        pytest.param(
            integration(responseTransferMode="CHUNKED"),
            f'{INTEGRATION}: responseTransferMode must be BUFFERED or STREAM, got "CHUNKED"',
            id="transfer mode",
        ),
        pytest.param(
            integration(timeoutInMillis="5s"),
            f"{INTEGRATION}: timeoutInMillis must be a whole number, got '5s'",
            id="timeout",
        ),
        pytest.param(
            integration(requestTemplates={"json": "{}"}),
            f'{INTEGRATION}: not a content type, got "json"; expected a content type such as application/json; write '
            "application/json",
            id="key of a template",
        ),
        pytest.param(
            integration(uri=f"{NLB_URL}/{{petId}}/{{toyId}}"),
            f"{INTEGRATION}: uri has {{toyId}}, and no integration.request.path.toyId fills it",
            id="placeholder",
        ),
        pytest.param(
            lambda made: integration_of(made)["responses"].update({"5xx": {"statusCode": "200"}}),
            f'{INTEGRATION}: responses: 5xx: a pattern that matches no status code, got "5xx"; write 5\\d\\d',
            id="pattern",
        ),
        pytest.param(
            lambda made: integration_of(made)["responses"].update({"5..": {"statusCode": "5xx"}}),
            f'{INTEGRATION}: responses: 5..: not a status code, got "5xx"; expected a number from 100 to 599; give a '
            "single code here and 5\\d\\d as its selectionPattern",
            id="status",
        ),
        pytest.param(
            lambda made: integration_of(made)["responses"].update({"5..": {"statusCode": "502"}}),
            f"{INTEGRATION}: responses: 5..: answers 502, which the method does not declare",
            id="undeclared status",
        ),
        pytest.param(
            operation(responses=answers(_200=(), _404=())),
            f"{INTEGRATION}: responses: default: writes method.response.header.etag, which the method does not declare "
            "for 200",
            id="undeclared header",
        ),
        pytest.param(
            lambda made: integration_of(made)["responses"]["404"].update({"mappings": {}}),
            f"{INTEGRATION}: responses: 404: mappings is not supported by the local gateway yet",
            id="key of a response",
        ),
        pytest.param(
            document(gateway_responses={"NOT_FOUND": {}}),
            f"{API}: {EXTENSION}gateway-responses: NOT_FOUND: not a type of gateway response, got "
            '"NOT_FOUND"; did you mean "RESOURCE_NOT_FOUND"?',
            id="gateway response",
        ),
        pytest.param(
            document(api_key_source="COOKIE"),
            f'{API}: {EXTENSION}api-key-source must be HEADER or AUTHORIZER, got "COOKIE"',
            id="key source",
        ),
        pytest.param(
            resource("pets", endpointConfiguration={"types": "PRIVATE"}),
            f"{API}: a private API is not deployed without a resource policy",
            id="private without policy",
        ),
        pytest.param(
            resource("pets", putRestApiMode="merge"),
            f'{API}: putRestApiMode must be overwrite, got "merge": a method would outlive its route',
            id="merge",
        ),
        pytest.param(
            resource("pets", policy='{"Statement": []}'),
            f'{API}: policy is {{"Statement": []}}, and the body says null',
            id="policy of the argument alone",
        ),
        pytest.param(
            resource("pets", binaryMediaTypes=["image/png"], minimumCompressionSize="5", apiKeySource="AUTHORIZER"),
            f'{API}: apiKeySource is "AUTHORIZER", and the body says "HEADER"\n'
            f'{API}: binaryMediaTypes is ["image/png"], and the body says null\n'
            f'{API}: minimumCompressionSize is "5", and the body says null',
            id="arguments",
        ),
        pytest.param(
            servers({"url": "/", f"{EXTENSION}endpoint-configuration": {"disableExecuteApiEndpoint": True}}),
            f'{API}: {EXTENSION}endpoint-configuration is {{"disableExecuteApiEndpoint": false}}, and that of a server '
            'is {"disableExecuteApiEndpoint": true}',
            id="endpoints in two places",
        ),
        pytest.param(
            servers({"url": "/{stage}", "variables": {"stage": {"default": "dev"}}}),
            f"{API}: servers: variables is not supported by the local gateway yet",
            id="server variables",
        ),
        pytest.param(
            resource("pets-1", triggers=None),
            'aws:apigateway/deployment:Deployment "pets-1": has no triggers, so a change of its API would not be '
            "deployed",
            id="no triggers",
        ),
        pytest.param(
            resource("pets-dev", deployment=None),
            'aws:apigateway/stage:Stage "pets-dev": has no deployment, so it serves nothing',
            id="no deployment",
        ),
        pytest.param(
            resource("pets-1", restApi="cats"),
            'aws:apigateway/stage:Stage "pets-dev": its API has no deployment "pets-1"',
            id="deployment of another API",
        ),
        pytest.param(
            resource("pets-dev", canarySettings={"percentTraffic": 1}),
            'aws:apigateway/stage:Stage "pets-dev": canarySettings is not supported by the local gateway yet',
            id="canary",
        ),
        pytest.param(
            lambda made: made.made.add("aws:apigateway/method:Method", "more", {"restApi": "pets"}),
            'aws:apigateway/method:Method "more": the local gateway reads the body of a REST API and nothing beside it',
            id="method beside the body",
        ),
        pytest.param(
            lambda made: made.made.outputs["apis"].clear(),
            f"{API}: not among the stack's outputs apis.<name>.apiId",
            id="no output",
        ),
    ],
)
def test_what_cannot_be_served_is_refused_by_name(mistake: Mistake, line: str) -> None:
    made = pets()
    mistake(made)
    assert refusal(made) == line


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (None, f"{API}: body is missing"),
        ("openapi: 3.0.1", f"{API}: body must be JSON: Expecting value: line 1 column 1 (char 0)"),
        ("[]", f"{API}: body must be an OpenAPI document, got []"),
        ('{"paths": []}', f"{API}: paths must be a block, got []"),
    ],
)
def test_a_body_that_is_no_document_is_refused(body: str | None, line: str) -> None:
    made = RestProgram().made
    made.change("pets", body=body)
    with pytest.raises(TopologyError) as raised:
        build_topology(made.recording())
    assert str(raised.value) == line


def test_a_mapping_of_another_dialect_names_its_integration() -> None:
    made = pets()
    integration_of(made)["requestParameters"]["overwrite:header.x"] = "'1'"
    (line,) = (line for line in refusal(made).split("\n") if "overwrite" in line)
    reason = 'not a destination of a REST API\'s request mapping, got "overwrite:header.x"'
    assert line.startswith(f"{INTEGRATION}: requestParameters: {reason}")


@pytest.mark.parametrize("said", [None, "-1"])
def test_the_providers_word_for_no_compression_contradicts_nothing(said: str | None) -> None:
    made = pets()
    made.made.change("pets", minimumCompressionSize=said, disableExecuteApiEndpoint=False, binaryMediaTypes=[])
    assert read(made).minimum_compression_size is None


def test_every_problem_is_reported() -> None:
    made = pets()
    operation_of(made)["security"] = [{"tokens": []}]
    integration_of(made)["connectionId"] = None
    made.method("GET /", {"type": "aws"})
    made.method("POST /", by_v1_link(), requestBody={"content": {"a/b": {"schema": {}}}})
    made.made.change("pets-dev", deployment=None)
    document(gateway_responses={"X": {}})(made)
    assert len(refusal(made).split("\n")) == 6


def schemas(**found: Json) -> RestProgram:
    """Return an API whose one method has the model "Pet" among these."""
    made = RestProgram()
    model: Json = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}}
    made.method("POST /", by_v1_link(), requestBody=model)
    made.document["components"] = {"schemas": found}
    return made


def to(name: str) -> dict[str, Json]:
    return {"$ref": f"#/components/schemas/{name}"}


def within(name: str) -> dict[str, Json]:
    return {"$ref": f"#/definitions/{name}"}


@pytest.mark.parametrize(
    ("found", "complete"),
    [
        pytest.param({"Pet": {"type": "string"}, "Other": {}}, {"type": "string"}, id="alone"),
        pytest.param(
            {
                "Pet": {"properties": {"toys": {"type": "array", "items": to("Toy")}, "any": {"allOf": [to("Food")]}}},
                "Toy": {"properties": {"maker": to("Maker")}},
                "Maker": {"type": "string"},
                "Food": {},
                "Other": {},
            },
            {
                "properties": {
                    "toys": {"type": "array", "items": within("Toy")},
                    "any": {"allOf": [within("Food")]},
                },
                "definitions": {
                    "Food": {},
                    "Maker": {"type": "string"},
                    "Toy": {"properties": {"maker": within("Maker")}},
                },
            },
            id="with what it refers to",
        ),
        pytest.param(
            {
                "Pet": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {
                        "age": {"type": "integer", "minimum": 0, "exclusiveMinimum": True},
                        "oneOf": {"type": "array", "minItems": 1, "maxItems": 3, "items": to("Toy")},
                        "food": {"anyOf": [to("Food")]},
                    },
                },
                "Toy": {"allOf": [{"type": "string"}, {"oneOf": [to("Food")]}]},
                "Food": {},
            },
            {
                "type": "object",
                "properties": {
                    "age": {"type": "integer", "minimum": 0},
                    "oneOf": {"type": "array", "items": within("Toy")},
                    "food": {},
                },
                "definitions": {"Toy": {"allOf": [{"type": "string"}, {}]}},
            },
            id="without what an import drops",
        ),
        pytest.param(
            {"Pet": {"properties": {"mother": to("Pet")}}},
            {
                "properties": {"mother": within("Pet")},
                "definitions": {"Pet": {"properties": {"mother": within("Pet")}}},
            },
            id="of itself",
        ),
        pytest.param(
            {"Pet": {"properties": {"owner": to("Owner")}}, "Owner": {"properties": {"pet": to("Pet")}}},
            {
                "properties": {"owner": within("Owner")},
                "definitions": {
                    "Owner": {"properties": {"pet": within("Pet")}},
                    "Pet": {"properties": {"owner": within("Owner")}},
                },
            },
            id="of each other",
        ),
        pytest.param(
            {"Pet": {"items": to("Toy/allOf/0/properties/a~1b")}, "Toy": {"allOf": [{"properties": {"a/b": {}}}]}},
            {
                "items": within("Toy/allOf/0/properties/a~1b"),
                "definitions": {"Toy": {"allOf": [{"properties": {"a/b": {}}}]}},
            },
            id="with a part of another",
        ),
        pytest.param(
            {"Pet": {"properties": {"$ref": {"type": "string"}}}},
            {"properties": {"$ref": {"type": "string"}}},
            id="property of that name",
        ),
    ],
)
def test_a_model_is_complete_in_itself(found: dict[str, Json], complete: Json) -> None:
    assert method_of(schemas(**found), "POST /").request_models == {"application/json": complete}


def test_an_inner_reference_into_nothing_is_refused() -> None:
    place = 'apis.pets.routes["POST /"]: requestBody: content: application/json: schema'
    lost = f'{place}: $ref leads to "#/components/schemas/{{}}", which the document does not have'
    assert refusal(schemas(Pet={"items": to("Toy")})) == lost.format("Toy")
    inner = schemas(Pet={"items": to("Toy/properties/name")}, Toy={"properties": {"size": {}}})
    assert refusal(inner) == lost.format("Toy/properties/name")
    own = schemas(Pet={"items": within("Toy"), "definitions": {"Toy": {}}})
    assert refusal(own) == f'{place}: $ref leads to "#/definitions/Toy", which the document does not have'


def test_the_constants_of_the_program_are_those_of_the_balancers() -> None:
    balancers = RestProgram().made.resources
    assert balancers["orders-balancer"].outputs["arn"] == ALB
    assert f"http://{balancers['orders-balancer'].outputs['dnsName']}:8080" == ALB_URL
    assert f"http://{balancers['chat-balancer'].outputs['dnsName']}" == NLB_URL


def test_the_functions_services_and_authorizers_of_a_program() -> None:
    settings = dev_settings()
    function = "arn:aws:lambda:us-east-1:111122223333:function:pets"
    user_pool = "arn:aws:cognito-idp:us-east-1:111122223333:userpool/us-east-1_pets"
    own: dict[str, object] = {"integrationType": "AWS_PROXY", "integrationUri": function}
    answers_200: dict[str, object] = {"integrationResponses": {"200": {}}}
    queue: dict[str, object] = {
        "integrationType": "AWS",
        "integrationUri": "arn:aws:apigateway:us-east-1:sqs:path/111122223333/pets",
        "integrationMethod": "POST",
        "credentialsArn": "arn:aws:iam::111122223333:role/sender",
        **answers_200,
    }
    settings["apis"]["pets"] = {
        "protocol": "REST",
        "authorizers": {
            "token": {"authorizerType": "TOKEN", "authorizerUri": function},
            "request": {
                "authorizerType": "REQUEST",
                "authorizerUri": function,
                "identitySource": ["method.request.header.Key", "method.request.querystring.key"],
            },
            "users": {"authorizerType": "COGNITO_USER_POOLS", "providerArns": [user_pool]},
        },
        "routes": {
            "GET /a": {"authorization": "token", "integration": own},
            "GET /b": {"authorization": "request", "integration": {**own, "integrationType": "AWS", **answers_200}},
            "POST /c": {"authorization": "users", "authorizationScopes": ["pets/read"], "integration": queue},
            "GET /d": {"integration": {**own, "responseTransferMode": "STREAM"}},
        },
    }
    (api,) = build_topology(run_program(settings)).rest_apis
    methods = {str(key): method for key, method in api.methods.items()}
    invocation = f"{LAMBDA}/2015-03-31/functions/{function}/invocations"
    calls = [methods[key].integration.call for key in ("GET /a", "GET /b", "POST /c", "GET /d")]
    assert calls == [
        FunctionCall(uri=invocation),
        FunctionCall(uri=invocation),
        ServiceCall(uri="arn:aws:apigateway:us-east-1:sqs:path/111122223333/pets"),
        FunctionCall(uri=invocation),
    ]
    assert [method.integration.streams for method in methods.values()] == [False, False, False, True]
    token, request, users = (methods[key].authorization for key in ("GET /a", "GET /b", "POST /c"))
    assert isinstance(token, LambdaRequired)
    assert (token.authorizer.type, token.authorizer.uri) == ("TOKEN", invocation)
    assert token.authorizer.sources == (Identity(location="header", name="Authorization"),)
    assert isinstance(request, LambdaRequired)
    assert [(source.location, source.name) for source in request.authorizer.sources] == [
        ("header", "Key"),
        ("querystring", "key"),
    ]
    assert isinstance(users, CognitoRequired)
    assert (users.authorizer.user_pools, users.scopes) == ((user_pool,), ("pets/read",))
