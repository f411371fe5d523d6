"""Headers that an application load balancer drops without a word: made here, it takes regular names only."""

import re
from collections.abc import Iterator
from typing import Final

from apigateway.errors import Problem
from apigateway.paths import Location
from apigateway.rules import mappings as rules

from .api_places import http_places, rest_places, websocket_places
from .apis import Api, HttpApi, WebSocketApi
from .backends import BalancedBackend
from .finding import problem_at
from .integrations import (
    HttpLambdaIntegration,
    HttpPrivateIntegration,
    HttpPublicIntegration,
    HttpServiceIntegration,
    WebSocketIntegration,
)
from .rest_apis import RestApi
from .rest_integrations import RestIntegration
from .stack import Settings

_REGULAR: Final = re.compile(r"[A-Za-z0-9-]+")


def warn_of_dropped_headers(settings: Settings) -> Iterator[Problem]:
    """Warn of mapped headers that never arrive.

    Source: Elastic Load Balancing User Guide, "HTTP headers and Application Load Balancers": names that do not fit
    ``[-A-Za-z0-9]+`` are removed where ``routing.http.drop_invalid_header_fields`` is on.
    """
    for name, api in settings.apis.items():
        for place, backend, header in _mapped_headers(api):
            if backend is not None and _drops(settings, backend) and not _REGULAR.fullmatch(header):
                message = (
                    f'does not arrive: the load balancer of "{backend}" drops headers whose names have more than '
                    "letters, digits and hyphens"
                )
                yield problem_at(rules.DROPPED_HEADER, message, "apis", name, *place)


def _mapped_headers(api: Api) -> Iterator[tuple[Location, str | None, str]]:
    """Yield the place, the backend and the name of each header that a mapping sends."""
    match api:
        case WebSocketApi():
            for place, websocket_spec, _ in websocket_places(api):
                yield from _of_integration(websocket_spec, place)
        case RestApi():
            for place, rest_spec, _ in rest_places(api):
                yield from _of_integration(rest_spec, place)
        case HttpApi():
            for place, http_spec, _ in http_places(api):
                if not isinstance(http_spec, HttpServiceIntegration):
                    yield from _of_http_integration(http_spec, place)


def _of_integration(
    integration: WebSocketIntegration | RestIntegration, at: Location
) -> Iterator[tuple[Location, str | None, str]]:
    for destination in integration.request_parameters:
        if destination.location == "header":
            yield (*at, "requestParameters", str(destination)), integration.backend_name, destination.name


def _of_http_integration(
    integration: HttpPrivateIntegration | HttpPublicIntegration | HttpLambdaIntegration, at: Location
) -> Iterator[tuple[Location, str | None, str]]:
    for destination in integration.request_parameters:
        if destination.location == "header" and destination.action != "remove":
            yield (*at, "requestParameters", str(destination)), integration.backend_name, destination.name


def _drops(settings: Settings, backend: str) -> bool:
    """Tell whether an application load balancer made here is on the way to a backend."""
    spec = settings.backends.get(backend)
    if not isinstance(spec, BalancedBackend):
        return False
    if spec.load_balancer == "application":
        return True
    return spec.target.backend is not None and _drops(settings, spec.target.backend)
