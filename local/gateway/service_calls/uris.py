"""Requests of ``AWS`` integrations in REST and WebSocket APIs, which name an action or a path of a service.

From "Integration request" of the API Gateway REST API reference (``uri``): a path is sent as it stands; an action is
sent the way its service wants it. That API Gateway writes ``X-Amz-Target`` itself for Kinesis, DynamoDB and Step
Functions, and leaves it to the integration for EventBridge, has been seen.

The ``Content-Type`` is the client's own unless the integration maps it. What the services make of such a type, AWS does
not say, and integrations that map none are known to work. So it is a choice that the type of the service's own protocol
takes its place (botocore ``dynamodb``, ``events``, ``kinesis``, ``stepfunctions``: ``jsonVersion``), and that the body
of an action of SNS or SQS is a form unless it is JSON.
"""

import json
import re
from typing import Final

from apigateway.arns import ACCOUNT, PARTITION, REGION, ServiceUri
from apigateway.errors import ExpressionError
from apigateway.mapping.data import Pairs
from local.aws import ACCOUNT_ID
from local.gateway.headers import find, without
from local.gateway.outside import NoCounterpartError
from local.gateway.service_calls.call import ServiceCall, ServiceParameterError, Unsigned, sign
from local.gateway.service_calls.json_services import JSON_SERVICES, at_home

SERVED: Final = ("appconfig", "dynamodb", "events", "kinesis", "s3", "sns", "sqs", "states")
"""The services that an integration's URI may name here."""

_ACTIONS: Final = ("sns", "sqs", *JSON_SERVICES)
"""Those that have actions; the others have paths only."""

_PARTS = re.compile(r"arn:[^:]*:apigateway:[^:]*:(?:(?P<subdomain>[^.:]+)\.)?[^:]*:(?P<kind>path|action)/(?P<rest>.*)")
_TYPE = "content-type"
_FORM: Final = "application/x-www-form-urlencoded"
_JSON_PROTOCOL: Final = "application/x-amz-json-"
_TOPIC = re.compile(
    rf"(?P<before>(?:^|[?&])(?:Topic|Target)Arn=arn(?P<colon>:|%3A){PARTITION}(?P=colon)sns(?P=colon){REGION}(?P=colon))"
    rf"{ACCOUNT}(?=(?P=colon))",
    re.IGNORECASE,
)
_MACHINES: Final = ("stateMachineArn", "executionArn")


def unserved(text: str) -> str | None:
    """Say why nothing here answers for the URI of a service; None where something does."""
    try:
        uri = ServiceUri.parse(text)
    except ExpressionError as error:
        return str(error)
    if uri.service in SERVED:
        return None
    return f'the service "{uri.service}" is not on this laptop; those that are: {", ".join(SERVED)}'


def request_of_uri(
    text: str, *, method: str, query: str, headers: Pairs, body: bytes | None, timeout: float
) -> ServiceCall:
    """Return the request to a service, its URI, headers and body as the integration's mappings left them."""
    if reason := unserved(text):
        raise NoCounterpartError(reason)
    uri = ServiceUri.parse(text)
    parts = _PARTS.fullmatch(text)
    if parts is None:
        raise ServiceParameterError(f'the integration must name an action or a path of a service, got "{text}"')
    if parts["kind"] == "path":
        bucket = f"/{parts['subdomain']}" if parts["subdomain"] and uri.service == "s3" else ""
        target = f"{bucket}/{parts['rest']}"
    else:
        target, headers = _action(uri.service, parts["rest"], headers, body)
    if query:
        target += f"{'&' if '?' in target else '?'}{query}"
    match uri.service:
        case "states":
            body = _bring_machines_home(body)
        case "sns":
            target = _bring_topic_home(target)
            body = body and _bring_topic_home(body.decode("latin-1")).encode("latin-1")
        case _:
            pass
    if uri.service in JSON_SERVICES and not (find(headers, _TYPE) or _JSON_PROTOCOL).startswith(_JSON_PROTOCOL):
        headers = _typed(headers, f"{_JSON_PROTOCOL}{JSON_SERVICES[uri.service].version}")
    request = Unsigned(method=method, target=target, headers=headers, body=body)
    return sign(request, service=uri.service, region=uri.region, timeout=timeout)


def _action(service: str, action: str, headers: Pairs, body: bytes | None) -> tuple[str, Pairs]:
    """Return the target and the headers by which a service knows an action."""
    if service not in _ACTIONS:
        raise ServiceParameterError(f"{service} has paths and no actions, got action/{action}")
    if service not in JSON_SERVICES:
        is_query = body and not _is_json(body) and find(headers, "x-amz-target") is None
        return f"/?Action={action}", _typed(headers, _FORM) if is_query else headers
    target = JSON_SERVICES[service].target(action)
    if find(headers, "x-amz-target") is not None:
        return "/", headers
    if service == "events":
        raise ServiceParameterError(
            f"events:action/{action} needs the header X-Amz-Target: {target}, and the integration does not map it"
        )
    return "/", (*headers, ("X-Amz-Target", target))


def _typed(headers: Pairs, content_type: str) -> Pairs:
    return (*without(headers, {_TYPE}), ("Content-Type", content_type))


def _is_json(body: bytes) -> bool:
    """Say whether a body is JSON, and so no form: a client's own that goes on as it is, beside a query string."""
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True


def _bring_topic_home(parameters: str) -> str:
    """Name the local topic in place of one in another account."""
    return _TOPIC.sub(rf"\g<before>{ACCOUNT_ID}", parameters)


def _bring_machines_home(body: bytes | None) -> bytes | None:
    """Name the local state machine in place of one in another account."""
    try:
        document = json.loads(body or b"")
    except (ValueError, RecursionError):
        return body
    if not isinstance(document, dict):
        return body
    named = {name: at_home(document[name]) for name in _MACHINES if isinstance(document.get(name), str)}
    return json.dumps(document | named).encode() if named else body
