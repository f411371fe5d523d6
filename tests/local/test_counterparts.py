"""What is known before the first request: the functions, issuers and resources of a stack, and what is not here."""

from pathlib import Path

import pytest

from apigateway.errors import GatewayError
from local.aws import ACCOUNT_ID, AwsResource, Bucket, EventBus, Queue, StateMachine, Topic
from local.counterparts import check_names, functions_of, issuers_of, missing, resources_of
from local.functions import Functions, HandlerName
from local.recorder import record
from local.recording import Json
from local.topology import Topology
from local.topology.reading import build_topology
from tests.local.recordings import Program, program
from tests.local.rest_recordings import RestProgram
from tests.programs import ROOT, stack_config


def example(name: str) -> Topology:
    return build_topology(record(stack_config("dev", ROOT / "examples" / f"{name}.yaml")))


def function(name: str) -> str:
    lambda_arn = f"arn:aws:lambda:us-east-1:{ACCOUNT_ID}:function:{name}"
    return f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{lambda_arn}/invocations"


def calling(made: Program, key: str, uri: str, parameters: dict[str, str] | None = None, template: str = "") -> None:
    """Give the API "chat" a route to a function or a service."""
    templates: Json = {"$default": template} if template else {}
    made.websocket_route(
        "chat",
        key,
        parameters,
        connectionType=None,
        integrationType="AWS",
        integrationUri=uri,
        requestTemplates=templates,
    )


def handlers(*names: str) -> Functions:
    return Functions(dict.fromkeys(names, HandlerName(module="app", function="handler")), Path())


def test_functions_and_issuers_are_named() -> None:
    topology = example("lambda")
    assert sorted(functions_of(topology)) == ["health", "orders"]
    assert issuers_of(topology) == ("https://id.shop.example/",)
    assert missing(topology, handlers("orders")) == [
        "function health has no handler here: --lambda health=MODULE:FUNCTION gives it one"
    ]


def test_a_function_may_be_of_a_stage() -> None:
    made = program()
    made.websocket_api(version="two")
    calling(made, "a", uri=function("orders-${stageVariables.version}"))
    assert list(functions_of(build_topology(made.recording()))) == ["orders-two"]


def test_an_authorizers_function_counts() -> None:
    made = program()
    made.websocket_route(made.websocket_api(), "$connect")
    inputs: dict[str, Json] = {"apiId": "chat", "authorizerType": "REQUEST", "authorizerUri": function("auth")}
    made.add("aws:apigatewayv2/authorizer:Authorizer", "auth", inputs)
    made.change("chat $connect", authorizationType="CUSTOM", authorizerId="auth")
    assert list(functions_of(build_topology(made.recording()))) == ["auth"]


def test_what_the_command_line_names_is_in_the_stack() -> None:
    topology = example("lambda")
    check_names(topology, handlers("orders"), frozenset({"https://id.shop.example/"}))
    with pytest.raises(GatewayError) as raised:
        check_names(topology, handlers("order"), frozenset({"https://id.shop.example", "https://else.example"}))
    assert str(raised.value) == (
        'the stack has no function "order"; its functions: health, orders\n'
        'the stack has no authorizer for tokens of "https://else.example"; its issuers: https://id.shop.example/\n'
        'the stack has no authorizer for tokens of "https://id.shop.example"; did you mean "https://id.shop.example/"?'
    )


def test_resources_of_subtypes_are_found() -> None:
    assert resources_of(example("event-ingestion")) == {
        Queue(region="us-east-1", name="orders"),
        EventBus(region="us-east-1", name="orders"),
    }


def test_resources_of_uris_and_stage_variables_are_found() -> None:
    made = program()
    made.websocket_api(queue="jobs")
    calling(made, "a", uri=f"arn:aws:apigateway:us-east-1:sqs:path/{ACCOUNT_ID}/${{stageVariables.queue}}")
    assert resources_of(build_topology(made.recording())) == {Queue(region="us-east-1", name="jobs")}


SERVICE = "arn:aws:apigateway:us-east-1:"
QUEUE_URL = f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT_ID}"
TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT_ID}"
FIXED: list[tuple[str, dict[str, str], set[AwsResource]]] = [
    ("sqs:action/SendMessage", {"querystring.QueueUrl": f"'{QUEUE_URL}/zq'"}, {Queue(region="us-east-1", name="zq")}),
    (
        "sqs:action/SendMessage",
        {"querystring.QueueUrl": f"'{QUEUE_URL.replace('/', '%2F')}%2Fzq'", "header.X-A": f"'{QUEUE_URL}/other'"},
        {Queue(region="us-east-1", name="zq")},
    ),
    ("sqs:path/123456789012/{queue}", {"path.queue": "'zq'"}, {Queue(region="us-east-1", name="zq")}),
    ("sqs:path/123456789012/{queue}", {"path.queue": "stageVariables.queue"}, {Queue(region="us-east-1", name="jobs")}),
    ("sqs:path/123456789012/{queue}", {"path.queue": "stageVariables.gone"}, set()),
    ("sqs:path/123456789012/{queue}", {"path.queue": "context.stage"}, set()),
    ("sns:action/Publish", {"querystring.TopicArn": f"'{TOPIC}:alerts'"}, {Topic(region="us-east-1", name="alerts")}),
    (
        "sns:action/Publish",
        {"querystring.TargetArn": "stageVariables.topic"},
        {Topic(region="us-east-1", name="late")},
    ),
    ("s3:path/bucket1/{key}", {"path.key": "context.requestId"}, {Bucket(region="us-east-1", name="bucket1")}),
    ("s3:path/{bucket}/a", {"path.bucket": "'bucket1'"}, {Bucket(region="us-east-1", name="bucket1")}),
    ("s3:path/${stageVariables.gone}", {}, set()),
]


@pytest.mark.parametrize(("call", "parameters", "expected"), FIXED)
@pytest.mark.parametrize("kind", ["rest", "websocket"])
def test_resources_of_fixed_parameters_are_found(
    kind: str, call: str, parameters: dict[str, str], expected: set[AwsResource]
) -> None:
    written = {f"integration.request.{key}": value for key, value in parameters.items()}
    variables = {"queue": "jobs", "topic": f"{TOPIC}:late"}
    if kind == "rest":
        rest = RestProgram()
        rest.stage("dev", **variables)
        rest.method(
            "POST /a", {"type": "aws", "httpMethod": "POST", "uri": SERVICE + call, "requestParameters": written}
        )
        made = rest.recording_program()
    else:
        made = program()
        made.websocket_api(**variables)
        calling(made, "a", SERVICE + call, written)
    assert resources_of(build_topology(made.recording())) == expected


def test_a_machine_that_is_run_synchronously_is_an_express_workflow() -> None:
    made = program()
    made.websocket_api()
    for name, action in {"a": "StartExecution", "b": "StartSyncExecution"}.items():
        arn = f"arn:aws:states:us-east-1:{ACCOUNT_ID}:stateMachine:{name}"
        calling(made, name, f"{SERVICE}states:action/{action}", template=f'{{"stateMachineArn": "{arn}"}}')
    assert resources_of(build_topology(made.recording())) == {
        StateMachine(region="us-east-1", name="a"),
        StateMachine(region="us-east-1", name="b", is_express=True),
    }


def test_a_service_that_is_not_here_is_named() -> None:
    made = program()
    made.websocket_api()
    calling(made, "a", uri="arn:aws:apigateway:us-east-1:textract:action/DetectDocumentText")
    (line,) = missing(build_topology(made.recording()), handlers())
    assert line == (
        'chat: a: the service "textract" is not on this laptop; those that are: appconfig, dynamodb, events, kinesis, '
        "s3, sns, sqs, states"
    )
