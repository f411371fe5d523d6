import json
from base64 import urlsafe_b64encode
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigateway.json_path import JsonValue
from local.gateway.authorization import jwt
from local.gateway.authorization.jwt import (
    Refused,
    Token,
    challenge,
    check_claims,
    check_scopes,
    claim_text,
    read_token,
    scopes_of,
)
from tests.local.gateway.authorization.tokens import signing_key

Part: TypeAlias = "JsonValue | bytes"
"""A header, or claims: bytes stand for themselves."""

ISSUER = "https://auth.example.com"
NOW = 1_800_000_000
KEY = signing_key()
GOOD: dict[str, JsonValue] = {"iss": ISSUER, "aud": "shop", "exp": NOW + 1}


def encoded(value: Part) -> str:
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return urlsafe_b64encode(text).decode().rstrip("=")


def token(header: Part = None, claims: Part = None, signature: str = "AAAA") -> str:
    head = b'{"alg":"RS256","kid":"key-1"}' if header is None else header
    return f"{encoded(head)}.{encoded(b'{}' if claims is None else claims)}.{signature}"


def header(**changes: JsonValue) -> dict[str, JsonValue]:
    whole: dict[str, JsonValue] = {"alg": "RS256", "kid": "key-1"}
    return {name: value for name, value in {**whole, **changes}.items() if value is not None}


ONLY_RSA = "alg must be RS256, RS384, RS512, got "
UNREADABLE: list[tuple[str, str, str]] = [
    ("", jwt.SEGMENTS, "a token has three parts with dots between them, got 1"),
    ("Bearer", jwt.SEGMENTS, "a token has three parts with dots between them, got 1"),
    ("not-a-token", jwt.SEGMENTS, "a token has three parts with dots between them, got 1"),
    ("a.b.c.d", jwt.SEGMENTS, "a token has three parts with dots between them, got 4"),
    ("Basic a.b.c", jwt.MALFORMED, "the token's header must be a JSON object in base64url"),
    ("Bearer Bearer " + token(), jwt.MALFORMED, "the token's header must be a JSON object in base64url"),
    (token(b"{"), jwt.MALFORMED, "the token's header must be a JSON object in base64url"),
    (token([1]), jwt.MALFORMED, "the token's header must be a JSON object in base64url"),
    (token(claims=b"\xff\xfe"), jwt.MALFORMED, "the token's claims must be a JSON object in base64url"),
    (token(claims=b'{"exp":NaN}'), jwt.MALFORMED, "the token's claims must be a JSON object in base64url"),
    (token(claims=b'{"exp":1e999}'), jwt.MALFORMED, "the token's claims must be a JSON object in base64url"),
    (token(claims=b'{"a":' + b"[" * 9000), jwt.MALFORMED, "the token's claims must be a JSON object in base64url"),
    (token(claims="a string"), jwt.MALFORMED, "the token's claims must be a JSON object in base64url"),
    (token(signature="a+b/"), jwt.MALFORMED, "the token's signature must be base64url"),
    (token(signature="AAAAA"), jwt.MALFORMED, "the token's signature must be base64url"),
    (token(signature="AA=="), jwt.MALFORMED, "the token's signature must be base64url"),
    (token(header(alg="HS256")), "signing method HS256 is invalid", f'{ONLY_RSA}"HS256"'),
    (token(header(alg="PS256")), "signing method PS256 is invalid", f'{ONLY_RSA}"PS256"'),
    (token(header(alg="none")), "signing method none is invalid", f'{ONLY_RSA}"none"'),
    (token(header(alg="rs256")), "signing method rs256 is invalid", f'{ONLY_RSA}"rs256"'),
    (token(header(alg='"\r\nx: y')), "signing method (alg) is unavailable", f'{ONLY_RSA}""\\r\\nx: y"'),
    (token(header(alg=["RS256"])), "signing method (alg) is unavailable", f'{ONLY_RSA}["RS256"]'),
    (token(header(alg=None)), "signing method (alg) is unavailable", f"{ONLY_RSA}none"),
    (token(header(kid=None)), jwt.NO_KEY_ID, "the token's header must name its key as kid, got none"),
    (token(header(kid="")), jwt.NO_KEY_ID, 'the token\'s header must name its key as kid, got ""'),
    (token(header(kid=7)), jwt.NO_KEY_ID, "the token's header must name its key as kid, got 7"),
    (token(header(crit=["b64"])), jwt.MALFORMED, 'the token\'s header has critical extensions, got crit ["b64"]'),
]


@pytest.mark.parametrize(("text", "description", "reason"), UNREADABLE)
def test_what_is_no_token_is_refused(text: str, description: str, reason: str) -> None:
    assert read_token(text) == Refused(status=401, description=description, reason=reason)


@pytest.mark.parametrize("before", ["", "Bearer ", "bearer ", "BEARER   ", "  Bearer "])
@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512"])
def test_a_token_is_read_raw_or_after_bearer(before: str, algorithm: str) -> None:
    read = read_token(f"{before}{KEY.sign(GOOD, algorithm=algorithm)} ")
    assert isinstance(read, Token)
    assert (read.key_id, read.algorithm, read.claims) == ("key-1", algorithm, GOOD)
    assert read.is_signed_by(KEY.private.public_key())
    assert not read.is_signed_by(signing_key("key-2").private.public_key())


@given(st.data())
def test_no_changed_token_keeps_its_signature(data: st.DataObject) -> None:
    text = KEY.sign(GOOD)
    place = data.draw(st.integers(0, len(text) - 1))
    changed = text[:place] + data.draw(st.sampled_from("ABab09-_.")) + text[place + 1 :]
    read = read_token(changed)
    whole = read_token(text)
    assert isinstance(whole, Token)
    # The last letter of a part has bits that stand for nothing.
    same = isinstance(read, Token) and (read.signed, read.signature) == (whole.signed, whole.signature)
    signed = isinstance(read, Token) and read.is_signed_by(KEY.private.public_key())
    assert signed is same


@given(st.text())
def test_any_text_is_answered(text: str) -> None:
    read = read_token(text)
    assert isinstance(read, Refused)
    assert read.reason.isprintable()
    assert '"' not in read.description


CLAIMS: list[tuple[dict[str, JsonValue], str, str]] = [
    ({"iss": None}, jwt.ISSUER, f'iss must be "{ISSUER}", got none'),
    ({"iss": ISSUER + "/"}, jwt.ISSUER, f'iss must be "{ISSUER}", got "{ISSUER}/"'),
    ({"iss": [ISSUER]}, jwt.ISSUER, f'iss must be "{ISSUER}", got ["{ISSUER}"]'),
    ({"aud": "other"}, jwt.AUDIENCE, 'aud must be "shop" or "stock", got "other"'),
    ({"aud": ["a", "b"]}, jwt.AUDIENCE, 'aud must be "shop" or "stock", got ["a", "b"]'),
    ({"aud": []}, jwt.AUDIENCE, 'aud must be "shop" or "stock", got []'),
    ({"aud": {"shop": True}}, jwt.AUDIENCE, 'aud must be "shop" or "stock", got {"shop": true}'),
    ({"aud": "other", "client_id": "shop"}, jwt.AUDIENCE, 'aud must be "shop" or "stock", got "other"'),
    ({"aud": None}, jwt.AUDIENCE, 'client_id must be "shop" or "stock", got none'),
    ({"aud": None, "client_id": ["shop"]}, jwt.AUDIENCE, 'client_id must be "shop" or "stock", got ["shop"]'),
    ({"exp": NOW}, jwt.EXPIRED, "exp is 0 s in the past"),
    ({"exp": NOW - 3600}, jwt.EXPIRED, "exp is 3,600 s in the past"),
    ({"exp": None}, jwt.EXPIRED, "exp must be seconds since 1970, got none"),
    ({"exp": str(NOW + 9)}, jwt.EXPIRED, f'exp must be seconds since 1970, got "{NOW + 9}"'),
    ({"exp": True}, jwt.EXPIRED, "exp must be seconds since 1970, got true"),
    ({"exp": 10**13}, jwt.EXPIRED, "exp must be seconds since 1970, got 10000000000000"),
    ({"nbf": NOW + 5}, jwt.NOT_YET, "nbf is 5 s in the future"),
    ({"nbf": "soon"}, jwt.MALFORMED, 'nbf must be seconds since 1970, got "soon"'),
    ({"iat": NOW + 0.5 + 1}, jwt.ISSUED_LATER, "iat is 2 s in the future"),
    ({"iat": {}}, jwt.MALFORMED, "iat must be seconds since 1970, got {}"),
    # The first that does not hold is told, in the order of the documentation.
    ({"iss": "x", "aud": "x", "exp": 1}, jwt.ISSUER, f'iss must be "{ISSUER}", got "x"'),
    ({"aud": "x", "exp": 1}, jwt.AUDIENCE, 'aud must be "shop" or "stock", got "x"'),
    ({"exp": 1, "nbf": NOW + 9}, jwt.EXPIRED, f"exp is {NOW - 1:,} s in the past"),
]


@pytest.mark.parametrize(("changes", "description", "reason"), CLAIMS)
def test_a_claim_that_does_not_hold_is_refused(changes: dict[str, JsonValue], description: str, reason: str) -> None:
    claims = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    refused = check_claims(claims, issuer=ISSUER, audience=("shop", "stock"), now=NOW)
    assert refused == Refused(status=401, description=description, reason=reason)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"aud": ["other", "stock"]},
        {"aud": ["shop", 7]},
        {"client_id": "other"},
        {"nbf": NOW, "iat": NOW},
        {"exp": NOW + 0.5},
    ],
)
def test_claims_that_hold_are_taken(changes: dict[str, JsonValue]) -> None:
    assert check_claims({**GOOD, **changes}, issuer=ISSUER, audience=("shop", "stock"), now=NOW) is None


def test_client_id_stands_in_for_an_audience_that_is_not_there() -> None:
    claims: dict[str, JsonValue] = {"iss": ISSUER, "client_id": "stock", "exp": NOW + 1}
    assert check_claims(claims, issuer=ISSUER, audience=("shop", "stock"), now=NOW) is None


SCOPES: list[tuple[dict[str, JsonValue], tuple[str, ...]]] = [
    ({}, ()),
    ({"scope": ""}, ()),
    ({"scope": "a"}, ("a",)),
    ({"scope": "a  b/c"}, ("a", "b/c")),
    ({"scope": ["a", "b c", 7]}, ("a", "b c")),
    ({"scp": "a b"}, ("a", "b")),
    ({"scp": ["a", "b"]}, ("a", "b")),
    ({"scope": "a", "scp": "b"}, ("a",)),
    ({"scope": 7}, ()),
    ({"scp": None}, ()),
]


@pytest.mark.parametrize(("claims", "scopes"), SCOPES)
def test_scopes_are_words_or_a_list(claims: dict[str, JsonValue], scopes: tuple[str, ...]) -> None:
    assert scopes_of(claims) == scopes


def test_one_scope_of_a_route_is_enough() -> None:
    assert check_scopes({"scope": "b"}, ["a", "b"]) is None
    assert check_scopes({}, []) is None


def test_a_scope_that_lacks_is_forbidden() -> None:
    refused = check_scopes({"scope": "c abc"}, ["a", "b"])
    reason = 'scope must have "a" or "b", got "c", "abc"'
    assert refused == Refused(status=403, description=jwt.SCOPE, reason=reason)
    assert challenge(refused, ["a", "b"]) == (
        'Bearer scope="a b" error="insufficient_scope" error_description="the token does not have a required scope"'
    )
    nothing = check_scopes({}, ["a"])
    assert nothing is not None
    assert nothing.reason == 'scope must have "a", got no scope'


def test_the_challenge_says_what_is_wrong_with_the_token() -> None:
    refused = check_claims({**GOOD, "aud": "x"}, issuer=ISSUER, audience=["shop"], now=NOW)
    assert refused is not None
    assert challenge(refused, []) == (
        'Bearer scope="" error="invalid_token" error_description="the token does not have a valid audience"'
    )


def test_without_a_token_the_challenge_asks_for_one() -> None:
    assert challenge(None, ["a"]) == "Bearer"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "a"),
        ("", ""),
        (1_800_000_000, "1800000000"),
        (0.5, "0.5"),
        (True, "true"),
        (None, "<nil>"),
        ([], "[]"),
        (["admins", "users"], "[admins users]"),
        ([1, True, ["a"]], "[1 true [a]]"),
        ({"roles": ["admin"], "level": 2}, "map[level:2 roles:[admin]]"),
    ],
)
def test_a_claim_is_handed_on_as_text(value: JsonValue, text: str) -> None:
    assert claim_text(value) == text
