"""Header lines and paths as they travel: exact names and order on the way through, nothing unsafe added.

Sources: "Working with HTTP proxy integrations for HTTP APIs", "Important notes for HTTP APIs" (``Forwarded``),
RFC 9110 §7.6.1 (hop-by-hop headers), RFC 7239 (``Forwarded``).
"""

import re
import secrets
from collections.abc import Iterable
from time import time
from urllib.parse import parse_qsl, quote

from apigateway.mapping.data import Pairs, header_value

HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "trailers",
        "transfer-encoding",
        "upgrade",
    }
)
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_PATH_CHARACTERS = "/%:@!$&'()*+,;=~-._"


def read_pairs(raw_headers: Iterable[tuple[bytes, bytes]]) -> Pairs:
    """Decode header lines as they arrived; a value that is not UTF-8 is taken for Latin-1."""
    return tuple((name.decode("latin-1"), _decode(value)) for name, value in raw_headers)


def _decode(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def find(pairs: Pairs, name: str) -> str | None:
    """Return the first value of a header, its name in any case."""
    lower = name.lower()
    return next((value for key, value in pairs if key.lower() == lower), None)


def without(pairs: Pairs, names: Iterable[str]) -> Pairs:
    """Return the headers other than these, given in lower case."""
    dropped = frozenset(names)
    return tuple((name, value) for name, value in pairs if name.lower() not in dropped)


def end_to_end(pairs: Pairs) -> Pairs:
    """Drop the headers that concern one connection only: the well-known ones, and those that ``Connection`` names."""
    named = {
        token.strip().lower() for name, value in pairs if name.lower() == "connection" for token in value.split(",")
    }
    return without(pairs, HOP_BY_HOP | named)


def safe_value(value: str) -> str:
    """Return a value that can stand in a header line: no line break, no control character, valid as UTF-8."""
    printable = _CONTROLS.sub(" ", header_value(value))
    return printable.encode("utf-8", "replace").decode()


def forwarded(pairs: Pairs, *, client: str, host: str) -> Pairs:
    """Translate ``X-Forwarded-*`` and append this hop, as API Gateway does; a private integration names no ``by``."""
    translated = [value for name, value in pairs if name.lower() == "forwarded"]
    old = ";".join(
        f"{parameter}={_quoted(value.split(',')[0].strip())}"
        for parameter, name in (
            ("for", "x-forwarded-for"),
            ("host", "x-forwarded-host"),
            ("proto", "x-forwarded-proto"),
        )
        if (value := find(pairs, name))
    )
    if old:
        translated.append(old)
    translated.append(f"for={_quoted(client)};host={_quoted(host)};proto=http")
    kept = without(pairs, {"forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"})
    return (*kept, ("Forwarded", ", ".join(translated)))


def _quoted(value: str) -> str:
    # Node names and hosts with a port or brackets are quoted (RFC 7239 §4).
    if ":" in value and value.count(":") > 1 and not value.startswith("["):
        value = f"[{value}]"
    return value if _TOKEN.fullmatch(value) else f'"{value.translate({34: None, 92: None})}"'


def traced(pairs: Pairs) -> Pairs:
    """Give the request an X-Ray trace id; one that the client sent keeps its root and gains this hop."""
    own = f"1-{int(time()):08x}-{secrets.token_hex(12)}"
    given = find(pairs, "x-amzn-trace-id")
    value = f"Self={own};{given}" if given else f"Root={own}"
    return (*without(pairs, {"x-amzn-trace-id"}), ("X-Amzn-Trace-Id", value))


def encode_path(path: str) -> str:
    """Escape what may not stand in a path, and keep what is escaped already."""
    return quote(path.encode("utf-8", "replace"), safe=_PATH_CHARACTERS)


def encode_query(pairs: Pairs) -> str:
    """Print query parameters, escaped."""
    return "&".join(f"{encode_component(name)}={encode_component(value)}" for name, value in pairs)


def encode_component(text: str) -> str:
    """Escape a name or value of a query, or a segment of a path."""
    return quote(text.encode("utf-8", "replace"), safe="")


def encode_written(text: str) -> str:
    """Escape only what can stand in no URL: for text that its author has already encoded as the backend needs it."""
    return quote(text.encode("utf-8", "replace"), safe=_PATH_CHARACTERS + "?[]")


def parse_query(text: str) -> Pairs:
    """Decode a query string; empty values are kept."""
    return tuple(parse_qsl(text, keep_blank_values=True))
