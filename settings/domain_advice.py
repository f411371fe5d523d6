"""What an API's endpoints most likely should not be: none at all, one past mutual TLS, one that hides a route."""

from collections.abc import Iterator
from typing import Final

from apigateway.errors import Problem
from apigateway.paths import Location
from apigateway.rest_resources import RestRouteKey
from apigateway.route_keys import HttpRouteKey
from apigateway.rules import domains as rules

from .apis import Api, WebSocketApi
from .finding import problem_at
from .rest_apis import RestApi

_RESERVED: Final = ("/ping", "/sping")
"""Paths at the root of a custom domain that API Gateway answers by itself: it checks its service's health by them."""


def warn_of_domains(api: Api, at: Location) -> Iterator[Problem]:
    """Warn of an API that nobody reaches, or that is reached or not reached otherwise than the domain says."""
    domain = api.domain
    if domain is None:
        if api.disable_execute_api_endpoint:
            message = "leaves the API without an endpoint: it has no domain"
            if isinstance(api, WebSocketApi):
                message += ", and connectionsUrl answers nobody either"
            yield problem_at(rules.NO_ENDPOINT, message, *at, "disableExecuteApiEndpoint")
        return
    if domain.mutual_tls_authentication and not api.disable_execute_api_endpoint:
        message = "is false: AWS's own name for the API asks for no certificate, past mutual TLS"
        yield problem_at(rules.MUTUAL_TLS_BYPASS, message, *at, "disableExecuteApiEndpoint")
    if not isinstance(api, WebSocketApi) and domain.api_mapping_key is None:
        parse = RestRouteKey.parse if isinstance(api, RestApi) else HttpRouteKey.parse
        for key in api.routes:
            path = parse(key).path
            if path in _RESERVED:
                message = f"is not reached under {domain.domain_name}: API Gateway answers {path} of a domain by itself"
                yield problem_at(rules.RESERVED_PATH, message, *at, "routes", key)
