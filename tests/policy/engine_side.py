"""The engine's side of a policy pack: starts it as the engine does, and asks it what the engine asks.

What is sent follows the engine's analyzer plugin (pulumi/pulumi, sdk/go/common/resource/plugin/analyzer_plugin.go): a
policy of resources gets inputs, a policy of stacks outputs with what each is made of; what is not known yet is a
sentinel, and a secret is wrapped.
"""

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc  # type: ignore[import-untyped]
from google.protobuf import empty_pb2, json_format, struct_pb2
from jsonschema import Draft7Validator
from pulumi.runtime import rpc
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from local.recording import Json, Recording, Resource
from tests.programs import ROOT

PACK = ROOT / "policy"
LEVELS = {
    "advisory": analyzer_pb2.ADVISORY,
    "mandatory": analyzer_pb2.MANDATORY,
    "disabled": analyzer_pb2.DISABLED,
}
_WORDS = {number: word for word, number in LEVELS.items()}


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """What the engine would show of a violation."""

    policy: str
    urn: str
    level: str
    message: str


@dataclass(slots=True)
class Answers:
    """All that a pack said of a stack."""

    diagnostics: list[Diagnostic] = field(default_factory=list)
    not_applicable: list[tuple[str, str]] = field(default_factory=list)
    """Policy and reason, a line each."""


class Pack:
    """A running pack."""

    def __init__(self, stub: Any) -> None:  # noqa: ANN401 - a generated class
        self._stub = stub
        self.printed: list[str] = []
        """What it has printed, complete once it has ended."""

    def info(self) -> Any:  # noqa: ANN401 - a message of the protocol
        return self._stub.GetAnalyzerInfo(empty_pb2.Empty())

    def configure(self, config: Mapping[str, Any]) -> list[str]:
        """Apply a configuration as the CLI does, or return what the CLI says against it."""
        given = {
            key: {"enforcementLevel": value} if isinstance(value, str) else dict(value) for key, value in config.items()
        }
        problems: list[str] = []
        request = analyzer_pb2.ConfigureAnalyzerRequest()
        for policy in self.info().policies:
            of_policy = given.get(policy.name, {})
            every = given.get("all", {}).get("enforcementLevel", _WORDS[policy.enforcementLevel])
            level = of_policy.pop("enforcementLevel", every)
            schema = {"type": "object", **json_format.MessageToDict(policy.configSchema)}
            problems += [f"{policy.name}: {one.message}" for one in Draft7Validator(schema).iter_errors(of_policy)]
            request.policyConfig[policy.name].enforcementLevel = LEVELS[level]
            request.policyConfig[policy.name].properties.update(of_policy)
        if not problems:
            self._stub.Configure(request)
        return problems

    def ask(self, recording: Recording) -> Answers:
        """Say what the stack is, ask about each resource, then about the stack."""
        answers = Answers()
        self._stub.ConfigureStack(
            analyzer_pb2.AnalyzerStackConfigureRequest(stack=recording.stack, project=recording.project, dry_run=True)
        )
        root = f"urn:pulumi:{recording.stack}::{recording.project}::pulumi:pulumi:Stack::gatelink-{recording.stack}"
        for resource in recording.resources:
            request = analyzer_pb2.AnalyzeRequest(
                urn=resource.urn,
                type=resource.type,
                name=resource.name,
                properties=_struct(resource.inputs),
                options=analyzer_pb2.AnalyzerResourceOptions(parent=resource.parent or root),
            )
            self._collect(self._stub.Analyze(request), answers)
        stack = [
            analyzer_pb2.AnalyzerResource(urn=root, type="pulumi:pulumi:Stack", name=f"gatelink-{recording.stack}")
        ]
        stack += [_of_stack(resource, root) for resource in recording.resources]
        self._collect(self._stub.AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(resources=stack)), answers)
        return answers

    def _collect(self, response: Any, answers: Answers) -> None:  # noqa: ANN401 - a message of the protocol
        for one in response.diagnostics:
            message = one.message.removeprefix(f"{one.description}\n")
            answers.diagnostics.append(Diagnostic(one.policyName, one.urn, _WORDS[one.enforcementLevel], message))
        for other in response.not_applicable:
            answers.not_applicable += [(other.policy_name, line) for line in other.reason.splitlines()]


@contextlib.contextmanager
def running(folder: Path, directory: Path) -> Iterator[Pack]:
    """Start the pack in a folder, with another as working folder; end it, and read what it has printed."""
    environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "PYTHONHOME")}
    environment |= {"PULUMI_PROJECT": "gatelink", "PULUMI_STACK": "dev", "PULUMI_DRY_RUN": "true"}
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:1", str(folder)],
        cwd=directory,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    port = process.stdout.readline().strip()
    assert port.isdigit(), process.communicate()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub = analyzer_pb2_grpc.AnalyzerStub(channel)
        with contextlib.suppress(grpc.RpcError):  # the SDK knows of no handshake, which the engine does not mind
            stub.Handshake(analyzer_pb2.AnalyzerHandshakeRequest(engine_address="127.0.0.1:1"))
        pack = Pack(stub)
        reader = threading.Thread(target=lambda: pack.printed.extend(process.stdout or ()))
        reader.start()
        try:
            yield pack
        finally:
            process.terminate()
            reader.join()
            assert process.stderr is not None
            said = process.stderr.read()
            process.stdout.close()
            process.stderr.close()
            process.wait()
    assert said == ""


def in_a_preview(recording: Recording) -> Recording:
    """Return a recording as a first preview has it: no ids, and nothing that AWS adds to the inputs."""
    return Recording(
        project=recording.project,
        stack=recording.stack,
        resources=tuple(_in_a_preview(resource) for resource in recording.resources),
        outputs={},
    )


def _in_a_preview(resource: Resource) -> Resource:
    fields: dict[str, Any] = {name: getattr(resource, name) for name in Resource.__dataclass_fields__}
    if resource.custom:
        unknown = dict.fromkeys(resource.outputs, "<unknown>")
        fields |= {"id": "<unknown>", "outputs": {**unknown, **resource.inputs}}
    return Resource(**fields)


def _of_stack(resource: Resource, root: str) -> Any:  # noqa: ANN401 - a message of the protocol
    properties = {**resource.outputs, **({"id": resource.id} if resource.custom else {})}
    return analyzer_pb2.AnalyzerResource(
        urn=resource.urn,
        type=resource.type,
        name=resource.name,
        properties=_struct(properties),
        parent=resource.parent or root,
        dependencies=resource.dependencies,
        propertyDependencies={
            name: analyzer_pb2.AnalyzerPropertyDependencies(urns=urns)
            for name, urns in resource.property_dependencies.items()
        },
    )


def _struct(properties: Mapping[str, Json]) -> struct_pb2.Struct:
    message = struct_pb2.Struct()
    message.update({name: _sent(value) for name, value in properties.items()})
    return message


def _sent(value: Json) -> Json:
    match value:
        case "<unknown>":
            return UNKNOWN_STRING_VALUE
        case "<secret>":
            return {rpc._special_sig_key: rpc._special_secret_sig, "value": value}
        case dict():
            return {name: _sent(item) for name, item in value.items()}
        case list():
            return [_sent(item) for item in value]
        case _:
            return value
