"""CORS of an HTTP API: what browsers are told about it, whatever a backend says.

Source: "Configure CORS for HTTP APIs in API Gateway" (a preflight that no route takes is answered by API Gateway; an
``Origin`` is needed, and ``Access-Control-Request-Method`` in an OPTIONS; ``https://*`` allows every such origin; CORS
headers of an integration are ignored). That an OPTIONS which a route takes goes to its authorizer and its integration,
as one for ``ANY`` or ``$default`` does, is documented for ``$default`` and has been seen for ``ANY``.
"""

from typing import Final

from apigateway.mapping.data import Pairs
from local.gateway.headers import find
from local.gateway.http.request import Arrived
from local.topology.http import Cors

PREFLIGHT_STATUS: Final = 204
"""As clients have seen it; an origin that is not allowed gets it without CORS headers."""

_WILDCARDS: Final = ("https://*", "http://*")


def without_cors(pairs: Pairs) -> Pairs:
    """Drop what an integration says about CORS."""
    return tuple(pair for pair in pairs if not pair[0].lower().startswith("access-control-"))


def cors_headers(cors: Cors, arrived: Arrived) -> Pairs:
    """Return what goes into the answer to a request; nothing where its origin is not allowed, or it has none.

    Errors of the gateway have them, too: so browsers' reports about refused preflights show.
    """
    origin = find(arrived.headers, "origin")
    allowed = _allowed(cors, origin) if origin else None
    if allowed is None:
        return ()
    named: list[tuple[str, str]] = [("Access-Control-Allow-Origin", allowed)]
    if cors.allow_credentials:
        named.append(("Access-Control-Allow-Credentials", "true"))
    if arrived.method != "OPTIONS":
        if cors.expose_headers:
            named.append(("Access-Control-Expose-Headers", ",".join(cors.expose_headers)))
        return tuple(named)
    if find(arrived.headers, "access-control-request-method") is None:
        return ()
    if cors.allow_methods:
        named.append(("Access-Control-Allow-Methods", ",".join(cors.allow_methods)))
    if cors.allow_headers:
        named.append(("Access-Control-Allow-Headers", ",".join(cors.allow_headers)))
    if cors.max_age is not None:
        named.append(("Access-Control-Max-Age", str(cors.max_age)))
    return tuple(named)


def _allowed(cors: Cors, origin: str) -> str | None:
    """Return what ``Access-Control-Allow-Origin`` says to an origin."""
    if "*" in cors.allow_origins:
        return "*"
    wildcards = (wildcard for wildcard in _WILDCARDS if wildcard in cors.allow_origins)
    if origin in cors.allow_origins or any(origin.startswith(wildcard[:-1]) for wildcard in wildcards):
        return origin
    return None
