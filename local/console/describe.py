"""An exchange as JSON: what the console's page shows of it, and what ``up --json`` prints.

Everything is in it as it was; :mod:`local.console.masking` takes the secrets out before it is shown.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TypedDict

from apigateway.errors import GatelinkError
from apigateway.json_path import JsonValue
from apigateway.mapping.data import Explained, Pairs, RequestData
from local.gateway.client import Outgoing
from local.gateway.traffic import Exchange, Invoked
from local.gateway.upstream import Answered

LARGEST_BODY = 64 * 1024
"""Bytes of a body that are kept and shown."""


class BodyJson(TypedDict):
    """A body, or as much of it as is shown."""

    text: str | None
    """None for what is no text in UTF-8."""
    size: int
    """Of the whole of it, in bytes."""
    cut: bool


class MappingJson(TypedDict):
    """One mapping, and what it came to."""

    destination: str
    source: str
    values: list[str] | None
    """Empty where the source is missing, and for a removal; None where they are masked."""


class MappingsJson(TypedDict):
    """The mappings of one direction; the problem says why they could not be read again."""

    rows: list[MappingJson]
    problem: str | None


class RequestJson(TypedDict):
    """What the client sent, as the mappings read it."""

    path: str
    query: list[list[str | None]]
    headers: list[list[str | None]]
    pathParameters: dict[str, str]
    body: BodyJson
    context: list[list[str | None]]
    stageVariables: list[list[str | None]]


class SentJson(TypedDict):
    """What a server or a service was sent."""

    method: str
    target: str
    headers: list[list[str | None]]
    body: BodyJson


class InvokedJson(TypedDict):
    """What a function was given."""

    function: str
    event: JsonValue


class AnswerJson(TypedDict):
    """What the integration answered, or what the client got."""

    status: int | None
    headers: list[list[str | None]]
    body: BodyJson


class SummaryJson(TypedDict):
    """A line of the list."""

    api: str
    protocol: str
    event: str
    at: str
    """When it arrived: ``2026-11-22T06:37:22.123Z``."""
    connectionId: str | None
    stage: str | None
    routeKey: str | None
    target: str | None
    status: int | None
    milliseconds: float
    reason: str | None
    notes: list[str]


class DetailJson(SummaryJson):
    """All that is known of an exchange; what did not take place is None."""

    request: RequestJson | None
    requestMappings: MappingsJson
    sent: SentJson | InvokedJson | None
    answered: AnswerJson | None
    answeredMilliseconds: float | None
    responseMappings: MappingsJson
    client: AnswerJson
    masked: bool
    """Whether a value was taken out."""


def summarise(exchange: Exchange) -> SummaryJson:
    """Describe an exchange in a line."""
    return {
        "api": exchange.api,
        "protocol": exchange.protocol,
        "event": _whole(exchange.event),
        "at": timestamp(exchange.at),
        "connectionId": exchange.connection_id,
        "stage": exchange.stage,
        "routeKey": exchange.route_key,
        "target": exchange.target,
        "status": exchange.status,
        "milliseconds": _milliseconds(exchange.seconds),
        "reason": exchange.reason,
        "notes": list(exchange.notes),
    }


def describe(exchange: Exchange) -> DetailJson:
    """Describe an exchange with everything in it."""
    answered = exchange.answered
    return {
        **summarise(exchange),
        "request": None if exchange.request is None else _request(exchange.request),
        "requestMappings": _mappings(exchange.explain_request),
        "sent": _sent(exchange.sent),
        "answered": None
        if answered is None and exchange.answered_status is None
        else _answer(exchange.answered_status, answered),
        "answeredMilliseconds": None if exchange.answered_seconds is None else _milliseconds(exchange.answered_seconds),
        "responseMappings": _mappings(exchange.explain_response),
        "client": {"status": exchange.status, "headers": _pairs(exchange.headers), "body": body_json(exchange.body)},
        "masked": False,
    }


def line_of(detail: DetailJson) -> SummaryJson:
    """Return the line of an exchange that has been described."""
    return {
        "api": detail["api"],
        "protocol": detail["protocol"],
        "event": detail["event"],
        "at": detail["at"],
        "connectionId": detail["connectionId"],
        "stage": detail["stage"],
        "routeKey": detail["routeKey"],
        "target": detail["target"],
        "status": detail["status"],
        "milliseconds": detail["milliseconds"],
        "reason": detail["reason"],
        "notes": detail["notes"],
    }


def weight(exchange: Exchange) -> tuple[int, ...]:
    """Return how much each body of an exchange takes; cheap, for it is asked of every one."""
    return (
        len(exchange.body),
        0 if exchange.request is None else len(exchange.request.body),
        0 if not isinstance(exchange.sent, Outgoing) or exchange.sent.body is None else len(exchange.sent.body),
        0 if exchange.answered is None else len(exchange.answered.body),
    )


def texts(value: object) -> Iterator[str]:
    """Yield every text of what :func:`describe` made, a name and its value as ``name: value``."""
    match value:
        case str():
            yield value
        case [str() as name, str() as text]:
            yield f"{name}: {text}"
        case list():
            for item in value:
                yield from texts(item)
        case dict():
            for key, item in value.items():
                yield from (f"{key}: {text}" for text in texts(item))
        case int() | float():
            yield str(value)
        case _:
            pass


def timestamp(seconds: float) -> str:
    """Print a time of day, in UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def body_json(body: str | bytes) -> BodyJson:
    """Describe a body, which is cut where a character ends."""
    data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    return {"text": _text(data), "size": len(data), "cut": len(data) > LARGEST_BODY}


def _text(data: bytes) -> str | None:
    shown = data[:LARGEST_BODY]
    try:
        return shown.decode()
    except UnicodeDecodeError as error:
        # A character may lie across the cut; anything else that does not decode is no text.
        across = len(data) > LARGEST_BODY and error.reason == "unexpected end of data"
        return shown[: error.start].decode() if across else None


def _request(data: RequestData) -> RequestJson:
    return {
        "path": _whole(data.path),
        "query": _pairs(data.query),
        "headers": _pairs(data.headers),
        "pathParameters": {name: _whole(value) for name, value in data.path_parameters.items()},
        "body": body_json(data.body),
        "context": _pairs(tuple(sorted(data.context.items()))),
        "stageVariables": _pairs(tuple(sorted(data.stage_variables.items()))),
    }


def _sent(sent: Outgoing | Invoked | None) -> SentJson | InvokedJson | None:
    match sent:
        case Outgoing():
            return {
                "method": sent.method,
                "target": _whole(sent.target),
                "headers": _pairs(sent.headers),
                "body": body_json(sent.body or b""),
            }
        case Invoked():
            return {"function": sent.function, "event": _shortened(sent.event)}
        case None:
            return None


def _answer(status: int | None, answered: Answered | None) -> AnswerJson:
    if answered is None:
        return {"status": status, "headers": [], "body": body_json(b"")}
    return {
        "status": answered.status if status is None else status,
        "headers": _pairs(answered.headers),
        "body": body_json(answered.body),
    }


def _mappings(explain: Callable[[], tuple[Explained, ...]] | None) -> MappingsJson:
    if explain is None:
        return {"rows": [], "problem": None}
    try:
        explained = explain()
    except GatelinkError as error:
        return {"rows": [], "problem": str(error)}
    return {
        "rows": [
            {"destination": one.destination, "source": one.source, "values": [_whole(value) for value in one.values]}
            for one in explained
        ],
        "problem": None,
    }


def _shortened(value: JsonValue) -> JsonValue:
    """Cut the long texts of an event: the body of a request is one of them."""
    match value:
        case str():
            return value if len(value) <= LARGEST_BODY else value[:LARGEST_BODY] + "…"
        case list():
            return [_shortened(item) for item in value]
        case Mapping():
            return {key: _shortened(item) for key, item in value.items()}
        case _:
            return value


def _pairs(pairs: Pairs) -> list[list[str | None]]:
    return [[_whole(name), _whole(value)] for name, value in pairs]


def _whole(text: str) -> str:
    """Make a text that can be sent: what was no UTF-8 on the wire is half a character here."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 2)
