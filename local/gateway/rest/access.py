"""Who may call a method of a REST API: the resource policy, the signature of a caller, the API key.

:mod:`local.gateway.rest.admission` asks them in their order, and the authorizers with them.

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
from local.gateway.authorization.policy import matches
from local.gateway.faults import INVALID_KEY, MISSING_TOKEN, Faulted, access_denied, invalid_signature, wrong_scope
from local.gateway.headers import find
from local.topology import RestApi
from local.topology.stages import Stage

Caller: TypeAlias = str | None
"""The access key id of a caller that signed its request, None for an anonymous one."""

_ALGORITHM = re.compile(r"AWS4-(?:HMAC-SHA256|ECDSA-P256-SHA256)")
_SIGNED_PARTS = ("Credential", "Signature", "SignedHeaders")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What a caller wants to do, as ARN and in the short form of a policy's resource."""

    arn: str
    short: str


def unmatched(request: RequestData, reason: str) -> Faulted:
    """Return the fault of a request that no method takes."""
    wrong = _wrong_signature(request)
    return Faulted(invalid_signature(wrong) if wrong else MISSING_TOKEN, reason)


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


def signer(api: RestApi, request: RequestData) -> str:
    """Return the access key id of a signed request, or raise ``Faulted``: its credential must be one for this API."""
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
        raise Faulted(wrong_scope(wrong), f'{signed}, and the API is "execute-api" in "{api.region}"')
    return key_id


def _credential(request: RequestData) -> str:
    if wrong := _wrong_signature(request):
        raise Faulted(invalid_signature(wrong), "the method is for AWS_IAM and Authorization is no whole signature")
    if header := find(request.headers, "authorization"):
        return _signed_parts(header)["Credential"] or ""
    query = dict(request.query)
    if _ALGORITHM.fullmatch(query.get("X-Amz-Algorithm", "")) and query.get("X-Amz-Signature"):
        return query.get("X-Amz-Credential", "")
    raise Faulted(MISSING_TOKEN, "the method is for AWS_IAM and the request is not signed (Authorization: AWS4-…)")


def check_policy(api: RestApi, stage: Stage, caller: Caller, method: str, path: str) -> None:
    """Raise ``Faulted`` where the resource policy keeps a caller from this method and path of a stage."""
    if (api.policy is not None or api.is_private) and not allows(api, stage, caller, method, path):
        asked = _asked(api, stage, method, path)[0]
        who = f"the signed caller {caller}" if caller else "an anonymous caller"
        reason = f"nothing in the resource policy allows {who} {asked.short}"
        raise Faulted(access_denied(_message(caller, asked)), reason)


def allows(api: RestApi, stage: Stage, caller: Caller, method: str, path: str) -> bool:
    """Tell whether a statement of the resource policy allows a call. Raises ``Faulted`` where one denies it."""
    spellings = _asked(api, stage, method, path)
    statements = list(_statements(api.policy or {}))
    if any(_denies(statement, caller, spelled) for statement in statements for spelled in spellings):
        message = f"{_message(caller, spellings[0])} with an explicit deny"
        raise Faulted(access_denied(message), f"the resource policy denies {spellings[0].short}")
    return any(_allows(statement, caller, spelled) for statement in statements for spelled in spellings)


def _asked(api: RestApi, stage: Stage, method: str, path: str) -> list[_Asked]:
    # A method takes a path with a slash at its end, too: a Deny of the one must not be passed by with the other.
    paths = dict.fromkeys([path, path.rstrip("/") or "/"])
    called = [f"/{stage.name}/{method}{spelled}" for spelled in paths]
    return [_Asked(arn=api.execution_arn + path, short=f"execute-api:{path}") for path in called]


def _message(caller: Caller, asked: _Asked) -> str:
    resource = re.sub(r":\d{8}(\d{4}):", r":********\1:", asked.arn)
    return f"User: {caller or 'anonymous'} is not authorized to perform: execute-api:Invoke on resource: {resource}"


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
    return _covers(statement, "Action", lambda pattern: matches(pattern.lower(), action)) and _covers(
        statement, "Resource", lambda pattern: any(matches(pattern, resource) for resource in resources)
    )


def _covers(statement: Mapping[str, JsonValue], element: str, fits: Callable[[str], bool]) -> bool:
    if f"Not{element}" in statement:
        return not any(map(fits, _texts(statement[f"Not{element}"])))
    return any(map(fits, _texts(statement.get(element))))


def _texts(value: JsonValue) -> list[str]:
    return [text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str)]


def checked_key(api: RestApi, stage: Stage, request: RequestData, of_authorizer: str | None) -> dict[str, str]:
    """Return what ``$context`` knows of a request's API key, be it the client's or an authorizer's.

    Raises ``Faulted`` where there is none, or none that a usage plan of the stage has.
    """
    if api.api_key_source == "AUTHORIZER":
        value, missing = of_authorizer, "the API takes its keys from an authorizer, and no authorizer gave one"
        unknown = "the API key that the authorizer gave (usageIdentifierKey)"
    else:
        value, missing = (
            find(request.headers, "x-api-key"),
            "the method wants an API key and there is no x-api-key header",
        )
        unknown = "the API key that was sent"
    if value is None:
        raise Faulted(INVALID_KEY, missing)
    if value not in stage.api_keys:
        raise Faulted(INVALID_KEY, f'no usage plan of the stage "{stage.name}" has {unknown}')
    return {"identity.apiKey": value, "identity.apiKeyId": stage.api_keys[value]}
