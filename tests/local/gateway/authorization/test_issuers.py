import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from apigateway.errors import ExpressionError, GatewayError
from apigateway.json_path import JsonValue
from local.gateway.authorization import jwt
from local.gateway.authorization.issuers import (
    COGNITO_EXPIRED,
    COGNITO_REFUSED,
    UNKNOWN_KEY,
    Issuers,
    cognito_issuer,
    parse_key_set,
)
from local.gateway.authorization.jwt import Refused, Verified
from tests.local.gateway.authorization.tokens import AUDIENCE, claims_of, signing_key, write_key_set

ISSUER = "https://auth.example.com"
POOL = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_a1B2c3D4e"
POOL_ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a1B2c3D4e"
OTHER_POOL = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_Other"
OTHER_ISSUER = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Other"
KEY = signing_key()
FOREIGN = signing_key("key-2")

Make = Callable[..., Issuers]
Verify = Callable[..., Awaitable[Verified | Refused]]


@pytest.fixture
async def make() -> AsyncIterator[Make]:
    made: list[Issuers] = []

    def with_key_sets(key_sets: dict[str, str]) -> Issuers:
        made.append(Issuers(key_sets))
        return made[-1]

    yield with_key_sets
    for issuers in made:
        await issuers.close()


@pytest.fixture
def keys(tmp_path: Path) -> str:
    return str(write_key_set(tmp_path / "jwks.json", KEY))


async def test_a_good_token_brings_its_claims_and_scopes(make: Make, keys: str) -> None:
    claims = claims_of(ISSUER)
    issuers = make({ISSUER: keys})
    for scopes in ([], ["orders/write", "other"]):
        verified = await issuers.verify(KEY.sign(claims), issuer=ISSUER, audience=[AUDIENCE], scopes=scopes)
        assert verified == Verified(claims=claims, scopes=("orders/read", "orders/write"))


async def test_every_algorithm_of_rsa_is_taken_whatever_the_key_set_says(make: Make, keys: str) -> None:
    issuers = make({ISSUER: keys})
    for algorithm in ("RS256", "RS384", "RS512"):
        token = KEY.sign(claims_of(ISSUER), algorithm=algorithm)
        assert isinstance(await issuers.verify(token, issuer=ISSUER, audience=[AUDIENCE], scopes=[]), Verified)


async def test_the_signature_goes_before_the_claims(make: Make, keys: str) -> None:
    forged = FOREIGN.sign(claims_of("https://else.example.com", exp=1), header={"kid": "key-1"})
    refused = await make({ISSUER: keys}).verify(forged, issuer=ISSUER, audience=[AUDIENCE], scopes=[])
    reason = f'the key "key-1" of {ISSUER} did not sign this token'
    assert refused == Refused(status=401, description=jwt.SIGNATURE, reason=reason)


async def test_claims_under_a_signature_of_other_claims_are_refused(make: Make, keys: str) -> None:
    head, _, signature = KEY.sign(claims_of(ISSUER)).split(".")
    _, claims, _ = FOREIGN.sign(claims_of(ISSUER, sub="admin")).split(".")
    refused = await make({ISSUER: keys}).verify(
        f"{head}.{claims}.{signature}", issuer=ISSUER, audience=[AUDIENCE], scopes=[]
    )
    assert isinstance(refused, Refused)
    assert refused.description == jwt.SIGNATURE


async def test_no_signature_is_no_signature(make: Make, keys: str) -> None:
    head, claims, _ = KEY.sign(claims_of(ISSUER)).split(".")
    refused = await make({ISSUER: keys}).verify(f"{head}.{claims}.", issuer=ISSUER, audience=[AUDIENCE], scopes=[])
    assert isinstance(refused, Refused)
    assert refused.description == jwt.SIGNATURE


async def test_the_public_key_is_no_secret_to_sign_with(make: Make, keys: str) -> None:
    header = urlsafe_b64encode(b'{"alg":"HS256","kid":"key-1"}').decode().rstrip("=")
    _, claims, signature = KEY.sign(claims_of(ISSUER)).split(".")
    token = f"{header}.{claims}.{signature}"
    refused = await make({ISSUER: keys}).verify(token, issuer=ISSUER, audience=[AUDIENCE], scopes=[])
    assert isinstance(refused, Refused)
    assert refused.description == "signing method HS256 is invalid"


async def test_an_unknown_key_is_named_beside_those_there_are(make: Make, keys: str) -> None:
    issuers = make({ISSUER: keys})
    refused = await issuers.verify(FOREIGN.sign(claims_of(ISSUER)), issuer=ISSUER, audience=[AUDIENCE], scopes=[])
    reason = f'kid must be one of {ISSUER}: "key-1", got "key-2"'
    assert refused == Refused(status=401, description=UNKNOWN_KEY, reason=reason)
    token = FOREIGN.sign(claims_of("https://else.example.com"))
    refused = await issuers.verify(token, issuer=ISSUER, audience=[AUDIENCE], scopes=[])
    assert isinstance(refused, Refused)
    assert refused.reason == f'{reason}; the token\'s iss is "https://else.example.com"'


BAD: list[tuple[dict[str, JsonValue], int, str]] = [
    ({"iss": "https://else.example.com"}, 401, jwt.ISSUER),
    ({"aud": "other"}, 401, jwt.AUDIENCE),
    ({"exp": int(time.time()) - 1}, 401, jwt.EXPIRED),
    ({"exp": None}, 401, jwt.EXPIRED),
    ({"nbf": int(time.time()) + 3600}, 401, jwt.NOT_YET),
    ({"iat": int(time.time()) + 3600}, 401, jwt.ISSUED_LATER),
    ({"scope": "orders"}, 403, jwt.SCOPE),
    ({"scope": None}, 403, jwt.SCOPE),
    ({"scope": "orders", "exp": 1}, 401, jwt.EXPIRED),
]


@pytest.mark.parametrize(("changes", "status", "description"), BAD)
async def test_a_signed_token_is_refused_for_its_claims(
    make: Make, keys: str, changes: dict[str, JsonValue], status: int, description: str
) -> None:
    token = KEY.sign(claims_of(ISSUER, **changes))
    refused = await make({ISSUER: keys}).verify(token, issuer=ISSUER, audience=[AUDIENCE], scopes=["orders/read"])
    assert isinstance(refused, Refused)
    assert (refused.status, refused.description) == (status, description)


async def test_each_issuer_has_its_own_keys(make: Make, tmp_path: Path) -> None:
    other = "https://else.example.com"
    same_name = signing_key("key-2")
    issuers = make(
        {ISSUER: str(write_key_set(tmp_path / "a", KEY)), other: str(write_key_set(tmp_path / "b", same_name))}
    )
    for issuer, key, verified in ((ISSUER, KEY, True), (other, same_name, True), (other, KEY, False)):
        outcome = await issuers.verify(key.sign(claims_of(issuer)), issuer=issuer, audience=[AUDIENCE], scopes=[])
        assert isinstance(outcome, Verified) is verified


def id_token(issuer: str = POOL_ISSUER, **changes: JsonValue) -> str:
    return KEY.sign(claims_of(issuer, **{"token_use": "id", "scope": None, **changes}))


def access_token(issuer: str = POOL_ISSUER, **changes: JsonValue) -> str:
    return KEY.sign(claims_of(issuer, **{"token_use": "access", "aud": None, "client_id": "app", **changes}))


@pytest.fixture
def cognito(make: Make, keys: str) -> Verify:
    issuers = make({POOL_ISSUER: keys, OTHER_ISSUER: keys})

    async def verify(token: str, *scopes: str, pools: tuple[str, ...] = (POOL, OTHER_POOL)) -> Verified | Refused:
        return await issuers.verify_cognito(token, pools, scopes)

    return verify


async def test_a_method_without_scopes_takes_the_identity_token_of_any_of_its_pools(cognito: Verify) -> None:
    for issuer in (POOL_ISSUER, OTHER_ISSUER):
        for before in ("", "Bearer "):
            verified = await cognito(before + id_token(issuer, aud="anybody"))
            assert isinstance(verified, Verified)
            assert verified.claims["iss"] == issuer


async def test_a_method_with_scopes_takes_the_access_token(cognito: Verify) -> None:
    verified = await cognito(access_token(), "orders/write", "other")
    assert isinstance(verified, Verified)
    assert verified.scopes == ("orders/read", "orders/write")


OF_POOLS: list[tuple[str, tuple[str, ...], str, str]] = [
    ("x", (), COGNITO_REFUSED, "a token has three parts with dots between them, got 1"),
    (
        access_token(),
        (),
        COGNITO_REFUSED,
        'token_use must be "id" for a method without scopes, got "access"',
    ),
    (
        id_token(),
        ("orders/read",),
        COGNITO_REFUSED,
        'token_use must be "access" for a method with scopes, got "id"',
    ),
    (
        id_token(token_use=None),
        (),
        COGNITO_REFUSED,
        'token_use must be "id" for a method without scopes, got none',
    ),
    (
        access_token(scope="orders"),
        ("orders/read",),
        COGNITO_REFUSED,
        'scope must have "orders/read", got "orders"',
    ),
    (
        id_token("https://else.example.com"),
        (),
        COGNITO_REFUSED,
        f'iss must be "{POOL_ISSUER}" or "{OTHER_ISSUER}", got "https://else.example.com"',
    ),
    (id_token(exp=None), (), COGNITO_EXPIRED, "exp must be seconds since 1970, got none"),
]


@pytest.mark.parametrize(("token", "scopes", "description", "reason"), OF_POOLS)
async def test_what_no_pool_vouches_for_is_unauthorized(
    cognito: Verify, token: str, scopes: tuple[str, ...], description: str, reason: str
) -> None:
    assert await cognito(token, *scopes) == Refused(status=401, description=description, reason=reason)


async def test_an_expired_token_of_a_pool_is_told_apart(cognito: Verify) -> None:
    refused = await cognito(id_token(exp=int(time.time()) - 60))
    assert isinstance(refused, Refused)
    assert (refused.status, refused.description) == (401, "The incoming token has expired")


async def test_a_forged_token_of_a_pool_is_unauthorized(cognito: Verify) -> None:
    forged = FOREIGN.sign({**claims_of(POOL_ISSUER), "token_use": "id"}, header={"kid": "key-1"})
    reason = f'the key "key-1" of {POOL_ISSUER} did not sign this token'
    assert await cognito(forged) == Refused(status=401, description="Unauthorized", reason=reason)


async def test_what_is_no_pool_is_refused(cognito: Verify) -> None:
    with pytest.raises(ExpressionError, match="not the ARN of a user pool"):
        await cognito(id_token(), pools=("arn:aws:cognito-idp:eu-west-1:123456789012:userpool/",))


@pytest.mark.parametrize(
    ("arn", "issuer"),
    [
        (POOL, POOL_ISSUER),
        (
            "arn:aws-us-gov:cognito-idp:us-gov-west-1:123456789012:userpool/us-gov-west-1_Abc",
            "https://cognito-idp.us-gov-west-1.amazonaws.com/us-gov-west-1_Abc",
        ),
        (
            "arn:aws-cn:cognito-idp:cn-north-1:123456789012:userpool/cn-north-1_Abc",
            "https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_Abc",
        ),
    ],
)
def test_a_user_pool_has_its_issuer(arn: str, issuer: str) -> None:
    assert cognito_issuer(arn) == issuer


@pytest.mark.parametrize(
    ("text", "issuer", "place"),
    [
        ("https://a.example.com=keys/jwks.json", "https://a.example.com", "keys/jwks.json"),
        ("https://a.example.com/=a=b.json", "https://a.example.com/", "a=b.json"),
        ("http://127.0.0.1:9000=http://127.0.0.1:9001/j?a=b", "http://127.0.0.1:9000", "http://127.0.0.1:9001/j?a=b"),
        ("https://a.example.com=C:\\keys.json", "https://a.example.com", "C:\\keys.json"),
    ],
)
def test_a_key_set_is_given_by_its_issuer(text: str, issuer: str, place: str) -> None:
    assert parse_key_set(text) == (issuer, place)


FORM = "a key set must be given as ISSUER=FILE or ISSUER=URL, got "


PLACE = "the key set of https://a.example.com must be in a file or at a URL such as https://auth.example.com/jwks.json"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f'{FORM}""'),
        ("keys.json", f'{FORM}"keys.json"'),
        ("https://a.example.com=", f'{FORM}"https://a.example.com="'),
        ("=keys.json", 'an issuer must be a URL such as https://auth.example.com, got ""'),
        ("shop=keys.json", 'an issuer must be a URL such as https://auth.example.com, got "shop"'),
        ("https://=keys.json", 'an issuer must be a URL such as https://auth.example.com, got "https://"'),
        ("https://a.example.com=ftp://x/keys.json", f'{PLACE}, got "ftp://x/keys.json"'),
    ],
)
def test_what_is_no_key_set_is_refused(text: str, message: str) -> None:
    with pytest.raises(GatewayError) as error:
        parse_key_set(text)
    assert str(error.value) == message


def test_every_file_is_checked_at_once_and_urls_are_left_for_later(make: Make, keys: str, tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("-----BEGIN PUBLIC KEY-----")
    issuers = make(
        {
            ISSUER: keys,
            "https://a.example.com": str(tmp_path / "missing.json"),
            "https://b.example.com": str(tmp_path / "key.pem"),
            "https://c.example.com": "http://127.0.0.1:1/jwks.json",
            "https://d.example.com": "~nobody-of-that-name/jwks.json",
        }
    )
    with pytest.raises(GatewayError) as error:
        issuers.check()
    missing, pem, nobody = str(error.value).splitlines()
    lacks = "cannot be read: No such file or directory"
    wrong = "must be JSON: Expecting value: line 1 column 1 (char 0)"
    assert missing == f"the key set of https://a.example.com: {tmp_path}/missing.json {lacks}"
    assert pem == f"the key set of https://b.example.com: {tmp_path}/key.pem {wrong}"
    assert nobody == f"the key set of https://d.example.com: ~nobody-of-that-name/jwks.json {lacks}"
    make({ISSUER: keys}).check()
