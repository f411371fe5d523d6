"""What the two processes of the embedded AWS say to each other: a line of JSON each, over the pipes of the child.

The child says its port once it listens. Then the parent sends lists of resources, and the child answers each with the
list of what could not be made. The child ends when its standard input does.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Final

from local.aws.aws_resources import AwsResource, Bucket, Configuration, EventBus, Queue, StateMachine, Stream, Topic

_KINDS: Final = {kind.__name__: kind for kind in (Queue, EventBus, Topic, Bucket, Stream, StateMachine, Configuration)}


def write_resources(resources: Iterable[AwsResource]) -> str:
    """Print resources on one line; :func:`read_resources` reads them back."""
    return json.dumps([[type(resource).__name__, asdict(resource)] for resource in resources])


def read_resources(line: str | bytes) -> list[AwsResource]:
    """Read what :func:`write_resources` printed."""
    return [_KINDS[kind](**members) for kind, members in json.loads(line)]
