"""Says what an edit changed in what is served: which APIs, and how many of their routes."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from local.topology import Api, HttpApi, RestApi, Topology, WebSocketApi


def changes(before: Topology, after: Topology) -> str:
    """Return ``pets: 2 routes, chat: new``, or that nothing of what is served differs."""
    return ", ".join(_changes(_by_name(before), _by_name(after))) or "nothing that is served has changed"


def _changes(before: Mapping[tuple[str, type], Api], after: Mapping[tuple[str, type], Api]) -> Iterator[str]:
    for key in sorted({*before, *after}, key=lambda key: (key[0], key[1].__name__)):
        old, new = before.get(key), after.get(key)
        if old is None or new is None:
            yield f"{key[0]}: {'new' if old is None else 'gone'}"
        elif old != new:
            yield f"{key[0]}: {_what(old, new)}"


def _what(old: Api, new: Api) -> str:
    was, now = _routes(old), _routes(new)
    count = sum(was.get(route) != now.get(route) for route in {*was, *now})
    routes = [f"{count} route{'' if count == 1 else 's'}"] if count else []
    return " and ".join([*routes, *(["the API itself"] if _without_routes(old) != _without_routes(new) else [])])


def _routes(api: Api) -> Mapping[str, object]:
    routes = api.methods if isinstance(api, RestApi) else api.routes
    return {str(key): route for key, route in routes.items()}


def _without_routes(api: Api) -> Api:
    match api:
        case RestApi():
            return replace(api, methods={})
        case HttpApi():
            return replace(api, routes={})
        case WebSocketApi():
            return replace(api, routes={})


def _by_name(topology: Topology) -> dict[tuple[str, type], Api]:
    apis: list[Api] = [*topology.http_apis, *topology.websocket_apis, *topology.rest_apis]
    return {(api.name, type(api)): api for api in apis}
