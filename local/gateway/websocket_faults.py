"""What a WebSocket API answers by itself: to a handshake as a response, to a message as a frame.

Most faults are those of REST APIs, whose words API Gateway uses here, too. Observed: the frames "Forbidden", "Internal
server error" and "Endpoint request timed out", and 502 for a handshake whose function fails. Documented: "Bad request
body" with its two ids ("Request validation for WebSocket APIs in API Gateway"), 401 and 403 for a caller who is not let
in ("Manage connected users and client apps"), 415 for a message that no template takes (``PassthroughBehavior`` of
botocore ``apigatewayv2``). Choices: that each fault has the same words as response and as frame, 414 for a URL that is
too long, and "Forbidden" for whoever is not let in.
"""

from collections.abc import Mapping
from typing import Final

from local.gateway import replies
from local.gateway.replies import Fault
from local.gateway.rest_faults import GatewayFault, RestFault
from local.gateway.websocket_events import Event

BAD_BODY: Final = GatewayFault(type="BAD_REQUEST_BODY", message="Bad request body", error="BadRequestException")
FORBIDDEN: Final = GatewayFault(type="ACCESS_DENIED", message="Forbidden", error="ForbiddenException")
URL_TOO_LONG: Final = Fault(status=414, message="Request-URI Too Long")


def fault_of(ended: RestFault) -> Fault:
    """Return what a client is told: an authorizer that failed has no words of its own."""
    fault = ended.fault
    return Fault(status=fault.own_status, message=fault.message or replies.INTERNAL_SERVER_ERROR.message)


def ids_of(ended: RestFault, event: Event) -> Mapping[str, str]:
    """Return the ids that follow the message."""
    if ended.fault is BAD_BODY and "messageId" in event.context:
        return {"connectionId": event.handshake.connection_id, "messageId": event.context["messageId"]}
    return event.ids
