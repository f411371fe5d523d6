"""Lets a caller of an HTTP API in, by what its route asks for: a token, a function's consent, a signature, or nothing.

Sources: "Control access to HTTP APIs with JWT authorizers in API Gateway" (claims and scopes are the integration's),
"Control access to HTTP APIs with AWS Lambda authorizers" (401 where an identity source lacks, and the function is not
asked; 500 where it fails or answers otherwise), "Control access to HTTP APIs with IAM authorization".
"""

from dataclasses import replace
from typing import assert_never

from local.gateway import replies
from local.gateway.authorization.jwt import Refused, Verified, challenge, claim_text
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
from local.gateway.authorization.signature import NotSignedError, signer
from local.gateway.http.function_events import authorizer_event
from local.gateway.http.request import Bearer, Caller, Consented, HttpRequest, Signed
from local.gateway.outside import Outside
from local.gateway.replies import RequestFault
from local.gateway.traffic import Exchange
from local.topology.authorization import (
    JwtRequired,
    LambdaAuthorizer,
    LambdaRequired,
    Open,
    SignedCaller,
)


class Admission:
    """Lets callers of one API in; what its authorizers said is kept for as long as they say."""

    def __init__(self, outside: Outside) -> None:
        self._issuers = outside.issuers
        self._authorizers = LambdaAuthorizers(outside)

    def forget(self) -> None:
        """Ask the authorizers anew: the API is another one."""
        self._authorizers.forget()

    async def admit(self, request: HttpRequest, exchange: Exchange) -> HttpRequest:
        """Return a request with what is known of its caller.

        Raises ``RequestFault``, and NoCounterpartError where nothing stands for an authorizer's function.
        """
        authorization = request.route.authorization
        match authorization:
            case Open():
                return request
            case SignedCaller():
                return _signed(request)
            case JwtRequired():
                return await self._verify(authorization, request)
            case LambdaRequired(authorizer=authorizer):
                return await self._ask(authorizer, request, exchange)
            case _:
                assert_never(authorization)

    async def _verify(self, required: JwtRequired, request: HttpRequest) -> HttpRequest:
        authorizer, scopes = required.authorizer, required.scopes
        identity = identity_of((authorizer.source,), request.data)
        if identity is None:
            reason = lacks_identity(authorizer.name, (authorizer.source,))
            raise RequestFault(replies.UNAUTHORIZED, reason, (("WWW-Authenticate", challenge(None, scopes)),))
        verified = await self._issuers.verify(
            identity[0], issuer=authorizer.issuer, audience=authorizer.audience, scopes=scopes
        )
        match verified:
            case Refused(status=status, reason=reason):
                fault = replies.UNAUTHORIZED if status == 401 else replies.FORBIDDEN
                raise RequestFault(fault, reason, (("WWW-Authenticate", challenge(verified, scopes)),))
            case Verified(claims=claims):
                texts = {name: claim_text(value) for name, value in claims.items()}
                variables = {f"authorizer.claims.{name}": text for name, text in texts.items()}
                return _known(request, Bearer(claims=texts, scopes=verified.scopes if scopes else None), variables)
            case _:
                assert_never(verified)

    async def _ask(self, authorizer: LambdaAuthorizer, request: HttpRequest, exchange: Exchange) -> HttpRequest:
        identity = identity_of(authorizer.sources, request.data)
        if identity is None:
            raise RequestFault(replies.UNAUTHORIZED, lacks_identity(authorizer.name, authorizer.sources))
        decision = await self._authorizers.decide(
            Asked(
                authorizer=authorizer,
                identity=identity,
                event=lambda: authorizer_event(request, authorizer, identity),
                arn=request.arn,
                stage_variables=request.stage.variables,
            )
        )
        match decision:
            case Allowed(context=context, notes=notes):
                exchange.notes += notes
                return _known(request, Consented(context=context), context_variables(decision))
            case Denied(reason=reason, notes=notes):
                exchange.notes += notes
                raise RequestFault(replies.FORBIDDEN, reason)
            case Unauthorized(reason=reason):
                raise RequestFault(replies.UNAUTHORIZED, reason)
            case Misanswered(reason=reason):
                raise RequestFault(replies.FAILED, reason)
            case _:
                assert_never(decision)


def _signed(request: HttpRequest) -> HttpRequest:
    try:
        key_id = signer(request.data, request.api.region)
    except NotSignedError as error:
        raise RequestFault(replies.FORBIDDEN, str(error)) from error
    return _known(request, Signed(key_id=key_id), {})


def _known(request: HttpRequest, caller: Caller, variables: dict[str, str]) -> HttpRequest:
    data = replace(request.data, context={**request.data.context, **variables}) if variables else request.data
    return replace(request, data=data, caller=caller)
