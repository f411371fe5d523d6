"""Context variables of REST APIs."""

import pytest

from apigateway.errors import ExpressionError
from apigateway.rest_context import (
    LOG_VARIABLES,
    MAPPING_VARIABLES,
    check_log_variable,
    check_mapping_variable,
    is_mapping_variable,
)


def test_what_a_mapping_reads_a_log_may_hold() -> None:
    for name in MAPPING_VARIABLES:
        check_mapping_variable(name)
    for name in LOG_VARIABLES:
        check_log_variable(name)
    assert MAPPING_VARIABLES < LOG_VARIABLES


@pytest.mark.parametrize(
    "name",
    [
        "authorizer.tenant",
        "authorizer.claims_2",
        "authorizer.claims.sub",
        "authorizer.claims.cognito:groups",
        "authorizer.claims.custom:tenant-id",
        "requestOverride.header.X-Tenant",
        "requestOverride.path.room",
        "requestOverride.path",
        "requestOverride.querystring.page",
        "responseOverride.header.ETag",
        "responseOverride.status",
        "identity.vpceId",
        "isCanaryRequest",
    ],
)
def test_names_that_are_not_fixed_and_newer_ones(name: str) -> None:
    check_mapping_variable(name)
    check_log_variable(name)
    assert is_mapping_variable(name)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "identity.sourceIP",
            (
                '"identity.sourceIP" is not a $context variable of REST APIs, got "identity.sourceIP"; '
                'did you mean "identity.sourceIp"?'
            ),
        ),
        ("xyzzy", '"xyzzy" is not a $context variable of REST APIs, got "xyzzy"'),
        ("connectionId", '"connectionId" is a $context variable of WebSocket APIs only, got "connectionId"'),
        ("dataProcessed", '"dataProcessed" is a $context variable of HTTP APIs only, got "dataProcessed"'),
        ("routeKey", '"routeKey" is a $context variable of WebSocket and HTTP APIs only, got "routeKey"'),
        ("waf.status", '"waf.status" is a $context variable of access logs only, got "waf.status"'),
        (
            "authorizer.claims",
            '"authorizer.claims" alone is always null, got "authorizer.claims"; name one claim',
        ),
        (
            "authorizer.jwt.claims.cognito:groups",
            (
                '"authorizer.jwt.claims.cognito:groups" is a $context variable of HTTP APIs only, got '
                '"authorizer.jwt.claims.cognito:groups"; did you mean "authorizer.claims.cognito:groups"?'
            ),
        ),
        (
            "authorizer.jwt.claims.sub",
            (
                '"authorizer.jwt.claims.sub" is a $context variable of HTTP APIs only, got '
                '"authorizer.jwt.claims.sub"; did you mean "authorizer.claims.sub"?'
            ),
        ),
        (
            "authorizer.claims['cognito:groups']",
            (
                "\"authorizer.claims['cognito:groups']\" is not the name of a $context variable, "
                'got "authorizer.claims[\'cognito:groups\']"; expected words of letters, digits and "_", '
                'joined by "."; did you mean "authorizer.claims.cognito:groups"?'
            ),
        ),
        (
            "request-id",
            (
                '"request-id" is not the name of a $context variable, got "request-id"; '
                'expected words of letters, digits and "_", joined by "."'
            ),
        ),
    ],
)
def test_what_a_mapping_cannot_read(name: str, message: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        check_mapping_variable(name)
    assert str(raised.value) == message
    assert not is_mapping_variable(name)


def test_a_log_knows_more() -> None:
    for name in ("integrationLatency", "authorizer.error", "integration.timeToFirstContent", "tlsVersion"):
        check_log_variable(name)
    with pytest.raises(ExpressionError) as raised:
        check_log_variable("responseLatncy")
    assert str(raised.value) == (
        '"responseLatncy" is not a $context variable of REST APIs, got "responseLatncy"; '
        'did you mean "responseLatency"?'
    )
