"""A stack with a REST API in front of a backend of each kind, to be changed by a test, and what is read of it."""

import json
from typing import Any, Final

from local.recording import Recording
from tests.programs import Settings, dev_settings, only, run_program

API: Final = "aws:apigateway/restApi:RestApi"
DEPLOYMENT: Final = "aws:apigateway/deployment:Deployment"
STAGE: Final = "aws:apigateway/stage:Stage"
METHOD_SETTINGS: Final = "aws:apigateway/methodSettings:MethodSettings"
PERMISSION: Final = "aws:lambda/permission:Permission"
V1_LINK: Final = "aws:apigateway/vpcLink:VpcLink"
V2_LINK: Final = "aws:apigatewayv2/vpcLink:VpcLink"

FUNCTION: Final = "arn:aws:lambda:us-east-1:123456789012:function"
CERTIFICATE: Final = "arn:aws:acm:us-east-1:123456789012:certificate/1"
TAGS: Final = {"team": "edge", "Project": "gatelink", "Stack": "dev"}

MOCK: Final = {
    "integrationType": "MOCK",
    "requestTemplates": {"application/json": '{"statusCode": 200}'},
    "integrationResponses": {"200": {}},
}
BY_V1_LINK: Final = {"integrationType": "HTTP_PROXY", "integrationMethod": "ANY", "backend": "chat", "path": "/pets"}
BY_V2_LINK: Final = {
    "integrationType": "HTTP_PROXY",
    "integrationMethod": "ANY",
    "backend": "orders",
    "path": "/orders",
}


def rest_settings(routes: Settings | None = None, **api: object) -> Settings:
    """Return the dev stack's backends with one REST API, "catalog", in front of them and nothing else."""
    settings = dev_settings()
    routes = routes or {"GET /health": {"integration": MOCK}}
    settings["apis"] = {"catalog": {"protocol": "REST", "routes": routes, **api}}
    return settings


def legacy_settings(kind: str) -> Settings:
    """Return :func:`rest_settings` with one route, GET /pets, to a balancer that exists: ``net`` or ``app``."""
    settings = rest_settings({"GET /pets": {"integration": {**BY_V1_LINK, "backend": "legacy"}}})
    balancer = f"arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/{kind}/legacy/0123456789abcdef"
    settings["backends"]["legacy"] = {
        "loadBalancerArn": balancer,
        "listenerArn": f"{balancer.replace(':loadbalancer/', ':listener/')}/fedcba9876543210",
        "dnsName": "legacy.example",
        "port": 8080,
        "protocol": "TCP" if kind == "net" else "HTTP",
    }
    return settings


def catalog(routes: Settings | None = None, *, known: bool = True, **api: object) -> Recording:
    """Run the program on :func:`rest_settings`."""
    return run_program(rest_settings(routes, **api), known=known)


def body_of(recording: Recording) -> Any:  # noqa: ANN401 - JSON
    """Return the OpenAPI document of the one REST API."""
    return json.loads(str(only(recording, API).inputs["body"]))


def operation_of(recording: Recording, key: str) -> Any:  # noqa: ANN401 - JSON
    """Return what the document says of a route."""
    method, path = key.split(" ")
    return body_of(recording)["paths"][path]["x-amazon-apigateway-any-method" if method == "ANY" else method.lower()]


def integration_of(recording: Recording, key: str) -> Any:  # noqa: ANN401 - JSON
    """Return what the document says of a route's integration."""
    return operation_of(recording, key)["x-amazon-apigateway-integration"]


def triggers_of(recording: Recording) -> Any:  # noqa: ANN401 - JSON
    """Return what the one deployment of a REST API is keyed by."""
    return only(recording, DEPLOYMENT).inputs["triggers"]
