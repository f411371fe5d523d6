"""What template and mappings make of a client's request to a REST API: parameters, overrides, a body.

    payload ─► mappings ─► template (415 where there is none) ─► overrides

Sources: "Set up an integration request in API Gateway", "Method request behavior for payloads without mapping templates
for REST APIs in API Gateway", "Override your API's request and response parameters and status codes for REST APIs in
API Gateway", "Binary media types for REST APIs in API Gateway" (what is not binary is text in UTF-8, unless the answer
is streamed), "Lambda proxy integrations in API Gateway" (they have no templates), "Amazon API Gateway important notes"
(the headers that no mapping may write). That a template of an HTTP proxy is run is observed: there it is for its
overrides. So is it that a template cannot take a body of a binary media type even where that is empty: a request for a
mock is refused, too.
"""

from dataclasses import dataclass, replace

from apigateway.errors import TemplateError
from apigateway.mapping.data import FRAMING_HEADERS, Explained, MappedParameter, RequestData
from apigateway.mapping.rest import InvalidJsonError
from local.gateway.bodies import JSON, PayloadError, bytes_of, decoded, text_of
from local.gateway.faults import CONFIGURATION, INTERNAL, UNSUPPORTED_MEDIA_TYPE, Faulted, bad_request
from local.gateway.rest.payload import first_media_type, is_binary, passed_on, request_payload
from local.gateway.templates import Overrides, Rendered, render_request
from local.topology.rest import RestIntegration

_AWS_ALONE_WRITES = frozenset({"authorization", "connection", "expect", "proxy-authenticate", "te"})
"""What nobody sets in a request to a service or a function, beside :data:`FRAMING_HEADERS`: API Gateway signs it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What template and mappings make of a request, whatever the integration does with it."""

    body: bytes
    mapped: tuple[MappedParameter, ...]
    overrides: Overrides
    untaken: str | None = None
    """The content type that no template takes: the body is the client's, as it came."""


def seen_by_mappings(
    integration: RestIntegration, binary_media_types: tuple[str, ...], request: RequestData
) -> RequestData:
    """Return a request with its body as mappings and templates see it."""
    binary = is_binary(first_media_type(request.headers, "content-type"), binary_media_types)
    body = request_payload(bytes_of(request.body), binary=binary, handling=integration.content_handling)
    return replace(request, body=body)


def explain(
    integration: RestIntegration, binary_media_types: tuple[str, ...], request: RequestData
) -> tuple[Explained, ...]:
    """Say what each mapping of a request comes to; nothing where one of them reads JSON that is none."""
    try:
        return integration.request.explain(seen_by_mappings(integration, binary_media_types, request))
    except InvalidJsonError:
        return ()


def prepare(integration: RestIntegration, binary_media_types: tuple[str, ...], request: RequestData) -> Prepared:
    """Evaluate the mappings, and run the template of the request's type. Raises ``Faulted``."""
    content_type = first_media_type(request.headers, "content-type") or JSON
    binary = is_binary(content_type, binary_media_types)
    sent = bytes_of(request.body)
    seen = seen_by_mappings(integration, binary_media_types, request)
    try:
        mapped = integration.request.apply(seen)
    except InvalidJsonError as error:
        fault = bad_request(error.message, error.status)
        raise Faulted(fault, "a mapping reads the body, which is not JSON") from error
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
        raise Faulted(CONFIGURATION, str(error)) from error
    reserved = FRAMING_HEADERS | (_AWS_ALONE_WRITES if integration.type in ("AWS", "AWS_PROXY") else frozenset())
    for name in (*(item.name for item in mapped if item.location == "header"), *overrides.headers):
        if name.lower() in reserved:
            raise Faulted(INTERNAL, f"the header {name} is API Gateway's own, and a mapping or override sets it")
    untaken = content_type if template is None else None
    return Prepared(body=body, mapped=mapped, overrides=overrides, untaken=untaken)


def _template(integration: RestIntegration, content_type: str) -> str | None:
    """Choose a template, None to pass the body through. A proxy passes on what no template takes."""
    if integration.type == "AWS_PROXY":
        return None
    templates = {key.lower(): template for key, template in integration.templates.items()}
    template = templates.get(content_type, templates.get("$default"))
    if template is not None or integration.type == "HTTP_PROXY" or integration.passthrough == "WHEN_NO_MATCH":
        return template
    if integration.passthrough == "NEVER" or templates:
        known = ", ".join(integration.templates) or "none"
        reason = f"no request template takes {content_type} (templates: {known}) and nothing passes without one"
        raise Faulted(UNSUPPORTED_MEDIA_TYPE, f"{reason}: passthroughBehavior {integration.passthrough}")
    return None


def _rendered(template: str, content_type: str, request: RequestData) -> Rendered:
    if isinstance(request.body, bytes):
        reason = f"the template for {content_type} cannot take a binary body; contentHandling CONVERT_TO_TEXT lets it"
        raise Faulted(CONFIGURATION, reason)
    try:
        return render_request(template, request)
    except TemplateError as error:
        fault = bad_request("Could not parse request body into json") if error.body_is_not_json else INTERNAL
        raise Faulted(fault, f"the request template for {content_type}: {error}") from error
