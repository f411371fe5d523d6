"""What a run of the program is given, on its way from the command line's process to the one that runs it."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from apigateway.errors import SettingsError
from local.stack_file import StackConfig, StackOutputs

ROOT = Path(__file__).resolve().parent.parent.parent
"""The folder that Gatelink's packages are in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One run: the program's folder, and what the engine would tell it."""

    directory: str
    """Absolute: the recorder's processes have another working directory until they run the program."""
    project: str
    stack: str
    values: Mapping[str, str]
    """Secrets too, as the engine passes them: a request goes through a pipe and is never written down."""
    secret_keys: tuple[str, ...]
    stack_outputs: StackOutputs | None

    @classmethod
    def of(cls, config: StackConfig) -> Self:
        """Return the run of a stack; raises ``SettingsError`` for what the reader of the file found."""
        if config.problems:
            raise SettingsError(config.problems)
        return cls(
            directory=str(config.directory.resolve()),
            project=config.project,
            stack=config.stack,
            values=dict(config.values),
            secret_keys=config.secret_keys,
            stack_outputs=config.stack_outputs,
        )

    def to_json(self) -> str:
        """Print the request; :meth:`from_json` reads it back to an equal one."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what :meth:`to_json` printed."""
        document: dict[str, Any] = json.loads(text)
        return cls(**{**document, "secret_keys": tuple(document["secret_keys"])})


def environment() -> dict[str, str]:
    """Return the environment of a recorder's process: this one's, with Gatelink's packages to be found."""
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
