"""Values that are more than text to a service: lists, times, attributes of messages.

AWS does not say how such a value is written in a parameter of an integration. Attributes of messages have been seen to
be JSON; the rest is read in the same way, and as leniently as is safe.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from apigateway.errors import shown
from apigateway.json_path import JsonValue
from local.gateway.service_calls.call import ServiceParameterError

_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]+)?")
_MILLISECONDS_FROM: Final = 100_000_000_000
"""As seconds, this is the year 5138: a greater number is of milliseconds, as ``$context.requestTimeEpoch`` is."""


def read_list(name: str, text: str) -> list[str]:
    """Read a list: a JSON array of texts, or values with commas between them."""
    if not text.lstrip().startswith("["):
        return [part.strip() for part in text.split(",")]
    values = _json(name, text)
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ServiceParameterError(f'{name} must be a list of texts, got "{shown(text)}"')
    return [str(value) for value in values]


def read_time(name: str, text: str) -> float:
    """Read a time as seconds since 1970: a number of seconds or milliseconds, or ISO 8601."""
    if _NUMBER.fullmatch(text):
        number = float(text)
        return number / 1000 if number >= _MILLISECONDS_FROM else number
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ServiceParameterError(
            f'{name} must be a time such as 2026-01-31T12:00:00Z, or seconds since 1970, got "{shown(text)}"'
        ) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def read_attributes(name: str, text: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Read a message's attributes: ``{"NAME": {"DataType": "String", "StringValue": "…"}}``."""
    document = _json(name, text)
    wanted = f'{name} must be JSON such as {{"tenant": {{"DataType": "String", "StringValue": "acme"}}}}'
    if not isinstance(document, dict):
        raise ServiceParameterError(f'{wanted}, got "{shown(text)}"')
    for attribute, value in document.items():
        members = value if isinstance(value, dict) else {}
        known = {"DataType", "StringValue", "BinaryValue"}
        texts = {key: member for key, member in members.items() if key in known and isinstance(member, str)}
        if len(texts) != len(members) or "DataType" not in texts or len(texts) == 1:
            raise ServiceParameterError(f'{wanted}, got "{shown(json.dumps({attribute: value}))}"')
        yield attribute, texts


def _json(name: str, text: str) -> JsonValue:
    try:
        value: JsonValue = json.loads(text)
    except (ValueError, RecursionError):
        raise ServiceParameterError(f'{name} must be JSON, got "{shown(text)}"') from None
    return value
