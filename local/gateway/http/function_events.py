"""What a Lambda function is given by an HTTP API: the events of integrations and of authorizers, in both versions.

Sources: "Create AWS Lambda proxy integrations for HTTP APIs in API Gateway" and "Control access to HTTP APIs with AWS
Lambda authorizers". As functions have seen them: the path and its parameters are decoded, the query string is not; in
2.0 what a request lacks is left out, and in 1.0 it is null; the path has the stage before it, in 2.0 with a custom
domain name, too, where 1.0 has the mapping key; a length is added where there is none; a body is text for ``text/*``
and three types more, and base64 for all else.
"""

from base64 import b64encode
from collections.abc import Iterable
from typing import Final, assert_never
from urllib.parse import unquote

from apigateway.json_path import JsonValue
from apigateway.mapping.data import Pairs
from local.gateway.headers import all_values, find, traced, without
from local.gateway.http.request import Anonymous, Bearer, Caller, Consented, HttpRequest, Signed
from local.topology.authorization import LambdaAuthorizer

_TEXT_TYPES: Final = frozenset({"application/json", "application/javascript", "application/xml"})
_SPELLING_1: Final = {
    name.lower(): name
    for name in (
        "Content-Length",
        "Content-Type",
        "Host",
        "User-Agent",
        "X-Amzn-Trace-Id",
        "X-Forwarded-For",
        "X-Forwarded-Port",
        "X-Forwarded-Proto",
    )
}
"""Of the headers that the gateway writes, in events of version 1.0."""
_LOWER_1: Final = frozenset(
    {"accept", "accept-encoding", "accept-language", "authorization", "cache-control", "cookie", "origin", "referer"}
)
"""Headers that come in lower case in events of version 1.0; others are spelled as the client did."""
_IDENTITY: Final = (
    "accountId",
    "caller",
    "cognitoAmr",
    "cognitoAuthenticationProvider",
    "cognitoAuthenticationType",
    "cognitoIdentityId",
    "cognitoIdentityPoolId",
    "principalOrgId",
)


def event_of(request: HttpRequest) -> JsonValue:
    """Return the event of an integration, of the version that it wants."""
    body, is_base64 = _body(request)
    if request.route.integration.payload_format == "1.0":
        return {**_event_1(request), "body": body, "isBase64Encoded": is_base64}
    event = {**_event_2(request), "isBase64Encoded": is_base64}
    return event if body is None else {**event, "body": body}


def authorizer_event(request: HttpRequest, authorizer: LambdaAuthorizer, identity: tuple[str, ...]) -> JsonValue:
    """Return the event of an authorizer, of the version that it wants."""
    if authorizer.payload_format == "2.0":
        asked: dict[str, JsonValue] = {"type": "REQUEST", "routeArn": request.arn, "identitySource": list(identity)}
        return {**_event_2(request), **asked}
    joined = ",".join(identity)
    named: dict[str, JsonValue] = {
        "type": "REQUEST",
        "methodArn": request.arn,
        "identitySource": joined,
        "authorizationToken": joined,
    }
    event = _event_1(request)
    return {**event, "pathParameters": event["pathParameters"] or {}, **named}


def _event_2(request: HttpRequest) -> dict[str, JsonValue]:
    arrived, data = request.arrived, request.data
    context = data.context
    headers = _headers(request)
    path = unquote(request.staged_path)
    event: dict[str, JsonValue] = {
        "version": "2.0",
        "routeKey": context["routeKey"],
        "rawPath": path,
        "rawQueryString": arrived.query,
        "headers": _joined((name.lower(), value) for name, value in without(headers, {"cookie"})),
        "requestContext": {
            "accountId": request.api.account_id,
            "apiId": request.api.api_id,
            **_authorizer_2(request.caller),
            "domainName": context["domainName"],
            "domainPrefix": context["domainPrefix"],
            "http": {
                "method": arrived.method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": arrived.client.source_ip,
                "userAgent": arrived.client.user_agent,
            },
            "requestId": arrived.request_id,
            "routeKey": context["routeKey"],
            "stage": request.stage.name,
            "time": context["requestTime"],
            "timeEpoch": int(context["requestTimeEpoch"]),
        },
    }
    cookies = [one.strip() for name, value in headers if name.lower() == "cookie" for one in value.split(";")]
    optional: dict[str, JsonValue] = {
        "cookies": [*filter(None, cookies)],
        "queryStringParameters": _joined(data.query),
        "pathParameters": _decoded(request),
        "stageVariables": dict(data.stage_variables),
    }
    return event | {name: value for name, value in optional.items() if value}


def _authorizer_2(caller: Caller) -> dict[str, JsonValue]:
    match caller:
        case Anonymous():
            return {}
        case Bearer(claims=claims, scopes=scopes):
            granted: JsonValue = None if scopes is None else list(scopes)
            return {"authorizer": {"jwt": {"claims": dict(claims), "scopes": granted}}}
        case Consented(context=context):
            return {"authorizer": {"lambda": dict(context)}}
        case Signed(key_id=key_id):
            unknown: dict[str, JsonValue] = dict.fromkeys(
                ("accountId", "callerId", "cognitoIdentity", "principalOrgId", "userArn", "userId")
            )
            return {"authorizer": {"iam": {"accessKey": key_id, **unknown}}}
        case _:
            assert_never(caller)


def _event_1(request: HttpRequest) -> dict[str, JsonValue]:
    arrived, data = request.arrived, request.data
    context = data.context
    headers = _spelled_1(_headers(request), is_lower=arrived.entrance is not None and arrived.entrance.lowers_names)
    # All of the client's path, a mapping key in it; but a stage is in it only where the client named it.
    path = unquote(arrived.path)
    resource = request.route.key.path or "$default"
    return {
        "version": "1.0",
        "resource": resource,
        "path": path,
        "httpMethod": arrived.method,
        "headers": dict(headers),
        "multiValueHeaders": all_values(headers),
        "queryStringParameters": dict(data.query) or None,
        "multiValueQueryStringParameters": all_values(data.query) or None,
        "requestContext": {
            "accountId": request.api.account_id,
            "apiId": request.api.api_id,
            **_authorizer_1(request.caller),
            "domainName": context["domainName"],
            "domainPrefix": context["domainPrefix"],
            "extendedRequestId": arrived.request_id,
            "httpMethod": arrived.method,
            "identity": {
                "accessKey": request.caller.key_id if isinstance(request.caller, Signed) else None,
                **dict.fromkeys(_IDENTITY),
                "sourceIp": arrived.client.source_ip,
                "user": None,
                "userAgent": arrived.client.user_agent,
                "userArn": None,
            },
            "path": path,
            "protocol": "HTTP/1.1",
            "requestId": arrived.request_id,
            "requestTime": context["requestTime"],
            "requestTimeEpoch": int(context["requestTimeEpoch"]),
            "resourceId": context["routeKey"],
            "resourcePath": resource,
            "stage": request.stage.name,
        },
        "pathParameters": _decoded(request) or None,
        "stageVariables": dict(data.stage_variables) or None,
    }


def _authorizer_1(caller: Caller) -> dict[str, JsonValue]:
    match caller:
        case Anonymous() | Signed():
            return {}
        case Bearer(claims=claims, scopes=scopes):
            return {"authorizer": {"claims": dict(claims), "scopes": None if scopes is None else list(scopes)}}
        case Consented(context=context):
            return {"authorizer": {"claims": None, "scopes": None, **context}}
        case _:
            assert_never(caller)


def _spelled_1(pairs: Pairs, *, is_lower: bool) -> Pairs:
    """Spell and order names as in events of version 1.0; the first spelling of a name is that of its other values.

    All are in lower case where a custom domain name's mapping makes them so.
    """
    if is_lower:
        return tuple(sorted(((name.lower(), value) for name, value in pairs), key=lambda pair: pair[0]))
    spelled: dict[str, str] = {}
    for name, _ in pairs:
        lower = name.lower()
        spelled.setdefault(lower, lower if lower in _LOWER_1 else _SPELLING_1.get(lower, name))
    return tuple(sorted(((spelled[name.lower()], value) for name, value in pairs), key=lambda pair: pair[0]))


def _headers(request: HttpRequest) -> Pairs:
    """Return the client's headers, with those that the gateway writes."""
    arrived, body = request.arrived, request.data.body
    hops = [value for name, value in arrived.headers if name.lower() == "x-forwarded-for"]
    own = (
        ("Content-Length", str(len(body))),
        ("Host", arrived.client.host),
        ("X-Forwarded-For", ", ".join([*hops, arrived.client.source_ip])),
        ("X-Forwarded-Port", str(arrived.address[1])),
        ("X-Forwarded-Proto", "http"),
    )
    kept = without(arrived.headers, {name.lower() for name, _ in own})
    return (*traced(kept), *own)


def _body(request: HttpRequest) -> tuple[str | None, bool]:
    body = request.data.body
    sent = body.encode() if isinstance(body, str) else body
    if not sent:
        return None, False
    media_type = (find(request.arrived.headers, "content-type") or "").partition(";")[0].strip().lower()
    if (media_type.startswith("text/") or media_type in _TEXT_TYPES) and find(
        request.arrived.headers, "content-encoding"
    ) is None:
        try:
            return sent.decode(), False
        except UnicodeDecodeError:
            pass  # a choice: what is no UTF-8 would not survive as text
    return b64encode(sent).decode(), True


def _decoded(request: HttpRequest) -> dict[str, JsonValue]:
    return {name: unquote(value) for name, value in request.data.path_parameters.items()}


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, JsonValue]:
    joined: dict[str, str] = {}
    for name, value in pairs:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return {**joined}
