"""Reads a stack's configuration from its files, as the Pulumi CLI would hand it to the program.

``Pulumi.yaml`` gives the project's name and defaults, ``Pulumi.<stack>.yaml`` the stack's values. YAML is read by
version 1.2, in which a bare ``OFF``, ``22:22`` or ``2012-10-17`` is a string; a key that stands twice is refused. What
only the CLI can read (``environment:`` and ``secure:`` values) is refused unless ``--config KEY=VALUE`` replaces it.

The outputs of other stacks, which the engine takes from its backend, come from a file of the user's.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError, SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import ScalarNode

from apigateway.errors import Problem, StackFileError
from apigateway.readable import readable
from apigateway.suggest import nearest
from local.recording import Json

StackOutputs: TypeAlias = Mapping[str, Mapping[str, Json]]
"""Outputs by the full name of their stack, such as ``acme/network/dev``."""

NAMESPACE = "gatelink"

_STACK_KEYS = ("config", "encryptedkey", "encryptionsalt", "environment", "secretsprovider")


@dataclass(frozen=True, slots=True, kw_only=True)
class StackConfig:
    """A stack's configuration: full key (``gatelink:apis``) → text, blocks as JSON, as the engine passes it."""

    directory: Path
    """The project's folder, in which the program is."""
    project: str
    stack: str
    file: Path
    values: Mapping[str, str]
    secret_keys: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
    """Keys in Gatelink's blocks that are no text; each is read as it is written, so that the rest can be judged."""
    stack_outputs: StackOutputs | None = None
    """The outputs of the stacks that the program may refer to; None where no file of them was given."""

    def settings(self) -> dict[str, object]:
        """Return the ``gatelink:`` keys without the prefix, blocks as blocks."""
        return {
            key.removeprefix(f"{NAMESPACE}:"): decode(text)
            for key, text in self.values.items()
            if key.startswith(f"{NAMESPACE}:")
        }


def misspelt_keys(config: StackConfig) -> list[str]:
    """Return a sentence for each key whose namespace is nearly Gatelink's: the program would never see it."""
    found = []
    for key in config.values:
        namespace, _, name = key.partition(":")
        if namespace != NAMESPACE and nearest(namespace, [NAMESPACE]):
            found.append(f"{key}: is read by nothing; did you mean {NAMESPACE}:{name}?")
    return found


def decode(text: str) -> object:
    """Turn a configuration value back into a block; what is not a JSON block is a text."""
    try:
        return json.loads(text) if text[:1] in ("{", "[") else text
    except ValueError:
        return text


def read_stack(
    directory: Path,
    stack: str,
    overrides: Mapping[str, str] | None = None,
    *,
    config_file: Path | None = None,
    outputs_file: Path | None = None,
) -> StackConfig:
    """Read the project and stack files in ``directory``; ``overrides`` are the ``--config`` values.

    ``config_file`` is read instead of ``Pulumi.<stack>.yaml``; ``outputs_file`` is the file of ``--stack-outputs``.

    Raises ``StackFileError`` with the file, the line where there is one, and what was expected.
    """
    project_file = directory / "Pulumi.yaml"
    project = _load(project_file, missing="a Gatelink project has one; run this in the project's folder")
    name = project.get("name")
    if not isinstance(name, str):
        raise StackFileError(f"{project_file.name}: name must be the project's name")
    stack_file = config_file or directory / f"Pulumi.{stack}.yaml"
    missing = f'there is no stack "{stack}" here; stacks: {_stacks(directory)}'
    document = _read(stack_file, missing="--config-file must name a stack's configuration" if config_file else missing)
    problems = _name_odd_keys(document, stack_file.name, _full_key("", name))
    unknown = sorted(set(document) - set(_STACK_KEYS))
    if unknown:
        raise StackFileError(f"{stack_file.name}: unknown key {unknown[0]}; known keys: {', '.join(_STACK_KEYS)}")
    # With values given on the command line, they are taken to be what the environment brings.
    if "environment" in document and not overrides:
        raise StackFileError(
            f"{stack_file.name}: only the Pulumi CLI can read environment; give what it brings by --config KEY=VALUE"
        )
    given = {_full_key(key, name): value for key, value in (overrides or {}).items()}
    values: dict[str, str] = {}
    for key, value in _defaults(project, project_file.name).items():
        values[_full_key(key, name)] = _encode(value)
    for key, value in _block(document.get("config"), f"{stack_file.name}: config").items():
        full = _full_key(key, name)
        if full in given:
            continue
        secret = _find_secret(value, key)
        if secret:
            raise StackFileError(
                f"{stack_file.name}: {secret} is encrypted (secure), which only the Pulumi CLI can read; "
                f"give it by --config {full}=VALUE"
            )
        values[full] = _encode(value)
    secret_keys = tuple(
        sorted(
            _full_key(key, name)
            for key, value in _block(document.get("config"), "config").items()
            if _find_secret(value, key)
        )
    )
    return StackConfig(
        directory=directory,
        project=name,
        stack=stack,
        file=stack_file,
        values=dict(sorted((values | given).items())),
        secret_keys=secret_keys,
        problems=problems,
        stack_outputs=read_stack_outputs(outputs_file) if outputs_file else None,
    )


def read_stack_outputs(file: Path) -> StackOutputs:
    """Read the outputs of other stacks from a YAML file, or from a JSON file, which is YAML too.

    Raises ``StackFileError`` where it cannot be read or holds anything but blocks of outputs by stack.
    """
    document = _load(file, missing="--stack-outputs must name a YAML or JSON file of stacks' outputs")
    outputs: dict[str, Mapping[str, Json]] = {}
    for stack, block in document.items():
        if not isinstance(block, dict):
            given = json.dumps(block)
            raise StackFileError(
                f"{file.name}: {stack}: must be a stack with a block of its outputs, got {given}; "
                'for example {"acme/network/dev": {"vpcId": "vpc-0123456789abcdef0"}}'
            )
        outputs[stack] = block
    return outputs


def parse_override(text: str) -> tuple[str, str]:
    """Split one ``--config KEY=VALUE``."""
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise StackFileError(f'--config must be KEY=VALUE, got "{text}"')
    return key, value


def _full_key(key: str, project: str) -> str:
    return key if ":" in key else f"{project}:{key}"


def _encode(value: object) -> str:
    """Print a value as the engine does: a block as JSON with its keys sorted, a scalar as its text."""
    if isinstance(value, dict | list):
        return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _block(value: object, place: str) -> dict[str, object]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise StackFileError(f"{place} must be a block of keys")
    return value


def _defaults(project: Mapping[str, object], file: str) -> dict[str, object]:
    """Return what the project file says of configuration: plain values, and the defaults of declared keys."""
    found: dict[str, object] = {}
    for key, value in _block(project.get("config"), f"{file}: config").items():
        if not isinstance(value, dict):
            found[key] = value
        elif "value" in value or "default" in value:
            found[key] = value.get("value", value.get("default"))
    return found


def _find_secret(value: object, place: str) -> str | None:
    """Return the place of the first encrypted value in a block."""
    if isinstance(value, dict):
        if set(value) == {"secure"}:
            return place
        inner = ((item, f"{place}.{key}") for key, item in value.items())
    elif isinstance(value, list):
        inner = ((item, f"{place}[{index}]") for index, item in enumerate(value))
    else:
        return None
    return next((secret for item, at in inner if (secret := _find_secret(item, at))), None)


def _stacks(directory: Path) -> str:
    names = sorted(path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in directory.glob("Pulumi.*.yaml"))
    return ", ".join(names) or "none"


class _Constructor(SafeConstructor):
    """Builds plain values; a date stays the text that it is in YAML 1.2's core schema."""


def _text(constructor: SafeConstructor, node: ScalarNode) -> str:
    return str(constructor.construct_scalar(node))


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", _text)
for _name in ("binary", "omap", "pairs", "set"):  # JSON has no such values
    del _Constructor.yaml_constructors[f"tag:yaml.org,2002:{_name}"]


def _load(file: Path, *, missing: str) -> dict[str, object]:
    """Read a file in which every key is text."""
    block = _read(file, missing=missing)
    _refuse_odd_keys(block, file.name)
    return block


def _read(file: Path, *, missing: str) -> dict[str, object]:
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise StackFileError(f"{file.name}: not found: {missing}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise StackFileError(f"{file.name}: cannot be read: {error}") from None
    reader = YAML(typ="safe", pure=True)
    reader.Constructor = _Constructor
    try:
        document: object = reader.load(text)
    except DuplicateKeyError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = str(error.problem).split(" with value")[0].replace("found duplicate key", "the key stands twice:")
        raise StackFileError(f"{file.name}:{line}: {problem}") from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{file.name}:{mark.line + 1}:{mark.column + 1}" if mark else file.name
        raise StackFileError(f"{where}: not YAML: {error.problem or error.context}") from None
    except YAMLError as error:
        raise StackFileError(f"{file.name}: not YAML: {error}") from None
    except RecursionError:
        raise StackFileError(f"{file.name}: nested too deeply") from None
    return _block(document, file.name)


def _name_odd_keys(document: dict[str, object], file: str, own: str) -> tuple[Problem, ...]:
    """Take keys that are no text for text in Gatelink's blocks, and return them; refuse them anywhere else.

    What the CLI makes of a bare ``404`` is not defined.
    """
    config = document.get("config")
    blocks = config if isinstance(config, dict) else {}
    problems: list[Problem] = []
    for key, value in blocks.items():
        full = key if not isinstance(key, str) or ":" in key else f"{own}{key}"
        if isinstance(full, str) and full.startswith(f"{NAMESPACE}:"):
            name = full.removeprefix(f"{NAMESPACE}:")
            found = readable({name: value})
            blocks[key] = found.block[name]
            problems += found.problems
    _refuse_odd_keys(document, file)
    return tuple(problems)


def _refuse_odd_keys(value: object, place: str) -> None:
    """Refuse keys that are not text: a bare ``404`` is a number, and what the CLI makes of it is not defined."""
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                written = json.dumps(key, default=str)
                raise StackFileError(f'{place}: the key {written} is not text; write "{written}" in quotes')
            _refuse_odd_keys(item, f"{place}: {key}" if ":" not in place else f"{place}.{key}")
    elif isinstance(value, list):
        for item in value:
            _refuse_odd_keys(item, place)
