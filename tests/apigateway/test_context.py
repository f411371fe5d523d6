"""Context variables of the two kinds of API."""

import pytest

from apigateway.context import (
    LOG_VARIABLES,
    MAPPING_VARIABLES,
    Protocol,
    check_log_variable,
    check_mapping_variable,
    is_mapping_variable,
)
from apigateway.errors import ExpressionError

BOTH: tuple[Protocol, Protocol] = ("WEBSOCKET", "HTTP")


@pytest.mark.parametrize("protocol", BOTH)
def test_what_a_mapping_reads_a_log_may_hold(protocol: Protocol) -> None:
    for name in MAPPING_VARIABLES[protocol]:
        check_mapping_variable(protocol, name)
        check_log_variable(protocol, name)
    assert MAPPING_VARIABLES[protocol] <= LOG_VARIABLES[protocol]


def test_the_lists_have_the_length_of_the_tables_of_aws() -> None:
    assert {protocol: len(MAPPING_VARIABLES[protocol]) for protocol in BOTH} == {"WEBSOCKET": 28, "HTTP": 50}
    assert {protocol: len(LOG_VARIABLES[protocol]) for protocol in BOTH} == {"WEBSOCKET": 52, "HTTP": 50}


@pytest.mark.parametrize(
    ("protocol", "name"),
    [
        ("WEBSOCKET", "authorizer.anything"),
        ("WEBSOCKET", "authorizer.claims"),
        ("WEBSOCKET", "authorizer.status"),
        ("HTTP", "authorizer.anything"),
        ("HTTP", "authorizer.claims_2"),
        ("HTTP", "authorizer.claims.sub"),
        ("HTTP", "authorizer.claims.org.unit"),
    ],
)
def test_an_authorizer_returns_any_property(protocol: Protocol, name: str) -> None:
    check_mapping_variable(protocol, name)
    check_log_variable(protocol, name)
    assert is_mapping_variable(protocol, name)


@pytest.mark.parametrize(
    ("protocol", "name", "message"),
    [
        (
            "WEBSOCKET",
            "conectionId",
            (
                '"conectionId" is not a $context variable of WebSocket APIs, got "conectionId"; '
                'did you mean "connectionId"?'
            ),
        ),
        (
            "HTTP",
            "identity.sourceIP",
            (
                '"identity.sourceIP" is not a $context variable of HTTP APIs, got "identity.sourceIP"; '
                'did you mean "identity.sourceIp"?'
            ),
        ),
        ("HTTP", "xyzzy", '"xyzzy" is not a $context variable of HTTP APIs, got "xyzzy"'),
        ("WEBSOCKET", "path", '"path" is a $context variable of HTTP APIs only, got "path"'),
        ("HTTP", "eventType", '"eventType" is a $context variable of WebSocket APIs only, got "eventType"'),
        ("WEBSOCKET", "waf.status", '"waf.status" is a $context variable of access logs only, got "waf.status"'),
        (
            "HTTP",
            "authorizer.claims",
            '"authorizer.claims" alone is always null, got "authorizer.claims"; name one claim',
        ),
        (
            "HTTP",
            "request-id",
            (
                '"request-id" is not the name of a $context variable, got "request-id"; '
                'expected words of letters, digits and "_", joined by "."'
            ),
        ),
    ],
)
def test_what_a_mapping_cannot_read(protocol: Protocol, name: str, message: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        check_mapping_variable(protocol, name)
    assert str(raised.value) == message
    assert not is_mapping_variable(protocol, name)


def test_access_logs_of_a_websocket_api_know_more() -> None:
    check_log_variable("WEBSOCKET", "integrationLatency")
    with pytest.raises(ExpressionError, match=r'^"responseLatency" is a \$context variable of HTTP APIs only'):
        check_log_variable("WEBSOCKET", "responseLatency")
