"""The other way to make a REST API: a resource of the SDK for each segment of a path, method and response.

It is made of the document that the program made: the program that somebody would write by hand for the same API.
"""

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

import pulumi
import pulumi_aws as aws

from bench.orders import Reference
from bench.rest_by_body import document_of, import_classes
from bench.stacks import STACK

ANY_METHOD = "x-amazon-apigateway-any-method"
INTEGRATION = "x-amazon-apigateway-integration"


def prepare(reference: Reference) -> Callable[[], None]:
    """Plan the program, and import what it needs."""
    name, body = document_of(reference.recording)
    document: dict[str, Any] = json.loads(body)
    import_classes("Resource", "Method", "Integration", "MethodResponse", "IntegrationResponse")

    def run() -> None:
        api = aws.apigateway.RestApi(name, endpoint_configuration={"types": "REGIONAL"})
        resources: dict[str, pulumi.Input[str]] = {"": api.root_resource_id}
        made: list[pulumi.Resource] = []
        for path, operations in sorted(document["paths"].items()):
            resource_id = _resource(api, path.rstrip("/"), resources, made)
            for method, operation in sorted(operations.items()):
                verb = "ANY" if method == ANY_METHOD else method.upper()
                made += _method(api, f"{verb}{path}", resource_id, verb, operation)
        deployment = aws.apigateway.Deployment(
            name,
            rest_api=api.id,
            triggers={"spec": sha256(body.encode()).hexdigest()},
            opts=pulumi.ResourceOptions(depends_on=made, delete_before_replace=False),
        )
        aws.apigateway.Stage(name, rest_api=api.id, stage_name=STACK, deployment=deployment.id)

    return run


def _resource(
    api: aws.apigateway.RestApi, path: str, resources: dict[str, pulumi.Input[str]], made: list[pulumi.Resource]
) -> pulumi.Input[str]:
    """Return the id of a path's resource; it is made where it is not there, and its parents before it."""
    if path not in resources:
        parent, _, segment = path.rpartition("/")
        parent_id = _resource(api, parent, resources, made)
        resource = aws.apigateway.Resource(path, rest_api=api.id, parent_id=parent_id, path_part=segment)
        made.append(resource)
        resources[path] = resource.id
    return resources[path]


def _method(
    api: aws.apigateway.RestApi, name: str, resource_id: pulumi.Input[str], verb: str, operation: Mapping[str, Any]
) -> list[pulumi.Resource]:
    given: Mapping[str, Any] = operation[INTEGRATION]
    method = aws.apigateway.Method(
        name,
        rest_api=api.id,
        resource_id=resource_id,
        http_method=verb,
        authorization="NONE",
        request_parameters={
            f"method.request.{parameter['in']}.{parameter['name']}": parameter["required"]
            for parameter in operation.get("parameters", ())
        },
    )
    integration = aws.apigateway.Integration(
        name,
        rest_api=api.id,
        resource_id=resource_id,
        http_method=method.http_method,
        type=given["type"].upper(),
        integration_http_method=given["httpMethod"],
        uri=given["uri"],
        request_parameters=given.get("requestParameters"),
    )
    made: list[pulumi.Resource] = [method, integration]
    for pattern, response in given.get("responses", {}).items():
        status = response["statusCode"]
        declared = aws.apigateway.MethodResponse(
            f"{name}-{status}",
            rest_api=api.id,
            resource_id=resource_id,
            http_method=method.http_method,
            status_code=status,
        )
        mapped = aws.apigateway.IntegrationResponse(
            f"{name}-{status}",
            rest_api=api.id,
            resource_id=resource_id,
            http_method=method.http_method,
            status_code=declared.status_code,
            selection_pattern=None if pattern == "default" else pattern,
            opts=pulumi.ResourceOptions(depends_on=[integration]),
        )
        made += [declared, mapped]
    return made
