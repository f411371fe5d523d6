"""What a Lambda function is given by a WebSocket API: the event of a proxy integration, and that of an authorizer.

Sources: "Set up a WebSocket API integration request in API Gateway" (the events of ``$connect`` and ``$disconnect``),
"Control access to WebSocket APIs with AWS Lambda REQUEST authorizers". As functions have seen them: a message comes
without headers; what is not there is left out; ``stageVariables`` of an integration's event are there where the stage
has some; names are sorted; what an authorizer said is text. That the last value of a name counts, where there is one of
each, is as in a REST API.
"""

from typing import Final

from apigateway.json_path import JsonValue
from apigateway.mapping.data import Pairs
from local.gateway.headers import all_values
from local.gateway.websocket.event import CLOSING, Event

_UPGRADE: Final = (("Connection", "upgrade"), ("content-length", "0"), ("Upgrade", "websocket"))
"""Headers of the handshake's own hop, which an authorizer is shown and an integration is not."""

_LEFT_BEHIND: Final = ("x-api-key", "X-Forwarded-For", "x-restapi")
"""Empty headers that come with ``$disconnect`` beside ``Host``."""

_NUMBERS: Final = frozenset({"connectedAt", "requestTimeEpoch", CLOSING[0]})


def proxy_event(event: Event) -> JsonValue:
    """Return the event of a proxy integration."""
    made: dict[str, JsonValue] = {}
    match event.type:
        case "CONNECT":
            made |= _headers(event.data.headers)
            if event.data.query:
                made |= _query(event.data.query)
        case "DISCONNECT":
            left = ((name, "") for name in _LEFT_BEHIND)
            made |= _headers((("Host", event.handshake.client.host), *left))
        case "MESSAGE":
            pass
    if event.stage.variables:
        made["stageVariables"] = dict(event.stage.variables)
    made["requestContext"] = _request_context(event)
    if event.type == "MESSAGE":
        made["body"] = event.data.body if isinstance(event.data.body, str) else event.data.body.decode()
    made["isBase64Encoded"] = False
    return made


def authorizer_event(event: Event, arn: str) -> JsonValue:
    """Return the event of the authorizer that is asked about ``$connect``, the route of ``arn``."""
    return {
        "type": "REQUEST",
        "methodArn": arn,
        **_headers((*event.data.headers, *_UPGRADE)),
        **_query(event.data.query),
        "stageVariables": dict(event.stage.variables),
        "requestContext": _request_context(event),
    }


def _headers(pairs: Pairs) -> dict[str, JsonValue]:
    ordered = sorted(pairs, key=lambda pair: pair[0].lower())
    return {"headers": dict(ordered), "multiValueHeaders": all_values(ordered)}


def _query(pairs: Pairs) -> dict[str, JsonValue]:
    return {"queryStringParameters": dict(pairs), "multiValueQueryStringParameters": all_values(pairs)}


def _request_context(event: Event) -> dict[str, JsonValue]:
    """Return ``requestContext``: all of ``$context``, what has a dot in its name one level deeper.

    Of the caller's identity only what is known is there.
    """
    made: dict[str, JsonValue] = {}
    inner: dict[str, dict[str, JsonValue]] = {}
    for name, value in event.context.items():
        root, dot, below = name.partition(".")
        if not dot:
            made[name] = int(value) if name in _NUMBERS else value
        elif value or root != "identity":
            inner.setdefault(root, {})[below] = value
    return {**made, **inner}
