"""Who issues tokens: verifies a token of an issuer that a JWT authorizer names, or of a Cognito user pool.

Sources: "Control access to HTTP APIs with JWT authorizers in API Gateway", "Control access to REST APIs using Amazon
Cognito user pools as an authorizer" and "Integrate a REST API with an Amazon Cognito user pool" (an identity token
without scopes on the method, an access token with them), "Verifying JSON web tokens" of the Cognito guide (``iss`` and
``token_use`` of a user pool).
"""

import re
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from apigateway.errors import GatewayError, shown
from apigateway.rest_authorizers import check_user_pool
from local.gateway.authorization.jwt import (
    EXPIRED,
    ISSUER,
    SIGNATURE,
    Refused,
    Token,
    Verified,
    check_claims,
    check_scopes,
    read_token,
    refuse,
    scopes_of,
    shown_claim,
)
from local.gateway.authorization.key_sets import FetchedKeys, Fetcher, FileKeys, KeySource, NoKeys, is_url, read_file

UNKNOWN_KEY: Final = "the token's kid is unknown"

COGNITO_REFUSED: Final = "Unauthorized"
"""Seen by clients of REST APIs."""
COGNITO_EXPIRED: Final = "The incoming token has expired"
"""Seen by clients of REST APIs."""

_ANY_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


class Issuers:
    """Verifies tokens against the keys of those who issue them.

    With ``key_sets`` the keys of an issuer come from a file or a URL; other issuers are asked where theirs are.
    ``clock`` tells the seconds since 1970.
    """

    def __init__(self, key_sets: Mapping[str, str], *, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._key_sets = dict(key_sets)
        self._fetcher = Fetcher()
        self._sources: dict[str, KeySource] = {}

    def check(self) -> None:
        """Raise GatewayError where a file given for an issuer is no key set."""
        problems: list[str] = []
        for issuer, place in self._key_sets.items():
            if not is_url(place):
                try:
                    read_file(_path(place))
                except NoKeys as error:
                    problems.append(f"the key set of {issuer}: {error}")
        if problems:
            raise GatewayError("\n".join(problems))

    async def verify(
        self, token: str, *, issuer: str, audience: Collection[str], scopes: Collection[str]
    ) -> Verified | Refused:
        """Verify a token for a route of an HTTP API; the route may ask for no scopes."""
        read = read_token(token)
        if isinstance(read, Refused):
            return read
        return (
            await self._wrong_signature(read, issuer)
            or check_claims(read.claims, issuer=issuer, audience=audience, now=self._clock())
            or check_scopes(read.claims, scopes)
            or _verified(read)
        )

    async def verify_cognito(self, token: str, pools: Collection[str], scopes: Collection[str]) -> Verified | Refused:
        """Verify a token for a method of a REST API; it must be of one of the user pools, given by their ARNs.

        Raises ExpressionError where an ARN is none.
        """
        issuers = [cognito_issuer(pool) for pool in pools]
        read = read_token(token)
        verified = read if isinstance(read, Refused) else await self._verify_cognito(read, issuers, scopes)
        if isinstance(verified, Verified):
            return verified
        description = COGNITO_EXPIRED if verified.description == EXPIRED else COGNITO_REFUSED
        return replace(verified, status=401, description=description)

    async def _verify_cognito(self, token: Token, issuers: list[str], scopes: Collection[str]) -> Verified | Refused:
        issuer = token.claims.get("iss")
        if not isinstance(issuer, str) or issuer not in issuers:
            expected = " or ".join(f'"{one}"' for one in issuers)
            return refuse(ISSUER, f"iss must be {expected}, got {shown_claim(issuer)}")
        return (
            await self._wrong_signature(token, issuer)
            or check_claims(token.claims, issuer=issuer, audience=None, now=self._clock())
            or _wrong_use(token, "access" if scopes else "id")
            or check_scopes(token.claims, scopes)
            or _verified(token)
        )

    async def _wrong_signature(self, token: Token, issuer: str) -> Refused | None:
        source = self._sources.get(issuer)
        if source is None:
            source = self._sources[issuer] = self._source(issuer)
        keys = await source.keys(token.key_id)
        if isinstance(keys, Refused):
            hint = "" if issuer in self._key_sets else f"; --jwks {issuer}=FILE gives its keys"
            return replace(keys, reason=f"{keys.reason}{hint}")
        key = keys.get(token.key_id)
        if key is None:
            known = shown(", ".join(f'"{name}"' for name in keys))
            named = token.claims.get("iss")
            other = "" if named == issuer else f"; the token's iss is {shown_claim(named)}"
            return refuse(UNKNOWN_KEY, f'kid must be one of {issuer}: {known}, got "{shown(token.key_id)}"{other}')
        if not token.is_signed_by(key):
            return refuse(SIGNATURE, f'the key "{shown(token.key_id)}" of {issuer} did not sign this token')
        return None

    def _source(self, issuer: str) -> KeySource:
        place = self._key_sets.get(issuer)
        if place is None:
            return FetchedKeys(lambda: self._fetcher.discovered(issuer), self._clock)
        if is_url(place):
            return FetchedKeys(lambda: self._fetcher.key_set(place), self._clock)
        return FileKeys(_path(place))

    async def close(self) -> None:
        """Close the connections to issuers."""
        for source in self._sources.values():
            await source.close()
        await self._fetcher.close()


def cognito_issuer(user_pool_arn: str) -> str:
    """Return what the tokens of a user pool say as ``iss``. Raises ExpressionError where the ARN is none."""
    check_user_pool(user_pool_arn)
    _, partition, _, region, _, pool = user_pool_arn.split(":")
    domain = "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com"
    return f"https://cognito-idp.{region}.{domain}/{pool.removeprefix('userpool/')}"


def parse_key_set(text: str) -> tuple[str, str]:
    """Read ``ISSUER=FILE`` or ``ISSUER=URL``. Raises GatewayError."""
    issuer, equals, place = text.partition("=")
    if not equals or not place:
        raise GatewayError(f'a key set must be given as ISSUER=FILE or ISSUER=URL, got "{shown(text)}"')
    if not is_url(issuer):
        raise GatewayError(f'an issuer must be a URL such as https://auth.example.com, got "{shown(issuer)}"')
    if not is_url(place) and _ANY_SCHEME.match(place):
        expected = "must be in a file or at a URL such as https://auth.example.com/jwks.json"
        raise GatewayError(f'the key set of {issuer} {expected}, got "{shown(place)}"')
    return issuer, place


def _verified(token: Token) -> Verified:
    return Verified(claims=token.claims, scopes=scopes_of(token.claims))


def _wrong_use(token: Token, expected: str) -> Refused | None:
    use = token.claims.get("token_use")
    if use == expected:
        return None
    kind = "with" if expected == "access" else "without"
    reason = f'token_use must be "{expected}" for a method {kind} scopes, got {shown_claim(use)}'
    return refuse(COGNITO_REFUSED, reason)


def _path(place: str) -> Path:
    try:
        return Path(place).expanduser()
    except RuntimeError:
        # Nobody has the home directory that it names; a file of that name is then looked for, and the lack of it told.
        return Path(place)
