"""The call of a REST API's integration: of a backend, a public URL, a function, a service, or of nobody at all.

What was sent and what came back goes on the trail; what went wrong is a ``Faulted``.

Sources: "Troubleshoot issues with 5xx errors from private integrations" (a private backend that is not reached: 500),
"Gateway response types for API Gateway" (INTEGRATION_FAILURE and INTEGRATION_TIMEOUT), "Set up an integration request
in API Gateway". That a function is called by POST alone is observed: anything else ends with 500.
"""

import json
from dataclasses import dataclass
from time import perf_counter
from typing import assert_never

from apigateway.json_path import JsonValue
from apigateway.mapping.data import Pairs
from local.gateway import balancer, function_answers
from local.gateway.faults import CONFIGURATION, FAILED, TIMED_OUT, TOO_LARGE, Faulted, bad_request
from local.gateway.invoking import Unawaited, invoke, is_unawaited, too_large
from local.gateway.mock import mock_answer
from local.gateway.outside import NoCounterpartError, Outside
from local.gateway.rest.function_events import proxy_event
from local.gateway.rest.outgoing import build_request, build_service_request
from local.gateway.rest.payload import first_media_type, is_binary
from local.gateway.rest.preparation import Prepared
from local.gateway.rest.trail import Trail
from local.gateway.service_calls.call import ServiceParameterError
from local.gateway.services import ask
from local.gateway.traffic import Invoked
from local.gateway.upstream import Addressed, Answered, Failed, Outcome, PassOn, TimedOut
from local.gateway.uris import function_named, with_stage_variables
from local.topology import RestApi
from local.topology.authorization import SignedCaller
from local.topology.calls import FunctionCall, NoCall, PrivateCall, PublicCall, Reached, ServiceCall, Unreachable
from local.topology.rest import RestIntegration, RestMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class Integrated:
    """How an integration answered."""

    answered: Answered
    chosen_by: str
    """What ``selectionPattern`` is held against."""

    @classmethod
    def by_status(cls, answered: Answered) -> "Integrated":
        """Let the status choose."""
        return cls(answered=answered, chosen_by=str(answered.status))


class Integrations:
    """Calls what the integrations of one API lead to."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside
        self._unawaited = Unawaited(outside)

    async def call(
        self, api: RestApi, method: RestMethod, prepared: Prepared, trail: Trail, *, query: str, streams: bool
    ) -> Integrated:
        """Call the integration of a method.

        ``query`` is the client's as it arrived; ``streams`` lets a backend's answer go on as it comes. Raises
        ``Faulted``, and NoCounterpartError where there is nothing to call here.
        """
        called = method.integration.call
        match called:
            case NoCall():
                return Integrated.by_status(mock_answer(prepared.body, prepared.untaken))
            case PrivateCall() | PublicCall():
                addressed = build_request(
                    called,
                    method.integration,
                    prepared,
                    trail.request,
                    query=query,
                    api_id=api.api_id,
                    signed=isinstance(method.authorization, SignedCaller),
                )
                pass_on = trail.stream.pass_on if streams else None
                integrated = Integrated.by_status(await self._send(called, addressed, trail, pass_on))
            case FunctionCall():
                integrated = await self._invoke(api, method, called, prepared, trail)
            case ServiceCall():
                integrated = await self._ask_service(api, method.integration, called, prepared, trail)
            case _:
                assert_never(called)
        trail.exchange.answered = integrated.answered
        trail.exchange.answered_status = integrated.answered.status
        return integrated

    async def _send(
        self, call: PrivateCall | PublicCall, addressed: Addressed, trail: Trail, pass_on: PassOn | None
    ) -> Answered:
        outcome: Outcome
        exchange = trail.exchange
        exchange.sent = addressed.outgoing
        match call:
            case PrivateCall():
                reach = _reached(call)
                exchange.target = reach.backend
                started = perf_counter()
                sent = await balancer.send(self._outside.upstream, reach, addressed.outgoing, pass_on)
                outcome, exchange.reason = sent.outcome, sent.reason
            case PublicCall():
                exchange.target = addressed.origin
                started = perf_counter()
                outcome = await self._outside.upstream.send_public(addressed.origin, addressed.outgoing, pass_on)
            case _:
                assert_never(call)
        exchange.answered_seconds = perf_counter() - started
        # A private backend that is not reached is a configuration error to API Gateway.
        return _answered(outcome, misconfigured=isinstance(call, PrivateCall))

    async def _ask_service(
        self, api: RestApi, integration: RestIntegration, call: ServiceCall, prepared: Prepared, trail: Trail
    ) -> Integrated:
        if integration.type == "AWS_PROXY":
            raise NoCounterpartError(f"the service {call.uri} by AWS_PROXY")
        built = build_service_request(call.uri, integration, prepared, trail.request, api_id=api.api_id)
        try:
            outcome = await ask(built, integration.timeout, self._outside, trail.exchange)
        except ServiceParameterError as error:
            raise Faulted(CONFIGURATION, str(error)) from error
        return Integrated.by_status(_answered(outcome, misconfigured=False))

    async def _invoke(
        self, api: RestApi, method: RestMethod, call: FunctionCall, prepared: Prepared, trail: Trail
    ) -> Integrated:
        integration, request = method.integration, trail.request
        function = function_named(call.uri, request.stage_variables)
        if function is None:
            uri = with_stage_variables(call.uri, request.stage_variables)
            reason = f'its URI must name a function once the stage variables are in it, got "{uri}"'
            raise Faulted(CONFIGURATION, reason)
        if integration.method != "POST":
            reason = f"a function is called by POST alone, and httpMethod is {integration.method}"
            raise Faulted(CONFIGURATION, reason)
        if integration.streams:
            raise NoCounterpartError(f'the streamed answer of the function "{function.name}"')
        is_proxy = integration.type == "AWS_PROXY"
        event = _proxy_event(api, method, prepared, trail) if is_proxy else _custom_event(prepared)
        trail.exchange.target, trail.exchange.sent = function.name, Invoked(function=function.name, event=event)
        if excess := too_large(event, len(prepared.body)):
            raise Faulted(TOO_LARGE, excess)  # a choice: AWS does not say with what it answers
        if not is_proxy and is_unawaited(_written_headers(prepared)):
            self._unawaited.begin(function, event)
            return Integrated(answered=function_answers.ACCEPTED, chosen_by="")
        started = perf_counter()
        outcome = await invoke(self._outside, function, event, integration.timeout)
        trail.exchange.answered_seconds = perf_counter() - started
        if is_proxy:
            return Integrated.by_status(function_answers.result_of(outcome))
        answer = function_answers.custom_answer(outcome)
        return Integrated(answered=answer.answered, chosen_by=answer.error)


def _proxy_event(api: RestApi, method: RestMethod, prepared: Prepared, trail: Trail) -> JsonValue:
    content_type = first_media_type(trail.request.headers, "content-type")
    return proxy_event(
        trail.request,
        prepared,
        called=trail.called,
        binary=is_binary(content_type, api.binary_media_types),
        signed=isinstance(method.authorization, SignedCaller),
        authorizer=trail.authorizer,
    )


def _custom_event(prepared: Prepared) -> JsonValue:
    """Return the body that the template made, which Lambda takes as JSON alone. Raises ``Faulted``."""
    try:
        event: JsonValue = json.loads(prepared.body or b"{}")
    except (ValueError, RecursionError) as error:
        what = (
            f"no request template takes {prepared.untaken}, so it is the client's" if prepared.untaken else "it is not"
        )
        reason = f"what a function is given must be JSON, and {what}: {error}"
        raise Faulted(bad_request("Could not parse request body into json"), reason) from error
    return event


def _written_headers(prepared: Prepared) -> Pairs:
    """Return the headers that mappings and then overrides write."""
    mapped = [(item.name, item.values) for item in prepared.mapped if item.location == "header"]
    written = [*mapped, *prepared.overrides.headers.items()]
    return tuple((name, value) for name, values in written for value in values)


def _reached(call: PrivateCall) -> Reached:
    match call.reach:
        case Reached() as reach:
            return reach
        case Unreachable(reason=reason):
            raise Faulted(CONFIGURATION, reason)
        case _:
            assert_never(call.reach)


def _answered(outcome: Outcome, *, misconfigured: bool) -> Answered:
    match outcome:
        case Answered():
            return outcome
        case TimedOut():
            raise Faulted(TIMED_OUT, outcome.reason)
        case Failed():
            raise Faulted(CONFIGURATION if misconfigured or outcome.reached else FAILED, outcome.reason)
        case _:
            assert_never(outcome)
