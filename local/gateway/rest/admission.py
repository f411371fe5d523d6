"""Lets a caller of a REST API in: resource policy, signature or authorizer, API key, each where the method asks for it.

How a resource policy and an authorizer go together is of "How API Gateway resource policies affect authorization
workflow": what the policy denies is refused before a Lambda authorizer is asked; then one of the two must allow the
call, and neither may deny it. A user pool only says who calls, so the policy has to allow the call.

Sources beside it: "Use API Gateway Lambda authorizers", "Control access to REST APIs using Amazon Cognito user pools
as an authorizer", "Gateway response types for API Gateway", "Choose an API key source in API Gateway". How the claims
of a token are written is observed: as text, times by the calendar, lists with commas.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from time import perf_counter
from typing import Final, assert_never

from apigateway.json_path import JsonValue, render
from local.gateway.authorization.issuers import COGNITO_EXPIRED, Issuers
from local.gateway.authorization.jwt import Refused
from local.gateway.authorization.lambda_authorizer import (
    Allowed,
    Asked,
    Denied,
    LambdaAuthorizers,
    Misanswered,
    Unauthorized,
    context_variables,
    identity_of,
    lacks_identity,
)
from local.gateway.faults import (
    AUTHORIZER_CONFIGURATION,
    AUTHORIZER_FAILED,
    EXPIRED,
    UNAUTHORIZED,
    Faulted,
    access_denied,
)
from local.gateway.outside import Outside
from local.gateway.rest.access import allows, check_policy, checked_key, signer
from local.gateway.rest.function_events import authorizer_event
from local.gateway.rest.trail import Trail
from local.topology import RestApi
from local.topology.authorization import (
    CognitoRequired,
    LambdaAuthorizer,
    LambdaRequired,
    Open,
    SignedCaller,
)
from local.topology.rest import RestMethod
from local.topology.stages import Stage

_TIMES: Final = frozenset({"exp", "iat"})
_LATEST: Final = 253_402_300_800
"""The year 10,000, which no calendar here knows."""


class Admission:
    """Lets callers of one API in; what its authorizers said is kept for as long as they say."""

    def __init__(self, outside: Outside) -> None:
        self._issuers: Issuers = outside.issuers
        self._authorizers = LambdaAuthorizers(outside)

    def forget(self) -> None:
        """Ask the authorizers anew: the API is another one."""
        self._authorizers.forget()

    async def admit(self, api: RestApi, stage: Stage, method: RestMethod, trail: Trail) -> None:
        """Let a caller in, and add to the trail what is then known of it.

        Raises ``Faulted``, and NoCounterpartError where nothing stands for the authorizer here.
        """
        called, path = trail.request.context["httpMethod"], trail.request.path
        usage_key: str | None = None
        match method.authorization:
            case Open():
                check_policy(api, stage, None, called, path)
            case SignedCaller():
                caller = signer(api, trail.request)
                check_policy(api, stage, caller, called, path)
                trail.learn({"identity.accessKey": caller})
            case CognitoRequired():
                await self._verify(method.authorization, trail)
                check_policy(api, stage, None, called, path)
            case LambdaRequired(authorizer=authorizer):
                by_policy = allows(api, stage, None, called, path)
                usage_key = await self._ask(api, authorizer, trail, by_policy=by_policy)
                if api.is_private and not by_policy:
                    check_policy(api, stage, None, called, path)
            case _:
                assert_never(method.authorization)
        if method.api_key_required:
            trail.learn(checked_key(api, stage, trail.request, usage_key))

    async def _ask(self, api: RestApi, authorizer: LambdaAuthorizer, trail: Trail, *, by_policy: bool) -> str | None:
        """Ask a function, and return the API key that it gives; ``by_policy`` says that the resource policy allows."""
        request = trail.request
        identity = identity_of(authorizer.sources, request)
        if identity is None:
            raise Faulted(UNAUTHORIZED, lacks_identity(authorizer.name, authorizer.sources))
        method = f"{request.context['stage']}/{request.context['httpMethod']}{request.path}"
        arn = f"{api.execution_arn}/{method}"
        asked = Asked(
            authorizer=authorizer,
            identity=identity,
            event=lambda: authorizer_event(authorizer, identity, arn, request, trail.called),
            arn=arn,
            stage_variables=request.stage_variables,
        )
        started = perf_counter()
        decision = await self._authorizers.decide(asked)
        match decision:
            case Allowed() | Denied():
                trail.exchange.notes += decision.notes
                variables = context_variables(decision)
                trail.learn(variables)
                said: dict[str, JsonValue] = {
                    name.removeprefix("authorizer."): text for name, text in variables.items()
                }
                trail.authorizer = {**said, "integrationLatency": int((perf_counter() - started) * 1000)}
            case Unauthorized(reason=reason):
                raise Faulted(UNAUTHORIZED, reason)
            case Misanswered(kind="AUTHORIZER_CONFIGURATION_ERROR", reason=reason):
                raise Faulted(AUTHORIZER_CONFIGURATION, reason)
            case Misanswered(reason=reason):
                raise Faulted(AUTHORIZER_FAILED, reason)
            case _:
                assert_never(decision)
        if isinstance(decision, Allowed):
            return decision.usage_key
        if decision.explicit:
            message = "User is not authorized to access this resource with an explicit deny"
            raise Faulted(access_denied(message), decision.reason)
        if not by_policy:
            raise Faulted(access_denied("User is not authorized to access this resource"), decision.reason)
        return None

    async def _verify(self, required: CognitoRequired, trail: Trail) -> None:
        authorizer = required.authorizer
        identity = identity_of((authorizer.source,), trail.request)
        if identity is None:
            raise Faulted(UNAUTHORIZED, lacks_identity(authorizer.name, (authorizer.source,)))
        verified = await self._issuers.verify_cognito(identity[0], authorizer.user_pools, required.scopes)
        if isinstance(verified, Refused):
            fault = EXPIRED if verified.description == COGNITO_EXPIRED else UNAUTHORIZED
            raise Faulted(fault, verified.reason)
        claims = _claims(verified.claims)
        trail.learn({f"authorizer.claims.{name}": text for name, text in claims.items()})
        trail.authorizer = {"claims": dict(claims)}


def _claims(claims: Mapping[str, JsonValue]) -> dict[str, str]:
    return {name: _claim(name, value) for name, value in claims.items() if value is not None}


def _claim(name: str, value: JsonValue) -> str:
    if name in _TIMES and isinstance(value, int | float) and 0 <= value < _LATEST:
        return datetime.fromtimestamp(value, UTC).strftime("%a %b %d %H:%M:%S UTC %Y")
    if isinstance(value, list):
        return ",".join(map(render, value))
    return render(value)
