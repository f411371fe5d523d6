"""The run that both sides are held to: ``python -m bench.reference``, settings on standard input, the run on output.

Besides what a recording holds it notes the order of the resources and the questions to the provider. Both decide how
many of the SDK's outputs are pending at once, and waiting for them takes it quadratic time.
"""

import asyncio
import contextlib
import json
import os
import sys
from dataclasses import replace
from typing import Any

import pulumi
from pulumi.runtime import register_stack_transformation, rpc

from bench.orders import Question, Reference
from bench.stacks import PROJECT, REGION, STACK, as_config
from bench.whole_program import run_program
from local.recorder.monitor import RecordingMonitor, run_recorded


class _NotingMonitor(RecordingMonitor):
    """Notes when the program makes a resource and when it asks the provider."""

    def __init__(self) -> None:
        super().__init__(project=PROJECT, stack=STACK, region=REGION)
        self.order: dict[tuple[str, str], int] = {}
        self.questions: list[Question] = []

    def note(self, args: pulumi.ResourceTransformationArgs) -> None:
        """Note a resource; the SDK calls this in every constructor."""
        self.order.setdefault((args.type_, args.name), len(self.order))

    def Invoke(self, request: Any) -> Any:  # noqa: ANN401, N802  (the engine's interface)
        arguments = rpc.deserialize_properties(request.args)
        self.questions.append(Question(after=len(self.order), token=request.tok, arguments=arguments))
        return super().Invoke(request)


def observe() -> Reference:
    """Run the program as the environment configures it."""
    monitor = _NotingMonitor()

    def program() -> None:
        register_stack_transformation(monitor.note)
        run_program()

    recording = asyncio.run(run_recorded(monitor, program))
    resources = sorted(recording.resources, key=lambda resource: monitor.order[resource.type, resource.name])
    return Reference(recording=replace(recording, resources=tuple(resources)), questions=tuple(monitor.questions))


def main() -> None:
    """Print the run; what the program itself prints goes to standard error."""
    config = as_config(json.load(sys.stdin))
    os.environ["PULUMI_CONFIG"] = json.dumps(dict(config.values))
    with contextlib.redirect_stdout(sys.stderr):
        reference = observe()
    sys.stdout.write(reference.to_json())


if __name__ == "__main__":
    main()
