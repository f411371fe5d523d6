"""What answers in the end: the node of a backend, function, service or URL that an integration calls."""

from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never
from urllib.parse import urlsplit

from apigateway.arns import ServiceUri
from apigateway.service_integrations import SERVICE_INTEGRATIONS
from local.aws import AwsResource, Bucket, Configuration, EventBus, Queue, StateMachine, Stream, Topic
from local.counterparts import Route, resources_of
from local.gateway.uris import function_named, with_stage_variables
from local.picture.graph import Node
from local.topology import Api, HttpApi, RestApi, Topology, WebSocketApi
from local.topology.calls import FunctionCall, NoCall, PublicCall, ServiceCall
from local.topology.http import HttpRoute, SubtypeCall
from local.topology.rest import RestMethod
from local.topology.stages import Stage
from local.topology.websocket import WebSocketRoute

MOCK = Node(
    id="mock", kind="mock", title="API Gateway itself", lines=("MOCK integration",), tip="answers by its templates"
)

_SERVICES = {
    "appconfig": "AWS AppConfig",
    "dynamodb": "Amazon DynamoDB",
    "events": "Amazon EventBridge",
    "kinesis": "Amazon Kinesis",
    "s3": "Amazon S3",
    "sns": "Amazon SNS",
    "sqs": "Amazon SQS",
    "states": "AWS Step Functions",
}


def backend(name: str, *, is_used: bool = True) -> Node:
    """Return the node of a backend."""
    return Node(
        id=f"backend:{name}",
        kind="backend",
        title=name,
        lines=("backend",) if is_used else ("backend", "no route leads here"),
    )


def obstacle(reason: str) -> Node:
    """Return the node of what stops requests."""
    return Node(id=f"obstacle:{reason}", kind="obstacle", title="not reached", lines=(reason,))


def outside(
    api: Api, route: Route, call: PublicCall | FunctionCall | ServiceCall | SubtypeCall | NoCall
) -> tuple[Node, ...]:
    """Return what answers a call that needs no link: a node for each, where stages differ."""
    match call:
        case NoCall():
            return (MOCK,)
        case PublicCall(uri=uri):
            found = [_url(with_stage_variables(uri, stage.variables)) for stage in _stages(api)]
        case FunctionCall(uri=uri):
            found = [_function(uri, stage) for stage in _stages(api)]
        case ServiceCall() | SubtypeCall():
            found = [node for stage in _stages(api) for node in _services(api, route, call, stage)]
        case _:
            assert_never(call)
    return tuple({node.id: node for node in found}.values())


def _stages(api: Api) -> tuple[Stage, ...]:
    """Return the API's stages; without one there are no variables, and the call is drawn all the same."""
    return tuple(api.stages.values()) or (Stage(name="", variables={}),)


def _url(uri: str) -> Node:
    parts = urlsplit(uri)
    origin = f"{parts.scheme}://{parts.netloc}"
    return Node(id=f"url:{origin}", kind="url", title=parts.netloc, lines=(f"{parts.scheme}, over the internet",))


def _function(uri: str, stage: Stage) -> Node:
    function = function_named(uri, stage.variables)
    if function is None:
        return obstacle(f'"{with_stage_variables(uri, stage.variables)}" is no function')
    return Node(
        id=f"function:{function.name}",
        kind="function",
        title=function.name,
        lines=("Lambda function",),
        tip=function.function_arn,
    )


def _services(api: Api, route: Route, call: ServiceCall | SubtypeCall, stage: Stage) -> Iterator[Node]:
    """Yield the resources that a call names, or the service where the request says which resource it is."""
    alone = Topology(http_apis=(), websocket_apis=(), backends=())
    match api, route:
        case HttpApi(), HttpRoute():
            alone = replace(alone, http_apis=(replace(api, routes={route.key: route}, stages={stage.name: stage}),))
        case WebSocketApi(), WebSocketRoute():
            only = replace(api, routes={route.key: route}, stages={stage.name: stage})
            alone = replace(alone, websocket_apis=(only,))
        case RestApi(), RestMethod():
            alone = replace(alone, rest_apis=(replace(api, methods={route.key: route}, stages={stage.name: stage}),))
        case _:
            pass
    named = sorted(map(_resource, resources_of(alone)), key=lambda node: node.id)
    yield from named or [_service(call, stage)]


def _service(call: ServiceCall | SubtypeCall, stage: Stage) -> Node:
    match call:
        case SubtypeCall(subtype=subtype):
            service, action = SERVICE_INTEGRATIONS[subtype].service, subtype.partition("-")[2]
        case ServiceCall(uri=text):
            uri = ServiceUri.parse(with_stage_variables(text, stage.variables))
            service, action = uri.service, uri.text.split(":", 5)[-1]
        case _:
            assert_never(call)
    title = _SERVICES.get(service, service)
    return Node(id=f"service:{service}:{action}", kind="service", title=title, lines=(action,))


def _resource(resource: AwsResource) -> Node:
    match resource:
        case Queue(name=name):
            what, words = "queue", "SQS queue"
        case EventBus(name=name):
            what, words = "bus", "EventBridge bus"
        case Topic(name=name):
            what, words = "topic", "SNS topic"
        case Bucket(name=name):
            what, words = "bucket", "S3 bucket"
        case Stream(name=name):
            what, words = "stream", "Kinesis stream"
        case StateMachine(name=name):
            what, words = "machine", "Step Functions state machine"
        case Configuration(profile=name):
            what, words = "configuration", "AppConfig configuration"
            name = f"{resource.application}/{resource.environment}/{name}"
        case _:
            assert_never(resource)
    return Node(
        id=f"{what}:{resource.region}:{name}", kind="service", title=name, lines=(words,), tip=f"in {resource.region}"
    )
