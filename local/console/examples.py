"""What to try with an API: requests and frames that its routes take, to fill the page's boxes with."""

import json
import re
from collections.abc import Iterable
from typing import TypedDict, assert_never

from apigateway.json_path import JsonPath, JsonValue
from apigateway.mapping.websocket import BodyField, RouteParameter
from local.topology import Api, HttpApi, RestApi, WebSocketApi
from local.topology.rest import RestMethod
from local.topology.stages import Stage
from local.topology.websocket import WebSocketRoute

_VARIABLE = re.compile(r"\{[^{}/]+?(?P<greedy>\+)?\}")
_NAMES = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
_BODY = '{\n  "name": "example"\n}'
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
_TEXT = "example"
_SEGMENT, _SEGMENTS = "7", "items/7"
"""For the variables of a path."""


class RequestExample(TypedDict):
    """An HTTP request, or a handshake."""

    label: str
    method: str
    path: str
    headers: list[list[str]]
    body: str


class FrameExample(TypedDict):
    """A message on a WebSocket."""

    label: str
    text: str


def requests_of(api: Api) -> list[RequestExample]:
    """Return a request for each route; for a WebSocket API a handshake for each stage."""
    match api:
        case HttpApi():
            return [
                _http(_label(str(key), stage, api), key.method, _prefix(stage) + (key.path or "/"))
                for stage in api.stages.values()
                for key in api.routes
            ]
        case RestApi():
            return [
                _rest(_label(str(key), stage, api), stage, method)
                for stage in api.stages.values()
                for key, method in api.methods.items()
            ]
        case WebSocketApi():
            connect = api.routes.get("$connect")
            return [_handshake(stage, connect) for stage in api.stages.values()]
        case _:
            assert_never(api)


def frames_of(api: Api) -> list[FrameExample]:
    """Return a message for each route of a WebSocket API that messages can choose, for ``$default`` last."""
    if not isinstance(api, WebSocketApi):
        return []
    found: list[FrameExample] = []
    for key, route in sorted(api.routes.items(), key=lambda item: item[0].startswith("$")):
        message: dict[str, JsonValue] = {}
        if key == "$default":
            message["message"] = "hello"
        elif key.startswith("$") or not _choose(message, api.selection.parts, key):
            continue
        for _, source in route.integration.request.entries:
            if isinstance(source, BodyField):
                _put(message, source.path, _TEXT)
        found.append({"label": key, "text": json.dumps(message)})
    return found


def _label(key: str, stage: Stage, api: Api) -> str:
    return key if len(api.stages) == 1 else f"{key} ({stage.name})"


def _prefix(stage: Stage) -> str:
    return "" if stage.name == "$default" else f"/{stage.name}"


def _http(label: str, method: str, path: str) -> RequestExample:
    verb = "GET" if method in {"ANY", "$default"} else method
    return {
        "label": label,
        "method": verb,
        "path": _VARIABLE.sub(lambda match: _SEGMENTS if match["greedy"] else _SEGMENT, path),
        "headers": [["Content-Type", "application/json"]] if verb in _WITH_BODY else [],
        "body": _BODY if verb in _WITH_BODY else "",
    }


def _rest(label: str, stage: Stage, method: RestMethod) -> RequestExample:
    example = _http(label, method.key.method, _prefix(stage) + method.key.path)
    required = [name for name, needed in method.parameters.items() if needed]
    key = next(iter(stage.api_keys), None)
    return {
        **example,
        "path": example["path"] + _query(_named(required, "method.request.querystring.")),
        "headers": [
            *example["headers"],
            *([name, _TEXT] for name in _named(required, "method.request.header.")),
            *([["x-api-key", key]] if method.api_key_required and key else []),
        ],
    }


def _handshake(stage: Stage, connect: WebSocketRoute | None) -> RequestExample:
    required = () if connect is None else connect.required
    mapped = () if connect is None else connect.integration.request.entries
    sources = [source for _, source in mapped if isinstance(source, RouteParameter)]
    query = [*_named(required, "route.request.querystring."), *_at(sources, "querystring")]
    headers = [*_named(required, "route.request.header."), *_at(sources, "header")]
    return {
        "label": f"connect to {stage.name}",
        "method": "GET",
        "path": f"/{stage.name}" + _query(query),
        "headers": [[name, _TEXT] for name in dict.fromkeys(headers)],
        "body": "",
    }


def _at(sources: Iterable[RouteParameter], location: str) -> list[str]:
    return [source.name for source in sources if source.location in {location, f"multivalue{location}"}]


def _named(names: Iterable[str], prefix: str) -> list[str]:
    return [name.removeprefix(prefix) for name in names if name.startswith(prefix)]


def _query(names: Iterable[str]) -> str:
    query = "&".join(f"{name}={_TEXT}" for name in dict.fromkeys(names))
    return f"?{query}" if query else ""


def _choose(message: dict[str, JsonValue], parts: tuple[str | JsonPath, ...], key: str) -> bool:
    """Put into a message what makes the selection expression give a key; False where that takes more than one field."""
    paths = [part for part in parts if isinstance(part, JsonPath)]
    if len(paths) != 1:
        return False
    place = parts.index(paths[0])
    before, after = "".join(map(str, parts[:place])), "".join(map(str, parts[place + 1 :]))
    if len(key) < len(before + after) or not (key.startswith(before) and key.endswith(after)):
        return False
    return _put(message, paths[0], key[len(before) : len(key) - len(after)])


def _put(message: dict[str, JsonValue], path: JsonPath, value: str) -> bool:
    """Put a value where a path leads, unless something is there; False for paths that are more than names."""
    if not _NAMES.fullmatch(str(path)):
        return False
    *parents, last = str(path).split(".")
    for name in parents:
        inner = message.setdefault(name, {})
        if not isinstance(inner, dict):
            return False
        message = inner
    message.setdefault(last, value)
    return True
