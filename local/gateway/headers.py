"""Header lines and paths as they travel: exact names and order on the way through, nothing unsafe added.

Sources: "Working with HTTP proxy integrations for HTTP APIs", "Important notes for HTTP APIs" (``Forwarded``),
RFC 9110 §7.6.1 (hop-by-hop headers), RFC 7239 (``Forwarded``).
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from random import getrandbits
from time import time
from urllib.parse import parse_qsl, quote

from apigateway.json_path import JsonValue
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
_PARAMETERS = {"for": "x-forwarded-for", "host": "x-forwarded-host", "proto": "x-forwarded-proto"}
"""What each of them is in ``Forwarded``."""
TRANSLATED = frozenset({"forwarded", *_PARAMETERS.values()})
"""What becomes of a request's way in one header of a standard."""
TRACE = "x-amzn-trace-id"
_HOPS = frozenset({"x-forwarded-for", "x-forwarded-port", "x-forwarded-proto"})
TOKENS = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z\n-]+")
"""The names of headers, each a token (RFC 9110 §5.1), with line feeds between them."""

_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_PATH_CHARACTERS = "/%:@!$&'()*+,;=~-._"


def read_pairs(raw_headers: Iterable[tuple[bytes, bytes]]) -> Pairs:
    """Decode header lines as they arrived; a value that is not UTF-8 is taken for Latin-1."""
    return tuple([(name.decode("latin-1"), _decode(value)) for name, value in raw_headers])


def read_end_to_end(
    raw_headers: Iterable[tuple[bytes, bytes]], dropped: frozenset[str]
) -> tuple[Pairs, dict[str, str], int]:
    """Do in one pass what :func:`read_pairs` and :func:`end_to_end` do, for every request comes this way.

    ``dropped`` is :data:`HOP_BY_HOP` and what else shall go. Beside the headers that are left come the first value of
    each name, in lower case, among all of them, and the size of all of them in bytes.
    """
    kept: list[tuple[str, str]] = []
    first: dict[str, str] = {}
    connections: list[str] = []
    size = 0
    for raw_name, raw_value in raw_headers:
        size += len(raw_name) + len(raw_value) + 4  # ": " and the line's end
        name, value = raw_name.decode("latin-1"), _decode(raw_value)
        lower = name.lower()
        if lower not in first:
            first[lower] = value
        if lower not in dropped:
            kept.append((name, value))
        elif lower == "connection":
            connections.append(value)
    return _unnamed(tuple(kept), connections), first, size


def _decode(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def find(pairs: Pairs, name: str) -> str | None:
    """Return the first value of a header, its name in any case."""
    lower = name.lower()
    for key, value in pairs:
        if key.lower() == lower:
            return value
    return None


def all_values(pairs: Iterable[tuple[str, str]]) -> dict[str, JsonValue]:
    """Return every value of each name, as the ``multiValue`` members of a function's event have them."""
    found: dict[str, list[JsonValue]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {**found}


def values(pairs: Pairs, name: str) -> list[str]:
    """Return every value of a header, its name in lower case."""
    return [value for key, value in pairs if key.lower() == name]


def without(pairs: Pairs, names: Iterable[str]) -> Pairs:
    """Return the headers other than these, given in lower case."""
    dropped = names if isinstance(names, frozenset | set) else frozenset(names)
    return tuple([pair for pair in pairs if pair[0].lower() not in dropped])


def sift(pairs: Pairs, names: frozenset[str]) -> tuple[Pairs, dict[str, list[str]]]:
    """Part the headers from those of these names, given in lower case; the values of the latter are by name."""
    kept: list[tuple[str, str]] = []
    taken: dict[str, list[str]] = {}
    for pair in pairs:
        name = pair[0].lower()
        if name in names:
            taken.setdefault(name, []).append(pair[1])
        else:
            kept.append(pair)
    return tuple(kept), taken


def end_to_end(pairs: Pairs, and_without: frozenset[str] = frozenset()) -> Pairs:
    """Drop the headers that concern one connection only: the well-known ones, and those that ``Connection`` names.

    Those of ``and_without``, in lower case, go with them.
    """
    kept, taken = sift(pairs, HOP_BY_HOP | and_without if and_without else HOP_BY_HOP)
    return _unnamed(kept, taken.get("connection", []))


def _unnamed(kept: Pairs, connections: list[str]) -> Pairs:
    """Drop the headers that the values of ``Connection`` name."""
    if not connections:
        return kept
    named = {token.strip().lower() for value in connections for token in value.split(",")}
    return kept if named <= {"close", "keep-alive"} else without(kept, named)


def safe_value(value: str) -> str:
    """Return a value that can stand in a header line: no line break, no control character, valid as UTF-8."""
    if value.isascii() and value.isprintable():
        return value
    printable = _CONTROLS.sub(" ", header_value(value))
    return printable.encode("utf-8", "replace").decode()


def forwarded(taken: Mapping[str, list[str]], *, client: str, host: str, by: str | None = None) -> str:
    """Translate ``X-Forwarded-*`` and append this hop, as API Gateway does: the value of ``Forwarded``.

    ``taken`` has what :func:`sift` finds of :data:`TRANSLATED`; ``by`` is the address that the request leaves from,
    which a private integration does not name.
    """
    own = f"for={_quoted(client)};host={_quoted(host)};proto=http"
    if by:
        own = f"by={_quoted(by)};{own}"
    if TRANSLATED.isdisjoint(taken):
        return own
    old = ";".join(
        f"{parameter}={_quoted(taken[name][0].split(',')[0].strip())}"
        for parameter, name in _PARAMETERS.items()
        if name in taken and taken[name][0]
    )
    return ", ".join([*taken.get("forwarded", ()), *filter(None, (old,)), own])


@lru_cache(maxsize=256)
def _quoted(value: str) -> str:
    # Node names and hosts with a port or brackets are quoted (RFC 7239 §4).
    if ":" in value and value.count(":") > 1 and not value.startswith("["):
        value = f"[{value}]"
    return value if _TOKEN.fullmatch(value) else f'"{value.translate({34: None, 92: None})}"'


def with_hops(pairs: Pairs, *, client: str, port: int) -> Pairs:
    """Add what the way to API Gateway adds; on a laptop it is that of plain HTTP, to the gateway's own port."""
    hops = ", ".join([*values(pairs, "x-forwarded-for"), client])
    forwarded = (("X-Forwarded-For", hops), ("X-Forwarded-Port", str(port)), ("X-Forwarded-Proto", "http"))
    return traced((*without(pairs, _HOPS), *forwarded))


def traced(pairs: Pairs) -> Pairs:
    """Give the request an X-Ray trace id; one that the client sent keeps its root and gains this hop."""
    given = find(pairs, TRACE)
    kept = pairs if given is None else without(pairs, {TRACE})
    return (*kept, ("X-Amzn-Trace-Id", trace_id(given)))


def trace_id(given: str | None) -> str:
    """Make an X-Ray trace id; one that the client gave keeps its root and gains this hop."""
    own = f"1-{int(time()):08x}-{getrandbits(96):024x}"
    return f"Self={own};{given}" if given else f"Root={own}"


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
    if "%" in text or "+" in text:
        return tuple(parse_qsl(text, keep_blank_values=True))
    parts = [part.partition("=") for part in text.split("&") if part]
    return tuple([(name, value) for name, _, value in parts])
