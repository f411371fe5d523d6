"""Recordings of REST APIs: the registrations of one, and the document that is its body, to be changed by a test."""

import json
from dataclasses import dataclass, field
from typing import Any

from local.recording import Json
from tests.local.recordings import ALB, Program, program

Block = dict[str, Any]
NLB_URL = "http://chat.example"
ALB_URL = "http://orders.example:8080"
LINKS = {"vpcLink_chat": "link-v1", "vpcLink": "link-v2"}
"""What every stage says of the links, as the program does."""


def by_v1_link(path: str = "/", **others: Json) -> Block:
    """Return a proxy of the backend "chat", behind the network balancer."""
    return {
        "type": "http_proxy",
        "httpMethod": "ANY",
        "uri": f"{NLB_URL}{path}",
        "connectionType": "VPC_LINK",
        "connectionId": "${stageVariables.vpcLink_chat}",
        **others,
    }


def by_v2_link(path: str = "/", **others: Json) -> Block:
    """Return a proxy of the backend "orders", behind the application balancer."""
    return {
        "type": "http_proxy",
        "httpMethod": "ANY",
        "uri": f"{ALB_URL}{path}",
        "connectionType": "VPC_LINK",
        "connectionId": "${stageVariables.vpcLink}",
        "integrationTarget": ALB,
        **others,
    }


def mock(**others: Json) -> Block:
    """Return an integration that answers 200 by itself."""
    return {
        "type": "mock",
        "requestTemplates": {"application/json": '{"statusCode": 200}'},
        "responses": {"default": {"statusCode": "200"}},
        **others,
    }


def parameter(where: str, name: str, *, required: bool = False) -> Block:
    """Return the declaration of a request parameter."""
    return {"in": where, "name": name, "required": required, "schema": {"type": "string"}}


def answers(**headers: tuple[str, ...]) -> Block:
    """Return the responses that a method declares: ``answers(_200=("etag",))``."""
    return {
        status[1:]: {"description": "", "headers": {name: {"schema": {"type": "string"}} for name in names}}
        for status, names in headers.items()
    }


@dataclass(slots=True)
class RestProgram:
    """A program with one REST API, "pets", which has one stage "dev"; ``document`` is its body."""

    made: Program = field(default_factory=program)
    document: Block = field(
        default_factory=lambda: {
            "openapi": "3.0.1",
            "info": {"title": "pets", "version": "1", "description": "REST API pets"},
            "servers": [{"url": "/"}],
            "paths": {},
        }
    )

    def __post_init__(self) -> None:
        self.made.add(
            "aws:apigateway/restApi:RestApi",
            "pets",
            {"endpointConfiguration": {"types": "REGIONAL"}},
            executionArn="arn:aws:execute-api:us-east-1:123456789012:pets",
        )
        self.made.outputs["apis"]["pets"] = {"apiId": "pets"}
        self.made.add("aws:apigateway/deployment:Deployment", "pets-1", {"restApi": "pets", "triggers": {"spec": "1"}})
        self.stage("dev")

    def stage(self, name: str, **variables: Json) -> str:
        """Register another stage, which has these variables beside the links."""
        inputs: dict[str, Json] = {
            "restApi": "pets",
            "stageName": name,
            "deployment": "pets-1",
            "variables": {**LINKS, **variables},
        }
        return self.made.add("aws:apigateway/stage:Stage", f"pets-{name}", inputs)

    def method(self, key: str, integration: Block, **operation: Json) -> Block:
        """Add a method to the document, such as ``GET /pets``, and return its operation."""
        method, path = key.split(" ")
        name = "x-amazon-apigateway-any-method" if method == "ANY" else method.lower()
        made: Block = {"responses": {}, **operation, "x-amazon-apigateway-integration": integration}
        self.document["paths"].setdefault(path, {})[name] = made
        return made

    def recording_program(self) -> Program:
        """Return the program with the document as it is now."""
        api = self.made.resources["pets"]
        self.made.add(api.type, "pets", {**api.outputs, "body": json.dumps(self.document, sort_keys=True)})
        return self.made
