"""Who may call a method of a REST API: the resource policy, the signature of a caller, the API key.

A laptop knows no identities. So a caller is either anonymous or has signed its request, whoever it says it is: the
signature's form is read and its value is not. What cannot be known of a policy is taken so that the policy lets in
whom it could let in: a condition of an Allow holds, one of a Deny does not.

Sources: "How API Gateway resource policies affect authorization workflow", "Control access for invoking an API" (a
caller of a method without ``AWS_IAM`` is anonymous, signed or not), "IAM JSON policy elements reference", "Set up API
keys for REST APIs in API Gateway", "Signing AWS API requests" (``Authorization`` and the query of a signed request),
"Troubleshoot signed requests for AWS APIs" (the scope of a credential).
The messages about an ``Authorization`` that is no signature are as clients have seen them, with a hash of the whole
header; they are also given where no method takes a request, which API Gateway treats as one for ``AWS_IAM``.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeAlias

from apigateway.json_path import JsonValue
from apigateway.mapping.data import RequestData
from local.gateway.headers import find
from local.gateway.rest_faults import (
    INVALID_KEY,
    MISSING_TOKEN,
    RestFault,
    access_denied,
    invalid_signature,
    wrong_scope,
)
from local.rest_topology import RestApi, RestMethod, RestStage

Caller: TypeAlias = str | None
"""The access key id of a caller that signed its request, None for an anonymous one."""

_ALGORITHM = re.compile(r"AWS4-(?:HMAC-SHA256|ECDSA-P256-SHA256)")
_SIGNED_PARTS = ("Credential", "Signature", "SignedHeaders")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What a caller wants to do, as ARN and in the short form of a policy's resource."""

    arn: str
    short: str


def authorize(api: RestApi, stage: RestStage, method: RestMethod, request: RequestData) -> dict[str, str]:
    """Let a caller in and return what ``$context`` then knows of it, or raise ``RestFault``."""
    caller = _signer(api, request) if method.authorization == "AWS_IAM" else None
    check_policy(api, stage, caller, request.context["httpMethod"], request.path)
    return _checked_key(api, stage, request) if method.api_key_required else {}


def unmatched(request: RequestData, reason: str) -> RestFault:
    """Return the fault of a request that no method takes."""
    wrong = _wrong_signature(request)
    return RestFault(invalid_signature(wrong) if wrong else MISSING_TOKEN, reason)


def _wrong_signature(request: RequestData) -> str | None:
    """Say what keeps an ``Authorization`` from being a signature, None where it is one or there is none."""
    header = find(request.headers, "authorization")
    if not header:
        return None
    parts = _signed_parts(header)
    digest = b64encode(sha256(header.encode()).digest()).decode()
    if any(value is None for value in parts.values()):
        reason = "Invalid key=value pair (missing equal-sign) in Authorization header"
        return f"{reason} (hashed with SHA-256 and encoded with Base64): '{digest}'."
    lacks = [f"Authorization header requires '{part}' parameter." for part in _SIGNED_PARTS if not parts.get(part)]
    if not (find(request.headers, "x-amz-date") or find(request.headers, "date")):
        lacks.append("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
    if lacks:
        return f"{' '.join(lacks)} (Hashed with SHA-256 and encoded with Base64) Authorization={digest}"
    algorithm = header.split(" ")[0]
    return None if _ALGORITHM.fullmatch(algorithm) else f"Unsupported AWS 'algorithm': '{algorithm}'."


def _signed_parts(header: str) -> dict[str, str | None]:
    """Read ``Credential=…, SignedHeaders=…, Signature=…`` after the algorithm; what lacks a ``=`` has None."""
    parts = (part.partition("=") for part in re.split(r"[, ]+", header)[1:] if part)
    return {name: value if equals else None for name, equals, value in parts}


def _signer(api: RestApi, request: RequestData) -> str:
    """Return the access key id of a signed request, whose credential must be one for this API."""
    key_id, *scope = _credential(request).split("/")
    match scope:
        case [_day, region, service, _end]:
            pass
        case [_day, service, _end]:
            # The asymmetric kind of signature is for several Regions, and its credential names none.
            region = api.region
        case _:
            region = service = ""
    wrong = ""
    if region != api.region:
        wrong += f"Credential should be scoped to a valid region, not '{region}'. "
    if service != "execute-api":
        wrong += "Credential should be scoped to correct service: 'execute-api'. "
    if wrong:
        signed = f'the call is signed for "{service}" in "{region}"'
        raise RestFault(wrong_scope(wrong), f'{signed}, and the API is "execute-api" in "{api.region}"')
    return key_id


def _credential(request: RequestData) -> str:
    if wrong := _wrong_signature(request):
        raise RestFault(invalid_signature(wrong), "the method is for AWS_IAM and Authorization is no whole signature")
    if header := find(request.headers, "authorization"):
        return _signed_parts(header)["Credential"] or ""
    query = dict(request.query)
    if _ALGORITHM.fullmatch(query.get("X-Amz-Algorithm", "")) and query.get("X-Amz-Signature"):
        return query.get("X-Amz-Credential", "")
    raise RestFault(MISSING_TOKEN, "the method is for AWS_IAM and the request is not signed (Authorization: AWS4-…)")


def check_policy(api: RestApi, stage: RestStage, caller: Caller, method: str, path: str) -> None:
    """Raise ``RestFault`` where the resource policy keeps a caller from this method and path of a stage."""
    if api.policy is None and not api.is_private:
        return
    # A method takes a path with a slash at its end, too: a Deny of the one must not be passed by with the other.
    paths = dict.fromkeys([path, path.rstrip("/") or "/"])
    called = [f"/{stage.name}/{method}{spelled}" for spelled in paths]
    asked, *others = (_Asked(arn=api.execution_arn + path, short=f"execute-api:{path}") for path in called)
    spellings = (asked, *others)
    statements = list(_statements(api.policy or {}))
    user = caller or "anonymous"
    resource = re.sub(r":\d{8}(\d{4}):", r":********\1:", asked.arn)
    message = f"User: {user} is not authorized to perform: execute-api:Invoke on resource: {resource}"
    if any(_denies(statement, caller, spelled) for statement in statements for spelled in spellings):
        raise RestFault(access_denied(f"{message} with an explicit deny"), f"the resource policy denies {asked.short}")
    if not any(_allows(statement, caller, spelled) for statement in statements for spelled in spellings):
        who = f"the signed caller {caller}" if caller else "an anonymous caller"
        raise RestFault(access_denied(message), f"nothing in the resource policy allows {who} {asked.short}")


def has_conditions(api: RestApi) -> bool:
    """Say whether the resource policy has conditions, which are not weighed here."""
    return any(statement.get("Condition") for statement in _statements(api.policy or {}))


def _statements(policy: Mapping[str, JsonValue]) -> Iterator[Mapping[str, JsonValue]]:
    written = policy.get("Statement")
    for statement in written if isinstance(written, list) else [written]:
        if isinstance(statement, dict):
            yield statement


def _allows(statement: Mapping[str, JsonValue], caller: Caller, asked: _Asked) -> bool:
    if statement.get("Effect") != "Allow" or not _is_about(statement, asked):
        return False
    return (
        "NotPrincipal" in statement or _names_everybody(statement) or (caller is not None and _names_users(statement))
    )


def _denies(statement: Mapping[str, JsonValue], caller: Caller, asked: _Asked) -> bool:
    if statement.get("Effect") != "Deny" or statement.get("Condition") or not _is_about(statement, asked):
        return False
    return _names_everybody(statement) or ("NotPrincipal" in statement and caller is None)


def _names_everybody(statement: Mapping[str, JsonValue]) -> bool:
    principal = statement.get("Principal")
    return "*" in _texts(principal.get("AWS") if isinstance(principal, dict) else principal)


def _names_users(statement: Mapping[str, JsonValue]) -> bool:
    principal = statement.get("Principal")
    return isinstance(principal, dict) and "AWS" in principal


def _is_about(statement: Mapping[str, JsonValue], asked: _Asked) -> bool:
    action, resources = "execute-api:invoke", (asked.arn, asked.short)
    return _covers(statement, "Action", lambda pattern: _matches(pattern.lower(), action)) and _covers(
        statement, "Resource", lambda pattern: any(_matches(pattern, resource) for resource in resources)
    )


def _covers(statement: Mapping[str, JsonValue], element: str, matches: Callable[[str], bool]) -> bool:
    if f"Not{element}" in statement:
        return not any(map(matches, _texts(statement[f"Not{element}"])))
    return any(map(matches, _texts(statement.get(element))))


def _matches(pattern: str, text: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), text, re.DOTALL) is not None


def _texts(value: JsonValue) -> list[str]:
    return [text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str)]


def _checked_key(api: RestApi, stage: RestStage, request: RequestData) -> dict[str, str]:
    if api.api_key_source == "AUTHORIZER":
        raise RestFault(INVALID_KEY, "the API takes its keys from an authorizer, and no authorizer gave one")
    value = find(request.headers, "x-api-key")
    if value is None:
        raise RestFault(INVALID_KEY, "the method wants an API key and there is no x-api-key header")
    if value not in stage.api_keys:
        raise RestFault(INVALID_KEY, f'no usage plan of the stage "{stage.name}" has the API key that was sent')
    return {"identity.apiKey": value, "identity.apiKeyId": stage.api_keys[value]}
