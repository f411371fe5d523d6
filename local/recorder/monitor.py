"""The engine's side of a run, answered from memory: keeps every registration and makes up what AWS would return."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from google.protobuf import empty_pb2, struct_pb2
from google.protobuf.json_format import MessageToDict
from pulumi.runtime import mocks, rpc
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.settings import configure
from pulumi.runtime.stack import run_in_stack

from apigateway.errors import RecordingError
from local.recorder.aws_values import Account, describe
from local.recorder.invokes import answer
from local.recorder.stack_references import outputs_of
from local.recording import Json, Recording, Resource
from local.stack_file import StackOutputs

_STACK_TYPE = "pulumi:pulumi:Stack"
_STACK_REFERENCE_TYPE = "pulumi:pulumi:StackReference"


class _NoMocks(mocks.Mocks):
    """The base class wants mocks; :class:`RecordingMonitor` answers before they are asked."""

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], None]:
        """Never asked."""
        raise NotImplementedError(args.token)

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        """Never asked."""
        raise NotImplementedError(args.typ)


class RecordingMonitor(mocks.MockMonitor):
    """Answers one run of a program.

    ``known`` false makes every output unknown, as in the preview of a stack that does not exist yet. ``stack_outputs``
    are those of other stacks, which exist and are known in any case; None where there are none to give.
    """

    def __init__(
        self,
        *,
        project: str,
        stack: str,
        region: str,
        known: bool = True,
        stack_outputs: StackOutputs | None = None,
    ) -> None:
        super().__init__(_NoMocks())
        self.project = project
        self.stack = stack
        self.known = known
        self._account = Account(region=region)
        self._stack_outputs = stack_outputs
        self._recorded: dict[str, Resource] = {}
        self._references: set[str] = set()
        self._outputs: dict[str, Json] = {}

    def recording(self) -> Recording:
        """Return what was registered so far, in the order of the URNs: the order of arrival varies between runs."""
        resources = tuple(self._recorded[urn] for urn in sorted(self._recorded))
        return Recording(project=self.project, stack=self.stack, resources=resources, outputs=self._outputs)

    def GetDeploymentInfo(self, request: Any) -> Any:  # noqa: ANN401, N802  (the engine's interface)
        """Say what this engine can do: not resources as inputs, for which the SDK then sends their ids."""
        info = super().GetDeploymentInfo(request)  # type: ignore[no-untyped-call]
        info.supportedFeatures.remove(resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES)
        return info

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """Make a URN as the engine does: with the types of all parents, but for the stack's own."""
        parents = parent.split("::")[2] if parent else _STACK_TYPE
        qualified = type_ if parents == _STACK_TYPE else f"{parents}${type_}"
        return f"urn:pulumi:{self.stack}::{self.project}::{qualified}::{name}"

    def Invoke(self, request: Any) -> Any:  # noqa: ANN401, N802  (the engine's interface)
        """Answer a question to the provider."""
        found = answer(request.tok, rpc.deserialize_properties(request.args), self._account)
        fields: dict[str, Any] = {"return": _struct(found)}  # a name that Python keeps for itself
        return resource_pb2.ResourceInvokeResponse(**fields)

    def ReadResource(self, request: Any) -> Any:  # noqa: ANN401, N802  (the engine's interface)
        """Answer a reference to another stack: a question, and no registration of the program's."""
        if request.type != _STACK_REFERENCE_TYPE:
            raise RecordingError(
                f'the program reads {request.type} "{request.name}" ({request.id}), which a laptop does not have'
            )
        urn = self.make_urn(request.parent, request.type, request.name)
        self._references.add(urn)
        outputs = outputs_of(request.id, self._stack_outputs)
        properties = _struct({"name": request.id, "outputs": dict(outputs), "secretOutputNames": []})
        return resource_pb2.ReadResourceResponse(urn=urn, id=request.id, properties=properties)

    def RegisterResource(self, request: Any) -> Any:  # noqa: ANN401, N802  (the engine's interface)
        """Keep a registration, and answer with what AWS would return."""
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type == _STACK_TYPE:
            return resource_pb2.RegisterResourceResponse(urn=urn)
        if urn in self._recorded:
            raise RecordingError(f"two resources have the URN {urn}; rename one of the two")
        secret = set(request.additionalSecretOutputs)
        inputs = _masked(_plain(rpc.deserialize_properties(request.object, keep_unknowns=True)), secret)
        seed = f"{self.project}/{self.stack}/{urn}"
        id_, computed = describe(request.type, request.name, inputs, seed, self._account)
        self._recorded[urn] = Resource(
            urn=urn,
            type=request.type,
            name=request.name,
            parent=request.parent if request.parent in self._recorded else None,
            custom=request.custom,
            id=id_ if request.custom else "",
            inputs=inputs,
            outputs=_masked({**inputs, **computed}, secret) if request.custom else {},
            dependencies=tuple(sorted(_dependencies(request) - self._references)),
            property_dependencies={
                name: urns
                for name, of_property in sorted(request.propertyDependencies.items())
                if (urns := tuple(sorted(set(of_property.urns) - self._references)))
            },
            protect=request.protect,
            retain_on_delete=request.retainOnDelete,
            delete_before_replace=request.deleteBeforeReplace if request.deleteBeforeReplaceDefined else None,
            replace_with=tuple(sorted(request.replace_with)),
            replace_on_changes=tuple(request.replaceOnChanges),
            ignore_changes=tuple(request.ignoreChanges),
            replacement_trigger=MessageToDict(request.replacement_trigger)
            if request.HasField("replacement_trigger")
            else None,
        )
        if not request.custom:
            return resource_pb2.RegisterResourceResponse(urn=urn)
        if not self.known:
            return resource_pb2.RegisterResourceResponse(urn=urn, object=request.object)
        return resource_pb2.RegisterResourceResponse(urn=urn, id=id_, object=_answer(request.object, computed, secret))

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: ANN401, N802  (the engine's interface)
        """Keep the outputs of a component or of the stack."""
        outputs = _plain(rpc.deserialize_properties(request.outputs, keep_unknowns=True))
        recorded = self._recorded.get(request.urn)
        if recorded:
            fields = {name: getattr(recorded, name) for name in Resource.__dataclass_fields__}
            self._recorded[request.urn] = Resource(**{**fields, "outputs": outputs})
        else:
            self._outputs = outputs
        return empty_pb2.Empty()


async def run_recorded(monitor: RecordingMonitor, program: Callable[[], object]) -> Recording:
    """Run a program's body under ``monitor`` until every registration is made, and return the recording."""
    # What pulumi.runtime.set_mocks does, without the root stack that it makes: run_in_stack makes the one to record.
    configure(
        mocks.MockSettings(
            monitor=monitor,
            monitor_features=set(),
            engine=mocks.MockEngine(None),
            project=monitor.project,
            stack=monitor.stack,
            dry_run=not monitor.known,
            organization=None,
            callbacks=None,
        )
    )

    async def body() -> None:
        program()
        # Let the registrations queue their calls: the SDK waits for pending outputs one by one where no call is queued,
        # which takes twice as long with hundreds of resources.
        for _ in range(3):
            await asyncio.sleep(0)

    await run_in_stack(body)
    return monitor.recording()


MASKED = "<secret>"
"""What stands in a recording for a secret: recordings are printed."""

UNKNOWN = "<unknown>"
"""What stands in a recording for a value that is known only after a deployment."""


def _plain(value: Any) -> Any:  # noqa: ANN401  (whatever the engine's wire format holds)
    """Turn what the wire format holds into JSON, with secrets masked and unknown values named."""
    if isinstance(value, Mapping) and value.get(rpc._special_sig_key) == rpc._special_secret_sig:  # noqa: SLF001
        return MASKED
    if isinstance(value, Mapping):
        # Keys travel in an order of chance: sorted, one program makes one recording.
        return {key: _plain(item) for key, item in sorted((str(key), item) for key, item in value.items())}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool | int | float | str) or value is None:
        return value
    return UNKNOWN


def _masked(values: Mapping[str, Json], secret: set[str]) -> dict[str, Json]:
    """Return the values that are there, without what the provider says is secret."""
    return {key: MASKED if key in secret else value for key, value in values.items() if value is not None}


def _dependencies(request: Any) -> set[str]:  # noqa: ANN401  (a message of the engine's protocol)
    found = set(request.dependencies)
    for of_property in request.propertyDependencies.values():
        found.update(of_property.urns)
    return found


def _answer(given: struct_pb2.Struct, computed: Mapping[str, Json], secret: set[str]) -> struct_pb2.Struct:
    """Return the inputs as they were given, so that a secret stays one, and what AWS adds to them.

    ``secret`` names the outputs that are secret even where the program did not say so of its inputs.
    """
    answer_ = struct_pb2.Struct()
    for key, value in given.fields.items():
        if value.WhichOneof("kind") != "null_value":
            answer_.fields[key].CopyFrom(value)
    answer_.update(computed)
    for key in secret & set(answer_.fields):
        if rpc._special_sig_key not in answer_.fields[key].struct_value.fields:  # noqa: SLF001
            wrapped = _struct({rpc._special_sig_key: rpc._special_secret_sig})  # noqa: SLF001
            wrapped.fields["value"].CopyFrom(answer_.fields[key])
            answer_.fields[key].struct_value.CopyFrom(wrapped)
    return answer_


def _struct(values: Mapping[str, Any]) -> struct_pb2.Struct:
    """Write plain values in the engine's wire format."""
    message = struct_pb2.Struct()
    message.update(values)
    return message
