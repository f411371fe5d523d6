"""The arrival of a request at a REST API: what is known of it at once, the stage and method that take it, its body.

Sources: "Invoke REST APIs in API Gateway", "Amazon API Gateway important notes" (``X-HTTP-Method-Override`` changes the
method, a ``;`` in a query string splits it), "Custom domain name for public REST APIs in API Gateway" and "Use API
mappings to connect API stages to a custom domain name for REST APIs" (the mapping leads to the stage, and one of
several levels makes the names of headers lower-case), "Disable the default endpoint for REST APIs" (403). That a
function is told the path with the mapping key in it is observed.
"""

from dataclasses import replace

from aiohttp import web

from apigateway import limits
from apigateway.mapping.data import Pairs, RequestData
from apigateway.rest_resources import METHODS, choose_rest_route
from local.gateway import replies
from local.gateway.bodies import PayloadError
from local.gateway.context import address_of, client_of, domain_prefix
from local.gateway.entrance import Entrance
from local.gateway.faults import FORBIDDEN, TOO_LARGE, Faulted, bad_request
from local.gateway.headers import end_to_end, find, parse_query, read_pairs, with_hops, without
from local.gateway.receiving import check_header_size, read_body
from local.gateway.replies import RequestFault
from local.gateway.rest.access import unmatched
from local.gateway.rest.context import resource_id, rest_variables
from local.gateway.rest.payload import CODINGS, decompressed
from local.gateway.rest.trail import Trail
from local.topology import RestApi
from local.topology.rest import RestMethod
from local.topology.stages import Stage

REMOVED = frozenset({"content-length", "content-md5", "expect", "max-forwards", "server", "www-authenticate"})
"""Headers of a client that nothing after API Gateway sees, beside those of its own connection."""

NO_MAPPING_KEY = "(none)"
"""``$context.customDomain.basePathMatched`` where the whole domain is the stage's."""


def arrived(api: RestApi, request: web.BaseRequest) -> RequestData:
    """Return what is known of a request before its method is: the hops on its way have left their headers on it."""
    raw = read_pairs(request.raw_headers)
    client = client_of(request, raw)
    path = request.raw_path.partition("?")[0]
    return RequestData(
        headers=with_hops(without(end_to_end(raw), REMOVED), client=client.source_ip, port=address_of(request)[1]),
        query=parse_query(raw_query(request)),
        path=path,
        path_parameters={},
        body="",
        context=rest_variables(
            client=client,
            api_id=api.api_id,
            account_id=api.account_id,
            method=_method(request.method, raw),
            path=path,
            http=f"HTTP/{request.version.major}.{request.version.minor}",
        ),
        stage_variables={},
    )


def raw_query(request: web.BaseRequest) -> str:
    """Return the query string as it arrived."""
    return request.raw_path.partition("?")[2].replace(";", "&")


def choose(api: RestApi, request: web.BaseRequest, entrance: Entrance | None, trail: Trail) -> tuple[Stage, RestMethod]:
    """Choose the stage and the method; what is known of them goes on the trail. Raises ``Faulted``."""
    try:
        check_header_size(request)
    except RequestFault as fault:
        raise _translated(fault) from fault
    if entrance is None and api.by_domain_alone:
        raise Faulted(FORBIDDEN, "the API's own address is shut (disableExecuteApiEndpoint): call it by its domain")
    stage, path = _by_path(api, trail) if entrance is None else _by_domain(api, entrance, trail)
    trail.called = path if entrance is None else trail.request.path
    trail.exchange.stage = stage.name
    trail.request = replace(trail.request, path=path, stage_variables=stage.variables)
    trail.learn({"stage": stage.name, "deploymentId": resource_id(api.api_id, f"deployment of {stage.name}")})
    method = trail.request.context["httpMethod"]
    chosen = choose_rest_route(api.methods, method, path)
    if chosen is None:
        methods = ", ".join(map(str, api.methods)) or "none"
        raise unmatched(trail.request, f"no method takes {method} {path} (methods: {methods})")
    key, parameters = chosen
    trail.exchange.route_key = str(key)
    trail.request = replace(trail.request, path_parameters=parameters)
    trail.learn({"resourceId": resource_id(api.api_id, key.path), "resourcePath": key.path})
    return stage, api.methods[key]


def _by_path(api: RestApi, trail: Trail) -> tuple[Stage, str]:
    """Return the stage that the first segment of the path names, and the path below it."""
    first, slash, rest = trail.request.path.removeprefix("/").partition("/")
    if first not in api.stages or not trail.request.path.startswith("/"):
        reason = f'"{first}" is no stage (stages: {", ".join(api.stages) or "none"})'
        raise unmatched(trail.request, reason)
    return api.stages[first], slash + rest or "/"


def _by_domain(api: RestApi, entrance: Entrance, trail: Trail) -> tuple[Stage, str]:
    if entrance.lowers_names:
        trail.request = replace(
            trail.request, headers=tuple((name.lower(), value) for name, value in trail.request.headers)
        )
    trail.learn(
        {
            "customDomain.basePathMatched": entrance.key or NO_MAPPING_KEY,
            "domainPrefix": domain_prefix(api.api_id, trail.request.context["domainName"]),
        }
    )
    stage = api.stages.get(entrance.stage)
    if stage is None:
        known = ", ".join(api.stages) or "none"
        raise Faulted(FORBIDDEN, f'{entrance.domain} leads to the stage "{entrance.stage}" (stages: {known})')
    return stage, entrance.path(trail.request.path)


async def read(request: web.BaseRequest, known: RequestData) -> RequestData:
    """Read the body, and undo a compression that API Gateway knows. Raises ``Faulted``."""
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
        raise Faulted(
            bad_request("Bad Request"), f"the body is not of its Content-Encoding {coding}: {error}"
        ) from error
    if len(plain) > limits.HTTP_PAYLOAD_BYTES:
        reason = f"the body may have {limits.HTTP_PAYLOAD_BYTES} bytes without its compression and has more"
        raise Faulted(TOO_LARGE, reason)
    return replace(known, body=plain, headers=without(known.headers, {"content-encoding"}))


def _method(sent: str, headers: Pairs) -> str:
    """Return the method that a request is taken for; what is no method in the header changes nothing."""
    wanted = (find(headers, "x-http-method-override") or "").strip().upper()
    return wanted if wanted in METHODS and wanted != "ANY" else sent


def _translated(fault: RequestFault) -> Faulted:
    """Say in the way of REST APIs what every API refuses."""
    if fault.fault is replies.PAYLOAD_TOO_LARGE:
        return Faulted(TOO_LARGE, fault.reason)
    return Faulted(bad_request(fault.fault.message, fault.fault.status), fault.reason)
