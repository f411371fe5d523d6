"""Bodies of REST APIs: what counts as binary, and what becomes of a body on its way to and from the integration.

Source: "Content type conversions in API Gateway", with a table for each direction, and "Payload compression for REST
APIs in API Gateway".
"""

import zlib
from base64 import b64encode
from collections.abc import Iterable
from fnmatch import fnmatchcase

from apigateway import limits
from apigateway.mapping.data import Pairs
from local.gateway.bodies import JSON, PayloadError, bytes_of, decoded, text_of
from local.gateway.headers import find
from local.topology.calls import ContentHandling

CODINGS = frozenset({"gzip", "deflate"})
"""The compressions of a request that API Gateway undoes."""


def first_media_type(headers: Pairs, name: str) -> str | None:
    """Return the first media type of a header without its parameters: API Gateway looks at no other."""
    value = find(headers, name) or ""
    return value.split(",")[0].split(";")[0].strip().lower() or None


def is_binary(media_type: str | None, binary_media_types: Iterable[str]) -> bool:
    """Say whether a media type is among those that the API treats as binary; ``*`` stands for any text there."""
    return any(fnmatchcase(media_type or JSON, binary.lower()) for binary in binary_media_types)


def passed_on(body: bytes, *, binary: bool) -> bytes:
    """Return a body that a proxy integration passes on: bytes that are no UTF-8 survive as a binary media type only."""
    return body if binary else bytes_of(text_of(body))


def request_payload(body: bytes, *, binary: bool, handling: ContentHandling | None) -> str | bytes:
    """Return what mappings and templates see of a client's body: text, or bytes where it is binary and stays so."""
    if not binary:
        return text_of(body)
    return b64encode(body).decode() if handling == "CONVERT_TO_TEXT" else body


def response_payload(
    body: bytes, *, binary: bool, accepts_binary: bool, handling: ContentHandling | None
) -> str | bytes:
    """Return what becomes of an integration's body: text, or bytes. Raises ``PayloadError``."""
    wants_binary = handling == "CONVERT_TO_BINARY" or (handling is None and accepts_binary)
    if binary:
        return body if wants_binary else b64encode(body).decode()
    return decoded(text_of(body)) if wants_binary else text_of(body)


def decompressed(body: bytes) -> bytes:
    """Undo one of :data:`CODINGS`, up to just beyond what API Gateway takes. Raises ``PayloadError``."""
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 32)  # gzip or zlib, whichever the body begins with
    try:
        plain = inflater.decompress(body, limits.HTTP_PAYLOAD_BYTES + 1)
    except zlib.error as error:
        raise PayloadError(str(error)) from error
    if not inflater.eof and len(plain) <= limits.HTTP_PAYLOAD_BYTES:
        raise PayloadError("it is cut off")
    return plain
