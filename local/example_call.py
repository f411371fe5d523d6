"""A line for each API, to paste: curl or wscat, with a path that the API has, and with what its route asks for.

An authorizer's token is left to the reader, and so is the value of what else it knows its callers by.
"""

import re
import shlex
from typing import assert_never
from urllib.parse import urlsplit

from local.gateway.endpoints import ApiEndpoint
from local.gateway.faults import Faulted
from local.gateway.rest.access import check_policy
from local.topology import HttpApi, RestApi, WebSocketApi
from local.topology.authorization import (
    CognitoRequired,
    HttpAuthorization,
    Identity,
    JwtRequired,
    LambdaRequired,
    Open,
    RestAuthorization,
    SignedCaller,
    WebSocketAuthorization,
)
from local.topology.rest import RestMethod

ACCESS_KEY_ID = "local"
LEFT_TO_THE_READER = "…"

_READING = frozenset({"GET", "ANY", "$default"})
_VARIABLE = re.compile(r"\{[^{}]+\}")


def example_http_call(api: HttpApi, at: ApiEndpoint) -> str:
    """Return a call of the plainest route of an HTTP API."""
    host = _host(at)
    if not api.routes:
        return shlex.join(["curl", *host, f"{at.endpoint}/"])
    route = min(
        api.routes.values(),
        key=lambda one: (
            one.key.method not in _READING,
            not isinstance(one.authorization, Open),
            len(one.key.variables),
            str(one.key),
        ),
    )
    method = [] if route.key.method in _READING else ["-X", route.key.method]
    path = "/hello" if route.key.is_default else _VARIABLE.sub(_value_of, route.key.path)
    signature = _signature(api.region) if isinstance(route.authorization, SignedCaller) else []
    sources = _sources(route.authorization)
    return shlex.join(["curl", *host, *method, *signature, *_headers(sources), f"{at.endpoint}{path}{_query(sources)}"])


def example_connection(api: WebSocketApi, at: ApiEndpoint) -> str:
    """Return what opens a connection to a WebSocket API."""
    connect = api.routes.get("$connect")
    sources = _sources(connect.authorization) if connect else ()
    slash = "" if urlsplit(at.endpoint).path else "/"
    return f"npx wscat {shlex.join([*_host(at), *_headers(sources), '-c'])} '{at.endpoint}{slash}{_query(sources)}'"


def _value_of(variable: re.Match[str]) -> str:
    return "hello" if variable[0].endswith("+}") else "1"


def example_call(api: RestApi, at: ApiEndpoint) -> str:
    """Return a call of the API's plainest method."""
    words = ["curl", *_host(at)]
    if not api.methods:
        return shlex.join([*words, f"{at.endpoint}/"])
    method = min(api.methods.values(), key=lambda one: (_is_denied(api, one), *_effort(one)))
    if method.key.method not in {"GET", "ANY"}:
        words += ["--head"] if method.key.method == "HEAD" else ["-X", method.key.method]
    if isinstance(method.authorization, SignedCaller):
        words += _signature(api.region)
    if method.api_key_required and api.api_key_source == "HEADER":
        keys = [key for stage in api.stages.values() for key in stage.api_keys]
        words += ["-H", f"x-api-key: {keys[0] if keys else LEFT_TO_THE_READER}"]
    words += [word for name, value in _asked(method, "header").items() for word in ("-H", f"{name}: {value}")]
    query = "&".join(f"{name}={value}" for name, value in _asked(method, "querystring").items())
    words.append(f"{at.endpoint}{_path(method)}{'?' if query else ''}{query}")
    return shlex.join(words)


def _signature(region: str) -> list[str]:
    return ["--aws-sigv4", f"aws:amz:{region}:execute-api", "--user", f"{ACCESS_KEY_ID}:local"]


def _headers(sources: tuple[Identity, ...]) -> list[str]:
    """Return the headers by which an authorizer knows who calls."""
    names = [source.name for source in sources if source.location == "header"]
    return [word for name in names for word in ("-H", f"{name}: {LEFT_TO_THE_READER}")]


def _query(sources: tuple[Identity, ...]) -> str:
    names = [source.name for source in sources if source.location == "querystring"]
    return "?" * bool(names) + "&".join(f"{name}={LEFT_TO_THE_READER}" for name in names)


def _host(at: ApiEndpoint) -> list[str]:
    return ["-H", f"Host: {at.host}"] if at.host else []


def _path(method: RestMethod) -> str:
    return "/" + "/".join("1" if part.startswith("{") else part for part in method.key.parts)


def _is_denied(api: RestApi, method: RestMethod) -> bool:
    """Say whether the API's policy would refuse the call, which has the first stage in its path."""
    stage = next(iter(api.stages.values()), None)
    if stage is None:
        return False
    caller = ACCESS_KEY_ID if isinstance(method.authorization, SignedCaller) else None
    called = "GET" if method.key.method == "ANY" else method.key.method
    try:
        check_policy(api, stage, caller, called, _path(method))
    except Faulted:
        return True
    return False


def _effort(method: RestMethod) -> tuple[bool, bool, int, int, str]:
    """Order methods: those that read, that anybody may call, that need nothing, with a path that is fixed."""
    key = method.key
    return (
        key.method not in {"GET", "ANY"},
        not isinstance(method.authorization, Open) or method.api_key_required,
        len(_required(method, "header")) + len(_required(method, "querystring")),
        len(key.variables),
        str(key),
    )


def _asked(method: RestMethod, location: str) -> dict[str, str]:
    """Return what a call has to have in its headers or its query, each with a value."""
    identity = {one.name: LEFT_TO_THE_READER for one in _sources(method.authorization) if one.location == location}
    return dict.fromkeys(_required(method, location), "1") | identity


def _sources(authorization: HttpAuthorization | WebSocketAuthorization | RestAuthorization) -> tuple[Identity, ...]:
    match authorization:
        case LambdaRequired(authorizer=authorizer):
            return authorizer.sources
        case CognitoRequired(authorizer=pools):
            return (pools.source,)
        case JwtRequired(authorizer=issuer):
            return (issuer.source,)
        case Open() | SignedCaller():
            return ()
        case _:
            assert_never(authorization)


def _required(method: RestMethod, location: str) -> list[str]:
    prefix = f"method.request.{location}."
    return [
        name.removeprefix(prefix) for name, needed in method.parameters.items() if needed and name.startswith(prefix)
    ]
