import asyncio
import json
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from apigateway.json_path import JsonValue
from local.gateway.authorization import key_sets
from local.gateway.authorization.issuers import UNKNOWN_KEY, Issuers
from local.gateway.authorization.jwt import Refused, Verified
from local.gateway.authorization.key_sets import DISCOVERY_FAILED, KEYS_FAILED, NoKeys, read_file
from tests.local.gateway.authorization.tokens import (
    AUDIENCE,
    Issuer,
    SigningKey,
    claims_of,
    key_set,
    signing_key,
    write_key_set,
)
from tests.local.gateway.backend import Backend, Received, response

KEY, NEXT = signing_key(), signing_key("key-2")
DISCOVERY = "/.well-known/openid-configuration"
BOTH = [DISCOVERY, "/jwks.json"]
FORM = 'a JSON Web Key Set is {"keys": [{"kty": "RSA", "kid": …, "n": …, "e": …}]}'


class Clock:
    """Goes on only when it is told to."""

    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    running = await Issuer().start()
    yield running
    await running.stop()


@pytest.fixture
async def raw() -> AsyncIterator[Backend]:
    running = await Backend().start()
    yield running
    await running.stop()


@pytest.fixture
async def issuers(clock: Clock) -> AsyncIterator[Issuers]:
    made = Issuers({}, clock=clock)
    yield made
    await made.close()


async def verify(issuers: Issuers, url: str, key: SigningKey = KEY) -> Verified | Refused:
    token = key.sign(claims_of(url, exp=int(time.time()) + 10**6))
    return await issuers.verify(token, issuer=url, audience=[AUDIENCE], scopes=[])


async def refusal(issuers: Issuers, url: str, key: SigningKey = KEY) -> tuple[str, str]:
    refused = await verify(issuers, url, key)
    assert isinstance(refused, Refused)
    assert refused.status == 401
    return refused.description, refused.reason


async def test_an_issuer_is_asked_once_in_two_hours(issuers: Issuers, issuer: Issuer, clock: Clock) -> None:
    for _ in range(3):
        assert isinstance(await verify(issuers, issuer.url), Verified)
    clock.now += 7199
    assert isinstance(await verify(issuers, issuer.url), Verified)
    assert issuer.asked == BOTH
    clock.now += 1
    assert isinstance(await verify(issuers, issuer.url), Verified)
    assert issuer.asked == BOTH * 2


async def test_the_discovery_document_of_an_issuer_with_a_slash_has_one_slash(issuers: Issuers, issuer: Issuer) -> None:
    assert isinstance(await verify(issuers, f"{issuer.url}/"), Verified)
    assert issuer.asked == BOTH


async def test_a_new_key_is_found_and_an_unknown_one_asked_for_at_most_every_ten_seconds(
    issuers: Issuers, issuer: Issuer, clock: Clock
) -> None:
    assert isinstance(await verify(issuers, issuer.url), Verified)
    issuer.keys = [NEXT]
    for _ in range(3):
        assert (await refusal(issuers, issuer.url, NEXT))[0] == UNKNOWN_KEY
    assert issuer.asked == BOTH
    clock.now += 10
    assert isinstance(await verify(issuers, issuer.url, NEXT), Verified)
    assert issuer.asked == BOTH * 2
    assert (await refusal(issuers, issuer.url))[0] == UNKNOWN_KEY


async def test_many_tokens_at_once_make_one_request(issuers: Issuers, issuer: Issuer) -> None:
    outcomes = await asyncio.gather(*(verify(issuers, issuer.url) for _ in range(20)))
    assert all(isinstance(outcome, Verified) for outcome in outcomes)
    assert issuer.asked == BOTH


async def test_a_client_that_gives_up_leaves_the_keys_to_the_others(issuers: Issuers, issuer: Issuer) -> None:
    impatient = asyncio.create_task(verify(issuers, issuer.url))
    patient = asyncio.create_task(verify(issuers, issuer.url))
    await asyncio.sleep(0)
    impatient.cancel()
    assert isinstance(await patient, Verified)
    assert impatient.cancelled()
    assert issuer.asked == BOTH


def hint(issuer: str) -> str:
    """Return what stands at the end where keys were looked for at the issuer itself."""
    return f"; --jwks {issuer}=FILE gives its keys"


async def test_an_issuer_out_of_reach_is_told(issuers: Issuers, issuer: Issuer) -> None:
    await issuer.stop()
    description, reason = await refusal(issuers, issuer.url)
    assert description == DISCOVERY_FAILED
    assert reason.startswith(f"{issuer.url}{DISCOVERY} cannot be reached: ")


async def test_an_issuer_that_has_not_answered_is_asked_by_the_next_token(issuers: Issuers, raw: Backend) -> None:
    place = json.dumps({"jwks_uri": f"{raw.url}/keys"}).encode()
    raw.answers += [response(503), response(body=place), response(503)]
    raw.answers += [response(body=place), response(body=json.dumps(key_set(KEY)).encode())]
    assert (await refusal(issuers, raw.url))[0] == DISCOVERY_FAILED
    assert await refusal(issuers, raw.url) == (KEYS_FAILED, f"{raw.url}/keys must answer 200, got 503{hint(raw.url)}")
    assert isinstance(await verify(issuers, raw.url), Verified)


async def test_known_keys_outlive_an_issuer_out_of_reach(issuers: Issuers, issuer: Issuer, clock: Clock) -> None:
    assert isinstance(await verify(issuers, issuer.url), Verified)
    await issuer.stop()
    clock.now += 7200
    assert isinstance(await verify(issuers, issuer.url), Verified)
    clock.now += 10
    assert (await refusal(issuers, issuer.url, NEXT))[0] == DISCOVERY_FAILED


DOCUMENTS: list[tuple[bytes, str]] = [
    (response(404), "must answer 200, got 404"),
    (response(500, body=b"{}"), "must answer 200, got 500"),
    (response(body=b"<html>"), "must answer with JSON: Expecting value: line 1 column 1 (char 0)"),
    (response(body=b"[]"), "must name the issuer's jwks_uri, got None"),
    (response(body=b"{}"), "must name the issuer's jwks_uri, got None"),
    (response(body=b'{"jwks_uri":"/jwks.json"}'), "must name the issuer's jwks_uri, got /jwks.json"),
    (response(body=b'{"jwks_uri":"file:///etc/passwd"}'), "must name the issuer's jwks_uri, got file:///etc/passwd"),
    (response(body=b" " * 150_001), "must answer with at most 150000 bytes, got more"),
]


@pytest.mark.parametrize(("answer", "reason"), DOCUMENTS)
async def test_a_discovery_document_that_does_not_help_is_told(
    issuers: Issuers, raw: Backend, answer: bytes, reason: str
) -> None:
    raw.answers.append(answer)
    assert await refusal(issuers, raw.url) == (DISCOVERY_FAILED, f"{raw.url}{DISCOVERY} {reason}{hint(raw.url)}")


SETS: list[tuple[bytes, str]] = [
    (response(404), " must answer 200, got 404"),
    (response(body=b"{"), " must answer with JSON: Expecting property name enclosed in double quotes"),
    (response(body=b'{"keys":[]}' + b" " * 150_000), " must answer with at most 150000 bytes, got more"),
    (response(body=b'{"keys":{}}'), f" is no key set; {FORM}"),
    (response(body=b'{"keys":[1]}'), f" is no key set; {FORM}"),
    (response(body=b'{"keys":[]}'), f" has no RSA key with a kid; {FORM}"),
    (response(body=b'{"keys":[{"kty":"EC","kid":"a"}]}'), f" has no RSA key with a kid; {FORM}"),
]


@pytest.mark.parametrize(("answer", "reason"), SETS)
async def test_a_key_set_that_does_not_help_is_told(raw: Backend, answer: bytes, reason: str) -> None:
    raw.answers.append(answer)
    issuers = Issuers({"https://a.example.com": f"{raw.url}/keys"})
    description, told = await refusal(issuers, "https://a.example.com")
    await issuers.close()
    assert description == KEYS_FAILED
    assert told.startswith(f"{raw.url}/keys{reason}")


async def test_a_key_set_at_its_limit_is_taken(raw: Backend) -> None:
    body = json.dumps(key_set(KEY)).encode()
    raw.answers.append(response(body=body + b" " * (150_000 - len(body))))
    issuers = Issuers({"https://a.example.com": f"{raw.url}/keys"})
    assert isinstance(await verify(issuers, "https://a.example.com"), Verified)
    await issuers.close()


async def test_an_issuer_has_a_second_and_a_half(
    issuers: Issuers, raw: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert key_sets.FETCH_SECONDS == 1.5
    monkeypatch.setattr(key_sets, "FETCH_SECONDS", 0.05)
    raw.on_request = forever
    reason = f"{raw.url}{DISCOVERY} must answer within 0.05 s, and did not{hint(raw.url)}"
    assert await refusal(issuers, raw.url) == (DISCOVERY_FAILED, reason)


async def test_closing_gives_up_what_is_being_fetched(raw: Backend) -> None:
    raw.on_request = forever
    issuers = Issuers({})
    waiting = asyncio.create_task(verify(issuers, raw.url))
    await raw.next()
    await issuers.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def forever(_: Received) -> None:
    await asyncio.Event().wait()


async def test_a_file_is_read_again_when_it_has_changed(tmp_path: Path) -> None:
    path = write_key_set(tmp_path / "jwks.json", KEY)
    url = "https://a.example.com"
    issuers = Issuers({url: str(path)})
    assert isinstance(await verify(issuers, url), Verified)
    write_key_set(path, NEXT)
    # A clock of the file system that ticks slowly must not make this test fail.
    os.utime(path, ns=(1, 1))
    assert isinstance(await verify(issuers, url, NEXT), Verified)
    assert (await refusal(issuers, url))[0] == UNKNOWN_KEY
    path.write_text("{")
    assert (await refusal(issuers, url, NEXT))[1].startswith(f"{path} must be JSON: ")
    path.unlink()
    assert await refusal(issuers, url, NEXT) == (KEYS_FAILED, f"{path} cannot be read: No such file or directory")
    write_key_set(path, KEY, NEXT)
    assert isinstance(await verify(issuers, url, NEXT), Verified)
    await issuers.close()


def written(path: Path, *keys: JsonValue) -> Path:
    path.write_text(json.dumps({"keys": list(keys)}))
    return path


def test_only_keys_that_can_sign_are_taken(tmp_path: Path) -> None:
    path = written(
        tmp_path / "jwks.json",
        {"kty": "EC", "kid": "curve", "crv": "P-256"},
        {"kty": "oct", "kid": "secret", "k": "AAAA"},
        {**KEY.jwk, "kid": "hidden", "use": "enc"},
        {name: value for name, value in KEY.jwk.items() if name != "kid"},
        KEY.jwk,
        {**NEXT.jwk, "kid": "key-1"},
        {name: value for name, value in NEXT.jwk.items() if name in {"kty", "kid", "n", "e"}},
    )
    keys = read_file(path)
    assert list(keys) == ["key-1", "key-2"]
    assert keys["key-1"].public_numbers() == KEY.private.public_key().public_numbers()


def test_of_a_private_key_the_public_part_is_taken(tmp_path: Path) -> None:
    keys = read_file(written(tmp_path / "jwks.json", {**KEY.jwk, "d": "AA", "oth": []}))
    assert keys["key-1"].public_numbers() == KEY.private.public_key().public_numbers()


@pytest.mark.parametrize(
    "changes", [{"n": "AA"}, {"n": None}, {"n": 7}, {"n": ["a"]}, {"e": "AA"}, {"e": "not base64!"}, {"n": ""}]
)
def test_a_key_that_cannot_be_used_is_named(tmp_path: Path, changes: dict[str, JsonValue]) -> None:
    path = written(tmp_path / "jwks.json", {**KEY.jwk, **changes})
    with pytest.raises(NoKeys) as error:
        read_file(path)
    assert str(error.value).startswith(f'the key "key-1" of {path} cannot be used: ')
    assert error.value.refused.description == KEYS_FAILED


def test_a_directory_is_no_key_set(tmp_path: Path) -> None:
    with pytest.raises(NoKeys) as error:
        read_file(tmp_path)
    assert str(error.value) == f"{tmp_path} cannot be read: Is a directory"
