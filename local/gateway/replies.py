"""What the gateway answers: a backend's response as it is, or an error of its own.

Where AWS documents the status or the body of an error, that is used; the choices made where it is silent are marked.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web
from multidict import CIMultiDict

from apigateway.mapping.data import Pairs
from local.gateway.headers import safe_value


class Reply(web.Response):
    """A response that is sent with the headers it was given: no type, no server and no case of aiohttp's own."""

    def __init__(self, *, status: int, headers: Pairs, body: bytes) -> None:
        super().__init__(
            status=status, headers=CIMultiDict((name, safe_value(value)) for name, value in headers), body=body or None
        )
        self.given = frozenset(name.lower() for name, _ in headers)


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


# All kinds. Documented: the status; the body is observed. Ours: that a message on a WebSocket gets it as a frame.
TOO_MANY_REQUESTS = Fault(status=429, message="Too Many Requests")

# HTTP APIs. Documented: 404, 413 and 503 (the body of 503 is observed). Ours: the bodies of 400, 413 and 431, and 504
# for a timeout, for which both 503 and 504 are reported.
BAD_REQUEST = Fault(status=400, message="Bad Request")
NOT_FOUND = Fault(status=404, message="Not Found")
PAYLOAD_TOO_LARGE = Fault(status=413, message="Request Entity Too Large")
HEADERS_TOO_LARGE = Fault(status=431, message="Request Header Fields Too Large")
UNAVAILABLE = Fault(status=503, message="Service Unavailable")
TIMED_OUT = Fault(status=504, message="Gateway Timeout")

# WebSocket APIs. Observed: the frames "Forbidden" and "Internal server error", and 500 for a broken $connect. Ours: 403
# for a path that is no stage, 400 for a missing required parameter (a REST API's text), 426 for a request that is no
# handshake.
FORBIDDEN = Fault(status=403, message="Forbidden")
UPGRADE_REQUIRED = Fault(status=426, message="Upgrade Required")
INTERNAL_SERVER_ERROR = Fault(status=500, message="Internal server error")


def missing_parameters(names: Iterable[str]) -> Fault:
    """Return the fault of a handshake without the parameters that its route requires."""
    return Fault(status=400, message=f"Missing required request parameters: [{', '.join(names)}]")


def refused(status: int) -> Fault:
    """Return the fault of a handshake that the backend of ``$connect`` answered with this status."""
    try:
        return Fault(status=status, message=HTTPStatus(status).phrase)
    except ValueError:
        return Fault(status=status, message="Refused")


def reply(fault: Fault, *, headers: Pairs = (), fields: Mapping[str, str] | None = None) -> Reply:
    """Answer with a fault; ``fields`` follow the message in its body."""
    if fault is UPGRADE_REQUIRED:
        headers = (*headers, ("Upgrade", "websocket"))
    body = fault_body(fault, fields or {}).encode()
    return Reply(status=fault.status, headers=(("Content-Type", "application/json"), *headers), body=body)


def fault_body(fault: Fault, fields: Mapping[str, str]) -> str:
    """Print the body of a fault, which for a message on a WebSocket is a frame."""
    return json.dumps({"message": fault.message, **fields}, separators=(",", ":"))
