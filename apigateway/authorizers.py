"""What an authorizer reads from a request, and who issues the tokens that it trusts.

From the AWS pages "Control access to HTTP APIs with AWS Lambda authorizers", "Control access to HTTP APIs with JWT
authorizers in API Gateway" and "Control access to WebSocket APIs with AWS Lambda REQUEST authorizers", and from the
botocore model of ``apigatewayv2`` (``CreateAuthorizer``). The model also lists stage variables and context for
WebSocket APIs, but API Gateway answers them with "Invalid request identity source expression"; they are refused here.
"""

import re
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal, Self, TypeAlias, cast
from urllib.parse import urlsplit

from apigateway.context import Protocol, check_mapping_variable
from apigateway.errors import ExpressionError
from apigateway.mapping import dialects
from apigateway.mapping.variables import HEADER, PARAMETER, QUERY, ContextVariable, parse_shared
from apigateway.suggest import nearest

AuthorizerKind: TypeAlias = Literal["JWT", "REQUEST"]
IdentityLocation: TypeAlias = Literal["header", "querystring", "context", "stageVariables"]

JWT_GRAMMAR: Final = "expected $request.header.NAME or $request.querystring.NAME"
REQUEST_GRAMMAR: Final = (
    "expected $request.header.NAME, $request.querystring.NAME, $context.NAME or $stageVariables.NAME"
)
WEBSOCKET_GRAMMAR: Final = "expected route.request.header.NAME or route.request.querystring.NAME"
ISSUER_GRAMMAR: Final = "expected https://HOST or https://HOST/PATH, of at most 2048 characters"

ISSUER_CHARACTERS: Final = 2048
"""The longest issuer (botocore ``JWTConfiguration``)."""

_HTTP = re.compile(rf"\$request\.(?:(?P<header>header)\.(?P<token>{HEADER})|(?P<query>querystring)\.(?P<name>{QUERY}))")
_WEBSOCKET = re.compile(rf"route\.request\.(?P<place>header|querystring)\.(?P<name>{PARAMETER})")
_MISSPELLED = re.compile(r"\$?\{?(?:\w+\.)?request\.(?:multivalue)?(?P<place>\w+)\.(?P<name>[^{}]+)\}?")
_HEADER_ALONE = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_SEVERAL = re.compile(r",\s*(?:\$|route\.|method\.)")
_DISCOVERY: Final = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentitySource:
    """One thing that a request must hold before its authorizer is asked: 401 when it is missing or empty."""

    protocol: Protocol
    location: IdentityLocation
    name: str
    """The name of a header or query string, of a ``$context`` variable or of a stage variable."""

    @classmethod
    def parse(cls, protocol: Protocol, kind: AuthorizerKind, text: str) -> Self:
        """Read a source as AWS writes it.

        Raises ``ExpressionError``; text of another kind of API is answered with the same source in the right dialect.
        """
        try:
            location, name = _websocket_source(text) if protocol == "WEBSOCKET" else _http_source(kind, text)
        except ExpressionError as error:
            raise error.within(text) from error.__cause__
        return cls(protocol=protocol, location=location, name=name)

    def __str__(self) -> str:
        if self.location not in dialects.PLACES:
            return f"${self.location}.{self.name}"
        return f"{'route.' if self.protocol == 'WEBSOCKET' else '$'}request.{self.location}.{self.name}"


def check_identity_source(protocol: Protocol, kind: AuthorizerKind, text: str) -> None:
    """Hold an identity source against the grammar of its API and authorizer. Raises ``ExpressionError``."""
    IdentitySource.parse(protocol, kind, text)


def check_issuer(text: str) -> None:
    """Hold a JWT authorizer's issuer against its grammar. Raises ``ExpressionError``.

    It is what the tokens' ``iss`` says, and API Gateway itself appends the path of the discovery document.
    """
    if not _is_url(text):
        raise ExpressionError(text, "not an issuer of tokens", grammar=ISSUER_GRAMMAR, suggestion=_https(text))
    if "?" in text or "#" in text:
        reason = "an issuer has neither a query nor a fragment"
        raise ExpressionError(text, reason, suggestion=f"write {re.split('[?#]', text)[0]}")
    if text.endswith(_DISCOVERY):
        reason = "an issuer is written without the path of its discovery document"
        raise ExpressionError(text, reason, suggestion=f"write {text.removesuffix(_DISCOVERY)}")


def _http_source(kind: AuthorizerKind, text: str) -> tuple[IdentityLocation, str]:
    grammar = JWT_GRAMMAR if kind == "JWT" else REQUEST_GRAMMAR
    _refuse_several(text, grammar)
    if match := _HTTP.fullmatch(text):
        return ("header", match["token"]) if match["header"] else ("querystring", match["name"])
    if text.startswith("$") and (shared := parse_shared(text[1:], partial(check_mapping_variable, "HTTP"))):
        if kind == "JWT":
            reason = "a JWT authorizer finds its token in a header or a query string only"
            raise ExpressionError(text, reason, grammar=grammar)
        return ("context" if isinstance(shared, ContextVariable) else "stageVariables"), shared.name
    proposal = _misspelled(text, "$") or dialects.source_for_http(text)
    suggestion = dialects.suggestion(text, proposal, lambda rewritten: IdentitySource.parse("HTTP", kind, rewritten))
    reason = f"not an identity source of an HTTP API's {kind} authorizer"
    raise ExpressionError(text, reason, grammar=grammar, suggestion=suggestion)


def _websocket_source(text: str) -> tuple[IdentityLocation, str]:
    _refuse_several(text, WEBSOCKET_GRAMMAR)
    if match := _WEBSOCKET.fullmatch(text):
        return cast("IdentityLocation", match["place"]), match["name"]
    proposal = _misspelled(text, "route.") or dialects.source_for_websocket(text)
    suggestion = dialects.suggestion(
        text, proposal, lambda rewritten: IdentitySource.parse("WEBSOCKET", "REQUEST", rewritten)
    )
    reason = "not an identity source of a WebSocket API's authorizer"
    raise ExpressionError(text, reason, grammar=WEBSOCKET_GRAMMAR, suggestion=suggestion)


def _refuse_several(text: str, grammar: str) -> None:
    if _SEVERAL.search(text):
        raise ExpressionError(text, "several sources in one text: write each as an item of its own", grammar=grammar)


def _misspelled(text: str, prefix: str) -> str | None:
    """Rewrite ``$request.headers.X``, ``…multivalueheader.X`` or the name of a header alone."""
    if _HEADER_ALONE.fullmatch(text):
        return f"{prefix}request.header.{text}"
    match = _MISSPELLED.fullmatch(text)
    place = nearest(match["place"], dialects.PLACES) if match else None
    return f"{prefix}request.{place}.{match['name']}" if match and place else None


def _is_url(text: str) -> bool:
    try:
        url = urlsplit(text)
        has_host = bool(url.hostname) and url.port != 0
    except ValueError:  # brackets that hold no address, a port that is no number
        return False
    return url.scheme == "https" and has_host and len(text) <= ISSUER_CHARACTERS and not re.search(r"\s", text)


def _https(text: str) -> str:
    proposal = f"https://{text.removeprefix('http://')}"
    return f"write {proposal}" if "." in text and "://" not in proposal[len("https://") :] and _is_url(proposal) else ""
