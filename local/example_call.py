"""A curl line for an HTTP or REST API, to paste: with a path that the API has, and with what its method asks for.

An authorizer's token is left to the reader, and so is the value of what else it knows its callers by.
"""

import re
import shlex
from urllib.parse import urlsplit

from local.gateway.rest_authorization import check_policy
from local.gateway.rest_faults import RestFault
from local.topology import HttpApi, RestApi
from local.topology.authorization import CognitoRequired, Identity, LambdaRequired, Open, SignedCaller
from local.topology.domains import Domain
from local.topology.rest import RestMethod

ACCESS_KEY_ID = "local"
LEFT_TO_THE_READER = "…"

_READING = frozenset({"GET", "ANY", "$default"})
_VARIABLE = re.compile(r"\{[^{}]+\}")


def example_http_call(api: HttpApi, endpoint: str, domains: tuple[Domain, ...] = ()) -> str:
    """Return a call of the plainest route of an HTTP API; ``endpoint`` is where its first stage is.

    As with :func:`example_call`, an API that has a domain name alone is called by one of the stack's ``domains``.
    """
    host, endpoint = _door(api, endpoint, domains)
    if not api.routes:
        return shlex.join(["curl", *host, f"{endpoint}/"])
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
    return shlex.join(["curl", *host, *method, f"{endpoint}{path}"])


def _value_of(variable: re.Match[str]) -> str:
    return "hello" if variable[0].endswith("+}") else "1"


def example_call(api: RestApi, endpoint: str, domains: tuple[Domain, ...] = ()) -> str:
    """Return a call of the API's plainest method; ``endpoint`` is where the API is, its first stage included.

    An API that has a domain name alone is called by one of the stack's ``domains``, where one leads to it.
    """
    host, endpoint = _door(api, endpoint, domains)
    words = ["curl", *host]
    if not api.methods:
        return shlex.join([*words, f"{endpoint}/"])
    method = min(api.methods.values(), key=lambda one: (_is_denied(api, one), *_effort(one)))
    if method.key.method not in {"GET", "ANY"}:
        words += ["--head"] if method.key.method == "HEAD" else ["-X", method.key.method]
    if isinstance(method.authorization, SignedCaller):
        words += ["--aws-sigv4", f"aws:amz:{api.region}:execute-api", "--user", f"{ACCESS_KEY_ID}:local"]
    if method.api_key_required and api.api_key_source == "HEADER":
        keys = [key for stage in api.stages.values() for key in stage.api_keys]
        words += ["-H", f"x-api-key: {keys[0] if keys else LEFT_TO_THE_READER}"]
    words += [word for name, value in _asked(method, "header").items() for word in ("-H", f"{name}: {value}")]
    query = "&".join(f"{name}={value}" for name, value in _asked(method, "querystring").items())
    words.append(f"{endpoint}{_path(method)}{'?' if query else ''}{query}")
    return shlex.join(words)


def _door(api: HttpApi | RestApi, endpoint: str, domains: tuple[Domain, ...]) -> tuple[list[str], str]:
    """Return what says the domain name, where the API has one alone that leads to it, and the URL of its stage."""
    for domain in domains if api.by_domain_alone else ():
        for mapping in domain.mappings:
            if mapping.api_id == api.api_id:
                url = urlsplit(endpoint)
                below = f"/{mapping.key}" if mapping.key else ""
                return ["-H", f"Host: {domain.name}"], f"{url.scheme}://{url.netloc}{below}"
    return [], endpoint


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
    except RestFault:
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
    identity = {one.name: LEFT_TO_THE_READER for one in _identity(method) if one.location == location}
    return dict.fromkeys(_required(method, location), "1") | identity


def _identity(method: RestMethod) -> tuple[Identity, ...]:
    match method.authorization:
        case LambdaRequired(authorizer=authorizer):
            return authorizer.sources
        case CognitoRequired(authorizer=pools):
            return (pools.source,)
        case _:
            return ()


def _required(method: RestMethod, location: str) -> list[str]:
    prefix = f"method.request.{location}."
    return [
        name.removeprefix(prefix) for name, needed in method.parameters.items() if needed and name.startswith(prefix)
    ]
