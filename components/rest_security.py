"""Who may call a REST API: the security schemes of its OpenAPI document, and its resource policy.

From the AWS pages "x-amazon-apigateway-authorizer object", "x-amazon-apigateway-authtype property" and "OpenAPI
extensions for API keys"; of policies :mod:`apigateway.resource_policies` says more. In a document every scheme has the
type ``apiKey``, and a header by name: ``Unused`` where an authorizer reads no header.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import pulumi

from apigateway.resource_policies import Policy, invoke_policy, private_policy
from apigateway.rest_authorizers import header_of
from settings import RestApi, RestRoute
from settings.rest_authorizers import (
    RestAuthorizer,
    RestCognitoAuthorizer,
    RestRequestAuthorizer,
    RestTokenAuthorizer,
)

from .rest_integrations import Document, said

IAM = "sigv4"
API_KEY = "api_key"
"""The names of the schemes that are no authorizers, and that the settings keep free of them."""

ResourcePolicy: TypeAlias = Mapping[str, object] | pulumi.Output[Policy]
"""A policy as it is, or one that names endpoints which only the engine knows."""


def security_schemes(api: RestApi) -> dict[str, object]:
    """Return every scheme of an API: those of IAM and of API keys where a route wants them, and its authorizers."""
    found: dict[str, object] = {name: _authorizer(spec) for name, spec in sorted(api.authorizers.items())}
    if any(route.authorization == "AWS_IAM" for route in api.routes.values()):
        found[IAM] = _scheme("Authorization") | {"x-amazon-apigateway-authtype": "awsSigv4"}
    if any(route.api_key_required for route in api.routes.values()):
        found[API_KEY] = _scheme("x-api-key")
    return found


def security_of(route: RestRoute) -> list[object]:
    """Return what a route wants of its callers, all of it at once; nothing for a route that is open to everybody."""
    wanted: Document = {}
    if route.authorization == "AWS_IAM":
        wanted[IAM] = []
    elif route.authorization != "NONE":
        wanted[route.authorization] = list(route.authorization_scopes)
    if route.api_key_required:
        wanted[API_KEY] = []
    return [wanted] if wanted else []


def resource_policy(
    api: RestApi, ask_partition: Callable[[], str], endpoint_ids: Sequence[pulumi.Input[str]]
) -> ResourcePolicy | None:
    """Return an API's policy: the stack file's own as it is, or that of its principals; None where it has neither.

    A private API's principals get in by its VPC endpoints alone. Where there are no principals, nobody is asked for the
    partition.
    """
    if api.resource_policy is not None:
        return api.resource_policy
    if not api.invoke_principals:
        return None
    allow = invoke_policy(api.invoke_principals, ask_partition())
    if not api.is_private:
        return allow
    known = [endpoint for endpoint in endpoint_ids if isinstance(endpoint, str)]
    if len(known) == len(endpoint_ids):
        return private_policy(known, allow=allow)
    return pulumi.Output.all(*endpoint_ids).apply(lambda ids: private_policy(ids, allow=allow))


def _scheme(header: str) -> Document:
    return {"type": "apiKey", "name": header, "in": "header"}


def _authorizer(spec: RestAuthorizer) -> Document:
    headers = [header for header in map(header_of, spec.identity_source) if header]
    return _scheme(headers[0] if headers else "Unused") | {
        "x-amazon-apigateway-authtype": "cognito_user_pools" if isinstance(spec, RestCognitoAuthorizer) else "custom",
        "x-amazon-apigateway-authorizer": said(_asked(spec) | {"authorizerResultTtlInSeconds": result_ttl(spec)}),
    }


def _asked(spec: RestAuthorizer) -> Document:
    """Return who is asked. A token is in the header of the scheme; other sources of a request are listed."""
    match spec:
        case RestCognitoAuthorizer():
            return {"type": "cognito_user_pools", "providerARNs": list(spec.provider_arns)}
        case RestTokenAuthorizer():
            return _function(spec, "token") | {"identityValidationExpression": spec.identity_validation_expression}
        case RestRequestAuthorizer():
            return _function(spec, "request") | {"identitySource": ", ".join(spec.identity_source) or None}


def _function(spec: RestTokenAuthorizer | RestRequestAuthorizer, kind: str) -> Document:
    return {
        "type": kind,
        "authorizerUri": spec.authorizer_uri.invocation_arn,
        "authorizerCredentials": spec.authorizer_credentials_arn,
    }


def result_ttl(spec: RestAuthorizer) -> int:
    """Return how long an answer counts: API Gateway caches by identity sources, and refuses to without any."""
    if spec.authorizer_result_ttl_in_seconds is not None:
        return spec.authorizer_result_ttl_in_seconds
    return 300 if spec.identity_source else 0
