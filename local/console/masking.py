"""Takes secrets out of what is shown of an exchange: values whose names say that they let somebody in.

A page that is open on a desk, and a line of a log, show no token; who wants to see one asks for it. Bodies are shown as
they are, for no name says what is in them.
"""

import re
from collections.abc import Callable
from typing import cast

from apigateway.json_path import JsonValue
from local.console.describe import DetailJson, InvokedJson, MappingsJson, SentJson, SummaryJson

MASK = "•••"
"""Stands for a value amid text; where the value stands alone, it is null."""

_SECRET = re.compile(
    r"authori[sz]ation|cookie|token|secret|passw|credential|signature|session|jwt|api[-_]?key|identitysource",
    re.IGNORECASE,
)
_SECRET_PARAMETERS = frozenset({"code"})
"""Names of a query alone: OAuth's authorization code lets somebody in, and elsewhere a code is of another kind."""

_PARAMETER = re.compile(r"querystring\.code(?![\w.-])", re.IGNORECASE)
"""The same in a mapping."""
_QUERIES = frozenset({"queryStringParameters", "multiValueQueryStringParameters", "querystring"})
"""Members of an event that have a query's names."""

_QUERY = re.compile(r"(?P<name>[^?&=\s]+)=(?P<value>[^&\s]+)")


def is_secret(name: str) -> bool:
    """Say whether a name is one of those whose values are masked."""
    return _SECRET.search(name) is not None


def _is_secret_parameter(name: str) -> bool:
    return is_secret(name) or name.lower() in _SECRET_PARAMETERS


def masked_text(text: str) -> str:
    """Mask the values in the query string of a target such as ``GET /pets?token=t1``."""
    path, mark, query = text.partition("?")
    return path + mark + _masked_query(query) if mark else text


def masked_summary(summary: SummaryJson) -> SummaryJson:
    """Mask the line of an exchange."""
    return {**summary, "event": masked_text(summary["event"])}


def masked(detail: DetailJson) -> DetailJson:
    """Mask an exchange."""
    request, answered, client = detail["request"], detail["answered"], detail["client"]
    result: DetailJson = {
        **detail,
        "event": masked_text(detail["event"]),
        "request": request
        and {
            **request,
            "query": _pairs(request["query"], _is_secret_parameter),
            "headers": _pairs(request["headers"]),
            "context": _pairs(request["context"]),
            "stageVariables": _pairs(request["stageVariables"]),
        },
        "requestMappings": _mappings(detail["requestMappings"]),
        "sent": _sent(detail["sent"]),
        "answered": answered and {**answered, "headers": _pairs(answered["headers"])},
        "responseMappings": _mappings(detail["responseMappings"]),
        "client": {**client, "headers": _pairs(client["headers"])},
    }
    return {**result, "masked": result != detail}


def _pairs(pairs: list[list[str | None]], is_masked: Callable[[str], bool] = is_secret) -> list[list[str | None]]:
    return [[name, None if name and is_masked(name) else value] for name, value in pairs]


def _mappings(mappings: MappingsJson) -> MappingsJson:
    rows = mappings["rows"]
    return {
        **mappings,
        "rows": [
            {**row, "values": None} if row["values"] and _maps_secret(f"{row['destination']} {row['source']}") else row
            for row in rows
        ],
    }


def _maps_secret(mapping: str) -> bool:
    return is_secret(mapping) or _PARAMETER.search(mapping) is not None


def _sent(sent: SentJson | InvokedJson | None) -> SentJson | InvokedJson | None:
    if sent is None:
        return None
    if "event" in sent:
        invoked = cast("InvokedJson", sent)
        return {**invoked, "event": _event(invoked["event"])}
    return {**sent, "target": masked_text(sent["target"]), "headers": _pairs(sent["headers"])}


def _event(value: JsonValue, name: str = "") -> JsonValue:
    """Mask what a function was given: texts under a secret's name, however deep in it."""
    match value:
        case dict():
            return {key: _event(item, _within(name, key)) for key, item in value.items()}
        case list():
            return [_event(item, name) for item in value]
        case str() if name in {"rawQueryString", "methodArn", "routeArn"}:
            return _masked_query(value)
        case str() if value and is_secret(name):
            return MASK
        case _:
            return value


def _within(name: str, key: str) -> str:
    """Return by what name a member is masked: what is in a secret is one, whatever it is called."""
    if is_secret(name):
        return f"{name} {key}"
    return f"secret {key}" if name in _QUERIES and _is_secret_parameter(key) else key


def _masked_query(query: str) -> str:
    return _QUERY.sub(
        lambda match: f"{match['name']}={MASK}" if _is_secret_parameter(match["name"]) else match[0], query
    )
