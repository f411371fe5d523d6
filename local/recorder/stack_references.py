"""What a reference to another stack finds: the engine asks its backend, a laptop has a file of outputs."""

from collections.abc import Mapping

from apigateway.errors import RecordingError
from apigateway.suggest import nearest
from local.recording import Json
from local.stack_file import StackOutputs


def outputs_of(stack: str, given: StackOutputs | None) -> Mapping[str, Json]:
    """Return the outputs of a stack, by the name under which the program refers to it.

    Raises ``RecordingError`` where they were not given: an answer made up here would be a VPC that is nowhere.
    """
    reads = f'the program reads the outputs of the stack "{stack}"'
    if given is None:
        raise RecordingError(
            f"{reads}, which a laptop does not have: give them by --stack-outputs FILE, a YAML or JSON file such as "
            f'{{"{stack}": {{"vpcId": "vpc-0123456789abcdef0"}}}}'
        )
    if stack not in given:
        near = nearest(stack, given)
        meant = f"; did you mean {near}?" if near else f"; stacks in it: {', '.join(sorted(given)) or 'none'}"
        raise RecordingError(f"{reads}, which the file of --stack-outputs does not have{meant}")
    return given[stack]
