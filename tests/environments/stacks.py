"""The stacks, read and recorded once for all tests."""

from functools import cache

from local.recording import Recording
from local.stack_file import StackConfig
from tests.programs import run_program, stack_config

ENVIRONMENTS = ("dev", "local", "prod")


def config(stack: str) -> StackConfig:
    """Read a stack's file."""
    return stack_config(stack)


@cache
def recording(stack: str) -> Recording:
    """Record what the program makes of a stack's file."""
    return run_program(config(stack).settings(), stack=stack)


def texts(value: object) -> list[str]:
    """Return a list of a recording's, which is one of texts."""
    assert isinstance(value, list)
    return [str(item) for item in value]
