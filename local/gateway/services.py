"""Asks the embedded AWS for what an integration with a service wants.

What is asked is made in :mod:`local.gateway.service_calls`: for an HTTP API of a subtype, for the others of a URI.
"""

import json
from dataclasses import dataclass
from time import perf_counter

from apigateway.mapping.data import Pairs
from local.aws.aws_resources import LACKING
from local.gateway.headers import find
from local.gateway.outside import NoCounterpartError, Outside
from local.gateway.service_calls.uris import request_of_uri
from local.gateway.traffic import Exchange
from local.gateway.upstream import Answered, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRequest:
    """A request for the action or path of an AWS service, as an integration of a REST or WebSocket API makes it."""

    uri: str
    """The integration's, with everything in it filled in."""
    method: str
    query: str
    headers: Pairs
    body: bytes | None


async def ask(request: ServiceRequest, seconds: float, outside: Outside, exchange: Exchange) -> Outcome:
    """Send a request to the embedded AWS, which has so many seconds.

    Raises ServiceParameterError, and NoCounterpartError where it does not run or cannot do what is asked.
    """
    if outside.aws is None:
        raise NoCounterpartError("the embedded AWS does not run")
    asked = request_of_uri(
        request.uri,
        method=request.method,
        query=request.query,
        headers=request.headers,
        body=request.body,
        timeout=seconds,
    )
    exchange.target, exchange.sent = asked.service, asked.outgoing
    started = perf_counter()
    outcome = await outside.upstream.send_public(outside.aws, asked.outgoing)
    exchange.answered_seconds = perf_counter() - started
    if isinstance(outcome, Answered) and (reason := lacking(outcome)):
        raise NoCounterpartError(reason)
    return outcome


def lacking(answer: Answered) -> str | None:
    """Return what the embedded AWS says it cannot do; None for every answer that a service could give."""
    if find(answer.headers, "x-amzn-errortype") != LACKING:
        return None
    message: str = json.loads(answer.body)["message"]
    return message
