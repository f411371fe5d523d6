"""What the parts of one API must be to each other and to the backends."""

from collections.abc import Iterator, Mapping

from apigateway.errors import Problem
from apigateway.paths import Location

from .api_places import http_places, rest_places, websocket_places
from .apis import Api, HttpApi, WebSocketApi
from .authorizer_checks import check_authorizers
from .cors_checks import check_cors
from .http_integration_checks import check_http_integration
from .integration_checks import check_backend_of
from .rest_access_checks import check_access
from .rest_apis import RestApi
from .rest_integration_checks import check_rest_integration
from .route_checks import check_routes
from .stack import Settings
from .usage_plan_checks import check_usage_plans
from .websocket_integration_checks import check_websocket_integration


def check_api(name: str, api: Api, settings: Settings, raw: Mapping[str, object]) -> Iterator[Problem]:
    """Check an API's routes, each integration with the routes that use it, and who may call."""
    at: Location = ("apis", name)
    yield from check_routes(name, api, raw)
    match api:
        case WebSocketApi():
            for place, websocket_spec, keys in websocket_places(api):
                yield from check_backend_of(websocket_spec, (*at, *place), api, settings, raw)
                yield from check_websocket_integration(websocket_spec, (*at, *place), keys, api)
            yield from check_usage_plans(name, api, raw)
        case HttpApi():
            for place, http_spec, keys in http_places(api):
                yield from check_backend_of(http_spec, (*at, *place), api, settings, raw)
                yield from check_http_integration(http_spec, (*at, *place), keys, settings)
            yield from check_cors(name, api, raw)
        case RestApi():
            for place, rest_spec, keys in rest_places(api):
                yield from check_backend_of(rest_spec, (*at, *place), api, settings, raw)
                yield from check_rest_integration(rest_spec, (*at, *place), keys, api, settings)
            yield from check_access(name, api, raw)
            yield from check_usage_plans(name, api, raw)
    yield from check_authorizers(name, api, raw)
