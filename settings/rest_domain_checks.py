"""What the domain of a REST API must be: by its endpoint type, its security policy, and an HTTP API that shares it.

Sources: API Gateway Developer Guide, "Security policies for custom domain names", "Set up an edge-optimized custom
domain name", "Use API mappings to connect API stages to a custom domain name for REST APIs" and "Mutual TLS for REST
APIs".
"""

from collections.abc import Iterator
from typing import Final

from apigateway.errors import Problem
from apigateway.paths import Location
from apigateway.rules import domains as rules
from apigateway.rules import rest as rest_rules

from .base import show
from .domains import RestDomain
from .finding import problem_at

REST_SETTINGS: Final = ("endpointType", "securityPolicy", "endpointAccessMode")
"""What only the domains of REST APIs say, and of one name all alike."""

_EDGE_REGION: Final = "us-east-1"
_OLD_POLICIES: Final = ("TLS_1_0", "TLS_1_2")
"""Those of both endpoint types; any other begins with ``SecurityPolicy_``, and an edge's ends with ``_EDGE``."""


def check_rest_domain(domain: RestDomain, at: Location) -> Iterator[Problem]:
    """Check a domain by itself."""
    yield from _check_policy(domain, at)
    if domain.mutual_tls_authentication:
        yield from _check_mutual_tls(domain, at)
    if domain.is_edge:
        yield from _check_edge(domain, at)
    elif domain.security_policy == "TLS_1_0" and "/" in (domain.api_mapping_key or ""):
        message = f"must have one level where securityPolicy is TLS_1_0, got {show(domain.api_mapping_key)}"
        yield problem_at(rules.MAPPING_KEY, message, *at, "apiMappingKey")


def check_beside_http(domain: RestDomain, http_api: str, at: Location) -> Iterator[Problem]:
    """Check the domain of a REST API that an HTTP API has, too: HTTP APIs know Regional ones with TLS 1.2 alone."""
    if domain.is_edge:
        message = f"must be REGIONAL beside the HTTP API {http_api}, which has the same domain name, got EDGE"
        yield problem_at(rest_rules.EDGE_DOMAIN, message, *at, "endpointType")
    elif domain.security_policy != "TLS_1_2":
        given = show(domain.security_policy)
        message = f"must be TLS_1_2 beside the HTTP API {http_api}, which has the same domain name, got {given}"
        yield problem_at(rest_rules.DOMAIN_POLICY, message, *at, "securityPolicy")


def _check_policy(domain: RestDomain, at: Location) -> Iterator[Problem]:
    policy, mode = domain.security_policy, domain.endpoint_access_mode
    if policy in _OLD_POLICIES:
        if mode is not None:
            message = f"is for a securityPolicy that begins with SecurityPolicy_, got {policy}"
            yield problem_at(rest_rules.DOMAIN_POLICY, message, *at, "endpointAccessMode")
        return
    if policy.endswith("_EDGE") != domain.is_edge:
        known = "ends with _EDGE" if domain.is_edge else "does not end with _EDGE"
        message = f"must be TLS_1_0, TLS_1_2 or one that {known} where endpointType is {domain.endpoint_type}"
        yield problem_at(rest_rules.DOMAIN_POLICY, f"{message}, got {show(policy)}", *at, "securityPolicy")
    if mode is None:
        message = f"is required with {policy}: BASIC or STRICT"
        yield problem_at(rest_rules.DOMAIN_POLICY, message, *at, "endpointAccessMode")


def _check_mutual_tls(domain: RestDomain, at: Location) -> Iterator[Problem]:
    if domain.is_edge:
        message = "needs endpointType REGIONAL: an edge-optimized domain asks for no certificates"
        yield problem_at(rest_rules.DOMAIN_POLICY, message, *at, "mutualTlsAuthentication")
    elif domain.security_policy != "TLS_1_2":
        message = f"must be TLS_1_2 with mutualTlsAuthentication, got {show(domain.security_policy)}"
        yield problem_at(rest_rules.DOMAIN_POLICY, message, *at, "securityPolicy")


def _check_edge(domain: RestDomain, at: Location) -> Iterator[Problem]:
    if domain.certificate_arn.split(":")[3] != _EDGE_REGION:
        message = f"must stand in {_EDGE_REGION} where endpointType is EDGE, got {show(domain.certificate_arn)}"
        yield problem_at(rest_rules.EDGE_DOMAIN, message, *at, "certificateArn")
    if "/" in (domain.api_mapping_key or ""):
        message = f"must have one level where endpointType is EDGE, got {show(domain.api_mapping_key)}"
        yield problem_at(rest_rules.EDGE_DOMAIN, message, *at, "apiMappingKey")
