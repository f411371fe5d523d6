"""What a recorded WebSocket API amounts to, and what of it cannot be served."""

import re

import pytest

from apigateway.errors import TopologyError
from apigateway.selection import SelectionExpression, TemplateSelection
from local.recording import Json
from local.topology.authorization import Identity, LambdaAuthorizer, LambdaRequired, Open, SignedCaller
from local.topology.calls import FunctionCall, NoCall, PrivateCall, PublicCall, Reached, ServiceCall
from local.topology.reading import build_topology
from local.topology.websocket import WebSocketApi, WebSocketIntegration, WebSocketIntegrationResponse, WebSocketRoute
from tests.local.recordings import DNS, Program, program

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:says"
INVOCATION = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"
BY_STAGE = INVOCATION.replace("says", "${stageVariables.function}")
QUEUE = "arn:aws:apigateway:us-east-1:sqs:path/123456789012/orders"
MODEL = "aws:apigatewayv2/model:Model"
RESPONSE = "aws:apigatewayv2/integrationResponse:IntegrationResponse"
INTEGRATION = 'aws:apigatewayv2/integration:Integration "chat say integration"'
ROUTE = 'aws:apigatewayv2/route:Route "chat say"'


def saying(**inputs: Json) -> Program:
    """Register an API with one route, and set inputs of its integration."""
    made = program()
    made.websocket_route(made.websocket_api(), "say")
    made.change("chat say integration", **inputs)
    return made


def respond(made: Program, key: str, **inputs: Json) -> Program:
    made.add(
        RESPONSE,
        f"response {key}",
        {"apiId": "chat", "integrationId": "chat say integration", "integrationResponseKey": key, **inputs},
    )
    return made


def api_of(made: Program) -> WebSocketApi:
    (api,) = build_topology(made.recording()).websocket_apis
    return api


def route_of(made: Program) -> WebSocketRoute:
    return api_of(made).routes["say"]


def integration_of(made: Program) -> WebSocketIntegration:
    return route_of(made).integration


def refusal(made: Program) -> str:
    with pytest.raises(TopologyError) as raised:
        build_topology(made.recording())
    return str(raised.value)


@pytest.mark.parametrize(
    ("inputs", "call"),
    [
        ({"integrationType": "HTTP"}, PrivateCall(uri=f"http://{DNS}/", reach=Reached(backend="chat"))),
        (
            {"integrationType": "HTTP_PROXY", "connectionType": None, "integrationUri": "https://a.example/{x}"},
            PublicCall(uri="https://a.example/{x}"),
        ),
        (
            {"integrationType": "HTTP", "connectionType": "INTERNET", "integrationUri": "https://a.example"},
            PublicCall(uri="https://a.example"),
        ),
        ({"integrationType": "AWS_PROXY", "integrationUri": INVOCATION}, FunctionCall(uri=INVOCATION)),
        ({"integrationType": "AWS_PROXY", "integrationUri": FUNCTION}, FunctionCall(uri=FUNCTION)),
        ({"integrationType": "AWS", "integrationUri": BY_STAGE}, FunctionCall(uri=BY_STAGE)),
        ({"integrationType": "AWS", "integrationUri": QUEUE}, ServiceCall(uri=QUEUE)),
        ({"integrationType": "MOCK", "integrationUri": None, "integrationMethod": None}, NoCall()),
    ],
)
def test_what_an_integration_calls(inputs: dict[str, Json], call: object) -> None:
    integration = integration_of(saying(**inputs))
    assert (integration.type, integration.call) == (inputs["integrationType"], call)
    assert integration.method == ("" if inputs["integrationType"] == "MOCK" else "POST")
    assert integration.timeout == 29


def test_an_integration_is_read_whole() -> None:
    made = saying(
        integrationType="HTTP",
        requestTemplates={"$default": "{}"},
        templateSelectionExpression="${request.body.kind}",
        passthroughBehavior="NEVER",
        contentHandlingStrategy="CONVERT_TO_BINARY",
        timeoutMilliseconds=500.0,
    )
    respond(made, "$default", responseTemplates={"a": "A"}, templateSelectionExpression=r"\$default")
    respond(made, r"/4\d\d/", contentHandlingStrategy="CONVERT_TO_TEXT")
    integration = integration_of(made)
    assert (integration.templates, integration.selection) == (
        {"$default": "{}"},
        TemplateSelection.parse("request", "${request.body.kind}"),
    )
    assert (integration.passthrough, integration.content_handling) == ("NEVER", "CONVERT_TO_BINARY")
    assert integration.timeout == 0.5
    assert integration.responses == (
        WebSocketIntegrationResponse(
            key="$default",
            pattern=None,
            templates={"a": "A"},
            selection=TemplateSelection.parse("response", r"\$default"),
            content_handling=None,
        ),
        WebSocketIntegrationResponse(
            key=r"/4\d\d/",
            pattern=re.compile(r"4\d\d"),
            templates={},
            selection=None,
            content_handling="CONVERT_TO_TEXT",
        ),
    )


def test_an_integration_without_settings_has_the_defaults() -> None:
    integration = integration_of(saying())
    assert (integration.templates, integration.selection, integration.responses) == ({}, None, ())
    assert (integration.passthrough, integration.content_handling) == ("WHEN_NO_MATCH", None)


def test_models_and_what_selects_them() -> None:
    made = saying()
    made.add(MODEL, "a", {"apiId": "chat", "name": "order", "schema": '{"type": "object"}'})
    made.change("chat say", requestModels={"o": "order"}, modelSelectionExpression="${request.body.kind}")
    route = route_of(made)
    assert route.models == {"o": {"type": "object"}}
    assert route.model_selection == SelectionExpression.parse("${request.body.kind}")
    made.change("chat say", modelSelectionExpression="$default")
    assert route_of(made).model_selection is None


@pytest.mark.parametrize(
    ("expression", "source"),
    [
        (None, "HEADER"),
        ("$request.header.x-api-key", "HEADER"),
        ("$context.authorizer.usageIdentifierKey", "AUTHORIZER"),
    ],
)
def test_where_api_keys_come_from(expression: str | None, source: str) -> None:
    made = saying()
    made.change("chat", apiKeySelectionExpression=expression)
    assert api_of(made).api_key_source == source


def test_who_may_connect() -> None:
    made = program()
    api = made.websocket_api()
    made.websocket_route(api, "$connect")
    assert api_of(made).routes["$connect"].authorization == Open()
    made.change("chat $connect", authorizationType="AWS_IAM", apiKeyRequired=True)
    route = api_of(made).routes["$connect"]
    assert (route.authorization, route.api_key_required) == (SignedCaller(), True)
    made.add(
        "aws:apigatewayv2/authorizer:Authorizer",
        "door",
        {
            "apiId": "chat",
            "authorizerType": "REQUEST",
            "authorizerUri": INVOCATION,
            "identitySources": ["route.request.querystring.auth"],
        },
    )
    made.change("chat $connect", authorizationType="CUSTOM", authorizerId="door")
    assert api_of(made).routes["$connect"].authorization == LambdaRequired(
        authorizer=LambdaAuthorizer(
            name="door",
            type="REQUEST",
            uri=INVOCATION,
            sources=(Identity(location="querystring", name="auth"),),
            payload_format="1.0",
            simple=False,
            ttl=0,
        )
    )


def test_a_shut_address_and_the_execution_arn() -> None:
    made = saying()
    made.change("chat", disableExecuteApiEndpoint=True)
    api = api_of(made)
    assert (api.by_domain_alone, api.execution_arn) == (True, "arn:aws:execute-api:us-east-1:123456789012:chat")


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        (
            {"integrationType": "LAMBDA"},
            f'{INTEGRATION}: integrationType must be one of AWS, AWS_PROXY, HTTP, HTTP_PROXY, MOCK, got "LAMBDA"',
        ),
        (
            {"integrationType": "AWS_PROXY", "integrationUri": QUEUE},
            f'{INTEGRATION}: AWS_PROXY is for a Lambda function, got "{QUEUE}"',
        ),
        ({"integrationMethod": None}, f"{INTEGRATION}: integrationMethod is missing"),
        ({"integrationUri": None}, f"{INTEGRATION}: integrationUri is missing"),
        (
            {"passthroughBehavior": "ALWAYS"},
            f'{INTEGRATION}: passthroughBehavior must be WHEN_NO_MATCH, WHEN_NO_TEMPLATES or NEVER, got "ALWAYS"',
        ),
        (
            {"contentHandlingStrategy": "BINARY"},
            f'{INTEGRATION}: contentHandlingStrategy must be CONVERT_TO_BINARY or CONVERT_TO_TEXT, got "BINARY"',
        ),
    ],
)
def test_integrations_that_cannot_be_served(inputs: dict[str, Json], message: str) -> None:
    assert refusal(saying(**inputs)).splitlines() == [
        message,
        f'{ROUTE}: its integration "chat say integration" cannot be served',
    ]


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("200", "not the key of an integration response"),
        (r"/\p{Alpha}/", r"the local gateway cannot read the expression /\p{Alpha}/: bad escape \p at position 0"),
    ],
)
def test_responses_that_cannot_be_served(key: str, message: str) -> None:
    assert message in refusal(respond(saying(integrationType="HTTP"), key))


def test_an_expression_that_cannot_be_read() -> None:
    message = refusal(saying(templateSelectionExpression="${integration.response.statuscode}"))
    assert '"integration.response.statuscode" cannot select a template of a request' in message


def test_models_that_are_not_there_or_cannot_be_read() -> None:
    made = saying()
    made.change("chat say", requestModels={"a": "one", "b": "two", "c": "three"})
    made.add(MODEL, "two", {"apiId": "chat", "name": "two", "schema": "{"})
    made.add(MODEL, "three", {"apiId": "chat", "name": "three", "schema": "[]"})
    why = "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"
    assert refusal(made).splitlines() == [
        f'{MODEL} "two": schema must be JSON: {why}',
        f'{MODEL} "three": schema must be a JSON object, got []',
        f'{ROUTE}: its API has no model "one"',
        f'{ROUTE}: its model "three" cannot be read',
        f'{ROUTE}: its model "two" cannot be read',
    ]


@pytest.mark.parametrize("key", ["target", "body", "corsConfiguration"])
def test_an_api_with_what_is_not_acted_on(key: str) -> None:
    made = saying()
    inputs: dict[str, Json] = {key: {"a": "b"}}
    made.change("chat", **inputs)
    message = f'aws:apigatewayv2/api:Api "chat": {key} is not supported by the local gateway'
    assert refusal(made) == message
