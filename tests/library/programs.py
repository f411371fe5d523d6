"""Runs a program of single components in this process, and says what it registered."""

import asyncio
from collections.abc import Callable
from typing import Any

import pulumi

from apigateway.errors import SettingsError
from local.recorder.monitor import RecordingMonitor, run_recorded
from local.recording import Recording
from settings import HttpApi, HttpPrivateIntegration, HttpRoute

TO_SHOP = HttpPrivateIntegration(integration_type="HTTP_PROXY", integration_method="ANY", backend="shop")


def http_api(**more: Any) -> HttpApi:  # noqa: ANN401 - fields of the model
    """Return an HTTP API with one route to the backend ``shop``, and more settings."""
    return HttpApi(protocol="HTTP", **{"routes": {"GET /items": HttpRoute(integration=TO_SHOP)}, **more})


class AliasMonitor(RecordingMonitor):
    """Keeps the other names that a resource goes by, beside its registration."""

    def __init__(self) -> None:
        super().__init__(project="shop", stack="dev", region="us-east-1")
        self.aliases: dict[str, list[str]] = {}

    def RegisterResource(self, request: Any) -> Any:  # noqa: ANN401, N802 - the engine's interface
        if request.aliases:
            urn = self.make_urn(request.parent, request.type, request.name)
            self.aliases[urn] = [alias.spec.name for alias in request.aliases]
        return super().RegisterResource(request)


def record(program: Callable[[], object], monitor: RecordingMonitor | None = None) -> Recording:
    """Run a program as the stack ``dev`` of the project ``shop``."""
    here = monitor or RecordingMonitor(project="shop", stack="dev", region="us-east-1")

    async def run() -> Recording:
        pulumi.runtime.set_all_config({"aws:region": "us-east-1"}, [])
        return await run_recorded(here, program)

    return asyncio.run(run())


def problems_of(program: Callable[[], object], kind: type[Exception] = SettingsError) -> tuple[list[str], list[str]]:
    """Return the problems that a program's components raise, and the names of what was registered before."""
    monitor = RecordingMonitor(project="shop", stack="dev", region="us-east-1")
    found: list[str] = []

    def run() -> None:
        try:
            program()
        except kind as error:
            found.extend(str(error).splitlines())

    record(run, monitor)
    return found, [resource.name for resource in monitor.recording().resources]
