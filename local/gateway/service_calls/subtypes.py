"""The request for an integration subtype of an HTTP API, which names an action and its parameters.

Which parameters there are, and what they may be, is in :mod:`apigateway.service_integrations`.
"""

import re
from collections.abc import Mapping
from urllib.parse import quote, urlencode

from apigateway.errors import shown
from apigateway.service_integrations import SERVICE_INTEGRATIONS, check_parameters
from local.aws import ACCOUNT_ID
from local.gateway.service_calls.call import ServiceCall, ServiceParameterError, Unsigned, sign
from local.gateway.service_calls.json_services import json_request
from local.gateway.service_calls.queues import queue_request

_LOCAL_QUEUE = re.compile(r"/[0-9]{12}/(?P<name>[A-Za-z0-9_-]{1,80}(?:\.fifo)?)")


def request_of_subtype(
    subtype: str, parameters: Mapping[str, str], *, region: str, endpoint: str, timeout: float
) -> ServiceCall:
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
