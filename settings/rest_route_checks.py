"""What the routes and models of a REST API must be: to each other, to their paths, to what their integrations read."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from apigateway.errors import ExpressionError, Problem
from apigateway.mapping import rest
from apigateway.paths import Location
from apigateway.rest_resources import RestRouteKey, check_tree
from apigateway.rules import rest as rules
from apigateway.rules import routes as route_rules
from apigateway.suggest import nearest

from .base import show
from .finding import names_of, problem_at, refer
from .rest_apis import RestApi
from .rest_integrations import RestIntegration
from .rest_routes import RestRoute
from .routes import ApiModel

_PATH: Final = "method.request.path."
_BUILT_IN: Final = frozenset({"Empty", "Error"})
"""The models that an API has at first, when it is not made of an OpenAPI document."""

_NAMED_SCHEMAS: Final = ("definitions", "dependencies", "patternProperties", "properties")
_VALUES: Final = ("default", "enum")


def check_rest_routes(name: str, api: RestApi, raw: Mapping[str, object]) -> Iterator[Problem]:
    """Check the tree of resources that the routes make, what each route declares, and the API's models."""
    yield from _check_tree(name, api, raw)
    models = names_of(raw, "apis", name, "models")
    for key, route in api.routes.items():
        yield from _check_declarations(name, key, route)
        yield from _check_names(name, key, route, api)
        yield from _check_models_of(route, ("apis", name, "routes", key), models)
    for model, spec in api.models.items():
        yield from _check_model(spec, ("apis", name, "models", model))


def path_declarations(key: str) -> tuple[str, ...]:
    """Return what a route declares by its key: ``method.request.path.petId`` for each variable of its path."""
    return tuple(f"{_PATH}{variable}" for variable in RestRouteKey.parse(key).variables)


def declarations_read(integration: RestIntegration) -> dict[str, str]:
    """Return what an integration's mappings want declared, each with the first destination whose source reads it."""
    found: dict[str, str] = {}
    for destination, source in integration.request_parameters.items():
        declaration = rest.declared_parameter(source)
        if declaration is not None:
            found.setdefault(declaration, str(destination))
    return found


def wrong_variable(declaration: str, key: str) -> str | None:
    """Return what is wrong with a declaration of a path variable, which the route must have; None for others."""
    known = path_declarations(key)
    if not declaration.startswith(_PATH) or declaration in known:
        return None
    variable = declaration.removeprefix(_PATH)
    return f'the route {key} has no path variable {{{variable}}}, got "{declaration}"{meant(declaration, known)}'


def meant(parameter: str, known: Iterable[str]) -> str:
    """Return the known parameter that was probably meant, of those of the same place: they begin all alike."""
    place = ".".join(parameter.split(".", 3)[:3])
    names = [other.removeprefix(f"{place}.") for other in known if other.startswith(f"{place}.")]
    near = nearest(parameter.removeprefix(f"{place}."), names)
    return f"; did you mean {place}.{near}?" if near else ""


def _check_tree(name: str, api: RestApi, raw: Mapping[str, object]) -> Iterator[Problem]:
    """Hold all keys together, those of unsound routes too: a resource is made by its key alone."""
    for key, reason in check_tree(list(_parsed(names_of(raw, "apis", name, "routes") or list(api.routes)))):
        yield problem_at(rules.TREE, reason, "apis", name, "routes", str(key))


def _parsed(keys: list[str]) -> Iterator[RestRouteKey]:
    for key in keys:
        try:
            yield RestRouteKey.parse(key)
        except ExpressionError:
            continue


def _check_declarations(name: str, key: str, route: RestRoute) -> Iterator[Problem]:
    place: Location = ("apis", name, "routes", key, "requestParameters")
    for declaration in route.request_parameters:
        message = wrong_variable(declaration, key)
        if message:
            yield problem_at(rules.PARAMETER, message, *place, declaration)
    own = (*path_declarations(key), *route.request_parameters)
    for declaration, reason in rest.check_distinct(own):
        yield problem_at(rules.DISTINCT, reason, *place, declaration)


def _check_names(name: str, key: str, route: RestRoute, api: RestApi) -> Iterator[Problem]:
    """Hold what the integration reads to the names that the route has given away, by its path and by declarations."""
    choice = route.integration
    place: Location = ("integrations", choice) if isinstance(choice, str) else ("routes", key, "integration")
    integration = api.integrations.get(choice) if isinstance(choice, str) else choice
    own = (*path_declarations(key), *route.request_parameters)
    for declaration, destination in declarations_read(integration).items() if integration else ():
        if declaration in own:
            continue
        for found, reason in rest.check_distinct((*own, declaration)):
            if found == declaration:
                message = f"on the route {key}, {reason}" if isinstance(choice, str) else reason
                yield problem_at(rules.DISTINCT, message, "apis", name, *place, "requestParameters", destination)


def _check_models_of(route: RestRoute, at: Location, known: list[str] | None) -> Iterator[Problem]:
    _, api, *_ = at
    named = [((*at, "requestModels", content_type), model) for content_type, model in route.request_models.items()]
    for status, response in route.method_responses.items():
        place = (*at, "methodResponses", status, "responseModels")
        named += [((*place, content_type), model) for content_type, model in response.response_models.items()]
    for place, model in named:
        unknown = refer("model", model, known, f"apis.{api}.models")
        if unknown:
            if model in _BUILT_IN:
                unknown = f'no model "{model}" under apis.{api}.models; API Gateway\'s own is not known here, define it'
            yield problem_at(route_rules.REQUEST_MODELS, unknown, *place)


def _check_model(model: ApiModel, at: Location) -> Iterator[Problem]:
    if model.content_type != "application/json":
        message = f"must be application/json, got {show(model.content_type)}: a REST API holds JSON alone to a model"
        yield problem_at(rules.MODEL_TYPE, message, *at, "contentType")
    for place, reference in _references(model.schema_, (*at, "schema")):
        _, _, definition = str(reference).partition("#/definitions/")
        if reference != "#" and (not definition or "/" in definition):
            yield problem_at(rules.MODEL_TYPE, f"must be # or #/definitions/NAME, got {show(reference)}", *place)


def _references(schema: object, at: Location) -> Iterator[tuple[Location, object]]:
    """Yield each ``$ref`` of a schema; what is named so by a property, or stands in a value, is none."""
    match schema:
        case list():
            for index, item in enumerate(schema):
                yield from _references(item, (*at, index))
        case Mapping():
            for keyword, value in schema.items():
                place = (*at, str(keyword))
                if keyword == "$ref":
                    yield place, value
                elif keyword in _NAMED_SCHEMAS and isinstance(value, Mapping):
                    for name, inner in value.items():
                        yield from _references(inner, (*place, str(name)))
                elif keyword not in _VALUES:
                    yield from _references(value, place)
