"""The network of another stack, read from its outputs; the stack need not be one of Gatelink's."""

from collections.abc import Callable, Sequence
from functools import partial
from ipaddress import IPv4Network
from typing import Final, TypeVar

import pulumi

from gatelink.outputs import StackOutputs
from gatelink.outputs.contract import OutputInfo, outputs_of
from gatelink.outputs.looking import Answer, UnreadableOutputError, look_for
from gatelink.outputs.reading import OtherStack

from .network_in_use import NetworkInUse

Read = TypeVar("Read")

_OUTPUTS: Final = outputs_of(StackOutputs)


def network_of(stack: str) -> NetworkInUse:
    """Read a stack's network, which a program learns only when the outputs are resolved.

    An output that is missing or is something else ends the program: as None it would be a VPC that is nowhere.
    """
    other = OtherStack(stack)
    return NetworkInUse(
        vpc_id=_ask(other, _OUTPUTS["vpc_id"], "a text", _text),
        cidr=_ask(other, _OUTPUTS["vpc_cidr"], "an IPv4 range such as 10.0.0.0/16", _range),
        private_subnet_ids=_ask(other, _OUTPUTS["private_subnet_ids"], "a list of at least two subnets", _subnets),
    )


def _ask(
    other: OtherStack, output: OutputInfo, expected: str, accept: Callable[[object], Read | None]
) -> pulumi.Output[Read]:
    return other.ask(output.name, partial(_read, output, expected, accept))


def _read(output: OutputInfo, expected: str, accept: Callable[[object], Read | None], answer: Answer) -> Read:
    try:
        return look_for(answer, output, expected, accept)
    except UnreadableOutputError as error:
        raise pulumi.RunError(f"network.stack: {error}") from None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _range(value: object) -> str | None:
    try:
        return str(IPv4Network(value)) if isinstance(value, str) else None
    except ValueError:
        return None


def _subnets(value: object) -> Sequence[pulumi.Input[str]] | None:
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        return None
    return value if len(set(value)) >= 2 else None
