"""The bare side of a REST API's measurement: the document that the program made, given to the SDK as it is."""

from collections.abc import Callable
from hashlib import sha256

import pulumi
import pulumi_aws as aws

from bench.orders import Reference
from bench.processes import BenchError
from bench.sdk_classes import resource_class
from bench.stacks import STACK
from local.recording import Recording

_REST_API = "aws:apigateway/restApi:RestApi"


def document_of(recording: Recording) -> tuple[str, str]:
    """Return the logical name of a recording's REST API, and its document."""
    for api in recording.of_type(_REST_API):
        body = api.inputs.get("body")
        if isinstance(body, str):
            return api.name, body
    raise BenchError("the program registers no REST API with a document")


def import_classes(*names: str) -> None:
    """Import the classes of an API, a deployment, a stage and of ``names``: pulumi_aws does so at their first use."""
    for name in ("RestApi", "Deployment", "Stage", *names):
        resource_class(f"aws:apigateway/{name[0].lower()}{name[1:]}:{name}")


def prepare(reference: Reference) -> Callable[[], None]:
    """Plan the program, and import what it needs."""
    name, body = document_of(reference.recording)
    import_classes()

    def run() -> None:
        api = aws.apigateway.RestApi(name, body=body, endpoint_configuration={"types": "REGIONAL"})
        deployment = aws.apigateway.Deployment(
            name,
            rest_api=api.id,
            triggers={"spec": sha256(body.encode()).hexdigest()},
            opts=pulumi.ResourceOptions(depends_on=[api], delete_before_replace=False),
        )
        aws.apigateway.Stage(name, rest_api=api.id, stage_name=STACK, deployment=deployment.id)

    return run
