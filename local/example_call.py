"""A curl line for a REST API, to paste: with a path that the API has, and with what its method asks for."""

import shlex

from local.gateway.rest_authorization import check_policy
from local.gateway.rest_faults import RestFault
from local.rest_topology import RestApi, RestMethod

ACCESS_KEY_ID = "local"


def example_call(api: RestApi, endpoint: str) -> str:
    """Return a call of the API's plainest method; ``endpoint`` is where the API is, its first stage included."""
    if not api.methods:
        return f"curl {endpoint}/"
    method = min(api.methods.values(), key=lambda one: (_is_denied(api, one), *_effort(one)))
    words = ["curl"]
    if method.key.method not in {"GET", "ANY"}:
        words += ["--head"] if method.key.method == "HEAD" else ["-X", method.key.method]
    if method.authorization == "AWS_IAM":
        words += ["--aws-sigv4", f"aws:amz:{api.region}:execute-api", "--user", f"{ACCESS_KEY_ID}:local"]
    if method.api_key_required:
        keys = [key for stage in api.stages.values() for key in stage.api_keys]
        words += ["-H", f"x-api-key: {keys[0] if keys else '…'}"]
    words += [word for name in _required(method, "header") for word in ("-H", f"{name}: 1")]
    query = "&".join(f"{name}=1" for name in _required(method, "querystring"))
    words.append(f"{endpoint}{_path(method)}{'?' if query else ''}{query}")
    return shlex.join(words)


def _path(method: RestMethod) -> str:
    return "/" + "/".join("1" if part.startswith("{") else part for part in method.key.parts)


def _is_denied(api: RestApi, method: RestMethod) -> bool:
    """Say whether the API's policy would refuse the call, which has the first stage in its path."""
    stage = next(iter(api.stages.values()), None)
    if stage is None:
        return False
    caller = ACCESS_KEY_ID if method.authorization == "AWS_IAM" else None
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
        method.authorization != "NONE" or method.api_key_required,
        len(_required(method, "header")) + len(_required(method, "querystring")),
        len(key.variables),
        str(key),
    )


def _required(method: RestMethod, location: str) -> list[str]:
    prefix = f"method.request.{location}."
    return [
        name.removeprefix(prefix) for name, needed in method.parameters.items() if needed and name.startswith(prefix)
    ]
