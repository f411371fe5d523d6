"""The public keys of those who issue tokens: from a file, from a URL, or from where an issuer says that they are.

Sources: "Control access to HTTP APIs with JWT authorizers in API Gateway" (keys come from the issuer's ``jwks_uri`` and
are kept for two hours), "Quotas for configuring and running an HTTP API in API Gateway" (1500 ms for the discovery
document, 1500 ms and 150000 bytes for the key set), OpenID Connect Discovery 1.0 §4 (where the document is), RFC 7517
(key sets). What is said where keys cannot be had is as clients and access logs of HTTP APIs have seen it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Final, Protocol, TypeAlias, cast
from urllib.parse import urlsplit

import aiohttp
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm
from jwt.exceptions import InvalidKeyError

from apigateway.errors import shown
from apigateway.json_path import JsonValue
from local.gateway.authorization.jwt import Refused, parse_json, refuse

KEPT_SECONDS: Final = 7200
"""How long a fetched key set is used without asking again."""
REFETCH_SECONDS: Final = 10
"""How often at most a token with an unknown ``kid`` makes the gateway ask for the keys again."""
FETCH_SECONDS: Final = 1.5
FETCHED_BYTES: Final = 150_000

DISCOVERY_FAILED: Final = "OIDC discovery endpoint communication error"
"""Seen by clients and in access logs."""
KEYS_FAILED: Final = "JWKS communication error"
"""Seen by clients and in access logs."""

Keys: TypeAlias = Mapping[str, RSAPublicKey]
"""Public keys by ``kid``."""

_DISCOVERY = "/.well-known/openid-configuration"
_FORM = 'a JSON Web Key Set is {"keys": [{"kty": "RSA", "kid": …, "n": …, "e": …}]}'


class NoKeys(Exception):  # noqa: N818 - it becomes the refusal of a token
    """The keys of an issuer cannot be had."""

    def __init__(self, description: str, reason: str) -> None:
        self.refused = refuse(description, reason)
        super().__init__(reason)


class KeySource(Protocol):
    """Where the keys of one issuer come from."""

    async def keys(self, key_id: str) -> Keys | Refused:
        """Return the keys, looked up anew where that may bring the one that a token names."""
        ...

    async def close(self) -> None:
        """Give up what is being fetched."""
        ...


class FileKeys:
    """A key set on disk, read again when it has changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._version: tuple[int, ...] | None = None
        self._keys: Keys = {}

    async def keys(self, key_id: str) -> Keys | Refused:  # noqa: ARG002 - a file is known as a whole
        """Return the keys as the file has them now."""
        try:
            version = _version(self._path)
            if version is None or version != self._version:
                self._keys, self._version = read_file(self._path), version
        except NoKeys as error:
            return error.refused
        return self._keys

    async def close(self) -> None:
        """Do nothing: a file is read at once."""


class FetchedKeys:
    """A key set that is fetched, by one request at a time however many tokens wait for it."""

    def __init__(self, fetch: Callable[[], Awaitable[Keys]], clock: Callable[[], float]) -> None:
        self._fetch = fetch
        self._clock = clock
        self._keys: Keys | None = None
        self._asked = 0.0
        self._running: asyncio.Task[Keys | Refused] | None = None

    async def keys(self, key_id: str) -> Keys | Refused:
        """Return the keys; those of before where the issuer cannot be reached and they have the one that is needed."""
        age = self._clock() - self._asked
        if self._keys is None:
            return await self._fetched()
        is_known = key_id in self._keys
        if age >= KEPT_SECONDS or (not is_known and age >= REFETCH_SECONDS):
            fetched = await self._fetched()
            return self._keys if is_known and isinstance(fetched, Refused) else fetched
        return self._keys

    async def close(self) -> None:
        """Give up what is being fetched."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait([self._running])

    async def _fetched(self) -> Keys | Refused:
        if self._running is None:
            self._running = asyncio.create_task(self._ask())
        # A client that gives up must not take the answer from the others.
        return await asyncio.shield(self._running)

    async def _ask(self) -> Keys | Refused:
        try:
            self._keys = await self._fetch()
        except NoKeys as error:
            return error.refused
        finally:
            self._asked = self._clock()
            self._running = None
        return self._keys


class Fetcher:
    """Fetches discovery documents and key sets within the limits of API Gateway."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def discovered(self, issuer: str) -> Keys:
        """Ask an issuer where its keys are, and fetch them."""
        url = issuer.rstrip("/") + _DISCOVERY
        document = await self._get(url, DISCOVERY_FAILED)
        place = document.get("jwks_uri") if isinstance(document, dict) else None
        if not isinstance(place, str) or not is_url(place):
            raise NoKeys(DISCOVERY_FAILED, f"{url} must name the issuer's jwks_uri, got {shown(str(place))}")
        return await self.key_set(place)

    async def key_set(self, url: str) -> Keys:
        """Fetch a key set."""
        return _key_set(await self._get(url, KEYS_FAILED), url)

    async def _get(self, url: str, description: str) -> JsonValue:
        if self._session is None:
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        try:
            async with self._session.get(url, timeout=aiohttp.ClientTimeout(total=FETCH_SECONDS)) as response:
                if not response.ok:
                    raise NoKeys(description, f"{url} must answer 200, got {response.status}")
                body = bytearray()
                async for chunk in response.content.iter_any():
                    body += chunk
                    if len(body) > FETCHED_BYTES:
                        raise NoKeys(description, f"{url} must answer with at most {FETCHED_BYTES} bytes, got more")
            return parse_json(bytes(body))
        except TimeoutError as error:
            raise NoKeys(description, f"{url} must answer within {FETCH_SECONDS:g} s, and did not") from error
        except aiohttp.ClientError as error:
            raise NoKeys(
                description, f"{url} cannot be reached: {shown(str(error) or type(error).__name__)}"
            ) from error
        except ValueError as error:
            raise NoKeys(description, f"{url} must answer with JSON: {shown(str(error))}") from error

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()


def is_url(text: str) -> bool:
    """Say whether keys are to be fetched from there."""
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _version(path: Path) -> tuple[int, ...] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def read_file(path: Path) -> Keys:
    """Read a key set from a file, or raise NoKeys."""
    try:
        return _key_set(parse_json(path.read_bytes()), str(path))
    except OSError as error:
        raise NoKeys(KEYS_FAILED, f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise NoKeys(KEYS_FAILED, f"{path} must be JSON: {shown(str(error))}") from error


def _key_set(content: JsonValue, place: str) -> Keys:
    """Return the RSA keys for signatures; a key of another kind can sign nothing that is accepted here."""
    listed = content.get("keys") if isinstance(content, dict) else None
    if not isinstance(listed, list) or not all(isinstance(key, dict) for key in listed):
        raise NoKeys(KEYS_FAILED, f"{place} is no key set; {_FORM}")
    keys: dict[str, RSAPublicKey] = {}
    for key in cast("list[dict[str, JsonValue]]", listed):
        key_id = key.get("kid")
        if key.get("kty") == "RSA" and key.get("use", "sig") == "sig" and isinstance(key_id, str):
            keys.setdefault(key_id, _public_key(key, f'the key "{shown(key_id)}" of {place}'))
    if not keys:
        raise NoKeys(KEYS_FAILED, f"{place} has no RSA key with a kid; {_FORM}")
    return keys


def _public_key(key: Mapping[str, JsonValue], what: str) -> RSAPublicKey:
    # Of a private key the public part is enough, and only that is looked at.
    public = {name: key[name] for name in ("kty", "n", "e") if name in key}
    try:
        return cast("RSAPublicKey", RSAAlgorithm.from_jwk(public))
    except (InvalidKeyError, UnsupportedAlgorithm, ValueError, TypeError) as error:
        raise NoKeys(KEYS_FAILED, f"{what} cannot be used: {shown(str(error))}") from error
