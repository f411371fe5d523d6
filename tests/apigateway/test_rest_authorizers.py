"""Identity sources of REST APIs' authorizers, and user pools."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigateway.errors import ExpressionError
from apigateway.rest_authorizers import RestAuthorizerKind, check_identity_source, check_user_pool, header_of

HEADER = "expected method.request.header.NAME"
ANY = "expected method.request.header.NAME, method.request.querystring.NAME, context.NAME or stageVariables.NAME"
KINDS: tuple[RestAuthorizerKind, ...] = ("REQUEST", "TOKEN", "COGNITO_USER_POOLS")


def not_a(kind: RestAuthorizerKind) -> str:
    return f"not an identity source of a REST API's {kind} authorizer"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["method.request.header.Authorization", "method.request.header.x-my_token.1"])
def test_every_authorizer_reads_a_header(kind: RestAuthorizerKind, text: str) -> None:
    check_identity_source(kind, text)
    assert header_of(text) == text.removeprefix("method.request.header.")


@pytest.mark.parametrize(
    "text",
    [
        "method.request.querystring.token",
        "context.identity.sourceIp",
        "context.httpMethod",
        "stageVariables.tenant",
    ],
)
def test_a_request_authorizer_reads_more(text: str) -> None:
    check_identity_source("REQUEST", text)
    assert header_of(text) is None


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        ("TOKEN", "", f'{not_a("TOKEN")}, got ""; {HEADER}'),
        (
            "TOKEN",
            "Authorization",
            f'{not_a("TOKEN")}, got "Authorization"; {HEADER}; write method.request.header.Authorization',
        ),
        (
            "TOKEN",
            "$request.header.Auth",
            f'{not_a("TOKEN")}, got "$request.header.Auth"; {HEADER}; write method.request.header.Auth',
        ),
        (
            "COGNITO_USER_POOLS",
            "route.request.header.Auth",
            (
                f'{not_a("COGNITO_USER_POOLS")}, got "route.request.header.Auth"; {HEADER}; '
                "write method.request.header.Auth"
            ),
        ),
        (
            "TOKEN",
            "method.request.querystring.t",
            f'a TOKEN authorizer finds its token in a header only, got "method.request.querystring.t"; {HEADER}',
        ),
        ("TOKEN", "context.stage", f'{not_a("TOKEN")}, got "context.stage"; {HEADER}'),
        (
            "TOKEN",
            "method.request.header.a, method.request.header.b",
            (
                "several sources in one text: write each as an item of its own, got "
                f'"method.request.header.a, method.request.header.b"; {HEADER}'
            ),
        ),
        (
            "REQUEST",
            "$context.identity.sourceIp",
            f'{not_a("REQUEST")}, got "$context.identity.sourceIp"; {ANY}; write context.identity.sourceIp',
        ),
        (
            "REQUEST",
            "$stageVariables.tenant",
            f'{not_a("REQUEST")}, got "$stageVariables.tenant"; {ANY}; write stageVariables.tenant',
        ),
        (
            "REQUEST",
            "$request.querystring.t",
            f'{not_a("REQUEST")}, got "$request.querystring.t"; {ANY}; write method.request.querystring.t',
        ),
        ("REQUEST", "method.request.path.id", f'{not_a("REQUEST")}, got "method.request.path.id"; {ANY}'),
        ("REQUEST", "method.request.body", f'{not_a("REQUEST")}, got "method.request.body"; {ANY}'),
        ("REQUEST", "method.request.header.", f'{not_a("REQUEST")}, got "method.request.header."; {ANY}'),
        ("REQUEST", "context.status", '"status" is a $context variable of access logs only, got "context.status"'),
        (
            "REQUEST",
            "context.htpMethod",
            (
                '"htpMethod" is not a $context variable of REST APIs, got "context.htpMethod"; '
                'did you mean "httpMethod"?'
            ),
        ),
        (
            "REQUEST",
            "stageVariables.a-b",
            'a stage variable\'s name is of letters, digits and "_", got "stageVariables.a-b"',
        ),
    ],
)
def test_what_is_no_identity_source(kind: RestAuthorizerKind, text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        check_identity_source(kind, text)
    assert str(raised.value) == message


@pytest.mark.parametrize("kind", KINDS)
@given(st.text() | st.from_regex(r"(method\.request\.|context\.|\$)[ -~]*", fullmatch=True))
def test_any_text_is_taken_or_refused(kind: RestAuthorizerKind, text: str) -> None:
    with suppress(ExpressionError):
        check_identity_source(kind, text)


@given(st.from_regex(r"method\.request\.header\.[a-zA-Z0-9._$-]+", fullmatch=True))
def test_every_header_that_can_be_mapped_can_hold_a_token(text: str) -> None:
    check_identity_source("TOKEN", text)
    assert f"method.request.header.{header_of(text)}" == text


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_a1B2c3D4e",
        "arn:aws-us-gov:cognito-idp:us-gov-west-1:123456789012:userpool/us-gov-west-1_X",
    ],
)
def test_user_pools(arn: str) -> None:
    check_user_pool(arn)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "us-east-1_a1B2c3D4e",
        "arn:aws:cognito-idp:us-east-1:123456789012:userpool/pool",
        "arn:aws:cognito-identity:us-east-1:123456789012:identitypool/us-east-1:1",
        "arn:aws:cognito-idp:us-east-1:12:userpool/us-east-1_a",
    ],
)
def test_what_is_no_user_pool(text: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        check_user_pool(text)
    assert str(raised.value) == (
        f'not the ARN of a user pool, got "{text}"; expected arn:aws:cognito-idp:REGION:ACCOUNT:userpool/ID'
    )
