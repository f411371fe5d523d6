"""What the gateway answers: a backend's response as it is, or an error of its own.

Where AWS documents the status or the body of an error, that is used; the choices made where it is silent are marked.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.helpers import rfc822_formatted_time
from aiohttp.http import HttpVersion11
from multidict import CIMultiDict

from apigateway.mapping.data import Pairs
from local.gateway.headers import TOKENS, safe_value

_FRAMING = frozenset({"content-length", "transfer-encoding"})
_WITHOUT_BODY = frozenset({204, 304})


class Reply(web.StreamResponse):
    """A response that is sent as it was given, in one piece: with its headers in their order and case.

    All that is added is what HTTP asks for: the length, the date, and whether the connection ends.
    """

    def __init__(self, *, status: int, headers: Pairs, body: bytes) -> None:
        super().__init__(status=status)
        self.pairs = headers
        self.body = body
        self._closes = False
        self._lasts = False

    def force_close(self) -> None:
        """End the connection after this response."""
        self._closes = True

    @property
    def keep_alive(self) -> bool:
        """Whether the connection outlives this response."""
        return self._lasts

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter:
        """Send it. Raises ``ValueError`` for a header whose name cannot be sent."""
        self._lasts = request.keep_alive and not self._closes
        await request.writer.write(self._message(request))
        return request.writer

    async def write_eof(self, data: bytes = b"") -> None:
        """Do nothing: it has been sent."""

    def _message(self, request: web.BaseRequest) -> bytes:
        version, status = request.version, self.status
        names = "\n".join([name for name, _ in self.pairs])
        if names and not TOKENS.fullmatch(names):
            raise ValueError("a header's name has characters that cannot be sent")
        known = names.lower().split("\n")
        lines = [f"HTTP/{version.major}.{version.minor} {status} {self.reason}"]
        without_body = request.method == "HEAD" or status in _WITHOUT_BODY
        for name, (spelled, value) in zip(known, self.pairs, strict=False):
            if name not in _FRAMING or (name == "content-length" and without_body and status != 204):
                lines.append(f"{spelled}: {safe_value(value)}")
        if not without_body or (self.body and "content-length" not in known and status not in _WITHOUT_BODY):
            lines.append(f"Content-Length: {len(self.body)}")
        if "date" not in known:
            lines.append(f"Date: {rfc822_formatted_time()}")
        if "connection" not in known and self._lasts is (version < HttpVersion11):
            lines.append("Connection: keep-alive" if self._lasts else "Connection: close")
        lines.append("\r\n")
        head = "\r\n".join(lines).encode()
        return head if without_body else head + self.body


class StreamedReply(web.StreamResponse):
    """The same for a response whose body is sent piece by piece."""

    def __init__(self, *, status: int, headers: Pairs) -> None:
        super().__init__(status=status, headers=CIMultiDict((name, safe_value(value)) for name, value in headers))
        self.given = frozenset(name.lower() for name, _ in headers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An error of the gateway: its status, and the message of its JSON body."""

    status: int
    message: str


class RequestFault(Exception):  # noqa: N818 - it is an answer, not an error of the gateway
    """A request to an HTTP API ends with an error of the gateway: what the client gets, and why.

    So does a request to any API whose head or body is larger than API Gateway takes.
    """

    def __init__(self, fault: Fault, reason: str, headers: Pairs = ()) -> None:
        self.fault = fault
        self.reason = reason
        self.headers = headers
        super().__init__(reason)


# All kinds. Documented: the status; the body is observed. Ours: that a message on a WebSocket gets it as a frame.
TOO_MANY_REQUESTS = Fault(status=429, message="Too Many Requests")

# HTTP APIs. Documented: 401, 404, 413, 500 and 503 (the body of 503 is observed). Ours: the bodies of 400, 413 and 431,
# and 504 for a server that times out, for which both 503 and 504 are reported.
UNAUTHORIZED = Fault(status=401, message="Unauthorized")
FAILED = Fault(status=500, message="Internal Server Error")
BAD_REQUEST = Fault(status=400, message="Bad Request")
NOT_FOUND = Fault(status=404, message="Not Found")
PAYLOAD_TOO_LARGE = Fault(status=413, message="Request Entity Too Large")
HEADERS_TOO_LARGE = Fault(status=431, message="Request Header Fields Too Large")
UNAVAILABLE = Fault(status=503, message="Service Unavailable")
TIMED_OUT = Fault(status=504, message="Gateway Timeout")

# WebSocket APIs. Observed: the frames "Forbidden" and "Internal server error", and 500 for a broken $connect. Ours: 403
# for a path that is no stage, 426 for a request that is no handshake.
FORBIDDEN = Fault(status=403, message="Forbidden")
UPGRADE_REQUIRED = Fault(status=426, message="Upgrade Required")
INTERNAL_SERVER_ERROR = Fault(status=500, message="Internal server error")


def not_served(reason: str) -> Fault:
    """Return the fault of a request for what is not on this laptop: AWS has no such answer."""
    return Fault(status=501, message=f"Not served by the local gateway: {reason}")


def reply(fault: Fault, *, headers: Pairs = (), fields: Mapping[str, str] | None = None) -> Reply:
    """Answer with a fault; ``fields`` follow the message in its body."""
    if fault is UPGRADE_REQUIRED:
        headers = (*headers, ("Upgrade", "websocket"))
    body = fault_body(fault, fields or {}).encode()
    return Reply(status=fault.status, headers=(("Content-Type", "application/json"), *headers), body=body)


def fault_body(fault: Fault, fields: Mapping[str, str]) -> str:
    """Print the body of a fault, which for a message on a WebSocket is a frame."""
    return json.dumps({"message": fault.message, **fields}, separators=(",", ":"))
