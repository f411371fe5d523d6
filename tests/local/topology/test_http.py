"""HTTP APIs, as their registrations say."""

import pytest

from apigateway.errors import TopologyError
from apigateway.route_keys import HttpRouteKey
from local.recording import Json
from local.topology import HttpApi
from local.topology.calls import FunctionCall, ListenerCall, PublicCall, Reached
from local.topology.http import Cors, HttpIntegration, SubtypeCall
from local.topology.reading import build_topology
from tests.local.recordings import Program, program

INTEGRATION = 'aws:apigatewayv2/integration:Integration "orders GET /pets integration"'
ROUTE = 'aws:apigatewayv2/route:Route "orders GET /pets"'
API = 'aws:apigatewayv2/api:Api "orders"'
UNSERVED = f'{ROUTE}: its integration "orders GET /pets integration" cannot be served'
SUBTYPES = (
    "EventBridge-PutEvents, SQS-SendMessage, SQS-ReceiveMessage, SQS-DeleteMessage, SQS-PurgeQueue, "
    "AppConfig-GetConfiguration, Kinesis-PutRecord, StepFunctions-StartExecution, StepFunctions-StartSyncExecution, "
    "StepFunctions-StopExecution"
)
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:pets"


def with_route(parameters: dict[str, str] | None = None, **inputs: Json) -> Program:
    made = program()
    made.http_route(made.http_api(), "GET /pets", parameters, **inputs)
    return made


def api_of(made: Program) -> HttpApi:
    (api,) = build_topology(made.recording()).http_apis
    return api


def integration_of(made: Program) -> HttpIntegration:
    return api_of(made).routes[HttpRouteKey.parse("GET /pets")].integration


def test_a_private_integration() -> None:
    integration = integration_of(with_route())
    assert integration.call == ListenerCall(reach=Reached(backend="orders", idle_timeout=60))
    assert (integration.id, integration.method) == ("orders GET /pets integration", "ANY")


@pytest.mark.parametrize("connection", ["INTERNET", None])
def test_a_public_integration(connection: str | None) -> None:
    uri = "https://$" + "{stageVariables.host}/{id}"
    integration = integration_of(
        with_route({"overwrite:path": "/x"}, integrationUri=uri, connectionType=connection, timeoutMilliseconds=500.0)
    )
    assert integration.call == PublicCall(uri=uri)
    assert (integration.timeout, integration.request.as_dict()) == (0.5, {"overwrite:path": "/x"})


@pytest.mark.parametrize(("written", "read"), [("1.0", "1.0"), ("2.0", "2.0"), (None, "1.0")])
def test_an_integration_with_a_function(written: str | None, read: str) -> None:
    integration = integration_of(
        with_route(integrationType="AWS_PROXY", integrationUri=FUNCTION, payloadFormatVersion=written)
    )
    assert integration.call == FunctionCall(uri=FUNCTION)
    assert (integration.payload_format, integration.method) == (read, "")


def test_an_integration_with_a_service() -> None:
    parameters = {"QueueUrl": "$stageVariables.queue", "MessageBody": "${request.body} ${context.requestId}"}
    integration = integration_of(
        with_route(parameters, integrationType="AWS_PROXY", integrationSubtype="SQS-SendMessage", integrationUri=None)
    )
    assert isinstance(integration.call, SubtypeCall)
    assert integration.call.subtype == "SQS-SendMessage"
    assert {name: str(template) for name, template in integration.call.parameters.items()} == parameters
    assert integration.request.as_dict() == {}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (None, None),
        ({}, None),
        (
            {"allowOrigins": ["*"]},
            Cors(
                allow_origins=("*",),
                allow_methods=(),
                allow_headers=(),
                expose_headers=(),
                max_age=None,
                allow_credentials=False,
            ),
        ),
        (
            {
                "allowOrigins": ["https://shop.example"],
                "allowMethods": ["GET", "PUT"],
                "allowHeaders": ["authorization"],
                "exposeHeaders": ["date"],
                "maxAge": 0.0,
                "allowCredentials": True,
            },
            Cors(
                allow_origins=("https://shop.example",),
                allow_methods=("GET", "PUT"),
                allow_headers=("authorization",),
                expose_headers=("date",),
                max_age=0,
                allow_credentials=True,
            ),
        ),
    ],
)
def test_cors(settings: Json, expected: Cors | None) -> None:
    made = with_route()
    made.change("orders", corsConfiguration=settings)
    assert api_of(made).cors == expected


@pytest.mark.parametrize(("written", "read"), [(None, False), (False, False), (True, True)])
def test_an_address_that_is_shut(written: bool | None, read: bool) -> None:
    made = with_route()
    made.change("orders", disableExecuteApiEndpoint=written)
    api = api_of(made)
    assert (api.by_domain_alone, api.execution_arn) == (
        read,
        "arn:aws:execute-api:us-east-1:123456789012:orders",
    )


@pytest.mark.parametrize(
    ("name", "inputs", "message"),
    [
        ("orders", {"target": FUNCTION}, f"{API}: target is not supported by the local gateway"),
        ("orders", {"body": "{}"}, f"{API}: body is not supported by the local gateway"),
        ("orders", {"executionArn": None}, f"{API}: executionArn is missing"),
        (
            "orders GET /pets integration",
            {"integrationType": "HTTP"},
            f'{INTEGRATION}: integrationType must be HTTP_PROXY or AWS_PROXY in an HTTP API, got "HTTP"\n{UNSERVED}',
        ),
        (
            "orders GET /pets integration",
            {"integrationMethod": None},
            f"{INTEGRATION}: integrationMethod is missing\n{UNSERVED}",
        ),
        (
            "orders GET /pets integration",
            {"integrationType": "AWS_PROXY", "payloadFormatVersion": "3.0"},
            f'{INTEGRATION}: payloadFormatVersion must be 1.0 or 2.0, got "3.0"\n{UNSERVED}',
        ),
        (
            "orders GET /pets integration",
            {"integrationType": "AWS_PROXY", "integrationUri": None},
            f"{INTEGRATION}: integrationUri is missing\n{UNSERVED}",
        ),
        (
            "orders GET /pets integration",
            {"integrationType": "AWS_PROXY", "integrationSubtype": "SQS-Send"},
            f'{INTEGRATION}: integrationSubtype must be one of {SUBTYPES}, got "SQS-Send"\n{UNSERVED}',
        ),
    ],
)
def test_what_is_wrong_with_an_http_api(name: str, inputs: dict[str, Json], message: str) -> None:
    made = with_route()
    made.change(name, **inputs)
    with pytest.raises(TopologyError) as error:
        build_topology(made.recording())
    assert str(error.value) == message
