"""What a Lambda function is given by a REST API: the event of a proxy integration, and those of authorizers.

Sources: "Lambda proxy integrations in API Gateway" (``headers`` and ``queryStringParameters`` have the last value of a
name, the ``multiValue`` ones have all), "Input to an API Gateway Lambda authorizer". As functions have seen them: what
is empty is ``null`` in the event of an integration and an empty object in that of an authorizer; ``Authorization`` and
``User-Agent`` come in this spelling, whichever the client used; header mappings show in the headers, and mappings of
paths and queries nowhere.
"""

from base64 import b64encode
from collections.abc import Mapping
from typing import Final

from apigateway.json_path import JsonValue
from apigateway.mapping.data import Pairs, RequestData
from local.gateway.bodies import bytes_of, text_of
from local.gateway.headers import all_values, without
from local.gateway.rest.preparation import Prepared
from local.topology.authorization import LambdaAuthorizer

_SPELLING: Final = {"authorization": "Authorization", "user-agent": "User-Agent"}
_IDENTITY: Final = (
    "cognitoIdentityPoolId",
    "accountId",
    "cognitoIdentityId",
    "caller",
    "sourceIp",
    "principalOrgId",
    "accessKey",
    "cognitoAuthenticationType",
    "cognitoAuthenticationProvider",
    "userArn",
    "userAgent",
    "user",
)
_KEY: Final = ("apiKey", "apiKeyId")
"""Of ``identity``, where the method wants an API key."""


def proxy_event(
    request: RequestData,
    prepared: Prepared,
    *,
    called: str,
    binary: bool,
    signed: bool,
    authorizer: Mapping[str, JsonValue] | None,
) -> JsonValue:
    """Return the event of a proxy integration.

    ``called`` is the path as the function is told it; ``binary`` says whether the body is of a binary media type,
    ``signed`` whether ``Authorization`` is API Gateway's own matter.
    """
    body = bytes_of(request.body)
    headers = without(request.headers, {"authorization"}) if signed else request.headers
    for name, values in (
        *((item.name, item.values) for item in prepared.mapped if item.location == "header"),
        *prepared.overrides.headers.items(),
    ):
        headers = (*without(headers, {name.lower()}), *((name, value) for value in values))
    parameters = {name: value or None for name, value in _parameters(request, headers).items()}
    return {
        "resource": request.context["resourcePath"],
        "path": called,
        "httpMethod": request.context["httpMethod"],
        **parameters,
        "requestContext": _request_context(request, authorizer),
        "body": (b64encode(body).decode() if binary else text_of(body)) or None,
        "isBase64Encoded": binary and bool(body),
    }


def authorizer_event(
    authorizer: LambdaAuthorizer, identity: tuple[str, ...], arn: str, request: RequestData, called: str
) -> JsonValue:
    """Return the event of a TOKEN or a REQUEST authorizer, which is asked about the method of ``arn``."""
    if authorizer.type == "TOKEN":
        return {"type": "TOKEN", "methodArn": arn, "authorizationToken": identity[0]}
    return {
        "type": "REQUEST",
        "methodArn": arn,
        "resource": request.context["resourcePath"],
        "path": called,
        "httpMethod": request.context["httpMethod"],
        **_parameters(request, request.headers),
        "requestContext": _request_context(request, None),
    }


def _parameters(request: RequestData, headers: Pairs) -> dict[str, JsonValue]:
    spelled = tuple((_SPELLING.get(name.lower(), name), value) for name, value in headers)
    return {
        "headers": dict(spelled),
        "multiValueHeaders": all_values(spelled),
        "queryStringParameters": dict(request.query),
        "multiValueQueryStringParameters": all_values(request.query),
        "pathParameters": dict(request.path_parameters),
        "stageVariables": dict(request.stage_variables),
    }


def _request_context(request: RequestData, authorizer: Mapping[str, JsonValue] | None) -> JsonValue:
    known = request.context
    identity: dict[str, JsonValue] = {name: known.get(f"identity.{name}") or None for name in _IDENTITY}
    identity |= {name: known[f"identity.{name}"] for name in _KEY if f"identity.{name}" in known}
    return {
        "resourceId": known["resourceId"],
        **({} if authorizer is None else {"authorizer": dict(authorizer)}),
        "resourcePath": known["resourcePath"],
        "httpMethod": known["httpMethod"],
        "extendedRequestId": known["extendedRequestId"],
        "requestTime": known["requestTime"],
        "path": known["path"],
        "accountId": known["accountId"],
        "protocol": known["protocol"],
        "stage": known["stage"],
        "domainPrefix": known["domainPrefix"],
        "requestTimeEpoch": int(known["requestTimeEpoch"]),
        "requestId": known["requestId"],
        "identity": identity,
        "domainName": known["domainName"],
        "deploymentId": known["deploymentId"],
        "apiId": known["apiId"],
    }
