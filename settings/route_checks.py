"""What the routes of an API must be: to their integrations and models, and to what their kind of event can have."""

from collections.abc import Iterator, Mapping

from apigateway.errors import Problem
from apigateway.paths import Location
from apigateway.route_keys import HttpRouteKey
from apigateway.rules import routes as rules
from apigateway.rules import stack_file
from apigateway.rules import stages as stage_rules

from .api_places import stages_with_places
from .apis import Api, HttpApi
from .finding import names_of, problem_at, refer
from .rest_apis import RestApi
from .rest_route_checks import check_rest_routes
from .routes import WebSocketRoute


def check_routes(name: str, api: Api, raw: Mapping[str, object]) -> Iterator[Problem]:
    """Check that an API has routes, and each of them; and the routes that its stages name."""
    at: Location = ("apis", name, "routes")
    known_routes = names_of(raw, "apis", name, "routes")
    if not known_routes:
        yield problem_at(rules.ROUTE_NEEDED, "must hold at least one route", *at)
    integrations = names_of(raw, "apis", name, "integrations")
    for key, route in api.routes.items():
        if isinstance(route.integration, str):
            unknown = refer("integration", route.integration, integrations, f"apis.{name}.integrations")
            if unknown:
                yield problem_at(stack_file.REFERENCE, unknown, *at, key, "integration")
        if isinstance(route, WebSocketRoute):
            yield from _check_websocket_route(route, key, (*at, key), raw)
    if isinstance(api, HttpApi):
        yield from _check_same_routes(api, at)
    if isinstance(api, RestApi):
        yield from check_rest_routes(name, api, raw)
    yield from _check_route_settings(name, api, known_routes)


def _check_route_settings(name: str, api: Api, known: list[str] | None) -> Iterator[Problem]:
    for place, stage in stages_with_places(api):
        for key in stage.route_settings:
            unknown = refer("route", key, known, f"apis.{name}.routes")
            if unknown:
                yield problem_at(stage_rules.ROUTE_SETTINGS, unknown, "apis", name, *place, "routeSettings", key)


def _check_same_routes(api: HttpApi, at: Location) -> Iterator[Problem]:
    """Report routes that take the same requests, but for the names of their path variables."""
    seen: dict[tuple[str, str], str] = {}
    for key in api.routes:
        parsed = HttpRouteKey.parse(key)
        first = seen.setdefault((parsed.method, parsed.pattern.pattern), key)
        if first != key:
            yield problem_at(rules.SAME_ROUTE, f"takes the same requests as {first}", *at, key)


def _check_websocket_route(
    route: WebSocketRoute, key: str, at: Location, raw: Mapping[str, object]
) -> Iterator[Problem]:
    if route.retired:
        yield from _check_retired(route, at)
        return
    if route.integration is None:
        yield problem_at(stack_file.REQUIRED_KEY, "is required", *at, "integration")
    if key == "$disconnect" and route.route_response:
        message = "must be false on $disconnect: the client that would get the answer is gone"
        yield problem_at(rules.ROUTE_RESPONSE, message, *at, "routeResponse")
    if key != "$connect":
        for parameter in route.request_parameters:
            message = f"can be declared on $connect only, not on {key}: a message has no headers and no query string"
            yield problem_at(rules.PARAMETER, message, *at, "requestParameters", parameter)
    yield from _check_models(route, at, raw)


def _check_retired(route: WebSocketRoute, at: Location) -> Iterator[Problem]:
    for field, settings in WebSocketRoute.model_fields.items():
        if field in route.model_fields_set and field != "retired":
            message = "has no meaning on a retired route, which leads nowhere; leave it out"
            yield problem_at(rules.RETIRED, message, *at, settings.alias or field)


def _check_models(route: WebSocketRoute, at: Location, raw: Mapping[str, object]) -> Iterator[Problem]:
    _, api, *_ = at
    known = names_of(raw, "apis", str(api), "models")
    for key, model in route.request_models.items():
        unknown = refer("model", model, known, f"apis.{api}.models")
        if unknown:
            yield problem_at(rules.REQUEST_MODELS, unknown, *at, "requestModels", key)
        if key != "$default" and route.model_selection_expression is None:
            message = "is selected by nothing; write $default, or give a modelSelectionExpression"
            yield problem_at(rules.REQUEST_MODELS, message, *at, "requestModels", key)
    if route.model_selection_expression is not None and not route.request_models:
        message = "selects one of requestModels, and there are none"
        yield problem_at(rules.REQUEST_MODELS, message, *at, "modelSelectionExpression")
