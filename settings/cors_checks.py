"""What an HTTP API's CORS must be, and what its routes must let through for it: requests that ask before they come."""

import itertools
import re
from collections.abc import Iterator, Mapping

from apigateway.errors import Problem
from apigateway.paths import Location
from apigateway.route_keys import HttpRouteKey, choose_http_route
from apigateway.rules import authorizers as rules

from .apis import Cors, HttpApi
from .finding import check_distinct, names_of, problem_at


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
    """Report each route with authorization that gets the preflight request of a route with authorization.

    The gateway answers preflight requests by itself, and yet one that such a route takes is refused: it bears no
    token. Which route takes it, the choice of routes says, for a path that no other route spells out.
    """
    keys = [HttpRouteKey.parse(key) for key in api.routes]
    is_protected = {str(key): api.routes[str(key)].authorization != "NONE" for key in keys}
    stopped: dict[str, list[HttpRouteKey]] = {}
    for key in keys:
        if is_protected[str(key)] and (found := choose_http_route(keys, "OPTIONS", _sample(key, keys))):
            stopped.setdefault(str(found[0]), []).append(key)
    for chosen, asked in stopped.items():
        if is_protected[chosen]:
            own = HttpRouteKey.parse(chosen)
            path = (own if own in asked else asked[0]).path or "/{proxy+}"
            message = (
                f'stops preflight requests too, got "{api.routes[chosen].authorization}"; '
                f'let a route "OPTIONS {path}" have authorization NONE'
            )
            yield problem_at(rules.OPEN_PREFLIGHT, message, *at, chosen, "authorization")


def _sample(key: HttpRouteKey, keys: list[HttpRouteKey]) -> str:
    """Return a path that a route takes: each variable is a word that no route spells, a greedy one many of them."""
    segments = [segment for other in keys for segment in other.path.split("/")]
    word = next(word for count in itertools.count(1) if (word := "a" * count) not in segments)
    deep = "/".join([word] * (len(segments) + 1))
    return re.sub(r"\{[^{}]+\}", word, re.sub(r"\{[^{}]+\+\}", deep, key.path)) or f"/{deep}"
