"""Holds bodies and messages against the models of an API.

Source: "Data models for REST APIs" (JSON Schema draft 4), which holds for WebSocket APIs, too.
"""

from dataclasses import dataclass
from itertools import islice
from typing import Final

from jsonschema import Draft4Validator

from apigateway.json_path import JsonValue

MOST_DETAILS: Final = 5
"""How many faults of a body are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """What of a body does not fit its model."""

    path: tuple[str | int, ...]
    """Where it is; empty for the whole."""
    json_path: str
    """The same as ``$.pets[0].name``."""
    message: str


def misfits(model: JsonValue, content: JsonValue) -> tuple[Misfit, ...] | None:
    """Return the first things that do not fit; None for a content that is nested too deeply to tell."""
    errors = islice(Draft4Validator(model).iter_errors(content), MOST_DETAILS)
    try:
        return tuple(
            Misfit(path=tuple(error.absolute_path), json_path=error.json_path, message=error.message)
            for error in errors
        )
    except RecursionError:
        return None
