"""Reads the outputs of a Gatelink stack in another Pulumi program.

    stack = GatelinkStack("acme/gatelink/dev")
    stack.backend("chat").target_group_arn  # pulumi.Output[str]
    stack.api("chat").connections_url

Each output is looked for when the program asks for it. One that is missing or of another shape ends the program with a
``pulumi.RunError`` that names the stack, the output, the version of Gatelink that brings it, and the version that the
stack was last deployed with. What is a secret stays one, and is not shown.

A stack that does not exist is refused by the engine, with ``unknown stack "acme/gatelink/dev"``, which a program cannot
catch (pulumi/pulumi#16591). One that exists and was never deployed has no outputs: they are unknown in a preview, so
that both stacks can be previewed before the first deployment, and missing in an update.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final, Generic, TypeVar, cast, overload

import pulumi

from .contract import (
    TEXT,
    ApiOutputs,
    BackendOutputs,
    BlockKind,
    DomainOutputs,
    Kind,
    ReadApi,
    ReadTexts,
    StackOutputs,
    StageOutputs,
    VpcLinkOutputs,
    outputs_of,
)
from .looking import Answer, Step, UnreadableOutputError, look, version_in
from .parsing import shown

Read = TypeVar("Read")

_STACK: Final = outputs_of(StackOutputs)
_NAME = re.compile(r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+){0,2}")


class OtherStack:
    """Another stack, whoever deploys it, asked for one output at a time.

    A secret among the outputs makes a secret of all of them together, but not of one that is asked for by itself.
    Raises ``pulumi.RunError`` where ``name`` cannot be a stack's.
    """

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise pulumi.RunError(
                "a stack's name must be organization/project/stack, such as acme/gatelink/dev, or its last parts, "
                f"where the others are the program's own; got {shown(name)}"
            )
        self._name = name
        self._reference = pulumi.StackReference(name, opts=opts)
        self._has_warned = False

    def ask(self, output: str, read: Callable[[Answer], Read]) -> pulumi.Output[Read]:
        """Ask for an output, and read the answer.

        The preview of a program that reads a stack which has no outputs yet goes on without knowing any.
        """

        def answered(found: Mapping[str, Any]) -> Read:
            is_empty, version = found["about"]
            if is_empty and pulumi.runtime.is_dry_run():
                self._warn()
                return cast("Read", pulumi.UNKNOWN)
            # An old engine does not say which outputs are secret.
            is_secret = found["secrets"] is None or output in found["secrets"]
            value = found["value"]
            return read(Answer(stack=self._name, value=value, is_secret=is_secret, version=version, is_empty=is_empty))

        return pulumi.Output.all(
            value=self._reference.get_output(output),
            secrets=self._reference.secret_output_names,
            # Whether there are outputs at all, and a version of Gatelink, is no secret, whatever the others are.
            about=pulumi.Output.unsecret(self._reference.outputs.apply(lambda all_: (not all_, version_in(all_)))),
        ).apply(answered)

    def _warn(self) -> None:
        if not self._has_warned:
            self._has_warned = True
            pulumi.log.warn(f'the stack "{self._name}" has no outputs yet: in this preview they are unknown')


class OutputReader(Generic[Read]):
    """One output of a block: reading the attribute asks the stack for it."""

    def __set_name__(self, owner: type, name: str) -> None:
        """Learn the name of the output's field."""
        self._attribute = name

    @overload
    def __get__(self, block: None, owner: type) -> "OutputReader[Read]": ...
    @overload
    def __get__(self, block: "Reader", owner: type) -> pulumi.Output[Read]: ...
    def __get__(self, block: "Reader | None", owner: type) -> "OutputReader[Read] | pulumi.Output[Read]":
        """Ask the stack."""
        return self if block is None else cast("pulumi.Output[Read]", block.read(self._attribute))


class Reader:
    """Some outputs of a stack, by the names of the fields of :attr:`block`."""

    block: ClassVar[type]
    """Their class in the contract."""

    def __init__(self, stack: "GatelinkStack", *way: Step) -> None:
        self._stack = stack
        self._way = way

    def read(self, attribute: str) -> pulumi.Output[object]:
        """Ask for the output of one field."""
        info = outputs_of(self.block)[attribute]
        return self._stack.ask(info.kind, *self._way, Step(info))


class BlockReader(Reader, Generic[Read]):
    """A block of a stack's outputs: each attribute asks for one output, :attr:`values` for all of them."""

    @property
    def values(self) -> pulumi.Output[Read]:
        """The whole block, checked as a whole; None stands for an output that it does not have."""
        return cast("pulumi.Output[Read]", self._stack.ask(BlockKind(self.block), *self._way))


class NetworkReader(Reader):
    """The network in use."""

    block = StackOutputs
    vpc_id = OutputReader[str]()
    vpc_cidr = OutputReader[str]()
    private_subnet_ids = OutputReader[ReadTexts]()


class BackendReader(BlockReader[BackendOutputs[str]]):
    """A backend."""

    block = BackendOutputs
    load_balancer_arn = OutputReader[str]()
    dns_name = OutputReader[str]()
    listener_arn = OutputReader[str]()
    target_group_arn = OutputReader[str]()
    service_arn = OutputReader[str]()
    security_group_id = OutputReader[str]()


class VpcLinksReader(BlockReader[VpcLinkOutputs[str]]):
    """The VPC links."""

    block = VpcLinkOutputs
    http = OutputReader[str]()
    http_security_group_id = OutputReader[str]()

    def rest(self, backend: str) -> pulumi.Output[str]:
        """Return the id of the v1 link that leads to a backend."""
        links = outputs_of(self.block)["rest"]
        return cast("pulumi.Output[str]", self._stack.ask(TEXT, *self._way, Step(links, backend)))


class StageReader(BlockReader[StageOutputs[str]]):
    """One of several stages of an API."""

    block = StageOutputs
    endpoint = OutputReader[str]()
    connections_url = OutputReader[str]()
    manage_connections_arn = OutputReader[str]()


class ApiReader(BlockReader[ReadApi]):
    """An API."""

    block = ApiOutputs
    api_id = OutputReader[str]()
    protocol = OutputReader[str]()
    endpoint = OutputReader[str]()
    execution_arn = OutputReader[str]()
    stage = OutputReader[str]()
    connections_url = OutputReader[str]()
    manage_connections_arn = OutputReader[str]()
    invoke_role_arn = OutputReader[str]()
    domain_endpoint = OutputReader[str]()
    domain_connections_url = OutputReader[str]()
    caller_policy = OutputReader[str]()
    vpc_endpoint_ids = OutputReader[ReadTexts]()

    def stages(self, name: str) -> StageReader:
        """Return one stage of an API that has several."""
        return StageReader(self._stack, *self._way, Step(outputs_of(self.block)["stages"], name))


class DomainReader(BlockReader[DomainOutputs[str]]):
    """A custom domain."""

    block = DomainOutputs
    target_domain_name = OutputReader[str]()
    hosted_zone_id = OutputReader[str]()


class GatelinkStack:
    """Another stack, which Gatelink deploys: ``GatelinkStack("acme/gatelink/dev")``."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        self._other = OtherStack(name, opts)

    @property
    def version(self) -> pulumi.Output[str]:
        """The version of Gatelink that the stack was last deployed with."""
        info = _STACK["gatelink_version"]
        return cast("pulumi.Output[str]", self.ask(info.kind, Step(info)))

    @property
    def network(self) -> NetworkReader:
        """The network in use."""
        return NetworkReader(self)

    @property
    def vpc_links(self) -> VpcLinksReader:
        """The VPC links."""
        return VpcLinksReader(self, Step(_STACK["vpc_links"]))

    def backend(self, name: str) -> BackendReader:
        """Return a backend, by its name in the stack file."""
        return BackendReader(self, Step(_STACK["backends"], name))

    def api(self, name: str) -> ApiReader:
        """Return an API, by its name in the stack file."""
        return ApiReader(self, Step(_STACK["apis"], name))

    def domain(self, name: str) -> DomainReader:
        """Return a custom domain, by its domain name."""
        return DomainReader(self, Step(_STACK["domains"], name))

    def ask(self, kind: Kind, *way: Step) -> pulumi.Output[object]:
        """Ask for what lies at the end of a way through the outputs, and hold it to its kind."""

        def read(answer: Answer) -> object:
            try:
                return look(answer, way, kind)
            except UnreadableOutputError as error:
                raise pulumi.RunError(str(error)) from None

        return self._other.ask(way[0].output.name, read)
