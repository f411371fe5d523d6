"""The stack at hand, read from the engine, and a user's mistakes as one error without a traceback."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pulumi
from pulumi.runtime.config import CONFIG, get_config_env

from apigateway.errors import GatelinkError, Problem, SettingsError
from settings import Settings, load_settings

from .defaults import log_prefix, region, stack_tags
from .naming import Tags

_PREFIX = "gatelink:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """One environment: its name, its settings, and the tags of every taggable resource."""

    name: str
    project: str
    settings: Settings
    tags: Tags

    @property
    def log_prefix(self) -> str:
        """The first part of the names of log groups that AWS services write to."""
        return log_prefix(self.project, self.name)


def read() -> Stack:
    """Read every ``gatelink:`` key of the stack that the engine runs.

    Raises ``SettingsError`` with every problem. An encrypted key is one: its values would become inputs of many
    resources and stand in the state in the clear.
    """
    keys = sorted(key for key in {**get_config_env(), **CONFIG.get()} if key.startswith(_PREFIX))
    secret = [key for key in keys if pulumi.runtime.is_config_secret(key)]
    if secret:
        message = "is encrypted; Gatelink's settings become plain inputs of resources and must not hold a secret"
        raise SettingsError(tuple(Problem(key.removeprefix(_PREFIX), message) for key in secret))
    settings = load_settings({key.removeprefix(_PREFIX): _value(key) for key in keys}, region())
    tags = {**settings.tags, **stack_tags()}
    return Stack(name=pulumi.get_stack(), project=pulumi.get_project(), settings=settings, tags=tags)


@contextmanager
def user_errors(of: str | None = None) -> Iterator[None]:
    """End the program with one ``pulumi.RunError`` that lists what the user has to mend.

    ``of`` names what the settings are of. Left out: the stack's file.
    """
    try:
        yield
    except SettingsError as error:
        count = len(error.problems)
        head = f"{of or f'Pulumi.{pulumi.get_stack()}.yaml'} has {count} problem{'s' if count > 1 else ''}:"
        raise pulumi.RunError("\n".join([head, *(f"  {problem}" for problem in error.problems)])) from None
    except GatelinkError as error:
        raise pulumi.RunError(str(error)) from None


def _value(key: str) -> object:
    """Decode a value: the engine passes a block as JSON and anything else as text."""
    text = pulumi.Config(_PREFIX.removesuffix(":")).require(key.removeprefix(_PREFIX))
    if text[:1] not in ("{", "["):
        return text
    try:
        decoded: object = json.loads(text)
    except json.JSONDecodeError:
        return text
    return decoded
