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
    for key, path, may_be_open in stopped_preflights(api):
        if not may_be_open:
            message = (
                f'stops preflight requests too, got "{api.routes[key].authorization}"; '
                f'let a route "OPTIONS {path}" have authorization NONE'
            )
            yield problem_at(rules.OPEN_PREFLIGHT, message, *at, key, "authorization")


def stopped_preflights(api: HttpApi) -> Iterator[tuple[str, str, bool]]:
    """Yield each route with authorization that gets the preflight request of a route with authorization.

    With it comes a path that an open ``OPTIONS`` route should have, and whether it is in doubt: of an exact path with
    ANY and a greedy one with OPTIONS, AWS does not say which comes first. The gateway answers preflight requests by
    itself, and yet one that such a route takes is refused: it bears no token.
    """
    keys = [HttpRouteKey.parse(key) for key in api.routes]
    open_keys = [key for key in keys if api.routes[str(key)].authorization == "NONE"]
    stopped: dict[str, list[HttpRouteKey]] = {}
    is_doubtful: dict[str, bool] = {}
    for key in keys:
        sample = _sample(key, keys)
        found = choose_http_route(keys, "OPTIONS", sample)
        if key in open_keys or found is None or found[0] in open_keys:
            continue
        chosen = str(found[0])
        stopped.setdefault(chosen, []).append(key)
        beside = choose_http_route(open_keys, "OPTIONS", sample)
        in_doubt = beside is not None and beside[0].method == "OPTIONS" and found[0].method == "ANY"
        is_doubtful[chosen] = is_doubtful.get(chosen, True) and in_doubt
    for chosen, asked in stopped.items():
        own = HttpRouteKey.parse(chosen)
        yield chosen, (own if own in asked else asked[0]).path or "/{proxy+}", is_doubtful[chosen]


def _sample(key: HttpRouteKey, keys: list[HttpRouteKey]) -> str:
    """Return a path that a route takes: each variable is a word that no route spells, a greedy one many of them."""
    segments = [segment for other in keys for segment in other.path.split("/")]
    word = next(word for count in itertools.count(1) if (word := "a" * count) not in segments)
    deep = "/".join([word] * (len(segments) + 1))
    return re.sub(r"\{[^{}]+\}", word, re.sub(r"\{[^{}]+\+\}", deep, key.path)) or f"/{deep}"
