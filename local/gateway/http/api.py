"""HTTP APIs: the way of a request, from the stage to the integration and back.

    choose stage ─► choose route ─► throttle ─► read body ─► let in ─► map request ─► call ─► map response

Where CORS is configured, its headers are on every answer, and an OPTIONS that no route takes is answered on the way.

Sources: "Create routes for HTTP APIs", "Configure CORS for HTTP APIs in API Gateway", "Transform API requests and
responses for HTTP APIs".
"""

from http import HTTPStatus
from time import perf_counter
from typing import Final, assert_never

from aiohttp import web

from apigateway.mapping.data import Pairs, ResponseData
from local.gateway import balancer, replies
from local.gateway.context import new_id
from local.gateway.entrance import Entrance
from local.gateway.headers import end_to_end, without
from local.gateway.http.admission import Admission
from local.gateway.http.arrival import arrive, choose_route, choose_stage, no_route, read_data
from local.gateway.http.cors import PREFLIGHT_STATUS, cors_headers, without_cors
from local.gateway.http.function import call_function
from local.gateway.http.outgoing import explain, to_backend, to_url
from local.gateway.http.request import Arrived, HttpRequest
from local.gateway.http.service import call_service
from local.gateway.outside import NoCounterpartError, Outside
from local.gateway.receiving import read_body
from local.gateway.replies import Fault, Reply, RequestFault
from local.gateway.throttling import Throttle
from local.gateway.traffic import Exchange, Traffic
from local.gateway.upstream import Answered, Failed, Outcome, TimedOut
from local.topology import HttpApi
from local.topology.calls import FunctionCall, ListenerCall, PublicCall, Reach, Reached, Unreachable
from local.topology.http import SubtypeCall

_LENGTH: Final = frozenset({"content-length"})


class HttpApiHandler:
    """Serves one HTTP API; a newer version of it may be put in at any time."""

    def __init__(self, api: HttpApi, outside: Outside, throttle: Throttle, traffic: Traffic) -> None:
        self._api = api
        self._outside = outside
        self._throttle = throttle
        self._traffic = traffic
        self._admission = Admission(outside)

    @property
    def api(self) -> HttpApi:
        """What is served; requests that are on their way end with the version that they began with."""
        return self._api

    @api.setter
    def api(self, api: HttpApi) -> None:
        self._api = api
        self._admission.forget()

    async def handle(self, request: web.BaseRequest, entrance: Entrance | None = None) -> web.StreamResponse:
        """Answer one request, which came by a custom domain name where ``entrance`` says so."""
        api, request_id = self._api, new_id()
        exchange = Exchange(api=api.name, protocol="HTTP", event=f"{request.method} {request.raw_path}")
        arrived: Arrived | None = None
        try:
            arrived = arrive(request, request_id, exchange.at, entrance)
            status, headers, body = await self._answer(api, request, arrived, exchange)
        except RequestFault as ended:
            exchange.reason = ended.reason
            status, headers, body = _fault(ended.fault, ended.headers)
        except NoCounterpartError as missing:
            exchange.reason = str(missing)
            status, headers, body = _fault(replies.not_served(str(missing)))
        if api.cors is not None and arrived is not None:
            headers = (*without_cors(headers), *cors_headers(api.cors, arrived))
        headers = (*headers, ("Apigw-Requestid", request_id))
        exchange.status, exchange.headers, exchange.body = status, headers, body
        self._traffic.tell(exchange)
        return Reply(status=status, headers=headers, body=body)

    async def _answer(
        self, api: HttpApi, request: web.BaseRequest, arrived: Arrived, exchange: Exchange
    ) -> tuple[int, Pairs, bytes]:
        stage, path = choose_stage(api, arrived)
        exchange.stage = stage.name
        chosen = choose_route(api, arrived, path)
        if chosen is None:
            if api.cors is not None and arrived.method == "OPTIONS":
                exchange.notes.append("a preflight, answered by the API's CORS")
                return PREFLIGHT_STATUS, (), b""
            raise no_route(api, arrived, path)
        route, parameters = chosen
        key = exchange.route_key = str(route.key)
        if reason := self._throttle.refusal(stage.limits.of(key), stage.name, key):
            raise RequestFault(replies.TOO_MANY_REQUESTS, reason)
        data = read_data(api, arrived, stage, path, route, parameters, await read_body(request))
        exchange.request = data
        called = await self._admission.admit(
            HttpRequest(api=api, arrived=arrived, stage=stage, route=route, data=data), exchange
        )
        exchange.request = called.data
        started = perf_counter()
        answered = await self._call(called, exchange)
        exchange.answered_seconds = perf_counter() - started
        exchange.answered_status = answered.status
        return _mapped(called, answered, exchange)

    async def _call(self, request: HttpRequest, exchange: Exchange) -> Answered:
        integration = request.route.integration
        match integration.call:
            case ListenerCall(reach=reach):
                return await self._send(reach, request, exchange)
            case PublicCall(uri=uri):
                exchange.explain_request = lambda: explain(request)
                exchange.target, outgoing = to_url(request, uri)
                exchange.sent = outgoing
                return _answered(await self._outside.upstream.send_public(exchange.target, outgoing), exchange)
            case FunctionCall() as call:
                return await call_function(call, request, self._outside, exchange)
            case SubtypeCall() as call:
                return await call_service(call, request, self._outside, exchange)
            case _:
                assert_never(integration.call)

    async def _send(self, reach: Reach, request: HttpRequest, exchange: Exchange) -> Answered:
        match reach:
            case Unreachable(reason=reason):
                raise RequestFault(replies.UNAVAILABLE, reason)
            case Reached():
                exchange.explain_request = lambda: explain(request)
                exchange.target = reach.backend
                exchange.sent = to_backend(request)
                sent = await balancer.send(self._outside.upstream, reach, exchange.sent)
                exchange.reason = sent.reason
                return _answered(sent.outcome, exchange)
            case _:
                assert_never(reach)


def _answered(outcome: Outcome, exchange: Exchange) -> Answered:
    """Return what a server answered. Raises ``RequestFault``."""
    match outcome:
        case Answered():
            exchange.answered = outcome
            return outcome
        case TimedOut():
            raise RequestFault(replies.TIMED_OUT, outcome.reason)
        case Failed():
            raise RequestFault(replies.UNAVAILABLE, outcome.reason)
        case _:
            assert_never(outcome)


def _mapped(request: HttpRequest, answered: Answered, exchange: Exchange) -> tuple[int, Pairs, bytes]:
    """Apply the response mappings for the status of an answer."""
    integration, method = request.route.integration, request.arrived.method
    # A length is kept where the body it tells of is not sent: in answers to HEAD, and with 304.
    sized = method == "HEAD" or answered.status == HTTPStatus.NOT_MODIFIED
    status, headers = answered.status, end_to_end(answered.headers, frozenset() if sized else _LENGTH)
    if integration.response.by_status.get(status):
        data = ResponseData(
            status=status,
            headers=headers,
            body=answered.body,
            context={**request.decoded.context, **_integration_variables(exchange)},
            stage_variables=request.stage.variables,
        )
        exchange.explain_response = lambda: integration.response.explain(data)
        mapped = integration.response.apply(data)
        changed = mapped.status != status and method != "HEAD"
        status, headers = mapped.status, without(mapped.headers, _LENGTH) if changed else mapped.headers
    return status, headers, answered.body


def _integration_variables(exchange: Exchange) -> dict[str, str]:
    """Return what ``$context`` knows of an integration once it has answered."""
    status = str(exchange.answered_status)
    # A function has answered with its status, and Lambda itself with 200.
    service = str(exchange.answered.status) if exchange.answered else status
    latency = str(round((exchange.answered_seconds or 0) * 1000))
    return {
        "integration.integrationStatus": service,
        "integration.latency": latency,
        "integration.status": status,
        "integrationLatency": latency,
        "integrationStatus": service,
    }


def _fault(fault: Fault, headers: Pairs = ()) -> tuple[int, Pairs, bytes]:
    body = replies.fault_body(fault, {}).encode()
    return fault.status, (("Content-Type", "application/json"), *headers), body
