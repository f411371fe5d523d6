"""What every request over HTTP is held against as it comes in: the size of its head, and that of its body.

Source: "Quotas for configuring and running an HTTP API in API Gateway".
"""

from typing import Final

from aiohttp import web

from apigateway import limits
from local.gateway import replies
from local.gateway.replies import RequestFault

_FRAME_BYTES: Final = len("  HTTP/1.1\r\n\r\n")


def check_header_size(request: web.BaseRequest) -> None:
    """Refuse a request line and headers that are together larger than API Gateway takes. Raises ``RequestFault``."""
    check_size(request, sum(len(name) + len(value) + 4 for name, value in request.raw_headers))


def check_size(request: web.BaseRequest, header_bytes: int) -> None:
    """Do what :func:`check_header_size` does where the size of the headers is known already."""
    target = request.raw_path
    size = len(target) if target.isascii() else len(target.encode("utf-8", "surrogateescape"))
    size += len(request.method) + _FRAME_BYTES + header_bytes
    if size > limits.HTTP_HEADER_BYTES:
        raise RequestFault(
            replies.HEADERS_TOO_LARGE,
            f"request line and headers may have {limits.HTTP_HEADER_BYTES} bytes together, got {size}",
        )


async def read_body(request: web.BaseRequest) -> bytes:
    """Read the whole body, up to what API Gateway takes. Raises ``RequestFault``."""
    if not request.body_exists:
        return b""
    if request.content_length is not None and request.content_length > limits.HTTP_PAYLOAD_BYTES:
        raise _too_large()
    body = bytearray()
    try:
        async for chunk in request.content.iter_any():
            body += chunk
            if len(body) > limits.HTTP_PAYLOAD_BYTES:
                raise _too_large()
    except (ConnectionError, web.RequestPayloadError) as error:
        raise RequestFault(replies.BAD_REQUEST, f"the client did not send the whole body: {error}") from error
    return bytes(body)


def _too_large() -> RequestFault:
    reason = f"the body may have {limits.HTTP_PAYLOAD_BYTES} bytes and has more"
    return RequestFault(replies.PAYLOAD_TOO_LARGE, reason)
