"""REST APIs: the way of a request, from the stage to the integration and back.

    choose stage and method ─► read body ─► let in ─► throttle ─► validate ─► mappings, template ─► send
        ─► choose and map response

Whatever ends it on the way becomes a gateway response.

Sources: "Set up REST API methods in API Gateway", "Invoke REST APIs in API Gateway", "Amazon API Gateway important
notes" (``X-HTTP-Method-Override`` changes the method, a ``;`` in a query string splits it), "Troubleshoot issues with
5xx errors from private integrations" (a private backend that is not reached: 500). As observed, an answer has
``X-Amzn-Trace-Id`` where API Gateway made it of an integration's, and neither where it passes one on nor in an error.
"""

from dataclasses import dataclass, field, replace
from http import HTTPStatus
from time import perf_counter
from typing import assert_never

from aiohttp import web

from apigateway import limits
from apigateway.mapping.data import Pairs, RequestData
from apigateway.paths import format_path
from apigateway.rest_resources import METHODS, choose_rest_route
from local.gateway import access_log, balancer, replies, rest_response
from local.gateway.access_log import Entry
from local.gateway.context import client_of, resource_id, rest_variables
from local.gateway.headers import end_to_end, find, parse_query, read_pairs, traced, without
from local.gateway.http_api import RequestFault, check_header_size, read_body
from local.gateway.rest_answer import RestAnswer, finish
from local.gateway.rest_authorization import authorize, unmatched
from local.gateway.rest_faults import (
    CONFIGURATION,
    FAILED,
    TIMED_OUT,
    TOO_LARGE,
    RestFault,
    bad_request,
    gateway_response,
)
from local.gateway.rest_names import other_case
from local.gateway.rest_payload import CODINGS, PayloadError, decompressed
from local.gateway.rest_request import REMOVED, Addressed, build_request, prepare
from local.gateway.rest_stream import Stream
from local.gateway.rest_validation import validate
from local.gateway.throttling import THROTTLED, Throttle
from local.gateway.upstream import Answered, Failed, Outcome, PassOn, TimedOut, Upstream
from local.reachability import Reached, Unreachable
from local.rest_topology import NoCall, PrivateCall, PublicCall, RestApi, RestMethod, RestStage


@dataclass(slots=True, kw_only=True)
class _Trail:
    """What is known of a request as it goes its way: a gateway response and the access log speak of it."""

    request: RequestData
    stream: Stream
    place: str = ""
    """Of the method's integration in the stack file, once the method is chosen."""
    route_key: str | None = None
    backend: str | None = None
    backend_status: int | None = None
    reason: str | None = None
    notes: list[str] = field(default_factory=list)
    """What is worth a look though it ends nothing."""


class RestApiHandler:
    """Serves one REST API; a newer version of it may be put in at any time."""

    def __init__(self, api: RestApi, upstream: Upstream, throttle: Throttle) -> None:
        self.api = api
        self._upstream = upstream
        self._throttle = throttle

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        started = perf_counter()
        api = self.api
        arrived = _arrived(api, request)
        marks = (
            ("x-amzn-RequestId", arrived.context["requestId"]),
            ("x-amz-apigw-id", arrived.context["extendedRequestId"]),
        )
        trail = _Trail(request=arrived, stream=Stream(request, marks))
        reply: web.StreamResponse
        try:
            answer = await self._answer(api, request, trail)
        except RestFault as ended:
            at_fault = trail.place if ended.fault.own_status >= HTTPStatus.INTERNAL_SERVER_ERROR else ""
            trail.reason = ": ".join(filter(None, [at_fault, ended.reason]))
            answer = gateway_response(api.gateway_responses, ended.fault, trail.request)
            trail.stream.cut()
        if trail.stream.response is None:
            reply = finish(
                answer,
                accepted=arrived.headers,
                minimum_compression_size=api.minimum_compression_size,
                marks=marks,
            )
        else:
            reply = trail.stream.response
        ended_by = trail.reason or ("the client went away" if trail.stream.left else None)
        access_log.write(
            Entry(
                api=api.name,
                event=f"{request.method} {request.raw_path}",
                route_key=trail.route_key,
                status=reply.status,
                backend=trail.backend,
                backend_status=trail.backend_status,
                seconds=perf_counter() - started,
                reason="; ".join([*filter(None, [ended_by]), *trail.notes]) or None,
            )
        )
        return reply

    async def _answer(self, api: RestApi, request: web.BaseRequest, trail: _Trail) -> RestAnswer:
        stage, method = _match(api, request, trail)
        trail.request = await _read(request, trail.request)
        known = authorize(api, stage, method, trail.request)
        trail.request = replace(trail.request, context={**trail.request.context, **known})
        self._check_limits(stage, method, trail.request)
        validate(method, trail.request)
        integration = method.integration
        prepared = prepare(integration, api.binary_media_types, trail.request)
        sources = (source for _, source in integration.request.entries)
        trail.notes += other_case("the request", sources, trail.request.headers)
        match integration.call:
            case NoCall():
                answered = rest_response.mock(prepared)
            case PrivateCall() | PublicCall():
                addressed = build_request(
                    integration.call,
                    integration,
                    prepared,
                    trail.request,
                    query=_query(request),
                    api_id=api.api_id,
                    signed=method.authorization == "AWS_IAM",
                )
                streams = integration.streams and "HEAD" not in (request.method, trail.request.context["httpMethod"])
                pass_on = trail.stream.pass_on if streams else None
                answered = await self._send(integration.call, addressed, trail, pass_on)
            case _:
                assert_never(integration.call)
        trail.backend_status = answered.status if trail.backend else None
        if integration.type == "HTTP_PROXY":
            # A length is kept where the body it tells of is not sent: in answers to HEAD, and with 304.
            sized = request.method == "HEAD" or answered.status == HTTPStatus.NOT_MODIFIED
            return rest_response.passed(answered, api.binary_media_types, sized=sized)
        overridden = {**trail.request.context, **prepared.overrides.variables}
        seen = replace(trail.request, context=overridden)
        answer = rest_response.mapped(integration, api.binary_media_types, seen, answered)
        chosen = rest_response.chosen_response(integration, answered)
        trail.notes += other_case("the answer", (source for _, source in chosen.mapping.entries), answered.headers)
        if integration.type == "MOCK":
            return answer
        trace = ("X-Amzn-Trace-Id", find(trail.request.headers, "x-amzn-trace-id") or "")
        return replace(answer, headers=(*without(answer.headers, {"x-amzn-trace-id"}), trace))

    def _check_limits(self, stage: RestStage, method: RestMethod, request: RequestData) -> None:
        """Count a request against its usage plan, then against its method. Raises ``RestFault``."""
        key = request.context.get("identity.apiKey")
        if key is not None:
            self._throttle.check_plan(stage.plans.get(key), key)
        called = f"{request.context['httpMethod']} {method.key.path}"
        route = called if called in stage.limits.routes else str(method.key)
        if reason := self._throttle.refusal(stage.limits.of(route), stage.name, route):
            raise RestFault(THROTTLED, reason)

    async def _send(
        self, call: PrivateCall | PublicCall, addressed: Addressed, trail: _Trail, pass_on: PassOn | None
    ) -> Answered:
        outcome: Outcome
        match call:
            case PrivateCall():
                reach = _reached(call)
                trail.backend = reach.backend
                exchange = await balancer.send(self._upstream, reach, addressed.outgoing, pass_on)
                outcome, trail.reason = exchange.outcome, exchange.reason
            case PublicCall():
                trail.backend = addressed.origin
                outcome = await self._upstream.send_public(addressed.origin, addressed.outgoing, pass_on)
            case _:
                assert_never(call)
        match outcome:
            case Answered():
                return outcome
            case TimedOut():
                raise RestFault(TIMED_OUT, outcome.reason)
            case Failed():
                # A private backend that is not reached is a configuration error to API Gateway.
                misconfigured = isinstance(call, PrivateCall) or outcome.reached
                raise RestFault(CONFIGURATION if misconfigured else FAILED, outcome.reason)
            case _:
                assert_never(outcome)


def _reached(call: PrivateCall) -> Reached:
    match call.reach:
        case Reached() as reach:
            return reach
        case Unreachable(reason=reason):
            raise RestFault(CONFIGURATION, reason)
        case _:
            assert_never(call.reach)


def _arrived(api: RestApi, request: web.BaseRequest) -> RequestData:
    """Return what is known of a request before its method is: the hops on its way have left their headers on it."""
    raw = read_pairs(request.raw_headers)
    client = client_of(request, raw)
    path = request.raw_path.partition("?")[0]
    return RequestData(
        headers=_with_hops(without(end_to_end(raw), REMOVED), client.source_ip, _port(request)),
        query=parse_query(_query(request)),
        path=path,
        path_parameters={},
        body="",
        context=rest_variables(
            client=client,
            api_id=api.api_id,
            account_id="".join(api.execution_arn.split(":")[4:5]),
            method=_method(request.method, raw),
            path=path,
            http=f"HTTP/{request.version.major}.{request.version.minor}",
        ),
        stage_variables={},
    )


def _method(sent: str, headers: Pairs) -> str:
    """Return the method that a request is taken for; what is no method in the header changes nothing."""
    wanted = (find(headers, "x-http-method-override") or "").strip().upper()
    return wanted if wanted in METHODS and wanted != "ANY" else sent


def _query(request: web.BaseRequest) -> str:
    return request.raw_path.partition("?")[2].replace(";", "&")


def _with_hops(headers: Pairs, client_ip: str, port: int) -> Pairs:
    hops = ", ".join([*(value for name, value in headers if name.lower() == "x-forwarded-for"), client_ip])
    kept = without(headers, {"x-forwarded-for", "x-forwarded-port", "x-forwarded-proto"})
    forwarded = (("X-Forwarded-For", hops), ("X-Forwarded-Port", str(port)), ("X-Forwarded-Proto", "http"))
    return traced((*kept, *forwarded))


def _port(request: web.BaseRequest) -> int:
    name = request.transport.get_extra_info("sockname") if request.transport else None
    return int(name[1]) if name else 80


def _match(api: RestApi, request: web.BaseRequest, trail: _Trail) -> tuple[RestStage, RestMethod]:
    """Choose the stage by the first segment of the path, then the method; what is known of them goes on the trail."""
    try:
        check_header_size(request)
    except RequestFault as fault:
        raise _translated(fault) from fault
    first, slash, rest = trail.request.path.removeprefix("/").partition("/")
    if first not in api.stages or not trail.request.path.startswith("/"):
        reason = f'"{first}" is no stage (stages: {", ".join(api.stages) or "none"})'
        raise unmatched(trail.request, reason)
    stage, path = api.stages[first], slash + rest or "/"
    trail.request = replace(
        trail.request,
        path=path,
        context={**trail.request.context, "stage": stage.name},
        stage_variables=stage.variables,
    )
    method = trail.request.context["httpMethod"]
    chosen = choose_rest_route(api.methods, method, path)
    if chosen is None:
        methods = ", ".join(map(str, api.methods)) or "none"
        raise unmatched(trail.request, f"no method takes {method} {path} (methods: {methods})")
    key, parameters = chosen
    trail.route_key = str(key)
    trail.place = format_path(("apis", api.name, "routes", str(key), "integration"))
    known = {"resourceId": resource_id(api.api_id, key.path), "resourcePath": key.path}
    trail.request = replace(trail.request, path_parameters=parameters, context={**trail.request.context, **known})
    return stage, api.methods[key]


async def _read(request: web.BaseRequest, known: RequestData) -> RequestData:
    """Read the body, and undo a compression that API Gateway knows."""
    try:
        body = await read_body(request)
    except RequestFault as fault:
        raise _translated(fault) from fault
    coding = (find(known.headers, "content-encoding") or "").lower()
    if coding not in CODINGS or not body:
        return replace(known, body=body)
    try:
        plain = decompressed(body)
    except PayloadError as error:
        raise RestFault(
            bad_request("Bad Request"), f"the body is not of its Content-Encoding {coding}: {error}"
        ) from error
    if len(plain) > limits.HTTP_PAYLOAD_BYTES:
        reason = f"the body may have {limits.HTTP_PAYLOAD_BYTES} bytes without its compression and has more"
        raise RestFault(TOO_LARGE, reason)
    return replace(known, body=plain, headers=without(known.headers, {"content-encoding"}))


def _translated(fault: RequestFault) -> RestFault:
    """Say in the way of REST APIs what every API refuses."""
    if fault.fault is replies.PAYLOAD_TOO_LARGE:
        return RestFault(TOO_LARGE, fault.reason)
    return RestFault(bad_request(fault.fault.message, fault.fault.status), fault.reason)
