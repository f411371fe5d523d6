"""The call of a WebSocket API's integration for one event, whichever kind it is.

What was sent and what came back goes on the event's exchange; what went wrong is a ``Faulted``.

Sources: "Set up a WebSocket API integration request in API Gateway", "Set up a WebSocket API integration response in
API Gateway" (a proxy's answer is passed on whole; a response is chosen for any other, by its status or by the message
of a function's error), "Set up asynchronous invocation of the backend Lambda function". Observed: a function's
malformed answer is an error, with the rules of REST APIs. Choices: the status of a handshake is the integration's own,
for an integration response has none; without an integration response that takes it, no connection is opened; a
function's answer that is encoded in Base64 is decoded.
"""

import json
from dataclasses import replace
from time import perf_counter
from typing import assert_never

from apigateway.arns import LambdaFunction
from apigateway.json_path import JsonValue
from local.gateway import function_answers
from local.gateway.faults import CONFIGURATION, INTERNAL, TIMED_OUT, Faulted
from local.gateway.invoking import Unawaited, invoke, is_unawaited
from local.gateway.mock import mock_answer
from local.gateway.outside import Outside
from local.gateway.service_calls.call import ServiceParameterError
from local.gateway.services import ask
from local.gateway.traffic import Exchange, Invoked
from local.gateway.upstream import Answered, Failed, Outcome, TimedOut
from local.gateway.uris import function_named
from local.gateway.websocket.event import Event
from local.gateway.websocket.function_events import proxy_event
from local.gateway.websocket.outgoing import build_request, build_service_request, mapped_headers
from local.gateway.websocket.payload import Payload, choose_response, request_payload, response_body
from local.topology.calls import FunctionCall, NoCall, PrivateCall, PublicCall, ServiceCall, Unreachable
from local.topology.websocket import WebSocketIntegration, WebSocketRoute


class Integrations:
    """Calls what the integrations of one API lead to."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside
        self._unawaited = Unawaited(outside)

    async def call(self, event: Event, route: WebSocketRoute) -> Answered:
        """Call the integration of a route: its status, and what of its answer is for the client.

        Raises ``Faulted``, and NoCounterpartError where there is nothing to call here.
        """
        integration, data, exchange = route.integration, event.data, event.exchange
        exchange.explain_request = lambda: integration.request.explain(data)
        if isinstance(integration.call, FunctionCall) and integration.type == "AWS_PROXY":
            return await self._invoke_proxy(event, integration, integration.call)
        payload = request_payload(integration, data)
        exchange.notes += payload.notes
        match integration.call:
            case NoCall():
                answered = mock_answer(payload.content)
                chosen_by = str(answered.status)
            case PrivateCall() | PublicCall():
                answered = await self._send(event, integration, integration.call, payload)
                chosen_by = str(answered.status)
            case FunctionCall():
                answered, chosen_by = await self._invoke(event, integration, integration.call, payload)
            case ServiceCall():
                answered = await self._ask_service(event, integration, integration.call, payload)
                chosen_by = str(answered.status)
            case _:
                assert_never(integration.call)
        exchange.answered, exchange.answered_status = answered, answered.status
        event.context.learn({"status": str(answered.status)})
        if integration.type == "HTTP_PROXY":
            return answered
        return _for_client(event, route, answered, chosen_by)

    async def _send(
        self, event: Event, integration: WebSocketIntegration, call: PrivateCall | PublicCall, payload: Payload
    ) -> Answered:
        addressed = build_request(integration, call.uri, event.api.api_id, event.data, payload)
        exchange, upstream = event.exchange, self._outside.upstream
        exchange.sent = addressed.outgoing
        match call:
            case PrivateCall(reach=reach):
                if isinstance(reach, Unreachable):
                    raise Faulted(INTERNAL, reach.reason)
                exchange.target = reach.backend
                sending = upstream.send(reach.backend, addressed.outgoing)
            case PublicCall():
                exchange.target = addressed.origin
                sending = upstream.send_public(addressed.origin, addressed.outgoing)
            case _:
                assert_never(call)
        started = perf_counter()
        outcome = await sending
        exchange.answered_seconds = perf_counter() - started
        return _answered(outcome)

    async def _ask_service(
        self, event: Event, integration: WebSocketIntegration, call: ServiceCall, payload: Payload
    ) -> Answered:
        built = build_service_request(integration, call.uri, event.api.api_id, event.data, payload)
        try:
            outcome = await ask(built, integration.timeout, self._outside, event.exchange)
        except ServiceParameterError as error:
            raise Faulted(CONFIGURATION, str(error)) from error
        return _answered(outcome)

    async def _invoke_proxy(self, event: Event, integration: WebSocketIntegration, call: FunctionCall) -> Answered:
        exchange = event.exchange
        function = _function(event, call)
        given = proxy_event(event)
        _name(exchange, function, given)
        started = perf_counter()
        outcome = await invoke(self._outside, function, given, integration.timeout)
        exchange.answered_seconds = perf_counter() - started
        result = function_answers.result_of(outcome)
        exchange.answered = result
        answer = function_answers.written_answer(result.body, accepts_binary=True)
        exchange.answered_status = answer.status
        return answer

    async def _invoke(
        self, event: Event, integration: WebSocketIntegration, call: FunctionCall, payload: Payload
    ) -> tuple[Answered, str]:
        """Invoke the function of a custom integration: its answer, and what chooses the integration response."""
        exchange = event.exchange
        function = _function(event, call)
        try:
            given: JsonValue = json.loads(payload.content or b"{}")
        except (ValueError, RecursionError) as error:
            raise Faulted(INTERNAL, f"a function takes JSON alone, and what it is to get is none: {error}") from error
        _name(exchange, function, given)
        if is_unawaited(mapped_headers(integration, event.data)):
            self._unawaited.begin(function, given)
            return function_answers.ACCEPTED, ""
        started = perf_counter()
        outcome = await invoke(self._outside, function, given, integration.timeout)
        exchange.answered_seconds = perf_counter() - started
        answer = function_answers.custom_answer(outcome)
        return answer.answered, answer.error


def _function(event: Event, call: FunctionCall) -> LambdaFunction:
    function = function_named(call.uri, event.stage.variables)
    if function is None:
        reason = f'its URI must name a function once the stage variables are in it, got "{call.uri}"'
        raise Faulted(CONFIGURATION, reason)
    return function


def _name(exchange: Exchange, function: LambdaFunction, given: JsonValue) -> None:
    exchange.target, exchange.sent = function.name, Invoked(function=function.name, event=given)


def _answered(outcome: Outcome) -> Answered:
    match outcome:
        case Answered():
            return outcome
        case TimedOut():
            raise Faulted(TIMED_OUT, outcome.reason)
        case Failed():
            raise Faulted(INTERNAL, outcome.reason)
        case _:
            assert_never(outcome)


def _for_client(event: Event, route: WebSocketRoute, answered: Answered, chosen_by: str) -> Answered:
    """Make of an answer what its integration response says, as far as anybody gets it."""
    status_alone = replace(answered, headers=(), body=b"")
    if event.type == "DISCONNECT" or (event.type == "MESSAGE" and not route.two_way):
        return status_alone
    chosen = choose_response(route.integration, chosen_by)
    if event.type == "CONNECT":
        return status_alone
    body, notes = response_body(chosen, event.data, answered)
    event.exchange.notes += notes
    return replace(answered, headers=(), body=body)
