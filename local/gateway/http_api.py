"""HTTP APIs: the way of a request, from the stage to the backend and back.

    check size ─► choose stage ─► choose route ─► throttle ─► read body ─► map request ─► send ─► map response

Sources: "Create routes for HTTP APIs", "Create private integrations for HTTP APIs", "Transform API requests and
responses for HTTP APIs", "Important notes for HTTP APIs".
"""

from dataclasses import dataclass
from time import perf_counter
from typing import assert_never

from aiohttp import web

from apigateway import limits
from apigateway.mapping.data import Pairs, RequestData, ResponseData
from apigateway.route_keys import choose_http_route
from local.gateway import access_log, balancer, replies
from local.gateway.access_log import Entry
from local.gateway.context import client_of, http_variables, new_id
from local.gateway.headers import (
    encode_path,
    encode_query,
    end_to_end,
    forwarded,
    parse_query,
    read_pairs,
    traced,
    without,
)
from local.gateway.replies import Fault, Reply
from local.gateway.throttling import Throttle
from local.gateway.upstream import Answered, Failed, Outgoing, TimedOut, Upstream
from local.reachability import Reached, Unreachable
from local.topology import HttpApi, HttpRoute, Stage

ANSWERED_HERE = frozenset({"expect"})
"""Request headers that the gateway answers itself."""


class RequestFault(Exception):  # noqa: N818 - it is an answer, not an error of the gateway
    """The request ends with an error of the gateway: what the client gets, and why."""

    def __init__(self, fault: Fault, reason: str) -> None:
        self.fault = fault
        self.reason = reason
        super().__init__(reason)


@dataclass(slots=True, kw_only=True)
class _Trail:
    """What the access log will say: filled in as the request goes its way."""

    route_key: str | None = None
    backend: str | None = None
    backend_status: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Matched:
    """The stage and the route of a request."""

    stage: Stage
    path: str
    """Without the stage, not decoded."""
    route: HttpRoute
    parameters: dict[str, str]


class HttpApiHandler:
    """Serves one HTTP API; a newer version of it may be put in at any time."""

    def __init__(self, api: HttpApi, upstream: Upstream, throttle: Throttle) -> None:
        self.api = api
        self._upstream = upstream
        self._throttle = throttle

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        started = perf_counter()
        request_id = new_id()
        trail = _Trail()
        api = self.api
        try:
            answer = await self._answer(api, request, request_id, trail)
        except RequestFault as ended:
            trail.reason = ended.reason
            answer = replies.reply(ended.fault, headers=(("apigw-requestid", request_id),))
        access_log.write(
            Entry(
                api=api.name,
                event=f"{request.method} {request.raw_path}",
                route_key=trail.route_key,
                status=answer.status,
                backend=trail.backend,
                backend_status=trail.backend_status,
                seconds=perf_counter() - started,
                reason=trail.reason,
            )
        )
        return answer

    async def _answer(self, api: HttpApi, request: web.BaseRequest, request_id: str, trail: _Trail) -> Reply:
        headers = read_pairs(request.raw_headers)
        check_header_size(request)
        if not request.raw_path.startswith("/"):
            raise RequestFault(replies.BAD_REQUEST, "the target must be a path: API Gateway is no proxy")
        path, _, query = request.raw_path.partition("?")
        matched = match(api, request.method, path)
        trail.route_key = str(matched.route.key)
        stage = matched.stage
        if reason := self._throttle.refusal(stage.limits.of(trail.route_key), stage.name, trail.route_key):
            raise RequestFault(replies.TOO_MANY_REQUESTS, reason)
        client = client_of(request, headers)
        body = await read_body(request)
        data = RequestData(
            # Headers of this connection alone are gone before anything is mapped: a client's `Connection` header must
            # not take away what a mapping adds.
            headers=without(end_to_end(headers), ANSWERED_HERE),
            query=parse_query(query),
            path=matched.path,
            path_parameters=matched.parameters,
            body=body,
            context=http_variables(
                client=client,
                api_id=api.api_id,
                request_id=request_id,
                method=request.method,
                path=path,
                stage=matched.stage.name,
                route_key=trail.route_key,
            ),
            stage_variables=matched.stage.variables,
        )
        integration = matched.route.integration
        match integration.reach:
            case Unreachable(reason=reason):
                raise RequestFault(replies.UNAVAILABLE, reason)
            case Reached() as reach:
                trail.backend = reach.backend
            case _:
                assert_never(integration.reach)
        outgoing = build_request(matched, data, query, request.method, client.source_ip, client.host)
        answered = await self._send(reach, outgoing, trail)
        trail.backend_status = answered.status
        mapped = integration.response.apply(
            ResponseData(
                status=answered.status,
                headers=end_to_end(answered.headers),
                body=answered.body,
                context=data.context,
                stage_variables=data.stage_variables,
            )
        )
        # A length is kept where the body it tells of is not sent: in answers to HEAD, and with 304.
        sized = request.method == "HEAD" or mapped.status == 304
        kept = mapped.headers if sized else without(mapped.headers, {"content-length"})
        return Reply(status=mapped.status, headers=(*kept, ("apigw-requestid", request_id)), body=answered.body)

    async def _send(self, reach: Reached, outgoing: Outgoing, trail: _Trail) -> Answered:
        exchange = await balancer.send(self._upstream, reach, outgoing)
        outcome, trail.reason = exchange.outcome, exchange.reason
        match outcome:
            case Answered():
                return outcome
            case TimedOut():
                raise RequestFault(replies.TIMED_OUT, outcome.reason)
            case Failed():
                raise RequestFault(replies.UNAVAILABLE, outcome.reason)
            case _:
                assert_never(outcome)


def check_header_size(request: web.BaseRequest) -> None:
    """Refuse a request line and headers that are together larger than API Gateway takes."""
    size = len(f"{request.method} {request.raw_path} HTTP/1.1\r\n\r\n".encode("utf-8", "surrogateescape"))
    size += sum(len(name) + len(value) + len(": \r\n") for name, value in request.raw_headers)
    if size > limits.HTTP_HEADER_BYTES:
        raise RequestFault(
            replies.HEADERS_TOO_LARGE,
            f"request line and headers may have {limits.HTTP_HEADER_BYTES} bytes together, got {size}",
        )


def match(api: HttpApi, method: str, path: str) -> _Matched:
    """Choose the stage by the first segment of the path, else ``$default``; then the route."""
    first, slash, rest = path.removeprefix("/").partition("/")
    if first != "$default" and first in api.stages:
        stage, path = api.stages[first], slash + rest or "/"
    elif "$default" in api.stages:
        stage = api.stages["$default"]
    else:
        stages = ", ".join(api.stages) or "none"
        raise RequestFault(
            replies.NOT_FOUND, f'"{first}" is no stage and there is no $default stage (stages: {stages})'
        )
    chosen = choose_http_route(api.routes, method, path)
    if chosen is None:
        routes = ", ".join(map(str, api.routes)) or "none"
        raise RequestFault(replies.NOT_FOUND, f"no route takes {method} {path} (routes: {routes})")
    key, parameters = chosen
    return _Matched(stage=stage, path=path, route=api.routes[key], parameters=parameters)


async def read_body(request: web.BaseRequest) -> bytes:
    """Read the whole body, up to what API Gateway takes."""
    too_large = RequestFault(
        replies.PAYLOAD_TOO_LARGE, f"the body may have {limits.HTTP_PAYLOAD_BYTES} bytes and has more"
    )
    if request.content_length is not None and request.content_length > limits.HTTP_PAYLOAD_BYTES:
        raise too_large
    body = bytearray()
    try:
        async for chunk in request.content.iter_any():
            body += chunk
            if len(body) > limits.HTTP_PAYLOAD_BYTES:
                raise too_large
    except (ConnectionError, web.RequestPayloadError) as error:
        raise RequestFault(replies.BAD_REQUEST, f"the client did not send the whole body: {error}") from error
    return bytes(body)


def build_request(matched: _Matched, data: RequestData, query: str, method: str, client_ip: str, host: str) -> Outgoing:
    """Build the request of a private integration.

    ``query`` is the query string as it arrived, and stays so unless a mapping changes it. The path of a named stage
    goes on to the backend with the stage in front, unless it is mapped.
    """
    integration = matched.route.integration
    mapped = integration.request.apply(data)
    if mapped.path is not None:
        path = encode_path(f"/{mapped.path.removeprefix('/')}")
    elif matched.stage.name == "$default":
        path = matched.path
    else:
        path = f"/{matched.stage.name}{matched.path}"
    query = query if mapped.query == data.query else encode_query(mapped.query)
    headers: Pairs = traced(forwarded(without(mapped.headers, {"host"}), client=client_ip, host=host))
    # A private integration keeps the client's Host, unless a mapping changes it.
    hosts = [value for name, value in mapped.headers if name.lower() == "host"]
    return Outgoing(
        method=method if integration.method == "ANY" else integration.method,
        target=f"{path}?{query}" if query else path,
        headers=(("Host", hosts[-1] if hosts else host), *headers, ("Via", "HTTP/1.1 AmazonAPIGateway")),
        body=data.body if isinstance(data.body, bytes) and data.body else None,
        timeout=integration.timeout,
    )
