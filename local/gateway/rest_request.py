"""The request of a REST API's integration: the client's, by template, mapping and override, in this order of strength.

    payload ─► mappings ─► template (415 where there is none) ─► overrides ─► path, query, headers, body

Sources: "Set up an integration request in API Gateway", "Method request behavior for payloads without mapping templates
for REST APIs in API Gateway", "Override your API's request and response parameters and status codes for REST APIs in
API Gateway", "Private integrations for REST APIs in API Gateway" (the stage before the path), "Binary media types for
REST APIs in API Gateway" (what is not binary is text in UTF-8, unless the answer is streamed), "Amazon API Gateway
important notes" (which headers pass). The headers that API Gateway adds are as observed at backends. That a template of
a proxy integration is run is observed, too: there it is for its overrides. So is it that a template cannot take a body
of a binary media type even where that is empty: a request for a mock is refused, too.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import SplitResult, quote, unquote_plus, urlsplit

from apigateway.errors import TemplateError
from apigateway.mapping.data import FRAMING_HEADERS, MappedParameter, Pairs, RequestData
from apigateway.mapping.rest import InvalidJsonError, Static
from local.gateway.headers import encode_component, encode_path, encode_written, find, without
from local.gateway.rest_faults import CONFIGURATION, INTERNAL, UNSUPPORTED_MEDIA_TYPE, RestFault, bad_request
from local.gateway.rest_payload import (
    JSON,
    PayloadError,
    bytes_of,
    decoded,
    first_media_type,
    is_binary,
    passed_on,
    request_payload,
    text_of,
)
from local.gateway.templates import Overrides, Rendered, render_request
from local.gateway.upstream import Outgoing
from local.rest_topology import PrivateCall, PublicCall, RestIntegration

WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS"})

REMOVED = frozenset({"content-length", "content-md5", "expect", "max-forwards", "server", "www-authenticate"})
"""Headers of a client that nothing after API Gateway sees, beside those of its own connection."""

_NOT_PASSED_BY_PROXIES = frozenset({"content-encoding", "host", "x-http-method-override"})
_NEVER_SENT = frozenset({"expect", "proxy-authenticate", "te", "via"})
_IN_PATH = "/:@!$&'()*+,;=~-._"
_STAGE_VARIABLE = re.compile(r"\$\{stageVariables\.(\w+)\}")
_PLACEHOLDER = re.compile(r"\{([A-Za-z0-9._$-]+)\+?\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What template and mappings make of a request, whatever the integration does with it."""

    body: bytes
    mapped: tuple[MappedParameter, ...]
    overrides: Overrides
    untaken: str | None = None
    """The content type that no template takes: the body is the client's, as it came."""


def prepare(integration: RestIntegration, binary_media_types: tuple[str, ...], request: RequestData) -> Prepared:
    """Evaluate the mappings, and run the template of the request's type. Raises ``RestFault``."""
    content_type = first_media_type(request.headers, "content-type") or JSON
    binary = is_binary(content_type, binary_media_types)
    sent = bytes_of(request.body)
    seen = replace(request, body=request_payload(sent, binary=binary, handling=integration.content_handling))
    try:
        mapped = integration.request.apply(seen)
    except InvalidJsonError as error:
        fault = bad_request(error.message, error.status)
        raise RestFault(fault, "a mapping reads the body, which is not JSON") from error
    template = _template(integration, content_type)
    payload, overrides = seen.body, Overrides()
    if template is not None:
        rendered = _rendered(template, content_type, seen)
        payload, overrides = rendered.body, rendered.overrides
    elif integration.type == "HTTP_PROXY" and integration.content_handling is None:
        payload = passed_on(sent, binary=binary or integration.streams)
    try:
        to_binary = isinstance(payload, str) and not binary and integration.content_handling == "CONVERT_TO_BINARY"
        body = decoded(text_of(bytes_of(payload))) if to_binary else bytes_of(payload)
    except PayloadError as error:
        raise RestFault(CONFIGURATION, str(error)) from error
    for name in (*(item.name for item in mapped if item.location == "header"), *overrides.headers):
        if name.lower() in FRAMING_HEADERS:
            raise RestFault(INTERNAL, f"the header {name} is API Gateway's own, and a mapping or override sets it")
    untaken = content_type if template is None else None
    return Prepared(body=body, mapped=mapped, overrides=overrides, untaken=untaken)


def _template(integration: RestIntegration, content_type: str) -> str | None:
    """Choose a template, None to pass the body through. A proxy passes on what no template takes."""
    templates = {key.lower(): template for key, template in integration.templates.items()}
    template = templates.get(content_type, templates.get("$default"))
    if template is not None or integration.type == "HTTP_PROXY" or integration.passthrough == "WHEN_NO_MATCH":
        return template
    if integration.passthrough == "NEVER" or templates:
        known = ", ".join(integration.templates) or "none"
        reason = f"no request template takes {content_type} (templates: {known}) and nothing passes without one"
        raise RestFault(UNSUPPORTED_MEDIA_TYPE, f"{reason}: passthroughBehavior {integration.passthrough}")
    return None


def _rendered(template: str, content_type: str, request: RequestData) -> Rendered:
    if isinstance(request.body, bytes):
        reason = f"the template for {content_type} cannot take a binary body; contentHandling CONVERT_TO_TEXT lets it"
        raise RestFault(CONFIGURATION, reason)
    try:
        return render_request(template, request)
    except TemplateError as error:
        fault = bad_request("Could not parse request body into json") if error.body_is_not_json else INTERNAL
        raise RestFault(fault, f"the request template for {content_type}: {error}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """A request for a backend or, where ``origin`` says which, for a public URL."""

    origin: str
    """Scheme, host and port as the integration's URI has them."""
    outgoing: Outgoing


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

    Raises ``RestFault`` where the stage's variables do not make a URL of the integration's URI.
    """
    method = request.context["httpMethod"] if integration.method == "ANY" else integration.method
    url = _url(call.uri, request.stage_variables)
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


def _url(uri: str, stage_variables: Mapping[str, str]) -> SplitResult:
    text = _STAGE_VARIABLE.sub(lambda match: stage_variables.get(match[1], ""), uri)
    try:
        url = urlsplit(text)
        is_url = url.scheme in {"http", "https"} and bool(url.hostname) and url.port != 0
    except ValueError:
        is_url = False
    if not is_url:
        raise RestFault(CONFIGURATION, f'its URI must be a URL once the stage variables are in it, got "{text}"')
    return url


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
                path[item.name] = encode_written(value) if written else quote(value, safe=_IN_PATH)
            elif item.location == "querystring" and item.name not in overrides.query:
                encode = encode_written if written else encode_component
                queries += [(item.name, encode(value)) for value in item.values]
        path |= {name: quote(value, safe=_IN_PATH) for name, value in overrides.path_parameters.items()}
        queries += [(name, encode_component(value)) for name, values in overrides.query.items() for value in values]
        return cls(path, tuple(queries), frozenset(overrides.query))

    def fill(self, text: str) -> str:
        """Fill the placeholders of a URI; one that nothing fills stays, so that the backend's log shows it."""
        return _PLACEHOLDER.sub(lambda match: self.path.get(match[1], match[0]), text)

    def query(self, sent: str) -> str:
        """Return the query of the client, as far as it passes, with what is mapped after it."""
        kept = [part for part in sent.split("&") if unquote_plus(part.partition("=")[0]) not in self.overridden]
        return "&".join([*kept, *(f"{encode_component(name)}={value}" for name, value in self.queries)]).strip("&")


def _headers(
    integration: RestIntegration,
    prepared: Prepared,
    request: RequestData,
    *,
    host: str,
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
    return (("Host", find(headers, "host") or host), *without(headers, {"host"}), *missing, *own)
