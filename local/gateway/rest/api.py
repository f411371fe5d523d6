"""REST APIs: the way of a request, from the stage to the integration and back.

    choose stage and method ─► read body ─► let in ─► throttle ─► validate ─► mappings, template ─► call
        ─► choose and map response

Whatever ends it on the way becomes a gateway response.

Sources: "Set up REST API methods in API Gateway", "Set up an integration response in API Gateway". As observed, an
answer has ``X-Amzn-Trace-Id`` where API Gateway made it of an integration's, and neither where it passes on that of a
backend nor in an error.
"""

from dataclasses import replace
from functools import partial
from http import HTTPStatus

from aiohttp import web

from apigateway.paths import format_path
from local.gateway import replies
from local.gateway.bodies import JSON
from local.gateway.entrance import Entrance
from local.gateway.faults import Faulted
from local.gateway.headers import find, without
from local.gateway.outside import NoCounterpartError, Outside
from local.gateway.replies import Reply
from local.gateway.rest import preparation, response
from local.gateway.rest.admission import Admission
from local.gateway.rest.answer import RestAnswer, finish
from local.gateway.rest.arrival import arrived, choose, raw_query, read
from local.gateway.rest.gateway_responses import gateway_response
from local.gateway.rest.header_case import other_case
from local.gateway.rest.integration import Integrated, Integrations
from local.gateway.rest.payload import first_media_type, is_binary
from local.gateway.rest.preparation import Prepared, prepare
from local.gateway.rest.stream import Stream
from local.gateway.rest.trail import Trail
from local.gateway.rest.validation import validate
from local.gateway.throttling import THROTTLED, Throttle
from local.gateway.traffic import Exchange, Traffic
from local.topology import RestApi
from local.topology.rest import RestMethod
from local.topology.stages import Stage


class RestApiHandler:
    """Serves one REST API; a newer version of it may be put in at any time."""

    def __init__(self, api: RestApi, outside: Outside, throttle: Throttle, traffic: Traffic) -> None:
        self._api = api
        self._throttle = throttle
        self._traffic = traffic
        self._admission = Admission(outside)
        self._integrations = Integrations(outside)

    @property
    def api(self) -> RestApi:
        """What is served; requests that are on their way end with the version that they began with."""
        return self._api

    @api.setter
    def api(self, api: RestApi) -> None:
        self._api = api
        self._admission.forget()

    async def handle(self, request: web.BaseRequest, entrance: Entrance | None = None) -> web.StreamResponse:
        """Answer one request, which came by a custom domain name where ``entrance`` says so."""
        api = self._api
        known = arrived(api, request)
        marks = (
            ("x-amzn-RequestId", known.context["requestId"]),
            ("x-amz-apigw-id", known.context["extendedRequestId"]),
        )
        exchange = Exchange(api=api.name, protocol="REST", event=f"{request.method} {request.raw_path}", request=known)
        trail = Trail(request=known, stream=Stream(request, marks), exchange=exchange, called=known.path)
        try:
            answer = await self._answer(api, request, entrance, trail)
        except Faulted as ended:
            at_fault = trail.place if ended.fault.own_status >= HTTPStatus.INTERNAL_SERVER_ERROR else ""
            exchange.reason = ": ".join(filter(None, [at_fault, ended.reason]))
            answer = gateway_response(api.gateway_responses, ended.fault, trail.request)
            trail.stream.cut()
        except NoCounterpartError as missing:
            exchange.reason = str(missing)
            answer = _not_served(str(missing))
        reply: web.StreamResponse = trail.stream.response or finish(
            answer,
            accepted=known.headers,
            minimum_compression_size=api.minimum_compression_size,
            marks=marks,
        )
        if trail.stream.left and exchange.reason is None:
            exchange.reason = "the client went away"
        exchange.request = trail.request
        exchange.status = reply.status
        exchange.headers = reply.pairs if isinstance(reply, Reply) else tuple(reply.headers.items())
        exchange.body = b"" if trail.stream.response else answer.body
        self._traffic.tell(exchange)
        return reply

    async def _answer(
        self, api: RestApi, request: web.BaseRequest, entrance: Entrance | None, trail: Trail
    ) -> RestAnswer:
        stage, method = choose(api, request, entrance, trail)
        trail.request = await read(request, trail.request)
        await self._admission.admit(api, stage, method, trail)
        self._check_limits(stage, method, trail)
        validate(method, trail.request)
        integration = method.integration
        trail.place = format_path(("apis", api.name, "routes", str(method.key), "integration"))
        trail.exchange.explain_request = partial(
            preparation.explain, integration, api.binary_media_types, trail.request
        )
        prepared = prepare(integration, api.binary_media_types, trail.request)
        sources = (source for _, source in integration.request.entries)
        trail.exchange.notes += other_case("the request", sources, trail.request.headers)
        streams = integration.streams and "HEAD" not in (request.method, trail.request.context["httpMethod"])
        integrated = await self._integrations.call(
            api, method, prepared, trail, query=raw_query(request), streams=streams
        )
        match integration.type:
            case "HTTP_PROXY":
                # A length is kept where the body it tells of is not sent: in answers to HEAD, and with 304.
                sized = request.method == "HEAD" or integrated.answered.status == HTTPStatus.NOT_MODIFIED
                return response.passed(integrated.answered, api.binary_media_types, sized=sized)
            case "AWS_PROXY":
                accepts = is_binary(first_media_type(trail.request.headers, "accept") or JSON, api.binary_media_types)
                return _traced(response.of_function(integrated.answered.body, accepts_binary=accepts), trail)
            case "MOCK":
                return _mapped(api, method, prepared, integrated, trail)
            case "AWS" | "HTTP":
                return _traced(_mapped(api, method, prepared, integrated, trail), trail)

    def _check_limits(self, stage: Stage, method: RestMethod, trail: Trail) -> None:
        """Count a request against its usage plan, then against its method. Raises ``Faulted``."""
        context = trail.request.context
        key = context.get("identity.apiKey")
        if key is not None:
            self._throttle.check_plan(stage.plans.get(key), key)
        called = f"{context['httpMethod']} {method.key.path}"
        route = called if called in stage.limits.routes else str(method.key)
        if reason := self._throttle.refusal(stage.limits.of(route), stage.name, route):
            raise Faulted(THROTTLED, reason)


def _mapped(api: RestApi, method: RestMethod, prepared: Prepared, integrated: Integrated, trail: Trail) -> RestAnswer:
    """Make the answer that the integration response says which the integration's answer chooses."""
    answered = integrated.answered
    seen = replace(trail.request, context={**trail.request.context, **prepared.overrides.variables})
    chosen = response.choose_response(method.integration, integrated.chosen_by)
    trail.exchange.explain_response = partial(response.explain, chosen, api.binary_media_types, seen, answered)
    answer = response.mapped(chosen, api.binary_media_types, seen, answered)
    trail.exchange.notes += other_case("the answer", (source for _, source in chosen.mapping.entries), answered.headers)
    return answer


def _traced(answer: RestAnswer, trail: Trail) -> RestAnswer:
    trace = ("X-Amzn-Trace-Id", find(trail.request.headers, "x-amzn-trace-id") or "")
    return replace(answer, headers=(*without(answer.headers, {"x-amzn-trace-id"}), trace))


def _not_served(reason: str) -> RestAnswer:
    """Say that what the stack leads to is not here. No gateway response words it: AWS has no such answer."""
    fault = replies.not_served(reason)
    return RestAnswer(
        status=fault.status, headers=(("Content-Type", JSON),), body=replies.fault_body(fault, {}).encode()
    )
