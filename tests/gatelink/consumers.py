"""Runs programs of other projects, which read the outputs of a Gatelink stack, and returns their recordings."""

import asyncio
import copy
import functools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pulumi
from pulumi.runtime import rpc
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.settings import SETTINGS

from local.recorder.monitor import RecordingMonitor, run_recorded
from local.recording import Json, Recording
from local.stack_file import StackOutputs
from tests.programs import dev_settings, run_program

PRODUCER = "acme/gatelink/dev"


def produced() -> dict[str, Json]:
    """Return the outputs of the dev stack, as another project finds them, free to be changed."""
    return copy.deepcopy(_of_the_dev_stack())


@functools.cache
def _of_the_dev_stack() -> dict[str, Json]:
    return dict(run_program(dev_settings()).outputs)


class Monitor(RecordingMonitor):
    """Answers a program; ``secret`` names the outputs that other stacks hold as secrets.

    None is an old engine, which does not say which they are. ``unknown`` is a stack whose outputs cannot be known yet.
    """

    secret: tuple[str, ...] | None = ()
    unknown: bool = False

    def ReadResource(self, request: Any) -> Any:  # noqa: ANN401, N802  (the engine's interface)
        response = super().ReadResource(request)
        properties = response.properties
        if self.unknown:
            properties.update({"outputs": rpc.UNKNOWN, "secretOutputNames": rpc.UNKNOWN})
            return response
        outputs = properties.fields["outputs"].struct_value
        for name in self.secret or ():
            value = outputs.fields[name]
            wrapped = resource_pb2.ReadResourceResponse().properties
            wrapped.update({rpc._special_sig_key: rpc._special_secret_sig})
            wrapped.fields["value"].CopyFrom(value)
            value.struct_value.CopyFrom(wrapped)
        properties.update({"secretOutputNames": None if self.secret is None else list(self.secret)})
        return response


def run_consumer(
    program: Callable[[], object],
    stack_outputs: StackOutputs,
    *,
    config: Mapping[str, str] | None = None,
    project: str = "consumer",
    known: bool = True,
    secret: tuple[str, ...] | None = (),
    unknown: bool = False,
) -> Recording:
    """Run a program that reads other stacks."""
    engine = Monitor(project=project, stack="dev", region="us-east-1", known=known, stack_outputs=stack_outputs)
    engine.secret, engine.unknown = secret, unknown

    async def run() -> Recording:
        # A program that ends leaves failed outputs which nobody looks at, and they would be logged one by one.
        asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)
        pulumi.runtime.set_all_config({"aws:region": "us-east-1", **(config or {})})
        return await run_recorded(engine, program)

    return asyncio.run(run())


@contextmanager
def ends(error: type[Exception] = pulumi.RunError) -> Iterator[list[str]]:
    """Expect a program to end with an error for its user, and give its message when it has.

    What the SDK keeps for the process, which was to end as well, is forgotten.
    """
    messages: list[str] = []
    try:
        yield messages
    except error as ended:
        messages.append(str(ended))
    else:
        raise AssertionError("the program did not end with an error")
    finally:
        SETTINGS.outputs.clear()
        SETTINGS.rpc_manager.clear()
