"""The outputs of a Gatelink stack, typed: the program exports them, other projects read them.

Plain Python, for what ``pulumi stack output --json`` prints. A Pulumi program reads another stack's outputs by
:class:`gatelink.outputs.reading.GatelinkStack`.
"""

from .contract import (
    ApiOutputs,
    BackendOutputs,
    DomainOutputs,
    ReadApi,
    ReadStack,
    StackOutputs,
    StageOutputs,
    VpcLinkOutputs,
    exported,
)
from .parsing import OutputProblem, OutputsError, parse

__all__ = [
    "ApiOutputs",
    "BackendOutputs",
    "DomainOutputs",
    "OutputProblem",
    "OutputsError",
    "ReadApi",
    "ReadStack",
    "StackOutputs",
    "StageOutputs",
    "VpcLinkOutputs",
    "exported",
    "parse",
]
