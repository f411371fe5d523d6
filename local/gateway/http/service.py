"""Sends a request to an AWS service for a route of an HTTP API, by its integration subtype.

Sources: "Create AWS service integrations for HTTP APIs in API Gateway" and "Integration subtype reference". The service
is the embedded one, and its answer goes to the client as it is.
"""

import json
from typing import Final, assert_never

from local.gateway import replies
from local.gateway.headers import without
from local.gateway.http.request import HttpRequest
from local.gateway.outside import NoCounterpartError, Outside
from local.gateway.replies import RequestFault
from local.gateway.service_calls.call import ServiceParameterError
from local.gateway.service_calls.subtypes import request_of_subtype
from local.gateway.services import lacking
from local.gateway.traffic import Exchange
from local.gateway.upstream import Answered, Failed, TimedOut
from local.topology.http import SubtypeCall

_NOT_PASSED: Final = frozenset({"server", "date"})
"""Of the embedded services, not of AWS's."""


def refused_events(answered: Answered) -> list[str]:
    """Say which events EventBridge did not take: it answers 200 all the same."""
    try:
        entries = json.loads(answered.body)["Entries"]
        return [f"an event was refused: {entry['ErrorMessage']}" for entry in entries if "ErrorMessage" in entry]
    except (ValueError, KeyError, TypeError):
        return []


async def call_service(call: SubtypeCall, request: HttpRequest, outside: Outside, exchange: Exchange) -> Answered:
    """Send an action to its service. Raises ``RequestFault``, and NoCounterpartError where it does not run here."""
    exchange.target = call.subtype
    if outside.aws is None:
        raise NoCounterpartError(f"{call.subtype} needs the embedded AWS, which does not run")
    data = request.decoded
    evaluated = {name: template.evaluate(data) for name, template in call.parameters.items()}
    parameters = {name: value for name, value in evaluated.items() if value is not None}
    try:
        made = request_of_subtype(
            call.subtype,
            parameters,
            region=request.api.region,
            endpoint=outside.aws,
            timeout=request.route.integration.timeout,
        )
    except ServiceParameterError as error:
        raise RequestFault(replies.BAD_REQUEST, str(error)) from error
    exchange.sent = made.outgoing
    outcome = await outside.upstream.send_public(outside.aws, made.outgoing)
    match outcome:
        case Answered():
            exchange.answered = outcome
            if reason := lacking(outcome):
                raise NoCounterpartError(reason)
            exchange.notes += refused_events(outcome) if call.subtype == "EventBridge-PutEvents" else []
            return Answered(status=outcome.status, headers=without(outcome.headers, _NOT_PASSED), body=outcome.body)
        case TimedOut():
            raise RequestFault(replies.TIMED_OUT, f"{made.service} did not answer within {outcome.seconds:g} s")
        case Failed():
            raise RequestFault(replies.UNAVAILABLE, f"{made.service}: {outcome.reason}")
        case _:
            assert_never(outcome)
