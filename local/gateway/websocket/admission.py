"""Who may open a connection to a WebSocket API: the signature or the authorizer of ``$connect``, then the API key.

Sources: "Control access to WebSocket APIs with AWS Lambda REQUEST authorizers" (401 where an identity source is
missing, and what the function says is known to every later event), "Control access to WebSocket APIs with IAM
authorization", "Set up API keys for WebSocket APIs" and "WebSocket selection expressions" (the key is in a header, or
the authorizer gives it), "Usage plans and API keys for REST APIs in API Gateway".
"""

from typing import assert_never

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
from local.gateway.faults import AUTHORIZER_CONFIGURATION, AUTHORIZER_FAILED, INVALID_KEY, UNAUTHORIZED, Faulted
from local.gateway.headers import find
from local.gateway.outside import Outside
from local.gateway.throttling import Throttle
from local.gateway.websocket.event import Event
from local.gateway.websocket.faults import FORBIDDEN
from local.gateway.websocket.function_events import authorizer_event
from local.topology.authorization import LambdaAuthorizer, LambdaRequired, Open, SignedCaller
from local.topology.websocket import WebSocketRoute


class Admission:
    """Lets clients of one API in."""

    def __init__(self, outside: Outside, throttle: Throttle) -> None:
        self._authorizers = LambdaAuthorizers(outside)
        self._throttle = throttle

    def forget(self) -> None:
        """Ask the authorizers anew: the API is another one."""
        self._authorizers.forget()

    async def admit(self, event: Event, route: WebSocketRoute) -> None:
        """Let a client in, and add to ``$context`` what is then known of it.

        Raises ``Faulted``, and NoCounterpartError where nothing stands for the authorizer here.
        """
        usage_key: str | None = None
        match route.authorization:
            case Open():
                pass
            case SignedCaller():
                try:
                    caller = signer(event.data, event.api.region)
                except NotSignedError as error:
                    raise Faulted(FORBIDDEN, str(error)) from error
                event.learn({"identity.accessKey": caller})
            case LambdaRequired(authorizer=authorizer):
                usage_key = await self._ask(event, authorizer)
            case _:
                assert_never(route.authorization)
        if route.api_key_required:
            self._check_key(event, usage_key)

    async def _ask(self, event: Event, authorizer: LambdaAuthorizer) -> str | None:
        """Ask a function, and return the API key that it gives."""
        identity = identity_of(authorizer.sources, event.data)
        if identity is None:
            raise Faulted(UNAUTHORIZED, lacks_identity(authorizer.name, authorizer.sources))
        arn = f"{event.api.execution_arn}/{event.stage.name}/$connect"
        asked = Asked(
            authorizer=authorizer,
            identity=identity,
            event=lambda: authorizer_event(event, arn),
            arn=arn,
            stage_variables=event.stage.variables,
        )
        decision = await self._authorizers.decide(asked)
        match decision:
            case Allowed():
                event.exchange.notes += decision.notes
                event.learn(context_variables(decision))
                return decision.usage_key
            case Denied():
                event.exchange.notes += decision.notes
                raise Faulted(FORBIDDEN, decision.reason)
            case Unauthorized(reason=reason):
                raise Faulted(UNAUTHORIZED, reason)
            case Misanswered(kind="AUTHORIZER_CONFIGURATION_ERROR", reason=reason):
                raise Faulted(AUTHORIZER_CONFIGURATION, reason)
            case Misanswered(reason=reason):
                raise Faulted(AUTHORIZER_FAILED, reason)
            case _:
                assert_never(decision)

    def _check_key(self, event: Event, of_authorizer: str | None) -> None:
        """Hold the API key of a handshake against the usage plans, and count it there."""
        if event.api.api_key_source == "AUTHORIZER":
            value, lacking = of_authorizer, "the API takes its keys from an authorizer, and no authorizer gave one"
        else:
            value = find(event.data.headers, "x-api-key")
            lacking = "$connect wants an API key and there is no x-api-key header"
        if value is None:
            raise Faulted(INVALID_KEY, lacking)
        stage = event.stage
        if value not in stage.api_keys:
            raise Faulted(INVALID_KEY, f'no usage plan of the stage "{stage.name}" has the API key of the handshake')
        event.learn({"identity.apiKey": value, "identity.apiKeyId": stage.api_keys[value]})
        self._throttle.check_plan(stage.plans.get(value), value)
