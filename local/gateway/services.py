"""What a service integration sends to the embedded AWS, for each of the three kinds of API.

``call_of`` is for an HTTP API, whose integration names an action and its parameters; ``call_of_uri`` for the others,
whose integration names an action or a path of a service. Which parameters there are, and what they may be, is in
:mod:`apigateway.service_integrations`.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter
from urllib.parse import quote, urlencode

from apigateway.errors import shown
from apigateway.mapping.data import Pairs
from apigateway.service_integrations import SERVICE_INTEGRATIONS, check_parameters
from local.aws import ACCOUNT_ID
from local.aws.aws_resources import LACKING
from local.gateway.headers import find
from local.gateway.outside import NoCounterpartError, Outside
from local.gateway.service_calls.call import ServiceCall, ServiceParameterError, Unsigned, sign
from local.gateway.service_calls.json_services import json_request
from local.gateway.service_calls.queues import queue_request
from local.gateway.service_calls.uris import request_of_uri as call_of_uri
from local.gateway.service_calls.uris import unserved
from local.gateway.traffic import Exchange
from local.gateway.upstream import Answered, Outcome

__all__ = [
    "ServiceCall",
    "ServiceParameterError",
    "ServiceRequest",
    "ask",
    "call_of",
    "call_of_uri",
    "lacking",
    "unserved",
]

_LOCAL_QUEUE = re.compile(r"/[0-9]{12}/(?P<name>[A-Za-z0-9_-]{1,80}(?:\.fifo)?)")


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
    asked = call_of_uri(
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


def call_of(subtype: str, parameters: Mapping[str, str], *, region: str, endpoint: str, timeout: float) -> ServiceCall:
    """Return the request for a subtype, with its parameters as the request's mappings left them.

    ``region`` is the API's, which the parameter ``Region`` overrides. A queue may be named by its URL at ``endpoint``,
    too. Raises ServiceParameterError.
    """
    place = parameters.get("Region", region)
    given = _with_public_queue(parameters, place, endpoint)
    _check(subtype, given)
    integration = SERVICE_INTEGRATIONS[subtype]
    action = subtype.partition("-")[2]
    match integration.service:
        case "sqs":
            request = queue_request(action, given)
        case "appconfig":
            request = _configuration_request(given)
        case service:
            request = json_request(service, action, given)
    return sign(request, service=integration.service, region=place, timeout=timeout)


def lacking(answer: Answered) -> str | None:
    """Return what the embedded AWS says it cannot do; None for every answer that a service could give."""
    if find(answer.headers, "x-amzn-errortype") != LACKING:
        return None
    message: str = json.loads(answer.body)["message"]
    return message


def _with_public_queue(parameters: Mapping[str, str], region: str, endpoint: str) -> Mapping[str, str]:
    """Name a queue as AWS does where a client has named it as the embedded AWS does."""
    url = parameters.get("QueueUrl", "")
    local = _LOCAL_QUEUE.fullmatch(url.removeprefix(endpoint)) if url.startswith(endpoint) else None
    if local is None:
        return parameters
    return {**parameters, "QueueUrl": f"https://sqs.{region}.amazonaws.com/{ACCOUNT_ID}/{local['name']}"}


def _check(subtype: str, parameters: Mapping[str, str]) -> None:
    for name, value in parameters.items():
        if not value:
            raise ServiceParameterError(f'{name} must have a value, got ""')
        if name in {"QueueUrl", "Region"} and "$" in value:
            raise ServiceParameterError(f'{name} must not hold a "$", got "{shown(value)}"')
    for parameter, message in check_parameters(subtype, parameters):
        raise ServiceParameterError(f"{parameter} {message}" if parameter else message)


def _configuration_request(parameters: Mapping[str, str]) -> Unsigned:
    """Return the request for ``GetConfiguration`` (botocore ``appconfig``)."""
    application, environment, configuration = (
        quote(parameters[name], safe="") for name in ("Application", "Environment", "Configuration")
    )
    query = {"client_id": parameters["ClientId"]}
    if "ClientConfigurationVersion" in parameters:
        query["client_configuration_version"] = parameters["ClientConfigurationVersion"]
    path = f"/applications/{application}/environments/{environment}/configurations/{configuration}"
    return Unsigned(method="GET", target=f"{path}?{urlencode(query)}")
