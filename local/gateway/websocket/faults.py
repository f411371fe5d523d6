"""What a WebSocket API answers by itself: to a handshake as a response, to a message as a frame.

Most faults are those of REST APIs, whose words API Gateway uses here, too. Observed: the frames "Forbidden", "Internal
server error" and "Endpoint request timed out", and 502 for a handshake whose function fails. Documented: "Bad request
body" with its two ids ("Request validation for WebSocket APIs in API Gateway"), 401 and 403 for a caller who is not let
in ("Manage connected users and client apps"), 415 for a message that no template takes (``PassthroughBehavior`` of
botocore ``apigatewayv2``). Choices: that each fault has the same words as response and as frame, 414 for a URL that is
too long, "Forbidden" for whoever is not let in, and a REST API's text for a required parameter that is missing.
"""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Final

from local.gateway import replies
from local.gateway.faults import Faulted, GatewayFault
from local.gateway.replies import Fault
from local.gateway.websocket.event import Event

BAD_BODY: Final = GatewayFault(type="BAD_REQUEST_BODY", message="Bad request body", error="BadRequestException")
FORBIDDEN: Final = GatewayFault(type="ACCESS_DENIED", message="Forbidden", error="ForbiddenException")
URL_TOO_LONG: Final = Fault(status=414, message="Request-URI Too Long")


def fault_of(ended: Faulted) -> Fault:
    """Return what a client is told: an authorizer that failed has no words of its own."""
    fault = ended.fault
    return Fault(status=fault.own_status, message=fault.message or replies.INTERNAL_SERVER_ERROR.message)


def ids_of(ended: Faulted, event: Event) -> Mapping[str, str]:
    """Return the ids that follow the message."""
    if ended.fault is BAD_BODY and "messageId" in event.context:
        return {"connectionId": event.handshake.connection_id, "messageId": event.context["messageId"]}
    return event.ids


def missing_parameters(names: Iterable[str]) -> Fault:
    """Return the fault of a handshake without the parameters that its route requires."""
    return Fault(status=400, message=f"Missing required request parameters: [{', '.join(names)}]")


def refused(status: int) -> Fault:
    """Return the fault of a handshake that the backend of ``$connect`` answered with this status."""
    try:
        return Fault(status=status, message=HTTPStatus(status).phrase)
    except ValueError:
        return Fault(status=status, message="Refused")
