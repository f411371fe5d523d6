"""The request that a REST API sends: to a backend, a public URL or a service, of what template and mappings have made.

Overrides are stronger than mappings, and mappings are stronger than what a proxy passes on.

Sources: "Set up an integration request in API Gateway", "Override your API's request and response parameters and status
codes for REST APIs in API Gateway", "Private integrations for REST APIs in API Gateway" (the stage before the path),
"Amazon API Gateway important notes" (which headers pass). The headers that API Gateway adds are as observed at
backends.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote_plus

from apigateway.mapping.data import Pairs, RequestData
from apigateway.mapping.rest import Static
from local.gateway.bodies import JSON
from local.gateway.client import Outgoing
from local.gateway.headers import encode_component, encode_path, encode_written, find, without
from local.gateway.rest.preparation import Prepared
from local.gateway.services import ServiceRequest
from local.gateway.upstream import Addressed
from local.gateway.uris import integration_url, with_stage_variables
from local.topology.calls import PrivateCall, PublicCall
from local.topology.rest import RestIntegration

WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS"})

_NOT_PASSED_BY_PROXIES = frozenset({"content-encoding", "host", "x-http-method-override"})
_NEVER_SENT = frozenset({"expect", "proxy-authenticate", "te", "via"})
_IN_PATH = "/:@!$&'()*+,;=~-._"
_PLACEHOLDER = re.compile(r"\{([A-Za-z0-9._$-]+)\+?\}")


def build_request(
    call: PrivateCall | PublicCall,
    integration: RestIntegration,
    prepared: Prepared,
    request: RequestData,
    *,
    query: str,
    api_id: str,
    signed: bool,
) -> Addressed:
    """Build the request of an HTTP integration; ``query`` is the client's query string as it arrived.

    Raises ``Faulted`` where the stage's variables do not make a URL of the integration's URI.
    """
    method = request.context["httpMethod"] if integration.method == "ANY" else integration.method
    url = integration_url(call.uri, request.stage_variables)
    body = prepared.body if prepared.body and method not in WITHOUT_BODY else None
    encoded = _Encoded.of(integration, prepared)
    path = prepared.overrides.path
    if path is None:
        path = encoded.fill(url.path) or "/"
        if isinstance(call, PrivateCall) and call.stage_in_path:
            path = f"/{request.context['stage']}{path}"
    queries = [encoded.fill(url.query), encoded.query(query if integration.type == "HTTP_PROXY" else "")]
    target = "?".join([encode_path(f"/{path.removeprefix('/')}"), "&".join(filter(None, queries))]).removesuffix("?")
    return Addressed(
        origin=f"{url.scheme}://{url.netloc}",
        outgoing=Outgoing(
            method=method,
            target=target,
            headers=_headers(
                integration, prepared, request, host=url.netloc, api_id=api_id, has_body=body is not None, signed=signed
            ),
            body=body,
            timeout=integration.timeout,
        ),
    )


def build_service_request(
    uri: str, integration: RestIntegration, prepared: Prepared, request: RequestData, *, api_id: str
) -> ServiceRequest:
    """Build the request of an AWS integration. A choice: an overridden path stands for all that follows ``path/``."""
    method = request.context["httpMethod"] if integration.method == "ANY" else integration.method
    body = prepared.body if prepared.body and method not in WITHOUT_BODY else None
    encoded = _Encoded.of(integration, prepared)
    filled = encoded.fill(with_stage_variables(uri, request.stage_variables))
    before, path, _ = filled.partition(":path/")
    if prepared.overrides.path is not None and path:
        filled = f"{before}{path}{encode_path(prepared.overrides.path.removeprefix('/'))}"
    return ServiceRequest(
        uri=filled,
        method=method,
        query=encoded.query(""),
        headers=_headers(
            integration, prepared, request, host=None, api_id=api_id, has_body=body is not None, signed=False
        ),
        body=body,
    )


@dataclass(frozen=True, slots=True)
class _Encoded:
    """What goes into the target of the request, encoded: by its author where it is fixed text, here all else."""

    path: Mapping[str, str]
    queries: tuple[tuple[str, str], ...]
    overridden: frozenset[str]
    """The names of the query that an override sets: what client and mapping gave them is gone."""

    @classmethod
    def of(cls, integration: RestIntegration, prepared: Prepared) -> "_Encoded":
        """Encode what mappings and overrides give."""
        fixed = {(to.location, to.name) for to, source in integration.request.entries if isinstance(source, Static)}
        overrides = prepared.overrides
        path: dict[str, str] = {}
        queries: list[tuple[str, str]] = []
        for item in prepared.mapped:
            written = (item.location, item.name) in fixed
            if item.location == "path":
                value = item.values[0]
                path[item.name] = encode_written(value) if written else _encode_parameter(value)
            elif item.location == "querystring" and item.name not in overrides.query:
                encode = encode_written if written else encode_component
                queries += [(item.name, encode(value)) for value in item.values]
        path |= {name: _encode_parameter(value) for name, value in overrides.path_parameters.items()}
        queries += [(name, encode_component(value)) for name, values in overrides.query.items() for value in values]
        return cls(path, tuple(queries), frozenset(overrides.query))

    def fill(self, text: str) -> str:
        """Fill the placeholders of a URI; one that nothing fills stays, so that the backend's log shows it."""
        return _PLACEHOLDER.sub(lambda match: self.path.get(match[1], match[0]), text)

    def query(self, sent: str) -> str:
        """Return the query of the client, as far as it passes, with what is mapped after it."""
        kept = [part for part in sent.split("&") if unquote_plus(part.partition("=")[0]) not in self.overridden]
        return "&".join([*kept, *(f"{encode_component(name)}={value}" for name, value in self.queries)]).strip("&")


def _encode_parameter(value: str) -> str:
    """Escape a variable of the path, whose slashes stay: half of a surrogate pair has no form in UTF-8."""
    return quote(value.encode("utf-8", "replace"), safe=_IN_PATH)


def _headers(
    integration: RestIntegration,
    prepared: Prepared,
    request: RequestData,
    *,
    host: str | None,
    api_id: str,
    has_body: bool,
    signed: bool,
) -> Pairs:
    headers: Pairs = ()
    if integration.type == "HTTP_PROXY":
        not_passed = _NOT_PASSED_BY_PROXIES | ({"authorization"} if signed else frozenset())
        headers = without(request.headers, not_passed)
    mapped = [(item.name, item.values) for item in prepared.mapped if item.location == "header"]
    for name, values in (*mapped, *prepared.overrides.headers.items()):
        headers = (*without(headers, {name.lower()}), *((name, value) for value in values))
    own = (
        ("X-Amzn-Trace-Id", find(request.headers, "x-amzn-trace-id") or ""),
        ("X-Amzn-Apigateway-Api-Id", api_id),
    )
    headers = without(headers, _NEVER_SENT | {name.lower() for name, _ in own})
    added = [
        ("Accept", JSON),
        ("User-Agent", f"AmazonAPIGateway_{api_id}"),
        ("Connection", "keep-alive"),
    ]
    if has_body:
        added.append(("Content-Type", find(request.headers, "content-type") or JSON))
    missing = (pair for pair in added if find(headers, pair[0]) is None)
    host = find(headers, "host") or host
    first: Pairs = () if host is None else (("Host", host),)
    return (*first, *without(headers, {"host"}), *missing, *own)
