"""Identity sources and issuers."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigateway.authorizers import (
    AuthorizerKind,
    IdentityLocation,
    IdentitySource,
    check_identity_source,
    check_issuer,
)
from apigateway.context import MAPPING_VARIABLES, Protocol
from apigateway.errors import ExpressionError

from . import expressions

JWT = "expected $request.header.NAME or $request.querystring.NAME"
REQUEST = "expected $request.header.NAME, $request.querystring.NAME, $context.NAME or $stageVariables.NAME"
WEBSOCKET = "expected route.request.header.NAME or route.request.querystring.NAME"
NOT_JWT = "not an identity source of an HTTP API's JWT authorizer"
NOT_REQUEST = "not an identity source of an HTTP API's REQUEST authorizer"
NOT_WEBSOCKET = "not an identity source of a WebSocket API's authorizer"
SEVERAL = "several sources in one text: write each as an item of its own"


@pytest.mark.parametrize(
    ("protocol", "kind", "text", "location", "name"),
    [
        ("HTTP", "JWT", "$request.header.Authorization", "header", "Authorization"),
        ("HTTP", "JWT", "$request.querystring.access_token", "querystring", "access_token"),
        ("HTTP", "REQUEST", "$request.header.x-tenant", "header", "x-tenant"),
        ("HTTP", "REQUEST", "$request.querystring.filter[a]", "querystring", "filter[a]"),
        ("HTTP", "REQUEST", "$context.routeKey", "context", "routeKey"),
        ("HTTP", "REQUEST", "$context.identity.sourceIp", "context", "identity.sourceIp"),
        ("HTTP", "REQUEST", "$stageVariables.tenant", "stageVariables", "tenant"),
        ("WEBSOCKET", "REQUEST", "route.request.header.Auth", "header", "Auth"),
        ("WEBSOCKET", "REQUEST", "route.request.querystring.token", "querystring", "token"),
    ],
)
def test_a_source_is_read_and_printed(
    protocol: Protocol, kind: AuthorizerKind, text: str, location: IdentityLocation, name: str
) -> None:
    source = IdentitySource.parse(protocol, kind, text)
    assert source == IdentitySource(protocol=protocol, location=location, name=name)
    assert str(source) == text


@pytest.mark.parametrize(
    ("protocol", "kind", "text", "message"),
    [
        ("HTTP", "JWT", "", f'{NOT_JWT}, got ""; {JWT}'),
        (
            "HTTP",
            "JWT",
            "$context.routeKey",
            f'a JWT authorizer finds its token in a header or a query string only, got "$context.routeKey"; {JWT}',
        ),
        (
            "HTTP",
            "JWT",
            "route.request.header.Authorization",
            f'{NOT_JWT}, got "route.request.header.Authorization"; {JWT}; write $request.header.Authorization',
        ),
        ("HTTP", "JWT", "Authorization", f'{NOT_JWT}, got "Authorization"; {JWT}; write $request.header.Authorization'),
        (
            "HTTP",
            "REQUEST",
            "method.request.querystring.token",
            f'{NOT_REQUEST}, got "method.request.querystring.token"; {REQUEST}; write $request.querystring.token',
        ),
        (
            "HTTP",
            "REQUEST",
            "${request.header.Auth}",
            f'{NOT_REQUEST}, got "${{request.header.Auth}}"; {REQUEST}; write $request.header.Auth',
        ),
        (
            "HTTP",
            "REQUEST",
            "$request.headers.Auth",
            f'{NOT_REQUEST}, got "$request.headers.Auth"; {REQUEST}; write $request.header.Auth',
        ),
        (
            "HTTP",
            "REQUEST",
            "$request.queryString.t",
            f'{NOT_REQUEST}, got "$request.queryString.t"; {REQUEST}; write $request.querystring.t',
        ),
        ("HTTP", "REQUEST", "context.stage", f'{NOT_REQUEST}, got "context.stage"; {REQUEST}; write $context.stage'),
        ("HTTP", "REQUEST", "$request.body.token", f'{NOT_REQUEST}, got "$request.body.token"; {REQUEST}'),
        ("HTTP", "REQUEST", "$request.path.id", f'{NOT_REQUEST}, got "$request.path.id"; {REQUEST}'),
        ("HTTP", "REQUEST", "$request.header.", f'{NOT_REQUEST}, got "$request.header."; {REQUEST}'),
        (
            "HTTP",
            "REQUEST",
            "$context.routekey",
            '"routekey" is not a $context variable of HTTP APIs, got "$context.routekey"; did you mean "routeKey"?',
        ),
        (
            "HTTP",
            "REQUEST",
            "$stageVariables.a-b",
            'a stage variable\'s name is of letters, digits and "_", got "$stageVariables.a-b"',
        ),
        (
            "HTTP",
            "REQUEST",
            "$request.querystring.a,$request.header.b",
            f'{SEVERAL}, got "$request.querystring.a,$request.header.b"; {REQUEST}',
        ),
        (
            "WEBSOCKET",
            "REQUEST",
            "$request.querystring.token",
            f'{NOT_WEBSOCKET}, got "$request.querystring.token"; {WEBSOCKET}; write route.request.querystring.token',
        ),
        (
            "WEBSOCKET",
            "REQUEST",
            "method.request.header.Auth",
            f'{NOT_WEBSOCKET}, got "method.request.header.Auth"; {WEBSOCKET}; write route.request.header.Auth',
        ),
        (
            "WEBSOCKET",
            "REQUEST",
            "route.request.multivalueheader.Auth",
            f'{NOT_WEBSOCKET}, got "route.request.multivalueheader.Auth"; {WEBSOCKET}; write route.request.header.Auth',
        ),
        ("WEBSOCKET", "REQUEST", "context.connectionId", f'{NOT_WEBSOCKET}, got "context.connectionId"; {WEBSOCKET}'),
        (
            "WEBSOCKET",
            "REQUEST",
            "$stageVariables.tenant",
            f'{NOT_WEBSOCKET}, got "$stageVariables.tenant"; {WEBSOCKET}',
        ),
        ("WEBSOCKET", "REQUEST", "route.request.body.a", f'{NOT_WEBSOCKET}, got "route.request.body.a"; {WEBSOCKET}'),
        (
            "WEBSOCKET",
            "REQUEST",
            "route.request.header.Auth, route.request.querystring.Name",
            f'{SEVERAL}, got "route.request.header.Auth, route.request.querystring.Name"; {WEBSOCKET}',
        ),
    ],
)
def test_what_is_not_an_identity_source(protocol: Protocol, kind: AuthorizerKind, text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        check_identity_source(protocol, kind, text)
    assert str(raised.value) == message


# A name that looks like the beginning of a second source is taken for one.
query_names = expressions.query_names.filter(lambda name: ",$" not in name)
http_sources = st.one_of(
    expressions.header_names.map(lambda name: IdentitySource(protocol="HTTP", location="header", name=name)),
    query_names.map(lambda name: IdentitySource(protocol="HTTP", location="querystring", name=name)),
    expressions.context_variables(MAPPING_VARIABLES["HTTP"]).map(
        lambda variable: IdentitySource(protocol="HTTP", location="context", name=variable.name)
    ),
    expressions.stage_variables.map(
        lambda variable: IdentitySource(protocol="HTTP", location="stageVariables", name=variable.name)
    ),
)
places: st.SearchStrategy[IdentityLocation] = st.sampled_from(("header", "querystring"))
websocket_sources = st.builds(
    lambda location, name: IdentitySource(protocol="WEBSOCKET", location=location, name=name),
    places,
    expressions.parameters,
)


@given(st.one_of(http_sources, websocket_sources))
def test_what_is_printed_is_read_back(source: IdentitySource) -> None:
    assert IdentitySource.parse(source.protocol, "REQUEST", str(source)) == source


@given(st.text(max_size=40), st.sampled_from(("HTTP", "WEBSOCKET")), st.sampled_from(("JWT", "REQUEST")))
def test_any_text_is_a_source_or_an_expression_error(text: str, protocol: Protocol, kind: AuthorizerKind) -> None:
    with suppress(ExpressionError):
        assert str(IdentitySource.parse(protocol, kind, text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEf",
        "https://tenant.eu.auth0.com/",
        "https://localhost:8443/realms/shop",
        "https://login.example",
    ],
)
def test_an_issuer(text: str) -> None:
    check_issuer(text)


ISSUER = "expected https://HOST or https://HOST/PATH, of at most 2048 characters"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f'not an issuer of tokens, got ""; {ISSUER}'),
        (
            "http://login.example",
            f'not an issuer of tokens, got "http://login.example"; {ISSUER}; write https://login.example',
        ),
        ("login.example/a", f'not an issuer of tokens, got "login.example/a"; {ISSUER}; write https://login.example/a'),
        ("ftp://login.example", f'not an issuer of tokens, got "ftp://login.example"; {ISSUER}'),
        ("shop", f'not an issuer of tokens, got "shop"; {ISSUER}'),
        ("https://", f'not an issuer of tokens, got "https://"; {ISSUER}'),
        ("https://a b", f'not an issuer of tokens, got "https://a b"; {ISSUER}'),
        ("https://[::1", f'not an issuer of tokens, got "https://[::1"; {ISSUER}'),
        ("https://a:port", f'not an issuer of tokens, got "https://a:port"; {ISSUER}'),
        ("https://a/" + "b" * 2039, f'not an issuer of tokens, got "https://a/{"b" * 147}..."; {ISSUER}'),
        ("https://a/b?c=d", 'an issuer has neither a query nor a fragment, got "https://a/b?c=d"; write https://a/b'),
        ("https://a/#c", 'an issuer has neither a query nor a fragment, got "https://a/#c"; write https://a/'),
        (
            "https://a/b/.well-known/openid-configuration",
            (
                "an issuer is written without the path of its discovery document, "
                'got "https://a/b/.well-known/openid-configuration"; write https://a/b'
            ),
        ),
    ],
)
def test_what_is_not_an_issuer(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        check_issuer(text)
    assert str(raised.value) == message
