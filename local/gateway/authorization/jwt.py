"""JSON Web Tokens as a JWT authorizer weighs them: read, held against a key, and claim by claim.

Sources: "Control access to HTTP APIs with JWT authorizers in API Gateway" (the claims and their order, RSA only, a
token raw or after ``Bearer``, ``client_id`` only where there is no ``aud``, one scope is enough), "Troubleshooting
issues with HTTP API JWT authorizers" (the header ``www-authenticate`` and the text about the audience), RFC 7515
(tokens; what is critical must be understood), RFC 6750 §3.1 (403 for a scope that lacks).
What a description says is documented or has been seen by clients where a constant says so; the rest is worded alike.
"""

import binascii
import json
import math
import re
from base64 import urlsafe_b64decode
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, cast

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm

from apigateway.errors import shown
from apigateway.json_path import JsonValue

Claims: TypeAlias = Mapping[str, JsonValue]

SEGMENTS: Final = "token contains an invalid number of segments"
"""Seen by clients."""
AUDIENCE: Final = "the token does not have a valid audience"
"""Documented."""
ISSUER: Final = "issuer does not match"
"""Seen in access logs."""
EXPIRED: Final = "the token has expired"
"""Seen by clients."""
MALFORMED: Final = "token is malformed"
NO_KEY_ID: Final = "the token does not have a kid"
SIGNATURE: Final = "the token does not have a valid signature"
NOT_YET: Final = "the token is not valid yet"
ISSUED_LATER: Final = "the token is used before issued"
SCOPE: Final = "the token does not have a required scope"

_ALGORITHMS: Final = {
    "RS256": RSAAlgorithm(RSAAlgorithm.SHA256),
    "RS384": RSAAlgorithm(RSAAlgorithm.SHA384),
    "RS512": RSAAlgorithm(RSAAlgorithm.SHA512),
}
_BEARER = re.compile(r"^bearer +", re.IGNORECASE)
_SEGMENT = re.compile(r"[A-Za-z0-9_-]*")
_LATEST = 10**12
"""Seconds since 1970; what is greater is no time, and too great to reckon with."""
_PLAIN_NAME = re.compile(r"[A-Za-z0-9]{1,16}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A token that lets its bearer in."""

    claims: Claims
    scopes: tuple[str, ...]
    """Every scope of the token, in its order, whether the route asks for it or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A token that does not let its bearer in."""

    status: Literal[401, 403]
    description: str
    """What the client is told: ``error_description``, or the message of a REST API's answer."""
    reason: str
    """What the developer is told: what was expected and what the token says, on one line."""

    @property
    def error(self) -> str:
        """The error's code."""
        return "invalid_token" if self.status == 401 else "insufficient_scope"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token that could be read; nothing of it is proved yet."""

    key_id: str
    algorithm: str
    claims: Claims
    signed: bytes
    """The part of it that is signed."""
    signature: bytes

    def is_signed_by(self, key: RSAPublicKey) -> bool:
        """Say whether the owner of a key signed it."""
        return _ALGORITHMS[self.algorithm].verify(self.signed, key, self.signature)


def challenge(refused: Refused | None, scopes: Collection[str]) -> str:
    """Return ``www-authenticate``, which also names the scopes of the route; None stands for no token at all."""
    if refused is None:
        return "Bearer"
    return f'Bearer scope="{" ".join(scopes)}" error="{refused.error}" error_description="{refused.description}"'


def refuse(description: str, reason: str) -> Refused:
    """Return the refusal of a token that proves nothing."""
    return Refused(status=401, description=description, reason=reason)


def read_token(text: str) -> Token | Refused:
    """Read a token as a client sends it, raw or after ``Bearer``."""
    bare = _BEARER.sub("", text.strip())
    segments = bare.split(".")
    if len(segments) != 3:
        return refuse(SEGMENTS, f"a token has three parts with dots between them, got {len(segments)}")
    header, claims = _json_object(segments[0]), _json_object(segments[1])
    signature = _decoded(segments[2])
    for part, value in (("header", header), ("claims", claims), ("signature", signature)):
        if value is None:
            form = "must be base64url" if part == "signature" else "must be a JSON object in base64url"
            return refuse(MALFORMED, f"the token's {part} {form}")
    return _read_header(cast("Claims", header), cast("Claims", claims), bare, cast("bytes", signature))


def _read_header(header: Claims, claims: Claims, bare: str, signature: bytes) -> Token | Refused:
    algorithm, key_id = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or algorithm not in _ALGORITHMS:
        named = isinstance(algorithm, str) and _PLAIN_NAME.fullmatch(algorithm)
        description = f"signing method {algorithm} is invalid" if named else "signing method (alg) is unavailable"
        return refuse(description, f"alg must be {', '.join(_ALGORITHMS)}, got {shown_claim(algorithm)}")
    if "crit" in header:
        return refuse(MALFORMED, f"the token's header has critical extensions, got crit {shown_claim(header['crit'])}")
    if not isinstance(key_id, str) or not key_id:
        return refuse(NO_KEY_ID, f"the token's header must name its key as kid, got {shown_claim(key_id)}")
    signed = bare.rpartition(".")[0].encode()
    return Token(key_id=key_id, algorithm=algorithm, claims=claims, signed=signed, signature=signature)


def check_claims(claims: Claims, *, issuer: str, audience: Collection[str] | None, now: float) -> Refused | None:
    """Hold the claims against an authorizer; with ``audience`` None it takes tokens for anybody."""
    if claims.get("iss") != issuer:
        return refuse(ISSUER, f'iss must be "{issuer}", got {shown_claim(claims.get("iss"))}')
    if audience is not None and (refused := _wrong_audience(claims, audience)):
        return refused
    return _wrong_time(claims, now)


def _wrong_audience(claims: Claims, audience: Collection[str]) -> Refused | None:
    name = "aud" if "aud" in claims else "client_id"
    given = claims.get(name)
    names = given if isinstance(given, list) and name == "aud" else [given]
    if any(isinstance(one, str) and one in audience for one in names):
        return None
    expected = " or ".join(f'"{one}"' for one in audience)
    return refuse(AUDIENCE, f"{name} must be {expected}, got {shown_claim(given)}")


def _wrong_time(claims: Claims, now: float) -> Refused | None:
    for name in ("exp", "nbf", "iat"):
        given = claims.get(name)
        if name not in claims and name != "exp":
            continue
        if isinstance(given, bool) or not isinstance(given, int | float) or abs(given) > _LATEST:
            description = EXPIRED if name == "exp" else MALFORMED
            return refuse(description, f"{name} must be seconds since 1970, got {shown_claim(given)}")
        if name == "exp" and given <= now:
            return refuse(EXPIRED, f"exp is {now - given:,.0f} s in the past")
        if name != "exp" and given > now:
            description = NOT_YET if name == "nbf" else ISSUED_LATER
            return refuse(description, f"{name} is {given - now:,.0f} s in the future")
    return None


def check_scopes(claims: Claims, required: Collection[str]) -> Refused | None:
    """Hold the scopes against those of a route, of which one is enough; a route without any asks for none."""
    granted = scopes_of(claims)
    if not required or any(scope in granted for scope in required):
        return None
    expected = " or ".join(f'"{scope}"' for scope in required)
    given = ", ".join(f'"{shown(scope)}"' for scope in granted) or "no scope"
    return Refused(status=403, description=SCOPE, reason=f"scope must have {expected}, got {given}")


def scopes_of(claims: Claims) -> tuple[str, ...]:
    """Return what ``scope`` or else ``scp`` grants: words with spaces between them, or a list."""
    given = claims["scope"] if "scope" in claims else claims.get("scp")
    if isinstance(given, str):
        return tuple(given.split())
    return tuple(scope for scope in given if isinstance(scope, str)) if isinstance(given, list) else ()


def claim_text(value: JsonValue) -> str:
    """Return a claim as API Gateway hands it on in an HTTP API: as text, a list as ``[a b]``.

    Lists, objects and numbers are as functions and backends have seen them.
    """
    match value:
        case str():
            return value
        case list():
            return f"[{' '.join(claim_text(one) for one in value)}]"
        case dict():
            return f"map[{' '.join(f'{name}:{claim_text(value[name])}' for name in sorted(value))}]"
        case None:
            return "<nil>"
        case _:
            return json.dumps(value)


def parse_json(text: bytes) -> JsonValue:
    """Parse JSON of a stranger; whatever is wrong with it is a ``ValueError``."""
    try:
        return cast("JsonValue", json.loads(text.decode(), parse_constant=_refuse_number, parse_float=_finite))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _refuse_number(text: str) -> JsonValue:
    raise ValueError(f"{text} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is out of range")
    return number


def _json_object(segment: str) -> Claims | None:
    decoded = _decoded(segment)
    try:
        value = None if decoded is None else parse_json(decoded)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _decoded(segment: str) -> bytes | None:
    """Decode base64url without its padding (RFC 7515 §2)."""
    if not _SEGMENT.fullmatch(segment):
        return None
    try:
        return urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    except binascii.Error:
        return None


def shown_claim(value: JsonValue) -> str:
    """Return a claim as a reason shows it."""
    match value:
        case None:
            return "none"
        case str():
            return f'"{shown(value)}"'
        case _:
            return shown(json.dumps(value))
