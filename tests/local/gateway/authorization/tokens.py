"""Makes tokens: the keys that sign them, their claims, and an issuer that publishes its keys on a real socket."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Self

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from apigateway.json_path import JsonValue

AUDIENCE = "shop"


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A private key and the name under which its public part is published."""

    key_id: str
    private: rsa.RSAPrivateKey

    @property
    def jwk(self) -> dict[str, JsonValue]:
        """The public part, as it stands in a key set."""
        public = RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return {"kty": "RSA", "kid": self.key_id, "use": "sig", "alg": "RS256", "n": public["n"], "e": public["e"]}

    def sign(
        self,
        claims: Mapping[str, JsonValue],
        *,
        algorithm: str = "RS256",
        header: Mapping[str, JsonValue] | None = None,
    ) -> str:
        """Return a token with these claims; ``header`` adds to what the token says of itself."""
        headers = {"kid": self.key_id, **(header or {})}
        return jwt.encode(dict(claims), self.private, algorithm=algorithm, headers=headers)


@cache
def signing_key(key_id: str = "key-1") -> SigningKey:
    """Return the key of that name, made once for all tests."""
    return SigningKey(key_id=key_id, private=rsa.generate_private_key(public_exponent=65537, key_size=2048))


def key_set(*keys: SigningKey) -> dict[str, JsonValue]:
    """Return the key set that publishes these keys."""
    return {"keys": [key.jwk for key in keys]}


def write_key_set(path: Path, *keys: SigningKey) -> Path:
    """Write a key set to a file."""
    path.write_text(json.dumps(key_set(*keys)))
    return path


def claims_of(issuer: str, /, **changes: JsonValue) -> dict[str, JsonValue]:
    """Return the claims of a token that is good for a day; a change to None takes a claim away.

    Many are made when tests are collected, and used when a long run comes to them.
    """
    now = int(time.time())
    claims: dict[str, JsonValue] = {
        "iss": issuer,
        "sub": "user-1",
        "aud": AUDIENCE,
        "exp": now + 86_400,
        "nbf": now - 60,
        "iat": now - 60,
        "scope": "orders/read orders/write",
    }
    return {name: value for name, value in {**claims, **changes}.items() if value is not None}


@dataclass(slots=True, kw_only=True)
class Issuer:
    """Publishes a discovery document and a key set, and signs tokens."""

    keys: list[SigningKey] = field(default_factory=lambda: [signing_key()])
    """What is published; the first one signs."""
    url: str = ""
    asked: list[str] = field(default_factory=list)
    """The paths of the requests, in their order."""
    runner: web.AppRunner | None = None

    async def start(self) -> Self:
        """Listen on a free port."""
        app = web.Application()
        app.router.add_get("/.well-known/openid-configuration", self._discovery)
        app.router.add_get("/jwks.json", self._key_set)
        self.runner = web.AppRunner(app)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self.runner.addresses[0][1]}"
        return self

    async def stop(self) -> None:
        """Close the port."""
        assert self.runner is not None
        await self.runner.cleanup()

    @property
    def key_set_url(self) -> str:
        """Where the key set is."""
        return f"{self.url}/jwks.json"

    def token(self, **changes: JsonValue) -> str:
        """Return a token of this issuer, good but for the changes."""
        return self.keys[0].sign(claims_of(self.url, **changes))

    async def _discovery(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        return web.json_response({"issuer": self.url, "jwks_uri": self.key_set_url})

    async def _key_set(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        return web.json_response(key_set(*self.keys))
