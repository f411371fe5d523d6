"""The three events of a connection on their way through an API: who may, how often, in which form, and to whom.

    $connect     let in ─► throttle ─► required parameters ─► integration ─► accepted or refused
    a message    choose the route ─► throttle ─► model ─► integration ─► a frame, or none
    $disconnect  integration

What goes wrong with a message is a frame, and the connection stays open. AWS does not tell the order of the steps; a
choice: it is that of REST APIs.
"""

import logging
from collections.abc import Mapping
from http import HTTPStatus

from apigateway import limits
from apigateway.mapping.data import Pairs
from local.gateway import replies
from local.gateway.faults import INTERNAL, Faulted
from local.gateway.headers import find
from local.gateway.outside import NoCounterpartError, Outside
from local.gateway.replies import Fault, Reply
from local.gateway.throttling import THROTTLED, Throttle
from local.gateway.traffic import Traffic
from local.gateway.upstream import Answered
from local.gateway.websocket.admission import Admission
from local.gateway.websocket.connections import Closing, Connection
from local.gateway.websocket.event import Event
from local.gateway.websocket.faults import FORBIDDEN, fault_of, ids_of, missing_parameters, refused
from local.gateway.websocket.handshake import PROTOCOLS, Handshake
from local.gateway.websocket.integration import Integrations
from local.gateway.websocket.validation import validate
from local.topology import WebSocketApi

log = logging.getLogger(__name__)


class Routes:
    """Takes the events of one API to where they lead, and tells of them."""

    def __init__(self, outside: Outside, throttle: Throttle, traffic: Traffic) -> None:
        self._admission = Admission(outside, throttle)
        self._integrations = Integrations(outside)
        self._throttle = throttle
        self._traffic = traffic

    def forget(self) -> None:
        """Ask the authorizers anew: the API is another one."""
        self._admission.forget()

    async def connect(self, api: WebSocketApi, handshake: Handshake) -> Pairs | Reply:
        """Run ``$connect``: the headers of its integration's answer, or a refusal. Without the route all may come."""
        event = Event.connect(api, handshake)
        try:
            if event.route is not None:
                await self._admission.admit(event, event.route)
            self._check_rate(event, "$connect")
            if event.route is None:
                event.end(self._traffic, HTTPStatus.SWITCHING_PROTOCOLS)
                return ()
            missing = [parameter for parameter in event.route.required if not handshake.has(parameter)]
            if missing:
                fault = missing_parameters([parameter.rpartition(".")[2] for parameter in missing])
                return self._refuse(event, fault, f"missing: {', '.join(missing)}")
            answered = await self._integrations.call(event, event.route)
        except Faulted as ended:
            return self._refuse(event, fault_of(ended), ended.reason)
        except NoCounterpartError as error:
            return self._refuse(event, replies.not_served(str(error)), str(error))
        if HTTPStatus.OK <= answered.status < HTTPStatus.MULTIPLE_CHOICES:
            event.end(self._traffic, answered.status, handshake.doubt(find(answered.headers, PROTOCOLS)))
            return answered.headers
        return self._refuse(event, refused(answered.status), "the backend refused the connection")

    async def message(self, api: WebSocketApi, handshake: Handshake, connection: Connection, text: str) -> None:
        """Take a message to its route, and answer the client where the route does.

        A mistake of the gateway's own is a fault as any other to the client.
        """
        event = Event.message(api, handshake, text)
        try:
            route = event.select_route()
            if route is None:
                raise Faulted(FORBIDDEN, event.unrouted)  # noqa: TRY301 - one place answers all that goes wrong
            self._check_rate(event, route.key)
            validate(route, event.data)
            answered = await self._integrations.call(event, route)
            frame = _frame(answered) if route.two_way else ""
        except Faulted as ended:
            await self._tell(connection, event, fault_of(ended), ids_of(ended, event), ended.reason)
        except NoCounterpartError as error:
            await self._tell(connection, event, replies.not_served(str(error)), event.ids, str(error))
        except Exception as error:
            log.exception("%s %s failed", api.name, event.exchange.event)
            reason = f"the gateway failed: {type(error).__name__}"
            await self._tell(connection, event, replies.INTERNAL_SERVER_ERROR, event.ids, reason)
        else:
            if frame:
                event.exchange.body = frame.encode()
                await _send(connection, event, frame)
            event.end(self._traffic, answered.status)

    async def disconnect(self, api: WebSocketApi, handshake: Handshake, closing: Closing) -> None:
        """Run ``$disconnect``, which is not throttled: nobody is there any longer to see how it ends."""
        event = Event.disconnect(api, handshake, closing)
        if event.route is None:
            event.end(self._traffic, None)
            return
        try:
            answered = await self._integrations.call(event, event.route)
        except Faulted as ended:
            event.end(self._traffic, None, ended.reason)
        except NoCounterpartError as error:
            event.end(self._traffic, None, str(error))
        else:
            event.end(self._traffic, answered.status)

    def _check_rate(self, event: Event, key: str) -> None:
        """Take a token for an event, or raise ``Faulted``. ``$connect`` has its limit without a route, too."""
        if reason := self._throttle.refusal(event.stage.limits.of(key), event.stage.name, key):
            raise Faulted(THROTTLED, reason)

    def _refuse(self, event: Event, fault: Fault, reason: str) -> Reply:
        event.exchange.body = replies.fault_body(fault, event.ids).encode()
        event.end(self._traffic, fault.status, reason)
        return replies.reply(fault, fields=event.ids)

    async def _tell(
        self, connection: Connection, event: Event, fault: Fault, ids: Mapping[str, str], reason: str
    ) -> None:
        frame = replies.fault_body(fault, ids)
        event.exchange.body = frame.encode()
        await _send(connection, event, frame)
        event.end(self._traffic, fault.status, reason)


async def _send(connection: Connection, event: Event, frame: str) -> None:
    if not await connection.send(frame):
        event.exchange.notes.append("the client is gone")


def _frame(answered: Answered) -> str:
    """Return what goes back to the client, empty where nothing does. Raises ``Faulted``."""
    if len(answered.body) > limits.WEBSOCKET_MESSAGE_BYTES:
        raise Faulted(INTERNAL, f"the answer is larger than {limits.WEBSOCKET_MESSAGE_BYTES} bytes")
    return answered.body.decode("utf-8", "replace")
