"""What an HTTP API's CORS must be, and what its routes must let through for it: requests that ask before they come."""

from collections.abc import Iterator, Mapping

from apigateway.errors import Problem
from apigateway.route_keys import HttpRouteKey
from apigateway.rules import authorizers as rules

from .apis import Cors, HttpApi
from .finding import Location, check_distinct, names_of, problem_at


def check_cors(name: str, api: HttpApi, raw: Mapping[str, object]) -> Iterator[Problem]:
    """Check an API's CORS block and the routes that would stop a preflight request.

    While a route is unsound nobody knows what it lets through.
    """
    if api.cors is None:
        return
    yield from _check_block(api.cors, ("apis", name, "cors"))
    if names_of(raw, "apis", name, "routes") == list(api.routes):
        yield from _check_preflight(api, ("apis", name, "routes"))


def _check_block(cors: Cors, at: Location) -> Iterator[Problem]:
    if not cors.model_fields_set:
        yield problem_at(rules.CORS_VALUE, "must hold at least one key; leave it out for none", *at)
    if cors.allow_credentials and "*" in cors.allow_origins:
        message = 'must name its origins where allowCredentials is true, got "*"'
        yield problem_at(rules.CORS_CREDENTIALS, message, *at, "allowOrigins", cors.allow_origins.index("*"))
    yield from check_distinct(cors.allow_origins, *at, "allowOrigins")
    yield from check_distinct(cors.allow_methods, *at, "allowMethods")
    yield from check_distinct([header.lower() for header in cors.allow_headers], *at, "allowHeaders")
    yield from check_distinct([header.lower() for header in cors.expose_headers], *at, "exposeHeaders")


def _check_preflight(api: HttpApi, at: Location) -> Iterator[Problem]:
    """Report each route that takes OPTIONS and has authorization, which a browser's preflight request never bears.

    An open OPTIONS route of the same path, or one of all paths, is there for it.
    """
    keys = {key: HttpRouteKey.parse(key) for key in api.routes}
    is_open = [
        keys[key]
        for key, route in api.routes.items()
        if route.authorization == "NONE" and keys[key].method in ("OPTIONS", "ANY")
    ]
    for key, route in api.routes.items():
        takes_preflight = keys[key].method in ("OPTIONS", "ANY", "$default")
        if not takes_preflight or route.authorization == "NONE":
            continue
        if not any(_is_of_all_paths(other) or other.path == keys[key].path for other in is_open):
            message = (
                f'stops preflight requests too, got "{route.authorization}"; '
                'let a route "OPTIONS /{proxy+}" have authorization NONE'
            )
            yield problem_at(rules.OPEN_PREFLIGHT, message, *at, key, "authorization")


def _is_of_all_paths(key: HttpRouteKey) -> bool:
    return key.path.count("/") == 1 and key.path.endswith("+}")
