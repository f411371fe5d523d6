"""Headers by which a backend knows WebSocket clients, and which clients of other APIs may write themselves."""

from collections.abc import Iterator, Mapping
from typing import Final

from apigateway.errors import Problem
from apigateway.mapping import websocket
from apigateway.mapping.http import is_reserved_header
from apigateway.paths import Location
from apigateway.rules import mappings as rules

from .api_places import http_places, rest_places, websocket_places
from .apis import Api, HttpApi, WebSocketApi
from .backends import BalancedBackend
from .finding import problem_at
from .integrations import HttpPrivateIntegration
from .rest_apis import RestApi
from .rest_integrations import RestPrivateProxyIntegration
from .stack import Settings

_OF_THE_CLIENT: Final = (websocket.RouteParameter, websocket.BodyField)
"""Sources that a WebSocket client writes itself: a header of them says nothing of who it is."""


def warn_of_spoofed_headers(settings: Settings) -> Iterator[Problem]:
    """Warn where an HTTP or REST API leads to a WebSocket API's backend and lets its headers through.

    Sources: API Gateway Developer Guide, "HTTP proxy integrations for HTTP APIs" and "Set up HTTP integrations in API
    Gateway": a proxy passes the whole request on, a REST API's ``HTTP`` integration only what is mapped.
    """
    trusted = _trusted_headers(settings)
    for name, api in settings.apis.items():
        for place, backend, replaced in _proxies(api):
            headers = trusted.get(_end_of(settings, backend), {})
            open_ = [header for lower, header in headers.items() if lower not in replaced]
            if open_:
                message = (
                    f"does not replace {', '.join(open_)}: the backend has it from a WebSocket API, and here from any "
                    f"client that sends it; {_remedy(api, open_)}"
                )
                yield problem_at(rules.SPOOFED_HEADER, message, "apis", name, *place, "requestParameters")


def _trusted_headers(settings: Settings) -> Mapping[str, Mapping[str, str]]:
    """Return the headers that WebSocket APIs tell each backend: in small letters → as written."""
    found: dict[str, dict[str, str]] = {}
    for api in settings.apis.values():
        if isinstance(api, WebSocketApi):
            for _, spec, keys in websocket_places(api):
                if spec.backend_name is not None and keys:
                    headers = found.setdefault(_end_of(settings, spec.backend_name), {})
                    for to, source in spec.request_parameters.items():
                        if to.location == "header" and not isinstance(source, _OF_THE_CLIENT):
                            headers.setdefault(to.name.lower(), to.name)
    return found


def _proxies(api: Api) -> Iterator[tuple[Location, str, set[str]]]:
    """Yield each integration that passes a client's headers to a backend: its place, the backend, what it replaces."""
    match api:
        case WebSocketApi():
            return
        case HttpApi():
            for place, http_spec, keys in http_places(api):
                if isinstance(http_spec, HttpPrivateIntegration) and keys:
                    mapped = [to for to in http_spec.request_parameters if to.action != "append"]
                    yield place, http_spec.backend, {to.name.lower() for to in mapped if to.location == "header"}
        case RestApi():
            for place, rest_spec, keys in rest_places(api):
                if isinstance(rest_spec, RestPrivateProxyIntegration) and keys:
                    names = {to.name.lower() for to in rest_spec.request_parameters if to.location == "header"}
                    yield place, rest_spec.backend, names


def _end_of(settings: Settings, backend: str) -> str:
    """Return the backend where the targets are: a network load balancer may lead to an application load balancer."""
    spec = settings.backends.get(backend)
    if isinstance(spec, BalancedBackend) and spec.target.backend is not None:
        return _end_of(settings, spec.target.backend)
    return backend


def _remedy(api: Api, headers: list[str]) -> str:
    if isinstance(api, RestApi):
        return "write {" + ", ".join(f"integration.request.header.{header}: \"''\"" for header in headers) + "}"
    if kept := [header for header in headers if is_reserved_header(header)]:
        return f"no mapping of an HTTP API changes {', '.join(kept)}: give it a backend of its own"
    return "write {" + ", ".join(f'"remove:header.{header}": ""' for header in headers) + "}"
