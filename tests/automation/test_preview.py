"""The real engine and the real AWS provider plan what the laptop's recorder records, for every environment.

That takes the Pulumi CLI, which is no part of the project; the provider's plugin is downloaded on first use.
"""

import shutil
from pathlib import Path

import pytest
from pulumi.automation import OpType
from pulumi.automation.events import EngineEvent

from local.recorder import record
from local.stack_file import read_stack
from tests.automation.workspace import copy_project, open_stack
from tests.programs import stack_config

OF_THE_ENGINE = ("pulumi:pulumi:Stack", "pulumi:providers:aws")


@pytest.mark.skipif(shutil.which("pulumi") is None, reason="needs the Pulumi CLI on PATH")
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", ["dev", "local", "prod"])
def test_the_engine_plans_what_the_laptop_records(tmp_path: Path, endpoint: str, name: str) -> None:
    planned: dict[str, OpType] = {}

    def note(event: EngineEvent) -> None:
        step = event.resource_pre_event.metadata if event.resource_pre_event else None
        if step is not None and step.type not in OF_THE_ENGINE:
            planned[step.urn] = step.op

    open_stack(tmp_path, name, endpoint).preview(on_event=note)
    assert planned == {resource.urn: OpType.CREATE for resource in record(stack_config(name)).resources}


@pytest.mark.parametrize("name", ["dev", "local", "prod"])
def test_a_copy_differs_in_where_aws_is(tmp_path: Path, name: str) -> None:
    """What is planned is the stack file's, but for the provider's own keys."""
    project = copy_project(tmp_path, "http://127.0.0.1:1")
    copied, real = read_stack(project, name), stack_config(name)
    assert copied.settings() == real.settings()
    assert copied.values["aws:region"] == real.values["aws:region"]
    assert "http://127.0.0.1:1" in copied.values["aws:endpoints"]
    assert "localhost" not in copied.values["aws:endpoints"]


def test_aws_is_there(endpoint: str) -> None:
    """The engine's first question, asked by hand: which zones there are."""
    import boto3

    session = boto3.Session("test", "test", region_name="us-east-1")
    client = session.client("ec2", endpoint_url=endpoint)
    found = client.describe_availability_zones(Filters=[{"Name": "zone-type", "Values": ["availability-zone"]}])
    assert {"use1-az1", "use1-az2", "use1-az4"} <= {zone["ZoneId"] for zone in found["AvailabilityZones"]}
