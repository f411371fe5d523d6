"""Runs the real program in this process, on settings given as Python data, and returns its recording."""

import asyncio
import copy
import json
import runpy
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pulumi

from local.recorder.monitor import RecordingMonitor, run_recorded
from local.recording import Recording, Resource
from local.stack_file import StackConfig, StackOutputs, read_stack

ROOT = Path(__file__).resolve().parent.parent
STACKS = ROOT / "tests" / "stacks"
"""Copies of the stack files as they are shipped: a team that makes the files themselves its own breaks no test."""

Settings = dict[str, Any]


def stack_config(name: str, file: Path | None = None) -> StackConfig:
    """Return the configuration of a stack as it is shipped, or of another file, for the real program."""
    return replace(read_stack(STACKS, name, config_file=file), directory=ROOT)


def copy_stack(folder: Path, name: str) -> None:
    """Put a stack as it is shipped, and the real program, into a folder that is free to be changed."""
    for file in (ROOT / "__main__.py", STACKS / "Pulumi.yaml", STACKS / f"Pulumi.{name}.yaml"):
        shutil.copy(file, folder)


def dev_settings() -> Settings:
    """Return what Pulumi.dev.yaml holds as it is shipped, free to be changed."""
    return copy.deepcopy(stack_config("dev").settings())


def rest_api(backend: str, **more: object) -> Settings:
    """Return a REST API with one signed route to a backend of the dev stack."""
    integration = {"integrationType": "HTTP_PROXY", "integrationMethod": "GET", "backend": backend, "path": "/pets"}
    route = {"authorization": "AWS_IAM", "integration": integration}
    return {"protocol": "REST", "routes": {"GET /pets": route}, **more}


def private_api(backend: str, *endpoints: str) -> Settings:
    """Return a private REST API, which names VPC endpoints or leaves it to the stack to make one."""
    configuration = {"types": ["PRIVATE"], "vpcEndpointIds": list(endpoints)}
    return rest_api(backend, endpointConfiguration=configuration, invokePrincipals=["222233334444"])


def run_program(
    settings: Settings,
    *,
    stack: str = "dev",
    region: str = "us-east-1",
    known: bool = True,
    secret: tuple[str, ...] = (),
    stack_outputs: StackOutputs | None = None,
) -> Recording:
    """Run ``__main__.py``; with ``known`` false no output is known, as in a first preview, but for other stacks'."""
    values = {
        f"gatelink:{key}": value if isinstance(value, str) else json.dumps(value) for key, value in settings.items()
    }
    monitor = RecordingMonitor(project="gatelink", stack=stack, region=region, known=known, stack_outputs=stack_outputs)

    async def run() -> Recording:
        pulumi.runtime.set_all_config({"aws:region": region, **values}, list(secret))
        return await run_recorded(monitor, lambda: runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__"))

    return asyncio.run(run())


def only(recording: Recording, resource_type: str, name: str | None = None) -> Resource:
    """Return the one resource of a type, or of a type and name."""
    found = [resource for resource in recording.of_type(resource_type) if name in (None, resource.name)]
    assert len(found) == 1, [resource.name for resource in recording.of_type(resource_type)]
    return found[0]


def names(recording: Recording, resource_type: str) -> list[str]:
    """Return the logical names of a type's resources, sorted."""
    return sorted(resource.name for resource in recording.of_type(resource_type))
