"""Bodies as text and as bytes, and what they are without a word about it.

Source: "Content type conversions in API Gateway".
"""

from base64 import b64decode

JSON = "application/json"
"""What a body is without a ``Content-Type``, and what a client accepts without an ``Accept``."""


class PayloadError(Exception):
    """A body that cannot be converted as the API says; its text is the reason."""


def text_of(body: bytes) -> str:
    """Read a body that counts as text: what is not UTF-8 is lost, as it is on AWS."""
    return body.decode("utf-8", "replace")


def bytes_of(body: str | bytes) -> bytes:
    """Return a body as it travels."""
    return body if isinstance(body, bytes) else body.encode("utf-8", "replace")


def decoded(text: str) -> bytes:
    """Decode Base64. Raises ``PayloadError``."""
    try:
        return b64decode(text, validate=True)
    except ValueError as error:
        raise PayloadError(f"the body is to become binary and is not Base64: {error}") from error
